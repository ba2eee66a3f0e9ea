"""Cases, parties, mediators and outcomes of community mediation, with plugins for what differs between places.

    import community_mediation as cm

    with cm.open_casebook("sqlite:///cases.db") as book:
        ...

Names are loaded when they are first used, so that importing the package costs little.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from community_mediation import deliveries as deliveries
    from community_mediation import errors as errors
    from community_mediation import metrics as metrics
    from community_mediation import regions as regions
    from community_mediation import registers as registers
    from community_mediation import reports as reports
    from community_mediation import settings as settings
    from community_mediation.casebook import Casebook as Casebook
    from community_mediation.casebook import new_id as new_id
    from community_mediation.casebook import open_casebook as open_casebook
    from community_mediation.domain import events as events
    from community_mediation.domain import items as items
    from community_mediation.domain.attempt import AttemptKind as AttemptKind
    from community_mediation.domain.attempt import Medium as Medium
    from community_mediation.domain.attempt import PanelRole as PanelRole
    from community_mediation.domain.attempt import SessionFormat as SessionFormat
    from community_mediation.domain.case import Case as Case
    from community_mediation.domain.centre import CentreDetails as CentreDetails
    from community_mediation.domain.dispute import Difficulty as Difficulty
    from community_mediation.domain.dispute import Dispute as Dispute
    from community_mediation.domain.dispute import Intake as Intake
    from community_mediation.domain.dispute import Issue as Issue
    from community_mediation.domain.dispute import Nature as Nature
    from community_mediation.domain.dispute import OwnValue as OwnValue
    from community_mediation.domain.dispute import ReferralKind as ReferralKind
    from community_mediation.domain.dispute import Source as Source
    from community_mediation.domain.follow_up import FollowUp as FollowUp
    from community_mediation.domain.follow_up import Satisfaction as Satisfaction
    from community_mediation.domain.people import MediatorDetails as MediatorDetails
    from community_mediation.domain.people import Party as Party
    from community_mediation.domain.people import PartyKind as PartyKind
    from community_mediation.domain.people import PersonDetails as PersonDetails
    from community_mediation.domain.people import Role as Role
    from community_mediation.domain.people import Sex as Sex
    from community_mediation.domain.record import Centre as Centre
    from community_mediation.domain.record import Mediator as Mediator
    from community_mediation.domain.record import Person as Person
    from community_mediation.domain.record import Tally as Tally
    from community_mediation.domain.resolution import AgreementForm as AgreementForm
    from community_mediation.domain.resolution import Compliance as Compliance
    from community_mediation.domain.resolution import Conclusion as Conclusion
    from community_mediation.domain.resolution import Resolution as Resolution
    from community_mediation.domain.resolution import ResolutionKind as ResolutionKind
    from community_mediation.domain.risk import Risk as Risk
    from community_mediation.domain.snapshot import Snapshot as Snapshot
    from community_mediation.domain.stages import FileStage as FileStage
    from community_mediation.domain.stages import Process as Process
    from community_mediation.domain.tally import TallyDetails as TallyDetails
    from community_mediation.domain.values import Code as Code
    from community_mediation.domain.values import ExternalId as ExternalId
    from community_mediation.domain.values import Milestone as Milestone
    from community_mediation.domain.values import Money as Money
    from community_mediation.domain.values import Period as Period
    from community_mediation.domain.values import When as When
    from community_mediation.errors import MediationError as MediationError
    from community_mediation.hookspecs import hookimpl as hookimpl
    from community_mediation.ports import Filter as Filter
    from community_mediation.ports import Op as Op

if TYPE_CHECKING:
    __version__: str

_MODULES = ("deliveries", "errors", "metrics", "regions", "registers", "reports", "settings")
_OF_THE_DOMAIN = ("events", "items")
_HOMES = {
    "casebook": ("Casebook", "new_id", "open_casebook"),
    "domain.attempt": ("AttemptKind", "Medium", "PanelRole", "SessionFormat"),
    "domain.case": ("Case",),
    "domain.centre": ("CentreDetails",),
    "domain.dispute": ("Difficulty", "Dispute", "Intake", "Issue", "Nature", "OwnValue", "ReferralKind", "Source"),
    "domain.follow_up": ("FollowUp", "Satisfaction"),
    "domain.people": ("MediatorDetails", "Party", "PartyKind", "PersonDetails", "Role", "Sex"),
    "domain.record": ("Centre", "Mediator", "Person", "Tally"),
    "domain.tally": ("TallyDetails",),
    "domain.resolution": ("AgreementForm", "Compliance", "Conclusion", "Resolution", "ResolutionKind"),
    "domain.risk": ("Risk",),
    "domain.snapshot": ("Snapshot",),
    "domain.stages": ("FileStage", "Process"),
    "domain.values": ("Code", "ExternalId", "Milestone", "Money", "Period", "When"),
    "errors": ("MediationError",),
    "hookspecs": ("hookimpl",),
    "ports": ("Filter", "Op"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = ["__version__", *_OF_THE_DOMAIN, *_MODULES, *_HOME_OF]  # noqa: PLE0604 - names are made of literals above


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    if name == "__version__":
        from importlib.metadata import version

        return version("community-mediation")
    if name in _OF_THE_DOMAIN:
        return importlib.import_module(f"{__name__}.domain.{name}")
    if name in _HOME_OF:
        value = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
