"""Documents: sections by heading, typos, links, list entries, badges and what is newly described."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from smista_git.change.pattern import regex
from smista_git.phases.builtin_message.facts import Fact
from smista_git.phases.builtin_message.pairs import Pair
from smista_git.phases.builtin_message.paths import spoken
from smista_git.phases.builtin_message.reading import Block, Reading
from smista_git.phases.builtin_message.wording import speakable

_HEADING = regex(r"^(?:#{1,6}|={1,5})\s+(?P<title>.+?)\s*(?:[#=]+|\{[^}]*\})?\s*$")
_UNDERLINE = regex(r"^([=\-~^\"'+*#])\1{2,}\s*$")
_LINK = regex(r"!?\[(?P<text>[^\]\[]*)\]\((?P<url>[^)\s]+)[^)]*\)")
_BARE_LINK = regex(r"https?://[^\s)>\]\"']+|\]\([^)]*\)|(?:href|src)=[\"'][^\"']*[\"']")
_ENTRY = regex(
    r"^\s*(?:[-*+]|\d+\.)\s+(?:\[[ x]\]\s+)?(?:\[(?P<link>[^\]]+)\]\(|\*\*(?P<bold>[^*]+)\*\*|`(?P<code>[^`]+)`)"
)
_CODE = regex(r"`([^`\s]{2,30})`")
_BADGE = regex(r"\[!\[|img\.shields\.io|badge")
_NUMBERING = regex(r"^[\d.]+\s+")
_MARKS = regex(r"[*_`]|<[^>]+>|\\|:\w+:")
_NOTE = regex(
    r"^\s*(?:>\s*)?(?::::\s*(?:tip|warning|info|danger|note)|\*{0,2}(?:Note|NOTE|Tip|Warning)\b|\[!(?:NOTE|TIP|WARNING)|!!! )"
)
_IMAGE = regex(r"<img|!\[")
_YEAR = regex(r"\b(?:19|20)\d\d\b")


def document_facts(readings: Sequence[Reading]) -> Iterator[Fact]:
    """What changed in documents that stay, file by file."""
    for reading in readings:
        if reading.role == "licence" and reading.file.status == "modified":
            yield _licence(reading)
        if (
            reading.role != "docs"
            or reading.file.status in {"added", "deleted"}
            or not speakable(spoken(reading.path))
        ):
            continue
        found = (
            list(_sections(reading))
            or list(_small(reading))
            or list(_entries(reading))
            or list(_described(reading))
        )
        yield from found or [_in_section(reading)]


def headings(lines: Iterable[str]) -> list[str]:
    """The headings among some lines, plain, in order."""
    found: list[str] = []
    previous = ""
    for line in lines:
        if match := _HEADING.match(line):
            found.append(plain(match["title"]))
        elif _UNDERLINE.match(line) and previous.strip() and len(line.strip()) >= len(previous.strip()) - 1:
            found.append(plain(previous))
        previous = line
    return [h for h in found if speakable(h, limit=48)]


def plain(text: str) -> str:
    """A heading without marks, numbering, links and punctuation at its end."""
    return _NUMBERING.sub("", _MARKS.sub("", _LINK.sub(lambda m: m["text"], text))).strip(" :.!?#")


def _sections(reading: Reading) -> Iterator[Fact]:
    came, went = headings(reading.added), headings(reading.removed)
    new = list(dict.fromkeys(h for h in came if h not in went))
    old = list(dict.fromkeys(h for h in went if h not in came))
    name = spoken(reading.path)
    if len(new) == len(old) == 1:
        yield Fact(
            "docs",
            "rename",
            (old[0],),
            "section",
            tail=f"to {new[0]}",
            firm=True,
            weight=4,
            path=reading.path,
        )
    elif new:
        yield Fact("docs", "add", tuple(new[:2]), "section", tail=f"to {name}", weight=5, path=reading.path)
    elif old:
        yield Fact(
            "docs", "remove", tuple(old[:2]), "section", tail=f"from {name}", weight=5, path=reading.path
        )


def _small(reading: Reading) -> Iterator[Fact]:
    """Typos, links and badges: known by what exactly differs in the changed lines."""
    pairs = [p for b in reading.blocks for p in b.pairs]
    whole = sum(max(len(b.added), len(b.removed)) for b in reading.blocks)
    if not pairs or len(pairs) < whole:
        return
    name = spoken(reading.path)
    typos = sum(is_typo(p) for p in pairs)
    if typos == len(pairs):
        yield Fact(
            "docs",
            "fix",
            (),
            "typo" if typos == 1 else "typos",
            tail=f"in {name}",
            weight=4,
            path=reading.path,
        )
    elif all(_same_but_links(p) for p in pairs):
        texts = [m["text"] for p in pairs for m in _LINK.finditer(p.new) if m.group() not in p.old]
        tail = (
            f"to {plain(texts[0])} in {name}"
            if len(texts) == 1 and speakable(plain(texts[0]))
            else f"in {name}"
        )
        noun = "badge" if _BADGE.search(pairs[0].new) else "image" if _IMAGE.search(pairs[0].new) else "link"
        tail = tail if noun == "link" else f"in {name}"
        noun = noun if len(pairs) == 1 else f"{noun}s"
        yield Fact("docs", "update", (), noun, tail=tail, weight=4, path=reading.path)
    elif len(pairs) == 1 and (fact := _reworded(pairs[0], reading)):
        yield fact


def is_typo(pair: Pair) -> bool:
    """True when words differ by a letter or two, or a word doubled or an article slipped."""
    if len(pair.gone) == len(pair.came) and pair.gone:
        changed = [(a, b) for a, b in zip(pair.gone, pair.came, strict=True) if a != b]
        return all(
            a.isalpha() and b.isalpha() and len(a) > 2 and _near(a.lower(), b.lower()) for a, b in changed
        )
    gone, came = "".join(pair.gone).split(), "".join(pair.came).split()
    small = {"a", "an", "the", "to", "of", "is", "in", "be", "and", ",", ".", "s", "'"}
    return bool(gone or came) and all(w.lower() in small for w in gone + came)


def _near(one: str, two: str) -> bool:
    """At most two letters put in, left out or swapped, and both words mostly the same."""
    if abs(len(one) - len(two)) > 2 or one == two:
        return one == two
    start = next(
        (i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two))
    )
    rest_one, rest_two = one[start:], two[start:]
    while rest_one and rest_two and rest_one[-1] == rest_two[-1]:
        rest_one, rest_two = rest_one[:-1], rest_two[:-1]
    return max(len(rest_one), len(rest_two)) <= 2


def _same_but_links(pair: Pair) -> bool:
    old, new = _BARE_LINK.sub("\x00", pair.old), _BARE_LINK.sub("\x00", pair.new)
    return old == new and pair.old != pair.new


def _reworded(pair: Pair, reading: Reading) -> Fact | None:
    name = spoken(reading.path)
    gone, came = plain(pair.gone_text), plain(pair.came_text)
    whole = all(t.count("(") == t.count(")") and t.count("[") == t.count("]") for t in (gone, came))
    if whole and 2 < len(gone) <= 24 and 2 < len(came) <= 24 and speakable(gone) and speakable(came):
        return Fact(
            "docs",
            "replace",
            (gone,),
            tail=f"with {came} in {name}",
            weight=3.5,
            path=reading.path,
            firm=True,
        )
    return None


def _entries(reading: Reading) -> Iterator[Fact]:
    came, went = _listed(reading.added), _listed(reading.removed)
    new, old = [e for e in came if e not in went], [e for e in went if e not in came]
    name = spoken(reading.path)
    if any(_BADGE.search(line) for line in reading.added) and not any(
        _BADGE.search(x) for x in reading.removed
    ):
        yield Fact("docs", "add", (), "badge", tail=f"to {name}", weight=4, path=reading.path)
    if new and not old and len(new) <= 3:
        yield Fact(
            "docs",
            "add",
            tuple(new),
            tail=f"to {heading_above(reading.blocks[0]) or name}",
            weight=3.5,
            path=reading.path,
        )
    elif old and not new and len(old) <= 3:
        yield Fact(
            "docs",
            "remove",
            tuple(old),
            tail=f"from {heading_above(reading.blocks[0]) or name}",
            weight=3.5,
            path=reading.path,
        )


def _listed(lines: Iterable[str]) -> list[str]:
    found = (m for line in lines if (m := _ENTRY.match(line)))
    names = (plain(m["link"] or m["bold"] or m["code"]) for m in found)
    return [n for n in names if speakable(n, limit=40)]


def _described(reading: Reading) -> Iterator[Fact]:
    """Names in code type, and links, that the document speaks of for the first time here."""
    old = " ".join([*reading.removed, *(x for b in reading.blocks for x in (*b.before, b.after))])
    names = [n for line in reading.added for n in _CODE.findall(line) if n not in old and speakable(n)]
    name = spoken(reading.path)
    if names:
        yield Fact(
            "docs",
            "document",
            tuple(dict.fromkeys(names))[:2],
            tail=f"in {name}",
            weight=3.5,
            path=reading.path,
        )
        return
    links = [m["text"] for line in reading.added for m in _LINK.finditer(line) if m["url"] not in old]
    texts = [t for link in links if speakable(t := plain(link), limit=40)]
    if len(texts) == 1:
        yield Fact("docs", "add", (), "link", tail=f"to {texts[0]} in {name}", weight=3, path=reading.path)


def _in_section(reading: Reading) -> Fact:
    """The last word on a document: which section of it was touched."""
    name = spoken(reading.path)
    added = sum(1 for line in reading.added if line.strip())
    removed = sum(1 for line in reading.removed if line.strip())
    verb = "expand" if added > 2 * removed + 1 else "trim" if removed > 2 * added else "update"
    if any(_NOTE.match(line) for line in reading.added) and not any(_NOTE.match(x) for x in reading.removed):
        return Fact("docs", "add", (), "note", tail=f"to {name}", weight=3, path=reading.path)
    title = heading_above(reading.blocks[0]) if reading.blocks else None
    if title:
        return Fact("docs", verb, (title,), "section", tail=f"in {name}", weight=2.5, path=reading.path)
    return Fact("docs", verb, (name,), weight=2, path=reading.path)


def heading_above(block: Block) -> str | None:
    """The nearest heading above the block within its hunk, or git's own section line where that is one."""
    return next(iter(reversed(headings(block.before))), None) or next(iter(headings([block.section])), None)


def _licence(reading: Reading) -> Fact:
    name = spoken(reading.path)
    years = [y for line in reading.added for y in _YEAR.findall(line)]
    if years and any(_YEAR.search(line) for line in reading.removed):
        return Fact(
            "docs",
            "update",
            (),
            "copyright year",
            tail=f"to {years[-1]} in {name}",
            weight=4,
            path=reading.path,
        )
    return Fact("docs", "update", (name,), weight=3, path=reading.path)
