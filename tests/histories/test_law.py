"""A settlement repudiated and made anew; an oral agreement broken, refused by the court, and sued over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

import community_mediation as cm
from community_mediation.ports import Label
from community_mediation.regions import Deadline, DueState
from tests.histories.telling import figure, moment, only, rows, saved, script, share, then

WINDOW = Deadline(
    name="repudiation",
    label=Label("repudiation", "反悔"),
    trigger="effective",
    limit=10,
    satisfied_by="repudiated",
    source="RA 7160 (Philippines), sec. 418",
)


@pytest.fixture
def book() -> Iterator[cm.Casebook]:
    with cm.open_casebook("memory:") as book:
        yield book


class TestRepudiatedAndRemediated:
    @pytest.fixture
    def case(self, book: cm.Casebook) -> cm.Case:
        return saved("repudiated_and_remediated", book)

    def test_the_new_settlement_takes_the_place_of_the_old(self, case: cm.Case, book: cm.Casebook) -> None:
        found = {id: (row["state"], row["replaces"]) for id, row in rows(book, "case_resolution").items()}
        assert found == {"settlement-1": ("varied", None), "settlement-2": ("effective", "settlement-1")}

    def test_the_repudiation_stays_on_the_old_one(self, case: cm.Case, book: cm.Casebook) -> None:
        old = rows(book, "case_resolution")["settlement-1"]
        assert (old["repudiated"], str(old["repudiated_on"])) == ("at", "2022-06-13")
        (step,) = case.noted(cm.items.LegalStep)
        assert (step.kind, step.party, step.grounds) == ("repudiation", "debtor", ("intimidation",))

    def test_it_was_repudiated_within_the_ten_days(self, case: cm.Case) -> None:
        old = case.resolutions[0]
        assert old.effective.when is not None
        due = WINDOW.due(old.effective.when)
        assert due.last_day == dt.date(2022, 6, 16)
        assert due.judged(as_of=moment(2022, 6, 20), done=old.repudiated.when).state is DueState.MET
        assert due.judged(as_of=moment(2022, 6, 20), done=moment(2022, 6, 17)).state is DueState.LATE

    def test_a_repudiation_alone_leaves_the_settlement_settled(self, book: cm.Casebook) -> None:
        """On the process axis: it ended so. What became of the agreement is another axis."""
        names = script("repudiated_and_remediated")
        case = names["repudiated"](names["settled"](book))
        assert (case.process, case.conclusion, case.agreement) == ("concluded", "settled", "full")
        assert case.resolutions[0].stage == "repudiated"

    @pytest.mark.parametrize(
        ("day", "process", "agreement", "stage"),
        [
            (10, "concluded", "full", "effective"),
            (13, "concluded", "full", "repudiated"),
            (15, "in_mediation", "open", "repudiated"),
            (21, "concluded", "full", "varied"),
        ],
    )
    def test_what_was_true_at_each_time(
        self, case: cm.Case, book: cm.Casebook, day: int, process: str, agreement: str, stage: str
    ) -> None:
        when = moment(2022, 6, day)
        row = only(book, "case", valid_at=when)
        assert (row["process"], row["agreement"]) == (process, agreement)
        assert rows(book, "case_resolution", valid_at=when)["settlement-1"]["state"] == stage

    def test_what_was_known_before_stays_known(self, case: cm.Case, book: cm.Casebook) -> None:
        """Three entries, three states of knowledge: even of a day that is over."""
        entries = book.history(case.id)
        known = [book.get(case.id, known_at=entry.position) for entry in entries]
        assert [(each.process, each.resolutions[0].stage) for each in known] == [
            ("concluded", "effective"),
            ("concluded", "repudiated"),
            ("concluded", "varied"),
        ]
        fifteenth = [only(book, "case", known_at=each.position, valid_at=moment(2022, 6, 15)) for each in entries]
        assert [row["process"] for row in fifteenth] == ["concluded", "concluded", "in_mediation"]

    def test_the_first_ending_is_kept_beside_the_present_one(self, case: cm.Case) -> None:
        assert (case.first_conclusion, case.conclusion) == ("settled", "settled")
        assert case.first_concluded.when == moment(2022, 6, 6, 16) and case.concluded.when == moment(2022, 6, 20, 16)

    def test_the_panel_was_drawn_by_lot(self, case: cm.Case, book: cm.Casebook) -> None:
        panel = {(row["mediator"], row["role"], row["chosen"]) for row in rows(book, "case_mediator").values()}
        assert panel == {("pangkat-1", "lead", "lot"), ("pangkat-2", "member", "lot"), ("pangkat-3", "recorder", "lot")}
        assert [each.chosen for each in case.attempts] == [None, "lot"]

    def test_it_counts_as_one_settled_case_now_and_as_open_in_between(self, case: cm.Case, book: cm.Casebook) -> None:
        assert share(book, "agreement_of_begun") == (1, 1)
        between = book.facts("case", valid_at=moment(2022, 6, 15)).to_polars()
        found = cm.metrics.table(between, metrics="agreement_of_reported")["agreement_of_reported"]
        assert (found.numerator, found.denominator) == (0, 1)

    def test_what_is_repudiated_is_not_repudiated_again(self, book: cm.Casebook) -> None:
        names = script("repudiated_and_remediated")
        case = names["repudiated"](names["settled"](book))
        with pytest.raises(cm.errors.IllegalMove, match="resolution repudiated"):
            names["repudiated"](case)

    def test_a_repudiation_of_nothing_is_refused(self, case: cm.Case) -> None:
        step = cm.items.LegalStep(kind=cm.items.LegalStepKind.REPUDIATION, party="debtor")
        with pytest.raises(cm.errors.InvalidValue, match="does not say of what"):
            case.record(step, at=moment(2022, 6, 21), by="desk")

    def test_nothing_that_is_replaced_is_kept(self, case: cm.Case) -> None:
        with pytest.raises(cm.errors.IllegalMove):
            case.record_compliance(
                compliance=cm.Compliance.KEPT, resolution="settlement-1", at=moment(2022, 7, 2), by="desk"
            )

    def test_a_panels_attempt_is_not_begun_while_the_case_is_concluded(self, book: cm.Casebook) -> None:
        names = script("repudiated_and_remediated")
        case = names["repudiated"](names["settled"](book))
        with pytest.raises(cm.errors.IllegalMove) as refused:
            case.begin_attempt(kind=cm.AttemptKind.CONCILIATION, at=moment(2022, 6, 16), by="desk")
        assert "reopen" in refused.value.possible


class TestOralBreachedSued:
    @pytest.fixture
    def case(self, book: cm.Casebook) -> cm.Case:
        return saved("oral_breached_sued", book)

    def test_it_stays_settled_and_partly_kept(self, case: cm.Case, book: cm.Casebook) -> None:
        assert (case.process, case.conclusion, case.agreement) == ("concluded", "settled", "full")
        row = only(book, "case_resolution")
        assert (row["form"], row["state"], row["compliance"]) == ("oral", "partly", "partly")

    def test_one_instalment_was_kept_and_one_broken_each_on_its_day(self, case: cm.Case, book: cm.Casebook) -> None:
        terms = rows(book, "case_term")
        assert {id: row["compliance"] for id, row in terms.items()} == {"first": "kept", "second": "breached"}
        assert str(terms["first"]["complied_on"]) == "2022-06-15" and terms["first"]["breached"] == "not_reached"
        assert str(terms["second"]["breached_on"]) == "2022-07-16" and str(terms["second"]["due_on"]) == "2022-07-15"

    def test_it_was_never_confirmed(self, case: cm.Case, book: cm.Casebook) -> None:
        row = only(book, "case_resolution")
        assert (row["confirmation"], row["confirmed"], row["confirmed_on"]) == ("refused", "not_reached", None)
        assert only(book, "case")["confirmation"] == "refused"

    def test_at_no_time_was_it_confirmed(self, case: cm.Case, book: cm.Casebook) -> None:
        for event in case.events[1:]:
            for row in rows(book, "case_resolution", valid_at=event.at).values():
                assert (row["confirmed"], row["state"] == "confirmed") == ("not_reached", False)

    def test_no_metric_counts_it_as_confirmed(self, case: cm.Case, book: cm.Casebook) -> None:
        """A metric of one's own: confirmed, of those that applied. And the control: a confirmed one is counted."""
        from community_mediation.metrics import Proportion, col

        confirmed = Proportion(
            name="confirmed_of_settled",
            label=Label("Confirmed, of settlements", "司法确认占比"),
            numerator=col("confirmation").is_in(["confirmed"], not_in=["applied", "accepted", "refused", "rejected"]),
            numerator_label=Label("confirmed", "已确认"),
            denominator=col("agreement").is_in(["full", "partial"], not_in=["none", "open"]),
            denominator_label=Label("settlements", "达成协议"),
            source="People's Mediation Law of the PRC (2010), art. 33",
        )
        frame = book.facts("case").to_polars()
        found = cm.metrics.table(frame, metrics=[confirmed])["confirmed_of_settled"]
        assert (found.numerator, found.denominator) == (0, 1)
        names = script("oral_breached_sued")
        step = {"resolution": "by-word", "confirmation": cm.items.Confirmation.CONFIRMED}
        granted = names["in_law"](case, cm.items.LegalStepKind.CONFIRMATION, when=moment(2022, 10, 9), **step)
        book.save(granted)
        frame = book.facts("case").to_polars()
        assert cm.metrics.table(frame, metrics=[confirmed])["confirmed_of_settled"].numerator == 1

    @pytest.mark.parametrize(
        ("month", "day", "stage", "confirmation", "litigation"),
        [
            (6, 10, "effective", None, None),
            (6, 21, "effective", "applied", None),
            (7, 20, "partly", "refused", None),
            (8, 2, "partly", "refused", True),
        ],
    )
    def test_what_was_true_at_each_time(
        self, case: cm.Case, month: int, day: int, stage: str, confirmation: str | None, litigation: bool | None
    ) -> None:
        early = then(case, moment(2022, month, day))
        assert (early.resolutions[0].stage, early.resolutions[0].confirmation) == (stage, confirmation)
        assert early.litigation is litigation

    def test_the_ruling_changes_nothing_of_the_settlement(self, case: cm.Case) -> None:
        ruling = case.noted(cm.items.LegalStep)[-1]
        assert (ruling.kind, ruling.ruling, str(ruling.amount)) == ("ruling", "decided", "6000 CNY")
        before, after = (then(case, moment(2022, 9, day)).resolutions for day in (19, 21))
        assert before == after

    def test_the_return_visit_found_the_suit_and_no_new_danger(self, case: cm.Case, book: cm.Casebook) -> None:
        (visit,) = case.follow_ups
        assert (visit.sued, visit.new_danger, visit.kept, visit.medium) == (True, False, None, "phone")
        answer = only(book, "case_answer")
        assert (answer["question"], answer["score"], answer["party"]) == ("satisfaction", 3, "worker")

    def test_it_counts_as_an_agreement_reached(self, case: cm.Case, book: cm.Casebook) -> None:
        assert share(book, "agreement_of_begun") == (1, 1)
        assert figure(book, "concluded").counted == 1

    @pytest.mark.parametrize(
        ("step", "said"),
        [
            ({"kind": "confirmation", "confirmation": "confirmed"}, "does not say of what"),
            ({"kind": "confirmation", "resolution": "by-word"}, "how far it came"),
            ({"kind": "suit", "ruling": "decided"}, "has no ruling"),
            ({"kind": "execution", "resolution": "by-letter", "execution": "applied"}, "none of that id"),
        ],
    )
    def test_a_step_in_law_that_says_too_little_or_too_much_is_refused(
        self, case: cm.Case, step: dict[str, str], said: str
    ) -> None:
        kinds = {
            "kind": cm.items.LegalStepKind,
            "confirmation": cm.items.Confirmation,
            "ruling": cm.items.Ruling,
            "execution": cm.items.Execution,
        }
        details: dict[str, Any] = {name: kinds[name](value) if name in kinds else value for name, value in step.items()}
        with pytest.raises(cm.errors.InvalidValue, match=said):
            case.record(cm.items.LegalStep(**details), at=moment(2022, 10, 9), by="desk")
