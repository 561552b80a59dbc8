"""``git smista policy explain``: how a change would be routed, every step and every rule with its why."""

from __future__ import annotations

import json

import click

from smista_git.cli.console import printable
from smista_git.cli.options import json_option, override_of, routing_options
from smista_git.route.decision import INTENTS, Intent


@click.command(
    name="explain",
    epilog="""
\b
Examples:
  git smista policy explain                            the commit of what is staged
  git smista policy explain HEAD --intent review       the review of one commit
  git smista policy explain main..HEAD                 the change of a branch as a whole
""",
)
@click.argument("rev", required=False, metavar="[REV|RANGE]")
@click.option(
    "--intent", type=click.Choice(INTENTS), default="commit", show_default=True, help="What is to be done."
)
@routing_options
@json_option
def command(
    rev: str | None, intent: Intent, model: str | None, tier: str | None, effort: str | None, as_json: bool
) -> None:
    """Tell how the index, a commit or a range would be routed: floors, rules, tier, budget, who is there.

    Nothing is sent, and nothing is written.
    """
    from smista_git.route.explain import explain
    from smista_git.workflow.policies import explain_change

    told = explain_change(rev, intent=intent, override=override_of(model, tier, effort))
    if as_json:
        click.echo(json.dumps(told.to_json(), indent=2, ensure_ascii=False))
        return
    click.echo(printable(explain(told.decision)), nl=False)
    for path, why in told.stays:
        click.echo(printable(f"Stays here: {path} ({why})"))
    for redaction in told.redactions:
        click.echo(printable(f"Redacted: {redaction.path}:{redaction.line} ({redaction.rule})"))
