"""A region: everything that holds in one place."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import attrs

from community_mediation.domain.case import Case
from community_mediation.domain.matter import Event, Matter
from community_mediation.domain.validators import items
from community_mediation.domain.values import Code, When
from community_mediation.errors import NotFound
from community_mediation.ports import Finding, Label, Objection
from community_mediation.regions import labels as wording
from community_mediation.regions import own_fields as owning
from community_mediation.regions import rules as judging
from community_mediation.regions.calendars import WEEKDAYS, Calendar
from community_mediation.regions.crosswalk import Crosswalk
from community_mediation.regions.deadlines import PLAIN_COUNTING, Counting, Deadline, Due
from community_mediation.regions.fiscal import CALENDAR_YEAR, FiscalYear
from community_mediation.regions.own_fields import OwnField, OwnRule
from community_mediation.regions.patterns import ReferencePattern
from community_mediation.regions.reckoning import deadlines_of, named_by
from community_mediation.regions.rules import Rule
from community_mediation.regions.sources import labelled, named, one_of, refuse, unique
from community_mediation.regions.taxonomy import Taxonomy
from community_mediation.regions.triggers import TRIGGERS, Trigger

_by_name: Final[Callable[[Any], object]] = lambda each: each.name  # noqa: E731 - one line says it
_LISTS: Final[Mapping[str, tuple[type, Callable[[Any], object]]]] = {
    "taxonomies": (Taxonomy, lambda each: each.scheme),
    "crosswalks": (Crosswalk, lambda each: f"{each.source} -> {each.target}"),
    "triggers": (Trigger, _by_name),
    "deadlines": (Deadline, _by_name),
    "rules": (Rule, _by_name),
    "patterns": (ReferencePattern, _by_name),
    "own_fields": (OwnField, _by_name),
}
"""What adds up over parents, by what."""


def _names(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _list(name: str) -> Any:
    return attrs.field(default=(), converter=lambda given: items(given, f"$.{name}"), repr=False)


def _inherited(name: str, last: Any) -> Any:
    """A default: what the parent has, or *last*."""

    def default(region: Region) -> Any:
        return getattr(region.parent, name) if isinstance(region.parent, Region) else last

    return attrs.Factory(default, takes_self=True)


@attrs.frozen(kw_only=True)
class Region:
    """A place whose rules a centre follows.

    What a region does not state it has from its parent. Lists add up by name, and of two with one
    name the child's holds; what a child does not want it switches off by name. Once made, each list
    has everything that holds in the region.

    Attributes:
        name: Its name in code; centres name it in ``CentreDetails.region``.
        title: Its name for people.
        parent: The region that it is put together from.
        taxonomies: Lists of codes, by scheme.
        crosswalks: Tables between them.
        triggers: What sets deadlines running, beside ``TRIGGERS``.
        deadlines: Its deadlines.
        rules: Its rules on events.
        patterns: The numbers on its papers; the first is the usual one.
        own_fields: Fields beside the built-in ones.
        calendar: Its working days.
        counting: How its deadlines are counted.
        fiscal_year: Its fiscal year.
        labels: What it calls the codes of the closed lists: ``{Process: {Process.REPORTED: Label("Docketed")}}``.
        without_rules, without_deadlines: The names of those that do not hold here.

    Raises:
        InvalidValue: Something stands there twice, or names what does not exist; ``path`` says where.
    """

    name: str = attrs.field(validator=named)
    title: Label = attrs.field(validator=labelled)
    parent: Region | None = attrs.field(default=None, repr=False)
    taxonomies: tuple[Taxonomy, ...] = _list("taxonomies")
    crosswalks: tuple[Crosswalk, ...] = _list("crosswalks")
    triggers: tuple[Trigger, ...] = _list("triggers")
    deadlines: tuple[Deadline, ...] = _list("deadlines")
    rules: tuple[Rule, ...] = _list("rules")
    patterns: tuple[ReferencePattern, ...] = _list("patterns")
    own_fields: tuple[OwnField, ...] = _list("own_fields")
    calendar: Calendar = attrs.field(default=_inherited("calendar", WEEKDAYS), validator=one_of(Calendar), repr=False)
    counting: Counting = attrs.field(
        default=_inherited("counting", PLAIN_COUNTING), validator=one_of(Counting), repr=False
    )
    fiscal_year: FiscalYear = attrs.field(
        default=_inherited("fiscal_year", CALENDAR_YEAR), validator=one_of(FiscalYear), repr=False
    )
    labels: Mapping[Any, Any] = attrs.field(factory=dict, hash=False, repr=False)
    without_rules: tuple[str, ...] = attrs.field(default=(), converter=_names, repr=False)
    without_deadlines: tuple[str, ...] = attrs.field(default=(), converter=_names, repr=False)
    _names: wording.Names = attrs.field(init=False, eq=False, repr=False)
    _judges: tuple[tuple[str, Rule], ...] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        parent = self.parent
        given: object = parent
        if given is not None and not isinstance(given, Region):
            raise refuse("no region stands where one belongs", "$.parent")
        if any(each.name == self.name for each in self.line[1:]):
            raise refuse("the name of a region that it is put together from", "$.name", "Give it a name of its own.")
        for name, (kind, key) in _LISTS.items():
            stated = getattr(self, name)
            for index, each in enumerate(stated):
                if not isinstance(each, kind):
                    raise refuse(f"no {kind.__name__} stands where one belongs", f"$.{name}[{index}]")
            own = unique(stated, key, f"$.{name}")
            inherited = {} if parent is None else unique(getattr(parent, name), key, f"$.{name}")
            # A name keeps the place that the parent gave it, but the first pattern stated is the usual one.
            merged = {**own, **{k: v for k, v in inherited.items() if k not in own}}
            if name != "patterns":
                merged = {**inherited, **own}
            self._set(name, tuple(merged.values()))
        self._check()
        # After the others, and from all the fields: a parent's look at its own fields only.
        self._set("rules", tuple(each for each in self.rules if not isinstance(each, OwnRule)) + self._own_rules())
        for name in ("rules", "deadlines"):
            without = getattr(self, f"without_{name}")
            self._set(name, tuple(each for each in getattr(self, name) if each.name not in without))
        self._set("_names", {**(parent._names if parent is not None else {}), **wording.names(self.labels)})
        self._set("_judges", tuple((self._owner(rule), rule) for rule in self.rules))

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _own_rules(self) -> tuple[Rule, ...]:
        if not self.own_fields:
            return ()
        return owning.rules(self._fields, f"own fields of the region {self.name}")

    def _owner(self, rule: Rule) -> str:
        # The region that states a rule is in the code of its objections, however many regions it is handed down to.
        stating = [each.name for each in self.line if rule in each.rules]
        return stating[-1] if stating else self.name

    def _check(self) -> None:
        schemes = {each.scheme for each in self.taxonomies}
        for index, crosswalk in enumerate(self.crosswalks):
            for side in ("source", "target"):
                if (scheme := getattr(crosswalk, side)) not in schemes:
                    raise refuse(
                        f"no list of the scheme {scheme}", f"$.crosswalks[{index}].{side}", "Add the taxonomy."
                    )
        triggers = self._triggers
        for index, deadline in enumerate(self.deadlines):
            for field, name in named_by(deadline):
                if name not in triggers:
                    known = ", ".join(sorted(triggers))
                    raise refuse(f"no trigger {name}", f"$.deadlines[{index}].{field}", f"There are: {known}.")
        made = {each.name for each in owning.rules({}, "-")}
        for index, rule in enumerate(self.rules):
            if rule.name in made and not isinstance(rule, OwnRule):
                raise refuse(f"{rule.name} is the name of a rule that own fields make", f"$.rules[{index}].name")
        for name, reserved in (("rules", made), ("deadlines", set[str]())):
            there = {each.name for each in getattr(self, name)} | reserved
            for index, each in enumerate(getattr(self, f"without_{name}")):
                if each not in there:
                    remedy = f"There are: {', '.join(sorted(there)) or 'none'}."
                    raise refuse("there is none of that name to switch off", f"$.without_{name}[{index}]", remedy)

    @property
    def line(self) -> tuple[Region, ...]:
        """The region, its parent, and so on."""
        return (self, *(self.parent.line if self.parent is not None else ()))

    @property
    def _triggers(self) -> Mapping[str, Trigger]:
        return {**TRIGGERS, **{each.name: each for each in self.triggers}}

    @property
    def _fields(self) -> Mapping[str, OwnField]:
        return {each.name: each for each in self.own_fields}

    def replace(self, **changes: Any) -> Region:
        """The same region with other parts. Lists that are given add up with those of the parent, as ever."""
        return attrs.evolve(self, **changes)

    # ---- looking up

    def _one(self, what: str, things: Mapping[str, Any], name: str) -> Any:
        if name not in things:
            known = ", ".join(things) or "none"
            raise NotFound(f"The region {self.name} has no {what} of that name. It has: {known}.")
        return things[name]

    def taxonomy(self, scheme: str) -> Taxonomy:
        """The list of codes of that scheme. Raises ``NotFound`` if the region has none."""
        found: Taxonomy = self._one("taxonomy", {each.scheme: each for each in self.taxonomies}, scheme)
        return found

    def crosswalk(self, source: str, target: str) -> Crosswalk:
        """The table from one scheme to another. Raises ``NotFound`` if the region has none."""
        known = {f"{each.source} -> {each.target}": each for each in self.crosswalks}
        found: Crosswalk = self._one("crosswalk", known, f"{source} -> {target}")
        return found

    def pattern(self, name: str | None = None) -> ReferencePattern:
        """The pattern of that name, or the usual one. Raises ``NotFound`` if the region has none."""
        known = {each.name: each for each in self.patterns}
        usual = self.patterns[0].name if self.patterns else ""
        found: ReferencePattern = self._one("pattern", known, usual if name is None else name)
        return found

    def deadline(self, name: str) -> Deadline:
        """The deadline of that name. Raises ``NotFound`` if the region has none."""
        found: Deadline = self._one("deadline", {each.name: each for each in self.deadlines}, name)
        return found

    def trigger(self, name: str) -> Trigger:
        """The trigger of that name. Raises ``NotFound`` if there is none."""
        found: Trigger = self._one("trigger", self._triggers, name)
        return found

    def label(self, member: enum.StrEnum, lang: str = "en") -> str:
        """What the region calls a code of a closed list; the neutral name where it says nothing."""
        return wording.label_of(member, self._names).text(lang)

    def name_of(self, code: Code, lang: str = "en") -> str:
        """What a code of a list is called; the code itself where the region does not have it."""
        for taxonomy in self.taxonomies:
            if (entry := taxonomy.get(code)) is not None:
                return entry.label.text(lang)
        return str(code)

    # ---- judging

    def objections(self, before: Matter | None, event: Event, after: Matter) -> Sequence[Objection]:
        """What the rules of the region say against an event; see ``mediation_check``.

        Against events from an old register they warn only. A correction is judged as the event
        that it puts in, in the place of the one that it takes out.
        """
        return judging.objections(self._judge, before, event, after)

    def _judge(self, before: Matter | None, event: Event, after: Matter) -> Sequence[Objection]:
        said = (rule.judge(owner, before, event, after) for owner, rule in self._judges)
        return [each for each in said if each is not None]

    def findings(self, matter: Matter) -> list[Finding]:
        """What the rules would have said against the whole history of a matter, corrections worked in."""
        return judging.findings(self._judge, matter)

    def deadlines_of(self, case: Case, as_of: When | dt.datetime) -> list[Due]:
        """The deadlines of a case as it was at *as_of*: those that end first go first, the unknown last.

        Raises:
            InvalidValue: ``as_of`` is unknown or has no zone.
        """
        return deadlines_of(
            case,
            as_of,
            deadlines=self.deadlines,
            triggers=self._triggers,
            calendar=self.calendar,
            counting=self.counting,
        )

    def own_field_problems(self, case: Case) -> list[str]:
        """All that is wrong with the own values of a case, without the values; nothing where no field is declared."""
        return owning.problems(self._fields, case) if self.own_fields else []
