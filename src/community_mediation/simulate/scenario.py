"""What is simulated: a centre or a country, declared."""

import datetime as dt
from decimal import Decimal
from typing import Any, Final, Self

import attrs

from community_mediation.domain.values import Money, Period, zone_named
from community_mediation.errors import InvalidValue
from community_mediation.simulate.dice import Spread, is_weight
from community_mediation.simulate.kinds import ENDINGS, KINDS, DisputeKind, Ending
from community_mediation.simulate.season import Season

LATE: Final = dt.timedelta(days=7)
"""What is recorded so long after it happened, or longer, is late."""
YEAR: Final = Period(dt.date(2022, 1, 1), dt.date(2022, 12, 31))
ORDINARY: Final = Season()
AT_ONCE: Final = Spread.quartiles(0, 0.5, 1, 2, 8)
LATENESS: Final = Spread.quartiles(8, 14, 24, 40, 90)
MOST_CASES: Final = 2**34
MOST_SEED: Final = 2**63 - 1
FIRST_DAY, LAST_DAY = dt.date(1972, 1, 1), dt.date(2899, 12, 31)
"""Between these days lies every period: the ids of cases count from 1970, and years end with 2999."""


@attrs.frozen(kw_only=True)
class Scenario:
    """A centre or a country to simulate. The same scenario gives the same cases, byte for byte, on any machine.

    Every share is the true rate that each case is drawn with, independently of all others: statistics of a simulated
    book can be tested against it. What the book breaks off before is not in it: with ``runs_on`` long enough, all is.
    All defaults are invented but for the mix of disputes, which is that of China in the year 2000 (China Statistical
    Yearbook 2001, table 22-7).

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
        late: The share of cases whose report, or else whose ending, is recorded at least a week after it happened.
        lateness: By how many days, for those; at least ``LATE``.
        corrected: The share of cases with a session, of those that end, in which the first was noted wrongly; it is
            put right after the ending.
        reopened: The share of cases, of those with a mediation that ends settled or not settled, that had ended
            without a settlement before, and are taken up again.
        breached: The share of agreements looked after that are found broken; some of these go to court.
        partly: The share of them that is found kept in part.
        dangers: The share of cases with a session in which a danger is noted.
        referred: The share of cases that a court refers before filing.
        english: The share of cases whose texts are English; all others are Chinese.
        quotas: With ``fit``: how many cases of each kind (rows, as ``kinds``) end in each way (columns, as
            ``Ending``). Then cases are drawn from these without replacement, and the sums are exact.

    Raises:
        InvalidValue: A share outside 0 to 1, a number or day out of its bounds, an unknown zone, a kind that stands
            there twice, quotas that do not add up; ``path`` says where.
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
            if not is_weight(getattr(self, name)) or getattr(self, name) > 1:
                raise InvalidValue("not a share from 0 to 1", path=f"$.{name}")
        if self.breached + self.partly > 1:
            raise InvalidValue("more agreements broken or kept in part than there are", path="$.partly")
        if self.lateness.at(0) < LATE.days:
            raise InvalidValue("a lateness of less than a week", path="$.lateness")
        self._check_place()
        self._check_kinds()

    def _check_place(self) -> None:
        zone_named(self.zone)
        try:
            Money(Decimal(1), self.currency)
        except InvalidValue as error:
            raise InvalidValue(error.problem, path="$.currency") from None
        first, last = self.period.first, self.period.last
        if first < FIRST_DAY or last > LAST_DAY:
            raise InvalidValue(f"a period that does not lie in {FIRST_DAY} to {LAST_DAY}", path="$.period")
        days = (first + dt.timedelta(days=each) for each in range((last - first).days + 1))
        if not any(map(self.season.weight, days)):
            raise InvalidValue("a period in which no dispute ever comes", path="$.season")

    def _check_kinds(self) -> None:
        if not any(kind.share for kind in self.kinds):
            raise InvalidValue("no kind of dispute that ever comes", path="$.kinds")
        if len({kind.code for kind in self.kinds}) < len(self.kinds):
            raise InvalidValue("two kinds of dispute with one code", path="$.kinds")
        if self.quotas is not None:
            wrong = len(self.quotas) != len(self.kinds) or any(len(row) != len(ENDINGS) for row in self.quotas)
            if wrong or min(map(min, self.quotas)) < 0 or sum(map(sum, self.quotas)) != self.cases:
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
        """Cases for measuring speed: all settled by mediation, none late or put right; 6 to 12 events each."""
        odds = {Ending.SETTLED: 1.0}
        plain: dict[str, Any] = dict.fromkeys(
            ("on_the_spot", "late", "corrected", "reopened", "breached", "dangers", "english"), 0.0
        )
        kinds = tuple(attrs.evolve(kind, odds=odds) for kind in KINDS)
        return cls(**{"cases": 10_000, "centres": 20, "runs_on": 600, "kinds": kinds, **plain, **given})


SHARES: Final = (
    *("on_the_spot", "repeat", "late", "corrected", "reopened", "breached", "partly", "dangers", "referred", "english"),
)
