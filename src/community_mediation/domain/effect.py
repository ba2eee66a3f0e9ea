"""What each event changes, written once: the function that every module of effects registers with."""

from functools import singledispatch

from community_mediation.domain.matter import Event, State


@singledispatch
def apply(event: Event, state: State) -> None:
    """Work the event's effect into *state*. Events without an effect of their own leave it alone."""
