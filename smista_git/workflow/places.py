"""Where policies are: the repository's, the shipped packs, the user's and the system's config; and where state is kept."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smista_git.route.policy import Layer

APP = "smista"
CONFIG_FILE = "config.toml"
POLICY_FILE = ".smista.toml"
BASE_PACK = "local-first"
_PACKAGE = Path(__file__).parent.parent
# In a wheel the packs are inside the package; in a checkout they stand beside it.
PACK_FOLDERS = (_PACKAGE / "policies", _PACKAGE.parent / "policies")


def read_pack(name: str) -> bytes:
    """The text of a shipped pack, as it stands in the package."""
    for folder in PACK_FOLDERS:
        if (path := folder / f"{name}.toml").is_file():
            return path.read_bytes()
    raise FileNotFoundError(f"the pack {name} is missing from {PACK_FOLDERS[0]}")


def config_files(environ: Mapping[str, str]) -> tuple[tuple[Layer, Path], ...]:
    """The config files that may be there, weakest first: the user's, then the system's."""
    return ("user", user_config(environ)), ("system", system_config(environ))


def has_policy(root: Path, environ: Mapping[str, str]) -> bool:
    """True where somebody wrote a policy: for this repository, this user or this machine. Elsewhere the shipped pack
    alone holds, and who asks for little of it can spare the building of the whole policy.
    """
    return any(path.is_file() for path in (root / POLICY_FILE, *(path for _, path in config_files(environ))))


def user_config(environ: Mapping[str, str]) -> Path:
    """The user's config file: ``SMISTA_CONFIG``, else the platform's place for it."""
    if named := environ.get("SMISTA_CONFIG"):
        return Path(named).expanduser()
    from platformdirs import user_config_path

    return user_config_path(APP, appauthor=False) / CONFIG_FILE


def system_config(environ: Mapping[str, str]) -> Path:
    """The config file of the whole machine."""
    if sys.platform == "linux":
        # What platformdirs says too, without the 5 ms of importing it on every run.
        folders = environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
        return Path(folders.split(":")[0]).expanduser() / APP / CONFIG_FILE
    from platformdirs import site_config_path

    return site_config_path(APP, appauthor=False) / CONFIG_FILE


def state_dir_of(environ: Mapping[str, str]) -> Path:
    """Where ledger, trust and caches are kept: ``SMISTA_STATE_DIR``, else the platform's place for it."""
    if named := environ.get("SMISTA_STATE_DIR"):
        return Path(named).expanduser()
    from platformdirs import user_state_path

    return user_state_path(APP, appauthor=False)
