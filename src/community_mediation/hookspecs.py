"""The hooks: what a plugin may bring. Each docstring is the contract.

``HOOK_API`` is the version of these contracts. Hooks grow by adding arguments;
implementations that do not ask for them go on working. A plugin may say which version it
was written for, as ``HOOK_API = 1`` beside its functions; one that this library does not
know is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult

import pluggy

if TYPE_CHECKING:
    from community_mediation.domain.matter import Event, Matter
    from community_mediation.ports import (
        Channel,
        DocumentKind,
        Kind,
        MetricDefinition,
        Objection,
        OpenOptions,
        ReportFormat,
        Store,
    )
    from community_mediation.regions import Region

PROJECT: Final = "community_mediation"
HOOK_API: Final = 1
"""The version of the contracts below."""
SUPPORTED_HOOK_APIS: Final = frozenset({1})
"""The versions that plugins may be written for."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plugin as the implementation of the hook of the same name."""


@hookspec(firstresult=True)
def mediation_open_store(url: SplitResult, options: OpenOptions) -> Store | None:
    """Open the store that *url* names.

    Called once per ``open_casebook``; the first plugin to return a store wins. Return
    ``None`` for a scheme that is not yours. Since version 1.

    Raises:
        StoreUnavailable: The scheme is yours, but the store cannot be opened.
    """
    raise NotImplementedError


@hookspec
def mediation_channels() -> Sequence[Channel]:
    """The channels that the plugin brings.

    Called once, when notices are first delivered or channels are listed. Making a channel
    must not connect: ``send`` does. Two plugins must not bring channels of one name. Since version 1.
    """
    raise NotImplementedError


@hookspec
def mediation_report_formats() -> Sequence[ReportFormat | DocumentKind]:
    """The report formats and kinds of documents that the plugin brings.

    Called once, when a report or document is first asked for or they are listed. Names
    are unique over all plugins. Since version 1.
    """
    raise NotImplementedError


@hookspec
def mediation_regions() -> Sequence[Region]:
    """The regions that the plugin brings: lists of codes, deadlines, rules, numbers, labels.

    Called once, when a region is first needed. Names are unique over all plugins. Since version 1.
    """
    raise NotImplementedError


@hookspec
def mediation_metrics() -> Sequence[MetricDefinition]:
    """The metrics that the plugin brings.

    Called once, when metrics are first asked for by name or listed. Names are unique over
    all plugins. Since version 1.
    """
    raise NotImplementedError


@hookspec
def mediation_matters() -> Sequence[Kind]:
    """The kinds of matter that the plugin brings.

    Called once per ``open_casebook``. Two plugins must not bring kinds or wire names
    that are the same. Since version 1.
    """
    raise NotImplementedError


@hookspec
def mediation_check(before: Matter | None, event: Event, after: Matter, matter_id: str) -> Iterable[Objection] | None:
    """Object to an event that is about to be recorded.

    Called for every pending event when a matter is saved, in order, beside the rules of the
    centre's region; the book's own entries (erasures, disclosures) are not judged. ``before``
    is the matter without the event (``None`` at its birth) and ``after`` with it; they are
    folded only for implementations that ask for them, so ask for what you read. Return
    nothing, or objections: one that blocks keeps the whole save from happening, one that
    warns is told and lets it pass. What is taken over from an old register (``Registered``,
    ``Amended``) happened long ago: there a block is told as a warning. A check that raises
    blocks in any case, and is named: a rule that cannot be asked is not a rule that agrees.
    Must not write to the book. Since version 1.
    """
    raise NotImplementedError
