"""The laws of a store, as tests that any store can inherit.

Required of every store: ``AtomicLaws`` to ``DeclaringLaws``. By what it declares (``Capability``): ``LastingLaws``,
``ProcessLaws``, ``SearchLaws``, ``LeaseLaws``, ``BackupLaws``, ``FileErasingLaws``.
"""

from community_mediation.testing.stores.atomic import AtomicLaws
from community_mediation.testing.stores.backing_up import BackupLaws
from community_mediation.testing.stores.declared import DeclaringLaws
from community_mediation.testing.stores.erasing import ErasingLaws
from community_mediation.testing.stores.erasing_files import FileErasingLaws
from community_mediation.testing.stores.errors import ErrorLaws
from community_mediation.testing.stores.finding import FindingLaws
from community_mediation.testing.stores.fixtures import Address, Opener
from community_mediation.testing.stores.kept import KeptLaws
from community_mediation.testing.stores.keys import KeyLaws
from community_mediation.testing.stores.known import KnownLaws
from community_mediation.testing.stores.lasting import LastingLaws
from community_mediation.testing.stores.leasing import LeaseLaws
from community_mediation.testing.stores.log import LogLaws
from community_mediation.testing.stores.machine import MachineLaws
from community_mediation.testing.stores.processes import ProcessLaws
from community_mediation.testing.stores.rebuilding import RebuildingLaws
from community_mediation.testing.stores.searching import SearchLaws
from community_mediation.testing.stores.versions import VersionLaws

__all__ = ["Address", "Opener", "StoreConformance"]


class StoreConformance(
    AtomicLaws,
    VersionLaws,
    KeyLaws,
    LogLaws,
    KeptLaws,
    KnownLaws,
    RebuildingLaws,
    FindingLaws,
    ErrorLaws,
    ErasingLaws,
    DeclaringLaws,
    MachineLaws,
    LastingLaws,
    ProcessLaws,
    SearchLaws,
    LeaseLaws,
    BackupLaws,
    FileErasingLaws,
):
    """What every store keeps: each test is a claim, and its docstring begins with its law or its capability.

    Inherit it in a class ``Test…`` and give the fixture ``open_store``: a function that takes a clock
    and opens the store, empty at first. A store that declares ``Capability.PERSISTENT`` opens the same
    book when the function is called again in one test. What a store does not declare is skipped there by
    name; what it declares may need a further fixture: ``store_url`` (``PROCESSES``), ``open_copy``
    (``BACKUP``), ``stored_bytes`` (``ERASE``).

    Attributes:
        machine_examples: How many lives of a book are lived beside the one in memory.
        machine_steps: How many steps a life has at most.
        kills: How many programs are killed while they write.
        programs: How many programs write at once.
        updates: How many updates each of them makes.
    """
