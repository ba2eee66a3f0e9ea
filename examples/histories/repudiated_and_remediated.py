"""A settlement repudiated within ten days (Philippines), and a new one before a panel that was drawn by lot.

Two neighbours of a barangay quarrel over a debt. They settle before the Punong Barangay. A week later the debtor
swears that she signed under intimidation, and repudiates. Both come back: since they cannot agree on the members of
the panel (pangkat), lots are drawn. The new settlement takes the place of the old one and is kept.

The case ended twice. The book goes on saying that it was settled on 6 June; what it said then can still be asked
for.

Sources: RA 7160 (Local Government Code of the Philippines), secs. 404 (the panel; by lot where the parties fail to
agree), 410 (summons, mediation, conciliation) and 418 (repudiation within ten days on the ground of fraud, violence
or intimidation); KP forms 9, 10, 16 and 17. The people and figures are invented.
"""

import datetime as dt

import community_mediation as cm

MANILA = dt.timezone(dt.timedelta(hours=8))


def at(day, hour=9):
    """A moment in June 2022."""
    return cm.When.at(dt.datetime(2022, 6, day, hour, tzinfo=MANILA))


def paid(id, amount, day):
    """A payment by the debtor, due on a day of July."""
    return cm.items.Term(
        id=id,
        kind=cm.items.TermKind.PAYMENT,
        debtor="debtor",
        creditor="lender",
        amount=cm.Money.parse(amount),
        due=cm.When.on(dt.date(2022, 7, day), "Asia/Manila"),
    )


def settled(book):
    """The complaint, the summons, and the settlement of 6 June."""
    case = cm.Case.report(
        id=book.new_id(),
        centre="barangay",
        dispute=cm.Dispute(type=cm.Code("neutral", "debt"), nature=cm.Nature.CIVIL, title="Unpaid loan"),
        parties=[
            cm.Party(id="lender", side="A", role=cm.Role.APPLICANT, name="R. Santos"),
            cm.Party(id="debtor", side="B", role=cm.Role.RESPONDENT, name="L. Reyes"),
        ],
        intake=cm.Intake(source=cm.Source.APPLICATION, channel="walk_in"),
        at=at(1),
        by="secretary",
    )
    summons = cm.items.Service(
        paper="summons", party="debtor", mode=cm.items.ServiceMode.HANDED_OVER, appointed=at(3, 14)
    )
    case = case.accept(at=at(1, 10), by="secretary").record(summons, at=at(2), by="secretary")
    # There is no kind of attempt for a mediation by the head of the barangay alone: it is one by an office.
    case = case.begin_attempt(id="first", kind=cm.AttemptKind.ADMINISTRATIVE, at=at(3, 14), by="secretary")
    case = case.hold_session(format=cm.SessionFormat.JOINT, attended=["lender", "debtor"], at=at(3, 14), by="secretary")
    return case.resolve(
        id="settlement-1",
        form=cm.AgreementForm.WRITTEN,
        amount=cm.Money.parse("20000 PHP"),
        clauses=[paid("at-once", "20000 PHP", 1)],
        at=at(6, 16),
        by="secretary",
    )


def repudiated(case):
    """Within ten days, the debtor repudiates on the ground of intimidation (KP form 17)."""
    step = cm.items.LegalStep(
        kind=cm.items.LegalStepKind.REPUDIATION,
        resolution="settlement-1",
        party="debtor",
        grounds=("intimidation",),
        note="Sworn before the Punong Barangay",
    )
    return case.record(step, at=at(13), by="secretary")


def settled_anew(case):
    """Reopened, a panel by lot, and a settlement in the place of the old one."""
    case = case.reopen(reason="repudiated", at=at(14), by="secretary")
    case = case.begin_attempt(
        id="second", kind=cm.AttemptKind.CONCILIATION, chosen=cm.items.PanelChoice.LOT, at=at(16), by="secretary"
    )
    for member, role in (("pangkat-1", "lead"), ("pangkat-2", "member"), ("pangkat-3", "recorder")):
        case = case.assign(
            mediator=member,
            role=cm.PanelRole(role),
            attempt="second",
            chosen=cm.items.PanelChoice.LOT,
            at=at(16),
            by="secretary",
        )
    case = case.hold_session(format=cm.SessionFormat.JOINT, attended=["lender", "debtor"], at=at(17), by="secretary")
    case = case.resolve(
        id="settlement-2",
        replaces="settlement-1",
        form=cm.AgreementForm.WRITTEN,
        amount=cm.Money.parse("20000 PHP"),
        clauses=[paid("first-half", "10000 PHP", 15), paid("second-half", "10000 PHP", 31)],
        at=at(20, 16),
        by="secretary",
    )
    for signer in ("lender", "debtor"):
        signature = cm.items.Signature(paper="agreement", resolution="settlement-2", party=signer)
        case = case.record(signature, at=at(20, 16), by="secretary")
    return case


def history(book):
    """The case, saved as it went on: so the book knows what it was told when."""
    case = book.save(settled(book))
    case = book.save(repudiated(case))
    return settled_anew(case)


def main():
    with cm.open_casebook("memory:") as book:
        case = book.save(history(book))
        print(f"{case.process}, {case.conclusion} ({case.agreement}); first: {case.first_conclusion}")
        for row in book.facts("case_resolution").rows():
            replaced = f", in the place of {row['replaces']}" if row["replaces"] else ""
            print(f"{row['row']}: {row['state']}, repudiated {row['repudiated_on'] or 'never'}{replaced}")
        for day in (10, 13, 15, 21):
            then = case.valid_at(at(day, 12))
            print(f"true on {day} June: {then.process}, {then.conclusion}, {then.resolutions[0].stage}")
        first, *_ = book.history(case.id)
        known = book.get(case.id, known_at=first.position)
        print(f"known before the repudiation was recorded: {known.conclusion}, {known.resolutions[0].stage}")


if __name__ == "__main__":
    main()
