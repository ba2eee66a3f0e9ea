"""Published rates through the catalogue: which metric reproduces which authority's figure, over which cases."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from community_mediation import samples
from community_mediation.metrics import catalogue, check_published, half_up, survival, table
from tests.metrics.frames import DAY, case, in_polars, sample

ENDED = {"concluded": DAY, "first_concluded": DAY}
LADDER = {"accepted": DAY, "agreed_to_mediate": DAY, "begun": DAY}
SETTLED = case(agreement="full", conclusion="settled", **LADDER, **ENDED)
UNSETTLED = case(agreement="none", conclusion="not_settled", **LADDER, **ENDED)
WITHDRAWN = case(agreement="none", conclusion="withdrawn", accepted=DAY, **ENDED)
OPEN = case(agreement="open", accepted=DAY, concluded="not_reached", first_concluded="not_reached")
REFUSED = case(
    agreement="none", conclusion="refused", accepted=DAY, agreed_to_mediate="not_reached", begun="not_reached", **ENDED
)
NOT_TAKEN = case(agreement="none", conclusion="declined", accepted="not_reached", agreed_to_mediate="not_reached",
                 begun="not_reached", **ENDED)  # fmt: skip
AWARDED = case(agreement="none", conclusion="settled", **LADDER, **ENDED)


def cases(*kinds: tuple[dict[str, Any], int]) -> pl.DataFrame:
    """So many cases of each kind."""
    rows = in_polars(row for row, _ in kinds)
    numbers = pl.DataFrame({"number": [i for i, (_, count) in enumerate(kinds) for _ in range(count)]})
    whole = numbers.join(rows.with_row_index("number").cast({"number": pl.Int64}), on="number").drop("number")
    return whole.with_columns(matter_id=pl.int_range(pl.len()).cast(pl.String))


def printed(metric: str, numerator: int, denominator: int, frame: pl.DataFrame) -> Any:
    """The figure of a metric, with the counts that it should have."""
    figure = table(frame, metrics=[metric])[metric]
    assert (figure.numerator, figure.denominator) == (numerator, denominator)
    return figure


# The Philippines in 2013: 425,263 disputes filed, 327,124 settled, 98,139 not, of those 35,898 still pending.
BARANGAYS = ((SETTLED, 327_124), (UNSETTLED, 98_139 - 35_898), (OPEN, 35_898))
# An assessed lupon in 2024: 72 settled, 4 certified to file action, 14 cancelled, dismissed or withdrawn.
LUPON = ((SETTLED, 72), (UNSETTLED, 4), (WITHDRAWN, 14))
# Conflict and Change, London 2009-10: 98 closed, a party unwilling in 24, a positive outcome in 53.
LONDON = ((SETTLED, 53), (UNSETTLED, 21), (REFUSED, 24))
# India's mediation before a suit, 2024-25: 59,568 applications, 52,730 of them never started, 877 settled.
BEFORE_SUIT = ((SETTLED, 877), (UNSETTLED, 59_568 - 52_730 - 877), (REFUSED, 52_730))

REPRODUCED = {
    # Department of the Interior: settled / filed. Rung: reported; pending cases in the denominator.
    "PH13-settle": ("agreement_of_reported", BARANGAYS),
    # The same, over disposed. Filter: concluded.
    "PH13-closed": ("agreement_of_concluded", BARANGAYS),
    # Assessor of lupons: over all docketed. Rung: reported.
    "LTIA-all": ("agreement_of_reported", LUPON),
    # The same, without cancelled, dismissed and withdrawn. Filter: substantively concluded.
    "LTIA-adj": ("agreement_of_substantively_concluded", LUPON),
    # Charity: without the unwilling. Rung: agreed to mediate.
    "GB-LD": ("agreement_of_agreed_to_mediate", LONDON),
    # The same, over all closed. Filter: concluded.
    "GB-LD2": ("agreement_of_concluded", LONDON),
    # Ministry of Law: settled / applications. Rung: reported.
    "IN-st": ("agreement_of_reported", BEFORE_SUIT),
    # The same, of those that started. Rung: mediation begun.
    "IN-st2": ("agreement_of_begun", BEFORE_SUIT),
}
VOLUMES = ("KE-concl", "KE-fy23", "RW-2016-17", "RW-2017-18", "RW-2018-19")
"""Rates of conclusion: ``clearance``, the volume ``concluded`` by ``reported``."""
OTHERWISE = {
    "PH13-unset": "the other part of agreement_of_reported",
    "IN-ns": "the other part of uptake_of_reported",
    "RW-court-2012/13": "appeals to a court, which the table of cases does not hold",
    "RW-court-2013/14": "appeals to a court, which the table of cases does not hold",
    "NJC-resp": "how many cases a study looked at",
}
RATES = {row["id"]: row for row in samples.published("rates")}


@pytest.mark.parametrize("key", REPRODUCED)
def test_a_published_rate_is_a_metric_of_the_catalogue(key: str) -> None:
    """Cases with the published counts give, through the metric, the published percentage."""
    row, (metric, kinds) = RATES[key], REPRODUCED[key]
    figure = table(cases(*kinds), metrics=[metric])[metric]
    assert (figure.numerator, figure.denominator) == (int(row["numerator"]), int(row["denominator"]))
    if row["published"]:
        assert check_published(figure.numerator, figure.denominator, row["published"]).fits


@pytest.mark.parametrize("key", REPRODUCED)
def test_the_metric_is_the_only_one_of_its_family_that_gives_the_rate(key: str) -> None:
    """The control: what tells the metrics apart is in these cases, but for rungs that nobody left between."""
    row, (metric, kinds) = RATES[key], REPRODUCED[key]
    names = [name for name in catalogue() if name.startswith("agreement_of_")]
    figures = table(cases(*kinds), metrics=names)
    wanted = (int(row["numerator"]), int(row["denominator"]))
    same = {name for name in names if (figures[name].numerator, figures[name].denominator) == wanted}
    assert metric in same and same < set(names)


@pytest.mark.parametrize("key", VOLUMES)
def test_a_rate_of_conclusion_is_a_clearance_and_no_agreement(key: str) -> None:
    """Kenya and Rwanda: how the cases ended is not in the figure, and no rate of agreement has a value."""
    ended, received = int(RATES[key]["numerator"]), int(RATES[key]["denominator"])
    unknown = case(agreement="unknown", conclusion="unknown", **ENDED)
    names = ["clearance", "agreement_of_concluded", "agreement_of_begun"]
    counts = table(cases((unknown, ended), (OPEN, received - ended)), metrics=names)
    assert (counts["clearance"].numerator, counts["clearance"].denominator) == (ended, received)
    assert counts["agreement_of_concluded"].reason == f"unknown: {ended:,}"
    if published := RATES[key]["published"]:
        assert check_published(ended, received, published).how == "half-up"


def test_every_published_rate_is_reproduced_or_says_what_it_is() -> None:
    assert {*REPRODUCED, *VOLUMES, *OTHERWISE} == set(RATES)


@pytest.mark.parametrize(
    ("key", "percent"),
    [("PH13-settle", "76.92"), ("PH13-closed", "84.01"), ("LTIA-all", "80.00"), ("LTIA-adj", "94.74"),
     ("GB-LD", "71.62"), ("GB-LD2", "54.08"), ("IN-st", "1.47"), ("IN-st2", "12.83")],
)  # fmt: skip
def test_and_prints_so(key: str, percent: str) -> None:
    metric, kinds = REPRODUCED[key]
    assert table(cases(*kinds), metrics=[metric])[metric].percent(2) == percent


def test_pending_cases_stand_in_the_philippine_denominator() -> None:
    """And with the 62,241 not settled they are the 98,139 whose share was printed truncated, 23.07 %."""
    figure = table(cases(*BARANGAYS), metrics=["agreement_of_reported"])["agreement_of_reported"]
    assert figure.open == 35_898 and figure.other + figure.open == 98_139
    assert check_published(figure.other + figure.open, figure.denominator, "23.07").how == "truncated"


def test_applications_that_never_start_are_what_uptake_lacks() -> None:
    """India 2024-25: 52,730 of 59,568 never started, 88.52 %, which nobody printed."""
    figure = table(cases(*BEFORE_SUIT), metrics=["uptake_of_reported"])["uptake_of_reported"]
    assert (figure.other, figure.denominator) == (52_730, 59_568)
    assert check_published(figure.other, figure.denominator, "88.52").how == "half-up"


def test_without_the_awards_the_philippine_rate_is_lower() -> None:
    """The 327,124 hold 11,579 arbitrated: an award is no agreement here, and 74.20 % agreed."""
    frame = cases((SETTLED, 327_124 - 11_579), (AWARDED, 11_579), *BARANGAYS[1:])
    assert printed("agreement_of_reported", 315_545, 425_263, frame).percent(2) == "74.20"


def test_the_assessor_left_out_fourteen_cases_by_name() -> None:
    figure = printed("agreement_of_substantively_concluded", 72, 76, cases(*LUPON))
    assert dict(figure.excluded) == {"withdrawn": 14}
    assert check_published(72, 76, "94.73").how == "truncated"


def test_a_chinese_success_rate_is_agreement_of_begun() -> None:
    """Lishui 2016-Q3: 7,913 of 8,438 mediated, 93.78 %; of the 8,451 screened it is 93.63 %."""
    frame = cases((SETTLED, 7_913), (UNSETTLED, 8_438 - 7_913), (NOT_TAKEN, 8_451 - 8_438))
    assert printed("agreement_of_begun", 7_913, 8_438, frame).percent(2) == "93.78"
    assert printed("agreement_of_reported", 7_913, 8_451, frame).percent(2) == "93.63"


def test_another_city_likewise() -> None:
    """Ezhou 2021: 6,293 of 6,358, 98.98 %."""
    frame = cases((SETTLED, 6_293), (UNSETTLED, 6_358 - 6_293))
    assert printed("agreement_of_begun", 6_293, 6_358, frame).percent(2) == "98.98"


# ------------------------------------------------------------------ 924 complaints

REFERENCE = Path(__file__).parent / "reference" / "nyc311_medians.csv"
GROUPS = list(csv.DictReader(REFERENCE.read_text("utf-8").splitlines()))


@pytest.fixture(scope="module")
def complaints() -> pl.DataFrame:
    return in_polars(sample())


def group(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    kind = pl.col("dispute_type")
    return frame.filter({"ALL": pl.lit(True), "ALL NOISE": kind.str.starts_with("Noise")}.get(name, kind == name))


@pytest.mark.parametrize("row", GROUPS, ids=lambda row: row["group"])
def test_medians_of_the_complaints_are_those_of_an_independent_computation(
    row: dict[str, str], complaints: pl.DataFrame
) -> None:
    """In minutes, to the last place of the reference: by Kaplan-Meier, and of the closed ones alone."""
    found = survival(group(complaints, row["group"]), unit="minutes").total
    assert found.estimate.cases == int(row["n"])
    assert (found.estimate.ended, found.estimate.censored) == (int(row["closed"]), int(row["open"]))
    for value, name in (
        (found.value, "km_median_minutes"),
        (found.closed_only_value, "naive_median_minutes_closed_only"),
    ):
        assert value is not None
        assert half_up(value, len(row[name].partition(".")[2])) == row[name]


@pytest.mark.parametrize("row", GROUPS[2:], ids=lambda row: row["group"])
def test_the_medians_of_the_groups_come_from_one_question_too(row: dict[str, str], complaints: pl.DataFrame) -> None:
    found = survival(complaints, unit="minutes", by="dispute_type")[row["group"]]
    assert found.value is not None
    assert half_up(found.value, len(row["km_median_minutes"].partition(".")[2])) == row["km_median_minutes"]


@pytest.mark.parametrize("row", GROUPS, ids=lambda row: row["group"])
def test_the_share_and_the_mean_of_the_closed_follow_from_the_register(
    row: dict[str, str], complaints: pl.DataFrame
) -> None:
    """The reference's other columns, straight from the rows."""
    chosen = group(complaints, row["group"])
    spans = (chosen["first_concluded_at"] - chosen["reported_at"]).drop_nulls().to_list()
    minutes = sum(spans, dt.timedelta()) / dt.timedelta(minutes=1) / len(spans)
    mean, share = row["naive_mean_minutes_closed_only"], row["closed_share"]
    assert f"{minutes:.{len(mean.partition('.')[2])}f}" == mean
    assert f"{len(spans) / len(chosen):.{len(share.partition('.')[2])}f}" == share
