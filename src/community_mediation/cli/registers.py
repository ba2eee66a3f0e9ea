"""import and export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from community_mediation.cli.common import (
    PATH,
    POINT,
    by_option,
    is_new_file,
    json_option,
    opened,
    print_json,
    progress_bar,
    settings,
    store_option,
    talk,
)
from community_mediation.errors import InvalidInput, RowRejected

SHOWN = 20


@click.command(
    "import",
    epilog="Example: community-mediation import register.csv --store sqlite:///cases.db --zone Asia/Shanghai",
)
@click.argument("file", type=PATH)
@store_option
@click.option("--mapping", "mapping_file", type=PATH, metavar="M.toml", help="How to read it.")
@click.option("--centre", metavar="ID", help="The centre of rows that name none; by default that of the settings.")
@click.option("--zone", metavar="AREA/CITY", help="The time zone of its dates; by default that of the settings.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would happen.")
@click.option("--rejects", type=PATH, metavar="OUT.csv", help="Write rejected rows there.")
@click.option("--overwrite", is_flag=True, help="Replace a rejects file that is there.")
@click.option("--all-or-nothing", is_flag=True, help="With any rejected row, store nothing at all.")
@by_option
@json_option
@click.pass_context
def import_command(
    ctx: click.Context,
    file: Path,
    url: str,
    plugins: tuple[str, ...],
    mapping_file: Path | None,
    centre: str | None,
    zone: str | None,
    dry_run: bool,
    rejects: Path | None,
    overwrite: bool,
    all_or_nothing: bool,
    account: str,
    as_json: bool,
) -> None:
    """Take a register (CSV, XLSX or JSON Lines) into a book.

    Running it twice adds nothing. Rows that are not taken are told with row, column, what is wrong and what would be
    right; the exit code is then 1.
    """
    from community_mediation.registers import RegisterMapping, import_register
    from community_mediation.registers.importing import check_register

    known = settings()
    if known is not None:
        centre, zone = centre or known.centre, zone or known.zone
    mapping = RegisterMapping.load(mapping_file) if mapping_file is not None else None
    told = 0

    def tell(rejection: RowRejected) -> None:
        nonlocal told
        told += 1
        if told <= SHOWN:
            talk(f"RowRejected: {rejection}")

    is_new = is_new_file(url)
    if is_new:
        # No book is made for a file that cannot be read.
        check_register(file, mapping=mapping, centre=centre, zone=zone)
    # A dry run on a book that is not there yet looks at an empty one, and leaves nothing behind.
    target = "memory:" if is_new and dry_run else url
    try:
        with (
            opened(target, plugins, create=not dry_run or is_new, readonly=dry_run and not is_new) as book,
            progress_bar(f"Reading {file.name}") as bar,
        ):
            result = import_register(
                book,
                file,
                mapping=mapping,
                centre=centre,
                zone=zone,
                by=account,
                dry_run=dry_run,
                all_or_nothing=all_or_nothing,
                rejects=rejects,
                overwrite=overwrite,
                progress=lambda rows, done, size: bar(done, size),
                on_reject=tell,
            )
    except KeyboardInterrupt:
        talk("Stopped. What was committed before stays; import the file again to go on.")
        raise
    if told > SHOWN:
        talk(f"… and {told - SHOWN} more problems." + ("" if rejects else " --rejects OUT.csv writes them all."))
    for notice in result.notices:
        talk(f"Notice: {notice}")
    counts = {
        "rows": result.rows,
        "added": result.added,
        "amended": result.amended,
        "unchanged": result.unchanged,
        "rejected": result.rejected,
    }
    if as_json:
        rejections = [
            {"row": each.row, "column": each.column, "problem": each.problem, "remedy": each.remedy}
            for each in result.rejections
        ]
        print_json(
            {
                "file": result.file,
                "dry_run": result.dry_run,
                "stored": result.stored,
                **counts,
                "notices": list(result.notices),
                "rejections": rejections,
            }
        )
    else:
        words = ", ".join(f"{count:,} {name}" for name, count in counts.items() if name != "rows")
        would = "Would be: " if dry_run else "" if result.stored else "Nothing was stored; it would have been: "
        click.echo(f"{result.file}: {result.rows:,} rows. {would}{words}.")
    if result.rejected:
        if rejects is not None:
            talk(f"The rejected rows are in {rejects}: mend them there, and import that file.")
        ctx.exit(1)


TEXTS: Final = ("csv", "jsonl", "xlsx")
TABLES: Final = ("parquet", "duckdb", "sqlite")


def _either(kinds: Sequence[str]) -> str:
    *some, last = (f".{kind}" for kind in kinds)
    return f"{', '.join(some)} or {last}"


@click.command("export", epilog="Example: community-mediation export --store sqlite:///cases.db --out cases.csv")
@store_option
@click.option("--out", type=PATH, required=True, metavar="PATH", help="Where to write.")
@click.option(
    "--format",
    "kind",
    type=click.Choice([*TEXTS, *TABLES]),
    help="By default what the ending of PATH says. Parquet, DuckDB and SQLite hold facts only.",
)
@click.option("--facts", "table", metavar="TABLE", help="A table of facts instead of the register, or of all tables.")
@click.option("--versions", is_flag=True, help="Parquet, DuckDB and SQLite: also all that was ever known.")
@click.option("--valid-at", type=POINT, metavar="D", help="Facts as they were at the end of that day (UTC), or then.")
@click.option("--known-at", type=POINT, metavar="D", help="Facts as the book knew them then.")
@click.option("--identified", metavar="REASON", help="Let names and words in, for this reason, which is recorded.")
@click.option("--overwrite", is_flag=True, help="Replace a file, or an export's folder with nothing else in it.")
@by_option
@json_option
def export_command(
    url: str,
    plugins: tuple[str, ...],
    out: Path,
    kind: str | None,
    table: str | None,
    versions: bool,
    valid_at: dt.datetime | None,
    known_at: dt.datetime | None,
    identified: str | None,
    overwrite: bool,
    account: str,
    as_json: bool,
) -> None:
    """Write all cases as a canonical register, or tables of facts.

    What names people stays out unless --identified gives a reason. No cell becomes a formula.
    """
    from community_mediation.files import shown
    from community_mediation.registers import export_facts, export_register, export_tables

    ending = out.suffix.lower().removeprefix(".")
    if kind is not None and ending != kind and (kind in TEXTS or ending in (*TEXTS, *TABLES)):
        raise click.UsageError(f"PATH ends in {out.suffix or 'nothing'!r}, and the format is {kind}. Make them agree.")
    kind = kind or ending
    is_facts = table is not None or kind in TABLES
    if is_facts and identified is not None:
        raise click.UsageError("Facts name no one: --identified does not go together with them.")
    if versions and (kind not in TABLES or valid_at is not None):
        raise click.UsageError(
            "--versions is for parquet, duckdb and sqlite, and does not go together with --valid-at."
        )
    if not is_facts and (valid_at is not None or known_at is not None):
        raise click.UsageError("The register tells of the present: --valid-at and --known-at are for --facts.")
    if kind not in (*TEXTS, *TABLES):
        # Before the book: a large one is read for a while until anything is written.
        raise InvalidInput(
            f"{shown(out)}: a register, or one table of facts, is written as {_either(TEXTS)}, and tables of facts "
            f"also as {_either(TABLES)}. Choose one of these endings, or name one of the latter three with --format."
        )
    with opened(url, plugins, readonly=identified is None) as book, progress_bar(f"Writing {out.name}") as bar:
        if kind in TABLES:
            result = export_tables(
                book,
                out,
                kind=kind,
                tables=None if table is None else [table],
                versions=versions,
                valid_at=valid_at,
                known_at=known_at,
                overwrite=overwrite,
                progress=lambda rows: bar(rows, 0),
            )
        elif table is not None:
            result = export_facts(book, table, out, overwrite=overwrite, valid_at=valid_at, known_at=known_at)
        else:
            result = export_register(book, out, identified=identified, by=account, overwrite=overwrite, progress=bar)
    if as_json:
        print_json({"path": result.path, "rows": result.rows, "identified": result.identified})
    else:
        click.echo(f"{result.path}: {result.rows:,} rows, {'with' if result.identified else 'without'} names.")
