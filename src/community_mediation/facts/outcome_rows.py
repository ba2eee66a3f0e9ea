"""What was agreed and what came of it, as rows: agreements, terms, dangers, answers."""

from collections.abc import Iterator
from typing import Final

from community_mediation.domain.case import Case
from community_mediation.domain.proceedings import Answer
from community_mediation.domain.values import UNKNOWN, Milestone, When
from community_mediation.facts.cells import Cells, code, milestone, money, row, utc
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
        yield row(
            CASE_RESOLUTION,
            case,
            each.id,
            {
                "kind": str(each.kind),
                "form": code(each.form),
                "on_the_spot": each.on_the_spot,
                "extent": str(each.extent),
                "state": str(each.stage),
                "compliance": code(each.compliance),
                "confirmation": code(each.confirmation),
                **money("amount", "currency", each.amount),
                **milestone("agreed", each.agreed),
                **milestone("effective", each.effective),
                **milestone("complied", each.complied),
                **milestone("breached", each.breached),
                **milestone("repudiated", each.repudiated),
                **milestone("confirmed", each.confirmed),
                "last_contact_on": contact.local_date if contact is not None else None,
                "replaces": each.replaces,
                "terms": len(each.clauses),
                "ruling": code(each.ruling),
            },
        )


def _reached(when: When | None) -> Milestone:
    return UNKNOWN if when is None else Milestone.at(when)


def term_rows(case: Case) -> Iterator[FactsRow]:
    """The terms of agreements, one by one."""
    for resolution in case.resolutions:
        for each in resolution.clauses:
            cells: Cells = {
                "resolution": resolution.id,
                "kind": str(each.kind),
                "debtor": each.debtor,
                "creditor": each.creditor,
                **money("amount", "currency", each.amount),
                "method": each.method,
                "compliance": code(each.compliance),
                **milestone("complied", each.complied),
                **milestone("breached", each.breached),
            }
            if each.due is not None:
                cells.update(due_at=utc(each.due.instant), due_on=each.due.local_date)
            yield row(CASE_TERM, case, each.id, cells)


def risk_rows(case: Case) -> Iterator[FactsRow]:
    """Dangers."""
    for each in case.risks:
        yield row(
            CASE_RISK,
            case,
            str(each.id),
            {
                "kind": str(each.kind),
                "level": each.level,
                "persons": each.persons,
                **milestone("raised", _reached(each.when)),
                "reported": each.reported,
                "reported_to": each.reported_to,
                "reported_on": each.reported_on.local_date if each.reported_on is not None else None,
                "averted": each.averted,
                "materialised": each.materialised,
            },
        )


def answer_rows(case: Case) -> Iterator[FactsRow]:
    """Answers to questionnaires, and those that return visits brought."""
    for each in case.noted(Answer):
        cells: Cells = {
            "instrument": each.instrument,
            "question": each.question,
            "party": each.party,
            "role": each.role,
            "wave": each.wave,
            **milestone("answered", _reached(each.when)),
            "score": each.score,
            "choice": each.choice,
        }
        yield row(CASE_ANSWER, case, str(each.id), cells)
    for visit in case.follow_ups:
        for number, answer in enumerate(visit.satisfaction, 1):
            yield row(
                CASE_ANSWER,
                case,
                f"{visit.id}:{number}",
                {
                    "instrument": FOLLOW_UP,
                    "question": SATISFACTION,
                    "party": answer.party,
                    "role": answer.side,
                    **milestone("answered", Milestone.at(visit.when)),
                    "score": answer.score,
                },
            )
