"""Published counts come out of a simulated book exactly: from the facts, and from the library's own metrics."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

import community_mediation as cm
from community_mediation import samples, simulate
from community_mediation.errors import InvalidValue
from community_mediation.simulate import Ending, Margins, Scenario

FOLDER = Path(__file__).parent / "published"
IN_A_BOOK = ("barangay_2024", "london_2009", "sontaspur")
LARGE = ("lishui_2016_q3", "philippines_2013")


def load(name: str) -> Margins:
    """A published table of this folder."""
    return Margins.load(FOLDER / f"{name}.toml")


def book_of(scenario: Scenario) -> cm.Casebook:
    """A book with the scenario in it."""
    book = cm.open_casebook("memory:")
    simulate.fill(book, scenario)
    return book


def counted(book: cm.Casebook, column: str) -> dict[str | None, int]:
    """How many cases have each value of a column, counted by Polars."""
    import polars as pl

    frame = book.facts("case").to_polars().group_by(column).agg(pl.len())
    return dict(frame.iter_rows())


def missed(book: cm.Casebook, printed: Mapping[str, Any]) -> list[str]:
    """The published counts that the book does not have; read from the file, and not by ``Margins``."""
    endings, kinds = counted(book, "conclusion"), counted(book, "dispute_type")
    found = {
        **{f"ending {name}": endings.get(None if name == "open" else name, 0) for name in printed.get("endings", {})}
    }
    wanted = {f"ending {name}": count for name, count in printed.get("endings", {}).items()}
    for code, value in printed.get("kinds", {}).items():
        wanted[code] = value["cases"] if isinstance(value, dict) else value
        found[code] = kinds.get(code.partition(":")[2], 0)
    wanted["total"], found["total"] = printed["total"], sum(endings.values())
    return [f"{name}: {found[name]} for {count}" for name, count in wanted.items() if found[name] != count]


def printed(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", IN_A_BOOK)
def test_a_fitted_book_has_exactly_the_published_counts(name: str) -> None:
    margins = load(name)
    with book_of(simulate.fit(Scenario.centre(cases=margins.total), margins)) as book:
        assert missed(book, printed(name)) == []


@pytest.mark.parametrize("name", IN_A_BOOK)
def test_a_book_that_is_not_fitted_is_caught(name: str) -> None:
    with book_of(Scenario.centre(cases=load(name).total)) as book:
        assert missed(book, printed(name)) != []


def figure(book: cm.Casebook, metric: str) -> tuple[int, int]:
    """Numerator and denominator of a rate of the library."""
    found: Any = cm.metrics.table(book.facts("case").to_polars(), metrics=metric)[metric]
    return found.numerator, found.denominator


def test_the_metrics_give_the_rates_that_the_barangay_printed() -> None:
    """80 % of all, and 94.73 % of those settled or certified: two honest rates of the same ninety cases."""
    with book_of(simulate.fit(Scenario.centre(cases=90), load("barangay_2024"))) as book:
        assert figure(book, "agreement_of_reported") == (72, 90)
        assert figure(book, "agreement_of_substantively_concluded") == (72, 76)


def test_the_metrics_give_what_the_studio_of_a_police_station_printed() -> None:
    """182 disputes settled, 98.9 %: that is of 184."""
    margins = Margins(source="invented for the sum", endings={Ending.SETTLED: 182, Ending.NOT_SETTLED: 2})
    with book_of(simulate.fit(Scenario.centre(cases=184), margins)) as book:
        assert figure(book, "agreement_of_concluded") == (182, 184)
        assert round(100 * 182 / 184, 1) == 98.9


def table_of(scenario: Scenario) -> tuple[dict[str, int], dict[str, int]]:
    """The sums of its quotas: by kind, by ending."""
    assert scenario.quotas is not None
    kinds = {str(kind.code): sum(row) for kind, row in zip(scenario.kinds, scenario.quotas, strict=True)}
    return kinds, {end.value: sum(row[at] for row in scenario.quotas) for at, end in enumerate(Ending)}


@pytest.mark.parametrize("name", LARGE)
def test_large_tables_are_fitted_to_the_unit(name: str) -> None:
    """By kind and by ending at once."""
    margins = load(name)
    kinds, endings = table_of(simulate.fit(Scenario.country(cases=margins.total), margins))
    assert {code: kinds[code] for code in margins.kinds} == dict(margins.kinds)
    assert {code for code in kinds if kinds[code]} == set(margins.kinds)
    assert {ending.value: endings[ending.value] for ending in margins.endings} == dict(margins.endings)


@pytest.mark.parametrize("name", LARGE)
def test_a_thousandth_of_a_country_has_its_shares(name: str) -> None:
    """Each count is within one case of its share."""
    margins = load(name)
    number = margins.total // 1000 if name.startswith("phil") else margins.total // 50
    with book_of(simulate.fit(Scenario.centre(cases=number), margins)) as book:
        kinds, endings = counted(book, "dispute_type"), counted(book, "conclusion")
    off = {
        code: abs(kinds.get(code.partition(":")[2], 0) - count * number / margins.total)
        for code, count in margins.kinds.items()
    }
    off |= {
        ending.value: abs(
            endings.get(None if ending is Ending.OPEN else ending.value, 0) - count * number / margins.total
        )
        for ending, count in margins.endings.items()
    }
    assert {name: by for name, by in off.items() if by >= 1} == {}


@pytest.mark.long
@pytest.mark.parametrize("name", LARGE[:1])
def test_a_prefecture_has_exactly_the_published_counts(name: str) -> None:
    margins = load(name)
    with book_of(simulate.fit(Scenario.country(cases=margins.total, centres=40), margins)) as book:
        assert missed(book, printed(name)) == []


PERCENT = {
    "marriage": 17.33, "inheritance": 5.5, "support": 7.75, "family": 8.21, "housing": 10.59, "debt": 8.97,
    "contract": 9.86, "neighbour": 14.71, "injury": 7.25, "other": 9.85,
}  # fmt: skip
"""As the yearbook prints them for 2000."""


def test_the_sample_of_the_year_2000_is_fitted_to_the_unit_and_to_the_printed_percentages() -> None:
    margins = Margins.load(samples.path("china_2000.toml"))
    assert sum(margins.kinds.values()) == margins.total == 5_030_619
    kinds, _ = table_of(simulate.fit(Scenario.country(cases=margins.total), margins))
    assert kinds == dict(margins.kinds)
    assert {code: round(100 * count / margins.total, 2) for code, count in kinds.items()} == {
        f"neutral:{code}": percent for code, percent in PERCENT.items()
    }


def test_the_mix_of_an_ordinary_scenario_is_that_of_the_year_2000() -> None:
    margins = Margins.load(samples.path("china_2000.toml"))
    assert {str(kind.code): kind.share for kind in Scenario().kinds} == dict(margins.kinds)


def test_a_table_that_does_not_balance_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"endings that add up to 67, and a total of 56 @ \$.endings"):
        load("andulbaria_2012")


def test_within_the_counts_the_odds_of_each_kind_are_kept() -> None:
    """What settles less often than the rest still does when all settle more often."""
    scenario = Scenario.centre(cases=2000)
    fitted = simulate.fit(scenario, Margins(source="invented", endings={Ending.SETTLED: 1800}, total=2000))
    assert fitted.quotas is not None
    shares = {kind.theme: row[0] / sum(row) for kind, row in zip(fitted.kinds, fitted.quotas, strict=True)}
    hard = ("inheritance", "debt", "contract")
    assert max(shares[name] for name in hard) < min(share for name, share in shares.items() if name not in hard)


def test_a_fitted_scenario_draws_without_putting_back() -> None:
    """In any order of chance: another seed has the same counts, in other cases."""
    margins = load("barangay_2024")
    for seed in (1, 2):
        made = list(simulate.cases(simulate.fit(Scenario.centre(seed=seed, cases=90), margins)))
        assert sum(case.conclusion == "settled" for case in made) == 72


def test_a_kind_that_is_printed_and_unknown_needs_a_theme() -> None:
    margins = Margins(source="invented", kinds={"form:water": 3})
    with pytest.raises(InvalidValue, match=r"has no kind 'form:water'.*Give it a theme"):
        simulate.fit(Scenario.centre(cases=3), margins)
    fitted = simulate.fit(Scenario.centre(cases=3), attrs.evolve(margins, themes={"form:water": "neighbour"}))
    assert {str(case.dispute.type) for case in simulate.cases(fitted)} == {"form:water"}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('source = "x"\nkindz = 1', r"\$.kindz"),
        ("[endings]\nsettled = 1", r"\$.source"),
        ('source = "x"\nkinds = 3', r"\$.kinds"),
        ('source = "x"\n[kinds]\n"neutral:debt" = -1', r"\$.kinds.neutral:debt"),
        ('source = "x"\n[kinds]\n"neutral:debt" = 1.5', r"\$.kinds.neutral:debt"),
        ('source = "x"\n[kinds]\n"neutral:debt" = true', r"\$.kinds.neutral:debt"),
        ('source = "x"\n[kinds]\n"a:b" = { cases = 1 }', r"\$.kinds.a:b"),
        ('source = "x"\n[kinds]\n"a:b" = { cases = 1, theme = "dragons" }', r"\$.theme"),
        ('source = "x"\n[kinds]\n"a:b" = { cases = 1, theme = [] }', r"\$.theme"),
        ('source = "x"\ntotal = 5\n[kinds]\n"neutral:debt" = 4', r"\$.kinds"),
        ('source = "x"\n[endings]\nhappy = 4', r"\$.endings"),
        ('source = "x"\ntotal = "many"', r"\$.total"),
    ],
)
def test_a_file_that_says_something_wrong_is_refused_with_the_place(tmp_path: Path, text: str, path: str) -> None:
    file = tmp_path / "counts.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(InvalidValue, match=rf"@ {path}\."):
        Margins.load(file)


@pytest.mark.parametrize("data", [b"= 3", b"\xff\xfe\x00", b"x = " + b"[" * 5000, b"#" * 70_000, None])
def test_a_file_that_cannot_be_read_is_refused_by_its_name(tmp_path: Path, data: bytes | None) -> None:
    file = tmp_path / "counts.toml"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(cm.errors.UnreadableFile, match=r"^counts.toml: "):
        Margins.load(file)
