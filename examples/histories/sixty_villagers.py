"""Sixty villagers: a group with five representatives, a mass petition feared, reported and averted.

The contractor of a fish pond diverts a stream, and sixty households are without water. They stand together as one
party: nobody types sixty names. They elect five representatives, who are parties of their own and hold mandates: to
speak, to settle and to sign. There is talk of marching to the county town. The mediator writes the danger down,
reports it the same day, and notes in the end that it was averted: a claim, which nobody can prove. One
representative falls ill, and another is elected.

Sources: 宁波市人民调解条例, art. 20 (a party of many elects representatives, five at most); People's Mediation Law
of the PRC (2010), art. 25 (where a quarrel may get worse: measures, and a report); 人民调解文书格式, 授权委托书
(what a mandate may allow). The limit of five is a rule of that place, not of this library. The people and figures
are invented.
"""

import datetime as dt

import community_mediation as cm

CHINA = dt.timezone(dt.timedelta(hours=8))
SCOPE = (cm.items.MandateScope.EVIDENCE, cm.items.MandateScope.DISPOSE, cm.items.MandateScope.SIGN)


def at(day, hour=9):
    """A moment in July 2022."""
    return cm.When.at(dt.datetime(2022, 7, day, hour, tzinfo=CHINA))


def representative(number):
    """One of those whom the villagers elect."""
    return cm.Party(
        id=f"rep-{number}", side="A", role=cm.Role.REPRESENTATIVE, represents=("villagers",), name=f"代表{number}某"
    )


def mandated(case, number, *, when):
    """The villagers authorise a representative."""
    mandate = cm.items.Mandate(id=f"mandate-{number}", principal="villagers", agent=f"rep-{number}", scope=SCOPE)
    return case.record(mandate, at=when, by="front-desk")


def represented(book):
    """Sixty people as one party, and five who act for them."""
    case = cm.Case.report(
        id=book.new_id(),
        centre="town-committee",
        dispute=cm.Dispute(
            type=cm.Code("neutral", "land"),
            nature=cm.Nature.CIVIL,
            difficulty=cm.Difficulty.COMPLEX,
            people_involved=61,
            title="灌溉用水纠纷",
        ),
        parties=[
            cm.Party(
                id="villagers", side="A", role=cm.Role.APPLICANT, kind=cm.PartyKind.GROUP, people=60, name="某村村民"
            ),
            *(representative(number) for number in range(1, 6)),
            cm.Party(id="contractor", side="B", role=cm.Role.RESPONDENT, name="沈某某"),
        ],
        intake=cm.Intake(source=cm.Source.PROACTIVE, channel="grid_worker"),
        at=at(4),
        by="front-desk",
    )
    for number in range(1, 6):
        case = mandated(case, number, when=at(4, 15))
    return case.accept(at=at(4, 16), by="front-desk")


def in_danger(case):
    """The danger is written down and reported; what is not told stays as it was."""
    danger = cm.items.Risk(id="march", kind=cm.items.RiskKind.MASS_PETITION, persons=60, parties=("villagers",))
    case = case.record(danger, at=at(5, 8), by="mediator-1")
    report = cm.items.RiskUpdate(risk="march", reported_to="government", measures="连夜入户，先行供水")
    return case.record(report, at=at(5, 10), by="mediator-1")


def history(book):
    """The case, from the patrol's report to the water."""
    case = in_danger(represented(book))
    case = case.begin_attempt(kind=cm.AttemptKind.PEOPLE, at=at(5, 14), by="mediator-1")
    reps = [f"rep-{number}" for number in range(1, 6)]
    case = case.hold_session(
        format=cm.SessionFormat.JOINT,
        attended=[*reps, "contractor"],
        agencies=["water_office"],
        at=at(6),
        by="mediator-1",
    )
    # The fifth falls ill: the mandate ends, another is elected and takes over.
    withdrawn = cm.items.Mandate(principal="villagers", agent="rep-5", withdrawn=True)
    case = case.record(withdrawn, at=at(7), by="front-desk").join(representative(6), at=at(7), by="front-desk")
    case = mandated(case, 6, when=at(7, 10))
    case = case.leave("rep-5", reason=cm.items.PartyExit.REPLACED, successor="rep-6", at=at(7, 10), by="front-desk")
    case = case.resolve(
        id="water",
        parties=["villagers", "contractor"],
        form=cm.AgreementForm.WRITTEN,
        clauses=[
            cm.items.Term(
                id="sluice",
                kind=cm.items.TermKind.ACT,
                debtor="contractor",
                creditor="villagers",
                due=cm.When.on(dt.date(2022, 7, 10), "Asia/Shanghai"),
            ),
            cm.items.Term(id="no-dam", kind=cm.items.TermKind.FORBEARANCE, debtor="contractor", creditor="villagers"),
        ],
        at=at(8, 17),
        by="mediator-1",
    )
    for party in ("rep-1", "rep-2", "rep-3", "rep-4", "rep-6", "contractor"):
        signature = cm.items.Signature(paper="agreement", resolution="water", party=party)
        case = case.record(signature, at=at(8, 17), by="mediator-1")
    case = case.record_compliance(compliance=cm.Compliance.KEPT, term="sluice", at=at(10), by="mediator-1")
    averted = cm.items.RiskUpdate(risk="march", averted=True, materialised=False)
    return case.record(averted, at=at(12), by="mediator-1")


def main():
    with cm.open_casebook("memory:") as book:
        case = book.save(history(book))
        print(f"{case.process}, {case.conclusion} ({case.agreement})")
        (row,) = book.facts("case").rows()
        print(f"{row['parties']} parties recorded, {row['people']} people who quarrel")
        mandates = case.noted(cm.items.Mandate)
        print(f"{len(mandates)} mandates noted, of which {sum(each.withdrawn for each in mandates)} withdrawn")
        for row in book.facts("case_risk").rows():
            print(f"{row['kind']} of {row['persons']}, reported to the {row['reported_to']} on {row['reported_on']}")
        for day in (4, 5, 13):
            risks = case.valid_at(at(day, 12)).risks
            print(f"  on {day} July:", *(f"reported {each.reported}, averted {each.averted}" for each in risks))


if __name__ == "__main__":
    main()
