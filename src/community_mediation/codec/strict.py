"""A cattrs converter that takes exactly what the model says, and errors that say what and where."""

import re
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from community_mediation.codec.leaves import DETAILS_TAGS, READ, WRITTEN
from community_mediation.domain.item import Item
from community_mediation.domain.items import ITEMS
from community_mediation.domain.matter import Event
from community_mediation.domain.values import Code, Milestone, Money, Period, When
from community_mediation.errors import InvalidValue, Undecodable


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _text(value: Any) -> str:
    if type(value) is not str:
        raise Undecodable(f"{_kind(value)} stands where a text belongs")
    return value


def _exact(wanted: type, name: str) -> Callable[[Any, Any], Any]:
    def structure(value: Any, _: Any) -> Any:
        if type(value) is not wanted:
            raise Undecodable(f"{_kind(value)} stands where {name} belongs")
        return value

    return structure


def _parsed(parse: Callable[[str], Any]) -> Callable[[Any, Any], Any]:
    return lambda value, _: parse(_text(value))


def _enum(value: Any, wanted: Any) -> Any:
    try:
        return wanted(_text(value))
    except ValueError:
        raise Undecodable(
            f"not a code of {wanted.__name__}", remedy=f"It has: {', '.join(each.value for each in wanted)}."
        ) from None


def _text_or_code(value: Any, wanted: Any) -> Any:
    # cattrs finds the hook of str for every StrEnum too, and its own coercing hook for a str that has none.
    return _text(value) if wanted is str else _enum(value, wanted)


def _is_tuple(annotation: Any) -> bool:
    return typing.get_origin(annotation) is tuple


def _is_event(annotation: Any) -> bool:
    return annotation is Event


def _is_item(annotation: Any) -> bool:
    return annotation is Item


def _is_details(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (types.UnionType, typing.Union) and set(typing.get_args(annotation)) == set(
        DETAILS_TAGS.values()
    )


def strict_converter(events: Mapping[str, type[Event]]) -> Converter:
    """The converter for the model, knowing *events* by their wire names."""
    converter = Converter(detailed_validation=True, forbid_extra_keys=True)
    converter.register_structure_hook(str, _text_or_code)
    converter.register_structure_hook(bool, _exact(bool, "true or false"))
    converter.register_structure_hook(int, _exact(int, "a whole number"))
    for cls, parse in READ.items():
        converter.register_structure_hook(cls, _parsed(parse))
    for cls, write in WRITTEN.items():
        converter.register_unstructure_hook(cls, write)

    def attrs_structure(cls: Any) -> Callable[[Any, Any], Any]:
        generated = make_dict_structure_fn(cls, converter, _cattrs_forbid_extra_keys=True)

        def structure(value: Any, wanted: Any) -> Any:
            if type(value) is not dict:
                raise Undecodable(f"{_kind(value)} stands where an object belongs")
            return generated(value, wanted)

        return structure

    plain = {When, Money, Code, Period, Milestone, Event, Item}
    converter.register_structure_hook_factory(lambda each: attrs.has(each) and each not in plain, attrs_structure)

    def attrs_unstructure(cls: Any) -> Callable[[Any], dict[str, Any]]:
        generated = make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True)
        if not issubclass(cls, Item):
            return generated

        def unstructure(value: Any) -> dict[str, Any]:
            wire = generated(value)
            # Dangers have been written with their id first since before an id could be left out.
            return wire if value.id is None else {"id": wire.pop("id"), **wire}

        return unstructure

    converter.register_unstructure_hook_factory(lambda each: attrs.has(each) and each not in plain, attrs_unstructure)

    def tuple_structure(annotation: Any) -> Callable[[Any, Any], Any]:
        item = typing.get_args(annotation)[0]
        structure_item = converter.get_structure_hook(item)

        def structure(value: Any, _: Any) -> tuple[Any, ...]:
            if type(value) is not list:
                raise Undecodable(f"{_kind(value)} stands where a list belongs")
            result, problems = [], []
            for index, each in enumerate(value):
                try:
                    result.append(structure_item(each, item))
                except Exception as error:  # noqa: BLE001 - collected, located and raised below
                    error.add_note(IterableValidationNote("", index, item))
                    problems.append(error)
            if problems:
                raise IterableValidationError("", problems, annotation)
            return tuple(result)

        return structure

    converter.register_structure_hook_factory(_is_tuple, tuple_structure)
    converter.register_unstructure_hook_func(_is_tuple, lambda value: [converter.unstructure(each) for each in value])
    _register_tagged(converter, _is_event, "type", events, "events")
    _register_tagged(converter, _is_item, "what", ITEMS, "things that a case notes")
    _register_tagged(converter, _is_details, "kind_of", DETAILS_TAGS, "details")
    return converter


def _register_tagged(
    converter: Converter, predicate: Callable[[Any], bool], key: str, classes: Mapping[str, type], what: str
) -> None:
    tags = {cls: tag for tag, cls in classes.items()}

    def structure(value: Any, _: Any) -> Any:
        if type(value) is not dict:
            raise Undecodable(f"{_kind(value)} stands where an object belongs")
        rest = dict(value)
        tag = rest.pop(key, None)
        if type(tag) is not str or tag not in classes:
            raise Undecodable(f"{key!r} names none of the {what} that this book knows", path=f"$.{key}")
        return converter.structure(rest, classes[tag])

    def unstructure(value: Any) -> Any:
        tag = tags.get(type(value))
        if tag is None:
            raise InvalidValue(f"a {type(value).__name__}, which is none of the {what} that this book knows")
        return {key: tag, **converter.unstructure(value, type(value))}

    converter.register_structure_hook_func(predicate, structure)
    converter.register_unstructure_hook_func(predicate, unstructure)


def located(error: BaseException, path: str = "$") -> InvalidValue:
    """The first problem inside a cattrs error, as one typed error with its path and without any value."""
    if isinstance(error, ClassValidationError | IterableValidationError):
        for inner in error.exceptions:
            note = next(
                (
                    each
                    for each in getattr(inner, "__notes__", [])
                    if isinstance(each, AttributeValidationNote | IterableValidationNote)
                ),
                None,
            )
            if isinstance(note, AttributeValidationNote):
                return located(inner, f"{path}.{note.name}")
            return located(inner, path if note is None else f"{path}[{note.index}]")
    if isinstance(error, InvalidValue):
        return Undecodable(error.problem, remedy=error.remedy, path=path + error.path.removeprefix("$"))
    if isinstance(error, ForbiddenExtraKeysError):
        known = [
            key if re.fullmatch(r"[a-z_][a-z0-9_]{0,40}", key, re.ASCII) else "?"
            for key in map(str, error.extra_fields)
        ]
        return Undecodable(f"unknown keys: {', '.join(sorted(known))}", path=path)
    if isinstance(error, KeyError):
        return Undecodable("a required key is missing", path=path)
    return Undecodable(f"it does not fit ({type(error).__name__})", path=path)
