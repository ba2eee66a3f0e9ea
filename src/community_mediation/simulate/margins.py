"""Published counts, and a scenario that comes out exactly so."""

import math
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self

import attrs

from community_mediation.domain.values import Code
from community_mediation.errors import InvalidValue, UnreadableFile
from community_mediation.files import check_name, shown
from community_mediation.simulate.fitting import apportion, balanced
from community_mediation.simulate.kinds import ENDINGS, DisputeKind, Ending
from community_mediation.simulate.scenario import MOST_CASES, Scenario
from community_mediation.simulate.themes import theme

LARGEST: Final = 65_536
"""No file of published counts has more bytes."""
_KEYS: Final = ("source", "total", "kinds", "endings")


@attrs.frozen(kw_only=True)
class Margins:
    """Published counts to fit a scenario to.

    Attributes:
        source: Who published them, and where.
        kinds: Cases by the code of their type, printed as ``scheme:code``; empty: not published.
        endings: Cases by ending. Endings that are not published share what is left by the odds of the scenario.
        themes: What the types are about that the scenario does not have: by their code, one of ``simulate.themes()``.
        total: All cases; by default the sum of *kinds*, or else of *endings*.

    Raises:
        InvalidValue: A count that is none; kinds that do not add up to the total; endings that exceed it.
    """

    source: str
    kinds: Mapping[str, int] = attrs.field(factory=dict)
    endings: Mapping[Ending, int] = attrs.field(factory=dict)
    themes: Mapping[str, str] = attrs.field(factory=dict)
    total: int = attrs.field()

    @total.default
    def _sum(self) -> int:
        counts = (self.kinds or self.endings).values()
        return sum(each for each in counts if type(each) is int)

    def __attrs_post_init__(self) -> None:
        counts = {f"$.kinds.{code}": count for code, count in self.kinds.items()}
        counts |= {f"$.endings.{ending}": count for ending, count in self.endings.items()}
        for path, count in {**counts, "$.total": self.total}.items():
            if type(count) is not int or not 0 <= count <= MOST_CASES:
                raise InvalidValue(f"not a count from 0 to {MOST_CASES:,}", path=path)
        if type(self.source) is not str or not self.source.strip():
            raise InvalidValue("figures without a source", path="$.source", remedy="Say who published them, and where.")
        for code, about in self.themes.items():
            if code not in self.kinds:
                raise InvalidValue("a theme for a kind that has no count", path=f"$.kinds.{code}")
            theme(about)
        if self.kinds and sum(self.kinds.values()) != self.total:
            raise InvalidValue(
                f"kinds that add up to {sum(self.kinds.values()):,}, and a total of {self.total:,}", path="$.kinds"
            )
        if sum(self.endings.values()) > self.total:
            raise InvalidValue(
                f"endings that add up to {sum(self.endings.values()):,}, and a total of {self.total:,}",
                path="$.endings",
            )

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a file of published counts (TOML).

        ::

            source = "Statistical Yearbook 2022, table 5"
            total = 90

            [kinds]
            "neutral:neighbour" = 60
            "form:water" = { cases = 30, theme = "neighbour" }

            [endings]
            settled = 72

        Raises:
            UnreadableFile: There is no such file, or it is no TOML.
            InvalidValue: A key is unknown, or a value is not what belongs there; ``path`` says where.
        """
        name = shown(path)
        check_name(path, UnreadableFile)
        try:
            with Path(path).open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            raise UnreadableFile(f"{name}: cannot be read ({error.strerror}). Check the path.") from None
        if len(data) > LARGEST:
            raise UnreadableFile(f"{name}: larger than {LARGEST:,} bytes. Give a file of published counts.")
        try:
            document = tomllib.loads(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise UnreadableFile(f"{name}: not UTF-8. Save it as UTF-8.") from None
        except (tomllib.TOMLDecodeError, RecursionError, ValueError):
            raise UnreadableFile(f"{name}: not valid TOML. Mend the file.") from None
        return cls(**_read(document))


def _read(document: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that a document gives; counts are checked by whoever takes them."""
    if unknown := sorted(set(document) - set(_KEYS)):
        raise InvalidValue("an unknown key", path=f"$.{unknown[0]}", remedy=f"There are: {', '.join(_KEYS)}.")
    given: dict[str, Any] = {"source": document.get("source")}
    if "total" in document:
        given["total"] = document["total"]
    kinds, endings = _table(document, "kinds"), _table(document, "endings")
    given["kinds"], given["themes"] = {}, {}
    for code, value in kinds.items():
        about = None
        if isinstance(value, dict):
            if set(value) != {"cases", "theme"}:
                raise InvalidValue("not { cases = …, theme = … }", path=f"$.kinds.{code}")
            value, about = value["cases"], value["theme"]
        given["kinds"][code] = value
        if about is not None:
            given["themes"][code] = about
    if unknown := sorted(set(endings) - set(ENDINGS)):
        raise InvalidValue(
            f"an unknown ending {unknown[0]!r}", path="$.endings", remedy=f"There are: {', '.join(ENDINGS)}."
        )
    given["endings"] = {Ending(name): count for name, count in endings.items()}
    return given


def _table(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    table = document.get(key, {})
    if not isinstance(table, dict):
        raise InvalidValue("no table stands there", path=f"$.{key}", remedy=f"Write [{key}], and below it the counts.")
    return table


def fit(scenario: Scenario, margins: Margins) -> Scenario:
    """The scenario whose cases have exactly the published counts, by kind and by ending.

    With as many cases as were published the counts are equal; with another number they are shared out by the largest
    remainders. Within them the odds of each kind are kept as far as the counts allow (iterative proportional fitting);
    an ending that was published and that no kind has odds for comes in all kinds alike.
    The book runs on until every case has ended: what is to stay open is an ending of its own (``Ending.OPEN``).

    Raises:
        InvalidValue: A kind that the scenario does not have and no theme is given for, or counts that its odds leave
            no way to reach.
    """
    kinds = _kinds(scenario, margins)
    codes = [str(kind.code) for kind in kinds]
    published = [
        margins.kinds.get(code, 0) if margins.kinds else kind.share for code, kind in zip(codes, kinds, strict=True)
    ]
    rows = apportion(published, scenario.cases)
    # An ending that was published and that no kind has odds for comes in all alike.
    strange = {ending for ending in margins.endings if not any(kind.odds_of(ending) for kind in kinds)}
    seed = [
        [rows[at] * (1.0 if ending in strange else kind.odds_of(ending)) for ending in ENDINGS]
        for at, kind in enumerate(kinds)
    ]
    columns = _endings(scenario, margins, seed)
    longest = max(kind.days.most for kind in kinds)
    return attrs.evolve(
        scenario,
        kinds=kinds,
        quotas=tuple(map(tuple, balanced(seed, rows, columns))),
        runs_on=max(scenario.runs_on, int(2 * longest + scenario.at_once.most + scenario.lateness.most) + 400),
    )


def _kinds(scenario: Scenario, margins: Margins) -> tuple[DisputeKind, ...]:
    """The kinds of the scenario, and those that were published besides: each like another of its theme, if any is."""
    has = {str(kind.code) for kind in scenario.kinds}
    more = []
    for text, count in margins.kinds.items():
        if text in has:
            continue
        if text not in margins.themes:
            raise InvalidValue(
                f"the scenario has no kind {text!r}",
                path="$.kinds",
                remedy=f"Give it a theme, or take one of: {', '.join(sorted(has))}.",
            )
        code, about = Code.parse(text), margins.themes[text]
        alike = next((kind for kind in scenario.kinds if kind.theme == about), None)
        more.append(
            DisputeKind(code=code, share=count, theme=about)
            if alike is None
            else attrs.evolve(alike, code=code, share=count)
        )
    return (*scenario.kinds, *more)


def _endings(scenario: Scenario, margins: Margins, seed: list[list[float]]) -> list[int]:
    # Endings that were not published come as often as the odds make them, within what is left.
    expected = [math.fsum(row[place] for row in seed) for place in range(len(ENDINGS))]
    if not margins.total:
        return apportion(expected, scenario.cases)
    others = [place for place, ending in enumerate(ENDINGS) if ending not in margins.endings]
    left = margins.total - sum(margins.endings.values())
    if left and not any(expected[place] for place in others):
        raise InvalidValue("cases whose ending was not published, and no odds for any", path="$.endings")
    # What was published stays to the unit; the rest is made whole among itself.
    counts = [margins.endings.get(ending, 0) for ending in ENDINGS]
    shares = apportion([expected[place] for place in others], left) if left else [0] * len(others)
    for place, share in zip(others, shares, strict=True):
        counts[place] = share
    return apportion(counts, scenario.cases)
