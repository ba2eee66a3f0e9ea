"""Very many facts of cases in Parquet, generated directly: seeded, in parts, in bounded memory.

They nest as those of real books do. How far each case came is drawn once: a joint session was begun, agreed to and
accepted before, some days apart; what began mostly settles, and what did not never does. Three in a hundred are settled
on the spot, and have no ladder. Unknowns come together: two cases in a hundred have no ladder at all, and some centres'
registers lack a column. The shares are invented.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

PART: Final = 500_000
CENTRES: Final = 40
TYPES: Final = ("neighbour", "family", "contract", "debt", "damage", "land", "consumer", "traffic", "labour", "other")
DAYS: Final = 365
SEEN: Final = pl.date(2023, 3, 1)
RUNGS: Final = ("accepted", "agreed_to_mediate", "begun", "joint_session")
LACKING: Final = {"agreed_to_mediate": 5, "joint_session": 8}
"""Every so many centres have a register without that column."""


def write(folder: Path, rows: int, *, exact: bool = False) -> Path:
    """Write a folder of so many cases; gives the folder. With *exact* times to the microsecond, else to the minute."""
    folder.mkdir(parents=True)
    for number, start in enumerate(range(0, rows, PART)):
        count = min(PART, rows - start)
        _part(start, count, exact=exact).sink_parquet(folder / f"part-{number}.parquet", row_group_size=131_072)
    return folder


def _random(of: int, salt: int) -> pl.Expr:
    return (pl.col("n").hash(salt) % of).cast(pl.Int64)


def _one_of(names: tuple[str | None, ...], salt: int) -> pl.Expr:
    """One of the names, each as often as it stands there."""
    index = _random(len(names), salt)
    return index.replace_strict(dict(enumerate(names)), return_dtype=pl.String)


def _rung(number: int) -> pl.Expr:
    """The state of a rung: there, where the case came so far."""
    name = RUNGS[number]
    told = pl.when(pl.col("far") > number).then(pl.lit("at")).otherwise(pl.lit("not_reached"))
    # A settlement at the door has no ladder; and what a centre's register does not have, none of its cases has.
    lacking = pl.col("on_the_spot") | (_random(100, 5) < 2)
    if name in LACKING:
        lacking |= _random(CENTRES, 2) % LACKING[name] == 0
    return pl.when(lacking).then(pl.lit("unknown")).otherwise(told)


def _part(start: int, count: int, *, exact: bool) -> pl.LazyFrame:
    frame = pl.select(n=pl.int_range(start, start + count)).lazy()
    begins = pl.datetime(2022, 1, 1, time_zone="UTC") + pl.duration(seconds=_random(DAYS * 86_400, 1))
    # Minutes, as most registers keep them.
    took = pl.duration(minutes=(_random(1_000, 11) + 1) * (_random(130, 12) + 1))
    if exact:
        took += pl.duration(microseconds=_random(60_000_000, 13))
    begun = ("settled",) * 13 + ("settled_in_part",) * 2 + ("not_settled",) * 3 + ("withdrawn", None)
    never = ("withdrawn",) * 7 + ("not_settled",) * 10 + ("void",) * 2 + (None,)
    frame = frame.with_columns(
        matter_id=pl.format("{}-{}", pl.col("n").hash(7), pl.col("n")),
        row=pl.lit(""),
        centre=pl.format("centre-{}", _random(CENTRES, 2)),
        dispute_type=_one_of(TYPES, 3),
        reported=pl.lit("at"),
        reported_at=begins,
        on_the_spot=_random(100, 10) < 3,
        # How many rungs above the report it passed.
        far=_one_of(("0",) * 8 + ("1",) * 5 + ("2",) * 4 + ("3",) * 10 + ("4",) * 73, 6).cast(pl.Int64),
        took=took,
        observed_on=SEEN,
    )
    settles = pl.col("on_the_spot") | (pl.col("far") >= 3)
    frame = frame.with_columns(
        conclusion=pl.when(settles).then(_one_of(begun, 4)).otherwise(_one_of(never, 4)),
        **{name: _rung(number) for number, name in enumerate(RUNGS)},
    )
    if exact:
        frame = frame.with_columns(observed_at=SEEN.cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))
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
    agreed = pl.col("agreement").is_in(["full", "partial"])
    frame = frame.with_columns(
        agreed=pl.when(agreed).then(pl.lit("at")).otherwise(pl.lit("not_reached")),
        **{f"agreed_{part}": pl.when(agreed).then(pl.col(f"concluded_{part}")) for part in ("at", "on")},
    )
    same = {
        f"{name}{part}": pl.col(f"concluded{part}")
        for name in ("first_concluded", "closed")
        for part in ("", "_at", "_on")
    }
    # Each rung some days after the one below it.
    on, dates = pl.col("reported_on"), dict[str, pl.Expr]()
    for number, name in enumerate(RUNGS):
        on += pl.duration(days=_random((3, 3, 10, 30)[number], 20 + number))
        dates[f"{name}_on"] = pl.when(pl.col(name) == "at").then(on)
    return frame.with_columns(**same, **dates).drop("n", "took", "far")
