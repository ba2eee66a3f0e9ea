"""Opening a book by its URL, with the plugins that are named."""

import os
from collections.abc import Iterable

from community_mediation.casebook.book import Casebook
from community_mediation.casebook.judging import OnObjection, log_remark
from community_mediation.errors import InvalidSettings
from community_mediation.plugins import Plugins
from community_mediation.ports import Clock, OpenOptions, system_clock
from community_mediation.settings import Settings, load


def _where(url: str | None, settings: Settings | None) -> str:
    if url is None and settings is not None:
        if settings.store is None:
            raise InvalidSettings(
                'The settings name no store, and no URL was given. Write store = "sqlite:///cases.db" in them.'
            )
        return settings.store
    # What is no text is refused by whoever reads URLs.
    return url  # type: ignore[return-value]


def open_casebook(
    url: str | None = None,
    *,
    plugins: Iterable[str] = (),
    settings: Settings | str | os.PathLike[str] | None = None,
    create: bool = True,
    readonly: bool = False,
    clock: Clock = system_clock,
    on_objection: OnObjection = log_remark,
) -> Casebook:
    """Open the book that *url* names: ``memory:``, ``sqlite:///cases.db``, or whatever a plugin brings.

    A plugin that stands in *plugins* must work. One that stands in the settings and fails is left out, unless it
    is ``required`` there, and ``book.health()`` tells of it.

    Args:
        url: Where the book is; by default where the settings say.
        plugins: The names of the plugins to enable; nothing else that is installed is imported.
        settings: Settings, or the path of a settings file. No file is looked for by itself.
        create: Make the book where there is none.
        readonly: Never write.
        clock: Gives the moment for ``recorded_at``.
        on_objection: Is told each objection that let an event pass, after the commit; by default it is logged.

    Raises:
        StoreUnavailable: The store cannot be opened; ``NotACasebook``, ``StoreTooNew`` and others say why.
        PluginFailed: A plugin that must work cannot be used.
        InvalidSettings: The settings cannot be used, or neither they nor *url* say where the book is.
    """
    known = settings if settings is None or isinstance(settings, Settings) else load(settings)
    named = [plugins] if isinstance(plugins, str) else list(plugins)
    if known is None:
        loaded = Plugins(named)
    else:
        loaded = Plugins([*known.enabled, *named], strict=False, required=[*known.required, *named])
    kinds = loaded.kinds()
    store = loaded.open_store(_where(url, known), OpenOptions(create=create, readonly=readonly, clock=clock))
    try:
        return Casebook(store, kinds.values(), clock=clock, plugins=loaded, on_objection=on_objection)
    except BaseException:
        store.close()
        raise
