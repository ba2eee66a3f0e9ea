"""The stores that the library brings: one in memory, one in a SQLite file."""

from community_mediation.stores.memory import MemoryStore
from community_mediation.stores.sqlite import SqliteStore

__all__ = ["MemoryStore", "SqliteStore"]
