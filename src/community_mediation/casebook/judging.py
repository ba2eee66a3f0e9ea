"""Judging events before they are recorded: by the rules of the centre's region and by the checks of the plugins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

import attrs

from community_mediation.casebook.folding import Folder
from community_mediation.casebook.house_rules import IDENTITY_NUMBER, holds_identity_number
from community_mediation.domain.events import Amended, Corrected, Registered, Transferred
from community_mediation.domain.frozen import frozen
from community_mediation.domain.ledger import BOOK
from community_mediation.domain.matter import Event, Matter
from community_mediation.domain.record import Centre, Changed, Created
from community_mediation.domain.values import When
from community_mediation.errors import Blocked
from community_mediation.plugins import CHECK_FAILED, Plugins, Verdict
from community_mediation.plugins.verdicts import asked
from community_mediation.ports import Committed, Objection, Store, Weight

if TYPE_CHECKING:
    from community_mediation.regions import Region

REGION_MISSING: Final = "region.not_enabled"
"""The code of the warning that the rules of a centre's region could not be asked."""

NEUTRAL: Final = "neutral"
"""The region of a centre that names none, and whose rules stand in for those of a region that is missing."""

_ALWAYS: Final = frozenset({CHECK_FAILED, IDENTITY_NUMBER})
"""What blocks even what an old register says: a check that failed, and what could never be erased."""


@frozen(kw_only=True)
class Remark:
    """An objection that let an event pass, told after it was recorded.

    Attributes:
        matter_id: The matter.
        number: The number of the event in the matter's history, from 1.
        objection: What was objected.
        was_block: It blocks what happens here, and passed because the event was taken over from an old register.
    """

    matter_id: str
    number: int
    objection: Objection
    was_block: bool = False


OnObjection = Callable[[Remark], None]
"""Is told every remark after the commit that it is about; what it raises reaches the caller, and the commit stands."""


def log_remark(remark: Remark) -> None:
    """Write a remark to the log ``community_mediation`` as a warning: what a book does that nobody told otherwise."""
    objection = remark.objection
    import logging

    logging.getLogger("community_mediation").warning(
        "%s, event %d: %s [%s, %s] %s",
        _shown(remark.matter_id),
        remark.number,
        objection.reason,
        objection.code,
        objection.by,
        objection.remedy,
    )


def _shown(matter_id: str) -> str:
    # An id names no one, but for the one that is objected to because it does.
    return "A matter" if holds_identity_number(matter_id) else f"Matter {matter_id}"


def _region_in(details: object) -> str:
    return getattr(details, "region", None) or NEUTRAL


@frozen
class _Followed:
    """A centre, and the region that it has named all the time, if it is one."""

    centre: Centre
    always: str | None

    @classmethod
    def by(cls, centre: Centre) -> _Followed:
        named = {_region_in(event.details) for event in centre.events if isinstance(event, Created | Changed)}
        return cls(centre, named.pop() if len(named) == 1 else None)

    def region_at(self, when: When) -> str | None:
        """The region whose rules the centre followed then; today's, where it is not known when."""
        if when.latest is None:
            return _region_in(self.centre.details)
        if self.always is not None and self._begun_by(when.latest):
            return self.always
        then = self.centre.valid_at(when)
        return _region_in(then.details) if then is not None else None

    def _begun_by(self, moment: dt.datetime) -> bool:
        began = self.centre.created.when
        return began is not None and began.latest is not None and began.latest <= moment


@frozen
class _Known:
    """Centres as they are at a position of the journal; ``None``: no such centre."""

    position: int
    centres: dict[str, _Followed | None]


class Judge:
    """Judges what is about to be recorded in one book.

    Centres are remembered until the journal shows that somebody else wrote: a region that another
    program gives to a centre counts from the next save on.

    Args:
        store: The store of the book.
        folder: Folds its entries.
        plugins: Whose checks are asked, and whose regions have rules.
        on_objection: Is told what was objected and passed.
    """

    def __init__(self, store: Store, folder: Folder, plugins: Plugins, on_objection: OnObjection) -> None:
        self.store = store
        self.folder = folder
        self.plugins = plugins
        self._on_objection = on_objection
        self._known = _Known(-1, {})
        self._told_missing: set[str] = set()
        self._ruled: dict[tuple[int, type[Event]], bool] = {}

    def sitting(self) -> Sitting:
        """Begin to judge what goes into one commit."""
        return Sitting(self)

    def centres(self) -> _Known:
        """The centres that are remembered and still as they were."""
        head = self.store.head().position
        if self._known.position != head:
            self._known = _Known(head, {})
        return self._known

    def recorded(self, committed: Committed, centres: Mapping[str, _Followed]) -> None:
        """What was judged is in the book; *centres* were among it."""
        known = self._known
        if committed.first == known.position + 1:
            # Nobody else wrote in between.
            self._known = _Known(committed.last, {**known.centres, **centres} if centres else known.centres)

    def has_rule_for(self, region: Region, event: Event) -> bool:
        """Whether a region of the book has a rule that looks at such an event."""
        if isinstance(event, Corrected):
            return _has_rule_for(region, event)
        key = (id(region), type(event))
        if key not in self._ruled:
            self._ruled[key] = _has_rule_for(region, event)
        return self._ruled[key]

    def tell(self, remark: Remark) -> None:
        """Tell a remark; that the rules of a region cannot be asked, once for each region."""
        if remark.objection.code == REGION_MISSING:
            if remark.objection.by in self._told_missing:
                return
            self._told_missing.add(remark.objection.by)
        self._on_objection(remark)


class Sitting:
    """The judging of what goes into one commit."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._centres: dict[str, _Followed] = {}
        self._before: _Known | None = None
        self._remarks: list[Remark] = []
        self._regions: Mapping[str, Region] | None = None

    def judge(self, matter: Matter) -> None:
        """Judge the pending events of *matter*, one after the other.

        Raises:
            Blocked: Somebody objects so that it cannot be recorded.
        """
        if matter.id == BOOK:
            # What the book notes of itself, an erasure or a disclosure, is not up to anyone.
            return
        if isinstance(matter, Centre):
            self._centres[matter.id] = _Followed.by(matter)
        steps = _Steps(matter)
        objected: list[tuple[int, Event, Objection]] = []
        cause: BaseException | None = None
        for index, event in enumerate(matter.pending):
            verdict = self._verdict(matter, steps, index, event)
            cause = cause or verdict.cause
            for objection in verdict.objections:
                number = matter.version + index + 1
                if objection.weight is Weight.BLOCK:
                    if isinstance(event, Registered | Amended) and objection.code not in _ALWAYS:
                        # What an old register says was so; refusing it would only make the statistics untrue.
                        warning = attrs.evolve(objection, weight=Weight.WARN)
                        self._remark(matter, number, warning, was_block=True)
                        continue
                    objected.append((number, event, objection))
                else:
                    self._remark(matter, number, objection)
        if objected:
            warned = [each.objection for each in self._remarks if each.matter_id == matter.id]
            raise _blocked(matter, objected, warned) from cause

    def close(self, committed: Committed) -> None:
        """All of it was recorded: tell what was objected and passed."""
        self._judge.recorded(committed, self._centres)
        failed: BaseException | None = None
        for remark in self._remarks:
            try:
                self._judge.tell(remark)
            except Exception as error:  # noqa: BLE001 - the other remarks are told as well
                failed = failed or error
        if failed is not None:
            raise failed

    def _remark(self, matter: Matter, number: int, objection: Objection, *, was_block: bool = False) -> None:
        self._remarks.append(Remark(matter_id=matter.id, number=number, objection=objection, was_block=was_block))

    def _verdict(self, matter: Matter, steps: _Steps, index: int, event: Event) -> Verdict:
        before, after = partial(steps.at, index), partial(steps.at, index + 1)

        def last() -> Matter:
            value = after()
            if value is None:  # pragma: no cover - after an event there is a matter
                raise TypeError("no matter after an event")
            return value

        verdict = self._judge.plugins.verdict(event, matter.id, before, last)
        name = self._region_of(matter, steps, index, event)
        if name is None:
            return verdict
        if self._regions is None:
            self._regions = self._judge.plugins.regions()
        regions = self._regions
        if name not in regions and name != NEUTRAL:
            verdict += Verdict((_not_enabled(name),))
        region = regions.get(name, regions.get(NEUTRAL))
        if region is None or not self._judge.has_rule_for(region, event):
            return verdict
        # Outside of the region's own call: what fails in folding is no fault of its rules.
        one, other = before(), last()
        return verdict + asked(region.name, lambda: region.objections(one, event, other))

    def _region_of(self, matter: Matter, steps: _Steps, index: int, event: Event) -> str | None:
        # A correction is judged as what it puts in, where its target stood.
        at = (event.replacement or event).at if isinstance(event, Corrected) else event.at
        centre = getattr(_holder(matter, steps, index, at), "centre", None)
        if type(centre) is not str:
            return None
        followed = self._centres.get(centre) or self._followed(centre)
        return followed.region_at(at) if followed is not None else None

    def _followed(self, id: str) -> _Followed | None:
        if self._before is None:
            self._before = self._judge.centres()
        known = self._before.centres
        if id not in known:
            entries = self._judge.store.entries(id)
            centre = self._judge.folder.matter(entries) if entries and entries[0].kind == "centre" else None
            known[id] = _Followed.by(centre) if isinstance(centre, Centre) else None
        return known[id]


class _Steps:
    """A matter before its pending events, after the first, and so on; folded when asked for."""

    def __init__(self, matter: Matter) -> None:
        self._matter = matter
        self._made: dict[int, Matter | None] = {len(matter.pending): matter}
        if not matter.history:
            self._made[0] = None
        self.stays = not any(isinstance(each, (Transferred, Corrected)) for each in matter.events)
        """Whether it has been of one centre all the time, as far as events say."""

    def at(self, count: int) -> Matter | None:
        """The matter with so many of its pending events."""
        if count not in self._made:
            matter = self._matter
            self._made[count] = type(matter).fold(matter.id, matter.history + matter.pending[:count])
        return self._made[count]


def _holder(matter: Matter, steps: _Steps, index: int, at: When) -> Matter | None:
    """The matter that says whose an event is: a case that went to another centre was the first one's until then."""
    if steps.stays:
        return matter
    after = steps.at(index + 1)
    if after is None or at.is_unknown:
        return after
    return after.valid_at(at) or after


def _has_rule_for(region: Region, event: Event) -> bool:
    # A correction is judged as what it puts in.
    looked_at = (event, event.replacement) if isinstance(event, Corrected) else (event,)
    return any(not rule.applies_to or isinstance(each, rule.applies_to) for rule in region.rules for each in looked_at)


def _not_enabled(region: str) -> Objection:
    return Objection(
        code=REGION_MISSING,
        weight=Weight.WARN,
        reason=f"the centre follows region {region!r}, which no enabled plugin brings: the neutral rules stand in",
        remedy="Enable the plugin that brings it; required = true in the settings keeps a book shut without a plugin.",
        by=region,
    )


def _blocked(matter: Matter, objected: list[tuple[int, Event, Objection]], warned: list[Objection]) -> Blocked:
    number, event, first = objected[0]
    source = f", by {first.source}" if first.source else ""
    more = f" And {len(objected) - 1} more." if len(objected) > 1 else ""
    remedy = f" {first.remedy}" if first.remedy else ""
    return Blocked(
        f"{_shown(matter.id)} was not saved. {first.by} objects to event {number} ({type(event).__name__}): "
        f"{first.reason}{source} [{first.code}].{remedy}{more}",
        [*(each for _, _, each in objected), *warned],
    )
