"""Plugins: only the named are loaded, and one that does not fit is named."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from community_mediation.builtins import CASE_EVENTS
from community_mediation.casebook import open_casebook
from community_mediation.domain.ledger import BOOK
from community_mediation.errors import MediationError, NotFound, PluginFailed, StoreUnavailable
from community_mediation.plugins import GROUP, Plugins, installed
from tests.casebook.hazard import Hazard, Neighbour, found
from tests.casebook.samples import BY, at, reported

Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Puts an invented distribution on the path: ``install("name", "source of its module")``."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)

    def install(name: str, source: str, *, value: str | None = None, distribution: str | None = None) -> Path:
        module = f"invented_{name}"
        (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
        info = tmp_path / f"{distribution or module}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution or module}\nVersion: 1\n")
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {value or module}\n")
        return tmp_path

    yield install
    for added in set(sys.modules) - before:
        if added.startswith("invented_"):
            del sys.modules[added]


HEAD = "from community_mediation.hookspecs import hookimpl\n"
HAZARDS = (
    HEAD
    + """
from tests.casebook.hazard import HAZARD

@hookimpl
def mediation_matters():
    return [HAZARD]
"""
)


def bringing(changes: str) -> str:
    """A plugin that brings the hazards, changed."""
    return HAZARDS.replace("[HAZARD]", f"[attrs.evolve(HAZARD, {changes})]").replace(
        "@hookimpl", "import attrs\nfrom community_mediation.builtins import *\n\n@hookimpl", 1
    )


# ---------------------------------------------------------------- what is loaded


def test_what_is_installed_is_not_imported(install: Install) -> None:
    """Neither by importing, nor by listing, nor by opening a book with another plugin; only by its name."""
    folder = install("hostile", "import pathlib\npathlib.Path(__file__).with_name('was-here').touch()\n")
    install("tame", HAZARDS)
    assert {"hostile", "tame"} <= {entry.name for entry in installed()}
    with open_casebook("memory:"), open_casebook("memory:", plugins=["tame"]) as book:
        assert "hazard" in book.tables
    with pytest.raises(PluginFailed):
        Plugins(["hostil"])
    assert not (folder / "was-here").exists()
    Plugins(["hostile"])
    assert (folder / "was-here").exists()


def test_an_unknown_plugin_is_named_with_what_is_there(install: Install) -> None:
    """So that a misspelling shows."""
    install("tame", HAZARDS)
    with pytest.raises(PluginFailed, match=r"'tarne' is not installed. Installed: .*tame"):
        open_casebook("memory:", plugins=["tarne"])


def test_a_name_is_taken_as_one_name(install: Install) -> None:
    """A text is one plugin rather than its letters, and naming it twice is naming it."""
    install("tame", HAZARDS)
    for plugins in ("tame", ["tame", "tame"], iter(["tame"])):
        with open_casebook("memory:", plugins=plugins) as book:
            assert "hazard" in book.tables


def test_two_distributions_of_one_plugin_are_not_guessed_at(install: Install) -> None:
    """One would shadow the other in silence; the same one seen twice is no contradiction."""
    install("tame", HAZARDS)
    install("tame", HAZARDS, distribution="copy")
    Plugins(["tame"])
    install("tame", HAZARDS, value="invented_other", distribution="other")
    with pytest.raises(PluginFailed, match=r"'tame' is installed more than once: invented_other, invented_tame"):
        Plugins(["tame"])


# ---------------------------------------------------------------- what does not fit


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("raise RuntimeError('secret')", "RuntimeError"),
        ("import no_such_module", "ModuleNotFoundError"),
        ("import sys; sys.exit(3)", "SystemExit"),
        ("this is no Python", "SyntaxError"),
        (HEAD + "@hookimpl\ndef mediation_mattters():\n    return []", "mediation_mattters"),
        (HEAD + "@hookimpl\ndef mediation_matters(colour):\n    return []", "colour"),
        (HEAD + "@hookimpl\ndef mediation_matters():\n    raise RuntimeError", "RuntimeError"),
        (HEAD + "@hookimpl\ndef mediation_matters():\n    raise SystemExit", "SystemExit"),
        (HEAD + "@hookimpl\ndef mediation_matters():\n    return ['hazard']", "TypeError"),
        (HEAD + "@hookimpl\ndef mediation_matters():\n    return 3", "TypeError"),
        (bringing("name='case'"), "kind 'case'"),
        (bringing(f"name={BOOK!r}"), f"kind {BOOK!r}"),
        (bringing("matter=Case"), "class Case"),
        (bringing("schemas=CASE_TABLES[2:3]"), "table 'case_party'"),
        (bringing("events={'case.accepted': HAZARD.events['hazard.found']}"), "wire name 'case.accepted'"),
        (bringing("events={'hazard.accepted': ev.Accepted}"), "event Accepted"),
    ],
)
def test_a_plugin_that_does_not_fit_is_named(install: Install, source: str, says: str) -> None:
    """And what is wrong with it is said, without the text of its own error."""
    install("odd", source)
    with pytest.raises(PluginFailed) as caught:
        open_casebook("memory:", plugins=["odd"])
    assert "'odd'" in str(caught.value)
    assert says in str(caught.value)
    assert "secret" not in str(caught.value)
    open_casebook("memory:").close()


def test_an_entry_point_that_leads_nowhere_is_named(install: Install) -> None:
    """Its module is there, what it points to is not."""
    install("odd", HAZARDS, value="invented_odd:plugin")
    with pytest.raises(PluginFailed, match="'odd'"):
        Plugins(["odd"])


def test_two_plugins_that_bring_the_same_are_both_named(install: Install) -> None:
    """Whichever order they are named in."""
    install("one", HAZARDS)
    install("two", bringing("rows=HAZARD.rows"))
    install("three", bringing("name='risk'"))
    for names in (["one", "three"], ["three", "one"]):
        with pytest.raises(PluginFailed) as caught:
            open_casebook("memory:", plugins=names)
        assert "'one'" in str(caught.value)
        assert "'three'" in str(caught.value)
    with pytest.raises(PluginFailed):
        open_casebook("memory:", plugins=["one", "two"])


def test_kinds_may_share_an_event_under_its_one_name(install: Install) -> None:
    """As persons, mediators and centres do."""
    install("tame", bringing("events={**HAZARD.events, 'case.closed': ev.Closed}"))
    with open_casebook("memory:", plugins=["tame"]) as book:
        book.save(found("hazard-1"))
    assert CASE_EVENTS["case.closed"].__name__ == "Closed"


# ---------------------------------------------------------------- stores


def test_an_unknown_scheme_is_refused_with_those_that_there_are() -> None:
    """And without the rest of the URL, which may hold a password."""
    with pytest.raises(StoreUnavailable, match="'postgresql'") as caught:
        open_casebook("postgresql://clerk:canary@example.org/cases")
    assert "canary" not in str(caught.value)
    assert "sqlite:///" in str(caught.value)


def test_a_plugin_may_bring_a_store(install: Install) -> None:
    """It is asked before what is built in; what it refuses in its own words is passed on."""
    install(
        "shelf",
        HEAD
        + """
from community_mediation.errors import StoreLocked
from community_mediation.stores import MemoryStore

@hookimpl
def mediation_open_store(url, options):
    if url.scheme == "shelf":
        if url.path == "locked":
            raise StoreLocked("Try again.")
        return MemoryStore(options.clock)
""",
    )
    with open_casebook("shelf:", plugins=["shelf"]) as book:
        book.save(reported())
        assert book.verify().is_whole
    with pytest.raises(StoreUnavailable, match="Try again"):
        open_casebook("shelf:locked", plugins=["shelf"])
    open_casebook("memory:", plugins=["shelf"]).close()


@pytest.mark.parametrize("what", ["RuntimeError('canary')", "SystemExit('canary')"])
def test_a_store_that_fails_in_its_own_way_is_an_error_of_the_library(install: Install, what: str) -> None:
    """Typed, and without the words of the driver."""
    source = HEAD + f"@hookimpl\ndef mediation_open_store(url):\n    raise {what}"
    install("odd", source)
    with pytest.raises(PluginFailed, match=what.partition("(")[0]) as caught:
        open_casebook("odd:", plugins=["odd"])
    assert "canary" not in str(caught.value)


# ---------------------------------------------------------------- a further kind of matter


@pytest.mark.parametrize("url", ["memory:", "sqlite:///{}/cases.db"])
def test_a_plugins_kind_works_from_end_to_end(install: Install, url: str) -> None:
    """Saved, read, found, counted, verified, rebuilt, erased and looked at in the past, with no change in any store."""
    folder = install("tame", HAZARDS)
    with open_casebook(url.format(folder), plugins=["tame"]) as book:
        one = book.save(found("hazard-1", "by the canary gate", (Neighbour(id="n1", name="canary 叶某"),)))
        book.save(reported("case-1"))
        book.save(one.rectify(at=at(5), by=BY))
        got = book.get("hazard-1")
        assert isinstance(got, Hazard)
        assert (got.is_open, got.place, got.neighbours[0].name) == (False, "by the canary gate", "canary 叶某")
        assert book.get("hazard-1", known_at=1).is_open
        assert book.get("hazard-1", valid_at=at(4)).is_open
        with pytest.raises(NotFound):
            book.get("hazard-1", valid_at=at(-1))
        assert [row["is_open"] for row in book.find("hazard", where={"sort": "leaning_pole"}).rows] == [False]
        assert [row["is_open"] for row in book.facts("hazard", known_at=2).rows()] == [True]
        assert [row["is_open"] for row in book.facts("hazard", valid_at=at(4)).rows()] == [True]
        assert book.facts("hazard").to_polars()["is_open"].to_list() == [False]
        assert all("canary" not in entry.body for entry in book.store.log())
        book.erase("hazard-1", reason="asked", by=BY)
        book.erase("hazard-1/n1", reason="asked", by=BY)
        assert (book.get("hazard-1").place, book.get("hazard-1").neighbours[0].name) == (None, None)
        book.rebuild_facts()
        assert book.verify().findings == ()


def test_a_row_that_its_schema_does_not_know_is_refused(install: Install) -> None:
    """The fault of a plugin leaves nothing of the save behind."""
    install(
        "odd",
        bringing("rows=lambda matter: [FactsRow('hazard', (matter.id, '', 3, 3))]").replace(
            "import attrs", "import attrs\nfrom community_mediation.facts.schema import FactsRow"
        ),
    )
    with open_casebook("memory:", plugins=["odd"]) as book:
        with pytest.raises(MediationError):
            book.save(found("hazard-1"))
        assert book.store.head().position == 0
