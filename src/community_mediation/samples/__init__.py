"""Registers to try the library with; the README beside them says what each is."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from community_mediation.errors import NotFound


def path(name: str) -> Path:
    """Where the shipped sample *name* lies, such as ``studio_register.csv``.

    Raises:
        NotFound: No sample has this name.
    """
    folder = Path(str(files(__name__)))
    names = sorted(file.name for file in folder.iterdir() if file.suffix in (".csv", ".toml"))
    if name not in names:
        raise NotFound(f"There is no sample {name!r}. There are: {', '.join(names)}.")
    return folder / name
