"""``import community_mediation`` against importing the libraries that it stands on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import Result, Timer, benchmark, interleaved

SOURCE = Path(__file__).parents[1] / "src"
TIMED = "import time; start = time.perf_counter(); {}; print(time.perf_counter() - start)"


def importing(statement: str) -> Timer:
    """A timer of one statement in a fresh interpreter, whose own start is not counted."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    command = [sys.executable, "-c", TIMED.format(statement)]

    def run() -> float:
        return float(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)

    return run


@benchmark("import-time")
def import_time() -> Sequence[Result]:
    """The public face alone, and with what almost every program uses next: a lazy face only puts that off."""
    reference = importing("import attrs, cattrs, pluggy")
    face = importing("import community_mediation")
    used = importing("from community_mediation import Case, open_casebook")
    return [
        interleaved("import-time", face, reference, target=1.5, stretch=1.25, rounds=15),
        interleaved("import-time (in use)", used, reference, target=1.5, stretch=1.25, rounds=15),
    ]
