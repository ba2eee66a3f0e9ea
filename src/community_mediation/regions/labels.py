"""What the codes of the closed lists are called, in English and Chinese, and what a region calls them.

The classes behind the codes are the same everywhere; their names are local. A region names what it
calls otherwise, and everything else keeps the name of this table.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any, Final

from community_mediation.ports import Label
from community_mediation.regions.sources import refuse

_ZH: Final[Mapping[str, Mapping[str, str]]] = {
    "Process": {"reported": "已登记", "accepted": "已受理", "in_mediation": "调解中", "concluded": "已办结"},
    "SubjectState": {"active": "正常使用", "restricted": "限制处理", "erased": "已删除"},
    "FileStage": {"open": "未归档", "closed": "已归档"},
    "Origin": {"reported": "本处登记", "registered": "他处登记簿转入"},
    "Move": {
        "accept": "受理",
        "decline": "不予受理",
        "begin_attempt": "开始调解",
        "end_attempt": "结束本轮调解",
        "assign": "指派调解员",
        "hold_session": "召开调解会",
        "resolve": "达成协议",
        "resolve_on_the_spot": "当场调解",
        "conclude_without_agreement": "未达成协议而办结",
        "withdraw": "撤回",
        "record_compliance": "登记履行情况",
        "follow_up": "回访",
        "close": "归档",
        "reopen": "重新调解",
        "correct": "更正",
        "amend": "变更",
        "join": "当事人加入",
        "change_party": "变更当事人信息",
        "leave": "当事人退出",
        "release": "解除指派",
        "extend_attempt": "延长调解期限",
        "pause_attempt": "中止调解",
        "resume_attempt": "恢复调解",
        "draft": "拟定协议",
        "adopt": "通过协议",
        "vary": "变更协议",
        "repudiate": "反悔",
        "confirm": "司法确认",
        "execute": "强制执行",
        "record": "登记事项",
        "describe": "补充纠纷情况",
        "transfer": "移交",
        "number": "编号",
        "merge": "合并",
        "split": "拆分",
    },
    "Conclusion": {
        "settled": "调解成功",
        "settled_in_part": "部分调解成功",
        "not_settled": "调解不成功",
        "resolved_before_session": "会前自行解决",
        "withdrawn": "撤回",
        "refused": "当事人拒绝",
        "no_response": "无回应",
        "unsuitable": "不适宜调解",
        "referred_out": "移送",
        "declined": "不予受理",
        "lapsed": "逾期终止",
        "void": "作废",
        "unknown": "不详",
    },
    "Extent": {"full": "全部", "partial": "部分"},
    "ResolutionKind": {"agreement": "调解协议", "award": "裁决", "private_settlement": "自行和解"},
    "AgreementForm": {"oral": "口头", "written": "书面"},
    "ResolutionStage": {
        "drafted": "拟定",
        "effective": "生效",
        "complied": "已履行",
        "partly": "部分履行",
        "breached": "违约",
        "varied": "变更",
        "repudiated": "反悔",
        "confirmed": "经司法确认",
        "executed": "强制执行",
    },
    "Compliance": {"kept": "全部履行", "partly": "部分履行", "breached": "未履行", "pending": "未到期"},
    "Confirmation": {
        "applied": "已申请",
        "accepted": "已受理",
        "refused": "不予受理",
        "confirmed": "确认有效",
        "rejected": "驳回",
        "withdrawn": "撤回",
    },
    "TermKind": {"payment": "给付", "apology": "赔礼道歉", "act": "作为", "forbearance": "不作为"},
    "Nature": {
        "civil": "民事",
        "criminal": "刑事",
        "administrative": "行政",
        "public_order": "治安",
        "other": "其他",
    },
    "Difficulty": {"simple": "简单", "ordinary": "一般", "complex": "疑难复杂"},
    "Source": {"application": "依申请", "proactive": "主动", "referral": "委托移送"},
    "ReferralKind": {"advised": "告知", "pre_filing": "委派", "post_filing": "委托", "transfer": "移送"},
    "PartyKind": {"natural": "自然人", "organisation": "单位", "group": "群体"},
    "PartyExit": {
        "withdrew": "退出",
        "died": "死亡",
        "dissolved": "终止",
        "replaced": "更换",
        "not_concerned": "与纠纷无关",
        "other": "其他",
    },
    "Role": {
        "applicant": "申请人",
        "respondent": "被申请人",
        "third_party": "第三人",
        "representative": "代理人",
        "guardian": "监护人",
        "witness": "证人",
    },
    "Sex": {"unknown": "未知", "male": "男", "female": "女", "unspecified": "未说明"},
    "MediatorKind": {"full_time": "专职", "part_time": "兼职"},
    "PanelRole": {"lead": "首席调解员", "member": "调解员", "recorder": "记录人"},
    "PanelChoice": {"agreed": "共同选定", "appointed": "指定", "lot": "抽签"},
    "AttemptKind": {
        "people": "人民调解",
        "administrative": "行政调解",
        "public_order": "治安调解",
        "pre_filing": "诉前调解",
        "post_filing": "诉中调解",
        "conciliation": "和解",
        "arbitration": "仲裁",
    },
    "AttemptResult": {
        "agreed": "达成协议",
        "agreed_in_part": "部分达成协议",
        "not_agreed": "未达成协议",
        "awarded": "作出裁决",
        "ended_by_party": "当事人终止",
        "ended_by_panel": "调解组织终止",
        "no_appearance": "当事人未到场",
        "expired": "逾期",
        "other": "其他",
    },
    "SessionFormat": {"joint": "面对面", "separate": "背对背", "site_visit": "实地"},
    "Medium": {"in_person": "现场", "online": "线上", "phone": "电话"},
    "RiskKind": {
        "crime": "刑事案件",
        "suicide": "自杀",
        "mass_petition": "群体性上访",
        "fight": "械斗",
        "violence": "暴力",
        "other": "其他",
    },
    "RegisterStatus": {"open": "未结", "concluded": "已结", "closed": "已归档", "void": "作废"},
    "Reach": {"at": "已到", "not_reached": "未到", "unknown": "不详"},
    "Sensitivity": {"none": "无", "personal": "个人信息", "sensitive": "敏感个人信息", "narrative": "叙述文字"},
    "LegalStepKind": {
        "repudiation": "反悔",
        "suit": "起诉",
        "ruling": "裁判",
        "confirmation": "司法确认",
        "execution": "执行",
    },
    "Ruling": {
        "upheld": "维持",
        "varied": "变更",
        "revoked": "撤销",
        "invalid": "无效",
        "dismissed": "驳回",
        "decided": "判决",
    },
    "Execution": {
        "applied": "已申请",
        "ordered": "已裁定",
        "done": "执行完毕",
        "partly": "部分执行",
        "failed": "未能执行",
        "withdrawn": "撤回",
    },
    "Direction": {"in": "转入", "out": "转出"},
    "LinkKind": {
        "related": "相关",
        "absorbed": "并入本案",
        "split_from": "分出自",
        "follows": "承接",
        "same_event": "同一事件",
    },
    "SignatureKind": {
        "signature": "签名",
        "seal": "盖章",
        "fingerprint": "按指印",
        "electronic": "电子签名",
        "refused": "拒绝签名",
    },
    "Retention": {"short": "短期", "long": "长期", "permanent": "永久"},
    "ConsentTo": {
        "mediation": "调解",
        "conflict_of_interest": "利害关系",
        "extension": "延期",
        "helper": "邀请参与人",
        "online": "线上调解",
        "recording": "录音录像",
        "arbitration": "仲裁",
        "other": "其他",
    },
    "ServiceMode": {
        "handed_over": "直接送达",
        "handed_but_refused": "拒收",
        "left_at_dwelling": "留置住所",
        "left_at_workplace": "留置工作单位",
        "posted": "邮寄",
        "phone": "电话",
        "electronic": "电子送达",
        "public_notice": "公告",
        "not_served": "未送达",
    },
    "MandateScope": {
        "apply": "代为申请",
        "end": "代为终止",
        "evidence": "提交证据",
        "choose_mediator": "选择调解员",
        "dispose": "承认、放弃、变更请求",
        "sign": "代为签署",
        "receive": "代为签收",
        "other": "其他",
    },
    "DeliveryStatus": {"waiting": "待发送", "trying": "发送中", "taken": "已发送", "refused": "被退回"},
}

_EN: Final[Mapping[tuple[str, str], str]] = {
    ("Conclusion", "void"): "Entered by mistake",
    ("Sex", "unspecified"): "Not specified",
    ("PanelRole", "lead"): "Lead mediator",
    ("ResolutionStage", "partly"): "Kept in part",
    ("Compliance", "partly"): "Kept in part",
    ("AttemptKind", "people"): "People's mediation",
    ("AttemptKind", "administrative"): "Administrative mediation",
    ("AttemptKind", "public_order"): "Public-order mediation",
    ("AttemptKind", "pre_filing"): "Mediation before filing in court",
    ("AttemptKind", "post_filing"): "Mediation after filing in court",
    ("ReferralKind", "pre_filing"): "Delegated before filing",
    ("ReferralKind", "post_filing"): "Entrusted after filing",
    ("Reach", "at"): "Reached",
}

Key = tuple[str, str]
Names = Mapping[Key, Label]


def _english(key: Key) -> str:
    text = key[1].replace("_", " ")
    return _EN.get(key, text[:1].upper() + text[1:])


NEUTRAL: Final[Names] = {
    (kind, value): Label(_english((kind, value)), zh) for kind, words in _ZH.items() for value, zh in words.items()
}
"""The neutral names, by the name of the class and the code."""


def key_of(member: enum.StrEnum) -> Key:
    """Where a code stands in a table of names."""
    return type(member).__name__, member.value


def names(given: Any) -> Names:
    """The names that a region states, by class and code.

    Args:
        given: ``{Process: {Process.REPORTED: Label("Docketed")}}``; classes and codes may be given by their names.

    Raises:
        InvalidValue: There is no such class or code, or what stands there is no label; ``path`` says where.
    """
    result: dict[Key, Label] = {}
    if not isinstance(given, Mapping):
        raise refuse("no mapping stands where one belongs", "$.labels", 'Write {"Process": {"reported": Label("…")}}.')
    for kind, words in given.items():
        is_class = isinstance(kind, type) and issubclass(kind, enum.StrEnum)
        name = kind.__name__ if is_class else str(kind)
        path = f"$.labels[{name}]"
        # By the names in the table, so that a region can be written as data.
        codes = {each.value for each in kind} if is_class else set(_ZH.get(name, ()))
        if not codes:
            raise refuse("there is no closed list of that name", path, f"There are: {', '.join(sorted(_ZH))}.")
        for code, label in dict(words).items():
            value = code.value if isinstance(code, enum.StrEnum) else code
            if value not in codes or (isinstance(code, enum.StrEnum) and type(code).__name__ != name):
                raise refuse(
                    f"the list {name} has no such code", f"{path}[{value}]", f"It has: {', '.join(sorted(codes))}."
                )
            if not isinstance(label, Label):
                raise refuse("no label stands where one belongs", f"{path}[{value}]", 'Write Label(en="…", zh="…").')
            result[name, value] = label
    return result


def label_of(member: enum.StrEnum, *tables: Names) -> Label:
    """The name of a code: from the first table that has it, else the neutral one, else the code itself."""
    key = key_of(member)
    for table in (*tables, NEUTRAL):
        if key in table:
            return table[key]
    return Label(_english(key))
