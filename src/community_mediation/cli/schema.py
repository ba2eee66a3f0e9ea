"""schema: what the formats are."""

from __future__ import annotations

import attrs
import click

from community_mediation.cli.common import loaded, plugins_option, print_json


@click.command("schema", epilog="Example: community-mediation schema events > events.schema.json")
@click.argument("what", type=click.Choice(["events", "facts", "register"]), default="events")
@plugins_option
def schema_command(what: str, plugins: tuple[str, ...]) -> None:
    """Print a format as JSON: events (JSON Schema of the wire format), facts (tables), register (canonical columns)."""
    from community_mediation.codec import json_schema
    from community_mediation.registers import COLUMNS

    if what == "register":
        print_json([attrs.asdict(column) for column in COLUMNS.values()])
        return
    kinds = loaded(plugins).kinds()
    if what == "facts":
        print_json([attrs.asdict(schema) for kind in kinds.values() for schema in kind.schemas])
        return
    print_json(json_schema({name: event for kind in kinds.values() for name, event in kind.events.items()}))
