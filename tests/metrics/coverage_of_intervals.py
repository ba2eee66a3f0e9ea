"""How often the 95 % intervals hold the truth, measured: ``python -m tests.metrics.coverage_of_intervals``.

Of single shares and differences every count is taken with its probability, so nothing is drawn by chance. Clustered
shares, curves and incidences are simulated with a known truth. ``--size`` multiplies the number of repetitions.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

import numpy as np
from scipy.stats import binom

from community_mediation.metrics import (
    ClusterSums,
    Interval,
    clustered,
    clustered_mean,
    cumulative_incidence,
    difference,
    exact,
    kaplan_meier,
    mantel_haenszel,
    observed_expected,
    standardised,
    wilson,
)

SIZES: Final = (10, 20, 30, 50, 100, 200)
SHARES: Final = tuple(i / 200 for i in range(2, 199))


class Coverage(NamedTuple):
    """How often an interval held the truth: on average, and where it did worst."""

    name: str
    mean: float
    least: float
    where: str

    def __str__(self) -> str:
        return f"{self.name:<58} {100 * self.mean:6.2f} %   least {100 * self.least:6.2f} % ({self.where})"


def summary(name: str, found: Iterable[tuple[str, float]]) -> Coverage:
    """The mean and the least of them."""
    rows = list(found)
    where, least = min(rows, key=lambda row: row[1])
    return Coverage(name, math.fsum(share for _, share in rows) / len(rows), least, where)


def of_shares(name: str, method: Callable[[int, int], Interval], shares: Iterable[float] = SHARES) -> Coverage:
    """By enumeration of the counts, over a grid of sizes and true shares."""
    shares = tuple(shares)
    found = []
    for n in SIZES:
        limits = [method(k, n) for k in range(n + 1)]
        lower, upper = np.array([one.lower for one in limits]), np.array([one.upper for one in limits])
        for p in shares:
            held = (lower <= p) & (p <= upper)
            found.append((f"n {n}, p {p:g}", float(binom.pmf(np.arange(n + 1), n, p)[held].sum())))
    return summary(name, found)


def wald(k: int, n: int) -> Interval:
    """The interval that is taught and fails: the control."""
    half = 1.959963984540054 * math.sqrt(k * (n - k) / n) / n
    return Interval(lower=k / n - half, upper=k / n + half, method="Wald")


def of_differences(sizes: Iterable[tuple[int, int]] = ((10, 10), (20, 40), (50, 30))) -> Coverage:
    """Newcombe's interval, by enumeration of both counts."""
    found = []
    grid = [i / 20 for i in range(1, 20)]
    for n, m in sizes:
        limits = [[difference(k, n, j, m) for j in range(m + 1)] for k in range(n + 1)]
        lower = np.array([[one.lower for one in row] for row in limits])
        upper = np.array([[one.upper for one in row] for row in limits])
        for p in grid:
            for q in grid:
                held = (lower <= p - q) & (p - q <= upper)
                likely = np.outer(binom.pmf(np.arange(n + 1), n, p), binom.pmf(np.arange(m + 1), m, q))
                found.append((f"n {n}, m {m}, p {p:g}, q {q:g}", float(likely[held].sum())))
    return summary("Newcombe difference, enumerated", found)


def draw_clusters(draw: np.random.Generator, clusters: int, share: float, alike: float) -> list[tuple[int, int]]:
    """Cases of one to six parties, alike within a case with that intra-class correlation (beta-binomial)."""
    sizes = draw.integers(1, 7, clusters)
    if alike == 0:
        return [(int(n), int(draw.binomial(n, share))) for n in sizes]
    scale = (1 - alike) / alike
    own = draw.beta(share * scale, (1 - share) * scale, clusters)
    return [(int(n), int(draw.binomial(n, p))) for n, p in zip(sizes, own, strict=True)]


def naive(sums: ClusterSums) -> Interval:
    """Parties taken as if each were a case of its own: the control."""
    return wilson(int(sums.y), int(sums.n))


def by_clusters(method: str = "wilson") -> Callable[[ClusterSums], Interval]:
    """The clustered interval of that method."""

    def found(sums: ClusterSums) -> Interval:
        interval = clustered(sums, method=method).interval
        assert interval is not None
        return interval

    return found


def of_clusters(
    name: str,
    method: Callable[[ClusterSums], Interval],
    *,
    repetitions: int = 300,
    alike: Iterable[float] = (0, 0.1, 0.3, 0.5),
    shares: Iterable[float] = (0.1, 0.3, 0.5, 0.8),
    clusters: Iterable[int] = (10, 30, 60),
) -> Coverage:
    """By simulation, over numbers of cases, true shares and intra-case correlations."""
    draw, found = np.random.default_rng(101), []
    for count in clusters:
        for share in shares:
            for rho in alike:
                held = 0
                for _ in range(repetitions):
                    limits = method(ClusterSums.of(draw_clusters(draw, count, share, rho)))
                    held += limits.lower <= share <= limits.upper
                found.append((f"cases {count}, p {share:g}, correlation {rho:g}", held / repetitions))
    return summary(name, found)


def of_means(*, repetitions: int = 300, clusters: Iterable[int] = (5, 10, 30)) -> tuple[Coverage, Coverage]:
    """Hours of parties, which a case shares; and the control, the hours as if each were alone."""
    draw, found, alone = np.random.default_rng(303), [], []
    for count in clusters:
        for spread in (0.0, 1.0, 3.0):
            held = naive_held = 0
            for _ in range(repetitions):
                sizes = draw.integers(1, 7, count)
                cases = [5 + draw.normal(0, spread) + draw.normal(0, 1, n) for n in sizes]
                sums = ClusterSums.of([(len(hours), float(hours.sum())) for hours in cases])
                whole = clustered_mean(sums)
                assert whole.lower is not None and whole.upper is not None
                held += whole.lower <= 5 <= whole.upper
                each = clustered_mean(ClusterSums.of([(1, float(hour)) for hours in cases for hour in hours]))
                assert each.lower is not None and each.upper is not None
                naive_held += each.lower <= 5 <= each.upper
            where = f"cases {count}, spread between cases {spread:g}"
            found.append((where, held / repetitions))
            alone.append((where, naive_held / repetitions))
    return summary("mean, clustered, simulated", found), summary("  control: mean of parties as if cases", alone)


def of_strata(*, repetitions: int = 300) -> tuple[Coverage, Coverage, Coverage]:
    """A unit whose kinds of case have other shares than the whole: its share, ratio and difference."""
    draw = np.random.default_rng(404)
    whole = {"noise": (600, 1_000), "debt": (300, 1_000), "water": (1_600, 2_000)}
    share = {name: k / n for name, (k, n) in whole.items()}
    found: dict[str, list[tuple[str, float]]] = {"share": [], "ratio": [], "difference": []}
    for sizes in (
        {"noise": 8, "debt": 25, "water": 6},
        {"noise": 60, "debt": 20, "water": 40},
        dict.fromkeys(whole, 90),
    ):
        for shift in (-1.0, 0.0, 0.5):
            odds = {name: p / (1 - p) * math.exp(shift) for name, p in share.items()}
            true = {name: o / (1 + o) for name, o in odds.items()}
            weighted = sum(n * true[name] for name, (_, n) in whole.items()) / 4_000
            ratio = sum(n * true[name] for name, n in sizes.items()) / sum(n * share[name] for name, n in sizes.items())
            held: Counter[str] = Counter()
            for _ in range(repetitions):
                unit = {name: (int(draw.binomial(n, true[name])), n) for name, n in sizes.items()}
                limits = standardised(unit, whole).interval
                held["share"] += limits is not None and limits.lower <= weighted <= limits.upper
                own = observed_expected(unit, whole)
                held["ratio"] += own.lower is not None and own.upper is not None and own.lower <= ratio <= own.upper
                other = {name: (int(draw.binomial(n, true[name] - 0.1)), n) for name, n in sizes.items()}
                apart = mantel_haenszel(unit, other).difference_limits
                held["difference"] += apart is not None and apart[0] <= 0.1 <= apart[1]
            for name in found:
                found[name].append(
                    (f"cases {sum(sizes.values())}, odds times {math.exp(shift):.2f}", held[name] / repetitions)
                )
    return (
        summary("stratified Wilson, simulated", found["share"]),
        summary("observed over expected, simulated", found["ratio"]),
        summary("Mantel-Haenszel difference, Sato, simulated", found["difference"]),
    )


HORIZON: Final = 1_000
_SCALE: Final = 1_000.0


def draw_ends(
    draw: np.random.Generator, cases: int, rates: tuple[float, ...], *, grid: int, late: bool
) -> tuple[dict[str, Counter[int]], Counter[int], Counter[int]]:
    """Cases with constant hazards by cause and of being lost, known to the *grid*, so that times tie.

    With *late* a half comes under observation only after some time, and is unseen if it had ended by then. Ends are
    rounded up and losses down to where they were last seen, entries up: who is at risk is then exactly known.
    """
    ended: dict[str, Counter[int]] = {str(i): Counter() for i in range(len(rates))}
    censored: Counter[int] = Counter()
    entries: Counter[int] = Counter()
    kept = 0
    while kept < cases:
        end = draw.exponential(_SCALE / sum(rates))
        end = math.ceil(end / grid) * grid
        cause = int(draw.choice(len(rates), p=np.array(rates) / sum(rates)))
        entry = math.ceil(draw.uniform(0, _SCALE) / grid) * grid if late and draw.random() < 0.5 else 0
        lost = entry + (math.floor(draw.uniform(0, 3 * _SCALE) / grid) + 1) * grid
        if entry and end <= entry:
            continue
        kept += 1
        if entry:
            entries[entry] += 1
        if end <= lost:
            ended[str(cause)][end] += 1
        else:
            censored[lost] += 1
    return ended, censored, entries


class CurveCoverage(NamedTuple):
    """What is found of simulated curves."""

    median: Coverage
    survival: Coverage
    incidence: Coverage
    alone: Coverage


def of_curves(*, repetitions: int = 300, cases: Iterable[int] = (40, 120), grid: int = 20) -> CurveCoverage:
    """The median and the share at a horizon by Kaplan-Meier, and the incidence there by Aalen-Johansen.

    The control reads one less Kaplan-Meier, with the other ends taken as censored, as the incidence.
    """
    rates = (0.6, 0.4)
    total = sum(rates)
    # On the grid an end in (t - grid, t] is at t, so the curve is that of the hazard at the points of the grid.
    survival = math.exp(-total * HORIZON / _SCALE)
    incidence = rates[0] / total * (1 - survival)
    median = math.ceil(_SCALE * math.log(2) / total / grid) * grid
    draw = np.random.default_rng(202)
    found: dict[str, list[tuple[str, float]]] = {"median": [], "survival": [], "incidence": [], "alone": []}
    for count in cases:
        for late in (False, True):
            held: Counter[str] = Counter()
            for _ in range(repetitions):
                ended, censored, entries = draw_ends(draw, count, rates, grid=grid, late=late)
                whole = kaplan_meier(ended["0"] + ended["1"], censored, entries=entries)
                low, high, open_at = whole.lower, whole.upper, whole.at(HORIZON).interval
                held["median"] += (low is None or low <= median) and (high is None or median <= high)
                held["survival"] += open_at is not None and open_at.lower <= survival <= open_at.upper
                so = cumulative_incidence(ended, censored, entries=entries).at("0", HORIZON).interval
                held["incidence"] += so is not None and so.lower <= incidence <= so.upper
                alone = kaplan_meier(ended["0"], ended["1"] + censored, entries=entries).at(HORIZON).interval
                held["alone"] += alone is not None and alone.lower <= 1 - incidence <= alone.upper
            for name in found:
                found[name].append((f"cases {count}{', late entry' if late else ''}", held[name] / repetitions))
    return CurveCoverage(
        summary("Kaplan-Meier median, Brookmeyer-Crowley, simulated", found["median"]),
        summary("Kaplan-Meier share at a horizon, log(-log), simulated", found["survival"]),
        summary("Aalen-Johansen incidence at a horizon, simulated", found["incidence"]),
        summary("  control: one less Kaplan-Meier of the one end", found["alone"]),
    )


def lines(size: int = 1) -> list[Any]:
    """All of them, as they are printed."""
    middle = [p for p in SHARES if 0.05 <= p <= 0.95]
    return [
        of_shares("Wilson, enumerated", wilson),
        of_shares("Wilson, 5 % to 95 %, enumerated", wilson, middle),
        of_shares("exact (Clopper-Pearson), enumerated", exact),
        of_shares("  control: Wald, enumerated", wald),
        of_differences(),
        of_clusters("Wilson, clustered, simulated", by_clusters(), repetitions=300 * size),
        of_clusters("exact (Korn-Graubard), clustered, simulated", by_clusters("exact"), repetitions=100 * size),
        of_clusters("  control: parties as if cases, simulated", naive, repetitions=300 * size),
        of_clusters(
            "Wilson, clustered, rare (2 %), simulated", by_clusters(), repetitions=300 * size, shares=(0.02, 0.98)
        ),
        *of_means(repetitions=300 * size),
        *of_strata(repetitions=60 * size),
        *of_curves(repetitions=300 * size),
    ]


def main() -> None:
    """Print the coverage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1, help="how many times more repetitions")
    print(f"{'95 % intervals':<58}   mean")  # noqa: T201
    for line in lines(parser.parse_args().size):
        print(line)  # noqa: T201


if __name__ == "__main__":
    main()
