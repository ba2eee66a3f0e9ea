"""The published tables that are shipped, figure by figure: what follows from what, and how it was rounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest

from community_mediation import samples
from community_mediation.errors import NotFound
from community_mediation.metrics import CheckedFigure, CheckedTable, Fit, Printed, check_published, fitting
from tests.metrics import published_checks as published
from tests.metrics.published_checks import Rows

TABLES: dict[str, tuple[Callable[[Rows], CheckedTable], Rows]] = {
    "balances": (published.balances, published.BALANCES),
    "china_by_type": (published.by_type, published.BY_TYPE),
    "china_places": (published.places, published.PLACES),
    "china_series": (published.series, published.SERIES),
    "figures": (published.figures, published.FIGURES),
    "rates": (published.rates, published.RATES),
}
CHECKED = {
    "balances": {"balances": 16, "within rounding": 1, "does not balance": 3},
    "china_by_type": {"half-up": 24, "balances": 5, "within rounding": 3, "not printed": 12},
    "china_places": {"half-up": 7, "balances": 3, "not printed": 21, "cannot be checked": 2},
    "china_series": {
        "half-up": 2, "balances": 1, "within rounding": 2, "no fit": 2, "not printed": 25, "cannot be checked": 1,
    },
    "figures": {
        "half-up": 3, "balances": 15, "does not balance": 3, "not printed": 120, "cannot be checked": 1,
    },
    "rates": {"half-up": 8, "truncated": 2, "not printed": 8},
}  # fmt: skip


def check(name: str) -> CheckedTable:
    run, rows = TABLES[name]
    return run(rows)


def figure(name: str, where: str, what: str) -> CheckedFigure:
    """The one figure of a table with these words in its place and its name."""
    (found,) = (one for one in check(name) if where in one.where and what in one.what)
    return found


@pytest.mark.parametrize("name", TABLES)
def test_every_figure_of_a_shipped_table_is_counted_by_how_it_stands(name: str) -> None:
    """100 printed figures checked in all; a table that changes changes these numbers."""
    assert Counter(str(one.how) for one in check(name)) == CHECKED[name]


def test_a_hundred_printed_figures_are_checked() -> None:
    ways = Counter(one.how for name in TABLES for one in check(name))
    assert sum(ways[way] for way in Fit if way.agrees or way.disagrees) == 100
    assert ways[Fit.NOT_PRINTED] == 186 and ways[Fit.NOT_CHECKED] == 4


# ------------------------------------------------------------------ rates


@pytest.mark.parametrize(
    ("key", "how", "recomputed"),
    [
        ("PH13-settle", "half-up", "76.92 %"),
        ("PH13-unset", "truncated", "23.08 %"),
        ("PH13-closed", "not printed", "84.01 %"),
        ("LTIA-all", "half-up", "80 %"),
        ("LTIA-adj", "truncated", "94.74 %"),
        ("GB-LD", "half-up", "72 %"),
        ("GB-LD2", "not printed", "54.08 %"),
        ("KE-concl", "half-up", "92.3 %"),
        ("KE-fy23", "half-up", "95 %"),
        ("RW-2016-17", "not printed", "96.32 %"),
        ("RW-2017-18", "half-up", "97.3 %"),
        ("RW-2018-19", "half-up", "97.8 %"),
        ("RW-court-2012/13", "not printed", "14.32 %"),
        ("RW-court-2013/14", "not printed", "10.14 %"),
        ("NJC-resp", "half-up", "44 %"),
        ("IN-ns", "not printed", "88.52 %"),
        ("IN-st", "not printed", "1.47 %"),
        ("IN-st2", "not printed", "12.83 %"),
    ],
)
def test_every_published_rate_follows_from_its_counts(key: str, how: str, recomputed: str) -> None:
    """With the way that it was rounded, or what the counts give where no rate was printed."""
    (found,) = (one for one in check("rates") if one.where == key)
    assert (found.how, found.recomputed) == (how, recomputed)


def test_every_rate_stands_in_the_list_above() -> None:
    (mark,) = (m for m in test_every_published_rate_follows_from_its_counts.pytestmark if m.name == "parametrize")  # type: ignore[attr-defined]
    assert {row["id"] for row in published.RATES} == {key for key, _, _ in mark.args[1]}


def test_182_at_98_9_percent_has_two_readings_in_the_shipped_row() -> None:
    """The newspaper does not say whether 182 were settled, or came: 182/184 and 180/182 print the same."""
    (row,) = (row for row in published.PLACES if "resolution_rate" in row and "沧州" in row["place"])
    count, rate = row["cases"], row["resolution_rate"]
    assert (str(count), str(rate)) == ("182", "98.9 %")
    assert [(one.numerator, one.denominator) for one in fitting(count.units, str(rate))] == [(182, 184), (180, 182)]


def test_the_official_settlement_rate_of_kenya_is_no_rounding_of_the_published_one() -> None:
    """4,450 of 4,708 were concluded, 95 %; 51.2 % settled would be 2,409 to 2,412 cases."""
    settled = [one.numerator for one in fitting(4_708, "51.2") if one.denominator == 4_708]
    assert (settled[0], settled[-1]) == (2_409, 2_412)
    assert check_published(4_450, 4_708, "51.2").how is Fit.NO_FIT


# ------------------------------------------------------------------ balances


@pytest.mark.parametrize(
    ("key", "how", "gap"),
    [
        ("KP2013 nature", "balances", ""),
        ("LTIA 2024", "balances", ""),
        ("NE case types", "balances", ""),
        ("NE referral %", "within rounding", "+1"),
        ("BD Andulbaria criminal F", "balances", ""),
        ("BD Andulbaria criminal M", "does not balance", "+7"),
        ("BD Andulbaria civil F", "does not balance", "+1"),
        ("BD Andulbaria civil M", "does not balance", "+3"),
        ("IN Lok Adalat 2024-25", "balances", ""),
    ],
)
def test_a_table_that_does_not_balance_is_a_finding_with_its_difference(key: str, how: str, gap: str) -> None:
    """Percentages that were rounded may miss 100 by as much as their rounding allows; counts may not."""
    (found,) = (one for one in check("balances") if one.where == key)
    assert (found.how, found.gap) == (how, gap)


def test_the_same_rows_do_not_balance_in_the_table_of_figures() -> None:
    gaps = {one.what.partition(" = ")[0]: one.gap for one in check("figures").problems}
    assert gaps == {
        "received: criminal/male applicant": "+7",
        "received: civil/female applicant": "+1",
        "received: civil/male applicant": "+3",
    }


# ------------------------------------------------------------------ China


def test_every_share_of_1999_and_2000_is_rounded_half_up() -> None:
    shares = [one for one in check("china_by_type") if one.kind == "share"]
    assert len(shares) == len(published.BY_TYPE) == 24
    assert {one.how for one in shares} == {Fit.HALF_UP}


def test_the_counts_of_the_types_balance_and_their_shares_do_so_within_their_rounding() -> None:
    parts = {(one.where, one.what.partition(" = ")[0]): (str(one.how), one.gap) for one in check("china_by_type")
             if one.kind == "parts"}  # fmt: skip
    assert parts == {
        **{(f"{year} {parent}", "cases"): ("balances", "") for year in (1999, 2000) for parent in ("Total", "Family")},
        ("1999 Total", "percent"): ("balances", ""),
        ("1999 Family", "percent"): ("within rounding", "-0.01"),
        ("2000 Total", "percent"): ("within rounding", "+0.01"),
        ("2000 Family", "percent"): ("within rounding", "+0.01"),
    }


def test_a_city_prints_rate_share_and_both_changes_of_one_quarter_half_up() -> None:
    """Lishui 2016-Q3: 93.78 %, 65.33 %; up 281 or 3.44 % on the year, 520 or 6.56 % on the quarter."""
    found = {one.what.partition(" = ")[0]: (one.working, one.recomputed, one.how) for one in check("china_places")
             if "丽水" in one.where and one.printed}  # fmt: skip
    assert found == {
        "success_rate": ("7,913 / 8,438", "93.78 %", Fit.HALF_UP),
        "top4_share": ("(2,096 + 1,840 + 868 + 717) / 8,451", "65.33 %", Fit.HALF_UP),
        "yoy_percent": ("(8,451 - 8,170) / 8,170", "3.44 %", Fit.HALF_UP),
        "qoq_percent": ("(8,451 - 7,931) / 7,931", "6.56 %", Fit.HALF_UP),
    }


@pytest.mark.parametrize(
    ("where", "what", "working", "how"),
    [
        ("鄂州市", "success_rate =", "6,293 / 6,358", "half-up"),
        ("某省", "success_rate =", "410,942 / 417,242", "half-up"),
        ("哈尔滨市 2003", "standardised_share =", "2,180 / 2,599", "half-up"),
        ("哈尔滨市 1995", "mediated_total =", "5,068 + 5,551 + 19,138", "balances"),
        ("山东省", "mediated =", "6.3 + 10.8 + 2.1", "balances"),
        ("漳州市", "screened_family_neighbour =", "999 + 2,956", "balances"),
        ("北京市", "petition_success /", "1,297 / 2,007", "not printed"),
        ("哈尔滨市 2003", "success_rate =", "", "cannot be checked"),
        ("山东省", "success_rate =", "", "cannot be checked"),
    ],
)
def test_what_each_place_printed_follows_or_says_why_it_cannot_be_checked(
    where: str, what: str, working: str, how: str
) -> None:
    found = figure("china_places", where, what)
    assert (found.working, found.how) == (working, how)


def test_ten_thousands_of_one_yearbook_are_the_full_counts_of_another_rounded() -> None:
    """5,188,646 prints as 518.86 万, 5,030,619 as 503.1 万."""
    for year, printed in (("1999", "518.86 ×10,000"), ("2000", "503.1 ×10,000")):
        found = figure("china_series", f"{year} {published.YEARBOOK}", "civil_disputes_mediated = civil")
        assert (found.how, found.recomputed) == (Fit.HALF_UP, printed)


def test_a_report_that_differs_from_the_yearbook_is_told_with_the_difference() -> None:
    """For 2000 it says 502 万 disputes where the yearbook has 5,030,619, and 96.3 万 committees for 96.4."""
    gaps = {one.what.partition(" = ")[0]: one.gap for one in check("china_series").problems}
    assert gaps == {"committees": "+0.1 ×10,000", "civil_disputes_mediated": "+1 ×10,000"}


def test_a_success_rate_of_rounded_counts_fits_within_their_rounding() -> None:
    """476 万 of 502 万 is 94.63 to 95.01 %: 94.8 fits, and nothing can say that it was rounded half-up."""
    found = figure("china_series", "2000 ", "success_rate =")
    assert found.computed is not None and found.how is Fit.WITHIN_ROUNDING
    assert (found.computed.low, found.computed.high) == (Fraction(95_100, 1_005), Fraction(95_300, 1_003))


def test_the_series_of_committees_adds_up_in_ten_thousands() -> None:
    assert figure("china_series", "2011 ", "committees =").how is Fit.BALANCES


# ------------------------------------------------------------------ nothing is left out


@pytest.mark.parametrize(
    ("name", "reasons", "tallies"),
    [
        ("china_series", published.SERIES_ALONE, ()),
        ("china_places", {("", key): why for key, why in published.PLACES_ALONE.items()}, published.TALLIES),
        ("figures", published.FIGURES_ALONE, ()),
        ("balances", {}, ()),
        ("china_by_type", {}, ()),
        ("rates", {}, ()),
    ],
)
def test_every_figure_is_checked_or_says_why_nothing_follows_from_it(
    name: str, reasons: dict[tuple[str, str], str], tallies: tuple[str, ...]
) -> None:
    """A figure that no check reads fails here until it has a check or a reason; so does a reason that nothing needs."""
    whole = {key for key, _ in reasons} != {""}
    left = {(where.split()[0] if whole else "", column) for where, column in check(name).untouched
            if not column.startswith(tallies or ("\0",))}  # fmt: skip
    assert left == set(reasons)


def test_a_new_row_that_nobody_checks_is_caught() -> None:
    """The inventory's control: one more figure, and it is no longer complete."""
    rows = (*published.SERIES, {"year": "2024", "source": "a report", "committees": Printed.parse("69.4", "万")})
    before, after = (set(published.series(table).untouched) for table in (published.SERIES, rows))
    assert after - before == {("2024 a report", "committees")}


@pytest.mark.parametrize("name", ["china_places", "china_series", "figures"])
def test_no_percentage_that_was_left_is_a_rate_of_two_counts_beside_it(name: str) -> None:
    """Every pair of counts of a row is tried on each percentage with decimals that no check explains."""
    run, rows = TABLES[name]
    table = run(rows)
    explained = {cell for one in table if one.how.agrees for cell in one.cells}
    assert [found for number in range(len(rows)) for found in missed(rows, number, explained)] == []


def missed(rows: Rows, number: int, explained: set[tuple[int, str]]) -> list[tuple[str, str, str]]:
    cells = {name: cell for name, cell in rows[number].items() if isinstance(cell, Printed)}
    counts = {name: cell.units for name, cell in cells.items() if not cell.reach and cell.units > 0}
    rates = {name: cell for name, cell in cells.items() if cell.percent and cell.places}
    return [
        (rate, one, two)
        for rate, cell in rates.items()
        if (number, rate) not in explained
        for one, two in permutations(counts, 2)
        if counts[one] <= counts[two] and check_published(counts[one], counts[two], str(cell)).fits
    ]


def test_a_rate_that_the_checks_forgot_is_caught() -> None:
    assert ("success_rate", "success", "mediated") in missed(published.PLACES, 0, set())


@pytest.mark.parametrize("name", TABLES)
def test_every_shipped_row_has_its_source_and_how_sure_it_is(name: Any) -> None:
    """``memory`` is unconfirmed, and not shipped."""
    for row in samples.published(name):
        assert row["source"].strip() not in ("", "same")
        assert row["status"] in ("verified", "cited", "secondary", "inferred")


def test_an_unknown_published_table_is_named_with_those_that_there_are() -> None:
    with pytest.raises(NotFound, match=r"published/rates\.csv"):
        samples.published("ratse")  # type: ignore[arg-type]


# ------------------------------------------------------------------ planted faults


FAULTS = [
    ("rates", lambda row: row.get("id") == "PH13-settle", "published", "76.93", Fit.ROUNDED_UP),
    ("rates", lambda row: row.get("id") == "PH13-settle", "published", "76.94", Fit.NO_FIT),
    ("rates", lambda row: row.get("id") == "KE-concl", "numerator", "16870", Fit.NO_FIT),
    ("china_by_type", lambda row: row["type"] == "Debts", "cases", "480342", Fit.DOES_NOT_BALANCE),
    ("china_by_type", lambda row: row["type"] == "Neighbor", "percent", "14.83", Fit.NO_FIT),
    ("china_places", lambda row: "丽水" in row["place"], "yoy_percent", Printed.parse("3.54 %"), Fit.NO_FIT),
    ("china_places", lambda row: "丽水" in row["place"], "qoq_change", Printed.parse("502"), Fit.NO_FIT),
    ("china_places", lambda row: "山东" in row["place"], "source:主动调解", Printed.parse("6.9", "万件"),
     Fit.DOES_NOT_BALANCE),
    ("china_series", lambda row: row["year"] == "1999", "civil_disputes_mediated", Printed.parse("518.68", "万"),
     Fit.NO_FIT),
    ("figures", lambda row: "CY2013" in row["period"], "estimated_government_savings: total",
     Printed.parse("3107687000"), Fit.DOES_NOT_BALANCE),
]  # fmt: skip


@pytest.mark.parametrize(("name", "is_row", "column", "planted", "how"), FAULTS)
def test_a_changed_digit_is_caught(
    name: str, is_row: Callable[[dict[str, Any]], bool], column: str, planted: Any, how: Fit
) -> None:
    run, rows = TABLES[name]
    number = next(i for i, row in enumerate(rows) if column in row and is_row(row))
    changed = (*rows[:number], {**rows[number], column: planted}, *rows[number + 1 :])
    before = Counter(one.how for one in run(rows))
    after = Counter(one.how for one in run(changed))
    assert after[how] > before[how]


def other_digits(text: str) -> list[str]:
    """The text with each of its digits changed to each other one."""
    return [f"{text[:i]}{digit}{text[i + 1 :]}" for i, old in enumerate(text) if old.isdigit()
            for digit in "0123456789" if digit != old]  # fmt: skip


def test_no_digit_of_a_published_rate_can_change_unseen() -> None:
    """A last place that is off by one is still told from the right one: truncated, or rounded up."""
    for row in published.RATES:
        for text in other_digits(row["published"]):
            (found,) = published.rates(({**row, "published": text},))
            (before,) = published.rates((row,))
            assert found.how is not before.how, (row["id"], text)
            assert found.printed is not None and before.printed is not None
            steps = abs(found.printed.units - before.printed.units)
            assert found.how.disagrees or steps <= 1


def test_no_digit_of_a_balance_can_change_unseen() -> None:
    for row in published.BALANCES:
        (before,) = published.balances((row,))
        if before.how is Fit.BALANCES and "percentages" not in row["note"]:
            for column in ("parts", "total"):
                for text in other_digits(row[column]):
                    (found,) = published.balances(({**row, column: text},))
                    assert found.how is Fit.DOES_NOT_BALANCE, (row["id"], text)
