"""metrics: outcome tables."""

from __future__ import annotations

import datetime as dt

import click

from community_mediation.cli.common import (
    PERIOD,
    POINT,
    json_option,
    opened,
    print_json,
    print_table,
    talk,
)
from community_mediation.domain.values import Period


@click.command(
    "metrics",
    epilog="Example: community-mediation metrics --store sqlite:///cases.db --period 2022-Q2 --by dispute_type",
)
@click.option("--list", "listed", is_flag=True, help="What can be counted, and how it is defined.")
@click.option("--store", "url", envvar="COMMUNITY_MEDIATION_STORE", metavar="URL", help="The book.")
@click.option("--plugin", "plugins", multiple=True, metavar="NAME", help="Enable an installed plugin.")
@click.option("--period", type=PERIOD, metavar="P", help="2022, 2022-H1, 2022-Q3, 2022-06 or FIRST..LAST.")
@click.option("--by", multiple=True, metavar="COLUMN", help="Break down by it.")
@click.option("--metric", "names", multiple=True, metavar="NAME", help="Only these.")
@click.option("--valid-at", type=POINT, metavar="D", help="As it was true at the end of that day (UTC).")
@click.option("--known-at", type=POINT, metavar="D", help="As the book knew it then.")
@click.option("--interval", type=click.Choice(["wilson", "exact"]), default="wilson", show_default=True)
@click.option(
    "--on-the-spot",
    type=click.Choice(["implied", "as_recorded"]),
    default="implied",
    show_default=True,
    help="Whether a settlement on the spot passes the rungs of the ladder.",
)
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option("--explain", is_flag=True, help="Say in sentences what was counted over what.")
@json_option
def metrics_command(
    listed: bool,
    url: str | None,
    plugins: tuple[str, ...],
    period: Period | None,
    by: tuple[str, ...],
    names: tuple[str, ...],
    valid_at: dt.datetime | None,
    known_at: dt.datetime | None,
    interval: str,
    on_the_spot: str,
    lang: str,
    explain: bool,
    as_json: bool,
) -> None:
    """Volumes, agreement and time, with denominators and intervals.

    Open cases count as watched until the last entry of the book (or until --valid-at or --known-at), where their
    register does not say better.
    """
    from community_mediation import metrics

    if listed:
        _list(as_json=as_json, lang=lang)
        return
    if url is None:
        raise click.UsageError("Missing option '--store'.")
    with opened(url, plugins, readonly=True) as book:
        facts = book.facts("case", valid_at=valid_at, known_at=known_at)
        head = book.store.head()
        through = min((each for each in (valid_at, known_at, head.recorded_at) if each is not None), default=None)
        table = metrics.table(
            facts,
            metrics=names or None,
            by=by,
            period=period,
            on_the_spot=on_the_spot,
            interval=interval,
            observed_through=through,
            lang=lang,
        )
    if as_json:
        click.echo(table.to_json())
        return
    click.echo(str(table))
    if explain:
        talk()
        click.echo(table.explain())


def _list(*, as_json: bool, lang: str) -> None:
    from community_mediation import metrics

    columns = ("name", "label", "kind", "grain", "source", "version")
    rows = [
        (
            each.name,
            each.label.zh if lang == "zh" else each.label.en,
            type(each).__name__,
            each.grain,
            each.source,
            each.version,
        )
        for each in metrics.catalogue().values()
    ]
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)
