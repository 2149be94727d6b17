# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Take a screenshot of an HTML report for the documentation: python -m tools.screenshot.

It shows the page down to the end of the matrix, 1280 pixels wide, in the light color scheme.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.integration.support.browser import browser, missing, picture, show

WIDTH = 1280
MAX_BYTES = 140_000  # because the picture is in git
MATRIX_END = "return document.getElementById('details').getBoundingClientRect().top + scrollY"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("html", type=Path)
    parser.add_argument("png", type=Path)
    arguments = parser.parse_args()
    if missing():
        sys.exit("Cannot take the screenshot. Missing: " + ", ".join(missing()))
    with browser() as driver:
        show(driver, arguments.html, WIDTH)
        png = picture(driver, height=int(driver.execute_script(MATRIX_END)) - 16)
    if len(png) > MAX_BYTES:
        sys.exit(f"The screenshot has {len(png)} bytes; at most {MAX_BYTES} are allowed.")
    arguments.png.write_bytes(png)


if __name__ == "__main__":
    main()
