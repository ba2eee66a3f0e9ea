"""Which plugins are installed, and the import of one that is named."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from community_mediation.plugins.problems import Fault, mend, told, unusable

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "community_mediation.plugins"
BUILTINS: Final = "community_mediation.builtins"
LIBRARY: Final = "community_mediation"
"""Whose the book's own matter is."""


def installed() -> tuple[EntryPoint, ...]:
    """The plugins that are installed, by name, without importing any."""
    # A third of what opening a book with no further plugin would take.
    from importlib.metadata import entry_points

    return tuple(sorted(entry_points(group=GROUP), key=lambda each: each.name))


def imported(name: object) -> object:
    """The plugin of that name; what is built in is imported by its name as well.

    Raises:
        Unusable: It is not installed, or more than once, or cannot be imported.
    """
    if name == BUILTINS:
        # By its name, like an outside plugin: nothing below depends on what is built in.
        return importlib.import_module(BUILTINS)
    if not isinstance(name, str):
        what = f"a {type(name).__name__}"
        raise unusable(
            what,
            Fault.NOT_INSTALLED,
            f"Plugins are enabled by name, and {what} stands in the place of one.",
            f"Install it with an entry point under {GROUP}, and give that name.",
        )
    entry = _find(name)
    try:
        return entry.load()
    except (Exception, SystemExit) as error:
        raise unusable(
            name,
            Fault.IMPORT_FAILED,
            f"Plugin {name!r} ({entry.value}) cannot be imported: {told(error)}.",
            f"{_remedy(entry, error)}, or take it off the list of plugins.",
        ) from error


def _remedy(entry: EntryPoint, error: BaseException) -> str:
    # Not entry.module: that fails where the entry point is written wrongly.
    module = entry.value.partition(":")[0].strip()
    if isinstance(error, ModuleNotFoundError) and f"{module}.".startswith(f"{error.name}."):
        return "Mend its entry point, which names a module that is not there"
    return mend(error, module)


def _find(name: str) -> EntryPoint:
    there = installed()
    # The same distribution may be seen twice on the path; that is no contradiction.
    found = {each.value: each for each in there if each.name == name}
    if not found:
        import difflib

        known = ", ".join(dict.fromkeys(each.name for each in there)) or "none"
        near = difflib.get_close_matches(name, [each.name for each in there], n=1, cutoff=0.8)
        raise unusable(
            name,
            Fault.NOT_INSTALLED,
            f"Plugin {name!r} is not installed. Installed: {known}.",
            f"Did you mean {near[0]!r}?" if near else "Install it, or drop the name.",
        )
    if len(found) > 1:
        raise unusable(
            name,
            Fault.INSTALLED_TWICE,
            f"Plugin {name!r} is installed more than once: {', '.join(sorted(found))}.",
            "Uninstall all but one.",
        )
    if name == LIBRARY:
        raise unusable(
            name, Fault.SHADOWS, f"Plugin {name!r} takes the name of the library itself.", "Rename its entry point."
        )
    return next(iter(found.values()))
