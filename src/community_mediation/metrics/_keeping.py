"""The family of keeping: whether what was agreed is kept, how long it lasts, and who comes back."""

from __future__ import annotations

from typing import Final

import attrs

from community_mediation.metrics._conditions import Answered, answered, col
from community_mediation.metrics._definitions import VOID, Basis, Duration, Exclusion, Proportion
from community_mediation.metrics._measures import Within
from community_mediation.metrics._milestones import reached
from community_mediation.ports import Label

RESOLUTION: Final = "case_resolution"
AGREEMENTS: Final = col("kind").is_in(["agreement", "private_settlement"], not_in=["award"])
_LOOKED: Final = ("kept", "partly", "breached")
VARIED: Final = Exclusion("varied", col("state") == "varied", Label("replaced by a new agreement", "已被新协议替代"))
DRAFT: Final = Exclusion("draft", col("state") == "drafted", Label("only drafted", "仅为草稿"))
_EXCLUSIONS: Final = (VOID, DRAFT, VARIED)
_DUE: Final = col("compliance").is_null() | col("compliance").is_in(list(_LOOKED))
_COVERED: Final = Label("agreements that were looked after, with something due", "到期并已回访的协议")
_IN_COURT: Final = col("confirmation").is_in(["applied", "accepted"])
_MCL: Final = "Michigan Community Dispute Resolution Act, MCL 691.1562; LTIA II.C"

compliance_of_answered: Final = Proportion(
    name="compliance_of_answered",
    label=Label("Kept in full, of agreements looked after", "协议全部履行率（以已回访为分母）"),
    grain=RESOLUTION,
    basis=Basis.EVENT,
    numerator=col("compliance").is_in(["kept"], not_in=["partly", "breached"]),
    numerator_label=Label("agreements kept in full", "全部履行的协议"),
    denominator=col("compliance").is_in(list(_LOOKED)),
    denominator_label=_COVERED,
    pending=col("compliance") == "pending",
    milestone="agreed",
    filter=AGREEMENTS,
    exclusions=_EXCLUSIONS,
    source=f"{_MCL}; 16 CCR § 3635. Beside it stands its coverage: those who are reached may differ from the others",
)
part_compliance_of_answered: Final = attrs.evolve(
    compliance_of_answered,
    name="at_least_part_compliance_of_answered",
    label=Label("Kept in full or in part, of agreements looked after", "协议履行率（含部分履行，以已回访为分母）"),
    numerator=col("compliance").is_in(["kept", "partly"], not_in=["breached"]),
    numerator_label=Label("agreements kept in full or in part", "全部或部分履行的协议"),
)
compliance_coverage: Final = attrs.evolve(
    compliance_of_answered,
    name="compliance_coverage",
    label=Label("Coverage: looked after, of agreements due", "回访覆盖率（已回访占到期协议）"),
    numerator=Answered(col("compliance").is_in(list(_LOOKED)), col("compliance").is_null()),
    numerator_label=_COVERED,
    denominator=_DUE,
    denominator_label=Label("agreements with something due", "到期的协议"),
    source=f"{_MCL}: a compliance rate without its coverage hides who was never asked",
)
term_compliance: Final = Proportion(
    name="term_compliance_of_answered",
    label=Label("Terms kept, of terms looked after", "履行事项完成率（以已回访为分母）"),
    grain="case_term",
    basis=Basis.COHORT,
    numerator=col("compliance").is_in(["kept"], not_in=["partly", "breached"]),
    numerator_label=Label("terms kept in full", "已履行的事项"),
    denominator=col("compliance").is_in(list(_LOOKED)),
    denominator_label=Label("terms that were looked after", "已回访的履行事项"),
    pending=col("compliance") == "pending",
    source="Derived from MCL 691.1562, term by term; terms of one case are no independent witnesses",
)

confirmation_of_agreements: Final = Proportion(
    name="confirmation_of_agreements",
    label=Label("Confirmed by a court, of agreements", "司法确认率（以调解协议为分母）"),
    grain=RESOLUTION,
    basis=Basis.EVENT,
    numerator=answered(reached("confirmed"), no=~reached("confirmed") & ~_IN_COURT),
    numerator_label=Label("agreements that a court confirmed", "经司法确认的协议"),
    denominator=AGREEMENTS,
    denominator_label=Label("agreements reached", "达成的协议"),
    pending=~reached("confirmed") & _IN_COURT,
    milestone="agreed",
    filter=AGREEMENTS,
    exclusions=_EXCLUSIONS,
    source="People's Mediation Law of the PRC (2010), art. 33: judicial confirmation on joint application in 30 days",
)

UNSEEN: Final = Exclusion(
    "never looked after",
    # Who has not been asked is neither faithful nor faithless.
    col("last_contact_on").is_null() & ~(col("failed") == "at"),
    Label("never looked after", "从未回访"),
)

durability: Final = Duration(
    name="durability",
    label=Label("Days until an agreement fails, median", "协议维持天数中位数"),
    grain=RESOLUTION,
    basis=Basis.EVENT,
    start="effective",
    end="failed",
    seen="last_contact",
    filter=AGREEMENTS,
    exclusions=(*_EXCLUSIONS, UNSEEN),
    source="Maryland District Court, follow-up after 3 and 12 months; Neighborhood Justice Centers, 6 months. Failed "
    "is breached or repudiated; a breach is dated when it was found, the rest is watched until the last contact only",
)


def durability_at(days: int) -> Within:
    """The share of agreements that still stand after so many days, of those old enough that somebody looked at then.

    A fixed date compares like with like; the curve (``durability``) uses every agreement. A failure is known whenever
    it was found, and that an agreement stands only if somebody looked as late: so the share is too low where many are
    *not seen for so long*, and there is none where nobody was seen for so long. Then take the curve.
    """
    return Within(
        name=f"durability_at_{days}_days",
        label=Label(f"Standing after {days} days, of agreements old enough", f"满{days}天仍有效的协议占比"),
        grain=RESOLUTION,
        basis=Basis.EVENT,
        start="effective",
        end="failed",
        days=days,
        seen="last_contact",
        without=True,
        filter=AGREEMENTS,
        exclusions=(*_EXCLUSIONS, UNSEEN),
        numerator_label=Label(
            f"agreements neither breached nor repudiated by day {days}", f"满{days}天未违约、未反悔的协议"
        ),
        denominator_label=Label(
            f"agreements in force for {days} days whose state then is known", f"生效满{days}天且届时情况已知的协议"
        ),
        source="Neighborhood Justice Centers Field Test, 1980: interviews six months after. Too low where many were "
        "not seen for so long: a failure is known whenever it was found",
    )


def repudiation_within(days: int) -> Within:
    """The share of settlements repudiated within the window, of those whose window has closed."""
    return Within(
        name=f"repudiation_within_{days}_days",
        label=Label(f"Repudiated within {days} days, of settlements", f"{days}天内反悔率（以反悔期已过的协议为分母）"),
        grain=RESOLUTION,
        basis=Basis.EVENT,
        start="agreed",
        end="repudiated",
        days=days,
        filter=AGREEMENTS,
        exclusions=(VOID, DRAFT),
        numerator_label=Label("settlements repudiated in the window", "反悔期内反悔的协议"),
        denominator_label=Label("settlements whose window has closed", "反悔期已过的协议"),
        source="Republic Act 7160 (Philippines), s. 418 and KP Form 17: ten days from the settlement",
    )


def recurrence_within(days: int) -> Within:
    """The share of cases after which two of the same persons came with another one, of those that ended so long ago.

    It needs parties linked to persons; cases without two of them are left out as *end unknown*.
    """
    return Within(
        name=f"recurrence_within_{days}_days",
        label=Label(f"The same pair again within {days} days, of cases ended", f"{days}天内同一双方再次发生纠纷率"),
        start="first_concluded",
        end="returned",
        days=days,
        basis=Basis.EVENT,
        numerator_label=Label(f"cases whose pair came again within {days} days", f"{days}天内同一双方再次来访的案件"),
        denominator_label=Label(
            f"cases ended {days} days ago or earlier, with two persons linked", f"办结满{days}天且双方已关联的案件"
        ),
        source="LTIA II.B.2; Maryland returnees. It needs linkage, and finds only those who come back to the same book",
    )


KEEPING: Final = (
    compliance_of_answered,
    part_compliance_of_answered,
    compliance_coverage,
    term_compliance,
    confirmation_of_agreements,
    durability,
    durability_at(180),
    repudiation_within(10),
    recurrence_within(180),
)
