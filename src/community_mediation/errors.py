"""Every error that this library raises, as one tree.

::

    MediationError
    ├── InvalidInput                 what was given cannot be taken: mend it
    │   ├── InvalidValue             one value breaks its rule ($.path names it)
    │   │   ├── Undecodable          a document is not what its schema says
    │   │   └── InvalidReference     a number on papers that its pattern does not read
    │   ├── AmbiguousCrosswalk       one code stands for several in the other list: choose
    │   ├── InvalidQuery             a filter, sort, cursor, period or point in time
    │   ├── InvalidMapping           a mapping file
    │   ├── AnotherBook              the store to copy into holds something else
    │   ├── RowRejected              one row of a register
    │   └── UnreadableFile           a file as a whole
    │       └── TooLarge             a bound on size, cells, depth or time
    ├── IllegalMove                  the case cannot make this move now
    ├── Blocked                      a rule of the region, or a plugin, does not let it be recorded
    ├── LegalHold                    it may not be erased yet
    ├── NotFound                     no such matter, at that time, for that key
    ├── Conflict                     someone else was there first: read again
    │   ├── VersionConflict
    │   └── KeyTaken
    ├── StoreError                   the storage, not the data
    │   ├── StoreUnavailable         cannot be reached or opened
    │   │   ├── StoreLocked          another program holds it: try again
    │   │   ├── StoreReadOnly
    │   │   ├── NotACasebook
    │   │   └── StoreTooNew
    │   ├── StoreFull
    │   ├── StoreClosed
    │   └── StoreDamaged
    ├── ChannelError                 a notice was not delivered
    │   ├── ChannelRefused           it never will be: not tried again
    │   └── ChannelUnavailable       not now: tried again later
    └── SetupError                   this installation
        ├── InvalidSettings          a settings file
        ├── MissingExtra
        └── PluginFailed

A message says what is wrong, where, why and what to do next. It never holds
personal data: values that might name someone are described, not quoted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any


def _rebuild(cls: type[MediationError], args: tuple[Any, ...], state: dict[str, Any]) -> MediationError:
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error


class MediationError(Exception):
    """The root: ``except MediationError`` catches whatever this library raises on purpose.

    Attributes:
        where: Which of several books it is about, where a call has to do with more than one; the message begins with
            it.
    """

    where: str = ""

    def __reduce__(self) -> tuple[Any, ...]:
        # Subclasses take structured arguments; rebuilding from them would need each signature.
        return _rebuild, (type(self), self.args, dict(self.__dict__))

    def __str__(self) -> str:
        said = str(self.args[0]) if self.args else ""
        return f"{self.where}: {said}" if self.where else said


@contextmanager
def about(where: str) -> Iterator[None]:
    """Errors that leave the block say that they are about *where*, unless they say already.

    What is wrong with the installation is about no book.
    """
    try:
        yield
    except SetupError:
        raise
    except MediationError as error:
        error.where = error.where or where
        raise


def add_sentence(error: MediationError, sentence: str) -> None:
    """Put a sentence behind what *error* says: what stays of a longer work that it ended."""
    said = f"{error.args[0]} {sentence}" if error.args else sentence
    error.args = (said, *error.args[1:])


class InvalidInput(MediationError, ValueError):
    """What was given cannot be taken. Nothing was changed."""


class InvalidValue(InvalidInput):
    """One value breaks its rule.

    Attributes:
        problem: What is wrong, without the value itself.
        remedy: What would be right.
        path: Where, as ``$.field[0].field``.
    """

    def __init__(self, problem: str, *, remedy: str = "", path: str = "$") -> None:
        self.problem, self.remedy, self.path = problem, remedy, path
        where = "" if path == "$" else f" @ {path}"
        super().__init__(f"{problem}{where}." + (f" {remedy}" if remedy else ""))

    def at(self, prefix: str) -> InvalidValue:
        """The same error, seen from outside: *prefix* goes before its path."""
        return type(self)(self.problem, remedy=self.remedy, path=prefix + self.path.removeprefix("$"))


class Undecodable(InvalidValue):
    """A document does not have the shape that its schema says."""


class InvalidReference(InvalidValue):
    """A number on papers is not of the pattern, or cannot be printed by it."""


class AmbiguousCrosswalk(InvalidInput):
    """One code of a list stands for several of another, and nobody chose.

    Attributes:
        code: The code, as ``scheme:code``.
        choices: The codes of the other list that it may stand for.
    """

    def __init__(self, code: str, choices: Iterable[str]) -> None:
        self.code, self.choices = code, tuple(choices)
        super().__init__(
            f"{code} stands for {len(self.choices)} codes of the other list: {', '.join(self.choices)}. "
            "Pass the one that is meant."
        )


class InvalidQuery(InvalidInput):
    """A filter, sort, cursor, period or point in time cannot be asked for."""


class InvalidMapping(InvalidInput):
    """A mapping file cannot be used: unknown field, missing zone, wrong code."""


class AnotherBook(InvalidInput):
    """The store to copy into holds another book, or a copy that has gone on by itself."""


class RowRejected(InvalidInput):
    """One row of a register was not taken; the others are unaffected.

    Attributes:
        file: The file's name.
        row: Its row number as a spreadsheet shows it (the header is row 1).
        column: The column's own heading, or ``None`` when the row as a whole is wrong.
        problem: What is wrong.
        remedy: What would be right.
    """

    def __init__(self, file: str, row: int, column: str | None, problem: str, remedy: str) -> None:
        self.file, self.row, self.column = file, row, column
        self.problem, self.remedy = problem, remedy
        where = f"{file} row {row}" + (f", column {column!r}" if column is not None else "")
        super().__init__(f"{where}: {problem}. {remedy}")


class UnreadableFile(InvalidInput):
    """A file cannot be read at all: missing, not of its kind, broken, encrypted."""


class TooLarge(UnreadableFile):
    """A file goes beyond a bound that protects this machine.

    Attributes:
        bound: Which bound.
        limit: Its value.
    """

    def __init__(self, what: str, bound: str, limit: int, remedy: str) -> None:
        self.bound, self.limit = bound, limit
        super().__init__(f"{what}: more than {limit:,} {bound}. {remedy}")


class IllegalMove(MediationError):
    """The matter cannot make this move at its present stage. The value is unchanged.

    Attributes:
        stage: The stage that the matter is in.
        move: The move that was asked for.
        possible: The moves that the stage allows.
        brief: The message without them.
    """

    def __init__(self, stage: str, move: str, possible: Iterable[str], why: str = "") -> None:
        self.stage, self.move, self.possible = stage, move, tuple(possible)
        self.brief = f"{move!r} is not possible while the matter is {stage!r}" + (f": {why}" if why else "")
        instead = ", ".join(self.possible) or "nothing"
        super().__init__(f"{self.brief}. Possible now: {instead}.")


class Blocked(MediationError):
    """A rule of the centre's region, or a plugin, does not let an event be recorded. Nothing was changed.

    Attributes:
        objections: What was objected, each with its ``code``, ``reason``, ``source``, ``remedy`` and ``by``.
    """

    def __init__(self, message: str, objections: Iterable[Any]) -> None:
        self.objections = tuple(objections)
        super().__init__(message)


class LegalHold(MediationError):
    """A subject may not be erased, for a legal hold stands on it. Nothing was changed.

    Attributes:
        holds: The names of the holds.
    """

    def __init__(self, holds: Iterable[str]) -> None:
        self.holds = tuple(holds)
        super().__init__(
            f"This may not be erased: a legal hold stands ({', '.join(self.holds)}). Restrict the subject, so that its "
            "values leave the book no more, and erase it when the holds are lifted."
        )


class NotFound(MediationError, LookupError):
    """There is no such thing: never recorded, not yet known, or not yet true at the time asked for."""


class Conflict(MediationError):
    """Someone else was there first. Nothing was changed: read again, then decide."""


class VersionConflict(Conflict):
    """The matter was changed since it was read.

    Attributes:
        matter_id: The matter.
        expected: The version that the change was made on.
        actual: The version that the book has.
    """

    def __init__(self, matter_id: str, expected: int, actual: int) -> None:
        self.matter_id, self.expected, self.actual = matter_id, expected, actual
        super().__init__(
            f"Matter {matter_id} is at version {actual}, and this change was made on version {expected}. "
            "Get it again, repeat the change on the new value, and save that."
        )


class KeyTaken(Conflict):
    """A unique key already belongs to another matter.

    Attributes:
        kind: The kind of key, such as ``case_no``.
        holder: The matter that holds it.
    """

    def __init__(self, kind: str, holder: str) -> None:
        self.kind, self.holder = kind, holder
        super().__init__(f"A key of kind {kind!r} already belongs to matter {holder}. Use that matter, or another key.")


class StoreError(MediationError):
    """The storage failed, not the data."""


class StoreUnavailable(StoreError):
    """The store cannot be reached or opened, or a reading or writing failed."""


class StoreLocked(StoreUnavailable):
    """Another program holds the store longer than the waiting time. Try again."""


class StoreReadOnly(StoreUnavailable):
    """The store can be read, but not written."""


class NotACasebook(StoreUnavailable):
    """The file or database is something else. It was not touched."""


class StoreTooNew(StoreUnavailable):
    """A later version of this library wrote the store. Upgrade the library to open it."""


class StoreFull(StoreError):
    """There is no room left. Nothing was written; reading goes on."""


class StoreClosed(StoreError):
    """The store was closed before this call."""


class StoreDamaged(StoreError):
    """What the store holds contradicts itself. ``verify`` says where."""


class ChannelError(MediationError):
    """A notice was not delivered. The text never holds the address or the words."""


class ChannelRefused(ChannelError):
    """The channel will never take this notice: no such recipient, too long. It is not tried again."""


class ChannelUnavailable(ChannelError):
    """The channel cannot take notices now. The same notice is tried again later."""


class SetupError(MediationError):
    """Something is wrong with this installation, not with the data."""


class InvalidSettings(SetupError):
    """A settings file cannot be used: unknown key, wrong type, no such file."""


class MissingExtra(SetupError):
    """A part of the library needs packages that are not installed.

    Attributes:
        extra: The extra that brings them.
    """

    def __init__(self, what: str, extra: str) -> None:
        self.extra = extra
        super().__init__(
            f"{what} needs packages that are not installed. Run: pip install 'community-mediation[{extra}]'"
        )


class PluginFailed(SetupError):
    """A named plugin cannot be used. The message names it and the remedy."""
