"""The grammar of a commit message: Conventional Commits 1.0, and what forges and git add to it.

https://www.conventionalcommits.org/en/v1.0.0/. Where a message in the wild departs from the specification in a way
that cannot be misread, it is taken as it was meant; docs/changelog.md lists each case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from smista_git.phases.conventional_types import TYPES

HEADER = re.compile(
    r"(?P<type>[A-Za-z][\w-]*)[ \t]*(?:\((?P<scope>[^()\n]*)\))?(?P<bang>!)?:[ \t]+(?P<text>\S.*)"
)
_BULLETED = re.compile(r"[*+-][ \t]+(?=[A-Za-z])")
# A gitmoji or an emoji before the type says nothing that the type does not say.
_EMOJI = re.compile(r"(?::[a-z0-9_+-]+:|[\u2190-\u2bff\U0001f000-\U0001faff]\ufe0f?)[ \t]*")
# What is said to a CI server is no part of what changed.
_FOR_CI = re.compile(
    r"[ \t]*\[(?:(?:skip|no)[ -](?:ci|actions|changelog)|(?:ci|actions|changelog)[ -]skip)\]", re.IGNORECASE
)
_FOOTER = re.compile(
    r"(?P<token>BREAKING[ -]CHANGES?(?=:)|[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)(?::[ \t]+|(?<=CHANGE):|(?<=CHANGES):|[ \t](?=#))"
    r"(?P<value>.*)"
)
_BREAKING = re.compile(r"[ \t*]*BREAKING[ -]CHANGES?\b[ \t]*(?::|$)[ \t]*(?P<value>.*)")
_REFERENCE = re.compile(
    r"(?:\b(?P<action>close[sd]?|fix(?:e[sd])?|resolve[sd]?|refs?|references|see)\b:?[ \t]+(?:issues?[ \t]+)?)?"
    r"(?:https?://[\w.-]+/(?P<place>[\w./-]+?)/(?:-/)?(?P<what>issues|pulls?|pull-requests|merge_requests)/(?P<at>\d+)\b"
    r"|(?<![\w&/#])(?P<other>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)?(?P<sign>#|(?<=[\w(])!|\bGH-)(?P<number>\d+)\b(?![\w-]))",
    re.IGNORECASE,
)
_CODE = re.compile(r"`[^`\n]*`")
_PULL_AT_END = re.compile(
    r"[ \t]*\((?:pull request |PR ?)?(?P<sign>#|!)(?P<number>\d+)\)(?=\s*(?:\(|$))", re.IGNORECASE
)
_MERGED_PULL = re.compile(
    r"(?:Merge (?:pull request |PR )?|Merged in \S+ \(pull request |Auto merge of )(?P<sign>#|!)(?P<number>\d+)\b"
)
# Azure DevOps writes the title behind the number, on the subject line itself.
_TITLED_PULL = re.compile(r"Merged PR (?P<number>\d+): +(?P<title>\S.*)")
_MERGE_REQUEST = re.compile(r"^See merge request (?:[\w./-]+)?!(?P<number>\d+)[ \t]*$", re.MULTILINE)
_MERGE = re.compile(
    r"(?:Merge (?:pull|branch|remote|tag|commit|PR|#|!)|Merged (?:in |PR \d+: )|Auto merge of )"
)
_REVERT_SUBJECT = re.compile(r'(?:revert:?[ \t]+)"(?P<what>.+)"(?:[ \t]*\([#!]\d+\))?\s*$', re.IGNORECASE)
_REAPPLY = re.compile(r'reapply[ \t]+"(?P<what>.+)"(?:[ \t]*\([#!]\d+\))?\s*$', re.IGNORECASE)
_REVERTED = re.compile(r"\breverts? (?:commits? )?(?P<oid>[0-9a-f]{7,64})\b", re.IGNORECASE)
_OIDS = re.compile(r"\b[0-9a-f]{7,64}\b")
_FIXUP = re.compile(r"(?:fixup|squash|amend)! ")
_CO_AUTHOR = re.compile(
    r"^co-authored-by:[ \t]*(?P<name>[^<\n]+?)[ \t]*<(?P<email>[^>\n]*)>", re.IGNORECASE | re.MULTILINE
)
CLOSING = ("close", "fix", "resolve")


@dataclass(frozen=True, slots=True)
class Reference:
    """An issue or a pull request: ``sign`` is ``#`` or ``!``, ``place`` is ``owner/name`` where it is another's."""

    number: int
    sign: str = "#"
    place: str = ""
    action: str = ""

    @property
    def closes(self) -> bool:
        """True when a closing word stands before it."""
        return self.action.startswith(CLOSING)

    def __str__(self) -> str:
        return f"{self.place}{self.sign}{self.number}"


@dataclass(frozen=True, slots=True)
class Footer:
    """One footer: its token as written, and its value, which may have several lines."""

    token: str
    value: str


@dataclass(frozen=True, slots=True)
class Said:
    """What one header and its text say. ``type`` is lower case, and None where the header is not conventional.

    ``text`` is the description, or the whole subject, without the pull request's number at its end; ``lead`` is what
    stands before the colon, as written.
    """

    type: str | None
    scope: str | None
    text: str
    breaking: bool = False
    notes: tuple[str, ...] = ()
    body: str = ""
    footers: tuple[Footer, ...] = ()
    references: tuple[Reference, ...] = ()
    pull: Reference | None = None
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message: what its header says, then every further entry that its body holds, in order.

    ``reverts`` are the names of commits that it takes back, ``reverted`` the subject that it quotes.
    """

    said: Said
    more: tuple[Said, ...] = ()
    merge: bool = False
    fixup: bool = False
    reverts: tuple[str, ...] = ()
    reverted: str = ""
    co_authors: tuple[str, ...] = ()


def parse_message(text: str) -> Message:
    """What a message says; a message in no known form is its subject line and its references, never an error."""
    subject, body = _split(text)
    merge = bool(_MERGE.match(subject))
    title, rest, pull = _merged(subject, body) if merge else (subject, body, None)
    said = parse_one(title, rest, pull=pull)
    reverts, reverted = _reverts(said, title, rest)
    return Message(
        said=said,
        more=tuple(_entries_in(rest, of=said)),
        merge=merge,
        fixup=bool(_FIXUP.match(subject)),
        reverts=reverts,
        reverted=reverted,
        co_authors=tuple(dict.fromkeys(match["name"] for match in _CO_AUTHOR.finditer(body)))
        if "uthored-" in body
        else (),
    )


def parse_one(subject: str, body: str = "", *, pull: Reference | None = None) -> Said:
    """What one subject and its body say; ``pull`` is the pull request, where something else than the subject tells."""
    subject = _FOR_CI.sub("", subject).strip()
    header = read_header(subject)
    text = header["text"] if header else subject
    text, found = without_pull(text.strip())
    plain, footers, notes = _read_body(body) if body else ("", (), ())
    references = tuple(find_references(f"{subject}\n{body}"))
    breaking = bool(notes) or bool(header and (header["bang"] or header["type"].upper() == "BREAKING"))
    return Said(
        type=header["type"].lower() if header else None,
        scope=((header["scope"] or "").strip() or None) if header else None,
        text=text,
        breaking=breaking,
        notes=notes,
        body=plain,
        footers=footers,
        references=references,
        pull=pull or found,
        lead=subject[: header.start("text")].rstrip(": \t") if header else "",
    )


def read_header(subject: str) -> re.Match[str] | None:
    """The parts of a conventional header, or None; an emoji before it is passed over."""
    match = HEADER.match(subject)
    if match is None and (emoji := _EMOJI.match(subject)):
        match = HEADER.match(subject, emoji.end())
    return match


def without_pull(text: str) -> tuple[str, Reference | None]:
    """The text without the number of the pull request that forges put at its end, and that number."""
    if not text.endswith(")"):
        return text, None
    matches = list(_PULL_AT_END.finditer(text))
    if not matches or matches[-1].end() != len(text):
        return text, None
    last = matches[-1]
    return text[: last.start()].rstrip(), Reference(int(last["number"]), last["sign"])


def find_references(text: str) -> Iterator[Reference]:
    """The issues and pull requests that a text names, in order, each once; those in code spans are none."""
    seen = set()
    for match in _matches(text):
        action = (match["action"] or "").lower()
        if match["at"]:
            sign = "!" if match["what"].lower() == "merge_requests" else "#"
            found = Reference(int(match["at"]), sign, match["place"], action)
        else:
            sign = "!" if match["sign"] == "!" else "#"
            found = Reference(int(match["number"]), sign, match["other"] or "", action)
        if str(found) not in seen:
            seen.add(str(found))
            yield found


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Where a text may name something; only lines that have the sign of it are looked at, since that is slow."""
    if _may_refer(text):
        plain = _CODE.sub("", text) if "`" in text else text
        for line in filter(_may_refer, plain.split("\n")):
            yield from _REFERENCE.finditer(line)


def _may_refer(text: str) -> bool:
    return "#" in text or "!" in text or "://" in text or "GH-" in text or "gh-" in text


def _split(text: str) -> tuple[str, str]:
    subject, _, body = text.replace("\r\n", "\n").strip("\n").partition("\n")
    return subject.strip(), body.strip("\n")


def _merged(subject: str, body: str) -> tuple[str, str, Reference | None]:
    """The title of what was merged, the text beneath it, and the pull request."""
    if titled := _TITLED_PULL.match(subject):
        return titled["title"], body, Reference(int(titled["number"]), "!")
    match = _MERGED_PULL.match(subject)
    pull = Reference(int(match["number"]), match["sign"]) if match else None
    if request := _MERGE_REQUEST.search(body):
        pull = Reference(int(request["number"]), "!")
    title, rest = _split(body)
    if pull is None or not title or title.startswith(("Conflicts:", "# Conflicts:", "See merge request")):
        return subject, body, pull
    return title, rest, pull


def _reverts(said: Said, title: str, body: str) -> tuple[tuple[str, ...], str]:
    quoted = _REVERT_SUBJECT.match(said.text if said.type else title) or _REAPPLY.match(title)
    if quoted is None and said.type != "revert" and "revert" not in body[:400].lower():
        return (), ""
    oids = [match["oid"] for match in _REVERTED.finditer(body)] if body else []
    if said.type == "revert":
        named = (footer.value for footer in said.footers if footer.token.lower() == "refs")
        oids += [oid for value in named for oid in _OIDS.findall(value)]
    if quoted is None and said.type != "revert":
        return (), ""
    what = quoted["what"] if quoted else said.text if said.type == "revert" else ""
    return tuple(dict.fromkeys(oids)), what


def _read_body(body: str) -> tuple[str, tuple[Footer, ...], tuple[str, ...]]:
    """The body proper, the footers, and what each breaking-change note says."""
    lines = body.split("\n")
    start = _footers_start(lines)
    footers = tuple(_read_footers(lines[start:]))
    notes = [footer.value for footer in footers if footer.token.upper().startswith("BREAKING")]
    if not notes and "BREAKING" in body:
        notes = [note for note in _notes_within(lines) if note]
    return "\n".join(lines[:start]).strip("\n"), footers, tuple(notes)


def _footers_start(lines: Sequence[str]) -> int:
    """The line from which on there are footers alone: at a breaking change, else where every paragraph is one."""
    start = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        if index and lines[index - 1].strip():
            continue
        if lines[index].strip() and not _FOOTER.match(lines[index]):
            break
        if lines[index].strip():
            start = index
    for index, line in enumerate(lines[:start]):
        if line.startswith("BREAKING") and _FOOTER.match(line):
            return index
    return start


def _read_footers(lines: Sequence[str]) -> Iterator[Footer]:
    token = ""
    value: list[str] = []
    for line in lines:
        if match := _FOOTER.match(line):
            if token:
                yield Footer(token, "\n".join(value).strip())
            token, value = match["token"], [match["value"]]
        elif token:
            value.append(line)
    if token:
        yield Footer(token, "\n".join(value).strip())


def _notes_within(lines: Sequence[str]) -> Iterator[str]:
    """Notes that stand inside the body, against the specification: to the end of their paragraph."""
    for index, line in enumerate(lines):
        if match := _BREAKING.match(line):
            rest: list[str] = []
            for after in lines[index + 1 :]:
                if not after.strip() and (rest or match["value"]):
                    break
                rest.append(after.strip())
            yield "\n".join([match["value"].strip(), *rest]).strip()


def _entries_in(body: str, *, of: Said) -> Iterator[Said]:
    """Further entries: paragraphs that start with a header of their own, as release tools read them.

    A list of headers is what a forge makes of the commits that it squashed. It counts only where the subject itself
    is not conventional: else the subject is what somebody chose to say of all of them. Beneath such a subject a line
    that runs on into the next one is prose, as in "Fix: compare the limit with what was read".
    """
    if ": " not in body:
        return
    previous = ""
    for line, after in pairwise([*body.split("\n"), ""]):
        starts = not previous.strip() or _BULLETED.match(previous) is not None
        bullet = _BULLETED.match(line)
        header = read_header(line[bullet.end() :] if bullet else line) if starts or bullet else None
        prose = not bullet and not of.type and after[:1].islower() and ": " not in after
        if header and header["type"].lower() in TYPES and not (bullet and of.type) and not prose:
            yield parse_one(line[bullet.end() :] if bullet else line, pull=of.pull)
        previous = line
