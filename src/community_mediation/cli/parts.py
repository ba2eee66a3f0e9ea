"""plugins, regions, formats and channels: what is there, and who brings it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, Any

import click

from community_mediation.cli.common import (
    default_lang,
    json_option,
    lenient_settings,
    loaded,
    plugins_option,
    print_json,
    print_table,
    quiet_log,
    settings,
)
from community_mediation.ports import DocumentKind, ReportFormat, Severity

if TYPE_CHECKING:
    from community_mediation.plugins import Plugins


@click.command("plugins", epilog="Example: community-mediation plugins --plugin my-store")
@plugins_option
@json_option
def plugins_command(plugins: tuple[str, ...], as_json: bool) -> None:
    """The plugins: built in, enabled, failed and why, or only installed.

    What is installed and not enabled is not imported. HOOK_API is the version of the hooks that a plugin is written
    for; one that does not say is taken for 1.
    """
    from community_mediation.plugins import Plugins

    quiet_log()
    known = lenient_settings(settings(), plugins)
    found = Plugins(known.enabled, strict=False)
    found.everything()
    rows = list(_plugin_rows(found, known.enabled))
    if as_json:
        print_json(rows)
        return
    columns = ("name", "state", "distribution", "hook_api", "hooks", "what is wrong")
    print_table(
        columns,
        [
            (
                row["name"],
                row["state"],
                row["distribution"],
                _version(row),
                ", ".join(row["hooks"]),
                " ".join(f"{each['message']} {each['remedy']}" for each in row["problems"]),
            )
            for row in rows
        ],
    )


def _version(row: dict[str, Any]) -> str:
    return "" if row["hook_api"] is None else f"{row['hook_api']}{'' if row['declares_hook_api'] else ' (taken)'}"


def _plugin_rows(plugins: Plugins, enabled: Sequence[str]) -> Iterable[dict[str, Any]]:
    from community_mediation.plugins import BUILTINS, installed

    there: dict[str, EntryPoint] = {each.name: each for each in installed()}
    ready = {each.name: each for each in plugins.loaded}
    for name in dict.fromkeys([BUILTINS, *enabled, *there]):
        problems = [each for each in plugins.problems if each.plugin == name]
        failed = any(each.severity is Severity.ERROR for each in problems)
        state = "failed" if failed else "built in" if name == BUILTINS else "enabled" if name in ready else "installed"
        plugin, entry = ready.get(name), there.get(name)
        yield {
            "name": name,
            "state": state,
            "distribution": _distribution(entry),
            "hook_api": plugin.hook_api if plugin is not None else None,
            "declares_hook_api": plugin.declares_api if plugin is not None else None,
            "hooks": list(plugin.hooks) if plugin is not None else [],
            "problems": [
                {"code": each.code, "severity": each.severity, "message": each.message, "remedy": each.remedy}
                for each in problems
            ],
        }


def _distribution(entry: EntryPoint | None) -> str | None:
    distribution = getattr(entry, "dist", None)
    return f"{distribution.name} {distribution.version}" if distribution is not None else None


@click.command("regions", epilog="Example: community-mediation regions --plugin my-region")
@plugins_option
@json_option
def regions_command(plugins: tuple[str, ...], as_json: bool) -> None:
    """The regions whose rules a centre can follow."""
    found = loaded(plugins)
    rows = [(each.name, each.title.text(default_lang()), found.brought_by(each)) for each in found.regions().values()]
    _print(("name", "title", "by"), rows, as_json=as_json)


@click.command("formats", epilog="Example: community-mediation formats --json")
@plugins_option
@json_option
def formats_command(plugins: tuple[str, ...], as_json: bool) -> None:
    """The report formats and the kinds of documents, each with its sources."""
    found = loaded(plugins)
    lang = default_lang()
    kinds: dict[str, Iterable[ReportFormat | DocumentKind]] = {
        "report": found.report_formats().values(),
        "document": found.document_kinds().values(),
    }
    rows = [
        (what, each.name, each.title.text(lang), each.version, "; ".join(each.sources), found.brought_by(each))
        for what, things in kinds.items()
        for each in things
    ]
    _print(("what", "name", "title", "version", "sources", "by"), rows, as_json=as_json)


@click.command("channels", epilog="Example: community-mediation channels --plugin my-messenger")
@plugins_option
@json_option
def channels_command(plugins: tuple[str, ...], as_json: bool) -> None:
    """The channels by which notices can be sent. Listing them connects to nothing."""
    found = loaded(plugins)
    rows = [(each.name, type(each).__name__, found.brought_by(each)) for each in found.channels().values()]
    _print(("name", "kind", "by"), rows, as_json=as_json)


def _print(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, as_json: bool) -> None:
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)
