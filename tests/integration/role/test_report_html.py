# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report's page in a real browser: nothing asked for, nothing run, nobody shut out."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from ansible_collections.keyfactor.command.plugins.module_utils._sanitize import escape_unprintable
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.html import render
from tests.integration.support.browser import browser, missing, requests, show
from tests.support import reports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver import Chrome

REPORTS = {
    "none": reports.report(),
    "four": reports.four(),
    "hostile": reports.hostile(),
    "forty": reports.many(40),
    "thousand": reports.many(1000),
}
AXE = "const done = arguments[0]; axe.run().then(found => done(found.violations))"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    directory = tmp_path_factory.mktemp("pages")
    for name, report in REPORTS.items():
        (directory / f"{name}.html").write_text(render(report), encoding="utf-8")
    return {name: directory / f"{name}.html" for name in REPORTS}


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    lacking = missing()
    if lacking:
        words = "The page cannot be tested here, for want of: " + ", ".join(lacking)
        # Where root runs continuous integration, all of it can be installed.
        (pytest.fail if os.environ.get("CI") and os.geteuid() == 0 else pytest.skip)(words)
    with browser() as driver:
        yield driver


def visible(driver: Chrome, selector: str) -> int:
    script = "return [...document.querySelectorAll(arguments[0])].filter(e => e.checkVisibility()).length"
    return driver.execute_script(script, selector)


@pytest.mark.parametrize("name", REPORTS)
def test_it_asks_for_nothing_and_complains_of_nothing(
    driver: Chrome, pages: dict[str, Path], name: str
) -> None:
    driver.get("about:blank")
    requests(driver)
    driver.get_log("browser")
    show(driver, pages[name])
    assert requests(driver) == [pages[name].as_uri()]
    assert driver.get_log("browser") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", ["none", "four", "hostile"])
def test_axe_finds_nothing(
    driver: Chrome, pages: dict[str, Path], name: str, width: int, scheme: str
) -> None:
    show(driver, pages[name], width, scheme=scheme)
    assert driver.execute_script("return document.documentElement.scrollWidth") == width
    (package,) = find_spec("axe_core_python").submodule_search_locations  # type: ignore[union-attr, misc]
    driver.execute_script(Path(package, "axe.min.js").read_text(encoding="utf-8"))
    violations: list[dict[str, Any]] = driver.execute_async_script(AXE)
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations] == []


def test_a_matrix_of_all_settings_fits_a_screen(driver: Chrome, pages: dict[str, Path]) -> None:
    """What drifted must be seen without scrolling sideways."""
    show(driver, pages["forty"])
    script = (
        "const box = document.querySelector('.matrix'); return [box.scrollWidth, box.clientWidth]"
    )
    needed, there = driver.execute_script(script)
    assert needed == there
    names = driver.find_elements(By.CSS_SELECTOR, ".matrix thead th > span")
    assert len(names) == 15
    assert all(each.size["height"] > each.size["width"] for each in names)


def test_the_filter_works_by_keyboard(driver: Chrome, pages: dict[str, Path]) -> None:
    show(driver, pages["forty"])
    assert visible(driver, ".matrix tbody tr") == 40
    driver.find_element(By.CSS_SELECTOR, "#filter :checked").send_keys(Keys.ARROW_RIGHT)
    assert driver.find_element(By.ID, "count").text == "Showing 4 of 40."
    assert driver.find_element(By.ID, "count").get_attribute("role") == "status"
    for selector in (".matrix tbody tr", "details.env"):
        assert visible(driver, selector) == visible(driver, f"{selector}.drifted") == 4


def test_a_link_opens_the_details(driver: Chrome, pages: dict[str, Path]) -> None:
    show(driver, pages["four"])
    details = driver.find_element(By.CSS_SELECTOR, "details.compliant")
    assert details.get_attribute("open") is None
    driver.find_element(By.CSS_SELECTOR, ".matrix tbody a").send_keys(Keys.ENTER)
    assert details.get_attribute("open") is not None


def test_hostile_values_are_text(driver: Chrome, pages: dict[str, Path]) -> None:
    show(driver, pages["hostile"])
    assert driver.title.startswith("SMTP profiles")
    names = [each.text for each in driver.find_elements(By.TAG_NAME, "h3")]
    assert names[::2] == [escape_unprintable(text) for text in reports.HOSTILE]
    assert driver.find_elements(By.TAG_NAME, "img") == []
    assert len(driver.find_elements(By.TAG_NAME, "script")) == 1


def test_paper_shows_all_environments(driver: Chrome, pages: dict[str, Path]) -> None:
    """Also those that the filter hides on the screen."""
    show(driver, pages["four"])
    driver.find_element(By.CSS_SELECTOR, "[value=drifted]").click()
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    driver.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert visible(driver, "details.env .facts") == 5
    assert visible(driver, "#filter") == 0
