"""schema: what the formats are."""

from __future__ import annotations

import attrs
import click

from community_mediation.cli.common import print_json


@click.command("schema", epilog="Example: community-mediation schema events > events.schema.json")
@click.argument("what", type=click.Choice(["events", "facts", "register"]), default="events")
@click.option("--plugin", "plugins", multiple=True, metavar="NAME", help="Enable an installed plugin.")
def schema_command(what: str, plugins: tuple[str, ...]) -> None:
    """Print a format as JSON: events (JSON Schema of the wire format), facts (tables), register (canonical columns)."""
    from community_mediation.codec import json_schema
    from community_mediation.plugins import Plugins
    from community_mediation.registers import COLUMNS

    if what == "register":
        print_json([attrs.asdict(column) for column in COLUMNS.values()])
        return
    kinds = Plugins(plugins).kinds()
    if what == "facts":
        print_json([attrs.asdict(schema) for kind in kinds.values() for schema in kind.schemas])
        return
    print_json(json_schema({name: event for kind in kinds.values() for name, event in kind.events.items()}))
