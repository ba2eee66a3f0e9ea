"""Documents of every released wire version read for ever, and the format does not change by accident."""

from __future__ import annotations

import difflib
import enum
import json
from pathlib import Path
from typing import Any

import attrs
import pytest

from community_mediation.codec import WIRE_VERSION
from community_mediation.codec.entries import UPCASTERS
from community_mediation.codec.leaves import DETAILS_TAGS
from community_mediation.domain import events as ev
from community_mediation.domain.item import Item
from community_mediation.domain.items import ITEMS
from community_mediation.domain.matter import Event
from community_mediation.domain.validators import PUBLIC, SENSITIVITY
from community_mediation.domain.values import When
from tests.codec import wide_histories
from tests.codec.histories import HISTORIES
from tests.codec.wire import CODEC, EVENTS, encode, leaves
from tests.domain.test_classes import reachable

GOLDEN = Path(__file__).parent / "golden"
WHAT_TO_DO = """
The wire format is not what tests/codec/golden/wire_format.json says. Books hold documents of the old format for ever.

* A new event, a new class, or a new optional field: old documents still read. Update the file, and add a golden
  history that uses it: python -m tests.codec.test_golden
* A name, a type or a default changed, or a field was removed or became required: raise WIRE_VERSION, add an upcaster
  from the old version to UPCASTERS in codec/entries.py, keep the old golden files, then update this file.
* A sensitivity changed: values of old documents stand in the wrong part. Leave it, or write a migration.

"""


def golden(matter_id: str) -> Path:
    return GOLDEN / f"v{WIRE_VERSION}-{matter_id}.json"


def document(matter_id: str) -> dict[str, Any]:
    encoded = encode(matter_id, HISTORIES[matter_id]())
    return {"matter": matter_id, "body": encoded.body, "private": dict(encoded.private)}


def default_of(field: attrs.Attribute[Any]) -> str:
    default: Any = field.default
    if default is attrs.NOTHING:
        return "required"
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        default = default.factory()
    if isinstance(default, enum.Enum):
        return str(default.value)
    return repr(default)


def wire_format(events: dict[str, Any]) -> dict[str, Any]:
    """Every name, type, default and sensitivity that documents depend on."""
    classes = reachable(*events.values())
    enums = {
        each
        for cls in classes
        for field in attrs.fields(cls)
        for each in (field.type, *getattr(field.type, "__args__", ()))
        if isinstance(each, type) and issubclass(each, enum.Enum)
    }
    return {
        "version": WIRE_VERSION,
        "events": {name: cls.__name__ for name, cls in sorted(events.items())},
        "items": {name: cls.__name__ for name, cls in sorted(ITEMS.items())},
        "details": {name: cls.__name__ for name, cls in sorted(DETAILS_TAGS.items())},
        "classes": {
            cls.__name__: {
                field.name: [
                    getattr(field.type, "__name__", str(field.type))
                    if isinstance(field.type, type) and not getattr(field.type, "__args__", None)
                    else str(field.type).replace("community_mediation.domain.", ""),
                    default_of(field),
                    str(field.metadata[SENSITIVITY]),
                ]
                for field in attrs.fields(cls)
            }
            for cls in sorted(classes, key=lambda each: each.__name__)
        },
        "codes": {each.__name__: [one.value for one in each] for each in sorted(enums, key=lambda each: each.__name__)},
    }


def printed(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def difference(events: dict[str, Any]) -> str:
    """How the format differs from the one on file; empty if it does not."""
    old = (GOLDEN / "wire_format.json").read_text("utf-8").splitlines()
    new = printed(wire_format(events)).splitlines()
    return "\n".join(difflib.unified_diff(old, new, "on file", "now", lineterm="", n=2))


# ---------------------------------------------------------------- documents


@pytest.mark.parametrize("matter_id", HISTORIES)
def test_a_document_on_file_reads_as_it_was_meant_and_is_written_so_again(matter_id: str) -> None:
    """Byte for byte, with the same salts."""
    on_file = json.loads(golden(matter_id).read_text("utf-8"))
    opened = CODEC.decode(on_file["body"], on_file["private"])
    assert opened.events == HISTORIES[matter_id]()
    assert [repr(event) for event in opened.events] == [repr(event) for event in HISTORIES[matter_id]()]
    assert document(matter_id) == on_file


def test_every_golden_file_is_read() -> None:
    """No file lies about that no test opens."""
    files = {path.name for path in GOLDEN.iterdir()}
    assert files == {golden(matter_id).name for matter_id in HISTORIES} | {"wire_format.json"}


def test_the_histories_use_every_event_and_every_field() -> None:
    """With a value that is not its default, so that each stands in a file."""
    written: set[tuple[str, str]] = set()
    seen: set[str] = set()

    def visit(value: Any) -> None:
        if isinstance(value, tuple):
            for each in value:
                visit(each)
        elif attrs.has(type(value)):
            for field in attrs.fields(type(value)):
                inner = getattr(value, field.name)
                if default_of(field) == "required" or inner != (
                    field.default.factory() if isinstance(field.default, attrs.Factory) else field.default  # type: ignore[arg-type]
                ):
                    written.add((type(value).__name__, field.name))
                visit(inner)

    for matter_id, history in HISTORIES.items():
        visit(history())
        on_file = json.loads(json.loads(golden(matter_id).read_text("utf-8"))["body"])
        seen |= {value for path, value in leaves(on_file) if path and path[-1] == "type" and isinstance(value, str)}
    assert set(EVENTS) <= seen
    assert {type(item) for item in wide_histories.ITEMS} == set(ITEMS.values())
    everything = {(cls.__name__, field.name) for cls in reachable(*EVENTS.values()) for field in attrs.fields(cls)}
    bare = {(cls.__name__, field.name) for cls in (Event, Item) for field in attrs.fields(cls)}
    assert everything - written - bare == set()


# ---------------------------------------------------------------- the format


def test_the_wire_format_is_the_one_on_file() -> None:
    found = difference(EVENTS)
    assert not found, WHAT_TO_DO + found


def test_every_earlier_version_has_its_upcaster() -> None:
    assert set(UPCASTERS) == set(range(1, WIRE_VERSION))


@attrs.frozen(kw_only=True)
class Accepted:
    """Stands in for the event, with one field changed."""

    at: When = attrs.field(metadata=PUBLIC)
    by: str = attrs.field(default="nobody", metadata=PUBLIC)


@pytest.mark.parametrize(
    "events",
    [
        {**EVENTS, "case.accepted": Accepted},
        {**EVENTS, "case.taken_on": ev.Accepted},
        {name: cls for name, cls in EVENTS.items() if name != "case.closed"},
        {**EVENTS, "case.accepted": ev.Closed, "case.closed": ev.Accepted},
    ],
)
def test_a_changed_default_a_new_name_and_a_lost_event_are_noticed(events: dict[str, Any]) -> None:
    assert difference(events)


def write() -> None:
    """Write what is missing; a document on file is never overwritten."""
    GOLDEN.mkdir(exist_ok=True)
    for matter_id in HISTORIES:
        if not golden(matter_id).exists():
            golden(matter_id).write_text(printed(document(matter_id)), "utf-8")
    (GOLDEN / "wire_format.json").write_text(printed(wire_format(dict(EVENTS))), "utf-8")


if __name__ == "__main__":
    write()
