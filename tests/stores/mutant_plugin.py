"""Opens stores with a fault by their URL, for the programs that the kit starts: ``mutant://LosingTail/cases.db``."""

from __future__ import annotations

from urllib.parse import SplitResult

from community_mediation import hookimpl
from community_mediation.ports import OpenOptions, Store
from community_mediation.stores import SqliteStore
from tests.stores.mutants_lasting import LASTING, Writable

HOOK_API = 1
KINDS: list[type[SqliteStore]] = [SqliteStore, *LASTING]
STORES = {kind.__name__: kind for kind in KINDS}


@hookimpl
def mediation_open_store(url: SplitResult, options: OpenOptions) -> Store | None:
    if url.scheme != "mutant":
        return None
    kind = STORES[url.netloc]
    readonly = options.readonly and kind is not Writable
    return kind.open(url.path, create=options.create, readonly=readonly, clock=options.clock)
