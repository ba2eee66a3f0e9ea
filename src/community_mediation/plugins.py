"""Load plugins: what is built in, like any other, and those that are named. Installed is not enabled."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import Final
from urllib.parse import urlsplit

import pluggy

from community_mediation import hookspecs
from community_mediation.domain.ledger import BOOK, BookOpened, Disclosed, Ledger, SubjectsErased
from community_mediation.errors import MediationError, PluginFailed, StoreUnavailable
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
        PluginFailed: A named plugin is not installed, or more than once, fails to import, misspells a hook
            or asks for an argument that its hook does not have.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        # By its name, like an outside plugin: nothing below depends on what is built in.
        self._register(BUILTINS, importlib.import_module(BUILTINS))
        for name in dict.fromkeys([names] if isinstance(names, str) else names):
            self._register(name, self._import(self._find(name)))

    @staticmethod
    def _find(name: str) -> EntryPoint:
        there = installed()
        # The same distribution may be seen twice on the path; that is no contradiction.
        found = {each.value: each for each in there if each.name == name}
        if not found:
            known = ", ".join(dict.fromkeys(each.name for each in there)) or "none"
            raise PluginFailed(f"Plugin {name!r} is not installed. Installed: {known}. Install it, or drop the name.")
        if len(found) > 1:
            raise PluginFailed(
                f"Plugin {name!r} is installed more than once: {', '.join(sorted(found))}. Uninstall all but one."
            )
        return next(iter(found.values()))

    @staticmethod
    def _import(entry: EntryPoint) -> object:
        try:
            return entry.load()
        except (Exception, SystemExit) as error:
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
            PluginFailed: A plugin failed in another way.
        """
        given: object = url
        try:
            parts = urlsplit(given) if isinstance(given, str) else None
        except ValueError:
            parts = None
        if parts is None:
            raise StoreUnavailable("That is no store URL. It looks like sqlite:///cases.db or memory:")
        try:
            store: Store | None = self._manager.hook.mediation_open_store(url=parts, options=options)
        except (MediationError, KeyboardInterrupt):
            raise
        except (Exception, SystemExit) as error:
            raise PluginFailed(
                f"A plugin failed while it opened a store of scheme {parts.scheme!r}: {type(error).__name__}. "
                "Mend or upgrade it."
            ) from error
        if store is None:
            raise StoreUnavailable(
                f"No enabled plugin opens stores of scheme {parts.scheme!r}. "
                "Built in are sqlite:///cases.db and memory: ; enable the plugin that brings another."
            )
        return store

    def kinds(self) -> dict[str, Kind]:
        """The kinds of matter by name.

        Raises:
            PluginFailed: A plugin fails to say what it brings, or brings a kind, a class, a table or a wire name
                that another has.
        """
        result: dict[str, Kind] = {}
        taken: dict[tuple[str, object], tuple[str, object]] = {}
        for plugin, kind in self._brought():
            for what, name, meaning in _claims(kind):
                holder, before = taken.setdefault((what, name), (plugin, meaning))
                if before is not meaning if isinstance(meaning, Kind) else before != meaning:
                    label = name.__name__ if isinstance(name, type) else repr(name)
                    raise PluginFailed(
                        f"Plugins {holder!r} and {plugin!r} both bring {what} {label}. Enable only one of them."
                    )
            result[kind.name] = kind
        return result

    def _brought(self) -> Iterator[tuple[str, Kind]]:
        yield "community_mediation", _ledger()
        plugins = self._manager.list_name_plugin()
        for name, plugin in plugins:
            others = [other for _, other in plugins if other is not plugin]
            try:
                groups = self._manager.subset_hook_caller("mediation_matters", others)()
                kinds = [kind for group in groups for kind in group]
                if not all(isinstance(kind, Kind) for kind in kinds):
                    raise TypeError("not a Kind")
            except (Exception, SystemExit) as error:
                raise PluginFailed(
                    f"Plugin {name!r} fails to say which kinds of matter it brings: {type(error).__name__}. "
                    "Mend or upgrade it, or take it off the list of plugins."
                ) from error
            for kind in kinds:
                yield name, kind


def _claims(kind: Kind) -> Iterator[tuple[str, object, object]]:
    """What nobody else may bring, or only with the same meaning: kinds may share events, each under its one name."""
    yield "kind", kind.name, kind
    yield "class", kind.matter, kind
    for schema in kind.schemas:
        yield "table", schema.table, kind
    for wire_name, event in kind.events.items():
        yield "wire name", wire_name, event
        yield "event", event, wire_name
