"""What the rooms below the metrics need to know of a metric: enough to list it and to refuse two of one name."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from community_mediation.ports.labels import Label


@runtime_checkable
class MetricDefinition(Protocol):
    """A metric; in practice one of the classes of ``community_mediation.metrics``."""

    @property
    def name(self) -> str:
        """Its name in code and on the command line, unique."""
        ...

    @property
    def label(self) -> Label:
        """Its name for people."""
        ...

    @property
    def grain(self) -> str:
        """The facts table whose rows it counts."""
        ...

    @property
    def source(self) -> str:
        """Who defines it so."""
        ...

    @property
    def version(self) -> int:
        """Raised when the definition changes."""
        ...
