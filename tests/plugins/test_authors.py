"""Mistakes of an author of a plugin are said plainly when the class is made."""

from __future__ import annotations

import pytest

from community_mediation.errors import PluginFailed
from community_mediation.plugins import Plugins
from tests.plugins.conftest import Install

EVENT = """{future}
import attrs
from community_mediation.domain.matter import Event
from community_mediation.domain.validators import PUBLIC, checked, code

@attrs.frozen(kw_only=True, field_transformer=checked)
class Seen(Event):
    sort: {annotation} = attrs.field(metadata=PUBLIC, validator=code)
"""


@pytest.mark.parametrize(("future", "annotation"), [("from __future__ import annotations", "str"), ("", "'str'")])
def test_an_annotation_that_is_a_text_is_said_with_the_remedy(install: Install, future: str, annotation: str) -> None:
    """The strict check reads types when the class is made, and a text is none yet."""
    install("odd", EVENT.format(future=future, annotation=annotation))
    with pytest.raises(PluginFailed) as caught:
        Plugins(["odd"])
    assert isinstance(caught.value.__cause__, TypeError)
    said = str(caught.value.__cause__)
    assert "Seen.sort is annotated with a text" in said
    assert "remove `from __future__ import annotations` from invented_odd" in said


def test_without_it_the_class_is_made(install: Install) -> None:
    """The control."""
    install("plain", EVENT.format(future="", annotation="str"))
    Plugins(["plain"])
