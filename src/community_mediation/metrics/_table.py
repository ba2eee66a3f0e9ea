"""The outcome table: the chosen metrics over one frame, broken down and in total."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from community_mediation.domain.values import Period, When
from community_mediation.metrics._asking import asked, language, period_of, reading_of
from community_mediation.metrics._catalogue import chosen
from community_mediation.metrics._definitions import Metric
from community_mediation.metrics._figures import Row
from community_mediation.metrics._result_table import ResultTable
from community_mediation.metrics._watch import Given


def table(
    frame: Any,
    *,
    metrics: str | Metric | Iterable[str | Metric] | None = None,
    by: str | Sequence[str] = (),
    period: Period | str | None = None,
    on_the_spot: str = "implied",
    interval: str = "wilson",
    observed_through: Given = None,
    observed_from: Given = None,
    valid_at: When | dt.datetime | None = None,
    known_at: int | dt.datetime | None = None,
    lang: str = "en",
) -> ResultTable:
    """Count the metrics over the rows of the facts tables.

    Args:
        frame: A casebook; or a frame of the engine of your choice with one row for each case (Polars, pandas, DuckDB,
            PySpark, Arrow, or something with ``to_polars()``); or several of them by the name of their table,
            ``{"case": …, "case_answer": …}``. Rows of other tables find their case by ``matter_id``.
        metrics: Names of the catalogue, or metrics of your own; by default all.
        by: Columns to break down by; a total is always added.
        period: Only cases of this period, by local dates; each metric says which date.
        on_the_spot: ``implied`` or ``as_recorded``: whether a settlement on the spot passes the rungs.
        interval: ``wilson`` or ``exact``.
        observed_through: Up to when open cases were watched, where they do not say so themselves: one moment, or one
            for each centre. Of a casebook, by default its last entry, or *valid_at* or *known_at* if that is earlier.
        observed_from: From when cases were watched, the same way. Times of cases that are older count from then on
            only: those that had ended before are in no book (late entry).
        valid_at: Of a casebook: what was true at that moment.
        known_at: Of a casebook: what it knew at that position or moment.
        lang: ``en`` or ``zh``, for printing.

    Raises:
        InvalidQuery: An unknown metric or column, another grain, a frame that cannot be counted, a bad argument.
        MissingExtra: The packages of the extra ``metrics`` are not installed.
    """
    language(lang)
    wanted = chosen(metrics)
    when, reading = period_of(period), reading_of(on_the_spot)
    answer = asked(
        frame,
        wanted,
        by,
        [(when, reading)],
        interval=interval,
        observed_through=observed_through,
        observed_from=observed_from,
        valid_at=valid_at,
        known_at=known_at,
    )
    rows = [
        Row(group=group, total=group == (), figure=answer.figure(metric, group))
        for group in [*answer.groups, ()]
        for metric in wanted
    ]
    return ResultTable(
        rows=tuple(rows),
        by=answer.by,
        period=when,
        on_the_spot=reading,
        lang=lang,
        kind=answer.kind,
        watched_through=answer.watch.finished,
    )
