"""Modules are small, and what is public says what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.house.sources import modules

LIMIT = 400
# Path inside the package -> why it may be longer. Empty is the aim.
LONGER: Mapping[str, str] = {}

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def too_long(package: Path, longer: Mapping[str, str] = LONGER) -> list[str]:
    """Modules beyond the limit that no exception explains."""
    lines = {str(file.relative_to(package)): len(file.read_text("utf-8").splitlines()) for file in modules(package)}
    return [f"{name}: {count} lines" for name, count in lines.items() if count > LIMIT and name not in longer]


def undocumented(package: Path) -> list[str]:
    """Public modules, classes and functions without a docstring."""
    missing = []
    for file in modules(package):
        source = file.read_text("utf-8")
        for name, node in _public(file.stem, ast.parse(source)):
            # A package's own `__init__` without a line has nothing to say.
            if not ast.get_docstring(node) and source.strip():
                missing.append(f"{file.relative_to(package)}: {name}")
    return missing


def _public(name: str, node: Documented) -> Iterator[tuple[str, Documented]]:
    yield name, node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or child.name.startswith("_"):
            continue
        decorators = {ast.unparse(one).rpartition(".")[2] for one in child.decorator_list}
        # An overload, an override and a setter are documented where the name is.
        if decorators & {"overload", "override", "setter"}:
            continue
        if isinstance(child, ast.ClassDef):
            yield from _public(f"{name}.{child.name}", child)
        else:
            yield f"{name}.{child.name}", child


def test_no_module_is_long(package: Path) -> None:
    assert too_long(package) == []


def test_every_exception_to_the_length_is_still_needed(package: Path) -> None:
    assert set(LONGER) <= {name.partition(":")[0] for name in too_long(package, {})}


def test_everything_public_has_a_docstring(package: Path) -> None:
    assert undocumented(package) == []


def test_a_long_module_is_caught(tmp_path: Path) -> None:
    (tmp_path / "fits.py").write_text("x = 1\n" * LIMIT)
    (tmp_path / "long.py").write_text("x = 1\n" * (LIMIT + 1))
    assert too_long(tmp_path) == [f"long.py: {LIMIT + 1} lines"]
    assert too_long(tmp_path, {"long.py": "one table, best read whole"}) == []


def test_a_missing_docstring_is_caught(tmp_path: Path) -> None:
    (tmp_path / "bare.py").write_text("class Case:\n    def accept(self): ...\n    def _fold(self): ...\n")
    (tmp_path / "said.py").write_text('"""Said."""\n\ndef said():\n    """Said."""\n    def inner(): ...\n')
    assert undocumented(tmp_path) == ["bare.py: bare", "bare.py: bare.Case", "bare.py: bare.Case.accept"]
