"""Every command explains itself, and its examples are true."""

from __future__ import annotations

import shlex

import click
import pytest

from community_mediation.cli import main
from tests.cli.helpers import commands, ok, process, run

COMMANDS = dict(commands())
NAMES = [" ".join(name) for name in COMMANDS]


def examples(command: click.Command) -> list[list[str]]:
    """The command lines of a command's epilog."""
    _, _, text = (command.epilog or "").partition("Example: ")
    return [shlex.split(line, comments=True) for line in text.splitlines() if line.strip()]


def test_the_commands_are_those_of_the_documentation() -> None:
    assert NAMES == [
        "demo", "import", "export", "cases list", "cases show", "cases history", "cases search", "metrics", "report",
        "document", "verify", "health", "rebuild-facts", "backup", "copy", "erase", "subjects state", "subjects holds",
        "subjects hold", "subjects lift-hold", "subjects restrict", "subjects lift-restriction", "simulate", "schema",
        "plugins", "regions", "formats", "channels", "doctor",
    ]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_command_says_what_it_does_with_an_example(name: str) -> None:
    shown = ok(*name.split(), "--help").stdout
    assert "Example: community-mediation" in shown
    assert COMMANDS[tuple(name.split())].help


@pytest.mark.parametrize("name", NAMES)
def test_every_option_has_a_sentence_of_help_or_its_choices(name: str) -> None:
    command = COMMANDS[tuple(name.split())]
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help or isinstance(parameter.type, click.Choice), parameter.name


@pytest.mark.parametrize("name", NAMES)
def test_the_options_of_the_examples_exist_and_are_enough(name: str) -> None:
    command = COMMANDS[tuple(name.split())]
    lines = examples(command)
    assert lines
    for line in lines:
        words = line[1:]
        if ">" in words:
            words = words[: words.index(">")]
        assert line[0] == "community-mediation" and words[: len(name.split())] == name.split()
        # Parses, and misses nothing that is required: click raises otherwise.
        with command.make_context(name, words[len(name.split()) :]):
            pass


@pytest.mark.parametrize("arguments", [["-h"], ["--help"], ["cases", "--help"]])
def test_help_is_data_on_stdout(arguments: list[str]) -> None:
    result = ok(*arguments)
    assert result.stdout.startswith("Usage: ") and result.stderr == ""


def test_the_first_line_says_what_the_program_is_and_the_last_the_exit_codes() -> None:
    shown = ok("--help").stdout
    assert "Cases, parties, mediators and outcomes" in shown and "2 called wrongly" in shown


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("imprt", "import"), ("metric", "metrics"), ("rebuild-fact", "rebuild-facts"), ("case", "cases")],
)
def test_a_command_that_is_none_is_answered_with_the_nearest(wrong: str, near: str) -> None:
    result = run(wrong)
    assert result.exit_code == 2
    assert f"No such command '{wrong}'. Did you mean '{near}'?" in result.stderr


@pytest.mark.parametrize("wrong", ["xyzzy", "", "--xyzzy", "cases xyzzy"])
def test_a_command_that_is_near_none_is_a_wrong_call(wrong: str) -> None:
    result = run(*(wrong.split() or [""]))
    assert result.exit_code == 2 and "Usage: " in result.stderr and "Traceback" not in result.output


def test_a_wrong_command_of_a_group_is_answered_too() -> None:
    result = run("cases", "lst")
    assert result.exit_code == 2 and "Did you mean 'list'?" in result.stderr


def test_no_command_prints_the_help_and_counts_as_a_wrong_call() -> None:
    result = run()
    assert result.exit_code == 2 and "Usage: " in result.output


def test_the_module_and_the_command_are_one_program() -> None:
    done = process("--help")
    assert done.returncode == 0 and done.stdout.startswith("Usage: community-mediation")


def test_help_loads_neither_frames_nor_plots() -> None:
    """A command line that is slow to start is not used."""
    code = (
        "import sys, atexit\n"
        "heavy = {'polars', 'pandas', 'altair', 'openpyxl'}\n"
        "atexit.register(lambda: print(sorted(heavy & set(sys.modules)), file=sys.stderr))"
    )
    assert process("--help", code=code).stderr.strip() == "[]"


@pytest.mark.parametrize(("blocked", "extra"), [("click", "cli"), ("rich", "cli")])
def test_without_its_packages_the_command_says_which_extra_brings_them(blocked: str, extra: str) -> None:
    done = process("--help", code=f"import sys\nsys.modules[{blocked!r}] = None")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"community-mediation[{extra}]" in done.stderr and "Traceback" not in done.stderr


def test_the_version_is_told() -> None:
    assert main.name == "main"
    result = run("--version")
    assert result.exit_code in (0, 1) and "Traceback" not in result.output
