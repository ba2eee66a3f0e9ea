"""The same quarrel reported twice, and two quarrels reported as one: merged, split, and counted once all the time.

A woman calls the hotline about noise in the night; the next day her husband walks in about the same. Two desks open
two cases, and after a week somebody notices. The case of the hotline is merged into the one of the walk-in: from
that moment only one counts, and the book still tells how many stood there before. A third case, of a shop's sign and
its unpaid rent, turns out to be two quarrels with two people, and is split.

Sources: GB/T 31000-2015, 5.58 (what is recorded of a dispute); the counting rule is this library's: whatever
is merged or split, the number of cases that count is the number of quarrels that are known. The people are invented.
"""

import datetime as dt

import community_mediation as cm

CHINA = dt.timezone(dt.timedelta(hours=8))


def at(day, hour=9):
    """A moment in August 2022."""
    return cm.When.at(dt.datetime(2022, 8, day, hour, tzinfo=CHINA))


def reported(book, kind, title, *, channel, when, names):
    """A case with one party on each side."""
    return cm.Case.report(
        id=book.new_id(),
        centre="studio",
        dispute=cm.Dispute(type=cm.Code("neutral", kind), nature=cm.Nature.CIVIL, title=title),
        parties=[
            cm.Party(id="p1", side="A", role=cm.Role.APPLICANT, name=names[0]),
            cm.Party(id="p2", side="B", role=cm.Role.RESPONDENT, name=names[1]),
        ],
        intake=cm.Intake(source=cm.Source.APPLICATION, channel=channel),
        at=when,
        by="front-desk",
    )


def link(case, other, kind, *, when):
    """Point at another case; links count nothing."""
    return case.record(cm.items.Link(case=other.id, kind=kind), at=when, by="front-desk")


def merged(book):
    """The hotline's case and the walk-in's: the same noise."""
    hotline = reported(book, "neighbour", "夜间噪声", channel="hotline", when=at(1, 23), names=("朱某", "秦某"))
    walk_in = reported(book, "neighbour", "夜间噪声", channel="walk_in", when=at(2), names=("尤某", "秦某"))
    walk_in = walk_in.accept(at=at(2, 10), by="front-desk")
    walk_in = walk_in.begin_attempt(kind=cm.AttemptKind.PEOPLE, at=at(4), by="mediator-1")
    hotline = hotline.merge(into=walk_in.id, note="同一纠纷", at=at(8), by="front-desk")
    walk_in = link(walk_in, hotline, cm.items.LinkKind.ABSORBED, when=at(8))
    # She comes in as a party of the case that goes on.
    walk_in = walk_in.join(cm.Party(id="p3", side="A", role=cm.Role.APPLICANT, name="朱某"), at=at(8), by="front-desk")
    return hotline, walk_in.resolve(form=cm.AgreementForm.ORAL, at=at(10), by="mediator-1")


def split(book):
    """A sign over the door and a rent unpaid: two quarrels, two people."""
    both = reported(book, "other", "店铺纠纷", channel="walk_in", when=at(3), names=("许某", "何某某"))
    sign = reported(book, "neighbour", "招牌挡窗", channel="walk_in", when=at(9), names=("许某", "吕某"))
    rent = reported(book, "contract", "拖欠房租", channel="walk_in", when=at(9), names=("许某", "何某某"))
    both = both.split(into=[sign.id, rent.id], note="两起纠纷", at=at(9), by="front-desk")
    children = (link(each, both, cm.items.LinkKind.SPLIT_FROM, when=at(9, 10)) for each in (sign, rent))
    return both, *children


def history(book):
    """Five cases: hotline and walk-in, the one that was two, and the two that it was."""
    return *merged(book), *split(book)


def counted(book, day):
    """How many cases counted at the end of a day."""
    return sum(
        row["counted"] for row in book.facts("case", valid_at=cm.When.on(dt.date(2022, 8, day), "Asia/Shanghai")).rows()
    )


def main():
    with cm.open_casebook("memory:") as book:
        cases = history(book)
        book.add_many(cases)  # all five in one commit
        hotline, walk_in, both, sign, rent = (book.get(each.id) for each in cases)
        for name, case in zip(("hotline", "walk-in", "shop", "sign", "rent"), cases, strict=True):
            print(f"{name:8} {case.process:12} {case.conclusion or '-':8} {case.reason or '-':7} {case.is_counted}")
        for day in (1, 2, 3, 8, 9, 31):
            print(f"on {day} August {counted(book, day)} cases counted")
        print("forth:", hotline.superseded_by == (walk_in.id,), both.superseded_by == (sign.id, rent.id))
        links = [
            (each.kind, book.get(each.case).reason)
            for case in (walk_in, sign, rent)
            for each in case.noted(cm.items.Link)
        ]
        print("back:", *(f"{kind} one that was {reason};" for kind, reason in links))
        print(cm.metrics.table(book.facts("case").to_polars(), metrics=["reported", "open_at_end"], period="2022-08"))


if __name__ == "__main__":
    main()
