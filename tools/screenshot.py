# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Take a picture of a report's page for the documentation: python -m tools.screenshot.

It shows the page down to the end of the matrix, 1280 pixels wide, in the light scheme.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.integration.support.browser import browser, missing, picture, show

WIDTH = 1280
LARGEST = 120_000  # bytes: the picture is kept in git
END = "return document.getElementById('details').getBoundingClientRect().top + scrollY"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("html", type=Path)
    parser.add_argument("png", type=Path)
    arguments = parser.parse_args()
    if missing():
        sys.exit("The picture cannot be taken, for want of: " + ", ".join(missing()))
    with browser() as driver:
        show(driver, arguments.html, WIDTH)
        taken = picture(driver, height=int(driver.execute_script(END)) - 16)
    if len(taken) > LARGEST:
        sys.exit(f"The picture has {len(taken)} bytes, {LARGEST} are allowed: show less.")
    arguments.png.write_bytes(taken)


if __name__ == "__main__":
    main()
