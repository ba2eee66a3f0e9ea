"""The reference names everything that can be called, counted, stored or caught."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

import community_mediation as cm
from community_mediation import errors, hookspecs
from community_mediation.cli import main
from community_mediation.domain.items import ITEMS
from community_mediation.domain.stages import Move
from community_mediation.plugins import Plugins
from tests.docs.reference import closed_lists, extension, missing, named, pages, public_names, unused


@pytest.fixture(scope="module")
def root() -> Path:
    return Path(__file__).parents[2]


@pytest.fixture(scope="module")
def generated(root: Path) -> ModuleType:
    return extension(root, "generated")


@pytest.fixture(scope="module")
def wanted() -> dict[str, Collection[str]]:
    """What each generated part must name, asked of the code by another way than the generator's."""
    kinds = Plugins().kinds().values()
    return {
        "public-names": public_names(),
        "moves": list(Move),
        "items": [cls.__name__ for cls in ITEMS.values()],
        "matrix": list(Move),
        "events": [name for kind in kinds for wire, event in kind.events.items() for name in (wire, event.__name__)],
        "metrics": list(cm.metrics.catalogue()),
        "register-columns": list(cm.registers.COLUMNS),
        "errors": [
            name
            for name, value in vars(errors).items()
            if isinstance(value, type) and issubclass(value, errors.MediationError)
        ],
    }


LISTS = ("public-names", "moves", "matrix", "events", "items", "metrics", "register-columns", "errors")


@pytest.mark.parametrize("part", LISTS)
def test_the_reference_names_all(generated: ModuleType, wanted: dict[str, Any], part: str) -> None:
    assert missing(wanted[part], generated.PARTS[part]()) == []


def test_every_public_name_says_something(generated: ModuleType) -> None:
    rows = [line.split(" | ") for line in generated.public_names()[2:]]
    assert [name for name, says in rows if says.strip(" |") == ""] == []


def test_every_class_and_function_among_the_public_names_stands_in_full(generated: ModuleType) -> None:
    lines = generated.public_api()
    modules = {"deliveries", "errors", "events", "items", "metrics", "regions", "registers", "reports", "settings"}
    modules |= {"hookimpl", "__version__"}
    assert [
        name for name in public_names() if not any(line.endswith(f"community_mediation.{name}") for line in lines)
    ] == [name for name in public_names() if name in modules]


def test_every_hook_stands_with_its_contract(generated: ModuleType) -> None:
    text = "\n".join(generated.hooks())
    hooks = [name for name in vars(hookspecs) if name.startswith("mediation_")]
    assert hooks
    assert [name for name in hooks if f"`{name}(" not in text] == []
    assert text.count("Since version") == len(hooks)


def test_every_facts_table_and_column_stands_in_the_reference(root: Path) -> None:
    facts_tables = extension(root, "facts_tables")
    shown = {schema.table: named(facts_tables.described(schema)) for schema in facts_tables.schemas()}
    schemas = [schema for kind in Plugins().kinds().values() for schema in kind.schemas]
    assert {schema.table for schema in schemas} == set(shown)
    assert [
        f"{schema.table}.{name}" for schema in schemas for name in schema.names if name not in shown[schema.table]
    ] == []


def documented_commands(root: Path, group: click.Group) -> set[str]:
    found = extension(root, "commands").commands(group, "community-mediation")
    return {name for name, _ in found}


def leaves(group: click.Group, prefix: str) -> set[str]:
    """The commands, by another way: what the group says can be called."""
    context = click.Context(group)
    result: set[str] = set()
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        result |= leaves(command, f"{prefix} {word}") if isinstance(command, click.Group) else {f"{prefix} {word}"}
    return result


def test_every_command_stands_in_the_reference(root: Path) -> None:
    assert isinstance(main, click.Group)
    assert documented_commands(root, main) == leaves(main, "community-mediation")


def test_every_option_of_a_command_says_something(root: Path) -> None:
    """But for `--help`, and a choice that lists what it takes."""
    assert isinstance(main, click.Group)
    silent = [
        f"{name} {option.opts[0]}"
        for name, command in extension(root, "commands").commands(main, "community-mediation")
        for option in command.params
        if isinstance(option, click.Option) and not option.help and not isinstance(option.type, click.Choice)
    ]
    assert silent == []


def test_every_generated_part_stands_on_a_page(root: Path, generated: ModuleType) -> None:
    assert unused(generated.PARTS, pages(root)) == []


def test_the_glossary_has_every_code_of_the_closed_lists(generated: ModuleType) -> None:
    """With its Chinese beside it."""
    text = "\n".join(generated.codes())
    codes = {member.value for _, member in closed_lists()}
    assert len(codes) > 80
    assert [code for code in sorted(codes) if f"`{code}` " not in text] == []


def test_every_key_of_a_mapping_stands_in_the_reference(root: Path) -> None:
    from community_mediation.registers import checking

    text = (root / "docs" / "reference" / "registers.md").read_text("utf-8")
    assert [key for key in checking._KEYS if f"`{key}`" not in text and f"`[{key}" not in text] == []


# ---- controls


@pytest.mark.parametrize("part", ["public-names", "moves", "matrix", "events", "metrics", "register-columns", "errors"])
def test_a_name_that_is_left_out_is_caught(generated: ModuleType, wanted: dict[str, Any], part: str) -> None:
    lines = generated.PARTS[part]()
    for left_out in wanted[part]:
        cut = [line for line in lines if f"`{left_out}`" not in line and f"`cm.{left_out}`" not in line]
        assert left_out in missing(wanted[part], cut)


def test_a_new_error_and_a_new_metric_would_be_caught(generated: ModuleType) -> None:
    assert missing(["StoreOnFire"], generated.error_tree()) == ["StoreOnFire"]
    assert missing(["resolution_rate"], generated.metrics()) == ["resolution_rate"]


def test_a_part_that_no_page_shows_is_caught() -> None:
    assert unused(["moves", "events"], "```{generated} moves\n```\n") == ["events"]


def test_a_command_that_is_left_out_is_caught(root: Path) -> None:
    @click.group()
    def group() -> None:
        """A group."""

    @group.command(hidden=True)
    def planted() -> None:
        """A command that the reference passes over."""

    assert documented_commands(root, group) != leaves(group, "community-mediation")
