"""Three respondents: one settles first, one joins later, one gives way in part, one in nothing. Settled in part.

Water comes through a ceiling. The owner below applies against the owner above and the property company. The owner
above settles his part first; the rest stays open. The company says that the pipe was fitted badly, and the fitter
joins as the third respondent. The company agrees about the ceiling, not about the furniture; the fitter agrees to
nothing. So the case ends settled in part, and what it ended as for whom is a table of respondents and issues.

Sources: NCSC ADR matrix (settled, told apart from settled in part); People's Mediation Law of the PRC (2010), art. 29
(the agreement says what is to be done, how and until when). That a case is settled when every issue of every
respondent is, is this library's reading. The people and figures are invented.
"""

import datetime as dt

import community_mediation as cm

CHINA = dt.timezone(dt.timedelta(hours=8))


def at(day, hour=9):
    """A moment in April 2022."""
    return cm.When.at(dt.datetime(2022, 4, day, hour, tzinfo=CHINA))


def under_way(book):
    """The case with the two respondents who are known at first."""
    case = cm.Case.report(
        id=book.new_id(),
        centre="street-committee",
        dispute=cm.Dispute(
            type=cm.Code("moj_stat_18", "damages"),
            nature=cm.Nature.CIVIL,
            title="漏水纠纷",
            issues=(cm.Issue(id="ceiling", text="顶棚受损"), cm.Issue(id="furniture", text="家具受损")),
        ),
        parties=[
            cm.Party(id="below", side="A", role=cm.Role.APPLICANT, name="吴某某"),
            cm.Party(id="above", side="B", role=cm.Role.RESPONDENT, name="郑某"),
            cm.Party(
                id="company", side="C", role=cm.Role.RESPONDENT, kind=cm.PartyKind.ORGANISATION, name="某某物业公司"
            ),
        ],
        intake=cm.Intake(source=cm.Source.APPLICATION, channel="walk_in"),
        at=at(1),
        by="front-desk",
    )
    case = case.accept(at=at(1, 10), by="front-desk")
    return case.begin_attempt(kind=cm.AttemptKind.PEOPLE, at=at(2), by="mediator-1")


def paid_by(party, amount):
    """A payment to the owner below."""
    return cm.items.Term(
        id=f"from-{party}",
        kind=cm.items.TermKind.PAYMENT,
        debtor=party,
        creditor="below",
        amount=cm.Money.parse(amount),
    )


def history(book):
    """The case, from the report to the end without the third respondent."""
    case = under_way(book)
    case = case.hold_session(
        format=cm.SessionFormat.SITE_VISIT, attended=["below", "above", "company"], at=at(2, 14), by="mediator-1"
    )
    case = case.resolve(
        id="with-above",
        parties=["below", "above"],
        form=cm.AgreementForm.WRITTEN,
        amount=cm.Money.parse("2000 CNY"),
        clauses=[paid_by("above", "2000 CNY")],
        concludes=False,
        at=at(6),
        by="mediator-1",
    )
    fitter = cm.Party(id="fitter", side="D", role=cm.Role.RESPONDENT, name="何某")
    case = case.join(fitter, at=at(8), by="mediator-1")
    case = case.hold_session(
        format=cm.SessionFormat.JOINT, attended=["below", "company", "fitter"], at=at(11), by="mediator-1"
    )
    case = case.resolve(
        id="with-company",
        parties=["below", "company"],
        issues=["ceiling"],
        form=cm.AgreementForm.WRITTEN,
        amount=cm.Money.parse("1500 CNY"),
        clauses=[paid_by("company", "1500 CNY")],
        concludes=False,
        at=at(12),
        by="mediator-1",
    )
    # Nothing more can be agreed. What was agreed on the way stays agreed.
    return case.conclude_without_agreement(
        conclusion=cm.Conclusion.NOT_SETTLED, reason="no_common_ground", at=at(20), by="mediator-1"
    )


def outcome_of(case):
    """For each respondent and issue, the agreement that resolves it, or ``None``."""
    respondents = [party.id for party in case.parties if party.role is cm.Role.RESPONDENT]
    return {
        (party, issue.id): next(
            (
                each.id
                for each in case.resolutions
                if (not each.parties or party in each.parties) and (not each.issues or issue.id in each.issues)
            ),
            None,
        )
        for party in respondents
        for issue in case.dispute.issues
    }


def main():
    with cm.open_casebook("memory:") as book:
        case = book.save(history(book))
        print(f"{case.process}, {case.conclusion} ({case.agreement}), because: {case.reason}")
        for (party, issue), settled_by in outcome_of(case).items():
            print(f"  {party:8} {issue:10} {settled_by or 'open'}")
        for row in book.facts("case_resolution").rows():
            print(
                f"{row['extent']} agreement of {row['agreed_on']}: {row['amount']:f} {row['currency']}, {row['state']}"
            )
        print("on the 10th:", case.valid_at(at(10)).process, case.valid_at(at(10)).agreement)


if __name__ == "__main__":
    main()
