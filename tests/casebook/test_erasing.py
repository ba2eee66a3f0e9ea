"""Erasure: what is personal goes everywhere, what is counted stays, and the journal still verifies."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from community_mediation.casebook import Casebook, erasing, open_casebook
from community_mediation.codec import entries, wording
from community_mediation.codec.privacy import Plan
from community_mediation.domain.case import Case
from community_mediation.domain.events import Reported
from community_mediation.domain.ledger import SubjectsErased
from community_mediation.domain.people import Party
from community_mediation.errors import KeyTaken, MediationError, NotFound, PluginFailed, StoreClosed, VersionConflict
from community_mediation.plugins import Plugins
from community_mediation.ports import Kind, Store
from tests.casebook.checks import all_versions, bytes_of, found_in, raw
from tests.casebook.conftest import Shelf
from tests.casebook.hazard import HAZARD, Neighbour, found
from tests.casebook.samples import BY, Canaries, at, new, reported, watched

REASON = "canary-reason-asked by herself"


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


def fill(book: Casebook, canaries: Canaries) -> Casebook:
    """A book with a canary in every personal field."""
    for matter in watched(canaries):
        book.save(matter)
    return book


def deep(value: Any) -> str:
    """All that a value holds, what its ``repr`` hides included."""
    if attrs.has(type(value)):
        return " ".join(deep(getattr(value, field.name)) for field in attrs.fields(type(value)))
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(map(deep, value))
    if isinstance(value, dict):
        return " ".join(f"{deep(key)} {deep(each)}" for key, each in value.items())
    return str(value)


def everything(book: Casebook) -> str:
    """All that a book can be made to tell."""
    told: list[Any] = [repr(book), book.health(), book.verify(), list(book.log())]
    for entry in book.log():
        told += [book.get(entry.matter_id), book.get(entry.matter_id, known_at=entry.position)]
        told += [book.history(entry.matter_id)]
    for table in book.tables:
        told += [list(book.facts(table).rows()), book.find(table, limit=1000)]
    return deep(told)


# ---------------------------------------------------------------- who goes, and who stays


@pytest.mark.parametrize(
    ("subject", "goes", "also"),
    [
        ("person-1", {"person-1"}, ("case-1/p1", "case-1/p4", "case-2/p1")),
        ("person-2", {"person-2"}, ("case-1/p2", "case-2/p2")),
        ("case-1/p3", {"nobody"}, ()),
        ("case-1", {"case-1"}, ()),
        ("case-2", {"case-2"}, ()),
        ("mediator-1", {"mediator-1"}, ()),
        ("centre-1", {"centre-1"}, ()),
    ],
)
def test_what_is_erased_is_nowhere_and_all_else_stays(
    shelf: Shelf, canaries: Canaries, subject: str, goes: set[str], also: tuple[str, ...]
) -> None:
    """Not in any answer of the book; others' data, all facts at all positions and the chain stay as they are."""
    with shelf.new() as book:
        fill(book, canaries)
        gone = [each for owner in goes for each in canaries.of[owner]]
        others = [each for owner, mine in canaries.of.items() if owner not in goes for each in mine]
        assert found_in(everything(book), [*gone, *others]) == [*gone, *others]
        facts, hashes = all_versions(book), [entry.hash for entry in book.log()]

        erasure = book.erase(subject, reason=REASON, by=BY)

        assert erasure.subjects == (subject, *also)
        assert erasure.parts >= len(erasure.subjects)
        assert erasure.position == book.store.head().position == len(hashes) + 1
        told = everything(book)
        assert found_in(told, gone) == []
        assert found_in(told, others) == others
        assert all_versions(book)[: len(facts)] == facts
        assert [entry.hash for entry in book.log()][:-1] == hashes
        assert book.verify().findings == ()
        book.rebuild_facts()
        assert all_versions(book)[: len(facts)] == facts


def test_what_is_erased_is_not_in_the_files(sqlite: Shelf, canaries: Canaries) -> None:
    """Neither in the book nor in its log, in no disguise; what was not erased is found there by the same search."""
    with sqlite.new() as book:
        fill(book, canaries)
        path = sqlite.path(book)
        assert found_in(bytes_of(path), canaries.all) == canaries.all
        book.erase("person-1", reason=REASON, by=BY)
        left = [each for owner, mine in canaries.of.items() if owner != "person-1" for each in mine]
        assert found_in(bytes_of(path), canaries.all) == left
        for subject in ("person-2", "case-1/p3", "case-1", "case-2", "mediator-1", "centre-1"):
            book.erase(subject, reason=REASON, by=BY)
        assert found_in(bytes_of(path), canaries.all) == []
    assert found_in(bytes_of(path), canaries.all) == []
    with open_casebook(f"sqlite:///{path}") as again:
        assert again.verify().findings == ()
        assert {row["conclusion"] for row in again.find("case").rows} == {"settled", "declined"}


def test_what_was_erased_reads_as_nothing(book: Casebook, canaries: Canaries) -> None:
    """Every personal field of the erased party is ``None``, and its public ones are as before."""
    fill(book, canaries)
    before = book.get("case-1")
    book.erase("person-1", reason=REASON, by=BY)
    after = book.get("case-1")
    nothing = {"name": None, "birth_date": None, "contact": None, "identity": None}
    assert [attrs.evolve(party, **nothing) for party in before.parties] == [
        attrs.evolve(party, **nothing) for party in after.parties
    ]
    assert [party.name is None for party in after.parties] == [True, False, False, True]
    assert book.history("case-1")[0].erased == {"case-1/p1", "case-1/p4"}
    assert book.get("person-1").details.name is None
    assert book.save(after.close(at=at(400), by=BY)).file == "closed"
    assert book.verify().findings == ()


def test_the_reason_is_kept_but_in_no_body(shelf: Shelf, canaries: Canaries) -> None:
    """It may name people, so that it stands in the private part of the journal; the subjects are recorded openly."""
    with shelf.new() as book:
        fill(book, canaries)
        erasure = book.erase("person-1", reason=REASON, by=BY)
        assert all(REASON not in entry.body for entry in book.store.log())
        assert REASON not in repr(list(book.log())) + repr(erasure) + repr(book.get("book"))
        (event,) = book.get("book").events
        assert isinstance(event, SubjectsErased)
        assert (event.reason, event.by, event.subjects) == (REASON, BY, erasure.subjects)


def test_erasing_again_is_fine(book: Casebook, canaries: Canaries) -> None:
    """Nothing is left to remove, the book stays whole, and what came in since goes too."""
    fill(book, canaries)
    first = book.erase("person-1", reason=REASON, by=BY)
    second = book.erase("person-1", reason=REASON, by=BY)
    assert (second.subjects, second.parts) == (first.subjects, 0)
    late = canaries.text("late", "name")
    book.save(reported("case-3", parties=(Party(id="p1", side="A", person="person-1", name=late),)))
    third = book.erase("person-1", reason=REASON, by=BY)
    assert (set(third.subjects) - set(first.subjects), third.parts) == ({"case-3/p1"}, 1)
    assert found_in(everything(book), [late]) == []
    assert book.verify().findings == ()


@pytest.mark.parametrize("subject", ["nobody", "", "/", "case-1/", "case-1/p9", "case-9/p1", "book", "book/x", None, 3])
def test_what_is_not_there_cannot_be_erased(book: Casebook, canaries: Canaries, subject: Any) -> None:
    """It is ``NotFound``, and no erasure is recorded; the book's own ledger is not for erasing."""
    fill(book, canaries).keyed("name", "叶某")
    before = book.store.head()
    with pytest.raises(NotFound):
        book.erase(subject, reason=REASON, by=BY)
    assert book.store.head() == before


def test_a_party_without_personal_data_can_be_erased(book: Casebook) -> None:
    """There is nothing to remove, and that is no mistake of who asks."""
    book.save(reported("case-1", parties=(Party(id="p1", side="A"),)))
    assert book.erase("case-1/p1", reason=REASON, by=BY).parts == 0


def test_a_party_whose_id_holds_a_slash_is_erased_too(book: Casebook, canaries: Canaries) -> None:
    """Matters have none in theirs, so that the first one ends the case's."""
    name = canaries.text("person", "name")
    book.save(reported("case-1", parties=(Party(id="a/b", side="A", person="p/1", name=name),)))
    assert book.erase("case-1/a/b", reason=REASON, by=BY).parts == 1
    assert found_in(everything(book), [name]) == []


def test_a_mediators_name_key_goes_with_the_mediator(shelf: Shelf, canaries: Canaries) -> None:
    """The keyed digest of a name is erased with its subject: the name is free again, and nothing tells who bore it."""
    with shelf.new() as book:
        *_, mediator, _ = watched(canaries)
        key = book.keyed("mediator_name", "叶某", subject="mediator-1")
        book.save(mediator, keys=[key])
        assert book.holder(key) == "mediator-1"
        book.erase("mediator-1", reason=REASON, by=BY)
        assert book.holder(key) is None
        if shelf.sort == "sqlite":
            assert key.value.encode() not in bytes_of(shelf.path(book))
        book.save(new(attrs.evolve(mediator, id="mediator-2")), keys=[key])
        assert book.holder(key) == "mediator-2"


# ---------------------------------------------------------------- parties that are hard to see


def corrected(case: Case, *parties: Party) -> Case:
    """The case with other parties, by a correction of its birth."""
    birth = case.events[0]
    assert isinstance(birth, Reported)
    return case.correct(1, attrs.evolve(birth, parties=parties), at=at(5), by=BY)


def linked(canaries: Canaries, id: str, person: str | None, owner: str) -> Party:
    return Party(id=id, side="A", person=person, name=canaries.text(owner, id))


def test_a_party_that_a_correction_took_out_is_erased(book: Casebook, canaries: Canaries) -> None:
    """The case knows it no more, and its name still stands in the entry that was corrected."""
    case = book.save(reported("case-1", parties=(linked(canaries, "p1", "person-1", "mine"),)))
    book.save(watched(Canaries())[2])
    book.save(corrected(case, linked(canaries, "p9", "person-1", "mine")))
    assert book.erase("person-1", reason=REASON, by=BY).subjects == ("person-1", "case-1/p1", "case-1/p9")
    assert found_in(everything(book), canaries.all) == []


def test_a_link_that_was_taken_back_is_none(book: Casebook, canaries: Canaries) -> None:
    """Links are reversible: who was taken for another person keeps their data when that one is erased."""
    case = book.save(reported("case-1", parties=(linked(canaries, "p1", "person-1", "other"),)))
    book.save(watched(Canaries())[2])
    book.save(corrected(case, linked(canaries, "p1", None, "other")))
    assert book.erase("person-1", reason=REASON, by=BY).subjects == ("person-1",)
    assert found_in(everything(book), canaries.all) == canaries.all


def with_hazards() -> dict[str, Kind]:
    return {**Plugins().kinds(), "hazard": HAZARD}


def test_linked_subjects_of_a_plugins_kind_are_erased(shelf: Shelf, canaries: Canaries) -> None:
    """Whatever links to a person goes with them; without the plugin the erasure is refused rather than left undone."""
    with shelf.new(with_hazards) as book:
        book.save(watched(Canaries())[2])
        name = canaries.text("mine", "name")
        book.save(found("hazard-1", neighbours=(Neighbour(id="n1", person="person-1", name=name),)))
        plain, before = shelf.again(book), book.store.head()
        with pytest.raises(PluginFailed, match="'hazard'"):
            plain.erase("person-1", reason=REASON, by=BY)
        assert book.store.head() == before
        assert book.erase("person-1", reason=REASON, by=BY).subjects == ("person-1", "hazard-1/n1")
        assert found_in(everything(book), canaries.all) == []


def test_what_comes_in_during_an_erasure_goes_with_a_record(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program writes of the subject between the record and the deed: the deed takes that too, and says so."""
    with shelf.new() as book:
        case = book.save(reported())
        other, real = shelf.again(book), type(book.store).erase
        late = [corrected(case, Party(id="p1", side="A", name="蒋某"))]

        def erase(self: Store, subject: str) -> int:
            if late:
                other.save(late.pop())
            return real(self, subject)

        monkeypatch.setattr(type(book.store), "erase", erase)
        erasure = book.erase("case-1/p1", reason=REASON, by=BY)
        assert (erasure.parts, erasure.position) == (2, 4)
        assert book.verify().findings == ()


# ---------------------------------------------------------------- nothing leaks sideways


def test_no_error_names_anyone(shelf: Shelf, canaries: Canaries) -> None:
    """The texts and tracebacks of whatever goes wrong, and the attributes of the errors."""
    with shelf.new() as book:
        one, two, *_ = watched(canaries)
        saved = book.save(one)
        book.save(two)
        wrong: list[Callable[[], object]] = [
            lambda: book.save(one),
            lambda: book.save(new(attrs.evolve(one, id="case-8"))),
            lambda: book.save(saved.valid_at(at(3)) or saved),
            lambda: book.save(saved.accept(at=at(1), by=BY)),
            lambda: book.get("case-7"),
            lambda: book.find("case", where={"title": "x"}),
        ]
        if shelf.sort == "sqlite":

            def damaged() -> object:
                raw(shelf.path(book), "UPDATE private SET data = replace(data, '\"salt\"', '\"malt\"')")
                return book.get("case-1")

            wrong += [damaged, lambda: list(book.log()), lambda: book.save(saved.close(at=at(99), by=BY))]

        def after_the_end() -> object:
            book.close()
            return book.save(two)

        wrong.append(after_the_end)
        seen = []
        for call in wrong:
            try:
                call()
            except MediationError as error:
                told = f"{error!r} {error} {vars(error)} {''.join(traceback.format_exception(error))}"
                assert found_in(told, canaries.all) == []
                seen.append(type(error))
        assert {VersionConflict, KeyTaken, NotFound, StoreClosed} <= set(seen)


def test_what_a_book_shows_of_itself_names_no_one(book: Casebook, canaries: Canaries) -> None:
    """Its ``repr``, its health, a verification, and the values and entries that it gives."""
    fill(book, canaries)
    shown = [book, book.health(), book.verify(), list(book.log()), book.store, book.anchor(), book.facts("case")]
    shown += [book.get(entry.matter_id) for entry in book.log()]
    shown += list(book.store.log())
    assert found_in(repr(shown), canaries.all) == []


# ---------------------------------------------------------------- planted faults


@pytest.mark.parametrize("way", ["strict", "written out"])
def test_a_codec_that_writes_names_into_the_body_is_caught(
    shelf: Shelf, canaries: Canaries, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Planted fault: nothing is private; then the search that else finds nothing in any body finds everybody."""
    with shelf.new() as book:
        fill(book, others := Canaries())
        assert found_in(bodies(book), others.all) == []
    if way == "strict":
        monkeypatch.setattr(entries.Codec, "_encoded", lambda *given: 1 / 0)
        monkeypatch.setattr(entries, "split", lambda *given: None)
    else:
        monkeypatch.setattr(wording, "plan_for", lambda cls: Plan((), (), None))
        monkeypatch.setattr(entries, "_wording", lambda events: wording.Wording(dict(events)))
    with shelf.new() as book:
        fill(book, canaries)
        assert found_in(bodies(book), canaries.all) == canaries.all


def bodies(book: Casebook) -> str:
    """What the chain covers, and no erasure can reach."""
    return "".join(entry.body for entry in book.store.log())


def test_an_erasure_that_forgets_linked_parties_is_caught(
    shelf: Shelf, canaries: Canaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted fault: only the person's own record is erased; then the parties' canaries are found."""
    with shelf.new() as book:
        fill(book, canaries)
        monkeypatch.setattr(erasing, "_linked", lambda *given: [])
        book.erase("person-1", reason=REASON, by=BY)
        assert [each for each in found_in(everything(book), canaries.of["person-1"]) if "-p1-" in each]
