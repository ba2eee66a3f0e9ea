"""What the library asks of a report format and of a kind of document, and the plain values that they give."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Protocol, runtime_checkable

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.domain.matter import Matter
from community_mediation.domain.values import Period, When
from community_mediation.errors import InvalidValue
from community_mediation.ports.findings import Finding, Severity
from community_mediation.ports.labels import Label

Figure = int | Decimal | str | None
"""What one cell holds; ``None``: it is not known, and never printed as nought."""


class Audience(enum.StrEnum):
    """For whom a report is made, and therefore what it may show."""

    PUBLIC = "public"
    SUPERVISOR = "supervisor"
    COURT = "court"
    INTERNAL = "internal"


@frozen(kw_only=True)
class ReportColumn:
    """A named column of a report's table.

    Attributes:
        name: Its name in code; rules and readers refer to it.
        label: Its heading.
        unit: ``件``, ``人``, ``万元``, … ; empty for text.
        group: The heading above it, if columns are grouped.
        doc: What is counted in it, by which source.
    """

    name: str
    label: Label
    unit: str = ""
    group: Label | None = None
    doc: str = ""


class Relation(enum.StrEnum):
    """How a column stands to the sum of others."""

    EQUALS = "equals"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"


@frozen(kw_only=True)
class CrossFoot:
    """A rule between the cells of a row: ``column`` equals, is at most or at least the sum of ``parts``.

    Attributes:
        column: The column that the rule is about.
        relation: How it stands to the sum.
        parts: The columns that are summed.
        source: The form or statute that says so.

    Raises:
        InvalidValue: The relation is none, or there is nothing to sum: such a rule would hold of everything.
    """

    column: str
    relation: Relation
    parts: tuple[str, ...]
    source: str = ""

    def __attrs_post_init__(self) -> None:
        # Authors of plugins may not check their types.
        relation: object = self.relation
        parts: object = self.parts
        if not isinstance(relation, Relation):
            known = ", ".join(f"Relation.{each.name}" for each in Relation)
            raise InvalidValue("no relation between columns", path="$.relation", remedy=f"There are: {known}.")
        if not isinstance(parts, tuple) or not parts:
            raise InvalidValue("no columns to sum", path="$.parts", remedy="Give a tuple of the names of columns.")

    def holds(self, row: Mapping[str, Figure]) -> bool | None:
        """Whether it holds in a row; ``None`` where a cell is unknown or no number."""
        left, parts = row.get(self.column), [row.get(name) for name in self.parts]
        if not isinstance(left, int | Decimal) or not all(isinstance(each, int | Decimal) for each in parts):
            return None
        total = sum((Decimal(each) for each in parts if isinstance(each, int | Decimal)), Decimal(0))
        if self.relation is Relation.EQUALS:
            return left == total
        return left <= total if self.relation is Relation.AT_MOST else left >= total


@frozen(kw_only=True)
class SumOfRows:
    """A rule between rows: in each of *columns*, row *total* equals the sum of what is known in the rows *parts*.

    Attributes:
        total: The number of the row, counted from 0; a paper prints it as a total.
        parts: The numbers of the rows that are summed.
        columns: The columns in which it must hold.
        source: The form or statute that says so.
    """

    total: int
    parts: tuple[int, ...]
    columns: tuple[str, ...]
    source: str = ""

    def holds(self, rows: Sequence[Mapping[str, Figure]], column: str) -> bool | None:
        """Whether it holds in a column; ``None`` where the total or every part is unknown, or no number."""
        whole, parts = rows[self.total].get(column), [rows[number].get(column) for number in self.parts]
        known = [Decimal(each) for each in parts if isinstance(each, int | Decimal)]
        if (
            not isinstance(whole, int | Decimal)
            or (parts and not known)
            or any(isinstance(each, str) for each in parts)
        ):
            return None
        return whole == sum(known, Decimal(0))


@frozen(kw_only=True)
class ReportTable:
    """One table of a report: named columns, and rows of cells by the names of the columns.

    Attributes:
        name: Its name in code.
        title: Its heading.
        columns: The columns, in the order of the form.
        rows: The rows; each names every column.
        rules: The cross-foot rules within each row, as data.
        sums: The rules between rows, as data; their ``total`` rows are printed as totals.
        notes: What a reader must know.

    Raises:
        InvalidValue: Two columns have one name, a row does not name exactly the columns, a rule names another
            column, or a row that is not there.
    """

    name: str
    title: Label
    columns: tuple[ReportColumn, ...]
    rows: tuple[Mapping[str, Figure], ...]
    rules: tuple[CrossFoot, ...] = ()
    sums: tuple[SumOfRows, ...] = ()
    notes: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise InvalidValue("two columns have the same name", path="$.columns")
        for number, row in enumerate(self.rows):
            if odd := sorted(map(str, row.keys() ^ set(names))):
                raise InvalidValue(
                    f"a row that does not name exactly the columns: {odd[0]!r} is there too much or missing",
                    path=f"$.rows[{number}]",
                    remedy="Give None where a figure is not known.",
                )
        for number, rule in enumerate(self.rules):
            if lost := sorted({rule.column, *rule.parts} - set(names)):
                problem = f"a rule about a column that the table lacks: {lost[0]!r}"
                raise InvalidValue(problem, path=f"$.rules[{number}]")
        for number, each in enumerate(self.sums):
            if not set(each.columns) <= set(names):
                raise InvalidValue("a sum over a column that the table lacks", path=f"$.sums[{number}]")
            if not {each.total, *each.parts} <= set(range(len(self.rows))):
                raise InvalidValue("a sum over a row that the table lacks", path=f"$.sums[{number}]")

    def unfit(self) -> list[tuple[int, str]]:
        """The cells that break a rule: number of the row, counted from 0, and name of the column."""
        within = [
            (number, rule.column)
            for number, row in enumerate(self.rows)
            for rule in self.rules
            if rule.holds(row) is False
        ]
        between = [(each.total, name) for each in self.sums for name in each.columns if not self._adds_up(each, name)]
        return list(dict.fromkeys([*within, *between]))

    def _adds_up(self, rule: SumOfRows, column: str) -> bool:
        return rule.holds(self.rows, column) is not False

    def findings(self) -> list[Finding]:
        """The rules that do not hold, row by row; a rule over an unknown cell is told as not checked."""
        result = []
        for number, row in enumerate(self.rows, 1):
            for rule in self.rules:
                must = f"{rule.column} must {_WORDS[rule.relation]} {' + '.join(rule.parts)}"
                result += self._told(rule.holds(row), number, must, rule.source)
        for each in self.sums:
            for name in each.columns:
                must = f"{name} must equal the sum of the {len(each.parts)} rows that it is the total of"
                result += self._told(each.holds(self.rows, name), each.total + 1, must, each.source)
        return result

    def _told(self, holds: bool | None, number: int, must: str, source: str) -> list[Finding]:
        if holds:
            return []
        where = f"{self.name}, row {number}"
        if holds is None:
            message = f"{where}: not checked whether {must}, because a figure is not known."
            return [Finding("report.not_checked", Severity.INFO, message)]
        message = f"{where}: {must}, and does not." + (f" Source: {source}." if source else "")
        return [Finding("report.does_not_foot", Severity.ERROR, message, "Look at the cases behind the row.")]


_WORDS: Final = {Relation.EQUALS: "equal", Relation.AT_MOST: "be at most", Relation.AT_LEAST: "be at least"}


@frozen(kw_only=True)
class Report:
    """A filled-in report: tables, where they come from, and what is wrong with them.

    Attributes:
        format: The name of the format.
        version: The version of the format.
        title: Its heading.
        audience: For whom it is.
        period: What time it covers.
        tables: The tables.
        sources: The form or statute that prescribes it.
        generated_from: What the figures were counted from, and as known when.
        lang: The language of its notes, and the one that it is printed in unless another is asked for.
        findings: What the format itself found; ``all_findings`` adds the rules that do not hold.
    """

    format: str
    version: int
    title: Label
    audience: Audience
    period: Period | None
    tables: tuple[ReportTable, ...]
    sources: tuple[str, ...] = ()
    generated_from: str = ""
    lang: str = "en"
    findings: tuple[Finding, ...] = ()

    def all_findings(self) -> list[Finding]:
        """What the format found, and every cross-foot rule that does not hold."""
        return [*self.findings, *(finding for table in self.tables for finding in table.findings())]


@frozen(kw_only=True)
class ReportRequest:
    """What a report is asked for.

    Attributes:
        period: The time that it covers; ``None``: all.
        centres: The ids of the centres that it covers; empty: all. ``rows`` may give those of others as well.
        valid_at: What was true then; ``None``: now.
        known_at: The position of the journal up to which the book is read; ``None``: all.
        lang: The language of its words.
        options: What else the format takes.
        rows: Gives the rows of a facts table, each as a mapping from column to cell: ``request.rows("case")``.
    """

    period: Period | None = None
    centres: tuple[str, ...] = ()
    valid_at: When | None = None
    known_at: int | None = None
    lang: str = "en"
    options: Mapping[str, str] = attrs.field(factory=dict)
    rows: Callable[[str], Iterable[Mapping[str, Any]]] = attrs.field(repr=False)


@runtime_checkable
class ReportFormat(Protocol):
    """A statistical form: which figures, in which named columns, by which rules."""

    @property
    def name(self) -> str:
        """Its name in code and on the command line, unique: ``cn.moj-cases``."""
        ...

    @property
    def version(self) -> int:
        """Raised when a definition changes: a series of figures breaks there."""
        ...

    @property
    def title(self) -> Label:
        """Its name for people."""
        ...

    @property
    def audience(self) -> Audience:
        """For whom it is made."""
        ...

    @property
    def sources(self) -> Sequence[str]:
        """The form, statute or paper that prescribes it."""
        ...

    def render(self, request: ReportRequest) -> Report:
        """Count, and fill in the tables. A table that does not foot is reported in its findings, not refused.

        Raises:
            InvalidQuery: The request cannot be answered: a period that the form does not know, a wrong option.
        """
        ...


class Block(enum.StrEnum):
    """What a part of a paper is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    FIELD = "field"
    SIGNATURE = "signature"


@frozen
class Part:
    """One part of a paper: a heading, a paragraph, a labelled field, or a line to sign on.

    ``text`` is ``None`` where the value is not known: a blank to be filled in by hand. It may be
    personal, and is hidden from ``repr``.
    """

    block: Block
    label: str = ""
    text: str | None = attrs.field(default=None, repr=False)


@frozen(kw_only=True)
class Paper:
    """A paper of one case, before it is set: writers turn it into HTML, text or a word processor's file.

    Attributes:
        kind: The name of the kind of document.
        title: Its heading.
        parts: Its parts, in order.
        lang: The language of its words.
        findings: What is missing for it to be valid.
    """

    kind: str
    title: str
    parts: tuple[Part, ...] = attrs.field(repr=False)
    lang: str = "en"
    findings: tuple[Finding, ...] = ()


@frozen(kw_only=True)
class DocumentRequest:
    """What a paper is asked for.

    Attributes:
        matter: The case (or another matter) that it is about.
        lang: The language of its words.
        options: What else the kind takes, such as which resolution.
        related: Gives another matter of the book by its id (a centre, a mediator), or ``None``.
    """

    matter: Matter
    lang: str = "en"
    options: Mapping[str, str] = attrs.field(factory=dict)
    related: Callable[[str], Matter | None] = attrs.field(default=lambda id: None, repr=False)


@runtime_checkable
class DocumentKind(Protocol):
    """A kind of paper of one case: an agreement, an acceptance form, the record of a return visit."""

    @property
    def name(self) -> str:
        """Its name in code and on the command line, unique: ``case-summary``."""
        ...

    @property
    def version(self) -> int:
        """Raised when the paper changes."""
        ...

    @property
    def title(self) -> Label:
        """Its name for people."""
        ...

    @property
    def sources(self) -> Sequence[str]:
        """The form or statute that prescribes it."""
        ...

    def compose(self, request: DocumentRequest) -> Paper:
        """Write the paper. What is not known stays blank, and what makes it invalid is a finding.

        Raises:
            InvalidQuery: The matter is of another kind, or an option is wrong.
        """
        ...
