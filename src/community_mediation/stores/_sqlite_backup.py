"""A whole copy of a casebook in SQLite, while others read and write it.

``VACUUM INTO`` writes what one reading sees, row by row: nothing that is erased or free in the file's pages comes
along, as it would if pages were copied. It does not wait for the disk; here that is done before the copy gets its name.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from community_mediation.errors import InvalidQuery, MediationError, StoreDamaged, StoreFull, StoreUnavailable
from community_mediation.files import can_be_named
from community_mediation.ports import GENESIS, Head
from community_mediation.stores._sqlite_access import Readers
from community_mediation.stores._sqlite_commit import read_head
from community_mediation.stores._sqlite_errors import Connection
from community_mediation.stores._sqlite_file import CasebookFile, check_header

BESIDE: Final = ("-journal", "-wal", "-shm")
"""What SQLite looks for beside a file, and takes for a part of it."""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def write_copy(readers: Readers, file: CasebookFile, path: str | os.PathLike[str]) -> Head:
    """Write a whole copy to a new file at *path*, durable when it returns.

    Raises:
        InvalidQuery: Something is at *path*, or beside it under a name that SQLite would take for a part of it.
        StoreFull, StoreUnavailable, StoreDamaged: As named; nothing is left at *path*.
    """
    if not can_be_named(path):
        raise StoreUnavailable("The copy cannot be written: no file can have that name. Give it another.")
    place = os.path.abspath(os.fsdecode(path))
    if any(os.path.lexists(f"{place}{suffix}") for suffix in ("", *BESIDE)):
        raise InvalidQuery(TAKEN)
    with _unfinished(place, file) as part:
        with readers.lent() as connection:
            connection.rows("PRAGMA query_only = OFF")
            try:
                connection.rows("VACUUM INTO ?", (part,))
            except StoreFull:
                # So SQLite also calls a page that says more than a page can hold.
                if not is_sound(connection):
                    raise StoreDamaged(
                        "The casebook's file is damaged, and cannot be copied whole. Stop writing, keep the earlier "
                        "backups, and restore the last one that verifies."
                    ) from None
                raise
            finally:
                connection.rows("PRAGMA query_only = ON")
            head = _look_at(file.beside(part), connection)
        _to_disk(part)
        _give_name(part, place)
    return head


TAKEN: Final = "Something is at this path already, or beside it. It was not touched. Give the copy a path of its own."


@contextlib.contextmanager
def _unfinished(place: str, file: CasebookFile) -> Iterator[str]:
    """A name beside *place* for a copy in the making; whatever lies there at the end goes."""
    part = f"{place}.{secrets.token_hex(4)}.part"
    problem: MediationError | None = None
    try:
        # Whoever may not read the casebook may not read its copy; SQLite takes an empty file as it finds it.
        rights = stat.S_IMODE(os.stat(file.path).st_mode) & 0o666
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, rights | stat.S_IWUSR))
        yield part
    except OSError as error:
        problem = _of_system(error)
    finally:
        for suffix in ("", *BESIDE):
            with contextlib.suppress(OSError):
                os.unlink(f"{part}{suffix}")
    if problem is not None:
        # Outside the handler: the system's error names the path.
        raise problem


def is_sound(connection: Connection) -> bool:
    """Whether all pages can be read, and fit together."""
    try:
        return bool(connection.value("PRAGMA quick_check(1)") == "ok")
    except StoreDamaged:
        return False


def _look_at(copy: CasebookFile, source: Connection) -> Head:
    """The copy's end, once it is known to be whole and of this casebook; it gets a log like any casebook."""
    connection = copy.dial(writer=True)
    try:
        whole = check_header(connection) and is_sound(connection)
        head = read_head(connection)
        known = source.value("SELECT hash FROM entry WHERE position = ?", (head.position,))
        if not whole or head.hash != (known or GENESIS):
            raise StoreDamaged("The copy is not what the casebook holds, and was removed. Run verify on the casebook.")
        connection.rows("PRAGMA journal_mode = WAL")
    finally:
        connection.close()
    return head


def _to_disk(part: str) -> None:
    handle = os.open(part, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _give_name(part: str, place: str) -> None:
    taken = False
    try:
        # A link, unlike a renaming, never takes the place of what came there meanwhile.
        os.link(part, place)
    except FileExistsError:
        taken = True
    except OSError:
        # Some file systems know no links.
        taken = os.path.lexists(place)
        if not taken:
            os.rename(part, place)
    if taken:
        raise InvalidQuery(TAKEN)
    try:
        _folder_to_disk(Path(place).parent)
    except OSError:
        # Nobody was told of the copy: it may not turn up later.
        os.unlink(place)
        raise


def _folder_to_disk(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _of_system(error: OSError) -> MediationError:
    if error.errno in _FULL:
        return StoreFull("There is no room left for the copy. Nothing is left of it. Make room and try again.")
    name = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return StoreUnavailable(f"The copy cannot be written ({name}): look at its folder and at the rights on it.")
