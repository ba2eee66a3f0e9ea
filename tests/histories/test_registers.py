"""Cases merged and split, and an old row: what counts, what is known, and what is merely found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

import community_mediation as cm
from community_mediation.ports import Severity, Weight
from tests.histories.telling import figure, moment, only, rows, saved, script, share, then, told

DAYS = {1: 1, 2: 2, 3: 3, 7: 3, 8: 2, 9: 3, 31: 3}
"""How many cases count at the end of a day of August: the number of quarrels that were thought to be there."""


@pytest.fixture
def book() -> Iterator[cm.Casebook]:
    with cm.open_casebook("memory:") as book:
        yield book


class TestMergedDuplicate:
    @pytest.fixture
    def cases(self, book: cm.Casebook) -> tuple[cm.Case, ...]:
        return told("merged_duplicate", book)

    def test_the_absorbed_one_ends_void_and_points_on(self, cases: tuple[cm.Case, ...]) -> None:
        hotline, walk_in, *_ = cases
        assert (hotline.process, hotline.conclusion, hotline.reason) == ("concluded", "void", "merged")
        assert (hotline.superseded_by, hotline.is_counted) == ((walk_in.id,), False)

    def test_the_one_that_goes_on_points_back(self, cases: tuple[cm.Case, ...]) -> None:
        hotline, walk_in, *_ = cases
        (link,) = walk_in.noted(cm.items.Link)
        assert (link.kind, link.case) == ("absorbed", hotline.id)
        assert (walk_in.conclusion, walk_in.is_counted) == ("settled", True)

    def test_a_split_is_traced_both_ways(self, cases: tuple[cm.Case, ...]) -> None:
        _, _, both, *children = cases
        assert both.superseded_by == tuple(child.id for child in children)
        assert [[(link.kind, link.case) for link in child.noted(cm.items.Link)] for child in children] == [
            [("split_from", both.id)],
            [("split_from", both.id)],
        ]

    @pytest.mark.parametrize(("day", "number"), DAYS.items())
    def test_at_every_time_as_many_count_as_quarrels_were_known(
        self, cases: tuple[cm.Case, ...], book: cm.Casebook, day: int, number: int
    ) -> None:
        when = cm.When.on(dt.date(2022, 8, day), "Asia/Shanghai")
        assert sum(row["counted"] is True for row in book.facts("case", valid_at=when).rows()) == number
        spells = [row for row in book.facts("case_spell", valid_at=when).rows() if row["counted"]]
        assert len(spells) == number

    def test_the_outcome_table_leaves_out_the_two_and_says_so(
        self, cases: tuple[cm.Case, ...], book: cm.Casebook
    ) -> None:
        found = figure(book, "reported")
        assert found.counted == 3
        assert "void 2" in str(cm.metrics.table(book.facts("case").to_polars(), metrics="reported"))

    def test_before_the_merger_the_table_counted_both(self, cases: tuple[cm.Case, ...], book: cm.Casebook) -> None:
        before = figure(book, "reported", valid_at=moment(2022, 8, 7))
        assert before.counted == 3  # hotline, walk-in and shop

    def test_the_quarrel_is_settled_once(self, cases: tuple[cm.Case, ...], book: cm.Casebook) -> None:
        assert share(book, "agreement_of_begun") == (1, 1)
        assert share(book, "agreement_of_reported") == (1, 3)

    def test_all_five_go_into_one_commit(self, book: cm.Casebook) -> None:
        cases = script("merged_duplicate")["history"](book)
        assert book.add_many(cases) == 5
        moments = {book.history(case.id)[0].recorded_at for case in cases}
        assert len(moments) == 1

    def test_who_was_merged_is_not_merged_again(self, cases: tuple[cm.Case, ...]) -> None:
        hotline, _, both, *_ = cases
        with pytest.raises(cm.errors.IllegalMove, match="goes on elsewhere"):
            hotline.merge(into=both.id, at=moment(2022, 8, 20), by="desk")
        with pytest.raises(cm.errors.IllegalMove, match="goes on elsewhere"):
            hotline.reopen(at=moment(2022, 8, 20), by="desk")

    def test_no_case_is_merged_into_itself_or_split_into_one(self, cases: tuple[cm.Case, ...]) -> None:
        *_, sign, rent = cases
        with pytest.raises(cm.errors.InvalidValue, match="itself"):
            sign.merge(into=sign.id, at=moment(2022, 8, 20), by="desk")
        with pytest.raises(cm.errors.InvalidValue, match="fewer than two"):
            sign.split(into=[rent.id], at=moment(2022, 8, 20), by="desk")

    def test_a_merger_by_mistake_is_taken_back(self, cases: tuple[cm.Case, ...], book: cm.Casebook) -> None:
        """Struck out by a correction: it counts again, and ends as it had stood."""
        hotline = cases[0]
        again = book.save(hotline.correct(len(hotline.events), None, at=moment(2022, 8, 20), by="desk"))
        assert (again.process, again.conclusion, again.is_counted) == ("reported", None, True)
        assert figure(book, "reported").counted == 4


class TestOldRow:
    @pytest.fixture
    def case(self, book: cm.Casebook) -> cm.Case:
        return saved("old_row", book)

    @pytest.mark.parametrize(
        "milestone", ["accepted", "agreed_to_mediate", "begun", "first_session", "joint_session", "agreed", "closed"]
    )
    def test_what_nobody_wrote_down_is_unknown_and_not_denied(
        self, case: cm.Case, book: cm.Casebook, milestone: str
    ) -> None:
        row = only(book, "case")
        assert (row[milestone], row[f"{milestone}_on"], row[f"{milestone}_at"]) == ("unknown", None, None)

    def test_it_ended_and_nobody_knows_when(self, case: cm.Case, book: cm.Casebook) -> None:
        row = only(book, "case")
        assert (row["process"], row["conclusion"], row["agreement"]) == ("concluded", "settled", "full")
        assert (row["concluded"], row["concluded_on"]) == ("at", None)

    @pytest.mark.parametrize(
        "column", ["sessions", "attempts", "people", "agreement_form", "compliance", "confirmation", "litigation"]
    )
    def test_no_number_and_no_answer_is_invented(self, case: cm.Case, book: cm.Casebook, column: str) -> None:
        assert only(book, "case")[column] is None

    @pytest.mark.parametrize("table", ["case_party", "case_session", "case_resolution", "case_term", "case_risk"])
    def test_no_row_is_invented(self, case: cm.Case, book: cm.Casebook, table: str) -> None:
        assert rows(book, table) == {}

    def test_it_was_not_there_before_it_was_reported(self, case: cm.Case) -> None:
        assert case.valid_at(moment(1998, 4, 1)) is None
        assert then(case, moment(1998, 4, 3)).origin == "registered"

    def test_it_falls_short_and_is_recorded_all_the_same(self, case: cm.Case) -> None:
        house = script("old_row")["HOUSE"]
        (finding,) = house.findings(case)
        assert (finding.code, finding.severity) == ("house.somebody_quarrels", Severity.WARNING)
        assert "1998" not in finding.message

    def test_the_same_rule_blocks_what_is_reported_today(self, book: cm.Casebook) -> None:
        """The control: the rule has teeth."""
        live = cm.Case.report(
            id=book.new_id(),
            centre="village-committee",
            dispute=cm.Dispute(type=cm.Code("neutral", "boundary")),
            at=moment(2022, 8, 1),
            by="desk",
        )
        (objection,) = script("old_row")["HOUSE"].objections(None, live.events[0], live)
        assert objection.weight is Weight.BLOCK

    def test_it_counts_as_reported_and_as_unknown_in_the_rate(self, case: cm.Case, book: cm.Casebook) -> None:
        """Unknown whether mediation began: in no denominator, and named."""
        assert figure(book, "reported").counted == 1
        found = figure(book, "agreement_of_begun")
        assert (found.numerator, found.denominator) == (0, 0)
        assert found.unknown_place == 1

    def test_the_same_row_again_is_the_same_case(self, case: cm.Case, book: cm.Casebook) -> None:
        with pytest.raises(cm.errors.KeyTaken) as taken:
            saved("old_row", book)
        assert taken.value.holder == case.id

    def test_a_row_that_is_mended_says_more(self, case: cm.Case, book: cm.Casebook) -> None:
        """The old book gives the day after all: only that changes."""
        first = case.events[0]
        assert isinstance(first, cm.events.Registered)
        more = cm.Snapshot(dispute=case.dispute, accepted=cm.Milestone.at(moment(1998, 4, 3)))
        mended = book.save(case.amend(fields=["accepted"], snapshot=more, at=moment(2022, 8, 1), by="import"))
        assert (mended.accepted.is_reached, mended.begun.state, mended.conclusion) == (True, "unknown", "settled")

    def test_a_field_that_no_register_has_is_refused(self, case: cm.Case) -> None:
        with pytest.raises(cm.errors.InvalidValue, match="no field 'weather'"):
            case.amend(
                fields=["weather"], snapshot=cm.Snapshot(dispute=case.dispute), at=moment(2022, 8, 1), by="import"
            )

    def test_a_case_that_was_lived_through_here_is_not_amended(self, book: cm.Casebook) -> None:
        live = saved("narrow_lane", book)
        with pytest.raises(cm.errors.IllegalMove, match="another register"):
            live.amend(fields=["begun"], snapshot=cm.Snapshot(dispute=live.dispute), at=moment(2022, 8, 1), by="import")
