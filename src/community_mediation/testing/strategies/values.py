"""Times, amounts and texts, drawn by Hypothesis: they shrink to the simplest one that fails."""

from __future__ import annotations

import datetime as dt
import functools
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from community_mediation.domain.values import Money, When
from community_mediation.errors import MediationError

ZONES: Final = (
    "Asia/Shanghai",
    "Asia/Manila",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "America/Sao_Paulo",
    "America/St_Johns",
    "UTC",
)
SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨叶"
TEXTS: Final = (
    "",
    "=1+1",
    "<b>&amp;</b>",
    "{{ x }}",
    "שלום",
    "面对面调解",
    "\x00\x1f",
    "🧓🏽",
    "null",
    "a\r\nb",
    "  x  ",
)
PARTY_IDS: Final = ("p1", "p2", "p3", "p4")
ISSUE_IDS: Final = ("i1", "i2", "i3")
BY: Final = "account-1"
START: Final = dt.datetime(2022, 3, 1, 1, 0, tzinfo=dt.UTC)

Random = random.Random


def tried(call: Callable[[], Any]) -> Any:
    """What *call* returns, or the error with which this library refuses it; any other error is one."""
    try:
        return call()
    except MediationError as error:
        return error


@functools.cache
def texts(max_size: int = 60) -> st.SearchStrategy[str]:
    """Any text that a field may hold: every script, controls, markup, formulas; no lone surrogates."""
    return st.sampled_from(TEXTS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=max_size)


@functools.cache
def ids() -> st.SearchStrategy[str]:
    """Ids: printable, without blanks."""
    return st.text(st.sampled_from("abcXYZ019-_.:调解é"), min_size=1, max_size=12)


@functools.cache
def offsets() -> st.SearchStrategy[dt.timezone]:
    """Fixed offsets, with seconds in some."""
    usual = st.sampled_from([0, 8 * 3600, 14 * 3600, -12 * 3600, 20700])
    return (usual | st.integers(-86_399, 86_399)).map(lambda each: dt.timezone(dt.timedelta(seconds=each)))


@functools.cache
def instants(
    first: dt.date = dt.date(1801, 1, 1), last: dt.date = dt.date(2999, 1, 1)
) -> st.SearchStrategy[dt.datetime]:
    """Aware moments, to the microsecond."""
    bounds = [dt.datetime.combine(each, dt.time()) for each in (first, last)]
    return st.builds(lambda naive, zone: naive.replace(tzinfo=zone), st.datetimes(*bounds), offsets())


@functools.cache
def whens(
    first: dt.date = dt.date(1801, 1, 1), last: dt.date = dt.date(2999, 1, 1), *, unknown: bool = True
) -> st.SearchStrategy[When]:
    """Instants, days in all kinds of zones, and (unless told otherwise) unknown times."""
    known = st.one_of(
        st.builds(When.on, st.dates(first, last), st.sampled_from(ZONES)), instants(first, last).map(When.at)
    )
    return known | st.just(When.unknown()) if unknown else known


@functools.cache
def money() -> st.SearchStrategy[Money]:
    """Amounts, in cents and in other fractions."""
    cents = st.integers(0, 10**14).map(lambda each: Decimal(each) / 100)
    odd = st.sampled_from([Decimal("0.000001"), Decimal("1E+5"), Decimal("0.10"), Decimal(10**20)])
    return st.builds(Money, cents | odd, st.sampled_from(["CNY", "PHP", "EUR"]))
