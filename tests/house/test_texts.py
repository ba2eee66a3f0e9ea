"""The project's texts speak of the project: no paths of one machine, no addresses of registries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

MADE = {".git", ".venv", "_build", "build", "dist", "demo-output", "__pycache__", "node_modules"}
# In pieces, so that this file does not find itself.
PLACES = ["work", "tmp/dev", "root", "home", "Users"]
HOSTS = [r"pypi\.", r"test\.pypi\.", r"files\.pythonhosted\.", r"conda\.", r"mirrors?\.[a-z]+\.[a-z]+/pypi"]
FORBIDDEN = re.compile(
    rf"(?<![\w./:*$~-])/(?:{'|'.join(PLACES)})(?:/|\b(?![\w.-]))"
    rf"|https?://(?:www\.)?(?:{'|'.join(HOSTS)})"
    rf"|--(?:extra-)?{'index'}-url[ =]"
)


def texts(root: Path) -> Iterator[Path]:
    """All text files of the project, whatever made folders lie beside them."""
    for path in sorted(root.iterdir()):
        if path.name in MADE or path.name.endswith((".egg-info", "_cache")) or path.name == ".hypothesis":
            continue
        if path.is_dir():
            yield from texts(path)
        elif not path.name.startswith(".coverage"):
            yield path


def findings(root: Path) -> list[str]:
    """Every line that names a machine's path or a registry."""
    found = []
    for path in texts(root):
        try:
            lines = path.read_text("utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, 1):
            if match := FORBIDDEN.search(line):
                found.append(f"{path.relative_to(root)}:{number}: {match[0]}")
    return found


def test_no_text_names_a_machine_or_a_registry(root: Path) -> None:
    assert findings(root) == []


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("see " + "/wo" + "rk/main/src", True),
        ("'" + "/ro" + "ot'", True),
        ("PYTHON=" + "/tm" + "p/dev/bin/python", True),
        ("-i https://" + "pypi.org/simple", True),
        ("--index" + "-url=somewhere", True),
        ("/workflow and /rooted", False),
        ("https://example.org/work/1", False),
        ("a/root of things", False),
    ],
)
def test_a_planted_line_is_caught_and_a_harmless_one_is_not(tmp_path: Path, line: str, caught: bool) -> None:
    (tmp_path / "notes.md").write_text(f"A line before.\n{line}\n")
    assert bool(findings(tmp_path)) is caught
