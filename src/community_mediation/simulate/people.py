"""Invented people: nobody has these numbers. Names are a surname with 某, as court papers blank them out.

Telephone numbers are those reserved for fiction (North American Numbering Plan, 555-0100 to 555-0199). Identity
numbers have the form of GB 11643-1999 and a right check character (ISO 7064 MOD 11-2); they begin with 99, a code that
GB/T 2260 gives to no place.
"""

import datetime as dt
import re
from operator import mul
from typing import Final

from community_mediation.domain.people import Party, PartyKind, PersonDetails, Role, Sex
from community_mediation.simulate.dice import Dice

SURNAMES: Final = tuple(
    re.findall(
        r"(\S+) (\S+)",
        """
赵 Zhao 钱 Qian 孙 Sun 李 Li 周 Zhou 吴 Wu 郑 Zheng 王 Wang 冯 Feng 陈 Chen 褚 Chu 卫 Wei 蒋 Jiang 沈 Shen
韩 Han 杨 Yang 朱 Zhu 秦 Qin 尤 You 许 Xu 何 He 吕 Lyu 施 Shi 张 Zhang 孔 Kong 曹 Cao 严 Yan 华 Hua 金 Jin
魏 Wei 陶 Tao 姜 Jiang 戚 Qi 谢 Xie 邹 Zou 喻 Yu 苏 Su 潘 Pan 葛 Ge 范 Fan 彭 Peng 鲁 Lu 马 Ma 苗 Miao
方 Fang 任 Ren 袁 Yuan 柳 Liu 鲍 Bao 史 Shi 唐 Tang 费 Fei 薛 Xue 雷 Lei 贺 He 倪 Ni 汤 Tang 罗 Luo
毕 Bi 郝 Hao 欧阳 Ouyang 司马 Sima 上官 Shangguan 诸葛 Zhuge
""",
    )
)
"""Surnames with their spelling in Latin letters."""

_FIRMS: Final = ("物业公司", "建材商行", "运输队", "家具厂", "超市", "装修公司", "农机站", "餐馆", "幼儿园", "合作社")
_FIRMS_EN: Final = ("Property Management", "Building Supplies", "Haulage", "Furniture", "Market", "Decoration")
_WORK: Final = ("务农", "务工", "个体经营", "教师", "退休", "司机", "会计", "护士", "建筑工", "无业", "店员", "保安")
_WORK_EN: Final = ("farmer", "worker", "shopkeeper", "teacher", "retired", "driver", "accountant", "nurse")
_SCHOOLING: Final = ("小学", "初中", "高中", "中专", "大专", "本科")
_PEOPLES: Final = ("汉族", "汉族", "汉族", "汉族", "回族", "满族", "蒙古族", "壮族")
_ESTATES: Final = ("某某小区", "某某家园", "某某里", "某某花园", "某某村", "某某新村")
_YOUNGEST, _OLDEST = 19, 84
_BORN_DAYS: Final = (_OLDEST - _YOUNGEST) * 365
_WEIGHTS: Final = tuple(pow(2, 17 - place, 11) for place in range(17))
_ZEROS: Final = ord("0") * sum(_WEIGHTS)
_CHECKS: Final = "10X98765432"


def identity_number(born: dt.date, place: int, sequence: int) -> str:
    """An identity number of nobody: area 99 and four digits, the day of birth, a sequence, the check character."""
    digits = f"99{place % 10_000:04}{born:%Y%m%d}{sequence % 1_000:03}"
    return digits + _CHECKS[(sum(map(mul, digits.encode(), _WEIGHTS)) - _ZEROS) % 11]


def phone_number(number: int) -> str:
    """One of the hundred numbers that nobody ever gets."""
    return f"+1-202-555-01{number % 100:02}"


def natural(dice: Dice, year: int, *, english: bool = False) -> dict[str, object]:
    """The fields of somebody who was grown up in that year, as ``Party`` and ``PersonDetails`` have them both."""
    surname, spelt = dice.pick(SURNAMES)
    number = dice.below(2**40)
    born = dt.date.fromordinal(dt.date(year - _OLDEST, 1, 1).toordinal() + number % _BORN_DAYS)
    female = bool(number & 1)
    flat = number // 7 % 600
    fields: dict[str, object] = {
        "sex": Sex.FEMALE if female else Sex.MALE,
        "birth_date": born,
        "contact": phone_number(number // 11),
        "identity_kind": "resident_id",
        "identity": identity_number(born, number // 13, (number // 17 % 500) * 2 + (0 if female else 1)),
    }
    if english:
        fields["name"] = f"{spelt} M." if flat % 3 else f"{spelt} M. M."
        fields["occupation"] = _WORK_EN[number // 19 % len(_WORK_EN)]
        fields["address"] = f"Flat {flat}, Block {number // 23 % 30 + 1}, M. Gardens"
    else:
        fields["name"] = f"{surname}某某" if flat % 3 else f"{surname}某"
        fields["occupation"] = _WORK[number // 19 % len(_WORK)]
        fields["address"] = f"{_ESTATES[number // 29 % len(_ESTATES)]}{number // 23 % 30 + 1}号楼{flat + 101}室"
        if flat % 2:
            fields["education"] = _SCHOOLING[number // 31 % len(_SCHOOLING)]
            fields["ethnicity"] = _PEOPLES[number // 37 % len(_PEOPLES)]
    return fields


def organisation(dice: Dice, *, english: bool = False) -> dict[str, object]:
    """The fields of an organisation."""
    surname, spelt = dice.pick(SURNAMES)
    if english:
        name, address = f"{spelt} M. {dice.pick(_FIRMS_EN)}", "M. Industrial Estate"
    else:
        name, address = f"{surname}某某{dice.pick(_FIRMS)}", "某某工业区"
    return {
        "kind": PartyKind.ORGANISATION,
        "name": name,
        "contact": phone_number(dice.below(100)),
        "address": f"{address}{dice.below(90) + 1}",
    }


def party(id: str, side: str, role: Role | None, fields: dict[str, object], **more: object) -> Party:
    """A party with these fields."""
    return Party(id=id, side=side, role=role, **fields, **more)  # type: ignore[arg-type]


def person_details(fields: dict[str, object], centre: str) -> PersonDetails:
    """The record of a person with these fields."""
    return PersonDetails(centre=centre, **fields)  # type: ignore[arg-type]
