"""How the tests of this room call the command, and the book that they call it on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner, Result

from community_mediation.cli import main

REGISTER = """case_no,centre,reported_at,accepted_at,concluded_at,status,dispute_type,conclusion,agreement_form,title,\
applicants,respondents,mediators,own.note
2022-1,studio,2022-05-01,2022-05-02,2022-05-04,closed,neighbour,settled,oral,漏水的鹦鹉,叶某鹦鹉|person|female,钱某,郗某鹦鹉,旧账鹦鹉
2022-2,studio,2022-05-03,2022-05-03,2022-05-20,concluded,family,not_settled,,赡养,冉某,冉某,佟某,
2022-3,studio,2022-06-01,,,open,neighbour,,,停车,苗某,,郗某鹦鹉,
2022-4,other,2022-06-02,,2022-06-02,concluded,neighbour,settled,written,,,,,
2022-5,other,2022-07-09,,,open,family,,,,,,,
"""
SECRET = "鹦鹉"


def run(*arguments: object, **options: Any) -> Result:
    """Call the command in this process."""
    return CliRunner().invoke(main, [str(each) for each in arguments], **options)


def ok(*arguments: object, **options: Any) -> Result:
    """The same, and it must end well."""
    result = run(*arguments, **options)
    assert result.exit_code == 0, (result.output, result.exception)
    return result


def as_json(*arguments: object) -> Any:
    """What it prints with --json: valid JSON, and nothing else on stdout."""
    return json.loads(ok(*arguments, "--json").stdout)


def process(*arguments: object, code: str | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
    """Call the command as a program of its own; *code* runs before it."""
    how = (
        ["-m", "community_mediation"]
        if code is None
        else ["-c", f"{code}\nfrom community_mediation.cli import main\nmain()"]
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **options.pop("env", {})}
    return subprocess.run(
        [sys.executable, *how, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        encoding="utf-8",
        **options,
    )


def commands(
    command: click.Command = main, name: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """All commands that do something, by their names."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for each in command.list_commands(context):
            found = command.get_command(context, each)
            assert found is not None
            yield from commands(found, (*name, each))
    else:
        yield name, command


def url(path: Path) -> str:
    """The URL of a book in a file."""
    return f"sqlite:///{path}"


def tree(folder: Path) -> dict[str, bytes]:
    """All files under a folder, with their bytes; what SQLite keeps beside a file while it is open is left out."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }
