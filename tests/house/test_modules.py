"""Modules are small, and what is public says what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeGuard

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
    trees = {file: ast.parse(file.read_text("utf-8")) for file in modules(package)}
    classes = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    # Two classes of one name, in two modules, count as one with the bases of both.
    bases: dict[str, set[str]] = {}
    for node in classes:
        bases.setdefault(node.name, set()).update(map(_bare, node.bases))
    said = {(node.name, child.name) for node in classes for child in node.body if _named(child) and _says(child)}

    def inherits(name: str, method: str) -> bool:
        return any((base, method) in said or inherits(base, method) for base in bases.get(name, set()) - {name})

    return [
        f"{file.relative_to(package)}: {name}"
        for file, tree in trees.items()
        for name, node in _public(file.stem, tree)
        # A package's own `__init__` without a line has nothing to say.
        if not _says(node) and not (isinstance(node, ast.Module) and not node.body)
        # A method that fulfils what a base describes needs no second description.
        if not ("." in name and inherits(*name.split(".")[-2:]))
    ]


def _bare(base: ast.expr) -> str:
    return ast.unparse(base).partition("[")[0].rpartition(".")[2]


def _named(node: ast.AST) -> TypeGuard[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    return isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)


def _says(node: Documented) -> bool:
    return bool(ast.get_docstring(node))


def _public(name: str, node: Documented) -> Iterator[tuple[str, Documented]]:
    yield name, node
    for child in ast.iter_child_nodes(node):
        if not _named(child) or child.name.startswith("_"):
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


def test_a_method_that_a_base_describes_needs_no_docstring_and_its_neighbour_does(tmp_path: Path) -> None:
    """However many bases lie between, in whatever module."""
    (tmp_path / "base.py").write_text(
        '"""B."""\nclass Base:\n    """B."""\n    def split(self):\n        """Split."""\n'
    )
    (tmp_path / "child.py").write_text(
        '"""C."""\nclass Middle(base.Base): "M."\n'
        'class Child(Middle):\n    """C."""\n    def split(self): ...\n    def join(self): ...\n'
    )
    assert undocumented(tmp_path) == ["child.py: child.Child.join"]
