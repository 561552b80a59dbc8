"""Which paths are sensitive here: all that a classification asks of the policy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from smista_git.workflow.places import BASE_PACK, has_policy, read_pack


def sensitive_paths(root: Path, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Every sensitive pattern of every layer of the policy, weakest layer first, each once.

    Where nobody wrote a policy, that is a table of the shipped pack: to build the whole policy takes longer than all the
    rest of a classification.

    Raises: PolicyError, with every problem of every file.
    """
    if has_policy(root, environ):
        from smista_git.workflow.settings import load_settings

        return load_settings(root, environ).policy.sensitive_paths
    import tomli

    pack = tomli.loads(read_pack(BASE_PACK).decode())
    return tuple(dict.fromkeys(pack["sensitive"]["paths"]))
