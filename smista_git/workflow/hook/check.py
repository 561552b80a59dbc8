"""commit-msg: what the policy demands of a message, whoever wrote it; the rest is a hint at most."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from smista_git.classify.secrets.secrets import scan_own
from smista_git.git.committing import comment_strings
from smista_git.git.operation import operation_in
from smista_git.git.process import decode
from smista_git.git.repository import Repository
from smista_git.phases.message_format import format_problem, split_message
from smista_git.workflow.hook.draft import SCISSORS, read_draft
from smista_git.workflow.hook.pending import peek_pending
from smista_git.workflow.places import has_policy

if TYPE_CHECKING:
    from smista_git.route.policy import Policy

# Git writes these, or reads them in a later rebase: no style holds for them.
_BY_GIT = re.compile(r"(?:fixup|squash|amend)! |Merge |Revert \"|Reapply \"")
_FILE = re.compile(
    r"(?<![\w./@~-])[\w@+-][\w.@+-]*(?:/[\w.@+-]+)*/[\w@+-][\w.@+-]*\.[A-Za-z]\w{0,5}\b(?![/\w])"
)
_URL = re.compile(r"\w+://\S+")
MOST_HINTS = 3


@dataclass(frozen=True, slots=True)
class Checked:
    """``demands`` stop the commit; ``hints`` only say what looks wrong."""

    demands: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


def check_message_file(file: Path, *, environ: Mapping[str, str]) -> Checked:
    """What is wrong with the message that is about to be committed.

    A message of ours that nobody touched was checked when it was written. Only a policy that names a style or a
    width makes demands; a habit of the history is no law for people.
    """
    repo = Repository.discover(environment=environ)
    message = message_in(file.read_bytes(), repo)
    if not message or _BY_GIT.match(message) or operation_in(repo) not in (None, "bisect"):
        return Checked()
    pending = peek_pending(repo.git_dir)
    if pending is not None and pending.answer.strip() == message:
        return Checked()
    policy = _policy(repo, environ)
    secrets = list(_secrets(message))
    stops = policy is not None and any(floor.secrets == "block" for floor in policy.sensitive)
    demands = (*(_demands(message, policy) if policy else ()), *(secrets if stops else ()))
    hints = (*(() if stops else secrets), *_missing_files(message, repo))
    return Checked(demands, hints[:MOST_HINTS])


def _policy(repo: Repository, environ: Mapping[str, str]) -> Policy | None:
    """The policy that somebody wrote; None where there is only the shipped one, which demands nothing of a message."""
    if not has_policy(repo.root, environ):
        return None
    from smista_git.workflow.settings import load_settings

    return load_settings(repo.root, environ).policy


def message_in(content: bytes, repo: Repository) -> str:
    """The message as git will keep it: without comments, and without what stands below the scissors."""
    draft = read_draft(content, comment_strings(repo.settings()))
    above = content.partition(draft.comment + SCISSORS)[0]
    if (repo.config("commit.cleanup") or "default") in ("verbatim", "whitespace"):
        return decode(above).strip()
    lines = (line for line in above.split(b"\n") if not line.startswith(draft.comment))
    return decode(b"\n".join(lines)).strip()


def _demands(message: str, policy: Policy) -> Iterator[str]:
    subject, _ = split_message(message)
    style = policy.commit.style
    if style != "auto" and (problem := format_problem(subject, style)):
        yield problem
    said = any(value.key == "commit.max_subject" for value in policy.values)
    if said and len(subject) > policy.commit.max_subject:
        yield f"Shorten the first line to {policy.commit.max_subject} characters; it has {len(subject)}."


def _secrets(message: str) -> Iterator[str]:
    for finding in scan_own(message):
        yield f"Line {finding.line} looks like a secret ({finding.rule}); a message is there for good."


def _missing_files(message: str, repo: Repository) -> Iterator[str]:
    """A path that is neither in the repository nor in the change is likely mistyped."""
    for path in dict.fromkeys(_FILE.findall(_URL.sub(" ", message))):
        if not _is_known(path, repo):
            yield f"There is no {path} in this repository."


def _is_known(path: str, repo: Repository) -> bool:
    """Whether the index or the last commit has a path that ends like this one."""
    pathspec = f":(glob)**/{path}"
    if repo.run("ls-files", "--cached", "--others", "-z", "--", pathspec).stdout:
        return True
    gone = repo.run(
        "diff", "--cached", "--name-only", "--no-renames", "--diff-filter=D", "-z", "--", pathspec
    )
    return bool(gone.stdout)
