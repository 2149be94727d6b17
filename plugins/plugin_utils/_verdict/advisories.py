# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Built-in warnings about profiles that are right today and will fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

EXCHANGE_ONLINE = "smtp.office365.com"
BASIC = 2


def advisories(profile: Mapping[str, Any]) -> Iterator[str]:
    """Yield the warnings about a profile, one line each."""
    host = str(profile.get("host")).lower().rstrip(".")
    if host == EXCHANGE_ONLINE and profile.get("relay_authentication_type") == BASIC:
        yield (
            f"{EXCHANGE_ONLINE} turns off Basic authentication by default at the end of December "
            f"2026 (Microsoft's MC786329), and then refuses mail with 550 5.7.30. Let Command use "
            f"OAuth or another relay before that; until Microsoft removes Basic authentication, an "
            f"administrator of Exchange Online can turn it on again."
        )
