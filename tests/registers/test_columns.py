"""The canonical columns and the words for their codes."""

from __future__ import annotations

import pytest

from community_mediation.registers.cells import parse_code
from community_mediation.registers.columns import COLUMNS, Kind
from community_mediation.registers.words import BLANKS, SYNONYMS, folded

CONTRACT = """
case_no, external_system, external_id, centre, title, status, reported_at, accepted_at, first_session_at,
joint_session_at, agreed_at, concluded_at, closed_at, recorded_at, source, channel, referrer_kind, referral_kind,
process, dispute_scheme, dispute_type, nature, brief, place, scale, difficulty, people_involved, units_involved,
amount_claimed, currency, applicants, respondents, third_parties, party_keys, mediators, sessions, session_format,
session_medium, conclusion, agreement_form, amount_agreed, compliance, complied_at, breached_at, repudiated_at,
litigation, confirmation, confirmed_at, escalation_kind, escalation_persons, escalation_reported, escalation_averted,
follow_up_at, follow_up_kept, satisfaction_applicant, satisfaction_respondent
"""
PAIRS = [(column, word, code) for column, words in SYNONYMS.items() for word, code in words.items()]


def test_the_columns_are_those_of_the_contract_in_its_order() -> None:
    """A register written today is read by every later version."""
    assert list(COLUMNS) == "".join(CONTRACT.split()).split(",")


def test_every_closed_list_has_words_for_every_code() -> None:
    """No code can only be written in English snake case."""
    closed = {name: column.codes for name, column in COLUMNS.items() if column.codes}
    assert closed.keys() == SYNONYMS.keys()
    assert all(set(SYNONYMS[name].values()) == set(codes) for name, codes in closed.items())


@pytest.mark.parametrize(("column", "word", "code"), PAIRS)
def test_every_word_lands_on_a_listed_code(column: str, word: str, code: str) -> None:
    """A synonym never leads out of its list."""
    assert code in (COLUMNS[column].codes or ())
    assert parse_code(COLUMNS[column], word) == code


def test_no_word_for_a_code_is_also_a_blank() -> None:
    """A word that says something is never taken for nothing."""
    assert not {word for _, word, _ in PAIRS} & BLANKS


def test_no_word_is_claimed_by_two_codes_of_one_column() -> None:
    """A word with two readings is left to the mapping: the tables would silently keep the last one."""
    from community_mediation.registers.words import _WORDS

    for column, codes in _WORDS.items():
        listed = [folded(word) for code, words in codes.items() for word in {code, *map(str.strip, words.split(","))}]
        assert len(listed) == len(set(listed)), column


def test_columns_that_may_name_someone_are_marked() -> None:
    """Names, numbers and narrative are never quoted in errors."""
    naming = {name for name, column in COLUMNS.items() if column.people}
    assert naming >= {"case_no", "title", "brief", "place", "applicants", "respondents", "third_parties", "mediators"}
    assert all(COLUMNS[name].kind in (Kind.NUMBER, Kind.TEXT, Kind.LIST, Kind.PARTIES) for name in naming)


@pytest.mark.parametrize(
    ("column", "word", "code"),
    [
        ("conclusion", "调解成功", "settled"), ("conclusion", "部分达成", "settled_in_part"),
        ("conclusion", "调解不成（终止）", "not_settled"), ("conclusion", "撤回", "withdrawn"),
        ("agreement_form", "口头协议", "oral"), ("agreement_form", "书面协议", "written"),
        ("compliance", "全部履行", "kept"), ("compliance", "未履行", "breached"), ("nature", "民商事", "civil"),
        ("difficulty", "疑难复杂纠纷", "complex"),
        ("source", "接受委托移送调解", "referral"),
        ("status", "ＯＰＥＮ", "open"),
    ],
)  # fmt: skip
def test_the_words_of_printed_forms_are_understood(column: str, word: str, code: str) -> None:
    """Width and brackets of the forms do not count."""
    assert parse_code(COLUMNS[column], word) == code
