"""``frozen``: in all that can be seen, the class that ``attrs.frozen`` makes, but made when it is first used."""

from __future__ import annotations

import copy
import functools
import importlib
import inspect
import pickle
import pkgutil
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import attrs
import pytest

import community_mediation
from community_mediation.domain import frozen as module
from community_mediation.domain.events import Accepted, Reported
from community_mediation.domain.frozen import frozen
from community_mediation.domain.matter import Event
from community_mediation.domain.validators import PERSONAL, checked
from community_mediation.errors import InvalidValue
from community_mediation.testing.strategies import Random, make

MISSING = object()


def bare(**options: Any) -> Any:
    """What attrs makes without a place for weak references."""
    return attrs.frozen(**{"weakref_slot": False} | options)


class Count:
    """A field transformer that counts the classes that attrs made with it."""

    def __init__(self) -> None:
        self.classes = 0

    def __call__(self, cls: type, fields: list[attrs.Attribute[Any]]) -> list[attrs.Attribute[Any]]:
        self.classes += 1
        return fields


def is_waiting(cls: type) -> bool:
    """Whether attrs has not made the class yet."""
    return any(isinstance(each, module._Late) for each in vars(cls).values())


def plain(decorate: Callable[[type], Any], base: type = object) -> Any:
    class Plain(base):  # type: ignore[misc]
        """A sentence."""

        one: int
        two: str = "b"
        three: list[int] = attrs.field(factory=list, eq=False, repr=False)
        _four: int = attrs.field(default=4, kw_only=True)
        kind: ClassVar[str] = "plain"

        @property
        def twice(self) -> int:
            return self.one * 2

        @classmethod
        def of(cls, one: int) -> Any:
            return cls(one)

    return decorate(Plain)


def rich(decorate: Callable[[type], Any], base: type = object) -> Any:
    class Rich(base):  # type: ignore[misc]
        one: int = attrs.field(validator=attrs.validators.instance_of(int))
        total: Any = attrs.field()
        made: list[str] = attrs.field(factory=list, eq=False)

        @total.default  # type: ignore[untyped-decorator]
        def _total(self) -> int:
            return self.one + 1

        def __attrs_post_init__(self) -> None:
            self.made.append("made")

        def __repr__(self) -> str:
            return f"<{self.one}>"

        def __str__(self) -> str:
            return f"{super().__str__()}!"

    return decorate(Rich)


def unequal(decorate: Callable[[type], Any], base: type = object) -> Any:
    class Unequal(base):  # type: ignore[misc]
        one: int

        def __eq__(self, other: object) -> bool:
            return False

        __hash__ = None  # type: ignore[assignment]

    return decorate(Unequal)


def empty(decorate: Callable[[type], Any], base: type = object) -> Any:
    class Empty(base):  # type: ignore[misc]
        pass

    return decorate(Empty)


BODIES = [plain, rich, unequal, empty]
OPTIONS: list[dict[str, Any]] = [{}, {"kw_only": True}, {"order": True}, {"repr": False}, {"eq": False}]
ODD: list[dict[str, Any]] = [{"unsafe_hash": True}, {"match_args": False}, {"weakref_slot": False}, {"slots": False}]


def seen(cls: Any) -> dict[str, Any]:
    """What can be seen of a class: its members by their kinds, its fields, how it is called and where it lies."""
    attrs.fields(cls)
    return {
        "members": {name: type(each).__name__ for name, each in vars(cls).items() if name != "__annotations__"},
        "slots": getattr(cls, "__slots__", None),
        "fields": [re.sub(" at 0x[0-9a-f]+", "", str(field)) for field in attrs.fields(cls)],
        "called": str(inspect.signature(cls)),
        "named": (cls.__name__, cls.__qualname__, cls.__module__, cls.__doc__),
        "bases": [base.__name__ for base in cls.__mro__],
        "hashed": cls.__hash__ is None,
    }


@pytest.mark.parametrize("options", [*OPTIONS, *ODD], ids=str)
@pytest.mark.parametrize("body", BODIES)
def test_a_class_is_the_one_that_attrs_makes(body: Callable[..., Any], options: dict[str, Any]) -> None:
    assert seen(body(frozen(**options))) == seen(body(bare(**options)))


@pytest.mark.parametrize("bases", [(frozen, frozen), (frozen, attrs.frozen), (attrs.frozen, frozen)])
def test_so_is_a_class_under_another(bases: tuple[Any, Any]) -> None:
    """Whichever of the two is put off; a name of the base that comes again takes the place of the first."""
    lower, upper = (decorate(kw_only=True) for decorate in bases)
    ours = rich(upper, plain(lower))
    lower, upper = ((bare if decorate is frozen else attrs.frozen)(kw_only=True) for decorate in bases)
    theirs = rich(upper, plain(lower))
    assert seen(ours) == seen(theirs)
    assert str(ours(one=3)) == str(theirs(one=3)) == "<3>!"
    assert attrs.asdict(ours(one=3)) == attrs.asdict(theirs(one=3))


@pytest.mark.parametrize("body", [plain, rich])
def test_its_values_are_frozen_equal_hashable_and_copied_like_those_of_attrs(body: Callable[..., Any]) -> None:
    cls = body(frozen)
    value = cls(one=7)
    assert value == cls(one=7) != cls(one=8) and hash(value) == hash(cls(one=7))
    assert copy.copy(value) == copy.deepcopy(value) == attrs.evolve(value) == value
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        value.one = 3
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del value.one
    with pytest.raises(AttributeError):
        object.__setattr__(value, "no_such_slot", 1)


def test_a_subclass_that_is_no_attrs_class_makes_its_base() -> None:
    class Under(plain(frozen)):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(5)

        def __repr__(self) -> str:
            return f"Under {super().__repr__()}"

    assert Under().twice == 10
    assert repr(Under()).startswith("Under ")


WAYS: dict[str, Callable[[Any], object]] = {
    "a value": lambda cls: cls(1),
    "a class method": lambda cls: cls.of(1),
    "its fields": attrs.fields,
    "whether it is one of attrs": attrs.has,
    "its signature": inspect.signature,
    "its equality": lambda cls: cls.__eq__,
    "its hash": lambda cls: cls.__hash__,
    "an empty value": lambda cls: object.__new__(cls).__setstate__({"one": 1, "two": "", "three": [], "_four": 4}),
    "what it matches": lambda cls: cls.__match_args__,
    "a frozen class": lambda cls: cls.__setattr__,
    "a class under it": lambda cls: attrs.frozen(type("Under", (cls,), {"__annotations__": {}})),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_whoever_asks_first_has_it_made_once(way: Callable[[Any], object]) -> None:
    count = Count()
    cls = plain(frozen(field_transformer=count))
    assert is_waiting(cls) and count.classes == 0
    way(cls)
    way(cls)
    assert not is_waiting(cls)
    assert count.classes == 1
    assert cls(1).twice == 2


def test_threads_that_ask_at_the_same_time_get_the_same_whole_class() -> None:
    for _ in range(20):
        count, together, results = Count(), threading.Barrier(6), list[Any]()
        cls = plain(frozen(field_transformer=count))

        def ask(cls: Any = cls, together: threading.Barrier = together, results: list[Any] = results) -> None:
            together.wait()
            results.append((cls(1), hash(cls(2)), attrs.fields(cls).two.default, repr(cls(3))))

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(results) == 6 and len(set(map(repr, results))) == 1
        assert count.classes == 1


@pytest.mark.parametrize("sort", [functools.cached_property, type])
def test_a_class_that_cannot_wait_is_made_at_once(sort: Any) -> None:
    """Attrs rewrites cached properties, and a metaclass may do anything with a class."""
    count = Count()
    if sort is type:
        made: Any = frozen(field_transformer=count)(type("Meta", (type,), {})("Made", (), {"__annotations__": {}}))
    else:

        @frozen(field_transformer=count)
        class Cached:
            one: int

            @functools.cached_property
            def twice(self) -> int:
                return self.one * 2

        made = Cached
        assert Cached(2).twice == 4
    assert count.classes == 1 and not is_waiting(made)


def test_a_class_that_breaks_the_rules_on_personal_data_is_refused_whenever_it_is_used() -> None:
    @frozen(field_transformer=checked)
    class Wrong:
        name: str = attrs.field(metadata=PERSONAL)

    Wrong.__annotations__["name"] = str  # this module's annotations are texts
    for _ in range(2):
        with pytest.raises(TypeError, match="default=None and repr=False"):
            Wrong(name="x")
        assert is_waiting(Wrong)


def modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(community_mediation.__path__, "community_mediation."):
        if not found.name.startswith("community_mediation.testing") and not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def unfinished(namespace: Any) -> Iterator[type]:
    """The classes of a module that wait."""
    for value in vars(namespace).values():
        if isinstance(value, type) and value.__module__ == namespace.__name__ and is_waiting(value):
            yield value


def test_every_class_of_the_library_can_be_made() -> None:
    """What would be refused is not found by whoever uses it first."""
    for namespace in modules():
        for cls in list(unfinished(namespace)):
            attrs.fields(cls)
            assert not is_waiting(cls)


def test_a_class_that_waits_is_found() -> None:
    """The control of the test above."""
    namespace = type(sys)("planted")
    namespace.Waits = plain(frozen)  # type: ignore[attr-defined]
    namespace.Waits.__module__ = "planted"
    assert list(unfinished(namespace)) == [namespace.Waits]


def test_a_program_makes_the_classes_that_it_uses_and_no_others() -> None:
    code = (
        "from community_mediation.domain import events, matter, frozen\n"
        "kinds = [x for x in vars(events).values() if isinstance(x, type) and issubclass(x, matter.Event)]\n"
        "waiting = lambda: {each.__name__ for each in kinds if isinstance(vars(each)['__init__'], frozen._Late)}\n"
        "before = waiting()\n"
        "events.Accepted(at=matter.When.parse('2022-01-04[Asia/Shanghai]'), by='account-1')\n"
        "print(len(before), *(before - waiting()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    count, *made = done.stdout.split()
    assert int(count) > 25 and set(made) == {"Accepted", "Event"}


def test_values_come_back_from_a_program_that_had_not_used_their_class() -> None:
    value = make(Reported, Random(3), fill=1.0)
    code = "import pickle, sys; value = pickle.load(sys.stdin.buffer); sys.stdout.buffer.write(pickle.dumps(value))"
    done = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(value), capture_output=True, check=True)
    assert pickle.loads(done.stdout) == value


def test_events_are_still_checked() -> None:
    with pytest.raises(InvalidValue):
        Accepted(at=None, by="account-1")  # type: ignore[arg-type]
    assert issubclass(Accepted, Event)


def test_a_bare_class_variable_is_no_field() -> None:
    """With and without its type, as attrs has it."""

    @frozen
    class Made:
        k: ClassVar = 4
        m: ClassVar[int] = 5
        a: int = 1

    assert (Made.k, Made.m, Made().a, [field.name for field in attrs.fields(Made)]) == (4, 5, 1, ["a"])
