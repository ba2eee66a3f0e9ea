"""A mapping held against the headings of one file: rows become values, and every problem of a row is told at once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import attrs

from community_mediation.domain.values import Money, zone_named
from community_mediation.errors import InvalidMapping, InvalidValue
from community_mediation.registers import cells
from community_mediation.registers.checking import near
from community_mediation.registers.columns import COLUMNS, OWN, Column, Kind, OwnColumn
from community_mediation.registers.dates import narrow, parse_when
from community_mediation.registers.mapping import RegisterMapping
from community_mediation.registers.rows import Cell, RawRow, RowProblem, looks_like_data, quoted

ZoneOf = Callable[[str], str | None]
_Step = tuple[str, str, Callable[[Cell], Any]]
"""A field, its heading, and what turns its cells into values."""
_REQUIRED: Final = ("reported_at", "dispute_type")
_OWN_PARSERS: Final[Mapping[str, Callable[[Cell], Any]]] = {
    "text": cells.parse_text,
    "int": cells.parse_integer,
    "decimal": cells.parse_decimal,
    "bool": cells.parse_flag,
    "date": cells.parse_date,
}


@attrs.frozen(kw_only=True)
class BoundMapping:
    """A mapping that fits one file. ``values`` turns its rows into values.

    Attributes:
        mapping: The mapping.
        columns: Canonical column to heading.
        own: The own columns, with type and sensitivity.
        unused: Headings that are neither mapped nor ignored: a notice, not an error.
        zone: The zone of all rows; ``None``: each row's centre decides.
    """

    mapping: RegisterMapping
    columns: Mapping[str, str]
    own: tuple[OwnColumn, ...]
    unused: tuple[str, ...]
    zone: str | None
    _zone_of: ZoneOf | None
    _steps: tuple[_Step, ...]
    _own_steps: tuple[_Step, ...]
    _times: tuple[tuple[str, str, tuple[str, ...]], ...]
    _defaults: Mapping[str, Any]
    _moments: Mapping[str, str]

    def values(self, row: RawRow) -> tuple[dict[str, Any], list[RowProblem]]:
        """The values of a row by canonical column, and everything that is wrong with it.

        What is unknown is not among the values. With any problem, the values are what could be understood, and
        the row should be rejected.
        """
        problems = list(row.problems)
        if any(problem.column is None for problem in problems):
            return {}, problems
        spoilt = {problem.column for problem in problems}
        raw = row.cells
        found = _read(self._steps, raw, spoilt, problems)
        if own := _read(self._own_steps, raw, spoilt, problems):
            found["own"] = own
        for field, value in self._defaults.items():
            found.setdefault(field, value)
        zone = self._zone_for(found, problems)
        if zone is not None:
            self._read_times(raw, zone, found, spoilt, problems)
        self._complete(found, raw, spoilt, problems)
        return found, problems

    def _zone_for(self, found: dict[str, Any], problems: list[RowProblem]) -> str | None:
        if self.zone is not None or self._zone_of is None:
            return self.zone
        zone = self._zone_of(found["centre"]) if "centre" in found else None
        if zone is None:
            problems.append(
                RowProblem(
                    self.columns.get("centre"),
                    "no zone is known for the centre of this row",
                    "Give the centre a zone, or set zone in the mapping.",
                )
            )
        return zone

    def _read_times(
        self,
        raw: Mapping[str, Cell],
        zone: str,
        found: dict[str, Any],
        spoilt: set[str | None],
        problems: list[RowProblem],
    ) -> None:
        ambiguous = self.mapping.ambiguous
        for field, constant in self._moments.items():
            found[field] = parse_when(constant, zone, (), ambiguous)
        for field, heading, formats in self._times:
            cell = raw.get(heading, "")
            if cell == "" or heading in spoilt:
                continue
            if cells.is_blank(cell) and not (isinstance(cell, str) and narrow(cell) == "unknown"):
                continue
            try:
                found[field] = parse_when(cell, zone, formats, ambiguous)
            except InvalidValue as error:
                # Two fields may come from one heading; its problem is told once.
                spoilt.add(heading)
                problems.append(RowProblem(heading, error.problem, error.remedy))

    def _complete(
        self, found: dict[str, Any], raw: Mapping[str, Cell], spoilt: set[str | None], problems: list[RowProblem]
    ) -> None:
        currency = found.get("currency", self.mapping.currency)
        for field in ("amount_claimed", "amount_agreed"):
            if field in found:
                if currency is None:
                    del found[field]
                    problems.append(
                        RowProblem(
                            self.columns.get(field),
                            "an amount without its currency",
                            "Fill the column currency, or set currency in the mapping ([money]).",
                        )
                    )
                else:
                    found[field] = Money(found[field], currency)
        for field in _REQUIRED:
            heading = self.columns.get(field)
            if field not in found and heading not in spoilt and (field != "reported_at" or self._knows_zone(found)):
                problems.append(RowProblem(heading, f"{field} is required, and nothing is there", "Fill the cell."))
        if "case_no" not in found and not ("external_id" in found and "external_system" in found):
            heading = self.columns.get("case_no", self.columns.get("external_id"))
            if heading not in spoilt:
                remedy = "Fill case_no, or external_id together with external_system."
                problems.append(RowProblem(heading, "nothing tells this case from others", remedy))

    def _knows_zone(self, found: dict[str, Any]) -> bool:
        return self.zone is not None or (
            self._zone_of is not None and "centre" in found and self._zone_of(found["centre"]) is not None
        )


def _read(
    steps: Iterable[_Step], raw: Mapping[str, Cell], spoilt: set[str | None], problems: list[RowProblem]
) -> dict[str, Any]:
    """What the cells of some fields say; of those that cannot be read, the problems, and in *spoilt* the headings."""
    found: dict[str, Any] = {}
    for field, heading, parse in steps:
        cell = raw.get(heading, "")
        if cell == "" or heading in spoilt:
            continue
        try:
            value = parse(cell)
        except InvalidValue as error:
            problems.append(RowProblem(heading, error.problem, error.remedy))
            spoilt.add(heading)
            continue
        if value is not None:
            found[field] = value
    return found


def bound(
    mapping: RegisterMapping,
    headings: Sequence[str],
    *,
    zone: str | None = None,
    centre: str | None = None,
    zone_for_centre: ZoneOf | None = None,
) -> BoundMapping:
    """What ``RegisterMapping.bind`` does."""
    here = frozenset(headings)
    if mapping.columns is None:
        columns = {name: name for name in COLUMNS if name in here and name not in mapping.constants}
        passed = tuple(
            OwnColumn(name=heading.removeprefix(OWN), heading=heading)
            for heading in headings
            if heading.startswith(OWN)
        )
        own = (*mapping.own, *(each for each in passed if each.heading not in {named.heading for named in mapping.own}))
    else:
        columns, own = dict(mapping.columns), mapping.own
    wanted = {
        **{f"[columns] {field}": heading for field, heading in columns.items()},
        **{f"[own.{each.name}]": each.heading for each in own},
    }
    _check_present(mapping, headings, wanted)
    _check_required(mapping, headings, {*columns, *mapping.constants})
    lookup = functools.lru_cache(maxsize=10_000)(zone_for_centre) if zone_for_centre is not None else None
    defaults, moments = _constants(mapping, centre)
    zone = _zone(mapping, zone, defaults.get("centre"), lookup, centre_in_rows="centre" in columns)
    if zone is not None:
        _check_moments(mapping, moments, zone)
    used = {*columns.values(), *(each.heading for each in own), *mapping.ignore}
    fields = {field: COLUMNS[field] for field in columns}
    return BoundMapping(
        mapping=mapping,
        columns=columns,
        own=own,
        unused=tuple(heading for heading in headings if heading not in used),
        zone=zone,
        zone_of=lookup,
        steps=tuple(
            (field, columns[field], _parser(each, mapping)) for field, each in fields.items() if each.kind != Kind.WHEN
        ),
        own_steps=tuple((each.name, each.heading, _OWN_PARSERS[each.type]) for each in own),
        times=tuple(
            (field, columns[field], mapping.dates.get(field, mapping.date_formats))
            for field, each in fields.items()
            if each.kind is Kind.WHEN
        ),
        defaults=defaults,
        moments=moments,
    )


def _parser(column: Column, mapping: RegisterMapping) -> Callable[[Cell], Any]:
    table = mapping.codes.get(column.name)
    match column.kind:
        case Kind.NUMBER:
            return cells.parse_number
        case Kind.CODE:
            parse = {
                "external_system": cells.parse_id,
                "dispute_scheme": cells.parse_id,
                "currency": cells.parse_currency,
            }.get(column.name, cells.parse_code)
            # Codes come from short lists: a word is looked up once per file, not once per row.
            return functools.lru_cache(maxsize=4096)(functools.partial(parse, column, table=table))
        case Kind.COUNT:
            return cells.parse_count
        case Kind.AMOUNT:
            return functools.partial(cells.parse_amount, unit=mapping.unit)
        case Kind.FLAG:
            return functools.partial(cells.parse_flag, table=table)
        case Kind.RATING:
            return cells.parse_rating
        case Kind.LIST:
            return cells.parse_list
        case Kind.PARTIES:
            return cells.parse_parties
        case _:
            return cells.parse_text


def _check_present(mapping: RegisterMapping, here: Sequence[str], wanted: Mapping[str, str]) -> None:
    for key, heading in wanted.items():
        if heading not in here:
            data = looks_like_data(here)
            hint = "" if data else near(heading, here)
            raise InvalidMapping(
                f"{mapping.name}: {key}: the file has no heading {heading!r}. Its headings are: {quoted(here)}.{hint}"
            )


def _check_required(mapping: RegisterMapping, here: Sequence[str], fields: set[str]) -> None:
    missing = [field for field in _REQUIRED if field not in fields]
    if "case_no" not in fields and not {"external_id", "external_system"} <= fields:
        missing.insert(0, "case_no (or external_id with external_system)")
    if missing:
        hints = "" if looks_like_data(here) else "".join(near(field.split()[0], here) for field in missing)
        raise InvalidMapping(
            f"{mapping.name}: no column for {' and '.join(missing)}. The headings are: {quoted(here)}.{hints} "
            "Name the headings in a mapping ([columns])."
        )


def _constants(mapping: RegisterMapping, centre: str | None) -> tuple[dict[str, Any], dict[str, str]]:
    """Values for rows that have none of their own: parsed, but for times, which wait for their zone."""
    values: dict[str, Any] = {}
    moments: dict[str, str] = {}
    texts = {"centre": mapping.centre, "dispute_scheme": mapping.dispute_scheme, **mapping.constants}
    if centre is not None:
        texts["centre"] = centre
    for field, text in texts.items():
        if text is None:
            continue
        if COLUMNS[field].kind is Kind.WHEN:
            moments[field] = text
            continue
        try:
            value = _parser(COLUMNS[field], mapping)(text)
        except InvalidValue as error:
            raise InvalidMapping(f"{mapping.name}: the constant {field}: {error.problem}. {error.remedy}") from None
        if value is not None:
            values[field] = value
    return values, moments


def _check_moments(mapping: RegisterMapping, moments: Mapping[str, str], zone: str) -> None:
    for field, text in moments.items():
        try:
            parse_when(text, zone, (), mapping.ambiguous)
        except InvalidValue as error:
            raise InvalidMapping(f"{mapping.name}: the constant {field}: {error.problem}. {error.remedy}") from None


def _zone(
    mapping: RegisterMapping, given: str | None, centre: str | None, lookup: ZoneOf | None, *, centre_in_rows: bool
) -> str | None:
    zone = given or mapping.zone
    if zone is None and lookup is not None:
        if centre_in_rows:
            return None
        zone = lookup(centre) if centre is not None else None
    if zone is None:
        raise InvalidMapping(
            f"{mapping.name}: no zone is known for its times. "
            'Set zone = "Area/City" in the mapping, give one when importing, or name a centre that has one.'
        )
    try:
        zone_named(zone)
    except InvalidValue as error:
        raise InvalidMapping(f"{mapping.name}: zone: {error.problem}. {error.remedy}") from None
    return zone
