"""The definitions once more, in plain Python over single cases, written apart from the library's."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from community_mediation.domain.values import Period
from tests.metrics.frames import Cells

RUNGS = ["reported", "accepted", "agreed_to_mediate", "begun", "joint_session"]


def stands(row: Cells, rung: str, implied: bool) -> bool | None:
    """Whether the case stands on the rung; ``None`` if nobody knows."""
    if implied and row["on_the_spot"] is True:
        return True
    answers: list[bool | None] = []
    for place in range(RUNGS.index(rung) + 1):
        state = row[RUNGS[place]]
        if state == "at":
            answers.append(True)
        elif state == "not_reached":
            answers.append(False)
        else:
            answers.append(True if any(row[name] == "at" for name in RUNGS[place + 1 :]) else None)
    return False if False in answers else None if None in answers else True


def place(row: Cells, milestone: str, period: Period | None, event: bool) -> str:
    """``in`` the basis, ``out`` of it, or ``undated``."""
    state, day = row[milestone], row[f"{milestone}_on"]
    if period is None:
        return "out" if event and state == "not_reached" else "in"
    if state == "not_reached":
        return "out"
    if state != "at" or day is None:
        return "undated"
    return "in" if day in period else "out"


def part(row: Cells, rung: str, implied: bool, yes: set[str]) -> str:
    """The one part into which a case of the basis falls."""
    outcome = row["agreement"] if row["agreement"] in {"full", "partial", "none", "open"} else None
    on = stands(row, rung, implied)
    if row["conclusion"] == "void":
        return "excluded"
    if on is None:
        return "unknown_place"
    if on is False:
        return "outside" if outcome in yes else "elsewhere"
    if outcome is None:
        return "unknown_outcome"
    return "open" if outcome == "open" else "numerator" if outcome in yes else "other"


def parts(rows: Iterable[Cells], rung: str, period: Period | None, implied: bool, yes: set[str]) -> Counter[str]:
    """How many cases fall into each part, and how many are undated."""
    found: Counter[str] = Counter()
    for row in rows:
        where = place(row, "reported", period, event=False)
        if where == "in":
            found[part(row, rung, implied, yes)] += 1
        elif where == "undated":
            found["undated"] += 1
    return found


def open_at(row: Cells, last: dt.date) -> bool | None:
    """Whether the case stood open when *last* ended."""

    def passed(name: str) -> bool | None:
        state, day = row[name], row[f"{name}_on"]
        if state == "at":
            return None if day is None else day <= last
        if state == "not_reached":
            seen = row["observed_on"]
            return False if seen is None or seen >= last else None
        return None

    came, went = passed("reported"), passed("concluded")
    if came is False or went is True:
        return False
    return True if came is True and went is False else None
