"""Who and what is settled: the outcome per respondent and issue."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from community_mediation.domain.matter import State
from community_mediation.domain.people import Party, Role
from community_mediation.domain.resolution import Conclusion, Resolution, ResolutionKind, ResolutionStage

BESIDE = frozenset({Role.REPRESENTATIVE, Role.GUARDIAN, Role.WITNESS})
"""Roles of people who stand beside the quarrel: no agreement is theirs."""


def bindable(parties: Iterable[Party]) -> list[Party]:
    """The parties whom an agreement of all binds: those who are there, not those who stand for them or bear witness."""
    return [party for party in parties if party.is_present and party.role not in BESIDE]


def agreed_among(resolutions: Iterable[Resolution]) -> list[Resolution]:
    """The agreements that stand: no awards, private settlements or drafts, and none replaced or repudiated.

    An ending is judged when the case ends: what is repudiated later does not change it.
    """
    gone = {ResolutionStage.DRAFTED, ResolutionStage.VARIED, ResolutionStage.REPUDIATED}
    return [each for each in resolutions if each.kind is ResolutionKind.AGREEMENT and each.stage not in gone]


def agreements_in(state: State) -> list[Resolution]:
    """The agreements since the last reopening."""
    return agreed_among(state["resolutions"][state["resolutions_before"] :])


def unsettled(state: State) -> Conclusion:
    """How mediation ends with no agreement made now: what was agreed on the way stays agreed."""
    agreements = agreements_in(state)
    if not agreements:
        return Conclusion.NOT_SETTLED
    return Conclusion.SETTLED if covers(agreements, state) else Conclusion.SETTLED_IN_PART


class Binding(Protocol):
    """What an agreement says of whom it binds and what it resolves; nobody and nothing named: all."""

    @property
    def parties(self) -> tuple[str, ...]:
        """The ids of those whom it binds."""
        ...

    @property
    def issues(self) -> tuple[str, ...]:
        """The ids of the issues that it resolves."""
        ...


def covers(agreements: Sequence[Binding], state: State) -> bool:
    """Whether the agreements together resolve every issue of every respondent (of every party, if none is one).

    Who has left the case is no longer to be settled with; who stands in their place is.
    """
    if any(not each.parties and not each.issues for each in agreements):
        return True  # it binds all, and resolves all
    there = bindable(state["parties"])
    bound = {party.id for party in there if party.role is Role.RESPONDENT}
    bound = bound or {party.id for party in there}
    issues = {issue.id for issue in state["dispute"].issues} or {""}
    for_all = [each for each in agreements if not each.parties]
    binding: dict[str, list[Binding]] = {party: list(for_all) for party in bound or {""}}
    succeeded = {party.id: party.successor for party in state["parties"] if party.successor is not None}
    for each in agreements:
        binds = set(each.parties)
        for party in each.parties if succeeded else ():
            # Who succeeds a party is bound by what that party had agreed to, and so is who succeeds them.
            while (heir := succeeded.get(party)) is not None and heir not in binds:
                binds.add(heir)
                party = heir
        for party in binds & binding.keys():
            binding[party].append(each)
    # Parties whom the same agreements bind stand or fall together: a crowd costs no more than one of it.
    resolved_by = {frozenset(map(id, mine)): mine for mine in binding.values()}
    return all(
        any(not each.issues for each in mine) or issues <= {issue for each in mine for issue in each.issues}
        for mine in resolved_by.values()
    )
