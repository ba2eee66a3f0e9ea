"""The same rows through SQLAlchemy, by its Core and by its ORM."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, orm

from benchmarks._rows import DURABLE, Book

CHILDREN = ("case_party", "case_mediator", "case_session", "case_resolution", "case_term", "case_answer", "case_spell")
"""What belongs to a case, table by table."""


def engine_of(path: Path) -> sa.Engine:
    """An engine on a casebook's file, as durable as a casebook."""
    engine = sa.create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        for pragma in DURABLE:
            connection.execute(pragma)

    return engine


class Mapped:
    """The tables of a book as SQLAlchemy knows them: in Core, and as a class each."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._metadata = sa.MetaData()
        self.tables = {
            name: sa.Table(
                name, self._metadata, *(sa.Column(column, primary_key=column in table.keys) for column in table.columns)
            )
            for name, table in book.tables.items()
        }
        registry = orm.registry(metadata=self._metadata)
        self.classes: Mapping[str, Any] = {name: type(f"Row_{name}", (), {}) for name in self.tables}
        for name, table in self.tables.items():
            registry.map_imperatively(self.classes[name], table, properties=self._related(name))
        self.dicts: Mapping[str, Sequence[Mapping[str, Any]]] = {
            name: [dict(zip(table.columns, row, strict=True)) for row in table.rows]
            for name, table in book.tables.items()
        }

    def _related(self, name: str) -> dict[str, Any]:
        if name != "case_versions":
            return {}
        own = self.tables[name].c.matter_id
        others = {each: f"{each}_versions" for each in CHILDREN if f"{each}_versions" in self.tables}
        return {
            each: orm.relationship(
                self.classes[table],
                primaryjoin=orm.foreign(self.tables[table].c.matter_id) == own,
                viewonly=True,
                uselist=True,
            )
            for each, table in others.items()
        }

    def write_core(self, path: Path) -> float:
        """Write all rows with Core's ``insert``; gives the seconds that it took."""
        engine = engine_of(path)
        with engine.connect() as connection:
            start = time.perf_counter()
            for name, rows in self.dicts.items():
                connection.execute(sa.insert(self.tables[name]), rows)
            connection.commit()
            taken = time.perf_counter() - start
        engine.dispose()
        return taken

    def write_orm(self, path: Path) -> float:
        """Write all rows as objects of a session; gives the seconds that it took, the objects' making included."""
        engine = engine_of(path)
        with orm.Session(engine) as session:
            start = time.perf_counter()
            for name, rows in self.dicts.items():
                made = self.classes[name]
                for row in rows:
                    one = made()
                    for column, value in row.items():
                        setattr(one, column, value)
                    session.add(one)
            session.commit()
            taken = time.perf_counter() - start
        engine.dispose()
        return taken

    def _question(self) -> Callable[[str], Any]:
        """What asks for a case with all that belongs to it."""
        kept = self.classes["case_versions"]
        others = [getattr(kept, each) for each in CHILDREN if f"{each}_versions" in self.tables]
        return lambda id: sa.select(kept).where(kept.matter_id == id).options(*map(orm.selectinload, others))

    def reader(self, path: Path) -> tuple[Callable[[str], object], Callable[[], None]]:
        """What reads a case with all that belongs to it, and what ends the reading."""
        engine, question = engine_of(path), self._question()

        def read(id: str) -> object:
            with orm.Session(engine) as session:
                return session.scalars(question(id)).one()

        return read, engine.dispose

    def updater(self, path: Path) -> tuple[Callable[[str], None], Callable[[], None]]:
        """What reads a case as ``reader`` does, changes what a visit changes and commits; and what ends it."""
        engine, question = engine_of(path), self._question()

        def update(id: str) -> None:
            with orm.Session(engine) as session:
                case = session.scalars(question(id)).one()
                case.compliance = "kept"
                for each in (*case.case_resolution, *case.case_term):
                    each.compliance = "kept"
                session.commit()

        return update, engine.dispose
