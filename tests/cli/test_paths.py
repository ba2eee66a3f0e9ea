"""Paths that no file can have: every command says so in one line, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.helpers import REGISTER, run, tree, url

COMMANDS = {
    "export a register": "export --store {book} --out {path}.csv",
    "export a register over one that is there": "export --store {book} --out {path}.csv --overwrite",
    "export tables into a folder": "export --store {book} --out {path}.parquet",
    "export tables into a file": "export --store {book} --out {path}.sqlite",
    "import a file": "import {path}.csv --zone UTC --store {book}",
    "import by a mapping": "import in.csv --zone UTC --mapping {path}.toml --store {book}",
    "import and write rejects": "import in.csv --zone UTC --rejects {path}.csv --store {book}",
    "import into a new book": "import in.csv --zone UTC --store sqlite:///{path}.db",
    "report": "report outcomes --store {book} --out {path}.html",
    "report as tables": "report outcomes --store {book} --out {path}.csv",
    "back up": "backup --store {book} --to {path}.db",
    "copy": "copy --from {book} --to sqlite:///{path}.db",
    "demo": "demo --out {path}",
    "simulate": "simulate --store sqlite:///new.db --fit {path}.toml",
    "verify": "verify --store sqlite:///{path}.db",
    "settings": "verify --store {book} --settings {path}.toml",
}


@pytest.mark.parametrize("name", ["nul\0", "half\ud800"])
@pytest.mark.parametrize("what", COMMANDS)
def test_a_path_that_no_file_can_have_is_told_by_a_typed_error(
    book: Path, monkeypatch: pytest.MonkeyPatch, what: str, name: str
) -> None:
    """Whatever it is for; nothing is read, written or made."""
    monkeypatch.chdir(book.parent)
    Path("in.csv").write_text(REGISTER, "utf-8")
    before = tree(book.parent)
    result = run(*(word.format(book=url(book), path=name) for word in COMMANDS[what].split()))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.partition(":")[0] in (
        "StoreUnavailable",
        "UnreadableFile",
        "InvalidMapping",
        "InvalidSettings",
    )
    assert tree(book.parent) == before
