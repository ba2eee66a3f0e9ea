"""An oral agreement, half paid and then broken; confirmation refused, sued, decided. It was never confirmed.

A worker is owed for a roof. They agree by word of mouth on two instalments. The first is paid. Both ask the court to
confirm the agreement; it does not take the application, for there is no paper to confirm. The second instalment does
not come, the worker sues, the court decides. A return visit finds all this. The settlement stays a settlement, its
stage is *partly kept*, and no figure counts it as confirmed.

Sources: People's Mediation Law of the PRC (2010), arts. 28 and 30 (oral agreements), 31-32 (binding; either may sue
over it) and 33 (both apply for confirmation within thirty days); 法释〔2011〕5号, arts. 3 (the agreement is handed
in with the application) and 4 (the court decides within three days whether to take it). The people and figures are
invented.
"""

import datetime as dt

import community_mediation as cm

CHINA = dt.timezone(dt.timedelta(hours=8))
WHOLE, HALF = cm.Money.parse("12000 CNY"), cm.Money.parse("6000 CNY")


def at(month, day, hour=9):
    """A moment in 2022."""
    return cm.When.at(dt.datetime(2022, month, day, hour, tzinfo=CHINA))


def instalment(id, month):
    """One half of the wage, due on the 15th of a month."""
    return cm.items.Term(
        id=id,
        kind=cm.items.TermKind.PAYMENT,
        debtor="builder",
        creditor="worker",
        amount=HALF,
        due=cm.When.on(dt.date(2022, month, 15), "Asia/Shanghai"),
    )


def agreed(book):
    """The quarrel, and the agreement of 1 June."""
    case = cm.Case.report(
        id=book.new_id(),
        centre="studio",
        dispute=cm.Dispute(
            type=cm.Code("moj_stat_18", "migrant_wages"), nature=cm.Nature.CIVIL, amount_claimed=WHOLE, title="拖欠工钱"
        ),
        parties=[
            cm.Party(id="worker", side="A", role=cm.Role.APPLICANT, name="韩某"),
            cm.Party(id="builder", side="B", role=cm.Role.RESPONDENT, name="杨某某"),
        ],
        intake=cm.Intake(source=cm.Source.APPLICATION, channel="hotline"),
        at=at(5, 30),
        by="front-desk",
    )
    case = case.accept(at=at(5, 30, 10), by="front-desk")
    case = case.begin_attempt(kind=cm.AttemptKind.PEOPLE, at=at(6, 1), by="mediator-1")
    case = case.hold_session(
        format=cm.SessionFormat.JOINT,
        medium=cm.Medium.PHONE,
        attended=["worker", "builder"],
        at=at(6, 1),
        by="mediator-1",
    )
    return case.resolve(
        id="by-word",
        form=cm.AgreementForm.ORAL,
        amount=WHOLE,
        clauses=[instalment("first", 6), instalment("second", 7)],
        at=at(6, 1, 11),
        by="mediator-1",
    )


def in_law(case, kind, *, when, **details):
    """A step in law, recorded at the desk."""
    step = cm.items.LegalStep(kind=kind, body="court", **details)
    return case.record(step, at=when, by="front-desk")


def history(book):
    """The case, from the telephone to the ruling and the return visit."""
    case = agreed(book)
    paid = cm.items.Payment(
        amount=HALF, payer="builder", payee="worker", resolution="by-word", term="first", method="transfer"
    )
    case = case.record(paid, at=at(6, 15), by="mediator-1")
    case = case.record_compliance(compliance=cm.Compliance.KEPT, term="first", at=at(6, 15), by="mediator-1")
    kind, confirmation = cm.items.LegalStepKind, cm.items.Confirmation
    case = in_law(case, kind.CONFIRMATION, resolution="by-word", confirmation=confirmation.APPLIED, when=at(6, 20))
    case = in_law(
        case,
        kind.CONFIRMATION,
        resolution="by-word",
        confirmation=confirmation.REFUSED,
        grounds=("no_written_agreement",),
        when=at(6, 22),
    )
    case = case.record_compliance(compliance=cm.Compliance.BREACHED, term="second", at=at(7, 16), by="mediator-1")
    docket = "（2022）某0999民初0345号"
    case = in_law(case, kind.SUIT, party="worker", amount=HALF, docket=docket, when=at(8, 1))
    case = in_law(
        case, kind.RULING, party="worker", ruling=cm.items.Ruling.DECIDED, amount=HALF, docket=docket, when=at(9, 20)
    )
    # What was found is what the terms say already, so the visit gives no new finding of the whole.
    return case.follow_up(
        sued=True,
        new_danger=False,
        satisfaction=[cm.Satisfaction(score=3, side="A", party="worker")],
        medium=cm.Medium.PHONE,
        measures="告知可申请强制执行判决",
        at=cm.When.on(dt.date(2022, 10, 8), "Asia/Shanghai"),
        by="mediator-1",
    )


def main():
    with cm.open_casebook("memory:") as book:
        case = book.save(history(book))
        print(f"{case.process}, {case.conclusion} ({case.agreement}); went to court: {case.litigation}")
        for row in book.facts("case_resolution").rows():
            print(f"{row['form']}, {row['state']}; confirmation {row['confirmation']}, confirmed {row['confirmed']}")
        for row in book.facts("case_term").rows():
            print(f"  {row['row']}: {row['amount']:f} {row['currency']} due {row['due_on']}, {row['compliance']}")
        for month, day in ((6, 10), (6, 21), (7, 20), (9, 21)):
            (then,) = case.valid_at(at(month, day)).resolutions
            print(f"true on {month}-{day}: {then.stage}, {then.compliance}, confirmation {then.confirmation}")


if __name__ == "__main__":
    main()
