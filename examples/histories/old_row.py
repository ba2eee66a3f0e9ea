"""A row of an old register, with hardly anything in it: what is unknown stays unknown, and nothing is refused.

The old book says: a quarrel over a field boundary, reported in the spring of 1998, settled. No names, no dates but
the one, no word on paper or kept. Nothing is filled in: the ending has no day, whether there was a session nobody
knows, and *unknown* is not *no*. A rule of the house would keep such a case from being recorded today. Of what an
old register says it only *finds* that it falls short.

Sources: GB/T 31000-2015, 5.58, for what a record should hold; that an old register yields findings and no refusals
is this library's choice: to refuse what was so would only make the statistics untrue. The row is invented.
"""

import datetime as dt

import community_mediation as cm
from community_mediation.ports import Label, Weight
from community_mediation.regions import Region, Rule


def _names_nobody(before, event, after):
    return None if after.parties else "a case is entered without any party"


HOUSE = Region(
    name="house",
    title=Label("The house", "本所"),
    rules=(
        Rule(
            name="somebody_quarrels",
            label=Label("Somebody quarrels", "须有当事人"),
            source="house rule 1",
            weight=Weight.BLOCK,
            applies_to=(cm.events.Reported, cm.events.Registered),
            objection=_names_nobody,
            remedy="Say who the parties are, as far as it is known.",
        ),
    ),
)

REPORTED = cm.When.on(dt.date(1998, 4, 2), "Asia/Shanghai")


def history(book):
    """The row, and nothing else."""
    row = cm.Snapshot(
        dispute=cm.Dispute(type=cm.Code("neutral", "boundary")),
        conclusion=cm.Conclusion.SETTLED,
        # It ended, and nobody wrote down when: reached, at an unknown time.
        concluded=cm.Milestone.at(cm.When.unknown()),
    )
    return cm.Case.register(
        id=book.new_id(),
        centre="village-committee",
        external=cm.ExternalId("old-book", "1998-17"),
        snapshot=row,
        at=REPORTED,
        by="import",
    )


def main():
    with cm.open_casebook("memory:") as book:
        case = book.save(history(book))
        print(f"{case.process}, {case.conclusion} ({case.agreement}), ended {case.concluded.when}")
        for milestone in ("accepted", "begun", "first_session", "joint_session", "agreed", "closed"):
            print(f"  {milestone}: {getattr(case, milestone).state}")
        (row,) = book.facts("case").rows()
        unknown = [
            name for name in ("sessions", "attempts", "people", "agreement_form", "litigation") if row[name] is None
        ]
        print("nobody knows:", *unknown)
        for finding in HOUSE.findings(case):
            print(f"finding {finding.code} ({finding.severity}): {finding.remedy}")
        print(cm.metrics.table(book.facts("case").to_polars(), metrics=["reported", "agreement_of_begun"]))


if __name__ == "__main__":
    main()
