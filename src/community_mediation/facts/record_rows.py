"""Persons, mediators, centres and tallies as rows."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from community_mediation.domain.centre import CentreDetails
from community_mediation.domain.matter import Matter, State
from community_mediation.domain.people import MediatorDetails, PersonDetails
from community_mediation.domain.record import Record
from community_mediation.domain.record import timeline as record_timeline
from community_mediation.domain.tally import TallyDetails
from community_mediation.facts.cells import Cells, code, row
from community_mediation.facts.rows import stretches
from community_mediation.facts.schema import FactsRow, FactsSchema
from community_mediation.facts.tables import CENTRE, MEDIATOR, PERSON, TALLY


def record_rows(matter: Matter) -> list[FactsRow]:
    """The rows of a person, mediator, centre or tally: one for each stretch of time with the same details."""
    if not isinstance(matter, Record):
        raise TypeError("record_rows takes a Person, Mediator, Centre or Tally")
    schema = _SCHEMA_OF[type(matter.details)]
    return [
        row(schema, matter, str(number), {**cells, "valid_from": since, "valid_to": until})
        for number, (since, until, cells) in enumerate(stretches(_told(matter)), 1)
    ]


def _told(record: Record) -> Iterator[tuple[dt.datetime | None, Cells]]:
    """What the cells say from when, after each step."""
    state: State = {}
    for timed in record_timeline(record.events):
        if record.as_of is None or timed.since is None or timed.since <= record.as_of:
            timed.step.effect(state)
            yield timed.since, _record_cells(state)


_SCHEMA_OF: Final[Mapping[type, FactsSchema]] = {
    PersonDetails: PERSON,
    MediatorDetails: MEDIATOR,
    CentreDetails: CENTRE,
    TallyDetails: TALLY,
}


def _record_cells(state: State) -> Cells:
    details = state["details"]
    cells: Cells = {"status": "ended" if state["ended"].is_reached else "active"}
    if isinstance(details, TallyDetails):
        told = {name: getattr(details, name) for name in ("centre", "measure", "cases", "persons", "source")}
        return {**cells, **told, "first": details.period.first, "last": details.period.last}
    cells["kind"] = code(details.kind)
    if isinstance(details, CentreDetails):
        cells.update(centre=details.supervisor, host=details.host, region=details.region, zone=details.zone)
    else:
        cells["centre"] = details.centre
    if isinstance(details, MediatorDetails):
        cells.update(background=details.background, sex=details.sex.value)
    return cells
