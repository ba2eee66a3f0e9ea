"""The facts of deliveries: how far each notice came, without addresses and words."""

import datetime as dt

from community_mediation.domain.delivery import Delivery
from community_mediation.domain.matter import Matter
from community_mediation.facts.schema import FactsRow
from community_mediation.facts.tables import DELIVERY


def delivery_rows(matter: Matter) -> list[FactsRow]:
    """The one row of a delivery."""
    if not isinstance(matter, Delivery):
        raise TypeError("delivery_rows takes a Delivery")
    return [
        FactsRow(
            DELIVERY.table,
            (
                matter.id,
                "",
                matter.case,
                matter.channel,
                matter.kind,
                matter.lang,
                matter.status.value,
                matter.reason,
                matter.tries,
                matter.duplicate,
                _utc(matter.requested.earliest),
                _utc(matter.due),
                _utc(None if matter.ended is None else matter.ended.earliest),
            ),
        )
    ]


def _utc(value: dt.datetime | None) -> dt.datetime | None:
    return None if value is None else value.astimezone(dt.UTC)
