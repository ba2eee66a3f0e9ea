"""Deliveries: what became of one notice to one recipient.

A delivery is a matter of its own. It names the case that it is about and never changes it:
that a letter went out is no event of the dispute.

::

    waiting ─> trying ─> taken
       ^          ├────> refused
       └──────────┘ (failed: again at ``due``)

``Tried`` is written before a channel is asked. Of two runners only one can write it; whoever
dies after it leaves a delivery that is due again when the claim ends.
"""

import datetime as dt
import enum
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, Self

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.matter import Event, Matter, State, moment
from community_mediation.domain.validators import (
    NARRATIVE,
    PERSONAL,
    PUBLIC,
    checked,
    code,
    identifier,
    matter_id,
)
from community_mediation.domain.values import UTC, When
from community_mediation.errors import IllegalMove, InvalidValue


class DeliveryStatus(enum.StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    TRYING = "trying"
    TAKEN = "taken"
    REFUSED = "refused"


FINAL: Final = frozenset({DeliveryStatus.TAKEN, DeliveryStatus.REFUSED})
"""Where a delivery stays."""


@frozen(kw_only=True, field_transformer=checked)
class Recipient:
    """Whom a notice goes to, and what it says: a subject of its own, so that it can be erased.

    Attributes:
        id: Always ``to``: a delivery has one recipient.
        person: The id of the ``Person``, where the book has one; erasing the person erases this.
        address: What the channel understands; ``None`` once it is erased.
        subject, body: The words.
    """

    subject_field: ClassVar[str] = "id"

    id: str = attrs.field(default="to", metadata=PUBLIC, validator=identifier)
    person: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    address: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)
    subject: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    body: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class Requested(Event):
    """A notice is to be delivered.

    Attributes:
        case: The id of the case that it is about, if any.
        channel: The name of the channel.
        kind: What it is about, a code.
        dedupe_key: Names the notice; it goes with every try.
        lang: The language of its words.
        recipient: Whom it goes to, and what it says.
        not_before: Not to be sent earlier; ``None``: at once.
    """

    case: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    channel: str = attrs.field(metadata=PUBLIC, validator=identifier)
    kind: str = attrs.field(metadata=PUBLIC, validator=code)
    dedupe_key: str = attrs.field(metadata=PUBLIC, validator=identifier)
    lang: str = attrs.field(default="en", metadata=PUBLIC, validator=code)
    recipient: Recipient = attrs.field(metadata=PUBLIC)
    not_before: When | None = attrs.field(default=None, metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class Tried(Event):
    """The notice is about to be handed over. Nobody else tries before *until*."""

    until: When = attrs.field(metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class Taken(Event):
    """The channel took it. ``reference`` is its number there, ``duplicate``: it had it before."""

    reference: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    duplicate: bool = attrs.field(default=False, metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class Refused(Event):
    """It will never be taken."""

    reason: str = attrs.field(metadata=PUBLIC, validator=code)


@frozen(kw_only=True, field_transformer=checked)
class Failed(Event):
    """It was not taken now."""

    next_try: When = attrs.field(metadata=PUBLIC)
    reason: str = attrs.field(metadata=PUBLIC, validator=code)


DELIVERY_EVENTS: Final[dict[str, type[Event]]] = {
    "delivery.requested": Requested,
    "delivery.tried": Tried,
    "delivery.taken": Taken,
    "delivery.refused": Refused,
    "delivery.failed": Failed,
}
"""The wire names of a delivery's events: part of the format, never changed."""


@frozen(kw_only=True)
class Delivery(Matter):
    """What became of one notice (送达、通知).

    Attributes:
        case, channel, kind, dedupe_key, lang, recipient: As requested.
        requested: When it was asked for.
        status: Where it stands.
        tries: How often it was begun to be handed over.
        due: From when it is to be tried (again); ``None`` once it is taken or refused.
        ended: When it was taken or refused.
        reference: The channel's number for it.
        duplicate: Whether the channel had taken the same notice before.
        reason: Why it was refused, or not taken the last time: a code.
    """

    case: str | None
    channel: str
    kind: str
    dedupe_key: str
    lang: str
    recipient: Recipient
    requested: When
    status: DeliveryStatus
    tries: int
    due: dt.datetime | None
    ended: When | None
    reference: str | None
    duplicate: bool
    reason: str | None

    @classmethod
    def request(
        cls,
        *,
        id: str,
        channel: str,
        kind: str,
        dedupe_key: str,
        recipient: Recipient,
        at: When,
        by: str,
        case: str | None = None,
        lang: str = "en",
        not_before: When | None = None,
    ) -> Self:
        """Ask for a delivery.

        Raises:
            InvalidValue: A value breaks its rule.
        """
        event = Requested(
            at=at,
            by=by,
            case=case,
            channel=channel,
            kind=kind,
            dedupe_key=dedupe_key,
            lang=lang,
            recipient=recipient,
            not_before=not_before,
        )
        return cls._build(matter_id(id), (), (event,))

    def trying(self, *, at: When, by: str, until: When) -> Self:
        """It is about to be handed over; nobody else does before *until*.

        Raises:
            IllegalMove: It is taken or refused.
        """
        return self._record("try", Tried(at=at, by=by, until=until), DeliveryStatus.WAITING, DeliveryStatus.TRYING)

    def taken(self, *, at: When, by: str, reference: str | None = None, duplicate: bool = False) -> Self:
        """The channel took it.

        Raises:
            IllegalMove: It is not being tried.
        """
        return self._record(
            "take", Taken(at=at, by=by, reference=reference, duplicate=duplicate), DeliveryStatus.TRYING
        )

    def refused(self, *, at: When, by: str, reason: str) -> Self:
        """It will never be taken.

        Raises:
            IllegalMove: It is not being tried.
        """
        return self._record("refuse", Refused(at=at, by=by, reason=reason), DeliveryStatus.TRYING)

    def failed(self, *, at: When, by: str, next_try: When, reason: str) -> Self:
        """It was not taken now, and is due again at *next_try*.

        Raises:
            IllegalMove: It is not being tried.
        """
        return self._record("fail", Failed(at=at, by=by, next_try=next_try, reason=reason), DeliveryStatus.TRYING)

    def is_due(self, now: dt.datetime) -> bool:
        """Whether it is to be tried now."""
        return self.due is not None and self.due <= now

    @property
    def recipient_subject(self) -> str:
        """Under which its address and words are erased: ``book.erase(delivery.recipient_subject, …)``."""
        return f"{self.id}/{self.recipient.id}"

    @classmethod
    def fold(cls, id: str, history: Sequence[Event]) -> Self:
        """The delivery that *history* tells of.

        Raises:
            InvalidValue: The history does not begin with a request.
        """
        return cls._build(id, tuple(history), ())

    def valid_at(self, when: When | dt.datetime) -> Self | None:
        """The delivery as it was then; ``None`` before it was requested."""
        at = moment(when)
        kept = 0
        for event in self.events:
            if (event.at.earliest or at) > at:
                break
            kept += 1
        if not kept:
            return None
        state = _state(self.events[:kept])
        return type(self)(id=self.id, history=self.history, pending=self.pending, as_of=at, **state)

    @classmethod
    def _build(cls, id: str, history: tuple[Event, ...], pending: tuple[Event, ...]) -> Self:
        return cls(id=id, history=history, pending=pending, **_state(history + pending))

    def _record(self, move: str, event: Event, *stages: DeliveryStatus) -> Self:
        self._must_be_current(move)
        if self.status not in stages:
            raise IllegalMove(self.status.value, move, _POSSIBLE[self.status])
        return self._build(self.id, self.history, (*self.pending, event))


_POSSIBLE: Final = {
    DeliveryStatus.WAITING: ("try",),
    DeliveryStatus.TRYING: ("try", "take", "refuse", "fail"),
    DeliveryStatus.TAKEN: (),
    DeliveryStatus.REFUSED: (),
}


def _state(events: Sequence[Event]) -> State:
    if not events or not isinstance(events[0], Requested):
        raise InvalidValue("a history that does not begin with a request for delivery")
    first = events[0]
    state: State = {
        "case": first.case,
        "channel": first.channel,
        "kind": first.kind,
        "dedupe_key": first.dedupe_key,
        "lang": first.lang,
        "recipient": first.recipient,
        "requested": first.at,
        "status": DeliveryStatus.WAITING,
        "tries": 0,
        "due": _moment(first.not_before or first.at),
        "ended": None,
        "reference": None,
        "duplicate": False,
        "reason": None,
    }
    for event in events[1:]:
        _EFFECTS.get(type(event), _nothing)(event, state)
    return state


def _moment(when: When) -> dt.datetime:
    """The first moment that it may mean; what nobody knows is due at once."""
    return when.earliest or dt.datetime(1970, 1, 1, tzinfo=UTC)


def _nothing(event: Any, state: State) -> None:
    """A second request, or an event of another kind: any history can be read."""


def _tried(event: Tried, state: State) -> None:
    state.update(status=DeliveryStatus.TRYING, tries=state["tries"] + 1, due=_moment(event.until))


def _taken(event: Taken, state: State) -> None:
    state.update(status=DeliveryStatus.TAKEN, due=None, ended=event.at, reason=None)
    state.update(reference=event.reference, duplicate=event.duplicate)


def _refused(event: Refused, state: State) -> None:
    state.update(status=DeliveryStatus.REFUSED, due=None, ended=event.at, reason=event.reason)


def _failed(event: Failed, state: State) -> None:
    state.update(status=DeliveryStatus.WAITING, due=_moment(event.next_try), reason=event.reason)


_EFFECTS: Final[dict[type[Event], Callable[[Any, State], None]]] = {
    Tried: _tried,
    Taken: _taken,
    Refused: _refused,
    Failed: _failed,
}
