"""What was agreed and what came of it, as rows: agreements, terms, dangers, answers."""

from collections.abc import Iterator
from typing import Final

from community_mediation.domain.case import Case
from community_mediation.domain.proceedings import Answer
from community_mediation.facts.cells import amount, at, code, full, told, utc
from community_mediation.facts.schema import FactsRow
from community_mediation.facts.tables import CASE_ANSWER, CASE_RESOLUTION, CASE_RISK, CASE_TERM

FOLLOW_UP: Final = "follow_up"
"""The instrument of what a return visit asked."""
SATISFACTION: Final = "satisfaction"
"""Its question, answered from 1 (very dissatisfied) to 5 (very satisfied)."""


def resolution_rows(case: Case) -> Iterator[FactsRow]:
    """Agreements and awards."""
    for each in case.resolutions:
        contact = each.last_contact.when
        yield full(
            CASE_RESOLUTION,
            case,
            each.id,
            str(each.kind),
            code(each.form),
            each.on_the_spot,
            str(each.extent),
            str(each.stage),
            code(each.compliance),
            code(each.confirmation),
            *amount(each.amount),
            *told(each.agreed),
            *told(each.effective),
            *told(each.complied),
            *told(each.breached),
            *told(each.repudiated),
            *told(each.confirmed),
            contact.local_date if contact is not None else None,
            each.replaces,
            len(each.clauses),
            code(each.ruling),
        )


def term_rows(case: Case) -> Iterator[FactsRow]:
    """The terms of agreements, one by one."""
    for resolution in case.resolutions:
        for each in resolution.clauses:
            due = each.due
            yield full(
                CASE_TERM,
                case,
                each.id,
                resolution.id,
                str(each.kind),
                each.debtor,
                each.creditor,
                *amount(each.amount),
                utc(due.instant) if due is not None else None,
                due.local_date if due is not None else None,
                each.method,
                code(each.compliance),
                *told(each.complied),
                *told(each.breached),
            )


def risk_rows(case: Case) -> Iterator[FactsRow]:
    """Dangers."""
    for each in case.risks:
        yield full(
            CASE_RISK,
            case,
            str(each.id),
            str(each.kind),
            each.level,
            each.persons,
            *at(each.when),
            each.reported,
            each.reported_to,
            each.reported_on.local_date if each.reported_on is not None else None,
            each.averted,
            each.materialised,
        )


def answer_rows(case: Case) -> Iterator[FactsRow]:
    """Answers to questionnaires, and those that return visits brought."""
    for each in case.noted(Answer):
        yield full(
            CASE_ANSWER,
            case,
            str(each.id),
            each.instrument,
            each.question,
            each.party,
            each.role,
            each.wave,
            *at(each.when),
            each.score,
            each.choice,
        )
    for visit in case.follow_ups:
        for number, answer in enumerate(visit.satisfaction, 1):
            yield full(
                CASE_ANSWER,
                case,
                f"{visit.id}:{number}",
                FOLLOW_UP,
                SATISFACTION,
                answer.party,
                answer.side,
                None,
                *at(visit.when),
                answer.score,
                None,
            )
