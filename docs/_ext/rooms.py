"""The directive ``room``: a module's public names, from their docstrings."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Room(SphinxDirective):
    """``automodule`` for a module of the package, from Markdown."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Hand over to autodoc."""
        name = f"community_mediation.{self.arguments[0]}"
        holder = nodes.container()
        lines = ["```{eval-rst}", f".. automodule:: {name}", "```"]
        self.state.nested_parse(StringList(lines, source=name), 0, holder)
        return list(holder.children)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("room", Room)
    return {"parallel_read_safe": True}
