"""What a check of a published table says, in English and Chinese."""

from __future__ import annotations

from typing import Final

from community_mediation.metrics._rounding import Fit

_PHRASES: Final = {
    "lacking": ("{} not printed", "未公布：{}"),
    "zero": ("a denominator that may be 0", "分母可能为 0"),
    "unread": ("no figure in {}", "{}不是数字"),
    "whole": ("{} of {}", "{1}的{0}"),
    "rows": ("the rows of {}", "{}各分项"),
    "change": ("change of {} on {}", "{0}较{1}增减"),
    "before": ("the {} before", "上一{}"),
    "in": ("{} in {}", "{1}的{0}"),
    "row": ("row {}", "第 {} 行"),
    "from": ("from {} {}", "自 {} 起：{}"),
    "but": ("but {}", "但{}"),
    "none": ("no figures", "无数字"),
    "untouched": ("{:,} in no check", "未涉及 {:,}"),
}
_FITS: Final = {
    Fit.HALF_UP: "四舍五入",
    Fit.TRUNCATED: "截断",
    Fit.ROUNDED_UP: "进位",
    Fit.BALANCES: "平衡",
    Fit.WITHIN_ROUNDING: "在修约误差内",
    Fit.NO_FIT: "不符",
    Fit.DOES_NOT_BALANCE: "不平衡",
    Fit.NOT_PRINTED: "未公布",
    Fit.REDEFINED: "口径变化",
    Fit.NOT_CHECKED: "无法核对",
}
_COUNTED: Final = {
    Fit.BALANCES: "balanced",
    Fit.DOES_NOT_BALANCE: "not balanced",
    Fit.NOT_PRINTED: "not printed, and computed here",
    Fit.REDEFINED: "across a change of definition",
}
_COUNTED_ZH: Final = {Fit.NOT_PRINTED: "未公布、此处算出"}
_KINDS: Final = {
    "rate": "比率",
    "share": "占比",
    "sum": "合计",
    "parts": "分项",
    "change": "增减",
    "same": "同一数字",
    "product": "乘积",
}
_HEADINGS: Final = {
    "en": ("where", "figure", "from", "printed", "recomputed", "difference", "how", ""),
    "zh": ("位置", "数字", "由来", "公布值", "重算值", "差", "结论", ""),
}
_PAST: Final = (Fit.NOT_PRINTED, Fit.REDEFINED, Fit.NOT_CHECKED)


def say(lang: str, phrase: str, *args: object) -> str:
    """A phrase of the check."""
    return _PHRASES[phrase][lang == "zh"].format(*args)


def fit_word(lang: str, fit: Fit) -> str:
    """How a figure stands, in words."""
    return _FITS[fit] if lang == "zh" else fit.value


def kind_word(lang: str, kind: str) -> str:
    """What a figure is that has no column of its own."""
    return _KINDS.get(kind, kind) if lang == "zh" else kind


def headings(lang: str) -> tuple[str, ...]:
    """The headings of the printed table."""
    return _HEADINGS["zh" if lang == "zh" else "en"]


def summed_up(lang: str, counts: dict[Fit, int], untouched: int) -> str:
    """How many figures were checked, and how they stand."""
    ways = [way for way in Fit if counts.get(way)]
    if not ways and not untouched:
        return say(lang, "none")
    checked = sum(counts[way] for way in ways if way not in _PAST)
    if lang == "zh":
        told = {way: f"{_COUNTED_ZH.get(way, _FITS[way])} {counts[way]:,}" for way in ways}
        head, colon, comma, stop = f"核对公布数字 {checked:,} 个", "：", "，", "；"
    else:
        told = {way: f"{counts[way]:,} {_COUNTED.get(way, way.value)}" for way in ways}
        head, colon, comma, stop = f"{checked:,} printed figure{'' if checked == 1 else 's'} checked", ": ", ", ", "; "
    found = comma.join(text for way, text in told.items() if way not in _PAST)
    parts = [f"{head}{colon}{found}" if found else head]
    parts += [text for way, text in told.items() if way in _PAST]
    if untouched:
        parts.append(say(lang, "untouched", untouched))
    return stop.join(parts)
