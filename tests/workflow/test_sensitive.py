"""What a classification asks of the policy is what the whole policy says."""

from __future__ import annotations

from pathlib import Path

import pytest

from smista_git.workflow.classifying.sensitive import sensitive_paths
from smista_git.workflow.settings import load_settings

POLICY = 'version = 1\n[sensitive]\npaths = ["*.pem", "vault/**"]\n'


@pytest.mark.parametrize("places", [(), ("root",), ("user",), ("root", "user")])
def test_the_paths_are_those_of_the_merged_policy(tmp_path: Path, places: tuple[str, ...]) -> None:
    files = {"root": tmp_path / ".smista.toml", "user": tmp_path / "config.toml"}
    for place in places:
        files[place].write_text(POLICY.replace("vault", place))
    environ = {"SMISTA_CONFIG": str(files["user"]), "SMISTA_STATE_DIR": str(tmp_path / "state")}
    found = sensitive_paths(tmp_path, environ)
    assert found == load_settings(tmp_path, environ).policy.sensitive_paths
    assert "*.pem" in found and all(f"{place}/**" in found for place in places)
