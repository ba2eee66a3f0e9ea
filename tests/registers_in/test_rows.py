"""A row becomes what the register knows of a case: the rules, one by one, and nothing invented."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from community_mediation.casebook import Casebook
from community_mediation.domain.people import PartyKind, Role, Sex
from community_mediation.domain.values import Reach
from community_mediation.facts.tables import CASE_MILESTONES
from tests.registers_in.helpers import (
    Row,
    cases,
    counts,
    entries,
    fact,
    name_of,
    new_book,
    only,
    portrait,
    problems,
    row,
    take,
)


def told(folder: Path, toml: str | None = None, **cells: str) -> dict[str, Any]:
    """The facts of a case of one row."""
    with new_book() as book:
        result = take(book, folder, [row(**cells)], toml)
        assert problems(result) == []
        return fact(book)


def refused(folder: Path, toml: str | None = None, **cells: str) -> list[tuple[str | None, str]]:
    """What is wrong with a row."""
    with new_book() as book:
        result = take(book, folder, [row(**cells)], toml)
        assert entries(book) == 0
        return [(column, problem) for _, column, problem in problems(result)]


# ---------------------------------------------------------------- where the case stands


@pytest.mark.parametrize(
    ("cells", "process", "file", "conclusion", "agreement"),
    [
        ({}, "reported", "open", None, "unknown"),
        ({"status": "open"}, "reported", "open", None, "unknown"),
        ({"status": "concluded"}, "concluded", "open", "unknown", "unknown"),
        ({"status": "closed"}, "concluded", "closed", "unknown", "unknown"),
        ({"status": "void"}, "concluded", "open", "void", "none"),
        ({"conclusion": "settled"}, "concluded", "open", "settled", "full"),
        ({"conclusion": "settled_in_part"}, "concluded", "open", "settled_in_part", "partial"),
        ({"conclusion": "refused"}, "concluded", "open", "refused", "none"),
        ({"conclusion": "declined"}, "concluded", "open", "declined", "none"),
        ({"concluded_at": "2022-05-09"}, "concluded", "open", "unknown", "unknown"),
        ({"closed_at": "2022-05-09"}, "concluded", "closed", "unknown", "unknown"),
        ({"status": "closed", "conclusion": "withdrawn"}, "concluded", "closed", "withdrawn", "none"),
        ({"agreed_at": "2022-05-09"}, "concluded", "open", "settled", "full"),
        ({"agreement_form": "written"}, "concluded", "open", "settled", "full"),
        ({"compliance": "kept"}, "concluded", "open", "settled", "full"),
        ({"confirmation": "confirmed"}, "concluded", "open", "settled", "full"),
        ({"status": "concluded", "compliance": "breached"}, "concluded", "open", "settled", "full"),
        ({"status": "open", "agreed_at": "2022-05-09"}, "reported", "open", None, "open"),
        ({"status": "void", "agreed_at": "2022-05-09"}, "concluded", "open", "void", None),
    ],
)
def test_status_conclusion_and_dates_say_where_a_case_stands(
    tmp_path: Path, cells: dict[str, str], process: str, file: str, conclusion: str | None, agreement: str | None
) -> None:
    found = told(tmp_path, **cells)
    assert (found["process"], found["file"], found["conclusion"]) == (process, file, conclusion)
    assert agreement in (None, found["agreement"])


def test_a_conclusion_without_a_date_ended_at_an_unknown_time(tmp_path: Path) -> None:
    """It counts in volumes; a duration needs a date, and there is none."""
    found = told(tmp_path, conclusion="settled")
    assert (found["concluded"], found["concluded_at"], found["concluded_on"]) == ("at", None, None)


def test_an_open_case_is_not_concluded_and_has_no_agreement_yet_where_a_column_would_tell(tmp_path: Path) -> None:
    assert told(tmp_path, conclusion="")["agreed"] == "not_reached"
    assert told(tmp_path, agreed_at="")["agreed"] == "not_reached"
    found = told(tmp_path)
    assert (found["agreed"], found["concluded"], found["closed"]) == ("unknown", "not_reached", "not_reached")


def test_empty_cells_stay_unknown_and_no_milestone_is_invented(tmp_path: Path) -> None:
    found = told(tmp_path, status="concluded", accepted_at="", first_session_at="-", sessions="", channel="不详")
    reached = {name for name in CASE_MILESTONES if found[name] == Reach.AT}
    assert reached == {"reported", "concluded", "first_concluded"}
    assert found["closed"] == "not_reached"
    unknown = set(CASE_MILESTONES) - reached - {"closed"}
    assert {found[name] for name in unknown} == {"unknown"}
    assert [found[name] for name in ("sessions", "channel", "nature", "people_involved", "observed_on")] == [None] * 5


def test_a_declined_case_had_no_session_and_no_mediation(tmp_path: Path) -> None:
    found = told(tmp_path, conclusion="declined")
    never = ("accepted", "agreed_to_mediate", "begun", "first_session", "joint_session", "agreed")
    assert {found[name] for name in never} == {"not_reached"}


def test_the_word_unknown_in_a_date_says_that_it_happened_at_an_unknown_time(tmp_path: Path) -> None:
    found = told(tmp_path, accepted_at="unknown", reported_at="unknown")
    assert (found["accepted"], found["accepted_on"], found["reported"], found["reported_on"]) == (
        "at",
        None,
        "at",
        None,
    )


def test_a_day_stays_a_day_and_a_minute_is_a_moment(tmp_path: Path) -> None:
    found = told(tmp_path, accepted_at="2022-05-02 08:00", first_session_at="2022-05-03")
    assert found["accepted_at"] == dt.datetime(2022, 5, 2, 0, 0, tzinfo=dt.UTC)
    assert (found["first_session_at"], found["first_session_on"]) == (None, dt.date(2022, 5, 3))


# ---------------------------------------------------------------- contradictions

FOREIGN = """
zone = "Asia/Shanghai"
[columns]
case_no = "编号"
reported_at = "登记日期"
dispute_type = "类型"
status = "状态"
conclusion = "结果"
agreed_at = "达成日期"
concluded_at = "结案日期"
closed_at = "结案日期"
compliance = "履行"
party_keys = "证件"
applicants = "申请人"
"""


def foreign(**cells: str) -> dict[str, str]:
    """A row under the headings of a register that is not canonical."""
    names = {
        "no": "编号", "reported": "登记日期", "kind": "类型", "status": "状态", "conclusion": "结果",
        "agreed": "达成日期", "ended": "结案日期", "kept": "履行", "keys": "证件", "applicants": "申请人",
    }  # fmt: skip
    given = {"no": "1", "reported": "2022-05-01", "kind": "邻里", **cells}
    return {heading: given.get(name, "") for name, heading in names.items()}


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (
            {"status": "open", "conclusion": "settled"},
            [("结果", "the case is open by its status, and yet it has ended")],
        ),
        (
            {"status": "在办", "ended": "2022-05-09"},
            [("结案日期", "the case is open by its status, and yet it has ended")],
        ),
        ({"ended": "2099-01-01"}, [("结案日期", "it lies in the future")]),
        ({"reported": "2099-01-01"}, [("登记日期", "it lies in the future")]),
        ({"ended": "2022-04-30"}, [("结案日期", "it lies before '登记日期'")]),
        ({"agreed": "2022-04-30"}, [("达成日期", "it lies before '登记日期'")]),
        (
            {"conclusion": "not_settled", "kept": "kept"},
            [("履行", "it speaks of an agreement, and the case ended as 'not_settled'")],
        ),
        (
            {"conclusion": "not_settled", "agreed": "2022-05-03"},
            [("达成日期", "it speaks of an agreement, and the case ended as 'not_settled'")],
        ),
        ({"keys": "990000198001010021"}, [("证件", "there are more keys than people")]),
        (
            {"status": "open", "conclusion": "refused", "agreed": "2022-04-01", "keys": "x"},
            [
                ("达成日期", "it lies before '登记日期'"),
                ("结果", "the case is open by its status, and yet it has ended"),
                ("达成日期", "it speaks of an agreement, and the case ended as 'refused'"),
                ("证件", "there are more keys than people"),
            ],
        ),
    ],
)
def test_what_cannot_be_true_at_once_is_told_under_the_headings_of_the_file(
    tmp_path: Path, cells: dict[str, str], found: list[tuple[str, str]]
) -> None:
    with new_book() as book:
        result = take(book, tmp_path, [foreign(**cells)], FOREIGN)
        assert [(column, problem) for _, column, problem in problems(result)] == found
        assert entries(book) == 0


def test_a_date_of_tomorrow_is_taken_and_one_of_next_week_is_not(tmp_path: Path) -> None:
    """Registers know days, and somewhere it is tomorrow already."""
    told(tmp_path, reported_at="2023-06-02")
    assert refused(tmp_path, reported_at="2023-06-08") == [("reported_at", "it lies in the future")]


def test_what_a_bad_cell_leaves_understandable_is_looked_at_too(tmp_path: Path) -> None:
    found = refused(tmp_path, accepted_at="someday", concluded_at="2022-04-01", sessions="many")
    assert [column for column, _ in found] == ["sessions", "accepted_at", "concluded_at"]


def test_ends_within_one_day_are_no_contradiction(tmp_path: Path) -> None:
    told(tmp_path, reported_at="2022-05-01 17:00", accepted_at="2022-05-01", concluded_at="2022-05-01")


# ---------------------------------------------------------------- people


def test_parties_stand_on_their_sides_in_their_order_with_kind_sex_and_birth_date(tmp_path: Path) -> None:
    with new_book() as book:
        take(
            book,
            tmp_path,
            [
                row(
                    applicants="叶某|person|female|1980-02-29; 甲公司|organisation",
                    respondents="钱某",
                    third_parties="丙村村民|group",
                    party_keys="990000198002290021; 990000000000000X",
                )
            ],
        )
        found = [(each.id, each.side, each.role, each.kind, each.sex, each.identity) for each in only(book).parties]
    assert found == [
        ("a1", "A", Role.APPLICANT, PartyKind.NATURAL, Sex.FEMALE, "990000198002290021"),
        ("a2", "A", Role.APPLICANT, PartyKind.ORGANISATION, Sex.UNKNOWN, "990000000000000X"),
        ("b1", "B", Role.RESPONDENT, PartyKind.NATURAL, Sex.UNKNOWN, None),
        ("c1", "C", Role.THIRD_PARTY, PartyKind.GROUP, Sex.UNKNOWN, None),
    ]


def mediators_of(book: Casebook) -> dict[str | None, list[str]]:
    """Which mediators each case has, as centre and name."""
    return {number: [name_of(book, each.mediator) for each in case.assignments] for number, case in cases(book).items()}


def test_a_mediator_is_one_person_over_rows_files_and_runs(tmp_path: Path) -> None:
    with new_book() as book:
        take(book, tmp_path, [row("1", mediators="郗某; 蔚某", centre="甲"), row("2", mediators="蔚某", centre="甲")])
        take(book, tmp_path, [row("3", mediators="蔚某; 郗某; 蔚某", centre="甲")])
        assert len(list(book.facts("mediator").rows())) == 2
        assert mediators_of(book) == {"1": ["甲/郗某", "甲/蔚某"], "2": ["甲/蔚某"], "3": ["甲/蔚某", "甲/郗某"]}


def test_one_name_at_two_centres_is_two_mediators(tmp_path: Path) -> None:
    with new_book() as book:
        rows = [
            row("1", mediators="郗某", centre="甲"),
            row("2", mediators="郗某", centre="乙"),
            row("3", mediators="郗某"),
        ]
        take(book, tmp_path, rows)
        ids = [case.assignments[0].mediator for case in cases(book).values()]
        assert len(set(ids)) == 3


def test_a_name_and_a_centre_that_run_together_are_kept_apart(tmp_path: Path) -> None:
    with new_book() as book:
        take(book, tmp_path, [row("1", mediators="bc", centre="a"), row("2", mediators="c", centre="ab")])
        assert len(list(book.facts("mediator").rows())) == 2


def test_the_id_of_a_mediator_of_the_book_stands_for_itself(tmp_path: Path) -> None:
    with new_book() as book:
        take(book, tmp_path, [row("1", mediators="郗某")])
        (id,) = (each["matter_id"] for each in book.facts("mediator").rows())
        take(book, tmp_path, [row("2", mediators=str(id)), row("3", mediators=only_id(book))])
        assert {case.assignments[0].mediator for case in cases(book).values()} != {id}
        assert cases(book)["2"].assignments[0].mediator == id


def only_id(book: Casebook) -> str:
    """The id of the first case: no mediator, however much it is an id of the book."""
    return str(next(iter(cases(book).values())).id)


def test_a_rejected_row_leaves_no_mediator_behind(tmp_path: Path) -> None:
    with new_book() as book:
        rows = [row("1", mediators="郗某", accepted_at="2021-01-01"), row("2", mediators="蔚某")]
        take(book, tmp_path, [*rows, row("2", mediators="佟某")])
        assert [name_of(book, each["matter_id"]) for each in book.facts("mediator").rows()] == ["None/蔚某"]


def test_a_dry_run_makes_neither_mediators_nor_the_secret(tmp_path: Path) -> None:
    with new_book() as book:
        assert counts(take(book, tmp_path, [row(mediators="郗某")], dry_run=True)) == (1, 0, 0, 0)
        assert entries(book) == 0 and not book.has_secret()


def test_no_fact_and_no_key_of_the_book_holds_the_name_of_a_mediator(tmp_path: Path) -> None:
    with new_book() as book:
        take(book, tmp_path, [row(mediators="郗某某", centre="甲")])
        assert "郗某某" not in str(portrait(book, mediators=False))
        assert not any("郗某某" in entry.body for entry in book.store.log(0, 100))


# ---------------------------------------------------------------- the rest of a row

OWN = """
zone = "Asia/Shanghai"
[own.house]
column = "own.house"
sensitivity = "none"
[own.flats]
column = "own.flats"
type = "int"
sensitivity = "none"
[own.lift]
column = "own.lift"
type = "bool"
sensitivity = "none"
"""


def test_public_own_columns_become_facts_and_others_stay_private(tmp_path: Path) -> None:
    with new_book() as book:
        cells = {"own_house": "塔楼", "own_flats": "012", "own_lift": "是", "own_note": "叶某说"}
        take(book, tmp_path, [row(**cells)], OWN)
        assert fact(book)["own"] == '{"flats": "12", "house": "塔楼", "lift": "yes"}'
        assert {own.name: own.value for own in only(book).dispute.own if own.value} == {"note": "叶某说"}


def test_an_own_value_that_cannot_be_public_is_told_under_its_heading(tmp_path: Path) -> None:
    ((column, problem),) = refused(tmp_path, OWN, own_house="两\n行", own_flats="", own_lift="")
    assert column == "own.house" and problem.startswith("a code needs")


def test_a_follow_up_is_taken_with_what_was_found_and_how_satisfied_they_were(tmp_path: Path) -> None:
    with new_book() as book:
        marks = {"satisfaction_applicant": "3", "satisfaction_respondent": "５"}
        take(book, tmp_path, [row(conclusion="settled", follow_up_at="2022-06-01", follow_up_kept="yes", **marks)])
        (visit,) = only(book).follow_ups
        assert {(answer.side, answer.score) for answer in visit.satisfaction} == {("applicant", 3), ("respondent", 5)}
        assert fact(book)["compliance"] == "kept"
        assert fact(book, "case_resolution")["last_contact_on"] == dt.date(2022, 6, 1)


def test_a_danger_is_taken_with_what_is_known_of_it(tmp_path: Path) -> None:
    with new_book() as book:
        take(book, tmp_path, [row("1", escalation_kind="自杀", escalation_persons="1", escalation_averted="是")])
        (risk,) = only(book).risks
        assert (risk.kind.value, risk.persons, risk.reported, risk.averted) == ("suicide", 1, None, True)


def test_amounts_are_multiplied_by_their_unit_and_carry_their_currency(tmp_path: Path) -> None:
    toml = 'zone = "Asia/Shanghai"\n[money]\nunit = 10000\ncurrency = "CNY"'
    found = told(tmp_path, toml, amount_claimed="1.25", conclusion="settled", amount_agreed="0.5")
    assert (found["amount_claimed"], found["amount_claimed_currency"]) == (Decimal(12500), "CNY")
    assert (found["amount_agreed"], found["amount_agreed_currency"]) == (Decimal(5000), "CNY")


def test_an_amount_without_a_currency_is_rejected(tmp_path: Path) -> None:
    assert refused(tmp_path, amount_claimed="5") == [("amount_claimed", "an amount without its currency")]


def test_the_blanks_in_the_name_of_a_centre_do_not_count(tmp_path: Path) -> None:
    rows: list[Row] = [row("1", centre="North  Side Station"), row("2", centre=" North Side Station ")]
    with new_book() as book:
        take(book, tmp_path, rows)
        assert {case.centre for case in cases(book).values()} == {"North_Side_Station"}


def test_rows_without_a_centre_take_the_one_that_the_import_names(tmp_path: Path) -> None:
    with new_book() as book:
        take(book, tmp_path, [row("1", centre=""), row("2", centre="乙")], centre="甲 站")
        assert {number: case.centre for number, case in cases(book).items()} == {"1": "甲_站", "2": "乙"}


def test_two_session_dates_of_one_meeting_are_one_session(tmp_path: Path) -> None:
    with new_book() as book:
        take(book, tmp_path, [row(first_session_at="2022-05-03", joint_session_at="2022-05-03", sessions="4")])
        assert [(each.format or "").__str__() for each in only(book).sessions] == ["joint"]
        assert fact(book)["sessions"] == 4
