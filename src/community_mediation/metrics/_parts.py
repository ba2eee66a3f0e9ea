"""Names with counts, and the reason of a figure without a value."""

from __future__ import annotations

Parts = tuple[tuple[str, int], ...]
"""Names with counts, in the order of the definition."""


def absent(unknown: int, undated: int) -> str:
    """Why a figure has no value, by what is not known; empty if nothing is."""
    return ", ".join(f"{name}: {count:,}" for name, count in (("unknown", unknown), ("undated", undated)) if count)
