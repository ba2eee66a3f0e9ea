"""What follows from what in the published tables that are shipped, and which figures follow from nothing."""

from __future__ import annotations

from typing import Any, Final

from community_mediation import samples
from community_mediation.metrics import (
    ChangeCheck,
    CheckedTable,
    PartsCheck,
    ProductCheck,
    RateCheck,
    SameCheck,
    ShareCheck,
    SumCheck,
    check_table,
    spread,
)

Rows = tuple[dict[str, Any], ...]

# ------------------------------------------------------------------ China, by type

BY_TYPE: Final = samples.published("china_by_type")
TREE: Final = {"name": "type", "parent": "parent", "within": "year"}


def by_type(rows: Rows = BY_TYPE) -> CheckedTable:
    """Yearbook 2001, table 22-7: shares of the total, and the types that add up to their parents."""
    checks = [
        ShareCheck(of="cases", published="percent", name="type", whole="Total", within="year"),
        PartsCheck(of="cases", **TREE),
        PartsCheck(of="percent", **TREE),
        ChangeCheck(of="cases", along="year", within="type"),
    ]
    return check_table(rows, checks, label=("year", "type"), units={"percent": "%"}, places={"percent": 2})


# ------------------------------------------------------------------ China, the series

SERIES: Final = spread(samples.published("china_series"), by=("year", "source"), name="indicator")
YEARBOOK: Final = "http://china.org.cn/english/en-sz2005/sh/biao/23-6.htm (NBS yearbook 23-6)"
KINDS: Final = ("village_resident", "township_street", "enterprise_institution", "professional_industry")


def series(rows: Rows = SERIES) -> CheckedTable:
    """What yearbooks and reports say of one year, and from year to year within one of them."""
    indicators = ("full_time_judicial_assistants", "committees", "mediators", "civil_disputes_mediated")
    checks = [
        *(SameCheck(of=name, within="year") for name in indicators[1:]),
        *(ChangeCheck(of=name, along="year", within="source") for name in indicators),
        RateCheck(of="mediated_successfully", over="civil_disputes_mediated", published="success_rate"),
        SumCheck(parts=tuple(f"committees_{kind}" for kind in KINDS), total="committees"),
        SumCheck(parts=("civil_disputes_mediated", "-court_referred_success")),
        RateCheck(of="mediators_full_time", over="mediators"),
        SumCheck(parts=("funding_guidance", "funding_committees", "funding_mediator_allowance")),
    ]
    return check_table(rows, checks, label=("year", "source"))


# What stands alone: (year, indicator) -> why nothing in the tables says it again.
SERIES_ALONE: Final = {
    ("1990", "committees"): "no other figure of 1990",
    ("2015", "committees"): "no other figure of 2015",
    ("2017", "committees"): "the years beside are not there",
    ("2017", "mediators"): "the years beside are not there",
    ("2017", "civil_disputes_mediated"): "the years beside are not there",
    ("2018", "committees_village_resident"): "the total of 2018 is not there",
    ("2018", "committees_professional_industry"): "the total of 2018 is not there",
    ("2018", "resident_mediation_rooms"): "no part or total beside it",
    ("2000", "suicide_prevented_cases"): "a tally; cases and persons do not follow from each other",
    ("2000", "suicide_prevented_persons"): "a tally; cases and persons do not follow from each other",
    ("2000", "crime_conversion_prevented_cases"): "a tally; cases and persons do not follow from each other",
    ("2000", "crime_conversion_prevented_persons"): "a tally; cases and persons do not follow from each other",
    ("2023", "committees"): "another source has the parts of no year near it",
    ("2023", "committees_professional_industry"): "the other kinds of 2023 are not there",
    ("2025", "committees"): "the year before is not there",
    ("2025", "mediators"): "the year before is not there",
    ("2021-2025", "civil_disputes_mediated"): "a sum over five years of which one is there",
}

# ------------------------------------------------------------------ China, places

PLACES: Final = spread(samples.published("china_places"), by=("place", "period"), name="indicator")
FOUR: Final = ("交通事故损害赔偿", "邻里纠纷", "婚姻家庭纠纷", "山林土地权属纠纷")
WAYS: Final = ("主动调解", "依申请调解", "接受委托移送调解")


def places(rows: Rows = PLACES) -> CheckedTable:
    """Success rates, shares, sums and changes of cities and provinces."""
    checks = [
        RateCheck(of="success", over="mediated", published="success_rate"),
        RateCheck(of="success", over="mediated"),
        RateCheck(of="petition_success", over="petition_mediated"),
        RateCheck(of="mediated", over="screened_disputes"),
        RateCheck(of=tuple(f"type:{kind}" for kind in FOUR), over="screened_disputes", published="top4_share"),
        RateCheck(of="committees_standardised", over="committees", published="standardised_share"),
        ChangeCheck(of="screened_disputes", absolute="yoy_change", percent="yoy_percent"),
        ChangeCheck(of="screened_disputes", absolute="qoq_change", percent="qoq_percent"),
        SumCheck(parts=("by:司法助理员", "by:法律服务所", "by:调委会"), total="mediated_total"),
        SumCheck(parts=tuple(f"source:{way}" for way in WAYS), total="mediated"),
        SumCheck(parts=("type:家庭纠纷", "type:邻里纠纷"), total="screened_family_neighbour"),
        ChangeCheck(of="committees", along="period", within="place"),
        ChangeCheck(of="mediators", along="period", within="place"),
    ]
    return check_table(rows, checks, label=("place", "period"))


PLACES_ALONE: Final = {
    "abnormal_death_disputes": "a part of the disputes screened that is no share",
    "patrol_screenings": "times that somebody went round; no count beside it",
    "success_rate_committees": "how many the committees settled is not printed",
    "prevented_disputes": "a tally",
    "difficult_complex": "a part that is no share",
    "organisations": "some of its parts are not printed",
    "committees:村社区": "the other kinds are not printed",
    "committees:乡镇街道": "the other kinds are not printed",
    "personal_studios": "no total beside it",
    "agreement_amount_approx": "sums of money, of an unknown number of agreements",
    "resident_rooms 诉调公调访调": "no total beside it",
    "professional_committees": "no total beside it",
    "mediated": "how many of them were settled is not printed",
    "cases": "182 at 98.9 %: which of two pairs of counts is not said; see fitting",
    "resolution_rate": "the counts are not printed, or not which of them",
    "disputes": "how many were resolved is not printed",
    "cross_department_success": "a share of cases that are not printed",
    "committees": "no other year of this place",
    "mediators": "no other year of this place",
}
TALLIES: Final = ("prevent:", "stopped:")

# ------------------------------------------------------------------ elsewhere

FIGURES: Final = spread(
    samples.published("figures"), by=("jurisdiction", "program", "period"), name=("measure", "category")
)
BANGLADESH: Final = tuple(f"{kind}/{sex} applicant" for kind in ("criminal", "civil") for sex in ("female", "male"))
FILINGS: Final = ("Certificate", "Notice", "Response", "Minutes")


def figures(rows: Rows = FIGURES) -> CheckedTable:
    """Counts and percentages of programmes in ten jurisdictions."""
    filed, settled, pending = "cases_filed: total", "settled: total", "unsettled: pending_ongoing"
    received, unsolved = "cases_received: total", "unsolved: total"
    asked, never, agreed = "applications_received: total", "non_starter: total", "settled: total"
    shares = ("parenting plans", "Specialized ADR", "general/community", "juvenile justice", "child welfare", "family")
    sources = ("court", "attorneys", "self/friend", "agencies and organizations", "schools")
    closed, left, positive = "closed cases: total", "remaining: total", "positive outcome: total"
    notified, both = "disputes notified: total", "both parties agreed: total"
    courts = ("Court of First Instance", "District Court")
    checks = [
        # Philippines: Katarungang Pambarangay
        SumCheck(parts=tuple(f"cases_filed_by_nature: {nature}" for nature in ("criminal", "civil", "others")),
                 total=filed),
        SumCheck(parts=tuple(f"settled_by_mode: {mode}" for mode in ("mediation", "conciliation", "arbitration")),
                 total=settled),
        SumCheck(parts=(settled, "unsettled: total"), total=filed),
        RateCheck(of=settled, over=filed, published="settlement_rate: settled/filed"),
        RateCheck(of=settled, over=(filed, f"-{pending}")),
        ProductCheck(of=settled, times=9_500, published="estimated_government_savings: total"),
        # Nebraska: shares that should make up the whole
        SumCheck(parts=tuple(f"case_type_share: {kind}" for kind in (*shares, "adult criminal"))),
        SumCheck(parts=tuple(f"referral_source_share: {source}" for source in sources)),
        # United States: the sample of the field test
        RateCheck(of="handled_cases_sampled: total", over="handled_cases_total: total"),
        # Rwanda: Abunzi
        RateCheck(of="went_to_courts: total", over="cases_handled: total"),
        RateCheck(of=(received, f"-{unsolved}"), over=received),
        # Kenya: court-annexed mediation
        RateCheck(of="reported as settled/cleared: total", over="referred: total",
                  published="reported settlement rate: total"),
        RateCheck(of="resolved(concluded) cumulative: total", over="referred cumulative: total",
                  published="conclusion rate: total"),
        ChangeCheck(of="referred: total", before="prior-year referred: total"),
        # London: Conflict and Change
        SumCheck(parts=("party unwilling: total", left), total=closed),
        RateCheck(of=positive, over=left),
        RateCheck(of=positive, over=closed),
        RateCheck(of="family conflicts among positive: total", over=positive),
        # India: mediation before a suit, and Lok Adalats
        RateCheck(of=never, over=asked),
        RateCheck(of=agreed, over=asked),
        RateCheck(of=agreed, over=(asked, f"-{never}")),
        SumCheck(parts=("disposed: pre-litigation", "disposed: pending cases"), total="disposed: total"),
        ChangeCheck(of="disposed: total", along="period", within="program"),
        # Hong Kong: filings, year on year
        *(ChangeCheck(of=f"Mediation {filing}: {court}", along="period", within="program")
          for court in courts for filing in FILINGS if (filing, court) != ("Minutes", "District Court")),
        # Bangladesh: village courts
        *(SumCheck(parts=tuple(f"{end}: {who}" for end in ("settled", "cancelled_incomplete", "unsettled")),
                   total=f"received: {who}") for who in BANGLADESH),
        *(ProductCheck(of=tuple(f"received: {who}" for who in BANGLADESH if who.startswith(kind)), times=fee,
                       published=f"{kind} fees 28x{fee}: total") for kind, fee in (("criminal", 2), ("civil", 4))),
        SumCheck(parts=("disposed: total", "pending: total"), total="total: total"),
        SumCheck(parts=("pending over 3 months: total", "pending over 6 months: total"), total="pending: total"),
        # United Kingdom: ProMediate
        RateCheck(of=both, over=notified),
        RateCheck(of="EU platform, trader refused: total", over=notified),
        RateCheck(of="cross border: total", over=notified),
    ]  # fmt: skip
    return check_table(rows, checks, label=("jurisdiction", "program", "period"))


FIGURES_ALONE: Final = {
    ("PH", 'unsettled: unknown category (source text cut at "2,606 wer")'): "the report is cut off in its list",
    ("PH", "settlement_rate: Region 1"): "the counts of the region are not printed",
    ("PH", "settlement_rate: Region 8"): "the counts of the region are not printed",
    ("PH", "settlement_rate: Region IV-B"): "the counts of the region are not printed",
    ("PH", "resolution_rate: total"): "2024: no counts printed",
    ("US-NE", "cases: total"): "the types are printed as shares alone",
    ("US-NE", "full_or_partial_agreement_rate: of referrals that attempted mediation/facilitation"): "no counts",
    ("US-NY", "conciliations+mediations+arbitrations: total"): "its parts are not printed",
    ("US-NY", "individuals: total"): "persons; nothing beside it",
    (
        "US-NY",
        "agreement_rate (mediated or conciliated): total",
    ): "how many were mediated or conciliated is not printed",
    ("US-NY", "pro_bono_hours: total"): "more than; nothing beside it",
    ("US-NY", "referrals_from_courts: total"): "no counts",
    ("US-NY", "referrals_from_courts FY1993-94: total"): "no counts",
    ("US-MI", "cases_disposed: total"): "how many were mediated is not printed",
    ("US-MI", "agreement_rate: total"): "of which cases is not said",
    ("US-MI", "agreements_kept: total"): "no counts",
    ("US-MI", "agreements_upheld (random sample, landlord-tenant): total"): "the size of the sample is not printed",
    ("US", "resolved_of_referred: total"): "no counts",
    ("US", "resolved_of_mediated: total"): "no counts",
    ("KE", "official settlement rate: total"): "how many were settled is not printed",
    ("KE", "settlement rate FY2023/24: total"): "no counts of that year",
    ("KE", "average case running days FY2023/24: total"): "a mean of days that are not printed",
    ("GB", "new cases: total"): "cases begun; closed ones are others",
    ("GB", "people in positive cases (at least): total"): "persons; at least",
    ("BD", "criminal compensation recovered: total"): "sums of money; nothing beside it",
    ("BD", "civil compensation recovered: total"): "sums of money; nothing beside it",
}

# ------------------------------------------------------------------ rates and balances

RATES: Final = samples.published("rates")


def rates(rows: Rows = RATES) -> CheckedTable:
    """Percentages beside their two counts."""
    check = RateCheck(of="numerator", over="denominator", published="published")
    return check_table(rows, check, label="id", units={"published": "%"})


BALANCES: Final = samples.published("balances")


def balances(rows: Rows = BALANCES) -> CheckedTable:
    """Sums beside their parts."""
    lines = []
    for row in rows:
        unit = " %" if "percentages" in row["note"] else ""
        lines.append({"id": row["id"], "part": "total", "of": "", "figure": row["total"] + unit})
        for number, part in enumerate(row["parts"].split(" + ")):
            lines.append({"id": row["id"], "part": str(number), "of": "total", "figure": part + unit})
    return check_table(lines, PartsCheck(of="figure", name="part", parent="of", within="id"), label="id")
