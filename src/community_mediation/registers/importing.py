"""Registers in: every row a case, told once, and every row that is not taken told with its reason.

A row is the same case as another if both have the same external id in the same system, else
the same number at the same centre. The same row again adds nothing; a changed row amends the
case; a row that conflicts with what was recorded here since is rejected.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Final

import attrs

from community_mediation.casebook import Casebook, new_id
from community_mediation.casebook.keys import case_no_key, external_key
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Dispute
from community_mediation.domain.events import Amended, Corrected, Registered
from community_mediation.domain.history import in_force
from community_mediation.domain.matter import Matter
from community_mediation.domain.snapshot import DESCRIPTION, Snapshot
from community_mediation.domain.values import When
from community_mediation.errors import Conflict, InvalidInput, InvalidValue, NotFound, RowRejected
from community_mediation.ports import Key
from community_mediation.registers.binding import BoundMapping
from community_mediation.registers.bounds import Bounds
from community_mediation.registers.files import DEFAULT_BOUNDS, read_register
from community_mediation.registers.mapping import RegisterMapping
from community_mediation.registers.mediators import Mediators
from community_mediation.registers.rows import RawRow, RegisterFile, RowProblem
from community_mediation.registers.seen import Seen
from community_mediation.registers.snapshots import RowCase, row_case
from community_mediation.registers.writers import RejectsWriter, open_rejects

CHUNK: Final = 500
KEPT_REJECTIONS: Final = 1000
"""How many rejections a result keeps; all are counted, told to ``on_reject`` and written to the rejects file."""

Progress = Callable[[int, int, int], None]
"""Told now and then: rows read, bytes read, bytes in all."""


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


@attrs.frozen
class _Item:
    row: RawRow
    matter: Case
    keys: tuple[Key, ...]
    before: tuple[Matter, ...]


def import_register(
    book: Casebook,
    path: str | os.PathLike[str],
    *,
    mapping: RegisterMapping | None = None,
    centre: str | None = None,
    zone: str | None = None,
    by: str = "import",
    dry_run: bool = False,
    all_or_nothing: bool = False,
    rejects: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    bounds: Bounds = DEFAULT_BOUNDS,
    progress: Progress | None = None,
    on_reject: Callable[[RowRejected], None] | None = None,
) -> ImportResult:
    """Take a register (CSV, XLSX or JSON Lines) into a book.

    Args:
        book: The book.
        path: The file.
        mapping: How its columns and words become the canonical ones; without it they are canonical already.
        centre: The centre of rows that name none.
        zone: The zone of its times, if the mapping or the centre does not say.
        by: The account that imports.
        dry_run: Write nothing; say what would happen.
        all_or_nothing: With any rejected row, store nothing at all; otherwise everything in one commit.
        rejects: Where to write the rejected rows with what is wrong, to be mended and imported again.
        overwrite: Replace a file of rejects that is there.
        bounds: How much to read before refusing.
        progress: Told now and then how far the reading is.
        on_reject: Told of every problem of every rejected row.

    Raises:
        UnreadableFile, TooLarge: The file as a whole cannot be read.
        InvalidMapping: The mapping does not fit the file, or no zone is known.
        StoreError: The store failed; commits made before it stay, none with ``all_or_nothing``.
    """
    source = mapping or RegisterMapping()
    run = _Run(book, centre=centre, zone=zone, by=by, progress=progress, on_reject=on_reject)
    opened = _opened(source, path, bounds)
    with ExitStack() as stack:
        file = stack.enter_context(opened)
        if rejects is not None:
            run.rejects = stack.enter_context(open_rejects(rejects, file.headings, overwrite=overwrite))
        run.begin(source, file, dry_run=dry_run or all_or_nothing)
        run.read(file)
    if not all_or_nothing or dry_run:
        run.result.dry_run, run.result.stored = dry_run, not dry_run
        return run.result
    if run.result.rejected:
        run.result.stored = False
        return run.result
    again = _Run(book, centre=centre, zone=zone, by=by, progress=None, on_reject=None)
    with _opened(source, path, bounds) as file:
        again.begin(source, file, dry_run=False)
        again.read_at_once(file)
    return again.result


def _opened(mapping: RegisterMapping, path: str | os.PathLike[str], bounds: Bounds) -> RegisterFile:
    return read_register(
        path,
        bounds=bounds,
        encoding=mapping.encoding,
        delimiter=mapping.delimiter,
        sheet=mapping.sheet,
        header_row=mapping.header_row,
    )


class _Run:
    """One reading of a file."""

    def __init__(
        self,
        book: Casebook,
        *,
        centre: str | None,
        zone: str | None,
        by: str,
        progress: Progress | None,
        on_reject: Callable[[RowRejected], None] | None,
    ) -> None:
        self.book, self.centre, self.zone, self.by = book, centre, zone, by
        self.progress, self.on_reject = progress, on_reject
        self.rejects: RejectsWriter | None = None
        self.result = ImportResult(file="")

    def begin(self, mapping: RegisterMapping, file: RegisterFile, *, dry_run: bool) -> None:
        """Hold the mapping against the file."""
        self.bound: BoundMapping = mapping.bind(
            file.headings, zone=self.zone, centre=self.centre, zone_for_centre=self._zone_of
        )
        self.columns = frozenset({*self.bound.columns, *mapping.constants})
        self.now = self.book.now()
        self.dry_run = dry_run
        self.result = ImportResult(file=file.name, notices=tuple(self._notices()))
        self.mediators = Mediators(self.book, self.by, When.at(self.now), dry_run=dry_run)

    def _notices(self) -> Iterator[str]:
        if self.bound.unused:
            names = ", ".join(repr(each) for each in self.bound.unused)
            yield f"Not imported: {names}. Map these headings, or list them under ignore in the mapping."

    def _zone_of(self, centre: str) -> str | None:
        try:
            details = self.book.get("_".join(centre.split())).details
        except (NotFound, AttributeError):
            return None
        zone: str | None = getattr(details, "zone", None)
        return zone

    def read(self, file: RegisterFile) -> None:
        """Take the rows some hundreds a commit; in a dry run, only look."""
        chunk: list[_Item] = []
        for item in self._items(file):
            chunk.append(item)
            if len(chunk) == CHUNK:
                self._commit(chunk)
                chunk = []
        self._commit(chunk)

    def read_at_once(self, file: RegisterFile) -> None:
        """Take all rows in one commit.

        Raises:
            RowRejected: The file has changed since it was checked. Nothing is stored.
        """

        def matters() -> Iterator[tuple[Matter, tuple[Key, ...]]]:
            for item in self._items(file):
                for matter in item.before:
                    yield matter, self.mediators.keys_of(matter)
                yield item.matter, item.keys
            if self.result.rejections:
                raise self.result.rejections[0]

        self.book.add_all(matters())

    def _commit(self, chunk: list[_Item]) -> None:
        if self.dry_run or not chunk:
            return
        try:
            self.book.add_all(
                (matter, keys)
                for item in chunk
                for matter, keys in (
                    *((matter, self.mediators.keys_of(matter)) for matter in item.before),
                    (item.matter, item.keys),
                )
            )
        except Conflict:
            # Another program wrote meanwhile. Row by row, only the rows that it touched are turned away.
            self.mediators.forget()
            for item in chunk:
                self._commit_alone(item)

    def _commit_alone(self, item: _Item) -> None:
        is_new = not item.matter.history
        try:
            self.book.add_all(
                [*((matter, self.mediators.keys_of(matter)) for matter in item.before), (item.matter, item.keys)]
            )
        except Conflict:
            if is_new:
                self.result.added -= 1
            else:
                self.result.amended -= 1
            self._reject(
                item.row, [RowProblem(None, "another program recorded this case meanwhile", "Import the file again.")]
            )

    def _items(self, file: RegisterFile) -> Iterator[_Item]:
        with Seen() as seen:
            for row in file:
                self.result.rows += 1
                if self.progress is not None and self.result.rows % CHUNK == 0:
                    self.progress(self.result.rows, file.bytes_read, file.size)
                item = self._item(row, seen)
                if item is not None:
                    yield item
        if self.progress is not None:
            self.progress(self.result.rows, file.size, file.size)

    def _item(self, row: RawRow, seen: Seen) -> _Item | None:
        mark = self.mediators.mark()
        try:
            return self._taken(row, seen)
        except _Refused as refused:
            problems = refused.problems
        except InvalidValue as error:
            name = error.path.removeprefix("$.").split(".")[-1].split("[")[0]
            heading = self.bound.columns.get(name)
            problems = [RowProblem(heading, error.problem, error.remedy or "Mend the row.")]
        except InvalidInput as error:
            problems = [RowProblem(None, str(error).rstrip("."), "Mend the row.")]
        self.mediators.take_back(mark)
        self._reject(row, problems)
        return None

    def _taken(self, row: RawRow, seen: Seen) -> _Item | None:
        """What a row adds or changes; ``None`` if the book knows it all.

        Raises:
            InvalidInput: The row cannot be taken.
        """
        values, problems = self.bound.values(row)
        if problems:
            raise _Refused(problems)
        named = self.mediators.ids(values.get("mediators", ()), str(values.get("centre", "")))
        told = row_case(values, columns=self.columns, own=self.bound.own, mediators=named, now=self.now)
        keys = self._keys(told)
        if earlier := seen.before(keys, row.number):
            raise _Refused([RowProblem(None, f"row {earlier} is the same case", "Keep one row a case.")])
        holders = {holder for key in keys if (holder := self.book.holder(key)) is not None}
        if len(holders) > 1:
            raise _Refused(
                [RowProblem(None, "its two numbers belong to two cases of the book", "Mend the number that is wrong.")]
            )
        matter = self._amended(told, self.book.get(holders.pop())) if holders else self._new(told)
        if matter is None:
            self.result.unchanged += 1
            self.mediators.take_back(0)
            return None
        if matter.history:
            self.result.amended += 1
        else:
            self.result.added += 1
        return _Item(row, matter, (), self.mediators.taken())

    @staticmethod
    def _keys(told: RowCase) -> tuple[Key, ...]:
        keys = []
        if told.external is not None:
            keys.append(external_key(told.external))
        if told.reference is not None:
            keys.append(case_no_key(told.centre, told.reference))
        return tuple(keys)

    def _new(self, told: RowCase) -> Case:
        return Case.register(
            id=new_id(),
            centre=told.centre,
            snapshot=told.snapshot,
            at=told.reported,
            by=self.by,
            reference=told.reference,
            external=told.external,
        )

    def _amended(self, told: RowCase, case: Case) -> Case | None:
        known = in_force(case.events)[0][1]
        if not isinstance(known, Registered):
            raise _conflict("the case is lived through in this book")
        if (known.centre, known.reference, known.external) != (told.centre, told.reference, told.external):
            raise _conflict("the same case has another number or centre in the book")
        changed = _changes(known.snapshot, told.snapshot)
        moved = known.at != told.reported
        live = [event for event in case.events[1:] if not _of_the_register(event)]
        if live:
            course = [name for name in changed if name not in DESCRIPTION and name != "observed"]
            course += ["reported_at"] if moved else []
            if course:
                raise _conflict(
                    f"{len(live)} steps were recorded here since, and the row changes {', '.join(sorted(course))}"
                )
            changed = [name for name in changed if name in DESCRIPTION]
        if not changed and not moved:
            return None
        return case.amend(
            at=When.at(self.now),
            by=self.by,
            snapshot=_only(told.snapshot, changed),
            fields=changed,
            reported=told.reported if moved else None,
        )

    def _reject(self, row: RawRow, problems: list[RowProblem]) -> None:
        self.result.rejected += 1
        for problem in problems:
            rejection = problem.rejection(self.result.file, row.number)
            if len(self.result.rejections) < KEPT_REJECTIONS:
                self.result.rejections.append(rejection)
            if self.on_reject is not None:
                self.on_reject(rejection)
        if self.rejects is not None:
            self.rejects.write(row, problems)


def _of_the_register(event: object) -> bool:
    return isinstance(event, Amended) or (isinstance(event, Corrected) and event.target == 1)


def _changes(old: Snapshot, new: Snapshot) -> list[str]:
    return [field.name for field in attrs.fields(Snapshot) if getattr(old, field.name) != getattr(new, field.name)]


def _only(snapshot: Snapshot, names: list[str]) -> Snapshot:
    """The named fields of a snapshot, and no more of a person than they say."""
    given = {name: getattr(snapshot, name) for name in names}
    given.setdefault("dispute", Dispute(type=snapshot.dispute.type))
    return Snapshot(**given)


class _Refused(InvalidInput):
    """A row that is not taken, with all that is wrong."""

    def __init__(self, problems: list[RowProblem]) -> None:
        self.problems = problems
        super().__init__(problems[0].problem)


def _conflict(problem: str) -> _Refused:
    return _Refused([RowProblem(None, problem, "Correct the case in the book, or leave the row out.")])
