"""Errors say what, where and what next, and cross processes whole."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import pytest

from community_mediation import errors
from community_mediation.errors import IllegalMove, InvalidValue, MediationError, RowRejected, VersionConflict
from community_mediation.ports import Objection, Weight

ALL = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, MediationError)]
ARGUMENTS: dict[type, tuple[Any, ...]] = {
    RowRejected: ("register.csv", 214, "agreed_at", "not a date", "Mend the cell."),
    errors.TooLarge: ("register.xlsx", "cells", 1_000_000, "Split it."),
    IllegalMove: ("concluded", "accept", ["reopen"], "it ended"),
    VersionConflict: ("case-1", 3, 4),
    errors.KeyTaken: ("case_no", "case-2"),
    errors.MissingExtra: ("A chart", "charts"),
    errors.AmbiguousCrosswalk: ("old:land", ["new:land", "new:farm_land"]),
    errors.Blocked: (
        "That may not be recorded.",
        [Objection(code="house.too_soon", weight=Weight.BLOCK, reason="too soon")],
    ),
}


@pytest.mark.parametrize("cls", ALL)
def test_an_error_survives_pickling_and_copying_with_all_it_says(cls: type[MediationError]) -> None:
    error = cls(*ARGUMENTS.get(cls, ("what is wrong",)))
    error.where = "the book"
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is cls
        assert (str(again), again.args, vars(again)) == (str(error), error.args, vars(error))


@pytest.mark.parametrize("cls", ALL)
def test_every_attribute_that_an_error_promises_is_there(cls: type[MediationError]) -> None:
    error = cls(*ARGUMENTS.get(cls, ("what is wrong",)))
    _, _, told = inspect.getdoc(cls).partition("Attributes:")  # type: ignore[union-attr]
    promised = [line.strip().partition(":")[0] for line in told.splitlines() if ":" in line]
    assert [name for name in promised if not hasattr(error, name)] == []


def test_an_error_says_first_what_it_is_about() -> None:
    """What was said nearest to it stays, whatever blocks it leaves."""
    with pytest.raises(InvalidValue) as caught, errors.about("the outer book"), errors.about("the inner book"):
        raise InvalidValue("wrong", remedy="Mend it.")
    assert str(caught.value) == "the inner book: wrong. Mend it."


def test_what_is_wrong_with_the_installation_is_about_no_book() -> None:
    """A plugin that is missing is missing for both of two books."""
    with pytest.raises(errors.PluginFailed) as caught, errors.about("the book"):
        raise errors.PluginFailed("No plugin of that name.")
    assert str(caught.value) == "No plugin of that name."


def test_an_error_without_words_is_still_an_error() -> None:
    assert str(MediationError()) == ""


def test_the_path_of_an_error_grows_from_the_inside_out() -> None:
    error = InvalidValue("wrong", remedy="Mend it.", path="$.name").at("$.parties[0]").at("$.events[2]")
    assert error.path == "$.events[2].parties[0].name"
    assert str(error) == "wrong @ $.events[2].parties[0].name. Mend it."


def test_an_illegal_move_with_nothing_possible_says_so() -> None:
    assert str(IllegalMove("ended", "end", ())).endswith("Possible now: nothing.")
