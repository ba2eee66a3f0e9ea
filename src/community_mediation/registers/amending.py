"""What a row changes in a case that a register told before; nothing of what was lived through here since."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from community_mediation.casebook import Casebook
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Dispute
from community_mediation.domain.events import Amended, Corrected, Numbered, Registered, Transferred
from community_mediation.domain.history import in_force
from community_mediation.domain.matter import Event
from community_mediation.domain.snapshot import DESCRIPTION, Snapshot
from community_mediation.domain.values import When
from community_mediation.registers.forgotten import without_erased
from community_mediation.registers.refusing import conflict
from community_mediation.registers.snapshots import RowCase
from community_mediation.registers.untold import with_untold


def amended(book: Casebook, told: RowCase, case_id: str, *, at: When, by: str) -> Case | None:
    """The case with what the row changes, or ``None`` if it changes nothing.

    Raises:
        Refused: The row contradicts what was recorded here.
    """
    # Most rows change nothing: for them the journal is enough, and the case need not be folded.
    entries = book.history(case_id)
    events = [event for entry in entries for event in entry.events or ()]
    known = in_force(events)[0][1]
    if not isinstance(known, Registered):
        raise conflict("the case is lived through in this book")
    numbers = _new_numbers(events, known, told)
    told = attrs.evolve(told, snapshot=with_untold(told.snapshot, known.snapshot, told.columns))
    changed = _changes(known.snapshot, told.snapshot)
    erased = frozenset().union(*(entry.erased for entry in entries))
    if erased and not DESCRIPTION.isdisjoint(changed):
        told = attrs.evolve(told, snapshot=without_erased(told.snapshot, known.snapshot, case_id, erased))
        changed = _changes(known.snapshot, told.snapshot)
    moved = known.at != told.reported
    live = [event for event in events[1:] if not _of_the_register(event)]
    if live:
        course = [name for name in changed if name not in DESCRIPTION and name != "observed"]
        course += ["reported_at"] if moved else []
        if course:
            steps = "a step was" if len(live) == 1 else f"{len(live)} steps were"
            raise conflict(f"{steps} recorded here since, and the row changes {', '.join(sorted(course))}")
        changed = [name for name in changed if name in DESCRIPTION]
    if not changed and not moved and not numbers:
        return None
    case = Case.fold(case_id, events)
    if changed or moved:
        case = case.amend(
            at=at,
            by=by,
            snapshot=_only(told.snapshot, changed),
            fields=changed,
            reported=told.reported if moved else None,
        )
    return case.number(at=at, by=by, **numbers) if numbers else case


def _new_numbers(events: Sequence[Event], known: Registered, told: RowCase) -> dict[str, Any]:
    """The numbers that the row gives and the case does not have yet; a column that is empty takes none away."""
    has: dict[str, Any] = {"centre": known.centre, "reference": known.reference, "external": known.external}
    for event in events:
        if isinstance(event, Numbered):
            has.update(reference=event.reference or has["reference"], external=event.external or has["external"])
        elif isinstance(event, Transferred):
            has["centre"] = event.centre
    new = {}
    for name, value in has.items():
        given = getattr(told, name)
        if given is not None and value is not None and given != value:
            raise conflict("the same case has another number or centre in the book")
        if given is not None and value is None:
            new[name] = given
    return new


def _of_the_register(event: object) -> bool:
    return isinstance(event, Amended | Numbered) or (isinstance(event, Corrected) and event.target == 1)


def _changes(old: Snapshot, new: Snapshot) -> list[str]:
    return [field.name for field in attrs.fields(Snapshot) if getattr(old, field.name) != getattr(new, field.name)]


def _only(snapshot: Snapshot, names: list[str]) -> Snapshot:
    """The named fields of a snapshot, and no more of a person than they say."""
    given = {name: getattr(snapshot, name) for name in names}
    given.setdefault("dispute", Dispute(type=snapshot.dispute.type))
    return Snapshot(**given)
