"""How much of a foreign file is read before it is refused."""

from __future__ import annotations

import time
from typing import Any

import attrs

from community_mediation.errors import TooLarge

MEBI = 1024 * 1024

_WORDS = {
    "file_bytes": "bytes in the file",
    "rows": "rows",
    "columns": "columns",
    "cells": "cells",
    "cell_chars": "characters in one cell",
    "record_chars": "characters in one row",
    "unpacked_bytes": "bytes when unpacked",
    "shared_bytes": "bytes of shared texts when unpacked",
    "shared_strings": "shared texts",
    "entries": "parts in the workbook",
    "ratio": "times its packed size when unpacked",
    "depth": "levels of nesting",
    "seconds": "seconds of reading",
}


def _positive(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    if type(value) is not int or value < 1:
        raise ValueError(f"{attribute.name} must be a whole number above zero")


@attrs.frozen(kw_only=True)
class Bounds:
    """What one file may cost this machine. The defaults take a million rows and refuse five gigabytes.

    ``cell_chars`` and ``record_chars`` also end a quotation mark that is never closed.
    The unpacked bounds count bytes really inflated; what a workbook says of itself is not believed.
    """

    file_bytes: int = attrs.field(default=4096 * MEBI, validator=_positive)
    rows: int = attrs.field(default=5_000_000, validator=_positive)
    columns: int = attrs.field(default=1_000, validator=_positive)
    cells: int = attrs.field(default=300_000_000, validator=_positive)
    cell_chars: int = attrs.field(default=100_000, validator=_positive)
    record_chars: int = attrs.field(default=2_000_000, validator=_positive)
    unpacked_bytes: int = attrs.field(default=8192 * MEBI, validator=_positive)
    shared_bytes: int = attrs.field(default=512 * MEBI, validator=_positive)
    shared_strings: int = attrs.field(default=4_000_000, validator=_positive)
    entries: int = attrs.field(default=5_000, validator=_positive)
    ratio: int = attrs.field(default=200, validator=_positive)
    depth: int = attrs.field(default=64, validator=_positive)
    seconds: int = attrs.field(default=6 * 3600, validator=_positive)

    def exceeded(self, what: str, bound: str, advice: str = "Split the file") -> TooLarge:
        """The error for *what* (a file, a row of it) going beyond the field named *bound*."""
        return TooLarge(what, _WORDS[bound], getattr(self, bound), f"{advice}, or raise Bounds({bound}=...).")


class Meter:
    """Counts rows, cells and seconds of one reading against its bounds."""

    def __init__(self, name: str, bounds: Bounds) -> None:
        self.name, self.bounds = name, bounds
        self.rows = self.cells = 0
        self._deadline = time.monotonic() + bounds.seconds

    def row(self, cells: int) -> None:
        """One more row, of so many cells."""
        self.rows += 1
        self.cells += cells
        if self.rows > self.bounds.rows:
            raise self.bounds.exceeded(self.name, "rows")
        if self.cells > self.bounds.cells:
            raise self.bounds.exceeded(self.name, "cells")
        if not self.rows & 0xFF:
            self.tick()

    def tick(self) -> None:
        """Look at the clock."""
        if time.monotonic() > self._deadline:
            raise self.bounds.exceeded(self.name, "seconds")
