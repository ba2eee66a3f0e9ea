"""The library's errors for those of the driver, which quote values and are therefore not passed on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import psycopg
import psycopg_pool

from community_mediation.errors import (
    InvalidValue,
    MediationError,
    StoreClosed,
    StoreDamaged,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
    StoreUnavailable,
)

FROM_DRIVER: Final = (psycopg.Error, UnicodeError, OverflowError)
"""What a call of the driver may raise."""

REMADE: Final = "Another program changed the casebook's tables. Open the casebook again."

_SAID: Final[dict[str, tuple[type[MediationError], str]]] = {
    "53100": (StoreFull, "There is no room left on the server. Nothing of this was written. Make room and try again."),
    "53200": (StoreUnavailable, "The server has no memory left for this. Nothing of this was written."),
    "53300": (StoreUnavailable, "The server has no connection left. Lower pool_size, or let it have more."),
    "55P03": (StoreLocked, "Another program is writing the casebook. Nothing of this was written. Try again."),
    "40P01": (StoreLocked, "Two programs waited for each other. Nothing of this was written. Try again."),
    "40001": (StoreLocked, "Another program was faster. Nothing of this was written. Try again."),
    "25006": (StoreReadOnly, "The server takes no writing: it is a standby, or set to be read only."),
    "57014": (StoreUnavailable, "The server ended a statement: by hand, or by its statement_timeout."),
    "25P03": (StoreUnavailable, "The server ended a writing that paused for longer than its settings allow."),
    "25P04": (StoreUnavailable, "The server ended a writing that took longer than its settings allow."),
    "3D000": (StoreUnavailable, "There is no such database on the server. Make it first."),
    "2BP01": (
        StoreUnavailable,
        "Something else, such as a view, hangs on a facts table that is to be made anew. Drop it, make it again later.",
    ),
    "3F000": (StoreUnavailable, REMADE),
    "42P01": (StoreUnavailable, REMADE),
    "42703": (StoreUnavailable, REMADE),
    "0A000": (StoreUnavailable, REMADE),
    "54000": (InvalidValue, "a name that is too long to be found again"),
    "58P01": (StoreDamaged, "A file of the database is missing. Restore the last backup."),
}
"""By SQLSTATE, what a user is told."""


_REACH: Final = (
    "The server cannot be reached. Look at the host and the port in the URL, whether the server runs, and whether it "
    "listens there."
)
_REFUSED: Final = (
    "The server refused the role or its password. Look at the role in the URL, whether it may log in, at its password "
    "(in the password file or PGPASSWORD), and at the server's pg_hba.conf."
)
_RIGHT: Final = (
    "The role lacks a right on the casebook's schema or tables. Where tables are to be made or changed, as after an "
    "upgrade, open the book once as their owner. Grants: how-to/operate-postgresql in the manual."
)
_ENCRYPTED: Final = (
    "The server and this program do not agree on encryption. Look at sslmode and sslrootcert in the URL, and at the "
    "server's certificate."
)

_DIALLED: Final[tuple[tuple[str, str], ...]] = (
    (r"password authentication failed|no password supplied|authentication failed for user", _REFUSED),
    (r"role \".*\" (does not exist|is not permitted to log in)|no pg_hba\.conf entry|pg_hba\.conf rejects", _REFUSED),
    (r"database \".*\" does not exist", _SAID["3D000"][1]),
    (
        r"permission denied for database",
        "The role may not connect to this database. Grant it CONNECT, or look at the URL.",
    ),
    (r"too many (clients|connections)|remaining connection slots", _SAID["53300"][1]),
    (r"the database system is ", "The server is starting, recovering or shutting down. Try again."),
    (r"SSL|certificate", _ENCRYPTED),
    (
        r"failed to resolve host|could not translate host name",
        "There is no host of this name. Look at the host in the URL, and at the network's names.",
    ),
    (
        r"refused|No such file|timed out|timeout|unreachable|No route|closed the connection|Is the server running",
        _REACH,
    ),
)
"""What a connection that could not be made is told by: the driver gives no SQLSTATE for one, only a text, which quotes
the URL and is therefore searched and not passed on. In another language than English none of it may be found."""


class ConstraintBroken(StoreDamaged):
    """The tables refuse a row: somebody wrote past the lock that all commits hold.

    Attributes:
        constraint: The name of the constraint.
    """

    def __init__(self, constraint: str) -> None:
        self.constraint = constraint
        super().__init__(f"The casebook's tables contradict what is written ({constraint}). Run verify.")


def translate(error: Exception, *, writing: bool = False) -> MediationError:
    """The library's error for one of the driver's.

    Args:
        error: The driver's.
        writing: Whether it came from inside a writing.
    """
    if isinstance(error, UnicodeEncodeError):
        return InvalidValue("half of a character (a lone surrogate)")
    if isinstance(error, OverflowError):
        return InvalidValue("an integer beyond 64 bits")
    if isinstance(error, psycopg_pool.PoolClosed):
        return closed_error()
    if isinstance(error, psycopg_pool.PoolTimeout):
        return StoreUnavailable("No connection to the server became free in time: it is down, or pool_size is small.")
    code = getattr(error, "sqlstate", None) or ""
    if code in _SAID:
        kind, text = _SAID[code]
        return kind(text)
    if code == "42501":
        kind = StoreReadOnly if writing else StoreUnavailable
        return kind(_RIGHT)
    if code.startswith("23"):
        return ConstraintBroken(getattr(getattr(error, "diag", None), "constraint_name", None) or code)
    if code in ("XX001", "XX002") or isinstance(error, psycopg.DataError | UnicodeError):
        return StoreDamaged(f"The database holds what cannot be read ({code or type(error).__name__}). Run verify.")
    if code.startswith("28"):
        return StoreUnavailable(_REFUSED)
    if lost(error):
        return StoreUnavailable(
            "The connection to the server was lost, or could not be made. Nothing of this was written."
        )
    return StoreUnavailable(f"The server refused what the store asked of it ({code or type(error).__name__}).")


def not_reached(error: Exception) -> MediationError:
    """The library's error for one of the driver's when it was to make the first connection.

    Args:
        error: The driver's.
    """
    if not lost(error):
        return translate(error)
    said = str(error)
    connection = getattr(error, "pgconn", None)
    if connection is not None and connection.needs_password:
        return StoreUnavailable(_REFUSED)
    for pattern, text in _DIALLED:
        if re.search(pattern, said):
            return StoreUnavailable(text)
    return StoreUnavailable(
        "The connection to the server could not be made. Look at the host, the port, the database and the role in the "
        "URL, at the password file, and into the server's log."
    )


def lost(error: Exception) -> bool:
    """Whether an error says that the server, or the way to it, is gone."""
    code = getattr(error, "sqlstate", None) or ""
    if isinstance(error, psycopg_pool.PoolTimeout | psycopg_pool.PoolClosed):
        return False
    return code.startswith(("08", "57P")) or (not code and isinstance(error, psycopg.OperationalError))


def the_one(rows: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    """The row of the table ``store``, which has one, and no empty cell in it.

    Raises:
        StoreDamaged: Somebody wrote there by hand.
    """
    if len(rows) == 1 and None not in rows[0]:
        return rows[0]
    what = f"{len(rows) or 'no'} rows" if len(rows) != 1 else "an empty cell"
    raise StoreDamaged(
        f"The casebook's table store has {what}, where one whole row belongs: somebody wrote there by hand. "
        "Restore the last backup."
    )


def closed_error() -> StoreClosed:
    """The error for using a store after its end."""
    return StoreClosed("The casebook was closed before this call. Open it again.")


def readonly_error() -> StoreReadOnly:
    """The error for writing to a casebook that was opened for reading."""
    return StoreReadOnly("The casebook is open for reading only. Nothing was written.")
