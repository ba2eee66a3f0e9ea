"""Charts as pictures, for the tests: what stands in them, and what they would load."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import vl_convert

SVG = "{http://www.w3.org/2000/svg}"


def texts(chart: Any) -> list[str]:
    """The texts of the drawn chart, each as one."""
    drawn = ET.fromstring(vl_convert.vegalite_to_svg(chart.to_json()))
    return ["".join(each.itertext()) for each in drawn.iter(f"{SVG}text")]


def png(chart: Any) -> bytes:
    """The picture."""
    return vl_convert.vegalite_to_png(chart.to_json())


def is_offline(chart: Any) -> bool:
    """The data stand in the chart, and a page of it loads nothing from elsewhere."""
    page = chart.to_html(inline=True)
    loads = [part for part in ('<script src="http', '<link rel="stylesheet" href="http') if part in page]
    return '"url"' not in chart.to_json() and not loads
