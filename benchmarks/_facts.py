"""Very many facts of cases in Parquet, generated directly: seeded, in parts, in bounded memory."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

PART: Final = 500_000
CENTRES: Final = 40
TYPES: Final = ("neighbour", "family", "contract", "debt", "damage", "land", "consumer", "traffic", "labour", "other")
DAYS: Final = 365
SEEN: Final = pl.date(2023, 3, 1)


def write(folder: Path, rows: int) -> Path:
    """Write a folder of so many cases; gives the folder."""
    folder.mkdir(parents=True)
    for number, start in enumerate(range(0, rows, PART)):
        count = min(PART, rows - start)
        _part(start, count).sink_parquet(folder / f"part-{number}.parquet", row_group_size=131_072)
    return folder


def _random(of: int, salt: int) -> pl.Expr:
    return (pl.col("n").hash(salt) % of).cast(pl.Int64)


def _one_of(names: tuple[str | None, ...], salt: int) -> pl.Expr:
    """One of the names, each as often as it stands there."""
    index = _random(len(names), salt)
    return index.replace_strict(dict(enumerate(names)), return_dtype=pl.String)


def _part(start: int, count: int) -> pl.LazyFrame:
    frame = pl.select(n=pl.int_range(start, start + count)).lazy()
    begins = pl.datetime(2022, 1, 1, time_zone="UTC") + pl.duration(seconds=_random(DAYS * 86_400, 1))
    ending = (
        ("settled",) * 12 + ("settled_in_part",) * 2 + ("not_settled",) * 3 + ("withdrawn",) * 2 + ("void", None, None)
    )
    lower = ("at",) * 17 + ("not_reached",) * 2 + ("unknown",)
    frame = frame.with_columns(
        matter_id=pl.format("{}-{}", pl.col("n").hash(7), pl.col("n")),
        row=pl.lit(""),
        centre=pl.format("centre-{}", _random(CENTRES, 2)),
        dispute_type=_one_of(TYPES, 3),
        conclusion=_one_of(ending, 4),
        reported=pl.lit("at"),
        reported_at=begins,
        accepted=_one_of(lower, 5),
        agreed_to_mediate=_one_of(lower, 6),
        begun=_one_of(lower, 8),
        joint_session=_one_of(lower, 9),
        on_the_spot=_random(20, 10) == 0,
        # Minutes, as most registers keep them.
        took=pl.duration(minutes=(_random(1_000, 11) + 1) * (_random(130, 12) + 1)),
        observed_on=SEEN,
    )
    ended = pl.col("conclusion").is_not_null()
    agreement = pl.col("conclusion").replace_strict(
        {"settled": "full", "settled_in_part": "partial", "not_settled": "none", "withdrawn": "none", "void": "none"},
        default="open",
        return_dtype=pl.String,
    )
    end = pl.when(ended).then(pl.col("reported_at") + pl.col("took"))
    state = pl.when(ended).then(pl.lit("at")).otherwise(pl.lit("not_reached"))
    frame = frame.with_columns(agreement=agreement, concluded=state, concluded_at=end)
    days = {f"{name}_on": pl.col(f"{name}_at").dt.date() for name in ("reported", "concluded")}
    frame = frame.with_columns(**days)
    same = {
        f"{name}{part}": pl.col(f"concluded{part}")
        for name in ("first_concluded", "closed")
        for part in ("", "_at", "_on")
    }
    dates = {
        f"{name}_on": pl.when(pl.col(name) == "at").then(pl.col("reported_on") + pl.duration(days=_random(30, salt)))
        for salt, name in enumerate(("accepted", "agreed_to_mediate", "begun", "joint_session"), 20)
    }
    return frame.with_columns(**same, **dates).drop("n", "took")
