"""How a case is named: by its id, or by the number on the papers of its centre."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from community_mediation.casebook.keys import case_no_key

if TYPE_CHECKING:
    from community_mediation.casebook import Casebook

centre_option = click.option("--centre", metavar="ID", help="Then ID is the number on the papers of that centre.")


def named(book: Casebook, id: str, centre: str | None) -> str:
    """The id of what was named; where no case of the *centre* has that number, what was given."""
    return id if centre is None else book.holder(case_no_key(centre, id)) or id
