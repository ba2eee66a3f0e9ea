"""The public face of the metrics."""

from __future__ import annotations

import subprocess
import sys

from community_mediation import metrics
from community_mediation.facts.tables import CASE_MILESTONES
from community_mediation.metrics import catalogue
from community_mediation.metrics._conditions import MILESTONES
from community_mediation.metrics._grains import GRAINS


def test_every_public_name_is_there_once() -> None:
    assert len(set(metrics.__all__)) == len(metrics.__all__)
    assert all(hasattr(metrics, name) for name in metrics.__all__)


def test_what_is_not_underscored_is_public() -> None:
    modules = {name for name in vars(metrics) if name.startswith("_")}
    # ``printing`` is a module of its own, for rooms that print figures; it is there once somebody imported it.
    assert set(vars(metrics)) - modules - {"printing"} == set(metrics.__all__)


def test_importing_the_room_loads_no_frame_library() -> None:
    heavy = {"narwhals", "polars", "pandas", "numpy", "altair"}
    code = f"import sys, community_mediation.metrics; print(*{heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_path())
    assert done.stdout.split() == []


def _path() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def test_every_metric_says_what_it_is() -> None:
    for name, metric in catalogue().items():
        assert metric.name == name and metric.source and metric.version >= 1
        assert metric.label.en and metric.label.zh and metric.label.text("zh") != metric.label.text("en")


def test_labels_tell_the_metrics_apart() -> None:
    for lang in ("en", "zh"):
        labels = [metric.label.text(lang) for metric in catalogue().values()]
        assert len(set(labels)) == len(labels)


def test_every_metric_reads_columns_that_the_facts_have() -> None:
    for metric in catalogue().values():
        assert metric.columns <= GRAINS[metric.grain].names, metric.name


def test_the_milestones_are_those_of_the_facts() -> None:
    assert set(MILESTONES) == set(CASE_MILESTONES)
