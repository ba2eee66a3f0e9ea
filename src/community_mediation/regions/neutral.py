"""The region of a centre that names none: nothing in it is the law of any place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from community_mediation.domain.case import Case
from community_mediation.domain.events import FollowedUp, Resolved
from community_mediation.domain.matter import Event, Matter
from community_mediation.domain.resolution import ResolutionKind
from community_mediation.ports import Finding, Label, Severity
from community_mediation.regions.patterns import ReferencePattern
from community_mediation.regions.region import Region
from community_mediation.regions.rules import Rule
from community_mediation.regions.sources import SourceStatus
from community_mediation.regions.taxonomy import Taxonomy, TaxonomyEntry

SOURCE: Final = "this library"
_CODES: Final = (
    ("neighbour", None, "Neighbours", "邻里纠纷"),
    ("noise", "neighbour", "Noise and other nuisance", "噪声等滋扰"),
    ("boundary", "neighbour", "Boundaries, walls, light and passage", "相邻边界、采光、通行"),
    ("family", None, "Family", "家庭纠纷"),
    ("marriage", "family", "Marriage and separation", "婚姻"),
    ("inheritance", "family", "Inheritance", "继承"),
    ("support", "family", "Support of children and parents", "抚养、赡养"),
    ("money", None, "Money", "金钱纠纷"),
    ("debt", "money", "Debts", "债务"),
    ("contract", "money", "Contracts and purchases", "合同、买卖"),
    ("housing", None, "Housing, rent and property management", "住房、租赁、物业"),
    ("land", None, "Land", "土地纠纷"),
    ("work", None, "Work and wages", "劳动争议"),
    ("injury", None, "Injury and damage", "损害赔偿"),
    ("traffic", "injury", "Traffic", "交通事故"),
    ("public_order", None, "Public order", "治安纠纷"),
    ("other", None, "Other", "其他纠纷"),
)


def _binds_nobody(before: Matter | None, event: Event, after: Matter) -> str | None:
    if isinstance(event, Resolved) and isinstance(after, Case) and event.kind is ResolutionKind.AGREEMENT:
        return None if after.parties else "an agreement is recorded, and the case has no party whom it could bind"
    return None


def _keeps_nothing(before: Matter | None, event: Event, after: Matter) -> str | None:
    if isinstance(event, FollowedUp) and isinstance(after, Case) and event.kept is not None:
        return None if after.resolutions else "a return visit found something kept or broken, and nothing was agreed"
    return None


NEUTRAL: Final = Region(
    name="neutral",
    title=Label("Neutral", "通用"),
    taxonomies=(
        Taxonomy(
            scheme="neutral",
            title=Label("Kinds of disputes", "纠纷类型"),
            version="1",
            source=SOURCE,
            entries=tuple(
                TaxonomyEntry(code=code, parent=parent, label=Label(en, zh), status=SourceStatus.SETTING)
                for code, parent, en, zh in _CODES
            ),
        ),
    ),
    patterns=(ReferencePattern(name="case", template="{year}-{serial:04}", source=SOURCE),),
    rules=(
        Rule(
            name="agreement_binds_nobody",
            label=Label("An agreement binds someone", "协议应有受约束的当事人"),
            source=SOURCE,
            applies_to=(Resolved,),
            objection=_binds_nobody,
            remedy="Record the parties, by a correction of the report.",
        ),
        Rule(
            name="nothing_to_keep",
            label=Label("What is kept was agreed", "履行以协议为前提"),
            source=SOURCE,
            applies_to=(FollowedUp,),
            objection=_keeps_nothing,
            remedy="Record the agreement, or leave out whether it is kept.",
        ),
    ),
)
"""No deadlines, no rules that block, Monday to Friday, calendar years, numbers such as ``2026-0042``."""


def region_of(regions: Mapping[str, Region], name: str | None) -> tuple[Region, Finding | None]:
    """The region of that name, or the neutral one: with a finding, if a name was given that nobody knows.

    A centre that names an unknown region is told so, and goes on working.
    """
    if name is None or name == NEUTRAL.name:
        return regions.get(NEUTRAL.name, NEUTRAL), None
    if name in regions:
        return regions[name], None
    known = ", ".join(sorted(regions)) or "none"
    return NEUTRAL, Finding(
        code="region.unknown",
        severity=Severity.WARNING,
        message=f"No enabled plugin brings the region {name}: the neutral region stands in for it",
        remedy=f"Enable the plugin that brings it, or mend the centre. Known are: {known}.",
    )
