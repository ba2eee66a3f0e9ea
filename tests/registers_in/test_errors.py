"""A row that is not taken is told: where, under which heading, what is wrong, what would be right, and never who."""

from __future__ import annotations

import json
import logging
import stat
from pathlib import Path

import pytest

from community_mediation.casebook import Casebook
from community_mediation.errors import InvalidInput, MediationError, StoreFull
from community_mediation.registers import COLUMNS, cells, csv_files, import_register, read_register
from community_mediation.registers.columns import Kind
from community_mediation.stores import MemoryStore
from tests.registers_in.helpers import Wrapped, counts, csv_text, entries, new_book, over, problems, put, row, take

# A name, a number of an identity document, a sentence: what must be in no message.
CANARIES = [
    "叶某鹦鹉",
    "990000198001010021",
    "欠款不还的鹦鹉",
    "Papagei Yemou",
    "papagei@example.invalid",
    "99-0000-鹦鹉",
    "鹦鹉; 鹦鹉二|person|鹦鹉",
]
MARKS = ["鹦鹉", "apagei", "990000198001010021", "99-0000"]


def canaries_in(text: str) -> list[str]:
    """Which marks a text holds, as written or as JSON escapes them."""
    return [mark for mark in MARKS if mark in text or json.dumps(mark)[1:-1] in text]


def shifted(step: int) -> list[dict[str, str]]:
    """Rows whose cells have slipped: a canary stands in each column."""
    names = [name for name in COLUMNS if name not in ("case_no", "reported_at", "dispute_type")]
    rows = []
    for number, canary in enumerate(CANARIES):
        cells = {name: CANARIES[(at + number + step) % len(CANARIES)] for at, name in enumerate(names)}
        rows.append({"case_no": f"n{number}", "reported_at": canary, "dispute_type": canary, **cells})
    return rows


def test_row_and_heading_are_those_of_the_file(tmp_path: Path) -> None:
    text = '案号,登记,类型,次数\n\n1,2022-05-01,x,two\n\n"2\n",2022-05-01,x,3\n3,13.13.2022,x,4\n'
    toml = 'zone = "UTC"\n[columns]\ncase_no="案号"\nreported_at="登记"\ndispute_type="类型"\nsessions="次数"'
    with new_book() as book:
        result = take(book, tmp_path, text, toml)
        assert [(each.row, each.column, each.file) for each in result.rejections] == [
            (3, "次数", "register.csv"),
            (6, "登记", "register.csv"),
        ]
        first = str(result.rejections[0])
    assert first.startswith("register.csv row 3, column '次数': ") and "Write digits only" in first


def test_all_problems_of_a_row_are_told_at_once(tmp_path: Path) -> None:
    bad = row("", reported_at="yesterday", sessions="x", status="odd", currency="dollars", amount_claimed="1 000")
    with new_book() as book:
        result = take(book, tmp_path, [bad])
        assert {column for _, column, _ in problems(result)} == {
            "case_no", "reported_at", "sessions", "status", "currency", "amount_claimed",
        }  # fmt: skip
        assert result.rejected == 1


def test_a_heading_that_feeds_two_columns_is_told_once(tmp_path: Path) -> None:
    toml = 'zone="UTC"\n[columns]\ncase_no="n"\nreported_at="r"\ndispute_type="t"\nconcluded_at="e"\nclosed_at="e"'
    with new_book() as book:
        result = take(book, tmp_path, "n,r,t,e\n1,2022-05-01,x,never\n2,2022-05-01,x,2022-01-01\n", toml)
        assert [(number, column) for number, column, _ in problems(result)] == [(2, "e"), (3, "e")]


def test_every_problem_says_what_would_be_right(tmp_path: Path) -> None:
    with new_book() as book:
        result = take(book, tmp_path, shifted(0))
        assert result.rejections
        assert [each for each in result.rejections if not each.remedy.strip() or not each.problem.strip()] == []


@pytest.mark.parametrize("step", range(len(CANARIES)))
def test_no_message_log_or_count_holds_a_personal_value_where_columns_have_slipped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], step: int
) -> None:
    said: list[str] = []
    with caplog.at_level(logging.DEBUG), new_book() as book:
        result = take(
            book,
            tmp_path,
            shifted(step),
            on_reject=lambda each: said.append(f"{each} {each!r} {each.args} {vars(each)}"),
            progress=lambda *done: said.append(str(done)),
            rejects=tmp_path / "rejects.csv",
        )
        assert result.rejected == len(CANARIES)
    printed = "".join(capfd.readouterr())
    assert canaries_in(" ".join([*said, repr(result), str(result), caplog.text, printed])) == []


@pytest.mark.parametrize("name", [name for name, column in COLUMNS.items() if column.kind is not Kind.TEXT])
def test_no_column_quotes_a_personal_value_that_stands_in_it(tmp_path: Path, name: str) -> None:
    rows = [{**row(str(number), accepted_at="bad"), name: canary} for number, canary in enumerate(CANARIES)]
    with new_book() as book:
        result = take(book, tmp_path, rows)
        assert canaries_in(" ".join(map(str, result.rejections))) == []


def test_a_file_without_headings_is_refused_without_quoting_its_first_case(tmp_path: Path) -> None:
    text = "鹦鹉,2022-05-01 10:00,叶某鹦鹉\n鹦鹉,2022-05-02 10:00,叶某鹦鹉\n"
    with new_book() as book, pytest.raises(MediationError) as refusal:
        take(book, tmp_path, text)
    assert canaries_in(str(refusal.value)) == []


def test_a_store_that_fails_tells_no_personal_value(tmp_path: Path) -> None:
    class Full(Wrapped):
        def before(self, number: int) -> None:
            raise StoreFull("There is no room left. Nothing was written.")

    with over(Full(MemoryStore())) as book, pytest.raises(StoreFull) as failure:
        take(book, tmp_path, [row(title=CANARIES[2], applicants=CANARIES[0])])
    assert canaries_in(f"{failure.value} {failure.value!r}") == []


# ---------------------------------------------------------------- the file of rejects


def test_the_rejects_file_is_for_the_owners_eyes_and_alone_holds_the_values(tmp_path: Path) -> None:
    place = tmp_path / "out"
    place.mkdir()
    rejects = place / "rejects.csv"
    with new_book() as book:
        take(book, tmp_path, shifted(1), rejects=rejects)
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600
    assert canaries_in(rejects.read_text("utf-8-sig")) == MARKS
    assert [path.name for path in place.iterdir()] == ["rejects.csv"]


def check_mended(book: Casebook, folder: Path) -> None:
    """Mend the rejects as someone would in a spreadsheet, import them, and everything is there."""
    rows = [
        row("1", title="=1+1", applicants="叶某"),
        row("2", accepted_at="bad", title="'+86 鹦鹉", applicants="钱某; 段某"),
        row("3", sessions="x", title="a;b\n=c"),
        row("4", accepted_at="2021-01-01"),
    ]
    rejects = folder / "rejects.csv"
    assert counts(take(book, folder, rows, rejects=rejects)) == (1, 0, 0, 3)
    with read_register(rejects) as file:
        cells = [dict(each.cells) for each in file]
    assert [each["title"] for each in cells] == ["+86 鹦鹉", "a;b\n=c", ""]
    mended = rejects.read_text("utf-8-sig").replace("bad", "2022-05-02").replace(",x,", ",2,")
    mended = mended.replace("2021-01-01", "2022-05-03")
    rejects.write_text(mended, "utf-8-sig")
    assert counts(take(book, folder, mended, rejects=folder / "still.csv")) == (3, 0, 0, 0)
    whole = [
        rows[0],
        {**rows[1], "accepted_at": "2022-05-02"},
        {**rows[2], "sessions": "2"},
        {**rows[3], "accepted_at": "2022-05-03"},
    ]
    assert counts(take(book, folder, csv_text(whole))) == (0, 0, 4, 0)


def test_rejected_rows_can_be_mended_and_imported_again(tmp_path: Path) -> None:
    with new_book() as book:
        check_mended(book, tmp_path)


def test_the_rejects_say_row_column_problem_and_remedy(tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.jsonl"
    with new_book() as book:
        take(book, tmp_path, [row("1"), row("2", sessions="x", accepted_at="y")], rejects=rejects)
    (found,) = map(json.loads, rejects.read_text("utf-8").splitlines())
    assert found["_row"] == 3
    assert found["_column"].splitlines() == ["sessions", "accepted_at"]
    assert len(found["_problem"].splitlines()) == len(found["_remedy"].splitlines()) == 2


@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx"])
@pytest.mark.parametrize("cell", ['"a\\u0000b"', '"\\ud800"', '["叶某 ", ""]', '["a\\u0000"]', f'"{"长" * 40_000}"'])
def test_a_cell_that_the_rejects_cannot_hold_does_not_end_the_import(tmp_path: Path, ending: str, cell: str) -> None:
    lines = [f'{{"case_no": "1", "reported_at": "bad", "dispute_type": "x", "brief": {cell}}}']
    lines += [f'{{"case_no": "{number}", "reported_at": "2022-05-01", "dispute_type": "x"}}' for number in "23"]
    path = put(tmp_path, "\n".join(lines), "register.jsonl")
    rejects = tmp_path / f"rejects.{ending}"
    with new_book() as book:
        assert counts(import_register(book, path, zone="UTC", rejects=rejects)) == (2, 0, 0, 1)
    with read_register(rejects) as file:
        (kept,) = file
    assert kept.cells["case_no"] == "1"


def test_rejects_do_not_replace_a_file_that_is_there_unless_asked(tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    rejects.write_text("mine")
    with new_book() as book:
        with pytest.raises(InvalidInput, match="there is a file already"):
            take(book, tmp_path, [row()], rejects=rejects)
        assert (rejects.read_text(), entries(book)) == ("mine", 0)
        take(book, tmp_path, [row(sessions="x")], rejects=rejects, overwrite=True)
    assert "_problem" in rejects.read_text("utf-8-sig")


# ---------------------------------------------------------------- planted faults


def test_the_canaries_are_seen_where_a_message_quotes_its_cell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cells, "described", str)
    with new_book() as book:
        result = take(book, tmp_path, shifted(0))
        assert canaries_in(" ".join(map(str, result.rejections))) != []


def test_the_mending_is_seen_to_fail_where_marks_are_not_taken_off_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(csv_files, "bare", lambda text: text)
    with new_book() as book, pytest.raises(AssertionError):
        check_mended(book, tmp_path)


def test_a_register_without_fault_leaves_no_file_of_rejects(tmp_path: Path) -> None:
    """The next run needs no --overwrite for a file that said nothing."""
    path = tmp_path / "rejects.csv"
    with new_book() as book:
        assert take(book, tmp_path, [row("1")], rejects=path).rejected == 0
        assert not path.exists()
        path.write_text("mine", "utf-8")
        with pytest.raises(InvalidInput, match=r"rejects\.csv"):
            take(book, tmp_path, [row("1")], rejects=path)
        assert path.read_text("utf-8") == "mine"
