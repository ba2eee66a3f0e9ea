"""Random registers for Hypothesis whose rows are all sound: many shapes of a life, dates in order, invented people."""

from __future__ import annotations

import datetime as dt
import random

from hypothesis import strategies as st

from community_mediation.registers import COLUMNS

SURNAMES = "苗段郗蔚佟冉叶钱"
HEADINGS = [
    *(name for name in COLUMNS if name not in ("case_no", "external_system", "external_id", "centre", "currency")),
    "own.house",
    "own.lift",
]
TEXTS = ["", "漏水", "=1+1", "+86", "@x", "'=a", "a;b", "a|b", 'say "no"', "两\n行", " שלום", "🧓🏽", "-", "'"]
ENDS = ["not_settled", "withdrawn", "refused", "no_response", "unsuitable", "referred_out", "lapsed"]


def parties(rng: random.Random) -> str:
    """Up to three parties of one cell."""
    people = []
    for _ in range(rng.randrange(4)):
        kind = rng.choice(["", "|person", "|organisation", "|group"])
        sex = rng.choice(["", "|male", "|female|1980-02-29", "|other"]) if kind else ""
        people.append(rng.choice(SURNAMES) + "某" + kind + sex)
    return "; ".join(people)


def life(seed: int) -> dict[str, str]:
    """What a register tells of a case, but for its numbers: no two cells contradict each other."""
    rng = random.Random(seed)
    time = dt.datetime(2022, 3, 1, 8, tzinfo=dt.UTC) + dt.timedelta(days=rng.randrange(300))

    def pick(*choices: str) -> str:
        return rng.choice(choices)

    def later() -> str:
        nonlocal time
        time += dt.timedelta(days=rng.choice([0, 0, 1, 9]), minutes=rng.randrange(60))
        return pick("", "unknown", time.date().isoformat(), f"{time:%Y-%m-%d %H:%M}")

    reported = later() or time.date().isoformat()
    cells = {
        "reported_at": reported,
        "dispute_type": pick("neighbour", "family", "纠纷 其他"),
        "nature": pick("", "civil", "public_order"),
        "channel": pick("", "walk_in", "police_call"),
        "source": pick("", "application", "referral"),
        "process": pick("", "people", "conciliation"),
        "title": pick(*TEXTS),
        "brief": pick(*TEXTS),
        "people_involved": pick("", "0", "3"),
        "amount_claimed": pick("", "0", "1200.50", "8800"),
        "applicants": parties(rng),
        "respondents": parties(rng),
        "mediators": pick("", "郗某", "郗某; 蔚某", "佟某"),
        "sessions": pick("", "1", "3"),
        "session_format": pick("", "joint", "separate"),
        "session_medium": pick("", "in_person", "phone"),
        "accepted_at": later(),
        "first_session_at": later(),
        "joint_session_at": later(),
        "recorded_at": pick("", "2023-05-01", "2023-05-01 09:00"),
        "own.house": pick("", "塔楼", "=cmd"),
        "own.lift": pick("", "yes"),
        "escalation_kind": pick("", "fight"),
        "escalation_averted": pick("", "yes", "no"),
    }
    shape = pick("open", "silent", "settled", "settled", "failed", "ended", "void")
    if shape == "settled":
        cells |= {"agreed_at": later(), "conclusion": pick("", "settled", "settled_in_part")}
        cells |= {"agreement_form": pick("", "oral", "written"), "amount_agreed": pick("", "500")}
        if not any(cells[name] for name in ("agreed_at", "conclusion", "agreement_form", "amount_agreed")):
            cells["conclusion"] = "settled"
        cells |= {"compliance": pick("", "kept", "breached", "pending"), "confirmation": pick("", "applied")}
        cells |= {"litigation": pick("", "no"), "complied_at": later(), "follow_up_at": later()}
        cells |= {"follow_up_kept": pick("", "yes", "no"), "satisfaction_applicant": pick("", "5")}
    if shape == "failed":
        cells["conclusion"] = pick(*ENDS)
    if shape in ("settled", "failed", "ended", "void"):
        cells |= {"concluded_at": later(), "closed_at": later()}
    cells["status"] = {
        "open": "open",
        "silent": "",
        "settled": pick("", "concluded", "closed"),
        "failed": pick("", "concluded", "closed"),
        "ended": pick("concluded", "closed"),
        "void": "void",
    }[shape]
    # Every register has every column: a column that is missing cannot say that something has not happened.
    return {name: cells.get(name, "") for name in HEADINGS}


def lives() -> st.SearchStrategy[dict[str, str]]:
    """Any of these."""
    return st.integers(0, 2**32).map(life)


KEYS = [
    {"case_no": "1", "centre": "甲 站"},
    {"case_no": "1", "centre": "乙站"},
    {"case_no": "2", "centre": "甲 站"},
    {"case_no": "3", "external_system": "police", "external_id": "P1", "centre": "甲 站"},
    {"external_system": "police", "external_id": "P2"},
    {"external_system": "court", "external_id": "P1", "centre": "乙站"},
]
"""Six cases: two of one number at two centres, two of one number in two systems, one without a number of its own."""


def registers(most: int = len(KEYS)) -> st.SearchStrategy[list[dict[str, str]]]:
    """Registers of different cases, in any order."""
    chosen = st.lists(st.sampled_from(KEYS), min_size=1, max_size=most, unique_by=str)
    return st.builds(
        lambda keys, seed: [{**key, **life(seed + number)} for number, key in enumerate(keys)],
        chosen,
        st.integers(0, 2**32),
    )


MAPPING = """
zone = "Asia/Shanghai"
[money]
currency = "CNY"
[own.house]
column = "own.house"
sensitivity = "none"
"""
"""One own column is public, the other is not."""
