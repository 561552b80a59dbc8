"""Whether an entry is in a file already: by its reference, by its commit, or by what it means."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from smista_git.phases.changelog.document import Item
from smista_git.phases.changelog.entries import Entry
from smista_git.phases.changelog.wording import stems

# Measured by bench/changelog.py on entries whose reference tells which commit they are of, see docs/changelog.md.
SAME_WORDS = 0.55
SAME_WORDS_OTHER_REFERENCE = 0.85

_NUMBERS = re.compile(
    r"(?:(?<![\w/])(?:[#!]|GH-|[:{](?:issue|pr|pull|gh|ghissue|ghpr|bug|pull-request|user)[:}]`#?)"
    r"|/(?:issues|pulls?|pull-requests|merge_requests)/)(\d+)\b",
    re.IGNORECASE,
)
_OID = re.compile(r"(?<![\w#])[0-9a-f]{7,40}(?!\w)")
_NOISE = re.compile(r"\]\([^)\s]*\)|https?://\S+|\[?@[\w-]+\]?")
_TOKEN = re.compile(r"[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*")
_STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "breaking",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "do",
        "does",
        "for",
        "from",
        "has",
        "have",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "no",
        "not",
        "now",
        "of",
        "on",
        "or",
        "so",
        "than",
        "that",
        "the",
        "their",
        "then",
        "there",
        "this",
        "to",
        "up",
        "was",
        "we",
        "when",
        "where",
        "which",
        "while",
        "will",
        "with",
        "you",
        "your",
        "also",
        "all",
        "any",
        "issue",
        "issues",
        "fix",
        "add",
        "change",
        "update",
        "remove",
        "bug",
        "via",
        "using",
        "use",
        "only",
        "more",
    ]
)


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of a file, as it is compared: the numbers and commits that it names, and its words."""

    item: Item
    numbers: frozenset[int]
    oids: tuple[str, ...]
    words: frozenset[str]


def known_of(item: Item) -> Known:
    """What an entry of a file can be recognised by."""
    text = item.text
    oids = tuple(oid for oid in _OID.findall(text) if not oid.isdigit() and not oid.isalpha())
    return Known(item, numbers_in(text), oids, words_of(text))


def numbers_in(text: str) -> frozenset[int]:
    """The numbers of issues and pull requests that a text names, addresses included."""
    return frozenset(int(number) for number in _NUMBERS.findall(text))


@lru_cache(maxsize=65536)
def words_of(text: str) -> frozenset[str]:
    """The words that carry a text's meaning, each in one form whatever its tense, number and case."""
    plain = _NUMBERS.sub(" ", _NOISE.sub(" ", text)) if "#" in text or "/" in text or "@" in text else text
    return frozenset(
        root
        for token in _TOKEN.findall(plain)
        for root in _roots(token)
        if root not in _STOP and len(root) > 1
    )


def _roots(token: str) -> Iterable[str]:
    low = token.casefold()
    if low.isalpha() and len(low) > 3:
        shortest = min(stems(low), key=lambda stem: (len(stem.rstrip("e")), stem))
        yield shortest.rstrip("e")
    else:
        yield low


class Matcher:
    """Compares entries with those of a file. Rare words weigh more than common ones."""

    def __init__(self, known: Sequence[Known], entries: Iterable[Entry] = ()) -> None:
        self.known = tuple(known)
        self._by_number: dict[int, list[Known]] = {}
        self._by_word: dict[str, list[Known]] = {}
        for one in known:
            for number in one.numbers:
                self._by_number.setdefault(number, []).append(one)
            for word in one.words:
                self._by_word.setdefault(word, []).append(one)
        texts = [one.words for one in known] + [words_of(entry.text) for entry in entries]
        counts = Counter(word for words in texts for word in words)
        total = max(len(texts), 1)
        self._weights = {word: math.log1p(total / (1 + count)) for word, count in counts.items()}
        self._unseen = math.log1p(total)
        self._with_oids = [one for one in self.known if one.oids]
        self._by_id = {id(one): one for one in self.known}
        self._weight_of = {id(one): self._weight(one.words) for one in self.known}

    def find(self, entry: Entry) -> Known | None:
        """The entry of the file that says it already, or None."""
        return self.by_reference(entry) or self.by_commit(entry) or self.by_words(entry)

    def by_reference(self, entry: Entry) -> Known | None:
        """The one with its pull request; or, in as many words in common, with an issue that it names."""
        if entry.pull and (found := self._by_number.get(entry.pull.number)):
            return found[0]
        for reference in entry.references:
            if reference.place:
                continue
            for one in self._by_number.get(reference.number, ()):
                if reference.closes or self.likeness(words_of(entry.text), one.words) > SAME_WORDS / 2:
                    return one
        return None

    def by_commit(self, entry: Entry) -> Known | None:
        """The one that names one of its commits."""
        for one in self._with_oids:
            if any(oid.startswith(short) for short in one.oids for oid in entry.oids):
                return one
        return None

    def by_words(self, entry: Entry) -> Known | None:
        """The one that says most nearly the same, if that is near enough."""
        best, score = None, 0.0
        for one, likeness in self.near(entry):
            if likeness > score:
                best, score = one, likeness
        if best is None:
            return None
        own = {reference.number for reference in entry.mentions}
        apart = bool(own and best.numbers and own.isdisjoint(best.numbers))
        return best if score >= (SAME_WORDS_OTHER_REFERENCE if apart else SAME_WORDS) else None

    def near(self, entry: Entry) -> Iterator[tuple[Known, float]]:
        """Those that share a word with the entry, each once, and how alike they are, with its scope or without."""
        found: dict[int, tuple[Known, float]] = {}
        for words in dict.fromkeys([words_of(f"{entry.scope or ''} {entry.text}"), words_of(entry.text)]):
            own = self._weight(words)
            for key, shared in self._shared(words).items():
                one = self._by_id[key]
                likeness = 2 * shared / (own + self._weight_of[key])
                found[key] = one, max(likeness, found.get(key, (one, 0.0))[1])
        yield from found.values()

    def _shared(self, words: Iterable[str]) -> dict[int, float]:
        """What each entry of the file has in common with the words, by weight."""
        shared: dict[int, float] = defaultdict(float)
        for word in sorted(words):
            weight = self._weights.get(word, self._unseen)
            for one in self._by_word.get(word, ()):
                shared[id(one)] += weight
        return shared

    def likeness(self, one: frozenset[str], other: frozenset[str]) -> float:
        """How alike two sets of words are, from 0 to 1: the weight of what they share in the mean weight of both."""
        both = self._weight(one) + self._weight(other)
        return 2 * self._weight(one & other) / both if both else 0.0

    def _weight(self, words: Iterable[str]) -> float:
        return sum(self._weights.get(word, self._unseen) for word in sorted(words))
