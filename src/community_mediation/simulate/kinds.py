"""Kinds of dispute: how often each comes, how it ends, how long it takes and what it is about.

Source of the shares: National Bureau of Statistics of China, China Statistical Yearbook 2001, table 22-7 (civil
disputes mediated, 2000), https://www.stats.gov.cn/english/Statisticaldata/yearlydata/YB2001e/htm/V2207e.htm. How they
end, how long they take and what is claimed is invented; set your own.
"""

import enum
import math
from collections.abc import Mapping
from typing import Final

import attrs

from community_mediation.domain.resolution import Conclusion
from community_mediation.domain.values import Code
from community_mediation.errors import InvalidValue
from community_mediation.simulate.dice import Spread, is_weight
from community_mediation.simulate.themes import theme


class Ending(enum.StrEnum):
    """How a simulated case ends: the conclusions that a living case can come to, or ``OPEN``: never."""

    SETTLED = "settled"
    SETTLED_IN_PART = "settled_in_part"
    NOT_SETTLED = "not_settled"
    RESOLVED_BEFORE_SESSION = "resolved_before_session"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    NO_RESPONSE = "no_response"
    UNSUITABLE = "unsuitable"
    REFERRED_OUT = "referred_out"
    DECLINED = "declined"
    LAPSED = "lapsed"
    OPEN = "open"

    @property
    def conclusion(self) -> Conclusion | None:
        """The conclusion of the case; ``None`` while it is open."""
        return None if self is Ending.OPEN else Conclusion(self.value)


ENDINGS: Final = tuple(Ending)

Odds = Mapping[Ending, float]
"""How often each ending comes, in proportion; what is left out never does."""

ORDINARY: Final[Odds] = {
    Ending.SETTLED: 80,
    Ending.SETTLED_IN_PART: 3,
    Ending.NOT_SETTLED: 7,
    Ending.RESOLVED_BEFORE_SESSION: 1.5,
    Ending.WITHDRAWN: 3,
    Ending.REFUSED: 1.5,
    Ending.NO_RESPONSE: 1,
    Ending.UNSUITABLE: 0.5,
    Ending.REFERRED_OUT: 1,
    Ending.DECLINED: 1,
    Ending.LAPSED: 0.5,
}
"""Invented."""
HARD: Final[Odds] = {**ORDINARY, Ending.SETTLED: 60, Ending.NOT_SETTLED: 20, Ending.REFERRED_OUT: 4, Ending.LAPSED: 2}
"""Invented."""

SUMS: Final = Spread.quartiles(200, 1_500, 5_000, 20_000, 300_000)
"""In whole units of a currency. Invented."""
QUICK: Final = Spread.quartiles(0, 1, 4, 9, 45)
"""Days from the report to the ending. Invented."""
SLOW: Final = Spread.quartiles(1, 7, 16, 32, 120)
"""Days from the report to the ending. Invented."""


@attrs.frozen(kw_only=True)
class DisputeKind:
    """One kind of dispute of a scenario.

    Attributes:
        code: Its type, in some list.
        share: How often it comes, in proportion to the others.
        theme: What its texts are about: one of ``simulate.themes()``.
        odds: How its cases end.
        days: Days from the report to the (first) ending, where a mediation was begun.
        claims: The amount in dispute, in whole units of the currency.

    Raises:
        InvalidValue: A share or the odds are below zero, no ending has odds, or the theme is unknown.
    """

    code: Code
    share: float
    theme: str
    odds: Odds = attrs.field(factory=lambda: ORDINARY)
    days: Spread = QUICK
    claims: Spread = SUMS

    def __attrs_post_init__(self) -> None:
        if not is_weight(self.share):
            raise InvalidValue("not a number from 0 on", path="$.share")
        if not all(map(is_weight, self.odds.values())):
            raise InvalidValue("not a number from 0 on", path="$.odds")
        if not any(self.odds.values()):
            raise InvalidValue("a kind of dispute with no ending that ever comes", path="$.odds")
        theme(self.theme)

    def odds_of(self, ending: Ending) -> float:
        """The share of its cases that ends so."""
        return self.odds.get(ending, 0) / math.fsum(self.odds.values())


def _kind(code: str, share: float, odds: Odds = ORDINARY, days: Spread = QUICK, most: int = 100_000) -> DisputeKind:
    claims = Spread.quartiles(max(most // 500, 100), most // 100, most // 25, most // 6, most)
    return DisputeKind(code=Code("neutral", code), share=share, theme=code, odds=odds, days=days, claims=claims)


KINDS: Final = (
    _kind("marriage", 871_710, days=SLOW),
    _kind("inheritance", 276_601, odds=HARD, days=SLOW, most=600_000),
    _kind("support", 390_002, most=60_000),
    _kind("family", 412_801),
    _kind("housing", 532_656, days=SLOW, most=500_000),
    _kind("debt", 451_049, odds=HARD, most=300_000),
    _kind("contract", 495_783, odds=HARD, days=SLOW, most=800_000),
    _kind("neighbour", 740_161, most=30_000),
    _kind("injury", 364_585, most=200_000),
    _kind("other", 495_271),
)
"""The mix of the year 2000 as published, in the codes of the neutral region: family matters but for marriage,
inheritance and support are ``family``, production and business is ``contract``, damages is ``injury``."""
