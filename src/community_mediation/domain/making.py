"""Values made from parts that were checked before: folding a history looks at nothing twice.

A move makes its event with every check there is. What the event then does to the case is made of the same parts, and a
case of ten events makes some forty values on the way. Here a value is filled as a plain object and becomes one of its
class when it is whole.
"""

import functools
from collections.abc import Callable
from typing import Any, Final, ParamSpec, TypeVar

import attrs

Given = ParamSpec("Given")
Value = TypeVar("Value")


def maker(cls: Callable[Given, Value], *, seen: bool = False) -> Callable[Given, Value]:
    """What makes values of an attrs class from keywords, without checking them; the class itself, where it must look.

    Use it only for parts that are sound: those of an event, or of a value that was checked. *seen*: the caller has
    looked at what the class would look at.
    """
    make: Callable[..., Any] | None = None

    def made(*_: Given.args, **parts: Given.kwargs) -> Value:
        nonlocal make
        if make is None:
            # Not before: most programs need few of the classes, and none at their start.
            make = making(cls, seen)
        value: Value = make(**parts)
        return value

    return made


def changed(value: Value, /, **changes: Any) -> Value:
    """As ``attrs.evolve``, without checking; use it only with parts that are sound."""
    cls: Any = type(value)
    if not is_plain(cls):
        return attrs.evolve(value, **changes)  # type: ignore[misc]
    new = _copier(cls)(value)
    for name, part in changes.items():
        _put(new, name, part)
    _put(new, "__class__", cls)
    made: Value = new
    return made


@functools.cache
def is_plain(cls: Any) -> bool:
    """Whether making a value of the class is nothing but filling its fields."""
    if not attrs.has(cls) or any(hasattr(cls, f"__attrs_{when}_init__") for when in ("pre", "post")):
        return False
    return all(each.init and each.converter is None and each.alias == each.name for each in attrs.fields(cls))


_put: Final = object.__setattr__


class Filling:
    """The lines of a function that makes values of a plain class, and what the names in them mean.

    Names of fields stand in the lines, and nothing from outside.
    """

    def __init__(self, cls: Any) -> None:
        self._twin = _twin(cls)
        self.known = {"create": object.__new__, "twin": self._twin or cls, "cls": cls, "put": _put, "unset": object()}
        self.lines = ["new = create(twin)"]

    def fill(self, name: str, expression: str) -> None:
        """A line that fills a field."""
        self.lines.append(f"new.{name} = {expression}" if self._twin else f"put(new, {name!r}, {expression})")

    def whole(self) -> None:
        """A line after which the value is one of its class."""
        if self._twin:
            self.lines.append("new.__class__ = cls")

    def function(self, arguments: str) -> Callable[..., Any]:
        """The function, compiled; it gives what was filled."""
        exec("\n    ".join([f"def made({arguments}):", *self.lines, "return new"]), self.known)
        made: Callable[..., Any] = self.known["made"]
        return made


def _twin(cls: Any) -> Any:
    """A class with the same fields in the same places, whose values can be filled as any object; ``None``: none fits.

    None does where the class has a place for weak references of its own: its values have another shape.
    """
    slots = vars(cls).get("__slots__", ())
    twin: Any = type(f"{cls.__name__} in the making", cls.__bases__, {"__slots__": slots, "__setattr__": _put})
    try:
        object.__new__(twin).__class__ = cls
    except TypeError:
        return None
    return twin


@functools.cache
def _copier(cls: Any) -> Callable[[Any], Any]:
    filling = Filling(cls)
    for field in attrs.fields(cls):
        filling.fill(field.name, f"old.{field.name}")
    return filling.function("old")


def default_of(field: Any, unset: Any) -> tuple[Any, Callable[[Any], Any] | None]:
    """A field's default, or *unset* and what makes the default, given the value with the fields before it."""
    factory = field.default
    if not isinstance(factory, attrs.Factory):  # type: ignore[arg-type]
        return field.default, None
    return unset, factory.factory if factory.takes_self else lambda value: factory.factory()


def _making(cls: Any, seen: bool) -> Callable[..., Any]:
    if not seen and not is_plain(cls):
        return cls  # type: ignore[no-any-return]
    filling, arguments = Filling(cls), ["*"]
    for field in attrs.fields(cls):
        name = field.name
        arguments.append(name if field.default is attrs.NOTHING else f"{name}=default_{name}")
        default, given = default_of(field, filling.known["unset"])
        filling.known.update({f"default_{name}": default, f"factory_{name}": given})
        filling.fill(name, name if given is None else f"{name} if {name} is not unset else factory_{name}(new)")
    filling.whole()
    return filling.function(", ".join(arguments))


making: Final[Callable[[Any, bool], Callable[..., Any]]] = functools.cache(_making)
"""The function that ``maker`` calls, by the class and by whether the caller has looked."""
