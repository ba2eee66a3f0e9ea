"""Events to and from their wire form, against a ``msgspec.Struct`` model of the same data that has no other duties."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from benchmarks import Result, benchmark, interleaved
from benchmarks._timing import each, missing
from benchmarks._workload import histories
from community_mediation.casebook.folding import Folder
from community_mediation.plugins import Plugins

CASES = 150


@benchmark("codec")
def codec() -> Sequence[Result]:
    """Decode and encode whole cases. Ours also splits off the private parts, salts and digests them, and checks all."""
    if missing("codec", "msgspec", "The codec"):
        return []
    from benchmarks import _duties, _structs

    ours = Folder(Plugins().kinds()).codec
    workload = histories(CASES)
    numbers = itertools.count()
    models = [_structs.case_of(id, events) for id, events in workload]
    texts = [_structs.ENCODE(model) for model in models]
    if [_structs.DECODE(text) for text in texts] != models:
        raise AssertionError("the reference does not read what it writes")
    _duties.must_bite(models, lambda: f"{next(numbers):032x}")
    parted = [(model.id, *_duties.encode(model, lambda: f"{next(numbers):032x}")) for model in models]
    encoded = [ours.encode(id, events, salt=lambda: f"{next(numbers):032x}") for id, events in workload]
    if [ours.decode(one.body, one.private).events for one in encoded] != [tuple(events) for _, events in workload]:
        raise AssertionError("the codec does not read what it writes")
    return [
        interleaved(
            "codec (decode)",
            each(lambda one: ours.decode(one.body, one.private), encoded * 4),
            each(_structs.DECODE, texts * 4),
            target=2.0,
            stretch=1.5,
        ),
        interleaved(
            "codec (encode)",
            each(lambda pair: ours.encode(*pair, salt=lambda: f"{next(numbers):032x}"), workload * 4),
            each(_structs.ENCODE, models * 4),
            target=2.0,
            stretch=1.7,
        ),
        interleaved(
            "codec (decode, duties)",
            each(lambda one: ours.decode(one.body, one.private), encoded * 4),
            each(lambda one: _duties.decode(*one), parted * 4),
            target=2.0,
            stretch=1.5,
        ),
        interleaved(
            "codec (encode, duties)",
            each(lambda pair: ours.encode(*pair, salt=lambda: f"{next(numbers):032x}"), workload * 4),
            each(lambda model: _duties.encode(model, lambda: f"{next(numbers):032x}"), models * 4),
            target=2.0,
            stretch=1.7,
        ),
    ]
