"""Nasty histories, read as a range is read: paths, modes, counts and lines must be git's own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from bench.agree import commits_of, differences
from tests.conftest import Repo

NAMES = [
    b"a b", b"tab\tname", b"new\nline", b'quo"te', b"-dash", b"b b/b", "\u00fcmlaut".encode(), b"back\\slash", b":colon",
    b"a => b", b"{a => b}/c", b"latin-\xe9", b"\xff\xfe", b" lead", b"trail ", b"\x01\x02", b"\x7f", b"...", b"~", b"$HOME",
    b"a/\xe2\x80\xae/b", b"%41", b"*?[x]", b":(top)x", b"diff --git a b", b"\xf0\x9f\xa6\x80.rs", b"#x", b"\r", b"x" * 255,
    b"d/" * 90 + b"deep",
]  # fmt: skip

CONTENTS = [
    b"", b"\n", b"no end", b"one\r\ntwo\r\n", b"only\rcr\rhere", b"\xff\xfea\x00b\x00\n\x00", b"nul\0in\n", b"caf\xe9\n",
    b"\xef\xbb\xbfbom\n", b"diff --git a/x b/x\n@@ -1 +1 @@\n--- a/x\n+++ b/x\n-minus\n+plus\n",
    b"-- \n--- \n++ \n+++ b/y\n", b"\\ No newline at end of file\n", b"\\ No newline at end of file",
    b"index 0000000..1111111 100644\n", b"\x1b[31mred\x1b[0m\n", b"\x0c\n\x0b\n\x1c\n\x85\n", "\u2028\u2029\u0085\n".encode(),
    b"commit-" + b"0" * 32 + b"\n", b"\n\n\n", b" \t\n", b"x" * 7_000 + b"\n", b"\xed\xa0\x80\n", b"\r\n\r\r\n\n\r",
    b"* Unmerged path x\ndiff --cc y\n", b":100644 100644 aa bb M\n1\t1\tx\n",
]  # fmt: skip

KINDS = (b"100644", b"100755", b"120000", b"160000")


def ident(number: int) -> bytes:
    return b"committer Ada <ada@example.org> %d +0000\n" % (1_700_000_000 + number)


class Script:
    """A stream for ``git fast-import``: commits whose trees hold whatever is wanted, on any file system."""

    def __init__(self) -> None:
        self.stream = b""
        self.commits = 0

    def commit(self, *files: bytes, more: bytes = b"", message: bytes = b"nasty") -> None:
        self.commits += 1
        parent = b"" if self.commits == 1 or more.startswith(b"root") else b"from :%d\n" % (self.commits - 1)
        # A root has a branch of its own, for fast-import would take the branch's tip as its parent.
        branch = b"nasty" if parent else b"nasty-%d" % self.commits
        head = b"commit refs/heads/%s\nmark :%d\n" % (branch, self.commits)
        body = b"data %d\n%s\n" % (len(message), message)
        self.stream += (
            head + ident(self.commits) + body + parent + more.removeprefix(b"root") + b"".join(files) + b"\n"
        )


def quoted(path: bytes) -> bytes:
    return b'"' + b"".join(b"\\%03o" % byte for byte in path) + b'"'


def blob(path: bytes, data: bytes, mode: bytes = b"100644") -> bytes:
    if mode == b"160000":
        return b"M 160000 %s %s\n" % (data.hex().encode().ljust(40, b"1")[:40], quoted(path))
    return b"M %s inline %s\ndata %d\n%s\n" % (mode, quoted(path), len(data), data)


def gone(path: bytes) -> bytes:
    return b"D " + quoted(path) + b"\n"


def imported(script: Script, repo: Repo, *words: str) -> list[str]:
    repo.git("fast-import", "--quiet", *words, stdin=script.stream)
    return list(differences(repo.path, commits_of(repo.path, 10_000, ["--all"]), Counter()))


def test_names(repo: Repo) -> None:
    script = Script()
    script.commit(*(blob(name, b"one\ntwo\n") for name in NAMES))
    script.commit(*(blob(name, b"one\n2\n") for name in NAMES))
    moved = [b"to/" + name for name in NAMES]
    script.commit(*(gone(n) for n in NAMES), *(blob(n, b"one\n2\n" + n) for n in moved))
    script.commit(*(gone(n) for n in moved))
    for name in NAMES:
        script.commit(blob(name, b"alone\n"))
        script.commit(blob(name, b"alone\n", b"100755"))
        script.commit(blob(name, b"bin\0ary\n"))
    assert imported(script, repo) == []


def test_contents_from_each_to_each(repo: Repo) -> None:
    script = Script()
    names = [b"%d.%s" % (at, (b"py", b"txt", b"yml")[at % 3]) for at in range(len(CONTENTS))]
    for turn in range(len(CONTENTS)):
        turned = CONTENTS[turn:] + CONTENTS[:turn]
        script.commit(*(blob(name, data) for name, data in zip(names, turned, strict=True)))
        script.commit(*(blob(name, data) for name, data in zip(names, CONTENTS, strict=True)))
    assert imported(script, repo) == []


def test_what_only_looks_like_a_binary_file(repo: Repo) -> None:
    names = (
        b"differ",
        b"x differ",
        b"Binary files a and b differ",
        b"Binary files ",
        b"to\nBinary files a differ",
    )
    script = Script()
    for old in names:
        for new in names:
            script.commit(blob(old, b"Binary files a and b differ\n" * 9))
            script.commit(gone(old), blob(new, b"Binary files a and b differ\n" * 9, b"100755"))
            script.commit(gone(new))
    assert imported(script, repo) == []


def test_binary_files_that_only_move_or_change_mode(repo: Repo) -> None:
    script = Script()
    script.commit(blob(b"a", b"\0" * 99), blob(b"b", b"\0one" * 99), blob(b"c.txt", b"text\n" * 9))
    script.commit(gone(b"a"), blob(b"moved/a", b"\0" * 99), blob(b"b", b"\0one" * 99, b"100755"))
    script.commit(gone(b"c.txt"), blob(b"moved/c.txt", b"text\n" * 9))
    script.commit(gone(b"b"), blob(b"moved/b", b"\0one" * 98 + b"2", b"100755"))
    assert imported(script, repo) == []


def test_each_kind_of_file_becomes_each_other(repo: Repo) -> None:
    script = Script()
    for old in KINDS:
        for new in KINDS:
            for data in (b"same", b"other"):
                script.commit(blob(b"path", b"same", old), blob(b"z", b"%d" % script.commits))
                script.commit(blob(b"path", data, new))
        script.commit(gone(b"path"))
    # a file becomes a folder, and a folder a file, a link and a submodule
    for kind in KINDS:
        script.commit(blob(b"path", b"x", kind))
        script.commit(gone(b"path"), blob(b"path/in", b"x\n"))
        script.commit(gone(b"path"), blob(b"path", b"x\n", kind))
        script.commit(gone(b"path"))
    assert imported(script, repo) == []


def test_empty_commits_roots_and_merges(repo: Repo) -> None:
    script = Script()
    script.commit(blob(b"a", b"1\n"))
    script.commit()
    script.commit(message=b"")
    script.commit(more=b"root")
    script.commit(more=b"root")
    script.commit(blob(b"b", b"2\n"), more=b"merge :1\nmerge :4\n", message=b"caf\xe9 \xff\n\ncommit-\0-")
    script.commit(more=b"merge :2\n")
    assert imported(script, repo) == []


def test_hundreds_of_files_and_renames_with_edits(repo: Repo) -> None:
    def text(number: int, extra: str = "") -> bytes:
        return "".join(f"{number} line {at}\n" for at in range(30)).encode() + extra.encode()

    script = Script()
    script.commit(*(blob(b"old/%d.txt" % n, text(n)) for n in range(700)))
    moved = (
        gone(b"old/%d.txt" % n) + blob(b"new/%d.txt" % n, text(n, "more\n" * (n % 40))) for n in range(700)
    )
    script.commit(*moved)
    script.commit(*(blob(b"new/%d.txt" % n, text(n), b"100755") for n in range(0, 700, 2)))
    assert imported(script, repo) == []


def test_a_file_of_a_hundred_thousand_lines(repo: Repo) -> None:
    lines = [b"line %d" % n for n in range(100_000)]
    script = Script()
    script.commit(blob(b"long.txt", b"\n".join(lines)), blob(b"z.py", b"x = 1\n"))
    lines[5] = lines[50_000] = lines[99_999] = b"changed"
    script.commit(blob(b"long.txt", b"\n".join(lines)), blob(b"z.py", b"x = 2\n"))
    script.commit(gone(b"long.txt"))
    assert imported(script, repo) == []


def test_sha256(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Repo(tmp_path / "other")
    other.git("init", "-q", "--object-format=sha256")
    script = Script()
    for name in NAMES[:12]:
        script.commit(blob(name, b"x\n"))
        script.commit(blob(name, b"x\0\n", b"100755"))
        script.commit(blob(name, b"x", b"120000"))
    assert imported(script, other) == []
