"""Filling a book with a simulation."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

import attrs

from community_mediation.casebook import Casebook
from community_mediation.domain.case import Case
from community_mediation.domain.matter import Matter
from community_mediation.errors import InvalidValue, MediationError, StoreError, StoreFull, StoreLocked, VersionConflict
from community_mediation.simulate.clock import Clock
from community_mediation.simulate.registers import registers
from community_mediation.simulate.scenario import Scenario
from community_mediation.simulate.stream import cases, saves
from community_mediation.simulate.wall import Wall

BATCH = 500
"""At most so many matters are saved in one commit."""

Progress = Callable[[int, int], None]
"""Is told after every commit how many cases are in the book, and how many there will be."""


@attrs.frozen(kw_only=True)
class Filled:
    """What a simulation wrote.

    Attributes:
        records: Centres, mediators and persons.
        cases: Cases.
        saves: How often a case was saved.
    """

    records: int
    cases: int
    saves: int


def fill(
    book: Casebook,
    scenario: Scenario,
    *,
    clock: Clock | None = None,
    add: bool = False,
    progress: Progress | None = None,
) -> Filled:
    """Write a simulation into a book, in batches of bounded size.

    With the *clock* with which the book was opened, the book is lived through: a case is saved on each day on which
    something of it is recorded, and ``known_at`` tells what the book knew on any simulated day. Saves of one day share
    a commit, and have the time of its last. Without, every case is saved once, whole, as of now: much faster.

    Args:
        book: Where to write.
        scenario: What to simulate.
        clock: That of the book, to be set to the simulated time.
        add: Write into a book that holds cases already.
        progress: Is told how far it is.

    Raises:
        InvalidValue: The book holds cases already; the clock is not that of the book.
        VersionConflict: The book holds a simulation with this seed already, or a part of one.
        StoreError: The store failed; what was committed before stays.

    Whatever stops it after its first commit leaves half a simulation in the book, and says so: an error of this
    library in its message, anything else, such as ``KeyboardInterrupt``, in a note.
    """
    if not add and book.find("case", limit=1).rows:
        raise InvalidValue(
            "the book holds cases already",
            remedy="Take an empty one. Or add to it on purpose (add=True, or --add), with another seed: the same seed "
            "makes the same ids.",
        )
    if clock is not None and book._clock is not clock:
        raise InvalidValue("the book has another clock", path="$.clock", remedy="Open it with clock=clock.")
    before = book.store.head().position
    try:
        return _at_once(book, scenario, progress) if clock is None else _lived(book, scenario, clock, progress)
    except MediationError as error:
        error.args = (_said(error, _left(book, before)), *error.args[1:])
        raise
    except BaseException as error:
        if left := _left(book, before):
            error.add_note(left)
        raise


def _left(book: Casebook, before: int) -> str:
    """What a simulation that was stopped leaves behind; nothing if it wrote nothing."""
    try:
        if book.store.head().position == before:
            return ""
        count = sum(1 for _ in book.facts("case", columns=["matter_id"]).rows())
    except StoreError:
        return "The book may have half a simulation in it, which is not gone on with: begin anew, in another book."
    held = f"{count:,} {'case' if count == 1 else 'cases'}"
    return f"The book holds {held} now, and half a simulation, which is not gone on with: begin anew, in another book."


def _said(error: MediationError, left: str) -> str:
    """What an error of the book means for a simulation."""
    said = str(error)
    if isinstance(error, VersionConflict) and error.expected == 0:
        said = (
            f"The book holds matter {error.matter_id} already: the same seed makes the same ids. Take another seed. "
            "What was stopped half-way is not completed so: begin it anew, in another book."
        )
    elif left and isinstance(error, StoreFull):
        # A store says of its commit that nothing was written, and that it may be tried again.
        said = "There is no room left for the casebook."
    elif left and isinstance(error, StoreLocked):
        said = "Another program is writing the casebook."
    return f"{said} {left}".rstrip()


def _lived(book: Casebook, scenario: Scenario, clock: Clock, progress: Progress | None) -> Filled:
    records = done = written = 0
    wall = Wall(scenario)
    for moment, batch in _days(saves(scenario)):
        clock.set(wall.instant(moment))
        book.add_all((matter, ()) for matter in batch)
        some = [matter for matter in batch if isinstance(matter, Case)]
        records += len(batch) - len(some)
        written += len(some)
        done += sum(not case.history for case in some)
        if progress is not None:
            progress(done, scenario.cases)
    return Filled(records=records, cases=done, saves=written)


def _at_once(book: Casebook, scenario: Scenario, progress: Progress | None) -> Filled:
    records = book.add_many(record for _, record in registers(scenario))
    tell = None if progress is None else lambda done: progress(done, scenario.cases)
    count = book.add_many(cases(scenario), progress=tell)
    return Filled(records=records, cases=count, saves=count)


def _days(saves: Iterable[tuple[dt.datetime, Matter]]) -> Iterator[tuple[dt.datetime, list[Matter]]]:
    """Saves in batches: of one day each, and never one matter twice."""
    batch: list[Matter] = []
    moment: dt.datetime | None = None
    for at, matter in saves:
        if moment is not None and (at.date() != moment.date() or len(batch) == BATCH):
            yield moment, batch
            batch = []
        batch.append(matter)
        moment = at
    if moment is not None:
        yield moment, batch
