"""The same scenario gives the same bytes, in every process, on every machine and in every Python."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable

import pytest

import community_mediation as cm
from community_mediation import simulate
from community_mediation.casebook.folding import Folder
from community_mediation.domain.matter import Matter
from community_mediation.plugins import Plugins
from tests.simulate.scenes import SHARES

SCENARIO = simulate.Scenario.centre(seed=20220501, cases=40, centres=2, **SHARES)
GOLDEN = "7d101f66e1fe9026d123b09dadeb9a1727903923ada05fe611b2805b6eb20652"
"""What this scenario has given since it is in the project. Another digest means other cases for everybody's seeds."""
PROGRAM = "from tests.simulate.test_same_bytes import *; print(digest(simulate.matters(SCENARIO)))"


def digest(matters: Iterable[Matter]) -> str:
    """Of all that is new in each of them: the wire form of its events, with a fixed salt."""
    codec = Folder(Plugins().kinds()).codec
    sum_of_all = hashlib.sha256()
    for matter in matters:
        encoded = codec.encode(matter.id, matter.pending, salt=lambda: "00" * 16)
        for text in (matter.id, encoded.body, *(f"{name}={encoded.private[name]}" for name in sorted(encoded.private))):
            sum_of_all.update(text.encode())
    return sum_of_all.hexdigest()


def by_a_program(code: str, hash_seed: str) -> str:
    """What a fresh interpreter prints that orders its sets and texts by another seed."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": hash_seed, "TZ": "Pacific/Apia"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_scenario_gives_what_it_has_always_given() -> None:
    assert digest(simulate.matters(SCENARIO)) == GOLDEN


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_another_process_gives_the_same(hash_seed: str) -> None:
    """With another order of sets, and in another zone."""
    assert by_a_program(PROGRAM, hash_seed) == GOLDEN


def test_cases_that_hang_on_the_order_of_a_set_are_caught() -> None:
    """The control: stories are drawn from a set."""
    planted = f"""
from community_mediation.simulate import report
inner = report.theme
def theme(name):
    import attrs
    about = inner(name)
    return attrs.evolve(about, zh=attrs.evolve(about.zh, stories=tuple(set(about.zh.stories))))
report.theme = theme
{PROGRAM}"""
    assert len({by_a_program(planted, seed) for seed in ("0", "4711")}) > 1


def test_taking_it_twice_or_in_turns_gives_the_same() -> None:
    """No case hangs on who else is drawing."""
    one, other = simulate.cases(SCENARIO), simulate.cases(SCENARIO)
    pairs = list(zip(one, other, strict=True))
    assert [a for a, b in pairs if a != b] == []
    assert digest(a for a, _ in pairs) == digest(simulate.cases(SCENARIO))


def test_another_seed_gives_other_cases() -> None:
    other = list(simulate.cases(simulate.Scenario.centre(seed=1, cases=40, **SHARES)))
    assert {case.id for case in other}.isdisjoint(case.id for case in simulate.cases(SCENARIO))
    assert len({case.dispute.brief for case in other}) > 20


def test_cases_are_the_same_whether_they_are_told_whole_or_step_by_step() -> None:
    steps = {matter.id: matter for matter in simulate.matters(SCENARIO)}
    assert [case.saved() for case in simulate.cases(SCENARIO)] == [
        steps[case.id].saved() for case in simulate.cases(SCENARIO)
    ]


def test_ids_rise_in_the_order_in_which_cases_are_recorded() -> None:
    ids = [case.id for case in simulate.cases(SCENARIO)]
    assert ids == sorted(ids)
    first = [each.id for each in simulate.matters(SCENARIO) if isinstance(each, cm.Case) and not each.history]
    assert sorted(first) == ids
