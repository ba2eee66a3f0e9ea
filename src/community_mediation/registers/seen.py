"""Which cases a file has told already: on disk, so that a million rows need no memory."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from community_mediation.errors import StoreFull
from community_mediation.ports import Key


class Seen:
    """Remembers keys and the rows that had them, in a private temporary file that vanishes with it."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("PRAGMA journal_mode=OFF")
        self._rows.execute("CREATE TABLE seen (digest BLOB PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID")
        # One transaction from the first row to the last: nobody else reads it, and it is never kept.
        self._rows.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.close()

    def before(self, keys: Sequence[Key], row: int) -> int | None:
        """The earlier row that had one of the keys, or ``None``: then they are remembered as those of *row*.

        Raises:
            StoreFull: The folder for temporary files is full.
        """
        try:
            return self._before(keys, row)
        except sqlite3.Error:
            # The driver says "disk full" and "disk error" for a folder that is too small; either way, it is here.
            raise StoreFull(
                "There is no room for temporary files. Make room, or set TMPDIR; then import again."
            ) from None

    def _before(self, keys: Sequence[Key], row: int) -> int | None:
        digests = [hashlib.blake2b(f"{key.kind}\0{key.value}".encode(), digest_size=16).digest() for key in keys]
        asked = f"SELECT digest, row FROM seen WHERE digest IN ({', '.join('?' * len(digests))})"
        if found := dict(self._rows.execute(asked, digests).fetchall()):
            return next(int(found[digest]) for digest in digests if digest in found)
        self._rows.executemany("INSERT INTO seen VALUES (?, ?)", [(digest, row) for digest in digests])
        return None
