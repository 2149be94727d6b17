# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which request meets which fault."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace

from .faults import Fault, Way


class FaultPlan:
    """A server's faults, each with its own count."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        # Copies: one Fault may be given to several servers.
        self.faults = [replace(fault) for fault in faults]

    def take(self) -> tuple[float, Fault]:
        """Seconds to wait before the next reply, and the fault it meets."""
        wait = 0.0
        with self._lock:
            for fault in self.faults:
                if fault.times is not None and fault.used >= fault.times:
                    continue
                fault.used += 1
                wait += fault.wait
                if fault.way is not Way.WAIT:
                    return wait, fault
        return wait, Fault.none()
