"""The facts tables of the kinds of matter that the core ships, column by column.

A milestone ``m`` is three columns: ``m`` says ``at``, ``not_reached`` or ``unknown``;
``m_at`` the instant (UTC) where it is known so exactly; ``m_on`` the local date. An
event known to the day has ``m_on`` only; one with no known date has neither.
"""

from typing import Final

from community_mediation.facts.schema import MATTER_ID, ROW, Column, ColumnType, FactsSchema

TEXT, INT, BOOL = ColumnType.TEXT, ColumnType.INT, ColumnType.BOOL
DECIMAL, DATE, INSTANT = ColumnType.DECIMAL, ColumnType.DATE, ColumnType.INSTANT


def milestone(name: str, doc: str) -> tuple[Column, Column, Column]:
    """The three columns of a milestone."""
    return (
        Column(name, TEXT, f"{doc}: at, not_reached or unknown."),
        Column(f"{name}_at", INSTANT, f"{doc}: the instant, if known so exactly."),
        Column(f"{name}_on", DATE, f"{doc}: the local date, if known."),
    )


VALID: Final = (
    Column("valid_from", INSTANT, "From when the row was true; empty: from the beginning of what is known."),
    Column("valid_to", INSTANT, "Up to when it was true, excluded; empty: still true."),
)

CASE_MILESTONES: Final = {
    "reported": "The dispute reached the centre",
    "accepted": "The centre took it on",
    "agreed_to_mediate": "The parties agreed to mediate",
    "begun": "Mediation began, in any format",
    "first_session": "The first session, in any format",
    "joint_session": "The first session with the parties together",
    "agreed": "An agreement was reached, in full or in part",
    "concluded": "The case ended, however",
    "first_concluded": "The first ending, kept when a case is reopened",
    "closed": "The file was closed",
}
"""The milestones of the ``case`` table, in order."""

CASE: Final = FactsSchema(
    "case",
    (
        MATTER_ID,
        ROW,
        Column("origin", TEXT, "reported (lived through here) or registered (from another register)."),
        Column("centre", TEXT, "The centre."),
        Column("dispute_scheme", TEXT, "The list that the dispute type stands in."),
        Column("dispute_type", TEXT, "The type of dispute, a code of that list."),
        Column("nature", TEXT, "civil, criminal, administrative, public_order or other."),
        Column("scale", TEXT, "A code of the region's list of scales."),
        Column("difficulty", TEXT, "simple, ordinary or complex."),
        Column("source", TEXT, "application, proactive or referral."),
        Column("channel", TEXT, "How it came in: police_call, walk_in, group_chat, …"),
        Column("referrer_kind", TEXT, "Who referred it: court, police, …"),
        Column("referral_kind", TEXT, "advised, pre_filing, post_filing or transfer."),
        Column("attempt_kind", TEXT, "The kind of the latest attempt: people, administrative, public_order, …"),
        Column("process", TEXT, "reported, accepted, in_mediation or concluded."),
        Column("file", TEXT, "open or closed."),
        Column("conclusion", TEXT, "How the case ended; unknown if it ended unknown how; empty while it has not."),
        Column("first_conclusion", TEXT, "How it first ended, kept when it is reopened."),
        Column("agreement", TEXT, "full, partial, none, open (not ended) or unknown. Awards are none."),
        Column("agreement_form", TEXT, "oral or written, of the latest agreement."),
        Column("on_the_spot", BOOL, "Settled at once, with no attempt begun."),
        Column("compliance", TEXT, "Of the latest agreement: kept, partly, breached, pending or unknown."),
        Column("parties", INT, "How many parties are recorded."),
        Column("people_involved", INT, "How many people are involved, if it was counted."),
        Column("units_involved", INT, "How many organisations are involved, if it was counted."),
        Column("sessions", INT, "How many sessions were held, if it is known."),
        Column("amount_claimed", DECIMAL, "The amount in dispute."),
        Column("amount_claimed_currency", TEXT, "Its currency."),
        Column("amount_agreed", DECIMAL, "The amount of the latest agreement."),
        Column("amount_agreed_currency", TEXT, "Its currency."),
        *(column for name, doc in CASE_MILESTONES.items() for column in milestone(name, doc)),
        Column(
            "observed_at", INSTANT, "Up to when a register had watched the case; empty once something is recorded here."
        ),
        Column("observed_on", DATE, "The same, as a local date."),
        Column("own", TEXT, "Own fields that are declared public, as one JSON object."),
        Column("reason", TEXT, "Why it ended so: a code."),
        Column("counted", BOOL, "Whether it counts as a case: no, once it was merged into another or split."),
        Column("litigation", BOOL, "Whether it went to court; empty if nobody noted it."),
        Column("confirmation", TEXT, "Judicial confirmation of the latest agreement."),
        Column("attempts", INT, "How many attempts at mediation are recorded."),
        Column("people", INT, "How many natural persons the parties are, groups with all whom they stand for."),
    ),
    version=2,
)

CASE_SPELL: Final = FactsSchema(
    "case_spell",
    (
        MATTER_ID,
        ROW,
        *VALID,
        Column("centre", TEXT, "The centre."),
        Column("dispute_scheme", TEXT, "The list that the dispute type stands in."),
        Column("dispute_type", TEXT, "The type of dispute."),
        Column("process", TEXT, "reported, accepted, in_mediation or concluded."),
        Column("file", TEXT, "open or closed."),
        Column("conclusion", TEXT, "How the case had ended."),
        Column("agreement", TEXT, "full, partial, none, open or unknown."),
        Column("counted", BOOL, "Whether it counted as a case."),
    ),
    version=2,
)

CASE_PARTY: Final = FactsSchema(
    "case_party",
    (
        MATTER_ID,
        ROW,
        Column("person", TEXT, "The id of the person that the party is linked to."),
        Column("side", TEXT, "A, B, …"),
        Column("role", TEXT, "applicant, respondent, third_party, …; empty where nobody is either."),
        Column("kind", TEXT, "natural, organisation or group."),
        Column("sex", TEXT, "A code; facts hold no other trait of a person."),
        Column("people", INT, "How many people a group stands for."),
        Column("joined_on", DATE, "When it came in, if later than the case."),
        *milestone("left", "It left the case"),
        Column("left_reason", TEXT, "withdrew, died, dissolved, replaced, not_concerned or other."),
        Column("successor", TEXT, "The party that stands in its place."),
    ),
    version=2,
)

CASE_MEDIATOR: Final = FactsSchema(
    "case_mediator",
    (
        MATTER_ID,
        ROW,
        *VALID,
        Column("mediator", TEXT, "The mediator's id."),
        Column("role", TEXT, "lead, member or recorder."),
        Column("centre", TEXT, "The centre of the case."),
        Column("chosen", TEXT, "How the mediator was chosen: agreed, appointed or lot."),
    ),
    version=2,
)

CASE_SESSION: Final = FactsSchema(
    "case_session",
    (
        MATTER_ID,
        ROW,
        Column("attempt", TEXT, "The attempt that it belongs to."),
        *milestone("held", "The session took place"),
        Column("format", TEXT, "joint, separate or site_visit."),
        Column("medium", TEXT, "in_person, online or phone."),
        Column("minutes", INT, "How long it took."),
    ),
)

CASE_RESOLUTION: Final = FactsSchema(
    "case_resolution",
    (
        MATTER_ID,
        ROW,
        Column("kind", TEXT, "agreement, award or private_settlement."),
        Column("form", TEXT, "oral or written."),
        Column("on_the_spot", BOOL, "Reached at once, with no attempt begun."),
        Column("extent", TEXT, "full or partial."),
        Column(
            "state", TEXT, "drafted, effective, complied, partly, breached, varied, repudiated, confirmed, executed."
        ),
        Column("compliance", TEXT, "kept, partly, breached or pending; empty if nobody looked."),
        Column("confirmation", TEXT, "Judicial confirmation, where it is recorded."),
        Column("amount", DECIMAL, "The amount agreed."),
        Column("currency", TEXT, "Its currency."),
        *milestone("agreed", "It was agreed"),
        *milestone("effective", "It took effect"),
        *milestone("complied", "It was kept in full"),
        *milestone("breached", "It was broken"),
        *milestone("repudiated", "A party repudiated it"),
        *milestone("confirmed", "A court confirmed it"),
        Column("last_contact_on", DATE, "The last date on which someone looked whether it is kept."),
        Column("replaces", TEXT, "The resolution that it takes the place of."),
        Column("terms", INT, "How many terms are recorded one by one."),
        Column("ruling", TEXT, "What a court last decided about it: upheld, varied, revoked, invalid, …"),
    ),
    version=2,
)

CASE_TERM: Final = FactsSchema(
    "case_term",
    (
        MATTER_ID,
        ROW,
        Column("resolution", TEXT, "The agreement or award that it stands in."),
        Column("kind", TEXT, "payment, apology, act or forbearance."),
        Column("debtor", TEXT, "The party that owes; empty: all who are bound."),
        Column("creditor", TEXT, "The party to whom."),
        Column("amount", DECIMAL, "How much, for a payment."),
        Column("currency", TEXT, "Its currency."),
        Column("due_at", INSTANT, "Until when, if known so exactly."),
        Column("due_on", DATE, "Until when, as a local date."),
        Column("method", TEXT, "How it is to be done, a code."),
        Column("compliance", TEXT, "kept, partly, breached or pending; empty if nobody looked."),
        *milestone("complied", "It was found kept"),
        *milestone("breached", "It was found broken"),
    ),
)

CASE_RISK: Final = FactsSchema(
    "case_risk",
    (
        MATTER_ID,
        ROW,
        Column("kind", TEXT, "crime, suicide, mass_petition, fight, violence or other."),
        Column("level", TEXT, "A code of the region's list of levels."),
        Column("persons", INT, "How many persons are at risk, if counted."),
        *milestone("raised", "The danger was noted"),
        Column("reported", BOOL, "Whether it was reported to the authority; empty if unknown."),
        Column("reported_to", TEXT, "To whom."),
        Column("reported_on", DATE, "When."),
        Column("averted", BOOL, "Whether it is claimed to be averted; empty if unknown."),
        Column("materialised", BOOL, "Whether it came true; empty if unknown."),
    ),
)

CASE_ANSWER: Final = FactsSchema(
    "case_answer",
    (
        MATTER_ID,
        ROW,
        Column("instrument", TEXT, "The questionnaire; follow_up for what a return visit asked."),
        Column("question", TEXT, "The question, a code; satisfaction is 1 to 5."),
        Column("party", TEXT, "The party that answered, if that is told."),
        Column("role", TEXT, "The role or side that answered."),
        Column("wave", TEXT, "When it was asked: exit, thirty_days, …, a code."),
        *milestone("answered", "It was answered"),
        Column("score", INT, "The answer as a number."),
        Column("choice", TEXT, "The answer as a code."),
    ),
)

MEMBER: Final = (
    MATTER_ID,
    ROW,
    *VALID,
    Column("status", TEXT, "active or ended."),
    Column("centre", TEXT, "The centre that it belongs to."),
    Column("kind", TEXT, "Its kind: a code."),
)
"""The columns of the registers around a case."""

PERSON: Final = FactsSchema("person", MEMBER)
MEDIATOR: Final = FactsSchema(
    "mediator", (*MEMBER, Column("background", TEXT, "What the mediator otherwise is."), Column("sex", TEXT, "A code."))
)
CENTRE: Final = FactsSchema(
    "centre",
    (
        *MEMBER,
        Column("host", TEXT, "The kind of body that hosts it."),
        Column("region", TEXT, "Its region."),
        Column("zone", TEXT, "Its time zone."),
    ),
)

DELIVERY: Final = FactsSchema(
    "delivery",
    (
        MATTER_ID,
        ROW,
        Column("case_id", TEXT, "The case that the notice is about."),
        Column("channel", TEXT, "The channel that it goes by."),
        Column("kind", TEXT, "What it is about: hearing, deadline, follow_up, …"),
        Column("lang", TEXT, "The language of its words."),
        Column("status", TEXT, "waiting, trying, taken or refused."),
        Column("reason", TEXT, "Why it was refused, or not taken the last time."),
        Column("tries", INT, "How often it was begun to be handed over."),
        Column("duplicate", BOOL, "Whether the channel had taken the same notice before."),
        Column("requested_at", INSTANT, "When it was asked for."),
        Column("due_at", INSTANT, "From when it is to be tried; empty once it is taken or refused."),
        Column("ended_at", INSTANT, "When it was taken or refused."),
    ),
)

TALLY: Final = FactsSchema(
    "tally",
    (
        MATTER_ID,
        ROW,
        *VALID,
        Column("status", TEXT, "active or ended."),
        Column("centre", TEXT, "The centre that counted."),
        Column("measure", TEXT, "What was counted: screenings, prevented, prevented_crime, …"),
        Column("first", DATE, "The first day of the period."),
        Column("last", DATE, "Its last day."),
        Column("cases", INT, "How many cases or times; empty: not counted."),
        Column("persons", INT, "How many persons; empty: not counted."),
        Column("source", TEXT, "counted, estimated, reported, …: where the number comes from."),
    ),
)

CASE_TABLES: Final = (
    CASE,
    CASE_SPELL,
    CASE_PARTY,
    CASE_MEDIATOR,
    CASE_SESSION,
    CASE_RESOLUTION,
    CASE_TERM,
    CASE_RISK,
    CASE_ANSWER,
)
"""The grains of a case."""
