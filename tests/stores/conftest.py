"""The laws are not named as tests are; their failures are to be readable all the same."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.stores.laws", "tests.stores.samples")
