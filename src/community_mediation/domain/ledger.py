"""The book's own matter: what happened to the book as a whole."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, Self

import attrs

from community_mediation.domain.matter import Event, Matter, moment
from community_mediation.domain.validators import NARRATIVE, PUBLIC, SENSITIVE, checked, code, codes
from community_mediation.domain.values import When
from community_mediation.errors import InvalidValue

BOOK: Final = "book"
"""The id and the kind of the book's own matter."""


@attrs.frozen(kw_only=True, field_transformer=checked)
class BookOpened(Event):
    """The book got its secret, with which personal keys are digested."""

    secret: str | None = attrs.field(default=None, metadata=SENSITIVE, repr=False)


@attrs.frozen(kw_only=True, field_transformer=checked)
class SubjectsErased(Event):
    """The private parts of these subjects were removed, up to this point of the journal."""

    subjects: tuple[str, ...] = attrs.field(metadata=PUBLIC, validator=codes)
    reason: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Disclosed(Event):
    """What names people left the book: ``what`` is how (``export``, ``search``), the reason is kept."""

    what: str = attrs.field(metadata=PUBLIC, validator=code)
    reason: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


LedgerEvent = BookOpened | SubjectsErased | Disclosed


@attrs.frozen(kw_only=True)
class Ledger(Matter):
    """The history of the book as a whole."""

    @classmethod
    def fold(cls, id: str, history: Sequence[Event]) -> Self:
        """The ledger with that history."""
        return cls(id=id, history=tuple(history))

    def valid_at(self, when: When | dt.datetime) -> Self | None:
        """The ledger as it was then."""
        at = moment(when)
        kept = tuple(event for event in self.events if (event.at.earliest or at) <= at)
        return attrs.evolve(self, history=kept, pending=(), as_of=at) if kept else None

    def record(self, event: LedgerEvent) -> Self:
        """The ledger with one more event.

        Raises:
            InvalidValue: It is none of a ledger's events.
        """
        if not isinstance(event, LedgerEvent):
            raise InvalidValue("a ledger records BookOpened, SubjectsErased and Disclosed")
        return attrs.evolve(self, pending=(*self.pending, event))

    @property
    def secret(self) -> str | None:
        """The secret with which personal keys are digested."""
        return next((event.secret for event in self.events if isinstance(event, BookOpened)), None)
