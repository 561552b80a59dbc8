"""``builtin/rules`` as a reviewer: for nothing, at once, and silent about what it is not sure of."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from smista_git.change.model import Change
from smista_git.change.paths import Role
from smista_git.phases.review.builtin.addressed import addressed
from smista_git.phases.review.builtin.dangers import dangers
from smista_git.phases.review.builtin.dependencies import dependencies
from smista_git.phases.review.builtin.files import file_facts
from smista_git.phases.review.builtin.left_behind import left_behind
from smista_git.phases.review.builtin.leftovers import leftovers
from smista_git.phases.review.builtin.lines import Sheet, on_file, sheet_of
from smista_git.phases.review.builtin.suites import switched_off, untested
from smista_git.phases.review.builtin.workflows import injections
from smista_git.phases.review.finding import Finding, Severity, merged, sorted_findings
from smista_git.plan.redact import Place

# Beyond so many of one kind in one file the point is made.
MOST_OF_A_KIND = 3
MOST_OF_A_RULE = 20
UNREAD_ROLES = frozenset({"vendored", "generated", "lockfile"})


def review_by_rules(
    change: Change,
    *,
    secrets: Sequence[Place] = (),
    sizes: Mapping[str, int] | None = None,
    lockfiles: Set[str] = frozenset(),
    uses: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Finding, ...]:
    """The findings of all rules, worst first. Machine-written and vendored files are looked at from outside only.

    ``sizes`` are the bytes of new blobs by object name, ``lockfiles`` the lockfiles after the change,
    ``uses`` the places that still use a function that is gone, by its name.
    """
    sheets = [sheet_of(file) for file in change.files]
    found = [
        *_secrets(sheets, secrets),
        *(finding for sheet in sheets for finding in _of_sheet(sheet, sizes or {})),
        *dependencies(change, sheets, lockfiles),
        *untested(sheets),
        *left_behind(change, uses or {}),
    ]
    return sorted_findings(_folded(merged(found)))


def _of_sheet(sheet: Sheet, sizes: Mapping[str, int]) -> Iterator[Finding]:
    yield from file_facts(sheet, sizes)
    if sheet.role in UNREAD_ROLES or sheet.file.generated or sheet.file.binary:
        return
    for rule in (leftovers, dangers, switched_off, addressed, injections):
        yield from rule(sheet)


# Rules that know a word and not a form: a name like "token" beside a value, an address with a name in it.
_UNSURE = re.compile(r"^generic-|-assignment$|^value-below$|-in-url$|credential-uri$")
_SECRET_WHY = (
    "Whoever can read the repository can use it, for as long as history is kept: take it out and revoke it."
)


def _secrets(sheets: Iterable[Sheet], secrets: Sequence[Place]) -> Iterator[Finding]:
    """One finding a line that gained a secret; what was there before is no news."""
    by_path: dict[str, list[Place]] = defaultdict(list)
    for place in secrets:
        by_path[place.path].append(place)
    for sheet in sheets:
        mine = [place for path in sheet.file.paths for place in by_path.get(path, ())]
        places = {place.line: place.rule for place in mine if place.side == "new"}
        for added in sheet.added:
            if added.line.new_line in places and not added.moved:
                rule = places[added.line.new_line]
                title = f"{'What looks like a secret' if _UNSURE.search(rule) else 'A secret'} is committed ({rule})"
                yield added.finding("secret", _weight(rule, sheet.role), "secrets", title, _SECRET_WHY)
        if any(place.side == "name" for place in mine) and sheet.file.status != "deleted":
            yield on_file(
                sheet.file, "secret", "error", "secrets", "A secret stands in the file's name", _SECRET_WHY
            )


def _weight(rule: str, role: Role) -> Severity:
    """Tests and documents are full of made-up passwords; a token of a known form is one wherever it stands."""
    invented = role in ("test", "example", "docs")
    if _UNSURE.search(rule):
        return "note" if invented else "warning"
    return "warning" if role in ("test", "example") else "error"


def _folded(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The first findings of each kind in each file; the last one kept says how many more there are."""
    yield from _first(
        _first(findings, lambda f: (f.path, f.rule), MOST_OF_A_KIND, "in this file"),
        lambda f: f.rule,
        MOST_OF_A_RULE,
        "in other files",
    )


def _first(
    findings: Iterable[Finding], key_of: Callable[[Finding], object], most: int, where: str
) -> list[Finding]:
    found = list(findings)
    totals = Counter(map(key_of, found))
    seen: Counter[object] = Counter()
    kept = []
    for finding in found:
        key = key_of(finding)
        seen[key] += 1
        if seen[key] < most or totals[key] == most:
            kept.append(finding)
        elif seen[key] == most:
            more = totals[key] - most
            kept.append(replace(finding, why=f"{finding.why} There are {more} more like it {where}."))
    return kept
