"""Erasing a subject: what is personal goes, what is counted stays, and the journal says that it happened."""

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from community_mediation.casebook.folding import PAGE, Folder
from community_mediation.codec.entries import print_json
from community_mediation.domain.delivery import Delivery
from community_mediation.domain.frozen import frozen
from community_mediation.domain.ledger import BOOK
from community_mediation.domain.matter import Matter
from community_mediation.errors import NotFound
from community_mediation.ports import Entry, Store


@frozen
class Erasure:
    """What an erasure did.

    Attributes:
        subjects: The subjects that were erased: the one asked for, and the parties linked to that person.
        parts: How many private parts were removed.
        position: The entry that records the erasure.
    """

    subjects: tuple[str, ...]
    parts: int
    position: int


def subjects_of(store: Store, folder: Folder, subject: str) -> tuple[str, ...]:
    """The subject; if it is a person, every party that is linked to it; if it is a case, the notices about it.

    Raises:
        NotFound: The book has no such person, party (``case/party``) or matter.
    """
    matter_id, slash, _ = subject.partition("/") if type(subject) is str else (BOOK, "", "")
    entries = store.entries(matter_id) if matter_id != BOOK else ()
    if entries and not slash:
        return (subject, *_linked(store, folder, subject))
    if any(subject in _subjects(folder, entry) for entry in entries):
        return (subject,)
    raise NotFound("The book has nobody and nothing under that id. Give the id of a person, a matter, or case/party.")


def is_gone_after(store: Store, folder: Folder, subjects: Sequence[str], position: int) -> bool:
    """Whether an entry after *position* lacks a private part of one of the subjects."""
    wanted = set(subjects)
    return any(wanted & (folder.digests(entry).keys() - entry.private.keys()) for entry in _after(store, position))


def _after(store: Store, position: int) -> Iterator[Entry]:
    while page := store.log(position, PAGE):
        yield from page
        position = page[-1].position


def _subjects(folder: Folder, entry: Entry) -> set[str]:
    parties = _parties(folder.opened(entry).events) if entry.kind in folder.kinds else ()
    return {*folder.digests(entry), *(f"{entry.matter_id}/{name}" for name, _ in parties)}


def _linked(store: Store, folder: Folder, subject: str) -> list[str]:
    """What else goes with a person or a case, by the journal itself.

    With a person go the parties linked to it, those included that a correction took out; with a case the recipients
    of the notices about it: what they were told is part of what the case tells in words.

    Raises:
        PluginFailed: A matter of a kind that is not enabled names the person or case.
    """
    needle = print_json(subject)
    seen = {subject}
    result: list[str] = []
    notices: list[str] = []
    for entry in _after(store, 0):
        if entry.matter_id not in seen and entry.kind != BOOK and needle in entry.body:
            seen.add(entry.matter_id)
            matter = folder.matter(store.entries(entry.matter_id))
            result += _linked_in(matter, subject)
            if isinstance(matter, Delivery) and matter.case == subject:
                notices.append(matter.recipient_subject)
    return [*result, *notices]


def _linked_in(matter: Matter, person: str) -> list[str]:
    names = (field.name for field in attrs.fields(type(matter)))
    fields = [name for name in names if name not in ("history", "pending") and not name.startswith("_")]
    now = dict(_parties([getattr(matter, name) for name in fields]))
    ever = {name for name, link in _parties(matter.events) if link == person}
    # Links are reversible: a party that is still there counts by the link that it has now.
    return [f"{matter.id}/{name}" for name in sorted(ever) if now.get(name, person) == person]


def _parties(value: Any) -> Iterator[tuple[str, str | None]]:
    """Whatever is a subject of its own inside *value*: its id, and the person that it is linked to."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from _parties(each)
    elif attrs.has(type(value)):
        if (name := getattr(value, "subject_field", None)) is not None:
            yield getattr(value, name), getattr(value, "person", None)
        for field in attrs.fields(type(value)):
            yield from _parties(getattr(value, field.name))
