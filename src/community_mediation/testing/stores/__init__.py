"""The laws of a store, as tests that any store can inherit."""

from community_mediation.testing.stores.atomic import AtomicLaws
from community_mediation.testing.stores.erasing import ErasingLaws
from community_mediation.testing.stores.errors import ErrorLaws
from community_mediation.testing.stores.finding import FindingLaws
from community_mediation.testing.stores.fixtures import Opener
from community_mediation.testing.stores.kept import KeptLaws
from community_mediation.testing.stores.known import KnownLaws
from community_mediation.testing.stores.lasting import LastingLaws
from community_mediation.testing.stores.log import LogLaws
from community_mediation.testing.stores.rebuilding import RebuildingLaws
from community_mediation.testing.stores.versions import VersionLaws

__all__ = ["Opener", "StoreConformance"]


class StoreConformance(
    AtomicLaws,
    VersionLaws,
    LogLaws,
    KeptLaws,
    KnownLaws,
    RebuildingLaws,
    FindingLaws,
    ErrorLaws,
    ErasingLaws,
    LastingLaws,
):
    """What every store keeps: each test is a claim, and its docstring begins with the number of its law.

    Inherit it in a class ``Test…`` and give the fixture ``open_store``: a function that takes a clock
    and opens the store, empty at first. A store that declares ``Capability.PERSISTENT`` opens the same
    book when the function is called again in one test; a store that does not is skipped there by name.
    """
