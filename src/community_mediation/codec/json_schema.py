"""The wire format as JSON Schema (draft 2020-12), made from the classes themselves."""

import datetime as dt
import enum
import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import attrs

from community_mediation.codec.leaves import DETAILS_TAGS
from community_mediation.domain.item import Item
from community_mediation.domain.items import ITEMS
from community_mediation.domain.matter import Event
from community_mediation.domain.validators import SENSITIVITY
from community_mediation.domain.values import Code, Milestone, Money, Period, When

_PLAIN: Final[Mapping[Any, Mapping[str, Any]]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    dt.date: {"type": "string", "format": "date"},
    When: {"type": "string", "description": "An instant with its offset, a date with its [zone], or 'unknown'."},
    Money: {"type": "string", "pattern": r"^\d+(\.\d+)? [A-Z]{3}$"},
    Code: {"type": "string", "pattern": "^[^:]+:.+$"},
    Period: {"type": "string", "description": "2022, 2022-H1, 2022-Q3, 2022-06 or 2022-01-01..2022-05-31."},
    Milestone: {
        "type": "string",
        "description": "'not_reached', 'unknown', or 'at' and a time.",
        "pattern": "^(not_reached|unknown|at .+)$",
    },
    type(None): {"type": "null"},
}


def json_schema(events: Mapping[str, type[Event]]) -> dict[str, Any]:
    """The schema of an entry's events with their private values in place, and of every class inside.

    Fields carry ``x-sensitivity``: all but ``none`` are kept in the private part.
    """
    definitions: dict[str, Any] = {}

    def of(annotation: Any) -> dict[str, Any]:
        if annotation in _PLAIN:
            return dict(_PLAIN[annotation])
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if origin is tuple:
            return {"type": "array", "items": of(arguments[0])}
        if origin in (types.UnionType, typing.Union):
            if set(DETAILS_TAGS.values()) <= set(arguments):
                return {"oneOf": [tagged("kind_of", tag, cls) for tag, cls in DETAILS_TAGS.items()]}
            return {"anyOf": [of(each) for each in arguments]}
        if annotation is Event:
            return {"$ref": "#/$defs/Event"}
        if annotation is Item:
            return {"oneOf": [tagged("what", tag, cls) for tag, cls in sorted(ITEMS.items())]}
        if issubclass(annotation, enum.Enum):
            return {"type": "string", "enum": [each.value for each in annotation]}
        name = annotation.__name__
        if name not in definitions:
            definitions[name] = {}
            definitions[name].update(of_class(annotation))
        return {"$ref": f"#/$defs/{name}"}

    def of_class(cls: Any, tag: tuple[str, str] | None = None) -> dict[str, Any]:
        properties: dict[str, Any] = {tag[0]: {"const": tag[1]}} if tag else {}
        required = [tag[0]] if tag else []
        for field in attrs.fields(cls):
            properties[field.name] = {**of(field.type), "x-sensitivity": str(field.metadata[SENSITIVITY])}
            if field.default is attrs.NOTHING:
                required.append(field.name)
        doc = (cls.__doc__ or "").strip().splitlines()
        return {
            "type": "object",
            "description": doc[0] if doc else "",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        }

    def tagged(key: str, tag: str, cls: Any) -> dict[str, Any]:
        name = f"{cls.__name__}:{tag}"
        if name not in definitions:
            definitions[name] = {}
            definitions[name].update(of_class(cls, (key, tag)))
        return {"$ref": f"#/$defs/{name}"}

    definitions["Event"] = {"oneOf": [tagged("type", tag, cls) for tag, cls in sorted(events.items())]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Events of a casebook, wire version 1",
        "type": "object",
        "properties": {
            "v": {"const": 1},
            "events": {"type": "array", "items": {"$ref": "#/$defs/Event"}},
            "digests": {"type": "object", "additionalProperties": {"type": "string", "pattern": "^[0-9a-f]{64}$"}},
        },
        "required": ["v", "events"],
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.items())),
    }
