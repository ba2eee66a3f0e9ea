"""The columns of the canonical register, as data."""

from __future__ import annotations

import enum
from types import MappingProxyType
from typing import Final

import attrs

from community_mediation.domain.validators import Sensitivity


class Kind(enum.StrEnum):
    """What stands in the cells of a column, and what they are parsed to."""

    NUMBER = "number"
    """A number or id of a case or system: ``str``, up to 200 printable characters."""
    TEXT = "text"
    """Free text: ``str``."""
    CODE = "code"
    """A code: ``str``; of the closed list where the column has one."""
    WHEN = "when"
    """A time: ``When``, to the day where only the day is given."""
    COUNT = "count"
    """A whole number from 0: ``int``."""
    AMOUNT = "amount"
    """An amount of money: ``Money``."""
    FLAG = "flag"
    """Yes or no: ``bool``."""
    RATING = "rating"
    """A mark from 1 to 5: ``int``."""
    LIST = "list"
    """Texts: ``tuple[str, ...]``."""
    PARTIES = "parties"
    """People: ``tuple[PartyCell, ...]``."""


@attrs.frozen
class Column:
    """One column.

    Attributes:
        name: Its heading in a canonical register.
        kind: What stands in its cells.
        doc: What it means, in one sentence.
        codes: The closed list of codes; ``None`` where any code may stand.
        people: Whether a cell may name someone. No message ever quotes such a cell.
    """

    name: str
    kind: Kind
    doc: str
    codes: tuple[str, ...] | None = None
    people: bool = False


_WHEN, _COUNT, _FLAG, _CODE, _TEXT = Kind.WHEN, Kind.COUNT, Kind.FLAG, Kind.CODE, Kind.TEXT

_ALL: Final = (
    Column("case_no", Kind.NUMBER, "The number that the centre gave to the case.", people=True),
    Column("external_system", _CODE, "The system that the external id belongs to."),
    Column("external_id", Kind.NUMBER, "The number that another system gave to the case.", people=True),
    Column("centre", _CODE, "The centre that handles the case."),
    Column("title", _TEXT, "What the dispute is called.", people=True),
    Column("status", _CODE, "Where the file stands.", ("open", "concluded", "closed", "void")),
    Column("reported_at", _WHEN, "When the dispute reached the centre."),
    Column("accepted_at", _WHEN, "When the centre took it on."),
    Column("first_session_at", _WHEN, "The first session in any format."),
    Column("joint_session_at", _WHEN, "The first session with the parties together."),
    Column("agreed_at", _WHEN, "When an agreement was reached."),
    Column("concluded_at", _WHEN, "When the case ended, however."),
    Column("closed_at", _WHEN, "When the file was closed."),
    Column("recorded_at", _WHEN, "When this row was written or taken from its system."),
    Column("source", _CODE, "How the case came about.", ("application", "proactive", "referral")),
    Column("channel", _CODE, "How it came in: police_call, walk_in, group_chat, and so on."),
    Column("referrer_kind", _CODE, "Who referred it: court, police, and so on."),
    Column("referral_kind", _CODE, "The kind of referral.", ("advised", "pre_filing", "post_filing", "transfer")),
    Column(
        "process", _CODE, "The kind of the latest attempt.",
        ("people", "administrative", "public_order", "pre_filing", "post_filing", "conciliation", "arbitration"),
    ),
    Column("dispute_scheme", _CODE, "The list that the dispute type stands in."),
    Column("dispute_type", _CODE, "The type of dispute, a code of that list."),
    Column("nature", _CODE, "The branch of law.", ("civil", "criminal", "administrative", "public_order", "other")),
    Column("brief", _TEXT, "What the dispute is about.", people=True),
    Column("place", _TEXT, "Where it arose.", people=True),
    Column("scale", _CODE, "Its scale, a code of the region's list."),
    Column("difficulty", _CODE, "How hard it is.", ("simple", "ordinary", "complex")),
    Column("people_involved", _COUNT, "How many people are involved."),
    Column("units_involved", _COUNT, "How many organisations are involved."),
    Column("amount_claimed", Kind.AMOUNT, "How much is claimed."),
    Column("currency", _CODE, "The currency of both amounts, as ISO 4217 writes it."),
    Column("applicants", Kind.PARTIES, "Who applied; several are separated by a semicolon.", people=True),
    Column("respondents", Kind.PARTIES, "Against whom; several are separated by a semicolon.", people=True),
    Column("third_parties", Kind.PARTIES, "Third parties; several are separated by a semicolon.", people=True),
    Column("party_keys", Kind.LIST, "Keys of these people in the source, in their order.", people=True),
    Column("mediators", Kind.LIST, "Who mediated; several are separated by a semicolon.", people=True),
    Column("sessions", _COUNT, "How many sessions were held."),
    Column("session_format", _CODE, "How the parties met.", ("joint", "separate", "site_visit")),
    Column("session_medium", _CODE, "Where they met.", ("in_person", "online", "phone")),
    Column(
        "conclusion", _CODE, "How the case ended.",
        ("settled", "settled_in_part", "not_settled", "resolved_before_session", "withdrawn", "refused", "no_response",
         "unsuitable", "referred_out", "declined", "lapsed", "void"),
    ),
    Column("agreement_form", _CODE, "The form of the agreement.", ("oral", "written")),
    Column("amount_agreed", Kind.AMOUNT, "How much was agreed."),
    Column("compliance", _CODE, "Whether the agreement is kept.", ("kept", "partly", "breached", "pending")),
    Column("complied_at", _WHEN, "When it was kept in full."),
    Column("breached_at", _WHEN, "When it was broken."),
    Column("repudiated_at", _WHEN, "When a party went back on it."),
    Column("litigation", _FLAG, "Whether a party went to court afterwards."),
    Column(
        "confirmation", _CODE, "How far the judicial confirmation has come.",
        ("applied", "accepted", "refused", "confirmed", "rejected", "withdrawn"),
    ),
    Column("confirmed_at", _WHEN, "When the court confirmed the agreement."),
    Column(
        "escalation_kind", _CODE, "What the dispute might have turned into.",
        ("crime", "suicide", "mass_petition", "fight", "violence", "other"),
    ),
    Column("escalation_persons", _COUNT, "How many people were at risk."),
    Column("escalation_reported", _FLAG, "Whether the danger was reported to the authorities."),
    Column("escalation_averted", _FLAG, "Whether the centre holds that it averted the danger."),
    Column("follow_up_at", _WHEN, "When the parties were visited again."),
    Column("follow_up_kept", _FLAG, "Whether the visit found the agreement kept."),
    Column("satisfaction_applicant", Kind.RATING, "The applicant's mark, from 1 (worst) to 5."),
    Column("satisfaction_respondent", Kind.RATING, "The respondent's mark, from 1 (worst) to 5."),
)  # fmt: skip

COLUMNS: Final = MappingProxyType({column.name: column for column in _ALL})
"""Name to column, in the order of the canonical register."""

OWN: Final = "own."
"""What the headings of own fields begin with."""

OWN_TYPES: Final = ("text", "int", "decimal", "bool", "date")
"""The types of own fields."""


@attrs.frozen(kw_only=True)
class OwnColumn:
    """A column that the canonical register does not have.

    Attributes:
        name: The field, without ``own.``.
        heading: The heading that it comes from.
        type: ``text`` (``str``), ``int``, ``decimal`` (``Decimal``), ``bool`` or ``date``.
        sensitivity: Who it can hurt; free text may name anyone, so that is the default.
    """

    name: str
    heading: str
    type: str = "text"
    sensitivity: Sensitivity = Sensitivity.NARRATIVE
