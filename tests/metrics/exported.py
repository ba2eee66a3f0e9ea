"""An export in Parquet, in several parts, and the table that it must give."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

import pytest

import community_mediation as cm
from community_mediation import samples
from community_mediation.metrics import ResultTable, Survival, survival, table
from community_mediation.registers import tables, tables_parquet

QUESTION: Final[dict[str, Any]] = {"by": ("conclusion",), "observed_through": dt.date(2023, 1, 1)}


def exported(folder: Path) -> tuple[Path, ResultTable, Survival]:
    """The folder of the cases, and what the book itself says of them."""
    book = cm.open_casebook("memory:")
    cm.registers.import_register(book, samples.path("studio_register.csv"), zone="Asia/Shanghai")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "TOGETHER", 10)
        patch.setattr(tables_parquet, "PART_ROWS", 20)
        cm.registers.export_tables(book, folder / "facts.parquet")
    facts = book.facts("case").to_polars()
    place = folder / "facts.parquet" / "case"
    assert len(list(place.iterdir())) == 4
    return place, table(facts, **QUESTION), survival(facts, **QUESTION)
