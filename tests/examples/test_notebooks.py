"""The notebooks are percent scripts, and print what their text says of them."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "examples" / "notebooks"
SAID = {
    "reproduce_a_published_table.py": [
        "182/184 = 98.9 % half-up; published 98.9 %: half-up",
        "180/182 = 98.9 % half-up; published 98.9 %: half-up",
        "PH CY2013 settlement_rate: settled/filed 327,124 / 425,263 76.92 % 76.92 % half-up [4]",
        "PH CY2013 rate 327,124 / (425,263 - 35,898) 84.01 % not printed [5]",
        "PH CY2013 rate (327,124 - 11,579) / 425,263 74.20 % not printed [6]",
        "PH13-unset published 98,139 / 425,263 23.07 % 23.08 % +0.01 truncated [1]",
        "LTIA-all published 72 / 90 80 % 80 % half-up [1]",
        "LTIA-adj published 72 / 76 94.73 % 94.74 % +0.01 truncated [1]",
        "KE FY2022/23 reported settlement rate: total 4,450 / 4,708 95 % 95 % half-up [1]",
        "51.2 % of 4,708 referred: 2,409 to 2,412 settled",
        "4 printed figures checked: 1 balanced, 3 not balanced",
        "criminal/male applicant received 16 + 13 + 1 23 30 +7 does not balance [1]",
        "32 printed figures checked: 24 half-up, 5 balanced, 3 within rounding",
        "2000 report civil_disputes_mediated 5,030,619 502 ×10,000 503 ×10,000 +1 ×10,000 no fit [2]",
    ],
    "a_centres_year.py": [
        (
            "uptake 348 of 369 (94.3 %) x agreement 282 of 348 (81.0 %) = effective reach 282 of 369 (76.4 %); "
            "not decided yet or unknown: 10, counted as no agreement"
        ),
        "as_recorded: begun 309, agreed 243, agreed without 39",
        (
            "Agreement, of cases accepted 2022-Q4 76 87 87.4 % 78.8–92.8 % 12 +12.6 points (+1.1 to +23.6) "
            "+6.9 points (-4.2 to +17.9) [1]"
        ),
        "2022-H2 196 definition changes definition changes",
        "Answers, by parties of concluded cases 782 1,617 48.4 % [2]",
        "still open after 30 days: 12.8 %, 9.6–16.5 % (log(-log), Greenwood, 95 %); 44 still watched",
    ],
    "comparing_centres_fairly.py": [
        "centre-11-11 1 -> 12",
        "centre-11-20 19 -> 2",
        "0 of 20 units outside the 99.8 % limits; 0.0 expected by chance alone (exact)",
        "outside of 95 % by chance: 0.75 a year in 500 years; expected 0.69",
        "years with at least one false alarm: 50%",
        "outside of 99.8 %: centre-12-1",
        "outside of 99.8 %: centre-12-1 centre-13-1",
        "centre-12-1: 83 observed, 119.2 expected: ratio 0.70, 0.59–0.80 (exact, Poisson-binomial, 95 %)",
        "centre-13-1: 188 observed, 193.8 expected: ratio 0.97, 0.88–1.05 (score, Poisson-binomial, 95 %)",
        "It shows persons: not for a public report",
    ],
}


@pytest.mark.parametrize(("name", "lines"), SAID.items(), ids=SAID)
def test_the_notebook_prints_what_its_text_says(
    name: str, lines: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the widths of the columns are."""
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(NOTEBOOKS / name), run_name="__main__")
    printed = {" ".join(line.split()) for line in capsys.readouterr().out.splitlines()}
    assert [line for line in lines if line not in printed] == []


@pytest.mark.parametrize("script", sorted(NOTEBOOKS.glob("*.py")), ids=lambda path: path.name)
def test_the_notebook_is_a_percent_script_that_begins_with_its_title(script: Path) -> None:
    """Jupytext knows it by its head, and a reader by its first cell."""
    head, first, *cells = script.read_text("utf-8").split("# %%")
    assert "format_name: percent" in head
    assert first.startswith(" [markdown]\n# # ") and any(not cell.startswith(" [markdown]") for cell in cells)
