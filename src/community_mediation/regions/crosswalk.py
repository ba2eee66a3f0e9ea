"""Crosswalks: explicit tables from one list of codes to another. Where a code may stand for several, one chooses."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any, Self

import attrs

from community_mediation.domain.values import Code
from community_mediation.errors import AmbiguousCrosswalk, InvalidInput, InvalidValue
from community_mediation.ports import Finding, Severity
from community_mediation.regions.sources import Dated, SourceStatus, named, one_of, refuse, several, sourced
from community_mediation.regions.taxonomy import Taxonomy

Rows = Iterable[tuple[str, str]] | Mapping[str, str | Iterable[str]]


def _pairs(rows: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(rows, Mapping):
        return tuple((each[0], each[1]) for each in rows)
    return tuple(
        (code, target)
        for code, targets in rows.items()
        for target in ((targets,) if isinstance(targets, str) else targets)
    )


@attrs.frozen(kw_only=True)
class Crosswalk(Dated):
    """A table from the codes of one list to those of another.

    Attributes:
        source: The scheme that it reads.
        target: The scheme that it gives.
        rows: Pairs of codes; a mapping ``{"a": "x", "b": ["y", "z"]}`` is taken as well. Several rows with one
            code on the left: somebody has to choose.
        without: Codes of the source that are known to have no counterpart.
        source_of: The document that the table comes from, or whose choice it is.
        status: How far that was checked.

    Raises:
        InvalidValue: A row stands there twice, or a code is mapped and without a counterpart at once.
    """

    source: str = attrs.field(validator=named)
    target: str = attrs.field(validator=named)
    rows: tuple[tuple[str, str], ...] = attrs.field(converter=_pairs)
    without: tuple[str, ...] = attrs.field(default=(), converter=several)
    source_of: str = attrs.field(validator=sourced)
    status: SourceStatus = attrs.field(default=SourceStatus.VERIFIED, validator=one_of(SourceStatus))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.source == self.target:
            raise refuse("a crosswalk from a list to itself", "$.target")
        seen: set[tuple[str, str]] = set()
        for index, row in enumerate(self.rows):
            for scheme, code in zip((self.source, self.target), row, strict=True):
                try:
                    Code(scheme, code)
                except InvalidValue as error:
                    raise error.at(f"$.rows[{index}]") from None
            if row in seen:
                raise refuse(f"the row {row[0]} -> {row[1]} stands there twice", f"$.rows[{index}]", "Drop one.")
            seen.add(row)
        for index, code in enumerate(self.without):
            if code in self._targets:
                raise refuse(f"{code} has a row and is said to have no counterpart", f"$.without[{index}]")

    @functools.cached_property
    def _targets(self) -> Mapping[str, tuple[str, ...]]:
        result: dict[str, tuple[str, ...]] = {}
        for code, target in self.rows:
            result[code] = (*result.get(code, ()), target)
        return result

    def choices(self, code: str | Code) -> tuple[Code, ...]:
        """What a code may stand for, in the order of the rows; nothing for a code that is not mapped."""
        return tuple(Code(self.target, each) for each in self._targets.get(self._left(code), ()))

    def get(self, code: str | Code, choose: str | Code | None = None) -> Code | None:
        """The counterpart of a code, or ``None`` if it has none.

        Args:
            code: A code of the source.
            choose: Which of several is meant. A code that stands for one only needs none.

        Raises:
            AmbiguousCrosswalk: It stands for several, and nobody chose.
            InvalidValue: What was chosen is none of the choices; or the code is of another list.
        """
        choices = self.choices(code)
        if choose is not None:
            chosen = Code(self.target, choose) if isinstance(choose, str) else choose
            if chosen not in choices:
                listed = ", ".join(map(str, choices)) or "nothing"
                raise refuse("a choice that the crosswalk does not have for the code", "$.choose", f"It has: {listed}.")
            return chosen
        if len(choices) > 1:
            raise AmbiguousCrosswalk(f"{self.source}:{self._left(code)}", map(str, choices))
        return choices[0] if choices else None

    def map(self, code: str | Code, choose: str | Code | None = None) -> Code:
        """The counterpart of a code.

        Raises:
            AmbiguousCrosswalk: It stands for several, and nobody chose.
            InvalidInput: It has none.
            InvalidValue: What was chosen is none of the choices; or the code is of another list.
        """
        found = self.get(code, choose)
        if found is None:
            left = self._left(code)
            known = "It is known to have none" if left in self.without else "No row has it"
            raise InvalidInput(
                f"{self.source}:{left} has no counterpart in {self.target}. {known}: "
                "count it as unmapped, or add a row to the crosswalk."
            )
        return found

    def _left(self, code: str | Code) -> str:
        if isinstance(code, str):
            return code
        if code.scheme != self.source:
            raise refuse(
                f"a code of {code.scheme}, and this crosswalk reads {self.source}", "$.code", "Take another crosswalk."
            )
        return code.code

    def inverse(self) -> Self:
        """The same table read from right to left. What had no counterpart is not in it."""
        rows = tuple((right, left) for left, right in self.rows)
        return attrs.evolve(self, source=self.target, target=self.source, rows=rows, without=())

    def then(self, other: Crosswalk) -> Crosswalk:
        """Both tables one after the other; a code that leads to several gives several.

        Raises:
            InvalidValue: The other does not read what this one gives.
        """
        if other.source != self.target:
            raise refuse(f"a crosswalk that reads {other.source}", "$.other", f"This one gives {self.target}.")
        rows = [(left, code.code) for left, middle in self.rows for code in other.choices(middle)]
        return Crosswalk(
            source=self.source,
            target=other.target,
            rows=tuple(dict.fromkeys(rows)),
            without=self.without,
            source_of=self.source_of if self.source_of == other.source_of else f"{self.source_of}; {other.source_of}",
            status=max(self.status, other.status, key=list(SourceStatus).index),
        )

    def coverage(self, source: Taxonomy, target: Taxonomy) -> list[Finding]:
        """What the table leaves open, measured on the two lists: codes that it does not map, and codes that are none.

        Raises:
            InvalidValue: A list is not the one that the crosswalk reads or gives.
        """
        for taxonomy, scheme, path in ((source, self.source, "$.source"), (target, self.target, "$.target")):
            if taxonomy.scheme != scheme:
                raise refuse(f"the list {taxonomy.scheme}", path, f"The crosswalk is about {scheme}.")
        title = f"crosswalk {self.source} -> {self.target}"
        named_left = (*self._targets, *self.without)
        found = [
            Finding("crosswalk.unknown_code", Severity.ERROR, f"{title}: {scheme} has no code {code}", "Mend the row.")
            for scheme, unknown in (
                (self.source, source.unknown(named_left)),
                (self.target, target.unknown(right for _, right in self.rows)),
            )
            for code in unknown
        ]
        missing = [entry.code for entry in source if entry.code not in named_left]
        return found + [
            Finding(
                "crosswalk.unmapped",
                Severity.WARNING,
                f"{title}: {self.source}:{code} is not mapped",
                "Add a row, or list it in `without`.",
            )
            for code in missing
        ]
