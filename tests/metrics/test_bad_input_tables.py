"""Bad input of metrics over any table: a typed error or a stated absence, never a silent number."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import attrs
import duckdb
import polars as pl
import pytest

from community_mediation.errors import InvalidQuery
from community_mediation.metrics import Label, catalogue, survival, table
from community_mediation.metrics._measures import Total
from tests.metrics.frames import DAY, case
from tests.metrics.worlds import SCHEMAS, World, a_world, in_duckdb, in_pandas, in_polars

SHIPPED: Final[dict[str, Any]] = {**catalogue()}
WORLD: Final = a_world(3, 6, 12)
FRAMES: Final = in_polars(WORLD)
THROUGH: Final = dt.date(2022, 12, 31)


def refused(match: str, frames: Any, *metrics: Any, **options: Any) -> None:
    with pytest.raises(InvalidQuery, match=match) as caught:
        table(frames, metrics=list(metrics), **options)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def only(table: str, *rows: dict[str, Any], cases: int = 1, **of_case: Any) -> dict[str, pl.DataFrame]:
    """Rows of a table, of the first case unless they say otherwise, and nothing else known of them."""
    plain = {**dict.fromkeys(SCHEMAS[table].names), "matter_id": "m0"}
    names = SCHEMAS[table].names
    states = {name: "unknown" for name in names if f"{name}_at" in names and f"{name}_on" in names}
    world: World = {
        "case": [{**case(**of_case), "matter_id": f"m{n}"} for n in range(cases)],
        table: [{**plain, **states, "row": str(n), **row} for n, row in enumerate(rows)],
    }
    return in_polars(world)


# ------------------------------------------------------------------------------------------------ which table


def test_a_table_that_is_not_there_is_named() -> None:
    refused("case_party is asked for, and there is only case", {"case": FRAMES["case"]}, "people_served")


def test_cases_given_where_their_parties_are_counted_are_recognised() -> None:
    refused("looks like case|none of the columns that make a row of case_party|lacks", FRAMES["case"], "people_served")


def test_one_frame_cannot_be_two_tables() -> None:
    refused("cannot be both case and case_party", FRAMES["case"], "reported", "people_served")


def test_a_table_without_the_columns_of_its_cases_says_where_they_are() -> None:
    refused("columns of the case. Give both", FRAMES["case_party"], "participations")


@pytest.mark.parametrize("name", ["parties", "Case", "case_parties", "person"])
def test_a_frame_under_a_wrong_name_is_answered_with_the_names(name: str) -> None:
    refused(f"'{name}' is none. There are: case", {name: FRAMES["case"]}, "reported")


@pytest.mark.parametrize("name", ["person", "kind"])
def test_a_missing_column_of_a_table_is_named_with_who_needs_it(name: str) -> None:
    refused(f"lacks {name}, which", {**FRAMES, "case_party": FRAMES["case_party"].drop(name)}, "repeat_users")


def test_a_missing_column_of_the_cases_is_named() -> None:
    refused("lacks conclusion, which", {**FRAMES, "case": FRAMES["case"].drop("conclusion")}, "repeat_users")


@pytest.mark.parametrize("name", ["case", "case_party"])
def test_tables_without_that_by_which_they_belong_together_are_refused(name: str) -> None:
    refused("has no column matter_id", {**FRAMES, name: FRAMES[name].drop("matter_id")}, "repeat_users")


def test_rows_that_do_not_say_of_which_case_they_are_are_refused() -> None:
    """Where one frame holds the columns of the case too: rows of one case are no independent witnesses."""
    whole = FRAMES["case_party"].join(
        FRAMES["case"].select("matter_id", "conclusion", "reported", "reported_on"), on="matter_id"
    )
    assert table(whole, metrics="left_of_parties")["left_of_parties"].basis_cases
    refused("lacks matter_id, which left_of_parties needs", whole.drop("matter_id"), "left_of_parties")
    refused("4 rows have no matter_id", whole.with_columns(matter_id=pl.lit(None, pl.String)), "left_of_parties")


def test_a_breakdown_that_one_of_the_tables_does_not_have_is_refused() -> None:
    refused("Cannot break down by 'side'", FRAMES, "reported", "participations", by="side")


def test_a_metric_over_the_wrong_table_is_refused() -> None:
    """The parties have no minutes; and what the cases have is not what is asked for under that name."""
    minutes = attrs.evolve(SHIPPED["session_minutes"], grain="case_party")
    refused("minutes, which session_minutes needs", FRAMES, minutes)
    refused("No metric counts the table 'people'", FRAMES, attrs.evolve(catalogue()["people_served"], grain="people"))


def test_a_milestone_that_another_table_takes_for_something_else_is_refused() -> None:
    """A danger that was reported to the authority is no case that was reported."""
    dangers = attrs.evolve(catalogue()["participations"], grain="case_risk", filter=catalogue()["reported"].filter)
    refused("'reported' holds bool", FRAMES, dangers)


def test_cases_of_another_engine_are_refused() -> None:
    refused("of another engine", {**FRAMES, "case": in_pandas(WORLD)["case"]}, "participations")


def test_tables_of_two_connections_are_refused() -> None:
    with duckdb.connect() as one, duckdb.connect() as other:
        mixed = {"case": in_duckdb(WORLD, one)["case"], "case_party": in_duckdb(WORLD, other)["case_party"]}
        refused("cannot be counted", mixed, "participations")


# ------------------------------------------------------------------------------------------------ which rows


@pytest.mark.parametrize("made", [in_polars, in_pandas])
def test_a_row_that_stands_twice_is_refused(made: Any) -> None:
    frames = made({**WORLD, "case_party": [*WORLD["case_party"], WORLD["case_party"][0]]})
    refused("so that some would count twice", frames, "participations")


@pytest.mark.parametrize("made", [in_polars, in_pandas])
def test_a_case_that_stands_twice_beside_its_parties_is_refused(made: Any) -> None:
    frames = made({**WORLD, "case": [*WORLD["case"], WORLD["case"][0]]})
    refused("so that some would count twice", frames, "participations")


@pytest.mark.parametrize("made", [in_polars, in_pandas])
def test_rows_whose_case_is_not_there_are_refused_with_their_number(made: Any) -> None:
    """Whether such a case is void, or reported in the period, nobody could say. The usual slip: one frame filtered."""
    gone = WORLD["case_party"][0]["matter_id"]
    lost = sum(row["matter_id"] == gone for row in WORLD["case_party"])
    frames = made({**WORLD, "case": [row for row in WORLD["case"] if row["matter_id"] != gone]})
    refused(f"{lost} of {len(WORLD['case_party'])} rows belong to no case", frames, "participations")


def test_cases_without_rows_are_no_error() -> None:
    frames = {**FRAMES, "case_party": FRAMES["case_party"].clear()}
    found = table(frames, metrics=["participations", "people_served", "repeat_users"])
    assert (found["participations"].value, found["people_served"].value) == (0, 0)
    assert found["repeat_users"].percent() == "no cases"


@pytest.mark.parametrize("made", [in_polars, in_pandas])
def test_a_row_of_no_case_is_refused(made: Any) -> None:
    """In some engines what is empty finds what is empty."""
    rows = [{**WORLD["case_party"][0], "matter_id": None}, *WORLD["case_party"][1:]]
    refused("1 of 4 rows belong to no case", made({**WORLD, "case_party": rows}), "participations")


# ------------------------------------------------------------------------------------------------ which cells


def test_times_without_a_zone_are_refused_in_any_table() -> None:
    naive = FRAMES["case_session"].with_columns(held_at=pl.col("held_at").dt.replace_time_zone(None))
    timed = attrs.evolve(
        SHIPPED["days_to_conclusion"], name="days_to_session", grain="case_session", end="held", exclusions=()
    )
    refused("'held_at' holds times without a zone", {**FRAMES, "case_session": naive}, timed)


def test_instants_of_several_zones_are_one_time() -> None:
    """Shown by the clock of Shanghai or of New York, an instant is the same."""
    shown = {
        name: frame.with_columns(pl.selectors.datetime().dt.convert_time_zone(zone))
        for (name, frame), zone in zip(FRAMES.items(), ["Asia/Shanghai", "America/New_York"] * 6, strict=False)
    }
    names = ["durability", "days_to_agreement", "participations", "sessions_held"]
    ask: dict[str, Any] = {"metrics": names, "observed_through": THROUGH}
    assert table(shown, **ask).to_json() == table(FRAMES, **ask).to_json()


def test_a_sum_over_texts_is_refused() -> None:
    said = FRAMES["case_session"].with_columns(minutes=pl.lit("long"))
    refused("'minutes' holds String, not int", {**FRAMES, "case_session": said}, "session_minutes")


def test_an_agreement_that_failed_before_it_took_effect_is_left_out_by_name() -> None:
    ends = {"effective": "at", "effective_on": DAY, "breached": "at", "breached_on": DAY - dt.timedelta(days=3)}
    frames = only("case_resolution", {"kind": "agreement", "state": "breached", **ends})
    assert survival(frames, "durability", observed_through=THROUGH).total.left_out == (("ended before it began", 1),)
    found = table(frames, metrics="durability_at_180_days", observed_through=THROUGH)["durability_at_180_days"]
    assert (found.value, found.left_out) == (None, (("ended before it began", 1),))


def test_scores_that_the_scale_does_not_have_are_in_no_mean() -> None:
    """99 is no answer of five points, and neither is 0: (5 + 4) / 2 is left."""
    scores = [5, 4, 99, 0, None]
    frames = only("case_answer", *({"question": "voice", "score": score} for score in scores))
    found = table(frames, metrics=["procedural_justice", "satisfied_of_answers"])
    mean = found["procedural_justice"]
    assert (float(mean.value), mean.answers, mean.off_scale, mean.missing) == (4.5, 2, 2, 1)
    assert found["satisfied_of_answers"].reason == "no cases"


def test_a_change_from_a_score_off_the_scale_is_none() -> None:
    rows = [{"question": "relationship", "party": "a", "wave": wave, "score": score}
            for wave, score in (("before", 2), ("exit", 99))]  # fmt: skip
    found = table(only("case_answer", *rows), metrics="relationship_change")["relationship_change"]
    assert (found.value, found.off_scale, found.missing) == (None, 1, 1)


def test_a_period_asked_of_rows_without_a_date_is_refused() -> None:
    undated = attrs.evolve(SHIPPED["session_minutes"], milestone=None)
    refused("counts rows without a date", FRAMES, undated, period="2022")


def test_a_period_asked_of_undated_rows_counts_them_as_undated() -> None:
    frames = only("case_session", {"held": "at", "minutes": 60}, {"held": "at", "held_on": DAY, "minutes": 45})
    found = table(frames, metrics="session_minutes", period="2022-03")["session_minutes"]
    assert (found.amounts, found.undated) == ({None: 45}, 1)


# ------------------------------------------------------------------------------------------------ nothing to count


@pytest.mark.parametrize("by", [(), ("centre",)])
@pytest.mark.parametrize("period", [None, "2022-03"])
def test_empty_tables_give_no_figure_but_counts_of_0(by: tuple[str, ...], period: str | None) -> None:
    """All metrics: a count is 0, and everything else says why it is absent."""
    empty = {name: frame.clear() for name, frame in FRAMES.items()}
    for row in table(empty, metrics=list(catalogue()), by=by, period=period).rows:
        kind = type(row.figure).__name__
        assert row.figure.value == 0 if kind in ("CountFigure", "DistinctFigure") else row.figure.value is None
        assert row.figure.reason or kind in ("CountFigure", "DistinctFigure")


def test_one_row_has_a_value_and_no_limits_that_cannot_be_told() -> None:
    frames = only("case_answer", {"question": "voice", "score": 4})
    found = table(frames, metrics="procedural_justice")["procedural_justice"]
    assert (found.value, found.interval, found.no_interval) == (
        4,
        None,
        "one cluster: how clusters differ cannot be told",
    )


def test_all_open_is_not_reached_and_no_share() -> None:
    frames = only("case_party", {"kind": "natural"}, cases=3, accepted=DAY, concluded="not_reached",
                  first_concluded="not_reached", agreed="not_reached", agreement="open")  # fmt: skip
    names = ["days_to_conclusion", "days_to_agreement", "on_time_30_days_from_accepted_to_first_concluded", "clearance"]
    found = table(frames, metrics=names, observed_through=DAY + dt.timedelta(days=20))
    assert [found[name].reason for name in names] == ["not reached", "not reached", "not due yet: 3", ""]
    assert found["clearance"].value == 0
    late = table(frames, metrics=names, observed_through=DAY + dt.timedelta(days=31))
    assert (late[names[2]].numerator, late[names[2]].denominator) == (0, 3)


def test_a_ratio_over_nothing_says_so() -> None:
    frames = only("case_mediator")
    assert table(frames, metrics="cases_per_mediator")["cases_per_mediator"].printed() == "no cases"


def test_a_ratio_of_those_who_are_not_named_is_none() -> None:
    """Answers without a party may be of one party or of many."""
    frames = only("case_answer", {"question": "satisfaction", "score": 4}, concluded=DAY)
    frames |= only("case_party", {"kind": "natural"}, concluded=DAY)
    found = table(frames, metrics="response_of_parties")["response_of_parties"]
    assert (found.value, found.reason) == (None, "not linked: 1")


def test_a_ratio_of_money_in_two_currencies_is_none() -> None:
    money = Total(name="money", label=Label("Money", "金额"), grain="case_term", milestone=None, exclusions=(),
                  column="amount", unit="currency", what=Label("money", "金额"), source="invented")  # fmt: skip
    per_case = attrs.evolve(SHIPPED["clearance"], name="money_per_case", numerator=money)
    frames = only("case_term", {}, {})
    assert table(frames, metrics=[per_case])["money_per_case"].reason == "unknown: 2"
    frames["case_term"] = frames["case_term"].with_columns(
        amount=pl.Series(["1.00", "2.00"]).cast(pl.Decimal(20, 2)), currency=pl.Series(["PHP", "CNY"])
    )
    assert table(frames, metrics=[per_case])["money_per_case"].reason == "several units"
