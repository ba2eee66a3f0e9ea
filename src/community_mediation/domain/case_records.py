"""The moves of a case that note, correct and relate: what stands in the file and where the case goes on."""

from collections.abc import Iterable
from typing import Self

import attrs

from community_mediation.domain import events as ev
from community_mediation.domain.case_outcome import CaseOutcome
from community_mediation.domain.dispute import Dispute
from community_mediation.domain.frozen import frozen
from community_mediation.domain.item import Item
from community_mediation.domain.items import ITEMS
from community_mediation.domain.matter import Event
from community_mediation.domain.rules import BIRTHS, MOVES, check_birth
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.stages import Move, Origin
from community_mediation.domain.validators import items
from community_mediation.domain.values import ExternalId, When
from community_mediation.errors import IllegalMove, InvalidValue

_NAMES = {cls: name.replace("_", "-") for name, cls in ITEMS.items()}


@frozen(kw_only=True)
class CaseRecords(CaseOutcome):
    """Moves that note something, put it right, or relate the case to others."""

    def record(self, item: Item, *, at: When, by: str) -> Self:
        """Note something: a paper served, a payment, a signature, a legal step, a danger. See ``cm.items``.

        It may be noted at any stage, after the file is closed as well. What it is about must be in the case.

        Raises:
            InvalidValue: It names something that the case does not have; its id is taken; someone signs who has left.
            IllegalMove: A legal step about a resolution that cannot be repudiated, confirmed or executed.
        """
        if type(item) not in _NAMES:
            raise InvalidValue(
                "that is nothing that a case notes", path="$.item", remedy="Pass one of the classes in cm.items."
            )
        others = (*self.items, *self.risks)
        id = self._next(_NAMES[type(item)], others) if item.id is None else item.id
        return self._record(ev.Recorded(at=at, by=by, item=attrs.evolve(item, id=id, when=None)))

    def describe(self, dispute: Dispute, *, at: When, by: str) -> Self:
        """Describe the quarrel anew: another type, further issues or claims, a better brief. All of it is given anew.

        Raises:
            InvalidValue: Two issues or claims share an id, or a claim is of someone who is no party.
        """
        return self._record(ev.DisputeDescribed(at=at, by=by, dispute=dispute))

    def transfer(self, centre: str, *, at: When, by: str, reason: str | None = None) -> Self:
        """Hand the case with its file to another centre of the same book. To a body outside, record a ``Referral``."""
        return self._record(ev.Transferred(at=at, by=by, centre=centre, reason=reason))

    def number(self, *, at: When, by: str, reference: str | None = None, external: ExternalId | None = None) -> Self:
        """Give the case a number on its papers, or in another system.

        Raises:
            InvalidValue: No number is given.
        """
        return self._record(ev.Numbered(at=at, by=by, reference=reference, external=external))

    def merge(self, *, into: str, at: When, by: str, note: str | None = None) -> Self:
        """The case is the same quarrel as another, which goes on: from now on only that one is counted (并案).

        It ends as void and points on. Note the other side there with ``Link(kind=ABSORBED, case=…)``, and save both in
        one commit.

        Raises:
            IllegalMove: The case goes on elsewhere already.
            InvalidValue: It would go on in itself.
        """
        self._not_itself((into,), "$.into")
        return self._record(ev.Merged(at=at, by=by, into=into, note=note))

    def split(self, *, into: Iterable[str], at: When, by: str, note: str | None = None) -> Self:
        """The case is several quarrels: from now on only those are counted (分案). They are reported as cases.

        It ends as void and points on. Note in each of them ``Link(kind=SPLIT_FROM, case=…)``.

        Raises:
            IllegalMove: The case goes on elsewhere already.
            InvalidValue: Into fewer than two, or into itself.
        """
        parts = items(into, "$.into")
        if len(set(parts)) < 2 or len(set(parts)) < len(parts):
            raise InvalidValue("a split into fewer than two different cases", path="$.into")
        self._not_itself(parts, "$.into")
        return self._record(ev.Split(at=at, by=by, into=parts, note=note))

    def _not_itself(self, others: Iterable[str], path: str) -> None:
        if self.id in others:
            raise InvalidValue("a case does not go on in itself", path=path)

    def correct(self, number: int, replacement: Event | None, *, at: When, by: str, reason: str | None = None) -> Self:
        """Put *replacement* in the place of event *number* (1 is the first); ``None`` strikes it.

        Raises:
            InvalidValue: There is no such event; it is itself a correction; a birth was to be struck or replaced
                by something else than a birth of the same kind; the replacement is no event of a case.
            IllegalMove: What was recorded after it would become impossible: correct that first.
        """
        events = self.events
        if type(number) is not int or not 1 <= number <= len(events):
            raise InvalidValue("no event has that number", path="$.number", remedy=f"They run from 1 to {len(events)}.")
        target = events[number - 1]
        if isinstance(target, ev.Corrected | ev.Amended):
            raise InvalidValue(
                "a correction is not corrected",
                path="$.number",
                remedy="Correct the event that it stands for once more.",
            )
        if isinstance(target, BIRTHS) != isinstance(replacement, BIRTHS) or (
            isinstance(target, BIRTHS) and type(target) is not type(replacement)
        ):
            raise InvalidValue(
                "the first event, and only it, is the birth of the case",
                path="$.replacement",
                remedy=f"Replace it with another {type(events[0]).__name__}, and others with other moves.",
            )
        if isinstance(replacement, ev.Corrected | ev.Amended):
            raise InvalidValue("a correction puts one event in the place of another", path="$.replacement")
        if isinstance(replacement, Event) and type(replacement) not in {*BIRTHS, *MOVES}:
            raise InvalidValue(f"a {type(replacement).__name__} is no event of a case", path="$.replacement")
        if isinstance(replacement, BIRTHS):
            check_birth(replacement)
        return self._record(ev.Corrected(at=at, by=by, target=number, replacement=replacement, reason=reason))

    def amend(
        self, *, at: When, by: str, snapshot: Snapshot, fields: Iterable[str], reported: When | None = None
    ) -> Self:
        """The other register now says something else: *fields* take the values that *snapshot* has.

        Raises:
            IllegalMove: The case did not come from a register.
            InvalidValue: A field that a snapshot does not have.
        """
        if self.origin is not Origin.REGISTERED:
            raise IllegalMove(
                self.process.value, Move.AMEND.value, self.possible, "the case did not come from another register"
            )
        names = items(fields, "$.fields")
        known = {field.name for field in attrs.fields(Snapshot)}
        if unknown := [name for name in names if type(name) is str and name not in known]:
            raise InvalidValue(f"a snapshot has no field {unknown[0]!r}", path="$.fields")
        return self._record(ev.Amended(at=at, by=by, fields=names, snapshot=snapshot, reported=reported))
