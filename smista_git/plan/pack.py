"""A change packed into a model's window: small files whole, big ones by their first lines, the rest by name.

What is cut is said twice: in the text, where the model sees it, and in the context, where the person does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from smista_git.change.model import Change, FileChange, Hunk
from smista_git.plan.plan import Context, Excluded, Included
from smista_git.plan.printable import fenced, printable
from smista_git.plan.redact import Place, Placeholders, Scan, redact_change
from smista_git.plan.render import (
    Rendered,
    cheap_size,
    counts,
    first_lines,
    happened,
    has_plain_crlf,
    heading,
    names,
    whole_hunk,
)
from smista_git.plan.tokens import count_pieces, pieces_in, tokens_of

WHOLE = "changed"
CUT = "cut to fit"
STAYS = "stays on this machine"
SECRET_NAME = "a secret in its name"

# With less than this a hunk shows its heading and hardly a line; it is then better to show fewer hunks.
_LEAST_FOR_A_HUNK = 60
_FENCE_PIECES = 32


@dataclass(frozen=True, slots=True)
class Packed:
    """The fenced text of a change, and what of it goes along, what stays, and what was blotted out."""

    text: str
    context: Context


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A file on its way into the text: its heading, a rough size to sort by, and what it takes to say that it is cut."""

    file: FileChange
    heading: str
    size: int
    notice_pieces: int


@dataclass(frozen=True, slots=True)
class _Filled:
    """A file with as much of its body as it was granted."""

    file: FileChange
    heading: str
    body: Rendered


def pack_change(
    change: Change,
    *,
    budget_tokens: int,
    stays: Mapping[str, str],
    findings: Sequence[Place] = (),
    scan: Scan | None = None,
    placeholders: Placeholders | None = None,
    name_what_stays: bool = True,
) -> Packed:
    """``change`` as text of at most ``budget_tokens``, files in git's order, those named only at the end.

    ``stays`` maps a path, on either side of a rename, to why its file stays on the machine. ``findings`` are secrets
    that ``scan_change`` found: their values are blotted out, by ``scan`` to the letter, else by the whole line.
    """
    telling = {finding.path for finding in findings if finding.side == "name"}
    stays = {**stays, **dict.fromkeys(telling, SECRET_NAME)}
    leaving = Change(tuple(file for file in change.files if not _stays(file, stays)))
    leaving, redactions = redact_change(leaving, findings, scan=scan, placeholders=placeholders)
    shown = [file for file in leaving.files if not _only_named(file)]
    endings = [_named(file) for file in leaving.files if _only_named(file)]
    if name_what_stays:
        endings += [f"{STAYS}: {names(file)}" for file in change.files if _may_be_named(file, stays)]
    text, included, unseen = _write(shown, endings, max(pieces_in(budget_tokens) - _FENCE_PIECES, 0))
    excluded = tuple(Excluded(file.path, why) for file in change.files if (why := _why(file, stays)))
    return Packed(fenced(text, name="diff"), Context(included, excluded + unseen, redactions))


def _write(
    shown: Sequence[FileChange], endings: Sequence[str], pieces: int
) -> tuple[str, tuple[Included, ...], tuple[Excluded, ...]]:
    """The text, what is in it, and what was left out for want of room even by name."""
    sheets = [_sheet(file) for file in shown]
    pieces -= count_pieces("[99999 more files not shown]\n")
    named, used = _within(
        (_line_pieces(sheet.heading) + sheet.notice_pieces for sheet in sheets), pieces // 2
    )
    tail, used_by_tail = _within(map(_line_pieces, endings), pieces // 4)
    filled = _fill(sheets[:named], pieces - used - used_by_tail)
    lines = [line for sheet in filled for line in _lines(sheet)] + list(endings[:tail])
    folded = len(sheets) - named + len(endings) - tail
    if folded:
        lines.append(f"[{folded} more files not shown]")
    unseen = tuple(Excluded(sheet.file.path, f"{CUT}: not even by name") for sheet in sheets[named:])
    return "\n".join(lines), tuple(map(_included, filled)), unseen


def _sheet(file: FileChange) -> _Sheet:
    notice = _line_pieces(_notice(file, len(file.hunks))) if file.hunks or file.truncated else 0
    return _Sheet(file, heading(file), sum(map(cheap_size, file.hunks)), notice)


def _line_pieces(line: str) -> int:
    """The pieces of a line with its end."""
    return count_pieces(line) + 1


def _within(costs: Iterable[int], pieces: int) -> tuple[int, int]:
    """How many of what costs so many pieces fit, the first ones first, and the pieces that they use."""
    fitting = used = 0
    for cost in costs:
        if used + cost > pieces:
            break
        used += cost
        fitting += 1
    return fitting, used


def _fill(sheets: Sequence[_Sheet], pieces: int) -> list[_Filled]:
    """The sheets in their order with bodies: the smallest first, each at most its even share of what is left.

    ``pieces`` come on top of those for a notice, which every sheet has of its own; what it does not need goes to the rest.
    """
    filled: dict[int, _Filled] = {}
    by_size = sorted(range(len(sheets)), key=lambda i: (sheets[i].size, i))
    for place, index in enumerate(by_size):
        sheet = sheets[index]
        share = _share(pieces, len(by_size) - place, least=_LEAST_FOR_A_HUNK)
        body = _body(sheet.file, share + sheet.notice_pieces)
        pieces += sheet.notice_pieces - sum(map(_line_pieces, _body_lines(sheet.file, body)))
        filled[index] = _Filled(sheet.file, sheet.heading, body)
    return [filled[index] for index in range(len(sheets))]


def _share(pieces: int, claims: int, *, least: int) -> int:
    """An even share, but never less than is of any use, as long as that lasts."""
    return min(max(pieces // claims, least), max(pieces, 0))


def _body(file: FileChange, pieces: int) -> Rendered:
    """As much of the file's hunks as fits into ``pieces``, its notice included."""
    if file.truncated or sum(map(cheap_size, file.hunks)) > pieces * 12:
        return _cut_body(file, pieces)
    strip_cr = has_plain_crlf(file)
    lines = [line for hunk in file.hunks for line in whole_hunk(hunk, strip_cr=strip_cr)]
    if sum(map(_line_pieces, lines)) > pieces:
        return _cut_body(file, pieces)
    total = sum(len(hunk.lines) for hunk in file.hunks)
    return Rendered(tuple(lines), len(file.hunks), len(file.hunks), total, total)


def _cut_body(file: FileChange, pieces: int) -> Rendered:
    """The first lines of every hunk; where not even those fit, of the first hunks."""
    count = len(file.hunks)
    left = pieces - _line_pieces(_notice(file, count))
    hunks = file.hunks[: max(left, 0) // _LEAST_FOR_A_HUNK]
    parts = _share_out(hunks, left, strip_cr=has_plain_crlf(file))
    lines = tuple(line for part in parts for line in part.lines)
    shown, total = sum(p.diff_lines for p in parts), sum(len(hunk.lines) for hunk in file.hunks)
    return Rendered(lines, sum(p.hunks for p in parts), count, shown, total + int(file.truncated))


def _share_out(hunks: Sequence[Hunk], pieces: int, *, strip_cr: bool) -> list[Rendered]:
    parts: dict[int, Rendered] = {}
    by_size = sorted(range(len(hunks)), key=lambda i: (cheap_size(hunks[i]), i))
    for place, index in enumerate(by_size):
        parts[index] = _part(hunks[index], pieces // (len(by_size) - place), strip_cr=strip_cr)
        pieces -= sum(map(_line_pieces, parts[index].lines))
    return [parts[index] for index in range(len(hunks))]


def _part(hunk: Hunk, pieces: int, *, strip_cr: bool) -> Rendered:
    if cheap_size(hunk) <= pieces * 12:
        lines = tuple(whole_hunk(hunk, strip_cr=strip_cr))
        if sum(map(_line_pieces, lines)) <= pieces:
            return Rendered(lines, 1, 1, len(hunk.lines), len(hunk.lines))
    return first_lines(hunk, pieces, strip_cr=strip_cr)


def _lines(sheet: _Filled) -> Iterable[str]:
    yield sheet.heading
    yield from _body_lines(sheet.file, sheet.body)


def _body_lines(file: FileChange, body: Rendered) -> Iterable[str]:
    yield from body.lines
    missing = body.hunks_of - body.hunks
    if missing:
        yield _notice(file, missing)
    elif file.truncated:
        yield f"[the rest of {printable(file.path)} is not shown]"


def _notice(file: FileChange, missing: int) -> str:
    return f"[{missing} of {len(file.hunks)} hunks of {printable(file.path)} not shown]"


def _included(sheet: _Filled) -> Included:
    tokens = tokens_of(sum(map(_line_pieces, _lines(sheet))))
    body = sheet.body
    if body.whole:
        return Included(sheet.file.path, WHOLE, tokens)
    missing = body.hunks_of - body.hunks
    if missing:
        return Included(sheet.file.path, f"{CUT}: {missing} of {body.hunks_of} hunks left out", tokens)
    lines = body.diff_lines_of - body.diff_lines
    return Included(sheet.file.path, f"{CUT}: {lines} of {body.diff_lines_of} lines left out", tokens)


def _stays(file: FileChange, stays: Mapping[str, str]) -> str | None:
    """Why the file stays on the machine, or None: one side of a rename is enough."""
    return next((stays[path] or STAYS for path in file.paths if path in stays), None)


def _may_be_named(file: FileChange, stays: Mapping[str, str]) -> bool:
    """True for a file that stays and whose names hold no secret."""
    reasons = [stays.get(path) for path in file.paths]
    return any(reason is not None for reason in reasons) and SECRET_NAME not in reasons


def _only_named(file: FileChange) -> str | None:
    """What makes the content of a file not worth its tokens, or None."""
    kinds = {
        "lockfile": file.lockfile,
        "generated": file.generated,
        "vendored": file.vendored,
        "binary": file.binary,
    }
    return next((kind for kind, holds in kinds.items() if holds), None)


def _why(file: FileChange, stays: Mapping[str, str]) -> str | None:
    """Why the content of a file is left out before any budget is looked at, or None."""
    kind = _only_named(file)
    return _stays(file, stays) or (f"{kind}: name and counts only" if kind else None)


def _named(file: FileChange) -> str:
    tail = "" if file.binary else f", {counts(file)}"
    return f"{happened(file)}: {names(file)} ({_only_named(file)}{tail}, content not shown)"
