"""What a hook gives is looked at before anyone uses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from community_mediation.casebook import open_casebook
from community_mediation.errors import PluginFailed, StoreUnavailable
from community_mediation.plugins import Fault, Plugins
from community_mediation.ports import Channel, MetricDefinition
from community_mediation.regions import Region
from community_mediation.settings import PluginSettings, Settings
from tests.casebook.samples import reported
from tests.plugins.conftest import Install
from tests.plugins.sources import CHANNEL, HEAD, METRIC, bringing

ACCESSORS: dict[str, Callable[[Plugins], Any]] = {
    "mediation_matters": Plugins.kinds,
    "mediation_channels": Plugins.channels,
    "mediation_report_formats": Plugins.report_formats,
    "mediation_regions": Plugins.regions,
    "mediation_metrics": Plugins.metrics,
}
WRONG = {
    "None": ("return None", "None stands where a list belongs"),
    "a number": ("return 3", "a int stands where a list belongs"),
    "a text": ("return 'canary'", "a str stands where a list belongs"),
    "a generator": ("yield 3", "a generator stands where a list belongs"),
    "a list of texts": ("return ['canary']", "a str in its list is not of them"),
    "a list with None": ("return [None]", "None in its list is not of them"),
    "an error": ("raise RuntimeError('canary')", "RuntimeError"),
    "an error of its values": ("raise KeyError('canary')", "KeyError"),
    "an exit": ("raise SystemExit('canary')", "SystemExit"),
}


@pytest.mark.parametrize("hook", ACCESSORS)
@pytest.mark.parametrize("what", WRONG)
def test_a_hook_that_gives_something_else_is_named_and_the_others_are_heard(
    install: Install, good: str, hook: str, what: str
) -> None:
    body, says = WRONG[what]
    install("odd", bringing(hook, body))
    ask = ACCESSORS[hook]
    plugins = Plugins(["odd", good], strict=False)
    assert ask(plugins).keys() == ask(Plugins([good])).keys()
    (problem,) = plugins.problems
    assert (problem.plugin, problem.code) == ("odd", Fault.HOOK_FAILED)
    assert says in problem.message
    assert "canary" not in problem.message
    with pytest.raises(PluginFailed, match="'odd' fails to say which") as caught:
        ask(Plugins(["odd"]))
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("name", ["''", "None", "3", "'two words'", "'a' * 201", "'a\\n'"])
def test_what_has_no_usable_name_is_not_taken(install: Install, name: str) -> None:
    """It could not be named in settings or on the command line."""
    install("odd", bringing("mediation_channels", f"return [Channel({name})]", CHANNEL))
    with pytest.raises(PluginFailed, match="'odd'"):
        Plugins(["odd"]).channels()


def test_an_error_of_the_library_is_told_in_its_words(install: Install) -> None:
    """They name no one, and hold the remedy."""
    source = bringing(
        "mediation_channels",
        "raise MissingExtra('The drum', 'drums')",
        "from community_mediation.errors import MissingExtra\n",
    )
    install("odd", source)
    with pytest.raises(PluginFailed, match=r"community-mediation\[drums\]"):
        Plugins(["odd"]).channels()


def test_each_hook_is_asked_once(install: Install) -> None:
    """However often it is wanted."""
    source = bringing("mediation_channels", "calls.append(1)\n    return [Channel('gong')]", f"calls = []\n{CHANNEL}")
    install("counted", source + HEAD + "@hookimpl\ndef mediation_check(event):\n    assert len(calls) == 1")
    plugins = Plugins(["counted"])
    assert plugins.channels() is not plugins.channels()
    assert plugins.check(None, reported().pending[0], reported()) == []


def test_a_problem_is_told_once(install: Install) -> None:
    install("odd", bringing("mediation_channels", "return None"))
    plugins = Plugins(["odd"], strict=False)
    for _ in range(3):
        plugins.everything()
    assert len(plugins.problems) == 1


def test_what_is_brought_has_the_types_of_its_hook(install: Install, good: str) -> None:
    install("counting", bringing("mediation_metrics", "return [Count(**given)]", METRIC + _GIVEN))
    plugins = Plugins([good, "counting"])
    assert all(isinstance(each, Channel) for each in plugins.channels().values())
    assert all(isinstance(each, Region) for each in plugins.regions().values())
    assert all(isinstance(each, MetricDefinition) for each in plugins.metrics().values())
    assert plugins.brought_by(plugins.metrics()["reported_twice"]) == "counting"
    assert plugins.brought_by(plugins.channels()["drum"]) == good
    assert plugins.brought_by(object()) is None
    assert plugins.kinds().keys() > {"book", "case", "hazard"}


_GIVEN = """
import attrs
given = {field.name.lstrip("_"): getattr(catalogue()["reported"], field.name) for field in attrs.fields(Count)}
given.update(name="reported_twice", label=Label("Reported twice"))
"""


# ---------------------------------------------------------------- stores


OPENING = HEAD + "@hookimpl\ndef mediation_open_store(url):\n    {body}\n"


@pytest.mark.parametrize("body", ["raise RuntimeError('canary')", "raise SystemExit", "return 'a store'"])
def test_a_store_that_fails_is_named_and_the_next_plugin_is_asked(install: Install, body: str) -> None:
    install("odd", OPENING.format(body=body))
    known = Settings(plugins=(PluginSettings(name="odd"),))
    with open_casebook("memory:", settings=known) as book:
        book.save(reported())
        (problem,) = book.plugins.problems
    assert (problem.plugin, problem.code) == ("odd", Fault.HOOK_FAILED)
    with pytest.raises(PluginFailed, match="'odd' failed while it opened a store of scheme 'memory'") as caught:
        open_casebook("memory:", plugins=["odd"])
    assert "canary" not in str(caught.value)


def test_where_no_plugin_opens_the_store_those_that_failed_are_told(install: Install) -> None:
    install("odd", OPENING.format(body="raise RuntimeError('canary')"))
    known = Settings(plugins=(PluginSettings(name="odd"), PluginSettings(name="absent")))
    with pytest.raises(StoreUnavailable) as caught:
        open_casebook("shelf:", settings=known)
    assert "'odd' failed" in str(caught.value)
    assert "'absent' is not installed" in str(caught.value)
    assert "canary" not in str(caught.value)
