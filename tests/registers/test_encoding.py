"""Text comes out right or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from community_mediation.errors import UnreadableFile
from tests.registers.helpers import cells, put

TEXT = "case_no,title\r\n1,楼上漏水引起的邻里纠纷，经调解双方达成协议\r\n2,停车纠纷—已处理\r\n"
EXPECTED = [["1", "楼上漏水引起的邻里纠纷，经调解双方达成协议"], ["2", "停车纠纷—已处理"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "gbk"])
def test_the_encodings_of_registers_are_recognised(tmp_path: Path, encoding: str) -> None:
    """With a mark or without, where it can be certain."""
    assert cells(put(tmp_path, "r.csv", TEXT.encode(encoding))) == EXPECTED


@pytest.mark.parametrize("character", ["镕", "喆", "㙦", "𠮷"])
def test_rare_characters_of_names_do_not_spoil_gb_18030(tmp_path: Path, character: str) -> None:
    """They lie outside GB 2312, where most wrongly read texts lie too."""
    text = TEXT + f"3,{character}某与邻居因噪声发生纠纷\r\n"
    assert cells(put(tmp_path, "r.csv", text.encode("gb18030")))[-1] == ["3", f"{character}某与邻居因噪声发生纠纷"]


def test_chinese_behind_ten_million_plain_bytes_comes_out_right(tmp_path: Path) -> None:
    """The whole file decides, not its beginning."""
    filler = f"0,{'loud music from the yard ' * 100}\r\n" * 4_100
    text = "case_no,title\r\n" + filler + "1,张某与李某因噪声纠纷\r\n"
    assert len(filler) > 10_000_000
    assert cells(put(tmp_path, "r.csv", text.encode("gb18030")))[-1] == ["1", "张某与李某因噪声纠纷"]


def test_a_file_of_two_encodings_is_refused(tmp_path: Path) -> None:
    """Half of it would be wrong in either."""
    mixed = TEXT.encode() * 100 + TEXT.encode("gb18030")
    with pytest.raises(UnreadableFile, match="neither UTF-8 nor GB 18030"):
        cells(put(tmp_path, "r.csv", mixed))


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("latin-1", "case_no,title\r\n1,Bélanger contre Générale Hôtelière à côté\r\n"),
        ("cp1252", "case_no,title\r\n1,Müller’s Höfe – Straße\r\n"),
        ("latin-1", "case_no,title\r\n1,Müller\r\n"),
        ("big5", "case_no,title\r\n1,樓上漏水引起的鄰里糾紛，經調解雙方達成協議\r\n"),
        ("shift-jis", "case_no,title\r\n1,マンションの騒音についての苦情\r\n"),
        ("cp1251", "case_no,title\r\n1,Спор о шуме между соседями\r\n"),
    ],
)
def test_texts_that_only_look_like_gb_18030_are_refused(tmp_path: Path, encoding: str, text: str) -> None:
    """Many are valid GB 18030, and would come out as characters that nobody wrote."""
    path = put(tmp_path, "r.csv", text.encode(encoding))
    with pytest.raises(UnreadableFile, match="name its encoding"):
        cells(path)
    assert cells(path, encoding=encoding)[0][1] == text.rsplit(",", 1)[1].strip()


def test_the_control_would_take_a_western_name_for_chinese() -> None:
    """What strict decoding alone lets through, and the check above catches."""
    assert "Bélanger".encode("latin-1").decode("gb18030") != "Bélanger"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "utf-16"])
def test_a_named_encoding_that_does_not_fit_is_refused(tmp_path: Path, encoding: str) -> None:
    """Nothing is replaced by question marks."""
    with pytest.raises(UnreadableFile, match="some bytes are not"):
        cells(put(tmp_path, "r.csv", (TEXT + "x").encode("gb18030")), encoding=encoding)


@pytest.mark.parametrize(
    "encoding", ["utf-9", "rot13", "base64", "", "a\0b", "unicode_escape", "utf-7", "punycode", "idna", "undefined"]
)
def test_an_unknown_encoding_is_a_typed_error(tmp_path: Path, encoding: str) -> None:
    """So are codecs that are none of text."""
    with pytest.raises(UnreadableFile, match="no encoding is called that"):
        cells(put(tmp_path, "r.csv", TEXT), encoding=encoding)
