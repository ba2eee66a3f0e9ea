"""What a paper is made of: outcome tables with their titles, notes and sources."""

from __future__ import annotations

import attrs

from community_mediation.errors import InvalidInput, InvalidValue
from community_mediation.metrics import ResultTable


@attrs.frozen
class Sheet:
    """One table of a report.

    Attributes:
        title: What it is about.
        table: The figures.
        notes: What a reader must know beside what the table itself says.
    """

    title: str
    table: ResultTable
    notes: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class OutcomeReport:
    """A report: one table or several, under one title.

    Attributes:
        title: Its title.
        subtitle: Whom and what time it covers.
        sections: The tables, in order; no two titles are equal.
        sources: Where the cases come from.
        generated_from: What the figures were computed from, and as known when.
        lang: ``en`` or ``zh``: the language of headings; tables print in their own.

    Raises:
        InvalidInput: There is no table, or two have the same title.
        InvalidValue: There are no headings in that language.
    """

    title: str
    subtitle: str = ""
    sections: tuple[Sheet, ...]
    sources: tuple[str, ...] = ()
    generated_from: str = ""
    lang: str = "en"

    def __attrs_post_init__(self) -> None:
        titles = [sheet.title for sheet in self.sections]
        if not titles or len(set(titles)) != len(titles):
            raise InvalidInput("A report needs at least one section, and each its own title.")
        if self.lang not in ("en", "zh"):
            raise InvalidValue("there are no headings in this language", path="$.lang", remedy="Give en or zh.")


@attrs.frozen(kw_only=True)
class Chart:
    """A picture of figures, complete in itself.

    Attributes:
        title: What it shows.
        description: The same in words, for those who cannot see it.
        svg: The picture.
        section: The title of the section that it belongs to; a page shows other charts last.
    """

    title: str
    description: str = attrs.field(repr=False)
    svg: str = attrs.field(repr=False)
    section: str = ""
