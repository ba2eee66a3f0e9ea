"""What the library asks of a notification channel."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import attrs

from community_mediation.domain.frozen import frozen


@frozen(kw_only=True)
class Notice:
    """One message to one recipient.

    Attributes:
        dedupe_key: Stable over retries: a channel that can recognise it sends the same notice only once.
        kind: What it is about: ``hearing``, ``deadline``, ``follow_up``, … (a code).
        case: The id of the case that it is about, if any.
        lang: The language of its words.
        to: The address that the channel understands. Personal: hidden from ``repr``.
        subject, body: The words. Personal: hidden from ``repr``.
    """

    dedupe_key: str
    kind: str
    case: str | None = None
    lang: str = "en"
    to: str = attrs.field(repr=False)
    subject: str = attrs.field(default="", repr=False)
    body: str = attrs.field(default="", repr=False)


@frozen(kw_only=True)
class Receipt:
    """What a channel gives back for a notice that it took.

    Attributes:
        dedupe_key: That of the notice.
        reference: The channel's own number for it, without personal data; empty if it has none.
        duplicate: The channel had taken the same notice before, and did not send it again.
    """

    dedupe_key: str
    reference: str = ""
    duplicate: bool = False


@runtime_checkable
class Channel(Protocol):
    """A way to reach people: mail, a messenger, a text message, paper.

    Delivery is at least once: after a failure, or a crash whose outcome nobody saw, the same
    notice comes again with the same ``dedupe_key``. ``send`` may be called from any thread.
    """

    @property
    def name(self) -> str:
        """Its name in settings and in the stream of deliveries; unique, such as ``mail``."""
        ...

    def send(self, notice: Notice) -> Receipt:
        """Hand one notice over; returns when the channel has taken it.

        Raises:
            ChannelRefused: It will never be taken: no such recipient, too long. Not tried again.
            ChannelUnavailable: Not now: no network, too many at once. It is tried again later.
        """
        ...
