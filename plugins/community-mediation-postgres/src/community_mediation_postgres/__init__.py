"""Keeps a casebook in PostgreSQL, for URLs such as ``postgresql://clerk@db.example/mediation?schema=north``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import SplitResult

from community_mediation import hookimpl

if TYPE_CHECKING:
    from community_mediation.ports import OpenOptions, Store

HOOK_API = 1


@hookimpl
def mediation_open_store(url: SplitResult, options: OpenOptions) -> Store | None:
    """Open ``postgresql://`` and ``postgres://``: everything that libpq takes, and the settings of ``Address``."""
    if url.scheme not in ("postgresql", "postgres"):
        return None
    from community_mediation_postgres.address import Address
    from community_mediation_postgres.store import PostgresStore

    address = Address.parse(url)
    return PostgresStore.open(
        address, create=options.create, readonly=options.readonly or address.readonly, clock=options.clock
    )
