"""subjects: what may be done with the personal values of somebody, and legal holds."""

from __future__ import annotations

import click

from community_mediation.cli.common import (
    Commands,
    by_option,
    json_option,
    opened,
    print_json,
    print_table,
    reason_option,
    store_option,
    subject_option,
    talk,
)

_hold = click.option("--hold", required=True, metavar="NAME", help="The hold's name, such as the order's number.")


def _example(words: str) -> str:
    return f"Example: community-mediation subjects {words} --person ID --reason 'as ordered' --store sqlite:///cases.db"


@click.group("subjects", cls=Commands)
def subjects_command() -> None:
    """Legal holds, and whose values are kept without being used."""


@subjects_command.command(
    "state", epilog="Example: community-mediation subjects state --person ID --store sqlite:///cases.db"
)
@subject_option
@store_option
@json_option
def state_command(subject: str, url: str, plugins: tuple[str, ...], as_json: bool) -> None:
    """Say whether a subject is active, restricted or erased, and which holds stand on it by name."""
    with opened(url, plugins, readonly=True) as book:
        state, holds = book.state_of(subject), book.holds().get(subject, ())
    if as_json:
        print_json({"state": state.value, "holds": list(holds)})
        return
    click.echo(", ".join([state, *(f"hold {name}" for name in holds)]))


@subjects_command.command("holds", epilog="Example: community-mediation subjects holds --store sqlite:///cases.db")
@store_option
@json_option
def holds_command(url: str, plugins: tuple[str, ...], as_json: bool) -> None:
    """List the legal holds of a book."""
    with opened(url, plugins, readonly=True) as book:
        rows = [{"subject": subject, "hold": hold} for subject, names in book.holds().items() for hold in names]
    if as_json:
        print_json(rows)
        return
    print_table(("subject", "hold"), [tuple(row.values()) for row in rows])


@subjects_command.command("hold", epilog=_example("hold --hold court-17"))
@subject_option
@_hold
@reason_option
@store_option
@by_option
def hold_command(subject: str, hold: str, reason: str, url: str, plugins: tuple[str, ...], account: str) -> None:
    """Place a legal hold: until it is lifted, the subject is not erased."""
    with opened(url, plugins) as book:
        book.hold(subject, hold, reason=reason, by=account)
    talk("The hold stands.")


@subjects_command.command("lift-hold", epilog=_example("lift-hold --hold court-17"))
@subject_option
@_hold
@reason_option
@store_option
@by_option
def lift_hold_command(subject: str, hold: str, reason: str, url: str, plugins: tuple[str, ...], account: str) -> None:
    """Lift one legal hold; others stay."""
    with opened(url, plugins) as book:
        book.lift_hold(subject, hold, reason=reason, by=account)
    talk("The hold is lifted.")


@subjects_command.command("restrict", epilog=_example("restrict"))
@subject_option
@reason_option
@store_option
@by_option
def restrict_command(subject: str, reason: str, url: str, plugins: tuple[str, ...], account: str) -> None:
    """Keep the values of a subject, and let them leave the book no more: not by search, export or paper."""
    with opened(url, plugins) as book:
        book.restrict(subject, reason=reason, by=account)
    talk("Its values are kept, and leave the book no more.")


@subjects_command.command("lift-restriction", epilog=_example("lift-restriction"))
@subject_option
@reason_option
@store_option
@by_option
def lift_restriction_command(subject: str, reason: str, url: str, plugins: tuple[str, ...], account: str) -> None:
    """Use the values of a subject again."""
    with opened(url, plugins) as book:
        book.lift_restriction(subject, reason=reason, by=account)
    talk("Its values are used again.")
