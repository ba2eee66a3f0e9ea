"""Counters of the numbers on papers: each number is given out once, and none is lost.

A counter belongs to a centre, a pattern and a year. It is kept on sheets of so many numbers each,
as on paper: what is read to give out the next number is one sheet, however many there are. Sheets
follow each other without a gap, and a sheet is begun when the one before is full.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any, Final, Self

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.matter import Event, Matter, moment
from community_mediation.domain.validators import NARRATIVE, PUBLIC, at_least, checked, code, identifier
from community_mediation.domain.values import When
from community_mediation.errors import IllegalMove, InvalidValue, NotFound

SHEET: Final = 50
"""How many numbers a sheet holds. Part of the ids of sheets: it never changes."""
_LETTERS: Final = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


@frozen(kw_only=True, field_transformer=checked)
class SheetBegun(Event):
    """A sheet of a counter was begun: whose it is, and its first number."""

    centre: str = attrs.field(metadata=PUBLIC, validator=identifier)
    pattern: str = attrs.field(metadata=PUBLIC, validator=identifier)
    year: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    first: int = attrs.field(metadata=PUBLIC, validator=at_least(1))


@frozen(kw_only=True, field_transformer=checked)
class NumberReserved(Event):
    """The next number was given out, and printed so."""

    serial: int = attrs.field(metadata=PUBLIC, validator=at_least(1))
    reference: str = attrs.field(metadata=PUBLIC, validator=code)


@frozen(kw_only=True, field_transformer=checked)
class NumbersTaken(Event):
    """The numbers from the next one to *last* stand on cases already: they count as given out."""

    last: int = attrs.field(metadata=PUBLIC, validator=at_least(1))


@frozen(kw_only=True, field_transformer=checked)
class NumberVoided(Event):
    """A number that was given out will stand on no case. It is not given out again."""

    serial: int = attrs.field(metadata=PUBLIC, validator=at_least(1))
    reason: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


NUMBERING_EVENTS: Final[dict[str, type[Event]]] = {
    "numbering.sheet_begun": SheetBegun,
    "numbering.reserved": NumberReserved,
    "numbering.taken": NumbersTaken,
    "numbering.voided": NumberVoided,
}
"""The wire names of the events of counters: part of the format, never changed."""


@frozen
class Counter:
    """What counts by itself: a centre, a pattern, and a year, or ``None`` where the numbers hold none."""

    centre: str
    pattern: str
    year: int | None = None

    def sheet_id(self, sheet: int) -> str:
        """The id of its sheet, the first being 0. Any centre and pattern give an id that a matter may have."""
        parts = (self.centre, self.pattern, "" if self.year is None else str(self.year))
        text = "".join(f"{len(part)}:{part}" for part in parts)
        # In letters: no run of digits in it looks like the number of a person.
        digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32].translate(_LETTERS)
        return f"numbers:{digest}:{sheet}"


def sheet_of(serial: int) -> int:
    """On which sheet a number stands, the first being 0."""
    return (serial - 1) // SHEET


@frozen(kw_only=True)
class Numbering(Matter):
    """One sheet of a counter."""

    @classmethod
    def begin(cls, counter: Counter, sheet: int, *, at: When, by: str) -> Self:
        """An empty sheet."""
        event = SheetBegun(
            at=at,
            by=by,
            centre=counter.centre,
            pattern=counter.pattern,
            year=counter.year,
            first=sheet * SHEET + 1,
        )
        return cls(id=counter.sheet_id(sheet), pending=(event,))

    @classmethod
    def fold(cls, id: str, history: Sequence[Event]) -> Self:
        """The sheet with that history.

        Raises:
            InvalidValue: The history does not begin with the beginning of a sheet.
        """
        if not history or not isinstance(history[0], SheetBegun):
            raise InvalidValue("a history that does not begin with the beginning of a sheet")
        return cls(id=id, history=tuple(history))

    def valid_at(self, when: When | dt.datetime) -> Self | None:
        """The sheet as it was then; ``None`` before it was begun."""
        at = moment(when)
        kept = tuple(event for event in self.events if (event.at.earliest or at) <= at)
        is_begun = bool(kept) and isinstance(kept[0], SheetBegun)
        return attrs.evolve(self, history=kept, pending=(), as_of=at) if is_begun else None

    @property
    def begun(self) -> SheetBegun:
        """Whose sheet it is."""
        first = self.events[0]
        if not isinstance(first, SheetBegun):  # pragma: no cover - what folding refuses
            raise InvalidValue("a sheet without a beginning")
        return first

    @property
    def number(self) -> int:
        """Which sheet it is, the first being 0."""
        return sheet_of(self.begun.first)

    @property
    def last(self) -> int:
        """The last number that was given out or taken; one less than the first where none was."""
        for event in reversed(self.events):
            if isinstance(event, NumberReserved):
                return event.serial
            if isinstance(event, NumbersTaken):
                return event.last
        return self.begun.first - 1

    @property
    def ends(self) -> int:
        """The last number for which there is room."""
        return self.begun.first + SHEET - 1

    @property
    def is_full(self) -> bool:
        """Whether all its numbers are given out or taken."""
        return self.last >= self.ends

    @property
    def reserved(self) -> dict[int, NumberReserved]:
        """The numbers that were given out."""
        return {event.serial: event for event in self.events if isinstance(event, NumberReserved)}

    @property
    def voided(self) -> dict[int, NumberVoided]:
        """The numbers that will stand on no case."""
        return {event.serial: event for event in self.events if isinstance(event, NumberVoided)}

    def reserve(self, reference: str, *, at: When, by: str) -> Self:
        """Give out the next number, printed as *reference*.

        Raises:
            IllegalMove: The sheet is full.
        """
        self._require_room("reserve")
        return self._record(NumberReserved(at=at, by=by, serial=self.last + 1, reference=reference))

    def take(self, last: int, *, at: When, by: str) -> Self:
        """Count the numbers up to *last* as given out: they stand on cases already.

        Raises:
            IllegalMove: The sheet is full.
            InvalidValue: That is none of its next numbers.
        """
        self._require_room("take")
        if not self.last < last <= self.ends:
            raise InvalidValue(f"a number that is none from {self.last + 1} to {self.ends}", path="$.last")
        return self._record(NumbersTaken(at=at, by=by, last=last))

    def void(self, serial: int, *, at: When, by: str, reason: str | None = None, note: str | None = None) -> Self:
        """Note that a number which was given out will stand on no case.

        Raises:
            NotFound: It was not given out on this sheet.
            IllegalMove: That was noted before.
        """
        if serial not in self.reserved:
            raise NotFound(f"The number {serial} was not given out by this counter. Only what was can be voided.")
        if serial in self.voided:
            raise IllegalMove("voided", "void", (), "the number was voided before")
        return self._record(NumberVoided(at=at, by=by, serial=serial, reason=reason, note=note))

    def _require_room(self, move: str) -> None:
        if self.is_full:
            raise IllegalMove("full", move, ("void",), "the next sheet goes on")

    def _record(self, event: Event) -> Self:
        self._must_be_current("record")
        changes: Any = {"pending": (*self.pending, event)}
        return attrs.evolve(self, **changes)
