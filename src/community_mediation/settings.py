"""Settings in a TOML file: which book, which plugins, and what need not be said with every command.

::

    store = "sqlite:///cases.db"
    zone = "Asia/Shanghai"
    centre = "studio"
    lang = "zh"

    [plugins.my - rules]
    enabled = true
    required = true

Where nothing of a plugin needs to be said but its name, ``plugins = ["my-rules"]`` stands for the tables.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.validators import checked_id
from community_mediation.domain.values import zone_named
from community_mediation.errors import InvalidSettings, InvalidValue
from community_mediation.files import shown

FILE: Final = "community-mediation.toml"
"""The name under which a settings file is looked for in the working directory."""
VARIABLE: Final = "COMMUNITY_MEDIATION_SETTINGS"
"""The variable of the environment that names a settings file."""
LARGEST: Final = 1_000_000
"""Bytes of the largest file that is read as settings."""
MOST_DOTS: Final = 50
"""Most dots in one line: the time that a key takes to be read grows with their square and more."""
LONGEST_PROBLEM: Final = 200
"""Most characters of what the reader of TOML says is wrong: it repeats keys, however long."""


@frozen(kw_only=True)
class PluginSettings:
    """What the settings say of one plugin.

    Attributes:
        name: The name of its entry point.
        enabled: Whether it is loaded.
        required: Whether a book stays shut without it; otherwise it is left out where it fails, and told.
    """

    name: str
    enabled: bool = True
    required: bool = False


@frozen(kw_only=True)
class Settings:
    """Settings; ``None`` where nothing is said.

    Attributes:
        store: The URL of the book. It may hold a password: hidden from ``repr``.
        zone: The time zone of registers that name none.
        centre: The centre of rows that name none.
        lang: The language of what is printed.
        plugins: What is said of plugins, in the order of the file.
        path: The file that it stands in.
    """

    store: str | None = attrs.field(default=None, repr=False)
    zone: str | None = None
    centre: str | None = None
    lang: str | None = None
    plugins: tuple[PluginSettings, ...] = ()
    path: Path | None = None

    @property
    def enabled(self) -> tuple[str, ...]:
        """The names of the plugins to load."""
        return tuple(each.name for each in self.plugins if each.enabled)

    @property
    def required(self) -> tuple[str, ...]:
        """Those of them without which a book stays shut."""
        return tuple(each.name for each in self.plugins if each.enabled and each.required)


def find(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Path | None:
    """The settings file that holds where nobody names one: that of the environment, or the one in the folder.

    Args:
        environment: By default that of this process.
        folder: By default the working directory.
    """
    named = (os.environ if environment is None else environment).get(VARIABLE)
    if named:
        return Path(named)
    here = (Path.cwd() if folder is None else folder) / FILE
    return here if here.is_file() else None


def load(path: str | os.PathLike[str]) -> Settings:
    """Read a settings file.

    Raises:
        InvalidSettings: There is no such file, it is no TOML, or it says what settings do not know.
    """
    file = Path(path)
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        why = error.strerror or type(error).__name__
    except ValueError:
        # A name that holds a null character, or half of one.
        why = "no file can have that name"
    else:
        return parse(data, path=file)
    raise InvalidSettings(f"{shown(file)} cannot be read: {why}. Name another file with --settings or {VARIABLE}.")


def parse(data: bytes, *, path: Path) -> Settings:
    """The settings that the bytes of a file say.

    Raises:
        InvalidSettings: As for ``load``.
    """
    if len(data) > LARGEST:
        raise InvalidSettings(f"{shown(path)} is larger than {LARGEST:,} bytes: that is no settings file.")
    import tomllib

    try:
        text = data.decode("utf-8-sig")
        if any(line.count(".") > MOST_DOTS for line in text.splitlines()):
            raise RecursionError
        document = tomllib.loads(text)
    except UnicodeDecodeError:
        problem = "it is no UTF-8"
    except tomllib.TOMLDecodeError as error:
        # The message says what is wrong and where, and quotes keys and single characters at most.
        problem = f"it is no TOML: {str(error)[:LONGEST_PROBLEM]}"
    except RecursionError:
        problem = "it is nested too deeply"
    except ValueError:
        # Python reads no number of thousands of digits, and the reader of TOML does not say so itself.
        problem = "it holds a number that is too long"
    else:
        return _Reader(path).settings(document)
    raise InvalidSettings(f"{shown(path)}: {problem}. Mend the file.")


def _url(text: str) -> None:
    scheme, colon, _ = text.partition(":")
    if not (colon and scheme.isascii() and scheme[:1].isalpha()):
        raise InvalidValue("no URL")


def _language(text: str) -> None:
    if not (1 < len(text) <= 20 and text.isascii() and text.replace("_", "").replace("-", "").isalnum()):
        raise InvalidValue("no language")


_TEXTS: Final[Mapping[str, tuple[Callable[[str], object], str]]] = {
    "store": (_url, "Write a URL, such as sqlite:///cases.db."),
    "zone": (zone_named, "Write a zone of the time zone database, such as Asia/Shanghai."),
    "centre": (checked_id, "Write the id of a centre: 1 to 200 characters without blanks."),
    "lang": (_language, "Write a language, such as en or zh."),
}
"""The keys that hold a text, with what checks it and what would be right."""


class _Reader:
    """Reads one document strictly: what is misspelt must not be passed over."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def settings(self, document: Mapping[str, Any]) -> Settings:
        self._known(document, (*_TEXTS, "plugins"), "$")
        texts = {key: self._checked(document[key], key) for key in _TEXTS if key in document}
        return Settings(**texts, plugins=self._plugins(document.get("plugins", [])), path=self._path)

    def _checked(self, value: Any, key: str) -> str:
        check, remedy = _TEXTS[key]
        if not isinstance(value, str):
            self._fail(f"$.{key}", f"{_kind(value)} stands where a text belongs", remedy)
        try:
            check(value)
        except InvalidValue as error:
            # The value is not quoted: a store's URL may hold a password.
            self._fail(f"$.{key}", error.problem, remedy)
        return value

    def _plugins(self, value: Any) -> tuple[PluginSettings, ...]:
        if isinstance(value, list):
            names = [self._name(each, f"$.plugins[{index}]") for index, each in enumerate(value)]
            for index, name in enumerate(names):
                if name in names[:index]:
                    self._fail(f"$.plugins[{index}]", f"plugin {name!r} stands there twice", "Name it once.")
            return tuple(PluginSettings(name=name) for name in names)
        if not isinstance(value, dict):
            self._fail("$.plugins", f"{_kind(value)} stands where plugins belong", 'Write plugins = ["name"].')
        return tuple(self._plugin(name, table) for name, table in value.items())

    def _plugin(self, name: str, table: Any) -> PluginSettings:
        path = f"$.plugins.{name}"
        self._name(name, path)
        if not isinstance(table, dict):
            self._fail(
                path, f"{_kind(table)} stands where a table belongs", f"Write [plugins.{name}] and enabled = true."
            )
        self._known(table, ("enabled", "required"), path)
        for key, value in table.items():
            if not isinstance(value, bool):
                self._fail(
                    f"{path}.{key}", f"{_kind(value)} stands where true or false belongs", "Write true or false."
                )
        plugin = PluginSettings(name=name, **table)
        if plugin.required and not plugin.enabled:
            self._fail(path, "a plugin is required and not enabled", "Enable it, or take required away.")
        return plugin

    def _name(self, value: Any, path: str) -> str:
        if not isinstance(value, str) or not value or not value.isprintable() or value != value.strip():
            self._fail(path, "no name of a plugin", "Write the name as `community-mediation plugins` shows it.")
        return value

    def _known(self, table: Mapping[str, Any], keys: tuple[str, ...], path: str) -> None:
        for key in table:
            if key not in keys:
                import difflib

                near = difflib.get_close_matches(key, keys, n=1)
                remedy = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(keys)}."
                self._fail(f"{path}.{key}", "an unknown key", remedy)

    def _fail(self, path: str, problem: str, remedy: str) -> NoReturn:
        place = "".join(char if char.isprintable() else "?" for char in path)[:LONGEST_PROBLEM]
        raise InvalidSettings(f"{shown(self._path)}: {problem} @ {place}. {remedy}")


def _kind(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}
    return names.get(type(value), "a date or time")
