"""Everything that ``Case.record`` notes, in one place: ``cm.items.Service(...)``.

With the small values that moves and items are made of: ``Term``, ``Claim``, and the closed lists of their words.
"""

from typing import Final

from community_mediation.domain.attempt import AttemptResult, PanelChoice
from community_mediation.domain.dispute import Claim
from community_mediation.domain.item import Item
from community_mediation.domain.legal import (
    Direction,
    Execution,
    LegalStep,
    LegalStepKind,
    Link,
    LinkKind,
    Referral,
    ReferralAnswer,
    ReferralReturn,
)
from community_mediation.domain.papers import (
    Certificate,
    Exhibit,
    Filing,
    Payment,
    Retention,
    Review,
    Signature,
    SignatureKind,
    Transmittal,
)
from community_mediation.domain.people import PartyExit
from community_mediation.domain.proceedings import (
    Answer,
    ConflictOfInterest,
    Consent,
    ConsentTo,
    Helper,
    Mandate,
    MandateScope,
    NonAppearance,
    RightsExplained,
    Service,
    ServiceMode,
)
from community_mediation.domain.resolution import Confirmation, Ruling, Term, TermKind
from community_mediation.domain.risk import Risk, RiskKind, RiskUpdate

ITEMS: Final[dict[str, type[Item]]] = {
    "answer": Answer,
    "certificate": Certificate,
    "conflict_of_interest": ConflictOfInterest,
    "consent": Consent,
    "exhibit": Exhibit,
    "filing": Filing,
    "helper": Helper,
    "legal_step": LegalStep,
    "link": Link,
    "mandate": Mandate,
    "non_appearance": NonAppearance,
    "payment": Payment,
    "referral": Referral,
    "referral_answer": ReferralAnswer,
    "referral_return": ReferralReturn,
    "review": Review,
    "rights_explained": RightsExplained,
    "risk": Risk,
    "risk_update": RiskUpdate,
    "service": Service,
    "signature": Signature,
    "transmittal": Transmittal,
}
"""Their names: part of the format of entries, never changed."""

__all__ = [
    "ITEMS",
    "Answer",
    "AttemptResult",
    "Certificate",
    "Claim",
    "Confirmation",
    "ConflictOfInterest",
    "Consent",
    "ConsentTo",
    "Direction",
    "Execution",
    "Exhibit",
    "Filing",
    "Helper",
    "Item",
    "LegalStep",
    "LegalStepKind",
    "Link",
    "LinkKind",
    "Mandate",
    "MandateScope",
    "NonAppearance",
    "PanelChoice",
    "PartyExit",
    "Payment",
    "Referral",
    "ReferralAnswer",
    "ReferralReturn",
    "Retention",
    "Review",
    "RightsExplained",
    "Risk",
    "RiskKind",
    "RiskUpdate",
    "Ruling",
    "Service",
    "ServiceMode",
    "Signature",
    "SignatureKind",
    "Term",
    "TermKind",
    "Transmittal",
]
