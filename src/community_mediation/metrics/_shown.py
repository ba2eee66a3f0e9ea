"""What every result that prints one sheet has in common: the terminal, the notebook, the other language."""

from __future__ import annotations

from typing import Self

import attrs

from community_mediation.metrics._asking import language
from community_mediation.metrics._sheet import Sheet


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
