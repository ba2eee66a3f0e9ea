"""Where a casebook in PostgreSQL is: what its URL says."""

from __future__ import annotations

import math
import os
import re
from typing import Final, Self
from urllib.parse import SplitResult, unquote, urlsplit

import attrs
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from community_mediation.errors import StoreUnavailable

SCHEMA: Final = "casebook"
TIMEOUT: Final = 30.0
POOL_SIZE: Final = 8
APPLICATION: Final = "community-mediation"
"""How the connections are called in the server's views and log, unless the URL says otherwise."""

PARAMETERS: Final = {
    "schema": "small letters, digits and underscores, no digit first, 63 characters at most, and not pg_…",
    "mode": "ro or rw",
    "timeout": "a number of seconds above 0, such as 30 or 2.5",
    "pool_size": "a whole number from 2 to 100",
    "prepare": "yes or no",
}
"""The store's own parameters, and what each may be."""

SETTINGS: Final = "Beside libpq's own parameters a PostgreSQL URL takes {}.".format(
    "; ".join(f"{name} ({may})" for name, may in PARAMETERS.items())
)
"""What is told of a URL that says something else. The URL is not repeated: it may hold a password."""

_NAME: Final = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}", re.ASCII)


@attrs.frozen
class Address:
    """A database, and how it is to be used.

    Attributes:
        conninfo: What libpq is told; may hold a password.
        schema: The schema that holds the casebook's tables. One database may hold several books.
        readonly: Never write.
        timeout: How many seconds to wait for a connection, or for another writer. Attempts to connect are bounded in
            whole seconds, two at least.
        pool_size: How many connections at most; they are made when they are needed, and given up when they are not.
        prepare: Whether statements are prepared on the server. A pooler between that does not know them needs ``no``.
    """

    conninfo: str = attrs.field(repr=False)
    schema: str = SCHEMA
    readonly: bool = False
    timeout: float = TIMEOUT
    pool_size: int = POOL_SIZE
    prepare: bool = True

    @property
    def place(self) -> str:
        """The schema as SQL has it: quoted, for it may be a word of SQL such as ``user``."""
        return f'"{self.schema}"'

    @classmethod
    def parse(cls, url: str | SplitResult) -> Self:
        """Read a URL.

        Raises:
            StoreUnavailable: It says something that neither this store nor libpq knows; of the store's own parameters,
                the one that is wrong is named.
        """
        parts = _parts(url) if isinstance(url, str) else url
        schema, readonly, timeout, pool_size, prepare = SCHEMA, False, TIMEOUT, POOL_SIZE, True
        others: list[str] = []
        # Not parse_qsl: to libpq a plus sign is one, in passwords too. What is libpq's goes there as it was written.
        for part in filter(None, parts.query.split("&")):
            name, _, value = part.partition("=")
            value = unquote(value)
            match name:
                case "schema" if _NAME.fullmatch(value):
                    schema = value
                case "mode" if value in ("ro", "rw"):
                    readonly = value == "ro"
                case "timeout" if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", value, re.ASCII) and float(value) > 0:
                    timeout = float(value)
                case "pool_size" if re.fullmatch(r"\d{1,3}", value, re.ASCII) and 2 <= int(value) <= 100:
                    pool_size = int(value)
                case "prepare" if value in ("yes", "no"):
                    prepare = value == "yes"
                case _ if name in PARAMETERS:
                    raise StoreUnavailable(f"The URL gives {name} what it cannot be. It takes {PARAMETERS[name]}.")
                case _:
                    others.append(part)
        if parts.fragment:
            raise StoreUnavailable("A PostgreSQL URL has no part after #. In a password, # is written %23.")
        # geturl() leaves the slashes out where no host is named.
        plain = f"postgresql://{parts.netloc}{parts.path}?{'&'.join(others)}"
        return cls(_conninfo(plain, timeout), schema, readonly, timeout, pool_size, prepare)


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        # Outside the handler: the error there repeats the password.
        pass
    raise StoreUnavailable("The URL cannot be read. Special characters in a name or password are written %XX.")


def _conninfo(url: str, timeout: float) -> str:
    try:
        known = {"application_name": APPLICATION, **conninfo_to_dict(url)}
        known["connect_timeout"] = _connect_timeout(known.get("connect_timeout"), timeout)
        # Whatever the environment or the role says: the store's texts are UTF-8.
        return make_conninfo("", **{**known, "client_encoding": "UTF8"})
    except (psycopg.Error, ValueError, OverflowError):
        pass
    raise StoreUnavailable(f"libpq cannot read the URL: a misspelt parameter, or a character to be escaped. {SETTINGS}")


def _connect_timeout(asked: str | int | None, timeout: float) -> int:
    """After how many seconds a host that does not answer is given up; the driver alone would wait for minutes.

    What the URL or the environment says in libpq's own way may shorten it. libpq knows whole seconds, and two at least;
    0 is for it no bound at all.
    """
    bound = max(2, math.ceil(timeout))
    own = int(float(asked if asked is not None else os.environ.get("PGCONNECT_TIMEOUT") or 0))
    return min(own, bound) if own > 0 else bound
