"""The two disputes of the newspaper page: a wall, and a lane."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import community_mediation as cm
from tests.histories.telling import moment, only, rows, saved, script, share, then


@pytest.fixture
def book() -> Iterator[cm.Casebook]:
    with cm.open_casebook("memory:") as book:
        yield book


class TestFactoryWall:
    @pytest.fixture
    def case(self, book: cm.Casebook) -> cm.Case:
        return saved("factory_wall", book)

    def test_each_axis_is_at_its_end(self, case: cm.Case) -> None:
        assert (case.process, case.conclusion, case.agreement, case.file) == ("concluded", "settled", "full", "closed")
        assert [each.stage for each in case.resolutions] == ["complied"]

    def test_two_separate_visits_are_no_joint_session(self, case: cm.Case, book: cm.Casebook) -> None:
        assert {row["format"] for row in rows(book, "case_session").values()} == {"separate"}
        row = only(book, "case")
        assert (row["sessions"], row["joint_session"], row["first_session"]) == (2, "not_reached", "at")

    def test_the_apology_is_owed_one_way_and_the_concession_the_other(self, case: cm.Case, book: cm.Casebook) -> None:
        terms = rows(book, "case_term")
        owed = {id: (row["kind"], row["debtor"], row["creditor"]) for id, row in terms.items()}
        assert owed == {
            "apology": ("apology", "builder", "neighbour"),
            "wall-stays": ("forbearance", "neighbour", "builder"),
        }

    def test_one_term_kept_does_not_keep_the_whole(self, case: cm.Case) -> None:
        """In the evening of the day the apology was made, and nobody could know of the wall."""
        (agreement,) = then(case, moment(2022, 5, 14, 18)).resolutions
        assert (agreement.stage, agreement.compliance) == ("effective", "pending")
        assert [term.compliance for term in agreement.clauses] == ["kept", None]

    def test_the_return_visit_keeps_the_rest_and_leaves_the_apologys_own_day(
        self, case: cm.Case, book: cm.Casebook
    ) -> None:
        kept_on = {id: str(row["complied_on"]) for id, row in rows(book, "case_term").items()}
        assert kept_on == {"apology": "2022-05-14", "wall-stays": "2022-06-14"}

    def test_an_oral_agreement_takes_effect_when_it_is_reached(self, case: cm.Case, book: cm.Casebook) -> None:
        row = only(book, "case_resolution")
        assert row["form"] == "oral" and row["effective_at"] == row["agreed_at"] is not None

    def test_it_was_in_mediation_at_noon(self, case: cm.Case, book: cm.Casebook) -> None:
        noon = then(case, moment(2022, 5, 14))
        assert (noon.process, noon.conclusion, noon.file) == ("in_mediation", None, "open")
        assert only(book, "case", valid_at=moment(2022, 5, 14))["agreement"] == "open"

    def test_it_counts_of_begun_and_lies_outside_of_joint_sessions(self, case: cm.Case, book: cm.Casebook) -> None:
        assert share(book, "agreement_of_begun") == (1, 1)
        assert share(book, "agreement_of_joint_session") == (0, 0)

    def test_a_term_that_is_owed_by_nobody_in_the_case_is_refused(self, book: cm.Casebook) -> None:
        term = cm.items.Term(id="t", kind=cm.items.TermKind.APOLOGY, debtor="cousin")
        case = in_mediation(book)
        with pytest.raises(cm.errors.InvalidValue, match=r"clauses\[0\]\.debtor"):
            case.resolve(clauses=[term], at=moment(2022, 5, 14, 15), by="desk")

    def test_a_term_of_no_agreement_is_not_found_kept(self, case: cm.Case) -> None:
        with pytest.raises(cm.errors.InvalidValue, match="term"):
            case.record_compliance(compliance=cm.Compliance.KEPT, term="a-cow", at=moment(2022, 6, 20), by="desk")


def in_mediation(book: cm.Casebook) -> cm.Case:
    """The wall before noon: both were visited."""
    case = script("factory_wall")["history"](book)
    early = cm.Case.fold(case.id, case.events[:6])
    assert early.process == "in_mediation"
    return early


class TestNarrowLane:
    @pytest.fixture
    def case(self, book: cm.Casebook) -> cm.Case:
        return saved("narrow_lane", book)

    def test_nobody_is_respondent(self, case: cm.Case, book: cm.Casebook) -> None:
        assert {(row["side"], row["role"]) for row in rows(book, "case_party").values()} == {("A", None), ("B", None)}

    def test_it_ended_with_no_attempt_and_no_session(self, case: cm.Case, book: cm.Casebook) -> None:
        row = only(book, "case")
        assert (row["process"], row["conclusion"], row["on_the_spot"]) == ("concluded", "settled", True)
        assert (row["attempts"], row["sessions"], row["begun"], row["accepted"]) == (0, 0, "not_reached", "not_reached")

    def test_without_respondents_it_is_settled_with_both(self, case: cm.Case) -> None:
        assert case.agreement == "full" and case.resolutions[0].extent == "full"

    def test_settled_with_one_of_two_sides_is_settled_in_part(self, book: cm.Casebook) -> None:
        case = script("narrow_lane")["history"](book)
        one = cm.Case.fold(case.id, case.events[:2]).resolve(
            on_the_spot=True, parties=["p1"], at=moment(2022, 5, 20, 23), by="desk"
        )
        assert (one.conclusion, one.agreement) == ("settled_in_part", "partial")

    def test_each_apologised(self, case: cm.Case, book: cm.Casebook) -> None:
        assert {(row["debtor"], row["compliance"]) for row in rows(book, "case_term").values()} == {
            ("p1", "kept"),
            ("p2", "kept"),
        }

    def test_the_danger_was_averted_and_whether_it_was_reported_is_unknown(
        self, case: cm.Case, book: cm.Casebook
    ) -> None:
        row = only(book, "case_risk")
        assert (row["kind"], row["averted"], row["reported"], row["materialised"]) == ("fight", True, None, None)

    def test_before_the_handshake_it_was_merely_reported(self, case: cm.Case) -> None:
        early = then(case, cm.When.parse("2022-05-20T22:30:00+08:00"))
        assert (early.process, early.agreement, len(early.assignments)) == ("reported", "open", 1)
        assert case.valid_at(moment(2022, 5, 20)) is None

    def test_it_passes_the_rungs_implied_and_not_as_recorded(self, case: cm.Case, book: cm.Casebook) -> None:
        assert share(book, "agreement_of_begun") == (1, 1)
        frame = book.facts("case").to_polars()
        recorded = cm.metrics.table(frame, metrics="agreement_of_begun", on_the_spot="as_recorded")
        assert recorded["agreement_of_begun"].denominator == 0

    def test_no_session_is_held_before_mediation_begins(self, book: cm.Casebook) -> None:
        case = script("narrow_lane")["history"](book)
        early = cm.Case.fold(case.id, case.events[:2])
        with pytest.raises(cm.errors.IllegalMove) as refused:
            early.hold_session(at=moment(2022, 5, 20, 23), by="desk")
        assert "resolve_on_the_spot" in refused.value.possible

    def test_once_an_attempt_has_begun_nothing_is_settled_on_the_spot(self, book: cm.Casebook) -> None:
        case = script("narrow_lane")["history"](book)
        begun = cm.Case.fold(case.id, case.events[:2]).accept(at=moment(2022, 5, 20, 23), by="desk")
        begun = begun.begin_attempt(kind=cm.AttemptKind.PEOPLE, at=moment(2022, 5, 20, 23), by="desk")
        with pytest.raises(cm.errors.IllegalMove, match="in_mediation"):
            begun.resolve(on_the_spot=True, at=moment(2022, 5, 20, 23), by="desk")
