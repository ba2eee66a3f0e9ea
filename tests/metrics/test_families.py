"""Small books done by hand: what each family of metrics gives, with the arithmetic beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import attrs
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.metrics import catalogue, col, table
from tests.metrics.frames import DAY, Cells, case
from tests.metrics.worlds import SCHEMAS, in_polars

THROUGH: Final = dt.date(2022, 12, 31)
ENDED: Final = {"concluded": DAY, "first_concluded": DAY}


def on(days: int) -> dt.date:
    """So many days after the first of March."""
    return DAY + dt.timedelta(days=days)


def book(cases: Iterable[Cells], **rows: list[Cells]) -> dict[str, pl.DataFrame]:
    """Cases m0, m1, … and rows of other tables; a date sets a milestone, and what is not given is empty or unknown."""
    world = {"case": [{**row, "matter_id": f"m{n}"} for n, row in enumerate(cases)]}
    for name, of_table in rows.items():
        names = SCHEMAS[name].names
        states = {each: "unknown" for each in names if f"{each}_at" in names and f"{each}_on" in names}
        world[name] = []
        for number, cells in enumerate(of_table):
            row = {**dict.fromkeys(names), **states, "matter_id": "m0", "row": str(number), **cells}
            for each in states:
                if isinstance(row[each], dt.date):
                    row |= {each: "at", f"{each}_on": row[each]}
            world[name].append(row)
    return in_polars(world)


def figures(frames: Any, *names: Any, **options: Any) -> Any:
    return table(frames, metrics=names, observed_through=options.pop("observed_through", THROUGH), **options)


def share(frames: Any, name: str, **options: Any) -> tuple[int, int]:
    found = figures(frames, name, **options)[name]
    return found.numerator, found.denominator


# ------------------------------------------------------------------------------------------------ volume and flow


def test_volume_amounts_add_up_by_currency_and_say_what_is_missing() -> None:
    """100.10 + 0.20 yuan, 50 pesos, one without an amount; what was not agreed, or is void, is no agreed amount."""
    agreed = {"agreement": "full", "agreed": DAY}
    rows = [
        case(amount_agreed=Decimal("100.10"), amount_agreed_currency="CNY", **agreed),
        case(amount_agreed=Decimal("0.20"), amount_agreed_currency="CNY", **agreed),
        case(amount_agreed=Decimal("50.00"), amount_agreed_currency="PHP", **agreed),
        case(**agreed),
        case(amount_agreed=Decimal("7.00"), amount_agreed_currency="CNY", agreement="none", agreed="not_reached"),
        case(amount_agreed=Decimal("9.00"), amount_agreed_currency="CNY", conclusion="void", **agreed),
    ]
    found = figures(book(rows), "amount_agreed")["amount_agreed"]
    assert found.amounts == {"CNY": Fraction(1003, 10), "PHP": 50}
    assert (found.counted, found.missing, found.excluded) == (3, 1, (("void", 1),))
    assert found.value is None, "amounts in two currencies are no number"


def test_flow_of_ten_reports() -> None:
    """10 reported, 6 of them referred: 5 begun, 2 refused before acceptance, 2 broken off after it, 1 open."""
    begun = {"accepted": DAY, "agreed_to_mediate": DAY, "begun": DAY, "source": "referral", **ENDED}
    never: dict[str, Any] = {"agreed_to_mediate": "not_reached", "begun": "not_reached", "agreement": "none"}
    rows = [
        *[case(conclusion="settled", agreement="full", **begun)] * 3,
        *[case(conclusion="not_settled", agreement="none", **begun)] * 2,
        *[case(conclusion="declined", accepted="not_reached", source="application", **never, **ENDED)] * 2,
        case(conclusion="withdrawn", accepted=DAY, source="application", **never, **ENDED),
        case(conclusion="resolved_before_session", accepted=DAY, source="referral", **never, **ENDED),
        case(accepted="not_reached", agreed_to_mediate="not_reached", begun="not_reached", concluded="not_reached",
             agreement="open", source="application"),
    ]  # fmt: skip
    frames = book(rows)
    assert share(frames, "uptake_of_reported") == (5, 9)  # the open one may yet begin
    assert share(frames, "uptake_of_referred") == (5, 6)
    assert share(frames, "effective_reach_of_referred") == (3, 6)
    assert share(frames, "resolved_of_referred_and_concluded") == (4, 6)  # 3 settled, 1 before a session
    assert share(frames, "refusal_of_reported") == share(frames, "refusal_declined_of_reported") == (2, 9)
    assert share(frames, "discontinuation_of_accepted") == (1, 7)
    assert share(frames, "discontinuation_withdrawn_of_accepted") == (1, 7)
    assert figures(frames, "clearance")["clearance"].value == Fraction(9, 10)


# ------------------------------------------------------------------------------------------------ keeping

AGREED: Final[Cells] = {"kind": "agreement", "state": "effective", "agreed": DAY, "effective": DAY,
                        "breached": "not_reached", "repudiated": "not_reached"}  # fmt: skip


def test_compliance_of_eight_agreements() -> None:
    """3 kept, 1 partly, 1 broken, 1 not looked after, 1 not due, and an award that is no agreement."""
    said = ["kept", "kept", "kept", "partly", "breached", None, "pending"]
    rows = [{**AGREED, "compliance": each} for each in said] + [{**AGREED, "kind": "award", "compliance": "breached"}]
    frames = book([case()], case_resolution=rows)
    assert share(frames, "compliance_of_answered") == (3, 5)
    assert share(frames, "at_least_part_compliance_of_answered") == (4, 5)
    assert share(frames, "compliance_coverage") == (5, 6)


@pytest.mark.parametrize(("days", "numerator"), [(9, 1), (10, 1), (11, 0)])
def test_the_tenth_day_is_in_the_window_and_the_eleventh_is_not(days: int, numerator: int) -> None:
    frames = book([case()], case_resolution=[{**AGREED, "repudiated": on(days)}, AGREED])
    assert share(frames, "repudiation_within_10_days") == (numerator, 2)


@pytest.mark.parametrize(("days", "denominator"), [(9, 0), (10, 2), (11, 2)])
def test_a_window_is_closed_once_its_last_day_was_watched(days: int, denominator: int) -> None:
    """What was repudiated on the second day is not counted before the others could have been."""
    frames = book([case()], case_resolution=[{**AGREED, "repudiated": on(2)}, AGREED])
    found = figures(frames, "repudiation_within_10_days", observed_through=on(days))["repudiation_within_10_days"]
    assert (found.denominator, found.not_due) == (denominator, 2 - denominator)


def test_durability_of_six_agreements() -> None:
    """Looked after on day 200: stands. Broken on day 50 and repudiated on day 150: 2 of 3 failed by day 180.

    Broken on day 190: stood on day 180. Last seen on day 100: not known. Three months old: not due.
    """
    old = {"last_contact_on": on(200)}
    rows: list[Cells] = [
        {**AGREED, **old},
        {**AGREED, **old, "breached": on(50)},
        {**AGREED, **old, "repudiated": on(150)},
        {**AGREED, **old, "breached": on(190)},
        {**AGREED, "last_contact_on": on(100)},
        {**AGREED, "effective": on(230), "last_contact_on": on(250)},
    ]
    found = figures(book([case()], case_resolution=rows), "durability_at_180_days")["durability_at_180_days"]
    assert (found.numerator, found.denominator, found.not_due) == (2, 4, 1)
    assert found.left_out == (("not seen for so long", 1),)


def test_the_same_two_come_again() -> None:
    """Wang and Li end on day 0: they are back on day 30. Wang comes on day 10 with another, Li with nobody known."""
    ended = {"first_concluded": DAY, "concluded": DAY}
    cases = [case(**ended), case(reported=on(30), **{name: on(40) for name in ended}), case(reported=on(10)), case()]
    pairs = [("m0", "wang"), ("m0", "li"), ("m1", "li"), ("m1", "wang"), ("m2", "wang"), ("m2", "zhao"), ("m3", "li")]
    parties = [{"matter_id": matter, "person": person, "kind": "natural"} for matter, person in pairs]
    found = figures(book(cases, case_party=parties), "recurrence_within_180_days")["recurrence_within_180_days"]
    assert (found.numerator, found.denominator) == (1, 2)  # m0 came again, m1 did not; m2 and m3 have not ended


def test_a_next_case_of_an_unknown_day_makes_it_unknown() -> None:
    """It may have come before."""
    ended = {"first_concluded": DAY, "concluded": DAY}
    cases = [case(**ended), case(reported="at", reported_on=None)]
    parties = [{"matter_id": matter, "person": person} for matter in ("m0", "m1") for person in ("wang", "li")]
    found = figures(book(cases, case_party=parties), "recurrence_within_180_days")["recurrence_within_180_days"]
    assert (found.denominator, dict(found.left_out)["end unknown"]) == (0, 1)


# ------------------------------------------------------------------------------------------------ time


def test_an_agreement_competes_with_every_other_ending() -> None:
    """Of 4: 1 agreed on day 2, 1 withdrew on day 3, 1 agreed on day 5, 1 is open from day 6.

    Incidence of agreement: 1/4 after day 2. After day 5, of 2 at risk, with 2/4 not ended: 1/4 + 2/4 · 1/2 = 1/2.
    Taken for censored, the withdrawal would give 1 - 3/4 · 1/2 = 5/8.
    """
    rest: dict[str, Any] = {"agreed": "not_reached"}
    rows = [
        case(agreed=on(2), first_concluded=on(2)),
        case(first_concluded=on(3), **rest),
        case(agreed=on(5), first_concluded=on(5)),
        case(first_concluded="not_reached", observed_on=on(6), **rest),
    ]
    found = figures(book(rows), "days_to_agreement")["days_to_agreement"]
    assert found.by(2).share == pytest.approx(1 / 4, abs=1e-12)
    assert found.by(5).share == pytest.approx(1 / 2, abs=1e-12)
    assert found.incidence.ended == (2, 1)


def test_a_case_older_than_the_book_counts_from_when_the_book_began() -> None:
    """The book began on day 10. Ended on day 8: in no book. At risk on day 12 are 2; on day 20, 1.

    Open after day 12: 1/2; after day 20: 0. Without late entry, 3 would have been at risk on day 8.
    """
    rows = [case(first_concluded=on(day)) for day in (8, 12, 20)]
    found = figures(book(rows), "days_to_conclusion", observed_from=on(10))["days_to_conclusion"]
    assert [(step.at_risk, step.survival) for step in found.estimate.steps if step.ended] == [(2, 0.5), (1, 0.0)]
    assert found.left_out == (("ended before observation", 1),)


def test_a_share_by_a_day_leaves_out_who_came_under_observation_late() -> None:
    """Accepted 20 days before the book began: had it ended within 20 days, it would not be here. 1 of 1 is left."""
    rows = [case(accepted=on(0), first_concluded=on(25)), case(accepted=on(21), first_concluded=on(22))]
    name = "on_time_30_days_from_accepted_to_first_concluded"
    found = figures(book(rows), name, observed_from=on(20))[name]
    assert (found.numerator, found.denominator) == (1, 1)
    assert found.left_out == (("came under observation late", 1),)


@pytest.mark.parametrize(
    ("cells", "numerator", "denominator"),
    [
        ({"first_concluded": on(30)}, 1, 1),
        ({"first_concluded": on(31)}, 0, 1),
        ({"first_concluded": "not_reached", "observed_on": on(31)}, 0, 1),
        ({"first_concluded": "not_reached", "observed_on": on(30)}, 0, 0),
    ],
)
def test_the_thirtieth_day_is_on_time(cells: Cells, numerator: int, denominator: int) -> None:
    name = "on_time_30_days_from_accepted_to_first_concluded"
    assert share(book([case(accepted=DAY, **cells)]), name) == (numerator, denominator)


# ------------------------------------------------------------------------------------------------ people


def test_people_of_three_cases() -> None:
    """Wang is in two cases on two sides, Li in one, one has no link, a firm is no person: 4 participations, 2 named."""
    rows: list[Cells] = [
        {"matter_id": "m0", "person": "wang", "kind": "natural", "side": "A"},
        {"matter_id": "m0", "person": "li", "kind": "natural", "side": "B"},
        {"matter_id": "m1", "person": "wang", "kind": "natural", "side": "B"},
        {"matter_id": "m1", "person": None, "kind": "natural", "side": "A"},
        {"matter_id": "m2", "person": None, "kind": "organisation", "side": "A"},
    ]
    frames = book([case(), case(), case()], case_party=rows)
    found = figures(frames, "people_served", "participations", "repeat_users", by="side")
    by_group = {(row.metric.name, row.group): row.figure for row in found.rows}
    assert [by_group["people_served", (side,)].named for side in "AB"] == [1, 2]
    assert (found["people_served"].named, found["people_served"].unnamed) == (2, 1), "not 1 + 2"
    assert found["people_served"].bounds == (2, 3)
    assert found["participations"].value == 4
    assert (found["repeat_users"].numerator, found["repeat_users"].denominator) == (1, 2)
    assert by_group["repeat_users", ("B",)].numerator == 0, "once on that side"


def test_satisfaction_by_side_is_clustered_by_case() -> None:
    """Scores 5 and 4 in one case, 2 in another: 2 of 3, from 2 cases; side B alone, 1 of 2."""
    asked = {"question": "satisfaction", "answered": DAY}
    rows = [
        {"matter_id": "m0", "role": "A", "score": 5, **asked},
        {"matter_id": "m0", "role": "B", "score": 4, **asked},
        {"matter_id": "m1", "role": "B", "score": 2, **asked},
    ]
    found = figures(book([case(), case()], case_answer=rows), "satisfied_of_answers", by="role")
    total = found["satisfied_of_answers"]
    assert (total.numerator, total.denominator, total.clusters) == (2, 3, 2)
    sides = {row.group: row.figure for row in found.rows if not row.total}
    assert (sides["B",].numerator, sides["B",].denominator, sides["B",].clusters) == (1, 2, 2)


def test_justice_turns_pressure_round() -> None:
    """Voice 4, and pressure 1, which is 5: (4 + 5) / 2; the case without an agreement alone, 4."""
    rows = [
        {"matter_id": "m0", "question": "voice", "score": 4},
        {"matter_id": "m1", "question": "pressure", "score": 1},
    ]
    frames = book([case(agreement="none"), case(agreement="full")], case_answer=rows)
    found = figures(frames, "procedural_justice", "procedural_justice_without_agreement")
    assert found["procedural_justice"].value == Fraction(9, 2)
    assert found["procedural_justice_without_agreement"].value == 4


def test_a_change_is_between_two_answers_of_the_same_party() -> None:
    """a: 2 to 4, b: 3 to 2, so (2 - 1) / 2. c answered once, and two without a name make no pair."""
    waves = [("a", "before", 2), ("a", "exit", 4), ("b", "before", 3), ("b", "exit", 2), ("c", "before", 5),
             (None, "before", 1), (None, "exit", 5)]  # fmt: skip
    rows = [{"question": "relationship", "party": p, "wave": wave, "score": score} for p, wave, score in waves]
    found = figures(book([case()], case_answer=rows), "relationship_change")["relationship_change"]
    assert (found.value, found.answers, found.missing) == (Fraction(1, 2), 2, 3)


def test_a_pair_that_lies_across_the_edge_of_a_period_is_one() -> None:
    """Before in February, after in March: the case was reported in February, and so is the change."""
    rows = [
        {"question": "relationship", "party": "a", "wave": "before", "score": 2, "answered": on(-5)},
        {"question": "relationship", "party": "a", "wave": "exit", "score": 4, "answered": on(5)},
    ]
    frames = book([case(reported=on(-6))], case_answer=rows)
    assert figures(frames, "relationship_change", period="2022-02")["relationship_change"].value == 2
    assert figures(frames, "relationship_change", period="2022-03")["relationship_change"].reason == "no cases"


def test_the_response_rate_is_of_parties_of_concluded_cases() -> None:
    """4 parties of 2 concluded cases, 1 answered twice and 1 once: 2 of 4. A party of an open case counts nowhere."""
    cases = [case(**ENDED), case(**ENDED), case(concluded="not_reached")]
    parties = [{"matter_id": f"m{n // 2}", "kind": "natural"} for n in range(6)]
    asked = {"question": "satisfaction", "score": 4}
    answers = [{"matter_id": m, "party": p, **asked} for m, p in (("m0", "a"), ("m0", "a"), ("m1", "a"), ("m2", "a"))]
    found = figures(book(cases, case_party=parties, case_answer=answers), "response_of_parties")["response_of_parties"]
    assert (found.numerator, found.denominator) == (2, 4)


# ------------------------------------------------------------------------------------------------ prevention, load


def test_dangers_in_cases_and_persons() -> None:
    """Two in one case with 3 and unknown many persons, one in another with 2; averted is said of the first."""
    rows = [
        {"matter_id": "m0", "raised": DAY, "persons": 3, "averted": True},
        {"matter_id": "m0", "raised": DAY, "persons": None, "averted": None},
        {"matter_id": "m1", "raised": on(60), "persons": 2, "averted": False},
    ]
    frames = book([case(), case()], case_risk=rows)
    found = figures(frames, "risks_raised", "risks_raised_cases", "risks_raised_persons", "risks_averted_claimed")
    assert (found["risks_raised"].value, found["risks_raised_cases"].value) == (3, 2)
    assert (found["risks_raised_persons"].value, found["risks_raised_persons"].missing) == (5, 1)
    assert (found["risks_averted_claimed"].value, found["risks_averted_claimed"].unknown) == (1, 1)
    assert figures(frames, "risks_raised", period="2022-03")["risks_raised"].value == 2


def test_tallies_add_up_by_what_was_counted() -> None:
    """January 5, February 7, and a quarter of 20 that says nothing of its months; what was counted before is past."""
    month = {"status": "active", "measure": "screenings"}
    days = [(dt.date(2022, 1, 1), dt.date(2022, 1, 31)), (dt.date(2022, 2, 1), dt.date(2022, 2, 28)),
            (dt.date(2022, 1, 1), dt.date(2022, 3, 31))]  # fmt: skip
    rows: list[Cells] = [
        {**month, "cases": n, "first": a, "last": b} for n, (a, b) in zip((5, 7, 20), days, strict=True)
    ]
    rows.append({**rows[0], "cases": 4, "valid_to": dt.datetime(2022, 3, 1, tzinfo=dt.UTC)})
    frames = book([], tally=rows)
    whole = figures(frames, "tallied_cases", period="2022-Q1")["tallied_cases"]
    assert whole.amounts == {"screenings": 32}
    january = figures(frames, "tallied_cases", period="2022-01")["tallied_cases"]
    assert (january.amounts, january.undated) == ({"screenings": 5}, 1)


def test_load_of_two_mediators() -> None:
    """m1 in three cases, m2 in one of them beside: 4 assignments by 2 are 2 each. 1 of 2 that m1 led was settled."""
    begun = {"accepted": DAY, "agreed_to_mediate": DAY, "begun": DAY}
    cases = [case(agreement="full", **begun), case(agreement="none", **begun), case(agreement="open", **begun)]
    rows = [
        *({"matter_id": f"m{n}", "mediator": "m1", "role": "lead"} for n in range(3)),
        {"matter_id": "m0", "mediator": "m2", "role": "member"},
    ]
    minutes = [{"matter_id": "m0", "held": DAY, "minutes": 90}, {"matter_id": "m1", "held": DAY, "minutes": 30}]
    frames = book(cases, case_mediator=rows, case_session=minutes)
    found = figures(frames, "cases_per_mediator", "session_minutes_per_mediator")
    assert (found["cases_per_mediator"].value, found["session_minutes_per_mediator"].value) == (2, 60)
    of_each = figures(frames, "mediator_agreement_of_begun", by="mediator")
    by_mediator = {row.group: (row.figure.numerator, row.figure.denominator) for row in of_each.rows}
    assert by_mediator == {("m1",): (1, 2), ("m2",): (1, 1), (): (2, 3)}
    assert of_each["mediator_agreement_of_begun"].clusters == 2
    assert share(frames, "lead_mediator_agreement_of_begun") == (1, 2)


def test_a_case_is_shared_among_its_mediators() -> None:
    """m0 is shared by two: 1/2 for each, 2 1/2 for m1, and 3 cases in all. Of those with an outcome m1 has 1 1/2."""
    begun = {"accepted": DAY, "agreed_to_mediate": DAY, "begun": DAY}
    cases = [case(agreement="full", **begun), case(agreement="none", **begun), case(agreement="open", **begun)]
    rows = [
        *({"matter_id": f"m{n}", "mediator": "m1", "role": "lead"} for n in range(3)),
        {"matter_id": "m0", "mediator": "m2", "role": "member"},
    ]
    frames = book(cases, case_mediator=rows)
    found = {
        name: {row.group: row.figure.value for row in figures(frames, name, by="mediator").rows}
        for name in ("cases_shared", "mediations_shared", "agreements_shared")
    }
    half = Fraction(1, 2)
    assert found["cases_shared"] == {("m1",): 2 + half, ("m2",): half, (): 3}
    assert found["mediations_shared"] == {("m1",): 1 + half, ("m2",): half, (): 2}
    assert found["agreements_shared"] == {("m1",): half, ("m2",): half, (): 1}
    # Who asks about those who led only, sees what is theirs of the whole case.
    led = figures(frames, attrs.evolve(catalogue()["cases_shared"], name="led", filter=col("role") == "lead"))
    assert led["led"].value == 2 + half


@given(st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4), min_size=1, max_size=8))
def test_what_is_shared_adds_up_to_the_cases(panels: list[list[str]]) -> None:
    """Whoever worked on what, and also where somebody is on record twice."""
    rows = [{"matter_id": f"m{n}", "mediator": name} for n, panel in enumerate(panels) for name in panel]
    found = figures(book([case() for _ in panels], case_mediator=rows), "cases_shared", by="mediator")
    each = [row.figure.value for row in found.rows if not row.total]
    assert sum(each) == found["cases_shared"].value == len(panels)
