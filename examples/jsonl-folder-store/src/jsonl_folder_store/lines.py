"""What stands in a line: the changes of one commit, a set of tables, or facts that were written anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from community_mediation.facts.schema import Cell, Column, ColumnType, FactsRow, FactsSchema, RowRef
from community_mediation.ports import Change, FactsVersion, Key

Line = dict[str, Any]


def cell_to_json(cell: Cell) -> Any:
    """Text, numbers and truth as they are; what JSON does not know, with its name."""
    match cell:
        case Decimal():
            return {"decimal": str(cell)}
        case dt.datetime():
            return {"instant": cell.isoformat()}
        case dt.date():
            return {"date": cell.isoformat()}
        case _:
            return cell


def cell_from_json(wire: Any) -> Cell:
    """The cell that ``cell_to_json`` wrote."""
    match wire:
        case {"decimal": text}:
            return Decimal(text)
        case {"instant": text}:
            return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
        case {"date": text}:
            return dt.date.fromisoformat(text)
        case str() | int() | float() | None:
            return wire
        case _:
            raise ValueError("no cell")


def row_to_json(row: FactsRow) -> list[Any]:
    """The table, and then the cells."""
    return [row.table, *map(cell_to_json, row.cells)]


def row_from_json(wire: Sequence[Any]) -> FactsRow:
    """The row that ``row_to_json`` wrote."""
    return FactsRow(wire[0], tuple(map(cell_from_json, wire[1:])))


def change_to_json(change: Change) -> Line:
    """A change; what is empty is left out."""
    found = {
        "matter": change.matter_id,
        "kind": change.kind,
        "from": change.expected,
        "to": change.version,
        "body": change.body,
        "private": dict(change.private),
        "close": [[ref.table, ref.row] for ref in change.close],
        "add": [row_to_json(row) for row in change.add],
        "release": [[key.kind, key.value] for key in change.release],
        "keys": [[key.kind, key.value, key.subject] for key in change.keys],
    }
    return {name: value for name, value in found.items() if value not in ({}, [])}


def change_from_json(wire: Line) -> Change:
    """The change that ``change_to_json`` wrote."""
    return Change(
        matter_id=wire["matter"],
        kind=wire["kind"],
        expected=wire["from"],
        version=wire["to"],
        body=wire["body"],
        private=wire.get("private", {}),
        close=[RowRef(table, wire["matter"], row) for table, row in wire.get("close", ())],
        add=[row_from_json(row) for row in wire.get("add", ())],
        release=[Key(kind, value) for kind, value in wire.get("release", ())],
        keys=[Key(kind, value, subject) for kind, value, subject in wire.get("keys", ())],
    )


def tables_to_json(schemas: Iterable[FactsSchema]) -> list[Any]:
    """The tables with their columns."""
    return [
        [schema.table, schema.version, [[column.name, column.type.value, column.doc] for column in schema.columns]]
        for schema in schemas
    ]


def tables_from_json(wire: Iterable[Any]) -> list[FactsSchema]:
    """The tables that ``tables_to_json`` wrote."""
    return [
        FactsSchema(table, tuple(Column(name, ColumnType(kind), doc) for name, kind, doc in columns), version)
        for table, version, columns in wire
    ]


def versions_to_json(versions: Iterable[FactsVersion]) -> list[Any]:
    """Facts rows with the positions between which they were known."""
    return [[version.known_from, version.known_to, row_to_json(version.row)] for version in versions]


def versions_from_json(wire: Iterable[Any]) -> list[FactsVersion]:
    """The versions that ``versions_to_json`` wrote."""
    return [FactsVersion(row_from_json(row), known_from, known_to) for known_from, known_to, row in wire]


def without_subject(lines: Iterable[Line], subject: str) -> Iterable[Line]:
    """The lines without a subject's private parts, and without the keys that it took for a matter."""
    gone: set[tuple[str, str, str]] = set()
    held: set[tuple[str, str, str]] = set()
    for line in lines:
        for change in line.get("changes", ()):
            change.get("private", {}).pop(subject, None)
            _release(change, gone, held)
            _take(change, subject, gone, held)
        yield line


def _release(change: Line, gone: set[tuple[str, str, str]], held: set[tuple[str, str, str]]) -> None:
    if "release" in change:
        names = [(change["matter"], kind, value) for kind, value in change["release"]]
        # What gives up nothing is left out: it may name a key that is erased.
        change["release"] = [[kind, value] for matter, kind, value in names if (matter, kind, value) in held]
        held.difference_update(names)
        gone.difference_update(names)


def _take(change: Line, subject: str, gone: set[tuple[str, str, str]], held: set[tuple[str, str, str]]) -> None:
    kept = []
    for kind, value, whose in change.get("keys", ()):
        name = (change["matter"], kind, value)
        if name not in held and whose == subject:
            gone.add(name)
        if name not in gone:
            held.add(name)
            kept.append([kind, value, whose])
    if "keys" in change:
        change["keys"] = kept
