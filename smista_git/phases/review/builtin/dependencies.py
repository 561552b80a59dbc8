"""Manifests and lockfiles that do not fit together, and dependencies from somewhere else than a registry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from posixpath import basename, dirname

from smista_git.change.model import Change, FileChange
from smista_git.phases.review.builtin.lines import Added, Sheet, on_file
from smista_git.phases.review.finding import Finding

# Each lockfile with the manifests that it pins.
_PINS: dict[str, tuple[str, ...]] = {
    "package-lock.json": ("package.json",),
    "npm-shrinkwrap.json": ("package.json",),
    "yarn.lock": ("package.json",),
    "pnpm-lock.yaml": ("package.json", "pnpm-workspace.yaml"),
    "bun.lock": ("package.json",),
    "bun.lockb": ("package.json",),
    "cargo.lock": ("cargo.toml",),
    "poetry.lock": ("pyproject.toml",),
    "uv.lock": ("pyproject.toml",),
    "pdm.lock": ("pyproject.toml",),
    "pipfile.lock": ("pipfile",),
    "gemfile.lock": ("gemfile",),
    "composer.lock": ("composer.json",),
    "go.sum": ("go.mod",),
    "mix.lock": ("mix.exs",),
    "pubspec.lock": ("pubspec.yaml",),
    "podfile.lock": ("podfile",),
}
_DEPENDENCY = {
    "package.json": re.compile(r'^\s*"(?!version"|node"|npm"|pnpm"|yarn"|name"|packageManager")[@\w./-]+"\s*:\s*"(?:[\^~<>=v]*\d[\w.*+ <>=|^~-]*|\*|latest|workspace:.*)"'),
    "cargo.toml": re.compile(r'^\s*(?!version|edition|rust-version|name|resolver|lto|opt-level|authors)[\w-]+\s*=\s*(?:"[\^~=<>*]*\d[\w.*, <>=-]*"|\{.*\bversion\b)'),
    "go.mod": re.compile(r"^\s*(?:require\s+)?[\w.-]+\.[\w./-]+ v\d"),
    "gemfile": re.compile(r"^\s*gem ['\"]"),
    "pipfile": re.compile(r'^\s*[\w.-]+\s*=\s*"[*\d<>=~]'),
    "pyproject.toml": re.compile(r'^\s*(?:"[A-Za-z][\w.-]*(?:\[[\w, -]+\])?\s*(?:[<>=!~]=|[<>]|@).*"|(?!version|python\b|requires-python|target-version|line-length|name\b|tag_format)[\w-]+\s*=\s*(?:"[\^~<>=]+\s*\d[^"]*"|\{.*\bversion\s*=)),?'),
    "composer.json": re.compile(r'^\s*"[\w.-]+/[\w.-]+"\s*:\s*"[\^~<>=v*\d]'),
}  # fmt: skip
_OWN_VERSION = re.compile(r'^\s*"?version"?\s*[:=]\s*"')
_FROM_URL = re.compile(
    r"(?:\bgit\+(?:https?|ssh|file)://|\bgit@[\w.-]+:|(?:^|[\"'\s@])https?://[^\s\"']+\.(?:tgz|tar\.gz|zip|whl|git)\b"
    r"|[\"']github:[\w.-]+/|\bgit\s*[=:]\s*[\"'](?:https?|ssh|git)[:@])"
)
_NOT_A_DEPENDENCY = re.compile(
    r"^\s*[\"']?(?:url|repository|homepage|bugs|source|documentation|issues|changelog|download|license|type|rev|repo|funding|[\w-]+[ _-]?url)[\"']?\s*[:=]",
    re.IGNORECASE,
)
_PLAIN_HTTP = re.compile(
    r"(?:--(?:extra-)?index-url|registry|source)[\s=:'\"]+http://(?!localhost|127\.)", re.IGNORECASE
)


def dependencies(change: Change, sheets: list[Sheet], lockfiles: Set[str]) -> Iterator[Finding]:
    """Findings about dependencies; ``lockfiles`` are those that the repository has after the change."""
    touched = {path.lower() for path in change.paths}
    alone: list[Finding] = []
    for sheet in sheets:
        if sheet.role == "lockfile":
            alone += _lock_alone(sheet.file, touched)
        elif sheet.role == "manifest":
            alone += _manifest_alone(sheet, touched, lockfiles)
            yield from _origins(sheet)
    # A workspace moves in step: what holds for one package holds for all, and is said once.
    yield from alone[:1]


def _lock_alone(file: FileChange, touched: Set[str]) -> Iterator[Finding]:
    manifests = _PINS.get(basename(file.path).lower(), ())
    # One lockfile may serve a whole workspace, so a manifest anywhere will do.
    if not manifests or file.status != "modified" or any(basename(path) in manifests for path in touched):
        return
    yield on_file(
        file, "lockfile-alone", "note", "dependencies", f"{basename(file.path)} changed, and no {manifests[0]} with it",
        "What is installed changes though nobody asked for it: fine for an upgrade of indirect dependencies, odd otherwise.",
    )  # fmt: skip


def _manifest_alone(sheet: Sheet, touched: Set[str], lockfiles: Set[str]) -> Iterator[Finding]:
    name = basename(sheet.file.path).lower()
    pattern = _DEPENDENCY.get(name)
    first = next((a for a in sheet.added if pattern and not a.moved and pattern.match(a.text)), None)
    if first is None:
        return
    # A release raises the versions of a workspace's own packages, which no lockfile pins.
    if any(_OWN_VERSION.match(added.text) for added in sheet.added):
        return
    for lock in sorted(lockfiles):
        pins = name in _PINS.get(basename(lock).lower(), ())
        if pins and dirname(lock) == dirname(sheet.file.path) and lock.lower() not in touched:
            yield first.finding(
                "manifest-alone",
                "warning",
                "dependencies",
                f"Dependencies changed, and {basename(lock)} did not",
                "Who installs from the lockfile gets the old ones, or an error.",
            )
            return


def _origins(sheet: Sheet) -> Iterator[Finding]:
    for added in sheet.added:
        if added.moved or added.comment or _NOT_A_DEPENDENCY.match(added.text):
            continue
        if _FROM_URL.search(added.text) and not _within(
            added, ("repository", "bugs", "project.urls", "funding")
        ):
            yield added.finding(
                "dependency-url", "warning", "dependencies", "A dependency comes from a URL, not from a registry",
                "Its content can change or vanish without a new version, and no registry has checked it.",
            )  # fmt: skip
        elif _PLAIN_HTTP.search(added.text):
            yield added.finding(
                "plain-http", "warning", "security", "Packages are fetched over plain HTTP",
                "Anybody on the way can put another package in their place.",
            )  # fmt: skip


def _within(added: Added, tables: tuple[str, ...]) -> bool:
    """True when the nearest heading above the line, within its hunk, is one of ``tables``."""
    heads: list[str] = []
    for hunk in added.file.hunks:
        for line in hunk.lines:
            if line is added.line:
                return any(table in heads[-1] for table in tables) if heads else False
            if line.kind != "-" and re.match(r'\s*(?:\[[\w."-]+\]|"\w+"\s*:\s*\{)', line.text):
                heads.append(line.text.lower())
    return False
