"""New ids: UUID version 7 (RFC 9562, 5.7), which sort by the time at which they were made."""

import os
import threading
import time


class _Stamps:
    """Stamps of 60 bits, each greater than the one before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        """48 bits of milliseconds and 12 of their fraction; one more than the last where the clock does not move on."""
        now = time.time_ns()
        with self._lock:
            self._last = max(self._last + 1, now // 1_000_000 << 12 | now % 1_000_000 * 4096 // 1_000_000)
            return self._last


_stamps = _Stamps()


def new_id() -> str:
    """A fresh id; within one process each is greater than the one before."""
    stamp = _stamps.next()
    tail = int.from_bytes(os.urandom(8)) & (1 << 62) - 1
    number = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | tail
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
