"""The words that tables print, in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from community_mediation.metrics._sentences import SENTENCES

_ZH: Final = {
    **SENTENCES,
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
    "currency unknown": "币种不明",
    "from cases": "涉及案件",
    "without the other answer": "无配对回答",
    "off the scale": "超出量表",
    "rows that name one": "人次",
    "not linked": "未关联",
    "several units": "单位不一",
    "not due yet": "未到期",
    "never seen": "从未观察",
    "not seen for so long": "观察不足",
    "nobody was watched that long": "观察时间均不足",
    "known only because they ended": "仅因已终止而知其情况",
    "observed_through not given": "未给出 observed_through",
    "got there": "已达到",
    "ended otherwise": "以其他方式终结",
    "came under observation late": "延迟进入观察",
    "few were watched early: the curve is unsafe": "早期观察案件过少，曲线不可靠",
    "ended before observation": "观察开始前已办结",
    "one cluster: how clusters differ cannot be told": "仅一个案件，无法估计区间",
    "Outcome table": "调解成效表",
    "The ladder": "分母阶梯",
    "rung": "环节",
    "stand on it": "处于该环节",
    "agreed": "达成协议",
    "in full": "全部达成",
    "share in full": "全部达成率",
    "agreed, in full or in part": "达成（全部或部分）协议",
    "others on the rung": "该环节其他案件",
    "{} unknown": "未知 {}",
    "uptake {} of {} ({}) x agreement {} of {} ({}) = effective reach {} of {} ({})": (
        "启动 {} / {}（{}）× 达成协议 {} / {}（{}）＝ 有效覆盖 {} / {}（{}）"
    ),
    "not decided yet or unknown: {}, counted as no agreement": "尚未办结或结果未知：{}，按未达成协议计",
    "agreed without a mediation begun: {}, not in it": "未启动调解而达成协议：{}，不计入",
    "unknown whether begun: {}, left out": "是否启动调解未知：{}，不计入",
    "no effective reach: no case is known to have begun": "无有效覆盖率：没有已知启动调解的案件",
    "Trend": "趋势",
    "by month": "按月",
    "by quarter": "按季度",
    "by half": "按半年",
    "by year": "按年",
    "on the period before": "环比",
    "on the year before": "同比",
    "not finished": "未结束",
    "not begun": "未开始",
    "no such period before": "无可比期",
    "no figure": "无数值",
    "no figure before": "上期无数值",
    "from 0": "上期为 0",
    "0 in both": "两期均为 0",
    "in other units": "单位不同",
    "some are not linked": "部分未关联",
    "definition changes": "口径变化",
    "{} points": "{} 个百分点",
    "{} to {}": "{} 至 {}",
    "from {} on: {}; no movement crosses it": "自 {} 起：{}；前后不作比较",
    "both definitions are in {}": "两种口径并存于 {}",
    "watched through {}": "观察截至 {}",
    "watched through {}: the period is not finished": "观察截至 {}：该期间尚未结束",
    "nobody said until when it was watched: the last periods may not be finished": (
        "未说明观察截止日：最近各期可能尚未结束"
    ),
    "open cases are not decided: figures of young periods still move": "未结案件尚无结果：近期数值仍会变动",
    "limits of movements": "增减区间",
    "Newcombe, hybrid score": "Newcombe 混合得分法",
    "square and add, from limits clustered by case": "由按案件聚类的区间平方相加",
    "Funnel": "漏斗图",
    "in order of name, not a ranking": "按名称排列，不是排名",
    "in order of size, not a ranking": "按规模排列，不是排名",
    "control limits": "控制界限",
    "the rest": "其余单位",
    "where": "位置",
    "below {}": "低于 {} 界限",
    "above {}": "高于 {} 界限",
    "too few to be judged": "案件过少，不作评判",
    "exact": "精确",
    "nominal": "名义",
    "{} of {} units outside the {} limits; {} expected by chance alone ({})": (
        "{1} 个单位中 {0} 个超出 {2} 界限；仅因偶然预期 {3} 个（{4}）"
    ),
    "units below {} cases, not judged: {}, with {} cases": "不足 {} 件、不作评判的单位：{} 个，共 {} 件",
    "cases of no unit: {}": "不属于任何单位的案件：{} 件",
    "several rows are of one case: the limits are too narrow": "同一案件有多行记录：界限偏窄",
    "It shows persons: not for a public report": "涉及个人：不得用于公开报告",
    "Each unit is compared with the rest (hypergeometric limits)": "各单位与其余单位比较（超几何界限）",
    "target {}: all units together (binomial limits)": "目标 {}：全部单位合计（二项界限）",
    "target {}: given (binomial limits)": "目标 {}：指定值（二项界限）",
    "over-dispersion: cannot be told from so few units": "过度离散：单位过少，无法判断",
    "over-dispersion: phi = {} (mean of the squared scores, {} % winsorised at either end; 1 by chance alone), "
    "tau = {} (DerSimonian and Laird)": (
        "过度离散：phi = {}（标准分平方的均值，两端各缩尾 {} %；仅因偶然为 1），tau = {}（DerSimonian-Laird）"
    ),
    "limits not widened": "界限未放宽",
    "limits widened, additive": "界限已按加法放宽",
    "limits widened, multiplicative": "界限已按乘法放宽",
    "note": "说明",
    "{} without a value, not drawn": "{} 项无数值，未绘出",
    "unit": "单位",
    "Comparison": "比较",
    "adjusted for {}": "按 {} 调整",
    "crude": "原始",
    "adjusted": "调整后",
    "expected": "预期",
    "observed / expected": "实际 / 预期",
    "no stratum in common": "没有共同的层",
    "adjusted to {} of all cases: the unit has none of the others": "仅调整至全部案件的 {}：该单位没有其余各层的案件",
    "{}: {}, {} cases left out": "{}：{}，{} 件不计入",
    "no case in the whole": "总体没有案件",
    "no case of the unit": "该单位没有案件",
    "nothing is expected": "预期为 0",
    "more or fewer than the shares of the whole allow: 0 or 1 of it in a stratum where the unit differs": (
        "超出总体比例所允许的范围：某层总体为 0 或 1，而该单位不同"
    ),
    "standard: the case mix of all units together, {} cases in {} strata": "标准：全部单位合计的案件构成，{} 件，{} 层",
    "expected: by the shares of the whole": "预期：按总体各层比例",
    "expected: by the shares of the rest": "预期：按其余单位各层比例",
    "strata without a case in the denominator: {}": "分母中没有案件的层：{}",
    "{} less {}: no stratum has cases of both; {} cases left out": "{} 减 {}：没有双方均有案件的层；{} 件不计入",
    "{} less {}: {} percentage points, {} to {} (Mantel-Haenszel, Sato, {} %; {} cases in {} strata, {} left out)": (
        "{} 减 {}：{} 个百分点，{} 至 {}（Mantel-Haenszel, Sato, {} %；{} 件，{} 层，{} 件不计入）"
    ),
    "odds ratio {}, {} to {}": "比值比 {}，{} 至 {}",
    "What the strata do not hold is not adjusted for": "各层未包含的因素没有调整",
    "dashed: all units together, {}": "虚线：全部单位合计，{}",
    "Concentration": "集中度",
    "figure": "数字",
    "units with at least one": "至少有一件的单位",
    "share of the busiest tenth ({} units)": "最忙十分之一（{} 个单位）所占比例",
    "index of concentration (Herfindahl)": "集中度指数（赫芬达尔）",
    "index to be expected by chance alone": "仅因偶然预期的指数",
    "effective number of units": "有效单位数",
    "units that have none in the period, in no share: {}": "期内没有案件、不计入比例的单位：{} 个",
    "of no unit, in no share: {}": "不属于任何单位、不计入比例：{} 件",
    "busiest part of units": "最忙的单位所占部分",
    "exact (Clopper-Pearson)": "精确法（Clopper-Pearson）",
    "Wilson, clustered, t": "Wilson，按案件聚类，t 分布",
    "Wilson, clustered, all alike within a cluster": "Wilson，按案件聚类，视同一案件内完全一致",
    "exact (Korn-Graubard), clustered, t": "精确法（Korn-Graubard），按案件聚类，t 分布",
    "exact (Korn-Graubard), clustered, all alike within a cluster": (
        "精确法（Korn-Graubard），按案件聚类，视同一案件内完全一致"
    ),
    "clustered, t": "按案件聚类，t 分布",
    "Brookmeyer-Crowley (log-log)": "Brookmeyer-Crowley（双对数变换）",
    "Aalen-Johansen (log-log)": "Aalen-Johansen（双对数变换）",
    "stratified Wilson": "分层 Wilson",
    "exact, Poisson-binomial": "精确法，泊松二项分布",
    "score, Poisson-binomial": "得分法，泊松二项分布",
    "share of all": "占全部的比例",
}


def word(text: str, lang: str) -> str:
    """*text* in *lang*; itself where there is no translation."""
    return _ZH.get(text, text) if lang == "zh" else text


def say(text: str, lang: str, *args: object) -> str:
    """*text* in *lang*, with *args* in the places that it leaves for them."""
    return word(text, lang).format(*args)


def joined(parts: Iterable[str], between: str, lang: str) -> str:
    """*parts* with *between* them, a comma or a semicolon, as *lang* writes it."""
    return word(between, lang).join(parts)


_WIDE: Final = {"; ": "；", ": ": "：", ", ": "、", " (": "（", ")": "）"}


def in_sentence(note: str, lang: str) -> str:
    """A note of a table, with the punctuation of a sentence."""
    if lang == "zh":
        for narrow, wide in _WIDE.items():
            note = note.replace(narrow, wide)
    return note


def reason(text: str, lang: str) -> str:
    """The reason of an absent value, ``unknown: 924``, in *lang*."""
    if lang == "en":
        return text
    parts = []
    for part in text.split(", "):
        name, colon, rest = part.partition(": ")
        parts.append(word(name, lang) + ("：" + rest.replace(" open", "") if colon else ""))
    return "，".join(parts)
