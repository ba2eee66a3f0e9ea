"""The plugins of one casebook."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import SplitResult, urlsplit

import pluggy

from community_mediation import hookspecs
from community_mediation.errors import MediationError, StoreUnavailable
from community_mediation.plugins import bringing
from community_mediation.plugins.bringing import Claim, Taken
from community_mediation.plugins.finding import BUILTINS, LIBRARY, imported
from community_mediation.plugins.fitting import Implementation, LoadedPlugin, fitted, implementations, same_plugin
from community_mediation.plugins.problems import Fault, PluginProblem, Unusable, told, unusable
from community_mediation.plugins.verdicts import SILENT, Verdict, asked
from community_mediation.ports import Store

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
    )
    from community_mediation.regions import Region

T = TypeVar("T")


class Plugins:
    """The plugins of one casebook.

    What a plugin does wrong is told with its remedy and touches no other plugin. One that
    cannot be loaded is left out as a whole; one whose hook fails, or brings what another
    has, is left out of that hook and goes on with its others, its checks above all.

    Args:
        names: The entry points to enable beside what is built in. Nothing else is imported.
        strict: Raise on the first that is wrong, as suits names that stand in code. Otherwise
            it is left out and told in ``problems``, as suits names from settings.
        required: Names that raise in any case.

    Raises:
        PluginFailed: A plugin that must work is not installed, or more than once, fails to import, is
            written for other hooks, misspells a hook or asks for an argument that its hook does not have.
    """

    def __init__(self, names: Iterable[str] = (), *, strict: bool = True, required: Iterable[str] = ()) -> None:
        self._strict = strict
        self._required = {BUILTINS, *required}
        self._problems: list[PluginProblem] = []
        self._loaded: list[LoadedPlugin] = []
        self._lock = threading.RLock()
        self._brought: dict[str, tuple[Any, ...]] = {}
        self._origins: dict[int, str] = {}
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        for name in dict.fromkeys([BUILTINS, *([names] if isinstance(names, str) else names)]):
            self._guarded(partial(self._load, name))
        # What is built in must load; that one of its hooks fails, as where a channel's folder is wrong, stops nothing.
        self._required.discard(BUILTINS)
        self._checks = tuple((each, each.module) for each in self._implementations("mediation_check"))

    @property
    def problems(self) -> tuple[PluginProblem, ...]:
        """What was wrong with plugins so far: hooks that bring things are asked when these are first needed."""
        return tuple(self._problems)

    @property
    def loaded(self) -> tuple[LoadedPlugin, ...]:
        """The plugins that were loaded, what is built in first."""
        return tuple(self._loaded)

    def _guarded(self, work: Callable[[], None]) -> None:
        """Do something for one plugin; what is wrong with it raises or is noted."""
        try:
            work()
        except Unusable as error:
            if self._strict or error.problem.plugin in self._required:
                raise error.problem.error() from error.__cause__
            self._note(error.problem)

    def _note(self, problem: PluginProblem) -> None:
        self._problems.append(problem)
        import logging

        logging.getLogger("community_mediation").warning("%s %s", problem.message, problem.remedy)

    def _load(self, name: str) -> None:
        plugin = imported(name)
        if (same := same_plugin(name, plugin, self._manager.list_name_plugin())) is not None:
            raise same
        try:
            loaded, odd = fitted(self._manager, name, plugin)
            self._manager.register(plugin, name)
        except Unusable:
            raise
        except (Exception, SystemExit) as error:
            # Whatever a plugin's object answers when it is looked at.
            raise unusable(
                name,
                Fault.IMPORT_FAILED,
                f"Plugin {name!r} cannot be looked at: {told(error)}.",
                "Mend or upgrade it, or take it off the list of plugins.",
            ) from error
        for problem in odd:
            self._note(problem)
        self._loaded.append(loaded)

    def _implementations(self, hook: str) -> list[Implementation]:
        """The implementations of a hook, what is built in first, then in the order of the names."""
        order = {each.name: number for number, each in enumerate(self._loaded)}
        return sorted(implementations(self._manager, hook), key=lambda each: order[each.plugin])

    # ---- what plugins bring

    def _all(self, hook: str, claims: Callable[[Any], Iterator[Claim]], taken: Taken | None = None) -> tuple[Any, ...]:
        with self._lock:
            if hook not in self._brought:
                claimed: Taken = {} if taken is None else taken
                result: list[Any] = []

                def ask(implementation: Implementation) -> None:
                    things = bringing.answer(implementation)
                    bringing.claim(implementation.plugin, things, claims, claimed)
                    result.extend(things)
                    self._origins.update({id(each): implementation.plugin for each in things})

                for each in self._implementations(hook):
                    self._guarded(partial(ask, each))
                self._brought[hook] = tuple(result)
            return self._brought[hook]

    def kinds(self) -> dict[str, Kind]:
        """The kinds of matter by name, the book's own included.

        Raises:
            PluginFailed: A plugin that must work fails to say what it brings, or brings a kind, a class, a table
                or a wire name that another has.
        """
        ledger = bringing.ledger_kind()
        taken: Taken = {}
        bringing.claim(LIBRARY, [ledger], bringing.claims_of_kind, taken)
        return {kind.name: kind for kind in (ledger, *self._all("mediation_matters", bringing.claims_of_kind, taken))}

    def channels(self) -> dict[str, Channel]:
        """The channels by name.

        Raises:
            PluginFailed: A plugin that must work fails to say what it brings, or brings one of a name that is taken.
        """
        return self._named("mediation_channels", "channel")

    def regions(self) -> dict[str, Region]:
        """The regions by name.

        Raises:
            PluginFailed: As for ``channels``.
        """
        return self._named("mediation_regions", "region")

    def metrics(self) -> dict[str, MetricDefinition]:
        """The metrics by name, those of the library first.

        Raises:
            PluginFailed: As for ``channels``.
        """
        return self._named("mediation_metrics", "metric")

    def _named(self, hook: str, what: str) -> dict[str, Any]:
        return {each.name: each for each in self._all(hook, bringing.claims_by_name(what))}

    def report_formats(self) -> dict[str, ReportFormat]:
        """The report formats by name.

        Raises:
            PluginFailed: As for ``channels``.
        """
        return {each.name: each for each in self._reports() if bringing.is_report_format(each)}

    def document_kinds(self) -> dict[str, DocumentKind]:
        """The kinds of documents by name.

        Raises:
            PluginFailed: As for ``channels``.
        """
        return {each.name: each for each in self._reports() if bringing.is_document_kind(each)}

    def _reports(self) -> tuple[Any, ...]:
        return self._all("mediation_report_formats", bringing.claims_of_report)

    def brought_by(self, thing: object) -> str | None:
        """The name of the plugin that brings a channel, region, metric, …; ``None`` if none does."""
        return self._origins.get(id(thing))

    def everything(self) -> None:
        """Ask every hook that brings something, so that ``problems`` is complete.

        Raises:
            PluginFailed: As for ``channels``.
        """
        for ask in (self.kinds, self.channels, self.regions, self.metrics, self.report_formats):
            ask()

    # ---- checks

    def check(self, before: Matter | None, event: Event, after: Matter) -> list[Objection]:
        """What the plugins object to an event; a check that fails is an objection that blocks, in its name."""
        return list(self.verdict(event, after.id, lambda: before, lambda: after).objections)

    def verdict(
        self, event: Event, matter_id: str, before: Callable[[], Matter | None], after: Callable[[], Matter]
    ) -> Verdict:
        """As ``check``; the matters are made only for the checks that ask for them."""
        verdict = SILENT
        # Made outside of the plugins' own calls: what fails in here is no fault of a check.
        makers: dict[str, Callable[[], Any]] = {"before": before, "after": after}
        given: dict[str, Any] = {"event": event, "matter_id": matter_id}
        for each, module in self._checks:
            for name in each.arguments:
                if name not in given:
                    given[name] = makers[name]()
            found = asked(each.plugin, each.function, module, [given[name] for name in each.arguments])
            if found is not SILENT:
                verdict += found
        return verdict

    # ---- stores

    def open_store(self, url: str, options: OpenOptions) -> Store:
        """The store that *url* names.

        Raises:
            StoreUnavailable: No plugin knows the scheme, or the store cannot be opened.
            PluginFailed: A plugin that must work failed in another way.
        """
        parts = _parts(url)
        opened: list[Store] = []

        def ask(implementation: Implementation) -> None:
            store = _opened(implementation, parts, options)
            if store is not None:
                opened.append(store)

        # As pluggy calls them: the last that was registered first, so that a plugin comes before what is built in.
        for each in reversed(implementations(self._manager, "mediation_open_store")):
            self._guarded(partial(ask, each))
            if opened:
                return opened[0]
        # A letter and a colon begin a path of Windows.
        if len(parts.scheme) < 2:
            raise StoreUnavailable(
                "That is a path, and a store is named by a URL. For a file cases.db in this folder write "
                "sqlite:///cases.db (with four slashes for a path from the root)."
            )
        failed = "".join(f" {each.message}" for each in self._problems if each.severity == "error")
        raise StoreUnavailable(
            f"No enabled plugin opens stores of scheme {parts.scheme!r}. "
            f"Built in are sqlite:///cases.db and memory: ; enable the plugin that brings another.{failed}"
        )


def _parts(url: object) -> SplitResult:
    try:
        if isinstance(url, str):
            return urlsplit(url)
    except ValueError:
        pass
    # Outside the handler: the error there quotes the URL, which may hold a password.
    raise StoreUnavailable("That is no store URL. It looks like sqlite:///cases.db or memory:")


def _opened(implementation: Implementation, parts: SplitResult, options: OpenOptions) -> Store | None:
    try:
        store = implementation(url=parts, options=options)
        if store is None or isinstance(store, Store):
            return store
        raise TypeError("not a Store")
    except (MediationError, KeyboardInterrupt):
        raise
    except (Exception, SystemExit) as error:
        raise unusable(
            implementation.plugin,
            Fault.HOOK_FAILED,
            f"Plugin {implementation.plugin!r} failed while it opened a store of scheme {parts.scheme!r}: "
            f"{type(error).__name__}.",
            "Mend or upgrade it.",
        ) from error
