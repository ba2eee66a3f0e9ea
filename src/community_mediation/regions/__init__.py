"""What differs between places, as data with its sources: lists, deadlines, rules, numbers, labels, fiscal years."""

from community_mediation.regions.calendars import WEEKDAYS, Calendar, Counted, Reckoned
from community_mediation.regions.crosswalk import Crosswalk
from community_mediation.regions.deadlines import (
    PLAIN_COUNTING,
    Counting,
    Deadline,
    Due,
    DueState,
    Extension,
    Unit,
)
from community_mediation.regions.fiscal import CALENDAR_YEAR, FiscalYear, YearName
from community_mediation.regions.neutral import NEUTRAL, region_of
from community_mediation.regions.own_fields import OwnField, OwnType
from community_mediation.regions.patterns import Reference, ReferencePattern
from community_mediation.regions.region import Region
from community_mediation.regions.rules import Rule
from community_mediation.regions.sources import SourceStatus
from community_mediation.regions.taxonomy import Taxonomy, TaxonomyEntry
from community_mediation.regions.triggers import TRIGGERS, Trigger, each_of, happened, milestone, noted

__all__ = [
    "CALENDAR_YEAR",
    "Calendar",
    "Counted",
    "Counting",
    "Crosswalk",
    "Deadline",
    "Due",
    "DueState",
    "Extension",
    "FiscalYear",
    "NEUTRAL",
    "OwnField",
    "OwnType",
    "PLAIN_COUNTING",
    "Reckoned",
    "Reference",
    "ReferencePattern",
    "Region",
    "Rule",
    "SourceStatus",
    "TRIGGERS",
    "Taxonomy",
    "TaxonomyEntry",
    "Trigger",
    "Unit",
    "WEEKDAYS",
    "YearName",
    "each_of",
    "happened",
    "milestone",
    "noted",
    "region_of",
]
