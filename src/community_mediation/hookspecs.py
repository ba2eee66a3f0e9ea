"""The hooks: what a plugin may bring. Each docstring is the contract.

``HOOK_API`` is the version of these contracts. Hooks grow by adding arguments;
implementations that do not ask for them go on working.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult

import pluggy

if TYPE_CHECKING:
    from community_mediation.ports import Kind, OpenOptions, Store

PROJECT: Final = "community_mediation"
HOOK_API: Final = 1

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
def mediation_matters() -> Sequence[Kind]:
    """The kinds of matter that the plugin brings.

    Called once per ``open_casebook``. Two plugins must not bring kinds or wire names
    that are the same. Since version 1.
    """
    raise NotImplementedError
