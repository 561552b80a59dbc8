"""Patterns as in .gitignore, checked against git itself."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from smista_git.classify.path_patterns import matches, matches_any_case


@pytest.mark.parametrize(
    ("patterns", "path", "found"),
    [
        ([], "a", None),
        ([".env*"], "a/b/.env.local", ".env*"),
        (["src/auth/**"], "src/auth/deep/x.py", "src/auth/**"),
        (["src/auth/**"], "lib/src/auth/x.py", None),
        (["**/secrets/**"], "secrets/a", "**/secrets/**"),
        (["/x"], "a/x", None),
        (["secrets/"], "a/secrets/b/c", "secrets/"),
        (["secrets/"], "a/secrets", None),
        (["*.pem", "!ok.pem"], "a/ok.pem", None),
        (["*.pem", "!ok.pem"], "a/no.pem", "*.pem"),
        (["*.pem", "!ok.pem", "ok.*"], "a/ok.pem", "ok.*"),
        (["!*.pem"], "a.pem", None),
        (["*.p[ek]m"], "a.pkm", "*.p[ek]m"),
        ([r"\!a"], "!a", r"\!a"),
        (["#a"], "#a", None),
        (["a b.txt"], "x/a b.txt", "a b.txt"),
        (["*.txt"], "a\nb.txt", "*.txt"),
        (["*.txt"], "\udcff.txt", "*.txt"),
        (["Src/"], "src/a", None),
    ],
)
def test_matches(patterns, path, found):
    assert matches(patterns, path) == found


@pytest.mark.parametrize(
    ("patterns", "path", "found"),
    [
        (["Secrets/"], "SECRETS/a", "Secrets/"),
        ([".ENV", ".env"], ".Env", ".env"),
        (["*.PEM", "!OK.pem"], "ok.Pem", None),
        (["straße/"], "STRASSE/a", "straße/"),
        (["cl\u00e9/"], "Cle\u0301/a", "cl\u00e9/"),
        (["cle\u0301/"], "CL\u00c9/a", "cle\u0301/"),
    ],
)
def test_matches_any_case(patterns, path, found):
    assert matches_any_case(patterns, path) == found


pattern_texts = st.text("ab.*?/!", min_size=1, max_size=6).filter(lambda t: t.strip("/!") and "***" not in t)
path_texts = st.lists(st.text("ab.", min_size=1, max_size=3), min_size=1, max_size=3).map("/".join)


@given(st.lists(pattern_texts, min_size=1, max_size=3), path_texts)
@settings(max_examples=200, deadline=None)
def test_the_short_cut_changes_no_answer(patterns, path):
    result = GitIgnoreSpec.from_lines(patterns).check_file(path)
    assert matches(patterns, path) == (patterns[result.index] if result.include else None)


@pytest.mark.parametrize(
    "patterns",
    [
        [".env*", "!.env.example"],
        ["docs/", "!docs/a.md"],
        ["/build", "*.o"],
        ["**/x/**", "a/**/b"],
        ["a?c", "[ab].c"],
    ],
)
def test_git_says_the_same(repo, patterns):
    repo.write(".gitignore", "\n".join(patterns) + "\n")
    paths = [
        ".env", "sub/.env.local", ".env.example", "docs/b.md", "build/a", "src/build/a", "m.o", "x/1", "q/x/2",
        "a/b", "a/z/b", "abc", "b.c", "c.c",
    ]  # fmt: skip
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin", "-z"],
        input="\0".join(paths).encode(),
        capture_output=True,
        cwd=repo.path,
        check=False,
    )
    ignored = set(done.stdout.decode().split("\0")) - {""}
    assert {path for path in paths if matches(patterns, path)} == ignored


def test_a_newline_in_a_name_hides_nothing() -> None:
    assert matches_any_case(["**/secrets/**"], "a\nb/secrets/key") == "**/secrets/**"
    assert matches(["a/**/b"], "a/x\ny/b") == "a/**/b"
