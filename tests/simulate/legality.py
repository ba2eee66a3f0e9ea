"""Whether a case could have been recorded by moves: event by event, each judged where it stands."""

from __future__ import annotations

import attrs

import community_mediation as cm
from community_mediation.domain.history import illegal


def wrongs(case: cm.Case) -> list[str]:
    """What is wrong with its events: what no move would have recorded, or what moves would have made otherwise."""
    found = [f"event {number}: {error}" for number, error in illegal(case.events).items()]
    lived = cm.Case.fold(case.id, case.events[:1])
    for number, event in enumerate(case.events[1:], 2):
        try:
            lived = lived._record(event)
        except cm.MediationError as error:
            found.append(f"event {number} as a move: {error}")
    return found or [
        field.name
        for field in attrs.fields(cm.Case)
        # What a case notes on its way counts for nothing.
        if field.eq
        and field.name not in ("history", "pending")
        and getattr(lived, field.name) != getattr(case, field.name)
    ]
