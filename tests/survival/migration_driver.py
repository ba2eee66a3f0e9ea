"""Opens old books in programs that it kills. Run as a program: FOLDER SEED; each book in the folder is opened once."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

from community_mediation.stores import SqliteStore


def opening(path: Path, after: float) -> float:
    """Open a book in a program of its own, which is killed *after* so many seconds; how long it took."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b".")
        SqliteStore.open(path).close()
        os._exit(0)
    os.read(reading, 1)
    began = time.perf_counter()
    ended = False
    while not ended and time.perf_counter() < began + after:
        ended = os.waitpid(child, os.WNOHANG) != (0, 0)
    took = time.perf_counter() - began
    if not ended:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    os.close(reading)
    os.close(writing)
    return took


def main() -> None:
    """Let the first book be opened to its end; kill the others at any moment of that time."""
    first, *others = sorted(Path(sys.argv[1]).iterdir())
    chance = random.Random(int(sys.argv[2]))
    whole = opening(first / "book.db", 60.0)
    for place in others:
        opening(place / "book.db", chance.uniform(0, whole * 1.1))


if __name__ == "__main__":
    main()
