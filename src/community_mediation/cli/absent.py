"""What the command says where its packages are missing."""

import sys

from community_mediation.errors import MissingExtra


def main() -> None:
    """Say which extra brings the command line, and fail."""
    print(MissingExtra("The command line", "cli"), file=sys.stderr)  # noqa: T201 - click is what is missing
    sys.exit(1)
