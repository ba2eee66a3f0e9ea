"""How a matter becomes rows: pure functions of public fields only, so that erasing a person changes no figure."""

import datetime as dt
import json
import operator
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeVar

from community_mediation.domain.attempt import Assignment
from community_mediation.domain.case import Case, held_by
from community_mediation.domain.case_state import agreement_of
from community_mediation.domain.events import Registered
from community_mediation.domain.history import in_force
from community_mediation.domain.matter import Matter
from community_mediation.domain.outcome import bindable
from community_mediation.domain.people import PartyKind
from community_mediation.domain.resolution import Resolution, ResolutionKind, ResolutionStage
from community_mediation.domain.stages import Origin, Process
from community_mediation.domain.values import Reach
from community_mediation.facts.cells import Cells, at, code, full, money, row, told, utc
from community_mediation.facts.outcome_rows import answer_rows, resolution_rows, risk_rows, term_rows
from community_mediation.facts.schema import Cell, FactsRow
from community_mediation.facts.tables import CASE, CASE_MEDIATOR, CASE_MILESTONES, CASE_PARTY, CASE_SESSION, CASE_SPELL

AnyCells = TypeVar("AnyCells")


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
        *resolution_rows(matter),
        *term_rows(matter),
        *risk_rows(matter),
        *answer_rows(matter),
    ]


_MILESTONES: Final = tuple((name, f"{name}_at", f"{name}_on") for name in CASE_MILESTONES)
"""The columns of each milestone of a case."""
_OWN: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def _registered_kind(case: Case) -> str | None:
    """The kind of attempt that a register names, where it does not say that one began."""
    first = in_force(case.events)[0][1]
    return code(first.snapshot.attempt_kind) if isinstance(first, Registered) else None


def _case_row(case: Case) -> FactsRow:
    dispute, intake = case.dispute, case.intake
    latest = next((each for each in reversed(case.resolutions) if _is_agreement(each)), None)
    own = {each.name: each.public for each in dispute.own if each.public is not None}
    cells: Cells = {
        "origin": str(case.origin),
        "centre": case.centre,
        "dispute_scheme": dispute.type.scheme,
        "dispute_type": dispute.type.code,
        "nature": code(dispute.nature),
        "scale": dispute.scale,
        "difficulty": code(dispute.difficulty),
        "source": code(intake.source),
        "channel": intake.channel,
        "referrer_kind": intake.referrer_kind,
        "referral_kind": code(intake.referral_kind),
        "attempt_kind": str(case.attempts[-1].kind) if case.attempts else _registered_kind(case),
        "process": str(case.process),
        "file": str(case.file),
        "conclusion": code(case.conclusion),
        "first_conclusion": code(case.first_conclusion),
        "agreement": case.agreement,
        "parties": len(case.parties),
        "people_involved": dispute.people_involved,
        "units_involved": dispute.units_involved,
        "sessions": case.sessions_held,
        **money("amount_claimed", "amount_claimed_currency", dispute.amount_claimed),
        "own": _OWN.encode(own) if own else None,
        "on_the_spot": any(each.on_the_spot for each in case.resolutions),
        "reason": case.reason,
        "counted": case.is_counted,
        "litigation": case.litigation,
        "attempts": len(case.attempts) if case.origin is Origin.REPORTED or case.attempts else None,
        "people": _people(case),
    }
    if latest is not None:
        cells["agreement_form"] = code(latest.form)
        cells["compliance"] = code(latest.compliance) or "unknown"
        cells["confirmation"] = code(latest.confirmation)
        cells.update(money("amount_agreed", "amount_agreed_currency", latest.amount))
    for name, instant, day in _MILESTONES:
        cells[name], cells[instant], cells[day] = told(getattr(case, name))
    # A register's last look says nothing any more once the case is lived through here.
    if case.observed is not None and len(in_force(case.events)) == 1:
        cells["observed_at"], cells["observed_on"] = utc(case.observed.instant), case.observed.local_date
    return row(CASE, case, "", cells)


def _spell_cells(held: tuple[Any, ...]) -> tuple[Cell, ...]:
    centre, dispute, process, file, conclusion, agreed, resolutions, before, superseded_by, _ = held
    return (
        centre,
        dispute.type.scheme,
        dispute.type.code,
        str(process),
        str(file),
        code(conclusion),
        agreement_of(conclusion, agreed, resolutions[before:]),
        not superseded_by,
    )


class _Panel:
    """From when to when the mediators of a case were at work: until their release or its present ending, if any."""

    def __init__(self) -> None:
        self.begun: dict[str, dt.datetime | None] = {}
        self.released: dict[str, dt.datetime | None] = {}
        self.ended: dt.datetime | None = None
        self._over = False
        self._assignments: Sequence[Assignment] = ()

    def see(self, assignments: Sequence[Assignment], process: Process, since: dt.datetime | None) -> None:
        """Take in what holds since then."""
        if assignments is not self._assignments:
            self._assignments = assignments
            for each in assignments:
                self.begun.setdefault(each.id, since)
                if each.until.state is Reach.AT:
                    self.released.setdefault(each.id, since)
        over = process is Process.CONCLUDED
        if over != self._over:
            self._over, self.ended = over, since if over else None

    def until(self, assignment: Assignment) -> dt.datetime | None:
        """Up to when the work of an assignment went on; ``None``: it goes on."""
        released = self.released.get(assignment.id)
        if released is None or (self.ended is not None and self.ended < released):
            return self.ended
        return released


def _is_agreement(resolution: Resolution) -> bool:
    return resolution.kind is not ResolutionKind.AWARD and resolution.stage is not ResolutionStage.DRAFTED


def _people(case: Case) -> int | None:
    """How many natural persons the parties are; ``None`` where a group's number is not known, or no party is recorded.

    An organisation is no person (涉及当事人数 counts 人, and 涉及单位 the organisations).
    """
    counts = [
        0 if party.kind is PartyKind.ORGANISATION else 1 if party.people is None else party.people
        for party in bindable(case.parties)
    ]
    unknown = any(party.people is None and party.kind is PartyKind.GROUP for party in case.parties)
    return None if unknown or not counts else sum(counts)


def _spells(case: Case) -> tuple[list[FactsRow], _Panel]:
    """One row for each stretch of time in which what the spell says did not change; and who was at work in it."""
    panel = _Panel()
    steps: list[tuple[dt.datetime | None, tuple[Cell, ...]]] = []
    last: tuple[Any, ...] = ()
    cells: tuple[Cell, ...] = ()
    for since, held in held_by(case):
        panel.see(held[-1], held[2], since)
        # Most events leave all of it as it was, down to the very objects; who was at work does not matter here.
        if not last or not all(map(operator.is_, held[:-1], last)):
            last, cells = held[:-1], _spell_cells(held)
        steps.append((since, cells))
    return [
        full(CASE_SPELL, case, str(number), since, until, *cells)
        for number, (since, until, cells) in enumerate(stretches(steps), 1)
    ], panel


def stretches(
    steps: Iterable[tuple[dt.datetime | None, AnyCells]],
) -> list[tuple[dt.datetime | None, dt.datetime | None, AnyCells]]:
    """From and up to when the cells did not change; *steps*: which from when, in that order."""
    found: list[tuple[dt.datetime | None, AnyCells]] = []
    for since, cells in steps:
        if found and found[-1][0] == since:
            found.pop()  # it held for no time at all
        if not found or (found[-1][1] is not cells and found[-1][1] != cells):
            found.append((since, cells))
    ends = [since for since, _ in found[1:]] + [None]
    return [(since, until, cells) for (since, cells), until in zip(found, ends, strict=True)]


def _party_rows(case: Case) -> Iterable[FactsRow]:
    for party in case.parties:
        yield full(
            CASE_PARTY,
            case,
            party.id,
            party.person,
            party.side,
            code(party.role),
            str(party.kind),
            str(party.sex),
            party.people,
            party.joined.local_date if party.joined is not None else None,
            *told(party.left),
            code(party.left_reason),
            party.successor,
        )


def _mediator_rows(case: Case, panel: _Panel) -> Iterable[FactsRow]:
    for each in case.assignments:
        since, until = panel.begun[each.id], panel.until(each)
        yield full(
            CASE_MEDIATOR,
            case,
            each.id,
            since,
            until if since is None or until is None or until > since else since,
            each.mediator,
            str(each.role),
            case.centre,
            code(each.chosen),
        )


def _session_rows(case: Case) -> Iterable[FactsRow]:
    for each in case.sessions:
        yield full(
            CASE_SESSION,
            case,
            each.id,
            each.attempt,
            *at(each.held),
            code(each.format),
            code(each.medium),
            each.minutes,
        )
