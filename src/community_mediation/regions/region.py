"""A region: everything that holds in one place."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from community_mediation.domain.matter import Event, Matter
from community_mediation.ports import Label, Objection


@attrs.frozen(kw_only=True)
class Region:
    """A place whose rules a centre follows.

    Attributes:
        name: Its name in code; centres name it in ``CentreDetails.region``.
        title: Its name for people.
    """

    name: str
    title: Label

    def objections(self, before: Matter | None, event: Event, after: Matter) -> Sequence[Objection]:
        """What the rules of the region say against an event; see ``mediation_check``."""
        return ()
