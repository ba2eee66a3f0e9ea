"""The outbox: what is to be delivered, and trying it.

Two runners may work at once. Before a notice is handed over, the runner records that it
tries; of two, only one can, and the other leaves the notice alone. What a runner that died had
begun is due again when its claim ends. So a notice is sent twice in two cases only: the
runner died, or lost the book, between the sending and its record; or a channel took longer
than the claim. Both times it goes with the same key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import attrs

from community_mediation.casebook import Casebook
from community_mediation.deliveries.kinds import delivery_key
from community_mediation.domain.delivery import Delivery, Recipient
from community_mediation.domain.values import When
from community_mediation.errors import (
    Blocked,
    ChannelRefused,
    ChannelUnavailable,
    InvalidQuery,
    InvalidValue,
    KeyTaken,
    VersionConflict,
)
from community_mediation.ports import Channel, Filter, Finding, Notice, Op, Receipt, Severity

CLAIM: Final = dt.timedelta(minutes=10)
"""How long nobody else tries what a runner has begun."""
_PAGE: Final = 200
_TICK: Final = dt.timedelta(microseconds=1)


def backoff(tries: int) -> dt.timedelta:
    """How long to wait after so many tries: 1, 2, 4, … minutes, and six hours at most."""
    return min(dt.timedelta(minutes=2 ** min(tries - 1, 20)), dt.timedelta(hours=6))


@attrs.frozen(kw_only=True)
class Summary:
    """What one run did.

    Attributes:
        taken: Notices that channels took.
        duplicates: Those among them that a channel had taken before.
        refused: Notices that never will be.
        failed: Notices that are tried again later.
        left: Notices that another runner had in hand.
        findings: Channels that are missing, or failed in a way that their contract does not know; and that a check does
            not let a try be recorded.
    """

    taken: int = 0
    duplicates: int = 0
    refused: int = 0
    failed: int = 0
    left: int = 0
    findings: tuple[Finding, ...] = ()


class Outbox:
    """The deliveries of a book.

    Args:
        book: The book; its deliveries are its own.
        by: The account that records.
        claim: How long nobody else tries what this one has begun; longer than the slowest channel takes.
        wait: How long to wait after so many tries.
    """

    def __init__(
        self,
        book: Casebook,
        *,
        by: str = "outbox",
        claim: dt.timedelta = CLAIM,
        wait: Callable[[int], dt.timedelta] = backoff,
    ) -> None:
        self._book, self._by, self._claim, self._wait = book, by, claim, wait

    def request(
        self,
        notice: Notice,
        *,
        channel: str,
        person: str | None = None,
        not_before: dt.datetime | None = None,
        at: dt.datetime | None = None,
    ) -> Delivery:
        """Ask for a notice to be delivered. Asking again with the same channel and key gives what is there already.

        Args:
            notice: What to deliver.
            channel: The name of the channel; it need not be there yet.
            person: The id of the person it goes to: erasing the person erases its address and words.
            not_before: Not to be sent earlier.
            at: When it is asked for; now, if not given.

        Raises:
            NotFound: The book has no such case.
            InvalidValue: A value breaks its rule.
        """
        if (known := self.find(channel, notice.dedupe_key)) is not None:
            return known
        if notice.case is not None:
            self._book.history(notice.case)
        delivery = Delivery.request(
            id=self._book.new_id(),
            case=notice.case,
            channel=channel,
            kind=notice.kind,
            dedupe_key=notice.dedupe_key,
            lang=notice.lang,
            recipient=Recipient(person=person, address=notice.to, subject=notice.subject, body=notice.body),
            not_before=None if not_before is None else When.at(not_before),
            at=When.at(at or self._book.now()),
            by=self._by,
        )
        try:
            return self._book.save(delivery)
        except KeyTaken as error:
            found: Delivery = self._book.get(error.holder)
            return found

    def find(self, channel: str, dedupe_key: str) -> Delivery | None:
        """The delivery of a notice by a channel, if it was asked for."""
        holder = self._book.holder(delivery_key(channel, dedupe_key))
        return None if holder is None else self._book.get(holder)

    def due(self, now: dt.datetime | None = None) -> Iterator[Delivery]:
        """The deliveries that are to be tried now, the longest due first.

        Raises:
            InvalidQuery: *now* has no zone.
        """
        now = self._book.now() if now is None else now
        if now.utcoffset() is None:
            raise InvalidQuery("A moment to ask about needs its zone. Give the datetime a tzinfo.")
        past = Filter("due_at", Op.RANGE, (None, now.astimezone(dt.UTC) + _TICK))
        after = None
        while True:
            page = self._book.find("delivery", where=[past], order_by="due_at", limit=_PAGE, after=after)
            for row in page.rows:
                # Read again: another runner may have tried it since the page was made.
                delivery: Delivery = self._book.get(str(row["matter_id"]))
                if delivery.is_due(now):
                    yield delivery
            if (after := page.after) is None:
                return

    def run(
        self,
        channels: Iterable[Channel] | Mapping[str, Channel],
        *,
        now: dt.datetime | None = None,
        limit: int | None = None,
    ) -> Summary:
        """Try what is due, once each.

        A channel that refuses is not asked again for that notice; one that is unavailable, or fails in another way,
        is asked later. The run goes on whatever a channel does.

        Args:
            channels: The channels that are there.
            now: The moment that it is; by the book's clock, if not given.
            limit: At most so many notices.

        Raises:
            InvalidValue: Two channels have the same name.
            InvalidQuery: A wrong moment or limit.
            StoreError: The book cannot be read or written; what was handed over before stays recorded.
        """
        named = _named(channels.values() if isinstance(channels, Mapping) else channels)
        if limit is not None and (type(limit) is not int or limit < 0):
            raise InvalidQuery("A limit is a whole number of notices, 0 or more.")
        moment = self._book.now() if now is None else now
        counts = dict.fromkeys(("taken", "duplicates", "refused", "failed", "left"), 0)
        findings: dict[tuple[str, str], Finding] = {}
        tried = 0
        for delivery in self.due(moment):
            if limit is not None and tried >= limit:
                break
            if (channel := named.get(delivery.channel)) is None:
                findings.setdefault((delivery.channel, ""), _missing(delivery.channel))
                continue
            tried += 1
            self._try(delivery, channel, moment, counts, findings)
        return Summary(**counts, findings=tuple(findings.values()))

    def _try(
        self,
        delivery: Delivery,
        channel: Channel,
        now: dt.datetime,
        counts: dict[str, int],
        findings: dict[tuple[str, str], Finding],
    ) -> None:
        at = When.at(now)
        try:
            claimed = self._book.save(delivery.trying(at=at, by=self._by, until=When.at(now + self._claim)))
        except VersionConflict:
            counts["left"] += 1
            return
        except Blocked as error:
            findings.setdefault((delivery.channel, "blocked"), _blocked(error))
            return
        outcome, after = self._outcome(claimed, channel, at, now, findings)
        try:
            try:
                self._book.save(after)
            except Blocked:
                if after.reference is None:
                    raise
                # It was sent: a number that may not be kept is no reason to send it again.
                after = claimed.taken(at=at, by=self._by, duplicate=after.duplicate)
                self._book.save(after)
        except VersionConflict:
            # The claim ended, and another runner tried it too: what that one records stands.
            counts["left"] += 1
            return
        except Blocked as error:
            findings.setdefault((delivery.channel, "blocked"), _blocked(error))
            return
        counts[outcome] += 1
        counts["duplicates"] += after.duplicate

    def _outcome(
        self,
        delivery: Delivery,
        channel: Channel,
        at: When,
        now: dt.datetime,
        findings: dict[tuple[str, str], Finding],
    ) -> tuple[str, Delivery]:
        if (notice := _notice(delivery)) is None:
            return "refused", delivery.refused(at=at, by=self._by, reason="erased")
        later = When.at(now + self._wait(delivery.tries))
        try:
            receipt: object = channel.send(notice)
            if not isinstance(receipt, Receipt) or receipt.dedupe_key != notice.dedupe_key:
                raise TypeError("no receipt of this notice")
            return "taken", _taken(delivery, receipt, at, self._by)
        except ChannelRefused:
            return "refused", delivery.refused(at=at, by=self._by, reason="refused")
        except ChannelUnavailable:
            return "failed", delivery.failed(at=at, by=self._by, next_try=later, reason="unavailable")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a plugin's channel raises: the others go on
            fault = type(error).__name__
            findings.setdefault((delivery.channel, fault), _fault(delivery.channel, fault))
            return "failed", delivery.failed(at=at, by=self._by, next_try=later, reason="fault")


def deliver(
    book: Casebook,
    notices: Iterable[Notice],
    channels: Iterable[Channel],
    *,
    channel: str,
    now: dt.datetime | None = None,
    by: str = "outbox",
) -> Summary:
    """Ask for *notices* to go by *channel*, and try everything that is due: the outbox in one call.

    Raises:
        NotFound: A notice names a case that the book does not have; nothing is tried.
        InvalidValue, InvalidQuery, StoreError: As for ``Outbox``.
    """
    outbox = Outbox(book, by=by)
    for notice in notices:
        outbox.request(notice, channel=channel, at=now)
    return outbox.run(channels, now=now)


def _notice(delivery: Delivery) -> Notice | None:
    to = delivery.recipient
    if to.address is None:
        return None
    return Notice(
        dedupe_key=delivery.dedupe_key,
        kind=delivery.kind,
        case=delivery.case,
        lang=delivery.lang,
        to=to.address,
        subject=to.subject or "",
        body=to.body or "",
    )


def _taken(delivery: Delivery, receipt: Receipt, at: When, by: str) -> Delivery:
    duplicate, address = bool(receipt.duplicate), (delivery.recipient.address or "").strip()
    try:
        reference = receipt.reference or None
        if reference is not None and address and address in reference:
            # A number is public, and could not be erased with the recipient.
            reference = None
        return delivery.taken(at=at, by=by, reference=reference, duplicate=duplicate)
    except (InvalidValue, TypeError):
        # It was sent: a number that cannot be kept is no reason to send it again.
        return delivery.taken(at=at, by=by, duplicate=duplicate)


def _named(channels: Iterable[Channel]) -> dict[str, Channel]:
    result: dict[str, Channel] = {}
    for channel in channels:
        if channel.name in result:
            raise InvalidValue(f"two channels are called {channel.name!r}", remedy="Pass one of each name.")
        result[channel.name] = channel
    return result


def _missing(name: str) -> Finding:
    return Finding(
        "channel.missing",
        Severity.WARNING,
        f"Notices wait for channel {name!r}, which is not there.",
        "Enable the plugin that brings it, or configure it.",
    )


def _blocked(error: Blocked) -> Finding:
    return Finding(
        "delivery.blocked",
        Severity.ERROR,
        f"A try of a notice could not be recorded: {error}",
        "Mend the plugin that objects; the notice is tried again later.",
    )


def _fault(name: str, fault: str) -> Finding:
    return Finding(
        "channel.fault",
        Severity.ERROR,
        f"Channel {name!r} failed with {fault}, which no channel may raise; its notices are tried again later.",
        "Mend or upgrade the plugin that brings it.",
    )
