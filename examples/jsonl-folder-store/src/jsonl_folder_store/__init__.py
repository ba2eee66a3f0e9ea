"""A casebook as a folder with a file of JSON Lines, for URLs such as ``jsonl:///cases``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, unquote

from community_mediation import hookimpl
from community_mediation.errors import StoreUnavailable

if TYPE_CHECKING:
    from community_mediation.ports import OpenOptions, Store

HOOK_API = 1


@hookimpl
def mediation_open_store(url: SplitResult, options: OpenOptions) -> Store | None:
    """Open ``jsonl:///relative`` or ``jsonl:////absolute``; ``?mode=ro`` for reading only."""
    if url.scheme != "jsonl":
        return None
    from jsonl_folder_store.store import JsonlFolderStore

    asked = parse_qsl(url.query, keep_blank_values=True)
    path = unquote(url.path)
    if url.netloc or url.fragment or not path.strip("/") or asked not in ([], [("mode", "ro")], [("mode", "rw")]):
        raise StoreUnavailable("A folder's URL has three slashes, jsonl:///cases, and takes ?mode=ro or ?mode=rw.")
    readonly = options.readonly or asked == [("mode", "ro")]
    return JsonlFolderStore.open(path[1:], create=options.create, readonly=readonly, clock=options.clock)
