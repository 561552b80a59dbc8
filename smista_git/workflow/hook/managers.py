"""Tools that own a repository's hooks already: they are told what to run, never written over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from smista_git.git.hooks import Folder

PRE_COMMIT_CONFIGS = (".pre-commit-config.yaml", ".pre-commit-config.yml", "prek.toml")
LEFTHOOK_CONFIGS = tuple(
    f"{dot}lefthook.{ending}" for dot in ("", ".") for ending in ("yml", "yaml", "json", "toml")
)
WITH_MESSAGE_FILE = ("prepare-commit-msg", "commit-msg")
READS_STDIN = ("post-rewrite", "pre-push")
# What these run has the records on stdin, which pre-commit does not hand on.
NOTES_FOLLOW = "git config --add notes.rewriteRef refs/notes/smista"


@dataclass(frozen=True, slots=True)
class Manager:
    """A tool that looks after the hooks here, and the file by which it was found."""

    name: str
    found: str

    def advice(self, hooks: Sequence[str]) -> str:
        """What to write, and where, so that the tool runs ``hooks`` of ours."""
        return _ADVICE[self.name](hooks)


def managers_of(root: Path, folder: Folder) -> tuple[Manager, ...]:
    """The tools whose traces are there, each once."""
    found = {manager.name: manager for manager in reversed(list(_managers(root, folder)))}
    return tuple(reversed(found.values()))


def _managers(root: Path, folder: Folder) -> Iterator[Manager]:
    if folder.configured and ".husky" in Path(folder.configured).parts:
        yield Manager("husky", f"core.hooksPath {folder.configured}")
    elif (root / ".husky").is_dir():
        yield Manager("husky", ".husky")
    for name in LEFTHOOK_CONFIGS:
        if (root / name).is_file():
            yield Manager("lefthook", name)
    for name in PRE_COMMIT_CONFIGS:
        if (root / name).is_file():
            yield Manager("pre-commit", name)


def _pre_commit(hooks: Sequence[str]) -> str:
    stages = [name for name in hooks if name != "post-rewrite"]
    lines = [
        "# .pre-commit-config.yaml, for pre-commit and prek",
        f"default_install_hook_types: [{', '.join(dict.fromkeys(['pre-commit', *stages]))}]",
        "repos:",
        "  - repo: local",
        "    hooks:",
    ]
    for name in stages:
        lines += [
            f"      - id: smista-{name}",
            f"        name: smista {name}",
            f"        entry: git-smista hook run {name}",
            "        language: system",
            f"        stages: [{name}]",
            "        always_run: true",
            "        require_serial: true",
        ]
        if name not in WITH_MESSAGE_FILE:
            lines.append("        pass_filenames: false")
    lines.append("# then run `pre-commit install` or `prek install`")
    if "post-rewrite" in hooks:
        lines.append(f"# and let the records follow amend and rebase: {NOTES_FOLLOW}")
    return "\n".join(lines)


def _husky(hooks: Sequence[str]) -> str:
    lines = ["# husky: one line in each file"]
    lines += [f"echo 'git-smista hook run {name} \"$@\"' >> .husky/{name}" for name in hooks]
    return "\n".join(lines)


def _lefthook(hooks: Sequence[str]) -> str:
    lines = ["# lefthook.yml"]
    for name in hooks:
        lines += [f"{name}:", "  commands:", "    smista:", f"      run: git-smista hook run {name} {{0}}"]
        if name in READS_STDIN:
            lines.append("      use_stdin: true")
    lines.append("# then run `lefthook install`")
    return "\n".join(lines)


_ADVICE = {"pre-commit": _pre_commit, "husky": _husky, "lefthook": _lefthook}
