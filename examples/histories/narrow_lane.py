"""Two cars in a narrow lane: two sides and no respondent, settled on the spot at night.

Ye (叶某) and Zhao (赵某) drive home and meet nose to nose. Each believes that he was there first. There is a push,
and a bad word back. They come to the police station together; an auxiliary calms them down, tells each where he was
wrong, and talks with both face to face. At about 23:00 each admits his part. Nobody applied, nobody answers a claim,
no file was opened.

Sources: Hebei Legal Daily (河北法制报), the report on the mediation studio of a police station, for the story;
People's Mediation Law of the PRC (2010), arts. 21 (promptly and on the spot, 及时、就地) and 28 (an oral agreement).
The date is invented.
"""

import datetime as dt

import community_mediation as cm

CHINA = dt.timezone(dt.timedelta(hours=8))


def at(hour, minute=0):
    """A moment on 20 May 2022."""
    return cm.When.at(dt.datetime(2022, 5, 20, hour, minute, tzinfo=CHINA))


def history(book):
    """The case, from the two at the desk to the handshake."""
    case = cm.Case.report(
        id=book.new_id(),
        centre="studio",
        dispute=cm.Dispute(
            type=cm.Code("moj_stat_18", "neighbour"), nature=cm.Nature.CIVIL, title="两车在小区窄道顶在一起"
        ),
        # Two sides, and no roles: nobody is applicant, nobody is respondent.
        parties=[cm.Party(id="p1", side="A", name="叶某"), cm.Party(id="p2", side="B", name="赵某")],
        intake=cm.Intake(source=cm.Source.APPLICATION, channel="walk_in"),
        at=at(22, 10),
        by="front-desk",
    )
    case = case.assign(mediator="auxiliary-1", at=at(22, 15), by="front-desk")
    case = case.record(
        cm.items.Risk(kind=cm.items.RiskKind.FIGHT, persons=2, parties=("p1", "p2"), note="一方推人，一方骂人"),
        at=at(22, 15),
        by="auxiliary-1",
    )
    case = case.resolve(
        id="handshake",
        on_the_spot=True,
        form=cm.AgreementForm.ORAL,
        clauses=[
            cm.items.Term(id="for-the-push", kind=cm.items.TermKind.APOLOGY, debtor="p1", creditor="p2"),
            cm.items.Term(id="for-the-word", kind=cm.items.TermKind.APOLOGY, debtor="p2", creditor="p1"),
        ],
        at=at(23),
        by="auxiliary-1",
    )
    (risk,) = case.risks
    case = case.record(cm.items.RiskUpdate(risk=risk.id, averted=True), at=at(23, 5), by="auxiliary-1")
    # Without a term, the whole agreement is found kept, and with it each term.
    return case.record_compliance(compliance=cm.Compliance.KEPT, at=at(23, 5), by="auxiliary-1")


def main():
    with cm.open_casebook("memory:") as book:
        case = book.save(history(book))
        print(f"{case.process}, {case.conclusion} ({case.agreement}), file {case.file}")
        print(f"{len(case.attempts)} attempts, {case.sessions_held} sessions, begun: {case.begun.state}")
        for row in book.facts("case_party").rows():
            print(f"party on side {row['side']}, role {row['role'] or 'none'}")
        for row in book.facts("case_resolution").rows():
            print(f"agreement: {row['form']}, on the spot {row['on_the_spot']}, {row['state']}")
        for row in book.facts("case_risk").rows():
            print(f"danger: {row['kind']}, averted {row['averted']}, reported {row['reported']}")


if __name__ == "__main__":
    main()
