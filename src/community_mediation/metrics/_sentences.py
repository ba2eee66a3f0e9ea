"""The sentences of ``explain``, clause by clause, in Chinese: by the English text that they stand for."""

from __future__ import annotations

from typing import Final

SENTENCES: Final = {
    # in every sentence
    "; ": "；",
    ", ": "、",
    " and ": "、",
    "{} (version {})": "{}（第 {} 版）",
    "{}: {}. Source: {}.": "{}：{}。来源：{}。",
    "{}. Source: {}.": "{}。来源：{}。",
    "{}.": "{}。",
    "at any time": "全部期间",
    "in {}": "{} 期间",
    "; left out: {}": "；未计入：{}",
    "recorded ones only, while a rate over {} counts {}, with settlements on the spot implied to stand on that rung": (
        "仅计有记录者，而以{}为分母的比率按 {} 件计，当场调解视为经过该环节"
    ),
    "no figure ({})": "无数值（{}）",
    "no median ({})": "无中位数（{}）",
    "no rate ({})": "无成功率（{}）",
    "{} of {}": "{} / {}",
    "{} of {}, {} %": "{} / {}，即 {} %",
    "it shows persons and is not for a public report": "涉及个人，不得用于公开报告",
    "{} of no unit left out": "不属于任何单位的 {}，不计入",
    "in total {}": "就合计而言，{}",
    # what rows are called
    "rows": "记录",
    "parties": "当事人",
    "assignments": "调解员办案记录",
    "sessions": "调解会",
    "agreements": "调解协议",
    "terms": "协议履行事项",
    "dangers": "风险",
    "answers": "回答",
    "tallies": "统计记录",
    "{} rows": "{} 条记录",
    "{} cases": "{} 件案件",
    "{} parties": "{} 名当事人",
    "{} assignments": "{} 条调解员办案记录",
    "{} sessions": "{} 场调解会",
    "{} agreements": "{} 份调解协议",
    "{} terms": "{} 项协议履行事项",
    "{} dangers": "{} 项风险",
    "{} answers": "{} 份回答",
    "{} pairs": "{} 对回答",
    "{} tallies": "{} 条统计记录",
    # what is left out
    "{} undated": "日期不明 {}",
    "{} on an unknown date": "日期不明 {}",
    "{} of which it is unknown": "无法判断是否计入 {}",
    "{} with an unknown outcome": "结果未知 {}",
    "{} not known to belong to the denominator": "是否属于分母不明 {}",
    "{} with the outcome outside the denominator": "分母之外出现该结果 {}",
    "{} others outside it": "分母之外的其他 {}",
    "{} without a value": "缺失 {}",
    "{} off the scale": "超出量表 {}",
    "{} rows linked to none": "未关联的记录 {}",
    "{} not due yet": "未到期 {}",
    # one kind of figure
    "{}: {}": "{}：{}",
    "{}, added up {}: {}": "{}，{}合计：{}",
    "{} in {}": "{}，见于 {}",
    "{}, {}: {}": "{}，{}：{}",
    "mean {} of {} from {} cases, {}": "均值 {}，据 {}，来自 {} 件案件，{}",
    "limits {}": "区间 {}",
    "{}, counted over {}, {}: {}": "{2}，以“{1}”为分母，“{0}”：{3}",
    "{} by {}, {}: {}": "{}除以{}，{}：{}",
    "{} by {}, {}": "{} / {}，即 {}",
    "{}, counted over {}, among the {} {} {} ({}): {}": "{4}{3}的 {2}（{5}）中，以“{1}”为分母，“{0}”：{6}",
    ", and between {} % and {} % whatever the unknown cases are": (
        "；无论未知者的实际情况如何，该比例均在 {} % 至 {} % 之间"
    ),
    "; {} open counted in the denominator": "；未结 {}，计入分母",
    "; {} open left out": "；未结 {}，不计入分母",
    "time from {} to {} of the {} {} {}": "{4}{3}的 {2}，自{0}至{1}的用时",
    "{}: {} by Kaplan-Meier, {} ended and {} still open when last seen; {} known to the day only": (
        "{}：按 Kaplan-Meier 法，{}；已结 {}，最后观察时仍未结（删失）{}；仅知日期 {}"
    ),
    "median {} {}": "中位数 {} {}",
    "; the median of the ended ones alone, {}, is too short while cases are open": (
        "；仅就已结者计算的中位数为 {}，因仍有未结而偏短"
    ),
    "; the median of the ended ones alone, {}, leaves out none": "；仅就已结者计算的中位数为 {}，没有未结者被遗漏",
    "{}, where {} without it competes (Aalen-Johansen): {}; {} got there, {} ended otherwise, {} still open when last "
    "seen; {} known to the day only": (
        "{}，未至此而{}的作为竞争结局（Aalen-Johansen 法）：{}；已达到 {}，以其他方式终结 {}，"
        "最后观察时仍未结（删失）{}；仅知日期 {}"
    ),
    "half within {} {} of all": "全体的半数在 {} {}之内达到",
    # the ladder
    "Of the {} cases reported {} (cohort){}, settlements on the spot {}: {}; agreed is in full or in part, and cases "
    "still open are left out of every denominator but the first": (
        "{1}登记的 {0} 件案件（按登记）{2}，当场调解{3}：{4}；达成协议含全部达成与部分达成，"
        "未结案件除第一环节外均不计入分母"
    ),
    ", {} {} left out": "，{1} {0} 件不计入",
    ", {} undated left out": "，日期不明 {} 件不计入",
    "standing on every rung": "视为处于每一环节",
    "standing where it is recorded": "按记录所在环节计",
    "{} {}{}, agreed {}": "{1} {0} 件{2}，达成协议 {3}",
    ", unknown of {}": "（另有 {} 件不明）",
    # the trend
    "{}: {}, for each {} from {} to {}": "{0}：{1}，自 {3} 至 {4} 逐{2}",
    "month": "月",
    "quarter": "季度",
    "half": "半年",
    "year": "年",
    ", counted over {} ({})": "，以“{}”为分母（{}）",
    ", of {} ({})": "，统计对象：{}（{}）",
    "{} open in all": "共有未结 {}",
    "{} unknown or undated in all": "共有未知或日期不明 {}",
    "{} periods without a figure": "{} 期无数值",
    "{} is not finished": "{} 尚未结束",
    "{} periods had not begun when it was last watched": "最后观察时尚有 {} 期未开始",
    "{}: version {}": "{}：第 {} 版",
    "no movement across {}: {}": "{} 前后不作比较：{}",
    # units: funnel, comparison, the load
    "{}, counted over {} ({}), {}, by {}: {} units with {} in the denominator, each compared with {}": (
        "{}，以“{}”为分母（{}），{}，按 {} 分列：{} 个单位，分母合计 {}，各与{}比较"
    ),
    "the rest of all units": "其余单位合计",
    "{} (overall)": " {}（全部单位合计）",
    "{} (given)": " {}（指定值）",
    "{} units not judged (below {}, or without a share)": "{} 个单位不作评判（不足 {}，或无比例）",
    "{}, counted over {} ({}), {}: {} units by {}, each with the case mix of all {} cases by {} in {} strata": (
        "{}，以“{}”为分母（{}），{}：{} 个单位（按 {} 分列），各按全部 {} 件案件的构成（按 {} 分为 {} 层）调整"
    ),
    "what is expected of each by the shares of the whole": "各单位的预期按总体各层比例计算",
    "what is expected of each by the shares of the rest": "各单位的预期按其余单位各层比例计算",
    "{} units lack some of the strata, whose weight the others take": "{} 个单位缺少部分层，其权重由其余各层分担",
    "{} units below {} not judged": "{} 个单位不足 {}，不作评判",
    "{}, {} {} ({}), by {}: the busiest {} of {} units that have any have {} % of {}; the sum of squared shares is {}, "
    "and by chance alone would be {}": (
        "{0}，{2}的{1}（{3}），按 {4} 分列：有此类记录的 {6} 个单位中，最忙的 {5} 个占全部 {8} 的 {7} %；"
        "比例平方和为 {9}，仅因偶然预期为 {10}"
    ),
}
"""What ``say`` finds beside the words of the tables."""
