"""A small kind of matter as a plugin would bring it: a hazard that was found, and put right."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, Self

import attrs

from community_mediation.domain.matter import Event, Matter, moment
from community_mediation.domain.validators import NARRATIVE, PERSONAL, PUBLIC, checked, code, identifier
from community_mediation.domain.values import When
from community_mediation.errors import IllegalMove
from community_mediation.facts.schema import MATTER_ID, ROW, Column, ColumnType, FactsRow, FactsSchema
from community_mediation.ports import Key, Kind
from tests.casebook.samples import BY, at


@attrs.frozen(kw_only=True, field_transformer=checked)
class Neighbour:
    """Who lives beside it."""

    subject_field = "id"

    id: str = attrs.field(metadata=PUBLIC, validator=identifier)
    person: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    name: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)


@attrs.frozen(kw_only=True, field_transformer=checked)
class HazardFound(Event):
    """Somebody noticed it."""

    sort: str = attrs.field(metadata=PUBLIC, validator=code)
    neighbours: tuple[Neighbour, ...] = attrs.field(default=(), metadata=PUBLIC)
    place: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@attrs.frozen(kw_only=True, field_transformer=checked)
class HazardRectified(Event):
    """It is no more."""


@attrs.frozen(kw_only=True)
class Hazard(Matter):
    """A hazard (隐患)."""

    sort: str
    place: str | None = attrs.field(repr=False)
    is_open: bool
    neighbours: tuple[Neighbour, ...] = ()

    @classmethod
    def fold(cls, id: str, history: Sequence[Event]) -> Self:
        birth = history[0]
        assert isinstance(birth, HazardFound)
        return cls(
            id=id,
            history=tuple(history),
            sort=birth.sort,
            place=birth.place,
            neighbours=birth.neighbours,
            is_open=not any(isinstance(event, HazardRectified) for event in history),
        )

    def valid_at(self, when: When | dt.datetime) -> Self | None:
        until = moment(when)
        kept = [event for event in self.events if (event.at.earliest or until) <= until]
        return attrs.evolve(self.fold(self.id, kept), as_of=until) if kept else None

    def rectify(self, *, at: When, by: str) -> Self:
        """Put it right."""
        self._must_be_current("rectify")
        if not self.is_open:
            raise IllegalMove("rectified", "rectify", ())
        pending = (*self.pending, HazardRectified(at=at, by=by))
        return attrs.evolve(self, pending=pending, is_open=False)


def found(id: str, place: str | None = None, neighbours: tuple[Neighbour, ...] = ()) -> Hazard:
    """A hazard that was just found."""
    birth = HazardFound(at=at(), by=BY, sort="leaning_pole", place=place, neighbours=neighbours)
    return attrs.evolve(Hazard.fold(id, (birth,)), history=(), pending=(birth,))


TABLE: Final = FactsSchema(
    "hazard", (MATTER_ID, ROW, Column("sort", ColumnType.TEXT), Column("is_open", ColumnType.BOOL))
)


def rows(matter: Matter) -> list[FactsRow]:
    """Its one row."""
    assert isinstance(matter, Hazard)
    return [FactsRow("hazard", (matter.id, "", matter.sort, matter.is_open))]


def keys(matter: Matter) -> list[Key]:
    """None."""
    return []


HAZARD: Final = Kind(
    "hazard",
    Hazard,
    {"hazard.found": HazardFound, "hazard.rectified": HazardRectified},
    (TABLE,),
    rows,
    keys,
)
