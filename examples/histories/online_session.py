"""An online session: consent to meet online, two agencies linked in, electronic signatures.

A father asks his son for support. The son works in another province, so the studio proposes a session by video link
and asks both first. The father lets his daughter help him with the telephone; neither wants the call to be recorded.
The justice office and the civil affairs office are linked in and say what the law and the allowances give. The
agreement is drafted, signed by both and the mediator with electronic signatures, sealed, and only then adopted:
until then it binds nobody.

Sources: Hebei Legal Daily (河北法制报), the paragraph on the studio's online mediation ("线上调解", with the justice
and civil affairs departments linked in by video); 人民法院在线调解规则 (2021), art. 4 (online only with the parties'
consent) and People's Mediation Law of the PRC (2010), arts. 20 (helpers, with consent) and 29 (an agreement in
writing takes effect when all have signed and the seal is on it). The people and figures are invented.
"""

import datetime as dt

import community_mediation as cm

CHINA = dt.timezone(dt.timedelta(hours=8))
MONTHLY = cm.Money.parse("600 CNY")


def at(day, hour, minute=0):
    """A moment in March 2022."""
    return cm.When.at(dt.datetime(2022, 3, day, hour, minute, tzinfo=CHINA))


def reported(book):
    """A father asks his son for support."""
    return cm.Case.report(
        id=book.new_id(),
        centre="studio",
        dispute=cm.Dispute(
            type=cm.Code("moj_stat_18", "family"),
            nature=cm.Nature.CIVIL,
            title="赡养纠纷",
            claims=(cm.items.Claim(id="support", party="father", amount=MONTHLY, text="每月赡养费"),),
        ),
        parties=[
            cm.Party(id="father", side="A", role=cm.Role.APPLICANT, sex=cm.Sex.MALE, name="孙某"),
            cm.Party(id="son", side="B", role=cm.Role.RESPONDENT, sex=cm.Sex.MALE, name="孙某某"),
        ],
        intake=cm.Intake(source=cm.Source.APPLICATION, channel="online"),
        at=at(7, 9),
        by="front-desk",
    )


def agreed_to(case, what, *, given=True, about=None):
    """Both parties consent to something, or refuse it."""
    for party in ("father", "son"):
        consent = cm.items.Consent(party=party, to=what, given=given, about=about)
        case = case.record(consent, at=at(8, 10), by="mediator-1")
    return case


def history(book):
    """The case, from the application to the signed agreement."""
    case = reported(book).accept(at=at(7, 10), by="front-desk")
    case = case.begin_attempt(kind=cm.AttemptKind.PEOPLE, consented=at(8, 10), at=at(8, 10), by="mediator-1")
    case = case.assign(mediator="mediator-1", at=at(8, 10), by="front-desk")
    case = agreed_to(case, cm.items.ConsentTo.ONLINE)
    case = agreed_to(case, cm.items.ConsentTo.RECORDING, given=False)
    case = case.record(cm.items.Helper(id="daughter", kind="relative", name="孙某兰"), at=at(8, 10), by="mediator-1")
    case = agreed_to(case, cm.items.ConsentTo.HELPER, about="daughter")
    case = case.hold_session(
        format=cm.SessionFormat.JOINT,
        medium=cm.Medium.ONLINE,
        attended=["father", "son"],
        helpers=["daughter"],
        agencies=["justice_office", "civil_affairs"],
        minutes=70,
        at=at(10, 15),
        by="mediator-1",
    )
    case = case.draft(
        id="support",
        amount=MONTHLY,
        clauses=[
            cm.items.Term(
                id="monthly",
                kind=cm.items.TermKind.PAYMENT,
                debtor="son",
                creditor="father",
                amount=MONTHLY,
                due=cm.When.on(dt.date(2022, 4, 5), "Asia/Shanghai"),
                method="transfer",
            ),
            cm.items.Term(
                id="visits", kind=cm.items.TermKind.ACT, debtor="son", creditor="father", text="春节回家探望"
            ),
        ],
        copies=3,
        at=at(10, 17),
        by="mediator-1",
    )
    electronic = cm.items.SignatureKind.ELECTRONIC
    for signer in ({"party": "father"}, {"party": "son"}, {"mediator": "mediator-1"}):
        signature = cm.items.Signature(paper="agreement", resolution="support", kind=electronic, **signer)
        case = case.record(signature, at=at(11, 9), by="mediator-1")
    # Neither party nor mediator: the centre's own seal.
    seal = cm.items.Signature(paper="agreement", resolution="support", kind=cm.items.SignatureKind.SEAL)
    case = case.record(seal, at=at(11, 16), by="front-desk")
    return case.adopt("support", form=cm.AgreementForm.WRITTEN, at=at(11, 16), by="front-desk")


def main():
    with cm.open_casebook("memory:") as book:
        case = book.save(history(book))
        print(f"{case.process}, {case.conclusion} ({case.agreement})")
        (session,) = case.sessions
        print(f"one session, {session.medium}, with {' and '.join(session.agencies)} linked in")
        for consent in case.noted(cm.items.Consent):
            print(f"  {consent.party}: {consent.to} {'given' if consent.given else 'refused'}")
        print("signed:", *(each.kind for each in case.noted(cm.items.Signature)))
        before = case.valid_at(at(11, 12))
        print(f"at noon of the day: {before.resolutions[0].stage}; now: {case.resolutions[0].stage}")


if __name__ == "__main__":
    main()
