"""Mapping files: what they may say, and what they are told otherwise."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation import samples
from community_mediation.domain.validators import Sensitivity
from community_mediation.errors import InvalidMapping
from community_mediation.registers.checking import checked
from community_mediation.registers.mapping import RegisterMapping
from tests.registers.helpers import put

WHOLE = """
zone = "Asia/Shanghai"
centre = "guxian"
dispute_scheme = "moj_stat_18"
ignore = [" 备  注 "]
encoding = "gb18030"
delimiter = ";"
sheet = 2
header_row = 3
date_formats = ["%d/%m/%Y", "%d/%m/%Y %H:%M"]
ambiguous = "earlier"
[columns]
case_no = "编号"
reported_at = "受理\\t日期"
[constants]
source = "referral"
sessions = 1
litigation = false
[codes.conclusion]
"成功" = "settled"
"？" = ""
"*" = "not_settled"
[codes.channel]
"电话" = "phone"
[dates]
closed_at = ["%Y%m%d"]
[money]
unit = 10000
currency = "CNY"
[own.house]
column = "户型"
[own.floor]
column = "楼层"
type = "int"
sensitivity = "none"
"""


def test_every_key_of_a_mapping_is_taken(tmp_path: Path) -> None:
    """Headings are compared without the blanks and line ends that spreadsheets put into them."""
    mapping = RegisterMapping.load(put(tmp_path, "m.toml", WHOLE.replace("\\t", "  ")))
    assert (mapping.zone, mapping.centre, mapping.dispute_scheme) == ("Asia/Shanghai", "guxian", "moj_stat_18")
    assert mapping.columns == {"case_no": "编号", "reported_at": "受理 日期"}
    assert mapping.constants == {"source": "referral", "sessions": "1", "litigation": "no"}
    assert mapping.codes["conclusion"] == {"成功": "settled", "?": "", "*": "not_settled"}
    assert (mapping.unit, mapping.currency) == (Decimal(10000), "CNY")
    assert (mapping.encoding, mapping.delimiter, mapping.sheet, mapping.header_row) == ("gb18030", ";", 2, 3)
    assert mapping.dates == {"closed_at": ("%Y%m%d",)}
    assert mapping.ignore == ("备 注",)
    assert [(own.name, own.type, own.sensitivity) for own in mapping.own] == [
        ("house", "text", Sensitivity.NARRATIVE),
        ("floor", "int", Sensitivity.NONE),
    ]


def test_an_own_column_is_narrative_unless_the_mapping_says_otherwise() -> None:
    """Free text may name anyone: the careless choice is the safe one."""
    own = RegisterMapping.parse('[own.x]\ncolumn = "x"').own[0]
    assert own.sensitivity is Sensitivity.NARRATIVE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('zome = "x"', r"top level: 'zome' is no key of a mapping.*Did you mean 'zone'"),
        ('zone = "Asia/Peking"', "zone: the time zone database does not know it"),
        ("zone = 8", "zone: not a short text"),
        ('[columns]\nreported = "x"', "'reported' is no canonical column.*Did you mean 'reported_at'"),
        ('[columns]\ncase_no = ""', r"\[columns\] case_no: not a short text"),
        ('columns = "x"', "columns: not a table"),
        ('[codes.conclusion]\nx = "setled"', "'setled' is no code of this column.*Did you mean 'settled'"),
        ('[codes.brief]\nx = "y"', "holds no codes"),
        ('[codes.status]\nA = "open"\na = "void"', "two meanings"),
        ('[constants]\nstatus = "open"\n[columns]\nstatus = "x"', "the column also has a heading"),
        ('[constants]\nmediators = "x"', "people are never the same"),
        ('date_formats = ["%d/%m"]', "without day, month or year"),
        ('date_formats = ["%Q"]', "'%Q' is not known"),
        ('date_formats = ["%d/%m/%Y %d"]', "does not read what it writes"),
        ('date_formats = "%d/%m/%Y"', "not a list of texts"),
        ('[dates]\nbrief = ["%Y%m%d"]', "holds no times"),
        ('ambiguous = "later or so"', "Did you mean 'later'|Possible: refuse, earlier, later"),
        ("header_row = 0", "header_row: not a row"),
        ('delimiter = "x"', "delimiter: not a separator"),
        ("[money]\nunit = 0", "unit: not a unit"),
        ("[money]\nunit = nan", "unit: not a unit"),
        ("[money]\nunit = true", "unit: not a unit"),
        ('[money]\ncurrency = "yuan"', "ISO 4217"),
        ("[own.House]", "not a name of a field"),
        ("[own.house]", "no column"),
        ('[own.house]\ncolumn = "x"\ntype = "integer"', "'integer' is no type.*Did you mean 'int'"),
        ('[own.house]\ncolumn = "x"\nsensitivity = "public"', "no sensitivity"),
        ("zone = ", "not valid TOML"),
        ("a = " + "[" * 100_000, "not valid TOML"),
        ("header_row = " + "9" * 10_000, "not valid TOML"),
    ],
)
def test_a_mapping_error_says_file_key_reason_and_what_is_possible(text: str, said: str) -> None:
    """A typing error never passes for a choice."""
    with pytest.raises(InvalidMapping, match=said) as caught:
        RegisterMapping.parse(text, name="m.toml")
    assert str(caught.value).startswith("m.toml: ")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 2_000_000, b""])
def test_a_file_that_is_no_mapping_is_a_typed_error(tmp_path: Path, content: bytes) -> None:
    """Such as the register itself."""
    with pytest.raises(InvalidMapping):
        RegisterMapping.load(put(tmp_path, "m.toml", content))


def test_a_missing_mapping_is_a_typed_error(tmp_path: Path) -> None:
    """With its name, without its folder."""
    with pytest.raises(InvalidMapping, match=r"m\.toml: there is no such file"):
        RegisterMapping.load(tmp_path / "m.toml")


leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats()
inner_keys = st.sampled_from(["status", "unit", "a", "column"])
trees = st.recursive(
    leaves, lambda tree: st.lists(tree, max_size=2) | st.dictionaries(inner_keys, tree, max_size=2), max_leaves=6
)
outer_keys = st.sampled_from(["zone", "columns", "codes", "dates", "money", "own", "ignore", "sheet", "x"])


@given(st.dictionaries(outer_keys, trees))
def test_any_document_is_a_mapping_or_a_typed_error(document: dict[str, object]) -> None:
    """Whatever stands under the keys."""
    with suppress(InvalidMapping):
        RegisterMapping(**checked("m.toml", document))


def test_the_mapping_of_the_samples_takes_every_heading_of_its_register() -> None:
    """The shipped file is valid, and says why it leaves out what it leaves out."""
    path = samples.path("nyc311.toml")
    listed = (
        "case_id,opened_at,closed_at,status,agency,complaint_type,descriptor,location_type,borough,community_board,"
        "intake_channel,resolution_description,snapshot_at"
    )
    bound = RegisterMapping.load(path).bind(listed.split(","))
    assert bound.unused == ()
    assert "conclusion" not in bound.columns
    assert bound.columns["closed_at"] == bound.columns["concluded_at"] == "closed_at"
