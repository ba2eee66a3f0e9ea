"""Several things in one cell, and a person in one cell: written and read back exactly."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Final

import attrs

from community_mediation.errors import InvalidValue
from community_mediation.registers.dates import parse_day
from community_mediation.registers.words import BLANKS, folded

MAX_LISTED: Final = 1_000
"""Most items of one cell."""

_PIECE: Final = re.compile(r";;|；；|[;；]|[^;；]+")
_KINDS: Final = {
    **dict.fromkeys(("person", "natural person", "individual", "自然人", "个人", "公民"), "person"),
    **dict.fromkeys(
        (
            "organisation",
            "organization",
            "company",
            "legal person",
            "单位",
            "法人",
            "组织",
            "企业",
            "非法人组织",
            "公司",
        ),
        "organisation",
    ),
    **dict.fromkeys(("group", "群体"), "group"),
}
_SEXES: Final = {
    **dict.fromkeys(("male", "m", "man", "男", "男性"), "male"),
    **dict.fromkeys(("female", "f", "woman", "女", "女性"), "female"),
    **dict.fromkeys(("other", "x", "其他"), "other"),
}


@attrs.frozen(kw_only=True)
class PartyCell:
    """A person or organisation as one cell of a register tells it. Nothing of it is shown by ``repr``.

    Attributes:
        name: As written, not blank, without blanks at its ends.
        kind: ``person``, ``organisation`` or ``group``.
        sex: ``male``, ``female`` or ``other``.
        born: The date of birth.
    """

    name: str = attrs.field(repr=False)
    kind: str | None = attrs.field(default=None, repr=False)
    sex: str | None = attrs.field(default=None, repr=False)
    born: dt.date | None = attrs.field(default=None, repr=False)


def split_list(text: str) -> tuple[str, ...]:
    """The items of a cell, which ``;`` and ``；`` separate; doubled they stand for themselves.

    Blanks around an item do not count, empty items are passed over.
    """
    if ";" not in text and "；" not in text:
        return (alone,) if (alone := text.strip()) else ()
    items: list[str] = []
    item: list[str] = []
    for match in _PIECE.finditer(text):
        piece = match[0]
        if piece in (";", "；"):
            items.append("".join(item).strip())
            item.clear()
        else:
            item.append(piece[0] if piece in (";;", "；；") else piece)
    items.append("".join(item).strip())
    return tuple(each for each in items if each)


def join_list(items: Iterable[str]) -> str:
    """The cell that ``split_list`` turns into *items* again.

    Raises:
        InvalidValue: An item is empty or has blanks at its ends, which a cell cannot keep.
    """
    written = []
    for item in items:
        if not item or item != item.strip():
            raise InvalidValue("an item of a list is empty or has blanks at its ends", remedy="Strip it first.")
        written.append(item.replace(";", ";;").replace("；", "；；"))
    # The blank keeps an item that begins with a separator apart from the separator before it.
    return "; ".join(written)


def _fields(text: str) -> list[str]:
    if "||" not in text:
        return text.split("|")
    # A doubled | is an escape only where all four fields are written: ``name||sex`` is a name of unknown kind.
    fields = [field.replace("\0", "|") for field in text.replace("||", "\0").split("|")]
    return fields if len(fields) == 4 and "\0" not in text else text.split("|")


def parse_party(text: str) -> PartyCell:
    """A party from ``name`` or ``name|kind|sex|birth date``; later fields may be empty, ``-`` or left out.

    Raises:
        InvalidValue: No name, too many fields, or a field that is none of its words. The text is not quoted.
    """
    fields = [field.strip() for field in _fields(text)]
    if len(fields) > 4:
        raise InvalidValue(
            f"a party of {len(fields)} fields",
            remedy="Write name|kind|sex|birth date, and ; between parties.",
        )
    if not fields[0]:
        raise InvalidValue("a party without a name", remedy="Write name or name|kind|sex|birth date.")
    name, kind, sex, born = (*fields, "", "", "")[:4]
    return PartyCell(name=name, kind=_word(kind, _KINDS, "kind"), sex=_word(sex, _SEXES, "sex"), born=_birthday(born))


def _word(text: str, words: dict[str, str], what: str) -> str | None:
    if not text or (word := folded(text)) in BLANKS:
        return None
    if word not in words:
        listed = ", ".join(dict.fromkeys(words.values()))
        raise InvalidValue(f"the {what} of a party is none that is known", remedy=f"Write one of {listed}, or nothing.")
    return words[word]


def _birthday(text: str) -> dt.date | None:
    if not text or folded(text) in BLANKS:
        return None
    try:
        return parse_day(text)
    except InvalidValue:
        # Not even the form of a birth date is repeated.
        raise InvalidValue("the birth date of a party is not a date", remedy="Write it as YYYY-MM-DD.") from None


def format_party(party: PartyCell) -> str:
    """The text that ``parse_party`` turns into *party* again."""
    if not party.name or party.name != party.name.strip() or "\0" in party.name:
        raise InvalidValue("the name of a party is empty or has blanks at its ends", remedy="Strip it first.")
    rest = (party.kind or "", party.sex or "", party.born.isoformat() if party.born is not None else "")
    if "|" in party.name:
        name = party.name.replace("|", "||")
        if name.endswith("|"):
            # Four fields are found from the left: a blank keeps the escape apart from the separator.
            name += " "
        return "|".join((name, *(field or "-" for field in rest)))
    return "|".join((party.name, *rest)).rstrip("|")
