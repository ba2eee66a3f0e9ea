"""The facts of deliveries: how far each notice came, without addresses and words."""

from community_mediation.domain.delivery import Delivery
from community_mediation.domain.matter import Matter
from community_mediation.facts.cells import row, utc
from community_mediation.facts.schema import FactsRow
from community_mediation.facts.tables import DELIVERY


def delivery_rows(matter: Matter) -> list[FactsRow]:
    """The one row of a delivery."""
    if not isinstance(matter, Delivery):
        raise TypeError("delivery_rows takes a Delivery")
    return [
        row(
            DELIVERY,
            matter,
            "",
            {
                "case_id": matter.case,
                "channel": matter.channel,
                "kind": matter.kind,
                "lang": matter.lang,
                "status": matter.status.value,
                "reason": matter.reason,
                "tries": matter.tries,
                "duplicate": matter.duplicate,
                "requested_at": utc(matter.requested.earliest),
                "due_at": utc(matter.due),
                "ended_at": utc(None if matter.ended is None else matter.ended.earliest),
            },
        )
    ]
