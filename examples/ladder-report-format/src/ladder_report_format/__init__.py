"""How far cases came, in named columns that foot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from community_mediation import hookimpl

if TYPE_CHECKING:
    from community_mediation.ports import DocumentKind, ReportFormat

HOOK_API = 1


@hookimpl
def mediation_report_formats() -> Sequence[ReportFormat | DocumentKind]:
    """One format, ``example.ladder``."""
    from ladder_report_format.ladder import LadderReport

    return [LadderReport()]
