"""Names for people, in the languages that are there."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from community_mediation.domain.frozen import frozen


@frozen
class Label:
    """A name for people: English and Chinese (``zh_CN``), and further languages that a region brings.

    Attributes:
        en: In English.
        zh: In Chinese; empty where there is none.
        others: Further languages, by code: ``{"fil": "Pagkakasundo"}``.
    """

    en: str
    zh: str = ""
    others: Mapping[str, str] = attrs.field(factory=dict, hash=False)

    def text(self, lang: str) -> str:
        """The label in *lang* (``en``, ``zh``, ``zh_CN``, …); English for a language that it does not have."""
        language = lang.replace("-", "_").partition("_")[0]
        if language == "zh" and self.zh:
            return self.zh
        return self.others.get(lang) or self.others.get(language) or self.en
