"""What is decided of a case when it is reported; all else follows from its number and the seed of the scenario."""

import datetime as dt
import enum
import uuid

import attrs

from community_mediation.simulate.kinds import DisputeKind, Ending


class Lateness(enum.Enum):
    """What of a case is recorded late."""

    NOTHING = 0
    REPORT = 1
    ENDING = 2


@attrs.frozen
class Plot:
    """A case in a few words: small enough to keep for every case that is not over.

    Attributes:
        number: Its number among all cases, from 0.
        serial: Its number in its centre and year, from 1.
        reported: When it was reported, by the clock on the wall.
        recorded: When that was recorded, by the clock on the wall.
        kind, ending: What it is about, and how it ends.
        centre: The number of its centre, from 0.
        regular: The number of the regular who is a party, if one is.
        late: What of it is recorded late.
        delay: How late.
    """

    number: int
    serial: int
    reported: dt.datetime
    recorded: dt.datetime
    kind: DisputeKind
    ending: Ending
    centre: int
    regular: int | None
    late: Lateness
    delay: dt.timedelta


def case_id(number: int, recorded: dt.datetime, tail: int) -> str:
    """An id in the form of UUID version 7 (RFC 9562, 5.7): it sorts by when the case was recorded, and then by number.

    Args:
        number: Of the case; up to 34 bits.
        recorded: When, with its zone.
        tail: 28 bits that tell it from the same case of another seed.
    """
    micros = (recorded - _EPOCH) // _MICROSECOND
    millis, rest = divmod(micros, 1000)
    return str(uuid.UUID(int=millis << 80 | 0x7 << 76 | rest * 4096 // 1000 << 64 | 0b10 << 62 | number << 28 | tail))


_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def centre_id(seed: int, centre: int) -> str:
    """The id of a centre; it names the seed, so that two simulations can stand in one book."""
    return f"centre-{seed}-{centre + 1}"


def mediator_id(seed: int, centre: int, mediator: int) -> str:
    """The id of a mediator."""
    return f"mediator-{seed}-{centre + 1}-{mediator + 1}"


def person_id(seed: int, centre: int, regular: int) -> str:
    """The id of a person who comes again."""
    return f"person-{seed}-{centre + 1}-{regular + 1}"
