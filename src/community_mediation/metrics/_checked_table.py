"""What a check of a published table found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import attrs

from community_mediation.metrics._printed import Bounds, Printed
from community_mediation.metrics._published_rows import Cell
from community_mediation.metrics._published_words import fit_word, headings, kind_word, summed_up
from community_mediation.metrics._rounding import Fit, half_up

_LEFT: Final = (0, 1, 2, 6, 7)
_WIDE: Final = 48


@attrs.frozen(kw_only=True)
class CheckedFigure:
    """One printed figure beside what follows from the others.

    Attributes:
        kind: ``rate``, ``share``, ``sum``, ``parts``, ``change``, ``same`` or ``product``.
        where: Whose figure it is, from the labels of the row.
        what: The figure, and the columns that it follows from.
        working: The same in numbers.
        printed: The figure as it was printed; none if it was not, or cannot be read.
        computed: What the others give, in single units; none if it cannot be told.
        shape: How the recomputed value is printed: as the printed one, or with two decimals.
        how: How the two stand to each other.
        reason: Why it cannot be checked, or what to know beside it.
        lang: The language of printing.
        cells: The cells that were read.
    """

    kind: str
    where: str
    what: str
    working: str
    printed: Printed | None
    computed: Bounds | None
    shape: Printed = attrs.field(repr=False)
    how: Fit
    reason: str = ""
    lang: str = attrs.field(repr=False, default="en")
    cells: frozenset[Cell] = attrs.field(repr=False, default=frozenset())

    @property
    def recomputed(self) -> str:
        """What the others give, half-up, as the printed figure is printed."""
        return "" if self.computed is None else self.shape.in_unit(self.computed.shown)

    @property
    def difference(self) -> Fraction | None:
        """The recomputed figure, as it would be printed, less the printed one, in the printed one's unit."""
        if self.printed is None or self.computed is None:
            return None
        return Fraction(half_up(self.computed.shown / self.shape.factor, self.shape.places)) - self.printed.value

    @property
    def gap(self) -> str:
        """The difference with its sign; empty if there is none."""
        if not self.difference:
            return ""
        text = self.shape.in_unit(self.difference * self.shape.factor).removesuffix(" %")
        return text if self.difference < 0 else f"+{text}"

    @property
    def verdict(self) -> str:
        """How the two stand to each other, and the reason."""
        return ": ".join(filter(None, (fit_word(self.lang, self.how), self.reason)))

    def __str__(self) -> str:
        working = f": {self.working}" if self.working else ""
        found = f" = {self.recomputed}" if self.recomputed else ""
        printed = f"; printed {self.printed}" if self.printed else ""
        gap = f" ({self.gap})" if self.gap else ""
        return f"{self.where}: {self.what}{working}{found}{printed}: {self.verdict}{gap}"


@attrs.frozen(kw_only=True)
class CheckedTable:
    """A published table, figure by figure.

    ``print`` it, show it in a notebook, or pass it on with ``to_frame``. Iterating gives the figures.

    Attributes:
        figures: What was found, in the order of the checks.
        untouched: The printed figures that no check has read: whose figure, and its column.
        lang: The language of printing.
    """

    figures: tuple[CheckedFigure, ...] = attrs.field(repr=False)
    untouched: tuple[tuple[str, str], ...] = attrs.field(repr=False, default=())
    lang: str = "en"

    def __iter__(self) -> Iterator[CheckedFigure]:
        return iter(self.figures)

    def __len__(self) -> int:
        return len(self.figures)

    @property
    def agrees(self) -> bool:
        """No figure disagrees with what it follows from; some may not have been checked."""
        return not any(figure.how.disagrees for figure in self.figures)

    @property
    def problems(self) -> CheckedTable:
        """Only the figures that disagree."""
        return self.only(Fit.NO_FIT, Fit.DOES_NOT_BALANCE)

    def only(self, *ways: Fit | str) -> CheckedTable:
        """Only the figures that stand so: ``table.only("truncated")``."""
        wanted = {Fit(way) for way in ways}
        found = tuple(figure for figure in self.figures if figure.how in wanted)
        return attrs.evolve(self, figures=found, untouched=())

    @property
    def summary(self) -> str:
        """How many figures were checked, and how they stand."""
        return summed_up(self.lang, Counter(figure.how for figure in self.figures), len(self.untouched))

    def __str__(self) -> str:
        from community_mediation.metrics._text import aligned, safe

        if not self.figures:
            return self.summary
        notes = self._notes
        rows = [list(headings(self.lang)), *(_cells(figure, notes, short=True) for figure in self.figures)]
        told = [f"[{number}] {safe(note)}" for note, number in notes.items()]
        return "\n".join([self.summary, "", *aligned(rows, _LEFT), "", *told])

    def _repr_html_(self) -> str:
        from community_mediation.metrics._html import plain_table

        notes = self._notes
        rows = [_cells(figure, notes) for figure in self.figures]
        told = [f"[{number}] {note}" for note, number in notes.items()]
        return plain_table(self.summary, headings(self.lang), rows, _LEFT, told)

    @property
    def _notes(self) -> dict[str, int]:
        from community_mediation.metrics._text import numbered

        return numbered([figure.what for figure in self.figures])

    def to_frame(self, kind: str = "polars") -> Any:
        """The figures as a Polars frame, or with ``kind="pandas"`` as a pandas one.

        Raises:
            MissingExtra: The kind's package is not installed.
        """
        from community_mediation.metrics._export import framed

        kinds = dict.fromkeys(("where", "kind", "what", "working", "printed"), "text")
        kinds |= {"value": "float", "computed": "float", "difference": "float", "unit": "text", "how": "text"}
        kinds |= {"agrees": "bool", "reason": "text"}
        records = [_record(figure) for figure in self.figures]
        return framed({name: [record[name] for record in records] for name in kinds}, kinds, kind)


def _cells(figure: CheckedFigure, notes: dict[str, int], *, short: bool = False) -> list[str]:
    printed = "" if figure.printed is None else str(figure.printed)
    name, _, formula = figure.what.partition(" = ")
    working = figure.working
    if short and len(working) > _WIDE and working.count(" + ") > 3:
        first, *_, last = working.split(" + ")
        working = f"{first} + … + {last}"
    mark = f"[{notes[figure.what]}]"
    return [
        figure.where,
        name if formula else kind_word(figure.lang, figure.kind),
        working,
        printed,
        figure.recomputed,
        figure.gap,
        figure.verdict,
        mark,
    ]


def _record(figure: CheckedFigure) -> dict[str, Any]:
    shown, printed, gap = figure.computed, figure.printed, figure.difference
    return {
        "where": figure.where,
        "kind": figure.kind,
        "what": figure.what,
        "working": figure.working,
        "printed": None if printed is None else str(printed),
        "value": None if printed is None else float(printed.value),
        "computed": None if shown is None else float(shown.shown / figure.shape.factor),
        "difference": None if gap is None else float(gap),
        "unit": figure.shape.unit or None,
        "how": figure.how.value,
        "agrees": True if figure.how.agrees else False if figure.how.disagrees else None,
        "reason": figure.reason or None,
    }
