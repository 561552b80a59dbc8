"""A release is told from a bump of dependencies."""

from __future__ import annotations

import pytest

from smista_git.change.model import Change
from smista_git.classify.classify import classify
from smista_git.classify.version_bump import is_release
from tests.classify.test_classify import edited

MANIFEST = edited("package.json", ['  "version": "1.2.4",'], ['  "version": "1.2.3",'])
NOTES = edited("CHANGELOG.md", ["## 1.2.4", "", "- Faster.", ""], [])
README = edited("README.md", ["curl example.org/v1.2.4"], ["curl example.org/v1.2.3"])
LOCK = edited("package-lock.json", ['  "version": "1.2.4",', "  more", "  and more"], [], lockfile=True)

RELEASES = {
    "a manifest": [MANIFEST],
    "with notes, a page and a lockfile": [NOTES, MANIFEST, README, LOCK],
    "forty packages": [
        edited(f"packages/p{n}/package.json", ['  "version": "2.0.0"'] * 9, ['  "version": "1.0.0"'] * 9)
        for n in range(40)
    ],
    "a Rust crate": [edited("Cargo.toml", ['version = "0.2.0"'], ['version = "0.1.9"'])],
    "a Python module": [edited("src/a/__init__.py", ['__version__ = "2.0.0rc1"'], ['__version__ = "1.9"'])],
    "a Go constant": [edited("version.go", ['const version = "2.1.10"'], ['const version = "2.1.9"'])],
    "a gem": [edited("a.gemspec", ['  s.version = "1.0.1"'], ['  s.version = "1.0.0"'])],
    "a pom": [edited("pom.xml", ["    <version>1.0.1</version>"], ["    <version>1.0.0</version>"])],
    "a bare file": [edited("VERSION", ["1.0.1"], ["1.0.0"])],
    "gradle": [edited("build.gradle", ['    versionName "1.0.1"'], ['    versionName "1.0.0"'])],
}
OTHERS = {
    "a crate in Cargo.toml": [
        edited("Cargo.toml", ['serde = { version = "1.0.2" }'], ['serde = { version = "1.0.1" }'])
    ],
    "a dependency in package.json": [
        edited("package.json", ['    "vite": "5.4.2"'], ['    "vite": "5.4.1"'])
    ],
    "a dependency in a pom": [
        edited("pom.xml", ["            <version>1.0.1</version>"], ["            <version>1.0.0</version>"])
    ],
    "an action": [edited(".github/workflows/ci.yml", ["  version: 1.2.4"], ["  version: 1.2.3"])],
    "code as well": [MANIFEST, edited("src/a.py", ["x = 2"], ["x = f()"])],
    "notes alone": [NOTES],
    "a page alone": [README],
    "nothing": [],
}


@pytest.mark.parametrize("case", RELEASES)
def test_a_release_is_a_chore_whatever_its_size(case: str) -> None:
    change = Change(tuple(RELEASES[case]))
    labels = classify(change)
    assert is_release(change) and "version-bump" in labels.flags
    assert (labels.type, labels.tier) == ("chore", "light")


@pytest.mark.parametrize("case", OTHERS)
def test_other_versions_are_no_release(case: str) -> None:
    assert not is_release(Change(tuple(OTHERS[case])))
