"""What the commands share: options, the store, errors, tables and JSON."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import unquote

import attrs
import click
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from community_mediation.domain.values import Period, When
from community_mediation.errors import InvalidQuery, InvalidValue, MediationError

if TYPE_CHECKING:
    from community_mediation.casebook import Casebook, Remark
    from community_mediation.plugins import Plugins
    from community_mediation.ports import Clock
    from community_mediation.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])


class Commands(click.Group):
    """A group whose commands say errors of this library in one line and exit with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except MediationError as error:
            click.echo(f"{type(error).__name__}: {error}", err=True)
            ctx.exit(1)
        except BrokenPipeError:
            # The reader went away, as `head` does: nothing is wrong, and nothing more can be said.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which they were added."""
        return list(self.commands)


class PeriodType(click.ParamType[Period]):
    """A period's text."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """The period."""
        try:
            return value if isinstance(value, Period) else Period.parse(str(value))
        except InvalidQuery as error:
            self.fail(str(error), param, ctx)


class PointType(click.ParamType[dt.datetime]):
    """A day (its end, in UTC) or a moment with its offset."""

    name = "date or moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        """The moment."""
        if isinstance(value, dt.datetime):
            return value
        text = str(value)
        try:
            when = When.parse(f"{text}[UTC]" if len(text) == 10 else text.replace("Z", "+00:00"))
            latest = when.latest
        except InvalidValue:
            latest = None
        if latest is None:
            self.fail("not a time. Times look like 2022-05-31 or 2022-05-31T18:00:00+08:00.", param, ctx)
        return latest


class PathType(click.Path):
    """A path. What no file can be called is left to whoever opens it: click knows no such names, and fails."""

    def __init__(self, *, file_okay: bool = True) -> None:
        super().__init__(file_okay=file_okay, path_type=Path)

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path."""
        from community_mediation.files import can_be_named

        return super().convert(value, param, ctx) if can_be_named(value) else Path(value)


PERIOD, POINT, PATH = PeriodType(), PointType(), PathType()


SETTINGS: Final = "community_mediation.settings"


def _load_settings(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    from community_mediation import settings

    path = value or settings.find()
    ctx.meta[SETTINGS] = settings.load(path) if path is not None else None


def settings() -> Settings | None:
    """The settings of the command that runs, if there are any."""
    ctx = click.get_current_context(silent=True)
    known: Settings | None = ctx.meta.get(SETTINGS) if ctx is not None else None
    return known


def settings_option(command: F) -> F:
    """``--settings``: read before any other option, which may have its default from there."""
    return click.option(
        "--settings",
        is_eager=True,
        expose_value=False,
        callback=_load_settings,
        metavar="FILE",
        help="Settings in TOML. Also from COMMUNITY_MEDIATION_SETTINGS, or community-mediation.toml in this folder.",
    )(command)


def plugins_option(command: F) -> F:
    """``--settings`` and ``--plugin``, for what depends on plugins and opens no book."""
    plugins = click.option(
        "--plugin",
        "plugins",
        multiple=True,
        metavar="NAME",
        help="Enable an installed plugin beside those of the settings; it must work.",
    )
    return settings_option(plugins(command))


def _book_options(callback: Callable[[click.Context, click.Parameter, str | None], str | None]) -> Callable[[F], F]:
    def decorate(command: F) -> F:
        option = click.option(
            "--store",
            "url",
            envvar="COMMUNITY_MEDIATION_STORE",
            callback=callback,
            metavar="URL",
            help="The book: sqlite:///cases.db, or what a plugin brings. Also from COMMUNITY_MEDIATION_STORE, "
            "or from the settings.",
        )
        return option(plugins_option(command))

    return decorate


def _store_or_none(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    known: Settings | None = ctx.meta.get(SETTINGS)
    return known.store if value is None and known is not None else value


def _store(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
    found = _store_or_none(ctx, param, value)
    if found is None and not ctx.resilient_parsing:
        raise click.MissingParameter(ctx=ctx, param=param)
    return found or ""


store_option = _book_options(_store)
"""The book to work on, the settings, and the plugins that it needs."""
maybe_store_option = _book_options(_store_or_none)
"""The same, where the command can do without a book."""


def json_option(command: F) -> F:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")(command)


def by_option(command: F) -> F:
    """``--account``."""
    return click.option(
        "--account", default="command-line", show_default=True, metavar="ID", help="The account that does this."
    )(command)


subject_option = click.option(
    "--person",
    "subject",
    required=True,
    metavar="ID",
    help="Any subject: a person or a mediator; CASE/PARTY for one party; the id of a case or another matter.",
)
reason_option = click.option(
    "--reason", required=True, metavar="WHY", help="Why; kept in the private part of the journal."
)


def check_url(url: str, option: str = "--store") -> None:
    """Say so where a path was given for a URL."""
    if url and ":" not in url:
        raise click.UsageError(f"{option} takes a URL, and this is a path. Write sqlite:///{url}")


def _file_of(url: str) -> Path:
    return Path(unquote(url.removeprefix("sqlite:///").partition("?")[0]))


def is_new_file(url: str) -> bool:
    """Whether the book is a file that is not there yet, or empty."""
    if not url.startswith("sqlite:///"):
        return False
    try:
        return _file_of(url).stat().st_size == 0
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False


def _tell_new(url: str, book: Casebook, *, is_new: bool) -> None:
    """Say that a book was made: whoever mistyped the URL of one would not see it otherwise."""
    if is_new:
        talk(f"A new book was made: {_cell(str(_file_of(url)))}")
    elif not url.startswith(("sqlite:", "memory:")) and book.store.head().position == 0:
        talk("The book is new: nothing was in it.")


@contextmanager
def opened(
    url: str,
    plugins: Sequence[str] = (),
    *,
    create: bool = False,
    readonly: bool = False,
    lenient: bool = False,
    option: str = "--store",
    clock: Clock | None = None,
) -> Iterator[Casebook]:
    """The book, closed at the end; what plugins objected and let pass is told then.

    Plugins of the settings that fail are told and left out; those of ``--plugin`` must work unless *lenient*.
    The *clock* gives the time of recording: by default that of the machine. With *create*, it is told if there was no
    book.
    """
    check_url(url, option)
    from community_mediation.casebook import open_casebook
    from community_mediation.ports import system_clock

    quiet_log()
    known, remarks, is_new = settings(), Remarks(), create and is_new_file(url)
    if lenient:
        known, plugins = lenient_settings(known, plugins), ()
    try:
        with open_casebook(
            url,
            plugins=plugins,
            settings=known,
            create=create,
            readonly=readonly,
            clock=system_clock if clock is None else clock,
            on_objection=remarks,
        ) as book:
            if not lenient:
                tell_problems(book.plugins)
            if create:
                _tell_new(url, book, is_new=is_new)
            yield book
    finally:
        remarks.tell()


def loaded(plugins: Sequence[str] = ()) -> Plugins:
    """The plugins of the settings, and those that were named."""
    from community_mediation.plugins import Plugins

    quiet_log()
    known = settings()
    enabled, required = (known.enabled, known.required) if known is not None else ((), ())
    found = Plugins([*enabled, *plugins], strict=False, required=[*required, *plugins])
    tell_problems(found)
    return found


def lenient_settings(known: Settings | None, plugins: Sequence[str]) -> Settings:
    """Settings with which no plugin stops anything: for looking at what is wrong."""
    from community_mediation.settings import PluginSettings, Settings

    known = Settings() if known is None else known
    names = dict.fromkeys([*known.enabled, *plugins])
    return attrs.evolve(known, plugins=tuple(PluginSettings(name=name) for name in names))


def tell_problems(plugins: Plugins) -> None:
    """Say what is wrong with plugins."""
    for problem in plugins.problems:
        talk(f"Plugins: {problem.message} {problem.remedy}")


def quiet_log() -> None:
    """What the library logs, the commands say in their own words."""
    logger = logging.getLogger("community_mediation")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


class Remarks:
    """What was objected and let pass, gathered by its code: a register may have it in every row."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self._first: dict[tuple[str, str], Remark] = {}

    def __call__(self, remark: Remark) -> None:
        """Take a remark."""
        key = (remark.objection.by, remark.objection.code)
        self._counts[key] = self._counts.get(key, 0) + 1
        self._first.setdefault(key, remark)

    def tell(self) -> None:
        """Say each kind of remark once, with how often it was made."""
        for key, count in self._counts.items():
            objection = self._first[key].objection
            often = f" ({count:,} times; the first is told)" if count > 1 else ""
            talk(f"Warning of {objection.by}: {objection.reason} [{objection.code}]. {objection.remedy}{often}")
        self._counts.clear()


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, frozenset | set):
        return sorted(value)
    return str(value)


def print_json(value: Any) -> None:
    """JSON to stdout, in the text's own characters."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=plain))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table to stdout: drawn for a terminal, tabs for a pipe."""
    if not sys.stdout.isatty():
        click.echo("\t".join(columns))
        for row in rows:
            click.echo("\t".join(_cell(cell) for cell in row))
        return
    table = Table(*columns, header_style="bold", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(_cell(cell) for cell in row))
    console = Console(highlight=False, markup=False)
    # Half an id is of no use: words are never cut, and on a narrow terminal the lines wrap.
    unlimited = console.options.update(max_width=10_000)
    console.width = max(console.width, Measurement.get(console, unlimited, table).minimum)
    console.print(table, crop=False)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = str(plain(value)) if not isinstance(value, str) else value
    return "".join(char if char.isprintable() else " " for char in text)


def default_lang() -> str:
    """The language of words where none is asked for: that of the settings, or English."""
    known = settings()
    return (known.lang if known is not None else None) or "en"


def talk(message: str = "") -> None:
    """Say something to a person, on stderr."""
    click.echo(message, err=True)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, for a terminal only; call it with what is done and what there is (0: not known)."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    # Names of files are no markup.
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("".join(char if char.isprintable() else "?" for char in label), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)
