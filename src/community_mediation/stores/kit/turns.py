"""Whose turn it is to write."""

from __future__ import annotations

import threading
from types import TracebackType

from community_mediation.errors import StoreLocked


class OneAtATime:
    """A writing in which the same thread cannot begin another: the second would wait for the first for ever.

    A commit takes its changes from an iterator, and that may call the store. Other threads are not held up here.
    """

    def __init__(self) -> None:
        self._writing: set[int] = set()

    def __enter__(self) -> None:
        thread = threading.get_ident()
        if thread in self._writing:
            raise StoreLocked("A writing cannot begin inside another one of the same thread.")
        self._writing.add(thread)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writing.discard(threading.get_ident())
