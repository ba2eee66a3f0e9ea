"""Registers to try the library with, and tables that authorities published; the README says what each is."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from community_mediation.errors import NotFound

PublishedTable = Literal["balances", "china_by_type", "china_places", "china_series", "figures", "rates"]
"""The published tables that are shipped."""

_FOLDER: Final = Path(str(files(__name__)))
_SHOWN: Final = (".csv", ".toml")


def path(name: str) -> Path:
    """Where the shipped sample *name* lies, such as ``studio_register.csv`` or ``published/rates.csv``.

    Raises:
        NotFound: No sample has this name.
    """
    names = sorted(
        file.relative_to(_FOLDER).as_posix() for file in _FOLDER.rglob("*") if file.is_file() and file.suffix in _SHOWN
    )
    if name not in names:
        raise NotFound(f"There is no sample {name!r}. There are: {', '.join(names)}.")
    return _FOLDER / name


def published(name: PublishedTable) -> tuple[dict[str, str], ...]:
    """The rows of a published table, each with its source and how sure it is.

    Cells are the text that was printed, so that no decimal is lost: ``metrics.check_table`` takes them as they are.

    Raises:
        NotFound: No published table has this name.
    """
    with path(f"published/{name}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))
