"""Law 6: find filters, orders and pages without loss or repetition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from community_mediation.errors import InvalidQuery
from community_mediation.ports import Filter, Op, Sort, Store
from community_mediation.testing.stores.fixtures import StoreFixtures
from community_mediation.testing.stores.gardens import CROPS, NOON, PLOT, RENTS, change, plot, ref, rows_of
from community_mediation.testing.stores.helping import CANARY, all_pages, assert_says_nothing


class FindingLaws(StoreFixtures):
    """Questions and pages."""

    @pytest.fixture
    def garden(self, book: Store) -> Store:
        """Plots with every crop and rent, and some empty cells."""
        crops: list[str | None] = [*CROPS, None]
        rents: list[Decimal | None] = [*RENTS, None]
        changes = []
        for number in range(60):
            name = f"m{number * 37 % 60:02}"
            row = plot(
                name,
                crop=crops[number % 11],
                beds=number % 7 or None,
                rent=rents[number % 12],
                fenced=None if number % 5 == 0 else number % 2 == 0,
                slope=number / 8,
                sown_on=dt.date(2024, 1, 1) + dt.timedelta(days=number % 9),
                watered_at=NOON + dt.timedelta(microseconds=number % 13),
            )
            changes.append(change(name, add=[row]))
        book.commit(changes)
        return book

    @pytest.mark.parametrize(
        ("asked", "meets"),
        [
            (Filter("crop", Op.EQ, "kale"), lambda row: row[2] == "kale"),
            (Filter("crop", Op.EQ, "a\0b"), lambda row: row[2] == "a\0b"),
            (Filter("crop", Op.IN, ("kale", "🌽", "none")), lambda row: row[2] in ("kale", "🌽")),
            (Filter("crop", Op.IN, ()), lambda row: False),
            (Filter("crop", Op.RANGE, ("a", "l")), lambda row: row[2] is not None and "a" <= row[2] < "l"),
            (Filter("crop", Op.RANGE, (None, None)), lambda row: row[2] is not None),
            (Filter("crop", Op.IS_NULL, True), lambda row: row[2] is None),
            (Filter("crop", Op.IS_NULL, False), lambda row: row[2] is not None),
            (Filter("crop", Op.CONTAINS, "k"), lambda row: "k" in (row[2] or "")),
            (Filter("crop", Op.CONTAINS, "_"), lambda row: "_" in (row[2] or "")),
            (Filter("crop", Op.CONTAINS, "%"), lambda row: "%" in (row[2] or "")),
            (Filter("crop", Op.CONTAINS, "\0b"), lambda row: "\0b" in (row[2] or "")),
            (Filter("crop", Op.CONTAINS, "菜"), lambda row: "菜" in (row[2] or "")),
            (Filter("crop", Op.CONTAINS, ""), lambda row: row[2] is not None),
            (Filter("beds", Op.RANGE, (2, 5)), lambda row: row[3] is not None and 2 <= row[3] < 5),
            (Filter("slope", Op.RANGE, (None, 1.5)), lambda row: row[4] < 1.5),
            (Filter("fenced", Op.EQ, True), lambda row: row[5] is True),
            (Filter("rent", Op.EQ, Decimal("1.0")), lambda row: row[6] == 1),
            (Filter("rent", Op.IN, (Decimal("1E3"), Decimal("0"))), lambda row: row[6] in (0, 1000)),
            (Filter("rent", Op.RANGE, (RENTS[6], RENTS[2])), lambda row: row[6] is not None and -12 <= row[6] < 1),
            (Filter("rent", Op.RANGE, (Decimal("9"), None)), lambda row: row[6] is not None and row[6] >= 9),
            (Filter("sown_on", Op.RANGE, (dt.date(2024, 1, 3), None)), lambda row: row[7] >= dt.date(2024, 1, 3)),
            (
                Filter("watered_at", Op.RANGE, (None, (NOON + dt.timedelta(microseconds=4)).astimezone(
                    dt.timezone(dt.timedelta(hours=8))))),
                lambda row: row[8] < NOON + dt.timedelta(microseconds=4),
            ),
        ],
    )  # fmt: skip
    def test_a_filter_finds_what_meets_it(
        self, garden: Store, asked: Filter, meets: Callable[[tuple[Any, ...]], bool]
    ) -> None:
        """Law 6: in ``facts`` and in ``find`` alike."""
        wanted = [row for row in rows_of(garden) if meets(row)]
        assert rows_of(garden, filters=[asked]) == wanted
        assert list(garden.find("plot", [asked], limit=100).rows) == wanted

    def test_several_filters_are_met_together(self, garden: Store) -> None:
        """Law 6: each narrows the others."""
        asked = [Filter("fenced", Op.EQ, True), Filter("beds", Op.RANGE, (2, None))]
        assert rows_of(garden, filters=asked) == [
            row
            for row in rows_of(garden)
            if row[5] is True and row[3] is not None and row[3] >= 2  # type: ignore[operator]
        ]

    @pytest.mark.parametrize("limit", [1, 7, 60, 61])
    @pytest.mark.parametrize("descending", [False, True])
    @pytest.mark.parametrize("column", [None, *PLOT.names])
    def test_pages_give_every_row_once_in_order(
        self, garden: Store, column: str | None, descending: bool, limit: int
    ) -> None:
        """Law 6: empty cells come last either way, equal ones in order of matter and row."""
        sort = None if column is None else Sort(column, descending)
        rows = rows_of(garden)
        if column is not None:
            index = PLOT.names.index(column)
            filled: list[tuple[Any, ...]] = [row for row in rows if row[index] is not None]
            filled.sort(key=lambda row: row[index], reverse=descending)
            rows = filled + [row for row in rows if row[index] is None]
        assert all_pages(garden, sort, limit) == rows

    def test_pages_do_not_move_while_rows_are_added(self, garden: Store) -> None:
        """Law 6: all pages are of the position at which the first was read."""
        wanted = all_pages(garden, Sort("crop"), 60)
        page = garden.find("plot", sort=Sort("crop"), limit=10)
        found = list(page.rows)
        for number in range(6):
            row = found[-1]
            garden.commit(
                [
                    change(f"new{number}", add=[plot(f"new{number}", crop="")]),
                    change(str(row[0]), 1, close=[ref(str(row[0]))], add=[plot(str(row[0]), crop="zz")]),
                ]
            )
            assert page.cursor is not None
            page = garden.find("plot", sort=Sort("crop"), limit=10, cursor=page.cursor)
            found += page.rows
            if page.cursor is None:
                break
        assert found == wanted

    def test_a_cursor_answers_its_own_question_only(self, garden: Store) -> None:
        """Law 6: another table, filter or order, or any other text, is refused."""
        cursor = garden.find("plot", [Filter("beds", Op.EQ, 1)], Sort("crop"), limit=1).cursor
        assert cursor is not None
        garden.find("plot", [Filter("beds", Op.EQ, 1)], Sort("crop"), limit=5, cursor=cursor)
        for asked in (
            {"table": "tool"},
            {"table": "plot"},
            {"table": "plot", "filters": [Filter("beds", Op.EQ, 2)], "sort": Sort("crop")},
            {"table": "plot", "filters": [Filter("beds", Op.EQ, 1)], "sort": Sort("crop", True)},
            {"table": "plot", "filters": [Filter("beds", Op.EQ, 1)], "sort": Sort("beds")},
        ):
            with pytest.raises(InvalidQuery):
                garden.find(**asked, cursor=cursor)

    @pytest.mark.parametrize("cursor", ["", "x", "§", "W10", "bnVsbA", "[" * 5000, "Int9", "a" * 4097, "\ud800"])
    def test_a_text_that_is_no_cursor_is_refused(self, garden: Store, cursor: str) -> None:
        """Law 6: whatever it holds."""
        with pytest.raises(InvalidQuery):
            garden.find("plot", cursor=cursor)

    @pytest.mark.parametrize(
        "asked",
        [
            Filter("crop", Op.EQ, None),
            Filter("crop", Op.EQ, 5),
            Filter("crop", Op.EQ, CANARY + "\ud800"),
            Filter("crop", Op.IN, "kale"),
            Filter("crop", Op.IN, ("kale", None)),
            Filter("crop", Op.IN, tuple(map(str, range(40_000)))),
            Filter("crop", Op.RANGE, ("a",)),
            Filter("crop", Op.RANGE, "ab"),
            Filter("crop", Op.IS_NULL, 1),
            Filter("crop", Op.CONTAINS, ("a",)),
            Filter("beds", Op.CONTAINS, 5),
            Filter("beds", Op.CONTAINS, CANARY),
            Filter("beds", Op.EQ, True),
            Filter("beds", Op.EQ, 2**63),
            Filter("slope", Op.EQ, 1),
            Filter("slope", Op.EQ, float("nan")),
            Filter("rent", Op.EQ, Decimal("sNaN")),
            Filter("rent", Op.RANGE, (Decimal("Infinity"), None)),
            Filter("fenced", Op.EQ, 1),
            Filter("sown_on", Op.EQ, NOON),
            Filter("watered_at", Op.EQ, NOON.replace(tzinfo=None)),
            Filter("watered_at", Op.EQ, dt.date(2024, 1, 1)),
            Filter("crop", "like", CANARY),  # type: ignore[arg-type]
        ],
    )
    def test_a_filter_that_does_not_fit_its_column_is_refused(self, garden: Store, asked: Filter) -> None:
        """Law 6: by ``facts`` and by ``find``, without quoting the value."""
        for ask in (garden.facts, garden.find):
            with pytest.raises(InvalidQuery) as caught:
                ask("plot", [asked])
            assert_says_nothing(caught.value)

    def test_find_refuses_what_is_not_there(self, garden: Store) -> None:
        """Law 6: the error names what there is."""
        with pytest.raises(InvalidQuery, match="plot, tool"):
            garden.find("shed")
        with pytest.raises(InvalidQuery, match="crop, beds"):
            garden.find("plot", sort=Sort("crop; DROP TABLE"))
        for limit in (0, -1, 2**70):
            with pytest.raises(InvalidQuery):
                garden.find("plot", limit=limit)
