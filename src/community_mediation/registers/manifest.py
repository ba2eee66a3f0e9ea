"""Which files an export wrote into a folder: replacing the folder must not take a file of somebody else."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

MANIFEST: Final = "_export.json"
"""The file that says so. Readers of Parquet leave out what begins like that."""

LARGEST: Final = 16 * 2**20
"""A manifest with more bytes is none of ours: that would be some hundred thousand files."""


def write_manifest(folder: Path) -> None:
    """Note which files a folder holds, each with its SHA-256."""
    files = {file.relative_to(folder).as_posix(): _digest(file) for file in sorted(_files(folder))}
    (folder / MANIFEST).write_text(json.dumps({"files": files}, indent=1) + "\n", "utf-8")


def is_export(folder: Path) -> bool:
    """Whether a folder holds what an export wrote, to the byte, and no other file.

    Names alone do not tell: somebody may have put a ``case/part-0.parquet`` of their own there. What was taken away
    since may be missing.
    """
    try:
        known = _noted(folder / MANIFEST)
        return known is not None and all(
            file == folder / MANIFEST
            or (_is_ordinary(file) and _digest(file) == known.get(file.relative_to(folder).as_posix()))
            for file in _files(folder)
        )
    except OSError:
        # What cannot be read cannot be told to be ours.
        return False


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if not file.is_dir() or file.is_symlink())


def _noted(manifest: Path) -> dict[str, str] | None:
    if not _is_ordinary(manifest) or manifest.stat().st_size > LARGEST:
        return None
    try:
        files = json.loads(manifest.read_bytes())["files"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return files if isinstance(files, dict) else None


def _is_ordinary(file: Path) -> bool:
    # Neither a link, which may lead to a file of somebody else, nor a pipe, which would be waited for.
    return stat.S_ISREG(file.lstat().st_mode)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
