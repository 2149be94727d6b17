// SPDX-FileCopyrightText: keyfactor.command contributors
// SPDX-License-Identifier: GPL-3.0-or-later

"use strict";

(() => {
  const filter = document.getElementById("filter");
  const count = document.getElementById("count");
  const sections = document.querySelectorAll("details.env");

  // Browsers may keep the choice when the page is read again.
  const show = () => {
    const verdict = filter.querySelector(":checked").value;
    document.body.dataset.show = verdict;
    const shown = verdict === "all"
      ? sections.length
      : document.querySelectorAll(`details.env.${verdict}`).length;
    count.textContent = `Showing ${shown} of ${sections.length}.`;
  };
  filter.hidden = false;
  filter.addEventListener("change", show);
  show();

  // A link into a folded section opens it.
  const open = (hash) => {
    const target = hash && document.getElementById(hash.slice(1));
    const section = target && target.closest("details");
    if (section) {
      section.open = true;
      target.scrollIntoView();
    }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link) open(link.hash);
  });
  open(location.hash);

  // On paper nothing is folded.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...sections].filter((section) => !section.open);
    folded.forEach((section) => { section.open = true; });
  });
  addEventListener("afterprint", () => {
    folded.forEach((section) => { section.open = false; });
  });
})();
