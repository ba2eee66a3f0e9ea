"""A mediator with a disclosed conflict of interest acts only with the parties' recorded consent.

It holds everywhere: People's Mediation Law of the PRC (2010), art. 15(1) (no partiality); the European Code of Conduct
for Mediators (2004), 2.1; the Uniform Mediation Act, sec. 9.
"""

from typing import Protocol

from community_mediation.domain.events import Adopted, Drafted, Resolved, SessionHeld
from community_mediation.domain.matter import Event, State
from community_mediation.domain.outcome import bindable
from community_mediation.domain.proceedings import ConflictOfInterest, Consent, ConsentTo
from community_mediation.domain.resolution import ResolutionKind
from community_mediation.errors import IllegalMove


class Refuse(Protocol):
    """Makes the error that refuses a move."""

    def __call__(self, stage: str, why: str = "") -> IllegalMove:
        """The error for a case at this stage."""
        ...


def unconsented(state: State) -> list[str]:
    """The mediators at work who disclosed a conflict of interest to which not every party has consented."""
    at_work = {each.mediator for each in state["assignments"] if not each.until.is_reached}
    conflicts = [each for each in state["items"] if isinstance(each, ConflictOfInterest) and each.mediator in at_work]
    if not conflicts:
        return []
    parties = [party.id for party in bindable(state["parties"])]
    said: dict[tuple[str, str | None], bool] = {}
    for each in state["items"]:
        if isinstance(each, Consent) and each.to is ConsentTo.CONFLICT_OF_INTEREST:
            said[each.party, each.about] = each.given
    result = []
    for conflict in conflicts:
        # What is said of this very conflict goes before what is said of conflicts in general.
        consents = (said.get((party, conflict.id), said.get((party, None), False)) for party in parties)
        if not all(consents):
            result.append(conflict.mediator)
    return result


def check_conflicts(event: Event, state: State, refuse: Refuse) -> None:
    """Refuse that a mediator with a conflict of interest acts without the parties' consent.

    Raises:
        IllegalMove: One would.
    """
    if not isinstance(event, SessionHeld | Resolved | Drafted | Adopted):
        return
    if isinstance(event, Resolved) and event.kind is ResolutionKind.PRIVATE_SETTLEMENT:
        return
    if mediators := unconsented(state):
        raise refuse(
            state["process"],
            f"mediator {mediators[0]} disclosed a conflict of interest: record the consent of every party, "
            "or release the mediator",
        )
