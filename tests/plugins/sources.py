"""Sources of invented plugins."""

from __future__ import annotations

from typing import Final

HEAD: Final = "from community_mediation.hookspecs import hookimpl\n"

GOOD: Final = (
    HEAD
    + """
from community_mediation.ports import Channel, Label, Objection, Receipt, Weight
from community_mediation.regions import Region
from tests.casebook.hazard import HAZARD

HOOK_API = 1


class Drum:
    name = "drum"

    def send(self, notice):
        return Receipt(dedupe_key=notice.dedupe_key)


@hookimpl
def mediation_matters():
    return [HAZARD]


@hookimpl
def mediation_channels():
    return (Drum(),)


@hookimpl
def mediation_regions():
    return [Region(name="invented-valley", title=Label("Invented valley"))]


@hookimpl
def mediation_check(event):
    if event.by == "nobody":
        yield Objection(code="good.nobody", weight=Weight.BLOCK, reason="nobody may record anything")
"""
)


def bringing(hook: str, body: str, before: str = "") -> str:
    """A plugin with one hook."""
    return f"{HEAD}{before}\n@hookimpl\ndef {hook}():\n    {body}\n"


CHANNEL: Final = """
class Channel:
    def __init__(self, name):
        self.name = name

    def send(self, notice):
        raise NotImplementedError
"""

METRIC: Final = "from community_mediation.metrics import Count, Label, catalogue\n"
