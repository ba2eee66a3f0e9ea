"""What became of an import."""

from __future__ import annotations

from typing import Final

import attrs

from community_mediation.errors import RowRejected

KEPT_REJECTIONS: Final = 1000
"""How many rejections a result keeps; all are counted, told to ``on_reject`` and written to the rejects file."""


@attrs.define(kw_only=True)
class ImportResult:
    """What an import did, or would do.

    Attributes:
        file: The file's name.
        dry_run: Whether nothing was to be written.
        rows: How many rows there were.
        added, amended, unchanged, rejected: What became of them; they sum to ``rows``, unless nothing was stored
            because of ``all_or_nothing``.
        stored: Whether the book holds what the counts say.
        notices: What to know about the file as a whole.
        rejections: The first rejections, a problem each.
    """

    file: str
    dry_run: bool = False
    rows: int = 0
    added: int = 0
    amended: int = 0
    unchanged: int = 0
    rejected: int = 0
    stored: bool = True
    notices: tuple[str, ...] = ()
    rejections: list[RowRejected] = attrs.field(factory=list, repr=False)
