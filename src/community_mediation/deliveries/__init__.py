"""Notices on their way: asked for in the book, handed to channels, tried again until they are taken or refused.

A delivery is a matter of its own, linked to a case and never a part of it. Delivery is at
least once: a notice may come twice, with the same key, and is never lost.
"""

from community_mediation.deliveries.channels import OUTBOX_VARIABLE, FolderChannel, folder_channels
from community_mediation.deliveries.kinds import delivery_kind
from community_mediation.deliveries.outbox import Outbox, Summary, backoff, deliver

__all__ = [
    "OUTBOX_VARIABLE",
    "FolderChannel",
    "Outbox",
    "Summary",
    "backoff",
    "deliver",
    "delivery_kind",
    "folder_channels",
]
