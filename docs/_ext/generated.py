"""The directive ``generated``: a table of the reference, made from the code: ``{generated} moves``."""

from __future__ import annotations

import enum
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import attrs
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import community_mediation
from community_mediation import domain, errors, hookspecs
from community_mediation.domain import stages
from community_mediation.domain.items import ITEMS
from community_mediation.errors import MediationError
from community_mediation.metrics import FAMILIES, Metric, describe
from community_mediation.plugins import Plugins
from community_mediation.regions.labels import label_of
from community_mediation.registers import COLUMNS


def table(headings: Sequence[str], rows: Iterator[Sequence[object]]) -> list[str]:
    """A Markdown table."""
    lines = [list(headings), ["---"] * len(headings), *([_cell(cell) for cell in row] for row in rows)]
    return ["| " + " | ".join(line) + " |" for line in lines]


def _cell(value: object) -> str:
    return " ".join(str(value).replace("``", "`").replace("|", "\\|").split())


def code(words: object) -> str:
    """One word, or several, as code."""
    if words is None:
        return "—"
    return f"`{words}`" if isinstance(words, str) else ", ".join(f"`{word}`" for word in words)  # type: ignore[attr-defined]


def summary(thing: object) -> str:
    """The first sentence of a docstring."""
    return (inspect.getdoc(thing) or "").partition("\n\n")[0].replace("\n", " ")


def in_order(names: frozenset[Any], of: type[Any]) -> list[str]:
    """Members of an enum in its own order."""
    return [each.value for each in of if each in names]


def public_names() -> list[str]:
    """What ``import community_mediation as cm`` gives, each with the line that describes it."""
    return table(["name", "says"], ((code(f"cm.{name}"), _of_name(name)) for name in community_mediation.__all__))


def _of_name(name: str) -> str:
    if name == "__version__":
        return "The installed version."
    if name == "hookimpl":
        return "Marks a function of a plugin as the implementation of the hook of the same name."
    return summary(getattr(community_mediation, name))


def public_api() -> list[str]:
    """Each public name in full, by autodoc."""
    return ["```{eval-rst}", *(line for name in community_mediation.__all__ for line in _autodoc(name)), "```"]


def _autodoc(name: str) -> list[str]:
    # The version is the installed package's, which the sources alone do not have.
    thing = None if name == "__version__" else getattr(community_mediation, name)
    if inspect.isclass(thing):
        # Of an enum the members matter, which have no docstrings; of the others what they inherit from this library.
        options = "undoc" if issubclass(thing, enum.Enum) else "inherited"
        shown = [] if issubclass(thing, Exception) else [f"   :{options}-members:"]
        if thing.__module__.startswith("community_mediation.ports."):
            shown.append("   :no-index:")  # it stands in full with the protocols
        return [f".. autoclass:: community_mediation.{name}", *shown, ""]
    return [f".. autofunction:: community_mediation.{name}", ""] if inspect.isfunction(thing) else []


def moves() -> list[str]:
    """The moves of a case, with the stages that allow each and the stage that it leads to."""

    def row(way: stages.Way) -> list[str]:
        on_file = stages.ways(stages.FILE, way.move)
        leads = code(way.target.value) if way.target is not None else "stays"
        file = (
            "any"
            if on_file is None
            else f"{code(in_order(on_file.sources, stages.FileStage))} → {code(on_file.target)}"
        )
        return [code(way.move.value), code(way.move.call), code(in_order(way.sources, stages.Process)), leads, file]

    return table(["move", "is written", "possible while", "leads to", "file"], map(row, stages.PROCESS))


def matrix() -> list[str]:
    """Which move is possible at which stage of the process: what a diagram would show."""
    headings = ["move", *(f"`{each.value}`" for each in stages.Process)]

    def cell(way: stages.Way, stage: stages.Process) -> str:
        if stage not in way.sources:
            return ""
        return "•" if way.target is None or way.target is stage else f"→ {code(str(way.target))}"

    rows = ([code(way.move.value), *(cell(way, stage) for stage in stages.Process)] for way in stages.PROCESS)
    return table(headings, rows)


def endings() -> list[str]:
    """How a case may end without an agreement, by its stage."""
    kinds = type(next(iter(next(iter(stages.ENDINGS.values())))))
    rows = ([code(stage.value), code(in_order(ways, kinds))] for stage, ways in stages.ENDINGS.items())
    return table(["stage", "may end as"], rows)


def resolution_axis() -> list[str]:
    """The axis of a resolution's own life."""
    kinds = type(next(iter(stages.RESOLUTION[0].sources)))
    rows = (
        [code(way.move.value), code(in_order(way.sources, kinds)), code(way.target.value) if way.target else "as found"]
        for way in stages.RESOLUTION
    )
    lines = table(["move", "possible while the resolution is", "leads to"], rows)
    return [*lines, "", "All stages: " + code([*kinds]) + "."]


def events() -> list[str]:
    """Every event with its wire name, by kind of matter."""
    rows = (
        [code(kind.name), code(wire), code(event.__name__), summary(event)]
        for kind in Plugins().kinds().values()
        for wire, event in kind.events.items()
    )
    return table(["kind", "wire name", "class", "says"], rows)


def items() -> list[str]:
    """Everything that ``Case.record`` notes, with its wire name and its fields."""

    def fields(cls: Any) -> str:
        own = [field.name for field in attrs.fields(cls) if field.name not in ("id", "when")]
        return code(own)

    rows = ([code(cls.__name__), code(wire), summary(cls), fields(cls)] for wire, cls in ITEMS.items())
    return table(["class", "wire name", "says", "fields"], rows)


def codes() -> list[str]:
    """Every code of the closed lists of the domain, with its Chinese label."""
    lists: dict[str, type[enum.StrEnum]] = {}
    for info in pkgutil.iter_modules(domain.__path__):
        module = importlib.import_module(f"{domain.__name__}.{info.name}")
        for name, value in vars(module).items():
            is_own = inspect.isclass(value) and value.__module__ == module.__name__
            if is_own and issubclass(value, enum.StrEnum) and name not in ("Move", "Sensitivity"):
                lists[name] = value
    rows = (
        [code(name), ", ".join(f"`{each.value}` {label_of(each).zh}" for each in members)]
        for name, members in sorted(lists.items())
    )
    return table(["list", "codes"], rows)


def metrics() -> list[str]:
    """The catalogue, family by family."""
    lines: list[str] = []
    for family, members in FAMILIES.items():
        lines += [f"### {family.capitalize()}", ""]
        for metric in members:
            lines += [f"**{metric.label.en}** ({metric.label.zh})", "", *_metric(metric), ""]
    return lines


_CODES = ("name", "table", "placed by", "from, to", "watched until")


def _metric(metric: Metric) -> list[str]:
    chinese = dict(describe(metric, "zh"))

    def said(what: str, english: str) -> object:
        if what in _CODES:
            return code(english)
        same = chinese[what] == english
        return english if same else f"{english} ({chinese[what]})"

    return table(["", ""], ([what, said(what, english)] for what, english in describe(metric)))


def register_columns() -> list[str]:
    """The columns of the canonical register."""
    rows = (
        [
            code(column.name),
            column.kind.value,
            column.doc,
            code(column.codes) if column.codes else "",
            _may(column.people),
        ]
        for column in COLUMNS.values()
    )
    return table(["column", "holds", "says", "codes", "may name someone"], rows)


def _may(people: bool) -> str:
    return "yes" if people else ""


def hooks() -> list[str]:
    """Every hook, with its contract."""
    lines: list[str] = []
    for name, hook in vars(hookspecs).items():
        if name.startswith("mediation_"):
            contract = (inspect.getdoc(hook) or "").splitlines()
            lines += [f"**`{name}{_signature(hook)}`**", "", "```text", *contract, "```", ""]
    return lines


def _signature(hook: Callable[..., object]) -> str:
    return str(inspect.signature(hook)).replace("'", "")


def error_tree() -> list[str]:
    """Every error, with its branch."""
    rows = ([code(each.__name__), code(each.__mro__[1].__name__), summary(each)] for each in all_errors(MediationError))
    return table(["error", "is a", "says"], rows)


def all_errors(root: type[MediationError]) -> Iterator[type[MediationError]]:
    """The tree of the errors, branch by branch."""
    yield root
    for branch in root.__subclasses__():
        if branch.__module__ == errors.__name__:
            yield from all_errors(branch)


PARTS: Final[dict[str, Callable[[], list[str]]]] = {
    "public-names": public_names,
    "public-api": public_api,
    "moves": moves,
    "matrix": matrix,
    "endings": endings,
    "resolution-axis": resolution_axis,
    "events": events,
    "items": items,
    "codes": codes,
    "metrics": metrics,
    "register-columns": register_columns,
    "hooks": hooks,
    "errors": error_tree,
}
"""What the directive can write, by the word that asks for it."""


class Generated(SphinxDirective):
    """Writes one part of the reference."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Parse the part's Markdown where the directive stands."""
        name = self.arguments[0]
        if name not in PARTS:
            raise self.error(f"Nothing generates {name!r}. There are: {', '.join(PARTS)}.")
        holder = nodes.container()
        self.state.nested_parse(StringList(PARTS[name](), source=name), 0, holder)
        return list(holder.children)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("generated", Generated)
    return {"parallel_read_safe": True}
