"""Large registers are read in bounded memory, however many rows there are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

SCRIPT = textwrap.dedent(
    """
    import json, sqlite3, sys
    from community_mediation.casebook import Casebook
    from community_mediation.plugins import Plugins
    from community_mediation.registers import import_register
    from community_mediation.stores import SqliteStore

    folder, rows = sys.argv[1], int(sys.argv[2])

    class Small(sqlite3.Connection):
        # SQLite's own caches have a bound too, and fill up to it: kept small, they do not hide what grows.
        def execute(self, sql, *values):
            return super().execute("PRAGMA cache_size = -1000" if "cache_size" in sql else sql, *values)

    def connect(*place, **how):
        return sqlite3.connect(*place, **how, factory=Small)

    def peak():
        # Of this program alone; what getrusage says includes the program that started it.
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

    def take(count):
        path = f"{folder}/register-{count}.csv"
        with open(path, "w", encoding="utf-8") as file:
            file.write("case_no,reported_at,dispute_type,title,applicants,mediators\\n")
            for number in range(count):
                day = f"2022-{number % 12 + 1:02}-{number % 28 + 1:02} 08:{number % 60:02}"
                file.write(f"{number},{day},kind{number % 18},楼上漏水{number},叶某{number},郗某{number % 40}\\n")
        store = SqliteStore.open(f"{folder}/book-{count}.db", connect=connect)
        with Casebook(store, Plugins().kinds().values()) as book:
            return import_register(book, path, zone="Asia/Shanghai").added

    take(1100)
    print(json.dumps({"added": take(rows), "peak": peak()}))
    """
)


def measured(folder: Path, rows: int) -> dict[str, Any]:
    """Import that many rows in a process of their own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), str(rows)], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["added"] == rows
    return found


def is_bounded(small: dict[str, Any], large: dict[str, Any]) -> bool:
    """Whether more rows need no more memory, but for the noise of an allocator (4 MiB).

    The peaks themselves are compared: what a program held before it began is part of both, and varies by itself.
    """
    return bool(large["peak"] <= small["peak"] + 4096)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak of one program is read from /proc")
def test_four_times_the_rows_need_no_more_memory(tmp_path: Path) -> None:
    small, large = measured(tmp_path, 5_000), measured(tmp_path, 20_000)
    assert is_bounded(small, large), (small, large)


def test_memory_that_grows_with_the_rows_would_be_seen() -> None:
    """A kilobyte kept of each row would be 15 MiB between the two."""
    assert is_bounded({"peak": 68_000}, {"peak": 70_000})
    assert not is_bounded({"peak": 68_000}, {"peak": 68_000 + 15_000})


@pytest.mark.long
def test_two_hundred_thousand_rows_need_no_more_memory(tmp_path: Path) -> None:
    small, large = measured(tmp_path, 20_000), measured(tmp_path, 200_000)
    assert is_bounded(small, large), (small, large)
