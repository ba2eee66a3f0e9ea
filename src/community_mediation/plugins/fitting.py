"""Whether a plugin fits the hooks: known names, known arguments, a known version of the contracts."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import pluggy

from community_mediation import hookspecs
from community_mediation.domain.frozen import frozen
from community_mediation.plugins.problems import Fault, PluginProblem, Unusable, unusable
from community_mediation.ports import Severity

HOOKS: Final = {
    name: tuple(inspect.signature(spec).parameters)
    for name, spec in vars(hookspecs).items()
    if name.startswith("mediation_")
}
"""The arguments of every hook, by the hook's name."""


@frozen(kw_only=True)
class Implementation:
    """A function of a plugin that implements a hook."""

    plugin: str
    hook: str
    function: Callable[..., Any]
    arguments: tuple[str, ...]

    @property
    def module(self) -> str:
        """The name of the module in which the function stands."""
        return str(getattr(self.function, "__module__", ""))

    def __call__(self, **given: Any) -> Any:
        """What the function says, called with the arguments that it asks for."""
        return self.function(*(given[name] for name in self.arguments))


@frozen(kw_only=True)
class LoadedPlugin:
    """A plugin that was loaded.

    Attributes:
        name: Its name.
        hook_api: The version of the contracts that it was written for.
        declares_api: Whether it says so itself; otherwise 1 is taken.
        hooks: The hooks that it implements.
    """

    name: str
    hook_api: int
    declares_api: bool
    hooks: tuple[str, ...]


def fitted(manager: pluggy.PluginManager, name: str, plugin: object) -> tuple[LoadedPlugin, list[PluginProblem]]:
    """What a plugin is, if it fits, and what is odd about it.

    Raises:
        Unusable: It does not fit.
    """
    declared = getattr(plugin, "HOOK_API", None)
    _check_api(name, declared)
    implementations = list(_marked(manager, name, plugin))
    for hook, impl in implementations:
        _check_implementation(name, hook, impl)
    odd = list(_unmarked(name, plugin, [impl.function for _, impl in implementations]))
    hooks = tuple(sorted({hook for hook, _ in implementations} & HOOKS.keys()))
    if not hooks and not odd:
        odd = [
            PluginProblem(
                plugin=name,
                code=Fault.NO_HOOKS,
                message=f"Plugin {name!r} implements no hook: enabling it does nothing.",
                remedy="Let its entry point lead to the module or object whose functions are marked with @hookimpl.",
                severity=Severity.WARNING,
            )
        ]
    return LoadedPlugin(name=name, hook_api=declared or 1, declares_api=declared is not None, hooks=hooks), odd


def implementations(manager: pluggy.PluginManager, hook: str) -> list[Implementation]:
    """The implementations of a hook, in the order in which they were registered, ``tryfirst`` last."""
    return [
        Implementation(plugin=impl.plugin_name, hook=hook, function=impl.function, arguments=tuple(impl.argnames))
        for impl in getattr(manager.hook, hook).get_hookimpls()
    ]


def _check_api(name: str, declared: object) -> None:
    supported = ", ".join(map(str, sorted(hookspecs.SUPPORTED_HOOK_APIS)))
    if declared is None or (type(declared) is int and declared in hookspecs.SUPPORTED_HOOK_APIS):
        return
    if type(declared) is not int:
        problem, remedy = "declares a HOOK_API that is no whole number", f"Write HOOK_API = {hookspecs.HOOK_API} in it."
    else:
        problem = f"is written for version {declared} of the hooks"
        behind = declared > hookspecs.HOOK_API
        remedy = (
            "Upgrade the library community-mediation, or install an earlier version of the plugin."
            if behind
            else "Upgrade the plugin."
        )
    raise unusable(
        name, Fault.UNSUPPORTED_API, f"Plugin {name!r} {problem}; this library supports: {supported}.", remedy
    )


def _marked(manager: pluggy.PluginManager, name: str, plugin: object) -> Iterator[tuple[str, pluggy.HookImpl]]:
    for attribute in dir(plugin):
        options = manager.parse_hookimpl_opts(plugin, attribute)
        if options is not None:
            yield (
                options.get("specname") or attribute,
                pluggy.HookImpl(plugin, name, getattr(plugin, attribute), options),
            )


def _check_implementation(name: str, hook: str, impl: pluggy.HookImpl) -> None:
    if hook not in HOOKS:
        if impl.optionalhook:
            return
        import difflib

        near = difflib.get_close_matches(hook, HOOKS, n=1, cutoff=0.5)
        raise unusable(
            name,
            Fault.MISSPELT_HOOK,
            f"Plugin {name!r} implements {hook!r}, and there is no such hook.",
            f"Did its author mean {near[0]!r}?" if near else f"There are: {', '.join(HOOKS)}.",
        )
    if impl.wrapper or impl.hookwrapper:
        raise unusable(
            name,
            Fault.WRAPPER,
            f"Plugin {name!r} wraps {hook!r}: each plugin answers for itself here, so that a fault has a name.",
            "Let it implement the hook instead.",
        )
    _check_arguments(name, hook, impl)


def _check_arguments(name: str, hook: str, impl: pluggy.HookImpl) -> None:
    has = f"The hook has: {', '.join(HOOKS[hook]) or 'no arguments'}."
    problem = None
    keyword_only = [
        each.name
        for each in inspect.signature(impl.function).parameters.values()
        if each.kind is each.KEYWORD_ONLY and each.default is each.empty
    ]
    if unknown := [each for each in impl.argnames if each not in HOOKS[hook]]:
        problem = f"asks for the argument {unknown[0]!r}, which the hook does not have"
    elif keyword_only:
        problem = f"asks for the argument {keyword_only[0]!r} by keyword only, and arguments are given by position"
    elif never := [each for each in impl.kwargnames if each in HOOKS[hook]]:
        problem = f"gives the argument {never[0]!r} a default, and is then never given another value"
    if problem is not None:
        raise unusable(name, Fault.UNKNOWN_ARGUMENT, f"Plugin {name!r}: its {hook!r} {problem}.", f"{has} Mend it.")


def _unmarked(name: str, plugin: object, marked: Sequence[object]) -> Iterator[PluginProblem]:
    """Functions that are named like hooks and not marked: pluggy passes over them in silence."""
    for attribute in dir(plugin):
        if not attribute.startswith("mediation_"):
            continue
        function = getattr(plugin, attribute, None)
        # The hooks themselves, imported to be looked at, are no implementations.
        if not callable(function) or function in marked or hasattr(function, f"{hookspecs.PROJECT}_spec"):
            continue
        import difflib

        near = difflib.get_close_matches(attribute, HOOKS, n=1, cutoff=0.5)
        yield PluginProblem(
            plugin=name,
            code=Fault.UNMARKED_HOOK,
            message=f"Plugin {name!r} has a function {attribute!r} without @hookimpl: it is never called.",
            remedy=f"Mark it, if {near[0] if near else 'a hook'} is meant; otherwise give it another name.",
            severity=Severity.WARNING,
        )


def same_plugin(name: str, plugin: object, others: Sequence[tuple[str, object]]) -> Unusable | None:
    """The problem of one plugin under two names."""
    for other, loaded in others:
        if loaded is plugin:
            return unusable(
                name, Fault.SHADOWS, f"Plugins {other!r} and {name!r} are one and the same.", "Enable only one of them."
            )
    return None
