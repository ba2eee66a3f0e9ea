"""What the reference must name, and what it does name: read off the generators of ``docs/_ext``."""

from __future__ import annotations

import enum
import importlib.util
import inspect
import pkgutil
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from types import ModuleType

import community_mediation
from community_mediation import domain

WORDS = re.compile(r"`(?:cm\.)?([^`]+)`")


def extension(root: Path, name: str) -> ModuleType:
    """A module of ``docs/_ext``, which is no package."""
    spec = importlib.util.spec_from_file_location(name, root / "docs" / "_ext" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def named(lines: Collection[str]) -> set[str]:
    """The words that a generated part sets as code."""
    return {word for line in lines for word in WORDS.findall(line)}


def missing(wanted: Collection[str], lines: Collection[str]) -> list[str]:
    """What a part does not name."""
    return sorted(set(wanted) - named(lines))


def pages(root: Path) -> str:
    """The text of all pages of the reference, the glossary among them."""
    found = [*sorted((root / "docs" / "reference").glob("*.md")), root / "docs" / "glossary.md"]
    return "\n".join(page.read_text("utf-8") for page in found)


def unused(parts: Collection[str], text: str) -> list[str]:
    """Generated parts that no page shows."""
    return [name for name in parts if f"```{{generated}} {name}\n```" not in text]


def closed_lists() -> Iterator[tuple[str, enum.Enum]]:
    """Every member of every enum of the domain that data can hold, with the name of its enum."""
    for info in pkgutil.iter_modules(domain.__path__):
        module = importlib.import_module(f"{domain.__name__}.{info.name}")
        for name, value in vars(module).items():
            is_own = inspect.isclass(value) and value.__module__ == module.__name__
            if is_own and issubclass(value, enum.StrEnum) and name not in ("Move", "Sensitivity"):
                yield from ((name, member) for member in value)


def public_names() -> list[str]:
    """What ``__all__`` of the package promises."""
    return list(community_mediation.__all__)
