"""Moving house: a book copied into another store, where every entry keeps its position, its time and its hash.

Positions and hashes come out the same because what the source committed at once is committed at once again, in the
same order, by a target whose clock shows when the source recorded it. So anchors that were kept outside stay good.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from community_mediation.casebook.folding import PAGE, Folder, Unfolding, rebuilt
from community_mediation.casebook.verifying import anchor_text, check_facts, journal_to, verify
from community_mediation.domain.frozen import frozen
from community_mediation.domain.ledger import BOOK, SubjectsErased
from community_mediation.errors import (
    AnotherBook,
    KeyTaken,
    MediationError,
    StoreDamaged,
    StoreLocked,
    VersionConflict,
    about,
    add_sentence,
)
from community_mediation.facts.schema import FactsRow, FactsSchema, RowRef
from community_mediation.ports import GENESIS, Change, Entry, Head, Identified, Key, Store, entry_hash, system_clock

ROUNDS: Final = 100
"""How often a copy looks for what was written since it last looked."""

REMEMBERED: Final = 2000
"""Of how many matters a copy remembers the facts while their next entry may come."""

CHECKS: Final = 3
"""How often an entry of the copy is read again when it is verified: for the journal, the facts and the keys."""

LOOKS_BACK: Final = 4
"""At how many past positions the facts of a copy are compared with its journal, beside its end."""

SOURCE: Final = "The book to copy from"
TARGET: Final = "The store to copy into"
"""How errors call the two: a store's own words do not say which it is, and its URL may hold a password."""

Progress = Callable[[int, int], None]


@frozen
class Copied:
    """What a copy came to.

    Attributes:
        entries: How many entries the target holds: all that the source held when the copy ended.
        new: How many of them this run wrote.
        anchor: The end of both journals, ``position:hash``.
        unread: Kinds that no enabled plugin brings -> how many of their entries this run copied as they are. They
            have no facts in the target before the plugin is enabled there and the facts are rebuilt.
        verified: Whether the whole copy was read again.
    """

    entries: int
    new: int
    anchor: str
    unread: Mapping[str, int]
    verified: bool


class ReplayClock:
    """The clock of a store that is copied into: it shows when the source recorded what is being copied."""

    def __init__(self) -> None:
        self.moment: dt.datetime | None = None

    def __call__(self) -> dt.datetime:
        """The moment."""
        return system_clock() if self.moment is None else self.moment


def copy(
    source: Store,
    target: Store,
    clock: ReplayClock,
    folder: Folder,
    schemas: Sequence[FactsSchema],
    *,
    check: bool = True,
    progress: Progress | None = None,
) -> Copied:
    """Copy *source* into *target*, which was opened with *clock*, or go on with a copy that was begun.

    Raises:
        AnotherBook, StoreLocked, StoreDamaged: As ``Casebook.copy_to`` says.
    """
    if (identity := _identity(source, SOURCE)) is not None and identity == _identity(target, TARGET):
        raise AnotherBook(f"{TARGET} is that of the book itself. Nothing was written. Name another one.")
    start = _begun(source, target)
    with about(TARGET):
        if target.prepare(schemas):
            rebuilt(target, folder)
    move = _Move(source, target, clock, folder, start)
    times = 1 + CHECKS if check else 1

    def tell(done: int) -> None:
        if progress is not None:
            progress(done, times * max(end.position, start.position))

    findings: Sequence[str] = ()
    with move.what_stays():
        move.finish_erasure()
        for _ in range(ROUNDS):
            with about(SOURCE):
                end = source.head()
            if end.position <= move.at.position:
                break
            move.go_on(end, tell)
        else:
            with about(SOURCE):
                raise StoreLocked("Others write into this book as fast as it is copied. Go on when fewer write.")
        ends_alike = _end_alike(source, target, move.at)
        if check and ends_alike:
            findings = _findings(source, target, folder, lambda done: tell(move.at.position + done))
    # What was copied is of no use then, so nothing is said of what stays.
    if not ends_alike:
        raise StoreDamaged("The journal of the copy does not end as that of the book. Remove the copy, and copy again.")
    if findings:
        more = f" There are {len(findings) - 1} more findings." if len(findings) > 1 else ""
        raise StoreDamaged(
            f"The copy is not whole. {findings[0]}{more} Run verify on the book that was copied: if that is whole, "
            "remove the copy, and copy again."
        )
    return Copied(
        entries=move.at.position,
        new=move.at.position - start.position,
        anchor=anchor_text(move.at),
        unread=dict(move.unread),
        verified=check,
    )


def _identity(store: Store, side: str) -> str | None:
    with about(side):
        return store.identity if isinstance(store, Identified) else None


def _begun(source: Store, target: Store) -> Head:
    """The end of what was copied before.

    Raises:
        AnotherBook: The target holds something else than a beginning of the source. Nothing was written.
    """
    with about(TARGET):
        head = target.head()
    if head.position and _hash_at(source, head.position) != head.hash:
        raise AnotherBook(
            f"{TARGET} holds another book, or a copy that has gone on by itself. Nothing was written. "
            "Copy into a store of its own."
        )
    return head


def _hash_at(source: Store, position: int) -> str | None:
    with about(SOURCE):
        entries = source.log(position - 1, 1)
    return entries[0].hash if entries else None


class _Move:
    """One run of a copy, commit by commit. Whatever ends it, the target holds a beginning of the source."""

    def __init__(self, source: Store, target: Store, clock: ReplayClock, folder: Folder, at: Head) -> None:
        self._source, self._target, self._clock, self._folder = source, target, clock, folder
        self._start = self.at = at
        self._is_copy = True
        self.unread: Counter[str] = Counter()
        self._known: OrderedDict[str, Unfolding] = OrderedDict()
        # Of the commit in the making:
        self._seen = at
        self._kinds: Counter[str] = Counter()
        self._given_up: set[tuple[str, str]] = set()
        self._erased: list[str] = []

    @contextmanager
    def what_stays(self) -> Iterator[None]:
        """Errors that leave the block say how much this run copied before, unless it is of no use."""
        try:
            yield
        except MediationError as error:
            new = self.at.position - self._start.position
            if new and self._is_copy:
                kept = f"{new:,} entries were copied before that and stay"
                if new == 1:
                    kept = "1 entry was copied before that and stays"
                add_sentence(error, f"{kept}: call it again to go on.")
            raise

    def go_on(self, end: Head, tell: Callable[[int], None]) -> None:
        """Copy up to *end*, which is the end of a commit."""
        patience = ROUNDS
        while self.at.position < end.position:
            try:
                for moment, entries in itertools.groupby(self._journal_to(end), key=lambda entry: entry.recorded_at):
                    self._commit(moment, entries)
                    tell(self.at.position)
            except KeyTaken:
                # A key went from one matter to another while this commit was read: read it again.
                patience -= 1
                if not patience:
                    raise
            else:
                if self.at.position < end.position:
                    with about(SOURCE):
                        raise StoreDamaged(
                            f"The journal ends before entry {end.position}. Run verify, restore a backup."
                        )

    def finish_erasure(self) -> None:
        """Erase what the last commit says was erased: a run may have ended between the record and the deed."""
        with about(TARGET):
            last = self._target.log(self.at.position - 1, 1) if self.at.position else ()
            for entry in last:
                self._erase(self._subjects(entry))

    def _journal_to(self, end: Head) -> Iterator[Entry]:
        with about(SOURCE):
            yield from journal_to(self._source, end, self.at.position)

    def _commit(self, moment: dt.datetime, entries: Iterator[Entry]) -> None:
        if self.at.recorded_at is not None and moment <= self.at.recorded_at:
            with about(SOURCE):
                raise StoreDamaged(
                    f"Entry {self.at.position + 1} is recorded no later than the commit before it. "
                    "Run verify, restore a backup."
                )
        self._seen, self._kinds, self._given_up, self._erased = self.at, Counter(), set(), []
        self._clock.moment = moment
        try:
            with about(TARGET):
                done = self._target.commit(map(self._change, entries))
        except VersionConflict:
            # Its words are for somebody who changed a matter.
            raise AnotherBook(
                "Another program writes into the store that is copied into, so this commit was not written. Let the "
                "other end, and copy again."
            ) from None
        if (done.first, done.last, done.recorded_at) != (self.at.position + 1, self._seen.position, moment):
            self._is_copy = False
            raise AnotherBook(
                "Another program writes into the store that is copied into, or the store does not keep the time that "
                "it is given. What it holds is no copy: remove it, and copy into a store of its own."
            )
        self.at = self._seen
        self.unread += self._kinds
        self._erase(self._erased)

    def _erase(self, subjects: Sequence[str]) -> None:
        with about(TARGET):
            for subject in subjects:
                self._target.erase(subject)

    def _change(self, entry: Entry) -> Change:
        with about(SOURCE):
            self._check(entry)
            close, add = self._facts_of(entry)
            take, release = self._keys_of(entry)
            self._erased += self._subjects(entry)
        return Change(
            matter_id=entry.matter_id,
            kind=entry.kind,
            expected=entry.expected,
            version=entry.version,
            body=entry.body,
            private=entry.private,
            close=close,
            add=add,
            keys=take,
            release=release,
        )

    def _check(self, entry: Entry) -> None:
        before = self._seen
        parts = (entry.matter_id, entry.kind, entry.expected, entry.version, entry.recorded_at, entry.body)
        if entry.position != before.position + 1 or entry.hash != entry_hash(before.hash, entry.position, *parts):
            raise StoreDamaged(
                f"Entry {before.position + 1} is not what was recorded, or is gone. Run verify, restore a backup."
            )
        self._seen = Head(entry.position, entry.recorded_at, entry.hash)

    def _facts_of(self, entry: Entry) -> tuple[Sequence[RowRef], Sequence[FactsRow]]:
        kind = self._folder.kinds.get(entry.kind)
        if kind is None:
            self._kinds[entry.kind] += 1
            return (), ()
        if not kind.schemas:
            return (), ()
        known = self._known.pop(entry.matter_id, None)
        if known is None or known.version != entry.expected:
            known = Unfolding(self._folder, kind)
            # Of the source: the target does not show what this commit wrote so far.
            for past in self._source.entries(entry.matter_id, entry.position - 1) if entry.expected else ():
                known.read(past)
        gone, add = known.read(entry)
        self._known[entry.matter_id] = known
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return [row.ref for row in gone], add

    def _keys_of(self, entry: Entry) -> tuple[list[Key], list[Key]]:
        """The keys to take and to give up, so that the matter has those that it has in the source by now.

        Only a matter's own entries and erasures change its keys, so after the last of them it has the right ones. A
        key that another matter still has in the target goes over later, with the entry that took it in the source.
        """
        wanted = self._source.keys(entry.matter_id)
        with about(TARGET):
            held = self._target.keys(entry.matter_id) if entry.expected else ()
        release = [key for key in held if key not in wanted]
        self._given_up.update((key.kind, key.value) for key in release)
        take = [key for key in wanted if key not in held and self._is_free(key, entry.matter_id)]
        return take, release

    def _is_free(self, key: Key, matter_id: str) -> bool:
        with about(TARGET):
            return (key.kind, key.value) in self._given_up or self._target.key(key.kind, key.value) in (None, matter_id)

    def _subjects(self, entry: Entry) -> list[str]:
        if entry.matter_id != BOOK:
            return []
        events = self._folder.opened(entry).events
        return [subject for event in events if isinstance(event, SubjectsErased) for subject in event.subjects]


# ---- verifying


def _end_alike(source: Store, target: Store, end: Head) -> bool:
    with about(TARGET):
        head = target.head()
    known = _hash_at(source, end.position) if end.position else GENESIS
    return head == end and head.hash == known


def _findings(source: Store, target: Store, folder: Folder, tell: Callable[[int], None]) -> Sequence[str]:
    """What is wrong with the copy, read again: its journal or private parts, else its facts or keys.

    With the end that it shares with the source, a journal that verifies is that of the source.
    """
    with about(TARGET):
        end = target.head().position
        found = verify(target, folder, facts=False, progress=tell).findings
        if found:
            return [f"{each.code}: {each.message}" for each in found]
        positions = sorted({end * part // (LOOKS_BACK + 1) for part in range(1, LOOKS_BACK + 2)})
        wrong = check_facts(target, folder, positions, lambda done: tell(end + done))
        others = _other_keys(source, target, lambda done: tell(2 * end + done))
        return [
            *(f"facts: table {table} is wrong." for table in wrong),
            *(f"keys: those of matter {name} are others." for name in others),
        ]


def _other_keys(source: Store, target: Store, tell: Callable[[int], None]) -> Iterator[str]:
    end = target.head()
    for entry in journal_to(target, end):
        name = entry.matter_id
        if entry.expected == 0 and _keys(source, name) != set(target.keys(name)):
            # Unless the matter went on since, or somebody was erased.
            went_on = any(_length(source, each) != len(target.entries(each)) for each in (name, BOOK))
            if not went_on:
                yield name
        if entry.position % PAGE == 0 or entry.position == end.position:
            tell(entry.position)


def _keys(source: Store, matter_id: str) -> set[Key]:
    with about(SOURCE):
        return set(source.keys(matter_id))


def _length(source: Store, matter_id: str) -> int:
    with about(SOURCE):
        return len(source.entries(matter_id))
