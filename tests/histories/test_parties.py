"""Three respondents, a death, sixty villagers: who is bound by what."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import community_mediation as cm
from tests.histories.telling import figure, moment, only, rows, saved, script, share, then


@pytest.fixture
def book() -> Iterator[cm.Casebook]:
    with cm.open_casebook("memory:") as book:
        yield book


class TestPartialThreeRespondents:
    @pytest.fixture
    def case(self, book: cm.Casebook) -> cm.Case:
        return saved("partial_three_respondents", book)

    def test_it_is_settled_in_part_although_nothing_was_agreed_at_the_end(
        self, case: cm.Case, book: cm.Casebook
    ) -> None:
        assert (case.process, case.conclusion, case.agreement) == ("concluded", "settled_in_part", "partial")
        assert only(book, "case")["reason"] == "no_common_ground"

    def test_the_outcome_by_respondent_and_issue(self, case: cm.Case) -> None:
        assert script("partial_three_respondents")["outcome_of"](case) == {
            ("above", "ceiling"): "with-above",
            ("above", "furniture"): "with-above",
            ("company", "ceiling"): "with-company",
            ("company", "furniture"): None,
            ("fitter", "ceiling"): None,
            ("fitter", "furniture"): None,
        }

    def test_the_first_agreement_left_the_case_open(self, case: cm.Case, book: cm.Casebook) -> None:
        early = then(case, moment(2022, 4, 7))
        assert (early.process, early.agreement, early.agreed.is_reached) == ("in_mediation", "open", True)
        assert only(book, "case", valid_at=moment(2022, 4, 7))["agreed"] == "at"

    def test_the_third_respondent_came_later(self, case: cm.Case, book: cm.Casebook) -> None:
        party = rows(book, "case_party")["fitter"]
        assert (party["role"], str(party["joined_on"])) == ("respondent", "2022-04-08")
        assert len(then(case, moment(2022, 4, 7)).parties) == 3 and len(case.parties) == 4

    def test_both_agreements_are_partial_and_stand(self, case: cm.Case, book: cm.Casebook) -> None:
        found = {id: (row["extent"], row["state"]) for id, row in rows(book, "case_resolution").items()}
        assert found == {"with-above": ("partial", "effective"), "with-company": ("partial", "effective")}

    def test_an_agreement_of_all_made_before_does_not_bind_who_joins(self, book: cm.Casebook) -> None:
        case = script("partial_three_respondents")["under_way"](book)
        case = case.resolve(concludes=False, at=moment(2022, 4, 6), by="desk")
        assert case.resolutions[0].extent == "full"
        fitter = cm.Party(id="fitter", side="D", role=cm.Role.RESPONDENT)
        case = case.join(fitter, at=moment(2022, 4, 8), by="desk")
        assert case.resolutions[0].parties == ("below", "above", "company")
        ended = case.conclude_without_agreement(conclusion=cm.Conclusion.NOT_SETTLED, at=moment(2022, 4, 20), by="desk")
        assert ended.conclusion == "settled_in_part"

    def test_had_the_rest_agreed_it_would_be_settled(self, case: cm.Case) -> None:
        early = cm.Case.fold(case.id, case.events[:-1])
        assert early.process == "in_mediation"
        whole = early.resolve(parties=["below", "company", "fitter"], at=moment(2022, 4, 20), by="desk")
        assert (whole.conclusion, whole.agreement) == ("settled", "full")

    def test_it_counts_as_an_agreement_and_not_as_a_full_one(self, case: cm.Case, book: cm.Casebook) -> None:
        assert share(book, "agreement_of_begun") == (1, 1)
        assert share(book, "full_agreement_of_begun") == (0, 1)

    def test_an_agreement_on_an_issue_that_nobody_raised_is_refused(self, case: cm.Case) -> None:
        early = cm.Case.fold(case.id, case.events[:4])
        with pytest.raises(cm.errors.InvalidValue, match="issues"):
            early.resolve(issues=["wallpaper"], at=moment(2022, 4, 6), by="desk")

    def test_an_agreement_with_who_has_not_joined_yet_is_refused(self, case: cm.Case) -> None:
        """Even afterwards: on the 6th the fitter was no party."""
        with pytest.raises(cm.errors.InvalidValue, match="parties"):
            case.resolve(parties=["fitter"], concludes=False, at=moment(2022, 4, 6), by="desk")


class TestAPartyDies:
    @pytest.fixture
    def case(self, book: cm.Casebook) -> cm.Case:
        return saved("a_party_dies", book)

    def test_he_left_by_death_and_she_stands_in_his_place(self, case: cm.Case, book: cm.Casebook) -> None:
        party = rows(book, "case_party")["elder"]
        assert (party["left"], party["left_reason"], party["successor"]) == ("at", "died", "daughter")

    def test_with_both_agreements_every_issue_is_settled(self, case: cm.Case) -> None:
        """His agreement on the yard counts for her."""
        assert (case.conclusion, case.agreement) == ("settled", "full")
        assert [each.extent for each in case.resolutions] == ["partial", "full"]

    def test_what_he_agreed_to_names_him_still(self, case: cm.Case) -> None:
        """Nothing is rewritten: the paper on the yard bears his name."""
        assert {each.id: each.parties for each in case.resolutions} == {
            "on-the-yard": ("elder", "younger"),
            "on-the-rent": ("daughter", "younger"),
        }

    def test_a_succeeded_respondents_agreement_binds_the_heir(self, book: cm.Casebook) -> None:
        """The same from the other side, where the outcome hangs on it."""
        case: cm.Case = script("a_party_dies")["until_the_death"](book)
        heir = cm.Party(id="son", side="B", role=cm.Role.RESPONDENT)
        case = case.join(heir, at=moment(2022, 3, 1), by="desk")

        def end(successor: str | None) -> cm.Case:
            gone = case.leave(
                "younger", reason=cm.items.PartyExit.DIED, successor=successor, at=moment(2022, 3, 1), by="desk"
            )
            return gone.resolve(parties=["elder", "son"], issues=["rent"], at=moment(2022, 3, 5), by="desk")

        assert (end("son").conclusion, end(None).conclusion) == ("settled", "settled_in_part")

    def test_on_the_last_day_of_february_he_was_there_and_she_was_not(self, case: cm.Case, book: cm.Casebook) -> None:
        early = then(case, moment(2022, 2, 28))
        assert [(each.id, each.is_present) for each in early.parties] == [("elder", True), ("younger", True)]
        assert set(rows(book, "case_party", valid_at=moment(2022, 2, 28))) == {"elder", "younger"}

    def test_the_dead_sign_nothing(self, case: cm.Case) -> None:
        error = script("a_party_dies")["signature_of_the_dead"](case)
        assert isinstance(error, cm.errors.InvalidValue)
        assert "has left the case" in str(error) and "卫" not in str(error)

    def test_a_signature_of_the_time_when_he_lived_may_be_noted_late(self, case: cm.Case) -> None:
        signature = cm.items.Signature(paper="record", party="elder")
        late = case.record(signature, at=moment(2022, 2, 9), by="desk")
        assert len(late.noted(cm.items.Signature)) == len(case.noted(cm.items.Signature)) + 1

    def test_no_agreement_is_made_with_the_dead(self, case: cm.Case) -> None:
        again = case.reopen(at=moment(2022, 3, 10), by="desk")
        with pytest.raises(cm.errors.InvalidValue, match="has left the case"):
            again.resolve(parties=["elder", "younger"], at=moment(2022, 3, 11), by="desk")

    def test_nobody_is_succeeded_by_who_is_not_there(self, book: cm.Casebook) -> None:
        early = script("a_party_dies")["until_the_death"](book)
        with pytest.raises(cm.errors.InvalidValue, match="successor"):
            early.leave("elder", successor="daughter", at=moment(2022, 3, 1), by="desk")

    def test_two_are_counted_as_people_and_not_three(self, case: cm.Case, book: cm.Casebook) -> None:
        row = only(book, "case")
        assert (row["parties"], row["people"]) == (3, 2)
        assert share(book, "full_agreement_of_begun") == (1, 1)


class TestSixtyVillagers:
    @pytest.fixture
    def case(self, book: cm.Casebook) -> cm.Case:
        return saved("sixty_villagers", book)

    def test_sixty_are_one_party_and_sixty_people(self, case: cm.Case, book: cm.Casebook) -> None:
        group = rows(book, "case_party")["villagers"]
        assert (group["kind"], group["people"]) == ("group", 60)

    def test_representatives_are_not_counted_beside_those_for_whom_they_stand(
        self, case: cm.Case, book: cm.Casebook
    ) -> None:
        """Sixty villagers and one contractor."""
        row = only(book, "case")
        assert (row["parties"], row["people"], row["people_involved"]) == (8, 61, 61)

    def test_a_group_of_unknown_size_makes_the_number_unknown(self, book: cm.Casebook) -> None:
        case = script("sixty_villagers")["represented"](book)
        crowd = cm.Party(id="villagers", side="A", role=cm.Role.APPLICANT, kind=cm.PartyKind.GROUP)
        book.save(case.change_party(crowd, at=moment(2022, 7, 5), by="desk"))
        assert only(book, "case")["people"] is None

    def test_five_hold_a_mandate_at_every_time(self, case: cm.Case) -> None:
        for day in (5, 6, 8, 12):
            held: dict[str, bool] = {}
            for each in then(case, moment(2022, 7, day)).noted(cm.items.Mandate):
                held[each.agent] = not each.withdrawn
            assert sum(held.values()) == 5

    def test_one_was_replaced_by_another(self, case: cm.Case, book: cm.Casebook) -> None:
        gone = rows(book, "case_party")["rep-5"]
        assert (gone["left_reason"], gone["successor"]) == ("replaced", "rep-6")

    def test_the_danger_was_raised_reported_and_averted_each_at_its_time(
        self, case: cm.Case, book: cm.Casebook
    ) -> None:
        said = []
        for hour in (moment(2022, 7, 5, 9), moment(2022, 7, 5, 11), moment(2022, 7, 13)):
            row = only(book, "case_risk", valid_at=hour)
            said.append((row["reported"], row["reported_to"], row["averted"], row["materialised"]))
        assert said == [(None, None, None, None), (True, "government", None, None), (True, "government", True, False)]
        assert only(book, "case_risk")["persons"] == 60

    def test_no_danger_was_known_on_the_first_day(self, case: cm.Case, book: cm.Casebook) -> None:
        assert list(book.facts("case_risk", valid_at=moment(2022, 7, 4)).rows()) == []

    def test_it_is_settled_and_one_of_two_terms_is_kept(self, case: cm.Case, book: cm.Casebook) -> None:
        """That the stream is left alone cannot be kept on one day."""
        assert (case.conclusion, case.agreement, case.resolutions[0].stage) == ("settled", "full", "effective")
        assert {id: row["compliance"] for id, row in rows(book, "case_term").items()} == {
            "sluice": "kept",
            "no-dam": None,
        }

    def test_it_counts_as_one_case(self, case: cm.Case, book: cm.Casebook) -> None:
        assert figure(book, "reported").counted == 1 and share(book, "agreement_of_begun") == (1, 1)

    def test_a_sixth_is_the_business_of_the_region(self, book: cm.Casebook) -> None:
        """The core refuses no number of representatives."""
        names = script("sixty_villagers")
        case = names["represented"](book).join(names["representative"](6), at=moment(2022, 7, 5), by="desk")
        assert len(names["mandated"](case, 6, when=moment(2022, 7, 5)).noted(cm.items.Mandate)) == 6

    def test_a_mandate_for_a_stranger_is_refused(self, case: cm.Case) -> None:
        mandate = cm.items.Mandate(principal="villagers", agent="lawyer")
        with pytest.raises(cm.errors.InvalidValue, match="agent"):
            case.record(mandate, at=moment(2022, 7, 13), by="desk")

    def test_the_one_who_left_signs_nothing_any_more(self, case: cm.Case) -> None:
        signature = cm.items.Signature(paper="agreement", resolution="water", party="rep-5")
        with pytest.raises(cm.errors.InvalidValue, match="has left the case"):
            case.record(signature, at=moment(2022, 7, 9), by="desk")

    def test_a_danger_that_nobody_raised_is_not_averted(self, case: cm.Case) -> None:
        with pytest.raises(cm.errors.InvalidValue, match="risk"):
            case.record(cm.items.RiskUpdate(risk="flood", averted=True), at=moment(2022, 7, 13), by="desk")
