"""The outcome table over very many facts in Parquet, against hand-written SQL on DuckDB that counts the very same."""

from __future__ import annotations

import functools
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from benchmarks import Result, Timer, benchmark, interleaved
from benchmarks._facts import write
from community_mediation.metrics import CountFigure, DurationFigure, ProportionFigure, funnel, survival, table

MILLION, TEN_MILLION = 1_000_000, 10_000_000
BY = ("centre", "dispute_type")
COUNTS = ("reported", "accepted", "begun", "concluded")
SHARES = ("agreement_of_reported", "agreement_of_begun", "agreement_of_concluded")
Numbers = dict[tuple[str, ...], tuple[Any, ...]]

# What the metrics mean, as somebody would write it who needs these numbers once.
SQL = """
WITH cases AS (
  SELECT centre, dispute_type,
    reported = 'at' AND reported_on BETWEEN DATE '2022-01-01' AND DATE '2022-12-31' AS reported,
    accepted = 'at' AND accepted_on BETWEEN DATE '2022-01-01' AND DATE '2022-12-31' AS accepted,
    begun = 'at' AND begun_on BETWEEN DATE '2022-01-01' AND DATE '2022-12-31' AS begun,
    concluded = 'at' AND concluded_on BETWEEN DATE '2022-01-01' AND DATE '2022-12-31' AS concluded,
    on_the_spot OR (
      (reported = 'at' OR (reported <> 'not_reached' AND 'at' IN (accepted, agreed_to_mediate, begun, joint_session)))
      AND (accepted = 'at' OR (accepted <> 'not_reached' AND 'at' IN (agreed_to_mediate, begun, joint_session)))
      AND (agreed_to_mediate = 'at' OR (agreed_to_mediate <> 'not_reached' AND 'at' IN (begun, joint_session)))
      AND (begun = 'at' OR (begun <> 'not_reached' AND joint_session = 'at'))
    ) AS on_rung,
    agreement IN ('full', 'partial') AS agreed,
    agreement IN ('full', 'partial', 'none') AS told,
    agreement = 'open' AS pending
  FROM read_parquet('{files}')
  WHERE conclusion IS DISTINCT FROM 'void'
)
SELECT centre, dispute_type,
  count(*) FILTER (reported), count(*) FILTER (accepted), count(*) FILTER (begun), count(*) FILTER (concluded),
  count(*) FILTER (reported AND agreed), count(*) FILTER (reported AND (told OR pending)),
  count(*) FILTER (reported AND on_rung AND agreed), count(*) FILTER (reported AND on_rung AND told),
  count(*) FILTER (concluded AND agreed), count(*) FILTER (concluded AND told)
FROM cases GROUP BY ALL
"""
# The same, looking for cases that stand twice: the library never leaves that out.
UNIQUE = "SELECT count(matter_id), count(DISTINCT matter_id) FROM read_parquet('{files}')"


# Of those accepted, and settled on the spot, how many agreed, of those whose end is told.
FUNNEL = """
SELECT centre, count(*) FILTER (agreement IN ('full', 'partial')), count(*)
FROM read_parquet('{files}')
WHERE conclusion IS DISTINCT FROM 'void' AND agreement IN ('full', 'partial', 'none') AND (
  on_the_spot OR (
    (reported = 'at' OR (reported <> 'not_reached' AND 'at' IN (accepted, agreed_to_mediate, begun, joint_session)))
    AND (accepted = 'at' OR (accepted <> 'not_reached' AND 'at' IN (agreed_to_mediate, begun, joint_session)))
  )
) GROUP BY centre
"""
# Kaplan-Meier's median without its limits, which window functions do not give.
MEDIANS = """
WITH cases AS (
  SELECT {group} AS unit, first_concluded = 'at' AS ended,
    CASE WHEN first_concluded = 'at' THEN epoch_us(first_concluded_at) - epoch_us(reported_at)
    ELSE epoch_us(observed_on::TIMESTAMP) - epoch_us(reported_on::TIMESTAMP) END AS time
  FROM read_parquet('{files}') WHERE conclusion IS DISTINCT FROM 'void'
), times AS (
  SELECT unit, time, count(*) FILTER (ended) AS ends, count(*) AS leave FROM cases GROUP BY ALL
), risk AS (
  SELECT unit, time, ends, sum(leave) OVER (PARTITION BY unit ORDER BY time DESC) AS at_risk FROM times
), curve AS (
  SELECT unit, time, sum(CASE WHEN ends < at_risk THEN ln(1 - ends / at_risk) ELSE -1000 END)
    OVER (PARTITION BY unit ORDER BY time) AS log_open
  FROM risk
)
SELECT unit, min(time) FROM curve WHERE log_open <= ln(0.5) + 1e-12 GROUP BY unit
"""


def counted_by_hand(folder: Path, *questions: str) -> list[tuple[Any, ...]]:
    """The rows of the questions, after looking that no case stands twice."""
    files = folder / "*.parquet"
    with duckdb.connect() as connection:
        row = connection.execute(UNIQUE.format(files=files)).fetchone()
        if row is None or row[0] != row[1]:
            raise AssertionError("a case stands twice")
        return [
            row for asked in questions for row in connection.execute(asked.replace("{files}", str(files))).fetchall()
        ]


def funnel_by_hand(folder: Path) -> Numbers:
    """The counts of each centre by SQL."""
    return {(row[0],): row[1:] for row in counted_by_hand(folder, FUNNEL)}


def funnel_by_metrics(frame: Any) -> Numbers:
    """The counts of each centre by the library, which judges them with limits besides."""
    return {unit.group: (unit.figure.numerator, unit.figure.denominator) for unit in funnel(frame).units}


def medians_by_hand(folder: Path) -> Numbers:
    """The median of each centre, and of all, by SQL."""
    questions = (MEDIANS.replace("{group}", group) for group in ("centre", "NULL"))
    return {(row[0],) if row[0] else (): row[1:] for row in counted_by_hand(folder, *questions)}


def medians_by_metrics(frame: Any) -> Numbers:
    """The same by the library, with limits."""
    figures = survival(frame, "days_to_conclusion", by="centre").figures
    return {group: (figure.estimate.median,) for group, figure in figures.items() if isinstance(figure, DurationFigure)}


def by_hand(folder: Path, *, checked: bool = True) -> Numbers:
    """The numbers by SQL."""
    with duckdb.connect() as connection:
        if checked:
            row = connection.execute(UNIQUE.format(files=folder / "*.parquet")).fetchone()
            if row is None or row[0] != row[1]:
                raise AssertionError("a case stands twice")
        rows = connection.execute(SQL.format(files=folder / "*.parquet")).fetchall()
    return {(row[0], row[1]): tuple(row[2:]) for row in rows}


def by_metrics(frame: Any) -> Numbers:
    """The numbers by the library, which has intervals and what was left out beside them."""
    found: dict[tuple[str, str], list[int]] = {}
    for row in table(frame, metrics=[*COUNTS, *SHARES], by=BY, period="2022").rows:
        if not row.total:
            numbers = found.setdefault((row.group[0], row.group[1]), [])
            if isinstance(row.figure, CountFigure):
                numbers.append(row.figure.counted)
            elif isinstance(row.figure, ProportionFigure):
                numbers += [row.figure.numerator, row.figure.denominator]
    return {group: tuple(numbers) for group, numbers in found.items()}


def timer(ask: Callable[[], object]) -> Timer:
    """A timer by the clock on the wall: engines work on all processors."""

    def run() -> float:
        start = time.perf_counter()
        ask()
        return time.perf_counter() - start

    return run


def engines(folder: Path) -> Mapping[str, Callable[[], Any]]:
    """How each engine opens the folder."""
    return {
        "Polars": lambda: pl.scan_parquet(folder),
        "DuckDB": lambda: duckdb.connect().read_parquet(str(folder / "*.parquet")),
    }


Question = tuple[Callable[[Any], Numbers], Callable[[Path], Numbers]]
TABLE: Mapping[str, Question] = {"": (by_metrics, by_hand)}
ALL: Mapping[str, Question] = {
    **TABLE,
    "funnel, ": (funnel_by_metrics, funnel_by_hand),
    "medians, ": (medians_by_metrics, medians_by_hand),
}


def measure(rows: int, rounds: int, questions: Mapping[str, Question]) -> Iterator[Result]:
    """The questions on each engine, after looking that all give the same numbers."""
    with tempfile.TemporaryDirectory() as place:
        folder = write(Path(place, "case"), rows)
        for what, (by_library, by_sql) in questions.items():
            reference = functools.partial(by_sql, folder)
            for name, given in engines(folder).items():
                if by_library(given()) != reference():
                    raise AssertionError(f"{name} and the SQL give other numbers")
                ours = timer(lambda given=given, ask=by_library: ask(given()))  # type: ignore[misc]
                yield interleaved(
                    f"metrics ({what}{rows:,}, {name})", ours, timer(reference), target=1.25, stretch=1.1, rounds=rounds
                )


@benchmark("metrics")
def metrics() -> Iterator[Result]:
    """A million cases: a table by centre and type of dispute, 400 groups; centres in a funnel; their medians."""
    return measure(MILLION, 7, ALL)


@benchmark("metrics-scale", on_request=True)
def metrics_scale() -> Iterator[Result]:
    """Ten million cases: the table, the survival of all, and how much memory the process ever held."""
    yield from measure(TEN_MILLION, 7, TABLE)
    with tempfile.TemporaryDirectory() as place:
        folder = write(Path(place, "case"), TEN_MILLION)
        questions: dict[str, Callable[[Any], object]] = {"table": by_metrics, "survival": survival}
        for what, ask in questions.items():
            start = time.perf_counter()
            ask(pl.scan_parquet(folder))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"    {what:<10} {time.perf_counter() - start:6.1f} s  peak {peak:,.0f} MB so far", flush=True)
