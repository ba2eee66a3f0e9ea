"""What keeps a book sound: verification, rebuilding, searching, copies, and the keys of what is personal."""

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Mapping

from community_mediation.casebook import copying, searching, verifying
from community_mediation.casebook.copying import Copied, ReplayClock
from community_mediation.casebook.folding import rebuilt
from community_mediation.casebook.searching import Matched
from community_mediation.casebook.standing import Standing
from community_mediation.casebook.verifying import Verification
from community_mediation.domain.ledger import BOOK, BookOpened, Ledger
from community_mediation.domain.values import When
from community_mediation.errors import InvalidQuery, InvalidValue, NotFound, StoreReadOnly, about
from community_mediation.facts.schema import FactsSchema
from community_mediation.plugins import Plugins
from community_mediation.ports import BacksUp, Finding, Key, OpenOptions


class Keeping(Standing):
    """The part of a casebook that looks after the book as a whole."""

    plugins: Plugins
    _schemas: Mapping[str, FactsSchema]
    _secret_bytes: bytes | None

    def now(self) -> dt.datetime:
        """The present moment by the book's clock."""
        return self._clock()

    def anchor(self) -> str:
        """The journal's end as a text to keep outside the book; ``verify`` takes it."""
        return verifying.anchor_text(self.store.head())

    def verify(
        self, *, facts: bool = True, anchor: str | None = None, progress: Callable[[int], None] | None = None
    ) -> Verification:
        """Read the whole journal, and say what is wrong with it or with the facts derived from it.

        Args:
            facts: Compare the facts with the journal, if that is whole.
            anchor: What ``anchor`` gave once: then a cut end and a full rewrite are found as well.
            progress: Told now and then how much is done: each entry counts once for the journal, and with *facts* once
                more for them, so that it comes to twice the entries.

        Raises:
            InvalidQuery: The anchor is none.
        """
        return verifying.verify(self.store, self._folder, facts=facts, anchor=anchor, progress=progress)

    def rebuild_facts(self, *, progress: Callable[[int], None] | None = None) -> int:
        """Derive all facts from the journal anew, in one commit; returns how many rows, old versions included.

        Others cannot write meanwhile.

        Args:
            progress: Told now and then how many entries were read.

        Raises:
            StoreReadOnly: The book is open for reading only.
        """
        try:
            return rebuilt(self.store, self._folder, progress)
        except StoreReadOnly:
            raise StoreReadOnly(
                "The facts of this book must be rebuilt, and it is open for reading only. Open it once for writing."
            ) from None

    def search(self, text: str, *, reason: str, by: str, limit: int = 50, after: str | None = None) -> Matched:
        """A page of the matters in whose private values *text* stands, past values too; recorded as a disclosure.

        Names, addresses, numbers of persons and what is told in words are searched, two Chinese characters as well
        as a sentence; A to Z and a to z are equal. What was searched for is not recorded: it would outlive an erasure.
        Restricted subjects are left out.

        Args:
            text: What to look for.
            reason: Why; kept in the private part of the journal.
            by: The account that asks.
            limit: At most so many matters, 1 to 1,000.
            after: ``after`` of the page before; each page is recorded.

        Raises:
            InvalidQuery: The store cannot be searched; no text; a limit that is none; ``after`` of another search.
            StoreReadOnly: The book is open for reading only, so that the search cannot be recorded.
        """
        found = searching.search(self.store, text, limit, after, without=self.restricted)
        self.record_disclosure("search", reason=reason, by=by)
        return found

    def backup(self, path: str | os.PathLike[str]) -> str:
        """Write a whole copy of the book, as it is at one position, to a new file, while readers and writers go on.

        Args:
            path: Where; nothing may be there yet.

        Returns:
            The copy's anchor: keep it outside both, and give it to ``verify`` of the copy.

        Raises:
            InvalidQuery: The store makes no copies, or something is at *path* already.
            StoreError: The copy cannot be written; nothing is left at *path*.
        """
        if not isinstance(self.store, BacksUp):
            raise InvalidQuery(
                "This book is kept in a store that makes no backups. Back it up by the store's own means."
            )
        return verifying.anchor_text(self.store.backup(os.fsdecode(path)))

    def copy_to(self, url: str, *, verify: bool = True, progress: Callable[[int, int], None] | None = None) -> Copied:
        """Copy the whole book into the store that *url* names, or go on with a copy that was begun there.

        Entries keep their positions, times and hashes, kinds that are not enabled included, so that anchors stay
        good; facts, keys, erasures and the book's own secret are the same. Leases are not copied. Others may read and
        write this book meanwhile: the copy ends when it has all that there is. Nobody else may write into the target.

        Args:
            url: Where to; made where there is nothing.
            verify: Read the whole copy again at the end: its journal, private parts, keys, and its facts at some
                positions. Without it only the ends of both journals are compared.
            progress: Told now and then how much is done of how much. An entry counts once when it is copied, and three
                times when it is verified: for the journal, the facts and the keys.

        Raises:
            AnotherBook: The target is this book itself, or holds something else than a beginning of it, and nothing was
                written; or another program writes into it, a second copy for instance.
            StoreLocked: Others write into this book as fast as it is copied; go on when fewer write.
            StoreDamaged: An entry of this book is not what was recorded, or the copy is not whole.
            StoreError: A store failed; the message says which of the two, and how many entries were copied before.
                They stay, and the same call goes on from there.
        """
        clock = ReplayClock()
        with about(copying.TARGET):
            target = self.plugins.open_store(url, OpenOptions(clock=clock))
        try:
            schemas = tuple(self._schemas.values())
            return copying.copy(self.store, target, clock, self._folder, schemas, check=verify, progress=progress)
        finally:
            target.close()

    def health(self) -> list[Finding]:
        """What is weak or wrong about the store as it is now and the plugins of the book, with remedies."""
        return [*(problem.finding() for problem in self.plugins.problems), *self.store.health()]

    def keyed(self, kind: str, text: str, *, subject: str | None = None) -> Key:
        """A unique key for a personal text: its HMAC-SHA-256 under the book's own secret, never the text.

        Args:
            kind: The kind of key.
            text: What is personal.
            subject: With whom the key is erased.

        Raises:
            InvalidValue: It is no text.
        """
        _check_text(kind, "$.kind")
        _check_text(text, "$.text")
        if self._secret_bytes is None:
            self._secret_bytes = self._secret()
        import hmac

        value = hmac.new(self._secret_bytes, f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()
        return Key(kind, value, subject)

    def has_secret(self) -> bool:
        """Whether the book has made its secret yet; without one it holds no keyed digest."""
        return self._ledger().secret is not None

    def _secret(self) -> bytes:
        def opened(ledger: Ledger) -> Ledger:
            if ledger.secret is not None:
                return ledger
            return ledger.record(BookOpened(at=When.at(self._clock()), by=BOOK, secret=os.urandom(32).hex()))

        secret = self._record_in_ledger(opened).secret
        if secret is None:  # pragma: no cover - the line above gave it one
            raise NotFound("The book has no secret.")
        return bytes.fromhex(secret)


def _check_text(value: object, path: str) -> None:
    problem = "a lone surrogate in a text"
    try:
        if isinstance(value, str):
            value.encode()
            return
        problem = "no text"
    except UnicodeEncodeError:
        pass
    # Outside the handler: the error there carries the text along.
    raise InvalidValue(problem, path=path)
