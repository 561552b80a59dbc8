"""What every command stands on: the repository, the settings in force, the providers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from smista_git.classify.secrets import secrets
from smista_git.git.repository import Repository
from smista_git.plan.estimate import Price
from smista_git.providers.registry import Providers
from smista_git.workflow.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class Session:
    """One run of one command; ``cwd`` is where the person stands, for paths on the command line."""

    repo: Repository
    settings: Settings
    providers: Providers
    cwd: Path

    def scanner_works(self) -> bool:
        """Whether the secret scanner's engine is there; waits for it to load."""
        return secrets.engine_available()

    def price_of(self, model: str) -> Price | None:
        """The price of a model by any of its names, or None where nobody knows it."""
        return self.providers.price_of(model, cache_dir=self.settings.state_dir)

    def window_of(self, model: str) -> int:
        """How many tokens a model reads at once."""
        return self.providers.window_of(model, cache_dir=self.settings.state_dir)


def open_session(cwd: Path | None = None, *, environ: Mapping[str, str] | None = None) -> Session:
    """The session for the repository around ``cwd``.

    Raises: NotARepository, PolicyError.
    """
    environment = os.environ if environ is None else environ
    repo = Repository.discover(cwd, environment=environment)
    secrets.warm_up()
    settings = load_settings(repo.root, environment)
    providers = Providers.from_settings(settings.providers_config, environment)
    return Session(repo, settings, providers, cwd or Path.cwd())
