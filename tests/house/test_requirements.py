"""What the project needs is pinned, and its licences let everyone use it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OWN = "community-mediation"
PLUGINS = sorted(path.parent for path in (Path(__file__).parents[2] / "plugins").glob("*/pyproject.toml"))
LESSER = re.compile(r"LGPL|Lesser General Public")
COPYLEFT = re.compile(r"\bA?GPL|GNU (?:Affero )?General Public")
# Tools that are never imported at run time -> why they may be.
TOOLS: Mapping[str, str] = {
    "docutils": "builds the documentation only; public domain and BSD but for some files that Sphinx does not use",
}


def requirements(settings: Mapping[str, Any], extras: Iterable[str] = ()) -> Iterator[Requirement]:
    """What the project asks for, its own extras resolved."""
    project = settings["project"]
    lists = [project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras)]
    for requirement in (Requirement(line) for lines in lists for line in lines):
        if requirement.name == OWN:
            yield from requirements(settings, requirement.extras)
        else:
            yield requirement


def closure(asked: Iterable[Requirement]) -> dict[str, Distribution]:
    """The installed distributions that *asked* leads to."""
    found: dict[str, Distribution] = {}
    queue = [(requirement, "") for requirement in asked]
    seen: set[tuple[str, str]] = set()
    while queue:
        requirement, extra = queue.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        for wanted in {"", *requirement.extras} - {one for known, one in seen if known == name}:
            seen.add((name, wanted))
            try:
                found[name] = distribution(name)
            except PackageNotFoundError:
                continue
            queue += [(Requirement(line), wanted) for line in found[name].requires or ()]
    return found


def licence(metadata: Mapping[str, Any]) -> str:
    """What a distribution says of its licence: the expression, else the classifiers, else the first line."""
    if expression := metadata.get("license_expression"):
        return str(expression)
    named = [line for line in metadata.get("classifier", []) if line.startswith("License ::")]
    return "; ".join(named) or next(iter((metadata.get("license") or "").splitlines()), "")


def forbidden(found: Mapping[str, Mapping[str, Any]], tools: Mapping[str, str]) -> list[str]:
    """Distributions under a licence that binds their users' own code, or under none that is stated."""
    stated = {name: licence(metadata) for name, metadata in found.items() if name not in tools}
    refused = {name: text for name, text in stated.items() if COPYLEFT.search(text) or not text}
    return [f"{name}: {text or 'no licence stated'}" for name, text in refused.items()]


def unpinned(settings: Mapping[str, Any], constraints: str) -> list[str]:
    """Requirements that the constraints do not pin, or pin to a version that is not wanted."""
    pins: dict[str, list[Requirement]] = {}
    for line in constraints.splitlines():
        pin = Requirement(line)
        pins.setdefault(canonicalize_name(pin.name), []).append(pin)
    wrong = []
    for requirement in requirements(settings, settings["project"]["optional-dependencies"]):
        versions = [next(iter(pin.specifier)).version for pin in pins.get(canonicalize_name(requirement.name), [])]
        if not versions or not all(requirement.specifier.contains(one, prereleases=True) for one in versions):
            wrong.append(str(requirement))
    return wrong


def test_what_users_install_is_under_permissive_licences(settings_file: dict[str, Any]) -> None:
    """Everything that the package and its extras bring, as the installed metadata say, without exception."""
    found = closure(requirements(settings_file, ["all"]))
    assert {"attrs", "polars", "openpyxl", "altair", "pytest"} <= set(found)
    assert forbidden({name: one.metadata.json for name, one in found.items()}, {}) == []


def test_no_licence_of_users_asks_for_relinking(settings_file: dict[str, Any]) -> None:
    """LGPL stands in plugins only, which are distributions of their own."""
    found = closure(requirements(settings_file, ["all"]))
    assert [name for name, one in found.items() if LESSER.search(licence(one.metadata.json))] == []
    assert LESSER.search(licence({"license_expression": "LGPL-3.0-only"}))


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_a_plugin_is_pinned_and_free_too(root: Path, plugin: Path) -> None:
    """What its users and its tests install; LGPL is allowed there."""
    settings = tomllib.loads((plugin / "pyproject.toml").read_text("utf-8"))
    extras = settings["project"].setdefault("optional-dependencies", {})
    asked = [one for one in outside(settings, extras) if canonicalize_name(one.name) != OWN]
    bare = {"project": {"dependencies": list(map(str, asked)), "optional-dependencies": {}}}
    assert unpinned(bare, (root / "constraints.txt").read_text("utf-8")) == []
    found = closure(asked)
    assert found, "its requirements are not installed: run this by make test"
    assert forbidden({name: one.metadata.json for name, one in found.items()}, {}) == []


def outside(settings: Mapping[str, Any], extras: Iterable[str]) -> Iterator[Requirement]:
    """What a plugin asks for, with its extras."""
    project = settings["project"]
    for lines in [project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras)]:
        yield from map(Requirement, lines)


def test_what_developers_install_is_too_but_for_listed_tools(settings_file: dict[str, Any]) -> None:
    found = closure(requirements(settings_file, ["dev"]))
    assert forbidden({name: one.metadata.json for name, one in found.items()}, TOOLS) == []


def test_every_requirement_is_pinned_to_a_version_that_it_allows(root: Path, settings_file: dict[str, Any]) -> None:
    assert unpinned(settings_file, (root / "constraints.txt").read_text("utf-8")) == []


def test_a_copyleft_or_unstated_licence_is_caught() -> None:
    planted = {
        "strict": {"license_expression": "AGPL-3.0-or-later"},
        "old": {"license": "GPLv3"},
        "long": {"license": "GNU General Public License\nversion 3"},
        "silent": {},
        "lesser": {"license_expression": "LGPL-3.0-only"},
        "free": {"license": "MIT\nnot the GPL"},
        "tool": {"license": "GPL"},
    }
    caught = forbidden(planted, {"tool": "is never imported"})
    assert [line.partition(":")[0] for line in caught] == ["strict", "old", "long", "silent"]


def test_a_missing_or_unwanted_pin_is_caught() -> None:
    settings = {"project": {"dependencies": ["here>=2", "old>=2", "gone"], "optional-dependencies": {}}}
    assert unpinned(settings, "here==2.1\nold==1.9\n") == ["old>=2", "gone"]
