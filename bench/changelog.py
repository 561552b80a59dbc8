"""Which commits a person listed: our choice against the changelog that people kept, release by release.

    python bench/changelog.py REPO... [--releases N] [--verbose]

For each of the last N releases that the file has a section for, the file is cut off below that section, so that only
older releases teach. The truth is which entries of the history the section names: by reference, commit or meaning.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

from smista_git.git.repository import Repository
from smista_git.phases.changelog.category import category_of, names_in_use
from smista_git.phases.changelog.document import Document, Item, Section, bare_version, parse_document
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.listing import LINE, Example, Listing, examples_of, learn_listing
from smista_git.phases.changelog.placing import learn_placing
from smista_git.phases.changelog.release import Wording, merged_duplicates
from smista_git.phases.changelog.sections import plain_name
from smista_git.phases.changelog.style import Style, learn_style
from smista_git.phases.changelog.told import told_in
from smista_git.phases.changelog.traits import Paths
from smista_git.workflow.changelog.file import file_at
from smista_git.workflow.changelog.history import Tag, final_tags, gathered_of, paths_of, release_tags
from smista_git.workflow.changelog.own import lines_written
from smista_git.workflow.changelog.teaching import TAUGHT_BY, ByChange

# What the policy has by default for `classification.min_confidence`.
LEAST = 0.6


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
    written: dict[str, tuple[str, ...]] = field(default_factory=dict)


def pairs_of(repo: Repository, name: str, document: Document, limit: int) -> list[Pair]:
    """The newest releases that have both a tag and a section."""
    tags = final_tags(release_tags(repo, None))
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
        ((_, gathered),) = gathered_of(repo, revisions, ())
        pair.entries = ByChange(repo, least=LEAST).sorted(merged_duplicates(gathered.entries()))
        pair.paths = paths_of(repo, revisions)
        pair.written = lines_written(repo, revisions, name)
    return pairs


@dataclass
class Truth:
    """What a person listed of a release. A pull request's entries are one unit: it is listed or it is not.

    ``groups`` has, for each unit, the sections that it stands under.
    """

    units: list[list[Entry]]
    listed: list[bool]
    groups: list[set[str]]
    unmatched: int
    items: int


def truth_of(pair: Pair, document: Document) -> Truth:
    """The units of a release that no older section lists already, and which of them its section lists."""
    told = told_in(document, pair.section, pair.entries, paths=pair.paths, written=pair.written)
    group_of = {item.start: g.title for s in document.sections for g in s.groups for item in g.items}
    units: dict[object, list[tuple[Entry, tuple[Item, ...]]]] = {}
    for entry, items in told.entries:
        units.setdefault(str(entry.pull) if entry.pull else id(entry), []).append((entry, items))
    of = [[item for _, items in unit for item in items] for unit in units.values()]
    return Truth(
        [[entry for entry, _ in unit] for unit in units.values()],
        [bool(items) for items in of],
        [{group_of[item.start] for item in items} for items in of],
        told.items - told.found,
        told.items,
    )


def rest_of(document: Document, pair: Pair) -> Document:
    """The file as it was before a release: what stands below its section."""
    return parse_document("".join(document.lines[pair.section.end :]))


def taught_by(truth: Truth, paths: Paths, *, age: int) -> list[Example]:
    """What the truth of an older release teaches."""
    judged = [(e, yes) for unit, yes in zip(truth.units, truth.listed, strict=True) for e in unit]
    found = truth.items - truth.unmatched
    return examples_of(judged, paths, items=truth.items, found=found, age=age)


def measure(folder: Path, *, releases: int, verbose: bool) -> Score | None:
    """The sum over the releases of one repository, or None without a changelog."""
    repo = Repository.discover(folder)
    found = file_at(repo, "HEAD")
    if found is None:
        return None
    document = parse_document(found[1])
    return score_of(
        document, pairs_of(repo, found[0], document, releases + TAUGHT_BY), releases=releases, verbose=verbose
    )


def score_of(document: Document, pairs: Sequence[Pair], *, releases: int, verbose: bool) -> Score:
    """The sum over the newest releases, each judged by what older ones teach."""
    truths = [truth_of(pair, document) for pair in pairs]
    total = Score()
    for index, pair in enumerate(pairs[:releases]):
        if any(truths[index].listed):
            taught = slice(index + 1, index + 1 + TAUGHT_BY)
            paths = {oid: names for old in (*pairs[taught], pair) for oid, names in old.paths.items()}
            examples = [e for n, truth in enumerate(truths[taught]) for e in taught_by(truth, paths, age=n)]
            listing = learn_listing(examples, paths)
            total.add(judge(pair, truths[index], rest_of(document, pair), listing, paths, verbose=verbose))
    return total


def judge(pair: Pair, truth: Truth, cut: Document, listing: Listing, paths: Paths, *, verbose: bool) -> Score:
    """Our choice for one release against the truth."""
    score = Score(unmatched=truth.unmatched, items=truth.items)
    style, names, placing = learn_style(cut, default=Style()), names_in_use(cut), learn_placing(cut)
    entries = [entry for unit in truth.units for entry in unit]
    scores = dict(zip(map(id, entries), listing.scores(entries, paths), strict=True))
    for unit, listed, groups in zip(truth.units, truth.listed, truth.groups, strict=True):
        chosen = [entry for entry in unit if scores[id(entry)] > LINE]
        score.hit += bool(listed and chosen)
        score.extra += bool(chosen) and not listed
        score.missed += listed and not chosen
        if verbose and listed != bool(chosen):
            entry = unit[0]
            mark = "MISSED" if listed else "extra "
            value = scores[id(entry)]
            print(f"    {mark} {value:5.1f} {entry.kind:9} {entry.scope} | {entry.text[:90]} {entry.pull}")
        if listed and chosen and any(groups):
            score.categories += 1
            placed = category_of(chosen[0], None, names, Wording(), style, placing)
            right = plain_name(placed) in map(plain_name, groups)
            score.category += right
            if verbose and not right:
                print(f"    {placed} is not {groups}: {chosen[0].kind} | {chosen[0].text[:90]}")
    if verbose:
        figures = f"P {score.precision:.2f} R {score.recall:.2f} F1 {score.f1:.2f} of {len(truth.units)}"
        print(f"  {pair.section.title[:40]:40} {figures}")
    return score


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
        told = [score for score in scores if score.unmatched * 3 <= score.items]
        print(f"mean F1 of {len(scores)}: {mean(s.f1 for s in scores):.3f}")
        if told:
            print(
                f"of {len(told)} whose history accounts for two thirds of the entries: {mean(s.f1 for s in told):.3f}"
            )


if __name__ == "__main__":
    main()
