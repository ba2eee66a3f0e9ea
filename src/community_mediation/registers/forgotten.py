"""What was erased here and stands in a register still: it is not taken again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import attrs

from community_mediation.domain.dispute import Dispute, OwnValue
from community_mediation.domain.people import Party
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.validators import SENSITIVITY, Sensitivity


def _private(cls: type[attrs.AttrsInstance]) -> tuple[str, ...]:
    return tuple(
        field.name
        for field in attrs.fields(cls)
        if field.metadata.get(SENSITIVITY, Sensitivity.NONE) is not Sensitivity.NONE
    )


_WORDS: Final = _private(Dispute)
_OF_PARTY: Final = _private(Party)


def without_erased(told: Snapshot, known: Snapshot, case_id: str, erased: Collection[str]) -> Snapshot:
    """What a row tells of a case, without what was erased of that case and not recorded again since.

    Args:
        told: What the row tells.
        known: What the book has.
        case_id: The case.
        erased: The subjects whose private parts were removed from its entries.
    """
    dispute = told.dispute
    if case_id in erased:
        owned = {each.name: each for each in known.dispute.own}
        gone: dict[str, Any] = {name: None for name in _WORDS if getattr(known.dispute, name) is None}
        dispute = attrs.evolve(dispute, own=tuple(_own(each, owned.get(each.name)) for each in dispute.own), **gone)
    there = {party.id: party for party in known.parties}
    parties = tuple(
        _party(party, there[party.id]) if f"{case_id}/{party.id}" in erased and party.id in there else party
        for party in told.parties
    )
    return attrs.evolve(told, dispute=dispute, parties=parties)


def _own(told: OwnValue, known: OwnValue | None) -> OwnValue:
    gone = known is not None and known.public is None and known.value is None
    return attrs.evolve(told, value=None) if gone else told


def _party(told: Party, known: Party) -> Party:
    gone: dict[str, Any] = {name: None for name in _OF_PARTY if getattr(known, name) is None}
    return attrs.evolve(told, **gone)
