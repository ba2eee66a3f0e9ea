"""metrics: outcome tables."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from community_mediation.cli.common import (
    PERIOD,
    POINT,
    json_option,
    loaded,
    maybe_store_option,
    opened,
    print_json,
    print_table,
    settings,
    talk,
)
from community_mediation.domain.values import Period
from community_mediation.errors import PluginFailed

if TYPE_CHECKING:
    from community_mediation.metrics import Metric
    from community_mediation.plugins import Plugins

LANGS = ("en", "zh")


@click.command(
    "metrics",
    epilog="Example: community-mediation metrics --store sqlite:///cases.db --period 2022-Q2 --by dispute_type",
)
@click.option("--list", "listed", is_flag=True, help="What can be counted; with --metric, how that is defined.")
@maybe_store_option
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
@click.option("--lang", type=click.Choice(LANGS), help="By default that of the settings, or en.")
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
    lang: str | None,
    explain: bool,
    as_json: bool,
) -> None:
    """Volumes, agreement and time, with denominators and intervals.

    Open cases count as watched until the last entry of the book (or until --valid-at or --known-at), where their
    register does not say better.
    """
    from community_mediation import metrics

    lang = lang or _language()
    if listed:
        if names:
            _defined(loaded(plugins), names, lang)
        else:
            _list(loaded(plugins), as_json=as_json, lang=lang)
        return
    if url is None:
        raise click.UsageError("Missing option '--store'.")
    with opened(url, plugins, readonly=True) as book:
        table = metrics.table(
            book,
            metrics=[_metric(book.plugins, name) for name in names] or None,
            by=by,
            period=period,
            on_the_spot=on_the_spot,
            interval=interval,
            valid_at=valid_at,
            known_at=known_at,
            lang=lang,
        )
    if as_json:
        click.echo(table.to_json())
        return
    click.echo(str(table))
    if explain:
        talk()
        click.echo(table.explain())


def _language() -> str:
    known = settings()
    language = (known.lang or "" if known is not None else "").replace("-", "_").partition("_")[0]
    return language if language in LANGS else LANGS[0]


def _metric(plugins: Plugins, name: str) -> str | Metric:
    """The metric of a plugin by its name; what is no plugin's is left to the catalogue, which knows what is near.

    Raises:
        PluginFailed: A plugin brings something under that name that cannot be counted.
    """
    from community_mediation.metrics import Metric, catalogue

    if name in catalogue() or name not in plugins.metrics():
        return name
    metric = plugins.metrics()[name]
    if not isinstance(metric, Metric):
        raise PluginFailed(
            f"Plugin {plugins.brought_by(metric)!r} brings {name!r} as a {type(metric).__name__}, which cannot be "
            "counted. It is to be a Count, Proportion or Duration of community_mediation.metrics."
        )
    return metric


def _list(plugins: Plugins, *, as_json: bool, lang: str) -> None:
    from community_mediation.metrics import Metric, describe
    from community_mediation.metrics.printing import denominator_of, family_of

    columns = ("family", "name", "label", "of", "grain", "version", "by")
    if not as_json:
        rows = [
            (
                family_of(each) if isinstance(each, Metric) else "",
                each.name,
                each.label.text(lang),
                denominator_of(each, lang) if isinstance(each, Metric) else "",
                each.grain,
                each.version,
                plugins.brought_by(each),
            )
            for each in plugins.metrics().values()
        ]
        print_table(columns, rows)
        return
    print_json(
        [
            {
                "name": each.name,
                "label": each.label.text(lang),
                "grain": each.grain,
                "source": each.source,
                "version": each.version,
                "by": plugins.brought_by(each),
                **({"definition": dict(describe(each, lang))} if isinstance(each, Metric) else {}),
            }
            for each in plugins.metrics().values()
        ]
    )


def _defined(plugins: Plugins, names: tuple[str, ...], lang: str) -> None:
    """How single metrics are defined."""
    from community_mediation.metrics import describe
    from community_mediation.metrics.printing import chosen

    for name in names:
        (metric,) = chosen([_metric(plugins, name)])
        click.echo(metric.label.text(lang))
        for what, said in describe(metric, lang):
            click.echo(f"  {what}: {said}")
