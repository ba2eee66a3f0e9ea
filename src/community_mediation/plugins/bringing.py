"""What plugins bring: asked plugin by plugin, checked, and no two of one name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from community_mediation.domain.ledger import BOOK, LEDGER_EVENTS, Ledger
from community_mediation.plugins.fitting import Implementation
from community_mediation.plugins.problems import Fault, mend, told, unusable
from community_mediation.ports import Channel, DocumentKind, Kind, Label, MetricDefinition, ReportFormat

Claim = tuple[str, object, object]
"""What nobody else may bring, or only with the same meaning: what it is, its name, its meaning."""
Taken = dict[tuple[str, object], tuple[str, object]]
"""(what, name) -> who brings it, and what it means."""


def ledger_kind() -> Kind:
    """The kind of the book's own matter, which belongs to no plugin."""
    return Kind(BOOK, Ledger, LEDGER_EVENTS, (), lambda matter: (), lambda matter: ())


WHAT: Final = {
    "mediation_matters": "kinds of matter",
    "mediation_channels": "channels",
    "mediation_report_formats": "report formats and kinds of documents",
    "mediation_regions": "regions",
    "mediation_metrics": "metrics",
}
"""What each hook that brings something brings, in words."""


_A_NAME: Final = "a name (a text without blanks)"
_NEEDS: Final = {
    "mediation_matters": "Each is a community_mediation.ports.Kind.",
    "mediation_channels": f"Each has {_A_NAME} and a method send.",
    "mediation_report_formats": (
        f"Each has {_A_NAME}, a version, a title (a Label) and sources; "
        "a report format also an audience and a method render, a kind of document a method compose."
    ),
    "mediation_regions": f"Each is a community_mediation.regions.Region and has {_A_NAME}.",
    "mediation_metrics": f"Each has {_A_NAME}, a label (a Label), a grain, a source and a version.",
}
"""What each thing must be, in words: the protocols say it to programs."""


def answer(implementation: Implementation) -> list[Any]:
    """What one plugin brings through one hook, as far as it is of the right sort.

    Raises:
        Unusable: The plugin fails, or gives something else.
    """
    what, sorts = WHAT[implementation.hook], _SORTS[implementation.hook]
    cause = None
    try:
        given = implementation()
        if not isinstance(given, Sequence) or isinstance(given, str | bytes):
            remedy = "Give an empty list where there is none." if given is None else "Give a list."
            problem = f"TypeError, for {_named(given)} stands where a list belongs"
        elif wrong := [each for each in given if not any(fits(each) for fits in sorts)]:
            remedy = _NEEDS[implementation.hook]
            problem = f"TypeError, for {_named(wrong[0])} in its list is not of them"
        else:
            return list(given)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may raise anything
        cause, problem = error, told(error)
        remedy = f"{mend(error, implementation.module)}, or take it off the list of plugins."
    raise unusable(
        implementation.plugin,
        Fault.HOOK_FAILED,
        f"Plugin {implementation.plugin!r} fails to say which {what} it brings: {problem}.",
        remedy,
    ) from cause


def _named(given: object) -> str:
    return "None" if given is None else f"a {type(given).__name__}"


def _has_name(given: Any) -> bool:
    name = given.name
    return type(name) is str and 0 < len(name) <= 200 and name.isprintable() and " " not in name


def _is_kind(given: Any) -> bool:
    return isinstance(given, Kind)


def _is_channel(given: Any) -> bool:
    return isinstance(given, Channel) and _has_name(given)


def is_report_format(given: Any) -> bool:
    """Whether it can fill in a form."""
    return isinstance(given, ReportFormat) and _has_name(given) and isinstance(given.title, Label)


def is_document_kind(given: Any) -> bool:
    """Whether it can write a paper."""
    return isinstance(given, DocumentKind) and _has_name(given) and isinstance(given.title, Label)


def _is_region(given: Any) -> bool:
    from community_mediation.regions import Region

    return isinstance(given, Region) and _has_name(given)


def _is_metric(given: Any) -> bool:
    return isinstance(given, MetricDefinition) and _has_name(given) and isinstance(given.label, Label)


_SORTS: Final[dict[str, tuple[Callable[[Any], bool], ...]]] = {
    "mediation_matters": (_is_kind,),
    "mediation_channels": (_is_channel,),
    "mediation_report_formats": (is_report_format, is_document_kind),
    "mediation_regions": (_is_region,),
    "mediation_metrics": (_is_metric,),
}


def claim(plugin: str, brought: Iterable[Any], claims: Callable[[Any], Iterator[Claim]], taken: Taken) -> None:
    """Write into *taken* what *plugin* brings, all of it or nothing.

    Raises:
        Unusable: Another plugin, or this one, brings the same already.
    """
    new: Taken = {}
    for each in brought:
        for what, name, meaning in claims(each):
            holder, before = taken.get((what, name)) or new.setdefault((what, name), (plugin, meaning))
            # What holds values of a plugin's own class may not be comparable: only the thing itself is the same.
            if before is not meaning and not (isinstance(meaning, str | type) and before == meaning):
                label = name.__name__ if isinstance(name, type) else repr(name)
                both = f"Plugins {holder!r} and {plugin!r} both bring"
                raise unusable(
                    plugin,
                    Fault.SHADOWS,
                    f"{both if holder != plugin else f'Plugin {plugin!r} brings twice the'} {what} {label}.",
                    "Enable only one of them." if holder != plugin else "Mend or upgrade it.",
                )
    taken.update(new)


def claims_of_kind(kind: Kind) -> Iterator[Claim]:
    """Kinds may share events, each under its one name."""
    yield "kind", kind.name, kind
    yield "class", kind.matter, kind
    for schema in kind.schemas:
        yield "table", schema.table, kind
    for wire_name, event in kind.events.items():
        yield "wire name", wire_name, event
        yield "event", event, wire_name


def claims_by_name(what: str) -> Callable[[Any], Iterator[Claim]]:
    """Whatever is unique by its name alone."""

    def claims(thing: Any) -> Iterator[Claim]:
        yield what, thing.name, thing

    return claims


def claims_of_report(thing: Any) -> Iterator[Claim]:
    """Forms and papers have names of their own."""
    if is_report_format(thing):
        yield "report format", thing.name, thing
    if is_document_kind(thing):
        yield "document kind", thing.name, thing
