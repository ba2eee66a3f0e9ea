"""doctor: what is wrong with this installation and this book, and what to do."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

import attrs
import click

from community_mediation.cli.common import json_option, opened, print_json, print_table
from community_mediation.errors import MediationError
from community_mediation.ports import Finding, Severity

EXTRAS = {
    "metrics": ("narwhals", "polars"),
    "pandas": ("pandas",),
    "xlsx": ("openpyxl", "defusedxml", "xlsxwriter"),
    "charts": ("altair", "vl_convert"),
}


@click.command("doctor", epilog="Example: community-mediation doctor --store sqlite:///cases.db")
@click.option("--store", "url", envvar="COMMUNITY_MEDIATION_STORE", metavar="URL", help="A book to look at too.")
@click.option("--plugin", "plugins", multiple=True, metavar="NAME", help="Enable an installed plugin.")
@json_option
@click.pass_context
def doctor_command(ctx: click.Context, url: str | None, plugins: tuple[str, ...], as_json: bool) -> None:
    """Look at this installation, and at a book if one is given; say what is wrong and the remedy of each."""
    findings = [*_installation(), *_plugins(plugins)]
    if url is not None:
        findings += _book(url, plugins)
    if as_json:
        print_json([attrs.asdict(each) for each in findings])
    else:
        print_table(
            ("severity", "what", "remedy"), [(each.severity.value, each.message, each.remedy) for each in findings]
        )
    if any(each.severity is Severity.ERROR for each in findings):
        ctx.exit(1)


def _installation() -> Iterator[Finding]:
    try:
        library = version("community-mediation")
    except PackageNotFoundError:
        library = "not installed (running from source)"
    yield Finding(
        "versions",
        Severity.INFO,
        f"community-mediation {library}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
    )
    for extra, modules in EXTRAS.items():
        if missing := [name for name in modules if find_spec(name) is None]:
            yield Finding(
                "extra",
                Severity.INFO,
                f"The extra {extra!r} is not installed (missing: {', '.join(missing)}).",
                f"If you need it: pip install 'community-mediation[{extra}]'",
            )


def _plugins(enabled: tuple[str, ...]) -> Iterator[Finding]:
    from community_mediation.plugins import Plugins, installed

    for entry in installed():
        if entry.name not in enabled:
            yield Finding(
                "plugin",
                Severity.INFO,
                f"Plugin {entry.name!r} is installed and not enabled.",
                "Name it with --plugin.",
            )
    try:
        Plugins(enabled).kinds()
    except MediationError as error:
        yield Finding("plugin", Severity.ERROR, str(error), "As the message says.")


def _book(url: str, plugins: tuple[str, ...]) -> Iterator[Finding]:
    try:
        with opened(url, plugins, readonly=True) as book:
            head = book.store.head()
            yield Finding("book", Severity.INFO, f"The book opens; its journal has {head.position:,} entries.")
            yield from book.health()
            found = book.verify()
            yield from found.findings
            if found.is_whole:
                yield Finding("verify", Severity.INFO, "The journal is whole, and the facts agree with it.")
    except MediationError as error:
        yield Finding(
            "book", Severity.ERROR, f"The book cannot be read: {type(error).__name__}: {error}", "As the message says."
        )
