"""What the tests of the histories share: the scripts, and what each of them tells."""

from __future__ import annotations

import datetime as dt
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

import community_mediation as cm
from community_mediation.domain.validators import SENSITIVITY, Sensitivity

HISTORIES = Path(__file__).parents[2] / "examples" / "histories"
NAMES = tuple(sorted(path.stem for path in HISTORIES.glob("*.py")))


def script(name: str) -> dict[str, Any]:
    """The names of a script, which is run as a module and not as a program."""
    return runpy.run_path(str(HISTORIES / f"{name}.py"))


def told(name: str, book: cm.Casebook) -> tuple[cm.Case, ...]:
    """The cases of a history, saved."""
    given = script(name)["history"](book)
    return tuple(book.save(case) for case in (given if isinstance(given, tuple) else (given,)))


def saved(name: str, book: cm.Casebook) -> cm.Case:
    """The only case of a history, saved."""
    (case,) = told(name, book)
    return case


def rows(book: cm.Casebook, table: str, **asked: Any) -> dict[str, dict[str, Any]]:
    """The rows of a facts table, by the id within the case."""
    return {str(row["row"]): row for row in book.facts(table, **asked).rows()}


def only(book: cm.Casebook, table: str, **asked: Any) -> dict[str, Any]:
    """The only row of a facts table."""
    (row,) = book.facts(table, **asked).rows()
    return row


def figure(book: cm.Casebook, metric: str, **asked: Any) -> Any:
    """What the outcome table says of one metric, over a Polars frame of the cases."""
    return cm.metrics.table(book.facts("case", **asked).to_polars(), metrics=metric)[metric]


def share(book: cm.Casebook, metric: str) -> tuple[int, int]:
    """Numerator and denominator of a rate."""
    found = figure(book, metric)
    return found.numerator, found.denominator


def moment(year: int, month: int, day: int, hour: int = 12) -> cm.When:
    """A moment by the clocks of China and the Philippines."""
    return cm.When.at(dt.datetime(year, month, day, hour, tzinfo=dt.timezone(dt.timedelta(hours=8))))


def then(case: cm.Case, when: cm.When) -> cm.Case:
    """The case as it was then; there was one."""
    found = case.valid_at(when)
    assert found is not None
    return found


def private_texts(value: Any) -> Iterator[str]:
    """Every text, at any depth, in a field that is not public."""
    if isinstance(value, tuple):
        for each in value:
            yield from private_texts(each)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            inside = getattr(value, field.name)
            if field.metadata.get(SENSITIVITY, Sensitivity.NONE) is not Sensitivity.NONE and isinstance(inside, str):
                yield inside
            else:
                yield from private_texts(inside)


def printed(book: cm.Casebook, cases: tuple[cm.Case, ...]) -> str:
    """All that is shown of cases without asking for it: their ``repr``, and all facts at all times."""
    shown = [repr(case) for case in cases]
    shown += [repr(event) for case in cases for event in case.events]
    shown += [repr(list(book.facts(table).rows())) for table in book.tables]
    return "\n".join(shown)
