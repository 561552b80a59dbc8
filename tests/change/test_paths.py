"""What names say: one row a path."""

from __future__ import annotations

import pytest

from smista_git.change import names
from smista_git.change.languages import LANGUAGE_OF_EXTENSION, LANGUAGE_OF_NAME, language_of
from smista_git.change.paths import is_generated, is_lockfile, is_vendored, role_of

ROLES = {
    "Cargo.lock": "lockfile",
    "deep/go.sum": "lockfile",
    "devbox.lock": "lockfile",
    "gradle/dependency-locks/compile.lockfile": "lockfile",
    "conda-lock.yml": "lockfile",
    ".terraform.lock.hcl": "lockfile",
    "node_modules/x/index.js": "vendored",
    "third_party/z.c": "vendored",
    "CHANGELOG.md": "changelog",
    "changes.rs": "source",
    ".changeset/brave-cats.md": "changelog",
    "changelog/render.rs": "source",
    ".github/workflows/test.yml": "ci",
    ".gitlab-ci.yml": "ci",
    "tests/test_a.py": "test",
    "src/a.spec.ts": "test",
    "pkg/a_test.go": "test",
    "src/FooTests.cs": "test",
    "src/contest.py": "source",
    "src/latest.ts": "source",
    "package.json": "manifest",
    "pylock.toml": "lockfile",
    "ci/pylock.dev.toml": "lockfile",
    "requirements-dev.txt": "manifest",
    "requirements/extras/redis.txt": "manifest",
    "requirements/test.txt": "manifest",
    "constraints.txt": "manifest",
    "tests/requirements.txt": "test",
    "docs/requirements.md": "docs",
    "docs/testing/mocks.md": "docs",
    "guides/tests.rst": "docs",
    "tests/README.md": "docs",
    "tests.md": "docs",
    "tests/docs/table.md": "test",
    "docs/tests/test_examples.py": "test",
    "README": "docs",
    "docs/guide.py": "docs",
    "src/readme_parser.py": "source",
    "Makefile": "build",
    "a/CMakeLists.txt": "build",
    "api/v1/x.pb.go": "generated",
    "dist/app.js": "generated",
    "db/migrate/001_add.rb": "migration",
    "examples/a.py": "example",
    "theme.scss": "style",
    "logo.png": "asset",
    "conf/app.yaml": "config",
    ".editorconfig": "config",
    "src/main.rs": "source",
    "strange.xyzzy": "other",
    "noextension": "other",
}
LANGUAGES = {
    "a.PY": "python",
    "a.tsx": "typescript",
    "Dockerfile": "dockerfile",
    "Dockerfile.dev": "dockerfile",
    "go.mod": "go module",
    "a.tar": None,
    ".gitignore": "ignore list",
    "x/.hidden": None,
    "a.": None,
    "": None,
}


@pytest.mark.parametrize(("path", "role"), ROLES.items())
def test_roles(path: str, role: str) -> None:
    assert role_of(path) == role


@pytest.mark.parametrize(("path", "language"), LANGUAGES.items())
def test_languages(path: str, language: str | None) -> None:
    assert language_of(path) == language


def test_the_table_knows_many_languages() -> None:
    assert len({*LANGUAGE_OF_EXTENSION.values(), *LANGUAGE_OF_NAME.values()}) >= 80


def test_names_written_by_machines() -> None:
    assert is_lockfile("A/Yarn.LOCK") and not is_lockfile("lock.py")
    assert is_vendored("vendor/a.go") and not is_vendored("src/vendor.go")
    assert is_generated("a_pb2.py") and is_generated("x.min.js") and not is_generated("min.js")


def test_the_tables_hold_plain_lower_case_names() -> None:
    tables = (names.LOCKFILES, names.MANIFESTS, names.BUILD_NAMES, names.CI_NAMES, names.VENDORED_FOLDERS)
    words = {word for table in (*tables, names.TEST_FOLDERS, names.DOCS_FOLDERS) for word in table}
    assert [word for word in words if word.strip("\"',") != word.lower()] == []
