"""Referred by a court before filing (委派): thirty days, made longer by consent, and returned without an agreement.

A buyer wants the price of a tractor back. The court proposes mediation before it files the suit, the centre takes
the referral, and the clock runs from the day on which it received the papers. The thirty days are not enough: an
appraisal is needed, during which the clock stands still, and both agree to more time. The two stay apart. The centre
reports back and sends the papers, and the buyer sues.

Sources: 法释〔2016〕14号 (最高人民法院关于人民法院特邀调解的规定), arts. 11 (referral before filing, with consent),
21 and 26 (report and papers go back to the court), 27 (thirty days from the receipt of the papers; the parties may
agree to more); People's Mediation Law of the PRC (2010), art. 26 (where mediation fails, other remedies are
explained). The people, figures and numbers are invented.
"""

import datetime as dt

import community_mediation as cm

CHINA = dt.timezone(dt.timedelta(hours=8))
RECEIVED = dt.date(2022, 9, 5)


def at(month, day, hour=9):
    """A moment in 2022."""
    return cm.When.at(dt.datetime(2022, month, day, hour, tzinfo=CHINA))


def on(day):
    """A day."""
    return cm.When.on(day, "Asia/Shanghai")


def referred(book):
    """The court sends the case over, and the centre takes it."""
    case = cm.Case.report(
        id=book.new_id(),
        centre="county-committee",
        dispute=cm.Dispute(
            type=cm.Code("moj_stat_18", "contract"),
            nature=cm.Nature.CIVIL,
            amount_claimed=cm.Money.parse("38000 CNY"),
            title="农机买卖合同纠纷",
        ),
        parties=[
            cm.Party(id="buyer", side="A", role=cm.Role.APPLICANT, name="周某某"),
            cm.Party(id="dealer", side="B", role=cm.Role.RESPONDENT, kind=cm.PartyKind.ORGANISATION, name="某某农机站"),
        ],
        intake=cm.Intake(
            source=cm.Source.REFERRAL,
            channel="online",
            referrer_kind="court",
            referral_kind=cm.ReferralKind.PRE_FILING,
        ),
        at=at(9, 2),
        by="front-desk",
    )
    referral = cm.items.Referral(
        id="referral",
        kind=cm.ReferralKind.PRE_FILING,
        body="court",
        materials=("complaint", "evidence"),
        docket="（2022）某0999诉前调0012号",
    )
    case = case.record(referral, at=at(9, 2), by="front-desk").accept(at=at(9, 5), by="front-desk")
    return case.record(cm.items.ReferralAnswer(referral="referral", accepted=True), at=at(9, 5), by="front-desk")


def history(book):
    """The case, from the referral to the suit."""
    case = referred(book).begin_attempt(
        id="entrusted",
        kind=cm.AttemptKind.PRE_FILING,
        due=on(RECEIVED + dt.timedelta(days=30)),
        chosen=cm.items.PanelChoice.AGREED,
        at=at(9, 5, 10),
        by="mediator-1",
    )
    case = case.assign(mediator="mediator-1", chosen=cm.items.PanelChoice.AGREED, at=at(9, 5, 10), by="front-desk")
    case = case.hold_session(
        format=cm.SessionFormat.JOINT, attended=["buyer", "dealer"], minutes=90, at=at(9, 14), by="mediator-1"
    )
    case = case.pause_attempt(reason="appraisal", at=at(9, 15), by="mediator-1")
    case = case.resume_attempt(at=at(9, 26), by="mediator-1")
    for party in ("buyer", "dealer"):
        consent = cm.items.Consent(party=party, to=cm.items.ConsentTo.EXTENSION, about="entrusted")
        case = case.record(consent, at=at(9, 30), by="mediator-1")
    case = case.extend_attempt(until=on(dt.date(2022, 10, 25)), reason="appraisal", at=at(9, 30), by="mediator-1")
    case = case.hold_session(
        format=cm.SessionFormat.JOINT, attended=["buyer", "dealer"], at=at(10, 20), by="mediator-1"
    )
    case = case.conclude_without_agreement(
        conclusion=cm.Conclusion.NOT_SETTLED, reason="no_common_ground", at=at(10, 24), by="mediator-1"
    )
    for item in (
        cm.items.Service(paper="termination", party="buyer", mode=cm.items.ServiceMode.HANDED_OVER),
        cm.items.Service(paper="termination", party="dealer", mode=cm.items.ServiceMode.ELECTRONIC),
        cm.items.ReferralReturn(referral="referral", result="not_settled"),
        cm.items.Transmittal(paper="complaint", to="court"),
        cm.items.Transmittal(paper="evidence", to="court"),
    ):
        case = case.record(item, at=at(10, 24, 15), by="front-desk")
    suit = cm.items.LegalStep(
        kind=cm.items.LegalStepKind.SUIT, party="buyer", body="court", amount=case.dispute.amount_claimed
    )
    return case.record(suit, at=at(11, 3), by="front-desk")


def main():
    with cm.open_casebook("memory:") as book:
        case = book.save(history(book))
        (referral,) = case.noted(cm.items.Referral)
        (attempt,) = case.attempts
        print(f"{case.process}, {case.conclusion} ({case.agreement}): {case.reason}; went to court: {case.litigation}")
        print(
            f"{referral.kind} referral by the {referral.body}: accepted {referral.accepted}, back as {referral.result}"
        )
        print(
            f"due {attempt.due} after {len(attempt.extensions)} extension; ended {attempt.ended.when}, {attempt.result}"
        )
        print("papers sent back:", *(each.paper for each in case.noted(cm.items.Transmittal)))
        print("the court's number in what is printed of the case:", referral.docket in repr(case))


if __name__ == "__main__":
    main()
