"""Figures in words, for rooms that print them: a paper and a screen say the same of the same table.

``line_of`` gives a row as cells, ``caption`` and ``said`` what stands around the table, ``numbered`` its notes;
``word`` is the vocabulary, and ``width`` measures what a text takes in columns.
"""

from __future__ import annotations

from community_mediation.metrics._catalogue import chosen
from community_mediation.metrics._describe import denominator_of, family_of
from community_mediation.metrics._grains import GRAINS
from community_mediation.metrics._lines import Line, line_of, method_of, unit_of
from community_mediation.metrics._text import caption, methods, numbered, said, width
from community_mediation.metrics._words import word

__all__ = [
    "GRAINS",
    "Line",
    "caption",
    "chosen",
    "denominator_of",
    "family_of",
    "line_of",
    "method_of",
    "methods",
    "numbered",
    "said",
    "unit_of",
    "width",
    "word",
]
