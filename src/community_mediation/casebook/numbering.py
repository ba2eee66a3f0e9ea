"""Giving out the numbers on papers: the next one, without gaps, and none twice, whoever else asks."""

from __future__ import annotations

import enum
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs

from community_mediation.casebook.folding import Folder
from community_mediation.casebook.keys import case_no_key
from community_mediation.domain.frozen import frozen
from community_mediation.domain.matter import Matter
from community_mediation.domain.numbering import (
    NUMBERING_EVENTS,
    Counter,
    Numbering,
    sheet_of,
)
from community_mediation.domain.validators import checked_id
from community_mediation.domain.values import When
from community_mediation.errors import IllegalMove, InvalidValue, NotFound, VersionConflict
from community_mediation.ports import Key, Kind, Store

if TYPE_CHECKING:
    from community_mediation.regions import Reference, ReferencePattern

REMEMBERED = 256
"""Of how many counters a book remembers the last sheet."""


def numbering_kind() -> Kind:
    """What a book needs to know of counters: they have no facts and no keys."""
    return Kind("numbering", Numbering, NUMBERING_EVENTS, (), lambda matter: (), lambda matter: ())


class NumberUse(enum.StrEnum):
    """What became of a number.

    ``USED``: it was given out and stands on a case. ``OPEN``: it was given out, and stands on none
    yet. ``VOIDED``: it will stand on none. ``TAKEN``: it stood on a case before it could be given out.
    """

    USED = "used"
    OPEN = "open"
    VOIDED = "voided"
    TAKEN = "taken"


@frozen
class CountedNumber:
    """One number of a counter.

    Attributes:
        serial: The running number.
        use: What became of it.
        reference: The number as it was printed; ``None`` for one that was taken.
        case: The id of the case that it stands on, if that is known.
    """

    serial: int
    use: NumberUse
    reference: str | None = None
    case: str | None = None


class Numbers:
    """The part of a casebook that gives out numbers."""

    store: Store
    _folder: Folder
    _sheets: dict[Counter, Numbering] | None = None
    """The last sheet of each counter as this book saw it: a guess, which every commit checks."""

    @abstractmethod
    def save(self, matter: Matter, *, keys: Sequence[Key] = (), release: Sequence[Key] = ()) -> Matter:
        """As ``Casebook.save``."""

    @abstractmethod
    def add_all(self, matters: Iterable[tuple[Matter, Sequence[Key]]]) -> int:
        """As ``Casebook.add_all``."""

    def reserve_reference(
        self, centre: str, pattern: ReferencePattern, *, at: When, by: str, fields: Mapping[str, str] | None = None
    ) -> str:
        """The next number of a centre, as it is printed; from then on it is given out.

        Each centre counts by itself, each pattern by its name, and each year from 1, if the pattern holds
        one. Any number of threads and programs may ask at the same time: they get 1, 2, 3, …, each number
        once and none left out. A number that a case of the centre has already, in whatever spelling of the
        pattern, is passed over and counts as given out. Between this call and the saving of the case another
        program may still import a case with the same number: then saving raises ``KeyTaken``; reserve again.

        A number that is given out and not used stays given out. Say so with ``void_reference``; it is never
        given out again.

        Args:
            centre: The id of the centre.
            pattern: How its numbers are written.
            at: When; its local date says the year.
            by: The account that asks.
            fields: The texts in the number beside the year, such as ``{"place": "晋医"}``.

        Raises:
            InvalidValue: The time is unknown, and the pattern holds a year.
            InvalidReference: A field is missing, or holds what the pattern could not read back.
            StoreReadOnly, StoreError: Nothing was given out.
        """
        texts = dict(fields or {})
        counter = Counter(checked_id(centre), pattern.name, _year(pattern, at))
        first = pattern.make(serial=1, year=counter.year, **texts)
        sheet = self._remembered().get(counter) or self._last_sheet(counter)
        while True:
            reference = self._free(counter, pattern, first, 1 if sheet is None else sheet.last + 1)
            text = pattern.print(reference)
            changed = _given_out(counter, sheet, reference.serial, text, at, by)
            try:
                self.add_all((each, ()) for each in changed)
            except VersionConflict:
                # Somebody else was given a number: look at what there is now.
                sheet = self._last_sheet(counter, -1 if sheet is None else sheet.number)
                continue
            self._remember(counter, changed[-1].saved())
            return text

    def void_reference(
        self,
        centre: str,
        pattern: ReferencePattern,
        reference: str,
        *,
        at: When,
        by: str,
        reason: str | None = None,
        note: str | None = None,
    ) -> None:
        """Note that a number which was given out will stand on no case. It is not given out again.

        Raises:
            InvalidReference: It is not of the pattern.
            NotFound: It was not given out: its serial was not, or was with other texts.
            IllegalMove: It stands on a case, or that was noted before.
        """
        read = pattern.parse(reference)
        counter = Counter(checked_id(centre), pattern.name, read.year)
        if self._case_with(centre, pattern, read) is not None:
            raise IllegalMove("used", "void", (), "a case of the centre has that number")
        while True:
            sheet = self._sheet(counter, sheet_of(read.serial))
            given = None if sheet is None else sheet.reserved.get(read.serial)
            # All texts share a counter: the serial alone does not say that it is the number which was given out.
            if sheet is None or given is None or not _is_same(pattern, given.reference, read):
                raise NotFound("That number was not given out. Only what was can be voided.")
            try:
                self.save(sheet.void(read.serial, at=at, by=by, reason=reason, note=note))
                return
            except VersionConflict:
                continue

    def counted_references(
        self, centre: str, pattern: ReferencePattern, year: int | None = None
    ) -> Iterator[CountedNumber]:
        """Every number of a counter, from 1 on, with what became of it: none is missing, and none stays open unseen.

        Args:
            centre: The id of the centre.
            pattern: How its numbers are written.
            year: The year, if the pattern holds one.
        """
        counter, number = Counter(checked_id(centre), pattern.name, year), 0
        while (sheet := self._sheet(counter, number)) is not None:
            reserved, voided = sheet.reserved, sheet.voided
            for serial in range(sheet.begun.first, sheet.last + 1):
                if serial not in reserved:
                    yield CountedNumber(serial, NumberUse.TAKEN)
                    continue
                text = reserved[serial].reference
                case = self._case_of(centre, pattern, text)
                use = NumberUse.VOIDED if serial in voided else NumberUse.OPEN if case is None else NumberUse.USED
                yield CountedNumber(serial, use, text, case)
            number += 1

    def _free(self, counter: Counter, pattern: ReferencePattern, like: Reference, serial: int) -> Reference:
        """The first number from *serial* on that no case has."""
        while True:
            reference = attrs.evolve(like, serial=serial)
            if self._case_with(counter.centre, pattern, reference) is None:
                return reference
            serial += 1

    def _case_with(self, centre: str, pattern: ReferencePattern, reference: Reference) -> str | None:
        keys = (case_no_key(centre, text) for text in pattern.written(reference))
        return next((case for key in keys if (case := self.store.key(key.kind, key.value)) is not None), None)

    def _case_of(self, centre: str, pattern: ReferencePattern, text: str) -> str | None:
        if pattern.matches(text):
            return self._case_with(centre, pattern, pattern.parse(text))
        # The pattern was written otherwise when it was given out.
        key = case_no_key(centre, text)
        return self.store.key(key.kind, key.value)

    def _remembered(self) -> dict[Counter, Numbering]:
        if self._sheets is None:
            self._sheets = {}
        return self._sheets

    def _remember(self, counter: Counter, sheet: Numbering) -> None:
        known = self._remembered()
        if len(known) >= REMEMBERED and counter not in known:
            known.clear()
        known[counter] = sheet

    def _last_sheet(self, counter: Counter, there: int = -1) -> Numbering | None:
        """The last sheet of a counter; *there* is the number of one that exists."""
        found: dict[int, Numbering | None] = {-1: None}

        def sheet(number: int) -> Numbering | None:
            if number not in found:
                found[number] = self._sheet(counter, number)
            return found[number]

        # Sheets follow each other without a gap: the last is found in steps that double, and then halve.
        step = 1
        while sheet(there + step) is not None:
            there, step = there + step, step * 2
        while step > 1:
            step //= 2
            if sheet(there + step) is not None:
                there += step
        return sheet(there)

    def _sheet(self, counter: Counter, number: int) -> Numbering | None:
        id = counter.sheet_id(number)
        entries = self.store.entries(id)
        return Numbering.fold(id, self._folder.events(entries)) if entries else None


def _year(pattern: ReferencePattern, at: When) -> int | None:
    if not pattern.has_year:
        return None
    if at.local_date is None:
        raise InvalidValue("an unknown time, and the number holds a year", path="$.at", remedy="Give a day.")
    return pattern.fiscal.year_of(at.local_date)


def _is_same(pattern: ReferencePattern, given: str, asked: Reference) -> bool:
    return pattern.matches(given) and pattern.parse(given).identity == asked.identity


def _given_out(counter: Counter, last: Numbering | None, serial: int, text: str, at: When, by: str) -> list[Numbering]:
    """The sheets that change when *serial* is given out, and all numbers before it are taken; its own is the last."""
    sheet = Numbering.begin(counter, 0, at=at, by=by) if last is None else last
    changed = []
    while True:
        if sheet.is_full:
            changed.append(sheet)
            sheet = Numbering.begin(counter, sheet.number + 1, at=at, by=by)
        if sheet.last + 1 == serial:
            return [*changed, sheet.reserve(text, at=at, by=by)]
        sheet = sheet.take(min(serial - 1, sheet.ends), at=at, by=by)
