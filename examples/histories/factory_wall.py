"""The factory wall: separate visits, an apology and a concession, and nothing on paper.

Zhang (张某某) rebuilds his workshop and takes a strip of his neighbour's land without asking. Wang (王某) steps in,
Zhang calls the police. What Wang minds is not the strip but that he was not asked. The officer visits each of them
at home; Zhang apologises at Wang's door, and Wang lets the wall stand.

Sources: Hebei Legal Daily (河北法制报), the report on the mediation studio of a police station, for the story;
People's Mediation Law of the PRC (2010), arts. 28 and 30, for an oral agreement, which is noted down in brief and
takes effect when it is reached. The hours, the issues and the return visit are invented.
"""

import datetime as dt

import community_mediation as cm

CHINA = dt.timezone(dt.timedelta(hours=8))


def at(hour, minute=0):
    """A moment on 14 May 2022."""
    return cm.When.at(dt.datetime(2022, 5, 14, hour, minute, tzinfo=CHINA))


def history(book):
    """The case, from the police call to the return visit."""
    case = cm.Case.report(
        id=book.new_id(),
        centre="studio",
        dispute=cm.Dispute(
            type=cm.Code("moj_stat_18", "neighbour"),
            nature=cm.Nature.CIVIL,
            title="厂房翻建占界",
            issues=(cm.Issue(id="land", text="占了一点地界"), cm.Issue(id="respect", text="事先没打招呼")),
        ),
        parties=[
            cm.Party(id="builder", side="A", role=cm.Role.APPLICANT, name="张某某"),
            cm.Party(id="neighbour", side="B", role=cm.Role.RESPONDENT, name="王某"),
        ],
        intake=cm.Intake(source=cm.Source.APPLICATION, channel="police_call"),
        at=at(9),
        by="front-desk",
    )
    case = (
        case.accept(at=at(9, 10), by="front-desk")
        .begin_attempt(kind=cm.AttemptKind.PEOPLE, at=at(9, 30), by="front-desk")
        .assign(mediator="officer-1", at=at(9, 30), by="front-desk")
        .hold_session(format=cm.SessionFormat.SEPARATE, attended=["builder"], at=at(10), by="officer-1")
        .hold_session(format=cm.SessionFormat.SEPARATE, attended=["neighbour"], at=at(11), by="officer-1")
    )
    case = case.resolve(
        id="handshake",
        form=cm.AgreementForm.ORAL,
        clauses=[
            cm.items.Term(
                id="apology",
                kind=cm.items.TermKind.APOLOGY,
                debtor="builder",
                creditor="neighbour",
                method="in_person",
                text="上门道歉",
            ),
            cm.items.Term(
                id="wall-stays",
                kind=cm.items.TermKind.FORBEARANCE,
                debtor="neighbour",
                creditor="builder",
                text="不再要求推倒重砌",
            ),
        ],
        at=at(15),
        by="officer-1",
    )
    # The apology is kept at once; whether the wall is left alone, only time can tell.
    case = case.record_compliance(compliance=cm.Compliance.KEPT, term="apology", at=at(15, 20), by="officer-1")
    case = case.close(at=at(17), by="front-desk")
    return case.follow_up(
        kept=cm.Compliance.KEPT,
        satisfaction=[cm.Satisfaction(score=5, side="A"), cm.Satisfaction(score=4, side="B")],
        at=cm.When.on(dt.date(2022, 6, 14), "Asia/Shanghai"),
        by="officer-1",
    )


def main():
    with cm.open_casebook("memory:") as book:
        case = book.save(history(book))
        print(f"{case.process}, {case.conclusion} ({case.agreement}), file {case.file}")
        print(f"{case.sessions_held} sessions, joint session: {case.joint_session.state}")
        for row in book.facts("case_resolution").rows():
            print(f"agreement: {row['form']}, {row['terms']} terms, {row['state']}")
        for row in book.facts("case_term").rows():
            print(f"  {row['kind']} owed by {row['debtor']}: {row['compliance']} ({row['complied_on']})")


if __name__ == "__main__":
    main()
