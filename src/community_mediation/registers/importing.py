"""Registers in: every row a case, told once, and every row that is not taken told with its reason.

A row is the same case as another if both have the same external id in the same system, else
the same number at the same centre. The same row again adds nothing; a changed row amends the
case; a row that conflicts with what was recorded here since is rejected.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any, Final

import attrs

from community_mediation.casebook import Casebook, new_id
from community_mediation.casebook.house_rules import may_hold_identity_number
from community_mediation.domain.case import Case
from community_mediation.domain.matter import Matter
from community_mediation.domain.values import When
from community_mediation.errors import (
    Conflict,
    InvalidInput,
    InvalidValue,
    NotFound,
    RowRejected,
    StoreError,
    add_sentence,
)
from community_mediation.ports import Key
from community_mediation.registers.ahead import CHUNK, Ahead, in_chunks, keys_of
from community_mediation.registers.amending import amended
from community_mediation.registers.binding import BoundMapping
from community_mediation.registers.bounds import Bounds
from community_mediation.registers.columns import OWN
from community_mediation.registers.files import DEFAULT_BOUNDS
from community_mediation.registers.mapping import RegisterMapping
from community_mediation.registers.mediators import Mediators
from community_mediation.registers.refusing import (
    Refused,
    added_text,
    keep,
    long_text,
    nuls,
    refuse_identity_numbers,
    told_of,
)
from community_mediation.registers.results import KEPT_REJECTIONS, ImportResult
from community_mediation.registers.rows import RawRow, RegisterFile, RowProblem
from community_mediation.registers.seen import Seen
from community_mediation.registers.snapshots import RowCase, by_name, contradictions, numbers, row_case
from community_mediation.registers.writers import LazyRejects

_TRIES: Final = 5
"""How often a row is tried again when others write at the same time."""

Progress = Callable[[int, int, int], None]
"""Told now and then: rows read, bytes read, bytes in all."""


@attrs.frozen
class _Item:
    row: RawRow
    matter: Case
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
    opened = source.read(path, bounds=bounds)
    with ExitStack() as stack:
        file = stack.enter_context(opened)
        if rejects is not None:
            run.rejects = LazyRejects(stack, rejects, file.headings, overwrite=overwrite)
        run.begin(source, file, dry_run=dry_run or all_or_nothing)
        run.read(file)
    if not all_or_nothing or dry_run:
        run.result.dry_run, run.result.stored = dry_run, not dry_run
        return run.result
    if run.result.rejected:
        run.result.stored = False
        return run.result
    again = _Run(book, centre=centre, zone=zone, by=by, progress=None, on_reject=None)
    with source.read(path, bounds=bounds) as file:
        again.begin(source, file, dry_run=False)
        if run.names_mediators:
            again.mediators.ready()
        again.read_at_once(file)
    return again.result


def check_register(
    path: str | os.PathLike[str],
    *,
    mapping: RegisterMapping | None = None,
    centre: str | None = None,
    zone: str | None = None,
    bounds: Bounds = DEFAULT_BOUNDS,
) -> None:
    """Look whether a file and its mapping fit each other, before a book is made for it.

    Raises:
        UnreadableFile, TooLarge, InvalidMapping: As ``import_register`` would, for a book that knows no centre.
    """
    source = mapping or RegisterMapping()
    with source.read(path, bounds=bounds) as file:
        source.bind(file.headings, zone=zone, centre=centre)


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
        self.rejects: LazyRejects | None = None
        self.names_mediators = False
        self.committed = self.written = 0
        self.result = ImportResult(file="")

    def begin(self, mapping: RegisterMapping, file: RegisterFile, *, dry_run: bool) -> None:
        """Hold the mapping against the file."""
        self.bound: BoundMapping = mapping.bind(
            file.headings, zone=self.zone, centre=self.centre, zone_for_centre=self._zone_of
        )
        self.own = by_name(self.bound.own)
        self.columns = frozenset({*self.bound.columns, *mapping.constants, *(OWN + each.name for each in self.own)})
        now = self.book.now()
        self.at = When.at(now)
        # Registers know days.
        self.latest = now + dt.timedelta(days=1)
        # Of the identity numbers that a case might tell, those in cells are looked for row by row.
        self.adds_digits = may_hold_identity_number(added_text(mapping, file.headings, self.centre, self.by))
        self.dry_run = dry_run
        self.began_empty = self.book.store.head().position == 0
        self.result = ImportResult(file=file.name, notices=tuple(self._notices()))
        self.mediators = Mediators(self.book, self.by, self.at, dry_run=dry_run)

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
                self._commit(chunk, file.name)
                chunk = []
        self._commit(chunk, file.name)

    def read_at_once(self, file: RegisterFile) -> None:
        """Take all rows in one commit.

        Raises:
            RowRejected: The file has changed since it was checked. Nothing is stored.
        """

        def matters() -> Iterator[tuple[Matter, tuple[Key, ...]]]:
            for item in self._items(file):
                yield from self._pairs(item)
            if self.result.rejections:
                raise self.result.rejections[0]

        self.book.add_all(matters())

    def _commit(self, chunk: list[_Item], name: str) -> None:
        if self.dry_run or not chunk:
            return
        try:
            try:
                self.written += self.book.add_all(pair for item in chunk for pair in self._pairs(item))
                self.committed += len(chunk)
            except Conflict:
                # Another program wrote meanwhile. Row by row, only the rows that it touched are turned away.
                self.mediators.forget()
                for item in chunk:
                    self._commit_alone(item)
        except StoreError as error:
            kept = (
                f"{name}: {self.committed:,} cases were recorded before that and stay. Import the file again to go on."
            )
            add_sentence(error, kept)
            raise

    def _pairs(self, item: _Item) -> Iterator[tuple[Matter, tuple[Key, ...]]]:
        for matter in item.before:
            yield matter, self.mediators.keys_of(matter)
        yield item.matter, ()

    def _commit_alone(self, item: _Item) -> None:
        for _ in range(_TRIES):
            try:
                # Its mediators may be those that the other program, or an earlier row, has recorded by now.
                fresh = self._again(item)
                if fresh is None:
                    break
                self.written += self.book.add_all(self._pairs(fresh))
                self.committed += 1
                return
            except Conflict:
                self.mediators.forget()
        if item.matter.history:
            self.result.amended -= 1
        else:
            self.result.added -= 1
        self._reject(
            item.row, [RowProblem(None, "another program recorded this case meanwhile", "Import the file again.")]
        )

    def _again(self, item: _Item) -> _Item | None:
        """The item as the book is now; ``None`` if someone touched its case."""
        values, _ = self.bound.values(item.row)
        told = self._told(values)
        holders = set(self._holders(keys_of(numbers(values))).values())
        matter: Case | None = None
        if not item.matter.history and not holders:
            matter = self._new(told)
        elif item.matter.history and holders == {item.matter.id}:
            matter = amended(self.book, told, item.matter.id, at=self.at, by=self.by)
        if matter is None or matter.version != item.matter.version:
            self.mediators.take_back(0)
            return None
        return _Item(item.row, matter, self.mediators.taken())

    def _holders(self, keys: Iterable[Key]) -> dict[Key, str]:
        """The cases that hold keys."""
        return {key: holder for key in keys if (holder := self.book.holder(key)) is not None}

    def _all_told_here(self) -> bool:
        """Whether the journal holds nothing but what this run wrote, and the book's secret: ``Seen`` knows its keys."""
        if not self.began_empty:
            return False
        return self.book.store.head().position == self.written + self.book.has_secret()

    def _items(self, file: RegisterFile) -> Iterator[_Item]:
        with Seen() as seen:
            for rows in in_chunks(file):
                chunk = [self._ahead(row) for row in rows]
                keys = [key for each in chunk for key in each.keys]
                seen.look_ahead(keys)
                holders = {} if self._all_told_here() else self._holders(keys)
                for each in chunk:
                    self.result.rows += 1
                    if self.progress is not None and self.result.rows % CHUNK == 0:
                        self.progress(self.result.rows, file.bytes_read, file.size)
                    item = self._item(each, seen, holders)
                    if item is not None:
                        yield item
        if self.progress is not None:
            self.progress(self.result.rows, file.size, file.size)

    def _ahead(self, row: RawRow) -> Ahead:
        values, problems = self.bound.values(row)
        problems += nuls(row)
        problems += (told_of(error, self.bound) for error in contradictions(values, self.latest))
        if not problems:
            try:
                return Ahead(row, values, (), keys_of(numbers(values)))
            except InvalidValue as error:
                problems.append(told_of(error, self.bound))
        # Two columns may come from one heading; what is wrong with it is told once.
        return Ahead(row, values, list(dict.fromkeys(problems)))

    def _item(self, ahead: Ahead, seen: Seen, holders: Mapping[Key, str]) -> _Item | None:
        mark = self.mediators.mark()
        try:
            return self._taken(ahead, seen, holders)
        except Refused as refused:
            problems = refused.problems
        except InvalidValue as error:
            problems = [told_of(error, self.bound)]
        except InvalidInput as error:
            problems = [RowProblem(None, str(error).rstrip("."), "Mend the row.")]
        self.mediators.take_back(mark)
        self._reject(ahead.row, problems)
        return None

    def _taken(self, ahead: Ahead, seen: Seen, holders: Mapping[Key, str]) -> _Item | None:
        """What a row adds or changes; ``None`` if the book knows it all.

        Raises:
            InvalidInput: The row cannot be taken.
        """
        row = ahead.row
        if ahead.problems:
            raise Refused(ahead.problems)
        told = self._told(ahead.values)
        if earlier := seen.before(ahead.keys, row.number):
            raise Refused([RowProblem(None, f"row {earlier} is the same case", "Keep one row a case.")])
        held = {holders[key] for key in ahead.keys if key in holders}
        if len(held) > 1:
            raise Refused(
                [RowProblem(None, "its two numbers belong to two cases of the book", "Mend the number that is wrong.")]
            )
        matter = amended(self.book, told, held.pop(), at=self.at, by=self.by) if held else self._new(told)
        if matter is None:
            self.result.unchanged += 1
            self.mediators.take_back(0)
            return None
        if self.adds_digits or may_hold_identity_number(long_text(row)):
            refuse_identity_numbers(row, matter, self.bound.columns)
        if matter.history:
            self.result.amended += 1
        else:
            self.result.added += 1
        return _Item(row, matter, self.mediators.taken())

    def _told(self, values: Mapping[str, Any]) -> RowCase:
        named = self.mediators.ids(values.get("mediators", ()), str(values.get("centre", "")))
        self.names_mediators = self.names_mediators or bool(named)
        return row_case(values, columns=self.columns, own=self.own, mediators=named)

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

    def _reject(self, row: RawRow, problems: list[RowProblem]) -> None:
        self.result.rejected += 1
        for problem in problems:
            rejection = problem.rejection(self.result.file, row.number)
            if len(self.result.rejections) < KEPT_REJECTIONS:
                self.result.rejections.append(rejection)
            if self.on_reject is not None:
                self.on_reject(rejection)
        if self.rejects is not None:
            keep(row, problems, self.rejects)
