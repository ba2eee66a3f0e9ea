"""A matter whose kind is not enabled stays readable as opaque entries, and everything else goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from community_mediation.casebook import open_casebook
from community_mediation.errors import PluginFailed
from tests.casebook.hazard import Neighbour, found
from tests.casebook.samples import BY, at, reported


@pytest.fixture
def url(tmp_path: Path, good: str) -> str:
    """A book with a hazard and a case, made with the plugin that brings hazards."""
    where = f"sqlite:///{tmp_path}/cases.db"
    with open_casebook(where, plugins=[good]) as book:
        hazard = book.save(found("hazard-1", "by the canary gate", (Neighbour(id="n1", name="叶某"),)))
        book.save(reported("case-1"))
        book.save(hazard.rectify(at=at(5), by=BY))
        book.erase("hazard-1/n1", reason="asked", by=BY)
    return where


def test_its_entries_are_read_as_they_were_recorded(url: str) -> None:
    with open_casebook(url) as book:
        first, second = book.history("hazard-1")
        assert (first.events, second.events) == (None, None)
        assert first.body is not None
        wire = json.loads(first.body)["events"][0]
        assert (wire["type"], wire["sort"]) == ("hazard.found", "leaning_pole")
        assert "canary" not in first.body
        assert first.erased == {"hazard-1/n1"}
        assert "canary" not in repr(first)


def test_the_log_gives_all_entries_in_order(url: str, good: str) -> None:
    with open_casebook(url) as book, open_casebook(url, plugins=[good]) as whole:
        opaque, clear = list(book.log()), list(whole.log())
    assert [each.position for each in opaque] == [each.position for each in clear]
    assert [each.kind for each in opaque if each.events is None] == ["hazard", "hazard"]
    assert all((each.body is None) is (each.events is not None) for each in opaque)
    assert [each.erased for each in opaque] == [each.erased for each in clear]
    assert all(each.body is None for each in clear)


def test_getting_it_says_which_kind_is_missing(url: str) -> None:
    with open_casebook(url) as book, pytest.raises(PluginFailed, match="kind 'hazard', which no enabled plugin brings"):
        book.get("hazard-1")


def test_saving_it_says_which_class_is_missing(url: str) -> None:
    with open_casebook(url) as book, pytest.raises(PluginFailed, match="class Hazard"):
        book.save(found("hazard-2"))


def test_the_book_verifies_and_the_others_are_read_and_written(url: str) -> None:
    with open_casebook(url) as book:
        assert book.verify().findings == ()
        book.save(book.get("case-1").accept(at=at(1), by=BY))
        assert [row["process"] for row in book.find("case").rows] == ["accepted"]
        assert book.verify().is_whole


def test_rebuilding_without_the_plugin_loses_nothing(url: str, good: str) -> None:
    """Opened with it again, its facts are there, and agree with the journal."""
    with open_casebook(url) as book:
        book.rebuild_facts()
        assert book.verify().findings == ()
    with open_casebook(url, plugins=[good]) as book:
        assert [row["is_open"] for row in book.find("hazard").rows] == [False]
        assert book.verify().findings == ()
        assert not book.get("hazard-1").is_open


def test_with_the_plugin_everything_is_there_again(url: str, good: str) -> None:
    with open_casebook(url, plugins=[good]) as book:
        assert not book.get("hazard-1").is_open
        assert [len(each.events or ()) for each in book.history("hazard-1")] == [1, 1]
