"""The rules of Lakeside: each gives the reason why an event should not be recorded, or ``None``.

A reason stands in errors and logs: it never holds a name, nor anything else from the case but codes.
"""

from __future__ import annotations

from typing import Final

from community_mediation import AgreementForm, Case, Code, ResolutionKind, events
from community_mediation.ports import Label, Weight
from community_mediation.regions import Rule

BYELAWS: Final = "Byelaws of Lakeside (invented)"
PERMITS: Final = Code("lakeside", "permit")
BERTHS: Final = Code("lakeside", "berth")


def permit(before: object, event: object, after: object) -> str | None:
    """Permits are granted or refused by the harbour office: there is nothing to mediate."""
    if isinstance(after, Case) and after.dispute.type == PERMITS:
        return "the harbour office decides about permits, and nothing can be agreed about them"
    return None


def unwritten(before: object, event: object, after: object) -> str | None:
    """An agreement about a berth is in writing. What is not known of its form is no objection."""
    if not isinstance(event, events.Resolved) or event.kind is not ResolutionKind.AGREEMENT:
        return None
    about_a_berth = isinstance(after, Case) and after.dispute.type == BERTHS
    if about_a_berth and event.form is AgreementForm.ORAL:
        return "an agreement about a berth is oral, and binds nobody before it is written down"
    return None


RULES: Final = (
    Rule(
        name="no_permits",
        label=Label("Permits are not mediated", "行政许可不予调解"),
        source=BYELAWS,
        article="s. 4",
        weight=Weight.BLOCK,
        applies_to=(events.Accepted,),
        objection=permit,
        remedy="Decline the case, and name the harbour office to the parties.",
    ),
    Rule(
        name="berths_in_writing",
        label=Label("Agreements about berths are in writing", "泊位协议应采用书面形式"),
        source=BYELAWS,
        article="s. 9",
        applies_to=(events.Resolved,),
        objection=unwritten,
        remedy="Write the agreement down, and correct its form.",
    ),
)
