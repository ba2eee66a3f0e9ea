"""cases list, show, history and search."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import click

from community_mediation.cli.common import (
    POINT,
    Commands,
    by_option,
    json_option,
    opened,
    plain,
    print_json,
    print_table,
    reason_option,
    store_option,
    talk,
)
from community_mediation.cli.conditions import condition
from community_mediation.cli.naming import centre_option, named
from community_mediation.domain.validators import SENSITIVITY, Sensitivity

LISTED = (
    "matter_id",
    "case_no",
    "centre",
    "dispute_type",
    "process",
    "conclusion",
    "agreement",
    "reported_on",
    "concluded_on",
)


@click.group("cases", cls=Commands)
def cases_command() -> None:
    """Look at cases."""


@cases_command.command(
    "list", epilog="Example: community-mediation cases list --store sqlite:///cases.db --where process=in_mediation"
)
@store_option
@click.option("--where", multiple=True, metavar="COLUMN=VALUE", help="Only these; several are met together.")
@click.option("--order-by", default="-reported_on", show_default=True, metavar="COLUMN", help="-COLUMN descends.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Rows on the page.")
@click.option("--after", metavar="CURSOR", help="The next page, by the cursor that the one before printed.")
@json_option
def list_command(
    url: str,
    plugins: tuple[str, ...],
    where: tuple[str, ...],
    order_by: str,
    limit: int,
    after: str | None,
    as_json: bool,
) -> None:
    """A page of cases.

    --where takes a value (process=reported), nothing for an empty cell (conclusion=), or a range of dates or numbers,
    the end excluded (reported_on=2022-05-01..2022-06-01).
    """
    with opened(url, plugins, readonly=True) as book:
        conditions = [condition(book.tables["case"], each) for each in where]
        page = book.find("case", where=conditions, order_by=order_by, limit=limit, after=after)
        rows = [{"case_no": book.get(str(row["matter_id"])).reference, **row} for row in page.rows]
    if as_json:
        print_json({"rows": rows, "after": page.after})
        return
    print_table(LISTED, [[row[column] for column in LISTED] for row in rows])
    if page.after is not None:
        talk(f"More: --after {page.after}")


@cases_command.command("show", epilog="Example: community-mediation cases show ID --store sqlite:///cases.db")
@click.argument("case_id", metavar="ID")
@store_option
@centre_option
@click.option("--valid-at", type=POINT, metavar="D", help="As it was at the end of that day (UTC), or at that moment.")
@click.option("--known-at", type=POINT, metavar="D", help="As the book knew it then.")
@click.option("--identified", metavar="REASON", help="Show names and words, for this reason, which is recorded.")
@by_option
@json_option
def show_command(
    case_id: str,
    url: str,
    plugins: tuple[str, ...],
    centre: str | None,
    valid_at: dt.datetime | None,
    known_at: dt.datetime | None,
    identified: str | None,
    account: str,
    as_json: bool,
) -> None:
    """One case: what is known of it."""
    with opened(url, plugins, readonly=identified is None) as book:
        withheld = book.restricted() if identified is not None else frozenset[str]()
        case = book.get(named(book, case_id, centre), valid_at=valid_at, known_at=known_at, without=withheld)
        if identified is not None:
            book.record_disclosure("show", reason=identified, by=account)
    shown = _shown(case, identified=identified is not None)
    if as_json:
        print_json(shown)
        return
    for name, value in shown.items():
        _print(name, value, 0)


def _shown(value: Any, *, identified: bool) -> Any:
    if hasattr(type(value), "parse"):
        return str(value)
    if attrs.has(type(value)):
        if hasattr(value, "state") and hasattr(value, "when"):
            return value.state.value if value.when is None else str(value.when)
        return {
            field.name.lstrip("_"): _shown(getattr(value, field.name), identified=identified)
            for field in attrs.fields(type(value))
            if not field.name.startswith("_")
            and field.name not in ("history", "pending")
            and (identified or field.metadata.get(SENSITIVITY, Sensitivity.NONE) is Sensitivity.NONE)
        }
    if isinstance(value, tuple):
        return [_shown(each, identified=identified) for each in value]
    if value is None or isinstance(value, bool | int):
        return value
    return plain(value)


def _print(name: str, value: Any, depth: int) -> None:
    if value is None or value == []:
        return
    indent = "  " * depth
    if isinstance(value, dict):
        click.echo(f"{indent}{name}:")
        for inner, each in value.items():
            _print(inner, each, depth + 1)
    elif isinstance(value, list):
        click.echo(f"{indent}{name}:")
        for each in value:
            _print("-", each, depth + 1)
    else:
        text = "".join(char if char.isprintable() else " " for char in str(value))
        click.echo(f"{indent}{name}: {text}")


@cases_command.command("history", epilog="Example: community-mediation cases history ID --store sqlite:///cases.db")
@click.argument("case_id", metavar="ID")
@store_option
@centre_option
@json_option
def history_command(case_id: str, url: str, plugins: tuple[str, ...], centre: str | None, as_json: bool) -> None:
    """What was recorded of a case, when, and when it happened."""
    with opened(url, plugins, readonly=True) as book:
        entries = book.history(named(book, case_id, centre))
    rows = []
    number = 0
    for entry in entries:
        for event in entry.events or ():
            number += 1
            rows.append((number, type(event).__name__, str(event.at), event.by, entry.recorded_at, entry.position))
    columns = ("number", "event", "at", "by", "recorded_at", "position")
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)


@cases_command.command(
    "search",
    epilog="Example: community-mediation cases search 叶某 --reason 'asked by phone' --store sqlite:///cases.db",
)
@click.argument("text")
@store_option
@reason_option
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Matters on the page.")
@click.option("--after", metavar="CURSOR", help="The next page, by the cursor that the one before printed.")
@by_option
@json_option
def search_command(
    text: str,
    url: str,
    plugins: tuple[str, ...],
    reason: str,
    limit: int,
    after: str | None,
    account: str,
    as_json: bool,
) -> None:
    """Find whose names, addresses, numbers or words hold TEXT, past ones too.

    Prints ids only. That it was searched, and why, is recorded; TEXT is not.
    """
    with opened(url, plugins) as book:
        page = book.search(text, reason=reason, by=account, limit=limit, after=after)
    if as_json:
        print_json(attrs.asdict(page))
        return
    rows = [(match.id, match.kind, " ".join(match.subjects)) for match in page.matches]
    print_table(("matter_id", "kind", "subjects"), rows)
    if page.after is not None:
        talk(f"More: --after {page.after}")
