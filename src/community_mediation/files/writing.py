"""Files that appear whole under their names, or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from community_mediation.errors import InvalidInput, StoreFull, StoreUnavailable

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def shown(path: str | os.PathLike[str]) -> str:
    """A file's name for messages: no folder, printable, not too long."""
    name = Path(os.fsdecode(path)).name or "the file"
    return "".join(char if char.isprintable() else "?" for char in name)[:120]


@contextmanager
def atomic_file(path: str | os.PathLike[str], *, overwrite: bool = False, private: bool = True) -> Iterator[BinaryIO]:
    """A file that appears under its name when the block ends well, and leaves nothing behind otherwise.

    It is written beside its place, under a name that says nothing, readable by its owner only (*private*).

    Raises:
        InvalidInput: There is a file already and *overwrite* was not asked for.
        StoreFull: There is no room.
        StoreUnavailable: The folder is missing or closed to us.
    """
    target = Path(os.fsdecode(path))
    name = shown(path)
    if not overwrite and os.path.lexists(target):
        raise already_there(path)
    part = target.parent / f".{secrets.token_hex(8)}.part"
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
        if error.errno in _FULL:
            raise StoreFull(f"{name}: there is no room for it. Nothing was written; make room and try again.") from None
        why = error.strerror or "the system refused"
        raise StoreUnavailable(f"{name}: cannot be written ({why}). Nothing was written; check the folder.") from None


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
    with suppress(OSError):
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def already_there(path: str | os.PathLike[str]) -> InvalidInput:
    """The error for a name that is taken."""
    name = shown(path)
    return InvalidInput(f"{name}: there is a file already. Choose another name, or ask for it to be overwritten.")
