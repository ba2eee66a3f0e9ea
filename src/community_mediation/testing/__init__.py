"""The conformance kit: what every store, channel, report format and region keeps, as tests to inherit.

    from community_mediation.testing import StoreConformance

    class TestMyStore(StoreConformance):
        @pytest.fixture
        def open_store(self, tmp_path):
            return lambda clock: MyStore.open(tmp_path / "book", clock=clock)

The classes are plain: pytest would pass over abstract ones in silence. A fixture that is not given
fails each test that asks for it. It needs the extra ``testing`` (pytest and Hypothesis).
"""

import pytest

# Before the modules are imported: a law that fails is to show the values.
pytest.register_assert_rewrite(
    *(f"{__name__}.{name}" for name in ("stores", "channels", "reports", "documents", "regions", "metrics", "books"))
)

from community_mediation.testing import strategies  # noqa: E402
from community_mediation.testing.channels import Arrived, ChannelConformance  # noqa: E402
from community_mediation.testing.documents import DocumentKindConformance  # noqa: E402
from community_mediation.testing.metrics import MetricConformance  # noqa: E402
from community_mediation.testing.regions import RegionConformance  # noqa: E402
from community_mediation.testing.reports import ReportFormatConformance  # noqa: E402
from community_mediation.testing.stores import Opener, StoreConformance  # noqa: E402

__all__ = [
    "Arrived",
    "ChannelConformance",
    "DocumentKindConformance",
    "MetricConformance",
    "Opener",
    "RegionConformance",
    "ReportFormatConformance",
    "StoreConformance",
    "strategies",
]
