# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Debian's own Chromium without a window, for the report's page."""

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
# Named, or selenium would look for a driver, and download one.
DRIVER = Path("/usr/bin/chromedriver")
PACKAGES = {CHROMIUM: "chromium", DRIVER: "chromium-driver"}
FLAGS = (
    "--headless",
    "--no-sandbox",  # root may not use it
    "--disable-gpu",
    "--disable-dev-shm-usage",  # containers have little of it
    "--disable-background-networking",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--disable-font-subpixel-positioning",  # the same letter looks the same: small pictures
)


def missing() -> list[str]:
    """Return the Debian packages that are missing."""
    return [package for path, package in PACKAGES.items() if not path.is_file()]


@contextmanager
def browser() -> Iterator[webdriver.Chrome]:
    """Start a browser with a profile of its own, and stop it."""
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        options = Options()
        options.binary_location = str(CHROMIUM)
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        # Console and network, read with get_log().
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
    """Open a page in a window of that size, in pixels, in the light or the dark scheme."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    driver.get(page.resolve().as_uri())


def picture(driver: webdriver.Chrome, height: int | None = None) -> bytes:
    """Return a PNG of the page from its top, or of all of it."""
    size = driver.execute_script(
        "const root = document.documentElement; return [root.clientWidth, root.scrollHeight]"
    )
    clip = {"x": 0, "y": 0, "width": size[0], "height": height or size[1], "scale": 1}
    taken = driver.execute_cdp_cmd(
        "Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True}
    )
    return base64.b64decode(taken["data"])


def requests(driver: webdriver.Chrome) -> list[str]:
    """Return the addresses that were asked for since this was last called."""
    events: list[dict[str, Any]] = [
        json.loads(line["message"])["message"] for line in driver.get_log("performance")
    ]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]
