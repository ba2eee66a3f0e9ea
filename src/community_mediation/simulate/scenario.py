"""What is simulated: a centre or a country, declared."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, Self

import attrs

from community_mediation.domain.values import Period, zone_named
from community_mediation.errors import InvalidValue
from community_mediation.simulate.dice import Spread, spread
from community_mediation.simulate.fitting import apportion, balanced
from community_mediation.simulate.kinds import ENDINGS, KINDS, DisputeKind, Ending
from community_mediation.simulate.season import Season
from community_mediation.simulate.themes import theme

LATE: Final = dt.timedelta(days=7)
"""What is recorded so long after it happened, or longer, is late."""
YEAR: Final = Period(dt.date(2022, 1, 1), dt.date(2022, 12, 31))
ORDINARY: Final = Season()
AT_ONCE: Final = spread(0, 0.5, 1, 2, 8)
LATENESS: Final = spread(8, 14, 24, 40, 90)
MOST_CASES: Final = 2**34
MOST_SEED: Final = 2**63 - 1


@attrs.frozen(kw_only=True)
class Scenario:
    """A centre or a country to simulate. The same scenario gives the same cases, byte for byte, on any machine.

    Every share is the true rate that each case is drawn with, independently of all others: statistics of a simulated
    book can be tested against it. All defaults are invented but for the mix of disputes (``KINDS`` says its source).

    Attributes:
        seed: 0 or more.
        cases: How many.
        period: The local days on which they are reported.
        runs_on: For how many days after the period what happens is still recorded. Cases that have not ended by then
            are open: with 0 the book breaks off with the period, as a real one does.
        centres: How many centres; they are of different sizes.
        mediators: How many mediators each centre has.
        regulars: How many persons in each centre come again and again.
        region: The region that the centres name; ``None``: the neutral one.
        zone: Their time zone.
        currency: Of all amounts.
        kinds: The kinds of dispute.
        season: When disputes come.
        on_the_spot: The share of full settlements that is reached at once, before any mediation is begun.
        at_once: Days from the report to an ending with no mediation begun: on the spot, declined and so on.
        repeat: The share of cases with a party who is one of the regulars.
        late: The share of cases whose report, or whose ending, is recorded at least a week after it happened.
        lateness: By how many days, for those; at least ``LATE``.
        corrected: The share of mediated cases in which a session was noted wrongly and is put right later.
        reopened: The share of cases, of those with a mediation that ends settled or not settled, that had ended
            without a settlement before, and are taken up again.
        breached: The share of agreements looked after that are found broken; some of these go to court.
        partly: The share of them that is found kept in part.
        dangers: The share of mediated cases in which a danger is noted.
        referred: The share of cases that a court refers before filing.
        english: The share of cases whose texts are English; all others are Chinese.
        quotas: With ``fit``: how many cases of each kind (rows, as ``kinds``) end in each way (columns, as
            ``Ending``). Then cases are drawn from these without replacement, and the sums are exact.

    Raises:
        InvalidValue: A share outside 0 to 1, a number out of its bounds, an unknown theme, quotas that do not add up.
    """

    seed: int = 1
    cases: int = 600
    period: Period = YEAR
    runs_on: int = 0
    centres: int = 1
    mediators: int = 6
    regulars: int = 12
    region: str | None = None
    zone: str = "Asia/Shanghai"
    currency: str = "CNY"
    kinds: tuple[DisputeKind, ...] = KINDS
    season: Season = ORDINARY
    on_the_spot: float = 0.12
    at_once: Spread = AT_ONCE
    repeat: float = 0.1
    late: float = 0.06
    lateness: Spread = LATENESS
    corrected: float = 0.03
    reopened: float = 0.02
    breached: float = 0.05
    partly: float = 0.06
    dangers: float = 0.02
    referred: float = 0.08
    english: float = 0.05
    quotas: tuple[tuple[int, ...], ...] | None = None

    def __attrs_post_init__(self) -> None:
        bounds = (("seed", 0, MOST_SEED), ("cases", 0, MOST_CASES), ("runs_on", 0, 10_000), ("centres", 1, 1_000_000))
        for name, least, most in (*bounds, ("mediators", 3, 1_000), ("regulars", 1, 100_000)):
            value = getattr(self, name)
            if type(value) is not int or not least <= value <= most:
                raise InvalidValue(f"not a whole number from {least:,} to {most:,}", path=f"$.{name}")
        for name in SHARES:
            if not 0 <= getattr(self, name) <= 1:
                raise InvalidValue("a share outside 0 to 1", path=f"$.{name}")
        zone_named(self.zone)
        if not self.kinds or not sum(kind.share for kind in self.kinds):
            raise InvalidValue("no kind of dispute that ever comes", path="$.kinds")
        for kind in self.kinds:
            theme(kind.theme)
        if self.lateness.at(0) < LATE.days:
            raise InvalidValue("a lateness of less than a week", path="$.lateness")
        if self.quotas is not None:
            wrong = len(self.quotas) != len(self.kinds) or any(len(row) != len(ENDINGS) for row in self.quotas)
            if wrong or sum(map(sum, self.quotas)) != self.cases:
                raise InvalidValue("quotas that are not kinds by endings, or not of all cases", path="$.quotas")

    @classmethod
    def centre(cls, **given: Any) -> Self:
        """One centre with some 600 cases in a year; *given* are fields to set otherwise."""
        return cls(**given)

    @classmethod
    def country(cls, **given: Any) -> Self:
        """A country: 100,000 cases in 400 centres; *given* are fields to set otherwise."""
        return cls(**{"cases": 100_000, "centres": 400, **given})

    @classmethod
    def workload(cls, **given: Any) -> Self:
        """Cases for measuring speed: all mediated and ended, none late, reopened or put right; 5 to 12 events each."""
        odds = {Ending.SETTLED: 9.0, Ending.NOT_SETTLED: 1.0}
        plain: dict[str, Any] = dict.fromkeys(
            ("on_the_spot", "late", "corrected", "reopened", "dangers", "english"), 0.0
        )
        kinds = tuple(attrs.evolve(kind, odds=odds) for kind in KINDS)
        return cls(**{"cases": 10_000, "centres": 20, "runs_on": 600, "kinds": kinds, **plain, **given})


SHARES: Final = (
    *("on_the_spot", "repeat", "late", "corrected", "reopened", "breached", "partly", "dangers", "referred", "english"),
)


@attrs.frozen(kw_only=True)
class Margins:
    """Published counts to fit a scenario to.

    Attributes:
        source: Who published them, and where.
        kinds: Cases by the code of their type, printed as ``scheme:code``; empty: not published.
        endings: Cases by ending. Endings that are not published share what is left by the odds of the scenario.
        total: All cases; by default the sum of *kinds*, or else of *endings*.

    Raises:
        InvalidValue: A count below zero; kinds that do not add up to the total; endings that exceed it.
    """

    source: str
    kinds: Mapping[str, int] = attrs.field(factory=dict)
    endings: Mapping[Ending, int] = attrs.field(factory=dict)
    total: int = attrs.field()

    @total.default
    def _sum(self) -> int:
        return sum((self.kinds or self.endings).values())

    def __attrs_post_init__(self) -> None:
        if min((*self.kinds.values(), *self.endings.values(), self.total)) < 0:
            raise InvalidValue("a count below zero", path="$.margins")
        if self.kinds and sum(self.kinds.values()) != self.total:
            raise InvalidValue("kinds that do not add up to the total", path="$.margins.kinds")
        if sum(self.endings.values()) > self.total:
            raise InvalidValue("more endings than cases", path="$.margins.endings")


def fit(scenario: Scenario, margins: Margins) -> Scenario:
    """The scenario whose cases have exactly the published counts, by kind and by ending.

    With as many cases as were published the counts are equal; with another number they are shared out by the largest
    remainders. Within them the odds of each kind are kept as far as the counts allow (iterative proportional fitting).
    The book runs on until every case has ended: what is to stay open is an ending of its own (``Ending.OPEN``).

    Raises:
        InvalidValue: A kind that the scenario does not have, or counts that its odds leave no way to reach.
    """
    codes = [str(kind.code) for kind in scenario.kinds]
    if unknown := sorted(set(margins.kinds) - set(codes)):
        raise InvalidValue(
            f"the scenario has no kind {unknown[0]!r}", path="$.kinds", remedy=f"It has: {', '.join(codes)}."
        )
    published = [
        margins.kinds.get(code, 0) if margins.kinds else kind.share
        for code, kind in zip(codes, scenario.kinds, strict=True)
    ]
    rows = apportion(published, scenario.cases)
    seed = [[rows[at] * kind.odds_of(ending) for ending in ENDINGS] for at, kind in enumerate(scenario.kinds)]
    columns = _endings(scenario, margins, seed)
    longest = max(kind.days.most for kind in scenario.kinds)
    return attrs.evolve(
        scenario,
        quotas=tuple(map(tuple, balanced(seed, rows, columns))),
        runs_on=max(scenario.runs_on, int(2 * longest + scenario.at_once.most + scenario.lateness.most) + 400),
    )


def _endings(scenario: Scenario, margins: Margins, seed: list[list[float]]) -> list[int]:
    # Endings that were not published come as often as the odds make them, within what is left.
    expected = [sum(row[place] for row in seed) for place in range(len(ENDINGS))]
    rest = sum(expected[place] for place, ending in enumerate(ENDINGS) if ending not in margins.endings)
    left: float = margins.total - sum(margins.endings.values())
    if not margins.total:
        return apportion(expected, scenario.cases)
    if left and not rest:
        raise InvalidValue("cases whose ending was not published, and no odds for any", path="$.margins.endings")
    counts = [
        margins.endings[ending] if ending in margins.endings else (expected[place] * left / rest if rest else 0)
        for place, ending in enumerate(ENDINGS)
    ]
    return apportion(_whole(counts, margins), scenario.cases)


def _whole(counts: list[float], margins: Margins) -> list[int]:
    # What was published stays to the unit; the rest is made whole among itself.
    open_to = [place for place, ending in enumerate(ENDINGS) if ending not in margins.endings]
    left = margins.total - sum(margins.endings.values())
    shares = apportion([counts[place] for place in open_to], left) if left else [0] * len(open_to)
    result = [int(count) for count in counts]
    for place, share in zip(open_to, shares, strict=True):
        result[place] = share
    return result
