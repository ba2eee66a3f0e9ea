"""Outcome figures that can be defended in front of a sceptic.

``table`` counts metrics over the facts tables of a book or over frames of your own,
``survival`` gives the curve behind a time, ``catalogue`` lists what can be counted and
``describe`` says how. A metric is data: write your own as a ``Count``, ``Proportion``,
``Duration`` or one of the other kinds from ``col``, ``rung``, ``reached`` and ``answered``.

``check_table`` recomputes a table that somebody published: what follows from what, how each
figure was rounded, and what does not balance.

A share always carries its numerator, its denominator and the denominator's name, what
was left out, what is open and unknown, its basis and an interval; where nothing is
known there is no number, but the reason.
"""

from community_mediation.metrics._breaks import Break
from community_mediation.metrics._calendar import Every
from community_mediation.metrics._catalogue import FAMILIES, catalogue
from community_mediation.metrics._changes import Change, Difference, RateRatio, change, difference, rate_ratio
from community_mediation.metrics._check_table import check_table
from community_mediation.metrics._checked_table import CheckedFigure, CheckedTable
from community_mediation.metrics._clusters import ClusteredMean, ClusteredShare, ClusterSums, clustered, clustered_mean
from community_mediation.metrics._compare import ComparedUnit, Comparison, compare
from community_mediation.metrics._concentration import Concentration, concentration
from community_mediation.metrics._conditions import LADDER, Condition, Reading, answered, col
from community_mediation.metrics._cost import CostSaving, cost_saving
from community_mediation.metrics._definitions import (
    VOID,
    Attribution,
    Basis,
    Count,
    Duration,
    Exclusion,
    Metric,
    Proportion,
    Unit,
)
from community_mediation.metrics._describe import describe
from community_mediation.metrics._expected import ObservedExpected, observed_expected
from community_mediation.metrics._figures import CountFigure, DurationFigure, IncidenceFigure, ProportionFigure, Row
from community_mediation.metrics._funnel import Funnel, FunnelUnit, funnel
from community_mediation.metrics._funnel_limits import FunnelLimits, funnel_limits, rate_funnel_limits
from community_mediation.metrics._funnel_units import Alarms, FunnelPoint, FunnelUnits, OverDispersion, funnel_of
from community_mediation.metrics._incidence import Incidence, IncidenceStep, cumulative_incidence
from community_mediation.metrics._intervals import (
    Interval,
    UpperLimit,
    exact,
    fractional_wilson,
    rate_upper_limit,
    share_upper_limit,
    wilson,
)
from community_mediation.metrics._kaplan_meier import Estimate, Step, kaplan_meier
from community_mediation.metrics._keeping import durability_at, recurrence_within, repudiation_within
from community_mediation.metrics._ladder import Ladder, Reach, Standing, ladder
from community_mediation.metrics._measured import DistinctFigure, MeanFigure, RatioFigure, ShareFigure, TotalFigure
from community_mediation.metrics._measures import (
    Distinct,
    Mean,
    PairedMean,
    Ratio,
    Repeat,
    Scale,
    Shared,
    Total,
    Within,
)
from community_mediation.metrics._milestones import by_end, in_period, noted, reached, rung
from community_mediation.metrics._movements import Movement, MovementKind, NoChange
from community_mediation.metrics._printed import Printed, spread
from community_mediation.metrics._published_changes import ChangeCheck
from community_mediation.metrics._published_checks import FigureCheck, ProductCheck, RateCheck, SumCheck
from community_mediation.metrics._published_groups import PartsCheck, SameCheck, ShareCheck
from community_mediation.metrics._published_rows import PublishedRows
from community_mediation.metrics._result_table import ResultTable
from community_mediation.metrics._rounding import Fit, PublishedCheck, check_published, fitting, half_up, percent
from community_mediation.metrics._strata import LeftOut, MantelHaenszel, Standardised, mantel_haenszel, standardised
from community_mediation.metrics._streak import Streak, streak
from community_mediation.metrics._survival import Survival, survival
from community_mediation.metrics._table import table
from community_mediation.metrics._time import on_time
from community_mediation.metrics._trend import Trend, TrendPoint, trend
from community_mediation.metrics._watched import AtTime, SmallRiskSet, TimeReached
from community_mediation.ports import Label

__all__ = [
    "FAMILIES",
    "LADDER",
    "VOID",
    "Alarms",
    "AtTime",
    "Attribution",
    "Basis",
    "Break",
    "Change",
    "ChangeCheck",
    "CheckedFigure",
    "CheckedTable",
    "ClusterSums",
    "ClusteredMean",
    "ClusteredShare",
    "ComparedUnit",
    "Comparison",
    "Concentration",
    "Condition",
    "CostSaving",
    "Count",
    "CountFigure",
    "Difference",
    "Distinct",
    "DistinctFigure",
    "Duration",
    "DurationFigure",
    "Estimate",
    "Every",
    "Exclusion",
    "FigureCheck",
    "Fit",
    "Funnel",
    "FunnelLimits",
    "FunnelPoint",
    "FunnelUnit",
    "FunnelUnits",
    "Incidence",
    "IncidenceFigure",
    "IncidenceStep",
    "Interval",
    "Label",
    "Ladder",
    "LeftOut",
    "MantelHaenszel",
    "Mean",
    "MeanFigure",
    "Metric",
    "Movement",
    "MovementKind",
    "NoChange",
    "ObservedExpected",
    "OverDispersion",
    "PairedMean",
    "PartsCheck",
    "Printed",
    "ProductCheck",
    "Proportion",
    "ProportionFigure",
    "PublishedCheck",
    "PublishedRows",
    "RateCheck",
    "RateRatio",
    "Ratio",
    "RatioFigure",
    "Reach",
    "Reading",
    "Repeat",
    "ResultTable",
    "Row",
    "SameCheck",
    "Scale",
    "ShareCheck",
    "ShareFigure",
    "Shared",
    "SmallRiskSet",
    "Standardised",
    "Standing",
    "Step",
    "Streak",
    "SumCheck",
    "Survival",
    "TimeReached",
    "Total",
    "TotalFigure",
    "Trend",
    "TrendPoint",
    "Unit",
    "UpperLimit",
    "Within",
    "answered",
    "by_end",
    "catalogue",
    "change",
    "check_published",
    "check_table",
    "clustered",
    "clustered_mean",
    "col",
    "cost_saving",
    "compare",
    "concentration",
    "cumulative_incidence",
    "describe",
    "difference",
    "durability_at",
    "exact",
    "fitting",
    "fractional_wilson",
    "funnel",
    "funnel_limits",
    "funnel_of",
    "half_up",
    "in_period",
    "kaplan_meier",
    "ladder",
    "mantel_haenszel",
    "noted",
    "observed_expected",
    "on_time",
    "percent",
    "rate_funnel_limits",
    "rate_ratio",
    "rate_upper_limit",
    "reached",
    "recurrence_within",
    "repudiation_within",
    "rung",
    "share_upper_limit",
    "spread",
    "standardised",
    "streak",
    "survival",
    "table",
    "trend",
    "wilson",
]
