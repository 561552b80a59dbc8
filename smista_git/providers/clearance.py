"""The pass that a remote provider demands: minted by the egress gate alone, for one request to one model."""

from __future__ import annotations

from dataclasses import dataclass

from smista_git.errors import EgressRefused
from smista_git.plan.plan import payload_digest
from smista_git.plan.request import Request


@dataclass(frozen=True, slots=True)
class Clearance:
    """Says that these very bytes were inspected and may go to this model of this provider.

    Only ``dispatch/egress.py`` makes one; a test reads the package's syntax trees to keep it so.
    """

    provider: str
    model: str
    payload_sha256: str


def demand(clearance: Clearance | None, *, provider: str, model: str, request: Request) -> None:
    """Returns when the clearance fits the provider, the model and the request's bytes. Raises: EgressRefused."""
    wanted = Clearance(provider, model, payload_digest(request))
    if clearance != wanted:
        raise EgressRefused(
            f"A request to {provider}/{model} did not pass the egress gate; nothing was sent.",
            hint="This is a bug: please report it.",
        )
