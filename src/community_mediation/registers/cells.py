"""From a cell to a value, strictly: what is not certainly meant is a problem, and an empty cell is unknown.

Every parser gives ``None`` for a cell that says nothing. Its errors never quote a cell unless its form is
harmless: a date of digits and separators, or a near miss of a listed code.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from community_mediation.domain.validators import MAX_TEXT
from community_mediation.errors import InvalidValue
from community_mediation.registers.columns import Column
from community_mediation.registers.dates import parse_day
from community_mediation.registers.lists import MAX_LISTED, PartyCell, parse_party, split_list
from community_mediation.registers.rows import Cell
from community_mediation.registers.words import BLANKS, FLAGS, SYNONYMS, folded

_WIDE: Final = str.maketrans("０１２３４５６７８９，．－＋", "0123456789,.-+")
_INTEGER: Final = re.compile(r"[+-]?(?:\d{1,18}|\d{1,3}(?:,\d{3}){1,5})(?:\.0{1,6})?", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?(?:\d{1,18}|\d{1,3}(?:,\d{3}){1,5})(?:\.\d{1,9})?", re.ASCII)
_TYPO: Final = re.compile(r"[a-z][a-z0-9_]{0,23}", re.ASCII)


def described(cell: Cell) -> str:
    """A cell for a message: its form, never its content."""
    if isinstance(cell, str):
        return f"a text of {len(cell):,} characters"
    if isinstance(cell, bool):
        return "a yes or no"
    return "a list" if isinstance(cell, tuple) else "a date or time"


def is_blank(cell: Cell) -> bool:
    """Whether a cell of codes, times, numbers or marks says nothing: empty, ``-``, ``n/a``, ``无`` and the like."""
    if isinstance(cell, str):
        return not cell or (len(cell) < 12 and folded(cell) in BLANKS)
    return cell == ()


def parse_text(cell: Cell) -> str | None:
    """Free text; only blanks around it are taken off. ``-`` and the like stay, as they may be meant."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, tuple):
        raise InvalidValue("a list where one text belongs", remedy="Write one text.")
    text = (cell if isinstance(cell, str) else cell.isoformat()).strip()
    if len(text) > MAX_TEXT:
        raise InvalidValue(f"a text of {len(text):,} characters", remedy=f"At most {MAX_TEXT:,} fit here.")
    return text or None


def parse_number(cell: Cell) -> str | None:
    """The number or id of something: one printable text."""
    text = parse_text(cell)
    if text is None or is_blank(text):
        return None
    if len(text) > 200 or not text.isprintable():
        raise InvalidValue(f"{described(text)} cannot be a number or id", remedy="Up to 200 printable characters fit.")
    return text


def parse_code(column: Column, cell: Cell, table: Mapping[str, str] | None = None) -> str | None:
    """A code: through the mapping's table (folded word to code, ``*`` for all others), then the known words.

    Raises:
        InvalidValue: The word is none of the closed list, or no code at all.
    """
    if isinstance(cell, bool):
        cell = "yes" if cell else "no"
    if not isinstance(cell, str):
        raise InvalidValue(f"{described(cell)} where a code belongs", remedy=_listed(column))
    word = folded(cell)
    if table is not None and word in table:
        return table[word] or None
    if is_blank(cell):
        return None
    if column.codes is None:
        if table is not None and "*" in table:
            return table["*"] or None
        text = cell.strip()
        if len(text) > 200 or not text.isprintable():
            raise InvalidValue(f"{described(text)} cannot be a code", remedy="Up to 200 printable characters fit.")
        return text
    if (code := SYNONYMS[column.name].get(word)) is not None:
        return code
    if table is not None and "*" in table:
        return table["*"] or None
    near = difflib.get_close_matches(word, column.codes, n=1, cutoff=0.75) if _TYPO.fullmatch(word) else []
    if near:
        raise InvalidValue(
            f"{word!r} is no code of {column.name}", remedy=f"Did you mean {near[0]!r}? {_listed(column)}"
        )
    raise InvalidValue(f"{described(cell)} is no code of {column.name}", remedy=_listed(column))


def parse_id(column: Column, cell: Cell, table: Mapping[str, str] | None = None) -> str | None:
    """The name of a system or list: a code without blanks and colons."""
    code = parse_code(column, cell, table)
    if code is not None and (":" in code or any(map(str.isspace, code))):
        raise InvalidValue(f"{described(code)} cannot be an id", remedy="Write it without blanks and colons.")
    return code


def parse_currency(column: Column, cell: Cell, table: Mapping[str, str] | None = None) -> str | None:
    """A currency of ISO 4217."""
    code = parse_code(column, cell, table)
    if code is not None and not re.fullmatch(r"[A-Z]{3}", code, re.ASCII):
        raise InvalidValue(
            f"{described(code)} is no currency",
            remedy="Write the three letters of ISO 4217, as CNY, or map it ([codes.currency]).",
        )
    return code


def _listed(column: Column) -> str:
    if column.codes is None:
        return "Write a code."
    return f"Write one of {', '.join(column.codes)}, or give its meaning in the mapping ([codes.{column.name}])."


def _figure(cell: Cell, pattern: re.Pattern[str], what: str, remedy: str) -> str | None:
    if isinstance(cell, str) and pattern.fullmatch(cell):
        return cell.replace(",", "")
    if is_blank(cell):
        return None
    if not isinstance(cell, str):
        raise InvalidValue(f"{described(cell)} where {what} belongs", remedy=remedy)
    text = cell.translate(_WIDE).strip()
    if not pattern.fullmatch(text):
        raise InvalidValue(f"{described(cell.strip())} is not {what}", remedy=remedy)
    return text.replace(",", "")


def parse_integer(cell: Cell) -> int | None:
    """A whole number. Full-width digits, separated thousands and ``12.0`` are taken; ``12人`` is not."""
    text = _figure(cell, _INTEGER, "a whole number", "Write digits only, such as 12.")
    return None if text is None else int(text.partition(".")[0])


def parse_count(cell: Cell) -> int | None:
    """A whole number from 0 to a thousand million."""
    count = parse_integer(cell)
    if count is not None and not 0 <= count <= 1_000_000_000:
        raise InvalidValue("a count below zero or beyond reason", remedy="Write how many there are, such as 12.")
    return count


def parse_rating(cell: Cell) -> int | None:
    """A mark from 1 to 5."""
    rating = parse_integer(cell)
    if rating is not None and not 1 <= rating <= 5:
        raise InvalidValue("a mark outside 1 to 5", remedy="Write 1 (worst) to 5.")
    return rating


def parse_decimal(cell: Cell) -> Decimal | None:
    """A decimal number with a point; thousands may be separated by commas. Signs and units are refused."""
    text = _figure(cell, _DECIMAL, "a number", "Write digits with a decimal point and no unit, such as 1200.50.")
    return None if text is None else Decimal(text)


def parse_amount(cell: Cell, unit: Decimal = Decimal(1)) -> Decimal | None:
    """An amount of money, times the *unit* that the mapping gives (10000 for 万元)."""
    remedy = "Write digits with a decimal point, such as 1200.50; currency and unit belong to the mapping ([money])."
    text = _figure(cell, _DECIMAL, "an amount", remedy)
    if text is None:
        return None
    amount = Decimal(text) * unit
    if amount < 0:
        raise InvalidValue("an amount below zero", remedy="Write what is claimed or agreed as a positive amount.")
    return amount


def parse_flag(cell: Cell, table: Mapping[str, str] | None = None) -> bool | None:
    """Yes or no."""
    if isinstance(cell, bool):
        return cell
    remedy = "Write yes or no, or nothing where it is unknown."
    if not isinstance(cell, str):
        raise InvalidValue(f"{described(cell)} where yes or no belongs", remedy=remedy)
    word = folded(cell)
    if table is not None and (word in table or ("*" in table and not is_blank(cell))):
        return {"yes": True, "no": False}.get(table.get(word, table.get("*", "")))
    # 无 is "no" to whoever asks whether there is something, but "nothing to say" to whoever fills a form.
    if is_blank(cell):
        return None
    if word not in FLAGS:
        raise InvalidValue(f"{described(cell.strip())} is neither yes nor no", remedy=remedy)
    return FLAGS[word]


def parse_list(cell: Cell) -> tuple[str, ...] | None:
    """Several texts; a cell that says nothing as a whole (``-``, ``无``) is unknown."""
    if is_blank(cell):
        return None
    if isinstance(cell, tuple):
        items = tuple(item.strip() for item in cell if item.strip())
    else:
        items = split_list(parse_text(cell) or "")
    if len(items) > MAX_LISTED:
        raise InvalidValue(f"a list of {len(items):,} items", remedy=f"At most {MAX_LISTED:,} fit here.")
    if items and max(map(len, items)) > MAX_TEXT:
        raise InvalidValue("an item of a list is too long", remedy=f"At most {MAX_TEXT:,} characters fit.")
    return items or None


def parse_parties(cell: Cell) -> tuple[PartyCell, ...] | None:
    """Several parties, each ``name`` or ``name|kind|sex|birth date``."""
    items = parse_list(cell)
    return None if items is None else tuple(map(parse_party, items))


def parse_date(cell: Cell) -> dt.date | None:
    """A calendar day of an own field."""
    if is_blank(cell):
        return None
    if isinstance(cell, dt.datetime) or not isinstance(cell, str | dt.date):
        raise InvalidValue(f"{described(cell)} where a day belongs", remedy="Write it as YYYY-MM-DD.")
    return cell if isinstance(cell, dt.date) else parse_day(cell)
