"""demo: the tour."""

from __future__ import annotations

from pathlib import Path

import click

from community_mediation.cli.common import PathType, opened, progress_bar, talk

METRICS = (
    "reported",
    "concluded",
    "open_at_end",
    "agreement_of_reported",
    "agreement_of_begun",
    "agreement_of_concluded",
    "agreement_of_substantively_concluded",
)


@click.command("demo", epilog="Example: community-mediation demo --out demo-output")
@click.option(
    "--out",
    type=PathType(file_okay=False),
    default=Path("demo-output"),
    show_default=True,
    help="Where to put what it makes.",
)
def demo_command(out: Path) -> None:
    """Import two sample registers into embedded books, print their figures, and write a report, a page and a chart."""
    from community_mediation import metrics
    from community_mediation.files import make_folder
    from community_mediation.registers import RegisterMapping, import_register
    from community_mediation.reports.tour import write_tour
    from community_mediation.samples import path as sample

    make_folder(out)
    complaints_file, studio_file = out / "complaints.db", out / "studio.db"
    with opened(f"sqlite:///{complaints_file}", create=True) as complaints, progress_bar("Complaints") as bar:
        mapping = RegisterMapping.load(sample("nyc311.toml"))
        result = import_register(
            complaints,
            sample("nyc311_noise_20220501.csv"),
            mapping=mapping,
            progress=lambda rows, done, size: bar(done, size),
        )
        click.echo("1. 924 real complaints to the police of New York City, 1 May 2022 (public data, addresses removed)")
        click.echo(f"   {result.added} added, {result.unchanged} known already, {result.rejected} rejected.")
        click.echo("   They were closed by the police, not mediated: no register entry says how they ended.\n")
        facts = complaints.facts("case").to_polars()
        click.echo(metrics.table(facts, metrics=METRICS))
        click.echo(metrics.survival(facts, unit="minutes"))
        with opened(f"sqlite:///{studio_file}", create=True) as studio:
            result = import_register(studio, sample("studio_register.csv"), centre="studio", zone="Asia/Shanghai")
            click.echo("\n2. The register of a police-station studio (invented: no case or person is real)")
            click.echo(f"   {result.added} added, {result.unchanged} known already, {result.rejected} rejected.\n")
            click.echo(metrics.table(studio.facts("case").to_polars()))
            files = write_tour(complaints, studio, out)
    click.echo("\n3. What was made:")
    for path in files:
        click.echo(f"   {path}")
    click.echo(f"   {complaints_file}\n   {studio_file}")
    talk(f"\nGo on: community-mediation cases list --store sqlite:///{studio_file}")
