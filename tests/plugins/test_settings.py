"""Settings are read strictly: what is misspelt must not be passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from community_mediation import settings
from community_mediation.casebook import open_casebook
from community_mediation.errors import InvalidSettings, StoreUnavailable
from community_mediation.settings import FILE, LARGEST, VARIABLE, PluginSettings, Settings
from tests.plugins.conftest import Install

FULL = """
store = "sqlite:///cases.db"
zone = "Asia/Shanghai"
centre = "studio"
lang = "zh_CN"

[plugins.rules]
required = true

[plugins.messenger]
enabled = true

[plugins.old]
enabled = false
"""


def written(folder: Path, text: str | bytes, name: str = "s.toml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_every_key_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, FULL)
    assert settings.load(path) == Settings(
        store="sqlite:///cases.db",
        zone="Asia/Shanghai",
        centre="studio",
        lang="zh_CN",
        plugins=(
            PluginSettings(name="rules", required=True),
            PluginSettings(name="messenger"),
            PluginSettings(name="old", enabled=False),
        ),
        path=path,
    )


def test_what_is_enabled_and_what_is_required(tmp_path: Path) -> None:
    known = settings.load(written(tmp_path, FULL))
    assert known.enabled == ("rules", "messenger")
    assert known.required == ("rules",)


def test_plugins_may_be_a_list_of_names(tmp_path: Path) -> None:
    known = settings.load(written(tmp_path, 'plugins = ["one", "two"]'))
    assert (known.enabled, known.required) == (("one", "two"), ())


@pytest.mark.parametrize("text", ["", "\ufeff", "# nothing\n"])
def test_nothing_said_is_nothing_set(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    assert settings.load(path) == Settings(path=path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("stor = 'x:'", "an unknown key @ $.stor. Did you mean 'store'?"),
        ("colour = 1", "an unknown key @ $.colour. There are: store, zone, centre, lang, plugins."),
        ("store = 3", "a number stands where a text belongs @ $.store"),
        ("store = 'cases.db'", "no URL @ $.store. Write a URL"),
        ("zone = 'Mars/Olympus'", "the time zone database does not know @ $.zone"),
        ("zone = true", "true or false stands where a text belongs @ $.zone"),
        ("centre = 'two words'", "@ $.centre. Write the id of a centre"),
        ("lang = 'the tongue of angels'", "no language @ $.lang"),
        ("lang = 2024-01-01", "a date or time stands where a text belongs @ $.lang"),
        ("plugins = 'one'", "a text stands where plugins belong @ $.plugins"),
        ("plugins = ['one', 3]", "no name of a plugin @ $.plugins[1]"),
        ("plugins = ['one', 'one']", "stands there twice @ $.plugins[1]"),
        ("plugins = ['']", "no name of a plugin @ $.plugins[0]"),
        ("[plugins]\none = true", "true or false stands where a table belongs @ $.plugins.one"),
        ("[plugins.one]\nenable = true", "an unknown key @ $.plugins.one.enable. Did you mean 'enabled'?"),
        ("[plugins.one.options]\na = 1", "an unknown key @ $.plugins.one.options"),
        ("[plugins.one]\nenabled = 'yes'", "a text stands where true or false belongs @ $.plugins.one.enabled"),
        ("[plugins.one]\nenabled = 1", "a number stands where true or false belongs @ $.plugins.one.enabled"),
        ("[plugins.one]\nenabled = false\nrequired = true", "required and not enabled @ $.plugins.one"),
        ("store = 'x:'\nstore = 'y:'", "it is no TOML"),
        ("store = ", "it is no TOML"),
        (b"store = '\xff:'", "it is no UTF-8"),
        (b"# " + b"x" * LARGEST, "larger than 1,000,000 bytes"),
        ("a = " + "[" * 5000, "nested too deeply"),
    ],
)
def test_what_is_wrong_is_told_with_file_place_and_remedy(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(InvalidSettings) as caught:
        settings.load(written(tmp_path, text))
    assert str(caught.value).startswith("s.toml")
    assert says in str(caught.value)


def test_a_password_is_in_no_error_and_no_repr(tmp_path: Path) -> None:
    known = settings.load(written(tmp_path, "store = 'postgresql://clerk:canary@example.org/cases'"))
    assert "canary" not in repr(known)
    with pytest.raises(InvalidSettings) as caught:
        settings.load(written(tmp_path, "store = '//clerk:canary@example.org'\ncolour = 3"))
    assert "canary" not in str(caught.value)
    with pytest.raises(InvalidSettings) as caught:
        settings.load(written(tmp_path, "store = '//clerk.canary@example.org'"))
    assert "canary" not in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match=f"absent.toml cannot be read: .*{VARIABLE}"):
        settings.load(tmp_path / "absent.toml")
    with pytest.raises(InvalidSettings, match="cannot be read"):
        settings.load(tmp_path)


# ---------------------------------------------------------------- where they are found


def test_the_environment_goes_before_the_folder(tmp_path: Path) -> None:
    here = written(tmp_path, "", FILE)
    assert settings.find({VARIABLE: "there.toml"}, tmp_path) == Path("there.toml")
    assert settings.find({VARIABLE: ""}, tmp_path) == here
    assert settings.find({}, tmp_path) == here
    assert settings.find({}, tmp_path / "elsewhere") is None


def test_by_default_this_process_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    assert settings.find() is None
    written(tmp_path, "", FILE)
    assert settings.find() == tmp_path / FILE
    monkeypatch.setenv(VARIABLE, "named.toml")
    assert settings.find() == Path("named.toml")


# ---------------------------------------------------------------- a book opened with them


@pytest.mark.parametrize("how", ["text", "path", "value"])
def test_a_book_opens_where_its_settings_say(tmp_path: Path, install: Install, good: str, how: str) -> None:
    path = written(tmp_path, f"store = 'sqlite:///{tmp_path}/cases.db'\nplugins = ['{good}']")
    given: dict[str, str | Path | Settings] = {"text": str(path), "path": path, "value": settings.load(path)}
    with open_casebook(settings=given[how]) as book:
        assert "hazard" in book.tables
    assert (tmp_path / "cases.db").exists()


def test_a_url_goes_before_the_settings(tmp_path: Path) -> None:
    known = Settings(store=f"sqlite:///{tmp_path}/cases.db")
    open_casebook("memory:", settings=known).close()
    assert not (tmp_path / "cases.db").exists()


def test_a_book_looks_for_no_file_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that reads the working directory unasked is a trap."""
    written(tmp_path, "store = 'sqlite:///cases.db'", FILE)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreUnavailable):
        open_casebook()
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".db"] == []


def test_settings_without_a_store_need_a_url() -> None:
    with pytest.raises(InvalidSettings, match="name no store"):
        open_casebook(settings=Settings())
