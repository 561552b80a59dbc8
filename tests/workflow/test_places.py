"""The places are those that the platform's own conventions name."""

from __future__ import annotations

import os

import pytest
from platformdirs import site_config_path

from smista_git.workflow.places import config_files, state_dir_of, system_config, user_config


@pytest.mark.parametrize("folders", [None, "/opt/xdg", "/opt/one:/opt/two"])
def test_the_short_cut_says_what_platformdirs_says(folders, monkeypatch):
    if folders:
        monkeypatch.setenv("XDG_CONFIG_DIRS", folders)
    assert system_config(os.environ) == site_config_path("smista", appauthor=False) / "config.toml"


def test_the_variables_come_first(tmp_path):
    environ = {"SMISTA_CONFIG": str(tmp_path / "c.toml"), "SMISTA_STATE_DIR": str(tmp_path / "s")}
    assert user_config(environ) == tmp_path / "c.toml"
    assert state_dir_of(environ) == tmp_path / "s"
    assert [layer for layer, _ in config_files(environ)] == ["user", "system"]


def test_a_tilde_is_the_home(sealed):
    assert user_config({"SMISTA_CONFIG": "~/my.toml"}) == sealed / "my.toml"
    assert state_dir_of({"SMISTA_STATE_DIR": "~/state"}) == sealed / "state"
