"""The region: what is stated here holds beside, or in the place of, what the neutral region states."""

from __future__ import annotations

import datetime as dt
from typing import Final

from community_mediation import Process
from community_mediation.ports import Label
from community_mediation.regions import (
    NEUTRAL,
    Calendar,
    Counting,
    Crosswalk,
    Deadline,
    OwnField,
    ReferencePattern,
    Region,
    SourceStatus,
    Taxonomy,
    TaxonomyEntry,
    Unit,
)
from lakeside_region.rules import BYELAWS, RULES

DISPUTES: Final = Taxonomy(
    scheme="lakeside",
    title=Label("Disputes of Lakeside", "湖滨纠纷类型"),
    version="2020",
    source=BYELAWS,
    entries=(
        TaxonomyEntry(code="water", label=Label("Water", "用水")),
        TaxonomyEntry(code="berth", parent="water", label=Label("Berths", "泊位")),
        TaxonomyEntry(code="nets", parent="water", label=Label("Nets and fishing", "渔网与捕捞")),
        TaxonomyEntry(code="shore", label=Label("Paths along the shore", "沿岸通行")),
        TaxonomyEntry(code="noise", label=Label("Noise on the water", "水上噪声")),
        TaxonomyEntry(code="permit", label=Label("Permits of the harbour office", "港务许可")),
    ),
)
TO_NEUTRAL: Final = Crosswalk(
    source="lakeside",
    target="neutral",
    rows={
        # A quarrel about water may be either: whoever reports both lists has to choose.
        "water": ["land", "neighbour"],
        "berth": "contract",
        "nets": "injury",
        "shore": "boundary",
        "noise": "noise",
    },
    without=("permit",),
    source_of="Lakeside centre, choice of 2020 (invented)",
    status=SourceStatus.SETTING,
)
NUMBERS: Final = ReferencePattern(
    name="lakeside",
    template="LM {year}/{serial:04} ({place})",
    alternatives=("LM-{year}-{serial:04} ({place})",),
    source=BYELAWS,
)
CALENDAR: Final = Calendar(
    name="lakeside",
    holidays={dt.date(2026, 6, 12): Label("Harbour Day", "港口节")},
    years=frozenset({2026}),
    assumes_weekdays=True,
    source=BYELAWS,
)
DEADLINES: Final = (
    Deadline(
        name="begin",
        label=Label("Mediation begins", "开始调解"),
        trigger="accepted",
        limit=10,
        unit=Unit.WORKING_DAYS,
        satisfied_by=("begun", "concluded"),
        source=f"{BYELAWS}, s. 6",
    ),
    Deadline(
        name="return_visit",
        label=Label("Return visit", "回访"),
        trigger="agreed",
        limit=60,
        satisfied_by="follow_up",
        source="Lakeside centre, house rule of 2021 (invented)",
        status=SourceStatus.SETTING,
        valid_from=dt.date(2021, 1, 1),
    ),
)
LAKESIDE: Final = Region(
    name="lakeside",
    title=Label("Lakeside (invented)", "湖滨（虚构）"),
    parent=NEUTRAL,
    taxonomies=(DISPUTES,),
    crosswalks=(TO_NEUTRAL,),
    patterns=(NUMBERS,),
    deadlines=DEADLINES,
    rules=RULES,
    calendar=CALENDAR,
    counting=Counting(rolls=True, source=f"{BYELAWS}, s. 2"),
    own_fields=(OwnField(name="berth", label=Label("Number of the berth", "泊位号")),),
    labels={Process: {Process.REPORTED: Label("At the jetty", "待受理")}},
)
