"""Where a page of ``find`` ended, as an opaque text."""

from __future__ import annotations

import base64
import json
from typing import Any, Final, Self

import attrs

from community_mediation.errors import InvalidQuery
from community_mediation.facts.schema import Cell, Column
from community_mediation.stores.kit.cells import PYTHON, Kept, keep, read

NOT_A_CURSOR: Final = "This is not a cursor of this question. Ask for the first page again, without a cursor."


@attrs.frozen
class Cursor:
    """The last row of a page: its sort value, its name, the position it was known at, the question it answers."""

    question: str
    position: int
    value: Cell
    matter_id: str
    row: str

    def text(self, column: Column | None) -> str:
        """The cursor to hand out; *column* is what the page is sorted by."""
        value: Kept = keep(column.type, self.value) if column else None
        document = json.dumps([self.question, self.position, value, self.matter_id, self.row])
        return base64.urlsafe_b64encode(document.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str, *, question: str, column: Column | None, head: int) -> Self:
        """Read a cursor that was handed out for the same question.

        Raises:
            InvalidQuery: No cursor, one of another question, or one of another book.
        """
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            cursor = cls._from(json.loads(base64.b64decode(padded, altchars=b"-_", validate=True)), column)
        except (ValueError, TypeError, ArithmeticError, AttributeError, RecursionError):
            cursor = None
        if cursor is None or cursor.question != question or not 0 <= cursor.position <= head:
            raise InvalidQuery(NOT_A_CURSOR)
        return cursor

    @classmethod
    def _from(cls, document: Any, column: Column | None) -> Self:
        question, position, kept, matter_id, row = document
        value = read(column.type, kept) if column else None
        types = [type(part) for part in (question, position, matter_id, row)]
        if types != [str, int, str, str] or (column and value is not None and type(value) is not PYTHON[column.type]):
            raise ValueError
        "".join((question, matter_id, row, value if isinstance(value, str) else "")).encode()
        return cls(question, position, value, matter_id, row)
