"""The JSON Schema says what the codec takes, no more and no less."""

from __future__ import annotations

import importlib
import json
from typing import Any, Final

import attrs
import pytest
from hypothesis import given

from community_mediation.codec import json_schema
from community_mediation.domain.matter import Event
from community_mediation.domain.validators import SENSITIVITY
from community_mediation.errors import Undecodable
from community_mediation.testing.strategies import event_lists
from tests.codec.histories import HISTORIES
from tests.codec.test_strict import structured
from tests.codec.wire import EVENTS, SHAPES, encode, joined, leaves, replaced
from tests.domain.test_classes import planted, reachable

# It has no types of its own, and comes with the charts.
jsonschema: Any = importlib.import_module("jsonschema")
SCHEMA: Final = json_schema(EVENTS)
VALIDATOR: Final = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_one_of_draft_2020_12() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    with pytest.raises(jsonschema.SchemaError):
        jsonschema.Draft202012Validator.check_schema({**SCHEMA, "type": "thing"})
    assert json.loads(json.dumps(SCHEMA, allow_nan=False)) == SCHEMA


def test_every_reference_leads_to_a_definition_and_every_definition_is_used() -> None:
    used = {value.removeprefix("#/$defs/") for path, value in leaves(SCHEMA) if path and path[-1] == "$ref"}
    assert used == set(SCHEMA["$defs"])


def test_every_event_and_class_is_in_it_with_every_field() -> None:
    definitions = SCHEMA["$defs"]
    assert {f"{cls.__name__}:{name}" for name, cls in EVENTS.items()} <= set(definitions)
    plain = {"When", "Money", "Code", "Period", "Milestone", "Event", "Item"}
    for cls in reachable(*EVENTS.values()):
        mine = [one for name, one in definitions.items() if name.partition(":")[0] == cls.__name__]
        assert bool(mine) or cls.__name__ in plain, cls
        if cls is Event:
            continue
        for definition in mine:
            assert definition["description"], cls
            for field in attrs.fields(cls):
                shown = definition["properties"][field.name]
                assert shown["x-sensitivity"] == str(field.metadata[SENSITIVITY])
                assert (field.name in definition["required"]) is (field.default is attrs.NOTHING)


@pytest.mark.parametrize("matter_id", HISTORIES)
def test_the_golden_histories_conform(matter_id: str) -> None:
    VALIDATOR.validate(joined(encode(matter_id, HISTORIES[matter_id]())))


@given(event_lists(max_size=3))
def test_whatever_is_encoded_conforms_whole_and_erased(events: tuple[Event, ...]) -> None:
    encoded = encode("m1", events)
    VALIDATOR.validate(joined(encoded))
    VALIDATOR.validate(json.loads(encoded.body))


@pytest.mark.parametrize("name", SHAPES)
def test_a_key_that_no_field_has_does_not_conform(name: str) -> None:
    """In the event itself and in every object inside it."""
    wire = joined(encode("m1", (SHAPES[name](planted),)))["events"][0]
    for path, there in leaves(wire):
        if isinstance(there, dict):
            spoilt = replaced(wire, path, {**there, "nothing": 1})
            assert not VALIDATOR.is_valid({"v": 1, "events": [spoilt]}), path


@pytest.mark.parametrize("name", SHAPES)
def test_what_does_not_conform_does_not_decode(name: str) -> None:
    """The schema refuses nothing that the codec takes: whoever follows it can write every document."""
    body = joined(encode("m1", (SHAPES[name](planted),)))
    wire = body["events"][0]
    refusals = 0
    spoilers: tuple[Any, ...] = (None, "x", 5, True, [], {}, 3.5)
    for path, _ in leaves(wire):
        for value in spoilers:
            spoilt = replaced(wire, path, value)
            if not VALIDATOR.is_valid({"v": 1, "events": [spoilt]}):
                refusals += 1
                assert isinstance(structured(spoilt), Undecodable), (path, value)
    assert refusals > 5
