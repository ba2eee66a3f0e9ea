"""What every store on a database needs beside its database, for authors of stores.

Checks of what is given (changes, facts rows, questions), cells as databases keep them, cursors of pages, questions as
SQL in the words of one database, searches, leases, and whose turn it is to write. The stores of the library are made
of it.
"""

from community_mediation.stores.kit.cells import (
    Kept,
    Reader,
    Writer,
    decimal_key,
    instant_text,
    keep,
    read,
    same_shape,
)
from community_mediation.stores.kit.cells import check as check_row
from community_mediation.stores.kit.changes import (
    check_change,
    check_interval,
    check_made_on,
    groups,
    in_parts,
    overlapping,
    still_current,
    unknown_table,
)
from community_mediation.stores.kit.cursor import Cursor
from community_mediation.stores.kit.leasing import check_lease, wait_until
from community_mediation.stores.kit.questions import (
    Condition,
    Question,
    check_columns,
    check_filters,
    check_limit,
    check_moment,
    check_position,
    check_sort,
    keepable,
)
from community_mediation.stores.kit.searching import Search, small
from community_mediation.stores.kit.sql import NAME_ORDER, Dialect
from community_mediation.stores.kit.turns import OneAtATime

__all__ = [
    "NAME_ORDER",
    "Condition",
    "Cursor",
    "Dialect",
    "Kept",
    "OneAtATime",
    "Question",
    "Reader",
    "Search",
    "Writer",
    "check_change",
    "check_columns",
    "check_filters",
    "check_interval",
    "check_lease",
    "check_limit",
    "check_made_on",
    "check_moment",
    "check_position",
    "check_row",
    "check_sort",
    "decimal_key",
    "groups",
    "in_parts",
    "instant_text",
    "keep",
    "keepable",
    "overlapping",
    "read",
    "same_shape",
    "small",
    "still_current",
    "unknown_table",
    "wait_until",
]
