"""Half of a release's entries taken out of real changelogs, and merged back.

    python bench/changelog_merge.py REPO... [--releases N]

For each of the last N releases with a tag and a section: every second entry that the history accounts for is taken
out, the history of that release is merged into what is left, and the result is compared with the file as it was.
Only commits that were listed are merged: which ones to list is what bench/changelog.py measures.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bench.changelog import pairs_of, rest_of, taught_of, truth_of
from smista_git.git.repository import Repository
from smista_git.phases.changelog.document import parse_document
from smista_git.phases.changelog.heading import Target
from smista_git.phases.changelog.match import Matcher, known_of
from smista_git.phases.changelog.merge import merge
from smista_git.phases.changelog.release import Wording
from smista_git.phases.changelog.style import Style
from smista_git.phases.changelog.traits import touched_by
from smista_git.workflow.changelog.changelog import links_for
from smista_git.workflow.changelog.file import file_at
from smista_git.workflow.changelog.teaching import TAUGHT_BY


def measure(folder: Path, *, releases: int) -> str:
    """One line about one repository."""
    repo = Repository.discover(folder)
    found = file_at(repo, "HEAD")
    if found is None:
        return "no changelog"
    _text, document = found[1], parse_document(found[1])
    taken = back = right = twice = lost = changed = kept_out = 0
    pairs = pairs_of(repo, found[0], document, releases + TAUGHT_BY)
    truths = [truth_of(pair, document) for pair in pairs]
    for number, pair in enumerate(pairs[:releases]):
        older = slice(number + 1, number + 1 + TAUGHT_BY)
        paths = {oid: names for one in (*pairs[older], pair) for oid, names in one.paths.items()}
        placing = taught_of(truths[older], rest_of(document, pair), paths).placing
        matcher = Matcher([known_of(item) for item in pair.section.items], pair.entries)
        by_item = {}
        for entry in pair.entries:
            if hit := matcher.find(entry):
                by_item.setdefault(hit.item.start, []).append(entry)
        listed = [entry for entries in by_item.values() for entry in entries]
        if placing.knows:
            listed = [placing.placed(e, touched_by(e, paths)) for e in listed]
        gone = {item.start: item for item in pair.section.items if item.start in by_item}
        gone = {start: item for i, (start, item) in enumerate(gone.items()) if i % 2 == 0}
        lines = [
            line
            for i, line in enumerate(document.lines)
            if not any(g.start <= i < g.end for g in gone.values())
        ]
        half = "".join(lines)
        section = parse_document(half).release(pair.section.version or "")
        if section is None:
            continue
        how = {
            "target": Target(pair.section.version, "2024-01-01"), "wording": Wording(),
            "style": Style(tail=" ({ref})"), "links": links_for(repo),
        }  # fmt: skip
        result = merge(half, listed, **how)  # type: ignore[arg-type]
        after = parse_document(result.text).release(pair.section.version or "")
        assert after is not None
        home = {i.start: g.title for g in pair.section.groups for i in g.items}
        added = {oid: name for name, entry in result.added for oid in entry.oids}
        taken += len(gone)
        for start in gone:
            names = [added[oid] for entry in by_item[start] for oid in entry.oids if oid in added]
            back += bool(names)
            right += home[start] in names
        own = {oid for start in gone for entry in by_item[start] for oid in entry.oids}
        twice += sum(1 for _, entry in result.added if own.isdisjoint(entry.oids))
        rest = iter(result.text.split("\n"))
        lost += sum(1 for line in half.split("\n") if not any(line == other for other in rest))
        changed += merge(result.text, listed, **how).text != result.text  # type: ignore[arg-type]
        kept_out += len(result.added)
    return (
        f"taken {taken:4}  back {back:4}  in their section {right:4}  duplicates {twice:3}  lines lost {lost}  "
        f"not idempotent {changed}"
    )


def main() -> None:
    """Print a line for each repository."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--releases", type=int, default=3)
    args = parser.parse_args()
    for folder in args.repositories:
        name = folder.parent.name if folder.name == "repo" else folder.name
        print(f"{name:36} {measure(folder, releases=args.releases)}")


if __name__ == "__main__":
    main()
