"""What is asked of ``search``, and where a page of it ended."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, Final, Self

import attrs

from community_mediation.errors import InvalidQuery
from community_mediation.ports import Matches
from community_mediation.stores.kit.questions import check_limit, keepable

NOT_A_CURSOR: Final = "This is not a cursor of this search. Ask for the first page again, without a cursor."

_SMALL: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def small(text: str) -> str:
    """The text with A to Z as a to z, and all else as it is: two texts are equal to a search if these are."""
    return text.lower() if text.isascii() else text.translate(_SMALL)


@attrs.frozen
class Search:
    """A question to ``search``, known to be one.

    Attributes:
        text: What is looked for, as ``small`` gives it.
        limit: How many matters the page holds at most.
        position: The position that all pages are read at: the head when the first one was asked for.
        after: The position of the entry by which the last matter of the page before was found; 0 for the first page.
        name: The search's short name, for its cursors.
    """

    text: str = attrs.field(repr=False)
    limit: int
    position: int
    after: int
    name: str

    @classmethod
    def check(cls, text: Any, limit: Any, cursor: Any, *, head: int, secret: bytes) -> Self:
        """Look at what is asked, with *head* as the journal's last position.

        Args:
            text: What is looked for.
            limit: How many matters at most.
            cursor: The cursor of the page before.
            head: The journal's last position.
            secret: Up to 64 bytes that only this store has. Cursors stand in links and logs, and whoever knew how
                to digest a text could try all names there are.

        Raises:
            InvalidQuery: As ``Searches.search`` says.
        """
        if not isinstance(text, str) or not text or not keepable(text):
            raise InvalidQuery("A search needs a text that is not empty and holds no half of a character.")
        wanted = small(text)
        name = hashlib.blake2b(wanted.encode(), digest_size=8, key=secret).hexdigest()
        position, after = (head, 0) if cursor is None else _parse(cursor, name, head)
        return cls(wanted, check_limit(limit), position, after, name)

    def page(self, found: list[tuple[str, int]]) -> Matches:
        """The page of the first ``limit`` of *found*, matters with the positions that they were found by."""
        if len(found) <= self.limit:
            return Matches([matter_id for matter_id, _ in found], None)
        kept = found[: self.limit]
        document = json.dumps([self.name, self.position, kept[-1][1]], separators=(",", ":"))
        cursor = base64.urlsafe_b64encode(document.encode()).decode().rstrip("=")
        return Matches([matter_id for matter_id, _ in kept], cursor)


def _parse(cursor: Any, wanted: str, head: int) -> tuple[int, int]:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        name, position, after = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if name == wanted and type(position) is type(after) is int and 0 < after <= position <= head:
            return position, after
    except (ValueError, TypeError, AttributeError, RecursionError):
        pass
    raise InvalidQuery(NOT_A_CURSOR)
