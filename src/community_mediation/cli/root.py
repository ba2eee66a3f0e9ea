"""The command itself; each command's module is loaded when it is called for."""

from __future__ import annotations

import difflib
import importlib
from typing import Final

import click

from community_mediation.cli.common import Commands

_HOMES: Final = {
    "demo": "demo",
    "import": "registers",
    "export": "registers",
    "cases": "cases",
    "metrics": "figures",
    "report": "papers",
    "document": "papers",
    "verify": "care",
    "health": "care",
    "rebuild-facts": "care",
    "backup": "care",
    "copy": "care",
    "erase": "care",
    "subjects": "subjects",
    "simulate": "simulate",
    "schema": "schema",
    "plugins": "parts",
    "regions": "parts",
    "formats": "parts",
    "channels": "parts",
    "doctor": "doctor",
}


class LazyCommands(Commands):
    """The commands by name, in the order of the help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return list(_HOMES)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was called for; a name that is none is answered with the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            if near := difflib.get_close_matches(args[0], _HOMES, n=1):
                ctx.fail(f"No such command {args[0]!r}. Did you mean {near[0]!r}?")
            raise

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in _HOMES:
            return None
        module = importlib.import_module(f"community_mediation.cli.{_HOMES[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command


@click.group(
    cls=LazyCommands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Data goes to stdout, talk to stderr. Exit code: 0 done, 1 failed or done in part, 2 called wrongly.",
)
@click.version_option(package_name="community-mediation")
def main() -> None:
    """Cases, parties, mediators and outcomes of community mediation."""
