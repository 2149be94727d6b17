# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The body of a request that must not be repeated if it may have reached the server."""

from __future__ import annotations

import io
import threading


class Body(io.BytesIO):
    """A body that knows whether any of it was sent, and that can be kept from being sent.

    It is read only when the connection is ready for it.
    """

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._lock = threading.Lock()
        self._is_sent = False
        self._is_canceled = False

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes to send. :raises OSError: if the request was canceled."""
        with self._lock:
            if self._is_canceled:
                raise OSError("The request was canceled.")
            self._is_sent = True
        return super().read(size)

    def cancel(self) -> bool:
        """Return whether nothing was sent. It is never sent then."""
        with self._lock:
            self._is_canceled = not self._is_sent
            return self._is_canceled
