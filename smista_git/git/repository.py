"""A repository, as verbs over the git command line."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from smista_git.classify.habits import PastCommit
from smista_git.errors import GitFailed, NothingToDo
from smista_git.git import committing, config, diffs, history, operation, partial
from smista_git.git.command_line import CommandLine
from smista_git.git.diffs import ALL_PARTS, EMPTY_TREES, PATCH_LIMIT_BYTES, RawDiff
from smista_git.git.place import Place, locate
from smista_git.git.process import lacks_object

RANGE_HINT = "see which names there are with `git branch -a` and `git tag`"


class Repository(CommandLine):
    """One repository and the environment in which git works on it."""

    def __init__(self, place: Place, environment: Mapping[str, str]) -> None:
        super().__init__(place, environment)
        self.git_dir = place.git_dir
        self.common_dir = place.common_dir
        self._settings: dict[str, tuple[str, ...]] | None = None

    @classmethod
    def discover(cls, cwd: Path | None = None, *, environment: Mapping[str, str] | None = None) -> Repository:
        """The repository around ``cwd``, or the one that the environment of a hook speaks of.

        Raises:
            NotARepository: there is none.
        """
        return cls(*locate(cwd, os.environ if environment is None else environment))

    # -- where we are

    def head(self) -> str | None:
        """The full name of the commit that HEAD is, or None on an unborn branch."""
        return self.resolve("HEAD")

    def with_parents(self, rev: str) -> tuple[str, ...]:
        """The full names of the commit that ``rev`` means and of its parents; empty where it means none."""
        words = (
            "rev-list",
            "--parents",
            "--max-count=1",
            "--no-walk",
            "--end-of-options",
            f"{rev}^{{commit}}",
            "--",
        )
        said = self.ask(*words) if rev else None
        return tuple(said.split()) if said else ()

    def branch(self) -> str | None:
        """The short name of the branch, also an unborn one; None when HEAD is detached."""
        name = self.ask("symbolic-ref", "--quiet", "HEAD")
        return name.removeprefix("refs/heads/") if name is not None else None

    def state(self) -> operation.State:
        """What is in progress here, and what is unusual about the place."""
        return operation.State(
            operation=operation.operation_in(self),
            detached=self.branch() is None,
            unborn=self.head() is None,
            shallow=self.place.shallow,
            bare=self.place.bare,
            superproject=self.ask("rev-parse", "--show-superproject-working-tree") or None,
        )

    def index_file(self) -> Path:
        """The index that git reads here, which in a hook may be one that git made for this commit."""
        return self.root / os.fsdecode(
            self.run("rev-parse", "--git-path", "index").stdout.removesuffix(b"\n")
        )

    def nothing_staged(self) -> bool:
        """True when a plain commit would record no change; reads no blob."""
        quiet = ("diff", "--cached", "--quiet", "--no-ext-diff", "--ignore-submodules=none")
        return self.run(*quiet, ok=(0, 1)).returncode == 0

    # -- configuration

    def config(self, key: str, default: str | None = None) -> str | None:
        """The last value of a key, or ``default``; section and variable compare without case."""
        values = self.config_all(key)
        return values[-1] if values else default

    def config_all(self, key: str) -> tuple[str, ...]:
        """Every value of a key, weakest layer first."""
        return self.settings().get(config.canonical(key), ())

    def config_bool(self, key: str, *, default: bool) -> bool:
        """A key read as git reads a boolean."""
        return config.as_bool(self.config(key), default=default)

    def settings(self) -> dict[str, tuple[str, ...]]:
        """The whole configuration, read once."""
        if self._settings is None:
            self._settings = config.parse_config(self.run("config", "--null", "--list").stdout)
        return self._settings

    # -- diffs

    def staged_diff(
        self,
        *,
        amend: bool = False,
        paths: Sequence[str] | None = None,
        limit_bytes: int = PATCH_LIMIT_BYTES,
        env: Mapping[str, str] | None = None,
    ) -> RawDiff:
        """What a commit of the index would record; with ``amend``, what the amended commit would.

        ``paths`` are exact names from the root; None means all, and an empty sequence gives an empty diff.
        """
        if self.place.bare:
            raise NothingToDo(
                f"{self.root} is bare: it has no index",
                hint="`git smista review` and `classify` take a commit or a range; a commit needs a work tree",
            )
        against = (self._amended_base(),) if amend else ()
        return self.diff("--cached", *against, paths=paths, limit_bytes=limit_bytes, env=env)

    def commit_diff(self, rev: str, *, limit_bytes: int = PATCH_LIMIT_BYTES) -> RawDiff:
        """A commit against its first parent, or against the empty tree."""
        base, tip = self.parent_or_empty(rev), f"{rev}^{{commit}}"
        return self.diff("--end-of-options", base, tip, limit_bytes=limit_bytes)

    def range_diff(self, base: str, tip: str, *, limit_bytes: int = PATCH_LIMIT_BYTES) -> RawDiff:
        """``tip`` against ``base`` themselves; pass ``merge_base`` first for what a branch did."""
        return self.diff("--end-of-options", base, tip, limit_bytes=limit_bytes)

    def merge_base(self, base: str, tip: str) -> str | None:
        """The best common ancestor, or None for unrelated histories."""
        return self.ask("merge-base", "--end-of-options", base, tip)

    def diff(
        self,
        *words: str,
        paths: Sequence[str] | None = None,
        limit_bytes: int = PATCH_LIMIT_BYTES,
        env: Mapping[str, str] | None = None,
    ) -> RawDiff:
        """``git diff`` with every option pinned, in one process."""
        if paths is not None and not paths:
            return RawDiff()
        command = (
            "--literal-pathspecs", *diffs.PINNED_CONFIG, "diff", *diffs.PINNED_OPTIONS, *ALL_PARTS, *words,
            "--", *(paths or ()),
        )  # fmt: skip
        try:
            with self.stream(*command, env=env) as stdout:
                return diffs.read_diff(stdout, limit_bytes=limit_bytes)
        except GitFailed as failed:
            if paths is not None or not lacks_object(failed.stderr):
                raise
            return partial.diff_of_present(self, words, limit_bytes=limit_bytes, env=env)

    def empty_tree(self) -> str:
        """The name of the empty tree in this repository's hash."""
        return EMPTY_TREES[self.place.object_format]

    def parent_or_empty(self, rev: str) -> str:
        """The first parent of a commit, or the empty tree for a commit that has none here."""
        return self.resolve(f"{rev}^1") or self.empty_tree()

    def _amended_base(self) -> str:
        if self.head() is None:
            raise NothingToDo("there is no commit to amend", hint="make the first one: `git smista commit`")
        return self.parent_or_empty("HEAD")

    # -- history

    def recent_commits(self, limit: int, *, rev: str = "HEAD") -> tuple[PastCommit, ...]:
        """The last ``limit`` commits with their paths, newest first, merges excluded; none when unborn."""
        mark = history.new_mark()
        try:
            with self.stream(*history.recent_words(limit, mark, rev=rev)) as stdout:
                return tuple(history.read_recent(stdout, mark))
        except GitFailed:
            if self.resolve(rev) is not None:
                raise
            return ()

    def log(self, *revisions: str, paths: Sequence[str] | None = None) -> Iterator[history.LogEntry]:
        """The commits of a range (``main..HEAD``), newest first, read as git writes them."""
        mark = history.new_mark()
        with self.stream(*history.log_words(revisions, mark, paths=paths), hint=RANGE_HINT) as stdout:
            yield from history.read_log(stdout, mark)

    def history_diffs(
        self, *revisions: str, merges: bool = False, limit_bytes: int = PATCH_LIMIT_BYTES
    ) -> Iterator[tuple[str, RawDiff]]:
        """Each commit of a range with its diff, newest first; merges only if asked for.

        A commit whose blobs are not all here is given by what is here of it; its notices say so.
        """
        done = 0
        try:
            for found in self.walk_diffs(revisions, merges=merges, limit_bytes=limit_bytes):
                yield found
                done += 1
            return
        except GitFailed as failed:
            if not lacks_object(failed.stderr):
                raise
        yield from self._rest_of_history(revisions, done, merges=merges, limit_bytes=limit_bytes)

    def _rest_of_history(
        self, revisions: Sequence[str], done: int, *, merges: bool, limit_bytes: int
    ) -> Iterator[tuple[str, RawDiff]]:
        """The diffs from the commit of number ``done`` on, which git could not read whole.

        Git ends at the first blob that is missing. So that commit is read by what is here of it, and the walk starts anew.
        """
        which = () if merges else ("--no-merges",)
        names = self.run("rev-list", *which, *revisions, "--").stdout.split()
        words = ("--no-walk=unsorted", "--stdin")
        while done < len(names):
            commit = names[done].decode("ascii")
            yield commit, self.commit_diff(commit, limit_bytes=limit_bytes)
            done += 1
            rest = b"\n".join(names[done:])
            try:
                for found in self.walk_diffs(words, merges=merges, limit_bytes=limit_bytes, stdin=rest):
                    yield found
                    done += 1
            except GitFailed as failed:
                if not lacks_object(failed.stderr):
                    raise

    def walk_diffs(
        self, revisions: Sequence[str], *, merges: bool, limit_bytes: int, stdin: bytes | None = None
    ) -> Iterator[tuple[str, RawDiff]]:
        """As ``history_diffs``, from one process.

        The patch shows every line, so that git need not count them in a second diff of each file. It is asked for its
        counts where the patch is cut or does not show them.

        Raises:
            GitFailed: a range that means nothing, or a blob that is missing; every commit before it was given.
        """
        parts = diffs.COUNTABLE_PARTS if limit_bytes else diffs.FACT_PARTS
        mark, held = history.new_mark(), None
        words = history.diffs_words(revisions, mark, merges=merges, parts=parts)
        with self.stream(*words, hint=RANGE_HINT, stdin=stdin) as stdout:
            for commit, diff in history.read_diffs(stdout, mark, limit_bytes=limit_bytes):
                if held is not None:
                    yield held
                countable = limit_bytes and not diff.truncated and not diffs.UNCOUNTABLE.search(diff.raw)
                held = (commit, replace(diff, numstat=None if countable else self._counts(commit, diff)))
        # Only now it is known whether git wrote the last one to its end.
        if held is not None:
            yield held

    def _counts(self, commit: str, diff: RawDiff) -> bytes | None:
        if diff.numstat:
            return diff.numstat
        base = self.parent_or_empty(commit)
        words = (*diffs.PINNED_CONFIG, "diff", *diffs.PINNED_OPTIONS, "--numstat", base, commit, "--")
        return self.run(*words).stdout

    # -- writing

    def commit(
        self,
        message: bytes,
        *,
        args: Sequence[str] = (),
        edit: bool = False,
        terminal: bool = False,
        cwd: Path | None = None,
        index: Path | None = None,
    ) -> str:
        """Commit by ``git commit -F`` and give the new commit's full name.

        ``args`` are git's own (``-a``, ``--amend``, paths as seen from ``cwd``); ``terminal`` hands the
        terminal to git, its hooks, its editor and gpg; ``index`` is committed in place of the real one. The
        message survives any failure in the git directory.

        Raises:
            GitFailed: git or a hook refused; the hint names the kept message.
            Interrupted: Ctrl-C, and no commit was made.
        """
        kept = committing.keep_message(self.git_dir, message)
        cleanup = committing.cleanup_options(
            message,
            edit=edit,
            comments=committing.comment_strings(self.settings()),
            configured=self.config("commit.cleanup"),
            args=args,
        )
        words = ("commit", *(("--edit",) if edit else ()), *cleanup, "-F", os.fspath(kept), *args)
        environment = self.environment | ({"GIT_INDEX_FILE": os.fspath(index)} if index else {})
        ended = committing.run_commit(words, cwd=cwd or self.root, environment=environment, terminal=terminal)
        committing.check(ended, kept)
        return self.head() or ""
