"""Entries: events to body and private part, and back."""

import functools
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn

import attrs
import msgspec

from community_mediation.codec.privacy import check_owners, join, split
from community_mediation.codec.wording import Unusual, Wording
from community_mediation.domain.matter import Event
from community_mediation.errors import InvalidValue, Undecodable

if TYPE_CHECKING:
    from cattrs import Converter

WIRE_VERSION: Final = 1
"""The version of the wire format, in every body."""

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTERS: Final[Mapping[int, Upcaster]] = {}
"""From each earlier wire version: what turns a body of it into the next."""


@attrs.frozen
class Encoded:
    """The wire form of one entry.

    Attributes:
        body: JSON that names no one: version, events, and a digest a subject.
        private: Subject -> JSON with the salt and the values of that subject.
    """

    body: str
    private: Mapping[str, str] = attrs.field(repr=False)


@attrs.frozen
class Opened:
    """An entry read back.

    Attributes:
        events: Its events; erased values are ``None``.
        erased: The subjects whose private part is gone.
    """

    events: tuple[Event, ...]
    erased: frozenset[str]


def digest(private: str) -> str:
    """The digest of a private part: SHA-256 of its text, which holds a random salt of 128 bits."""
    return hashlib.sha256(private.encode(errors="surrogatepass")).hexdigest()


def _constant(name: str) -> NoReturn:
    raise Undecodable("a number that is not finite")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise Undecodable("a key stands twice in one object")
    return result


def parse_json(text: str) -> Any:
    """Strict JSON: no NaN, no key twice, nothing after the end.

    Raises:
        Undecodable: It is not that.
    """
    if type(text) is not str:
        raise Undecodable("not a text, so not JSON")
    try:
        return json.loads(text, parse_constant=_constant, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        if isinstance(error, Undecodable):
            raise
        raise Undecodable("not JSON, or nested too deeply") from None


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def print_json(value: Any) -> str:
    """Compact JSON in the text's own characters."""
    return _ENCODER.encode(value)


_NOTHING: Final[dict[str, Any]] = {}
_BODY: Final = frozenset({"v", "events", "digests"})
_PART: Final = frozenset({"salt", "values"})
_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder().decode


def _canonical(text: str) -> Any:
    # What is written back to the letter holds no key twice, no blank, no number that is written in two ways.
    raw = text.encode()
    document = _decode(raw)
    if _encode(document) != raw:
        raise Unusual
    return document


def _shaped(document: Any) -> dict[str, Any]:
    """A body of the present version whose outer shape is plainly right."""
    if document["v"] is not WIRE_VERSION or type(document["events"]) is not list or not document.keys() <= _BODY:
        raise Unusual
    digests = document.get("digests", _NOTHING)
    if type(digests) is not dict or not all(type(each) is str for each in digests.values()):
        raise Unusual
    found: dict[str, Any] = document
    return found


def _sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


@functools.lru_cache(maxsize=16)
def _wording(events: tuple[tuple[str, type[Event]], ...]) -> Wording:
    # The functions are compiled once for all books that know the same events.
    return Wording(dict(events))


class Codec:
    """Turns the events of the kinds it knows into entries, and entries into events.

    Args:
        events: Wire name -> class of event. The names are part of the format and never change.
    """

    def __init__(self, events: Mapping[str, type[Event]]) -> None:
        self.events = dict(events)
        self._wording = _wording(tuple(self.events.items()))

    @functools.cached_property
    def _converter(self) -> "Converter":
        # Here and below, not at the top: cattrs is loaded when something is not plain.
        from community_mediation.codec.strict import strict_converter

        return strict_converter(self.events)

    def encode(self, matter_id: str, events: Sequence[Event], *, salt: Callable[[], str]) -> Encoded:
        """The entry that *events* of one matter make; *salt* gives a fresh random text each time.

        Raises:
            InvalidValue: An event of a kind that this book does not know.
        """
        try:
            return self._encoded(matter_id, events, salt)
        except Exception:  # noqa: BLE001 - whatever it is, the strict converter says it, or that it is nothing
            return self.encode_strictly(matter_id, events, salt=salt)

    def _encoded(self, matter_id: str, events: Sequence[Event], salt: Callable[[], str]) -> Encoded:
        write, out = self._wording.write_event, dict[str, dict[str, Any]]()
        wires = [write(event, str(index), matter_id, matter_id, out) for index, event in enumerate(events)]
        body: dict[str, Any] = {"v": WIRE_VERSION, "events": wires}
        if not out:
            return Encoded(_encode(body).decode(), {})
        raw = {subject: _encode({"salt": salt(), "values": out[subject]}) for subject in sorted(out)}
        body["digests"] = {subject: _sha(text) for subject, text in raw.items()}
        return Encoded(_encode(body).decode(), {subject: text.decode() for subject, text in raw.items()})

    def encode_strictly(self, matter_id: str, events: Sequence[Event], *, salt: Callable[[], str]) -> Encoded:
        """As ``encode``, by the strict converter alone."""
        out: dict[str, dict[str, Any]] = {}
        wires = []
        for index, event in enumerate(events):
            wire = self._converter.unstructure(event, Event)
            split(event, wire, str(index), matter_id, matter_id, out)
            wires.append(wire)
        private = {subject: print_json({"salt": salt(), "values": values}) for subject, values in sorted(out.items())}
        body: dict[str, Any] = {"v": WIRE_VERSION, "events": wires}
        if private:
            body["digests"] = {subject: digest(text) for subject, text in private.items()}
        return Encoded(print_json(body), private)

    def decode(self, body: str, private: Mapping[str, str]) -> Opened:
        """The events of an entry.

        Raises:
            Undecodable: The body or a private part is not of this format, or does not belong to the other.
        """
        try:
            return self._decoded(body, private)
        except Exception:  # noqa: BLE001 - whatever it is, the strict converter says it, or that it is nothing
            return self.decode_strictly(body, private)

    def _decoded(self, body: str, private: Mapping[str, str]) -> Opened:
        document = _shaped(_canonical(body))
        digests = document.get("digests", _NOTHING)
        parts: dict[str, Any] = {}
        for subject, text in private.items():
            if _sha(text.encode()) != digests[subject]:
                raise Unusual
            part = _canonical(text)
            if part.keys() != _PART or type(part["values"]) is not dict:
                raise Unusual
            parts[subject] = part["values"]
        # The ids of matters have no slash; where one has, its values are left over, and that is looked into.
        root = next(iter(parts), "").partition("/")[0]
        mine, read = parts.get(root, _NOTHING), self._wording.read_event
        events = tuple([read(wire, str(index), root, mine, parts) for index, wire in enumerate(document["events"])])
        if any(parts.values()):
            raise Unusual
        return Opened(events, frozenset(digests.keys() - private.keys()))

    def decode_strictly(self, body: str, private: Mapping[str, str]) -> Opened:
        """As ``decode``, by the strict converter alone."""
        document = self._document_strictly(body)
        digests = document.get("digests", {})
        wires = document["events"]
        owners: dict[str, str] = {}
        for subject, text in private.items():
            if subject not in digests:
                raise Undecodable("a private part that the body does not know")
            if type(text) is not str or digest(text) != digests[subject]:
                raise Undecodable("a private part that is not the one whose digest the body holds")
            part = parse_json(text)
            if type(part) is not dict or part.keys() != {"salt", "values"}:
                raise Undecodable("a private part that is not a salt and values")
            join(wires, subject, part["values"], owners)
        events = []
        for index, wire in enumerate(wires):
            try:
                events.append(self._converter.structure(wire, Event))
            except InvalidValue as error:
                raise Undecodable(
                    error.problem, remedy=error.remedy, path=f"$.events[{index}]{error.path.removeprefix('$')}"
                ) from None
            except Exception as error:  # noqa: BLE001 - cattrs raises groups; whatever it is, it is told where
                from community_mediation.codec.strict import located

                raise located(error, f"$.events[{index}]") from None
        check_owners(events, wires, owners)
        return Opened(tuple(events), frozenset(digests.keys() - private.keys()))

    def document(self, body: str) -> dict[str, Any]:
        """The body as an object of the present version, its outer shape checked.

        Raises:
            Undecodable: It is no body, or of a later version.
        """
        try:
            return _shaped(_canonical(body))
        except Exception:  # noqa: BLE001 - whatever it is, strict reading says it, or that it is nothing
            return self._document_strictly(body)

    def _document_strictly(self, body: str) -> dict[str, Any]:
        document: dict[str, Any] = parse_json(body)
        if type(document) is not dict or type(document.get("v")) is not int:
            raise Undecodable("not the body of an entry")
        if document["v"] > WIRE_VERSION:
            raise Undecodable(f"wire version {document['v']}, newer than {WIRE_VERSION}", remedy="Upgrade the library.")
        while document["v"] < WIRE_VERSION:
            if document["v"] not in UPCASTERS:
                raise Undecodable(f"wire version {document['v']}, which never was")
            document = UPCASTERS[document["v"]](document)
        if not document.keys() <= _BODY or type(document.get("events")) is not list:
            raise Undecodable("a body holds v, events and digests")
        digests = document.get("digests", {})
        if type(digests) is not dict or any(type(each) is not str for each in digests.values()):
            raise Undecodable("digests are texts by subject", path="$.digests")
        return document
