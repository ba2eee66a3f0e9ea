"""Invented books of facts for the tests: cases with rows of every other table, contradictions included.

Hypothesis draws how many rows there are and a seed; the cells come from the seed, which is far faster.
"""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any, Final

import duckdb
import pandas as pd
import polars as pl
from hypothesis import strategies as st

from community_mediation.facts.schema import ColumnType, FactsSchema
from community_mediation.facts.tables import CASE_TABLES, TALLY
from tests.metrics.frames import DAY, TYPES, Cells

World = dict[str, list[Cells]]
"""The rows of each table by its name."""

SCHEMAS: Final[dict[str, FactsSchema]] = {
    schema.table: schema for schema in (*CASE_TABLES, TALLY) if schema.table != "case_spell"
}
OTHERS: Final = tuple(name for name in SCHEMAS if name not in ("case", "tally"))
"""The tables whose rows belong to a case."""

_LOOKED: Final = ["kept", "partly", "breached", "pending", None]
_TEXTS: Final[dict[str, list[Any]]] = {
    "agreement": ["full", "partial", "none", "open", "unknown", None],
    "conclusion": ["settled", "not_settled", "withdrawn", "void", "lapsed", "refused", "unknown", None, None],
    "centre": ["east", "west", None],
    "source": ["application", "referral", "referral", None],
    "amount_agreed_currency": ["PHP", "CNY", None],
    "person": ["p1", "p2", "p3", None],
    "side": ["A", "B", None],
    "mediator": ["m1", "m2", "m3"],
    "role": ["lead", "member", "applicant", None],
    "compliance": _LOOKED,
    "confirmation": ["applied", "accepted", "confirmed", None],
    "state": ["effective", "drafted", "varied", "repudiated"],
    "question": ["satisfaction", "voice", "fairness", "pressure", "again", *["relationship"] * 4],
    "wave": ["before", "before", "exit", "exit", "three_months", None],
    "party": ["a", "b", None],
    "choice": ["yes", "no", "not_sure", "maybe", None],
    "measure": ["screenings", "prevented", None],
    "status": ["active", "active", "ended"],
}
_KINDS: Final[dict[str, list[str | None]]] = {
    "case_party": ["natural", "natural", "organisation", "group"],
    "case_resolution": ["agreement", "agreement", "award", "private_settlement"],
    "case_term": ["payment", "apology"],
    "case_risk": ["crime", "suicide", None],
}
_NUMBERS: Final = {
    "score": [1, 2, 3, 4, 5, 2, 3, 4, 9, None],
    "persons": [0, 1, 7, None],
    "people": [0, 1, 2, 30, None],
}
_DAYS: Final = [DAY + dt.timedelta(days=n) for n in (-40, -1, 0, 0, 3, 9, 10, 11, 30, 31, 90)]


def _cell(draw: random.Random, table: str, name: str, kind: ColumnType) -> Any:
    if name == "kind":
        return draw.choice(_KINDS.get(table, ["x", None]))
    if name in _TEXTS and kind is ColumnType.TEXT:
        return draw.choice(_TEXTS[name])
    if kind is ColumnType.BOOL:
        return draw.choice([True, False, None])
    if kind is ColumnType.INT:
        return draw.choice(_NUMBERS.get(name, [0, 1, 2, 45, None]))
    if kind is ColumnType.DECIMAL:
        return draw.choice([None, Decimal("10.50"), Decimal("0.01"), Decimal("1200.00")])
    if kind is ColumnType.DATE:
        return draw.choice([None, *_DAYS])
    return draw.choice(["x", "y", None]) if kind is ColumnType.TEXT else None


def a_row(draw: random.Random, table: str, matter: str, row: str) -> Cells:
    """Any row at all. A milestone that was passed may have no date, or a date and no instant."""
    schema = SCHEMAS[table]
    cells: Cells = {column.name: _cell(draw, table, column.name, column.type) for column in schema.columns}
    for name in [name for name in schema.names if f"{name}_at" in cells and f"{name}_on" in cells]:
        state = draw.choice(["at", "at", "not_reached", "unknown", None])
        day: dt.date | None = draw.choice([None, *_DAYS, *_DAYS])
        cells[name], cells[f"{name}_on"] = state, day if state == "at" else None
        cells[f"{name}_at"] = None
        if state == "at" and day is not None and draw.random() < 0.5:
            cells[f"{name}_at"] = dt.datetime.combine(day, dt.time(draw.randrange(24)), dt.UTC)
    cells |= {"matter_id": matter, "row": row}
    for name in ("valid_from", "valid_to"):
        if name in cells:
            noon = dt.datetime(2022, 3, 1, 12, tzinfo=dt.UTC)
            cells[name] = draw.choice([None, None, noon])
    if "observed_on" in cells:
        cells["observed_on"] = draw.choice([None, None, None, *_DAYS])
    return cells


def a_world(seed: int, cases: int, rows: int) -> World:
    """So many cases, and up to so many rows of each other table, each of some case."""
    draw = random.Random(seed)
    ids = [f"m{number}" for number in range(cases)]
    world: World = {"case": [a_row(draw, "case", matter, "") for matter in ids]}
    for table in OTHERS:
        number = draw.randrange(rows + 1) if ids else 0
        world[table] = [a_row(draw, table, draw.choice(ids), str(place)) for place in range(number)]
    world["tally"] = [a_row(draw, "tally", f"t{place % 3}", str(place)) for place in range(draw.randrange(rows + 1))]
    return world


WORLDS: Final = st.builds(a_world, st.integers(0, 2**32), st.integers(0, 12), st.integers(0, 16))


def in_polars(world: World) -> dict[str, pl.DataFrame]:
    """Each table as a Polars frame."""
    return {
        table: pl.DataFrame(rows, schema={column.name: TYPES[column.type] for column in SCHEMAS[table].columns})
        for table, rows in world.items()
    }


def in_lazy(world: World) -> dict[str, pl.LazyFrame]:
    """The same, lazily."""
    return {table: frame.lazy() for table, frame in in_polars(world).items()}


def in_objects(world: World) -> dict[str, pd.DataFrame]:
    """In pandas, whose columns are of objects: dates, gaps and truth values as they are."""
    return {
        table: pd.DataFrame(rows, columns=list(SCHEMAS[table].names), dtype=object) for table, rows in world.items()
    }


def in_pandas(world: World) -> dict[str, pd.DataFrame]:
    """In pandas, which makes floats of whole numbers with gaps."""
    return {table: pd.DataFrame(rows, columns=list(SCHEMAS[table].names)) for table, rows in world.items()}


def in_nullable(world: World) -> dict[str, pd.DataFrame]:
    """In pandas with the types of Arrow."""
    return {table: frame.to_arrow().to_pandas(types_mapper=pd.ArrowDtype) for table, frame in in_polars(world).items()}


def in_duckdb(world: World, connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """As relations of one connection."""
    return {table: connection.from_arrow(frame.to_arrow()) for table, frame in in_polars(world).items()}
