"""What every region keeps."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.case import Case
from community_mediation.domain.matter import Event, Matter
from community_mediation.domain.resolution import Compliance, Conclusion
from community_mediation.domain.stages import FileStage, Process
from community_mediation.errors import InvalidReference
from community_mediation.ports import Label, Objection, Weight
from community_mediation.regions import DueState, ReferencePattern, Region
from community_mediation.regions.rules import replayed
from community_mediation.testing import strategies
from community_mediation.testing._missing import missing
from community_mediation.testing.books import CANARY, unknown_cases, with_canaries
from community_mediation.testing.documents import LENIENT

PLACEHOLDERS = frozenset({"todo", "tbd", "fixme", "xxx", "?", "-", "n/a", "none", "unknown"})
SPOKEN: tuple[type[enum.StrEnum], ...] = (Process, FileStage, Conclusion, Compliance)
NOW = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)


class RegionConformance:
    """What every region keeps.

    Inherit it in a class ``Test…`` and give the fixture ``region``; and ``breaches``, which names a case for
    each rule that speaks against it: no case that is drawn by chance proves that a rule ever objects.
    """

    @pytest.fixture
    def region(self) -> Region:
        """The region."""
        raise missing(self, "region", "the region")

    @pytest.fixture
    def breaches(self) -> Mapping[str, Case]:
        """By the name of a rule, a case whose last event it objects to."""
        return {}

    def test_everything_has_a_name_for_people(self, region: Region) -> None:
        """In English at least: the region, its lists and every code of them, deadlines, rules, fields and holidays."""
        assert region.name and region.name.isprintable() and " " not in region.name
        nameless = [where for where, label in labels_of(region) if not label.en.strip()]
        assert nameless == []

    def test_everything_names_its_source(self, region: Region) -> None:
        """The statute, form or house rule; a word that stands for none is none."""
        unsourced = [
            where for where, source in sources_of(region) if source.strip(" .").casefold() in PLACEHOLDERS | {""}
        ]
        assert unsourced == []

    def test_its_crosswalks_leave_no_code_open(self, region: Region) -> None:
        """Each code has a row, or is said to have no counterpart; no row names a code that the lists do not have."""
        found = [
            finding.message
            for crosswalk in region.crosswalks
            for finding in crosswalk.coverage(region.taxonomy(crosswalk.source), region.taxonomy(crosswalk.target))
        ]
        assert found == []

    @LENIENT
    @given(data=st.data())
    def test_its_numbers_are_read_as_they_are_printed(self, region: Region, data: st.DataObject) -> None:
        """Whatever can be printed is read as the same number, in every spelling; anything else is refused."""
        for pattern in region.patterns:
            text = data.draw(numbers(pattern))
            if text is None:
                continue
            found = pattern.parse(text)
            assert pattern.print(found) == text
            assert {pattern.parse(other).identity for other in pattern.written(found)} == {found.identity}

    @LENIENT
    @given(text=strategies.texts())
    def test_any_text_is_a_number_or_is_refused(self, region: Region, text: str) -> None:
        """With ``InvalidReference``, and nothing else."""
        for pattern in region.patterns:
            try:
                found = pattern.parse(text)
            except InvalidReference:
                continue
            assert pattern.print(found) == text

    @LENIENT
    @given(case=strategies.cases())
    def test_its_rules_never_fail(self, region: Region, case: Case) -> None:
        """Whatever the history: a rule gives a reason or nothing. One that raises would stop a centre's work."""
        for before, event, after in steps(case):
            for rule in region.rules:
                if not rule.applies_to or isinstance(event, rule.applies_to):
                    said = rule.objection(before, event, after)
                    assert said is None or isinstance(said, str), rule.name
        region.findings(case)

    @LENIENT
    @given(case=strategies.cases())
    def test_the_same_event_is_judged_the_same(self, region: Region, case: Case) -> None:
        """No clock and no chance is in a rule."""
        for before, event, after in steps(case):
            assert list(region.objections(before, event, after)) == list(region.objections(before, event, after))

    @LENIENT
    @given(case=strategies.cases(registered=True))
    def test_what_an_old_register_says_is_never_blocked(self, region: Region, case: Case) -> None:
        """It happened, whatever the rules of today: they warn, and the case comes in."""
        for before, event, after in [(None, case.events[0], Case.fold(case.id, case.events[:1]))]:
            assert [each for each in region.objections(before, event, after) if each.weight is Weight.BLOCK] == []

    @LENIENT
    @given(case=strategies.cases())
    def test_its_objections_name_no_one(self, region: Region, case: Case) -> None:
        """They stand in errors and logs: each has a code, a reason and a source, and no personal text."""
        for before, event, after in steps(with_canaries(case)):
            for each in region.objections(before, event, after):
                assert isinstance(each, Objection)
                assert each.code.strip() and each.reason.strip() and each.source.strip()
                assert CANARY not in repr(each)

    @LENIENT
    @given(case=strategies.cases(), moment=strategies.instants(dt.date(2020, 1, 1), dt.date(2030, 1, 1)))
    def test_the_deadlines_of_any_case_are_reckoned(self, region: Region, case: Case, moment: dt.datetime) -> None:
        """At any moment; what nobody knows the beginning of is unknown, and never overdue."""
        for due in region.deadlines_of(case, moment):
            assert due.deadline in region.deadlines
            assert due.state in DueState
            if due.began.is_unknown:
                assert due.state is DueState.UNKNOWN

    def test_of_a_case_of_which_little_is_known_nothing_is_overdue(self, region: Region) -> None:
        """But what runs from its report, the one time that is known of it."""
        for due in region.deadlines_of(unknown_cases(1)[0], NOW):
            assert due.state is DueState.UNKNOWN or not due.began.is_unknown

    @LENIENT
    @given(day=st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)))
    def test_every_day_lies_in_its_fiscal_year(self, region: Region, day: dt.date) -> None:
        """And a year is found by its name."""
        assert day in region.fiscal_year.period(region.fiscal_year.of(day))

    def test_each_rule_speaks_against_its_breach(self, region: Region, breaches: Mapping[str, Case]) -> None:
        """The last event of each case is objected to by the rule that it is named for."""
        if not breaches:
            pytest.skip(f"{type(self).__name__} gives no fixture 'breaches'")
        silent = []
        for name, case in breaches.items():
            before = Case.fold(case.id, case.events[:-1]) if len(case.events) > 1 else None
            codes = {each.code.rpartition(".")[2] for each in region.objections(before, case.events[-1], case)}
            if name not in codes:
                silent.append(name)
        assert silent == []


def steps(matter: Matter) -> Iterator[tuple[Matter | None, Event, Matter]]:
    """Each event of a matter that counts, with the matter before it and after it."""
    for _, before, event, after in replayed(matter):
        yield before, event, after


def labels_of(region: Region) -> Iterator[tuple[str, Label]]:
    """Everything of a region that has a name for people, with where it stands."""
    yield "title", region.title
    for taxonomy in region.taxonomies:
        yield taxonomy.scheme, taxonomy.title
        for entry in taxonomy:
            yield f"{taxonomy.scheme}:{entry.code}", entry.label
    for deadline in region.deadlines:
        yield deadline.name, deadline.label
        if deadline.extension is not None:
            yield f"{deadline.name}.extension", deadline.extension.label
    for rule in region.rules:
        yield rule.name, rule.label
    for trigger in region.triggers:
        yield trigger.name, trigger.label
    for field in region.own_fields:
        yield field.name, field.label
        for choice, label in field.choices.items():
            yield f"{field.name}:{choice}", label
    for day, label in {**region.calendar.holidays, **region.calendar.makeup}.items():
        yield day.isoformat(), label
    for kind in SPOKEN:
        for member in kind:
            yield f"{kind.__name__}.{member}", Label(region.label(member))


def sources_of(region: Region) -> Iterator[tuple[str, str]]:
    """Everything of a region that has a source, with where it stands."""
    yield "calendar", region.calendar.source
    yield "counting", region.counting.source
    for taxonomy in region.taxonomies:
        yield taxonomy.scheme, taxonomy.source
    for crosswalk in region.crosswalks:
        yield f"{crosswalk.source} -> {crosswalk.target}", crosswalk.source_of
    for pattern in region.patterns:
        yield pattern.name, pattern.source
    for rule in region.rules:
        yield rule.name, rule.source
    for deadline in region.deadlines:
        yield deadline.name, deadline.source
        if deadline.extension is not None:
            yield f"{deadline.name}.extension", deadline.extension.source
        if deadline.counting is not None:
            yield f"{deadline.name}.counting", deadline.counting.source


def numbers(pattern: ReferencePattern) -> st.SearchStrategy[str | None]:
    """Numbers of a pattern as they are printed; ``None`` where the texts drawn for it cannot be printed."""

    def printed(serial: int, year: int, texts: list[str]) -> str | None:
        fields = dict(zip(pattern.text_fields, texts, strict=True))
        try:
            made = pattern.make(serial=serial, year=year if pattern.has_year else None, **fields)
        except InvalidReference:
            return None
        return pattern.print(made)

    count = len(pattern.text_fields)
    words = st.lists(strategies.ids() | strategies.texts(12), min_size=count, max_size=count)
    return st.builds(printed, st.integers(1, 99_999), st.integers(1950, 2100), words)
