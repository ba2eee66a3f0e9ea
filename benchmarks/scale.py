"""What a case costs in a book that holds few of them and in one that holds many, in time and in memory.

A book in SQLite is filled with the changes that ``add_many`` commits, and a thousand cases at each size are added by
``add_many`` itself and timed. Seconds of the processor stand beside those of the clock: only they are the same on a
machine that others use too.
"""

from __future__ import annotations

import contextlib
import functools
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs

import community_mediation as cm
from benchmarks import Result, Timer, benchmark, interleaved
from benchmarks._filling import Filler
from benchmarks._timing import each
from benchmarks._workload import CENTRE, case
from community_mediation.casebook.verifying import Verification
from community_mediation.domain.values import ExternalId

FEW, MANY, MILLION = 10_000, 100_000, 1_000_000
SAMPLE = 500
"""Cases that are added at a time where two books are compared."""
ASKED = 100
"""Cases that are read."""
TIMED = 1_000
REMEMBERED = 100
REFERENCE = "样调字[{}]第{:08}号"
MODELS = 1_000
"""So many different cases are made; all others have what one of these has, but for an id and numbers of their own."""


class Stream:
    """Cases without end, how long their making took, and every hundredth's id."""

    def __init__(self) -> None:
        self._models = [case(number) for number in range(MODELS)]
        self._number = 0
        self.clock = self.processor = 0.0
        self.ids: list[str] = []

    def take(self, count: int) -> Iterator[cm.Case]:
        """The next ones."""
        for _ in range(count):
            clock, processor = time.perf_counter(), time.process_time()
            made = self._next()
            self.clock += time.perf_counter() - clock
            self.processor += time.process_time() - processor
            yield made

    def filler(self) -> Filler:
        """What fills a book with the same cases, faster, and under other numbers."""
        return Filler(list(self.take(MODELS)), lambda number: (REFERENCE.format(2024, number), f"1{number:09}"))

    def _next(self) -> cm.Case:
        model = self._models[self._number % MODELS]
        self._number += 1
        own: dict[str, Any] = {
            "reference": REFERENCE.format(2023, self._number),
            "external": ExternalId("old_register", f"{self._number:010}"),
        }
        reported, *others = model.pending
        id = cm.new_id()
        if self._number % REMEMBERED == 0:
            self.ids.append(id)
        return attrs.evolve(model, id=id, pending=(attrs.evolve(reported, **own), *others), **own)


class Memory:
    """The most memory that the process held at once since it was last asked, in MB."""

    def __init__(self) -> None:
        self._peak()

    def peak(self) -> str:
        """As a text, for a line."""
        found = self._peak()
        return "?" if found is None else f"{found:.0f}"

    def _peak(self) -> float | None:
        status, refs = Path("/proc/self/status"), Path("/proc/self/clear_refs")
        with contextlib.suppress(OSError):
            lines = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
            refs.write_text("5")
            return int(lines[0].split()[1]) / 1024
        return None


def megabytes(path: Path) -> float:
    """The size of a book's file and its log."""
    return sum(each.stat().st_size for each in path.parent.glob(f"{path.name}*")) / 1e6


def grow(
    book: cm.Casebook, stored: Callable[[], float], stream: Stream, sizes: Sequence[int], filler: Filler | None = None
) -> None:
    """Add cases until the book has as many as each of *sizes*, and say at each what they cost.

    Args:
        book: The book.
        stored: Gives how many megabytes it takes where it is kept.
        stream: The cases.
        sizes: How many cases the book is to have, rising.
        filler: Adds all but the last thousand of each step.
    """
    memory, held = Memory(), len_of(book)
    for size in sizes:
        filled = ""
        if filler is not None:
            processor = time.process_time()
            filler.fill(book.store, (count := size - held - TIMED))
            filled = f"filled at {(time.process_time() - processor) / count * 1e3:.2f} ms of it, "
            held = size - TIMED
        stream.clock = stream.processor = 0.0
        clock, processor = time.perf_counter(), time.process_time()
        book.add_many(stream.take(size - held))
        clock = time.perf_counter() - clock - stream.clock
        processor = time.process_time() - processor - stream.processor
        count, held = size - held, size
        print(
            f"    {size:>9,} cases  {count / clock:6.0f} a second, or {clock / count * 1e3:.2f} ms each, "
            f"{processor / count * 1e3:.2f} ms of the processor, {filled}"
            f"peak {memory.peak()} MB  stored {stored():,.0f} MB",
            flush=True,
        )


def len_of(book: cm.Casebook) -> int:
    """How many entries the book has; each case here is one."""
    return book.store.head().position


def ask(url: str, ids: Sequence[str], plugins: Sequence[str] = (), *, folded: bool = True) -> None:
    """Open the book anew, ask what is asked of a whole year, and say how long each answer took.

    *folded* says whether the facts are derived from the journal anew and compared: of a million, that takes hours.
    """
    memory = Memory()
    with cm.open_casebook(url, plugins=plugins) as book:
        few = ["centre", "dispute_type", "conclusion", "amount_agreed", "reported_on"]
        questions: dict[str, Callable[[], object]] = {
            "get (a case, of some anywhere)": lambda: [book.get(id) for id in ids],
            "find, the first page of a centre": lambda: book.find("case", where={"centre": CENTRE}),
            "find, the largest amounts": lambda: book.find("case", order_by="-amount_agreed"),
            "find, what is not there": lambda: book.find("case", where={"dispute_type": "none"}),
            "facts of all cases, five columns": lambda: book.facts("case", columns=few).to_polars(),
            "verify, the journal": lambda: whole(book.verify(facts=False)),
        }
        if folded:
            questions["verify, the journal and the facts"] = lambda: whole(book.verify())
        for name, question in questions.items():
            start = time.perf_counter()
            question()
            taken = (time.perf_counter() - start) / (len(ids) if name.startswith("get") else 1)
            shown = f"{taken * 1e3:.2f} ms" if taken < 1 else f"{taken:.1f} s"
            print(f"    {name:<34} {shown:>10}  peak {memory.peak()} MB", flush=True)


def whole(verification: Verification) -> None:
    """Refuse figures of a book that is not whole."""
    if not verification.is_whole:
        raise AssertionError(verification.findings)


def adding(book: cm.Casebook, stream: Stream) -> Timer:
    """A timer of some more cases into a book."""

    def run() -> float:
        made = list(stream.take(SAMPLE))
        start = time.perf_counter()
        book.add_many(made)
        return time.perf_counter() - start

    return run


def measure(name: str, many: int, step: int) -> Iterator[Result]:
    """Let a book grow; then add to it, and read from it, in turns with two that have stayed small."""
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as opened:
        large, small, control = (Path(place, f"{each}.db") for each in ("large", "small", "control"))
        stream = Stream()
        filler = stream.filler()
        print(name, flush=True)
        with cm.open_casebook(f"sqlite:///{large}") as book:
            grow(book, functools.partial(megabytes, large), stream, [FEW], filler)
        few = random.Random(1).sample(filler.ids, min(ASKED, len(filler.ids)))
        for path in (small, control):
            shutil.copyfile(large, path)
        with cm.open_casebook(f"sqlite:///{large}") as book:
            grow(book, functools.partial(megabytes, large), stream, range(FEW + step, many + 1, step), filler)
        everywhere = random.Random(1).sample(filler.ids, len(few))
        books = [opened.enter_context(cm.open_casebook(f"sqlite:///{path}")) for path in (large, small, control)]
        add, add_few, add_again = (adding(book, stream) for book in books)
        get, get_few, get_again = (each(book.get, ids) for book, ids in zip(books, (everywhere, few, few), strict=True))
        yield interleaved(f"{name} (add)", add, add_few, target=1.2, stretch=1.1, control=add_again)
        yield interleaved(f"{name} (get)", get, get_few, target=1.5, stretch=1.2, control=get_again)
        opened.close()
        ask(f"sqlite:///{large}", everywhere, folded=many <= MANY)


@benchmark("scale")
def scale() -> Iterator[Result]:
    """A book of 100,000 cases against one of 10,000."""
    return measure("scale", MANY, 10_000)


@benchmark("scale-million", on_request=True)
def scale_million() -> Iterator[Result]:
    """A book of a million cases against one of 10,000: an hour, and 15 GB in the temporary folder."""
    return measure("scale-million", MILLION, 30_000)
