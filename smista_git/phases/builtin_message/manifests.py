"""Which dependency, at which version, a line of a manifest or lockfile names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from smista_git.change.paths import is_requirements
from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.paths import base_name

_VERSION = r"[\^~<>=!*v]*\s*\d[\w.+!*-]*(?:(?:\s*,|\s*\|\||\s+(?=[<>=]))\s*[\^~<>=!]*\s*[\w.*]+)*"
_PSEUDO = regex(r"v\d[\w.-]*?[.-]\d{14}-(?P<hash>[0-9a-f]{12})(?:\+incompatible)?")
_OPERATOR = regex(r"^[\^~=v\s]*(?=\d)")
_NOT_A_DEPENDENCY_WORDS = """
    version name description license main type resolved integrity python-version node-version timeout-
    minutes edition rust-version requires-python target-version python_version id checksum source schema
    lockfileVersion lockfileversion revision size line-length port minversion target module lib fetch-
    depth packageManager
"""
_NOT_A_DEPENDENCY = frozenset(_NOT_A_DEPENDENCY_WORDS.split())  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pin:
    """A name at a version, as one line says."""

    name: str
    version: str


@cache
def _expressions(kind: str) -> tuple[re.Pattern[str], ...]:
    version = rf"(?P<version>{_VERSION})"
    sources: dict[str, tuple[str, ...]] = {
        "json": (rf'^\s*"(?P<name>[@\w./-]+)"\s*:\s*"(?:npm:[@\w/.-]+@|workspace:)?{version}"',),
        "python": (
            r"^\s*['\"]?(?P<name>[A-Za-z][\w.-]*)(?:\[[^\]]*\])?\s*(?P<version>(?:[<>=!~]=?=?\s*[\w.*]+\s*,?\s*)+)",
            rf'^\s*"?(?P<name>[A-Za-z][\w.-]*)"?\s*=\s*"{version}"',
            rf'^\s*"?(?P<name>[A-Za-z][\w.-]*)"?\s*=\s*\{{.*?\bversion\s*=\s*"{version}"',
        ),
        "cargo": (
            rf'^\s*(?P<name>[A-Za-z][\w-]*)\s*=\s*"{version}"',
            rf'^\s*(?P<name>[A-Za-z][\w-]*)\s*=\s*\{{.*?\bversion\s*=\s*"{version}"',
        ),
        "go": (r"^\s*(?:require\s+)?(?P<name>[\w.-]+\.[a-z]+/[^\s]+)\s+(?P<version>v\d[^\s/]*)(?!\S*/go\.mod)",),
        "ruby": (
            r"^\s*(?:gem|\w+\.add_(?:runtime_|development_)?dependency)[\s(]+['\"](?P<name>[\w-]+)['\"]\s*,\s*['\"](?P<version>[~<>=\s]*\d[\w.]*)",
            r"^ {4}(?P<name>[\w-]+) \((?P<version>\d[\w.]*)\)$",
        ),
        "gradle": (r"['\"](?:[\w.-]+):(?P<name>[\w.-]+):(?P<version>\d[\w.-]*)['\"]",
                   rf"id\s*\(?['\"](?P<name>[\w.-]+)['\"]\)?\s+version\s+['\"]{version}",
                   rf'^\s*(?P<name>[a-z][\w-]*)\s*=\s*"{version}"'),
        "docker": (r"^\s*FROM\s+(?:--platform=\S+\s+)?(?P<name>[\w./-]+):?[\w.-]*@sha256:(?P<version>[0-9a-f]{7})",
                   r"^\s*FROM\s+(?:--platform=\S+\s+)?(?P<name>[\w./-]+):(?P<version>[\w.-]+)"),
        "csproj": (rf'Include="(?P<name>[\w.]+)"\s+Version="{version}"',),
        "yaml": (rf"^\s*(?P<name>[a-z][\w-]*)\s*:\s*['\"]?{version}['\"]?\s*$",
                 r"^\s*-\s*['\"]?(?P<name>[a-z][\w-]*)==?(?P<version>\d[\w.]*)"),
    }  # fmt: skip
    return tuple(regex(source) for source in sources.get(kind, ()))


_ACTION = regex(
    r"^\s*-?\s*uses:\s*['\"]?(?P<name>[\w.-]+/[\w./-]+)@(?P<ref>[\w./-]+)['\"]?(?:\s*#\s*(?P<note>v?\d[\w.]*))?"
)
_REPO = regex(r"^\s*-?\s*repo:\s*['\"]?\S*?(?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?['\"]?\s*$")
_REV = regex(r"^\s*rev:\s*['\"]?(?P<version>[\w.-]+)['\"]?")
_PNPM_NAME = regex(r"^ {4,6}'?(?P<name>@?[\w./-]+)'?:$")
_PNPM_VERSION = regex(r"^\s+version: (?P<version>\d[\w.-]*)")
_PNPM_KEY = regex(r"^ {2}'?(?P<name>@?[\w./-]+)@(?P<version>\d[\w.-]*)(?:\(.*\))?'?:$")
_POM_NAME = regex(r"<artifactId>(?P<name>[\w.-]+)</artifactId>")
_POM_VERSION = regex(r"<version>(?P<version>\d[\w.-]*)</version>")
_LOCK_NAME = regex(
    r'^\s*name = "(?P<toml>[\w.-]+)"|^\s*"(?:node_modules/)?(?:.*/node_modules/)?(?P<npm>[@\w./-]+)": \{'
    r'|^"?(?P<yarn>@?[\w./-]+)@[^:]*:|^\s*"name": "(?P<composer>[\w./-]+)"|^\s*/?\'?(?P<pnpm>@?[\w./-]+)@[\d.]+[^:]*:'
)
_LOCK_VERSION = regex(r'^\s*"?version"?\s*[=:]?\s*"?(?P<version>v?\d[\w.+-]*)"?,?$')


@cache
def family(path: str) -> str:
    """How the file spells dependencies, "" when it has none."""
    name = base_name(path)
    exact = {
        "Cargo.toml": "cargo", "go.mod": "go", "go.work": "go", "go.sum": "go", "Gemfile": "ruby",
        "Gemfile.lock": "ruby", "pyproject.toml": "python", "Pipfile": "python", "pom.xml": "pom",
        "setup.py": "python", "setup.cfg": "python", "libs.versions.toml": "gradle", "pubspec.yaml": "yaml",
        "Directory.Packages.props": "csproj", ".pre-commit-config.yaml": "hooks", "pnpm-workspace.yaml": "yaml",
    }  # fmt: skip
    if name in exact:
        return exact[name]
    endings = {
        ".json": "json",
        ".gemspec": "ruby",
        ".csproj": "csproj",
        ".gradle": "gradle",
        ".kts": "gradle",
    }
    for ending, found in endings.items():
        if name.endswith(ending):
            return found if name != "package-lock.json" else "lock"
    if is_requirements(path):
        return "python"
    if "ockerfile" in name:
        return "docker"
    if name == "pnpm-lock.yaml":
        return "pnpm"
    if name.endswith(".lock"):
        return "lock"
    return "actions" if ".github/" in path else ""


def pins(lines: Iterable[str], kind: str, *, indirect: bool = True) -> list[Pin]:
    """The pins of some lines, in order; for the files where the name stands above, ``lines`` hold both.

    Without ``indirect``, what go only marks as needed by others is left out.
    """
    if kind == "pnpm":
        return _pins_of_pnpm(list(lines))
    if kind in {"lock", "pom", "hooks"}:
        return _pins_below(lines, kind)
    if kind == "actions":
        return [pin for line in lines if (pin := _action(line))]
    found = []
    for line in lines:
        if kind == "go" and "// indirect" in line and not indirect:
            continue
        match = next((m for e in _expressions(kind) if (m := e.search(line))), None)
        if match and match["name"] not in _NOT_A_DEPENDENCY:
            found.append(Pin(match["name"], bare(match["version"])))
    return found


def _pins_of_pnpm(lines: list[str]) -> list[Pin]:
    """What the projects themselves ask for; where none of that is in sight, the packages by their keys."""
    found: list[Pin] = []
    name = ""
    for line in lines:
        if match := _PNPM_NAME.match(line):
            name = match["name"]
        elif (match := _PNPM_VERSION.match(line)) and name:
            found.append(Pin(name, match["version"]))
            name = ""
    return found or [Pin(m["name"], m["version"]) for line in lines if (m := _PNPM_KEY.match(line))]


def _action(line: str) -> Pin | None:
    found = _ACTION.match(line)
    if found is None:
        return None
    ref = found["note"] or found["ref"]
    name = "/".join(found["name"].split("/")[:2])
    return Pin(name, bare(ref) if not re.fullmatch(r"[0-9a-f]{40}", ref) else ref[:7])


def _pins_below(lines: Iterable[str], kind: str) -> list[Pin]:
    names, versions = {
        "lock": (_LOCK_NAME, _LOCK_VERSION),
        "pom": (_POM_NAME, _POM_VERSION),
        "hooks": (_REPO, _REV),
    }[kind]
    found: list[Pin] = []
    name = ""
    for line in lines:
        if match := names.search(line):
            name = next((g for g in match.groups() if g), "")
        elif (match := versions.search(line)) and name:
            found.append(Pin(name, bare(match["version"])))
            name = ""
    return found


def bare(version: str) -> str:
    """A version without the operator of a simple pin; a range of two bounds keeps its own."""
    text = version.strip().rstrip(",").strip()
    if pseudo := _PSEUDO.fullmatch(text):
        return pseudo["hash"]
    return text if "," in text or "<" in text or "|" in text else _OPERATOR.sub("", text.removeprefix(">="))
