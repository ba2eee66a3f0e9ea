"""Cells that a spreadsheet would run, and the mark that stops it: as for every other file, see ``files.safe_text``."""

from community_mediation.files.safe_text import bare, is_safe, marked

__all__ = ["bare", "is_safe", "marked"]
