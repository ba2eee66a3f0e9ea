"""The book's own matter: what happened to the book as a whole."""

import datetime as dt
import enum
from collections.abc import Sequence
from typing import Final, Self

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.matter import Event, Matter, moment
from community_mediation.domain.validators import NARRATIVE, PUBLIC, SENSITIVE, checked, code, codes
from community_mediation.domain.values import When
from community_mediation.errors import InvalidValue

BOOK: Final = "book"
"""The id and the kind of the book's own matter."""


class SubjectState(enum.StrEnum):
    """What may be done with the personal values of a subject.

    Attributes:
        ACTIVE: They are used.
        RESTRICTED: They are kept, and leave the book no more: not in searches, exports and papers.
        ERASED: They are gone.
    """

    ACTIVE = "active"
    RESTRICTED = "restricted"
    ERASED = "erased"


@frozen(kw_only=True, field_transformer=checked)
class BookOpened(Event):
    """The book got its secret, with which personal keys are digested."""

    secret: str | None = attrs.field(default=None, metadata=SENSITIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class SubjectsErased(Event):
    """The private parts of these subjects were removed, up to this point of the journal."""

    subjects: tuple[str, ...] = attrs.field(metadata=PUBLIC, validator=codes)
    reason: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class Disclosed(Event):
    """What names people left the book: ``what`` is how (``export``, ``search``), the reason is kept."""

    what: str = attrs.field(metadata=PUBLIC, validator=code)
    reason: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class LegalHoldPlaced(Event):
    """A subject may not be erased: of a court, an archive or another authority. One may have several holds."""

    subject: str = attrs.field(metadata=PUBLIC, validator=code)
    hold: str = attrs.field(metadata=PUBLIC, validator=code)
    reason: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class LegalHoldLifted(Event):
    """One hold of a subject is over."""

    subject: str = attrs.field(metadata=PUBLIC, validator=code)
    hold: str = attrs.field(metadata=PUBLIC, validator=code)
    reason: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class SubjectRestricted(Event):
    """The personal values of a subject are kept, and no longer used."""

    subject: str = attrs.field(metadata=PUBLIC, validator=code)
    reason: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


@frozen(kw_only=True, field_transformer=checked)
class RestrictionLifted(Event):
    """They are used again."""

    subject: str = attrs.field(metadata=PUBLIC, validator=code)
    reason: str | None = attrs.field(default=None, metadata=NARRATIVE, repr=False)


LedgerEvent = (
    BookOpened | SubjectsErased | Disclosed | LegalHoldPlaced | LegalHoldLifted | SubjectRestricted | RestrictionLifted
)


LEDGER_EVENTS: Final[dict[str, type[Event]]] = {
    "book.opened": BookOpened,
    "book.subjects_erased": SubjectsErased,
    "book.disclosed": Disclosed,
    "book.legal_hold_placed": LegalHoldPlaced,
    "book.legal_hold_lifted": LegalHoldLifted,
    "book.subject_restricted": SubjectRestricted,
    "book.restriction_lifted": RestrictionLifted,
}
"""The wire names of a ledger's events: part of the format, never changed."""


@frozen(kw_only=True)
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
            raise InvalidValue("no event of a ledger")
        return attrs.evolve(self, pending=(*self.pending, event))

    @property
    def secret(self) -> str | None:
        """The secret with which personal keys are digested."""
        return next((event.secret for event in self.events if isinstance(event, BookOpened)), None)

    @property
    def holds(self) -> dict[str, tuple[str, ...]]:
        """The subjects that may not be erased, each with its holds."""
        standing: dict[tuple[str, str], None] = {}
        for event in self.events:
            if isinstance(event, LegalHoldPlaced):
                standing[event.subject, event.hold] = None
            elif isinstance(event, LegalHoldLifted):
                standing.pop((event.subject, event.hold), None)
        return {name: tuple(hold for each, hold in standing if each == name) for name, _ in standing}

    @property
    def restricted(self) -> tuple[str, ...]:
        """The subjects whose personal values are kept and not used."""
        standing: dict[str, None] = {}
        for event in self.events:
            if isinstance(event, SubjectRestricted):
                standing[event.subject] = None
            elif isinstance(event, RestrictionLifted):
                standing.pop(event.subject, None)
        return tuple(standing)

    @property
    def erased(self) -> frozenset[str]:
        """The subjects that were ever erased."""
        return frozenset(each for event in self.events if isinstance(event, SubjectsErased) for each in event.subjects)
