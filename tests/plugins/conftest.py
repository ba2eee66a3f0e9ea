"""Invented plugins, installed on a path of their own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from community_mediation.plugins import GROUP

Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Puts an invented distribution on the path: ``install("name", "source of its module")``."""
    place = tmp_path / "site"
    place.mkdir()
    monkeypatch.syspath_prepend(place)
    before = set(sys.modules)

    def install(name: str, source: str, *, value: str | None = None, distribution: str | None = None) -> Path:
        module = f"invented_{name.replace('-', '_')}"
        (place / f"{module}.py").write_text(source, encoding="utf-8")
        info = place / f"{distribution or module}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution or module}\nVersion: 1\n")
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {value or module}\n")
        return place

    yield install
    for added in set(sys.modules) - before:
        if added.startswith("invented_"):
            del sys.modules[added]


@pytest.fixture
def good(install: Install) -> str:
    """A plugin that does everything right, whatever the others do."""
    from tests.plugins.sources import GOOD

    install("good", GOOD)
    return "good"
