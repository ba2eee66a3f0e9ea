"""An online session with a draft and electronic signatures; a referral by a court; a second attempt by the police."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

import community_mediation as cm
from community_mediation.regions import Calendar, DueState
from tests.histories.telling import figure, moment, only, rows, saved, script, share, then


@pytest.fixture
def book() -> Iterator[cm.Casebook]:
    with cm.open_casebook("memory:") as book:
        yield book


class TestOnlineSession:
    @pytest.fixture
    def case(self, book: cm.Casebook) -> cm.Case:
        return saved("online_session", book)

    def test_the_session_was_joint_and_online_with_two_agencies(self, case: cm.Case, book: cm.Casebook) -> None:
        row = only(book, "case_session")
        assert (row["format"], row["medium"], row["minutes"]) == ("joint", "online", 70)
        (session,) = case.sessions
        assert (session.agencies, session.helpers) == (("justice_office", "civil_affairs"), ("daughter",))

    def test_consent_given_and_consent_refused_are_both_consents(self, case: cm.Case) -> None:
        said = {(each.to, each.party): each.given for each in case.noted(cm.items.Consent)}
        assert {party for (to, party), given in said.items() if to == "online" and given} == {"father", "son"}
        assert {party for (to, party), given in said.items() if to == "recording" and not given} == {"father", "son"}

    def test_the_draft_binds_nobody_until_it_is_adopted(self, case: cm.Case, book: cm.Casebook) -> None:
        noon = then(case, moment(2022, 3, 11))
        (draft,) = noon.resolutions
        assert (draft.stage, draft.form, draft.agreed.state) == ("drafted", None, "not_reached")
        assert (noon.process, noon.agreement, noon.agreed.state) == ("in_mediation", "open", "not_reached")
        assert only(book, "case", valid_at=moment(2022, 3, 11))["agreement_form"] is None

    def test_the_signed_draft_is_the_agreement(self, case: cm.Case, book: cm.Casebook) -> None:
        row = only(book, "case_resolution")
        assert (row["row"], row["state"], row["form"], row["terms"]) == ("support", "effective", "written", 2)
        assert (case.conclusion, case.agreement, case.file) == ("settled", "full", "open")

    @pytest.mark.parametrize("ending", [cm.Conclusion.NOT_SETTLED, cm.Conclusion.REFUSED])
    def test_a_draft_that_nobody_signed_is_no_agreement(
        self, case: cm.Case, book: cm.Casebook, ending: cm.Conclusion
    ) -> None:
        """They walk out over the text: not agreed, not even in part. And the control: what is adopted in part is."""
        drafted = cm.Case.fold(book.new_id(), [each for each in case.events if each.at < moment(2022, 3, 11, 8)])
        walked_out = drafted.conclude_without_agreement(conclusion=ending, at=moment(2022, 3, 11), by="desk")
        assert (walked_out.conclusion, walked_out.agreement, walked_out.agreed.state) == (ending, "none", "not_reached")
        adopted = drafted.adopt("support", concludes=False, at=moment(2022, 3, 11), by="desk")
        adopted = adopted.conclude_without_agreement(
            conclusion=cm.Conclusion.REFUSED, at=moment(2022, 3, 11, 13), by="desk"
        )
        assert adopted.agreement == "partial"

    def test_three_signed_electronically_and_the_centre_sealed(self, case: cm.Case) -> None:
        signed = [(each.kind, each.party, each.mediator) for each in case.noted(cm.items.Signature)]
        assert [kind for kind, _, _ in signed] == ["electronic", "electronic", "electronic", "seal"]
        assert signed[-1] == ("seal", None, None)

    def test_it_counts_as_a_joint_session_that_agreed(self, case: cm.Case, book: cm.Casebook) -> None:
        """A joint session online is a joint session."""
        assert share(book, "agreement_of_joint_session") == (1, 1)

    def test_a_draft_is_adopted_once(self, case: cm.Case) -> None:
        with pytest.raises(cm.errors.IllegalMove):
            case.reopen(at=moment(2022, 3, 12), by="desk").adopt("support", at=moment(2022, 3, 12), by="desk")

    def test_nobody_helps_whom_nobody_invited(self, book: cm.Casebook) -> None:
        early = script("online_session")["reported"](book).accept(at=moment(2022, 3, 7), by="desk")
        early = early.begin_attempt(kind=cm.AttemptKind.PEOPLE, at=moment(2022, 3, 8), by="desk")
        with pytest.raises(cm.errors.InvalidValue, match="helpers"):
            early.hold_session(helpers=["daughter"], at=moment(2022, 3, 10), by="desk")

    def test_nobody_signs_who_is_no_party(self, case: cm.Case) -> None:
        signature = cm.items.Signature(paper="agreement", resolution="support", party="daughter")
        with pytest.raises(cm.errors.InvalidValue, match="party"):
            case.record(signature, at=moment(2022, 3, 12), by="desk")


class TestCourtReferred:
    @pytest.fixture
    def case(self, book: cm.Casebook) -> cm.Case:
        return saved("court_referred", book)

    @pytest.fixture
    def referral(self, case: cm.Case) -> cm.items.Referral:
        (referral,) = case.noted(cm.items.Referral)
        return referral

    def test_the_referral_was_an_act_of_two_sides(self, referral: cm.items.Referral) -> None:
        assert (referral.direction, referral.kind, referral.accepted) == ("in", "pre_filing", True)
        assert (referral.answered.is_reached, referral.returned.is_reached) == (True, True)
        assert referral.result == "not_settled"

    def test_it_is_counted_as_a_referral_by_a_court(self, case: cm.Case, book: cm.Casebook) -> None:
        row = only(book, "case")
        assert (row["source"], row["referrer_kind"], row["referral_kind"]) == ("referral", "court", "pre_filing")

    def test_the_courts_number_is_in_the_value_and_nowhere_else(
        self, case: cm.Case, referral: cm.items.Referral, book: cm.Casebook
    ) -> None:
        number = referral.docket
        assert number is not None and "0999" in number
        assert number not in repr(case) and number not in repr(referral)
        assert not any(number in repr(rows(book, table)) for table in book.tables)
        assert not any(number in repr(entry.body) for entry in book.store.log(after=0, limit=100))

    def test_thirty_days_and_then_more_by_consent_of_both(self, case: cm.Case) -> None:
        (attempt,) = case.attempts
        before = then(case, moment(2022, 9, 29)).attempts[0]
        assert (str(before.due), str(attempt.due)) == ("2022-10-05[Asia/Shanghai]", "2022-10-25[Asia/Shanghai]")
        consents = [each for each in case.noted(cm.items.Consent) if each.to == "extension"]
        assert {each.party for each in consents} == {"buyer", "dealer"}
        assert {each.about for each in consents} == {attempt.id}

    def test_the_clock_stood_still_for_the_appraisal(self, case: cm.Case) -> None:
        (pause,) = case.attempts[0].pauses
        assert (pause.reason, pause.since.local_date, pause.until.when) == (
            "appraisal",
            dt.date(2022, 9, 15),
            moment(2022, 9, 26, 9),
        )
        assert then(case, moment(2022, 9, 20)).attempts[0].is_paused and not case.attempts[0].is_paused

    def test_it_ended_without_an_agreement_and_went_to_court(self, case: cm.Case, book: cm.Casebook) -> None:
        assert (case.conclusion, case.agreement, case.attempts[0].result) == ("not_settled", "none", "not_agreed")
        row = only(book, "case")
        assert (row["reason"], row["litigation"], rows(book, "case_resolution")) == ("no_common_ground", True, {})

    def test_whether_it_went_to_court_was_unknown_before_the_suit(self, case: cm.Case, book: cm.Casebook) -> None:
        assert then(case, moment(2022, 10, 30)).litigation is None
        assert only(book, "case", valid_at=moment(2022, 10, 30))["litigation"] is None

    def test_it_counts_as_begun_and_not_agreed(self, case: cm.Case, book: cm.Casebook) -> None:
        assert share(book, "agreement_of_begun") == share(book, "agreement_of_substantively_concluded") == (0, 1)

    def test_what_was_not_accepted_is_not_returned(self, book: cm.Casebook) -> None:
        early = cm.Case.fold("x", script("court_referred")["history"](book).events[:2])
        declined = early.record(
            cm.items.ReferralAnswer(referral="referral", accepted=False, reason="remit"),
            at=moment(2022, 9, 5),
            by="desk",
        )
        with pytest.raises(cm.errors.IllegalMove, match="not accepted"):
            declined.record(
                cm.items.ReferralReturn(referral="referral", result="settled"), at=moment(2022, 9, 6), by="desk"
            )

    def test_a_paused_clock_is_not_paused_again(self, case: cm.Case) -> None:
        paused = cm.Case.fold("x", [each for each in case.events if each.at < moment(2022, 9, 20)])
        with pytest.raises(cm.errors.IllegalMove, match="stands still already"):
            paused.pause_attempt(at=moment(2022, 9, 21), by="desk")

    def test_a_concluded_case_has_no_time_to_make_longer(self, case: cm.Case) -> None:
        with pytest.raises(cm.errors.IllegalMove):
            case.extend_attempt(until=moment(2022, 12, 1), at=moment(2022, 11, 4), by="desk")


class TestSecondPoliceAttempt:
    @pytest.fixture
    def names(self) -> dict[str, object]:
        return script("second_police_attempt")

    @pytest.fixture
    def case(self, book: cm.Casebook) -> cm.Case:
        return saved("second_police_attempt", book)

    def test_the_first_attempt_stays_failed(self, case: cm.Case) -> None:
        assert [(each.id, each.kind, each.result) for each in case.attempts] == [
            ("first", "public_order", "not_agreed"),
            ("second", "public_order", "agreed"),
        ]
        assert case.attempts[0].reason == "amount"

    def test_it_is_one_case_with_two_attempts_that_settled(self, case: cm.Case, book: cm.Casebook) -> None:
        row = only(book, "case")
        assert (row["attempts"], row["attempt_kind"], row["conclusion"]) == (2, "public_order", "settled")
        assert share(book, "agreement_of_begun") == (1, 1)
        assert figure(book, "begun").counted == 1

    def test_between_the_two_it_was_in_mediation_with_none_running(self, case: cm.Case) -> None:
        between = then(case, moment(2022, 5, 18))
        assert (between.process, [each.ended.is_reached for each in between.attempts]) == ("in_mediation", [True])
        assert "begin_attempt" in cm.Case.fold(case.id, case.events[:6]).possible

    def test_each_session_belongs_to_its_attempt_and_each_officer_to_one(self, case: cm.Case) -> None:
        assert [each.attempt for each in case.sessions] == ["first", "second"]
        assert [(each.mediator, each.attempt) for each in case.assignments] == [
            ("officer-1", "first"),
            ("officer-2", "second"),
        ]

    def test_the_second_was_over_within_seven_working_days(self, case: cm.Case) -> None:
        names = script("second_police_attempt")
        due = names["second_attempt_due"](case)
        assert (due.last_day, due.assumed) == (dt.date(2022, 5, 25), True)
        met = due.judged(as_of=moment(2022, 5, 31), done=case.attempts[1].ended.when)
        assert met.state is DueState.MET
        assert due.judged(as_of=moment(2022, 5, 31), done=moment(2022, 5, 26)).state is DueState.LATE
        assert due.judged(as_of=moment(2022, 5, 26)).state is DueState.OVERDUE

    def test_a_holiday_in_between_moves_the_last_day(self, case: cm.Case) -> None:
        day = dt.date(2022, 5, 20)
        calendar = Calendar(
            name="invented",
            years={2022},
            holidays={day: script("second_police_attempt")["Label"]("-")},
            source="invented",
        )
        ended = case.attempts[0].ended.when
        due = script("second_police_attempt")["SECOND_ATTEMPT"].due(ended, calendar)
        assert (due.last_day, due.assumed) == (dt.date(2022, 5, 26), False)

    def test_what_was_paid_on_the_spot_is_kept(self, case: cm.Case, book: cm.Casebook) -> None:
        assert {row["compliance"] for row in rows(book, "case_term").values()} == {"kept"}
        assert only(book, "case_resolution")["state"] == "complied"
        (payment,) = case.noted(cm.items.Payment)
        assert (str(payment.amount), payment.term) == ("860 CNY", "bill")

    def test_a_second_attempt_waits_for_the_end_of_the_first(self, case: cm.Case) -> None:
        early = cm.Case.fold(case.id, case.events[:5])
        with pytest.raises(cm.errors.IllegalMove, match="an attempt is running"):
            early.begin_attempt(kind=cm.AttemptKind.PUBLIC_ORDER, at=moment(2022, 5, 17), by="desk")

    def test_a_payment_under_no_term_of_the_case_is_refused(self, case: cm.Case) -> None:
        payment = cm.items.Payment(amount=cm.Money.parse("1 CNY"), term="fine")
        with pytest.raises(cm.errors.InvalidValue, match="term"):
            case.record(payment, at=moment(2022, 5, 25), by="desk")
