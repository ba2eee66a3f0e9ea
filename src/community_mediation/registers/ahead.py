"""Rows read some hundreds ahead, so that a store is asked about all of them in one go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from community_mediation.casebook.keys import case_no_key, external_key
from community_mediation.errors import UnreadableFile
from community_mediation.ports import Key
from community_mediation.registers.bounds import MEBI
from community_mediation.registers.rows import RawRow, RegisterFile, RowProblem
from community_mediation.registers.snapshots import Numbers

CHUNK: Final = 500
"""How many rows are read ahead, and how many cases go into one commit."""
_MOST_BYTES: Final = 4 * MEBI
"""Fewer rows are read ahead where they are long: this much of a file at a time."""


@attrs.frozen
class Ahead:
    """What a row says by itself.

    Attributes:
        row: The row.
        values: Its values by canonical column.
        problems: What is wrong with it.
        keys: The keys of its case; none where something is wrong.
    """

    row: RawRow
    values: Mapping[str, Any]
    problems: Sequence[RowProblem]
    keys: tuple[Key, ...] = ()


def in_chunks(file: RegisterFile) -> Iterator[list[RawRow]]:
    """The rows of a file some hundreds at a time; those before a place where it cannot be read come before the error.

    Raises:
        UnreadableFile, TooLarge: As reading one by one does.
    """
    chunk: list[RawRow] = []
    begun = file.bytes_read
    broken: UnreadableFile | None = None
    try:
        for row in file:
            chunk.append(row)
            if len(chunk) == CHUNK or file.bytes_read - begun > _MOST_BYTES:
                yield chunk
                chunk, begun = [], file.bytes_read
    except UnreadableFile as error:
        broken = error
    if chunk:
        yield chunk
    if broken is not None:
        raise broken


def keys_of(numbers: Numbers) -> tuple[Key, ...]:
    """The keys by which a case with these numbers is found again."""
    keys = []
    if numbers.external is not None:
        keys.append(external_key(numbers.external))
    if numbers.reference is not None:
        keys.append(case_no_key(numbers.centre, numbers.reference))
    return tuple(keys)
