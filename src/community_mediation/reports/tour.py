"""The papers of the demonstration: two books, one workbook, one page and their charts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import attrs

from community_mediation.casebook import Casebook
from community_mediation.errors import MissingExtra
from community_mediation.files import make_folder
from community_mediation.metrics import ResultTable, survival, table
from community_mediation.reports.charts import proportions_chart, survival_chart, write_chart
from community_mediation.reports.html import write_html
from community_mediation.reports.model import Chart, OutcomeReport, Sheet
from community_mediation.reports.xlsx import write_xlsx

STUDIO_PERIOD: Final = "2021-05-01..2022-05-31"
COMPLAINTS_DAY: Final = "2022-05-01..2022-05-01"
_COMPLAINTS: Final = (
    "reported",
    "concluded",
    "open_at_end",
    "agreement_of_reported",
    "agreement_of_begun",
    "agreement_of_concluded",
    "minutes_to_conclusion",
)

_TEXTS: Final = {
    "en": {
        "title": "What came of it: two sample registers",
        "subtitle": "A demonstration. The studio is invented; the complaints are public data and were not mediated.",
        "studio": "Studio (invented)",
        "complaints": "Complaints (not mediated)",
        "studio_note": "Every person and case of this register is invented. The same cases give several honest rates:"
        " each names its denominator.",
        "complaints_note": "The police closed these complaints; nobody mediated. How they ended is unknown, and unknown"
        " is not an agreement.",
        "studio_source": "Studio: the sample register of this library, invented.",
        "complaints_source": "Complaints: noise and street complaints to the 311 line of New York City, 1 May 2022,"
        " from the city's open data; snapshot of 02:06 that morning.",
        "from": "{studio:,} cases of the studio and {complaints:,} complaints, as the two books knew them when this"
        " was made.",
        "studio_chart": "Agreement at the studio, over each denominator",
        "complaints_chart": "How long until a complaint was closed",
    },
    "zh": {
        "title": "调解成效：两份样例台账",
        "subtitle": "演示。工作室为虚构；投诉为公开数据，未经调解。",
        "studio": "工作室（虚构）",
        "complaints": "投诉（未经调解）",
        "studio_note": "本台账中的人物和案件均为虚构。同样的案件可以得出几个都成立的比率，每个比率都写明分母。",
        "complaints_note": "这些投诉由警方办结，未经调解；结果未知，未知不等于达成协议。",
        "studio_source": "工作室：本程序库附带的样例台账，虚构。",
        "complaints_source": "投诉：纽约市 311 热线 2022 年 5 月 1 日噪声与街面投诉，"
        "市政府公开数据，当日 02:06 的快照。",
        "from": "工作室案件 {studio:,} 件、投诉 {complaints:,} 件，以生成时两个案件簿所知为准。",
        "studio_chart": "工作室调解成功率：不同分母",
        "complaints_chart": "投诉多久办结",
    },
}


@attrs.frozen(kw_only=True)
class TourFiles:
    """What the tour made. Going through it gives the paths.

    Attributes:
        xlsx, html: The report.
        charts: Its charts, as SVG.
        notes: What could not be made, and why.
    """

    xlsx: Path
    html: Path
    charts: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Path]:
        return iter((self.xlsx, self.html, *self.charts))


def write_tour(
    book_complaints: Casebook, book_studio: Casebook, out_dir: str | os.PathLike[str], *, lang: str = "en"
) -> TourFiles:
    """Write ``outcome.xlsx``, ``outcome.html`` and the charts into *out_dir*, over those of an earlier tour.

    Without the extra ``charts`` there are none, and ``notes`` says so.

    Raises:
        StoreFull, StoreUnavailable: A file cannot be written.
        MissingExtra: The packages of the extras ``metrics`` and ``xlsx`` are not installed.
    """
    out = make_folder(out_dir)
    text = _TEXTS["zh" if lang == "zh" else "en"]
    complaints, studio = book_complaints.facts("case").to_polars(), book_studio.facts("case").to_polars()
    counted = table(complaints, metrics=_COMPLAINTS, period=COMPLAINTS_DAY, lang=lang)
    outcomes = table(studio, period=STUDIO_PERIOD, lang=lang)
    report = OutcomeReport(
        title=text["title"],
        subtitle=text["subtitle"],
        sections=(
            Sheet(text["studio"], outcomes, (text["studio_note"],)),
            Sheet(text["complaints"], counted, (text["complaints_note"],)),
        ),
        sources=(text["studio_source"], text["complaints_source"]),
        generated_from=text["from"].format(studio=len(studio), complaints=len(complaints)),
        lang=lang,
    )
    notes: tuple[str, ...] = ()
    charts: dict[str, Chart] = {}
    try:
        charts = _charts(outcomes, complaints, text, lang)
    except MissingExtra as error:
        notes = (str(error),)
    return TourFiles(
        xlsx=write_xlsx(report, out / "outcome.xlsx", overwrite=True),
        html=write_html(report, out / "outcome.html", charts=tuple(charts.values()), overwrite=True),
        charts=tuple(write_chart(chart, out / name, overwrite=True) for name, chart in charts.items()),
        notes=notes,
    )


def _charts(outcomes: ResultTable, complaints: Any, text: dict[str, str], lang: str) -> dict[str, Chart]:
    return {
        "chart-agreement.svg": proportions_chart(outcomes, title=text["studio_chart"], section=text["studio"]),
        "chart-time.svg": survival_chart(
            survival(complaints, unit="minutes", period=COMPLAINTS_DAY),
            title=text["complaints_chart"],
            section=text["complaints"],
            lang=lang,
        ),
    }
