"""A sound region, and regions with one planted fault each."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import pytest

from community_mediation import events as ev
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Dispute
from community_mediation.domain.matter import Event, Matter
from community_mediation.domain.values import Code, When
from community_mediation.ports import Label, Objection, Weight
from community_mediation.regions import (
    NEUTRAL,
    Crosswalk,
    Deadline,
    OwnField,
    OwnType,
    Reference,
    ReferencePattern,
    Region,
    Rule,
    Taxonomy,
    TaxonomyEntry,
    Trigger,
)
from community_mediation.testing import RegionConformance

PLACE = "Byelaws of an invented place"
LABEL = Label("Something", "某事")
NOON = When.parse("2024-05-01T12:00:00+00:00")


def no_party(before: Matter | None, event: Event, after: Matter) -> str | None:
    """Why a report should have a party."""
    return None if not isinstance(after, Case) or after.parties else "nobody is named"


SOUND = Region(
    name="place",
    title=Label("A place"),
    parent=NEUTRAL,
    taxonomies=(
        Taxonomy(
            scheme="place",
            title=LABEL,
            version="1",
            source=PLACE,
            entries=(TaxonomyEntry(code="noise", label=LABEL), TaxonomyEntry(code="boats", label=LABEL)),
        ),
    ),
    crosswalks=(
        Crosswalk(source="place", target="neutral", rows={"noise": "noise"}, without=("boats",), source_of=PLACE),
    ),
    patterns=(ReferencePattern(name="place", template="{where}-{year}/{serial:03}", source=PLACE),),
    deadlines=(Deadline(name="begin", label=LABEL, trigger="accepted", limit=7, satisfied_by="begun", source=PLACE),),
    rules=(
        Rule(
            name="party",
            label=LABEL,
            source=PLACE,
            applies_to=(ev.Reported,),
            objection=no_party,
            weight=Weight.BLOCK,
        ),
    ),
)


def ruled(says: object) -> Region:
    return SOUND.replace(rules=(Rule(name="odd", label=LABEL, source=PLACE, objection=says),))  # type: ignore[arg-type]


def raising(before: Matter | None, event: Event, after: Matter) -> str | None:
    assert isinstance(after, Case)
    return f"{after.parties[0].side} is alone" if len(after.parties) < 2 else None


def naming(before: Matter | None, event: Event, after: Matter) -> str | None:
    assert isinstance(after, Case)
    return ", ".join(party.name for party in after.parties if party.name) or None


NUMBERS = itertools.count()


def counting(before: Matter | None, event: Event, after: Matter) -> str | None:
    return f"objection {next(NUMBERS)}"


def hasty(case: Case) -> Iterable[tuple[str, When]]:
    return [("", case.attempts[0].begun)]


class Forgetful(ReferencePattern):
    """Reads a number and loses the zeros before it."""

    def parse(self, text: str) -> Reference:
        return attrs.evolve(super().parse(text), width=1)


class Severe(Region):
    """Blocks what comes from an old register too."""

    def objections(self, before: Matter | None, event: Event, after: Matter) -> Sequence[Objection]:
        return [Objection(code="place.all", weight=Weight.BLOCK, reason="not today", source=PLACE)]


CHOICES: Any = {"a": Label("")}


class Sound(RegionConformance):
    place: Region = SOUND

    @pytest.fixture
    def region(self) -> Region:
        return self.place


class TestSound(Sound):
    @pytest.fixture
    def breaches(self) -> Mapping[str, Case]:
        dispute = Dispute(type=Code("place", "noise"))
        return {"party": Case.report(id="c1", centre="x", dispute=dispute, parties=(), at=NOON, by="account-1")}


class TestSilent(TestSound):
    """Its rule looks at another event."""

    place = SOUND.replace(rules=(attrs.evolve(SOUND.rules[-1], name="party", applies_to=(ev.Closed,)),))


class TestRaising(Sound):
    place = ruled(raising)


class TestNaming(Sound):
    place = ruled(naming)


class TestCounting(Sound):
    place = ruled(counting)


class TestTalking(Sound):
    place = ruled(lambda before, event, after: ["no"])


class TestHasty(Sound):
    place = SOUND.replace(
        triggers=(Trigger(name="hasty", label=LABEL, moments=hasty),),
        deadlines=(Deadline(name="soon", label=LABEL, trigger="hasty", limit=3, source=PLACE),),
    )


class TestOpen(Sound):
    place = SOUND.replace(
        crosswalks=(Crosswalk(source="place", target="neutral", rows={"noise": "noise"}, source_of=PLACE),)
    )


class TestUnsourced(Sound):
    place = SOUND.replace(deadlines=(attrs.evolve(SOUND.deadlines[0], source="TODO"),))


class TestUnnamed(Sound):
    place = SOUND.replace(own_fields=(OwnField(name="berth", label=LABEL, type=OwnType.CHOICE, choices=CHOICES),))


class TestForgetful(Sound):
    place = SOUND.replace(
        patterns=(Forgetful(name="place", template="{where}-{year}/{serial:03}", source=PLACE), *SOUND.patterns[1:])
    )


class TestSevere(Sound):
    place = Severe(name="severe", title=LABEL, parent=NEUTRAL)


class TestNothing(RegionConformance):
    """Gives nothing."""
