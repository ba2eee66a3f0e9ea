"""Public-order mediation (治安调解): a first attempt fails, a second within seven working days comes to an agreement.

Two stall keepers quarrel over a pitch, one strikes the other. It is a minor breach of public order out of a quarrel
between citizens, so the police may mediate. The first attempt fails over the doctor's bill. The struck man asks for
another; he is paid on the spot, and what is agreed and kept is not punished. Two attempts are two attempts: the
first stays failed.

Sources: 公安机关办理行政案件程序规定 (as amended in 2018), arts. 178 (what may be mediated), 183 (a second attempt
where it is needed or asked for, to be over within seven working days after the first), 184 (a written agreement,
signed) and 185 (kept: no penalty). The people and figures are invented.
"""

import datetime as dt

import community_mediation as cm
from community_mediation.ports import Label
from community_mediation.regions import WEEKDAYS, Deadline, Unit

CHINA = dt.timezone(dt.timedelta(hours=8))
SECOND_ATTEMPT = Deadline(
    name="second_police_mediation",
    label=Label("second public-order mediation", "再次治安调解"),
    trigger="attempt_ended",
    limit=7,
    unit=Unit.WORKING_DAYS,
    satisfied_by="attempt_ended",
    source="公安机关办理行政案件程序规定 (2018), art. 183",
)


def at(day, hour, minute=0):
    """A moment in May 2022."""
    return cm.When.at(dt.datetime(2022, 5, day, hour, minute, tzinfo=CHINA))


def second_attempt_due(case):
    """Until when the second attempt is to be over, reckoned from the end of the first."""
    return SECOND_ATTEMPT.due(case.attempts[0].ended.when, WEEKDAYS)


def history(book):
    """The case, from the call to the payment on the spot."""
    case = cm.Case.report(
        id=book.new_id(),
        centre="police-station",
        dispute=cm.Dispute(
            type=cm.Code("moj_stat_18", "damages"), nature=cm.Nature.PUBLIC_ORDER, title="因摊位殴打他人"
        ),
        parties=[
            cm.Party(id="struck", side="A", role=cm.Role.APPLICANT, name="钱某"),
            cm.Party(id="striker", side="B", role=cm.Role.RESPONDENT, name="冯某"),
        ],
        intake=cm.Intake(source=cm.Source.PROACTIVE, channel="police_call"),
        at=at(15, 19),
        by="duty-desk",
    )
    case = case.accept(at=at(15, 20), by="duty-desk")
    case = (
        case.begin_attempt(id="first", kind=cm.AttemptKind.PUBLIC_ORDER, at=at(16, 9), by="officer-1")
        .assign(mediator="officer-1", attempt="first", at=at(16, 9), by="duty-desk")
        .hold_session(format=cm.SessionFormat.JOINT, attended=["struck", "striker"], at=at(16, 9, 30), by="officer-1")
        .end_attempt(result=cm.items.AttemptResult.NOT_AGREED, reason="amount", at=at(16, 11), by="officer-1")
    )
    case = (
        case.begin_attempt(
            id="second",
            kind=cm.AttemptKind.PUBLIC_ORDER,
            due=second_attempt_due(case).ends,
            at=at(24, 9),
            by="officer-2",
        )
        .assign(mediator="officer-2", attempt="second", at=at(24, 9), by="duty-desk")
        .hold_session(format=cm.SessionFormat.JOINT, attended=["struck", "striker"], at=at(24, 9, 30), by="officer-2")
    )
    bill = cm.Money.parse("860 CNY")
    case = case.resolve(
        id="agreement",
        form=cm.AgreementForm.WRITTEN,
        amount=bill,
        clauses=[
            cm.items.Term(id="bill", kind=cm.items.TermKind.PAYMENT, debtor="striker", creditor="struck", amount=bill),
            cm.items.Term(id="sorry", kind=cm.items.TermKind.APOLOGY, debtor="striker", creditor="struck"),
        ],
        at=at(24, 11),
        by="officer-2",
    )
    for party in ("struck", "striker"):
        signature = cm.items.Signature(paper="agreement", resolution="agreement", party=party)
        case = case.record(signature, at=at(24, 11), by="officer-2")
    paid = cm.items.Payment(
        amount=bill, payer="striker", payee="struck", resolution="agreement", term="bill", method="cash"
    )
    case = case.record(paid, at=at(24, 11, 10), by="officer-2")
    return case.record_compliance(compliance=cm.Compliance.KEPT, at=at(24, 11, 10), by="officer-2")


def main():
    with cm.open_casebook("memory:") as book:
        case = book.save(history(book))
        print(f"{case.process}, {case.conclusion} ({case.agreement})")
        for attempt in case.attempts:
            print(f"attempt {attempt.id}: {attempt.kind}, {attempt.result}, ended {attempt.ended.when}")
        due = second_attempt_due(case)
        met = due.judged(as_of=at(31, 12), done=case.attempts[1].ended.when)
        print(f"the second was to be over by {due.last_day}: {met.state} (holidays assumed: {due.assumed})")
        for row in book.facts("case_term").rows():
            print(f"  {row['kind']}: {row['compliance']}")


if __name__ == "__main__":
    main()
