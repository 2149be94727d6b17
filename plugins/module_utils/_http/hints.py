# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to check if a call fails, which only the caller of this room knows."""

from __future__ import annotations

from typing import NamedTuple


class Hints(NamedTuple):
    """The options that messages name, as another endpoint has other options.

    :param server: the options that hold the name and the port.
    :param path: the options that hold the name and the path.
    :param client_cert: what to do if the server wants or refuses a client certificate.
    """

    server: str
    path: str
    ca_cert: str
    client_cert: str
