"""Agreement rates on small books done by hand."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import attrs
import pytest

from community_mediation.metrics import Basis, Proportion, catalogue, col, table
from tests.metrics.frames import DAY, case, in_polars

PASSED = {"accepted": DAY, "agreed_to_mediate": DAY, "begun": DAY, "joint_session": DAY}
STOPPED = dict.fromkeys(PASSED, "not_reached")


def ended(conclusion: str, agreement: str, **cells: Any) -> dict[str, Any]:
    return case(**{**PASSED, "concluded": DAY, "conclusion": conclusion, "agreement": agreement, **cells})


# Ten cases: 3 settled, 1 in part, 2 failed in session, 1 refused before anything began,
# 1 withdrawn after acceptance, 1 open in mediation, 1 void.
BOOK = [
    *(ended("settled", "full") for _ in range(3)),
    ended("settled_in_part", "partial"),
    *(ended("not_settled", "none") for _ in range(2)),
    ended("refused", "none", **STOPPED | {"accepted": DAY}),
    ended("withdrawn", "none", **STOPPED | {"accepted": DAY}),
    case(**PASSED, agreement="open", concluded="not_reached"),
    ended("void", "none", **STOPPED),
]


@pytest.mark.parametrize(
    ("metric", "numerator", "denominator"),
    [
        ("agreement_of_reported", 4, 9),
        ("agreement_of_accepted", 4, 8),
        ("agreement_of_agreed_to_mediate", 4, 6),
        ("agreement_of_begun", 4, 6),
        ("agreement_of_joint_session", 4, 6),
        ("full_agreement_of_begun", 3, 6),
        ("agreement_of_concluded", 4, 8),
        ("agreement_of_substantively_concluded", 4, 6),
    ],
)
def test_the_same_cases_give_each_rate_its_own_denominator(metric: str, numerator: int, denominator: int) -> None:
    found = table(in_polars(BOOK))[metric]
    assert (found.numerator, found.denominator) == (numerator, denominator)
    assert found.value == Fraction(numerator, denominator)


def test_only_the_rate_over_cases_reported_holds_the_open_ones_in_its_denominator() -> None:
    """The Philippine form: settled over filed, pending cases below the line."""
    found = table(in_polars(BOOK))
    assert found["agreement_of_reported"].open == 1 and found["agreement_of_reported"].metric.counts_open
    names = [one.name for one in catalogue().values() if getattr(one, "counts_open", False)]
    assert names == ["agreement_of_reported", "effective_reach_of_referred"]


def test_what_was_left_out_is_listed_by_name() -> None:
    found = table(in_polars(BOOK))["agreement_of_substantively_concluded"]
    assert found.excluded == (("void", 1), ("withdrawn", 1), ("refused", 1))


def test_the_assessors_two_rates_of_ninety_cases_both_come_out() -> None:
    """A lupon's year: 72 settled, 4 certified, 14 cancelled, dismissed or withdrawn: 80 % and 94.7 %."""
    book = [ended("settled", "full")] * 72 + [ended("not_settled", "none")] * 4 + [ended("withdrawn", "none")] * 14
    found = table(in_polars(book))
    assert found["agreement_of_reported"].percent() == "80.0"
    assert found["agreement_of_substantively_concluded"].percent() == "94.7"


def test_an_agreement_outside_the_rung_is_listed_and_not_counted() -> None:
    book = [ended("settled", "full"), ended("settled", "full", begun="not_reached", joint_session="not_reached")]
    found = table(in_polars(book))["agreement_of_begun"]
    assert (found.numerator, found.denominator, found.outside) == (1, 1, 1)


@pytest.mark.parametrize(("reading", "denominator", "outside"), [("implied", 2, 0), ("as_recorded", 1, 1)])
def test_a_settlement_on_the_spot_passes_the_rungs_or_not_as_asked(
    reading: str, denominator: int, outside: int
) -> None:
    book = [ended("settled", "full"), ended("settled", "full", on_the_spot=True, **STOPPED)]
    found = table(in_polars(book), on_the_spot=reading)["agreement_of_accepted"]
    assert (found.denominator, found.outside) == (denominator, outside)


def test_an_unknown_lower_rung_counts_as_passed_below_a_higher_one() -> None:
    found = table(in_polars([case(joint_session=DAY, agreement="full")]))
    assert found["agreement_of_accepted"].numerator == 1


def test_an_unknown_rung_with_nothing_above_stays_unknown() -> None:
    found = table(in_polars([case(accepted=DAY, agreement="full")]))
    assert found["agreement_of_accepted"].numerator == 1
    assert (found["agreement_of_begun"].unknown_place, found["agreement_of_begun"].value) == (1, None)


def test_nothing_known_gives_the_reason_and_no_number() -> None:
    found = table(in_polars([case()] * 5))["agreement_of_reported"]
    assert (found.value, found.interval, found.reason, found.percent()) == (None, None, "unknown: 5", "unknown: 5")


def test_open_cases_beside_unknown_ones_do_not_make_a_share_of_nothing() -> None:
    """480 ended with outcomes unknown and 444 open are not "0 % of 444"."""
    book = [case()] * 480 + [case(agreement="open")] * 444
    assert table(in_polars(book))["agreement_of_reported"].percent() == "unknown: 480"


def test_open_cases_alone_are_a_share_of_nothing_only_where_they_count() -> None:
    found = table(in_polars([case(**PASSED, agreement="open")] * 3))
    assert found["agreement_of_reported"].percent() == "0.0"
    assert found["agreement_of_begun"].percent() == "open: 3"


def test_no_agreement_among_sixty_prints_with_its_limits() -> None:
    found = table(in_polars([ended("not_settled", "none")] * 60))["agreement_of_begun"]
    assert (found.percent(), str(found.interval)) == ("0.0", "0.0–6.0 % (Wilson, 95 %)")


def test_the_exact_interval_comes_on_request() -> None:
    found = table(in_polars(BOOK), interval="exact")["agreement_of_begun"]
    assert str(found.interval) == "22.3–95.7 % (exact (Clopper-Pearson), 95 %)"


def test_a_cohort_is_counted_by_report_and_an_event_by_conclusion() -> None:
    march, april = dt.date(2022, 3, 31), dt.date(2022, 4, 1)
    book = [ended("settled", "full", reported=march, concluded=april), ended("not_settled", "none", reported=march)]
    found = table(in_polars(book), period="2022-03")
    assert found["agreement_of_begun"].denominator == 2
    assert found["agreement_of_concluded"].denominator == 1
    assert table(in_polars(book), period="2022-04")["agreement_of_begun"].reason == "no cases"
    assert found["agreement_of_concluded"].metric.basis is Basis.EVENT


def test_a_case_of_unknown_date_is_undated_and_never_dropped() -> None:
    book = [ended("settled", "full"), ended("settled", "full", reported_on=None), case(reported="unknown")]
    found = table(in_polars(book), period="2022-03")["agreement_of_begun"]
    assert (found.basis_cases, found.undated) == (1, 2)
    assert table(in_polars(book))["agreement_of_begun"].undated == 0


def test_a_filter_narrows_the_basis_and_what_it_cannot_tell_is_counted_apart() -> None:
    walk_in = col("channel").is_in(["walk_in"], not_in=["police_call"])
    metric = attrs.evolve(catalogue()["agreement_of_begun"], name="walk_ins", filter=walk_in)
    book = [ended("settled", "full", channel=channel) for channel in ("walk_in", "police_call", None)]
    found = table(in_polars(book), metrics=[metric])["walk_ins"]
    assert (found.basis_cases, found.undated) == (1, 1)


def test_no_metric_is_called_a_resolution_rate() -> None:
    assert not [name for name in catalogue() if "resolution" in name or name.endswith("_rate")]
    names = [one.name for one in catalogue().values() if isinstance(one, Proportion) and "agreement" in one.name]
    assert names and all("_of_" in name for name in names)
