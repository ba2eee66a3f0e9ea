"""The front door: a book of cases over any store."""

from community_mediation.casebook.book import Casebook
from community_mediation.casebook.copying import Copied
from community_mediation.casebook.erasing import Erasure
from community_mediation.casebook.ids import new_id
from community_mediation.casebook.judging import Remark, log_remark
from community_mediation.casebook.opening import open_casebook
from community_mediation.casebook.reading import Facts, Found, RecordedEntry
from community_mediation.casebook.searching import Match, Matched
from community_mediation.casebook.verifying import Verification

__all__ = [
    "Casebook",
    "Copied",
    "Erasure",
    "Facts",
    "Found",
    "Match",
    "Matched",
    "RecordedEntry",
    "Remark",
    "Verification",
    "log_remark",
    "new_id",
    "open_casebook",
]
