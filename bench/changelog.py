"""Which commits a person listed: our choice against the changelog that people kept, release by release.

    python bench/changelog.py REPO... [--releases N] [--verbose]

For each of the last N releases that the file has a section for, the file is cut off below that section, so that only
older releases teach. The truth is which entries of the history the section names: by reference, commit or meaning.
``alone`` is the F1 where the file teaches nothing, ``largest`` what putting all into the largest section would give,
``of`` how many sections there are.
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
from smista_git.phases.changelog.listing import LINE, Listing, examples_of, learn_listing
from smista_git.phases.changelog.placing import Home, Placing, learn_placing
from smista_git.phases.changelog.release import Wording, merged_duplicates
from smista_git.phases.changelog.sections import plain_name
from smista_git.phases.changelog.style import Style, learn_style
from smista_git.phases.changelog.told import told_in
from smista_git.phases.changelog.traits import Paths, touched_by
from smista_git.workflow.changelog.file import file_at
from smista_git.workflow.changelog.history import gathered_of, paths_of
from smista_git.workflow.changelog.own import lines_written
from smista_git.workflow.changelog.tags import Tag, final_tags, release_tags
from smista_git.workflow.changelog.teaching import TAUGHT_BY, ByChange, Taught

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
    majority: int = 0
    names: set[str] = field(default_factory=set)

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
            one, more = getattr(self, name), getattr(other, name)
            setattr(self, name, one | more if name == "names" else one + more)


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


def taught_of(truths: Sequence[Truth], cut: Document, paths: Paths) -> Taught:
    """What the truths of older releases, newest first, teach beside the file as it was cut."""
    examples, homes = [], []
    for age, truth in enumerate(truths):
        judged = [(e, yes) for unit, yes in zip(truth.units, truth.listed, strict=True) for e in unit]
        found = truth.items - truth.unmatched
        examples += examples_of(judged, paths, items=truth.items, found=found, age=age)
        homes += [
            Home(entry, touched_by(entry, paths), group)
            for unit, groups in zip(truth.units, truth.groups, strict=True)
            for entry in unit
            for group in groups
        ]
    return Taught(learn_listing(examples, paths), learn_placing(cut, homes), paths)


def measure(folder: Path, *, releases: int, verbose: bool) -> tuple[Score, Score] | None:
    """The sums over the releases of one repository, or None without a changelog.

    The first is by what older releases teach, the second without.
    """
    repo = Repository.discover(folder)
    found = file_at(repo, "HEAD")
    if found is None:
        return None
    document = parse_document(found[1])
    pairs = pairs_of(repo, found[0], document, releases + TAUGHT_BY)
    truths = [truth_of(pair, document) for pair in pairs]
    total, alone = Score(), Score()
    for index, pair in enumerate(pairs[:releases]):
        if any(truths[index].listed):
            older = slice(index + 1, index + 1 + TAUGHT_BY)
            paths = {oid: names for old in (*pairs[older], pair) for oid, names in old.paths.items()}
            cut = rest_of(document, pair)
            taught = taught_of(truths[older], cut, paths)
            total.add(judge(pair, truths[index], cut, taught, verbose=verbose))
            untaught = Taught(Listing(), Placing(), paths)
            alone.add(judge(pair, truths[index], cut, untaught, verbose=False))
    return total, alone


def judge(pair: Pair, truth: Truth, cut: Document, taught: Taught, *, verbose: bool) -> Score:
    """Our choice for one release against the truth."""
    score = Score(unmatched=truth.unmatched, items=truth.items)
    entries = [entry for unit in truth.units for entry in unit]
    scores = dict(zip(map(id, entries), taught.listing.scores(entries, taught.paths), strict=True))
    section_of = _Sections(cut, taught)
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
            plain, placed = set(map(plain_name, groups)), section_of(chosen[0])
            score.names |= plain
            score.categories += 1
            score.category += plain_name(placed) in plain
            score.majority += section_of.largest in plain
            if verbose and plain_name(placed) not in plain:
                print(f"    {placed} is not {groups}: {chosen[0].kind} | {chosen[0].text[:90]}")
    if verbose:
        figures = f"P {score.precision:.2f} R {score.recall:.2f} F1 {score.f1:.2f} of {len(truth.units)}"
        print(f"  {pair.section.title[:40]:40} {figures}")
    return score


class _Sections:
    """Where an entry goes in the file as it was cut, and what the largest section of that file is."""

    def __init__(self, cut: Document, taught: Taught) -> None:
        self._how = (names_in_use(cut), Wording(), learn_style(cut, default=Style()))
        self._file, self._taught = learn_placing(cut), taught
        sizes = self._file.words.sizes
        self.largest = max(sizes, key=lambda name: sizes[name], default="")

    def __call__(self, entry: Entry) -> str:
        placing = self._taught.placing
        if placing.knows:
            entry = placing.placed(entry, touched_by(entry, self._taught.paths))
        return category_of(entry, None, *self._how, self._file)


def main() -> None:
    """Print a line for each repository."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--releases", type=int, default=8)
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    print(
        f"{'repository':32} {'listed':>6} {'P':>5} {'R':>5} {'F1':>5} {'alone':>5}  {'section':>7} {'largest':>7} {'of':>2}"
        f"  {'unmatched items':>15}"
    )
    scores, alones = [], []
    for folder in args.repositories:
        found = measure(folder, releases=args.releases, verbose=args.verbose)
        name = folder.parent.name if folder.name == "repo" else folder.name
        if found is None or not found[0].hit + found[0].missed:
            print(f"{name:32} no release with a tag and a section")
            continue
        score, alone = found
        scores.append(score)
        alones.append(alone)
        print(f"{name:32} {_figures(score, alone)}  {score.unmatched:4} of {score.items}", flush=True)
    if scores:
        _print_means(scores, alones)


def _figures(score: Score, alone: Score) -> str:
    listed = score.hit + score.missed
    chosen = f"{listed:6} {score.precision:5.2f} {score.recall:5.2f} {score.f1:5.2f} {alone.f1:5.2f}"
    if not score.categories:
        return f"{chosen}  {'-':>7} {'-':>7} {0:2}"
    right, largest = score.category / score.categories, score.majority / score.categories
    return f"{chosen}  {right:7.2f} {largest:7.2f} {len(score.names):2}"


def _print_means(scores: Sequence[Score], alones: Sequence[Score]) -> None:
    """The means over repositories, all and those whose history accounts for the file."""
    told = [score for score in scores if score.unmatched * 3 <= score.items]
    print(
        f"mean F1 of {len(scores)}: {mean(s.f1 for s in scores):.3f}, without their past {mean(s.f1 for s in alones):.3f}"
    )
    if told:
        print(
            f"of {len(told)} whose history accounts for two thirds of the entries: {mean(s.f1 for s in told):.3f}"
        )
    sorted_ = [s for s in scores if s.categories]
    if sorted_:
        right = mean(s.category / s.categories for s in sorted_)
        largest = mean(s.majority / s.categories for s in sorted_)
        print(f"section of {len(sorted_)}: {right:.3f}, the largest alone {largest:.3f}")


if __name__ == "__main__":
    main()
