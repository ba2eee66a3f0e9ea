"""Files that appear whole under their names, or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from community_mediation.errors import InvalidInput, StoreFull, StoreUnavailable

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def write_whole(path: str | os.PathLike[str], content: bytes, *, overwrite: bool = False) -> Path:
    """Write *content* beside its place, then put it there.

    Raises:
        InvalidInput: There is a file already and *overwrite* was not asked for.
        StoreFull: There is no room.
        StoreUnavailable: The folder is missing or closed to us.
    """
    target = Path(path)
    part = target.parent / f".{secrets.token_hex(8)}.part"
    try:
        try:
            with open(part, "xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if overwrite:
                os.replace(part, target)
            else:
                # A link fails where a file is; replacing would silently win over it.
                os.link(part, target)
        finally:
            with suppress(OSError):
                part.unlink()
    except FileExistsError:
        raise InvalidInput(
            f"{target.name}: there is a file already. Choose another name, or ask for it to be overwritten."
        ) from None
    except OSError as error:
        if error.errno in _FULL:
            raise StoreFull(f"{target.name}: there is no room for it. Make room and try again.") from None
        why = error.strerror or "the system refused"
        raise StoreUnavailable(f"{target.name}: cannot be written ({why}). Check the folder.") from None
    return target
