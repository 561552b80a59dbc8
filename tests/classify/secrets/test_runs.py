"""Runs of letters: the quick look says the same as the pattern that it stands for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smista_git.classify.secrets.runs import ALNUM, ANY_BASE64, BASE64, HEX, has_run

SETS = {ALNUM: "[A-Za-z0-9]", BASE64: "[A-Za-z0-9+/]", ANY_BASE64: "[A-Za-z0-9+/_-]", HEX: "[0-9a-f]"}
texts = st.text(st.sampled_from("aZ09gG+/_-= \n.é\udcff\x00x?"), max_size=60)


@pytest.mark.parametrize("letters", SETS)
@given(text=texts, length=st.integers(1, 8))
def test_a_run_is_seen_where_the_pattern_sees_one(letters: str, text: str, length: int) -> None:
    assert has_run(text, letters, length) == bool(re.search(f"{SETS[letters]}{{{length}}}", text))
