"""What is there, who brings it, what is wrong with it; and the settings from which all commands take their defaults."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from community_mediation.plugins import BUILTINS, GROUP, HOOKS
from community_mediation.settings import FILE, VARIABLE
from tests.cli.helpers import REGISTER, as_json, ok, run, url
from tests.plugins.sources import CHANNEL, GOOD, HEAD, METRIC, bringing

Install = Callable[[str, str], Path]
BROKEN = "raise RuntimeError('canary')"
COUNTING = METRIC + (
    "import attrs\n"
    "given = {field.name.lstrip('_'): getattr(catalogue()['reported'], field.name) for field in attrs.fields(Count)}\n"
    "given.update(name='reported_here', label=Label('Reported here', '本地登记'))\n"
)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Puts an invented distribution on the path."""
    place = tmp_path / "site"
    place.mkdir()
    monkeypatch.syspath_prepend(place)

    def install(name: str, source: str) -> Path:
        (place / f"invented_{name}.py").write_text(source, "utf-8")
        info = place / f"invented_{name}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: invented-{name}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = invented_{name}\n")
        return place

    yield install
    for name in [each for each in sys.modules if each.startswith("invented_")]:
        del sys.modules[name]


@pytest.fixture
def settings(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a settings file."""

    def write(text: str) -> Path:
        path = tmp_path / "s.toml"
        path.write_text(text, "utf-8")
        return path

    return write


Write = Callable[[str], Path]


def rows(*arguments: object) -> dict[str, Any]:
    """The rows of a listing by their names."""
    return {row["name"]: row for row in as_json(*arguments)}


# ---------------------------------------------------------------- plugins


def test_plugins_are_listed_with_their_state_and_why(install: Install, settings: Write) -> None:
    install("good", GOOD)
    install("plain", bringing("mediation_channels", "return []"))
    install("broken", BROKEN)
    place = install("hostile", "import pathlib\npathlib.Path(__file__).with_name('was-here').touch()\n")
    found = rows("plugins", "--settings", settings('plugins = ["good", "broken", "absent"]'), "--plugin", "plain")
    # Plugins of the project may be installed beside.
    assert {name: row["state"] for name, row in found.items() if name != "postgres"} == {
        BUILTINS: "built in", "good": "enabled", "plain": "enabled", "broken": "failed", "absent": "failed",
        "hostile": "installed",
    }  # fmt: skip
    assert not (place / "was-here").exists()
    assert set(found[BUILTINS]["hooks"]) == set(HOOKS)
    assert found["good"]["hooks"] == [
        "mediation_channels", "mediation_check", "mediation_matters", "mediation_regions",
    ]  # fmt: skip
    assert found["good"]["distribution"] == "invented-good 1.2"
    assert (found["good"]["hook_api"], found["good"]["declares_hook_api"]) == (1, True)
    assert (found["plain"]["hook_api"], found["plain"]["declares_hook_api"]) == (1, False)
    (problem,) = found["broken"]["problems"]
    assert (problem["code"], problem["severity"]) == ("import-failed", "error")
    assert "Mend or upgrade it" in problem["remedy"]
    assert found["hostile"]["problems"] == []


def test_the_table_of_plugins_says_the_same(install: Install) -> None:
    install("plain", bringing("mediation_channels", "return []"))
    install("broken", BROKEN)
    shown = ok("plugins", "--plugin", "plain", "--plugin", "broken").stdout
    assert "1 (taken)" in shown
    assert "cannot be imported: RuntimeError. Mend or upgrade it" in shown
    assert "canary" not in shown


def test_a_hook_that_fails_only_when_it_is_asked_shows_in_the_list(install: Install) -> None:
    install("late", bringing("mediation_channels", "raise RuntimeError"))
    assert rows("plugins", "--plugin", "late")["late"]["state"] == "failed"


# ---------------------------------------------------------------- what they bring


def test_regions_channels_and_formats_are_listed_with_who_brings_them(install: Install) -> None:
    install("good", GOOD)
    assert rows("regions", "--plugin", "good")["invented-valley"] == {
        "name": "invented-valley", "title": "Invented valley", "by": "good",
    }  # fmt: skip
    assert rows("channels", "--plugin", "good")["drum"]["by"] == "good"
    assert "neutral" in rows("regions")
    assert "invented-valley" not in rows("regions")
    for command in ("regions", "channels", "formats"):
        assert ok(command).stdout.splitlines()[0].split("\t")[0] in ("name", "what")


def test_a_channel_of_the_core_is_listed_where_the_environment_names_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rows("channels") == {}
    monkeypatch.setenv("COMMUNITY_MEDIATION_OUTBOX", str(tmp_path))
    assert [row["by"] for row in rows("channels").values()] == [BUILTINS]


def test_metrics_of_plugins_are_listed_and_counted(install: Install, book: Path) -> None:
    install("counting", bringing("mediation_metrics", "return [Count(**given)]", COUNTING))
    found = rows("metrics", "--list", "--plugin", "counting")
    assert found["reported_here"]["by"] == "counting"
    assert found["reported"]["by"] == BUILTINS
    table = as_json(
        "metrics", "--store", url(book), "--plugin", "counting", "--metric", "reported_here", "--metric", "reported"
    )
    counted = {row["metric"]: row["value"] for row in table["rows"]}
    assert counted["reported_here"] == counted["reported"] > 0


def test_a_metric_that_cannot_be_counted_names_its_plugin(install: Install, book: Path) -> None:
    source = bringing(
        "mediation_metrics",
        "return [Odd()]",
        "from community_mediation.ports import Label\n"
        "class Odd:\n    name, label, grain, source, version = 'odd', Label('Odd'), 'case', 'nobody', 1\n",
    )
    install("odd", source)
    result = run("metrics", "--store", url(book), "--plugin", "odd", "--metric", "odd")
    assert result.exit_code == 1
    assert "Plugin 'odd' brings 'odd' as a Odd, which cannot be counted" in result.stderr


# ---------------------------------------------------------------- lenient and strict


def test_a_plugin_of_the_settings_that_fails_is_told_and_the_command_goes_on(
    install: Install, settings: Write, book: Path
) -> None:
    install("broken", BROKEN)
    install("good", GOOD)
    file = settings(f"store = '{url(book)}'\nplugins = ['broken', 'good']")
    result = ok("cases", "list", "--settings", file)
    assert "2022-1" in result.stdout
    assert "Plugin 'broken' (invented_broken) cannot be imported" in result.stderr
    assert "invented-valley" in ok("regions", "--settings", file).stdout


def test_one_that_is_required_or_named_with_the_command_must_work(
    install: Install, settings: Write, book: Path
) -> None:
    install("broken", BROKEN)
    required = settings("[plugins.broken]\nrequired = true")
    for arguments in (["--settings", required], ["--plugin", "broken"]):
        for command in (["cases", "list", "--store", url(book)], ["regions"], ["schema"]):
            result = run(*command, *arguments)
            assert result.exit_code == 1
            assert "PluginFailed: Plugin 'broken'" in result.stderr


def test_an_event_that_is_objected_to_is_told_once_for_a_whole_register(install: Install, tmp_path: Path) -> None:
    """With how often, and the register is taken all the same."""
    source = (
        HEAD
        + "from community_mediation.ports import Objection, Weight\n@hookimpl\ndef mediation_check(event):\n"
        + "    return [Objection(code='odd.x', weight=Weight.BLOCK, reason='it is Tuesday', remedy='Wait.')]\n"
    )
    install("odd", source.replace("    return [", "    return [] if type(event).__name__ != 'Registered' else ["))
    register = tmp_path / "register.csv"
    register.write_text(REGISTER, "utf-8")
    result = ok("import", register, "--store", url(tmp_path / "b.db"), "--zone", "Asia/Shanghai", "--plugin", "odd")
    assert result.stderr.count("it is Tuesday") == 1
    assert "Warning of odd: it is Tuesday [odd.x]. Wait. (5 times; the first is told)" in result.stderr


def test_a_check_that_fails_stops_an_import_and_names_the_plugin(install: Install, tmp_path: Path) -> None:
    """Nothing is stored that could not be judged."""
    install("odd", HEAD + "@hookimpl\ndef mediation_check(event):\n    raise RuntimeError('canary')\n")
    register = tmp_path / "register.csv"
    register.write_text(REGISTER, "utf-8")
    result = run("import", register, "--store", url(tmp_path / "b.db"), "--zone", "Asia/Shanghai", "--plugin", "odd")
    assert result.exit_code == 1
    assert "Blocked: " in result.stderr and "the check of odd failed (RuntimeError)" in result.stderr
    assert "canary" not in result.output
    assert as_json("cases", "list", "--store", url(tmp_path / "b.db"))["rows"] == []


# ---------------------------------------------------------------- settings


def test_a_book_and_the_defaults_of_a_register_come_from_the_settings(settings: Write, tmp_path: Path) -> None:
    file = settings(f"store = '{url(tmp_path / 'b.db')}'\nzone = 'Asia/Shanghai'\ncentre = 'hill'\nlang = 'zh_CN'")
    register = tmp_path / "register.csv"
    register.write_text("case_no,reported_at,dispute_type\n1,2022-05-01,neighbour\n", "utf-8")
    ok("import", register, "--settings", file)
    (row,) = as_json("cases", "list", "--settings", file)["rows"]
    assert row["centre"] == "hill"
    assert "登记" in ok("metrics", "--settings", file).stdout
    assert "登记" not in ok("metrics", "--settings", file, "--lang", "en").stdout


def test_what_stands_in_the_command_goes_before_the_settings(settings: Write, book: Path, tmp_path: Path) -> None:
    file = settings(f"store = '{url(tmp_path / 'absent.db')}'")
    assert run("cases", "list", "--settings", file).exit_code == 1
    assert "2022-1" in ok("cases", "list", "--settings", file, "--store", url(book)).stdout


def test_settings_are_found_in_the_folder_and_in_the_environment(
    settings: Write, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    result = run("cases", "list")
    assert result.exit_code == 2
    assert "--store" in result.stderr
    (here / FILE).write_text(f"store = '{url(book)}'")
    assert "2022-1" in ok("cases", "list").stdout
    monkeypatch.setenv(VARIABLE, str(settings("store = 'sqlite:///absent.db'")))
    assert run("cases", "list").exit_code == 1


@pytest.mark.parametrize("command", [["cases", "list"], ["metrics", "--list"], ["regions"], ["plugins"], ["schema"]])
def test_settings_that_are_wrong_are_told_by_every_command(settings: Write, command: list[str]) -> None:
    result = run(*command, "--settings", settings("colour = 3"))
    assert result.exit_code == 1
    assert "InvalidSettings: s.toml: an unknown key @ $.colour" in result.stderr
    assert "Traceback" not in result.stderr


# ---------------------------------------------------------------- doctor


def test_the_doctor_finds_what_is_wrong_with_plugins_and_goes_on(install: Install, settings: Write, book: Path) -> None:
    install("broken", BROKEN)
    install("twin", bringing("mediation_channels", "return [Channel('drum')]", CHANNEL))
    install("good", GOOD)
    ok("rebuild-facts", "--store", url(book), "--plugin", "good")
    place = install("hostile", "import pathlib\npathlib.Path(__file__).with_name('was-here').touch()\n")
    file = settings(
        f"store = '{url(book)}'\n[plugins.good]\n[plugins.twin]\n[plugins.broken]\nrequired = true\n[plugins.absent]"
    )
    result = run("doctor", "--settings", file, "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    codes = [each["code"] for each in found]
    assert {"plugin.import-failed", "plugin.shadows", "plugin.not-installed", "verify", "book", "settings"} <= {*codes}
    (failed,) = [each for each in found if each["code"] == "plugin.import-failed"]
    assert failed["remedy"].endswith("It is required: no book opens without it.")
    assert codes.count("plugin.shadows") == 1
    assert any("'hostile' is installed and not enabled" in each["message"] for each in found)
    assert not (place / "was-here").exists()


def test_the_doctor_reads_settings_that_are_wrong_as_a_finding(settings: Write, book: Path) -> None:
    """And looks at the rest all the same."""
    result = run("doctor", "--settings", settings("colour = 3"), "--store", url(book), "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    (wrong,) = [each for each in found if each["severity"] == "error"]
    assert (wrong["code"], "$.colour" in wrong["message"]) == ("settings", True)
    assert "verify" in [each["code"] for each in found]


def test_the_doctor_is_content_where_nothing_is_wrong(install: Install, settings: Write, book: Path) -> None:
    """What is merely odd, or not enabled, is no error."""
    install("good", GOOD)
    install("idle", "")
    ok("rebuild-facts", "--store", url(book), "--plugin", "good")
    file = settings(f"store = '{url(book)}'\nplugins = ['good', 'idle']")
    found = as_json("doctor", "--settings", file)
    # Plugins of the project may be installed beside: that they are not enabled is merely told.
    assert [each["severity"] for each in found if each["code"].startswith("plugin.")] == ["warning"]


def test_health_tells_of_plugins_that_failed(install: Install, settings: Write, book: Path) -> None:
    install("broken", BROKEN)
    result = run("health", "--settings", settings(f"store = '{url(book)}'\nplugins = ['broken']"))
    assert result.exit_code == 1
    assert "plugin.import-failed" in result.stdout
