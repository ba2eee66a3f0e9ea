"""A plugin that is wrong is named with the remedy, and stops nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from community_mediation.casebook import open_casebook
from community_mediation.errors import Blocked, PluginFailed
from community_mediation.plugins import BUILTINS, HOOKS, Fault, PluginProblem, Plugins
from community_mediation.ports import Severity
from community_mediation.settings import PluginSettings, Settings
from tests.casebook.hazard import found
from tests.casebook.samples import reported
from tests.plugins.conftest import Install
from tests.plugins.sources import CHANNEL, HEAD, bringing

FAULTS = {
    "not installed": (None, Fault.NOT_INSTALLED, "is not installed. Installed: ", "Install it"),
    "fails to import": ("raise RuntimeError('canary')", Fault.IMPORT_FAILED, "RuntimeError", "Mend or upgrade it"),
    "leaves": ("import sys; sys.exit('canary')", Fault.IMPORT_FAILED, "SystemExit", "Mend or upgrade it"),
    "needs what is missing": ("import canary", Fault.IMPORT_FAILED, "ModuleNotFoundError", "Mend or upgrade it"),
    "misspells a hook": (
        HEAD + "@hookimpl\ndef mediation_chanels():\n    return []",
        Fault.MISSPELT_HOOK,
        "'mediation_chanels', and there is no such hook",
        "Did its author mean 'mediation_channels'?",
    ),
    "invents a hook": (
        HEAD + "@hookimpl\ndef brew_tea():\n    return []",
        Fault.MISSPELT_HOOK,
        "'brew_tea'",
        "There are: mediation_open_store, mediation_channels",
    ),
    "asks for an unknown argument": (
        HEAD + "@hookimpl\ndef mediation_check(event, weather):\n    return []",
        Fault.UNKNOWN_ARGUMENT,
        "'mediation_check' asks for the argument 'weather'",
        "The hook has: before, event, after, matter_id.",
    ),
    "asks where there is nothing to ask for": (
        HEAD + "@hookimpl\ndef mediation_channels(book):\n    return []",
        Fault.UNKNOWN_ARGUMENT,
        "'book'",
        "The hook has: no arguments.",
    ),
    "asks by keyword": (
        HEAD + "@hookimpl\ndef mediation_check(*, event):\n    return []",
        Fault.UNKNOWN_ARGUMENT,
        "'event' by keyword only",
        "Mend it",
    ),
    "gives a default": (
        HEAD + "@hookimpl\ndef mediation_check(event=None):\n    return []",
        Fault.UNKNOWN_ARGUMENT,
        "'event' a default",
        "Mend it",
    ),
    "is of a later time": ("HOOK_API = 2", Fault.UNSUPPORTED_API, "version 2 of the hooks", "Upgrade the library"),
    "is of an earlier time": ("HOOK_API = 0", Fault.UNSUPPORTED_API, "supports: 1", "Upgrade the plugin."),
    "miswrites its version": ("HOOK_API = '1'", Fault.UNSUPPORTED_API, "no whole number", "Write HOOK_API = 1"),
    "takes True for a version": ("HOOK_API = True", Fault.UNSUPPORTED_API, "no whole number", "Write HOOK_API = 1"),
    "wraps a hook": (
        HEAD + "@hookimpl(wrapper=True)\ndef mediation_check():\n    return (yield)",
        Fault.WRAPPER,
        "wraps 'mediation_check'",
        "implement the hook",
    ),
}
"""Planted faults: source, code, what the message says, what the remedy says."""


def settings(*names: str, required: tuple[str, ...] = ()) -> Settings:
    return Settings(
        store="memory:", plugins=tuple(PluginSettings(name=name, required=name in required) for name in names)
    )


def of(problems: tuple[PluginProblem, ...], plugin: str) -> list[PluginProblem]:
    return [each for each in problems if each.plugin == plugin]


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest, install: Install) -> tuple[Fault, str, str]:
    source, code, message, remedy = FAULTS[request.param]
    if source is not None:
        install("odd", source)
    return code, message, remedy


def test_it_is_named_with_the_remedy_and_without_its_own_words(fault: tuple[Fault, str, str]) -> None:
    code, message, remedy = fault
    (problem,) = Plugins(["odd"], strict=False).problems
    assert (problem.plugin, problem.code, problem.severity) == ("odd", code, Severity.ERROR)
    assert "'odd'" in problem.message
    assert message in problem.message
    assert remedy in problem.remedy
    assert "canary" not in problem.message + problem.remedy


@pytest.mark.parametrize("order", [("odd", "good"), ("good", "odd")])
def test_the_other_plugin_of_the_same_settings_works(
    fault: tuple[Fault, str, str], good: str, order: tuple[str, str]
) -> None:
    """Its kind is saved, its channel and region are there, and its check blocks."""
    with open_casebook(settings=settings(*order)) as book:
        book.save(found("hazard-1"))
        assert "drum" in book.plugins.channels()
        assert "invented-valley" in book.plugins.regions()
        with pytest.raises(Blocked, match="nobody may record"):
            book.save(reported(by="nobody"))
        assert of(book.plugins.problems, good) == []
        assert len(of(book.plugins.problems, "odd")) == 1


def test_a_book_that_is_opened_without_it_tells_so(fault: tuple[Fault, str, str]) -> None:
    code, message, _ = fault
    with open_casebook(settings=settings("odd")) as book:
        told = [each for each in book.health() if each.code == f"plugin.{code}"]
    assert len(told) == 1
    assert told[0].severity is Severity.ERROR
    assert message in told[0].message


def test_what_stands_in_code_raises(fault: tuple[Fault, str, str], good: str) -> None:
    _, message, remedy = fault
    with pytest.raises(PluginFailed) as caught:
        open_casebook("memory:", plugins=[good, "odd"])
    assert message in str(caught.value)
    assert remedy in str(caught.value)


def test_what_is_required_keeps_the_book_shut(fault: tuple[Fault, str, str], good: str) -> None:
    with pytest.raises(PluginFailed, match="'odd'"):
        open_casebook(settings=settings(good, "odd", required=("odd",)))
    open_casebook(settings=settings(good, "odd", required=(good,))).close()


def test_what_is_named_in_code_beside_settings_is_required(fault: tuple[Fault, str, str], good: str) -> None:
    with pytest.raises(PluginFailed, match="'odd'"):
        open_casebook(settings=settings(good), plugins=["odd"])


# ---------------------------------------------------------------- twice, and two of a name


def test_what_is_installed_twice_is_left_out_and_the_other_works(install: Install, good: str) -> None:
    install("odd", HEAD)
    install("odd", HEAD, value="invented_other", distribution="other")
    plugins = Plugins(["odd", good], strict=False)
    (problem,) = plugins.problems
    assert problem.code is Fault.INSTALLED_TWICE
    assert "invented_odd, invented_other" in problem.message
    assert problem.remedy == "Uninstall all but one."
    assert "drum" in plugins.channels()


def test_one_plugin_under_two_names_is_loaded_once(install: Install, good: str) -> None:
    install("alias", "", value="invented_good")
    plugins = Plugins([good, "alias"], strict=False)
    (problem,) = plugins.problems
    assert (problem.plugin, problem.code) == ("alias", Fault.SHADOWS)
    assert "'good' and 'alias' are one and the same" in problem.message
    assert list(plugins.channels()) == ["drum"]


def test_a_plugin_cannot_take_the_name_of_the_library(install: Install) -> None:
    """Whoever is named in an error is then who it is."""
    install("community_mediation", HEAD)
    with pytest.raises(PluginFailed, match="takes the name of the library"):
        Plugins(["community_mediation"])


SHADOWS = {
    "a channel": ("channels", bringing("mediation_channels", "return [Channel('drum')]", CHANNEL), "channel 'drum'"),
    "a region": (
        "regions",
        bringing(
            "mediation_regions",
            "return [Region(name='invented-valley', title=Label('Another'))]",
            "from community_mediation.ports import Label\nfrom community_mediation.regions import Region\n",
        ),
        "region 'invented-valley'",
    ),
    "a metric": (
        "metrics",
        bringing(
            "mediation_metrics",
            "return [attrs.evolve(catalogue()['reported'], version=9)]",
            "import attrs\nfrom community_mediation.metrics import catalogue\n",
        ),
        "metric 'reported'",
    ),
    "a kind": (
        "kinds",
        bringing(
            "mediation_matters",
            "return [attrs.evolve(HAZARD, rows=lambda matter: [])]",
            "import attrs\nfrom tests.casebook.hazard import HAZARD\n",
        ),
        "kind 'hazard'",
    ),
    "a wire name": (
        "kinds",
        bringing(
            "mediation_matters",
            "return [attrs.evolve(HAZARD, name='h', matter=Other, schemas=(), events=EVENTS)]",
            "import attrs\nfrom tests.casebook.hazard import HAZARD, Hazard, HazardRectified\n"
            "EVENTS = {'hazard.found': HazardRectified}\nclass Other(Hazard):\n    pass\n",
        ),
        "wire name 'hazard.found'",
    ),
    "a table": (
        "kinds",
        bringing(
            "mediation_matters",
            "return [attrs.evolve(HAZARD, name='h', matter=Other, events={})]",
            "import attrs\nfrom tests.casebook.hazard import HAZARD, Hazard\nclass Other(Hazard):\n    pass\n",
        ),
        "table 'hazard'",
    ),
}
"""What a second plugin brings that the good one, or the library, has."""


@pytest.mark.parametrize("what", SHADOWS)
def test_who_brings_what_another_has_is_left_out_of_that_hook_and_both_are_named(
    install: Install, good: str, what: str
) -> None:
    """The first in the order of the names keeps it; the second keeps its other hooks."""
    accessor, source, says = SHADOWS[what]
    install("odd", source + HEAD + "@hookimpl\ndef mediation_check(event):\n    return [oops]")
    plugins = Plugins([good, "odd"], strict=False)
    before = getattr(Plugins([good]), accessor)()
    assert getattr(plugins, accessor)().keys() == before.keys()
    (problem,) = plugins.problems
    assert (problem.plugin, problem.code) == ("odd", Fault.SHADOWS)
    assert says in problem.message
    assert "'odd'" in problem.message
    assert f"'{good}'" in problem.message or BUILTINS in problem.message
    # Its check still is asked: what judges must not vanish with what is listed.
    failing = plugins.check(None, reported().pending[0], reported())
    assert [each.by for each in failing] == ["odd"]
    with pytest.raises(PluginFailed, match=says):
        getattr(Plugins([good, "odd"]), accessor)()


def test_a_plugin_that_brings_one_name_twice_is_told_so(install: Install) -> None:
    install("odd", bringing("mediation_channels", "return [Channel('gong'), Channel('gong')]", CHANNEL))
    with pytest.raises(PluginFailed, match="Plugin 'odd' brings twice the channel 'gong'"):
        Plugins(["odd"]).channels()


# ---------------------------------------------------------------- silent mistakes


def test_a_function_named_like_a_hook_and_not_marked_is_told(install: Install, good: str) -> None:
    """It is never called, which nobody would see."""
    install("odd", "def mediation_check(event):\n    raise RuntimeError\n")
    plugins = Plugins([good, "odd"], strict=False)
    (problem,) = plugins.problems
    assert (problem.code, problem.severity) == (Fault.UNMARKED_HOOK, Severity.WARNING)
    assert "'mediation_check' without @hookimpl" in problem.message
    assert "Mark it" in problem.remedy
    assert "odd" in [each.name for each in plugins.loaded]
    assert Plugins(["odd"]).problems == (problem,)


def test_a_hook_that_is_imported_to_be_looked_at_is_no_mistake(install: Install) -> None:
    """The control: the specification itself has the name too."""
    install("plain", HEAD + "from community_mediation.hookspecs import mediation_check\n" + bringing(
        "mediation_channels", "return []"
    ))  # fmt: skip
    assert Plugins(["plain"]).problems == ()


def test_a_plugin_without_any_hook_is_told(install: Install) -> None:
    install("odd", "nothing = None")
    (problem,) = Plugins(["odd"]).problems
    assert (problem.code, problem.severity) == (Fault.NO_HOOKS, Severity.WARNING)


def test_a_plugin_says_which_version_it_is_written_for_or_is_taken_for_one(install: Install, good: str) -> None:
    install("plain", bringing("mediation_channels", "return []"))
    said = {each.name: (each.hook_api, each.declares_api) for each in Plugins([good, "plain"]).loaded}
    assert (said[good], said["plain"]) == ((1, True), (1, False))


def test_a_plugin_may_be_an_object(install: Install) -> None:
    """Its methods are its hooks; those with another name say which one they are."""
    source = f"""{HEAD}{CHANNEL}
class Plugin:
    HOOK_API = 1

    @hookimpl
    def mediation_channels(self):
        return [Channel("gong")]

    @hookimpl(specname="mediation_check")
    def look(self, event):
        return []

plugin = Plugin()
"""
    install("thing", source, value="invented_thing:plugin")
    plugins = Plugins(["thing"])
    assert list(plugins.channels()) == ["gong"]
    (loaded,) = [each for each in plugins.loaded if each.name == "thing"]
    assert loaded.hooks == ("mediation_channels", "mediation_check")
    assert plugins.check(None, reported().pending[0], reported()) == []


def test_an_object_that_fails_when_it_is_looked_at_is_named(install: Install, good: str) -> None:
    source = "class Plugin:\n    def __dir__(self):\n        raise RuntimeError('canary')\nplugin = Plugin()\n"
    install("odd", source, value="invented_odd:plugin")
    plugins = Plugins(["odd", good], strict=False)
    (problem,) = plugins.problems
    assert problem.code is Fault.IMPORT_FAILED
    assert "canary" not in problem.message
    assert "drum" in plugins.channels()


# ---------------------------------------------------------------- installed is not enabled


def test_what_is_installed_and_not_named_is_never_imported(install: Install, good: str) -> None:
    """Not by opening a book, not by asking every hook, not by a name that is misspelt."""
    place = install("hostile", "import pathlib\npathlib.Path(__file__).with_name('was-here').touch()\nraise SystemExit")
    with open_casebook("memory:") as book:
        book.save(reported())
    with open_casebook(settings=settings(good, "hostil")) as book:
        book.plugins.everything()
    assert not (place / "was-here").exists()
    # The control: by its name it is.
    Plugins(["hostile"], strict=False)
    assert (place / "was-here").exists()


def test_what_the_settings_name_and_do_not_enable_is_never_imported(install: Install) -> None:
    place = install("hostile", "import pathlib\npathlib.Path(__file__).with_name('was-here').touch()\n")
    known = Settings(store="memory:", plugins=(PluginSettings(name="hostile", enabled=False),))
    open_casebook(settings=known).close()
    assert not (Path(place) / "was-here").exists()


@pytest.mark.parametrize(("statement", "loaded"), [("", False), ("; book.plugins.everything()", True)])
def test_opening_a_book_and_saving_load_neither_metrics_nor_reports(statement: str, loaded: bool) -> None:
    """Hooks that bring something are asked when it is needed; the control needs it."""
    code = (
        "import sys, community_mediation as cm\n"
        "from tests.casebook.samples import reported\n"
        f"book = cm.open_casebook('memory:'); book.save(reported()){statement}\n"
        "print(*sorted({'community_mediation.metrics', 'community_mediation.reports'} & {*sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    wanted = ["community_mediation.metrics", "community_mediation.reports"] if loaded else []
    assert done.stdout.split() == wanted


def test_every_hook_has_a_real_implementation_in_the_core() -> None:
    (core,) = Plugins().loaded
    assert core.name == BUILTINS
    assert set(core.hooks) == set(HOOKS)
