"""Law 4: what was written is what is read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from community_mediation.errors import InvalidValue
from community_mediation.facts.schema import FactsRow
from community_mediation.ports import Key, Store
from community_mediation.testing.stores.fixtures import StoreFixtures
from community_mediation.testing.stores.gardens import NOON, RENTS, change, plot, ref, rows_of
from community_mediation.testing.stores.helping import CANARY, assert_says_nothing


class KeptLaws(StoreFixtures):
    """What was written is what is read."""

    @pytest.mark.parametrize("text", ["", "a\0b\0", "汉字 🌽 עברית", "\u200f\ufeff\x1f", "x" * 100_000, "'; --"])
    def test_texts_come_back_as_they_were(self, book: Store, text: str) -> None:
        """Law 4: in the body, the private part, keys and facts."""
        name = "m" + text[:100]
        book.commit(
            [change(name, body=text, private={text: text}, keys=[Key(text, text)], add=[plot(name, text, crop=text)])]
        )
        (entry,) = book.entries(name)
        assert (entry.matter_id, entry.body, entry.private) == (name, text, {text: text})
        assert book.key(text, text) == name
        assert rows_of(book, columns=["matter_id", "row", "crop"]) == [(name, text, text)]

    @pytest.mark.parametrize("rent", RENTS, ids=str)
    def test_decimals_come_back_with_their_exponent(self, book: Store, rent: Decimal) -> None:
        """Law 4: 1.00 is not 1, though they are equal."""
        book.commit([change(add=[plot(rent=rent)])])
        ((found,),) = rows_of(book, columns=["rent"])
        assert isinstance(found, Decimal)
        assert found.as_tuple() == rent.as_tuple()

    def test_cells_come_back_with_their_type(self, book: Store) -> None:
        """Law 4: True is not 1, an instant keeps its microseconds and UTC."""
        moment = dt.datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=dt.UTC)
        row = plot(
            crop="kale",
            beds=-(2**63),
            slope=0.1,
            fenced=True,
            rent=Decimal("0.10"),
            sown_on=dt.date(1, 2, 3),
            watered_at=moment,
        )
        book.commit([change(add=[row])])
        (found,) = rows_of(book)
        assert found == row.cells
        assert list(map(type, found)) == list(map(type, row.cells))
        assert isinstance(found[-1], dt.datetime)
        assert found[-1].tzinfo is dt.UTC

    @pytest.mark.parametrize(
        "broken",
        [
            {"matter": "m\ud800"},
            {"kind": "\udfff"},
            {"body": "\ud800"},
            {"private": {"p": CANARY + "\ud800"}},
            {"private": {"\ud800": "x"}},
            {"keys": [Key("no", CANARY + "\ud800")]},
            {"keys": [Key("\ud800", "x")]},
            {"keys": [Key("no", "1", "\ud800")]},
            {"add": [plot(crop=CANARY + "\ud800")]},
            {"add": [plot(row="\ud800")]},
        ],
    )
    def test_half_a_character_is_refused(self, book: Store, broken: dict[str, Any]) -> None:
        """Law 4: a lone surrogate is no text, wherever it stands; the error does not quote the text."""
        with pytest.raises(InvalidValue) as caught:
            book.commit([change("m0"), change(**broken)])
        assert_says_nothing(caught.value)
        assert book.head().position == 0

    @pytest.mark.parametrize(
        "cells",
        [
            {"beds": 2**63},
            {"beds": True},
            {"beds": "1"},
            {"slope": 1},
            {"slope": float("nan")},
            {"slope": float("inf")},
            {"rent": Decimal("NaN")},
            {"rent": Decimal("sNaN")},
            {"rent": Decimal("-Infinity")},
            {"rent": 1.5},
            {"fenced": 1},
            {"sown_on": NOON},
            {"watered_at": NOON.replace(tzinfo=None)},
            {"watered_at": NOON.astimezone(dt.timezone(dt.timedelta(hours=8)))},
            {"crop": CANARY.encode()},
        ],
    )
    def test_a_cell_that_is_not_as_its_column_says_is_refused(self, book: Store, cells: dict[str, Any]) -> None:
        """Law 4: nothing is turned into something else in silence."""
        book.commit([change("m9", add=[plot("m9", crop="x", beds=1, slope=0.5, fenced=False, rent=RENTS[0])])])
        with pytest.raises(InvalidValue) as caught:
            book.commit([change(add=[plot(**cells)])])
        assert_says_nothing(caught.value)
        assert book.head().position == 1

    @pytest.mark.parametrize(
        "broken",
        [
            {"add": [FactsRow("shed", ("m1", ""))]},
            {"add": [FactsRow("tool", ("m1", ""))]},
            {"add": [FactsRow("tool", ())]},
            {"add": [FactsRow("tool", ("m1", None, "a", 1))]},
            {"add": [plot("m2")]},
            {"add": [plot(), plot(beds=2)]},
            {"close": [ref("m2")]},
            {"close": [ref(table="shed")]},
            {"matter": ""},
            {"kind": ""},
            {"body": 5},
            {"body": CANARY.encode()},
            {"private": {"p": 5}},
            {"private": {"p": None}},
            {"keys": [Key("no", 5)]},  # type: ignore[arg-type]
            {"expected": -1},
            {"expected": "0", "version": 1},
        ],
    )
    def test_a_change_that_says_nothing_sensible_is_refused(self, book: Store, broken: dict[str, Any]) -> None:
        """Law 4: no such table, rows of another matter, one row twice, no text where text belongs."""
        with pytest.raises(InvalidValue) as caught:
            book.commit([change(**broken)])
        assert_says_nothing(caught.value)
        assert book.head().position == 0

    def test_a_change_adds_rows_of_its_own_matter_only(self, book: Store) -> None:
        """Law 4: facts that one matter writes of another would be in nobody's journal."""
        book.commit([change("m2", add=[plot("m2", beds=1)])])
        with pytest.raises(InvalidValue):
            book.commit([change("m1", add=[plot("m2", "x")])])
        assert rows_of(book, columns=["matter_id", "beds"]) == [("m2", 1)]

    def test_a_change_closes_rows_of_its_own_matter_only(self, book: Store) -> None:
        """Law 4: so that the rows of a matter change with its version, and never behind its back."""
        book.commit([change("m2", add=[plot("m2", beds=1)])])
        with pytest.raises(InvalidValue):
            book.commit([change("m1", close=[ref("m2")])])
        assert rows_of(book, columns=["matter_id", "beds"]) == [("m2", 1)]
