"""Checks on the tables of a mapping file, each key by its own rule."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NoReturn

from community_mediation.domain.validators import Sensitivity
from community_mediation.domain.values import zone_named
from community_mediation.errors import InvalidMapping, InvalidValue
from community_mediation.registers.columns import COLUMNS, OWN_TYPES, Kind, OwnColumn
from community_mediation.registers.csv_files import DELIMITERS
from community_mediation.registers.dates import AMBIGUOUS
from community_mediation.registers.rows import heading_text
from community_mediation.registers.words import folded

_KEYS: Final = (
    "zone", "centre", "dispute_scheme", "encoding", "delimiter", "sheet", "header_row", "date_formats", "ambiguous",
    "ignore", "columns", "constants", "codes", "dates", "money", "own",
)  # fmt: skip
_OWN_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
_FORMAT_SIGNS: Final = frozenset("aAbBdHIjmMpSfyYz%")


def near(word: str, possible: Iterable[str]) -> str:
    """A question that names the nearest of what is possible, or nothing."""
    close = difflib.get_close_matches(word, list(possible), n=1, cutoff=0.6)
    return f" Did you mean {close[0]!r}?" if close else ""


def checked(name: str, document: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a ``RegisterMapping`` from the tables of its file."""
    return _Checker(name).document(document)


class _Checker:
    def __init__(self, name: str) -> None:
        self.name = name

    def refuse(self, key: str, why: str, remedy: str) -> NoReturn:
        raise InvalidMapping(f"{self.name}: {key}: {why}. {remedy}")

    def known(self, key: str, word: str, possible: Iterable[str], what: str) -> str:
        possible = tuple(possible)
        if word not in possible:
            self.refuse(key, f"{word[:60]!r} is no {what}", f"Possible: {', '.join(possible)}.{near(word, possible)}")
        return word

    def text(self, key: str, value: Any) -> str:
        if type(value) is not str or not value.strip() or len(value) > 200 or not value.isprintable():
            self.refuse(key, "not a short text", 'Write it in quotation marks, as "…".')
        return value.strip()

    def table(self, key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.refuse(key, "not a table", f"Write [{key}] and its keys under it.")
        return value

    def texts(self, key: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list):
            self.refuse(key, "not a list of texts", 'Write it as ["…", "…"].')
        return tuple(self.text(key, each) for each in value)

    def column(self, table: str, name: str) -> str:
        return self.known(f"[{table}]", name, COLUMNS, "canonical column")

    def document(self, document: dict[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key in document:
            self.known("top level", key, _KEYS, "key of a mapping")
        for key, value in document.items():
            if key == "money":
                result.update(self.money(self.table(key, value)))
            else:
                result[key] = getattr(self, f"_{key}")(key, value)
        fields = result.get("columns") or {}
        if both := [field for field in result.get("constants", {}) if field in fields]:
            self.refuse(f"[constants] {both[0]}", "the column also has a heading", "Keep one of the two.")
        return result

    def _zone(self, key: str, value: Any) -> str:
        zone = self.text(key, value)
        try:
            zone_named(zone)
        except InvalidValue:
            self.refuse(key, "the time zone database does not know it", "Write it as Area/City, such as Asia/Shanghai.")
        return zone

    def _centre(self, key: str, value: Any) -> str:
        return self.text(key, value)

    _dispute_scheme = _encoding = _centre

    def _delimiter(self, key: str, value: Any) -> str:
        if value not in DELIMITERS:
            self.refuse(key, "not a separator", 'Possible: ",", ";", "\\t", "|".')
        return str(value)

    def _sheet(self, key: str, value: Any) -> str | int:
        if type(value) is int and value >= 1:
            return value
        return self.text(key, value)

    def _header_row(self, key: str, value: Any) -> int:
        if type(value) is not int or value < 1:
            self.refuse(key, "not a row", "Write its number; the first row is 1.")
        return value

    def _date_formats(self, key: str, value: Any) -> tuple[str, ...]:
        formats = self.texts(key, value)
        for form in formats:
            signs = re.findall(r"%(.?)", form)
            if (unknown := [sign for sign in signs if sign not in _FORMAT_SIGNS]) or form.endswith("%"):
                self.refuse(key, f"'%{unknown[0] if unknown else ''}' is not known", "Such as %d/%m/%Y %H:%M.")
            given = set(signs)
            if not given & {"Y", "y"} or not ("j" in given or ("d" in given and given & {"m", "b", "B"})):
                self.refuse(key, "a form without day, month or year", "Such as %d/%m/%Y.")
            try:
                # A sign given twice fails in the making of the pattern only.
                datetime.strptime(date(2022, 5, 14).strftime(form), form)  # noqa: DTZ007
            except (ValueError, re.error):
                self.refuse(key, "a form that does not read what it writes", "Give each part once, as %d/%m/%Y %H:%M.")
        return formats

    def _dates(self, key: str, value: Any) -> dict[str, tuple[str, ...]]:
        found = {}
        for column, formats in self.table(key, value).items():
            if COLUMNS[self.column(key, column)].kind is not Kind.WHEN:
                self.refuse(f"[dates] {column}", "this column holds no times", "Leave it out.")
            found[column] = self._date_formats(f"[dates] {column}", formats)
        return found

    def _ambiguous(self, key: str, value: Any) -> str:
        return self.known(key, self.text(key, value), AMBIGUOUS, "choice")

    def _ignore(self, key: str, value: Any) -> tuple[str, ...]:
        return tuple(map(heading_text, self.texts(key, value)))

    def _columns(self, key: str, value: Any) -> dict[str, str]:
        return {
            self.column(key, column): heading_text(self.text(f"[columns] {column}", heading))
            for column, heading in self.table(key, value).items()
        }

    def _constants(self, key: str, value: Any) -> dict[str, str]:
        found = {}
        for column, constant in self.table(key, value).items():
            if COLUMNS[self.column(key, column)].kind in (Kind.PARTIES, Kind.LIST):
                self.refuse(f"[constants] {column}", "people are never the same in every row", "Leave it out.")
            if type(constant) is int:
                constant = str(constant)
            elif type(constant) is bool:
                constant = "yes" if constant else "no"
            found[column] = self.text(f"[constants] {column}", constant)
        return found

    def _codes(self, key: str, value: Any) -> dict[str, Mapping[str, str]]:
        tables: dict[str, Mapping[str, str]] = {}
        for name, words in self.table(key, value).items():
            column = COLUMNS[self.column(key, name)]
            if column.kind not in (Kind.CODE, Kind.FLAG):
                self.refuse(f"[codes.{name}]", "this column holds no codes", "Leave it out.")
            possible = ("yes", "no") if column.kind is Kind.FLAG else column.codes
            table: dict[str, str] = {}
            for word, code in self.table(f"codes.{name}", words).items():
                where = f"[codes.{name}] {word[:60]!r}"
                if type(code) is bool and column.kind is Kind.FLAG:
                    code = "yes" if code else "no"
                if code != "":
                    code = self.text(where, code)
                    if possible is not None:
                        self.known(where, code, possible, "code of this column")
                if table.setdefault(folded(word), code) != code:
                    self.refuse(where, "the same word has two meanings", "Keep one; case and width do not count.")
            tables[name] = table
        return tables

    def money(self, table: dict[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in table.items():
            self.known("[money]", key, ("unit", "currency"), "key of this table")
            if key == "currency":
                if not re.fullmatch(r"[A-Z]{3}", self.text("[money] currency", value), re.ASCII):
                    self.refuse("[money] currency", "not a currency", "Write the three letters of ISO 4217, as CNY.")
                result[key] = value.strip()
            elif type(value) not in (int, float) or not math.isfinite(value) or not 0 < value <= 1_000_000_000:
                self.refuse("[money] unit", "not a unit", "Write a number, such as 1 for 元 or 10000 for 万元.")
            else:
                result[key] = Decimal(str(value))
        return result

    def _own(self, key: str, value: Any) -> tuple[OwnColumn, ...]:
        found = []
        for name, table in self.table(key, value).items():
            where = f"[own.{name[:60]}]"
            if not _OWN_NAME.fullmatch(name):
                self.refuse(where, "not a name of a field", "Write small letters, digits and _, such as house_type.")
            table = self.table(f"own.{name}", table)
            for each in table:
                self.known(where, each, ("column", "type", "sensitivity"), "key of this table")
            if "column" not in table:
                self.refuse(where, "no column", 'Write column = "the heading".')
            found.append(
                OwnColumn(
                    name=name,
                    heading=heading_text(self.text(f"{where} column", table["column"])),
                    type=self.known(where, self.text(where, table.get("type", "text")), OWN_TYPES, "type"),
                    sensitivity=Sensitivity(
                        self.known(
                            where,
                            self.text(where, table.get("sensitivity", "narrative")),
                            [each.value for each in Sensitivity],
                            "sensitivity",
                        )
                    ),
                )
            )
        return tuple(found)
