"""The directive ``facts-tables``: every facts table, column by column, from the schemas themselves."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from community_mediation.facts import tables
from community_mediation.facts.schema import FactsSchema


def schemas() -> list[FactsSchema]:
    """The schemas that the core ships, in the order of the source."""
    return [value for value in vars(tables).values() if isinstance(value, FactsSchema)]


def described(schema: FactsSchema) -> list[str]:
    """One table as Markdown."""
    grain = " Its rows are intervals." if schema.is_interval else ""
    rows = [f"| `{column.name}` | {column.type} | {column.doc} |" for column in schema.columns]
    return [f"Version {schema.version}.{grain}", "", "| column | type | says |", "|---|---|---|", *rows, ""]


class FactsTables(SphinxDirective):
    """Writes a section for each facts table."""

    def run(self) -> list[nodes.Node]:
        """Parse each table's Markdown where the directive stands."""
        out: list[nodes.Node] = []
        for schema in schemas():
            section = nodes.section(ids=[nodes.make_id(f"facts-{schema.table}")], names=[schema.table])
            section += nodes.title("", "", nodes.literal(text=schema.table))
            self.state.nested_parse(StringList(described(schema), source=schema.table), 0, section)
            out.append(section)
        return out


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("facts-tables", FactsTables)
    return {"parallel_read_safe": True}
