"""The papers of a case: exhibits, signatures, certificates, payments, and the file itself.

Sources of the fields: the file of people's mediation (人民调解卷宗: 证据材料, 履行凭证, 卷宗封面, 卷宗情况说明); KP
forms 20-22 and 28 of the Philippines; GB/T 31000-2015 (考评日期, 考评意见).
"""

import enum

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.item import Item
from community_mediation.domain.validators import NARRATIVE, PUBLIC, at_least, checked, code, codes, identifier, naming
from community_mediation.domain.values import Money


@frozen(kw_only=True, field_transformer=checked)
class Exhibit(Item):
    """A piece of evidence, or a statement taken down (证据材料、调查记录).

    Attributes:
        kind: document, photo, statement, map, identity_copy, recording, … (a code).
        party: Who handed it in, or made the statement.
        pages: How many pages.
        digest: The SHA-256 of the file, in hexadecimal: the file itself is kept elsewhere.
        title, text: In words.
    """

    kind: str = attrs.field(metadata=PUBLIC, validator=code)
    party: str | None = attrs.field(default=None, metadata=naming("party"), validator=identifier)
    pages: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    digest: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    title: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
    text: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


class SignatureKind(enum.StrEnum):
    """People's Mediation Law of the PRC (2010), art. 29: parties sign, seal or press a fingerprint."""

    SIGNATURE = "signature"
    SEAL = "seal"
    FINGERPRINT = "fingerprint"
    ELECTRONIC = "electronic"
    REFUSED = "refused"


@frozen(kw_only=True, field_transformer=checked)
class Signature(Item):
    """Someone signed a paper, or refused to. Nobody signs who has left the case.

    Attributes:
        paper: agreement, application, acceptance, rights, record, mandate, follow_up, receipt, … (a code).
        kind: How.
        resolution: The agreement or award that it stands under.
        party: The party that signed; with neither party nor mediator it is the centre's own seal.
        mediator: The mediator, recorder or officer who signed.
        attests: Signed to attest, not to be bound.
    """

    paper: str = attrs.field(metadata=PUBLIC, validator=code)
    kind: SignatureKind = attrs.field(default=SignatureKind.SIGNATURE, metadata=PUBLIC)
    resolution: str | None = attrs.field(default=None, metadata=naming("resolution"), validator=identifier)
    party: str | None = attrs.field(default=None, metadata=naming("party"), validator=identifier)
    mediator: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    attests: bool = attrs.field(default=False, metadata=PUBLIC)


@frozen(kw_only=True, field_transformer=checked)
class Payment(Item):
    """Money changed hands (履行凭证).

    Attributes:
        amount: How much.
        payer, payee: Who paid whom.
        resolution: The agreement under which it was paid.
        term: The term of that agreement.
        method: cash, transfer, … (a code).
    """

    amount: Money = attrs.field(metadata=PUBLIC)
    payer: str | None = attrs.field(default=None, metadata=naming("party"), validator=identifier)
    payee: str | None = attrs.field(default=None, metadata=naming("party"), validator=identifier)
    resolution: str | None = attrs.field(default=None, metadata=naming("resolution"), validator=identifier)
    term: str | None = attrs.field(default=None, metadata=naming("term"), validator=identifier)
    method: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)


@frozen(kw_only=True, field_transformer=checked)
class Certificate(Item):
    """A certificate was issued: to file action, to bar an action or a counterclaim, of no settlement.

    Attributes:
        kind: file_action, bar_action, bar_counterclaim, no_settlement, … (a code).
        party: For or against whom.
        grounds: Why: repudiated, no_settlement, failed_to_appear, … (codes).
    """

    kind: str = attrs.field(metadata=PUBLIC, validator=code)
    party: str | None = attrs.field(default=None, metadata=naming("party"), validator=identifier)
    grounds: tuple[str, ...] = attrs.field(default=(), metadata=PUBLIC, validator=codes)


@frozen(kw_only=True, field_transformer=checked)
class Transmittal(Item):
    """A paper of the case was sent to a court or an authority.

    Attributes:
        paper: settlement, award, final_report, feedback, … (a code).
        to: court, police, government, … (a code).
        resolution: The agreement or award that was sent.
    """

    paper: str = attrs.field(metadata=PUBLIC, validator=code)
    to: str = attrs.field(metadata=PUBLIC, validator=code)
    resolution: str | None = attrs.field(default=None, metadata=naming("resolution"), validator=identifier)


class Retention(enum.StrEnum):
    """How long a file is kept (保管期限). The years behind the words are a rule of the place."""

    SHORT = "short"
    LONG = "long"
    PERMANENT = "permanent"


@frozen(kw_only=True, field_transformer=checked)
class Filing(Item):
    """The file was put together (立卷).

    Attributes:
        number: The number of the file (卷号).
        retention: How long it is kept.
        compiled_by: The mediator or account who put it together (立卷人).
        papers: How many papers it holds.
        pages: How many pages.
        note: What is to be said about it (卷宗情况说明).
    """

    number: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    retention: Retention | None = attrs.field(default=None, metadata=PUBLIC)
    compiled_by: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    papers: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    pages: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class Review(Item):
    """Someone looked through the file (检查、考评).

    Attributes:
        by_role: inspector, supervisor, court, … (a code).
        reviewer: The account or mediator who reviewed it.
        grade: A code of the region's list.
        opinion: In words (考评意见).
    """

    by_role: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    reviewer: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    grade: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    opinion: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
