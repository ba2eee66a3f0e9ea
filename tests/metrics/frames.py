"""Facts frames for the tests: invented cases, and the public sample."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import pandas as pd
import polars as pl
from hypothesis import settings
from hypothesis import strategies as st

from community_mediation import samples
from community_mediation.facts.schema import ColumnType
from community_mediation.facts.tables import CASE, CASE_MILESTONES

Cells = dict[str, Any]

SAMPLE: Final = samples.path("nyc311_noise_20220501.csv")
DAY: Final = dt.date(2022, 3, 1)
TYPES: Final[dict[ColumnType, Any]] = {
    ColumnType.TEXT: pl.String,
    ColumnType.INT: pl.Int64,
    ColumnType.FLOAT: pl.Float64,
    ColumnType.BOOL: pl.Boolean,
    ColumnType.DECIMAL: pl.Decimal(20, 2),
    ColumnType.DATE: pl.Date,
    ColumnType.INSTANT: pl.Datetime("us", "UTC"),
}


def case(**cells: Any) -> Cells:
    """A case of which nothing is known but what is given; ``begun=DAY`` sets the milestone and its date."""
    row: Cells = dict.fromkeys(CASE.names)
    row |= dict.fromkeys(CASE_MILESTONES, "unknown")
    row |= {"row": "", "agreement": "unknown", "on_the_spot": False, "reported": "at", "reported_on": DAY}
    for name, cell in cells.items():
        if name in CASE_MILESTONES and isinstance(cell, dt.date):
            row[name] = "at"
            row[f"{name}_on"] = cell.date() if isinstance(cell, dt.datetime) else cell
            row[f"{name}_at"] = cell.astimezone(dt.UTC) if isinstance(cell, dt.datetime) else None
        else:
            assert name in row, name
            row[name] = cell
    return row


def in_polars(rows: Iterable[Cells]) -> pl.DataFrame:
    """The cases as a Polars frame, numbered."""
    numbered = [{**row, "matter_id": f"m{number}"} for number, row in enumerate(rows)]
    return pl.DataFrame(numbered, schema={column.name: TYPES[column.type] for column in CASE.columns})


def in_pandas(rows: Iterable[Cells]) -> pd.DataFrame:
    """The same in pandas, which keeps dates and gaps as objects."""
    numbered = [{**row, "matter_id": f"m{number}"} for number, row in enumerate(rows)]
    return pd.DataFrame(numbered, columns=list(CASE.names))


def sample() -> list[Cells]:
    """The 924 public complaints as facts: times of report and end, and nothing of any outcome."""
    zone = ZoneInfo("America/New_York")

    def moment(text: str) -> dt.datetime | None:
        return dt.datetime.fromisoformat(text).replace(tzinfo=zone) if text else None

    found = []
    with SAMPLE.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            opened, ended, seen = (moment(line[name]) for name in ("opened_at", "closed_at", "snapshot_at"))
            assert opened is not None and seen is not None
            found.append(
                case(
                    reported=opened,
                    concluded=ended or "not_reached",
                    first_concluded=ended or "not_reached",
                    conclusion="unknown" if ended else None,
                    dispute_type=line["complaint_type"],
                    centre=line["borough"],
                    observed_at=seen.astimezone(dt.UTC),
                    observed_on=seen.date(),
                )
            )
    return found


DAYS: Final = st.sampled_from([None, *(DAY + dt.timedelta(days=n) for n in (-40, -1, 0, 3, 30, 31, 90))])
STATES: Final = st.sampled_from(["at", "not_reached", "unknown", None])
CONCLUSIONS: Final = ["settled", "settled_in_part", "not_settled", "withdrawn", "void", "lapsed", "unknown", None]


@st.composite
def cases(draw: st.DrawFn) -> Cells:
    """Any case at all, contradictions included: a register may hold them."""
    row = case(
        agreement=draw(st.sampled_from(["full", "partial", "none", "open", "unknown", None])),
        conclusion=draw(st.sampled_from(CONCLUSIONS)),
        on_the_spot=draw(st.sampled_from([True, False, None])),
        centre=draw(st.sampled_from(["east", "west", None])),
        observed_on=draw(DAYS),
        amount_claimed=draw(st.sampled_from([None, Decimal("10.50")])),
    )
    for name in CASE_MILESTONES:
        row[name] = draw(STATES)
        row[f"{name}_on"] = draw(DAYS) if row[name] == "at" else None
        if row[f"{name}_on"] is not None and draw(st.booleans()):
            hour = draw(st.integers(0, 23))
            row[f"{name}_at"] = dt.datetime.combine(row[f"{name}_on"], dt.time(hour), dt.UTC)
    return row


FEW: Final = settings(max_examples=max(20, settings().max_examples // 4))
"""For properties that ask an engine: each example costs some hundredths of a second."""

BOOKS: Final = st.lists(cases(), max_size=30)
