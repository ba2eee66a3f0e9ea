"""simulate: an invented centre or country."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from community_mediation.cli.common import (
    PATH,
    PERIOD,
    json_option,
    loaded,
    opened,
    print_json,
    progress_bar,
    store_option,
    talk,
)
from community_mediation.domain.values import Period
from community_mediation.errors import NotFound

if TYPE_CHECKING:
    from community_mediation.plugins import Plugins
    from community_mediation.simulate import Scenario


@click.command(
    "simulate", epilog="Example: community-mediation simulate --cases 600 --seed 7 --store sqlite:///invented.db"
)
@store_option
@click.option("--cases", type=int, metavar="N", help="How many cases; by default 600, or as many as were published.")
@click.option("--seed", type=int, metavar="S", default=1, show_default=True, help="Another seed, other cases.")
@click.option("--region", metavar="R", help="The region that the centres name; by default the neutral one.")
@click.option(
    "--centres", type=int, metavar="N", default=1, show_default=True, help="How many centres: 400 are a country."
)
@click.option("--period", type=PERIOD, default="2022", show_default=True, help="When the cases are reported.")
@click.option(
    "--runs-on",
    type=int,
    metavar="DAYS",
    default=0,
    show_default=True,
    help="How long after the period the book goes on. What has not ended by then is open.",
)
@click.option(
    "--fit",
    "published",
    type=PATH,
    metavar="FILE",
    help="Published counts by kind and ending (TOML): the cases have exactly these.",
)
@click.option("--at-once", is_flag=True, help="Save every case once, whole, as of now: several times as fast.")
@click.option("--add", is_flag=True, help="Write into a book that holds cases already; take another seed.")
@json_option
def simulate_command(
    url: str,
    plugins: tuple[str, ...],
    cases: int | None,
    seed: int,
    region: str | None,
    centres: int,
    period: Period,
    runs_on: int,
    published: Path | None,
    at_once: bool,
    add: bool,
    as_json: bool,
) -> None:
    """Write an invented centre or country into an empty book. The same options give the same cases.

    The book is lived through: each case is saved on every day on which something of it is recorded, some of it late,
    some of it put right, with the simulated day as the time of recording. Whoever stops it begins anew, in another
    book: half a simulation is not gone on with.
    """
    from community_mediation.simulate import Clock, Margins, Scenario, fill, fit

    margins = None if published is None else Margins.load(published)
    given: dict[str, Any] = {"seed": seed, "centres": centres, "period": period, "runs_on": runs_on, "region": region}
    if cases is None and margins is not None:
        cases = margins.total
    if cases is not None:
        given["cases"] = cases
    scenario = Scenario(**given)
    if margins is not None:
        scenario = fit(scenario, margins)
    clock = None if at_once else Clock()
    if scenario.region is not None:
        # Before the book: it would be made, and left empty.
        _must_be_known(loaded(plugins), scenario)
    try:
        with opened(url, plugins, create=True, clock=clock) as book, progress_bar("Simulating") as bar:
            done = fill(book, scenario, clock=clock, add=add, progress=bar)
    except KeyboardInterrupt as stop:
        talk(" ".join(["Stopped.", *getattr(stop, "__notes__", ())]))
        raise
    if as_json:
        print_json({**attrs.asdict(done), "seed": seed, "source": None if margins is None else margins.source})
        return
    click.echo(
        f"{done.cases:,} invented cases in {scenario.centres:,} {'centre' if scenario.centres == 1 else 'centres'}, "
        f"saved {done.saves:,} times; {done.records:,} centres, mediators and persons. Seed {seed}."
    )
    talk("Go on: community-mediation metrics, with the same --store.")


def _must_be_known(plugins: Plugins, scenario: Scenario) -> None:
    known = plugins.regions()
    if scenario.region is not None and scenario.region not in known:
        raise NotFound(
            f"There is no region {scenario.region!r}. There are: {', '.join(sorted(known))}. "
            "Enable the plugin that brings it with --plugin."
        )
