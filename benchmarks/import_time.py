"""``import community_mediation`` against importing the libraries that it stands on."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import Result, Timer, benchmark, interleaved

SOURCE = Path(__file__).parents[1] / "src"
TIMED = "import time; start = time.perf_counter(); {}; print(time.perf_counter() - start)"


def importing(statement: str, bytecode: str) -> Timer:
    """A timer of one statement in a fresh interpreter, whose own start is not counted.

    Both sides find their bytecode in the folder *bytecode*, where the round that warms up puts it: what is installed
    has its own, and a tree that is worked on may have none.
    """
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONPYCACHEPREFIX": bytecode}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", TIMED.format(statement)]

    def run() -> float:
        return float(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)

    return run


@benchmark("import-time")
def import_time() -> Iterator[Result]:
    """The public face alone, and with what almost every program uses next: a lazy face only puts that off."""
    with tempfile.TemporaryDirectory() as bytecode:
        reference = importing("import attrs, cattrs, pluggy", bytecode)
        face = importing("import community_mediation", bytecode)
        used = importing("from community_mediation import Case, open_casebook", bytecode)
        yield interleaved("import-time", face, reference, target=1.5, stretch=1.25, rounds=15)
        yield interleaved("import-time (in use)", used, reference, target=1.5, stretch=1.25, rounds=15)
