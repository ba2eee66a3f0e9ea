"""New ids: UUID version 7 (RFC 9562, 5.7), which sort by the time at which they were made."""

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A fresh id; within one process each is greater than the one before."""
    global _last
    with _lock:
        # 48 bits of milliseconds and 12 bits of their fraction, raised by one where the clock stands still or goes back.
        now = time.time_ns()
        stamp = (now // 1_000_000 << 12) | (now % 1_000_000 * 4096 // 1_000_000)
        _last = max(_last + 1, stamp)
        stamp = _last
    tail = int.from_bytes(os.urandom(8)) & (1 << 62) - 1
    number = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | tail
    return str(uuid.UUID(int=number))
