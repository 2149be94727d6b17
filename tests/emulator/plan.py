# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Select the fault for each request."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace

from .faults import Delivery, Fault


class FaultPlan:
    """The faults of a server, each with its own count."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        # Copies, because several servers may share a Fault.
        self.faults = [replace(fault) for fault in faults]

    def take(self, method: str) -> tuple[float, Fault]:
        """Return the seconds to wait before the reply to a request, and its fault."""
        wait = 0.0
        with self._lock:
            for fault in self.faults:
                if fault.times is not None and fault.used >= fault.times:
                    continue
                if fault.method not in (None, method):
                    continue
                fault.used += 1
                wait += fault.wait
                if fault.delivery is not Delivery.WAIT:
                    return wait, fault
        return wait, Fault.none()
