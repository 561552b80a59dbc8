"""Manifests and lockfiles that do not fit together, and dependencies from somewhere else than a registry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from posixpath import basename, dirname, join, normpath

from smista_git.change.model import Change, FileChange
from smista_git.change.paths import is_requirements
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
_OWN_PACKAGE = re.compile(r"\bpath\s*=|workspace\s*[:=]")
_KEY = re.compile(r"""\s*["']?[\w@/.-]+""")
_OWN_VERSION = re.compile(r'^\s*"?version"?\s*[:=]\s*"')
_FROM_URL = re.compile(
    r"(?:\bgit\+(?:https?|ssh|file)://|\bgit@[\w.-]+:|(?:^|[\"'\s@])https?://[^\s\"']+\.(?:tgz|tar\.gz|zip|whl|git)\b"
    r"|[\"']github:[\w.-]+/|\bgit\s*[=:]\s*[\"'](?:https?|ssh|git)[:@])"
)
_NOT_A_DEPENDENCY = re.compile(
    r"^\s*[\"']?(?:url|repository|homepage|bugs|source|documentation|issues|changelog|download|license|type|rev|repo|funding|[\w-]+[ _-]?url)[\"']?\s*[:=]",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"(?:resolved\"?:? \"|url = \"|tarball: |git\+)(?:https?|ssh|git)://(?:[^@/\"\s]*@)?([\w.-]+)"
)
_REGISTRY = re.compile(
    r"(?:^|\.)(?:registry\.npmjs\.org|registry\.yarnpkg\.com|npm\.pkg\.github\.com|codeload\.github\.com|github\.com|gitlab\.com"
    r"|files\.pythonhosted\.org|pypi\.org|crates\.io|rubygems\.org|packagist\.org|repo\.packagist\.org|api\.github\.com|jsr\.io)$"
)
_OUTSIDE = re.compile(
    r"=>\s*(?P<go>\.{0,2}/\S*)|\bpath\s*=\s*\"(?P<cargo>[./][^\"]*)\"|\"(?:file|link|portal):(?P<npm>[^\"]+)\"|(?:^-e |@ file://|^)(?P<pip>\.{1,2}/\S+|/\S+)"
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
            alone += _lock_alone(sheet.file, touched, change)
            yield from _strange_hosts(sheet)
        elif sheet.role == "manifest":
            alone += _manifest_alone(sheet, touched, lockfiles)
            yield from _origins(sheet)
    # A workspace moves in step: what holds for one package holds for all, and is said once.
    yield from alone[:1]


def _strange_hosts(sheet: Sheet) -> Iterator[Finding]:
    """A host that neither a registry nor the lockfile so far takes packages from: how a lockfile is poisoned."""
    lines = [line for hunk in sheet.file.hunks for line in hunk.lines]
    known = {host for line in lines if line.kind != "+" for host in _HOST.findall(line.text)}
    for added in sheet.added:
        for host in _HOST.findall(added.text):
            if host not in known and not _REGISTRY.search(host):
                known.add(host)
                yield added.finding(
                    "lockfile-host", "warning", "dependencies", f"The lockfile takes a package from {host}",
                    "No registry and no package so far comes from there; see who asked for it.",
                )  # fmt: skip


def _lock_alone(file: FileChange, touched: Set[str], change: Change) -> Iterator[Finding]:
    manifests = _PINS.get(basename(file.path).lower(), ())
    # Whoever changes lockfiles and nothing else means to: an upgrade.
    if all(other.lockfile for other in change.files):
        return
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
    asked = (a for a in sheet.added if pattern and not a.moved and pattern.match(a.text))
    first = next((a for a in asked if not _OWN_PACKAGE.search(a.text)), None)
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
    gone = {m[0] for text in _removed(sheet) if _FROM_URL.search(text) and (m := _KEY.match(text))}
    for added in sheet.added:
        if added.moved or added.comment or _NOT_A_DEPENDENCY.match(added.text):
            continue
        raised = (key := _KEY.match(added.text)) is not None and key[0] in gone
        if raised:
            continue  # it came from there before: another version is no news
        if _FROM_URL.search(added.text) and not _within(
            added, ("repository", "bugs", "project.urls", "funding")
        ):
            yield added.finding(
                "dependency-url", "warning", "dependencies", "A dependency comes from a URL, not from a registry",
                "Its content can change or vanish without a new version, and no registry has checked it.",
            )  # fmt: skip
        elif _leads_outside(added):
            yield added.finding(
                "dependency-outside", "warning", "dependencies", "A dependency lies outside of the repository",
                "It is on your machine, and on nobody else's.",
            )  # fmt: skip
        elif _PLAIN_HTTP.search(added.text):
            yield added.finding(
                "plain-http", "warning", "security", "Packages are fetched over plain HTTP",
                "Anybody on the way can put another package in their place.",
            )  # fmt: skip


def _removed(sheet: Sheet) -> Iterator[str]:
    return (line.text for hunk in sheet.file.hunks for line in hunk.lines if line.kind == "-")


def _leads_outside(added: Added) -> bool:
    found = _OUTSIDE.search(added.text)
    if found is None or found.lastgroup is None:
        return False
    name = basename(added.file.path).lower()
    kinds = {"go.mod": "go", "cargo.toml": "cargo", "package.json": "npm"}
    kind = "pip" if is_requirements(added.file.path) else kinds.get(name)
    target = found[found.lastgroup]
    inside = not normpath(join(dirname(added.file.path), target)).startswith("..")
    return found.lastgroup == kind and (target.startswith("/") or not inside)


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
