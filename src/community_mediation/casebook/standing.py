"""What may be done with the personal values of a subject, and who asked for it: the ledger of the book."""

import functools
from abc import abstractmethod
from collections.abc import Callable, Collection, Sequence

from community_mediation.casebook import erasing
from community_mediation.casebook.erasing import Erasure
from community_mediation.casebook.folding import Folder
from community_mediation.domain.ledger import (
    BOOK,
    Disclosed,
    Ledger,
    LegalHoldLifted,
    LegalHoldPlaced,
    RestrictionLifted,
    SubjectRestricted,
    SubjectsErased,
    SubjectState,
)
from community_mediation.domain.matter import Matter
from community_mediation.domain.values import When
from community_mediation.errors import Conflict, InvalidInput, LegalHold, NotFound, VersionConflict
from community_mediation.ports import Clock, Key, Store


class Standing:
    """The part of a casebook that answers for what names people.

    A subject is a person, a mediator or a case by its id, or one party as ``case/party``. With a person go the
    parties that are linked to it.
    """

    store: Store
    _clock: Clock
    _folder: Folder

    @abstractmethod
    def save(self, matter: Matter, *, keys: Sequence[Key] = (), release: Sequence[Key] = ()) -> Matter:
        """As ``Casebook.save``."""

    def erase(self, subject: str, *, reason: str, by: str) -> Erasure:
        """Remove everything personal of a subject from the live store.

        A person goes with all parties linked to it, ``case/party`` is one party, and a matter's id what it tells in
        words; the notices about a case go with it. Counts stay, and the journal still verifies.

        Args:
            subject: The id of a person, mediator or case, or ``case/party``.
            reason: Why; kept in the private part of the journal.
            by: The account that asks for it.

        Raises:
            NotFound: There is nothing under that id.
            InvalidInput: No reason.
            LegalHold: A legal hold stands on any of it; nothing is erased.
            PluginFailed: A matter of a kind that is not enabled names the person.
            StoreError: The store failed; run it again to finish.
        """
        _check_reason(reason)
        subjects = erasing.subjects_of(self.store, self._folder, subject)
        event = SubjectsErased(at=When.at(self._clock()), by=by, subjects=subjects, reason=reason)
        parts = 0
        while True:
            # First the record, then the deed: a crash between them shows in verify as an unfinished erasure.
            recorded = len(self._record_in_ledger(functools.partial(self._erased, event)).events)
            position = next(entry.position for entry in self.store.entries(BOOK) if entry.version == recorded)
            parts += sum(self.store.erase(each) for each in subjects)
            # What another program wrote of a subject in between is gone as well; then a further record covers it.
            if not erasing.is_gone_after(self.store, self._folder, subjects, position):
                return Erasure(subjects, parts, position)

    def record_disclosure(self, what: str, *, reason: str, by: str) -> None:
        """Note in the journal that what names people is about to leave the book, and why.

        Raises:
            InvalidInput: No reason.
            StoreReadOnly: The book is open for reading only: then nothing may leave it.
        """
        _check_reason(reason)
        event = Disclosed(at=When.at(self._clock()), by=by, what=what, reason=reason)
        self._record_in_ledger(lambda ledger: ledger.record(event))

    def hold(self, subject: str, hold: str, *, reason: str, by: str) -> None:
        """Place a legal hold: until it is lifted, the subject is not erased, whoever asks.

        A hold on a case keeps its parties as well. The same hold twice is one.

        Args:
            subject: The id of a person, mediator or case, or ``case/party``.
            hold: Its name, a code without personal data, such as the number of the court's order.
            reason: Why; kept in the private part of the journal.
            by: The account that places it.

        Raises:
            NotFound: There is nothing under that id.
            InvalidInput: No reason; the name is no code.
            Conflict: An erasure of the subject is under way, or was interrupted.
            StoreReadOnly: The book is open for reading only.
        """
        _check_reason(reason)
        erasing.subjects_of(self.store, self._folder, subject)
        event = LegalHoldPlaced(at=When.at(self._clock()), by=by, subject=subject, hold=hold, reason=reason)

        def placed(ledger: Ledger) -> Ledger:
            if self._is_going(subject):
                raise Conflict(
                    "An erasure of this subject is recorded, and has not ended. Nothing was changed. Look again when "
                    "it has; if it was interrupted, erase the subject again."
                )
            return ledger.record(event)

        self._record_in_ledger(placed)

    def lift_hold(self, subject: str, hold: str, *, reason: str, by: str) -> None:
        """Lift one legal hold; others stay.

        Raises:
            NotFound: No such hold stands on the subject.
            StoreReadOnly: The book is open for reading only.
        """
        _check_reason(reason)
        event = LegalHoldLifted(at=When.at(self._clock()), by=by, subject=subject, hold=hold, reason=reason)

        def lifted(ledger: Ledger) -> Ledger:
            if hold not in ledger.holds.get(subject, ()):
                raise NotFound("No such hold stands on this subject. Look at the holds of the book.")
            return ledger.record(event)

        self._record_in_ledger(lifted)

    def holds(self) -> dict[str, tuple[str, ...]]:
        """The subjects on which legal holds stand, each with their names, oldest first."""
        return self._ledger().holds

    def restrict(self, subject: str, *, reason: str, by: str) -> None:
        """Keep the personal values of a subject, and let them leave the book no more: not by search, export or paper.

        For whoever may not be erased yet, or asks for it (as art. 18 of the GDPR knows it, and art. 47 of the
        Personal Information Protection Law of the People's Republic of China: keep, and do nothing else).

        Raises:
            NotFound: There is nothing under that id.
            StoreReadOnly: The book is open for reading only.
        """
        _check_reason(reason)
        erasing.subjects_of(self.store, self._folder, subject)
        event = SubjectRestricted(at=When.at(self._clock()), by=by, subject=subject, reason=reason)
        self._record_in_ledger(lambda ledger: ledger.record(event))

    def lift_restriction(self, subject: str, *, reason: str, by: str) -> None:
        """Use the values of a subject again.

        Raises:
            NotFound: The subject is not restricted by itself.
            StoreReadOnly: The book is open for reading only.
        """
        _check_reason(reason)
        event = RestrictionLifted(at=When.at(self._clock()), by=by, subject=subject, reason=reason)

        def lifted(ledger: Ledger) -> Ledger:
            if subject not in ledger.restricted:
                raise NotFound("This subject is not restricted. A party may be so by the person that it is linked to.")
            return ledger.record(event)

        self._record_in_ledger(lifted)

    def restricted(self) -> frozenset[str]:
        """All subjects whose values leave the book no more: those restricted by name, and what goes with them."""
        given = self._ledger().restricted
        return frozenset(each for name in given for each in erasing.subjects_of(self.store, self._folder, name))

    def state_of(self, subject: str) -> SubjectState:
        """What may be done with the personal values of a subject.

        A subject that was erased, and of which something was recorded since, is ``ACTIVE`` or ``RESTRICTED`` again.

        Raises:
            NotFound: There is nothing under that id.
        """
        erasing.subjects_of(self.store, self._folder, subject)
        kept = any(subject in entry.private for entry in self.store.entries(subject.partition("/")[0]))
        if not kept and subject in self._ledger().erased:
            return SubjectState.ERASED
        return SubjectState.RESTRICTED if subject in self.restricted() else SubjectState.ACTIVE

    def _ledger(self) -> Ledger:
        return Ledger.fold(BOOK, self._folder.events(self.store.entries(BOOK)))

    def _erased(self, event: SubjectsErased, ledger: Ledger) -> Ledger:
        holds = self._holding(ledger, event.subjects)
        if holds:
            raise LegalHold(holds)
        return ledger.record(event)

    def _is_going(self, subject: str) -> bool:
        """Whether an erasure of the subject, or of what goes with it, is recorded, and something of it still there."""
        goes = set(erasing.subjects_of(self.store, self._folder, subject))
        for entry in self.store.entries(BOOK):
            for event in self._folder.opened(entry).events:
                for each in goes.intersection(event.subjects) if isinstance(event, SubjectsErased) else ():
                    before = self.store.entries(each.partition("/")[0], entry.position)
                    if any(each in one.private for one in before):
                        return True
        return False

    def _holding(self, ledger: Ledger, subjects: Collection[str]) -> list[str]:
        """The holds that keep any of the subjects."""
        found: list[str] = []
        for held, names in ledger.holds.items():
            keeps = erasing.subjects_of(self.store, self._folder, held)
            if any(each in keeps or each.startswith(f"{held}/") for each in subjects):
                found += names
        return found

    def _record_in_ledger(self, change: Callable[[Ledger], Ledger]) -> Ledger:
        while True:
            ledger = change(self._ledger())
            try:
                self.save(ledger)
                return ledger
            except VersionConflict:
                continue  # another program wrote in the ledger: read it again


def _check_reason(reason: object) -> None:
    if not isinstance(reason, str) or not reason.strip():
        raise InvalidInput("This is recorded with its reason, and none was given. Say why.")
