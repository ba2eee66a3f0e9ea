"""The line between what names no one and what does: split by sensitivity, joined again on reading."""

import functools
import types
import typing
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, cast

import attrs

from community_mediation.domain.item import Item
from community_mediation.domain.matter import Event
from community_mediation.domain.validators import SENSITIVITY, Sensitivity
from community_mediation.errors import Undecodable


@attrs.frozen
class Plan:
    """How to split one class: its own private fields, the fields with values inside, and what makes it a subject."""

    private: tuple[str, ...]
    children: tuple[str, ...]
    subject_field: str | None


def _classes(annotation: Any) -> Iterator[Any]:
    if typing.get_origin(annotation) in (types.UnionType, typing.Union, tuple):
        for each in typing.get_args(annotation):
            yield from _classes(each)
    elif isinstance(annotation, type) and attrs.has(annotation):
        yield annotation


def has_private(annotation: Any) -> bool:
    """Whether what an annotation names has private values, at any depth."""
    return any(_has_private(each) for each in _classes(annotation))


@functools.cache
def _has_private(cls: Any) -> bool:
    # An event or item stands for whichever it is, so it may hold anything.
    return cls in (Event, Item) or bool(plan_for(cls).private or plan_for(cls).children)


@functools.cache
def plan_for(cls: Any) -> Plan:
    """The plan of a class; made once."""
    fields = [field for field in attrs.fields(cls) if SENSITIVITY in field.metadata]
    private = tuple(field.name for field in fields if field.metadata[SENSITIVITY] is not Sensitivity.NONE)
    children = tuple(field.name for field in fields if has_private(field.type))
    return Plan(private, children, getattr(cls, "subject_field", None))


def split(value: Any, wire: dict[str, Any], path: str, root: str, subject: str, out: dict[str, dict[str, Any]]) -> None:
    """Move the private leaves of *wire* (the wire form of *value*) into *out*, by subject and path."""
    plan = plan_for(cast(Hashable, type(value)))
    if plan.subject_field is not None:
        subject = f"{root}/{getattr(value, plan.subject_field)}"
    for name in plan.private:
        if name in wire:
            out.setdefault(subject, {})[f"{path}/{name}"] = wire.pop(name)
    for name in plan.children:
        if name not in wire:
            continue
        child, child_wire = getattr(value, name), wire[name]
        if isinstance(child, tuple):
            for index, (each, each_wire) in enumerate(zip(child, child_wire, strict=True)):
                split(each, each_wire, f"{path}/{name}/{index}", root, subject, out)
        elif child is not None:
            split(child, child_wire, f"{path}/{name}", root, subject, out)


def join(events: Any, subject: str, values: Any, owners: dict[str, str]) -> None:
    """Put private leaves of *subject* back where their paths say, and note in *owners* whose they were.

    Raises:
        Undecodable: A path leads nowhere.
    """
    if type(values) is not dict:
        raise Undecodable("a private part without values")
    for path, leaf in values.items():
        *steps, last = path.split("/")
        place = events
        try:
            for step in steps:
                place = place[int(step)] if isinstance(place, list) else place[step]
            if type(place) is not dict or last in place:
                raise KeyError
            place[last] = leaf
        except (KeyError, IndexError, ValueError, TypeError):
            raise Undecodable("a private value belongs to no field of the body") from None
        owners[path] = subject


def check_owners(values: Sequence[Event], wires: Sequence[dict[str, Any]], owners: Mapping[str, str]) -> None:
    """Refuse private values outside the private parts, public ones inside, and those of another subject.

    Takes the private leaves out of *wires*.

    Raises:
        Undecodable: There is such a value.
    """
    out: dict[str, dict[str, Any]] = {}
    for index, (value, wire) in enumerate(zip(values, wires, strict=True)):
        split(value, wire, str(index), "", "", out)
    expected = {path: part for part, leaves in out.items() for path in leaves}
    if expected.keys() != owners.keys():
        raise Undecodable("a private value stands in the body, or a public one in a private part")
    matters = {
        subject.removesuffix(expected[path]) if subject.endswith(expected[path]) else None
        for path, subject in owners.items()
    }
    if None in matters or len(matters) > 1:
        raise Undecodable("a private value stands in the part of another subject")
