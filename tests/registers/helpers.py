"""Files and rows that the tests of this room share."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from community_mediation.registers.bounds import Bounds
from community_mediation.registers.files import read_register
from community_mediation.registers.mapping import RegisterMapping
from community_mediation.registers.rows import Cell, RawRow, RowProblem

HEADER = "case_no,reported_at,dispute_type\r\n"

SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": '<Relationships xmlns="x">'
    f'<Relationship Id="r" Type="{_TYPE}officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="m" xmlns:r="r"><sheets><sheet name="张某" r:id="s1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="x">'
    f'<Relationship Id="s1" Type="{_TYPE}worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="s2" Type="{_TYPE}sharedStrings" Target="sharedStrings.xml"/>'
    f'<Relationship Id="s3" Type="{_TYPE}styles" Target="styles.xml"/></Relationships>',
}


def row_xml(*texts: str) -> str:
    """A row of inline texts."""
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts) + "</row>"


def workbook(sheet: str | bytes, extra: Mapping[str, str | bytes] | None = None) -> bytes:
    """A small workbook around the XML of one sheet."""
    file = io.BytesIO()
    body = SHEET.format(sheet) if isinstance(sheet, str) else sheet
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in {**PARTS, "xl/worksheets/sheet1.xml": body, **(extra or {})}.items():
            package.writestr(name, text)
    return file.getvalue()


def put(folder: Path, name: str, content: str | bytes) -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows(path: Path, **options: Any) -> list[RawRow]:
    """All rows of a file."""
    with read_register(path, **options) as register:
        return list(register)


def cells(path: Path, **options: Any) -> list[list[Cell]]:
    """The cells of all rows of a file."""
    return [list(row.cells.values()) for row in rows(path, **options)]


def values(row: Mapping[str, Cell], toml: str = 'zone = "Asia/Shanghai"') -> tuple[dict[str, Any], list[RowProblem]]:
    """What a row with these cells comes to; the required ones are there."""
    filled: dict[str, Cell] = {"case_no": "2022-1", "reported_at": "2022-05-14", "dispute_type": "neighbour", **row}
    bound = RegisterMapping.parse(toml).bind(tuple(filled))
    return bound.values(RawRow(2, filled))


def headings(path: Path, **options: Any) -> Sequence[str]:
    """The headings of a file."""
    with read_register(path, **options) as register:
        return register.headings


TIGHT = Bounds(rows=50, columns=20, cells=500, cell_chars=500, record_chars=2_000, seconds=30)
