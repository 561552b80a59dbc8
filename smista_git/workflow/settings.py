"""What holds here: every layer of policy found, read, checked once, and merged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smista_git import __version__
from smista_git.route.layers import merge
from smista_git.route.model_name import KNOWN_PROVIDERS
from smista_git.route.parse import parse_policy
from smista_git.route.policy import LAYERS, Layer, Policy, PolicyLayer
from smista_git.route.problems import InvalidPolicy, Problem
from smista_git.workflow.places import BASE_PACK, POLICY_FILE, config_files, read_pack, state_dir_of
from smista_git.workflow.trust import TrustStore

MAX_POLICY_BYTES = 1 << 20
_PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Source:
    """One file that was read, or one pack: its layer, the name to show, the hash of its bytes, and its trust."""

    layer: Layer
    name: str
    sha256: str
    trusted: bool


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy file from somewhere else than the worktree: a commit's, or one to compare with."""

    name: str
    content: bytes
    trusted: bool | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The effective policy and what it was made of, weakest layer first.

    ``providers_config`` has the tables ``providers`` and ``aliases`` of the user's and the system's config.
    """

    policy: Policy
    providers_config: Mapping[str, Any]
    state_dir: Path
    sources: tuple[Source, ...]
    layers: tuple[PolicyLayer, ...]


def load_settings(
    root: Path | None,
    environ: Mapping[str, str],
    *,
    repository: PolicyText | None = None,
    strict: bool = False,
) -> Settings:
    """The settings for a worktree (None outside of one).

    ``repository`` stands in for the file in the worktree. ``strict`` also refuses models whose provider is not
    set up, which otherwise count as unavailable, and checks texts that have passed before.

    Raises: PolicyError, with every problem of every file.
    """
    return _Reader(root, environ, repository, strict=strict).settings()


class _Reader:
    """Reads the layers one after the other and gathers what is wrong with any of them."""

    def __init__(
        self, root: Path | None, environ: Mapping[str, str], repository: PolicyText | None, *, strict: bool
    ) -> None:
        self._root = root
        self._environ = environ
        self._repository = repository
        self._strict = strict
        self._state_dir = state_dir_of(environ)
        self._layers: list[PolicyLayer] = []
        self._sources: list[Source] = []
        self._problems: list[Problem] = []
        self._known = KNOWN_PROVIDERS
        self._aliases: Mapping[str, str] = {}

    def settings(self) -> Settings:
        """Everything, merged."""
        self._read("pack", f"pack:{BASE_PACK}", read_pack(BASE_PACK), trusted=True)
        for layer, path in config_files(self._environ):
            if path.is_file():
                self._read(layer, str(path), _content(path), trusted=True)
        own = merge(self._layers)
        if found := self._repository_text():
            trusted = self._trusts(found)
            self._known |= own.providers.keys()
            self._aliases = own.aliases
            self._read("repository", found.name, found.content, trusted=trusted)
        if self._problems:
            raise InvalidPolicy(self._problems)
        policy = merge(self._layers)
        config = {"providers": policy.providers, "aliases": policy.aliases}
        sources = sorted(self._sources, key=lambda source: LAYERS.index(source.layer))
        layers = sorted(self._layers, key=lambda layer: LAYERS.index(layer.origin.layer))
        return Settings(policy, config, self._state_dir, tuple(sources), tuple(layers))

    def _repository_text(self) -> PolicyText | None:
        if self._repository is not None or self._root is None:
            return self._repository
        path = self._root / POLICY_FILE
        return PolicyText(POLICY_FILE, _content(path)) if path.is_file() else None

    def _trusts(self, found: PolicyText) -> bool:
        if found.trusted is not None:
            return found.trusted
        return TrustStore(self._state_dir).trusts(_sha256(found.content), self._environ)

    def _read(self, layer: Layer, name: str, content: bytes, *, trusted: bool) -> None:
        """Add one file and, beneath it, the packs that it builds on."""
        mark = self._mark(layer, content)
        checked = not self._strict and (name.startswith("pack:") or mark.exists())
        try:
            parsed = parse_policy(
                _decoded(content, name),
                source=name,
                layer=layer,
                trusted=trusted,
                checked=checked,
                providers=self._known if self._strict else None,
                aliases=self._aliases,
            )
        except InvalidPolicy as exc:
            self._problems += exc.problems
            return
        for pack in parsed.extends:
            if not self._has_stronger(pack, layer):
                self._read(layer, pack, read_pack(pack.removeprefix("pack:")), trusted=trusted)
        self._layers.append(parsed)
        self._sources.append(Source(layer, name, _sha256(content), trusted))
        if not checked:
            _touch(mark)

    def _has_stronger(self, pack: str, layer: Layer) -> bool:
        """Whether a stronger layer builds on the same pack, so that it need not be heard twice."""
        rank = LAYERS.index
        return any(s.name == pack and rank(s.layer) > rank(layer) for s in self._sources)

    def _mark(self, layer: Layer, content: bytes) -> Path:
        """The empty file whose presence says that this very text has passed the checks of this very version."""
        schema = (_PACKAGE / "route" / "schema.py").stat()
        version = f"{__version__} {schema.st_size} {schema.st_mtime_ns} {layer}\0"
        return self._state_dir / "checked" / _sha256(version.encode() + content)


def _content(path: Path) -> bytes:
    if path.stat().st_size > MAX_POLICY_BYTES:
        raise InvalidPolicy([Problem(str(path), 1, "larger than 1 MiB", "a policy has a page, not a book")])
    return path.read_bytes()


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as exc:
        line = content.count(b"\n", 0, exc.start) + 1
        raise InvalidPolicy([Problem(name, line, "not UTF-8", "save the file as UTF-8")]) from exc


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _touch(mark: Path) -> None:
    """Leave the mark; where the state directory cannot be written, the text is checked again next time."""
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    except OSError:
        return
