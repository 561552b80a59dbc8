"""What the three wires share: the clearance that a remote one demands, the deadline, and the gathered reply."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator
from dataclasses import dataclass

from smista_git.plan.request import Reply, Request
from smista_git.providers.attempt import Deadline, gather
from smista_git.providers.base import Endpoint, OnText, Piece
from smista_git.providers.clearance import Clearance, demand


@dataclass(frozen=True, slots=True)
class Wire(ABC):
    """A server that is reached in one way; ``local`` was settled by the registry."""

    endpoint: Endpoint
    local: bool

    @property
    def name(self) -> str:
        """The provider's name in ``provider/model``."""
        return self.endpoint.name

    def complete(
        self,
        request: Request,
        model: str,
        *,
        on_text: OnText | None = None,
        clearance: Clearance | None = None,
    ) -> Reply:
        """The model's answer. Raises: ProviderError, EgressRefused."""
        if self.leaves(model):
            demand(clearance, provider=self.name, model=model, request=request)
        deadline = Deadline.after(request.timeout_s)
        return gather(self.pieces(request, model, deadline), model=model, deadline=deadline, on_text=on_text)

    def leaves(self, model: str) -> bool:
        """True when a request to this model leaves the machine."""
        return not self.local

    @abstractmethod
    def pieces(self, request: Request, model: str, deadline: Deadline) -> Generator[Piece]:
        """The parts of the reply, as the server streams them."""
