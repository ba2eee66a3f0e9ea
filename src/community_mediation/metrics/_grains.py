"""The tables that metrics count, what a row of each can be asked, and columns made from others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from community_mediation.errors import InvalidQuery
from community_mediation.facts.schema import Column, FactsSchema
from community_mediation.facts.tables import CASE, CASE_TABLES, TALLY
from community_mediation.metrics._conditions import AT, NOT_REACHED

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

RESPONDENT: Final = "respondent"
"""Who answered, told apart from those of other cases: a party's id is only its case's."""

NOT_GROUPS: Final = frozenset({"matter_id", "row", "own"})
"""Columns that name single rows, or what is of one's own: no groups."""

RETURNED: Final = frozenset({"returned", "returned_at", "returned_on"})
"""When two persons of a case next came with another one: made from the table of parties."""

RETURN_NEEDS: Final = ("matter_id", "reported", "reported_on", "first_concluded", "first_concluded_on", "conclusion")
"""What is needed of the cases for it."""

_EARLIER: Final = {"failed": ("breached", "repudiated")}
"""A milestone of resolutions that is the earlier of two: both end what was agreed."""


@attrs.frozen
class Grain:
    """A facts table whose rows are counted.

    Attributes:
        schema: Its columns.
        of_case: Whether each row belongs to a case, whose columns can be asked for as its own.
    """

    schema: FactsSchema
    of_case: bool = True

    @property
    def name(self) -> str:
        """The table's name."""
        return self.schema.table

    def column(self, name: str) -> Column | None:
        """The column of that name: the row's own, else its case's."""
        own = self.schema.column(name)
        return CASE.column(name) if own is None and self.of_case else own

    @property
    def names(self) -> frozenset[str]:
        """All columns that can be asked for, those of the case with them."""
        made = [name + part for name in self._made for part in ("", "_at", "_on")]
        made += [RESPONDENT] if self._answers else []
        made += ["last_contact_at"] if self._made else []
        made += sorted(RETURNED) if self.name == CASE.table else []
        return frozenset([*self.schema.names, *(CASE.names if self.of_case else ()), *made])

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """The columns that its rows may be broken down by, those of the case with them."""
        names = dict.fromkeys((*self.schema.names, *(CASE.names if self.of_case else ())))
        return tuple(name for name in names if name not in NOT_GROUPS)

    @property
    def _answers(self) -> bool:
        return self.name == "case_answer"

    @property
    def _made(self) -> Mapping[str, tuple[str, str]]:
        return _EARLIER if self.name == "case_resolution" else {}

    def underived(self, needed: Mapping[str, str]) -> dict[str, str]:
        """The columns with those that are made from others replaced by what they are made from."""
        found: dict[str, str] = {}
        for name, who in needed.items():
            if name == RESPONDENT and self._answers:
                found |= dict.fromkeys(("matter_id", "party"), who)
                continue
            if name in RETURNED and self.name == CASE.table:
                found |= dict.fromkeys(RETURN_NEEDS, who)
                continue
            milestone = name.removesuffix("_at").removesuffix("_on")
            for source in self._made.get(milestone, ()):
                found |= dict.fromkeys((source, f"{source}_at", f"{source}_on"), who)
            if milestone not in self._made:
                found[name] = who
        return found

    def derived(self, lazy: nw.LazyFrame[Any], needed: Iterable[str]) -> nw.LazyFrame[Any]:
        """The frame with the made columns that are needed."""
        import narwhals.stable.v2 as nw

        asked = set(needed)
        if RESPONDENT in asked and self._answers:
            whole = nw.concat_str("matter_id", "party", separator="/")
            named = ~nw.col("party").is_null()
            lazy = lazy.with_columns(nw.when(named).then(whole).otherwise(nw.lit(None)).alias(RESPONDENT))
        for name, (one, other) in self._made.items():
            if not asked & {name, f"{name}_at", f"{name}_on"}:
                continue
            first, second = ((nw.col(each) == AT).fill_null(False) for each in (one, other))
            never = [(nw.col(each) == NOT_REACHED).fill_null(False) for each in (one, other)]
            state = (
                nw.when(first | second)
                .then(nw.lit(AT))
                .otherwise(nw.when(never[0] & never[1]).then(nw.lit(NOT_REACHED)).otherwise(nw.lit("unknown")))
            )
            # An end without a date may have been the earlier one: then nobody knows when.
            undated = (first & nw.col(f"{one}_on").is_null()) | (second & nw.col(f"{other}_on").is_null())
            days = nw.min_horizontal(f"{one}_on", f"{other}_on")
            times = {f"{name}_on": nw.when(undated).then(nw.lit(None)).otherwise(days)}
            # Instants are compared only where each end that came has one; otherwise the days must do.
            vague = (first & nw.col(f"{one}_at").is_null()) | (second & nw.col(f"{other}_at").is_null())
            times[f"{name}_at"] = (
                nw.when(vague).then(nw.lit(None)).otherwise(nw.min_horizontal(f"{one}_at", f"{other}_at"))
            )
            lazy = lazy.with_columns(state.alias(name), **times)
        return lazy

    @property
    def telling(self) -> tuple[str, ...]:
        """The columns that only this table has, by which its rows are known from cases."""
        return tuple(name for name in self.schema.names if CASE.column(name) is None)

    def looking_like(self, columns: Iterable[str]) -> str | None:
        """The other table that a frame with these columns seems to be."""
        have = set(columns)
        return next((t.table for t in CASE_TABLES if t.table != self.name and set(t.names) <= have), None)


GRAINS: Final[Mapping[str, Grain]] = {
    **{schema.table: Grain(schema) for schema in CASE_TABLES},
    TALLY.table: Grain(TALLY, of_case=False),
}


def grain_of(table: str) -> Grain:
    """The grain of that name.

    Raises:
        InvalidQuery: No metric counts such a table.
    """
    if table not in GRAINS:
        raise InvalidQuery(f"No metric counts the table {table!r}. There are: {', '.join(GRAINS)}.")
    return GRAINS[table]
