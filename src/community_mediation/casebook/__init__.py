"""The front door: a book of cases over any store."""

from community_mediation.casebook.book import Casebook, open_casebook
from community_mediation.casebook.erasing import Erasure
from community_mediation.casebook.ids import new_id
from community_mediation.casebook.reading import Facts, Found, RecordedEntry
from community_mediation.casebook.verifying import Verification

__all__ = ["Casebook", "Erasure", "Facts", "Found", "RecordedEntry", "Verification", "new_id", "open_casebook"]
