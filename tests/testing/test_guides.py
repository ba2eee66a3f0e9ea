"""The guides for authors of plugins: what a reader copies from a page is a plugin that keeps the laws."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from community_mediation import testing

GUIDES = Path(__file__).parents[2] / "docs" / "how-to"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.M | re.S)
PAGES = {
    "write-a-store.md": 290,
    "write-a-channel.md": 30,
    "write-a-report-format.md": 11,
    "write-a-region-plugin.md": 13,
    "test-your-plugin.md": 7,
}


def copied(page: str) -> str:
    """The code of a page, one block under the other."""
    return "\n".join(BLOCK.findall((GUIDES / page).read_text("utf-8")))


def run(code: str, folder: Path) -> str:
    """What pytest says of a module with that code."""
    (folder / "test_copied.py").write_text(code, "utf-8")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", "."]
    done = subprocess.run([*command, "test_copied.py"], cwd=folder, env=env, capture_output=True, text=True)
    return done.stdout + done.stderr


@pytest.mark.parametrize(("page", "least"), PAGES.items(), ids=PAGES)
def test_the_code_of_a_page_passes_the_tests_of_the_page(tmp_path: Path, page: str, least: int) -> None:
    said = run(copied(page), tmp_path)
    found = re.search(r"(\d+) passed", said)
    assert found and int(found[1]) >= least, said
    assert " failed" not in said and " error" not in said, said


def test_a_page_whose_code_breaks_a_law_is_caught(tmp_path: Path) -> None:
    """A control: the channel of the page, with a receipt that names no notice."""
    said = run(copied("write-a-channel.md").replace("dedupe_key=notice.dedupe_key)", 'dedupe_key="")'), tmp_path)
    assert "test_a_receipt_names_its_notice" in said
    assert " failed" in said


def test_the_guide_names_every_class_of_the_kit_and_what_it_must_be_given() -> None:
    """A fixture that must be given is one that says so when it is not."""
    page = (GUIDES / "test-your-plugin.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+Conformance)` \| (.*?) \|", page, re.M))
    assert set(rows) == {name for name in testing.__all__ if name.endswith("Conformance")}
    for name, given in rows.items():
        source = "".join(
            inspect.getsource(sys.modules[each.__module__]) for each in getattr(testing, name).__mro__[:-1]
        )
        assert set(re.findall(r"`(\w+)`", given)) == set(re.findall(r'missing\(self, "(\w+)"', source))
