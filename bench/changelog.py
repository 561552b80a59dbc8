"""Which commits a person listed: our choice against the changelog that people kept, release by release.

    python bench/changelog.py REPO... [--releases N] [--verbose]

For each of the last N releases that the file has a section for, the file is cut off below that section, so that only
older releases teach. The truth is which entries of the history the section names: by reference, commit or meaning.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path

from smista_git.git.objects import read_text
from smista_git.git.repository import Repository
from smista_git.phases.changelog.document import Document, Section, bare_version, parse_document
from smista_git.phases.changelog.entries import Entry, entries_of, read_commits
from smista_git.phases.changelog.listing import learn_listing
from smista_git.phases.changelog.match import Matcher, known_of
from smista_git.phases.changelog.merge import category_of, names_in_use
from smista_git.phases.changelog.release import Wording, merged_duplicates
from smista_git.phases.changelog.style import Style, learn_style
from smista_git.workflow.changelog_file import ENDINGS, NAMES
from smista_git.workflow.changelog_history import PRE_RELEASE, Tag, commits_of, paths_of, release_tags

TAUGHT_BY = 6


@dataclass
class Score:
    """Counts over entries."""

    hit: int = 0
    extra: int = 0
    missed: int = 0
    unmatched: int = 0
    items: int = 0
    category: int = 0
    categories: int = 0

    @property
    def precision(self) -> float:
        return self.hit / max(self.hit + self.extra, 1)

    @property
    def recall(self) -> float:
        return self.hit / max(self.hit + self.missed, 1)

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def add(self, other: Score) -> None:
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class Pair:
    """A release of the file, its tag, and the tag before."""

    section: Section
    tag: Tag
    before: Tag
    entries: list[Entry] = field(default_factory=list)
    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)


def changelog_of(repo: Repository) -> tuple[str, str] | None:
    """The name and the text of the changelog at HEAD."""
    names = (
        repo.run("ls-tree", "--name-only", "-z", "HEAD").stdout.decode("utf-8", "surrogateescape").split("\0")
    )
    low = {name.lower(): name for name in names if name}
    for wanted in (name + ending for name in NAMES for ending in ENDINGS):
        if wanted in low and (data := read_text(repo, "HEAD", low[wanted])):
            return low[wanted], data.decode("utf-8", "surrogateescape")
    return None


def pairs_of(repo: Repository, document: Document, limit: int) -> list[Pair]:
    """The newest releases that have both a tag and a section."""
    tags = [tag for tag in release_tags(repo, None) if not PRE_RELEASE.search(tag.name)]
    by_version = {bare_version(tag.name): tag for tag in tags}
    pairs = []
    for section in document.sections:
        tag = by_version.get(bare_version(section.version)) if section.version else None
        if tag is None or not section.items or section.unreleased:
            continue
        names = [f"--match={other.name}" for other in tags if other.oid != tag.oid]
        before = repo.ask("describe", "--tags", "--abbrev=0", *names[-400:], f"{tag.oid}^")
        old = next((other for other in tags if other.name == before), None)
        if old is not None:
            pairs.append(Pair(section, tag, old))
        if len(pairs) == limit:
            break
    for pair in pairs:
        revisions = (pair.tag.oid, f"^{pair.before.oid}")
        commits = list(commits_of(repo, revisions))
        pair.entries = merged_duplicates(entries_of(list(read_commits(commits))))
        pair.paths = paths_of(repo, revisions)
    return pairs


def truth_of(pair: Pair) -> tuple[list[tuple[Entry, bool]], dict[int, str], int]:
    """Each entry and whether the section lists it; the group of each that is; how many items nothing matched."""
    matcher = Matcher([known_of(item) for item in pair.section.items], pair.entries)
    group_of = {item.start: group.title for group in pair.section.groups for item in group.items}
    seen, groups, truth = set(), {}, []
    for index, entry in enumerate(pair.entries):
        found = matcher.find(entry)
        truth.append((entry, found is not None))
        if found is not None:
            seen.add(found.item.start)
            groups[index] = group_of[found.item.start]
    return truth, groups, len(pair.section.items) - len(seen)


def measure(folder: Path, *, releases: int, verbose: bool) -> Score | None:
    """The sum over the releases of one repository, or None without a changelog."""
    repo = Repository.discover(folder)
    found = changelog_of(repo)
    if found is None:
        return None
    document = parse_document(found[1])
    pairs = pairs_of(repo, document, releases + TAUGHT_BY)
    total = Score()
    for index, pair in enumerate(pairs[:releases]):
        truth, groups, unmatched = truth_of(pair)
        if not any(listed for _, listed in truth):
            continue
        older = pairs[index + 1 : index + 1 + TAUGHT_BY]
        examples = [example for old in older for example in truth_of(old)[0]]
        paths = {oid: names for old in (*older, pair) for oid, names in old.paths.items()}
        listing = learn_listing(examples, paths)
        cut = parse_document("".join(document.lines[pair.section.end :]))
        score = Score(unmatched=unmatched, items=len(pair.section.items))
        style, names = learn_style(cut, default=Style()), names_in_use(cut)
        for number, (entry, listed) in enumerate(truth):
            chosen = listing.lists(entry, paths)
            score.hit += listed and chosen
            score.extra += chosen and not listed
            score.missed += listed and not chosen
            if verbose and listed != chosen:
                print(
                    f"    {'MISSED' if listed else 'extra '} {entry.kind:9} {entry.scope} | {entry.text[:90]} {entry.pull}"
                )
            if listed and chosen and groups[number]:
                category = category_of(entry, None, names, Wording({}), style)
                score.categories += 1
                score.category += category == groups[number]
        if verbose:
            print(
                f"  {pair.section.title[:40]:40} P {score.precision:.2f} R {score.recall:.2f} F1 {score.f1:.2f} of {len(truth)}"
            )
        total.add(score)
    return total


def main() -> None:
    """Print a line for each repository."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--releases", type=int, default=8)
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    print(f"{'repository':36} {'listed':>6} {'P':>5} {'R':>5} {'F1':>5} {'categ':>6} {'unmatched items':>16}")
    scores = []
    for folder in args.repositories:
        score = measure(folder, releases=args.releases, verbose=args.verbose)
        name = folder.parent.name if folder.name == "repo" else folder.name
        if score is None or not score.hit + score.missed:
            print(f"{name:36} no release with a tag and a section")
            continue
        scores.append(score)
        category = f"{score.category / score.categories:6.2f}" if score.categories else "     -"
        print(
            f"{name:36} {score.hit + score.missed:6} {score.precision:5.2f} {score.recall:5.2f} {score.f1:5.2f} {category} "
            f"{score.unmatched:7} of {score.items}"
        )
    if scores:
        print(f"{'mean F1':36} {sum(s.f1 for s in scores) / len(scores):24.3f}")


if __name__ == "__main__":
    main()
