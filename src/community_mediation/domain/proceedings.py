"""What is noted while a case is being mediated: consent, rights, notices, helpers, mandates, answers.

Sources of the fields: the people's mediation forms (人民调解文书格式: 权利义务告知书, 授权委托书, 调解记录); People's
Mediation Law of the PRC (2010), arts. 20 and 23-24; KP forms 8-14, 18 and 19 of the Philippines.
"""

import enum

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.item import Item
from community_mediation.domain.resolution import AgreementForm
from community_mediation.domain.validators import (
    NARRATIVE,
    PERSONAL,
    PUBLIC,
    at_least,
    checked,
    code,
    identifier,
    naming,
)
from community_mediation.domain.values import When


class ConsentTo(enum.StrEnum):
    """What a party consents to."""

    MEDIATION = "mediation"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    EXTENSION = "extension"
    HELPER = "helper"
    ONLINE = "online"
    RECORDING = "recording"
    ARBITRATION = "arbitration"
    OTHER = "other"


@frozen(kw_only=True, field_transformer=checked)
class Consent(Item):
    """A party consents to something, or refuses.

    Attributes:
        party: Whose consent.
        to: To what.
        given: Given or refused.
        about: The id of what it is about: the conflict of interest, the helper, the attempt.
    """

    party: str = attrs.field(metadata=naming("party"), validator=identifier)
    to: ConsentTo = attrs.field(metadata=PUBLIC)
    given: bool = attrs.field(default=True, metadata=PUBLIC)
    about: str | None = attrs.field(default=None, metadata=naming("anything"), validator=identifier)


@frozen(kw_only=True, field_transformer=checked)
class ConflictOfInterest(Item):
    """A mediator discloses a conflict of interest: from then on they act only with the parties' recorded consent.

    Attributes:
        mediator: The mediator's id.
        nature: relative, neighbour, business, earlier_case, … (a code).
        note: In words.
    """

    mediator: str = attrs.field(metadata=PUBLIC, validator=identifier)
    nature: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class RightsExplained(Item):
    """A party was told of its rights and duties (权利义务告知). People's Mediation Law of the PRC, arts. 23-24.

    Attributes:
        party: Who was told.
        form: Orally or in writing.
        acknowledged: Whether the party acknowledged it; ``None`` if that was not noted.
    """

    party: str = attrs.field(metadata=naming("party"), validator=identifier)
    form: AgreementForm | None = attrs.field(default=None, metadata=PUBLIC)
    acknowledged: bool | None = attrs.field(default=None, metadata=PUBLIC)


class ServiceMode(enum.StrEnum):
    """How a paper reached its addressee. Source: the officer's return of KP form 9; mail and messengers beside it."""

    HANDED_OVER = "handed_over"
    HANDED_BUT_REFUSED = "handed_but_refused"
    LEFT_AT_DWELLING = "left_at_dwelling"
    LEFT_AT_WORKPLACE = "left_at_workplace"
    POSTED = "posted"
    PHONE = "phone"
    ELECTRONIC = "electronic"
    PUBLIC_NOTICE = "public_notice"
    NOT_SERVED = "not_served"


@frozen(kw_only=True, field_transformer=checked)
class Service(Item):
    """A notice or paper was served on someone (送达).

    Attributes:
        paper: hearing, summons, subpoena, acceptance, termination, constitution_of_panel, … (a code).
        party: On whom; ``None`` where it went to a mediator.
        mediator: The mediator on whom it was served, such as a chosen member of a panel.
        mode: How; ``None`` if that was not noted.
        appointed: When those served are to appear.
        received_by: Who took it, where that was someone else.
    """

    paper: str = attrs.field(metadata=PUBLIC, validator=code)
    party: str | None = attrs.field(default=None, metadata=naming("party"), validator=identifier)
    mediator: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    mode: ServiceMode | None = attrs.field(default=None, metadata=PUBLIC)
    appointed: When | None = attrs.field(default=None, metadata=PUBLIC)
    received_by: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class NonAppearance(Item):
    """A party did not appear when it was to.

    Attributes:
        party: Who.
        service: The id of the notice that called them.
        justified: Whether the reason is accepted; ``None``: not decided.
        reason: In words.
    """

    party: str = attrs.field(metadata=naming("party"), validator=identifier)
    service: str | None = attrs.field(default=None, metadata=naming("item"), validator=identifier)
    justified: bool | None = attrs.field(default=None, metadata=PUBLIC)
    reason: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class Helper(Item):
    """Someone who is invited to help mediate, with the parties' consent. People's Mediation Law of the PRC, art. 20.

    Attributes:
        kind: relative, neighbour, colleague, expert, elder, organisation, … (a code).
        person: The id of the ``Person`` that they are.
        name: Their name.
    """

    subject_field = "id"
    """A helper is a subject of its own, erasable apart from the rest of the case."""

    kind: str = attrs.field(metadata=PUBLIC, validator=code)
    person: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    name: str | None = attrs.field(default=None, metadata=PERSONAL, repr=False)


class MandateScope(enum.StrEnum):
    """What someone who is mandated may do. Source: the power of attorney of people's mediation (授权委托书)."""

    APPLY = "apply"
    END = "end"
    EVIDENCE = "evidence"
    CHOOSE_MEDIATOR = "choose_mediator"
    DISPOSE = "dispose"
    SIGN = "sign"
    RECEIVE = "receive"
    OTHER = "other"


@frozen(kw_only=True, field_transformer=checked)
class Mandate(Item):
    """A party authorises another to act for it (委托代理); a group, its representatives (推选代表).

    Attributes:
        principal: Who authorises.
        agent: Who may act: a party with the role representative or guardian, or a member of the group.
        scope: What the agent may do: ``DISPOSE`` is to admit, waive or change claims.
        until: Up to when; ``None``: until it is withdrawn.
        withdrawn: This notes the end of the mandate, not its beginning.
        note: In words.
    """

    principal: str = attrs.field(metadata=naming("party"), validator=identifier)
    agent: str = attrs.field(metadata=naming("party"), validator=identifier)
    scope: tuple[MandateScope, ...] = attrs.field(default=(), metadata=PUBLIC)
    until: When | None = attrs.field(default=None, metadata=PUBLIC)
    withdrawn: bool = attrs.field(default=False, metadata=PUBLIC)
    note: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class Answer(Item):
    """One answer to one question of a survey.

    Attributes:
        instrument: The questionnaire, a code.
        question: The question, a code of the questionnaire.
        party: Who answered; ``None`` where answers are anonymous.
        role: The role word or side of who answered, where it is not told by the party.
        wave: exit, thirty_days, … (a code): when it was asked.
        score: The answer as a number, in the scale of the questionnaire.
        choice: The answer as a code.
        text: The answer in words.
    """

    instrument: str = attrs.field(metadata=PUBLIC, validator=code)
    question: str = attrs.field(metadata=PUBLIC, validator=code)
    party: str | None = attrs.field(default=None, metadata=naming("party"), validator=identifier)
    role: str | None = attrs.field(default=None, metadata=PUBLIC, validator=identifier)
    wave: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    score: int | None = attrs.field(default=None, metadata=PUBLIC, validator=at_least(0))
    choice: str | None = attrs.field(default=None, metadata=PUBLIC, validator=code)
    text: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)
