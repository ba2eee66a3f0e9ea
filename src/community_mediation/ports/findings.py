"""Findings and objections: what is told to people without stopping anything, and what may stop an event."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from community_mediation.domain.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from community_mediation.domain.matter import Event, Matter

    Check = Callable[[Matter | None, Event, Matter], Iterable["Objection"]]
    """A check of one event: the matter before it (``None`` at a birth), the event, the matter after it."""


class Severity(enum.StrEnum):
    """How much a finding matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@frozen
class Finding:
    """Something to know about a store or a book, with its remedy."""

    code: str
    severity: Severity
    message: str
    remedy: str = ""


class Weight(enum.StrEnum):
    """What an objection does: ``BLOCK`` keeps the event from being recorded, ``WARN`` is told and lets it pass."""

    BLOCK = "block"
    WARN = "warn"


@frozen(kw_only=True)
class Objection:
    """Why an event should not, or should better not, be recorded.

    Attributes:
        code: A stable name for programs, such as ``cn.refused_ends_mediation``.
        weight: Whether it blocks or warns.
        reason: In words, and without personal data: it is shown in errors and logs.
        source: The statute, form or house rule that it comes from.
        remedy: What to do instead.
        by: Who objects: the plugin or region. The book fills it in; leave it empty.
    """

    code: str
    weight: Weight
    reason: str
    source: str = ""
    remedy: str = ""
    by: str = ""
