"""Lakeside, an invented place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from community_mediation import hookimpl

if TYPE_CHECKING:
    from community_mediation.regions import Region

HOOK_API = 1


@hookimpl
def mediation_regions() -> Sequence[Region]:
    """One region, ``lakeside``."""
    from lakeside_region.region import LAKESIDE

    return [LAKESIDE]
