"""What a workbook says beside its sheets: which sheets there are, its shared texts, which styles are dates.

Read as a stream with the standard library. openpyxl, the usual choice, walks a whole sheet whose size is not
declared, keeps an element for every row, and changes texts that look like its escapes; a foreign register may
be hostile, and its texts must come out as they are.
"""

from __future__ import annotations

import re
from typing import Final

import attrs

from community_mediation.errors import UnreadableFile
from community_mediation.registers.xlsx_package import Package, resolved

_RELATION: Final = re.compile(r"(?:^|})id$")
_BUILT_IN_DATES: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_CODES: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', re.DOTALL)
_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
ROOT: Final = "_rels/.rels"


@attrs.frozen
class Sheet:
    """One sheet: its name, not shown by ``repr``, and its part."""

    name: str = attrs.field(repr=False)
    part: str
    visible: bool


@attrs.frozen
class Workbook:
    """The sheets in order, the parts beside them, and whether dates count from 1904."""

    sheets: tuple[Sheet, ...]
    strings: str | None
    styles: str | None
    from_1904: bool


def _relations(package: Package, source: str) -> dict[str, tuple[str, str]]:
    folder, _, base = source.rpartition("/")
    part = f"{folder}/_rels/{base}.rels" if source else ROOT
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        # What lies outside the file is never looked at.
        if tag == "Relationship" and attributes.get("TargetMode", "").lower() != "external":
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (kind, resolved(source, attributes.get("Target", "")))

    if part in package:
        package.read(part, start)
    return found


def read_workbook(package: Package) -> Workbook:
    """Find the parts of a workbook."""
    mains = [part for kind, part in _relations(package, "").values() if kind == "officeDocument"]
    main = mains[0] if mains else "xl/workbook.xml"
    if main not in package:
        raise package.broken("it holds no workbook")
    if main.endswith(".bin"):
        raise UnreadableFile(f"{package.name}: a binary workbook (XLSB). Save it as XLSX.")
    listed: list[tuple[str, str, bool]] = []
    epoch = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal epoch
        if tag == "sheet":
            relation = next((value for key, value in attributes.items() if _RELATION.search(key)), "")
            listed.append((attributes.get("name", ""), relation, attributes.get("state", "visible") == "visible"))
        elif tag == "workbookPr":
            epoch = attributes.get("date1904", "0").lower() in ("1", "true", "on")

    package.read(main, start)
    relations = _relations(package, main)
    sheets = tuple(
        Sheet(name, relations[relation][1], visible)
        for name, relation, visible in listed
        if relation in relations and relations[relation][0] == "worksheet"
    )
    parts = {kind: part for kind, part in relations.values() if part in package}
    return Workbook(sheets, parts.get("sharedStrings"), parts.get("styles"), epoch)


def choose_sheet(package: Package, sheets: tuple[Sheet, ...], wanted: str | int | None) -> Sheet:
    """The sheet that was asked for, else the first visible one. Their names are not quoted: some name people."""
    if not sheets:
        raise UnreadableFile(f"{package.name}: the workbook has no sheet with cells. Give one with a register.")
    if wanted is None:
        return next((sheet for sheet in sheets if sheet.visible), sheets[0])
    if isinstance(wanted, str):
        for sheet in sheets:
            if sheet.name == wanted:
                return sheet
    elif type(wanted) is int and 1 <= wanted <= len(sheets):
        return sheets[wanted - 1]
    raise UnreadableFile(
        f"{package.name}: there is no such sheet among its {len(sheets)}. "
        f"Give its exact name or its number from 1 to {len(sheets)} (sheet)."
    )


def is_date_format(code: str) -> bool:
    """Whether a number format shows a date or a time."""
    return any(sign in "yYmMdDhHsS" for sign in _NOT_CODES.sub("", code.partition(";")[0]))


def date_styles(package: Package, part: str | None) -> frozenset[int]:
    """The indexes of cell styles that show dates, also those that only East Asian spreadsheets number."""
    formats: dict[int, bool] = {}
    styles: list[int] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if tag == "cellXfs":
            inside = True
        elif tag == "numFmt":
            formats[number(attributes.get("numFmtId"))] = is_date_format(attributes.get("formatCode", "")[:1000])
        elif tag == "xf" and inside:
            styles.append(number(attributes.get("numFmtId")))
            if len(styles) > package.bounds.entries * 20:
                raise package.broken("it has too many styles")

    def end(tag: str) -> None:
        nonlocal inside
        inside = inside and tag != "cellXfs"

    if part is not None:
        package.read(part, start, end)
    return frozenset(at for at, style in enumerate(styles) if formats.get(style, style in _BUILT_IN_DATES))


def number(text: str | None) -> int:
    """A small number of an attribute; -1 for anything else."""
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 10 else -1


def unescaped(text: str) -> str:
    """A text with the escapes that workbooks use for control characters resolved, once."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def shared_strings(package: Package, part: str | None) -> list[str]:
    """The shared texts in order, without phonetic readings."""
    bounds, strings = package.bounds, list[str]()
    if part is None:
        return strings
    total = tags = 0
    # Counting bytes is a hundred times faster than parsing: too many texts are refused before any is kept.
    for chunk in package.chunks(part):
        total += len(chunk)
        tags += chunk.count(b"<")
        if total > bounds.shared_bytes:
            raise bounds.exceeded(package.name, "shared_bytes")
        if tags > 16 * bounds.shared_strings:
            raise bounds.exceeded(package.name, "shared_strings")
    pieces: list[str] = []
    open_text = phonetic = False
    length = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal open_text, phonetic, length
        if tag == "si":
            pieces.clear()
            length = 0
        elif tag == "rPh":
            phonetic = True
        open_text = tag == "t" and not phonetic

    def text(data: str) -> None:
        nonlocal length
        if open_text:
            length += len(data)
            if length > bounds.cell_chars:
                raise bounds.exceeded(package.name, "cell_chars")
            pieces.append(data)

    def end(tag: str) -> None:
        nonlocal open_text, phonetic
        open_text = False
        if tag == "rPh":
            phonetic = False
        elif tag == "si":
            strings.append(unescaped("".join(pieces)))
            if len(strings) > bounds.shared_strings:
                raise bounds.exceeded(package.name, "shared_strings")

    package.read(part, start, end, text, most=bounds.shared_bytes)
    return strings
