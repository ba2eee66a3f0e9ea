"""Facts as they were true at a past moment."""

import datetime as dt
from collections.abc import Iterator, Sequence

from community_mediation.casebook.folding import Folder, matters_of
from community_mediation.facts.schema import Cell, FactsSchema
from community_mediation.ports import Filter, RecordBatch, Store


def holding(
    store: Store,
    schema: FactsSchema,
    filters: Sequence[Filter],
    names: Sequence[str],
    at: dt.datetime,
    known: int,
) -> Iterator[RecordBatch]:
    """The rows of an interval table that held at a moment: ``valid_from <= at < valid_to``."""
    first, last = schema.names.index("valid_from"), schema.names.index("valid_to")
    wanted = [schema.names.index(name) for name in names]
    for batch in store.facts(schema.table, filters, None, known):
        rows = [
            tuple(row[index] for index in wanted)
            for row in batch.rows
            if _begun(row[first], at) and not _ended(row[last], at)
        ]
        yield RecordBatch(tuple(names), rows)


def _begun(valid_from: Cell, at: dt.datetime) -> bool:
    return not isinstance(valid_from, dt.datetime) or valid_from <= at


def _ended(valid_to: Cell, at: dt.datetime) -> bool:
    return isinstance(valid_to, dt.datetime) and valid_to <= at


def folded(
    store: Store, folder: Folder, schema: FactsSchema, names: Sequence[str], at: dt.datetime, known: int
) -> Iterator[RecordBatch]:
    """The rows of any table, folded from what had happened by a moment and was known at a position."""
    wanted = [schema.names.index(name) for name in names]
    for entries in matters_of(store, known):
        kind = folder.kinds.get(entries[0].kind)
        if kind is None or schema not in kind.schemas:
            continue
        then = folder.matter(entries).valid_at(at)
        mine = [row.cells for row in kind.rows(then) if row.table == schema.table] if then is not None else []
        if mine:
            yield RecordBatch(tuple(names), [tuple(cells[index] for index in wanted) for cells in mine])
