"""The words of papers of one case, in English and Chinese. A code without words here is printed as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from community_mediation.domain.values import Milestone, Money, Reach, When
from community_mediation.ports import Label

WORDS: Final[Mapping[str, Label]] = {
    # parties
    "applicant": Label("applicant", "申请人"),
    "respondent": Label("respondent", "被申请人"),
    "third_party": Label("third party", "第三人"),
    "representative": Label("representative", "代理人"),
    "guardian": Label("guardian", "监护人"),
    "witness": Label("witness", "证人"),
    "natural": Label("natural person", "自然人"),
    "organisation": Label("organisation", "单位"),
    "group": Label("group", "群体"),
    "male": Label("male", "男"),
    "female": Label("female", "女"),
    "unspecified": Label("unspecified", "未说明"),
    # dispute and intake
    "civil": Label("civil", "民事"),
    "criminal": Label("criminal", "刑事"),
    "administrative": Label("administrative", "行政"),
    "public_order": Label("public order", "治安"),
    "other": Label("other", "其他"),
    "simple": Label("simple", "简单"),
    "ordinary": Label("ordinary", "一般"),
    "complex": Label("complex", "疑难复杂"),
    "application": Label("on application", "依申请"),
    "proactive": Label("proactively", "主动调解"),
    "referral": Label("by referral", "委托移送"),
    # course
    "reported": Label("reported", "登记"),
    "accepted": Label("accepted", "受理"),
    "in_mediation": Label("in mediation", "调解中"),
    "concluded": Label("concluded", "办结"),
    "people": Label("people's mediation", "人民调解"),
    "lead": Label("lead mediator", "主持调解员"),
    "member": Label("mediator", "调解员"),
    "recorder": Label("recorder", "记录人"),
    "joint": Label("joint", "面对面"),
    "separate": Label("separate", "背对背"),
    "site_visit": Label("site visit", "实地"),
    "in_person": Label("in person", "现场"),
    "online": Label("online", "线上"),
    "phone": Label("by phone", "电话"),
    # outcome
    "settled": Label("settled", "调解成功"),
    "settled_in_part": Label("settled in part", "部分调解成功"),
    "not_settled": Label("not settled", "调解不成"),
    "resolved_before_session": Label("resolved before a session", "会前自行解决"),
    "withdrawn": Label("withdrawn", "撤回"),
    "refused": Label("refused by a party", "当事人拒绝"),
    "no_response": Label("no response", "无回应"),
    "unsuitable": Label("unsuitable for mediation", "不适宜调解"),
    "referred_out": Label("referred out", "移送"),
    "declined": Label("declined", "不予受理"),
    "lapsed": Label("lapsed", "逾期终止"),
    "void": Label("void", "作废"),
    "agreement": Label("agreement", "调解协议"),
    "award": Label("award", "裁决"),
    "private_settlement": Label("private settlement", "自行和解"),
    "oral": Label("oral", "口头"),
    "written": Label("written", "书面"),
    "full": Label("in full", "全部"),
    "partial": Label("in part", "部分"),
    "drafted": Label("drafted", "已拟定"),
    "effective": Label("effective", "已生效"),
    "complied": Label("complied with", "已履行"),
    "partly": Label("partly kept", "部分履行"),
    "breached": Label("not kept", "未履行"),
    "varied": Label("varied", "已变更"),
    "repudiated": Label("repudiated", "已反悔"),
    "confirmed": Label("confirmed by a court", "已司法确认"),
    "executed": Label("executed", "已执行"),
    "kept": Label("kept", "全部履行"),
    "pending": Label("not due yet", "未到期"),
    "payment": Label("payment", "给付"),
    "apology": Label("apology", "赔礼道歉"),
    "act": Label("act", "履行行为"),
    "forbearance": Label("forbearance", "停止行为"),
    # signatures
    "signature": Label("signed", "签名"),
    "seal": Label("sealed", "盖章"),
    "fingerprint": Label("fingerprint", "按指印"),
    "electronic": Label("signed electronically", "电子签名"),
    "yes": Label("yes", "是"),
    "no": Label("no", "否"),
}


def said(code: object, lang: str) -> str | None:
    """A code in words; ``None`` stays ``None``, and so does what only says that nothing is known."""
    if code is None or str(code) == "unknown":
        return None
    if isinstance(code, bool):
        return WORDS["yes" if code else "no"].text(lang)
    label = WORDS.get(str(code))
    return str(code) if label is None else label.text(lang)


def day(when: When | None) -> str | None:
    """A time as exactly as it is known: a day, or a day with its minute on the wall; ``None`` if it is not."""
    if when is None or when.is_unknown:
        return None
    if when.instant is not None:
        return when.instant.strftime("%Y-%m-%d %H:%M")
    return None if when.day is None else when.day.isoformat()


def passed(milestone: Milestone, lang: str) -> str | None:
    """A milestone in words; ``None`` where nobody knows."""
    if milestone.state is Reach.NOT_REACHED:
        return Label("not reached", "未经过").text(lang)
    if milestone.when is None:
        return None
    return day(milestone.when) or Label("on a day that is not known", "日期不明").text(lang)


def money(amount: Money | None) -> str | None:
    """An amount with its currency."""
    return None if amount is None else f"{amount.amount:,f} {amount.currency}"


def joined(parts: list[str | None], lang: str) -> str | None:
    """What is known of *parts*, one after the other; ``None`` if nothing is."""
    known = [part for part in parts if part]
    return ("，" if lang.startswith("zh") else ", ").join(known) or None
