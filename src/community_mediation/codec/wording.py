"""The wire form of each class, written out as functions: what the strict converter says, many times as fast.

``strict`` defines the format. What is written out here reads and writes the plain cases of it, and raises for
everything else, whatever it may be; the codec then asks the strict converter, which says what is wrong, or that
nothing is. Tests hold the two against each other.
"""

import enum
import functools
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import attrs

from community_mediation.codec.leaves import DETAILS_TAGS, READ, WRITTEN
from community_mediation.codec.privacy import Plan, has_private, plan_for
from community_mediation.domain.compiled import checks_of
from community_mediation.domain.item import Item
from community_mediation.domain.items import ITEMS
from community_mediation.domain.making import Filling, default_of, is_plain
from community_mediation.domain.matter import Event
from community_mediation.domain.validators import RULE
from community_mediation.domain.values import Code, Money, When

Reader = Callable[[dict[str, Any], str, str, dict[str, Any], Mapping[str, dict[str, Any]]], Any]
"""Reads one object: its wire form, its path, the matter's id, the private values of its subject, those of all."""
Writer = Callable[[Any, str, str, str, dict[str, dict[str, Any]]], dict[str, Any]]
"""Writes one object: the value, its path, the matter's id, its subject, the private values of all."""


class Unusual(Exception):
    """Not one of the plain cases: ask the strict converter."""


@functools.lru_cache(maxsize=4096)
def _day(text: str) -> When:
    return When.parse(text)


def _when(text: str) -> When:
    # Days come again and again, moments hardly ever.
    return _day(text) if text[-1:] == "]" else When.parse(text)


@functools.lru_cache(maxsize=4096)
def _code(text: str) -> Code:
    return Code.parse(text)


@functools.lru_cache(maxsize=4096)
def _money(text: str) -> Money:
    return Money.parse(text)


_READ: Final[Mapping[Any, Callable[[str], Any]]] = {**READ, When: _when, Money: _money, Code: _code}
_NO_VALUES: Final[dict[str, Any]] = {}


class Wording:
    """The readers and writers of the events that one codec knows; each is compiled when it is first needed.

    Args:
        events: Wire name -> class of event.
    """

    def __init__(self, events: Mapping[str, type[Event]]) -> None:
        self._tagged: list[tuple[Any, str, Mapping[str, Any]]] = [
            (Event, "type", dict(events)),
            (Item, "what", ITEMS),
            (frozenset(DETAILS_TAGS.values()), "kind_of", DETAILS_TAGS),
        ]
        self._readers: dict[Any, Any] = {}
        self._writers: dict[Any, Any] = {}
        self.read_event: Reader = self._tagged_reader("type", events)
        self.write_event: Writer = self._tagged_writer("type", events)

    # ---- reading

    def _tagged_reader(self, key: str, classes: Mapping[str, Any]) -> Reader:
        made: dict[str, Reader] = {}

        def read(wire: Any, path: str, root: str, mine: Any, parts: Any) -> Any:
            tag = wire[key]
            if tag not in made:
                made[tag] = self.reader(classes[tag], key)
            return made[tag](wire, path, root, mine, parts)

        return read

    def reader(self, cls: Any, key: str | None = None) -> Reader:
        """What reads an object of the class; *key* is where its tag stands.

        Raises:
            Unusual: Making such a value is more than filling its fields.
        """
        if (cls, key) not in self._readers:
            self._readers[cls, key] = self._read_lines(cls, key)
        found: Reader = self._readers[cls, key]
        return found

    def _read_lines(self, cls: Any, key: str | None) -> Reader:
        if not is_plain(cls):
            raise Unusual
        plan = plan_for(cls)
        fields = attrs.fields(cls)
        if not all(RULE in field.metadata for field in fields):
            # Nothing would look at the types of what is read.
            raise Unusual
        public = frozenset(each.name for each in fields if each.name not in plan.private) | ({key} if key else set())
        filling = Filling(cls)
        filling.known.update(Unusual=Unusual, public=public, none=_NO_VALUES)
        text = _Text(filling.known, filling.lines)
        text.add("if type(wire) is not dict or not wire.keys() <= public: raise Unusual")
        if plan.subject_field is not None:
            default = text.name(getattr(attrs.fields(cls), plan.subject_field).default)
            text.add(f"mine = parts.get(root + '/' + str(wire.get({plan.subject_field!r}, {default})), none)")
        for field in fields:
            self._read_field(field, plan, text, filling)
        for field, check in checks_of(cls):
            if check is not None:
                text.add(f"{text.name(check)}(new)")
            else:
                text.add(f"{text.name(field.validator)}(new, {text.name(field)}, new.{field.name})")
        filling.whole()
        return filling.function("wire, path, root, mine, parts")

    def _read_field(self, field: "attrs.Attribute[Any]", plan: Plan, text: "_Text", filling: Filling) -> None:
        name = field.name
        read = self._reading(field.type, "v", f"path + '/{name}", text)
        if name in plan.private:
            text.add(f"v = mine.pop(path + '/{name}', None) if mine else None")
            filling.fill(name, "v" if read == "v" else f"None if v is None else {read}")
            return
        if field.default is attrs.NOTHING:
            text.add(f"v = wire[{name!r}]")
            default = None
        else:
            value, factory = default_of(field, text.known["unset"])
            default = text.name(value) if factory is None else f"{text.name(factory)}(new)"
            if factory is None and read == "v":
                filling.fill(name, f"wire.get({name!r}, {default})")
                return
            text.add(f"v = wire.get({name!r}, unset)")
        if type(None) in typing.get_args(field.type) and read != "v":
            read = f"None if v is None else {read}"
        filling.fill(name, read if default is None else f"{default} if v is unset else {read}")

    def _reading(self, annotation: Any, value: str, path: str, text: "_Text") -> str:
        """An expression for what *value*, not null, means; *path* is the beginning of a text that is still open."""
        if type(None) in typing.get_args(annotation):
            annotation = _without_none(annotation)
        if annotation in (str, int, bool):
            return value
        if annotation in _READ:
            return f"{text.name(_READ[annotation])}({value})"
        if typing.get_origin(annotation) is tuple:
            item = self._reading(typing.get_args(annotation)[0], "e", path + "/' + str(n) + '", text)
            each = f"{text.name(_listed)}({value})"
            return f"tuple({each})" if item == "e" else f"tuple([{item} {_loop(item, each)}])"
        if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
            return f"{text.name(_members(annotation))}[{value}]"
        return f"{text.name(self._object_reader(annotation))}({value}, {_path(annotation, path)}, root, mine, parts)"

    def _object_reader(self, annotation: Any) -> Reader:
        tags = self._tags_of(annotation)
        return self.reader(annotation) if tags is None else self._tagged_reader(*tags)

    def _tags_of(self, annotation: Any) -> tuple[str, Mapping[str, Any]] | None:
        """The key under which values say which class they are, and the classes; ``None`` for one class alone."""
        for marker, key, classes in self._tagged:
            if annotation is marker or frozenset(typing.get_args(annotation)) == marker:
                return key, classes
        if not attrs.has(annotation):
            raise Unusual
        return None

    # ---- writing

    def _tagged_writer(self, key: str, classes: Mapping[str, Any]) -> Writer:
        tags = {cls: tag for tag, cls in classes.items()}
        made: dict[Any, Writer] = {}

        def write(value: Any, path: str, root: str, subject: str, out: dict[str, dict[str, Any]]) -> dict[str, Any]:
            cls = type(value)
            if cls not in made:
                if cls not in tags:
                    raise Unusual
                made[cls] = self.writer(cls, (key, tags[cls]))
            return made[cls](value, path, root, subject, out)

        return write

    def writer(self, cls: Any, tag: tuple[str, str] | None = None) -> Writer:
        """What writes a value of the class, beginning with its *tag*.

        Raises:
            Unusual: Its fields have other names on the way in.
        """
        if (cls, tag) not in self._writers:
            self._writers[cls, tag] = self._write_lines(cls, tag)
        found: Writer = self._writers[cls, tag]
        return found

    def _write_lines(self, cls: Any, tag: tuple[str, str] | None) -> Writer:
        if not is_plain(cls):
            raise Unusual
        plan = plan_for(cls)
        # As the strict converter does: what must be there first, and before it the id of an item.
        first = "id" if issubclass(cls, Item) else None
        fields = sorted(attrs.fields(cls), key=lambda each: (each.name != first, each.default is not attrs.NOTHING))
        if [each.name for each in fields if each.name in plan.children] != list(plan.children):
            raise Unusual
        text = _Text({"cls": cls, "Unusual": Unusual}, [])
        text.add("if type(value) is not cls: raise Unusual")
        text.add("wire = {}" if tag is None else f"wire = {{{tag[0]!r}: {tag[1]!r}}}")
        if plan.subject_field is not None:
            text.add(f"subject = root + '/' + str(value.{plan.subject_field})")
        if plan.private:
            text.add("mine = out.get(subject)")
        for name in plan.private:
            field = getattr(attrs.fields(cls), name)
            text.add(f"v = value.{name}", "if v is not None:", "    if mine is None: mine = out[subject] = {}")
            text.add(f"    mine[path + '/{name}'] = {self._writing(field.type, 'v', '', text)}")
        for field in fields:
            if field.name not in plan.private:
                self._write_field(field, text)
        text.add("return wire")
        made: Writer = text.function("value, path, root, subject, out")
        return made

    def _write_field(self, field: "attrs.Attribute[Any]", text: "_Text") -> None:
        name = field.name
        written = self._writing(field.type, "v", f"path + '/{name}", text)
        text.add(f"v = value.{name}")
        if type(None) in typing.get_args(field.type) and field.default is not None and written != "v":
            written = f"None if v is None else {written}"
        if field.default is attrs.NOTHING:
            text.add(f"wire[{name!r}] = {written}")
            return
        default, factory = default_of(field, None)
        if factory is not None:
            text.add(f"if v != {text.name(factory)}(value):")
        elif default is None or isinstance(default, bool | enum.Enum):
            text.add(f"if v is not {text.name(default)}:")
        else:
            text.add(f"if v != {text.name(default)}:")
        text.add(f"    wire[{name!r}] = {written}")

    def _writing(self, annotation: Any, value: str, path: str, text: "_Text") -> str:
        """An expression for the wire form of *value*, which is not ``None``."""
        if type(None) in typing.get_args(annotation):
            annotation = _without_none(annotation)
        if annotation in (str, int, bool):
            return value
        if annotation in WRITTEN:
            return f"{text.name(WRITTEN[annotation])}({value})"
        if typing.get_origin(annotation) is tuple:
            item = self._writing(typing.get_args(annotation)[0], "e", path + "/' + str(n) + '", text)
            return f"list({value})" if item == "e" else f"[{item} {_loop(item, value)}]"
        if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
            return f"{value}._value_"
        return f"{text.name(self._object_writer(annotation))}({value}, {_path(annotation, path)}, root, subject, out)"

    def _object_writer(self, annotation: Any) -> Writer:
        tags = self._tags_of(annotation)
        return self.writer(annotation) if tags is None else self._tagged_writer(*tags)


class _Text:
    """The lines of a function, and what the names in them mean. They hold names of fields and nothing from outside."""

    def __init__(self, known: dict[str, Any], lines: list[str]) -> None:
        self.known = known
        self._lines = lines

    def add(self, *lines: str) -> None:
        """Add lines."""
        self._lines += lines

    def name(self, thing: Any) -> str:
        """The name by which the lines know a thing."""
        if thing is None or thing is True or thing is False:
            return str(thing)
        for name, each in self.known.items():
            if each is thing:
                return name
        name = f"known_{len(self.known)}"
        self.known[name] = thing
        return name

    def function(self, arguments: str) -> Any:
        """The function, compiled."""
        exec("\n".join([f"def made({arguments}):", *(f"    {line}" for line in self._lines)]), self.known)
        return self.known["made"]


def _without_none(annotation: Any) -> Any:
    others = tuple(each for each in typing.get_args(annotation) if each is not type(None))
    return functools.reduce(lambda one, other: one | other, others)


def _loop(item: str, several: str) -> str:
    return f"for n, e in enumerate({several})" if "str(n)" in item else f"for e in {several}"


def _path(annotation: Any, path: str) -> str:
    # Only what holds private values asks where it stands.
    return f"{path}'" if has_private(annotation) else "''"


@functools.cache
def _members(cls: Any) -> dict[str, Any]:
    return {each.value: each for each in cls}


def _listed(value: Any) -> Sequence[Any]:
    if type(value) is not list:
        raise Unusual
    return value
