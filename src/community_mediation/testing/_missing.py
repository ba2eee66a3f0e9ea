"""What a test says whose author did not give it what it tests."""

from __future__ import annotations


def missing(tests: object, fixture: str, what: str) -> NotImplementedError:
    """The error for a fixture that was not overridden: an error, for a skipped test would pass unseen."""
    return NotImplementedError(
        f"{type(tests).__name__} must provide the fixture {fixture!r}: {what}. "
        f"Write in the class: @pytest.fixture, def {fixture}(self): …"
    )
