"""verify, health, rebuild-facts, backup, copy and erase."""

from __future__ import annotations

import os
from contextlib import ExitStack
from urllib.parse import quote

import attrs
import click

from community_mediation.cli.common import (
    by_option,
    check_url,
    json_option,
    opened,
    plugins_option,
    print_json,
    print_table,
    progress_bar,
    reason_option,
    store_option,
    subject_option,
    talk,
)
from community_mediation.cli.verifying import verified
from community_mediation.errors import about
from community_mediation.ports import Severity


@click.command("verify", epilog="Example: community-mediation verify --store sqlite:///cases.db --anchor 924:3f…")
@store_option
@click.option(
    "--anchor",
    metavar="POSITION:HASH",
    help="What an earlier verify printed, kept outside the book: the anchor, or the whole line.",
)
@click.option("--no-facts", is_flag=True, help="Leave out the comparison of the facts with the journal.")
@json_option
@click.pass_context
def verify_command(
    ctx: click.Context, url: str, plugins: tuple[str, ...], anchor: str | None, no_facts: bool, as_json: bool
) -> None:
    """Read the whole journal, and say what is wrong with it.

    Prints an anchor to keep outside the book: with it, a later verify also finds a cut end or a full rewrite.
    """
    with opened(url, plugins, readonly=True) as book:
        found = verified(book, facts=not no_facts, anchor=anchor)
        new_anchor = book.anchor()
    if as_json:
        print_json(
            {
                "entries": found.entries,
                "whole": found.is_whole,
                "anchor": new_anchor if found.is_whole else None,
                "findings": [attrs.asdict(each) for each in found.findings],
            }
        )
    elif found.is_whole:
        click.echo(f"{found.entries:,} entries, whole. Anchor: {new_anchor}")
    else:
        for finding in found.findings:
            click.echo(f"{finding.code}: {finding.message} {finding.remedy}")
    if not found.is_whole:
        ctx.exit(1)


@click.command("health", epilog="Example: community-mediation health --store sqlite:///cases.db")
@store_option
@json_option
@click.pass_context
def health_command(ctx: click.Context, url: str, plugins: tuple[str, ...], as_json: bool) -> None:
    """Say what is weak about a book as it is kept now, with the remedy of each."""
    with opened(url, plugins, readonly=True) as book:
        findings = book.health()
    if as_json:
        print_json([attrs.asdict(each) for each in findings])
    elif findings:
        print_table(
            ("severity", "code", "what", "remedy"),
            [(each.severity.value, each.code, each.message, each.remedy) for each in findings],
        )
    else:
        click.echo("Nothing to say.")
    if any(each.severity is Severity.ERROR for each in findings):
        ctx.exit(1)


@click.command("rebuild-facts", epilog="Example: community-mediation rebuild-facts --store sqlite:///cases.db")
@store_option
@json_option
def rebuild_facts_command(url: str, plugins: tuple[str, ...], as_json: bool) -> None:
    """Derive all facts from the journal anew, in one commit: others cannot write meanwhile."""
    with opened(url, plugins) as book, progress_bar("Rebuilding") as bar:
        total = book.store.head().position
        rows = book.rebuild_facts(progress=lambda done: bar(done, total))
    if as_json:
        print_json({"rows": rows})
    else:
        click.echo(f"{rows:,} rows, old versions included.")


@click.command(
    "backup", epilog="Example: community-mediation backup --store sqlite:///cases.db --to backup.db --verify"
)
@store_option
@click.option("--to", "path", required=True, metavar="PATH", help="The file to write; nothing may be there yet.")
@click.option("--verify", "look", is_flag=True, help="Read the whole copy, and say whether it is whole.")
@json_option
@click.pass_context
def backup_command(
    ctx: click.Context, url: str, plugins: tuple[str, ...], path: str, look: bool, as_json: bool
) -> None:
    """Write a whole copy of a book to a new file, while others read and write it.

    Prints the copy's anchor, to be kept outside both. The copy holds names, as the book does.
    """
    if "://" in path:
        # Not repeated: it may hold a password.
        raise click.UsageError("--to takes a path, not a URL: for sqlite:///backup.db write backup.db.")
    if look and not url.startswith("sqlite:"):
        raise click.UsageError("--verify opens copies of SQLite books. Verify this one with the verify command.")
    with opened(url, plugins, readonly=True) as book:
        anchor = book.backup(path)
    findings = None
    if look:
        # Said before, for verifying may be stopped.
        talk(f"{path} is complete; verifying it. Anchor: {anchor}")
        made = f"sqlite:///{quote(os.path.abspath(path))}"
        with opened(made, plugins, readonly=True) as copy:
            findings = verified(copy, anchor=anchor).findings
    if as_json:
        told = {"path": path, "anchor": anchor, "whole": None if findings is None else not findings}
        print_json({**told, "findings": [attrs.asdict(each) for each in findings or ()]})
    elif findings:
        for finding in findings:
            click.echo(f"{finding.code}: {finding.message} {finding.remedy}")
    else:
        click.echo(f"{path}: {int(anchor.partition(':')[0]):,} entries{', whole' if look else ''}. Anchor: {anchor}")
    if findings:
        ctx.exit(1)


@click.command(
    "copy",
    epilog="Example: community-mediation copy --from sqlite:///cases.db --to postgresql:///cases --plugin postgres",
)
@click.option("--from", "url", required=True, metavar="URL", help="The book; it is only read.")
@click.option(
    "--to", "target", required=True, metavar="URL", help="The store to copy into: a new one, or a copy begun."
)
@click.option("--no-verify", is_flag=True, help="Do not read the whole copy again at the end.")
@plugins_option
@json_option
def copy_command(url: str, target: str, no_verify: bool, plugins: tuple[str, ...], as_json: bool) -> None:
    """Copy a whole book into another store, or go on with a copy that was begun.

    Entries keep their positions, times and hashes, so that anchors stay good. Others may go on using the book; what
    they write meanwhile is copied too. Called again, it copies what is new.
    """
    from community_mediation.casebook import copying

    check_url(target, "--to")
    if target.partition(":")[0] == "memory":
        raise click.UsageError("--to: a copy in memory would be gone when the command ends. Name a store that stays.")
    try:
        with ExitStack() as stack:
            with about(copying.SOURCE):
                book = stack.enter_context(opened(url, plugins, readonly=True, option="--from"))
            bar = stack.enter_context(progress_bar("Copying"))
            copied = book.copy_to(target, verify=not no_verify, progress=bar)
    except KeyboardInterrupt:
        talk("Stopped. What was copied stays; call it again to go on.")
        raise
    for kind, count in copied.unread.items():
        talk(
            f"{count:,} entries of kind {kind!r} were copied as they are, and have no facts yet. To have them, run "
            "rebuild-facts on the copy with the plugin that brings the kind."
        )
    if as_json:
        print_json(attrs.asdict(copied))
        return
    verified = "verified" if copied.verified else "not verified"
    click.echo(f"{copied.entries:,} entries, {copied.new:,} of them new, {verified}. Anchor: {copied.anchor}")


@click.command(
    "erase",
    epilog="Example: community-mediation erase --person ID --reason 'asked for by the person' --store sqlite:///cases.db",
)
@store_option
@subject_option
@reason_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@by_option
@json_option
def erase_command(
    url: str, plugins: tuple[str, ...], subject: str, reason: str, yes: bool, account: str, as_json: bool
) -> None:
    """Remove everything personal of a subject from the live store.

    A person goes with all parties linked to it; CASE/PARTY is one party of one case; a case's id removes what the case
    tells in words. Counts stay, and the journal still verifies. Backups and exports are not reached.
    """
    if not yes:
        click.confirm(f"Erase {subject} for good?", abort=True, err=True)
    with opened(url, plugins) as book:
        done = book.erase(subject, reason=reason, by=account)
    if as_json:
        print_json(attrs.asdict(done))
        return
    click.echo(
        f"Erased {done.parts} private parts of {len(done.subjects)} subjects; recorded in entry {done.position}."
    )
    talk("Proof: verify accounts for each missing part by that entry. Backups and exports made before are not reached.")
