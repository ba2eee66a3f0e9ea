"""What a file has no column for: it says nothing of it, and the case keeps what it has.

An empty cell says *unknown*; a column that is not there says nothing. A file with three columns
amends those three, and takes no person, date or outcome away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import attrs

from community_mediation.domain.dispute import Dispute, Intake
from community_mediation.domain.people import Role
from community_mediation.domain.snapshot import Snapshot
from community_mediation.registers.columns import OWN

_PEOPLE: Final = {
    "applicants": Role.APPLICANT,
    "respondents": Role.RESPONDENT,
    "third_parties": Role.THIRD_PARTY,
}
_ENDINGS: Final = ("status", "conclusion", "agreed_at", "concluded_at", "closed_at")
_SIGNS: Final = ("agreement_form", "amount_agreed", "compliance", "complied_at", "breached_at", "repudiated_at")
_RISK: Final = ("escalation_kind", "escalation_persons", "escalation_reported", "escalation_averted")
_VISIT: Final = ("follow_up_at", "follow_up_kept", "satisfaction_applicant", "satisfaction_respondent")

SOURCES: Final[Mapping[str, tuple[str, ...]]] = {
    "mediators": ("mediators",),
    "status": _ENDINGS,
    "attempt_kind": ("process",),
    "sessions": ("sessions",),
    "session_format": ("session_format",),
    "session_medium": ("session_medium",),
    "accepted": ("accepted_at",),
    "agreed_to_mediate": (),
    "begun": (),
    "first_session": ("first_session_at",),
    "joint_session": ("joint_session_at",),
    "agreed": ("agreed_at", "conclusion", *_SIGNS),
    "concluded": _ENDINGS,
    "closed": ("status", "closed_at"),
    "conclusion": ("conclusion", *_SIGNS, "agreed_at"),
    "agreement_form": ("agreement_form",),
    "amount_agreed": ("amount_agreed",),
    "compliance": ("compliance",),
    "complied": ("complied_at", "compliance"),
    "breached": ("breached_at", "compliance"),
    "repudiated": ("repudiated_at",),
    "litigation": ("litigation",),
    "confirmation": ("confirmation",),
    "confirmed": ("confirmed_at", "confirmation"),
    "risk": _RISK,
    "follow_up": _VISIT,
    "observed": ("recorded_at",),
}
"""Field of a snapshot -> the columns that tell it; dispute, intake and parties are told part by part."""


def with_untold(told: Snapshot, known: Snapshot, columns: Collection[str]) -> Snapshot:
    """What a row tells, with what the case has wherever the file has no column.

    Args:
        told: What the row tells.
        known: What the book has.
        columns: The columns of the file, own ones as ``own.NAME``.
    """
    kept: dict[str, Any] = {
        name: getattr(known, name) for name, sources in SOURCES.items() if not any(each in columns for each in sources)
    }
    kept["dispute"] = _dispute(told.dispute, known.dispute, columns)
    kept["intake"] = attrs.evolve(
        told.intake, **{field.name: getattr(known.intake, field.name) for field in _missing(Intake, columns)}
    )
    kept["parties"] = (
        *(party for party in told.parties if party.role is not None),
        *(party for party in known.parties if not _is_told(party.role, columns)),
    )
    return attrs.evolve(told, **kept)


def _missing(cls: type[attrs.AttrsInstance], columns: Collection[str]) -> list[Any]:
    return [field for field in attrs.fields(cls) if field.name not in columns]


def _is_told(role: Role | None, columns: Collection[str]) -> bool:
    return any(mine is role and column in columns for column, mine in _PEOPLE.items())


def _dispute(told: Dispute, known: Dispute, columns: Collection[str]) -> Dispute:
    elsewhere = {"type", "own"}
    kept: dict[str, Any] = {
        field.name: getattr(known, field.name) for field in _missing(Dispute, columns) if field.name not in elsewhere
    }
    own = {each.name: each for each in known.own if f"{OWN}{each.name}" not in columns}
    own.update({each.name: each for each in told.own})
    kept["own"] = tuple(own[name] for name in sorted(own))
    return attrs.evolve(told, **kept)
