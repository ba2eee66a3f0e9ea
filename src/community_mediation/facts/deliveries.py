"""The facts of deliveries: how far each notice came, without addresses and words."""

import datetime as dt
from typing import Final

from community_mediation.domain.delivery import Delivery
from community_mediation.domain.matter import Matter
from community_mediation.facts.schema import MATTER_ID, ROW, Column, ColumnType, FactsRow, FactsSchema

TEXT, INT, BOOL, INSTANT = ColumnType.TEXT, ColumnType.INT, ColumnType.BOOL, ColumnType.INSTANT

DELIVERY: Final = FactsSchema(
    "delivery",
    (
        MATTER_ID,
        ROW,
        Column("case_id", TEXT, "The case that the notice is about."),
        Column("channel", TEXT, "The channel that it goes by."),
        Column("kind", TEXT, "What it is about: hearing, deadline, follow_up, …"),
        Column("lang", TEXT, "The language of its words."),
        Column("status", TEXT, "waiting, trying, taken or refused."),
        Column("reason", TEXT, "Why it was refused, or not taken the last time."),
        Column("tries", INT, "How often it was begun to be handed over."),
        Column("duplicate", BOOL, "Whether the channel had taken the same notice before."),
        Column("requested_at", INSTANT, "When it was asked for."),
        Column("due_at", INSTANT, "From when it is to be tried; empty once it is taken or refused."),
        Column("ended_at", INSTANT, "When it was taken or refused."),
    ),
)


def delivery_rows(matter: Matter) -> list[FactsRow]:
    """The one row of a delivery."""
    if not isinstance(matter, Delivery):
        raise TypeError("delivery_rows takes a Delivery")
    return [
        FactsRow(
            "delivery",
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
