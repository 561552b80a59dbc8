"""Options that several commands share, so that they read and behave the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from smista_git.route.decision import Override

F = TypeVar("F", bound=Callable[..., Any])

json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on stdout.")
dry_run_option = click.option(
    "-n", "--dry-run", is_flag=True, help="Print the plan: model, rule, files, cost. Send and write nothing."
)


def routing_options(function: F) -> F:
    """``--model``, ``--tier``, ``--effort``: say it for this once; floors hold all the same."""
    from smista_git.classify.labels import TIERS
    from smista_git.route.decision import EFFORTS

    for option in (
        click.option("--effort", type=click.Choice(EFFORTS), help="How hard the model should think."),
        click.option("--tier", type=click.Choice(TIERS), help="Use this tier's model for this once."),
        click.option("--model", metavar="PROVIDER/NAME", help="Use this model for this once."),
    ):
        function = option(function)
    return function


def override_of(model: str | None, tier: Any, effort: Any) -> Override:
    """The override that the three routing options make."""
    from smista_git.route.decision import Override

    return Override(model=model, tier=tier, effort=effort)
