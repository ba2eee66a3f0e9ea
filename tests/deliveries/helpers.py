"""A clock that stands still, notices, and channels that fail on purpose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from community_mediation.casebook import Casebook, open_casebook
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Dispute
from community_mediation.domain.values import Code, When
from community_mediation.ports import Notice, Receipt

NOW = dt.datetime(2022, 5, 14, 9, 30, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def book() -> Casebook:
    """A book in memory, at nine thirty."""
    return open_casebook("memory:", clock=lambda: NOW)


def case(book: Casebook) -> Case:
    """A case of the book."""
    dispute = Dispute(type=Code("demo", "neighbour"))
    return book.save(
        Case.report(id=book.new_id(), centre="studio", dispute=dispute, at=When.at(NOW), by="desk"),
    )


def notice(key: str = "hearing-1", **fields: Any) -> Notice:
    """A notice to an invented person."""
    given = {"kind": "hearing", "to": "孙某 <sun@example.org>", "subject": "调解会", "body": "周五上午九点。"}
    return Notice(dedupe_key=key, **{**given, **fields})


class Told:
    """A channel that takes everything, and remembers it.

    Args:
        name: Its name.
        fault: Called before anything is taken; raises what is to go wrong.
    """

    def __init__(self, name: str = "told", fault: Callable[[Notice], object] = lambda notice: None) -> None:
        self.name, self.fault = name, fault
        self.sent: list[Notice] = []

    def send(self, notice: Notice) -> Receipt:
        self.fault(notice)
        duplicate = notice in self.sent
        self.sent.append(notice)
        return Receipt(dedupe_key=notice.dedupe_key, reference=f"no-{len(self.sent)}", duplicate=duplicate)


def failing(error: BaseException) -> Callable[[Notice], object]:
    """A fault: it raises *error*."""

    def fault(notice: Notice) -> None:
        raise error

    return fault
