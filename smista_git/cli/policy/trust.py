"""``git smista policy trust``: what the repository's policy would allow, then the person's yes."""

from __future__ import annotations

import click

from smista_git.cli.console import interactive, printable, talk
from smista_git.errors import UsageError


@click.command(name="trust")
@click.option("-y", "--yes", is_flag=True, help="Trust it without asking.")
def command(yes: bool) -> None:
    """Show what the repository's .smista.toml may do once it is trusted, and trust this very text.

    A changed file is untrusted again. In CI, SMISTA_TRUST=<sha256> does the same without a prompt.
    """
    from smista_git.workflow.policies import pending_trust

    pending = pending_trust()
    click.echo(f"{pending.name}, sha256 {pending.sha256}")
    if pending.trusted:
        talk("this text is trusted already")
        return
    for line in pending.allows or ("nothing beyond what it may do already: it only tightens",):
        click.echo(f"  would {printable(line)}" if pending.allows else f"  {line}")
    if not yes:
        if not interactive():
            raise UsageError("there is no terminal to ask on", hint="`git smista policy trust -y`")
        click.confirm("Trust this policy?", abort=True, err=True)
    pending.record()
    talk("trusted; a change of the file asks again")
