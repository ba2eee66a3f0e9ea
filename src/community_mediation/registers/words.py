"""Words that registers use for the codes of closed lists, in Chinese and English.

Sources of the Chinese words: People's Mediation Law (2010) articles 16 to 33, the register forms of the Ministry
of Justice (司发通〔2010〕239号), the yearly statistics of people's mediation, GB/T 31000-2015. A word with two
readings in one column is left out: a mapping decides it.
"""

from __future__ import annotations

import unicodedata
from types import MappingProxyType
from typing import Final

_WORDS: Final[dict[str, dict[str, str]]] = {
    "status": {
        "open": "in progress, ongoing, pending, active, 未结, 未结案, 在办, 办理中, 调解中, 未化解",
        "concluded": "ended, resolved, 已结, 已结案, 结案, 办结, 已办结",
        "closed": "archived, file closed, 归档, 已归档",
        "void": "cancelled, canceled, deleted, 作废, 已作废",
    },
    "source": {
        "application": "applied, on application, 依申请, 依申请调解, 申请, 申请调解, 当事人申请",
        "proactive": "own initiative, 主动, 主动调解, 排查发现",
        "referral": "referred, 移送, 委托移送, 接受委托移送, 接受委托移送调解, 委托移送调解",
    },
    "referral_kind": {
        "advised": "advice, 告知, 告知引导, 引导",
        "pre_filing": "pre-filing, before filing, 委派, 委派调解, 诉前委派",
        "post_filing": "post-filing, after filing, 委托, 委托调解, 诉中委托",
        "transfer": "transferred, 移送, 移交, 移送调解",
    },
    "process": {
        "people": "people's mediation, 人民调解",
        "administrative": "administrative mediation, 行政调解",
        "public_order": "public order mediation, 治安调解",
        "pre_filing": "pre-filing mediation, 诉前调解",
        "post_filing": "post-filing mediation, 诉中调解",
        "conciliation": "conciliated, 和解",
        "arbitration": "arbitrated, 仲裁",
    },
    "nature": {
        "civil": "civil matter, 民事, 民商事, 民间纠纷, 民事纠纷, 民商事纠纷",
        "criminal": "criminal matter, 刑事, 刑事案件, 轻微刑事",
        "administrative": "administrative matter, 行政, 行政争议, 行政纠纷",
        "public_order": "public order, 治安, 治安案件, 治安纠纷",
        "other": "others, 其他, 其它",
    },
    "difficulty": {
        "simple": "easy, 简单, 简单纠纷, 简易, 简易纠纷",
        "ordinary": "normal, medium, 一般, 一般纠纷, 普通, 普通纠纷",
        "complex": "difficult, hard, 复杂, 疑难, 疑难复杂, 疑难复杂纠纷, 复杂纠纷, 重大疑难",
    },
    "session_format": {
        "joint": "face to face, face-to-face, together, 面对面, 面对面调解, 当面",
        "separate": "shuttle, caucus, 背对背, 背对背调解, 分别调解",
        "site_visit": "site visit, on site, 现场, 现场调解, 实地, 上门调解",
    },
    "session_medium": {
        "in_person": "in person, offline, 线下, 现场, 当面",
        "online": "video, virtual, 线上, 网上, 视频, 在线, 视频调解, 在线调解",
        "phone": "telephone, by phone, 电话, 电话调解",
    },
    "conclusion": {
        "settled": "agreement, agreed, successful, 调解成功, 成功, 达成协议, 调解达成协议, 化解成功",
        "settled_in_part": "partly settled, partially settled, partial agreement, 部分达成, "
        "部分达成协议, 部分成功, 部分调解成功",
        "not_settled": "no agreement, failed, unsuccessful, impasse, 调解不成, 调解不成(终止), 调解失败, 不成功, "
        "未成功, 未达成协议, 未达成, 调解未成",
        "resolved_before_session": "resolved before session, 自行和解, 会前和解, 调解前和解",
        "withdrawn": "withdrew, 撤回, 撤回申请, 撤销申请, 申请人撤回",
        "refused": "refused mediation, 拒绝, 拒绝调解, 不同意调解, 当事人拒绝调解",
        "no_response": "no response, no reply, 无回应, 未答复, 联系不上, 无法联系",
        "unsuitable": "not suitable, 不适宜调解, 不宜调解, 不适合调解",
        "referred_out": "referred out, referred elsewhere, 移送, 转办, 转交, 移送其他部门, 移交其他部门",
        "declined": "not accepted, 不予受理, 未受理, 不受理",
        "lapsed": "expired, timed out, 超期, 逾期, 逾期终止, 期限届满",
        "void": "cancelled, canceled, 作废",
    },
    "agreement_form": {
        "oral": "verbal, 口头, 口头协议",
        "written": "in writing, 书面, 书面协议, 调解协议书",
    },
    "compliance": {
        "kept": "complied, fulfilled, performed, 履行, 已履行, 全部履行, 履行完毕, 当场履行",
        "partly": "partial, in part, partially complied, 部分履行",
        "breached": "not complied, broken, breach, 未履行, 不履行, 违约, 拒不履行",
        "pending": "not due, ongoing, 待履行, 履行中, 未到期, 正在履行",
    },
    "confirmation": {
        "applied": "requested, 申请, 已申请, 申请司法确认",
        "accepted": "taken on, 受理, 已受理",
        "refused": "not taken on, 不予受理, 未受理",
        "confirmed": "granted, 确认, 已确认, 确认有效, 裁定有效",
        "rejected": "dismissed, 驳回, 驳回申请, 裁定驳回, 不予确认",
        "withdrawn": "withdrew, 撤回, 撤回申请",
    },
    "escalation_kind": {
        "crime": "criminal act, 刑事案件, 民转刑, 刑事",
        "suicide": "self-harm, 自杀",
        "mass_petition": "petition, 群体性上访, 上访, 集体上访, 群体上访",
        "fight": "brawl, 械斗, 群体性械斗, 打架斗殴",
        "violence": "violent act, 暴力, 家庭暴力, 伤害",
        "other": "others, 其他, 其它",
    },
}

FLAGS: Final = MappingProxyType(
    {
        **dict.fromkeys(("yes", "y", "true", "1", "是", "有"), True),
        **dict.fromkeys(("no", "n", "false", "0", "否", "没有", "不是"), False),
    }
)
"""Words for yes and no."""

_BLANKS_EN: Final = (
    "",
    "-",
    "--",
    "---",
    "—",
    "——",
    "–",
    "/",
    "\\",
    "n/a",
    "#n/a",
    "nil",
    "null",
    "none",
    "nan",
    "unknown",
)
_BLANKS_ZH: Final = ("无", "不详", "未知", "不明", "未填", "空", "暂无", "待定")
BLANKS: Final = frozenset((*_BLANKS_EN, *_BLANKS_ZH))
"""Cells that say nothing, in a column of codes, times, numbers or marks."""


def folded(text: str) -> str:
    """A word as it is compared: full-width forms, case and blanks do not count."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(text.lower().split())


def _table() -> MappingProxyType[str, MappingProxyType[str, str]]:
    tables = {}
    for column, codes in _WORDS.items():
        words = {folded(code): code for code in codes}
        for code, listed in codes.items():
            words.update((folded(word), code) for word in listed.split(","))
        tables[column] = MappingProxyType(words)
    return MappingProxyType(tables)


SYNONYMS: Final = _table()
"""Column to folded word to code; the codes stand for themselves."""
