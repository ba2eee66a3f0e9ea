"""The command line: thin commands over the front door.

Data goes to stdout, talk and progress to stderr. Exit code 0: done; 1: failed, or done in part; 2: called wrongly.
"""

try:
    from community_mediation.cli.root import main
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] not in ("click", "rich"):
        raise
    # Without click there is no group: what stands in for it only says so.
    from community_mediation.cli.absent import main  # type: ignore[assignment]

__all__ = ["main"]
