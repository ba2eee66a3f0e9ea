"""Importing the library is cheap, and each room takes from outside only what is its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.house.sources import PACKAGE, Import, imports

# What costs time or memory to import, and the rooms that may do so when they are loaded.
HEAVY: dict[str, set[str]] = {
    "altair": set(),
    "click": {"cli"},
    "defusedxml": set(),
    "hypothesis": {"testing"},
    "narwhals": set(),
    "openpyxl": set(),
    "pandas": set(),
    "polars": set(),
    "pyarrow": set(),
    "pytest": {"testing"},
    "rich": {"cli"},
    "vl_convert": set(),
    "xlsxwriter": set(),
}
DISTRIBUTION = {"vl_convert": "vl-convert-python"}


def early(package: Path) -> list[Import]:
    """Heavy libraries that are imported when a module is loaded."""
    return [one for one in imports(package) if one.at_load and one.top in HEAVY and one.room not in HEAVY[one.top]]


def worldly(package: Path) -> list[Import]:
    """What the domain imports beyond attrs, the standard library and this package."""
    own = {*sys.stdlib_module_names, "attrs", PACKAGE}
    return [one for one in imports(package) if one.room == "domain" and one.top not in own]


def undeclared(package: Path, settings: dict[str, Any]) -> list[Import]:
    """What is imported and stands in no list of requirements."""
    project = settings["project"]
    listed = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    known = {re.split(r"[^\w.-]", one)[0].lower() for one in listed}
    outside = [one for one in imports(package) if one.top not in {*sys.stdlib_module_names, PACKAGE}]
    return [one for one in outside if DISTRIBUTION.get(one.top, one.top.replace("_", "-")) not in known]


def facade(package: Path) -> list[Import]:
    """What takes a name from the public face, and so goes round the layers."""
    rooms = {path.stem for path in package.iterdir()} | {"__version__"}
    inside = [one for one in imports(package) if one.top == PACKAGE and one.file != package / "__init__.py"]
    return [one for one in inside if one.name.partition(".")[2].partition(".")[0] not in rooms]


def test_heavy_libraries_are_imported_inside_functions_only(package: Path) -> None:
    assert [str(one) for one in early(package)] == []


def test_the_domain_imports_attrs_and_nothing_else_from_outside(package: Path) -> None:
    assert [str(one) for one in worldly(package)] == []


def test_what_is_imported_is_declared(package: Path, settings_file: dict[str, Any]) -> None:
    assert [str(one) for one in undeclared(package, settings_file)] == []


def test_no_module_goes_round_the_layers_by_the_public_face(package: Path) -> None:
    assert [str(one) for one in facade(package)] == []


@pytest.mark.parametrize(
    ("body", "caught"),
    [
        ("import polars", True),
        ("import polars.selectors as cs", True),
        ("from polars import DataFrame", True),
        ("try:\n    import polars\nexcept ImportError:\n    polars = None", True),
        ("class Table:\n    import polars", True),
        ("if TYPE_CHECKING:\n    pass\nelse:\n    import polars", True),
        ("def table():\n    import polars", False),
        ("class Table:\n    async def rows(self):\n        import polars", False),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import polars", False),
        ("import polarity", False),
    ],
)
def test_an_early_heavy_import_is_caught(tmp_path: Path, body: str, caught: bool) -> None:
    (tmp_path / "metrics.py").write_text(body)
    assert bool(early(tmp_path)) is caught


def test_only_the_command_line_may_load_click(tmp_path: Path) -> None:
    for room in ("cli", "reports"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "table.py").write_text("import click")
    assert [one.room for one in early(tmp_path)] == ["reports"]


def test_a_worldly_domain_is_caught(tmp_path: Path) -> None:
    """Wherever the import hides, for the domain has no use for it at all."""
    (tmp_path / "domain").mkdir()
    (tmp_path / "domain" / "case.py").write_text("import re, attrs\ndef load():\n    import cattrs")
    assert [one.name for one in worldly(tmp_path)] == ["cattrs"]


def test_an_undeclared_import_is_caught(tmp_path: Path, settings_file: dict[str, Any]) -> None:
    (tmp_path / "codec.py").write_text("import json, attrs, vl_convert, leftpad")
    assert [one.name for one in undeclared(tmp_path, settings_file)] == ["leftpad"]


def test_a_way_round_the_layers_is_caught(tmp_path: Path) -> None:
    (tmp_path / "errors.py").write_text(f"from {PACKAGE} import Case\nfrom {PACKAGE} import ports\nimport {PACKAGE}")
    (tmp_path / "ports.py").write_text(f"from {PACKAGE}.errors import NotFound")
    assert [one.name for one in facade(tmp_path)] == [f"{PACKAGE}.Case", PACKAGE]


def modules_after(statement: str, path: Path) -> set[str]:
    """What a fresh interpreter has loaded after *statement*."""
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(path)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def loaded_by(statement: str, path: Path) -> set[str]:
    """The heavy libraries among that."""
    return set(HEAVY) & modules_after(statement, path)


def test_importing_the_library_loads_nothing_heavy(root: Path) -> None:
    """Neither at import nor by what that imports in turn."""
    assert loaded_by(f"import {PACKAGE}; {PACKAGE}.__all__", root / "src") == set()


def test_a_heavy_library_that_is_loaded_is_seen(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text("import openpyxl")
    assert "openpyxl" in loaded_by("import planted", tmp_path)


USE = f"""
import datetime as dt
import {PACKAGE} as cm
at = cm.When.at(dt.datetime(2022, 5, 14, tzinfo=dt.UTC))
dispute = cm.Dispute(type=cm.Code("neutral", "housing"))
with cm.open_casebook("memory:") as book:
    case = book.save(cm.Case.report(id=book.new_id(), centre="c1", dispute=dispute, at=at, by="desk-1"))
    assert book.get(case.id) == case and book.verify().is_whole
"""


def test_a_book_of_sound_entries_needs_no_cattrs(root: Path) -> None:
    """It takes as long to load as all of the domain, and only reads what is not plain."""
    assert "cattrs" not in modules_after(USE, root / "src")


def test_an_entry_that_is_not_plain_is_read_by_cattrs(root: Path) -> None:
    """The control of the test above."""
    strictly = f"{USE}\nfrom {PACKAGE}.codec import Codec\nCodec({{}})._converter"
    assert "cattrs" in modules_after(strictly, root / "src")
