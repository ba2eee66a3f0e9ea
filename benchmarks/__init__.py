"""Benchmarks: what the library costs, as ratios against a reference that runs beside it.

A shared machine's figures drift by a factor of two; a ratio of two things measured in turns
does not. Each benchmark is a function that prints nothing and returns a `Result`.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import attrs

ROUNDS: Final = 9
"""How often each pair is measured. Never below 7."""

Timer = Callable[[], float]
"""Runs the thing once and says how many seconds it took."""


@attrs.frozen
class Result:
    """Seconds of ours, of the reference, and of the reference again as a control, round by round.

    Attributes:
        name: The benchmark's name.
        target: The ratio that ours must not exceed, or reach if *higher_is_better*.
        stretch: The ratio to hope for.
        ours: Seconds, one per round.
        reference: Seconds, one per round.
        control: The reference once more: how far two equal things seem apart here.
        higher_is_better: The ratio is reference over ours: a share of the reference's speed.
    """

    name: str
    target: float
    stretch: float
    ours: Sequence[float]
    reference: Sequence[float]
    control: Sequence[float]
    higher_is_better: bool = False

    def ratio(self) -> float:
        """The median of the paired ratios."""
        return statistics.median(self._pairs(self.ours))

    def ratio_of_minima(self) -> float:
        """The ratio of the best rounds."""
        ours, reference = min(self.ours), min(self.reference)
        return reference / ours if self.higher_is_better else ours / reference

    def control_ratio(self) -> float:
        """The median of the reference against itself: 1 on a quiet machine."""
        return statistics.median(self._pairs(self.control))

    def met(self) -> bool:
        """Whether the median reaches the target."""
        return self.ratio() >= self.target if self.higher_is_better else self.ratio() <= self.target

    def _pairs(self, side: Sequence[float]) -> list[float]:
        pairs = zip(side, self.reference, strict=True)
        return [b / a if self.higher_is_better else a / b for a, b in pairs]


def interleaved(
    name: str,
    ours: Timer,
    reference: Timer,
    *,
    target: float,
    stretch: float,
    higher_is_better: bool = False,
    rounds: int = ROUNDS,
    control: Timer | None = None,
) -> Result:
    """Measure ours, the reference and the reference again in turns, after one round to warm up.

    *control* is the reference again where it cannot be repeated on the same thing.
    """
    timers = (ours, reference, reference if control is None else control)
    taken: list[list[float]] = [[], [], []]
    for timer in timers:
        timer()
    for round_ in range(rounds):
        # Each takes each place in turn, so that none always profits from its forerunner.
        for place in range(3):
            which = (place + round_) % 3
            taken[which].append(timers[which]())
    first, second, third = taken
    return Result(name, target, stretch, first, second, third, higher_is_better)


Benchmark = Callable[[], Iterable[Result]]
REGISTRY: Final[dict[str, Benchmark]] = {}
"""The benchmarks by name."""
ON_REQUEST: Final[set[str]] = set()
"""Those that run only where they are named, since they take long."""


def benchmark(name: str, *, on_request: bool = False) -> Callable[[Benchmark], Benchmark]:
    """Register a benchmark under the name that the command line takes."""

    def register(function: Benchmark) -> Benchmark:
        REGISTRY[name] = function
        if on_request:
            ON_REQUEST.add(name)
        return function

    return register
