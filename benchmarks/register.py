"""A register in a CSV file into a durable casebook, against writing the very same matters with ``add_all``."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import community_mediation as cm
from benchmarks import Result, benchmark, interleaved
from community_mediation import samples
from community_mediation.domain.matter import Matter
from community_mediation.ports import Key

ROWS = 1_500
CHUNK = 500


def register(path: Path, rows: int = ROWS) -> None:
    """The invented studio's register, row after row with numbers of their own, until there are *rows*."""
    with samples.path("studio_register.csv").open(encoding="utf-8-sig", newline="") as source:
        reader = csv.DictReader(source)
        kept = list(reader)
        names = list(reader.fieldnames or ())
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, names)
        writer.writeheader()
        for number in range(rows):
            row = kept[number % len(kept)]
            writer.writerow({**row, "case_no": f"样例{number:07}", "external_id": f"INVENTED-{number:07}"})


def load(path: Path, url: str) -> None:
    """The whole command: open, read, judge, write durably, close."""
    with cm.open_casebook(url) as book:
        cm.registers.import_register(book, path, zone="Asia/Shanghai")


def caught(path: Path) -> list[tuple[Matter, Sequence[Key]]]:
    """What the import gives the book to write, in order."""
    kept: list[tuple[Matter, Sequence[Key]]] = []
    with cm.open_casebook("memory:") as book:
        write: Callable[[Iterable[tuple[Matter, Sequence[Key]]]], int] = book.add_all

        def keep(pairs: Iterable[tuple[Matter, Sequence[Key]]]) -> int:
            some = list(pairs)
            kept.extend(some)
            return write(some)

        book.add_all = keep  # type: ignore[method-assign, assignment]
        cm.registers.import_register(book, path, zone="Asia/Shanghai")
    return kept


@benchmark("register")
def against_add_all() -> Sequence[Result]:
    """CSV file to durable casebook, as a share of the speed of ``add_all`` alone."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        path = folder / "register.csv"
        register(path)
        matters = caught(path)
        count = 0

        def url() -> str:
            nonlocal count
            count += 1
            return f"sqlite:///{folder / f'{count}.db'}"

        def ours() -> float:
            start = time.perf_counter()
            load(path, url())
            return time.perf_counter() - start

        def reference() -> float:
            start = time.perf_counter()
            with cm.open_casebook(url()) as book:
                for at in range(0, len(matters), CHUNK):
                    book.add_all(matters[at : at + CHUNK])
            return time.perf_counter() - start

        return [
            interleaved(
                f"register ({ROWS:,} rows)", ours, reference, target=0.5, stretch=0.7, higher_is_better=True, rounds=7
            )
        ]
