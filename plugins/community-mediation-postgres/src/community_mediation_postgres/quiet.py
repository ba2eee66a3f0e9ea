"""What the driver logs of a store's connections: nothing. Its warnings quote errors, and errors quote values."""

from __future__ import annotations

import logging
from typing import Any, Final

import psycopg

POOL: Final = "community-mediation casebook"
"""How a store's pool is called, in what the driver logs and among the threads."""

LOGGERS: Final = ("psycopg", "psycopg.pool")
"""Those that the driver and its pool write to."""


class Connection(psycopg.Connection[tuple[Any, ...]]):
    """A store's connection: by its kind it is told from those that a program has of its own."""


class _OthersOnly(logging.Filter):
    """Lets pass what is not about a store's pool or connection.

    The logger, its handlers and its level are the program's, and so are the records of its other pools.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return not (isinstance(record.args, tuple) and any(map(_is_ours, record.args)))


_FILTER: Final = _OthersOnly()


def keep_quiet() -> None:
    """Have nothing logged of the connections of stores; said twice is said once."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)


def _is_ours(named: object) -> bool:
    if isinstance(named, str):
        return named == POOL
    # What a record names is a connection, a pipeline or a COPY on one, or a task of a pool.
    connection = getattr(named, "connection", getattr(named, "_conn", named))
    pool = getattr(named, "pool", None)
    return isinstance(connection, Connection) or (callable(pool) and getattr(pool(), "name", None) == POOL)
