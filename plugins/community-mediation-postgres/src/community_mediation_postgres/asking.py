"""What a commit asks before it writes: at which version matters are, and who holds the keys that are to be taken."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from community_mediation.errors import KeyTaken
from community_mediation.ports import Change, Key
from community_mediation.stores.kit import check_made_on
from community_mediation_postgres.session import Statement
from community_mediation_postgres.texts import given, kept

Wanted = dict[bytes, tuple[Key, str]]
"""The digest of each key that a group takes, the key, and the matter that takes it."""


def key_digest(salt: bytes, kind: str, value: str) -> bytes:
    """What a key is found by, and unique by."""
    text = f"{len(kind)}:{kind}{value}".encode()
    return hashlib.blake2b(text, digest_size=16, key=salt).digest()


def heads_of(schema: str, group: Sequence[Change]) -> Statement:
    """The statement that gives the kind and version of the group's matters, of those that have entries."""
    sql = (
        "SELECT asked.matter_id, last.kind, last.version FROM unnest(%s::text[]) AS asked (matter_id) "
        f"CROSS JOIN LATERAL (SELECT kind, version FROM {schema}.entry "
        'WHERE entry.matter_id = asked.matter_id COLLATE "C" ORDER BY entry.version DESC LIMIT 1) AS last'
    )
    return sql, ([kept(change.matter_id) for change in group],)


def check_heads(rows: Sequence[tuple[Any, ...]], group: Sequence[Change]) -> None:
    """Refuse changes that were made on another version, or on another kind of matter.

    Raises:
        VersionConflict, InvalidValue: As ``Store.commit`` says.
    """
    found = {given(matter): (given(kind), version) for matter, kind, version in rows}
    for change in group:
        check_made_on(change, found.get(change.matter_id))


def wanted_keys(salt: bytes, group: Sequence[Change]) -> tuple[Wanted, KeyTaken | None]:
    """The keys that a group takes, and the error if two of it take the same."""
    wanted: Wanted = {}
    clash = None
    for change in group:
        for key in change.keys:
            _, holder = wanted.setdefault(key_digest(salt, key.kind, key.value), (key, change.matter_id))
            if holder != change.matter_id and clash is None:
                clash = KeyTaken(key.kind, holder)
    return wanted, clash


def given_up(schema: str, salt: bytes, change: Change) -> Statement:
    """The statement that takes from a matter the keys that it gives up."""
    return (
        f"DELETE FROM {schema}.key WHERE digest = ANY(%s::bytea[]) AND matter_id = %s",
        ([key_digest(salt, key.kind, key.value) for key in change.release], kept(change.matter_id)),
    )


def holders_of(schema: str, wanted: Mapping[bytes, object]) -> Statement:
    """The statement that gives who holds which of the wanted keys."""
    return f"SELECT digest, matter_id FROM {schema}.key WHERE digest = ANY(%s::bytea[])", (list(wanted),)


def check_holders(rows: Sequence[tuple[Any, ...]], wanted: Wanted) -> Wanted:
    """The wanted keys that nobody holds.

    Raises:
        KeyTaken: Another matter holds one.
    """
    free = dict(wanted)
    for digest, holder in rows:
        key, matter = free.pop(bytes(digest))
        if matter != given(holder):
            raise KeyTaken(key.kind, given(holder))
    return free
