"""Unique keys of cases, as every part of the library writes them."""

from typing import Final

from community_mediation.domain.values import ExternalId
from community_mediation.ports import Key

CASE_NO: Final = "case_no"
EXTERNAL: Final = "external"
MEDIATOR_NAME: Final = "mediator_name"


def key_text(*parts: str) -> str:
    """Several texts as one that no other texts give."""
    return "".join(f"{len(part)}:{part}" for part in parts)


def case_no_key(centre: str, reference: str) -> Key:
    """A case is unique by its centre and the number on its papers."""
    return Key(CASE_NO, key_text(centre, reference))


def external_key(external: ExternalId) -> Key:
    """A case is unique by its number in another system."""
    return Key(EXTERNAL, key_text(external.system, external.number))
