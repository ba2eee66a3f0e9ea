"""What every store asks of a change before it looks at what it holds already."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

from community_mediation.errors import InvalidValue, VersionConflict
from community_mediation.facts.schema import FactsRow
from community_mediation.ports import Change, FactsVersion

Thing = TypeVar("Thing")

GROUP: Final = 500
"""How many changes are written together."""

GROUP_CHARACTERS: Final = 4_000_000
"""How much text a group may hold, so that memory stays bounded whatever the size of a change."""

ROWS_TOGETHER: Final = 5000
"""How many facts rows are written together in a rebuild."""

PARTS_AT_MOST: Final = 2**20
"""How many private parts one change may have."""

LARGEST: Final = 2**63


def check_change(change: Change) -> None:
    """Refuse a change that says nothing a store can keep. Its facts cells are checked against their schemas elsewhere.

    Raises:
        InvalidValue: Of its parts, which is wrong and why.
    """
    if not isinstance(change, Change):
        raise InvalidValue(f"a {type(change).__name__} in the place of a change")
    _check_text(change.matter_id, "$.matter_id")
    _check_text(change.kind, "$.kind")
    _check_text(change.body, "$.body")
    if not change.matter_id or not change.kind:
        raise InvalidValue("a change of no matter, or of no kind")
    if (
        type(change.expected) is not int
        or type(change.version) is not int
        or not 0 <= change.expected < change.version < LARGEST
    ):
        raise InvalidValue("a change whose version does not follow the expected one", path="$.version")
    if len(change.private) > PARTS_AT_MOST:
        raise InvalidValue(f"more than {PARTS_AT_MOST} private parts in one change", path="$.private")
    for subject, part in change.private.items():
        _check_text(subject, "$.private")
        _check_text(part, "$.private")
    for key in (*change.keys, *change.release):
        _check_text(key.kind, "$.keys.kind")
        _check_text(key.value, "$.keys.value")
        if key.subject is not None:
            _check_text(key.subject, "$.keys.subject")
    _check_facts(change)


def _check_text(text: Any, path: str) -> None:
    if not isinstance(text, str):
        raise InvalidValue(f"a {type(text).__name__} where there should be a text", path=path)
    try:
        text.encode()
    except UnicodeEncodeError:
        pass
    else:
        return
    raise InvalidValue("half of a character (a lone surrogate)", path=path)


def _check_facts(change: Change) -> None:
    matter_id, names = change.matter_id, set()
    for row in change.add:
        if len(row.cells) < 2 or row.cells[0] != matter_id:
            raise InvalidValue("a facts row that is not one of the matter that changes", path="$.add")
        names.add((row.table, row.cells[1]))
    if len(names) != len(change.add):
        raise InvalidValue("one facts row added twice", path="$.add")
    if any(ref.matter_id != matter_id for ref in change.close):
        raise InvalidValue("a facts row of another matter is to be closed", path="$.close")


def still_current(row: FactsRow) -> InvalidValue:
    """The error for adding a row that is there already."""
    return InvalidValue(
        "a facts row that is current already", remedy="Close it in the same change.", path=f"$.{row.table}"
    )


def unknown_table(tables: Iterable[str]) -> InvalidValue:
    """The error for a facts row of a table that was not prepared."""
    return InvalidValue("a facts row of no known table", remedy=f"Prepared are: {', '.join(sorted(tables)) or 'none'}.")


def overlapping(table: str) -> InvalidValue:
    """The error for a rebuild that says two things of one row."""
    return InvalidValue("two versions of one facts row that were known at once", path=f"$.{table}")


def check_made_on(change: Change, there: tuple[str, int] | None) -> None:
    """Refuse a change that was made on something else than what is *there*: the matter's kind and version, if any.

    Raises:
        VersionConflict: The matter is at another version.
        InvalidValue: It is of another kind.
    """
    kind, version = there or (change.kind, 0)
    if version != change.expected:
        raise VersionConflict(change.matter_id, change.expected, version)
    if kind != change.kind:
        raise InvalidValue(f"a change of kind {change.kind!r} to a matter of another kind", path="$.kind")


def check_interval(version: FactsVersion, head: int) -> None:
    """Refuse a facts version that no commit could have left.

    Raises:
        InvalidValue: Its positions are not those of entries, or out of order.
    """
    known = version.known_to
    numbers = (version.known_from, version.known_from + 1 if known is None else known)
    if [type(number) for number in numbers] != [int, int] or not 1 <= version.known_from <= head:
        raise InvalidValue("a facts row known from no position of the journal", path="$.known_from")
    if not version.known_from < numbers[1] or (known is not None and known > head):
        raise InvalidValue("a facts row known up to no later position of the journal", path="$.known_to")


def groups(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """The changes in groups of bounded size, in order, no matter twice in one group.

    Only the first change of a group gives up keys, so that a group may give up first and take then.
    """
    group: list[Change] = []
    matters: set[str] = set()
    size = 0
    for change in changes:
        check_change(change)
        if group and (len(group) >= GROUP or size >= GROUP_CHARACTERS or change.matter_id in matters or change.release):
            yield group
            group, matters, size = [], set(), 0
        group.append(change)
        matters.add(change.matter_id)
        size += len(change.body) + sum(map(len, change.private.values()))
    if group:
        yield group


def in_parts(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """Things in lists of bounded length."""
    stream = iter(things)
    while part := list(itertools.islice(stream, ROWS_TOGETHER)):
        yield part
