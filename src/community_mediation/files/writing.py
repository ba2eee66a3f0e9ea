"""Files that appear whole under their names, or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import BinaryIO, Final

from community_mediation.errors import InvalidInput, MediationError, StoreFull, StoreUnavailable

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
BESIDE: Final = ("-journal", "-wal", "-shm", ".wal")
"""What SQLite and DuckDB look for beside a file, and take for a part of it."""
CASEBOOK: Final = 0x434D4442
"""By this number a casebook is told from any other SQLite database."""


def shown(path: str | os.PathLike[str]) -> str:
    """A file's name for messages: no folder, printable, not too long."""
    name = Path(os.fsdecode(path)).name or "the file"
    return "".join(char if char.isprintable() else "?" for char in name)[:120]


def can_be_named(path: str | os.PathLike[str]) -> bool:
    """Whether a file can have that name at all; to others the system objects in another way, by ``ValueError``."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def check_name(path: str | os.PathLike[str], error: Callable[[str], MediationError] = StoreUnavailable) -> None:
    """Refuse a name that no file can have, by *error*."""
    if not can_be_named(path):
        raise error(
            f"{shown(path)}: no file can have that name: it holds a null character, or half of a character. "
            "Check the path."
        )


@contextmanager
def atomic_file(path: str | os.PathLike[str], *, overwrite: bool = False, private: bool = True) -> Iterator[BinaryIO]:
    """A file that appears under its name when the block ends well, and leaves nothing behind otherwise.

    It is written beside its place, under a name that says nothing, readable by its owner only (*private*).

    Raises:
        InvalidInput: There is a file already and *overwrite* was not asked for, or it is a casebook.
        StoreFull: There is no room.
        StoreUnavailable: The folder is missing or closed to us, or no file can have that name.
    """
    check_name(path)
    target = Path(os.fsdecode(path))
    name = shown(path)
    if not overwrite and os.path.lexists(target):
        raise already_there(path)
    _spare_casebook(target)
    part = target.parent / f".{os.urandom(8).hex()}.part"
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        handle = os.open(part, flags, 0o600 if private else 0o666)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _publish(part, target, overwrite=overwrite)
        finally:
            with suppress(OSError):
                part.unlink()
    except OSError as error:
        raise _told(error, name) from None


def write_whole(
    path: str | os.PathLike[str], content: bytes, *, overwrite: bool = False, private: bool = False
) -> Path:
    """Write *content* as ``atomic_file`` does; returns where it lies.

    Raises:
        InvalidInput: There is a file already and *overwrite* was not asked for.
        StoreFull: There is no room.
        StoreUnavailable: The folder is missing or closed to us.
    """
    with atomic_file(path, overwrite=overwrite, private=private) as file:
        file.write(content)
    return Path(os.fsdecode(path))


def _publish(part: Path, target: Path, *, overwrite: bool) -> None:
    if overwrite:
        os.replace(part, target)
    else:
        try:
            # A link fails where a file has appeared since; replacing would silently win over it.
            os.link(part, target)
        except FileExistsError:
            raise already_there(target) from None
        except OSError:
            if os.path.lexists(target):
                raise already_there(target) from None
            # The file system has no links.
            os.replace(part, target)
    _to_disk(target.parent)


def _spare_casebook(target: Path) -> None:
    """Refuse to replace a casebook, whatever was asked for: it is all that there is of its journal."""
    import sqlite3

    if not target.is_file():
        return
    # Read through SQLite: closing a file of our own would drop the locks that this process holds on it (POSIX).
    with suppress(sqlite3.Error):
        connection = sqlite3.connect(f"{Path(os.path.abspath(target)).as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            (number,) = connection.execute("PRAGMA application_id").fetchone()
        finally:
            connection.close()
        if number == CASEBOOK:
            raise InvalidInput(f"{shown(target)}: a casebook is there, and nothing replaces one. Choose another name.")


def already_there(path: str | os.PathLike[str]) -> InvalidInput:
    """The error for a name that is taken."""
    name = shown(path)
    return InvalidInput(
        f"{name}: there is a file already. Choose another name, or ask for it to be overwritten (overwrite=True, or "
        "--overwrite)."
    )


@contextmanager
def atomic_place(
    path: str | os.PathLike[str], *, overwrite: bool = False, replaceable: Callable[[Path], bool] = lambda folder: False
) -> Iterator[Path]:
    """A path at which the block makes a file or a folder by itself, which appears under *path* when it ends well.

    For programs that write files of their own. What they leave beside it goes, and nobody else may read it.

    Args:
        path: Where it shall lie at the end.
        overwrite: Replace what is there.
        replaceable: Says whether a folder that is there may go; by default none may.

    Raises:
        InvalidInput: Something is there already and *overwrite* was not asked for; it is a casebook, or a folder that
            may not go; a part of a database lies beside it.
        StoreFull: There is no room.
        StoreUnavailable: The folder is missing or closed to us, or no file can have that name.
    """
    check_name(path)
    target = Path(os.fsdecode(path))
    name = shown(path)

    def check_free() -> None:
        if os.path.lexists(target):
            if not overwrite:
                raise already_there(path)
            if target.is_dir() and not replaceable(target):
                raise InvalidInput(
                    f"{name}: the folder there holds other things too, or what was changed since it was written. "
                    "Nothing was written. Choose another name, or remove the folder."
                )
            _spare_casebook(target)
        for each in (f"{target}{suffix}" for suffix in BESIDE):
            if os.path.lexists(each):
                raise InvalidInput(
                    f"{shown(each)}: a program has the file open, or left a part of it there. Nothing was written. "
                    "End the program, or choose another name."
                )

    check_free()
    workplace = target.parent / f".{os.urandom(8).hex()}.part"
    try:
        workplace.mkdir(0o700)
        try:
            made = workplace / "made"
            yield made
            made.chmod(0o700 if made.is_dir() else 0o600)
            for each in (*sorted(made.rglob("*")), made):
                _to_disk(each)
            check_free()
            if made.is_dir() or target.is_dir():
                _publish_folder(made, target, overwrite=overwrite)
            else:
                _publish(made, target, overwrite=overwrite)
        finally:
            import shutil

            shutil.rmtree(workplace, ignore_errors=True)
    except OSError as error:
        raise _told(error, name) from None


def _publish_folder(made: Path, target: Path, *, overwrite: bool) -> None:
    old = made.with_name("old")
    if overwrite and os.path.lexists(target):
        os.rename(target, old)
    try:
        if os.path.lexists(target):
            raise already_there(target)
        os.rename(made, target)
    except BaseException:
        if os.path.lexists(old):
            os.rename(old, target)
        raise
    _to_disk(target.parent)


def make_folder(path: str | os.PathLike[str]) -> Path:
    """A folder at *path*, and those above it; it may be there already.

    Raises:
        StoreFull: There is no room.
        StoreUnavailable: Something else is there, a folder is closed to us, or none can have that name.
    """
    check_name(path)
    folder = Path(os.fsdecode(path))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _told(error, shown(path)) from None
    return folder


def _to_disk(path: Path) -> None:
    # Not every file system, nor every system, lets a folder be opened for this.
    with suppress(OSError) if path.is_dir() else nullcontext():
        handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _told(error: OSError, name: str) -> MediationError:
    if error.errno in _FULL:
        return StoreFull(f"{name}: there is no room for it. Nothing was written; make room and try again.")
    why = error.strerror or "the system refused"
    return StoreUnavailable(f"{name}: cannot be written ({why}). Nothing was written; check the folder.")
