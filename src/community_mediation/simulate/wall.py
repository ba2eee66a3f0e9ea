"""Moments by the clock on the wall of a scenario, and amounts in its currency, as the domain has them."""

import datetime as dt
from decimal import Decimal

from community_mediation.domain.values import Money, When, zone_named
from community_mediation.simulate.scenario import Scenario


class Wall:
    """The clock on the wall of a scenario, and its purse."""

    def __init__(self, scenario: Scenario) -> None:
        self.zone = zone_named(scenario.zone)
        self._zone_name, self._currency = scenario.zone, scenario.currency

    def when(self, moment: dt.datetime) -> When:
        """That moment."""
        return When(moment.replace(tzinfo=self.zone))

    def day(self, moment: dt.datetime) -> When:
        """Its day."""
        return When(day=moment.date(), zone=self._zone_name)

    def instant(self, moment: dt.datetime) -> dt.datetime:
        """That moment in UTC."""
        return moment.replace(tzinfo=self.zone).astimezone(dt.UTC)

    def money(self, amount: int) -> Money:
        """An amount."""
        return Money(Decimal(amount), self._currency)
