"""What is said about a plugin leads its author to the place, and repeats none of the words of its errors."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from community_mediation.casebook import open_casebook
from community_mediation.errors import Blocked, PluginFailed
from community_mediation.plugins import Plugins
from community_mediation.plugins.problems import mend
from tests.casebook.samples import reported
from tests.plugins.conftest import Install
from tests.plugins.sources import HEAD, bringing


def remedy(*names: Any) -> str:
    """What is said to do about the only problem."""
    plugins = Plugins(names, strict=False)
    plugins.channels()
    (problem,) = plugins.problems
    assert "canary" not in problem.message + problem.remedy
    return problem.remedy


def test_an_import_that_fails_is_told_with_its_line(install: Install) -> None:
    install("odd", "\n\nimport canary")
    assert "(line 3 of invented_odd)" in remedy("odd")


def test_the_line_is_that_of_the_plugin_and_not_of_what_it_calls(install: Install) -> None:
    """The innermost frame is in the standard library, which is not at fault."""
    install("odd", "import json\njson.loads('canary')")
    assert "(line 2 of invented_odd)" in remedy("odd")


def test_what_cannot_be_parsed_is_told_with_its_line(install: Install) -> None:
    install("odd", "\ncanary canary")
    assert "(line 2)" in remedy("odd")


@pytest.mark.parametrize("value", ["invented_nowhere", "invented_odd.nowhere"])
def test_a_module_that_is_not_there_is_the_fault_of_the_entry_point(install: Install, value: str) -> None:
    install("odd", "", value=value)
    assert remedy("odd").startswith("Mend its entry point, which names a module that is not there")


def test_a_missing_module_that_the_plugin_imports_is_not_the_fault_of_the_entry_point(install: Install) -> None:
    install("odd", "import invented_od")
    assert "entry point" not in remedy("odd")


def test_a_hook_that_raises_is_told_with_its_line(install: Install) -> None:
    install("odd", HEAD + "@hookimpl\ndef mediation_channels():\n    raise RuntimeError('canary')")
    assert "(line 4 of invented_odd)" in remedy("odd")


def test_a_check_that_raises_is_told_with_its_line(install: Install) -> None:
    install("odd", HEAD + "@hookimpl\ndef mediation_check(event):\n    raise RuntimeError('canary')")
    with open_casebook("memory:", plugins=["odd"]) as book, pytest.raises(Blocked) as caught:
        book.save(reported())
    assert "(line 4 of invented_odd)" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_an_error_that_was_raised_elsewhere_has_no_line() -> None:
    """An answer of the wrong sort is found in the library, and a line of that would mislead."""
    assert mend(ValueError("canary"), "invented_odd") == "Mend or upgrade it"


def test_a_channel_without_a_name_is_told_what_it_needs(install: Install) -> None:
    install("odd", bringing("mediation_channels", "return [object()]"))
    assert remedy("odd") == "Each has a name (a text without blanks) and a method send."


def test_a_misspelt_name_is_told_the_nearest(install: Install, good: str) -> None:
    assert good == "good"
    assert remedy("goood") == "Did you mean 'good'?"


def test_a_name_that_is_like_no_other_is_not_guessed(good: str) -> None:
    assert remedy("my-rules") == "Install it, or drop the name."


def test_a_module_in_the_place_of_a_name_is_told_what_a_name_is() -> None:
    with pytest.raises(PluginFailed, match="enabled by name, and a module stands") as caught:
        open_casebook("memory:", plugins=[dt])  # type: ignore[list-item]
    assert "community_mediation.plugins" in str(caught.value)
    assert dt.__file__ not in str(caught.value)
