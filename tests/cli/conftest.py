"""A small book to look at, made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.helpers import REGISTER, ok, url


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COMMUNITY_MEDIATION_STORE", "COMMUNITY_MEDIATION_SETTINGS", "COMMUNITY_MEDIATION_OUTBOX"):
        monkeypatch.delenv(name, raising=False)
    # A settings file in the working directory would count.
    assert not (Path.cwd() / "community-mediation.toml").exists()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    register = folder / "register.csv"
    register.write_text(REGISTER, "utf-8")
    ok("import", register, "--store", url(folder / "book.db"), "--zone", "Asia/Shanghai")
    return folder / "book.db"


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    """A copy of the book, to do with it what one likes."""
    return Path(shutil.copy(made, tmp_path / "book.db"))
