"""The directive ``command-line``: every command and option, from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from community_mediation.cli import main

PROGRAM = "community-mediation"


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """A command and all below it, each with the words that call it."""
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command)
    for word in command.list_commands(context):
        if (found := command.get_command(context, word)) is not None and not found.hidden:
            yield from commands(found, f"{name} {word}")


def described(name: str, command: click.Command) -> str:
    """What ``--help`` prints, at a width that fits the page."""
    context = click.Context(command, info_name=name, terminal_width=88, max_content_width=88, color=False)
    return command.get_help(context)


class CommandLine(SphinxDirective):
    """Writes a section for each command."""

    def run(self) -> list[nodes.Node]:
        """Show each command's help as it is printed."""
        if not isinstance(main, click.Group):
            raise self.error("The command line did not load: install the extra 'cli'.")
        out: list[nodes.Node] = []
        for name, command in commands(main, PROGRAM):
            words = name.removeprefix(f"{PROGRAM} ")
            section = nodes.section(ids=[nodes.make_id(f"command-{words}")], names=[words])
            section += nodes.title("", "", nodes.literal(text=words))
            help_text = described(name, command).splitlines()
            self.state.nested_parse(StringList(["```text", *help_text, "```"], source=name), 0, section)
            out.append(section)
        return out


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("command-line", CommandLine)
    return {"parallel_read_safe": True}
