"""Outcome figures that can be defended in front of a sceptic.

``table`` counts metrics over the facts table ``case``, ``survival`` gives the curve behind
a median time, ``catalogue`` lists what can be counted. A metric is data: write your own
as a ``Count``, ``Proportion`` or ``Duration`` from ``col``, ``rung`` and ``reached``.

``check_table`` recomputes a table that somebody published: what follows from what, how each
figure was rounded, and what does not balance.

A share always carries its numerator, its denominator and the denominator's name, what
was left out, what is open and unknown, its basis and an interval; where nothing is
known there is no number, but the reason.
"""

from community_mediation.metrics._catalogue import catalogue
from community_mediation.metrics._changes import Change, Difference, RateRatio, change, difference, rate_ratio
from community_mediation.metrics._check_table import check_table
from community_mediation.metrics._checked_table import CheckedFigure, CheckedTable
from community_mediation.metrics._clusters import ClusteredMean, ClusteredShare, ClusterSums, clustered, clustered_mean
from community_mediation.metrics._conditions import LADDER, Condition, Reading, col
from community_mediation.metrics._definitions import (
    VOID,
    Basis,
    Count,
    Duration,
    Exclusion,
    Metric,
    Proportion,
    Unit,
)
from community_mediation.metrics._expected import ObservedExpected, observed_expected
from community_mediation.metrics._figures import CountFigure, DurationFigure, ProportionFigure, Row
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
from community_mediation.metrics._milestones import by_end, in_period, reached, rung
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
from community_mediation.metrics._watched import AtTime, SmallRiskSet, TimeReached
from community_mediation.ports import Label

__all__ = [
    "LADDER",
    "VOID",
    "Alarms",
    "AtTime",
    "Basis",
    "Change",
    "ChangeCheck",
    "CheckedFigure",
    "CheckedTable",
    "ClusterSums",
    "ClusteredMean",
    "ClusteredShare",
    "Condition",
    "Count",
    "CountFigure",
    "Difference",
    "Duration",
    "DurationFigure",
    "Estimate",
    "Exclusion",
    "FigureCheck",
    "Fit",
    "FunnelLimits",
    "FunnelPoint",
    "FunnelUnits",
    "Incidence",
    "IncidenceStep",
    "Interval",
    "Label",
    "LeftOut",
    "MantelHaenszel",
    "Metric",
    "ObservedExpected",
    "OverDispersion",
    "PartsCheck",
    "Printed",
    "ProductCheck",
    "Proportion",
    "ProportionFigure",
    "PublishedCheck",
    "PublishedRows",
    "RateCheck",
    "RateRatio",
    "Reading",
    "ResultTable",
    "Row",
    "SameCheck",
    "ShareCheck",
    "SmallRiskSet",
    "Standardised",
    "Step",
    "Streak",
    "SumCheck",
    "Survival",
    "TimeReached",
    "Unit",
    "UpperLimit",
    "by_end",
    "catalogue",
    "change",
    "check_published",
    "check_table",
    "clustered",
    "clustered_mean",
    "col",
    "cumulative_incidence",
    "difference",
    "exact",
    "fitting",
    "fractional_wilson",
    "funnel_limits",
    "funnel_of",
    "half_up",
    "in_period",
    "kaplan_meier",
    "mantel_haenszel",
    "observed_expected",
    "percent",
    "rate_funnel_limits",
    "rate_ratio",
    "rate_upper_limit",
    "reached",
    "rung",
    "share_upper_limit",
    "spread",
    "standardised",
    "streak",
    "survival",
    "table",
    "wilson",
]
