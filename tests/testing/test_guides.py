"""The guides for authors of plugins: what a reader copies from a page is a plugin that keeps the laws."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from community_mediation import testing

GUIDES = Path(__file__).parents[2] / "docs" / "how-to"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.M | re.S)
TOML = re.compile(r"^```toml\n(.*?)^```", re.M | re.S)
PAGES = {
    "write-a-store.md": 310,
    "write-a-channel.md": 30,
    "write-a-report-format.md": 11,
    "write-a-region-plugin.md": 13,
    "test-your-plugin.md": 7,
}


def copied(page: str) -> str:
    """The code of a page, one block under the other."""
    return "\n".join(BLOCK.findall((GUIDES / page).read_text("utf-8")))


def installed(page: str, folder: Path) -> str:
    """Install the plugin that a page's ``pyproject.toml`` describes, as an installer does; the name of its module."""
    for text in TOML.findall((GUIDES / page).read_text("utf-8")):
        project = tomllib.loads(text)["project"]
        plugins = project["entry-points"]["community_mediation.plugins"]
        told = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        told.mkdir()
        (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 1\n")
        lines = [f"{name} = {module}" for name, module in plugins.items()]
        (told / "entry_points.txt").write_text("\n".join(["[community_mediation.plugins]", *lines, ""]))
        return str(next(iter(plugins.values())))
    return "test_copied"


def run(code: str, folder: Path, module: str = "test_copied", *choice: str) -> str:
    """What pytest says of a module with that code, or of the test file that begins where the page says so."""
    file = f"{module}.py"
    code, divided, tests = code.partition(f"# tests/test_{module}.py\n")
    (folder / file).write_text(code, "utf-8")
    if divided:
        file = f"tests/test_{module}.py"
        (folder / "tests").mkdir()
        (folder / file).write_text(tests, "utf-8")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", "."]
    done = subprocess.run([*command, file, *choice], cwd=folder, env=env, capture_output=True, text=True)
    return done.stdout + done.stderr


@pytest.mark.parametrize(("page", "least"), PAGES.items(), ids=PAGES)
def test_the_code_of_a_page_passes_the_tests_of_the_page(tmp_path: Path, page: str, least: int) -> None:
    said = run(copied(page), tmp_path, installed(page, tmp_path))
    found = re.search(r"(\d+) passed", said)
    assert found and int(found[1]) >= least, said
    assert " failed" not in said and " error" not in said, said


def test_a_page_whose_code_breaks_a_law_is_caught(tmp_path: Path) -> None:
    """A control: the channel of the page, with a receipt that names no notice."""
    said = run(copied("write-a-channel.md").replace("dedupe_key=notice.dedupe_key)", 'dedupe_key="")'), tmp_path)
    assert "test_a_receipt_names_its_notice" in said
    assert " failed" in said


def test_the_store_of_the_page_is_small() -> None:
    """As the page says: lines of code, without its tests, blank lines and comments."""
    store, tests, _ = copied("write-a-store.md").partition("import pytest\n")
    code = [line for line in store.splitlines() if line.strip() and not line.strip().startswith("#")]
    assert tests
    assert 200 < len(code) < 250


def test_a_store_of_the_page_that_forgets_is_caught(tmp_path: Path) -> None:
    """A control: programs that are killed find a book by its URL, and nothing of what was acknowledged in it."""
    forgetful = copied("write-a-store.md").replace(
        'self._rows("COMMIT")\n            except', "pass\n            except"
    )
    name = installed("write-a-store.md", tmp_path)
    said = run(forgetful, tmp_path, name, "-k", "opening_again or kill_loses")
    assert (
        "FAILED tests/test_small_store.py::TestSmallStore::test_what_was_committed_is_there_after_opening_again" in said
    )
    assert "FAILED tests/test_small_store.py::TestSmallStore::test_a_kill_loses_nothing_that_was_acknowledged" in said


URLS = """
from urllib.parse import urlsplit

from small_store import mediation_open_store

from community_mediation import open_casebook
from community_mediation.errors import StoreReadOnly, StoreUnavailable
from community_mediation.ports import OpenOptions, system_clock


@pytest.mark.parametrize(
    "url",
    ["small:///", "small:e.db", "small://e.db", "small://host/e.db", "small:///e.db?mod=ro", "small:///e.db#a", "small:///%00"],
)
def test_urls_that_name_no_book_are_refused(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreUnavailable):
        open_casebook(url, plugins=["small"])
    assert not list(tmp_path.iterdir())


def test_urls_for_reading_only_are_honoured(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreUnavailable):
        open_casebook("small:///e.db?mode=ro", plugins=["small"])
    open_casebook("small:///e.db", plugins=["small"]).close()
    store = mediation_open_store(urlsplit("small:///e.db?mode=ro"), OpenOptions(clock=system_clock))
    with pytest.raises(StoreReadOnly):
        store.commit([])


def test_urls_that_sqlite_takes_for_memory_are_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    open_casebook("small:///:memory:", plugins=["small"]).close()
    assert (tmp_path / ":memory:").exists()
"""


def test_the_store_of_the_page_opens_what_its_url_says_and_nothing_else(tmp_path: Path) -> None:
    name = installed("write-a-store.md", tmp_path)
    said = run(copied("write-a-store.md") + URLS, tmp_path, name, "-k", "urls")
    assert "9 passed" in said, said


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
