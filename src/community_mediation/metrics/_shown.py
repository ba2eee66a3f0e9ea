"""What every result that prints one sheet has in common: the terminal, the notebook, the other language."""

from __future__ import annotations

import datetime as dt
from typing import Protocol, Self

import attrs

from community_mediation.domain.values import Period
from community_mediation.metrics._asking import language
from community_mediation.metrics._sheet import Sheet


class Observed(Protocol):
    """A result about a period, that says whether it was watched to its end."""

    @property
    def lang(self) -> str:
        """The language of printing."""
        ...

    @property
    def period(self) -> Period | None:
        """The period asked for."""
        ...

    @property
    def watched_through(self) -> dt.date | None:
        """The last day that was watched to its end; none if nobody said."""
        ...

    @property
    def unfinished(self) -> bool:
        """Whether the period goes on after it."""
        ...


class Watched:
    """A result about a ``period``, with an attribute ``watched_through``: the last day that was watched to its end."""

    __slots__ = ()

    @property
    def unfinished(self: Observed) -> bool:
        """Whether the period was not watched to its end: its counts may still grow, and what is open may still end."""
        through = self.watched_through
        return through is not None and self.period is not None and through < self.period.last


class Shown:
    """A result with an attribute ``lang`` that is shown as one sheet."""

    __slots__ = ()

    def _sheet(self) -> Sheet:
        raise NotImplementedError

    def __str__(self) -> str:
        return self._sheet().text()

    def _repr_html_(self) -> str:
        return self._sheet().html()

    def with_lang(self, lang: str) -> Self:
        """The same, printed in another language.

        Raises:
            InvalidQuery: There are no words in it.
        """
        language(lang)
        return attrs.evolve(self, lang=lang)  # type: ignore[misc]
