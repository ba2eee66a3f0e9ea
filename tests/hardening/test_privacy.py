"""What names someone never stays where it cannot be erased, by whatever way it comes in; and what is erased is gone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

import community_mediation as cm
from community_mediation.casebook.house_rules import holds_identity_number
from community_mediation.domain.delivery import Delivery, Recipient
from tests.registers_in.helpers import counts, entries, new_book, only, problems, row, take

NUMBER = "990101199003070015"
DISPUTE = cm.Dispute(type=cm.Code("local", "neighbour"))
TOLD: dict[str, Any] = {"at": cm.When.on(dt.date(2022, 5, 14), "Asia/Shanghai"), "by": "desk"}


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        "no. 990101 19900307 0015",
        "990101-19900307-0015",
        "990101·19900307·0015",
        "990101\u201319900307\u20130015",
        "９９０１０１１９９００３０７００１５",
    ],
)
def test_a_number_is_recognised_however_it_is_grouped(text: str) -> None:
    assert holds_identity_number(text)


@pytest.mark.parametrize(
    "text", ["990101199003070016", "990101 19900307 0016", "2022-0001 2022-0002 2022-0003", "LP-2026-0042"]
)
def test_what_is_no_number_is_left_alone(text: str) -> None:
    assert not holds_identity_number(text)


def test_an_old_case_with_such_a_number_is_not_recorded() -> None:
    with cm.open_casebook("memory:") as book:
        case = cm.Case.register(id="r", centre="c", snapshot=cm.Snapshot(dispute=DISPUTE), reference=NUMBER, **TOLD)
        with pytest.raises(cm.errors.Blocked) as caught:
            book.save(case)
        assert NUMBER not in str(caught.value)
        assert list(book.log()) == []


def test_an_import_rejects_that_row_names_its_column_and_takes_the_others(tmp_path: Path) -> None:
    with new_book() as book:
        result = take(book, tmp_path, [row("1"), row(NUMBER), row("3")])
        assert counts(result) == (2, 0, 0, 1)
        assert problems(result) == [(3, "case_no", "an identity number stands where it could never be erased")]
        assert NUMBER not in str(result.rejections[0])


def test_a_number_that_a_later_row_brings_changes_nothing(tmp_path: Path) -> None:
    with new_book() as book:
        take(book, tmp_path, [row("1", scale="small")])
        before = entries(book)
        assert counts(take(book, tmp_path, [row("1", scale=NUMBER)])) == (0, 0, 0, 1)
        assert entries(book) == before and only(book).dispute.scale == "small"


def test_a_number_of_a_party_in_its_private_place_is_welcome(tmp_path: Path) -> None:
    """The control: only what is public is looked at."""
    with new_book() as book:
        assert counts(take(book, tmp_path, [row("1", brief=f"with {NUMBER}")])) == (1, 0, 0, 0)


def notice(case: str, id: str) -> Delivery:
    to = Recipient(address="desk@example.org", subject="开会", body="周某: 星期五")
    return Delivery.request(id=id, channel="folder", kind="hearing", dedupe_key=id, recipient=to, case=case, **TOLD)


def test_erasing_a_case_takes_the_notices_about_it_and_no_others() -> None:
    with cm.open_casebook("memory:") as book:
        for id in ("one", "two"):
            book.save(cm.Case.report(id=id, centre="c", dispute=DISPUTE, **TOLD))
            book.save(notice(id, f"notice-{id}"))
        erasure = book.erase("one", reason="asked", by="office")
        assert "notice-one/to" in erasure.subjects
        assert book.get("notice-one").recipient.address is None
        assert book.get("notice-two").recipient.address == "desk@example.org"
        assert book.verify().is_whole


def test_a_centre_that_is_saved_together_with_its_case_is_known_to_its_judge() -> None:
    """In whatever order they are given: the centre goes first."""
    told: list[Any] = []
    with cm.open_casebook("memory:", on_objection=told.append) as book:
        details = cm.CentreDetails(region="nowhere")
        centre = cm.Centre.create(id="c", details=details, **TOLD)
        saved = book.save_all([cm.Case.report(id="one", centre="c", dispute=DISPUTE, **TOLD), centre])
        assert [each.id for each in saved] == ["one", "c"]
    assert [each.objection.code for each in told] == ["region.not_enabled"]
