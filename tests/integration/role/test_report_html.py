# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTML report in a browser: requests, scripts, and accessibility."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from ansible_collections.keyfactor.command.plugins.module_utils._sanitize import escape_unprintable
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.html import render
from tests.integration.support.browser import browser, missing, requests, show
from tests.integration.support.optional import skip_or_fail
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
AXE = "const done = arguments[0]; axe.run().then(result => done(result.violations))"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    directory = tmp_path_factory.mktemp("pages")
    for name, report in REPORTS.items():
        (directory / f"{name}.html").write_text(render(report), encoding="utf-8")
    return {name: directory / f"{name}.html" for name in REPORTS}


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    if packages := missing():
        skip_or_fail("Tests of the HTML report require: " + ", ".join(packages))
    with browser() as driver:
        yield driver


def count_visible(driver: Chrome, selector: str) -> int:
    script = "return [...document.querySelectorAll(arguments[0])].filter(e => e.checkVisibility()).length"
    return driver.execute_script(script, selector)


@pytest.mark.parametrize("name", REPORTS)
def test_sends_no_requests_and_logs_no_errors(
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
def test_axe_finds_no_violations(
    driver: Chrome, pages: dict[str, Path], name: str, width: int, scheme: str
) -> None:
    show(driver, pages[name], width, scheme=scheme)
    assert driver.execute_script("return document.documentElement.scrollWidth") == width
    (package,) = find_spec("axe_core_python").submodule_search_locations  # type: ignore[union-attr, misc]
    driver.execute_script(Path(package, "axe.min.js").read_text(encoding="utf-8"))
    violations: list[dict[str, Any]] = driver.execute_async_script(AXE)
    assert [
        (violation["id"], [node["html"] for node in violation["nodes"]]) for violation in violations
    ] == []


def test_matrix_of_all_settings_fits_the_window(driver: Chrome, pages: dict[str, Path]) -> None:
    """All settings are visible without horizontal scrolling."""
    show(driver, pages["forty"])
    script = (
        "const box = document.querySelector('.matrix'); return [box.scrollWidth, box.clientWidth]"
    )
    scroll_width, client_width = driver.execute_script(script)
    assert scroll_width == client_width
    names = driver.find_elements(By.CSS_SELECTOR, ".matrix thead th > span")
    assert len(names) == 15
    assert all(name.size["height"] > name.size["width"] for name in names)


def test_filter_works_with_keyboard(driver: Chrome, pages: dict[str, Path]) -> None:
    show(driver, pages["forty"])
    assert count_visible(driver, ".matrix tbody tr") == 40
    driver.find_element(By.CSS_SELECTOR, "#filter :checked").send_keys(Keys.ARROW_RIGHT)
    assert driver.find_element(By.ID, "count").text == "Showing 4 of 40."
    assert driver.find_element(By.ID, "count").get_attribute("role") == "status"
    for selector in (".matrix tbody tr", "details.env"):
        assert count_visible(driver, selector) == count_visible(driver, f"{selector}.drifted") == 4


def test_link_opens_details(driver: Chrome, pages: dict[str, Path]) -> None:
    show(driver, pages["four"])
    details = driver.find_element(By.CSS_SELECTOR, "details.compliant")
    assert details.get_attribute("open") is None
    driver.find_element(By.CSS_SELECTOR, ".matrix tbody a").send_keys(Keys.ENTER)
    assert details.get_attribute("open") is not None


def test_escapes_hostile_values(driver: Chrome, pages: dict[str, Path]) -> None:
    show(driver, pages["hostile"])
    assert driver.title.startswith("SMTP profiles")
    names = [heading.text for heading in driver.find_elements(By.TAG_NAME, "h3")]
    assert names[::2] == [escape_unprintable(text) for text in reports.HOSTILE]
    assert driver.find_elements(By.TAG_NAME, "img") == []
    assert len(driver.find_elements(By.TAG_NAME, "script")) == 1


def test_prints_all_environments(driver: Chrome, pages: dict[str, Path]) -> None:
    """Including those that the filter hides on the screen."""
    show(driver, pages["four"])
    driver.find_element(By.CSS_SELECTOR, "[value=drifted]").click()
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    driver.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert count_visible(driver, "details.env .facts") == 5
    assert count_visible(driver, "#filter") == 0
