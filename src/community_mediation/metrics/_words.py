"""The words that tables print, in English and Chinese."""

from __future__ import annotations

from typing import Final

_ZH: Final = {
    "total": "合计",
    "unknown": "未知",
    "undated": "日期不明",
    "open": "未结",
    "no cases": "无案件",
    "not reached": "未达到",
    "metric": "指标",
    "count": "数量",
    "of": "分母",
    "value": "数值",
    "interval": "区间",
    "cases": "案件",
    "counted over": "分母",
    "in the denominator": "计入分母",
    "left out": "不计入分母",
    "unknown outcome": "结果未知",
    "unknown whether in the denominator": "是否属于分母未知",
    "the outcome outside the denominator": "分母之外的协议",
    "others outside the denominator": "分母之外的其他案件",
    "excluded": "排除",
    "whole period": "全部期间",
    "period": "期间",
    "cohort": "按登记",
    "event": "按发生",
    "stock": "期末存量",
    "basis": "口径",
    "closed-only median": "仅已结案件中位数",
    "ended": "已结",
    "still open": "未结",
    "known to the day": "仅知日期",
    "ended after observation": "观察期后办结",
    "on-the-spot settlements": "当场调解",
    "implied": "视为经过各环节",
    "as_recorded": "按记录",
    "void": "作废",
    "start unknown": "起点未知",
    "end unknown": "是否结束未知",
    "end undated": "结束日期不明",
    "begun after observation": "观察期后开始",
    "ended before it began": "结束早于开始",
    "ends that cannot be compared": "起止无法比较",
    "limits": "区间",
    "days": "天",
    "hours": "小时",
    "minutes": "分钟",
    "missing": "缺失",
    "from cases": "涉及案件",
    "without the other answer": "无配对回答",
    "off the scale": "超出量表",
    "rows that name one": "人次",
    "not linked": "未关联",
    "several units": "单位不一",
    "not due yet": "未到期",
    "not seen for so long": "观察不足",
    "observed_through not given": "未给出 observed_through",
    "got there": "已达到",
    "ended otherwise": "以其他方式终结",
    "came under observation late": "延迟进入观察",
    "few were watched early: the curve is unsafe": "早期观察案件过少，曲线不可靠",
    "ended before observation": "观察开始前已办结",
    "one cluster: how clusters differ cannot be told": "仅一个案件，无法估计区间",
    "Outcome table": "调解成效表",
}


def word(text: str, lang: str) -> str:
    """*text* in *lang*; itself where there is no translation."""
    return _ZH.get(text, text) if lang == "zh" else text


def say(text: str, lang: str, *args: object) -> str:
    """*text* in *lang*, with *args* in the places that it leaves for them."""
    return word(text, lang).format(*args)


def reason(text: str, lang: str) -> str:
    """The reason of an absent value, ``unknown: 924``, in *lang*."""
    if lang == "en":
        return text
    parts = []
    for part in text.split(", "):
        name, colon, rest = part.partition(": ")
        parts.append(word(name, lang) + ("：" + rest.replace(" open", "") if colon else ""))
    return "，".join(parts)
