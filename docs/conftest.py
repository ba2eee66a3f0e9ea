"""Runs the Python blocks of the documentation, each page in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty working directory, so that an example may write `cases.db`."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("example")
        patch.chdir(home)
        yield home


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()],
    patterns=["*.md"],
    excludes=["_build/*"],
    fixtures=["workplace"],
).pytest()
