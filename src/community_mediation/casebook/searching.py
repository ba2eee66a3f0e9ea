"""Searching what names people: the store narrows, and what it names is read and looked at once more."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from community_mediation.codec.entries import parse_json, print_json
from community_mediation.domain.frozen import frozen
from community_mediation.domain.ledger import BOOK
from community_mediation.errors import InvalidQuery, StoreDamaged, Undecodable
from community_mediation.ports import Entry, Searches, Store

PAGE = 1000
"""How many matters a page may have."""


@frozen
class Match:
    """A matter in which a text was found.

    Attributes:
        id: The matter.
        kind: Its kind.
        subjects: Whose private values hold the text, in the order in which they were first met: parties
            (``case/party``), or the matter itself for what it tells in words.
    """

    id: str
    kind: str
    subjects: tuple[str, ...]


@frozen
class Matched:
    """A page of matches.

    Attributes:
        matches: In the order of the entries that they were found by.
        after: What to pass as ``after`` for the next page; ``None`` at the end.
    """

    matches: tuple[Match, ...]
    after: str | None


def search(
    store: Store,
    text: str,
    limit: int,
    after: str | None,
    *,
    without: Callable[[], Collection[str]] = frozenset,
) -> Matched:
    """A page of the matters in whose private values *text* stands; *without* gives subjects that are passed over.

    Stores compare the JSON of private parts, in which quotes and control characters are escaped, and which holds
    salts and names of fields as well: the text is escaped in the same way, and each matter is read to see whether it
    is a value that holds it.

    Raises:
        InvalidQuery: As ``Casebook.search`` says.
        StoreDamaged: A private part cannot be read.
    """
    if not isinstance(store, Searches):
        raise InvalidQuery("This book is kept in a store that cannot be searched. Copy it to one that can.")
    given: object = text
    if not isinstance(given, str) or not given:
        raise InvalidQuery("A search needs a text that is not empty.")
    if type(limit) is not int or not 1 <= limit <= PAGE:
        raise InvalidQuery(f"A page has 1 to {PAGE:,} matches.")
    needle, wanted = print_json(text)[1:-1], _small(text)
    matches: list[Match] = []
    withheld = without()
    while True:
        page = store.search(needle, limit - len(matches), after)
        for matter_id in page.matters:
            match = _looked_at(store.entries(matter_id), wanted, withheld)
            if match is not None:
                matches.append(match)
        after = page.cursor
        if after is None or len(matches) == limit:
            return Matched(tuple(matches), after)


def _looked_at(entries: Sequence[Entry], wanted: str, withheld: Collection[str]) -> Match | None:
    # The book's own matter holds its secret, which nobody is to find letter by letter.
    if not entries or entries[0].kind == BOOK:
        return None
    subjects = dict.fromkeys(
        subject
        for entry in entries
        for subject, part in entry.private.items()
        if subject not in withheld and _holds(entry, part, wanted)
    )
    return Match(entries[0].matter_id, entries[0].kind, tuple(subjects)) if subjects else None


def _holds(entry: Entry, part: str, wanted: str) -> bool:
    try:
        document = parse_json(part)
    except Undecodable:
        document = None
    if not isinstance(document, dict):
        raise StoreDamaged(f"A private part of entry {entry.position} cannot be read. Run verify, restore a backup.")
    return any(wanted in _small(leaf) for leaf in _leaves(document.get("values")))


def _leaves(value: Any) -> Iterator[str]:
    """The texts and numbers in a value; names of fields and truth values are none."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif isinstance(value, str):
        yield value
    elif type(value) in (int, float):
        yield print_json(value)


_A_TO_Z = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def _small(text: str) -> str:
    # As stores compare: A to Z are a to z, and all else is as it is.
    return text.translate(_A_TO_Z)
