"""Asking whoever may object to an event, so that a fault of theirs is an objection with a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import attrs

from community_mediation.domain.frozen import frozen
from community_mediation.plugins.problems import mend
from community_mediation.ports import Objection, Weight

CHECK_FAILED: Final = "check.failed"
"""The code of the objection that stands for a check which could not be asked."""


@frozen
class Verdict:
    """What was objected to one event.

    Attributes:
        objections: The objections, each with who makes it.
        cause: The error of a check that failed, for the traceback; its own objection stands among the others.
    """

    objections: tuple[Objection, ...] = ()
    cause: BaseException | None = None

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(self.objections + other.objections, self.cause or other.cause)


SILENT: Final = Verdict()
"""Nothing was objected."""


def asked(
    by: str, ask: Callable[..., Iterable[Objection] | None], module: str = "", arguments: Sequence[Any] = ()
) -> Verdict:
    """What *ask* of *module* objects, in the name of *by*; if it fails or gives something else, that blocks.

    A rule that cannot be asked is not a rule that agrees. The words of its error may name
    someone, so only its type and its line are told.
    """
    try:
        given: Any = ask(*arguments)
        if given is None or not (objections := tuple(given)):
            return SILENT
        for each in objections:
            if not isinstance(each, Objection) or not isinstance(each.weight, Weight):
                raise TypeError(f"a {type(each).__name__} stands where an Objection belongs")
            if not all(isinstance(text, str) for text in (each.code, each.reason, each.source, each.remedy)):
                raise TypeError("something stands in an Objection where a text belongs")
        return Verdict(tuple(attrs.evolve(each, by=by) for each in objections))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may raise anything
        failed = Objection(
            code=CHECK_FAILED,
            weight=Weight.BLOCK,
            reason=f"the check of {by} failed ({type(error).__name__})",
            remedy=f"{mend(error, module)}, or disable it knowingly.",
            by=by,
        )
        return Verdict((failed,), error)
