"""Reading source files without importing them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = "community_mediation"


class Import(NamedTuple):
    """One imported name: where, what, and whether it happens when the module is loaded."""

    file: Path
    room: str
    line: int
    name: str
    at_load: bool

    @property
    def top(self) -> str:
        """The first part of the name: what has to be installed."""
        return self.name.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.file.name}:{self.line} imports {self.name}"


def modules(package: Path) -> list[Path]:
    """All modules of a package, in one order."""
    return sorted(package.rglob("*.py"))


def imports(package: Path) -> Iterator[Import]:
    """Every import in a package, wherever it stands; those for type checkers only are left out."""
    for file in modules(package):
        room = file.relative_to(package).parts[0].removesuffix(".py")
        for node, at_load in _nodes(ast.parse(file.read_text("utf-8")), at_load=True):
            for name in _names(node):
                yield Import(file, room, node.lineno, name, at_load)


def _nodes(node: ast.AST, *, at_load: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield node, at_load
    children: Iterable[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        children = node.orelse
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        at_load = False
    for child in children:
        yield from _nodes(child, at_load=at_load)


def _names(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [f"{node.module}.{alias.name}" for alias in node.names]
