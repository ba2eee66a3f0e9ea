"""Lists of codes: what a place calls its kinds of disputes, scales or agencies."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping

import attrs

from community_mediation.domain.values import Code
from community_mediation.errors import InvalidValue
from community_mediation.ports import Label
from community_mediation.regions.sources import (
    Dated,
    SourceStatus,
    labelled,
    named,
    one_of,
    refuse,
    several,
    sourced,
    unique,
)


@attrs.frozen(kw_only=True)
class TaxonomyEntry:
    """One code of a list.

    Attributes:
        code: The code.
        label: Its name for people.
        parent: The code above it; ``None`` at the top.
        source: Where it comes from, if not from where the list does.
        status: How far that was checked.
    """

    code: str
    label: Label = attrs.field(validator=labelled)
    parent: str | None = None
    source: str = ""
    status: SourceStatus = attrs.field(default=SourceStatus.VERIFIED, validator=one_of(SourceStatus))


@attrs.frozen(kw_only=True)
class Taxonomy(Dated):
    """A list of codes, in the order in which it is printed, with parents or without.

    Attributes:
        scheme: Its name in a ``Code``.
        title: Its name for people.
        version: Its edition, such as ``2022``.
        entries: The codes.
        source: The standard, form or house that it comes from.

    Raises:
        InvalidValue: A code stands there twice, a parent is missing, or a code is above itself; ``path`` says where.
    """

    scheme: str = attrs.field(validator=named)
    title: Label = attrs.field(validator=labelled)
    version: str = attrs.field(validator=named)
    entries: tuple[TaxonomyEntry, ...] = attrs.field(converter=several)
    source: str = attrs.field(validator=sourced)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        by_code = unique(self.entries, lambda entry: entry.code, "$.entries")
        for index, entry in enumerate(self.entries):
            path = f"$.entries[{index}]"
            try:
                Code(self.scheme, entry.code)
            except InvalidValue as error:
                raise error.at(path) from None
            if entry.parent is not None and entry.parent not in by_code:
                raise refuse(f"the parent of {entry.code} is not in the list", f"{path}.parent", "Add it, or drop it.")
            seen, above = {entry.code}, entry.parent
            while above is not None and above in by_code:
                if above in seen:
                    raise refuse(f"{entry.code} is above itself", f"{path}.parent", "Break the circle.")
                seen.add(above)
                above = by_code[above].parent

    @functools.cached_property
    def _by_code(self) -> Mapping[str, TaxonomyEntry]:
        return {entry.code: entry for entry in self.entries}

    @functools.cached_property
    def _below(self) -> Mapping[str | None, tuple[str, ...]]:
        below: dict[str | None, tuple[str, ...]] = {}
        for entry in self.entries:
            below[entry.parent] = (*below.get(entry.parent, ()), entry.code)
        return below

    def __iter__(self) -> Iterator[TaxonomyEntry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, code: object) -> bool:
        return self.get(code) is not None if isinstance(code, str | Code) else False

    def get(self, code: str | Code) -> TaxonomyEntry | None:
        """The entry of a code; ``None`` for one that is not in the list, or of another list."""
        if isinstance(code, Code):
            return self._by_code.get(code.code) if code.scheme == self.scheme else None
        return self._by_code.get(code)

    def entry(self, code: str | Code) -> TaxonomyEntry:
        """The entry of a code.

        Raises:
            InvalidValue: The list does not have it.
        """
        found = self.get(code)
        if found is None:
            raise InvalidValue(
                f"a code that the list {self.scheme} does not have",
                remedy=f"It has {len(self)} codes, from {self.entries[0].code} on." if self.entries else "It is empty.",
            )
        return found

    def code(self, code: str | Code) -> Code:
        """The code with its scheme, as a dispute has it.

        Raises:
            InvalidValue: The list does not have it.
        """
        return Code(self.scheme, self.entry(code).code)

    def codes(self) -> tuple[Code, ...]:
        """All codes, in their order."""
        return tuple(Code(self.scheme, entry.code) for entry in self.entries)

    def children(self, code: str | Code | None = None) -> tuple[Code, ...]:
        """The codes directly below one; below nothing: those at the top.

        Raises:
            InvalidValue: The list does not have it.
        """
        above = None if code is None else self.entry(code).code
        return tuple(Code(self.scheme, each) for each in self._below.get(above, ()))

    def ancestors(self, code: str | Code) -> tuple[Code, ...]:
        """The codes above one, the nearest first.

        Raises:
            InvalidValue: The list does not have it.
        """
        result: list[Code] = []
        above = self.entry(code).parent
        while above is not None:
            result.append(Code(self.scheme, above))
            above = self._by_code[above].parent
        return tuple(result)

    def level(self, code: str | Code) -> int:
        """How deep a code stands: 0 at the top.

        Raises:
            InvalidValue: The list does not have it.
        """
        return len(self.ancestors(code))

    def roll_up(self, code: str | Code, level: int = 0) -> Code:
        """The code of that level under which one falls; itself, where it stands no deeper.

        Raises:
            InvalidValue: The list does not have it, or the level is below 0.
        """
        if level < 0:
            raise refuse("a level below 0", "$.level", "0 is the top.")
        line = (self.code(code), *self.ancestors(code))
        return line[max(0, len(line) - 1 - level)]

    def unknown(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Those of *codes* that the list does not have, each once."""
        return tuple(dict.fromkeys(each for each in codes if each not in self._by_code))
