"""Every metric that is shipped says what its definition says of single rows, whatever the facts are."""

from __future__ import annotations

import datetime as dt
from array import array
from collections import Counter
from typing import Any, Final

import attrs
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from community_mediation.domain.values import Period
from community_mediation.metrics import Duration, catalogue, table
from community_mediation.metrics import _aggregates as aggregates
from community_mediation.metrics import _durations as duration_figures
from community_mediation.metrics import _partition as partition
from community_mediation.metrics import _risk_table as risk
from community_mediation.metrics._conditions import All, Not
from community_mediation.metrics._durations import KNOWN_BY_THEIR_END
from community_mediation.metrics._measures import Ratio, Within
from tests.metrics import naive, naive_times
from tests.metrics.frames import FEW
from tests.metrics.worlds import WORLDS, World, a_world, in_polars

MARCH: Final = Period.parse("2022-03")
PERIODS: Final = st.sampled_from([None, MARCH, Period.parse("2022-03-01..2022-03-11")])
COUNTED: Final = [metric for metric in catalogue().values() if type(metric) in naive.KINDS]
OF_CASES: Final = [metric for metric in COUNTED if metric.grain != "tally"]
TIMES: Final = [metric for metric in catalogue().values() if isinstance(metric, Duration | Within)]
SOME: Final = settings(FEW, max_examples=max(8, FEW.max_examples // 3), phases=(Phase.explicit, Phase.generate))
"""Each example asks an engine for some dozens of metrics; to shrink one, it would be asked hundreds of times."""

DAY_OF: Final = dt.date(2022, 3, 20)
NOON_OF: Final = dt.datetime(2022, 3, 12, 12, tzinfo=dt.UTC)
THROUGH: Final = [None, DAY_OF, NOON_OF, {"east": DAY_OF}, {"east": NOON_OF, None: DAY_OF}]
SINCE: Final = [None, dt.date(2022, 2, 25), NOON_OF - dt.timedelta(days=11), {"east": dt.date(2022, 3, 2)}]
DAY: Final = 86_400_000_000
LEFT_OUT_OF_SHARES: Final = {"not seen for so long", "observed_through not given", KNOWN_BY_THEIR_END}


def problem_of(figure: Any, expected: dict[str, Any]) -> str:
    """The first thing that a figure says otherwise; empty if there is none."""
    found = {name: getattr(figure, name) for name in expected if name != "limits"}
    if "limits" in expected:
        found["limits"] = (None, None) if figure.interval is None else (figure.interval.lower, figure.interval.upper)
    wrong = [name for name in expected if found[name] != expected[name]]
    return f"{wrong[0]}: {found[wrong[0]]}, not {expected[wrong[0]]}" if wrong else ""


def check(world: World, by: tuple[str, ...], period: Period | None, metrics: list[Any]) -> None:
    """Each figure against the naive one, group by group."""
    figures: dict[str, dict[Any, Any]] = {}
    for row in table(in_polars(world), metrics=metrics, by=by, period=period).rows:
        figures.setdefault(row.metric.name, {})[row.group] = row.figure
    for metric in metrics:
        expected = naive.figures(metric, world, by, period)
        assert set(expected) <= set(figures[metric.name])
        for group, figure in figures[metric.name].items():
            wanted = expected.get(group) or naive.KINDS[type(metric)](metric, [], period)
            assert not (problem := problem_of(figure, wanted)), f"{metric.name} of {group}: {problem}"


def check_times(world: World, period: Period | None, through: Any, since: Any, metrics: list[Any] = TIMES) -> None:
    """Each curve and each share by a fixed day against single cases."""
    found = table(in_polars(world), metrics=metrics, period=period, observed_through=through, observed_from=since)
    for metric in metrics:
        figure, share = found[metric.name], isinstance(metric, Within)
        fates = naive_times.fates(metric, world, period, through, since, metric.days if share else None)
        named = Counter(what for what, _, _ in fates if what not in naive_times.NOT_LEFT_OUT)
        assert {name: n for name, n in figure.left_out if name not in LEFT_OUT_OF_SHARES} == named, metric.name
        if share:
            assert (figure.numerator, figure.denominator, figure.not_due) == naive_times.share(metric, fates), (
                metric.name
            )
        else:
            curve = figure.estimate if metric.competing is None else figure.incidence
            assert curve == naive_times.estimate(metric, fates), metric.name
            assert figure.unobserved == sum(what == "unobserved" for what, _, _ in fates), metric.name


@given(WORLDS, PERIODS)
@SOME
def test_every_metric_is_what_single_rows_say(world: World, period: Period | None) -> None:
    """Of every table, for a period and without one."""
    check(world, (), period, COUNTED)


@given(WORLDS, st.sampled_from([("centre",), ("centre", "agreement")]), PERIODS)
@SOME
def test_every_group_is_what_its_own_rows_say_and_the_total_what_all_say(
    world: World, by: tuple[str, ...], period: Period | None
) -> None:
    """One who stands in two groups is one in the total."""
    check(world, by, period, OF_CASES)


@given(WORLDS, st.sampled_from([None, MARCH]), st.sampled_from(THROUGH), st.sampled_from(SINCE))
@SOME
def test_every_time_is_what_single_cases_say(world: World, period: Period | None, through: Any, since: Any) -> None:
    """With ends that compete, cases that came under observation late, and another end of it in each centre."""
    check_times(world, period, through, since)


@given(WORLDS, PERIODS)
@SOME
def test_a_ratio_is_one_figure_by_another_or_says_which_is_missing(world: World, period: Period | None) -> None:
    ratios = [metric for metric in catalogue().values() if isinstance(metric, Ratio)]
    parts = [part for metric in ratios for part in metric.parts]
    found = table(in_polars(world), metrics=[*ratios, *dict.fromkeys(parts)], period=period)
    for metric in ratios:
        top, bottom = (found[part.name] for part in metric.parts)
        whole = not getattr(top, "unnamed", 0) and not getattr(bottom, "unnamed", 0)
        ratio = found[metric.name]
        if whole and top.value is not None and bottom.value:
            assert ratio.value == top.value / bottom.value
        else:
            assert ratio.value is None and ratio.reason


# ------------------------------------------------------------------------------------------------ planted faults


def caught(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, fault: Any, *asks: Any, cases: int = 60, by: Any = ()
) -> None:
    """The planted fault is found in one of four worlds, and nothing is found without it."""
    metrics = [catalogue()[ask] for ask in asks]
    checks = check_times if isinstance(metrics[0], Duration | Within) else None

    def found() -> bool:
        for seed in range(4):
            world = a_world(seed, cases, 240)
            try:
                if checks:
                    check_times(world, None, dt.date(2022, 6, 15), SINCE[seed % 4], metrics)
                else:
                    check(world, by, [None, MARCH][seed % 2], metrics)
            except AssertionError:
                return True
        return False

    assert not found()
    monkeypatch.setattr(module, name, fault)
    assert found()


def test_groups_added_up_to_a_total_of_different_ones_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a person in two centres is two."""
    distinct = aggregates.distinct

    def added(*asked: Any) -> Any:
        found = distinct(*asked)
        return {**found, (): sum(n for group, n in found.items() if group)} if len(found) > 1 else found

    caught(monkeypatch, aggregates, "distinct", added, "people_served", by=("centre",))


def test_clusters_added_up_over_groups_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a case with two sides is two clusters."""
    clusters = aggregates.clusters

    def added(*asked: Any) -> Any:
        found = clusters(*asked)
        of_groups = [sums for group, sums in found.items() if group]
        if not of_groups:
            return found
        names = ("clusters", "n", "y", "nn", "ny", "yy")
        return {**found, (): type(of_groups[0])(**{n: sum(getattr(s, n) for s in of_groups) for n in names})}

    caught(monkeypatch, aggregates, "clusters", added, "left_of_parties", by=("side",))


def test_amounts_of_two_currencies_added_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: money is money."""
    totals = aggregates.totals
    caught(
        monkeypatch,
        aggregates,
        "totals",
        lambda frame, rows, column, unit: {
            group: {"PHP": sum(sums.values())} for group, sums in totals(frame, rows, column, unit).items()
        },
        "amount_agreed",
    )


def test_void_cases_counted_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: nothing is left out by name."""
    monkeypatch.setattr(partition, "_exclusions", lambda *_: ({}, All(())))
    with pytest.raises(AssertionError):
        check(a_world(1, 9, 16), (), None, [catalogue()["participations"]])


def test_undated_rows_counted_in_the_period_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: what may lie in the period does."""

    def sloppy(metric: Any, milestone: str, context: Any, basis_of: Any = partition.basis_of) -> Any:
        basis, undated = basis_of(metric, milestone, context)
        return Not(All((Not(basis), Not(undated)))), All((Not(All(())),))

    caught(monkeypatch, partition, "basis_of", sloppy, "people_involved", "left_of_parties")


def test_answers_without_a_name_taken_for_a_pair_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: two who did not say who they are, are the same."""
    caught(monkeypatch, aggregates, "Empty", lambda name: Not(All(())), "relationship_change", cases=12)


def test_other_ends_taken_for_open_cases_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: who withdrew may still come to an agreement."""
    cases = risk.RiskTable.cases

    def lenient(self: Any, *kinds: str) -> Any:
        return cases(self, *(kind for kind in kinds if kind != "other"), *(["other"] if "open" in kinds else []))

    caught(monkeypatch, risk.RiskTable, "cases", lenient, "days_to_agreement")


def test_late_entry_that_is_forgotten_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: all were watched from their start."""
    cases = risk.RiskTable.cases

    def forgetful(self: Any, *kinds: str) -> Any:
        return cases(self) if kinds == ("came",) else cases(self, *kinds)

    caught(monkeypatch, risk.RiskTable, "cases", forgetful, "days_to_conclusion")


@pytest.mark.parametrize("days", [-1, 1])
def test_a_day_more_or_less_is_caught(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """Planted: the day of report is counted, or the last day is not."""
    share = duration_figures.share_figure

    def shifted(metric: Any, found: risk.RiskTable, method: Any) -> Any:
        return share(metric, attrs.evolve(found, time=array("q", (time + days * DAY for time in found.time))), method)

    caught(
        monkeypatch, duration_figures, "share_figure", shifted, "on_time_30_days_from_accepted_to_first_concluded",
        "repudiation_within_10_days", cases=300,
    )  # fmt: skip
