"""Load plugins: what is built in, like any other, and those that are named. Installed is not enabled."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Final
from urllib.parse import urlsplit

import pluggy

from community_mediation import hookspecs
from community_mediation.domain.ledger import BOOK, BookOpened, Disclosed, Ledger, SubjectsErased
from community_mediation.errors import PluginFailed, StoreUnavailable
from community_mediation.ports import Kind, OpenOptions, Store

GROUP: Final = "community_mediation.plugins"
BUILTINS: Final = "community_mediation.builtins"


def _ledger() -> Kind:
    events = {"book.opened": BookOpened, "book.subjects_erased": SubjectsErased, "book.disclosed": Disclosed}
    return Kind(BOOK, Ledger, events, (), lambda matter: (), lambda matter: ())


def installed() -> tuple[EntryPoint, ...]:
    """The plugins that are installed, by name, without importing any."""
    return tuple(sorted(entry_points(group=GROUP), key=lambda each: each.name))


class Plugins:
    """The plugins of one casebook.

    Args:
        names: The entry points to enable beside what is built in. Nothing else is imported.

    Raises:
        PluginFailed: A named plugin is not installed, fails to import, misspells a hook or asks for
            an argument that its hook does not have.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        # By its name, like an outside plugin: nothing below depends on what is built in.
        self._register(BUILTINS, importlib.import_module(BUILTINS))
        there = {each.name: each for each in installed()}
        for name in names:
            if name not in there:
                known = ", ".join(there) or "none"
                raise PluginFailed(
                    f"Plugin {name!r} is not installed. Installed: {known}. Install it, or drop the name."
                )
            self._register(name, self._import(there[name]))

    @staticmethod
    def _import(entry: EntryPoint) -> object:
        try:
            return entry.load()
        except Exception as error:
            raise PluginFailed(
                f"Plugin {entry.name!r} ({entry.value}) cannot be imported: {type(error).__name__}. "
                "Mend or upgrade it, or take it off the list of plugins."
            ) from error

    def _register(self, name: str, plugin: object) -> None:
        try:
            self._manager.register(plugin, name)
            self._manager.check_pending()
        except (pluggy.PluginValidationError, ValueError) as error:
            raise PluginFailed(f"Plugin {name!r} does not fit the hooks: {error}") from None

    def open_store(self, url: str, options: OpenOptions) -> Store:
        """The store that *url* names.

        Raises:
            StoreUnavailable: No plugin knows the scheme, or the store cannot be opened.
        """
        try:
            parts = urlsplit(url)
        except ValueError:
            raise StoreUnavailable("That is no store URL. It looks like sqlite:///cases.db or memory:") from None
        store: Store | None = self._manager.hook.mediation_open_store(url=parts, options=options)
        if store is None:
            raise StoreUnavailable(
                "A store is named by its URL, such as sqlite:///cases.db."
                if not parts.scheme
                else f"No enabled plugin opens stores of scheme {parts.scheme!r}. "
                "Built in are sqlite:///cases.db and memory: ; enable the plugin that brings another."
            )
        return store

    def kinds(self) -> dict[str, Kind]:
        """The kinds of matter by name.

        Raises:
            PluginFailed: Two plugins bring a kind, a table or a wire name that is the same.
        """
        result = {BOOK: _ledger()}
        brought: Sequence[Sequence[Kind]] = self._manager.hook.mediation_matters()
        tables: set[str] = set()
        events: dict[str, type] = {}
        for kind in (each for group in reversed(brought) for each in group):
            clash = {schema.table for schema in kind.schemas} & tables
            clash |= {name for name, event in kind.events.items() if events.setdefault(name, event) is not event}
            if kind.name in result or clash:
                raise PluginFailed(
                    f"Two plugins bring {', '.join(sorted(clash)) or kind.name!r}. Enable only one of them."
                )
            tables |= {schema.table for schema in kind.schemas}
            result[kind.name] = kind
        return result
