"""Books, files and comparisons that the tests of this room share."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from community_mediation.casebook import Casebook
from community_mediation.domain.case import Case
from community_mediation.domain.events import Registered
from community_mediation.domain.history import in_force
from community_mediation.plugins import Plugins
from community_mediation.ports import Store
from community_mediation.registers import ImportResult, RegisterMapping, import_register
from community_mediation.stores import MemoryStore, SqliteStore

Row = Mapping[str, str]

NOW = dt.datetime(2023, 6, 1, 12, 0, tzinfo=dt.UTC)
ZONE = "Asia/Shanghai"
_NUMBERS = itertools.count(1)


def now() -> dt.datetime:
    """A clock that stands still."""
    return NOW


def over(store: Store) -> Casebook:
    """A book over a store."""
    return Casebook(store, Plugins().kinds().values(), clock=now)


def new_book() -> Casebook:
    """An empty book in memory."""
    return over(MemoryStore(clock=now))


def file_book(path: Path) -> Casebook:
    """A book in a file."""
    return over(SqliteStore.open(path, clock=now))


def row(case_no: str = "1", **cells: str) -> dict[str, str]:
    """A row with what every row needs; an own column is written own_x here."""
    named = {name.replace("own_", "own."): cell for name, cell in cells.items()}
    return {"case_no": case_no, "reported_at": "2022-05-01", "dispute_type": "neighbour", **named}


def headings_of(rows: Iterable[Row]) -> list[str]:
    """All headings of some rows, in the order of their first use."""
    return list(dict.fromkeys(name for each in rows for name in each))


def csv_text(rows: Sequence[Row], headings: Sequence[str] | None = None) -> str:
    """Rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, headings or headings_of(rows), restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def put(folder: Path, content: str | bytes, name: str = "register.csv") -> Path:
    """A file of its own folder, so that its name is as given."""
    place = folder / f"files-{next(_NUMBERS)}"
    place.mkdir()
    path = place / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def take(book: Casebook, folder: Path, rows: Sequence[Row] | str, toml: str | None = None, **how: Any) -> ImportResult:
    """Import rows, or the text of a register."""
    mapping = None if toml is None else RegisterMapping.parse(toml)
    text = rows if isinstance(rows, str) else csv_text(rows)
    return import_register(book, put(folder, text), mapping=mapping, **{"zone": ZONE, **how})


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    """Added, amended, unchanged, rejected."""
    return result.added, result.amended, result.unchanged, result.rejected


def problems(result: ImportResult) -> list[tuple[int, str | None, str]]:
    """Row, column and problem of every rejection."""
    return [(each.row, each.column, each.problem) for each in result.rejections]


def cases(book: Casebook) -> dict[str, Case]:
    """The cases by their numbers."""
    return {case.reference or case.external.number: case for case in book.matters("case")}


def only(book: Casebook) -> Case:
    """The one case of a book."""
    (case,) = book.matters("case")
    assert isinstance(case, Case)
    return case


def fact(book: Casebook, table: str = "case") -> dict[str, Any]:
    """The one row of a table."""
    (found,) = book.facts(table).rows()
    return found


def entries(book: Casebook) -> int:
    """How long the journal is."""
    return book.store.head().position


def name_of(book: Casebook, matter_id: Any) -> str:
    """A mediator as centre and name: what two books can have in common."""
    details = book.get(matter_id).details
    return f"{details.centre}/{details.name}"


def _label(book: Casebook, case: Case) -> str:
    external = f"{case.external.system}:{case.external.number}" if case.external is not None else ""
    return f"{case.centre}|{case.reference or ''}|{external}"


def portrait(book: Casebook, *, mediators: bool = True) -> dict[str, list[dict[str, Any]]]:
    """All facts, without what differs between two books that know the same: the ids of matters."""
    labels = {case.id: _label(book, case) for case in book.matters("case")}
    seen = {each["mediator"] for each in book.facts("case_mediator").rows()}
    names = {id: name_of(book, id) if mediators else "-" for id in seen}
    found: dict[str, list[dict[str, Any]]] = {}
    for table in book.tables:
        rows = []
        for each in book.facts(table).rows():
            if table == "mediator" and (each["matter_id"] not in seen or not mediators):
                continue
            each["matter_id"] = labels.get(each["matter_id"]) or names.get(each["matter_id"])
            if "mediator" in each:
                each["mediator"] = names[each["mediator"]]
            rows.append(each)
        found[table] = sorted(rows, key=lambda each: tuple(map(str, each.values())))
    return found


def courses(book: Casebook) -> dict[str, Any]:
    """What the register told of the course of every case, by its label: facts do not tell all of it."""
    told: dict[str, Any] = {}
    for case in book.matters("case"):
        first = in_force(case.events)[0][1]
        assert isinstance(first, Registered)
        known = first.snapshot
        told[_label(book, case)] = {
            field.name: getattr(known, field.name)
            for field in attrs.fields(type(known))
            if field.name not in ("dispute", "parties", "mediators")
        }
    return told


def private(book: Casebook) -> dict[str, Any]:
    """What is personal in every case, by its label: what facts never tell."""
    return {
        _label(book, case): (
            case.dispute.title,
            case.dispute.brief,
            case.dispute.place,
            [(own.name, own.value) for own in case.dispute.own],
            [(party.id, party.name, party.birth_date, party.identity) for party in case.parties],
        )
        for case in book.matters("case")
    }


class Wrapped:
    """A store that lets a test step in at each commit."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.commits = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def before(self, number: int) -> None:
        """Called before the commit of that number, from 1."""

    def commit(self, changes: Iterable[Any]) -> Any:
        """Commit."""
        self.commits += 1
        self.before(self.commits)
        return self._store.commit(changes)


def texts_in(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """All files under a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()
