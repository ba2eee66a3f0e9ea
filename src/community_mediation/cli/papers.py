"""report and document: forms filled in from a book, and papers of one case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TypeVar

import attrs
import click

from community_mediation.casebook import Casebook
from community_mediation.cli.common import (
    PATH,
    PERIOD,
    POINT,
    by_option,
    default_lang,
    json_option,
    opened,
    print_json,
    store_option,
    talk,
)
from community_mediation.cli.naming import centre_option, named
from community_mediation.domain.matter import Matter
from community_mediation.domain.values import Period
from community_mediation.errors import InvalidQuery, MediationError, NotFound, PluginFailed
from community_mediation.ports import DocumentKind, DocumentRequest, Finding, ReportFormat, Severity

T = TypeVar("T")


@click.command(
    "report",
    epilog="Example: community-mediation report outcomes --store sqlite:///cases.db --period 2022 --out outcomes.xlsx",
)
@click.argument("name", metavar="FORMAT")
@store_option
@click.option("--period", type=PERIOD, metavar="P", help="2022, 2022-H1, 2022-Q3, 2022-06 or FIRST..LAST.")
@click.option("--centre", "centres", multiple=True, metavar="ID", help="Only this centre; several add up.")
@click.option("--valid-at", type=POINT, metavar="D", help="As it was true at the end of that day (UTC).")
@click.option("--known-at", type=POINT, metavar="D", help="As the book knew it then.")
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE", help="What else the format takes.")
@click.option("--lang", metavar="LANG", help="The language of its words; by default that of the settings, or en.")
@click.option("--out", type=PATH, metavar="FILE", help="A file ending in xlsx, html, json or csv.")
@click.option("--check", is_flag=True, help="Say what is wrong with the report; the exit code is 1 if it is an error.")
@click.option("--overwrite", is_flag=True, help="Replace a file that is there.")
@json_option
@click.pass_context
def report_command(
    ctx: click.Context,
    name: str,
    url: str,
    plugins: tuple[str, ...],
    period: Period | None,
    centres: tuple[str, ...],
    valid_at: dt.datetime | None,
    known_at: dt.datetime | None,
    options: tuple[str, ...],
    lang: str | None,
    out: Path | None,
    check: bool,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Fill in a report format from a book; `formats` lists them.

    A table that does not foot is written with what is wrong with it, not refused.
    """
    from community_mediation.reports import request, write_report

    if out is None and not check:
        raise click.UsageError("Say with --out where to write, or look only with --check.")
    with opened(url, plugins, readonly=True) as book:
        format_ = _chosen(book.plugins.report_formats(), name, "report format")
        asked = request(
            book,
            period=period,
            centres=centres,
            lang=lang or default_lang(),
            valid_at=valid_at,
            known_at=known_at,
            options=_pairs(options),
        )
        report = _guarded(book, format_, lambda: format_.render(asked))
        unknown = [_unknown(centre) for centre in centres if not _knows(book, centre)]
    findings = [*unknown, *report.all_findings()]
    files = write_report(report, out, overwrite=overwrite) if out is not None else ()
    _say([str(each) for each in files], findings, as_json=as_json)
    if check and any(each.severity is Severity.ERROR for each in findings):
        ctx.exit(1)


def _knows(book: Casebook, centre: str) -> bool:
    return bool(book.find("case", where={"centre": centre}, limit=1).rows or book.store.entries(centre))


def _unknown(centre: str) -> Finding:
    problem = f"The book knows no centre {centre!r}: it has no record, and no case."
    return Finding("report.unknown_centre", Severity.ERROR, problem, "Look at the spelling of --centre.")


@click.command(
    "document",
    epilog="Example: community-mediation document case-summary --case ID --store sqlite:///cases.db --out summary.html",
)
@click.argument("name", metavar="KIND")
@store_option
@click.option("--case", "case_id", required=True, metavar="ID", help="The case, or another matter, that it is about.")
@centre_option
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE", help="What else the kind takes.")
@click.option("--lang", metavar="LANG", help="The language of its words; by default that of the settings, or en.")
@click.option("--out", type=PATH, required=True, metavar="FILE", help="A file ending in html or txt.")
@click.option("--reason", metavar="TEXT", help="Why names leave the book, for the journal; by default the kind.")
@click.option("--overwrite", is_flag=True, help="Replace a file that is there.")
@by_option
@json_option
def document_command(
    name: str,
    url: str,
    plugins: tuple[str, ...],
    case_id: str,
    centre: str | None,
    options: tuple[str, ...],
    lang: str | None,
    out: Path,
    reason: str | None,
    overwrite: bool,
    account: str,
    as_json: bool,
) -> None:
    """Write a paper of one case; `formats` lists the kinds.

    A paper names people: that it was written, and why, is recorded in the book.
    """
    from community_mediation.reports import write_paper

    with opened(url, plugins) as book:
        kind = _chosen(book.plugins.document_kinds(), name, "kind of document")
        withheld = book.restricted()
        asked = DocumentRequest(
            matter=book.get(named(book, case_id, centre), without=withheld),
            lang=lang or default_lang(),
            options=_pairs(options),
            related=_related(book, withheld),
        )
        paper = _guarded(book, kind, lambda: kind.compose(asked))
        # First the record, then the deed: no name leaves the book unnoted.
        book.record_disclosure("document", reason=reason or f"document {name}", by=account)
        file = write_paper(paper, out, overwrite=overwrite)
    _say([str(file)], list(paper.findings), as_json=as_json)


def _chosen(known: Mapping[str, T], name: str, what: str) -> T:
    if name not in known:
        raise InvalidQuery(f"There is no {what} {name!r}. There are: {', '.join(known) or 'none'}.")
    return known[name]


def _pairs(options: tuple[str, ...]) -> dict[str, str]:
    pairs = [each.partition("=") for each in options]
    if not all(equals for _, equals, _ in pairs):
        raise click.UsageError("--option takes NAME=VALUE.")
    return {name: value for name, _, value in pairs}


def _guarded(book: Casebook, thing: ReportFormat | DocumentKind, work: Callable[[], T]) -> T:
    """What a format gives; where it fails in a way of its own, its plugin is named."""
    try:
        return work()
    except MediationError:
        raise
    except Exception as error:
        raise PluginFailed(
            f"{thing.name!r}, which plugin {book.plugins.brought_by(thing)!r} brings, failed: {type(error).__name__}. "
            "Mend or upgrade the plugin."
        ) from error


def _related(book: Casebook, withheld: Collection[str]) -> Callable[[str], Matter | None]:
    def related(id: str) -> Matter | None:
        try:
            found: Matter = book.get(id, without=withheld)
        except (NotFound, PluginFailed):
            return None
        return found

    return related


def _say(files: list[str], findings: list[Finding], *, as_json: bool) -> None:
    if as_json:
        print_json({"files": files, "findings": [attrs.asdict(each) for each in findings]})
        return
    for file in files:
        click.echo(file)
    for finding in findings:
        talk(f"{finding.severity.value}: {finding.message} {finding.remedy}".rstrip())
