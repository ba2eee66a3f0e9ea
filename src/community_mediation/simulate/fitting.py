"""Fitting a scenario to published counts: whole numbers whose sums are exactly those that were printed.

Sources: largest remainders (Hamilton's method) for shares; iterative proportional fitting (Deming and Stephan, Annals
of Mathematical Statistics 11, 1940) for the table; controlled rounding of it by a flow (Bacharach, Management Science
12, 1966; Cox and Ernst, INFOR 20, 1982), which exists for every table with whole margins.
"""

import math
from collections.abc import Sequence
from typing import Final

from community_mediation.errors import InvalidValue

_ROUNDS: Final = 5_000
_NEAR: Final = 1e-9


def apportion(weights: Sequence[float], total: int) -> list[int]:
    """Whole numbers in proportion to *weights* that add up to *total*: the largest remainders are rounded up.

    Of equal remainders the first wins. Whole weights are reckoned exactly, so that weights that add up to *total* come
    back as they are.

    Raises:
        InvalidValue: A weight or the total is below zero, or all weights are zero and the total is not.
    """
    if total < 0 or any(weight < 0 for weight in weights):
        raise InvalidValue("a count or weight below zero", path="$.weights")
    # Whole weights add up exactly; of others `sum` has not given the same in every Python.
    whole = sum(weights) if all(isinstance(weight, int) for weight in weights) else math.fsum(weights)
    if not whole:
        if total:
            raise InvalidValue("nothing to share the cases out by", path="$.weights", remedy="Give a weight above 0.")
        return [0] * len(weights)
    parts = [divmod(weight * total, whole) for weight in weights]
    shares = [int(part) for part, _ in parts]
    last = sorted(range(len(weights)), key=lambda index: (-parts[index][1], index))
    # Floats may be off by one whole; the loop mends what is missing or too much.
    missing, place = total - sum(shares), 0
    while missing:
        index = last[place % len(last)] if missing > 0 else last[-1 - place % len(last)]
        if weights[index] and shares[index] + (1 if missing > 0 else -1) >= 0:
            shares[index] += 1 if missing > 0 else -1
            missing = total - sum(shares)
        place += 1
    return shares


def balanced(seed: Sequence[Sequence[float]], rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    """A table of whole numbers with exactly these sums, as near to the odds of *seed* as its sums allow.

    Where *seed* is zero, the table is.

    Args:
        seed: The odds; rows by columns.
        rows: The sum of each row.
        columns: The sum of each column; both have the same total.

    Raises:
        InvalidValue: The sums differ, or the zeros of the seed leave no way to reach them.
    """
    if sum(rows) != sum(columns):
        raise InvalidValue(f"rows that add up to {sum(rows):,} and columns that add up to {sum(columns):,}")
    table = [list(map(float, row)) for row in seed]
    for _ in range(_ROUNDS):
        for cells, wanted in zip(table, rows, strict=True):
            _scale(cells, wanted)
        off = 0.0
        for place, wanted in enumerate(columns):
            found = math.fsum(row[place] for row in table)
            off = max(off, abs(found - wanted))
            factor = wanted / found if found else 0.0
            for row in table:
                row[place] *= factor
        if off < _NEAR * max(1, sum(rows)):
            break
    return _rounded(table, seed, rows, columns)


def _scale(cells: list[float], wanted: int) -> None:
    found = math.fsum(cells)
    factor = wanted / found if found else 0.0
    for place, cell in enumerate(cells):
        cells[place] = cell * factor


def _rounded(
    table: list[list[float]], seed: Sequence[Sequence[float]], rows: Sequence[int], columns: Sequence[int]
) -> list[list[int]]:
    whole = [[int(cell + _NEAR) for cell in row] for row in table]
    in_rows = [wanted - sum(row) for wanted, row in zip(rows, whole, strict=True)]
    in_columns = [wanted - sum(row[place] for row in whole) for place, wanted in enumerate(columns)]
    _trim(whole, in_rows, in_columns)
    # Cells with the largest fractions first; a path of exchanges finds room where the first choice leaves none.
    order = [
        sorted(
            (place for place in range(len(columns)) if odds[place] > 0),
            key=lambda place, row=row, counts=counts: (counts[place] - row[place], place),  # type: ignore[misc]
        )
        for odds, row, counts in zip(seed, table, whole, strict=True)
    ]
    reached = True
    for number in range(len(rows)):
        while reached and in_rows[number] > 0:
            reached = _give(number, whole, order, in_columns, set())
            in_rows[number] -= 1
    if not reached:
        raise InvalidValue(
            "these sums cannot be reached",
            path="$.margins",
            remedy="Give odds above 0 to the endings that the published counts have.",
        )
    return whole


def _trim(whole: list[list[int]], in_rows: list[int], in_columns: list[int]) -> None:
    # Where zeros of the seed leave little way, the fitting comes near its end but slowly, and sums may be passed.
    for number, cells in enumerate(whole):
        for place in sorted(range(len(cells)), key=lambda place, cells=cells: -cells[place]):  # type: ignore[misc]
            over = min(cells[place], max(-in_rows[number], -in_columns[place], 0))
            cells[place] -= over
            in_rows[number] += over
            in_columns[place] += over


def _give(row: int, whole: list[list[int]], order: list[list[int]], missing: list[int], tried: set[int]) -> bool:
    """Add one to a row, in a column that still misses one, or that another row can leave."""
    for place in order[row]:
        if missing[place] > 0:
            whole[row][place] += 1
            missing[place] -= 1
            return True
    for place in order[row]:
        if place in tried:
            continue
        tried.add(place)
        for other, counts in enumerate(whole):
            if other != row and counts[place] > 0 and _give(other, whole, order, missing, tried):
                counts[place] -= 1
                whole[row][place] += 1
                return True
    return False
