"""What simulated cases say: short texts in Chinese and English, with blanks for names, amounts and numbers.

The texts stand in ``themes.toml`` beside this module.
"""

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import attrs

from community_mediation.domain.dispute import Issue
from community_mediation.errors import InvalidValue


@attrs.frozen(kw_only=True)
class Words:
    """The words of one language for one theme.

    Attributes:
        stories: The title of a dispute, and the quarrel in a few lines; ``{a}`` applied, ``{b}`` responds.
        issues: Two points in dispute.
        claim: What is asked for.
        act: What somebody undertakes to do.
    """

    stories: tuple[tuple[str, str], ...]
    issues: tuple[Issue, ...]
    claim: str
    act: str


@attrs.frozen(kw_only=True)
class Theme:
    """What one kind of dispute is about, in two languages; *firm*: an organisation often responds."""

    zh: Words
    en: Words
    firm: bool = False


@attrs.frozen(kw_only=True)
class Phrases:
    """What is said in every theme.

    Attributes:
        records: Of a session.
        facts, responsibilities, terms: Of an agreement.
        pay, sorry: Terms of an agreement.
        yuan: An amount in the currency of China; others are written as a number with their code.
        visits: What return visits find.
        notes: Why a case ends without an agreement.
        place, room: Where the quarrel, and where the session is.
        mistake: Why something is put right.
        danger: What is feared.
    """

    records: tuple[str, ...]
    facts: str
    responsibilities: str
    terms: str
    pay: str
    yuan: str
    sorry: str
    visits: tuple[str, ...]
    notes: tuple[str, ...]
    place: str
    room: str
    mistake: str
    danger: str


@functools.cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("themes.toml").read_text("utf-8"))


def _frozen(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}


def themes() -> tuple[str, ...]:
    """The themes that a kind of dispute can name."""
    return tuple(_texts()["themes"])


def theme(name: str) -> Theme:
    """The theme of that name.

    Raises:
        InvalidValue: There is none.
    """
    if type(name) is not str or name not in themes():
        raise InvalidValue(f"there is no theme {name!r}", path="$.theme", remedy=f"There are: {', '.join(themes())}.")
    return _theme(name)


@functools.cache
def _theme(name: str) -> Theme:
    table = _texts()["themes"][name]
    return Theme(zh=_words(table["zh"]), en=_words(table["en"]), firm=table["firm"])


def _words(table: Mapping[str, Any]) -> Words:
    issues = tuple(Issue(id=f"i{number}", text=text) for number, text in enumerate(table["issues"], 1))
    return Words(**{**_frozen(table), "issues": issues, "stories": tuple(map(tuple, table["stories"]))})


@functools.cache
def phrases(lang: str) -> Phrases:
    """The phrases of a language: ``zh`` or ``en``."""
    return Phrases(**_frozen(_texts()["phrases"][lang]))
