"""A party dies: his daughter takes his place, and what he had agreed to binds her.

Two brothers quarrel over the yard and the rent of a house. They agree on the yard. Before the rent is settled the
elder, who had applied, dies. His daughter joins, he leaves with her as his successor, and she signs the agreement on
the rent. A signature of the dead, made out to tidy up the file, is refused.

Sources: People's Mediation Law of the PRC (2010), art. 29 (an agreement in writing takes effect when the parties
have signed); Civil Code of the PRC (2020), arts. 1121-1122 (succession begins with death; rights in property pass to
the heirs). The people and figures are invented.
"""

import datetime as dt

import community_mediation as cm

CHINA = dt.timezone(dt.timedelta(hours=8))


def at(month, day, hour=9):
    """A moment in 2022."""
    return cm.When.at(dt.datetime(2022, month, day, hour, tzinfo=CHINA))


def until_the_death(book):
    """The brothers agree on the yard; the rent stays open."""
    case = cm.Case.report(
        id=book.new_id(),
        centre="village-committee",
        dispute=cm.Dispute(
            type=cm.Code("moj_stat_18", "house_and_homestead"),
            nature=cm.Nature.CIVIL,
            title="兄弟房屋纠纷",
            issues=(cm.Issue(id="yard", text="院落"), cm.Issue(id="rent", text="租金")),
        ),
        parties=[
            cm.Party(id="elder", side="A", role=cm.Role.APPLICANT, sex=cm.Sex.MALE, name="卫某"),
            cm.Party(id="younger", side="B", role=cm.Role.RESPONDENT, sex=cm.Sex.MALE, name="卫某某"),
        ],
        at=at(2, 7),
        by="front-desk",
    )
    case = case.accept(at=at(2, 7, 10), by="front-desk")
    case = case.begin_attempt(kind=cm.AttemptKind.PEOPLE, at=at(2, 8), by="mediator-1")
    case = case.hold_session(format=cm.SessionFormat.JOINT, attended=["elder", "younger"], at=at(2, 9), by="mediator-1")
    case = case.resolve(
        id="on-the-yard",
        issues=["yard"],
        form=cm.AgreementForm.WRITTEN,
        clauses=[
            cm.items.Term(id="gate", kind=cm.items.TermKind.ACT, debtor="younger", creditor="elder", text="移开院门")
        ],
        concludes=False,
        at=at(2, 9, 16),
        by="mediator-1",
    )
    for party in ("elder", "younger"):
        signature = cm.items.Signature(paper="agreement", resolution="on-the-yard", party=party)
        case = case.record(signature, at=at(2, 9, 16), by="mediator-1")
    return case


def succeeded(case):
    """The elder dies on 20 February; on 1 March his daughter comes in, and he leaves with her as his successor.

    She has joined before he leaves: whoever is to stand in somebody's place must be there.
    """
    daughter = cm.Party(id="daughter", side="A", role=cm.Role.APPLICANT, sex=cm.Sex.FEMALE, name="卫某兰")
    case = case.join(daughter, at=at(3, 1), by="front-desk")
    return case.leave(
        "elder",
        reason=cm.items.PartyExit.DIED,
        successor="daughter",
        note="二月二十日去世",
        at=at(3, 1),
        by="front-desk",
    )


def history(book):
    """The case, from the report to the agreement that the daughter signs."""
    case = succeeded(until_the_death(book))
    case = case.hold_session(format=cm.SessionFormat.SEPARATE, attended=["daughter"], at=at(3, 3), by="mediator-1")
    rent = cm.Money.parse("7200 CNY")
    case = case.resolve(
        id="on-the-rent",
        parties=["daughter", "younger"],
        issues=["rent"],
        form=cm.AgreementForm.WRITTEN,
        amount=rent,
        clauses=[
            cm.items.Term(id="rent", kind=cm.items.TermKind.PAYMENT, debtor="younger", creditor="daughter", amount=rent)
        ],
        at=at(3, 5),
        by="mediator-1",
    )
    for party in ("daughter", "younger"):
        signature = cm.items.Signature(paper="agreement", resolution="on-the-rent", party=party)
        case = case.record(signature, at=at(3, 5), by="mediator-1")
    return case


def signature_of_the_dead(case):
    """What is said when somebody signs for the dead: the error, and the case is as it was."""
    signature = cm.items.Signature(paper="agreement", resolution="on-the-rent", party="elder")
    try:
        case.record(signature, at=at(3, 6), by="mediator-1")
    except cm.errors.InvalidValue as error:
        return error
    return None


def main():
    with cm.open_casebook("memory:") as book:
        case = book.save(history(book))
        print(f"{case.process}, {case.conclusion} ({case.agreement})")
        for row in book.facts("case_party").rows():
            gone = f"left on {row['left_on']} ({row['left_reason']}), succeeded by {row['successor']}"
            came = row["joined_on"] or "at the beginning"
            print(f"{row['row']}: joined {came}, {gone if row['left'] == 'at' else 'here'}")
        for each in case.resolutions:
            print(f"{each.id} binds {', '.join(each.parties)}")
        print("a signature of the dead:", signature_of_the_dead(case))


if __name__ == "__main__":
    main()
