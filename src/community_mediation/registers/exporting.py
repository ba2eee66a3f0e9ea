"""Registers out: every case a canonical row, or a table of facts, in a file that no spreadsheet runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from typing import Any, Final

import attrs

from community_mediation.casebook import Casebook
from community_mediation.domain.case import Case
from community_mediation.domain.history import in_force
from community_mediation.domain.people import Party, PartyKind, Role, Sex
from community_mediation.domain.resolution import Compliance, Conclusion, Resolution
from community_mediation.domain.stages import FileStage, Process
from community_mediation.domain.values import Milestone, Money, Reach, When
from community_mediation.errors import InvalidInput
from community_mediation.registers.columns import COLUMNS, OWN
from community_mediation.registers.lists import PartyCell, format_party, join_list
from community_mediation.registers.writers import Value, open_writer

PUBLIC_COLUMNS: Final = frozenset(
    {"case_no", "external_id", *(name for name, column in COLUMNS.items() if not column.people)}
)
"""What an export holds without a reason to hold more: nothing that names someone, and the case's own numbers."""

Progress = Callable[[int], None]


@attrs.frozen
class ExportResult:
    """What an export wrote.

    Attributes:
        path: Where.
        rows: How many rows.
        identified: Whether it names people.
    """

    path: str
    rows: int
    identified: bool


def export_register(
    book: Casebook,
    path: str | os.PathLike[str],
    *,
    identified: str | None = None,
    by: str = "export",
    overwrite: bool = False,
    progress: Progress | None = None,
) -> ExportResult:
    """Write all cases as a canonical register: CSV, JSON Lines or XLSX by the path's ending.

    The file appears when it is whole. Imported again it gives the same cases.

    Args:
        book: The book.
        path: Where to write.
        identified: The reason for which names, words and keys of people go in; it is recorded in the book.
            Without one they stay out.
        by: The account that asks for it.
        overwrite: Replace a file that is there.
        progress: Told now and then how many rows there are.

    Raises:
        InvalidInput: A file is there, its ending is none of the three, or the reason is empty.
        StoreError: The book cannot be read, or the disk is full.
    """
    wanted = COLUMNS.keys() if identified is not None else PUBLIC_COLUMNS
    headings = _headings(book, wanted, identified=identified is not None)
    if identified is not None:
        if not identified.strip():
            raise InvalidInput("An export that names people needs a reason. Say why, or leave it out.")
        book.record_disclosure("export", reason=identified, by=by)
    count = 0
    with open_writer(path, headings, overwrite=overwrite) as writer:
        for case in cases_of(book):
            row = canonical_row(case)
            writer.write({name: row.get(name) for name in headings})
            count += 1
            if progress is not None and count % 1000 == 0:
                progress(count)
    return ExportResult(os.fspath(path), count, identified is not None)


def export_facts(
    book: Casebook, table: str, path: str | os.PathLike[str], *, overwrite: bool = False, known_at: int | None = None
) -> ExportResult:
    """Write a table of facts, which names no one.

    Raises:
        InvalidQuery: There is no such table.
        InvalidInput: A file is there, or its ending is none of .csv, .jsonl, .xlsx.
    """
    facts = book.facts(table, known_at=known_at)
    count = 0
    with open_writer(path, facts.columns, overwrite=overwrite) as writer:
        for row in facts.rows():
            writer.write({name: _plain(cell) for name, cell in row.items()})
            count += 1
    return ExportResult(os.fspath(path), count, identified=False)


def _plain(cell: Any) -> Value:
    return repr(cell) if isinstance(cell, float) else cell


def cases_of(book: Casebook) -> Iterator[Case]:
    """Every case of a book, in the order in which they came in."""
    for matter in book.matters("case"):
        if isinstance(matter, Case):
            yield matter


def _headings(book: Casebook, wanted: Collection[str], *, identified: bool) -> list[str]:
    """The columns that say something: an empty column would say that the register could have told, and did not."""
    used = {"reported_at", "dispute_scheme", "dispute_type", "centre", "status"}
    own: set[str] = set()
    for case in cases_of(book):
        used.update(name for name, value in canonical_row(case).items() if value is not None)
        own.update(each.name for each in case.dispute.own if identified or each.public is not None)
        if case.agreed.state is not Reach.UNKNOWN:
            # An open case of such a register has no agreement yet; of any other, that is unknown.
            used.add("conclusion")
    return [name for name in COLUMNS if name in wanted and name in used] + [OWN + name for name in sorted(own)]


def canonical_row(case: Case) -> dict[str, Value]:
    """A case as a row of the canonical register; what is unknown is ``None``."""
    dispute, intake = case.dispute, case.intake
    row: dict[str, Value] = {
        "case_no": case.reference,
        "external_system": case.external.system if case.external is not None else None,
        "external_id": case.external.number if case.external is not None else None,
        "centre": case.centre,
        "title": dispute.title,
        "status": _status(case),
        "recorded_at": _when(case.observed),
        "source": intake.source,
        "channel": intake.channel,
        "referrer_kind": intake.referrer_kind,
        "referral_kind": intake.referral_kind,
        "process": _attempt_kind(case),
        "dispute_scheme": dispute.type.scheme,
        "dispute_type": dispute.type.code,
        "nature": dispute.nature,
        "brief": dispute.brief,
        "place": dispute.place,
        "scale": dispute.scale,
        "difficulty": dispute.difficulty,
        "people_involved": dispute.people_involved,
        "units_involved": dispute.units_involved,
        "amount_claimed": _amount(dispute.amount_claimed),
        "sessions": case.sessions_held,
        "conclusion": None if case.conclusion is Conclusion.UNKNOWN else case.conclusion,
        **_people(case),
        **_outcome(case),
        **{OWN + own.name: own.public if own.public is not None else own.value for own in dispute.own},
    }
    if case.sessions:
        row["session_format"], row["session_medium"] = case.sessions[0].format, case.sessions[0].medium
    for column in ("reported", "accepted", "first_session", "joint_session", "agreed", "concluded", "closed"):
        row[f"{column}_at"] = _milestone(getattr(case, column))
    money = dispute.amount_claimed or (case.resolutions[-1].amount if case.resolutions else None)
    row["currency"] = money.currency if money is not None else None
    return row


def _status(case: Case) -> str:
    if case.process is not Process.CONCLUDED:
        return "open"
    if case.conclusion is Conclusion.VOID:
        return "void"
    return "closed" if case.file is FileStage.CLOSED else "concluded"


def _when(when: When | None) -> str | None:
    if when is None or when.is_unknown:
        return None
    return when.instant.isoformat() if when.instant is not None else when.local_date.isoformat()  # type: ignore[union-attr]


def _milestone(milestone: Milestone) -> str | None:
    return _when(milestone.when)


def _amount(money: Money | None) -> str | None:
    return None if money is None else f"{money.amount:f}"


def _attempt_kind(case: Case) -> str | None:
    return case.attempts[-1].kind.value if case.attempts else None


def _people(case: Case) -> dict[str, Value]:
    roles = {"applicants": Role.APPLICANT, "respondents": Role.RESPONDENT, "third_parties": Role.THIRD_PARTY}
    found: dict[str, Value] = {}
    listed: list[Party] = []
    for column, role in roles.items():
        mine = [party for party in case.parties if party.role is role and party.name is not None]
        listed += mine
        found[column] = join_list(_party(party) for party in mine) or None
    if listed and all(party.identity is not None for party in listed):
        found["party_keys"] = join_list(party.identity or "" for party in listed)
    found["mediators"] = join_list(each.mediator for each in case.assignments) or None
    return found


_KINDS: Final = {PartyKind.ORGANISATION: "organisation", PartyKind.GROUP: "group"}
_SEXES: Final = {Sex.MALE: "male", Sex.FEMALE: "female", Sex.UNSPECIFIED: "other"}


def _party(party: Party) -> str:
    return format_party(
        PartyCell(name=party.name or "", kind=_KINDS.get(party.kind), sex=_SEXES.get(party.sex), born=party.birth_date)
    )


def _outcome(case: Case) -> dict[str, Value]:
    found: dict[str, Value] = {}
    if case.resolutions:
        latest: Resolution = case.resolutions[-1]
        found.update(
            agreement_form=latest.form,
            amount_agreed=_amount(latest.amount),
            compliance=latest.compliance,
            complied_at=_milestone(latest.complied),
            breached_at=_milestone(latest.breached),
            repudiated_at=_milestone(latest.repudiated),
            confirmation=latest.confirmation,
            confirmed_at=_milestone(latest.confirmed),
        )
    snapshot = getattr(in_force(case.events)[0][1], "snapshot", None)
    found["litigation"] = getattr(snapshot, "litigation", None)
    if case.risks:
        risk = case.risks[0]
        found.update(
            escalation_kind=risk.kind,
            escalation_persons=risk.persons,
            escalation_reported=risk.reported,
            escalation_averted=risk.averted,
        )
    if case.follow_ups:
        visit = case.follow_ups[-1]
        found["follow_up_at"] = _when(visit.when)
        found["follow_up_kept"] = {Compliance.KEPT: True, Compliance.BREACHED: False}.get(visit.kept)  # type: ignore[arg-type]
        for answer in visit.satisfaction:
            if answer.side in ("applicant", "respondent"):
                found[f"satisfaction_{answer.side}"] = answer.score
    return found
