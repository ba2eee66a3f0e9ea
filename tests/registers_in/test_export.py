"""Registers out: whole, without names unless someone says why, and never a formula."""

from __future__ import annotations

import csv
import datetime as dt
import json
import stat
import zipfile
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings

from community_mediation.casebook import Casebook
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Dispute, Intake, OwnValue
from community_mediation.domain.ledger import BOOK, Disclosed
from community_mediation.domain.people import Party, Role
from community_mediation.domain.resolution import AgreementForm
from community_mediation.domain.values import Code, Money, When
from community_mediation.errors import InvalidInput, InvalidQuery, MediationError, NotFound, StoreReadOnly
from community_mediation.files import safe_text
from community_mediation.registers import (
    RegisterMapping,
    export_facts,
    export_register,
    exporting,
    import_register,
    read_register,
    writers,
)
from community_mediation.stores import SqliteStore
from tests.registers_in.helpers import (
    ZONE,
    cases,
    counts,
    courses,
    entries,
    file_book,
    new_book,
    only,
    over,
    portrait,
    private,
    row,
    take,
    texts_in,
)
from tests.registers_in.lives import MAPPING, life, registers

ENDINGS = ("csv", "jsonl", "xlsx")
CANARY = "金丝雀"
DIGITS = "990000198001010021"


def full_book(folder: Path) -> Casebook:
    """A book with a canary in every private field that a register can fill."""
    book = new_book()
    cells = {
        "title": f"title {CANARY}",
        "brief": f"brief {CANARY}",
        "place": f"place {CANARY}",
        "applicants": f"{CANARY}甲|person|female|1980-01-01",
        "respondents": f"{CANARY}乙",
        "third_parties": f"{CANARY}丙",
        "party_keys": f"{DIGITS}; {DIGITS[:-1]}2; {DIGITS[:-1]}3",
        "mediators": f"{CANARY}丁",
        "own_note": f"note {CANARY}",
    }
    take(book, folder, [row("2022-1", **cells, conclusion="settled", agreement_form="oral"), row("2022-2")])
    return book


def content(path: Path) -> str:
    """All text of a file, a workbook unpacked."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as package:
            return "\n".join(package.read(name).decode("utf-8") for name in package.namelist())
    return path.read_text("utf-8-sig")


@pytest.mark.parametrize("ending", ENDINGS)
def test_without_a_reason_nothing_private_is_in_the_file(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    with full_book(tmp_path) as book:
        before = book.store.head()
        assert export_register(book, path).identified is False
        assert book.store.head() == before
    text = content(path)
    assert CANARY not in text and DIGITS[:-1] not in text and "1980-01-01" not in text
    assert "2022-1" in text and "settled" in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("ending", ENDINGS)
def test_with_a_reason_all_of_it_is_there_and_the_journal_says_so(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    with full_book(tmp_path) as book:
        assert export_register(book, path, identified="the court asked", by="office").identified is True
        event = book.history(BOOK)[-1].events
        assert event is not None and isinstance(event[-1], Disclosed)
        assert (event[-1].what, event[-1].reason, event[-1].by) == ("export", "the court asked", "office")
        assert not any("the court asked" in entry.body for entry in book.store.log(0, 1000))
    with read_register(path) as file:
        first = next(iter(file)).cells
    for name in ("title", "brief", "place", "applicants", "respondents", "third_parties", "mediators", "own.note"):
        assert CANARY in str(first[name]), name
    assert str(first["party_keys"]).count(DIGITS[:-1]) == 3


def test_the_disclosure_stands_in_the_journal_before_the_file_is_there(tmp_path: Path) -> None:
    with full_book(tmp_path) as book:
        with pytest.raises(MediationError):
            export_register(book, tmp_path / "nowhere" / "out.csv", identified="why")
        events = book.history(BOOK)[-1].events
        assert events is not None and isinstance(events[-1], Disclosed)


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_an_empty_reason_is_none(tmp_path: Path, reason: str) -> None:
    with full_book(tmp_path) as book, pytest.raises(InvalidInput, match="needs a reason"):
        export_register(book, tmp_path / "out.csv", identified=reason)
    assert not (tmp_path / "out.csv").exists()


def test_a_book_open_for_reading_gives_no_names_away(tmp_path: Path) -> None:
    with file_book(tmp_path / "book.db") as book:
        take(book, tmp_path, [row(title=CANARY)])
    with over(SqliteStore.open(tmp_path / "book.db", readonly=True, create=False)) as book:
        with pytest.raises(StoreReadOnly):
            export_register(book, tmp_path / "named.csv", identified="why")
        assert not (tmp_path / "named.csv").exists()
        export_register(book, tmp_path / "public.csv")


# ---------------------------------------------------------------- there and back


def check_back(rows: list[dict[str, str]], ending: str) -> None:
    """Export a book, import the file into an empty one: the two say the same; into the same one: nothing new."""
    with TemporaryDirectory() as name, new_book() as book, new_book() as other:
        folder = Path(name)
        take(book, folder, rows, MAPPING)
        path = folder / f"out.{ending}"
        export_register(book, path, identified="moving house")
        own = [heading for heading in _headings(path) if heading == "own.house"]
        toml = MAPPING if own else 'zone = "Asia/Shanghai"'
        mapping = RegisterMapping.parse(toml)
        assert counts(import_register(other, path, mapping=mapping)) == (len(rows), 0, 0, 0)
        assert portrait(other) == portrait(book)
        assert private(other) == private(book)
        assert courses(other) == courses(book)
        assert counts(import_register(book, path, mapping=mapping)) == (0, 0, len(rows), 0)


def _headings(path: Path) -> tuple[str, ...]:
    with read_register(path) as file:
        return file.headings


@settings(max_examples=60)
@given(registers())
def test_what_is_exported_and_imported_again_is_the_same(rows: list[dict[str, str]]) -> None:
    check_back(rows, ENDINGS[len(str(rows)) % 3])


def test_without_names_the_facts_of_the_cases_come_back(tmp_path: Path) -> None:
    """But for the parties and mediators, whose rows a file without people cannot hold."""
    rows = [
        {**each, **life(number)} for number, each in enumerate([{"case_no": str(n), "centre": "甲"} for n in range(40)])
    ]
    with new_book() as book, new_book() as other:
        take(book, tmp_path, rows, MAPPING)
        path = tmp_path / "out.csv"
        export_register(book, path)
        import_register(other, path, mapping=RegisterMapping.parse(MAPPING))
        ours, theirs = portrait(book), portrait(other)
        for each in ours["case"]:
            each["parties"], each["people"] = 0, None
        assert ours["case"] == theirs["case"]
        for table in ("case_spell", "case_session", "case_resolution"):
            assert ours[table] == theirs[table], table


def test_an_erased_party_is_not_in_the_file(tmp_path: Path) -> None:
    with full_book(tmp_path) as book:
        case = cases(book)["2022-1"]
        book.erase(f"{case.id}/a1", reason="asked", by="office")
        export_register(book, tmp_path / "out.csv", identified="why")
    text = content(tmp_path / "out.csv")
    assert f"{CANARY}甲" not in text and f"{CANARY}乙" in text and "1980-01-01" not in text


def test_a_case_that_was_lived_through_here_is_told_as_it_stands(tmp_path: Path) -> None:
    at = When.on(dt.date(2022, 5, 1), ZONE)
    with new_book() as book:
        case = Case.report(
            id=book.new_id(),
            centre="甲",
            reference="7",
            dispute=Dispute(
                type=Code("local", "x"),
                title="漏水",
                amount_claimed=Money(Decimal(100), "CNY"),
                own=(OwnValue(name="note", value="旧账"),),
            ),
            intake=Intake(),
            parties=[
                Party(id="p1", side="A", role=Role.APPLICANT, name=" 叶某 "),
                Party(id="p2", side="B", name="钱某"),
                Party(id="p3", side="B", role=Role.RESPONDENT, name="  "),
            ],
            at=at,
            by="someone",
        ).resolve(at=at, by="someone", on_the_spot=True, form=AgreementForm.ORAL, amount=Money(Decimal(50), "USD"))
        book.save(case)
        found = exporting.canonical_row(only(book))
    assert (found["status"], found["conclusion"], found["agreement_form"]) == ("concluded", "settled", "oral")
    assert (found["applicants"], found["respondents"]) == ("叶某", None)
    # One row has one currency.
    assert (found["amount_claimed"], found["currency"], found.get("amount_agreed")) == ("100", "CNY", None)


def test_a_text_that_no_file_can_hold_is_told_with_its_case(tmp_path: Path) -> None:
    at = When.on(dt.date(2022, 5, 1), ZONE)
    with new_book() as book:
        dispute = Dispute(type=Code("local", "x"), title=f"{CANARY}\0")
        case = Case.report(
            id=book.new_id(), centre="甲", dispute=dispute, intake=Intake(), parties=[], at=at, by="someone"
        )
        book.save(case)
        with pytest.raises(InvalidInput, match=case.id) as refusal:
            export_register(book, tmp_path / "out.csv", identified="why")
        assert CANARY not in str(refusal.value)
        assert list(tmp_path.glob("*out*")) == []
        export_register(book, tmp_path / "out.jsonl", identified="why")


# ---------------------------------------------------------------- never a formula

PAYLOADS = [
    "=1+1",
    "=cmd|'/c calc'!A0",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "\u200b=1",
    "＝1+1",
    "＋1",
    "'=1",
    "''=1",
    '=HYPERLINK("http://example.invalid","x")',
    "=1\n=2",
    "\r=1",
    "−1",
    "http://example.invalid/x",
    "1e5",
    "001",
    "{=1}",
    '"=1"',
]


def hostile(book: Casebook) -> list[str]:
    """A case a payload, with the payload wherever a text may stand; returns what should be read back."""
    at = When.on(dt.date(2022, 5, 1), ZONE)
    for number, payload in enumerate(PAYLOADS):
        printable = payload if payload.isprintable() and payload == payload.strip() else f"n{number}"
        dispute = Dispute(
            type=Code("local", printable),
            title=payload,
            brief=payload,
            place=payload,
            own=(OwnValue(name="free", value=payload), OwnValue(name="open", public=printable)),
        )
        parties = [Party(id="p1", side="A", role=Role.APPLICANT, name=payload.strip(), identity=payload.strip())]
        case = Case.report(
            id=book.new_id(),
            centre="甲",
            reference=f"{printable}#{number}",
            dispute=dispute,
            intake=Intake(channel=printable),
            parties=parties,
            at=at,
            by="someone",
        )
        book.save(case)
    return PAYLOADS


def check_no_formula(folder: Path) -> None:
    """Nothing in an export is run by a spreadsheet, and everything is read back as it was."""
    with new_book() as book:
        payloads = hostile(book)
        for ending in ENDINGS:
            export_register(book, folder / f"out.{ending}", identified="why")
            with read_register(folder / f"out.{ending}") as file:
                back = list(file)
            assert [each.cells["title"] for each in back] == payloads, ending
            assert [each.cells["own.free"] for each in back] == payloads, ending
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as raw:
        for line in csv.reader(raw):
            assert [cell for cell in line if not safe_text.is_safe(cell)] == []
    sheet = openpyxl.load_workbook(folder / "out.xlsx").active
    assert sheet is not None
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n", "d", "inlineStr"}
    assert [cell.hyperlink for line in sheet.iter_rows() for cell in line if cell.hyperlink] == []


def test_no_cell_becomes_a_formula_and_every_text_comes_back(tmp_path: Path) -> None:
    check_no_formula(tmp_path)


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_that_is_there_is_replaced_only_when_asked(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    path.write_text("mine")
    with full_book(tmp_path) as book:
        with pytest.raises(InvalidInput, match="there is a file already"):
            export_register(book, path)
        assert path.read_text() == "mine"
        export_register(book, path, overwrite=True)
    assert path.read_bytes() != b"mine"


@pytest.mark.parametrize("name", ["out.pdf", "out", "out.db", "out.CSV.exe"])
def test_another_ending_is_refused(tmp_path: Path, name: str) -> None:
    with full_book(tmp_path) as book, pytest.raises(InvalidInput, match=r"\.csv, \.jsonl or \.xlsx"):
        export_register(book, tmp_path / name)
    assert not (tmp_path / name).exists()


def test_an_export_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = iter(range(100))

    def failing(case: Case, named: Any = None) -> dict[str, Any]:
        if next(calls) > 2:
            raise NotFound("gone")
        return {"reported_at": "2022-05-01"}

    place = tmp_path / "out"
    place.mkdir()
    with full_book(tmp_path) as book:
        monkeypatch.setattr(exporting, "canonical_row", failing)
        with pytest.raises(NotFound):
            export_register(book, place / "out.csv")
    assert list(texts_in(place)) == []


def test_progress_counts_reading_and_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of it is reading, for the columns that say something."""
    monkeypatch.setattr(exporting, "_OFTEN", 1)
    seen: list[tuple[int, int]] = []
    with full_book(tmp_path) as book:
        count = len(cases(book))
        export_register(book, tmp_path / "out.csv", progress=lambda done, total: seen.append((done, total)))
    assert count > 0
    assert seen == [(done, 2 * count) for done in [*range(2 * count + 1), 2 * count]]


def test_an_empty_book_gives_a_file_with_headings(tmp_path: Path) -> None:
    with new_book() as book:
        assert export_register(book, tmp_path / "out.csv").rows == 0
    assert _headings(tmp_path / "out.csv") == ("centre", "reported_at", "dispute_scheme", "dispute_type")


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_facts_table_is_written_row_by_row(tmp_path: Path, ending: str) -> None:
    with full_book(tmp_path) as book:
        for table in book.tables:
            path = tmp_path / f"{table}.{ending}"
            count = export_facts(book, table, path).rows
            assert count == len(list(book.facts(table).rows()))
            assert CANARY not in content(path) and DIGITS[:-1] not in content(path)
        lines = (
            [json.loads(line) for line in content(tmp_path / "case.jsonl").splitlines()] if ending == "jsonl" else []
        )
        assert [line["dispute_type"] for line in lines] in ([], ["neighbour", "neighbour"])


def test_facts_as_they_were_known_and_tables_that_are_none(tmp_path: Path) -> None:
    with new_book() as book:
        take(book, tmp_path, [row("1")])
        position = entries(book)
        take(book, tmp_path, [row("2")])
        assert export_facts(book, "case", tmp_path / "then.csv", known_at=position).rows == 1
        assert export_facts(book, "case", tmp_path / "now.csv").rows == 2
        with pytest.raises(InvalidQuery, match="no facts table"):
            export_facts(book, "cases", tmp_path / "none.csv")
    assert not (tmp_path / "none.csv").exists()


# ---------------------------------------------------------------- planted faults


def test_the_formula_check_catches_a_writer_that_does_not_mark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(writers, "marked", lambda text: text)
    with pytest.raises(AssertionError):
        check_no_formula(tmp_path)


@pytest.mark.parametrize("column", ["accepted_at", "process", "party_keys", "session_medium", "own.lift"])
def test_the_check_there_and_back_catches_a_column_that_is_left_out(
    monkeypatch: pytest.MonkeyPatch, column: str
) -> None:
    whole = exporting.canonical_row
    monkeypatch.setattr(exporting, "canonical_row", lambda *given: {**whole(*given), column: None})
    cells = {
        "accepted_at": "2022-05-02",
        "process": "people",
        "applicants": "叶某",
        "party_keys": DIGITS,
        "session_medium": "phone",
        "own.lift": "yes",
        "own.house": "塔楼",
    }
    with pytest.raises(AssertionError):
        check_back([row("1", **cells)], "csv")


def test_the_canary_check_catches_a_private_column_that_is_taken_for_public(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(exporting, "PUBLIC_COLUMNS", exporting.PUBLIC_COLUMNS | {"place"})
    with pytest.raises(AssertionError):
        test_without_a_reason_nothing_private_is_in_the_file(tmp_path, "csv")
