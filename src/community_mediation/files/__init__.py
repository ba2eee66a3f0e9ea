"""Files that leave the library: whole or not at all, and with no text that a spreadsheet would run."""

from community_mediation.files.safe_text import bare, is_safe, marked
from community_mediation.files.writing import (
    CASEBOOK,
    already_there,
    atomic_file,
    atomic_place,
    can_be_named,
    check_name,
    make_folder,
    shown,
    write_whole,
)

__all__ = [
    "CASEBOOK",
    "already_there",
    "atomic_file",
    "atomic_place",
    "bare",
    "can_be_named",
    "check_name",
    "is_safe",
    "make_folder",
    "marked",
    "shown",
    "write_whole",
]
