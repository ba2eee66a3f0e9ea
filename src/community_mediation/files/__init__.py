"""Files that leave the library: whole or not at all, and with no text that a spreadsheet would run."""

from community_mediation.files.safe_text import bare, is_safe, marked
from community_mediation.files.writing import CASEBOOK, already_there, atomic_file, atomic_place, shown, write_whole

__all__ = [
    "CASEBOOK",
    "already_there",
    "atomic_file",
    "atomic_place",
    "bare",
    "is_safe",
    "marked",
    "shown",
    "write_whole",
]
