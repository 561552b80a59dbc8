"""What a path is for, and how people call it."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from smista_git.change.model import FileChange
from smista_git.change.paths import is_lockfile
from smista_git.change.pattern import regex

Role = Literal[
    "source", "test", "fixture", "docs", "changelog", "ci", "manifest", "lock", "config", "licence", "asset",
    "generated",
]  # fmt: skip

_MANIFESTS = regex(
    r"^(package\.json|pyproject\.toml|setup\.(py|cfg)|requirements.*\.(txt|in)|constraints.*\.txt|Pipfile|Cargo\.toml"
    r"|go\.mod|go\.work|Gemfile|.*\.gemspec|pom\.xml|build\.gradle(\.kts)?|libs\.versions\.toml|composer\.json|mix\.exs"
    r"|pubspec\.yaml|.*\.csproj|Directory\.Packages\.props|Package\.swift|Dockerfile.*|.*\.dockerfile"
    r"|\.pre-commit-config\.ya?ml|environment\.ya?ml|deno\.jsonc?|pnpm-workspace\.yaml|flake\.nix)$"
)
_CI = regex(
    r"(^|/)(\.github/(workflows|actions)/|\.circleci/|\.gitlab-ci|\.travis\.yml|azure-pipelines|Jenkinsfile"
    r"|\.buildkite/|bitbucket-pipelines|appveyor\.yml|\.appveyor\.yml|\.drone\.yml|\.woodpecker|\.github/dependabot)"
)
_FIXTURE = regex(r"(^|/)(__snapshots__|snapshots?|testdata|fixtures?|golden|__fixtures__)/|\.(snap|golden)$")
_TEST = regex(
    r"(^|/)(tests?|__tests?__|specs?|e2e|testing)/|(^|/)test_[^/]*$|(^|/)conftest\.py$"
    r"|[._-](test|spec|tests|e2e|cy|bench|test-d)\.[a-z]+x?$|(^|/)[\w-]*test-dts?/|_(test|spec)\.[a-z]+$|Tests?\.(java|kt|cs|swift|php)$"
)
_DOCS = regex(
    r"(^|/)(docs?|documentation|website|www)/.*\.(md|mdx|rst|adoc|txt|html|ipynb)$|\.(md|mdx|rst|adoc|markdown|org|textile|1)$"
)
_CHANGELOG = regex(
    r"(^|/)(CHANGELOG|CHANGES|HISTORY|NEWS|RELEASE[-_]?NOTES)[^/]*$|(^|/)(\.changeset|newsfragments|changelog\.d)/",
    re.I,
)
_LICENCE = regex(r"(^|/)(LICEN[CS]E|COPYING|NOTICE|COPYRIGHT)([.-][^/]*)?$", re.I)
_CONFIG = regex(
    r"\.(toml|ya?ml|jsonc?|json5|ini|cfg|conf|properties|env|editorconfig|xml|plist|tf|tfvars|hcl|nix)$|(^|/)\.[^/]+$"
    r"|(^|/)(Makefile|justfile|Taskfile[^/]*|CODEOWNERS|Procfile|Vagrantfile|Brewfile|[^/]*\.config\.[cm]?[jt]s)$"
)
_ASSET = regex(
    r"\.(png|jpe?g|gif|svg|webp|ico|woff2?|ttf|otf|eot|mp4|webm|pdf|zip|gz|wasm|jar|icns|tape|cast)$", re.I
)
_STEM_ONLY_WORDS = """
    readme changelog contributing security license licence code_of_conduct agents claude
"""
_STEM_ONLY = frozenset(_STEM_ONLY_WORDS.split())
_INDEX_WORDS = """
    index mod main __init__ lib readme init
"""
_INDEX = frozenset(_INDEX_WORDS.split())


@cache
def role_of_path(path: str) -> Role:
    """What the file is for, judged by its path alone."""
    name = path.rsplit("/", 1)[-1]
    if is_lockfile(path):
        return "lock"
    if _CHANGELOG.search(path):
        return "changelog"
    if _LICENCE.search(path):
        return "licence"
    if _CI.search(path):
        return "ci"
    if _ASSET.search(name):
        return "asset"
    if _FIXTURE.search(path):
        return "fixture"
    if _MANIFESTS.match(name):
        return "manifest"
    if _TEST.search(path) and not name.endswith((".md", ".rst")):
        return "test" if not _CONFIG.search(name) else "fixture"
    if _DOCS.search(path):
        return "docs"
    return "config" if _CONFIG.search(path) else "source"


def role(file: FileChange) -> Role:
    """What a changed file is for."""
    if file.lockfile:
        return "lock"
    if (file.generated or file.vendored) and role_of_path(file.path) != "fixture":
        return "generated"
    if file.binary and role_of_path(file.path) == "source":
        return "asset"
    return role_of_path(file.path)


def base_name(path: str) -> str:
    """The last part of a path."""
    return path.rstrip("/").rsplit("/", 1)[-1]


def folder(path: str) -> str:
    """The folder of a path, "" at the root."""
    return path.rsplit("/", 1)[0] if "/" in path else ""


def stem(path: str) -> str:
    """The last part of a path without its endings; a leading dot stays."""
    name = base_name(path)
    return name[:1] + name[1:].split(".", 1)[0]


def spoken(path: str) -> str:
    """What people call a file: README for README.md, the folder for an index file, else the name."""
    name, short = base_name(path), stem(path)
    if short.lower() in _STEM_ONLY:
        where = folder(path)
        return f"{base_name(where)} {short}" if where and short.lower() == "readme" else short
    if short.lower() in _INDEX and base_name(folder(path)) not in {"", "src", "lib"}:
        return base_name(folder(path))
    return short if role_of_path(path) in {"source", "test"} else name
