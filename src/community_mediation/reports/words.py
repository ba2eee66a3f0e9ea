"""The headings of papers, in English and Chinese."""

from __future__ import annotations

from typing import Final

_ZH: Final = {
    "Metric": "指标",
    "Counted over": "分母名称",
    "Number": "数量",
    "Out of": "分母",
    "Figure": "数值",
    "Lower limit": "区间下限",
    "Upper limit": "区间上限",
    "Interval": "区间",
    "Note": "注",
    "Notes": "说明",
    "Sources": "数据来源",
    "Computed from": "计算依据",
    "share with its interval": "比例及其区间",
    "share still open": "未结比例",
    "time": "时间",
    "days": "天",
    "hours": "小时",
    "minutes": "分钟",
    "median": "中位数",
    "closed cases alone": "仅已结案件",
    "too short": "偏短",
    "not reached": "未达到",
    "cases": "件案件",
    "ended": "件已结",
    "still open": "件未结",
    "pointwise limits": "逐点区间",
    "without a figure, not drawn": "项无数值，未绘出",
    "Period": "统计期间",
    "whole period": "全部期间",
    "For": "报送对象",
    "public": "公开",
    "supervisor": "主管部门",
    "court": "人民法院",
    "internal": "内部",
    "Report": "报表",
    "version": "版本",
    "Unit": "单位",
    "Findings": "核对结果",
    "Missing": "尚缺",
}


_EN: Final = {
    "public": "the public",
    "supervisor": "the supervising authority",
    "court": "the court",
    "internal": "internal use only",
}


def term(text: str, lang: str) -> str:
    """*text* in *lang*; itself where there is no translation."""
    return _ZH.get(text, text) if lang.startswith("zh") else _EN.get(text, text)
