"""What holds for every history: it lasts, it hides what is private, and it says the same by value and by facts."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

import community_mediation as cm
from tests.histories.telling import NAMES, only, printed, private_texts, rows, saved, script, told

every_history = pytest.mark.parametrize("name", NAMES)


def test_there_are_eleven_histories_and_an_old_row() -> None:
    assert len(NAMES) == 12


@every_history
def test_it_survives_a_file(name: str, tmp_path: Path) -> None:
    """Closed and opened again, the book gives the same values, and is whole."""
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    with cm.open_casebook(url) as book:
        cases = told(name, book)
    with cm.open_casebook(url, create=False) as book:
        assert tuple(book.get(case.id) for case in cases) == cases
        assert [len(list(private_texts(book.get(case.id).events))) for case in cases] == [
            len(list(private_texts(case.events))) for case in cases
        ]
        assert book.verify().is_whole


@every_history
def test_nothing_private_is_printed(name: str) -> None:
    """Names, narratives and the numbers of courts stand neither in ``repr`` nor in any table of facts."""
    with cm.open_casebook("memory:") as book:
        cases = told(name, book)
        texts = {text for case in cases for text in private_texts(case.events)}
        shown = printed(book, cases)
    assert texts or name == "old_row"
    assert [len(text) for text in texts if text in shown] == []


def test_a_private_text_that_is_printed_is_caught() -> None:
    """The control: a name in an id, which is public, is found."""
    with cm.open_casebook("memory:") as book:
        case = saved("narrow_lane", book)
        name = "叶某"
        leaking = case.assign(mediator=name, at=case.events[0].at, by="desk")
        assert name in set(private_texts(leaking.events))
        assert name in printed(book, (leaking,)) and name not in printed(book, (case,))


@every_history
def test_nothing_private_is_told_by_the_script(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The script prints stages and facts, and nobody's name."""
    names = script(name)
    with cm.open_casebook("memory:") as book:
        given = names["history"](book)
        cases = given if isinstance(given, tuple) else (given,)
        texts = {text for case in cases for text in private_texts(case.events)}
    names["main"]()
    said = capsys.readouterr().out
    assert said.count("\n") >= 4
    assert [len(text) for text in texts if text in said] == []


def disagreements(book: cm.Casebook, cases: tuple[cm.Case, ...]) -> list[str]:
    """Where, at any event's time, the row of a case and the case as it was then say different things."""
    found = []
    moments = {event.at for case in cases for event in case.events if not event.at.is_unknown}
    for when in sorted(moments, key=str):
        rows = {str(row["matter_id"]): row for row in book.facts("case", valid_at=when).rows()}
        there = {case.id: past for case in cases if (past := case.valid_at(when)) is not None}
        if set(rows) != set(there):
            found.append(f"{when}: {len(rows)} rows, {len(there)} cases")
        for id in set(rows) & set(there):
            row, past = rows[id], there[id]
            said = (row["process"], row["file"], row["agreement"], row["conclusion"], row["counted"])
            if said != (past.process, past.file, past.agreement, past.conclusion, past.is_counted):
                found.append(f"{when}: {said}")
    return found


@every_history
def test_at_every_moment_the_facts_say_what_the_value_says(name: str) -> None:
    """At each event's time: the folded row is the row of the case as it was then."""
    with cm.open_casebook("memory:") as book:
        assert disagreements(book, told(name, book)) == []


def test_facts_that_lag_behind_by_one_event_are_caught() -> None:
    """The control: a value that has been told more than the book."""
    with cm.open_casebook("memory:") as book:
        case = saved("a_party_dies", book)
        ahead = case.close(at=cm.When.parse("2022-04-01T09:00:00+08:00"), by="desk")
        assert len(disagreements(book, (ahead,))) == 1


@every_history
def test_it_is_the_fold_of_its_events(name: str) -> None:
    with cm.open_casebook("memory:") as book:
        for case in told(name, book):
            assert cm.Case.fold(case.id, case.events) == case


@every_history
def test_a_term_or_party_in_the_facts_is_one_of_the_value(name: str) -> None:
    with cm.open_casebook("memory:") as book:
        cases = told(name, book)
        terms = [term.id for case in cases for each in case.resolutions for term in each.clauses]
        assert sorted(str(row["row"]) for row in book.facts("case_term").rows()) == sorted(terms)
        parties = [party.id for case in cases for party in case.parties]
        assert sorted(str(row["row"]) for row in book.facts("case_party").rows()) == sorted(parties)


@every_history
def test_erasing_what_is_told_in_words_changes_no_figure(name: str) -> None:
    """The facts are made of public fields alone."""
    with cm.open_casebook("memory:") as book:
        cases = told(name, book)
        before = {table: rows(book, table) for table in ("case_term", "case_resolution", "case_risk")}
        for case in cases:
            book.erase(case.id, reason="retention", by="desk")
        assert {table: rows(book, table) for table in before} == before
        after = [book.get(case.id) for case in cases]
        assert not any(case.dispute.title for case in after)
        assert book.verify().is_whole


def test_a_stale_value_of_a_history_is_not_saved_over_a_newer_one() -> None:
    with cm.open_casebook("memory:") as book:
        case = saved("factory_wall", book)
        book.save(case.number(reference="2022-030", at=case.events[-1].at, by="desk"))
        with pytest.raises(cm.errors.VersionConflict):
            book.save(attrs.evolve(case).reopen(at=case.events[-1].at, by="desk"))
        assert only(book, "case")["process"] == "concluded"
