"""Whether the same two persons come again: the next case of a pair, found by joining the table of parties with itself.

It needs parties that are linked to persons; a case without two of them is *unknown*, and counted as such. Only days are
told: a case that is reported on the day on which another ended is taken for a new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from community_mediation.errors import InvalidQuery
from community_mediation.metrics._conditions import AT, NOT_REACHED
from community_mediation.metrics._engine import Frame, in_narwhals
from community_mediation.metrics._unique import schema_of

if TYPE_CHECKING:
    pass


def with_returns(frame: Frame, parties: Any) -> Frame:
    """The cases with the milestone ``returned``.

    Args:
        frame: The cases, all of them: who comes again may come with any other.
        parties: The table ``case_party``.

    Raises:
        InvalidQuery: The table of parties is not there, lacks a column, or is of another engine.
    """
    import narwhals.stable.v2 as nw

    if parties is None:
        raise InvalidQuery(
            'Who comes again is found in the table case_party. Give both, {"case": …, "case_party": …}, or a casebook.'
        )
    native = in_narwhals(parties)
    if missing := {"matter_id", "person"} - set(schema_of(native)):
        raise InvalidQuery(f"The frame of the parties lacks {', '.join(sorted(missing))}.")
    rows = native.lazy() if isinstance(native, nw.DataFrame) else native
    if rows.implementation is not frame.lazy.implementation:
        raise InvalidQuery("The frame of the parties is of another engine than the one beside it. Give both of one.")
    linked = rows.filter(~nw.col("person").is_null())
    named = linked.select(matter_id=nw.col("matter_id"), __one=nw.col("person").cast(nw.String)).unique()
    others = named.rename({"__one": "__two"})
    pairs = named.join(others, on="matter_id", how="inner").filter(nw.col("__one") < nw.col("__two"))
    may_have_come = ~(nw.col("reported") == NOT_REACHED).fill_null(False)
    counts = may_have_come & ~(nw.col("conclusion") == "void").fill_null(False)
    dated = (nw.col("reported") == AT).fill_null(False) & ~nw.col("reported_on").is_null()
    later = frame.lazy.filter(counts).select(__next="matter_id", __came="reported_on", __dated=dated)
    ended = frame.lazy.select("matter_id", __ended="first_concluded_on")
    coming = pairs.rename({"matter_id": "__next"}).join(later, on="__next", how="inner")
    again = pairs.join(ended, on="matter_id", how="inner").join(coming, on=["__one", "__two"], how="inner")
    again = again.filter(nw.col("__next") != nw.col("matter_id"))
    # A case without a date may have come after the other one, or before it.
    vague = again.filter(~nw.col("__dated")).select("matter_id").unique().with_columns(__vague=nw.lit(1, nw.Int64()))
    again = again.filter(nw.col("__dated") & (nw.col("__came") >= nw.col("__ended")).fill_null(False))
    first = again.group_by("matter_id").agg(nw.col("__came").min().alias("returned_on"))
    whether = pairs.select("matter_id").unique().with_columns(__linked=nw.lit(1, nw.Int64()))
    joined = frame.lazy
    for found in (whether, vague, first):
        joined = joined.join(found, on="matter_id", how="left")
    returned = ~nw.col("returned_on").is_null()
    known = (
        nw.when(~nw.col("__linked").is_null() & nw.col("__vague").is_null())
        .then(nw.lit(NOT_REACHED))
        .otherwise(nw.lit("unknown"))
    )
    state = nw.when(returned).then(nw.lit(AT)).otherwise(known)
    # No instant: what is reported on the day of an ending cannot be told to have come before it.
    nothing = nw.when(returned & ~returned).then(nw.col("returned_on"))
    return attrs.evolve(frame, lazy=joined.with_columns(returned=state, returned_at=nothing))
