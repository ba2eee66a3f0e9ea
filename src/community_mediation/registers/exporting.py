"""Registers out: every case a canonical row, or a table of facts, in a file that no spreadsheet runs."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from community_mediation.casebook import Casebook
from community_mediation.casebook.keys import MEDIATOR_NAME, key_text
from community_mediation.domain.case import Case
from community_mediation.domain.events import Registered
from community_mediation.domain.follow_up import FollowUp
from community_mediation.domain.history import in_force
from community_mediation.domain.people import Party, PartyKind, Role, Sex
from community_mediation.domain.resolution import WITH_AGREEMENT, Compliance, Conclusion, Confirmation, Resolution
from community_mediation.domain.risk import Risk
from community_mediation.domain.snapshot import RegisterStatus, Snapshot
from community_mediation.domain.stages import FileStage, Process
from community_mediation.domain.values import Money, Reach, When
from community_mediation.errors import InvalidInput, InvalidValue, NotFound
from community_mediation.registers.columns import COLUMNS, OWN
from community_mediation.registers.lists import PartyCell, format_party, join_list
from community_mediation.registers.snapshots import NO_CENTRE
from community_mediation.registers.writers import Value, open_writer

PUBLIC_COLUMNS: Final = frozenset(
    {"case_no", "external_id", *(name for name, column in COLUMNS.items() if not column.people)}
)
"""What an export holds without a reason to hold more: nothing that names someone, and the case's own numbers."""

_EMPTY: Final[Mapping[str, Value]] = {"conclusion": ""}
"""Written even where it is empty, also in formats that leave empty cells away: the column itself says something."""

_OFTEN: Final = 100
"""After so many cases it is told how far an export is."""

Progress = Callable[[int, int], None]


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
            Without one they stay out. Those of restricted subjects stay out in any case.
        by: The account that asks for it.
        overwrite: Replace a file that is there.
        progress: Told now and then how much is done of how much: a case counts once when it is looked at for what the
            columns are, and once when its row is written.

    Raises:
        InvalidInput: A file is there, its ending is none of the three, or the reason is empty.
        StoreError: The book cannot be read, or the disk is full.
    """
    wanted = COLUMNS.keys() if identified is not None else PUBLIC_COLUMNS
    steps = _Steps(book, progress)
    headings = _headings(book, wanted, steps, identified=identified is not None)
    if identified is not None:
        if not identified.strip():
            raise InvalidInput("An export that names people needs a reason. Say why, or leave it out.")
        book.record_disclosure("export", reason=identified, by=by)
    withheld = book.restricted() if identified is not None else frozenset[str]()
    count = 0
    with open_writer(path, headings, overwrite=overwrite) as writer:
        named = _Mediators(book, withheld).names if identified is not None else None
        for case in cases_of(book, without=withheld):
            row = canonical_row(case, named)
            try:
                writer.write({name: _EMPTY.get(name) if row.get(name) is None else row[name] for name in headings})
            except InvalidValue as error:
                raise InvalidInput(f"Case {case.id}: {error}") from None
            count += 1
            steps.one()
    steps.end()
    return ExportResult(os.fspath(path), count, identified is not None)


def export_facts(
    book: Casebook,
    table: str,
    path: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    valid_at: When | dt.datetime | None = None,
    known_at: int | dt.datetime | None = None,
) -> ExportResult:
    """Write a table of facts, which names no one: as it was at *valid_at*, as the book knew it at *known_at*.

    Raises:
        InvalidQuery: There is no such table.
        InvalidInput: A file is there, or its ending is none of .csv, .jsonl, .xlsx.
    """
    facts = book.facts(table, valid_at=valid_at, known_at=known_at)
    count = 0
    with open_writer(path, facts.columns, overwrite=overwrite) as writer:
        for row in facts.rows():
            writer.write({name: _plain(cell) for name, cell in row.items()})
            count += 1
    return ExportResult(os.fspath(path), count, identified=False)


def _plain(cell: Any) -> Value:
    return repr(cell) if isinstance(cell, float) else cell


def cases_of(book: Casebook, *, without: Collection[str] = ()) -> Iterator[Case]:
    """Every case of a book, in the order in which they came in; *without* as for ``Casebook.get``."""
    for matter in book.matters("case", without=without):
        if isinstance(matter, Case):
            yield matter


class _Steps:
    """How far an export is: it reads every case twice."""

    def __init__(self, book: Casebook, progress: Progress | None) -> None:
        self._progress, self._done, self._total = progress, 0, 0
        if progress is not None:
            self._total = 2 * sum(len(batch.rows) for batch in book.facts("case", columns=["matter_id"]).batches())
            progress(0, self._total)

    def one(self) -> None:
        self._done += 1
        if self._progress is not None and self._done % _OFTEN == 0:
            # Others may add cases meanwhile.
            self._progress(self._done, max(self._done, self._total))

    def end(self) -> None:
        if self._progress is not None:
            self._progress(self._done, self._done)


def _headings(book: Casebook, wanted: Collection[str], steps: _Steps, *, identified: bool) -> list[str]:
    """The columns that say something: an empty column would say that the register could have told, and did not."""
    used = {"reported_at", "dispute_scheme", "dispute_type", "centre"}
    own: set[str] = set()
    for case in cases_of(book):
        used.update(name for name, value in canonical_row(case).items() if value is not None)
        own.update(each.name for each in case.dispute.own if identified or each.public is not None)
        if case.agreed.state is not Reach.UNKNOWN:
            # An open case of such a register has no agreement yet; of any other, that is unknown.
            used.add("conclusion")
        steps.one()
    return [name for name in COLUMNS if name in wanted and name in used] + [OWN + name for name in sorted(own)]


Names = Callable[[Case], Sequence[str]]


class _Mediators:
    """The names of mediators, where a name and a centre are enough to find them again."""

    def __init__(self, book: Casebook, withheld: Collection[str]) -> None:
        self._book, self._known = book, dict[tuple[str, str], str]()
        self._withheld = withheld
        self._keyed = book.has_secret()

    def names(self, case: Case) -> list[str]:
        return [self._name(each.mediator, case.centre) for each in case.assignments]

    def _name(self, id: str, centre: str) -> str:
        found = self._known.get((id, centre))
        if found is None:
            found = self._known[id, centre] = self._look(id, centre) or id
        return found

    def _look(self, id: str, centre: str) -> str | None:
        try:
            name: str | None = getattr(self._book.get(id, without=self._withheld).details, "name", None)
        except (NotFound, AttributeError):
            return None
        place = "" if centre == NO_CENTRE else centre
        # Two may have one name at one centre; the register would take them for the one that it knows.
        if name is None or not self._keyed:
            return None
        return name if self._book.holder(self._book.keyed(MEDIATOR_NAME, key_text(place, name))) == id else None


def canonical_row(case: Case, named: Names | None = None) -> dict[str, Value]:
    """A case as a row of the canonical register; what is unknown is ``None``.

    Args:
        case: The case.
        named: Gives the mediators of a case; without it they stand as their ids.
    """
    dispute, intake = case.dispute, case.intake
    row: dict[str, Value] = {
        "case_no": case.reference,
        "external_system": case.external.system if case.external is not None else None,
        "external_id": case.external.number if case.external is not None else None,
        "centre": case.centre,
        "title": dispute.title,
        "recorded_at": _when(case.observed),
        "source": intake.source,
        "channel": intake.channel,
        "referrer_kind": intake.referrer_kind,
        "referral_kind": intake.referral_kind,
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
        "reported_at": _when(case.reported.when, unknown="unknown"),
        **_people(case, named),
        **{OWN + own.name: own.public if own.public is not None else own.value for own in dispute.own},
    }
    known = _as_registered(case)
    row.update(_lived(case) if known is None else _registered(known))
    agreed = known.amount_agreed if known is not None else case.resolutions[-1].amount if case.resolutions else None
    money = dispute.amount_claimed or agreed
    row["currency"] = money.currency if money is not None else None
    if money is not None and agreed is not None and agreed.currency == money.currency:
        # One row has one currency: a figure under another one would be wrong, and unknown is not.
        row["amount_agreed"] = _amount(agreed)
    return row


def _as_registered(case: Case) -> Snapshot | None:
    """What a register knew of the case, if nothing was recorded since but by the register."""
    (_, first), *others = in_force(case.events)
    if isinstance(first, Registered) and not others:
        return first.snapshot
    return None


_MILESTONES: Final = ("accepted", "first_session", "joint_session", "agreed", "concluded", "closed")
_OF_AGREEMENT: Final = ("complied", "breached", "repudiated", "confirmed")


def _registered(known: Snapshot) -> dict[str, Value]:
    found: dict[str, Value] = {
        "status": known.status,
        "process": known.attempt_kind,
        "sessions": known.sessions,
        "session_format": known.session_format,
        "session_medium": known.session_medium,
        "conclusion": known.conclusion,
        "agreement_form": known.agreement_form,
        "compliance": known.compliance,
        "litigation": known.litigation,
        "confirmation": known.confirmation,
        **_danger(known.risk),
        **_visit(known.follow_up),
    }
    # What reading the row again concludes by itself; any other milestone of an unknown time is told as such.
    implied = {
        "agreed": known.conclusion in WITH_AGREEMENT,
        "concluded": known.status not in (None, RegisterStatus.OPEN) or known.conclusion is not None,
        "closed": known.status is RegisterStatus.CLOSED,
        "complied": known.compliance is Compliance.KEPT,
        "breached": known.compliance is Compliance.BREACHED,
        "confirmed": known.confirmation is Confirmation.CONFIRMED,
    }
    for name in (*_MILESTONES, *_OF_AGREEMENT):
        found[f"{name}_at"] = _when(getattr(known, name).when, unknown=None if implied.get(name) else "unknown")
    return found


def _lived(case: Case) -> dict[str, Value]:
    snapshot = getattr(in_force(case.events)[0][1], "snapshot", None)
    found: dict[str, Value] = {
        "status": _status(case),
        "process": case.attempts[-1].kind.value if case.attempts else getattr(snapshot, "attempt_kind", None),
        "sessions": case.sessions_held,
        "conclusion": None if case.conclusion is Conclusion.UNKNOWN else case.conclusion,
        "litigation": getattr(snapshot, "litigation", None),
        **_danger(case.risks[0] if case.risks else None),
        **_visit(case.follow_ups[-1] if case.follow_ups else None),
    }
    if case.sessions:
        found["session_format"], found["session_medium"] = case.sessions[0].format, case.sessions[0].medium
    for name in _MILESTONES:
        found[f"{name}_at"] = _when(getattr(case, name).when)
    if case.resolutions:
        latest: Resolution = case.resolutions[-1]
        found.update(agreement_form=latest.form, compliance=latest.compliance, confirmation=latest.confirmation)
        for name in _OF_AGREEMENT:
            found[f"{name}_at"] = _when(getattr(latest, name).when)
    return found


def _status(case: Case) -> str:
    if case.process is not Process.CONCLUDED:
        return "open"
    if case.conclusion is Conclusion.VOID:
        return "void"
    return "closed" if case.file is FileStage.CLOSED else "concluded"


def _when(when: When | None, unknown: str | None = None) -> str | None:
    if when is None:
        return None
    if when.is_unknown:
        return unknown
    return when.instant.isoformat() if when.instant is not None else when.local_date.isoformat()  # type: ignore[union-attr]


def _amount(money: Money | None) -> str | None:
    return None if money is None else f"{money.amount:f}"


def _people(case: Case, named: Names | None) -> dict[str, Value]:
    roles = {"applicants": Role.APPLICANT, "respondents": Role.RESPONDENT, "third_parties": Role.THIRD_PARTY}
    found: dict[str, Value] = {}
    listed: list[Party] = []
    for column, role in roles.items():
        mine = [party for party in case.parties if party.role is role and party.name is not None and party.name.strip()]
        listed += mine
        found[column] = join_list(_party(party) for party in mine) or None
    keys = [party.identity.strip() for party in listed if party.identity is not None]
    # Keys are counted off against people: they are told only where none is missing between two others.
    if all(keys) and all(party.identity is not None for party in listed[: len(keys)]):
        found["party_keys"] = join_list(keys) or None
    mediators = named(case) if named is not None else [each.mediator for each in case.assignments]
    found["mediators"] = join_list(name.strip() for name in mediators if name.strip()) or None
    return found


_KINDS: Final = {PartyKind.ORGANISATION: "organisation", PartyKind.GROUP: "group"}
_SEXES: Final = {Sex.MALE: "male", Sex.FEMALE: "female", Sex.UNSPECIFIED: "other"}


def _party(party: Party) -> str:
    return format_party(
        PartyCell(
            name=(party.name or "").strip(),
            kind=_KINDS.get(party.kind),
            sex=_SEXES.get(party.sex),
            born=party.birth_date,
        )
    )


def _danger(risk: Risk | None) -> dict[str, Value]:
    if risk is None:
        return {}
    return {
        "escalation_kind": risk.kind,
        "escalation_persons": risk.persons,
        "escalation_reported": risk.reported,
        "escalation_averted": risk.averted,
    }


_KEPT: Final = {Compliance.KEPT: True, Compliance.BREACHED: False}


def _visit(visit: FollowUp | None) -> dict[str, Value]:
    if visit is None:
        return {}
    found: dict[str, Value] = {
        "follow_up_at": _when(visit.when, unknown="unknown"),
        "follow_up_kept": None if visit.kept is None else _KEPT.get(visit.kept),
    }
    for answer in visit.satisfaction:
        if answer.side in ("applicant", "respondent"):
            found[f"satisfaction_{answer.side}"] = answer.score
    return found
