"""A format gets the rows of one moment, of the centres that were asked for."""

from __future__ import annotations

import datetime as dt

import pytest

from community_mediation import samples
from community_mediation.casebook import Casebook, open_casebook
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Dispute
from community_mediation.domain.people import Party
from community_mediation.domain.values import Code, Period, When
from community_mediation.errors import InvalidQuery
from community_mediation.registers import import_register
from community_mediation.reports import OUTCOMES, request

START = dt.datetime(2022, 5, 1, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def two_centres() -> Casebook:
    book = open_casebook("memory:", clock=lambda: START + 9 * DAY)
    for number, centre in enumerate(("north", "south", "south")):
        parties = [Party(id="p1", side="A"), Party(id="p2", side="B")]
        case = Case.report(
            id=f"case-{number}",
            centre=centre,
            dispute=Dispute(type=Code("demo", "neighbour")),
            parties=parties,
            at=When.at(START + number * DAY),
            by="desk",
        )
        book.save(case)
    return book


def test_rows_come_when_they_are_asked_for_and_as_often() -> None:
    with two_centres() as book:
        asked = request(book)
        assert [len(list(asked.rows("case"))) for _ in range(2)] == [3, 3]


@pytest.mark.parametrize(("table", "count"), [("case", 2), ("case_party", 4), ("case_spell", 2), ("centre", 0)])
def test_every_table_is_narrowed_to_the_centres(table: str, count: int) -> None:
    """Also those that do not name the centre themselves."""
    with two_centres() as book:
        assert len(list(request(book, centres=["south"]).rows(table))) == count


def test_all_tables_are_of_one_moment_while_others_write() -> None:
    with two_centres() as book:
        asked = request(book)
        before = len(list(asked.rows("case")))
        import_register(book, samples.path("studio_register.csv"), centre="studio", zone="Asia/Shanghai")
        assert len(list(asked.rows("case"))) == before == 3
        assert len(list(asked.rows("case_party"))) == 6
        assert len(list(request(book).rows("case"))) > 3


def test_a_past_can_be_asked_for_by_what_was_true_and_by_what_was_known() -> None:
    with two_centres() as book:
        assert len(list(request(book, valid_at=START + DAY).rows("case"))) == 2
        assert len(list(request(book, known_at=1).rows("case"))) == 1
        report = OUTCOMES.render(request(book, known_at=1, valid_at=START))
        assert "entry 1" in report.generated_from and "2022-05-01T09:00:00+00:00" in report.generated_from


def test_a_period_may_be_a_text() -> None:
    assert request({"case": []}, period="2022-Q2").period == Period.parse("2022-Q2")


def test_rows_that_are_there_already_are_narrowed_too() -> None:
    with two_centres() as book:
        tables = {name: list(book.facts(name).rows()) for name in ("case", "case_party")}
    asked = request(tables, centres=["north"])
    assert (len(list(asked.rows("case"))), len(list(asked.rows("case_party")))) == (1, 2)


def test_wrong_questions_are_refused() -> None:
    with pytest.raises(InvalidQuery, match="no past"):
        request({"case": []}, known_at=1)
    with pytest.raises(InvalidQuery, match="no rows of table 'case'"):
        request({}).rows("case")
    with pytest.raises(InvalidQuery, match="list of ids"):
        request({"case": []}, centres="north")
    with pytest.raises(InvalidQuery):
        request({"case": []}, period="someday")
    with two_centres() as book, pytest.raises(InvalidQuery, match="no facts table"):
        request(book).rows("weather")
