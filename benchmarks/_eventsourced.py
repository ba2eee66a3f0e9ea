"""The same events as documents of an aggregate of the library eventsourcing, in its own SQLite tables."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Sequence
from pathlib import Path

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.domain import event as happening

import community_mediation as cm
from community_mediation.casebook.folding import Folder
from community_mediation.codec import Codec
from community_mediation.domain.matter import Event
from community_mediation.plugins import Plugins


class Kept(Aggregate):
    """A case as that library keeps one."""

    def __init__(self) -> None:
        self.known: dict[str, object] = {}

    @happening("Happened")
    def happen(self, what: dict[str, object]) -> None:
        """One event."""
        self.known.update(what)


def codec() -> Codec:
    """What makes documents of events."""
    return Folder(Plugins().kinds()).codec


def document(codec: Codec, id: str, event: Event) -> dict[str, object]:
    """An event as a document."""
    encoded = codec.encode(id, [event], salt=str)
    return {**json.loads(encoded.body)["events"][0], "private": dict(encoded.private)}


def filled(path: Path, ready: Sequence[cm.Case]) -> tuple[Application[uuid.UUID], list[uuid.UUID]]:
    """An application that keeps the cases in a file, and their ids there."""
    application: Application[uuid.UUID] = Application(
        env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": os.fspath(path)}
    )
    made, ids = codec(), []
    for case in ready:
        kept = Kept()
        for event in case.pending:
            kept.happen(document(made, case.id, event))
        application.save(kept)
        ids.append(kept.id)
    return application, ids
