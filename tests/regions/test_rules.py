"""Rules: what they say against events, how heavily, and what they would have said of a whole history."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from hypothesis import given

from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Difficulty
from community_mediation.domain.events import Accepted, Amended, Corrected, Registered, Reported, Resolved
from community_mediation.domain.matter import Event, Matter
from community_mediation.domain.resolution import AgreementForm
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.values import When
from community_mediation.errors import InvalidValue
from community_mediation.ports import Label, Objection, Severity, Weight
from community_mediation.regions import Region, Rule, rules
from community_mediation.testing import strategies
from tests.regions.samples import BY, CN, agreed, begun, on, reported, rule

DAY = on("2026-05-14")
CASE = reported(DAY).accept(at=DAY, by=BY)
ACCEPTED = CASE.events[1]


def ruled(*given_: Rule) -> Region:
    return Region(name="x", title=Label("x"), rules=given_)


def said(
    region: Region, event: Event = ACCEPTED, before: Matter | None = None, after: Matter = CASE
) -> list[Objection]:
    return list(region.objections(before, event, after))


def registered(when: When = DAY, **told: Any) -> Case:
    snapshot = Snapshot(dispute=reported(DAY).dispute, **told)
    return Case.register(id="old", centre="centre-1", snapshot=snapshot, at=when, by=BY)


def test_an_objection_names_region_and_rule_and_has_source_and_remedy() -> None:
    (objection,) = said(
        ruled(rule("r", "not so", source="Law", article="art. 5", weight=Weight.BLOCK, remedy="Otherwise."))
    )
    assert objection == Objection(
        code="x.r", weight=Weight.BLOCK, reason="not so", source="Law, art. 5", remedy="Otherwise.", by=""
    )


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_rule_that_says_nothing_objects_to_nothing(nothing: str | None) -> None:
    assert said(ruled(rule("r", nothing))) == []


def test_a_rule_looks_only_at_the_events_that_it_names() -> None:
    region = ruled(rule("one", applies_to=Resolved), rule("two", applies_to=(Resolved, Accepted)), rule("all"))
    assert [each.code for each in said(region)] == ["x.two", "x.all"]


@pytest.mark.parametrize(
    ("when", "weights"),
    [
        (on("2026-05-13"), []),
        (on("2026-05-14"), ["block"]),
        (on("2026-05-20"), ["block"]),
        (on("2026-05-21"), []),
        (When.unknown(), ["warn"]),
    ],
)
def test_a_rule_holds_for_what_happened_while_it_was_in_force(when: When, weights: list[str]) -> None:
    """Both days included; of what nobody can date it warns."""
    region = ruled(rule("r", weight=Weight.BLOCK, valid_from=dt.date(2026, 5, 14), valid_to=dt.date(2026, 5, 20)))
    assert [str(each.weight) for each in said(region, Accepted(at=when, by=BY))] == weights


def test_a_rule_without_bounds_blocks_whatever_the_date() -> None:
    region = ruled(rule("r", weight=Weight.BLOCK))
    assert [each.weight for each in said(region, Accepted(at=When.unknown(), by=BY))] == [Weight.BLOCK]


def test_an_event_from_an_old_register_is_never_refused() -> None:
    """Neither its registration, nor an amendment; what is recorded live on the same case is."""
    region = ruled(rule("r", weight=Weight.BLOCK))
    case = registered()
    assert [each.weight for each in said(region, case.events[0], None, case)] == [Weight.WARN]
    amended = Amended(at=DAY, by=BY, fields=(), snapshot=Snapshot(dispute=case.dispute))
    assert [each.weight for each in said(region, amended, case, case)] == [Weight.WARN]
    assert [each.weight for each in said(region, ACCEPTED, case, case)] == [Weight.BLOCK]


# ---------------------------------------------------------------- rules that fail


def fails(before: Matter | None, event: Event, after: Matter) -> str | None:
    raise ValueError("孙某 is to blame")


def test_a_rule_that_fails_blocks_and_is_named_without_its_words() -> None:
    """A rule that cannot be asked is not a rule that agrees."""
    (objection,) = said(ruled(rule("r", objection=fails)))
    assert (objection.code, objection.weight) == ("x.r", Weight.BLOCK)
    assert objection.reason == "the rule r of the region x failed: ValueError"
    assert "孙某" not in repr(objection)


def test_a_rule_that_answers_something_else_has_failed() -> None:
    (objection,) = said(ruled(rule("r", objection=lambda before, event, after: True)))
    assert (objection.weight, objection.reason) == (Weight.BLOCK, "the rule r of the region x failed: TypeError")


def test_a_rule_that_fails_does_not_keep_the_others_from_being_asked() -> None:
    assert [each.code for each in said(ruled(rule("a", objection=fails), rule("b")))] == ["x.a", "x.b"]


def test_a_rule_that_fails_on_an_old_register_warns() -> None:
    case = registered()
    assert [each.weight for each in said(ruled(rule("r", objection=fails)), case.events[0], None, case)] == [
        Weight.WARN
    ]


# ---------------------------------------------------------------- corrections


def before_and_after(before: Matter | None, event: Event, after: Matter) -> str:
    assert isinstance(after, Case)
    was = before.process if isinstance(before, Case) else None
    return f"{was} -> {after.process} at {after.version + len(after.pending)}"


def test_a_correction_is_judged_as_the_event_that_it_puts_in_where_its_target_stood() -> None:
    """Or a rule could be walked round: record what is allowed, and correct it to what is not."""
    case = agreed(DAY)
    number = len(case.events)
    event = case.events[-1]
    assert isinstance(event, Resolved)
    bad = case.correct(number, attrs.evolve(event, form=None), at=on("2026-05-15"), by=BY)
    (objection,) = said(CN, bad.events[-1], case, bad)
    assert (objection.code, objection.weight) == ("cn_sample.form_is_known", Weight.BLOCK)
    (seen,) = said(ruled(rule("r", objection=before_and_after)), bad.events[-1], case, bad)
    assert seen.reason == "in_mediation -> concluded at 4"


def test_a_correction_of_the_birth_has_nothing_before_it() -> None:
    case = reported(DAY).accept(at=DAY, by=BY)
    mended = case.correct(1, attrs.evolve(case.events[0], at=on("2026-05-13")), at=on("2026-05-15"), by=BY)
    (seen,) = said(ruled(rule("r", objection=before_and_after)), mended.events[-1], case, mended)
    assert seen.reason == "None -> reported at 1"


def test_the_correction_of_a_registration_warns_only() -> None:
    case = registered()
    mended = case.correct(1, attrs.evolve(case.events[0], at=on("2026-05-13")), at=on("2026-05-15"), by=BY)
    assert [each.weight for each in said(ruled(rule("r", weight=Weight.BLOCK)), mended.events[-1], case, mended)] == [
        Weight.WARN
    ]


def test_striking_an_event_out_is_judged_as_a_correction() -> None:
    case = reported(DAY).accept(at=DAY, by=BY)
    struck = case.correct(2, None, at=on("2026-05-15"), by=BY)
    region = ruled(rule("accepted", applies_to=Accepted), rule("corrected", applies_to=Corrected))
    assert [each.code for each in said(region, struck.events[-1], case, struck)] == ["x.corrected"]


def test_judging_a_correction_as_it_stands_would_let_it_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """A control: without the look inside, the rule on agreements never sees one."""
    monkeypatch.setattr(rules, "objections", lambda judge, before, event, after: judge(before, event, after))
    with pytest.raises(ValueError, match="not enough values"):
        test_a_correction_is_judged_as_the_event_that_it_puts_in_where_its_target_stood()


# ---------------------------------------------------------------- whole histories


def test_findings_tell_what_would_have_been_objected_with_number_and_kind() -> None:
    case = begun(DAY).resolve(at=on("2026-05-15"), by=BY)
    (finding,) = CN.findings(case)
    assert (finding.code, finding.severity) == ("cn_sample.form_is_known", Severity.ERROR)
    assert finding.message == (
        "Event 4 (Resolved) of matter case-1: the agreement has no form [人民调解法 (2010), art. 28]"
    )
    assert finding.remedy == "Say which."


def test_what_was_corrected_is_found_no_more() -> None:
    case = begun(DAY).resolve(at=on("2026-05-15"), by=BY)
    event = case.events[-1]
    assert isinstance(event, Resolved)
    right = case.correct(4, attrs.evolve(event, form=AgreementForm.ORAL), at=on("2026-05-16"), by=BY)
    assert CN.findings(right) == []
    struck = case.correct(4, None, at=on("2026-05-16"), by=BY)
    assert CN.findings(struck) == []


def test_a_registration_is_found_as_a_warning() -> None:
    region = ruled(rule("r", weight=Weight.BLOCK, applies_to=Registered))
    assert [each.severity for each in region.findings(registered())] == [Severity.WARNING]


@given(case=strategies.cases())
def test_findings_of_a_history_are_the_objections_to_its_events_as_they_stand(case: Case) -> None:
    """One for each event that counts, by a rule that objects to all; and no history is too odd."""
    region = ruled(rule("all"))
    assert len(region.findings(case)) == len(list(rules.replayed(case)))
    for number, before, event, after in rules.replayed(case):
        assert 1 <= number <= len(case.events)
        assert (before is None) is isinstance(event, Reported | Registered)
        assert after.events[-1] == event


@given(record=strategies.persons() | strategies.centres())
def test_rules_are_asked_of_matters_that_are_no_cases_too(record: Matter) -> None:
    assert len(ruled(rule("all")).findings(record)) == len(record.events)


# ---------------------------------------------------------------- what a rule is


@pytest.mark.parametrize(
    ("given_", "path"),
    [
        ({"source": ""}, "$.source"),
        ({"label": "x"}, "$.label"),
        ({"name": "two words"}, "$.name"),
        ({"weight": "block"}, "$.weight"),
        ({"applies_to": (Accepted, Difficulty)}, "$.applies_to[1]"),
        ({"applies_to": (ACCEPTED,)}, "$.applies_to[0]"),
        ({"objection": "no"}, "$.objection"),
    ],
)
def test_a_rule_of_no_sense_is_refused_with_its_place(given_: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        rule("r", **given_)
    assert caught.value.path == path


def test_a_rule_whose_failure_passes_for_consent_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A control: what fails is taken to have nothing to say."""
    right = Rule.judge

    def lenient(self: Rule, *given_: Any) -> Objection | None:
        objection = right(self, *given_)
        return None if objection is not None and "failed" in objection.reason else objection

    monkeypatch.setattr(Rule, "judge", lenient)
    with pytest.raises(ValueError, match="not enough values"):
        test_a_rule_that_fails_blocks_and_is_named_without_its_words()


def test_a_rule_that_refuses_old_registers_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A control."""
    monkeypatch.setattr(rules, "FROM_REGISTERS", ())
    with pytest.raises(AssertionError):
        test_an_event_from_an_old_register_is_never_refused()


@pytest.mark.parametrize("odd", [lambda event: None, lambda: None, lambda before, event, after, more: None])
def test_a_function_that_cannot_be_called_with_three_things_makes_no_rule(odd: Any) -> None:
    """It would have failed, and blocked, at every event."""
    with pytest.raises(InvalidValue) as caught:
        Rule(name="odd", label=Label("Odd"), source="a byelaw", objection=odd)
    assert caught.value.path == "$.objection" and "three arguments" in str(caught.value)
    Rule(name="fine", label=Label("Fine"), source="a byelaw", objection=lambda *three: None)


def test_a_word_for_a_weight_is_answered_with_the_weights_that_there_are() -> None:
    with pytest.raises(InvalidValue, match=r"Weight\.BLOCK, Weight\.WARN"):
        Rule(name="odd", label=Label("Odd"), source="a byelaw", weight="stop", objection=lambda *three: None)  # type: ignore[arg-type]
