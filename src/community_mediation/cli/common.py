"""What the commands share: options, the store, errors, tables and JSON."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

import click
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from community_mediation.domain.values import Period, When
from community_mediation.errors import InvalidQuery, InvalidValue, MediationError

if TYPE_CHECKING:
    from community_mediation.casebook import Casebook

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


PERIOD, POINT = PeriodType(), PointType()


def store_option(command: F) -> F:
    """The book to work on, and the plugins that it needs."""
    option = click.option(
        "--store",
        "url",
        required=True,
        envvar="COMMUNITY_MEDIATION_STORE",
        metavar="URL",
        help="The book: sqlite:///cases.db, or what a plugin brings. Also from COMMUNITY_MEDIATION_STORE.",
    )
    plugins = click.option("--plugin", "plugins", multiple=True, metavar="NAME", help="Enable an installed plugin.")
    return option(plugins(command))


def json_option(command: F) -> F:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")(command)


def by_option(command: F) -> F:
    """``--account``."""
    return click.option(
        "--account", default="command-line", show_default=True, metavar="ID", help="The account that does this."
    )(command)


@contextmanager
def opened(
    url: str, plugins: Sequence[str] = (), *, create: bool = False, readonly: bool = False
) -> Iterator[Casebook]:
    """The book, closed at the end."""
    if url and ":" not in url:
        raise click.UsageError(f"--store takes a URL, and this is a path. Write sqlite:///{url}")
    from community_mediation.casebook import open_casebook

    with open_casebook(url, plugins=plugins, create=create, readonly=readonly) as book:
        yield book


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
