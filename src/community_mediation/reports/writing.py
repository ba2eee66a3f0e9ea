"""Reports as files: a workbook, a page, JSON, or CSV."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path
from typing import Final

from community_mediation.errors import InvalidInput
from community_mediation.files import already_there, shown, write_whole
from community_mediation.ports import Audience, Report
from community_mediation.reports.form_data import findings_csv, report_json, table_csv
from community_mediation.reports.form_html import report_page
from community_mediation.reports.xlsx_pen import CREATED

FORMS: Final = ("xlsx", "html", "json", "csv")
"""How a report can be written."""


def write_report(
    report: Report,
    path: str | os.PathLike[str],
    *,
    form: str | None = None,
    lang: str | None = None,
    created: dt.datetime = CREATED,
    overwrite: bool = False,
) -> tuple[Path, ...]:
    """Write a filled-in report, with everything that is wrong with it; returns the files.

    A figure that is not known is printed as a dash (``unknown`` in CSV, ``null`` in JSON), never as 0.
    What is not for the public can be read by its owner only.

    Args:
        report: What to write.
        path: Where it shall lie. CSV has a file for each table, its name added where there are several, and one
            more, ``…-findings.csv``, where something is wrong.
        form: ``xlsx``, ``html``, ``json`` or ``csv``; by the path's ending, if not given.
        lang: The language of headings; the report's, if not given.
        created: The date of creation that a workbook bears: by default always the same, and so are the bytes.
        overwrite: Replace files that are there.

    Raises:
        InvalidInput: A file is there, or no such form.
        TooLarge: A text is longer than a cell of a workbook holds.
        StoreFull, StoreUnavailable: A file cannot be written.
        MissingExtra: A workbook needs the extra ``xlsx``.
    """
    target = Path(os.fsdecode(path))
    contents: dict[Path, bytes] = {}
    lang = report.lang if lang is None else lang
    match form or target.suffix.lower().removeprefix("."):
        case "xlsx":
            from community_mediation.reports.form_xlsx import report_workbook

            contents[target] = report_workbook(report, lang, created)
        case "html":
            contents[target] = report_page(report, lang).encode()
        case "json":
            contents[target] = report_json(report).encode("utf-8", "replace")
        case "csv":
            contents = _csv_files(report, target)
        case _:
            raise InvalidInput(f"{shown(path)}: a report is written as one of {', '.join(FORMS)}. Choose one of them.")
    if not overwrite:
        # Before the first is written: of several files, all or none should be there.
        for each in contents:
            if os.path.lexists(each):
                raise already_there(each)
    private = report.audience is not Audience.PUBLIC
    return tuple(write_whole(each, text, overwrite=overwrite, private=private) for each, text in contents.items())


def _csv_files(report: Report, target: Path) -> dict[Path, bytes]:
    files: dict[Path, bytes] = {}
    for number, table in enumerate(report.tables, 1):
        name = f"-{re.sub(r'[^A-Za-z0-9_.-]', '_', table.name)}" if len(report.tables) > 1 else ""
        place = target.with_stem(target.stem + name)
        if place in files:
            place = target.with_stem(f"{target.stem}{name}-{number}")
        files[place] = table_csv(table)
    if report.all_findings():
        files[target.with_stem(f"{target.stem}-findings")] = findings_csv(report)
    return files
