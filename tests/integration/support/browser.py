# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Headless Chromium, as packaged by Debian, for tests of the HTML report."""

from __future__ import annotations

import base64
import json
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM = Path("/usr/bin/chromium")
# Set explicitly, as Selenium would otherwise search for a driver, and download one.
DRIVER = Path("/usr/bin/chromedriver")
PACKAGES = {CHROMIUM: "chromium", DRIVER: "chromium-driver"}
FLAGS = (
    "--headless",
    "--no-sandbox",  # the sandbox does not work as root
    "--disable-gpu",
    "--disable-dev-shm-usage",  # it is small in containers
    "--disable-background-networking",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--disable-font-subpixel-positioning",  # equal glyphs make smaller pictures
)


def missing() -> list[str]:
    """Return the Debian packages that are missing."""
    return [package for path, package in PACKAGES.items() if not path.is_file()]


@contextmanager
def browser() -> Iterator[webdriver.Chrome]:
    """Run a browser with a temporary profile."""
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        options = Options()
        options.binary_location = str(CHROMIUM)
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        # Record console messages and network events for get_log().
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
        try:
            yield driver
        finally:
            driver.quit()


def show(
    driver: webdriver.Chrome,
    page: Path,
    width: int = 1440,
    height: int = 900,
    scheme: str = "light",
) -> None:
    """Open a page with this viewport size, in pixels, and color scheme (light or dark)."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    driver.get(page.resolve().as_uri())


def picture(driver: webdriver.Chrome, height: int | None = None) -> bytes:
    """Return a PNG of the whole page, or of its top at this height."""
    size = driver.execute_script(
        "const root = document.documentElement; return [root.clientWidth, root.scrollHeight]"
    )
    clip = {"x": 0, "y": 0, "width": size[0], "height": height or size[1], "scale": 1}
    screenshot = driver.execute_cdp_cmd(
        "Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True}
    )
    return base64.b64decode(screenshot["data"])


def requests(driver: webdriver.Chrome) -> list[str]:
    """Return the URLs that were requested since the last call."""
    events: list[dict[str, Any]] = [
        json.loads(line["message"])["message"] for line in driver.get_log("performance")
    ]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]
