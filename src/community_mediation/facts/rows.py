"""How a matter becomes rows: pure functions of public fields only, so that erasing a person changes no figure."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from community_mediation.domain.case import Case
from community_mediation.domain.case_state import agreement_of
from community_mediation.domain.centre import CentreDetails
from community_mediation.domain.events import Registered
from community_mediation.domain.history import in_force, timeline
from community_mediation.domain.matter import Matter, State, TimedStep
from community_mediation.domain.people import MediatorDetails, PersonDetails
from community_mediation.domain.record import Record
from community_mediation.domain.record import timeline as record_timeline
from community_mediation.domain.stages import Process
from community_mediation.domain.values import UTC, Milestone, Money
from community_mediation.facts.schema import Cell, FactsRow, FactsSchema
from community_mediation.facts.tables import (
    CASE,
    CASE_MEDIATOR,
    CASE_MILESTONES,
    CASE_PARTY,
    CASE_RESOLUTION,
    CASE_SESSION,
    CASE_SPELL,
    CENTRE,
    MEDIATOR,
    PERSON,
)

Cells = dict[str, Cell]


def _row(schema: FactsSchema, matter: Matter, row: str, cells: Mapping[str, Cell]) -> FactsRow:
    given = {**_BLANK[schema.table], **cells, "matter_id": matter.id, "row": row}
    return FactsRow(schema.table, tuple(given.values()))


_BLANK: Final[Mapping[str, Cells]] = {
    schema.table: dict.fromkeys(schema.names)
    for schema in (
        CASE,
        CASE_SPELL,
        CASE_PARTY,
        CASE_MEDIATOR,
        CASE_SESSION,
        CASE_RESOLUTION,
        PERSON,
        MEDIATOR,
        CENTRE,
    )
}


def _code(value: Any) -> str | None:
    return None if value is None else str(value)


def _utc(value: dt.datetime | None) -> dt.datetime | None:
    return None if value is None else value.astimezone(UTC)


def _milestone(name: str, milestone: Milestone) -> Cells:
    when = milestone.when
    return {
        name: milestone.state.value,
        f"{name}_at": _utc(when.instant) if when is not None else None,
        f"{name}_on": when.local_date if when is not None else None,
    }


def _money(name: str, currency: str, money: Money | None) -> Cells:
    return {} if money is None else {name: money.amount, currency: money.currency}


def case_rows(matter: Matter) -> list[FactsRow]:
    """All rows of a case, in every grain."""
    if not isinstance(matter, Case):
        raise TypeError("case_rows takes a Case")
    spells, panel = _spells(matter)
    return [
        _case_row(matter),
        *spells,
        *(_party_rows(matter)),
        *(_mediator_rows(matter, panel)),
        *(_session_rows(matter)),
        *(_resolution_rows(matter)),
    ]


def _registered_kind(case: Case) -> str | None:
    """The kind of attempt that a register names, where it does not say that one began."""
    first = in_force(case.events)[0][1]
    return _code(first.snapshot.attempt_kind) if isinstance(first, Registered) else None


def _case_row(case: Case) -> FactsRow:
    dispute, intake = case.dispute, case.intake
    latest = case.resolutions[-1] if case.resolutions else None
    own = {each.name: each.public for each in dispute.own if each.public is not None}
    cells: Cells = {
        "origin": case.origin.value,
        "centre": case.centre,
        "dispute_scheme": dispute.type.scheme,
        "dispute_type": dispute.type.code,
        "nature": _code(dispute.nature),
        "scale": dispute.scale,
        "difficulty": _code(dispute.difficulty),
        "source": _code(intake.source),
        "channel": intake.channel,
        "referrer_kind": intake.referrer_kind,
        "referral_kind": _code(intake.referral_kind),
        "attempt_kind": case.attempts[-1].kind.value if case.attempts else _registered_kind(case),
        "process": case.process.value,
        "file": case.file.value,
        "conclusion": _code(case.conclusion),
        "first_conclusion": _code(case.first_conclusion),
        "agreement": case.agreement,
        "parties": len(case.parties),
        "people_involved": dispute.people_involved,
        "units_involved": dispute.units_involved,
        "sessions": case.sessions_held,
        **_money("amount_claimed", "amount_claimed_currency", dispute.amount_claimed),
        "own": json.dumps(own, ensure_ascii=False, sort_keys=True) if own else None,
        "on_the_spot": any(each.on_the_spot for each in case.resolutions),
    }
    if latest is not None:
        cells["agreement_form"] = _code(latest.form)
        cells["compliance"] = _code(latest.compliance) or "unknown"
        cells.update(_money("amount_agreed", "amount_agreed_currency", latest.amount))
    for name in CASE_MILESTONES:
        cells.update(_milestone(name, getattr(case, name)))
    # A register's last look says nothing any more once the case is lived through here.
    if case.observed is not None and len(in_force(case.events)) == 1:
        cells["observed_at"], cells["observed_on"] = _utc(case.observed.instant), case.observed.local_date
    return _row(CASE, case, "", cells)


def _spell_cells(state: State) -> Cells:
    recent = state["resolutions"][state["resolutions_before"] :]
    return {
        "centre": state["centre"],
        "dispute_scheme": state["dispute"].type.scheme,
        "dispute_type": state["dispute"].type.code,
        "process": state["process"].value,
        "file": state["file"].value,
        "conclusion": _code(state["conclusion"]),
        "agreement": agreement_of(state["conclusion"], state["agreed"], recent),
    }


class _Panel:
    """From when to when the mediators of a case were at work: until its present ending, if it has one."""

    def __init__(self) -> None:
        self.begun: dict[str, dt.datetime | None] = {}
        self.ended: dt.datetime | None = None
        self._over = False

    def see(self, state: State, since: dt.datetime | None) -> None:
        """Take in the state that holds since then."""
        for each in state["assignments"]:
            self.begun.setdefault(each.id, since)
        over = state["process"] is Process.CONCLUDED
        if over != self._over:
            self._over, self.ended = over, since if over else None


def _spells(case: Case) -> tuple[list[FactsRow], _Panel]:
    """One row for each stretch of time in which what the spell says did not change; and who was at work in it."""
    steps = timeline(case.events)
    if case.as_of is not None:
        steps = [timed for timed in steps if timed.since is None or timed.since <= case.as_of]
    panel = _Panel()

    def cells_of(state: State, since: dt.datetime | None) -> Cells:
        panel.see(state, since)
        return _spell_cells(state)

    return _stretches(CASE_SPELL, case, steps, cells_of), panel


def _stretches(
    schema: FactsSchema,
    matter: Matter,
    steps: Iterable[TimedStep],
    cells_of: Callable[[State, dt.datetime | None], Cells],
) -> list[FactsRow]:
    found: list[tuple[dt.datetime | None, Cells]] = []
    state: State = {}
    for timed in steps:
        timed.step.effect(state)
        cells = cells_of(state, timed.since)
        if found and found[-1][0] == timed.since:
            found.pop()  # it held for no time at all
        if not found or found[-1][1] != cells:
            found.append((timed.since, cells))
    ends = [since for since, _ in found[1:]] + [None]
    return [
        _row(schema, matter, str(number), {**cells, "valid_from": since, "valid_to": until})
        for number, ((since, cells), until) in enumerate(zip(found, ends, strict=True), 1)
    ]


def _party_rows(case: Case) -> Iterable[FactsRow]:
    for party in case.parties:
        yield _row(
            CASE_PARTY,
            case,
            party.id,
            {
                "person": party.person,
                "side": party.side,
                "role": _code(party.role),
                "kind": party.kind.value,
                "sex": party.sex.value,
                "people": party.people,
            },
        )


def _mediator_rows(case: Case, panel: _Panel) -> Iterable[FactsRow]:
    for each in case.assignments:
        since, until = panel.begun[each.id], panel.ended
        yield _row(
            CASE_MEDIATOR,
            case,
            each.id,
            {
                "valid_from": since,
                "valid_to": until if since is None or until is None or until > since else since,
                "mediator": each.mediator,
                "role": each.role.value,
                "centre": case.centre,
            },
        )


def _session_rows(case: Case) -> Iterable[FactsRow]:
    for each in case.sessions:
        yield _row(
            CASE_SESSION,
            case,
            each.id,
            {
                "attempt": each.attempt,
                **_milestone("held", Milestone.at(each.held)),
                "format": _code(each.format),
                "medium": _code(each.medium),
                "minutes": each.minutes,
            },
        )


def _resolution_rows(case: Case) -> Iterable[FactsRow]:
    for each in case.resolutions:
        contact = each.last_contact.when
        yield _row(
            CASE_RESOLUTION,
            case,
            each.id,
            {
                "kind": each.kind.value,
                "form": _code(each.form),
                "on_the_spot": each.on_the_spot,
                "extent": each.extent.value,
                "state": each.stage.value,
                "compliance": _code(each.compliance),
                "confirmation": _code(each.confirmation),
                **_money("amount", "currency", each.amount),
                **_milestone("agreed", each.agreed),
                **_milestone("effective", each.effective),
                **_milestone("complied", each.complied),
                **_milestone("breached", each.breached),
                **_milestone("repudiated", each.repudiated),
                **_milestone("confirmed", each.confirmed),
                "last_contact_on": contact.local_date if contact is not None else None,
            },
        )


def record_rows(matter: Matter) -> list[FactsRow]:
    """The rows of a person, mediator or centre: one for each stretch of time with the same details."""
    if not isinstance(matter, Record):
        raise TypeError("record_rows takes a Person, Mediator or Centre")
    steps = [
        timed
        for timed in record_timeline(matter.events)
        if matter.as_of is None or timed.since is None or timed.since <= matter.as_of
    ]
    return _stretches(_SCHEMA_OF[type(matter.details)], matter, steps, _record_cells)


_SCHEMA_OF: Final[Mapping[type, FactsSchema]] = {
    PersonDetails: PERSON,
    MediatorDetails: MEDIATOR,
    CentreDetails: CENTRE,
}


def _record_cells(state: State, since: dt.datetime | None) -> Cells:
    details = state["details"]
    cells: Cells = {"status": "ended" if state["ended"].is_reached else "active", "kind": _code(details.kind)}
    if isinstance(details, CentreDetails):
        cells.update(centre=details.supervisor, host=details.host, region=details.region, zone=details.zone)
    else:
        cells["centre"] = details.centre
    if isinstance(details, MediatorDetails):
        cells.update(background=details.background, sex=details.sex.value)
    return cells
