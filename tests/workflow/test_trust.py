"""The store of trusted hashes."""

from __future__ import annotations

import json

import pytest

from smista_git.workflow.trust import TrustStore

ONE, TWO = "1" * 64, "2" * 64


def test_what_was_recorded_is_trusted_and_nothing_else(tmp_path):
    store = TrustStore(tmp_path / "new" / "state")
    assert not store.trusts(ONE, {})
    store.record(ONE, "/work/a/.smista.toml")
    store.record(TWO, "/work/b/.smista.toml")
    assert store.trusts(ONE, {}) and store.trusts(TWO, {})
    assert not store.trusts("3" * 64, {})
    assert store.recorded() == {ONE: "/work/a/.smista.toml", TWO: "/work/b/.smista.toml"}
    assert [p.name for p in store.path.parent.iterdir()] == ["trust.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"trusted": []}', '{"trusted": {"*": "x"}}', '{"v": 1}', "\x00"]
)
def test_a_broken_store_trusts_nothing_and_can_be_written_again(tmp_path, text):
    store = TrustStore(tmp_path)
    store.path.write_text(text)
    assert not store.trusts(ONE, {})
    assert not store.trusts("*", {})
    store.record(ONE, "a")
    assert store.trusts(ONE, {})


def test_the_file_can_be_read(tmp_path):
    TrustStore(tmp_path).record(ONE, "a")
    assert json.loads((tmp_path / "trust.json").read_text()) == {"v": 1, "trusted": {ONE: "a"}}


@pytest.mark.parametrize(
    ("variable", "trusted"),
    [("", False), (ONE, True), (f"{TWO} {ONE}", True), (ONE[:12], False), (" * ", False)],
)
def test_the_variable(tmp_path, variable, trusted):
    assert TrustStore(tmp_path).trusts(ONE, {"SMISTA_TRUST": variable}) is trusted
