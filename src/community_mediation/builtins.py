"""What the core itself brings, through the same hooks as any plugin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, parse_qsl, unquote

from community_mediation.casebook.house_rules import identity_number_objections
from community_mediation.casebook.keys import case_no_key, external_key
from community_mediation.casebook.numbering import numbering_kind
from community_mediation.deliveries.kinds import delivery_kind
from community_mediation.domain import events as ev
from community_mediation.domain.case import Case
from community_mediation.domain.matter import Event, Matter
from community_mediation.domain.record import Centre, Changed, Created, Ended, Mediator, Person, Tally
from community_mediation.errors import StoreUnavailable
from community_mediation.facts.record_rows import record_rows
from community_mediation.facts.rows import case_rows
from community_mediation.facts.tables import CASE_TABLES, CENTRE, MEDIATOR, PERSON, TALLY
from community_mediation.hookspecs import hookimpl
from community_mediation.ports import Key, Kind, OpenOptions

if TYPE_CHECKING:
    from community_mediation.ports import (
        Channel,
        DocumentKind,
        MetricDefinition,
        Objection,
        ReportFormat,
        Store,
    )
    from community_mediation.regions import Region

HOOK_API: Final = 1

CASE_EVENTS: Final[dict[str, type[Event]]] = {
    "case.reported": ev.Reported,
    "case.registered": ev.Registered,
    "case.amended": ev.Amended,
    "case.accepted": ev.Accepted,
    "case.declined": ev.Declined,
    "case.attempt_begun": ev.AttemptBegun,
    "case.attempt_ended": ev.AttemptEnded,
    "case.mediator_assigned": ev.MediatorAssigned,
    "case.session_held": ev.SessionHeld,
    "case.resolved": ev.Resolved,
    "case.concluded_without_agreement": ev.ConcludedWithoutAgreement,
    "case.withdrawn": ev.Withdrawn,
    "case.compliance_recorded": ev.ComplianceRecorded,
    "case.followed_up": ev.FollowedUp,
    "case.closed": ev.Closed,
    "case.reopened": ev.Reopened,
    "case.corrected": ev.Corrected,
    "case.attempt_extended": ev.AttemptExtended,
    "case.attempt_paused": ev.AttemptPaused,
    "case.attempt_resumed": ev.AttemptResumed,
    "case.mediator_released": ev.MediatorReleased,
    "case.party_joined": ev.PartyJoined,
    "case.party_changed": ev.PartyChanged,
    "case.party_left": ev.PartyLeft,
    "case.drafted": ev.Drafted,
    "case.adopted": ev.Adopted,
    "case.recorded": ev.Recorded,
    "case.described": ev.DisputeDescribed,
    "case.transferred": ev.Transferred,
    "case.numbered": ev.Numbered,
    "case.merged": ev.Merged,
    "case.split": ev.Split,
}
"""The wire names of a case's events: part of the format, never changed."""

RECORD_EVENTS: Final[dict[str, type[Event]]] = {
    "record.created": Created,
    "record.changed": Changed,
    "record.ended": Ended,
}
"""The wire names of the events of persons, mediators and centres."""


def case_keys(matter: Matter) -> list[Key]:
    """A case is unique by (system, external id), and by (centre, number on its papers)."""
    if not isinstance(matter, Case):
        raise TypeError("case_keys takes a Case")
    keys = []
    if matter.external is not None:
        keys.append(external_key(matter.external))
    if matter.reference is not None:
        keys.append(case_no_key(matter.centre, matter.reference))
    return keys


@hookimpl
def mediation_open_store(url: SplitResult, options: OpenOptions) -> Store | None:
    """``memory:`` and ``sqlite:///relative.db`` or ``sqlite:////absolute.db``, with ``?mode=ro`` and ``?timeout=s``."""
    if url.scheme == "memory":
        if url.netloc or url.path or url.query or url.fragment:
            raise StoreUnavailable("A book in memory has no name: its URL is memory:")
        from community_mediation.stores import MemoryStore

        return MemoryStore(clock=options.clock)
    if url.scheme != "sqlite":
        return None
    from community_mediation.stores import SqliteStore

    path = unquote(url.path)
    if url.netloc or url.fragment or not path.startswith("/") or path == "/":
        raise StoreUnavailable(
            "A SQLite URL has three slashes: sqlite:///cases.db (four for a path from the root). "
            "In a file's name, # is written %23 and ? is %3F."
        )
    readonly, timeout = _sqlite_options(url.query)
    readonly = readonly or options.readonly
    return SqliteStore.open(
        path[1:], create=options.create and not readonly, readonly=readonly, timeout=timeout, clock=options.clock
    )


def _sqlite_options(query: str) -> tuple[bool, float]:
    readonly, timeout = False, 30.0
    # What is misspelt must not be passed over: who writes ?mod=ro does not want the file to be written.
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name == "mode" and value in ("ro", "rw"):
            readonly = value == "ro"
        elif name == "timeout" and re.fullmatch(r"\d{1,6}(\.\d{1,6})?", value, re.ASCII):
            timeout = float(value)
        else:
            raise StoreUnavailable("A SQLite URL takes ?mode=ro or ?mode=rw, and ?timeout=30 in seconds.")
    return readonly, timeout


@hookimpl
def mediation_matters() -> Sequence[Kind]:
    """Cases, persons, mediators, centres, tallies and deliveries."""
    return [
        Kind("case", Case, CASE_EVENTS, CASE_TABLES, case_rows, case_keys),
        Kind("person", Person, RECORD_EVENTS, (PERSON,), record_rows, lambda matter: ()),
        Kind("mediator", Mediator, RECORD_EVENTS, (MEDIATOR,), record_rows, lambda matter: ()),
        Kind("centre", Centre, RECORD_EVENTS, (CENTRE,), record_rows, lambda matter: ()),
        Kind("tally", Tally, RECORD_EVENTS, (TALLY,), record_rows, lambda matter: ()),
        delivery_kind(),
        numbering_kind(),
    ]


@hookimpl
def mediation_check(event: Event, matter_id: str) -> Sequence[Objection]:
    """No identity number in what stays when a person is erased: codes, numbers on papers, ids, own public values."""
    return identity_number_objections(event, matter_id)


@hookimpl
def mediation_metrics() -> Sequence[MetricDefinition]:
    """The metrics of the catalogue."""
    from community_mediation.metrics import catalogue

    return list(catalogue().values())


@hookimpl
def mediation_regions() -> Sequence[Region]:
    """The neutral region, which centres follow that name none."""
    from community_mediation.regions import NEUTRAL

    return [NEUTRAL]


@hookimpl
def mediation_report_formats() -> Sequence[ReportFormat | DocumentKind]:
    """The outcomes with their denominators; the summary of a case, and the agreement."""
    from community_mediation.reports import AGREEMENT, CASE_SUMMARY, OUTCOMES

    return [OUTCOMES, CASE_SUMMARY, AGREEMENT]


@hookimpl
def mediation_channels() -> Sequence[Channel]:
    """Notices as files in a folder, where the environment names one."""
    from community_mediation.deliveries import folder_channels

    return folder_channels()
