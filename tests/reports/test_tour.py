"""The papers of the demonstration."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from community_mediation import samples
from community_mediation.casebook import Casebook, open_casebook
from community_mediation.registers import import_register
from community_mediation.reports import TourFiles, write_tour

UNKNOWN = (
    "case_no,reported_at,concluded_at,status,dispute_type,recorded_at\n"
    "1,2022-05-01 00:10,2022-05-01 00:40,concluded,noise,2022-05-01 02:00\n"
    "2,2022-05-01 00:20,,open,noise,2022-05-01 02:00\n"
    "3,2022-05-01 00:30,2022-05-01 01:40,concluded,noise,2022-05-01 02:00\n"
)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Casebook, Casebook]]:
    """A few complaints without an outcome, and the studio."""
    file = tmp_path_factory.mktemp("complaints") / "complaints.csv"
    file.write_text(UNKNOWN)
    with open_casebook("memory:") as complaints, open_casebook("memory:") as studio:
        import_register(complaints, file, centre="line", zone="America/New_York")
        import_register(studio, samples.path("studio_register.csv"), centre="studio", zone="Asia/Shanghai")
        yield complaints, studio


@pytest.fixture(scope="module")
def made(books: tuple[Casebook, Casebook], tmp_path_factory: pytest.TempPathFactory) -> TourFiles:
    """One tour, into a folder that was not there."""
    return write_tour(*books, tmp_path_factory.mktemp("tour") / "out")


def test_the_tour_makes_a_workbook_a_page_and_charts(made: TourFiles) -> None:
    assert [path.name for path in made] == ["outcome.xlsx", "outcome.html", "chart-agreement.svg", "chart-time.svg"]
    assert all(path.stat().st_size for path in made) and made.notes == ()


def test_the_workbook_has_a_sheet_for_each_book(made: TourFiles) -> None:
    assert openpyxl.load_workbook(made.xlsx).sheetnames == ["Studio (invented)", "Complaints (not mediated)"]


def test_the_tour_speaks_chinese(books: tuple[Casebook, Casebook], tmp_path: Path) -> None:
    found = write_tour(*books, tmp_path, lang="zh")
    assert openpyxl.load_workbook(found.xlsx).sheetnames == ["工作室（虚构）", "投诉（未经调解）"]
    assert "投诉多久办结" in found.charts[1].read_text("utf-8")


def test_a_second_tour_writes_the_same_bytes_over_the_first(books: tuple[Casebook, Casebook], made: TourFiles) -> None:
    first = [path.read_bytes() for path in made]
    assert [path.read_bytes() for path in write_tour(*books, made.html.parent)] == first


def test_the_page_holds_both_charts(made: TourFiles) -> None:
    assert made.html.read_text("utf-8").count("<figure") == 2


def test_complaints_are_never_told_as_agreements(made: TourFiles) -> None:
    page = made.html.read_text("utf-8")
    assert page[page.index('id="s2"') :].count(">unknown: 3<") == 2


def test_without_the_charts_extra_the_papers_are_made_and_the_lack_is_told(
    books: tuple[Casebook, Casebook], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    made = write_tour(*books, tmp_path)
    assert made.charts == () and "community-mediation[charts]" in made.notes[0]
    assert made.xlsx.exists() and "<figure" not in made.html.read_text("utf-8")
