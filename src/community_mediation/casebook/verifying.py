"""Whether the journal is whole: the chain, the digests, the erasures, and the facts derived from it."""

import hashlib
from collections.abc import Callable, Iterator, Sequence

from community_mediation.casebook.folding import PAGE, Folder, Progress, counted, matters_of
from community_mediation.codec import digest
from community_mediation.domain.frozen import frozen
from community_mediation.domain.ledger import BOOK, SubjectsErased
from community_mediation.errors import InvalidQuery, StoreDamaged, Undecodable
from community_mediation.facts.schema import FactsRow
from community_mediation.ports import GENESIS, Entry, Finding, Head, Severity, Store, entry_hash

MOST_FINDINGS = 100


@frozen
class Verification:
    """What a verification found.

    Attributes:
        entries: How many entries were read.
        head: The hash of the last one.
        findings: What is wrong, at most a hundred; empty if the book is whole.
    """

    entries: int
    head: str
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


def anchor_text(head: Head) -> str:
    """A head as a text to keep outside the book: ``position:hash``."""
    return f"{head.position}:{head.hash}"


def verify(
    store: Store,
    folder: Folder,
    *,
    facts: bool = True,
    anchor: str | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Read the whole journal and say what is wrong with it.

    Args:
        store: Whose journal.
        folder: What its facts are derived with.
        facts: Whether they are compared with the journal, if that is whole.
        anchor: What the journal's end was once.
        progress: Told now and then how many entries were read; each counts once more when the facts are compared.

    Raises:
        InvalidQuery: The anchor is no ``position:hash``, and no line that ends in one.
    """
    findings: list[Finding] = []

    def found(code: str, message: str, remedy: str) -> None:
        if len(findings) < MOST_FINDINGS:
            findings.append(Finding(code, Severity.ERROR, message, remedy))

    anchored = _parse_anchor(anchor)
    seen = Head(0, None, GENESIS)
    try:
        # The end is fixed first: what others write meanwhile is none of this verification's business.
        end = store.head()
        erasures = _Erasures(store, folder, end)
        for entry in journal_to(store, end):
            if entry.position != seen.position + 1:
                found("gap", f"The journal goes from entry {seen.position} to {entry.position}.", _RESTORE)
            if seen.recorded_at is not None and entry.recorded_at < seen.recorded_at:
                found("time-goes-back", f"Entry {entry.position} is recorded before the one ahead of it.", _RESTORE)
            _check_chain(entry, seen.hash, found)
            _check_parts(entry, folder, erasures, found)
            seen = Head(entry.position, entry.recorded_at, entry.hash)
            if anchored is not None and entry.position == anchored[0] and entry.hash != anchored[1]:
                found(
                    "anchor",
                    f"Entry {entry.position} is not the one that the anchor saw: the journal was rewritten.",
                    _RESTORE,
                )
            if progress is not None and (entry.position % PAGE == 0 or entry.position == end.position):
                progress(entry.position)
        if end != seen:
            found("head", "The journal's end is not where the store says it is.", _RESTORE)
        if facts and not findings:
            for table in check_facts(store, folder, [end.position], _after(end.position, progress)):
                found("facts", f"Table {table} does not say what the journal says.", "Run rebuild-facts.")
    except StoreDamaged as error:
        # A page is read at once: where the first cannot be, any of its entries may be the one.
        place = f"After entry {seen.position}: " if seen.position else ""
        found("unreadable", place + _without_advice(error), _RESTORE)
    if anchored is not None and seen.position < anchored[0]:
        found(
            "anchor",
            f"The anchor saw entry {anchored[0]}; the journal ends at {seen.position}: its end is gone.",
            _RESTORE,
        )
    return Verification(seen.position, seen.hash, tuple(findings))


def _after(before: int, progress: Progress | None) -> Progress | None:
    return None if progress is None else lambda done: progress(before + done)


def journal_to(store: Store, end: Head, position: int = 0) -> Iterator[Entry]:
    """The entries after *position*, up to *end*; those that came after *end* are left out."""
    while position < end.position and (page := store.log(position, PAGE)):
        for entry in page:
            if entry.position > end.position:
                return
            yield entry
        position = page[-1].position


_RESTORE = "Someone or something changed the journal. Keep this copy, and restore the last backup that verifies."

_ADVICE = (" Run verify.", " Run verify, and restore a backup.", " Run verify, restore a backup.")


def _without_advice(error: StoreDamaged) -> str:
    """What a store says, but not that verify is to be run: that is what is going on."""
    said = str(error)
    for advice in _ADVICE:
        said = said.removesuffix(advice)
    return said


def _parse_anchor(anchor: str | None) -> tuple[int, str] | None:
    if anchor is None:
        return None
    # The whole line in which it was printed will do as well.
    position, colon, text = anchor.rpartition("Anchor:")[2].strip().partition(":")
    if not colon or not position.isascii() or not position.isdigit() or len(text) != 64:
        raise InvalidQuery(
            "An anchor is 'position:hash': what the command verify prints of a whole book behind 'Anchor:', and what "
            "the book's anchor() gives. Pass either, or the whole line."
        )
    return int(position), text


Found = Callable[[str, str, str], None]


class _Erasures:
    """Up to which position the private parts of a subject were removed, as the ledger says."""

    def __init__(self, store: Store, folder: Folder, end: Head) -> None:
        self._store = store
        self._folder = folder
        self._until: dict[str, int] = {}
        self._look(end.position)

    def _look(self, end: int) -> None:
        self._read = end
        for entry in self._store.entries(BOOK, end):
            try:
                events = self._folder.opened(entry).events
            except StoreDamaged:
                continue  # the journal's own reading names it
            for event in events:
                if isinstance(event, SubjectsErased):
                    self._until.update(dict.fromkeys(event.subjects, entry.position))

    def cover(self, subject: str, entry: Entry) -> bool:
        """Whether the subject's part of the entry was to be removed when the verification began."""
        return self._until.get(subject, 0) >= entry.position

    def explain(self, subject: str, entry: Entry) -> bool:
        """Whether an erasure removed it, perhaps one that was recorded since."""
        if not self.cover(subject, entry) and (end := self._store.head().position) > self._read:
            self._look(end)
        return self.cover(subject, entry)


def _check_chain(entry: Entry, previous: str, found: Found) -> None:
    expected = entry_hash(
        previous,
        entry.position,
        entry.matter_id,
        entry.kind,
        entry.expected,
        entry.version,
        entry.recorded_at,
        entry.body,
    )
    if entry.previous != previous:
        found("chain", f"Entry {entry.position} does not follow the entry before it.", _RESTORE)
    elif entry.hash != expected:
        found("chain", f"Entry {entry.position} is not what was recorded.", _RESTORE)


def _check_parts(entry: Entry, folder: Folder, erasures: _Erasures, found: Found) -> None:
    try:
        document = folder.codec.document(entry.body)
    except Undecodable as error:
        found("unreadable", f"Entry {entry.position} cannot be read: {error}", _RESTORE)
        return
    digests = document.get("digests", {})
    if len(document["events"]) != entry.version - entry.expected:
        found("version", f"Entry {entry.position} does not hold the events that its versions say.", _RESTORE)
    for subject, expected in digests.items():
        if subject not in entry.private:
            if not erasures.explain(subject, entry):
                found("private-missing", f"Entry {entry.position} lost a private part without an erasure.", _RESTORE)
        elif erasures.cover(subject, entry):
            found(
                "erasure-unfinished",
                f"Entry {entry.position} still has a private part that was to be erased.",
                "Run the erasure again.",
            )
        elif digest(entry.private[subject]) != expected:
            found("private-changed", f"A private part of entry {entry.position} is not what was recorded.", _RESTORE)
    if entry.private.keys() - digests.keys():
        found("private-added", f"Entry {entry.position} has a private part that was not recorded with it.", _RESTORE)


def check_facts(store: Store, folder: Folder, positions: Sequence[int], progress: Progress | None = None) -> list[str]:
    """The tables that do not say what the journal says, as known at some positions in rising order.

    What the store holds is compared with what the journal folds to, in constant memory.

    Raises:
        StoreDamaged: An entry cannot be read.
    """
    tables = [schema.table for kind in folder.kinds.values() for schema in kind.schemas]
    kept = {
        (table, known_at): _sum(
            FactsRow(table, row) for batch in store.facts(table, known_at=known_at) for row in batch.rows
        )
        for table in tables
        for known_at in positions
    }
    folded = dict.fromkeys(kept, (0, 0))
    for entries in counted(matters_of(store, positions[-1]), progress):
        for row, known in _known_rows(folder, entries, positions):
            one, part = _sum([row])
            for known_at in known:
                count, total = folded[row.table, known_at]
                folded[row.table, known_at] = (count + one, (total + part) % _MODULUS)
    return [table for table in tables if any(kept[table, each] != folded[table, each] for each in positions)]


def _known_rows(
    folder: Folder, entries: Sequence[Entry], positions: Sequence[int]
) -> Iterator[tuple[FactsRow, Sequence[int]]]:
    """The rows of a matter, each with those of the positions at which it was known."""
    kind = folder.kinds.get(entries[0].kind)
    if kind is None or not kind.schemas:
        return
    if len(positions) == 1:
        # The last state alone is one folding, all versions are one for each entry.
        for row in kind.rows(folder.matter(entries)):
            yield row, positions
        return
    for version in folder.versions(entries):
        end = positions[-1] + 1 if version.known_to is None else version.known_to
        yield version.row, [each for each in positions if version.known_from <= each < end]


_MODULUS = 2**256


def _sum(rows: "Iterator[FactsRow] | list[FactsRow]") -> tuple[int, int]:
    count = total = 0
    for row in rows:
        count += 1
        total += int.from_bytes(hashlib.sha256(repr(row.cells).encode("utf-8", "backslashreplace")).digest())
    return count, total % _MODULUS
