"""What is about to be recorded is judged: by the checks of the plugins and by the rules of the centre's region."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from community_mediation.casebook import Casebook, Remark, open_casebook
from community_mediation.casebook.judging import REGION_MISSING
from community_mediation.domain.case import Case
from community_mediation.domain.centre import CentreDetails
from community_mediation.domain.dispute import Dispute
from community_mediation.domain.record import Centre
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.values import Code, When
from community_mediation.errors import Blocked, VersionConflict
from community_mediation.plugins import BUILTINS, CHECK_FAILED
from community_mediation.ports import Weight
from community_mediation.stores import MemoryStore, SqliteStore
from tests.casebook.samples import BY, at, cut, reported, settled
from tests.plugins.conftest import Install
from tests.plugins.sources import HEAD

CHECK = HEAD + (
    "from community_mediation.ports import Objection, Weight\n"
    "from community_mediation.domain import events as ev\n"
    "seen = []\n"
    "@hookimpl\n"
    "def mediation_check({arguments}):\n"
    "    {body}\n"
)
OBJECT = "return [Objection(code='odd.{code}', weight=Weight.{weight}, reason='it is {code}', source='house rule 3')]"


def check(body: str, arguments: str = "before, event, after") -> str:
    return CHECK.format(arguments=arguments, body=body)


def objecting(code: str, weight: str = "BLOCK", when: str = "True") -> str:
    return check(f"if {when}:\n        " + OBJECT.format(code=code, weight=weight))


Open = Callable[..., Casebook]


@pytest.fixture
def remarks() -> list[Remark]:
    return []


@pytest.fixture
def opened(remarks: list[Remark]) -> Iterator[Open]:
    """Opens a book in memory with plugins; what passes in spite of an objection is kept."""
    books: list[Casebook] = []

    def opened(*plugins: str, url: str = "memory:") -> Casebook:
        books.append(open_casebook(url, plugins=plugins, on_objection=remarks.append))
        return books[-1]

    yield opened
    for book in books:
        book.close()


def register(id: str = "case-1", **given: Any) -> Case:
    return Case.register(
        **{
            "id": id,
            "centre": "centre-1",
            "snapshot": Snapshot(dispute=Dispute(type=Code("local", "neighbour"))),
            "at": at(),
            "by": BY,
            **given,
        }
    )


# ---------------------------------------------------------------- checks of plugins


def test_an_objection_that_blocks_keeps_the_whole_save_from_happening(install: Install, opened: Open) -> None:
    """Though only the last of nine events is objected to."""
    install("odd", objecting("late", when="isinstance(event, ev.Closed)"))
    book = opened("odd")
    with pytest.raises(Blocked) as caught:
        book.save(settled())
    assert book.store.head().position == 0
    (objection,) = caught.value.objections
    assert (objection.code, objection.by, objection.source) == ("odd.late", "odd", "house rule 3")
    for part in ("Matter case-1 was not saved", "event 9 (Closed)", "odd objects", "it is late, by house rule 3"):
        assert part in str(caught.value)


def test_all_objections_are_in_the_error(install: Install, opened: Open) -> None:
    """Of all plugins, and those that only warn."""
    install("odd", objecting("late"))
    install("mild", objecting("early", "WARN"))
    with pytest.raises(Blocked, match="And 1 more") as caught:
        opened("odd", "mild").save(reported().accept(at=at(1), by=BY))
    assert sorted(each.code for each in caught.value.objections) == ["odd.early", "odd.early", "odd.late", "odd.late"]


def test_an_objection_that_warns_is_told_and_lets_it_pass(
    install: Install, opened: Open, remarks: list[Remark]
) -> None:
    install("mild", objecting("early", "WARN", when="isinstance(event, ev.Accepted)"))
    book = opened("mild")
    book.save(reported().accept(at=at(1), by=BY))
    (remark,) = remarks
    assert (remark.matter_id, remark.number, remark.was_block) == ("case-1", 2, False)
    assert (remark.objection.code, remark.objection.by) == ("odd.early", "mild")
    assert len(book.get("case-1").events) == 2


def test_nothing_is_told_of_what_was_not_recorded(install: Install, opened: Open, remarks: list[Remark]) -> None:
    install("mild", objecting("early", "WARN"))
    book = opened("mild")
    book.save(reported())
    remarks.clear()
    with pytest.raises(VersionConflict):
        book.save(reported())
    assert remarks == []


def test_by_default_a_warning_goes_to_the_log(install: Install, caplog: pytest.LogCaptureFixture) -> None:
    install("mild", objecting("early", "WARN"))
    with caplog.at_level(logging.WARNING, "community_mediation"), open_casebook("memory:", plugins=["mild"]) as book:
        book.save(reported())
    assert caplog.messages == ["Matter case-1, event 1: it is early [odd.early, mild] "]
    assert "叶某" not in caplog.text


def test_a_check_sees_each_event_between_the_matter_before_and_after(install: Install, opened: Open) -> None:
    """As the journal will say it, in whatever pieces it is saved."""
    body = "seen.append((before and len(before.events), type(event).__name__, len(after.events), after.process.value))"
    install("watch", check(body))
    import invented_watch  # type: ignore[import-not-found]

    book = opened("watch")
    whole = settled("case-1")
    book.save(whole)
    at_once = list(invented_watch.seen)
    assert [each[:3] for each in at_once] == [
        (number or None, type(event).__name__, number + 1) for number, event in enumerate(whole.pending)
    ]
    assert [each[3] for each in at_once[:3]] == ["reported", "accepted", "in_mediation"]
    invented_watch.seen.clear()
    for piece in cut(settled("case-2"), *range(1, len(whole.pending))):
        book.save(piece)
    assert invented_watch.seen == at_once


def test_matters_are_folded_only_for_checks_that_ask(
    install: Install, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A life of nine events is saved without folding it nine times; the control asks, and folds."""
    install("cheap", check("seen.append(matter_id)", "event, matter_id"))
    install("dear", check("pass"))
    folds: list[int] = []
    real = Case.fold.__func__  # type: ignore[attr-defined]

    def counted(cls: type[Case], id: str, history: Any) -> Case:
        folds.append(len(history))
        folded: Case = real(cls, id, history)
        return folded

    monkeypatch.setattr(Case, "fold", classmethod(counted))
    opened("cheap").save(settled())
    assert folds == []
    opened("dear").save(settled())
    assert folds == list(range(1, 9))
    folds.clear()
    book = opened("dear")
    case = book.save(reported())
    book.save(case.accept(at=at(1), by=BY))
    assert folds == [1]


@pytest.mark.parametrize("body", ["raise RuntimeError('canary')", "raise SystemExit", "return [3]", "return 3"])
def test_a_check_that_fails_blocks_and_is_named(install: Install, opened: Open, body: str) -> None:
    """A rule that cannot be asked is not a rule that agrees."""
    install("odd", check(body))
    book = opened("odd")
    with pytest.raises(Blocked, match="the check of odd failed") as caught:
        book.save(reported())
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is not None
    assert [(each.code, each.by) for each in caught.value.objections] == [(CHECK_FAILED, "odd")]
    assert book.store.head().position == 0


@pytest.mark.parametrize("body", ["return None", "return []", "return (each for each in ())", "yield from ()"])
def test_a_check_that_says_nothing_agrees(install: Install, opened: Open, body: str) -> None:
    install("calm", check(body))
    opened("calm").save(settled())


def test_who_objects_is_filled_in_by_the_book(install: Install, opened: Open) -> None:
    """A plugin cannot speak in the name of another."""
    install("odd", check("return [Objection(code='x', weight=Weight.BLOCK, reason='r', by='the ministry')]"))
    with pytest.raises(Blocked) as caught:
        opened("odd").save(reported())
    assert [each.by for each in caught.value.objections] == ["odd"]


def test_every_way_of_writing_is_judged(install: Install, opened: Open) -> None:
    install("odd", objecting("second", when="after.id == 'case-2'"))
    book = opened("odd")
    cases = [reported("case-1"), reported("case-2"), reported("case-3")]
    with pytest.raises(Blocked):
        book.add_many(cases)
    with pytest.raises(Blocked):
        book.add_all((case, ()) for case in cases)
    assert book.store.head().position == 0
    assert book.add_many([cases[0], cases[2]]) == 2


def test_what_the_book_notes_of_itself_is_not_judged(install: Install, opened: Open) -> None:
    """Otherwise a plugin could keep a person from being erased."""
    install("odd", objecting("never", when="type(event).__name__ != 'Reported'"))
    book = opened("odd")
    book.save(reported())
    book.erase("case-1/p1", reason="asked", by=BY)
    book.record_disclosure("export", reason="asked", by=BY)
    assert book.get("case-1").parties[0].name is None


# ---------------------------------------------------------------- old registers


def test_what_comes_from_an_old_register_is_told_and_never_refused(
    install: Install, opened: Open, remarks: list[Remark]
) -> None:
    """Refusing it would only make the statistics untrue. What happens here afterwards is refused."""
    install("odd", objecting("late"))
    book = opened("odd")
    case = book.save(register())
    (remark,) = remarks
    assert (remark.objection.weight, remark.was_block, remark.objection.by) == (Weight.WARN, True, "odd")
    changed = Snapshot(dispute=Dispute(type=Code("local", "family")))
    amended = case.amend(snapshot=changed, fields=("dispute",), at=at(1), by=BY)
    case = book.save(amended)
    assert len(remarks) == 2
    with pytest.raises(Blocked):
        book.save(case.accept(at=at(2), by=BY))


def test_a_check_that_fails_blocks_an_old_register_too(install: Install, opened: Open) -> None:
    """That is a fault of the installation, not of the register."""
    install("odd", check("raise RuntimeError"))
    with pytest.raises(Blocked, match="failed"):
        opened("odd").save(register())


# ---------------------------------------------------------------- regions

VALLEY = (
    HEAD
    + """
from community_mediation.domain.events import Accepted, Reported
from community_mediation.ports import Label, Weight
from community_mediation.regions import Region, Rule

folded = []

def say(before, event, after):
    folded.append(type(event).__name__)
    return "nothing is accepted in this valley"

def valley(name, weight):
    rule = Rule(name="no_entry", label=Label("No entry"), source="house rule 1", applies_to=(Accepted,),
                objection=say, weight=weight)
    return Region(name=name, title=Label(name), rules=(rule,))

@hookimpl
def mediation_regions():
    return [valley("valley", Weight.BLOCK), valley("meadow", Weight.WARN)]
"""
)


def centre(region: str | None, *, hours: float = -100, id: str = "centre-1") -> Centre:
    return Centre.create(id=id, details=CentreDetails(region=region), at=at(hours), by=BY)


def accepted(id: str = "case-1", hours: float = 1, **given: Any) -> Case:
    return reported(id, **given).accept(at=at(hours), by=BY)


def test_a_case_is_judged_by_the_rules_of_its_centres_region(install: Install, opened: Open) -> None:
    install("places", VALLEY)
    book = opened("places")
    book.save(centre("valley"))
    with pytest.raises(Blocked) as caught:
        book.save(accepted())
    (objection,) = caught.value.objections
    assert (objection.code, objection.by, objection.source) == ("valley.no_entry", "valley", "house rule 1")
    # The control: another centre's case, and one of no centre that the book knows.
    book.save(accepted("case-2", centre="centre-2"))


def test_the_region_is_that_which_the_centre_followed_when_it_happened(install: Install, opened: Open) -> None:
    install("places", VALLEY)
    book = opened("places")
    there = centre(None, hours=-10)
    book.save(there.change(details=CentreDetails(region="valley"), at=at(10), by=BY))
    book.save(accepted("case-1", hours=5))
    with pytest.raises(Blocked):
        book.save(accepted("case-2", hours=15))
    with pytest.raises(Blocked):
        # Nobody knows when: then by today's.
        book.save(reported("case-3").accept(at=When.unknown(), by=BY))
    # Before the centre was there, it followed none.
    early = reported("case-4", at=at(-50)).accept(at=at(-40), by=BY)
    book.save(early)


def test_a_centre_that_is_saved_in_the_same_commit_counts(install: Install, opened: Open) -> None:
    install("places", VALLEY)
    with pytest.raises(Blocked):
        opened("places").add_many([centre("valley"), accepted()])


def test_a_centre_that_changes_its_region_is_seen(install: Install, opened: Open) -> None:
    install("places", VALLEY)
    book = opened("places")
    there = book.save(centre(None))
    book.save(accepted("case-1"))
    book.save(there.change(details=CentreDetails(region="valley"), at=at(-1), by=BY))
    with pytest.raises(Blocked):
        book.save(accepted("case-2"))


def test_a_commit_that_fails_leaves_no_centre_behind(install: Install, opened: Open) -> None:
    """Its region was never recorded."""
    install("places", VALLEY)
    book = opened("places")
    book.save(centre(None))
    stale = Centre.create(id="centre-1", details=CentreDetails(region="valley"), at=at(-100), by=BY)
    with pytest.raises(VersionConflict):
        book.save(stale)
    book.save(accepted())


@pytest.mark.parametrize("sort", ["memory", "sqlite"])
def test_a_region_that_another_program_gives_counts_from_the_next_save(
    install: Install, opened: Open, tmp_path: Any, sort: str
) -> None:
    install("places", VALLEY)
    if sort == "sqlite":
        url = f"sqlite:///{tmp_path}/cases.db"
        book, other = opened("places", url=url), opened("places", url=url)
    else:
        book = opened("places")
        other = Casebook(book.store, book.plugins.kinds().values(), plugins=book.plugins)
    there = book.save(centre(None))
    book.save(accepted("case-1"))
    other.save(there.change(details=CentreDetails(region="valley"), at=at(-1), by=BY))
    with pytest.raises(Blocked):
        book.save(accepted("case-2"))


def test_centres_are_not_read_again_while_nobody_else_writes(
    install: Install, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("places", VALLEY)
    book = opened("places")
    book.save(centre("meadow"))
    book.save(accepted("case-0"))
    read: list[str] = []
    real = book.store.entries

    def watched(id: str, known_at: int | None = None) -> Any:
        read.append(id)
        return real(id, known_at)

    monkeypatch.setattr(book.store, "entries", watched)
    for number in range(1, 5):
        book.save(accepted(f"case-{number}"))
    book.add_many(accepted(f"case-{number}") for number in range(5, 9))
    assert "centre-1" not in read


@pytest.mark.parametrize("sort", ["memory", "sqlite"])
def test_a_centre_is_read_in_the_midst_of_a_commit(install: Install, opened: Open, tmp_path: Any, sort: str) -> None:
    """``add_all`` judges while the store takes the changes one after the other."""
    install("places", VALLEY)
    book = opened("places", url="memory:" if sort == "memory" else f"sqlite:///{tmp_path}/cases.db")
    assert isinstance(book.store, MemoryStore if sort == "memory" else SqliteStore)
    book.save(centre("valley"))
    with pytest.raises(Blocked):
        book.add_all((case, ()) for case in [reported("case-1"), accepted("case-2")])
    assert book.store.head().position == 1


def test_a_rule_that_warns_is_told_as_the_regions(install: Install, opened: Open, remarks: list[Remark]) -> None:
    install("places", VALLEY)
    book = opened("places")
    book.save(centre("meadow"))
    book.save(accepted())
    assert [(each.objection.code, each.objection.by) for each in remarks] == [("meadow.no_entry", "meadow")]


def test_a_region_that_nobody_brings_is_told_once_and_the_neutral_rules_stand_in(
    opened: Open, remarks: list[Remark]
) -> None:
    """A centre goes on working; whoever needs its rules requires the plugin in the settings."""
    book = opened()
    book.save(centre("far-away"))
    for number in range(3):
        book.save(accepted(f"case-{number}"))
    book.save(settled("case-9", parties=()))
    assert [each.objection.code for each in remarks] == [REGION_MISSING, "neutral.agreement_binds_nobody"]
    assert "'far-away'" in remarks[0].objection.reason


def test_a_centre_that_names_no_region_follows_the_neutral_one(opened: Open, remarks: list[Remark]) -> None:
    book = opened()
    book.save(centre(None))
    book.save(settled(parties=()))
    assert [each.objection.code for each in remarks] == ["neutral.agreement_binds_nobody"]


def test_without_a_rule_for_the_event_nothing_is_folded(install: Install, opened: Open) -> None:
    install("places", VALLEY)
    import invented_places  # type: ignore[import-not-found]

    book = opened("places")
    book.save(centre("meadow"))
    book.save(reported())
    assert invented_places.folded == []
    book.save(accepted("case-2"))
    assert invented_places.folded == ["Accepted"]


def test_the_core_judges_with_a_plugin_that_brings_no_check(good: str, opened: Open) -> None:
    """Naming plugins takes nothing away from what is built in."""
    with pytest.raises(Blocked) as caught:
        opened(good).save(reported(reference="990101199003070015"))
    assert [each.by for each in caught.value.objections] == [BUILTINS]
