"""Which cases a file has told already: on disk, so that a million rows need no memory."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from community_mediation.errors import StoreFull
from community_mediation.ports import Key

_ASKED: Final = 500
"""Keys in one question: older SQLites take no more than 999."""


class Seen:
    """Remembers keys and the rows that had them, in a private temporary file that vanishes with it."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("PRAGMA journal_mode=OFF")
        self._rows.execute("CREATE TABLE seen (digest BLOB PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID")
        # One transaction from the first row to the last: nobody else reads it, and it is never kept.
        self._rows.execute("BEGIN")
        self._digests: dict[Key, bytes] = {}
        self._known: dict[bytes, int] = {}
        self._new: dict[bytes, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.close()

    def look_ahead(self, keys: Sequence[Key]) -> None:
        """Look up in one go what ``before`` will be asked of the rows that come next.

        Raises:
            StoreFull: The folder for temporary files is full.
        """
        try:
            self._look_ahead(keys)
        except sqlite3.Error:
            # The driver says "disk full" and "disk error" for a folder that is too small; either way, it is here.
            raise StoreFull(
                "There is no room for temporary files. Make room, or set TMPDIR; then import again."
            ) from None

    def before(self, keys: Sequence[Key], row: int) -> int | None:
        """The earlier row that had one of the keys, or ``None``: then they are remembered as those of *row*.

        ``look_ahead`` was told of the keys.
        """
        digests = [self._digests[key] for key in keys]
        for digest in digests:
            if digest in self._known:
                return self._known[digest]
        for digest in digests:
            self._known[digest] = self._new[digest] = row
        return None

    def _look_ahead(self, keys: Sequence[Key]) -> None:
        self._rows.executemany("INSERT INTO seen VALUES (?, ?)", self._new.items())
        self._digests = {key: _digest(key) for key in keys}
        self._known, self._new = {}, {}
        digests = list(self._digests.values())
        for at in range(0, len(digests), _ASKED):
            some = digests[at : at + _ASKED]
            asked = f"SELECT digest, row FROM seen WHERE digest IN ({', '.join('?' * len(some))})"
            self._known.update(self._rows.execute(asked, some).fetchall())


def _digest(key: Key) -> bytes:
    return hashlib.blake2b(f"{key.kind}\0{key.value}".encode(), digest_size=16).digest()
