"""doctor: what is wrong with this installation and this book, and what to do."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from community_mediation.cli.common import (
    SETTINGS,
    json_option,
    lenient_settings,
    opened,
    print_json,
    print_table,
    quiet_log,
)
from community_mediation.cli.verifying import verified
from community_mediation.errors import MediationError, StoreUnavailable
from community_mediation.ports import Finding, Severity

if TYPE_CHECKING:
    from community_mediation.settings import Settings

EXTRAS = {
    "cli": ("click", "rich"),
    "metrics": ("narwhals", "numpy", "polars"),
    "pandas": ("pandas",),
    "xlsx": ("openpyxl", "defusedxml", "xlsxwriter"),
    "charts": ("altair", "vl_convert"),
    "parquet": ("pyarrow",),
    "duckdb": ("duckdb", "pyarrow"),
    "spark": ("pyspark", "narwhals", "numpy", "polars", "pyarrow"),
    "testing": ("pytest", "hypothesis"),
}
"""What one may choose at installing, with the modules that it brings."""


@click.command("doctor", epilog="Example: community-mediation doctor --store sqlite:///cases.db")
@click.option("--settings", "settings_file", metavar="FILE", help="Settings to look at; by default those that hold.")
@click.option(
    "--store",
    "url",
    envvar="COMMUNITY_MEDIATION_STORE",
    metavar="URL",
    help="A book to look at too, and to verify whole; by default that of the settings.",
)
@click.option("--no-verify", is_flag=True, help="Do not read the whole book: for a look that takes no time.")
@click.option("--plugin", "plugins", multiple=True, metavar="NAME", help="Enable an installed plugin.")
@json_option
@click.pass_context
def doctor_command(
    ctx: click.Context,
    settings_file: str | None,
    url: str | None,
    no_verify: bool,
    plugins: tuple[str, ...],
    as_json: bool,
) -> None:
    """Look at this installation, its settings and plugins, and at a book if one is given; say what is wrong.

    The book is read whole, as verify reads it, which takes minutes for a large one; --no-verify leaves that out. Each
    finding comes with its remedy. The exit code is 1 if one is an error.
    """
    findings = [*_installation()]
    # Settings that cannot be read are a finding like any other: the rest is looked at all the same.
    known = _settings(settings_file, findings)
    ctx.meta[SETTINGS] = known
    findings += _plugins(known, plugins)
    url = url or (known.store if known is not None else None)
    if url is not None:
        findings += _book(url, plugins, verify=not no_verify)
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


def _settings(path: str | None, findings: list[Finding]) -> Settings | None:
    from community_mediation import settings

    try:
        file = path or settings.find()
        if file is None:
            findings.append(Finding("settings", Severity.INFO, "There is no settings file, and none is needed."))
            return None
        known = settings.load(file)
    except MediationError as error:
        findings.append(
            Finding("settings", Severity.ERROR, str(error), "Mend the settings file, or name another with --settings.")
        )
        return None
    findings.append(Finding("settings", Severity.INFO, f"The settings in {Path(file).name} can be read."))
    return known


def _plugins(known: Settings | None, named: tuple[str, ...]) -> Iterator[Finding]:
    from community_mediation.plugins import Plugins, installed

    quiet_log()
    enabled = lenient_settings(known, named).enabled
    for name in dict.fromkeys(each.name for each in installed()):
        if name not in enabled:
            yield Finding(
                "plugin",
                Severity.INFO,
                f"Plugin {name!r} is installed and not enabled.",
                "If you need it, name it in the settings or with --plugin.",
            )
    plugins = Plugins(enabled, strict=False)
    plugins.everything()
    required = known.required if known is not None else ()
    for problem in plugins.problems:
        finding = problem.finding()
        if problem.plugin in required and problem.severity is Severity.ERROR:
            finding = attrs.evolve(finding, remedy=f"{finding.remedy} It is required: no book opens without it.")
        yield finding


def _book(url: str, plugins: tuple[str, ...], *, verify: bool) -> Iterator[Finding]:
    try:
        with opened(url, plugins, readonly=True, lenient=True) as book:
            last = book.store.head().position
            yield Finding("book", Severity.INFO, f"The book opens; its journal has {last:,} entries.")
            # What is wrong with plugins was told with them.
            yield from book.store.health()
            if not verify:
                yield Finding("verify", Severity.INFO, "The book was not verified.", "Leave --no-verify out for that.")
                return
            found = verified(book)
            yield from found.findings
            if found.is_whole:
                yield Finding("verify", Severity.INFO, "The journal is whole, and the facts agree with it.")
    except MediationError as error:
        remedy = "Look at the book with health and verify, and restore a backup if it is damaged."
        if isinstance(error, StoreUnavailable):
            remedy = "Do what it says, and run doctor again. Nothing is known of the book itself."
        yield Finding("book", Severity.ERROR, f"The book cannot be read: {type(error).__name__}: {error}", remedy)
