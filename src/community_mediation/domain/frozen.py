"""Frozen classes that attrs finishes when they are first used, so that importing them costs little.

attrs writes and compiles the methods of a class when it decorates it: a millisecond each, and a program that asks one
question needs a tenth of all classes. ``frozen`` is ``attrs.frozen`` without weak references, but for the time. At once
it makes the class, with its slots; whoever first makes a value of it, or asks for its fields, has attrs do the rest.

A class that breaks a rule of ``checked`` is refused at that time too. Plugins that want their own refused when they
are imported use ``attrs.frozen``.
"""

import contextlib
import functools
import threading
import typing
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import attrs

if TYPE_CHECKING:
    from attrs import frozen as frozen

_LATE: Final = (
    "__init__",
    "__attrs_attrs__",
    "__attrs_props__",
    "__match_args__",
    "__repr__",
    "__eq__",
    "__ne__",
    "__hash__",
    "__setattr__",
    "__delattr__",
    "__getstate__",
    "__setstate__",
)
"""What attrs puts into a class, as far as anybody can ask for it before there is a value."""
_ORDER: Final = ("__lt__", "__le__", "__gt__", "__ge__")
_OPTIONS: Final = frozenset({"kw_only", "field_transformer", "order", "eq", "repr", "unsafe_hash", "match_args"})
_PYTHONS: Final = frozenset({"__dict__", "__weakref__", "__slots__"})
"""What belongs to one class object alone."""
# ``making`` fills values in a class of the same shape, and Python calls no two shapes the same that have such a place.
_NO_WEAK: Final[dict[str, Any]] = {"weakref_slot": False}
_lock: Final = threading.RLock()


class _Late:
    """Stands in a class for something that attrs will put there."""

    def __init__(self, name: str, finish: Callable[[], type]) -> None:
        self._name = name
        self._finish = finish

    def __get__(self, instance: object, owner: type) -> Any:
        made = self._finish()
        if (found := made.__dict__.get(self._name, self)) is self:
            return getattr(super(made, owner if instance is None else instance), self._name)
        return found.__get__(instance, owner) if hasattr(found, "__get__") else found


def _frozen(cls: type | None = None, /, **options: Any) -> Any:
    if cls is None:
        return functools.partial(_frozen, **options)
    return _put_off(cls, options) if _can_wait(cls, options) else attrs.frozen(**_NO_WEAK | options)(cls)


def _can_wait(cls: type, options: dict[str, Any]) -> bool:
    # attrs rewrites cached properties, a metaclass may do anything, and some options say what slots there are.
    return (
        type(cls) is type
        and options.keys() <= _OPTIONS
        and not any(isinstance(each, functools.cached_property) for each in vars(cls).values())
    )


def _is_field(annotation: Any) -> bool:
    if isinstance(annotation, str):
        return not annotation.startswith(("ClassVar", "typing.ClassVar"))
    return annotation is not typing.ClassVar and typing.get_origin(annotation) is not typing.ClassVar


def _put_off(cls: type, options: dict[str, Any]) -> type:
    fields = {name for name, annotation in cls.__annotations__.items() if _is_field(annotation)}
    given = {name: value for name, value in cls.__dict__.items() if name not in _PYTHONS}
    body = {name: value for name, value in given.items() if name not in fields}
    late = [name for name in (*_LATE, *(_ORDER if options.get("order") else ())) if name not in body]
    finished = False

    def finish() -> type:
        nonlocal finished
        with _lock:
            if not finished:
                # attrs makes a class of its own; what it put there is moved to the one that everybody knows.
                ready = attrs.frozen(**_NO_WEAK | options)(type(cls.__name__, cls.__bases__, dict(given)))
                finished = True
                for name, value in ready.__dict__.items():
                    if name not in fields and name not in _PYTHONS and given.get(name, made) is not value:
                        setattr(made, name, value)
                for name in late:
                    if isinstance(made.__dict__[name], _Late):
                        delattr(made, name)
        return made

    stubs = {name: _Late(name, finish) for name in late}
    made = type(cls.__name__, cls.__bases__, {**body, **stubs, **_slots(cls, fields), "__qualname__": cls.__qualname__})
    for value in body.values():
        function = getattr(value, "fget", None) or getattr(value, "__func__", None) or value
        for cell in getattr(function, "__closure__", None) or ():
            with contextlib.suppress(ValueError):  # it is empty
                if cell.cell_contents is cls:
                    # What ``super()`` looks at.
                    cell.cell_contents = made
    return made


def _slots(cls: type, fields: set[str]) -> dict[str, Any]:
    """The slots of a class, and for fields that have one in a base already, that."""
    bases = cls.__mro__[1:-1]
    taken = {name: getattr(base, name) for base in bases for name in vars(base).get("__slots__", ()) if name in fields}
    return {**taken, "__slots__": tuple(name for name in cls.__annotations__ if name in fields and name not in taken)}


if not TYPE_CHECKING:
    frozen = _frozen
