"""The changelog file on disk: found, read, and written in one step or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from smista_git.errors import Refused, UsageError
from smista_git.git.objects import read_text
from smista_git.git.process import decode
from smista_git.git.repository import Repository
from smista_git.phases.changelog.document import conflict_line, parse_document

NAMES = ("changelog", "changes", "history", "news", "release-notes", "releasenotes", "releases")
ENDINGS = (".md", ".markdown", ".mdx", ".rst", ".adoc", ".asciidoc", ".txt", "")
DOCUMENTS = ("docs", "doc")
DEFAULT = "CHANGELOG.md"
MAX_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class ChangelogFile:
    """The file and its text; ``text`` is empty and ``exists`` False where it is still to be made."""

    path: Path
    text: str
    exists: bool

    @property
    def shown(self) -> str:
        """Its name as a person would type it from where they stand."""
        return shown(self.path)


def shown(path: Path) -> str:
    """A path as a person would type it from where they stand, or whole where it is far from there."""
    short = os.path.relpath(path.parent.resolve() / path.name)
    return str(path) if short.count("..") > 2 else short


def find_file(root: Path, named: str | None, *, cwd: Path, folders: Sequence[str] = ()) -> Path:
    """The file that the person named, else the one in the package's folder, at the root, or among the documents."""
    if named is not None:
        return cwd / named
    return _inside(root, _found(root, folders))


def inside(root: Path, named: str, *, key: str) -> Path:
    """A file that a policy names. Raises: Refused, when it lies outside of the repository."""
    return _inside(root, root / named, why=f"[changelog] {key}")


def _inside(root: Path, path: Path, *, why: str = "") -> Path:
    # A cloned repository is not trusted: neither its policy nor a link in it may lead our writing elsewhere.
    if not path.resolve().is_relative_to(root.resolve()):
        named = f"{why} names " if why else ""
        hint = "name the file yourself: `--file FILE`"
        raise Refused(f"{named}{path}, which lies outside of the repository", hint=hint)
    return path


def _found(root: Path, folders: Sequence[str]) -> Path:
    for folder in (*(root / name for name in folders), root):
        if folder.is_dir() and (found := next(_in_folder(folder), None)):
            return found
    for folder in (root / name for name in DOCUMENTS if not folders and (root / name).is_dir()):
        if found := next(filter(_names_releases, _in_folder(folder)), None):
            return found
    return (root / folders[0] if folders and (root / folders[0]).is_dir() else root) / DEFAULT


def _in_folder(folder: Path) -> Iterator[Path]:
    """The files that are called like a changelog, the most likely one first."""
    names = (entry.name for entry in os.scandir(folder) if entry.is_file())
    return (folder / name for name in _preferred(names))


def _preferred(names: Iterable[str]) -> Iterator[str]:
    """Those of the names in a folder that a changelog has, the most likely one first."""
    known = {name.lower(): name for name in names}
    wanted = (name + ending for name in NAMES for ending in ENDINGS)
    return (known[name] for name in wanted if name in known)


def file_at(repo: Repository, rev: str) -> tuple[str, str] | None:
    """The name and the text of the changelog at the root of a commit, or None."""
    listed = decode(repo.run("ls-tree", "--name-only", "-z", rev).stdout).split("\0")
    name = next(_preferred(filter(None, listed)), None)
    data = read_text(repo, rev, name) if name else None
    return (name, data.decode("utf-8", "surrogateescape")) if name and data else None


def folder_of_package(repo: Repository, package: str) -> str:
    """The folder called like a package that has a changelog of its own, or an empty string."""
    name = package.rpartition("/")[2]
    found = decode(repo.run("ls-files", "-z", "--", f":(glob)**/{name}/*").stdout).split("\0") if name else []
    paths = [path.rpartition("/") for path in found]
    return next((folder for folder, _, file in paths if folder and next(_preferred([file]), None)), "")


def _names_releases(path: Path) -> bool:
    """Whether a file among the documents is one: a page about changelogs or news may have the same name."""
    try:
        return bool(parse_document(read_file(path).text).sections)
    except (Refused, UsageError):
        return True


def read_file(path: Path) -> ChangelogFile:
    """What the file says, every byte of it kept.

    Raises: Refused for a file with conflict markers, UsageError for one that is none.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return ChangelogFile(path, "", exists=False)
    except IsADirectoryError as exc:
        name = shown(path / DEFAULT)
        raise UsageError(f"{shown(path)} is a folder", hint=f"name the file in it: `--file {name}`") from exc
    except OSError as exc:
        hint = f"look at who may read it: `ls -l {shown(path)}`"
        raise UsageError(f"{shown(path)} cannot be read ({exc.strerror})", hint=hint) from exc
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UsageError(
            f"{path} is UTF-16, which git takes for binary",
            hint=f"make it UTF-8: `iconv -f UTF-16 -t UTF-8 {shown(path)}`",
        )
    if b"\0" in data or len(data) > MAX_BYTES:
        raise UsageError(f"{path} is no text file", hint="name the changelog: `--file CHANGELOG.md`")
    text = data.decode("utf-8", "surrogateescape")
    if line := conflict_line(text):
        raise Refused(
            f"{shown(path)}:{line} has the marks of a merge conflict",
            hint=f"resolve it, `git add {shown(path)}`, then run this again",
        )
    return ChangelogFile(path, text, exists=True)


def write_file(path: Path, text: str) -> None:
    """Replace the file in one step, mode and owner kept; on any failure, Ctrl-C included, it is as it was.

    Raises: Refused, when it cannot be written.
    """
    target = path.resolve()
    if not target.parent.is_dir():
        folder = shown(path.parent)
        raise Refused(f"there is no folder {folder}", hint=f"make it: `mkdir -p {folder}`")
    old = target.stat() if target.exists() else None
    # Root may write what nobody is meant to: the mode says what the owner wants.
    if old is not None and not (old.st_mode & 0o222 and os.access(target, os.W_OK)):
        raise Refused(
            f"{shown(path)} is read-only; it is as it was", hint=f"allow writing: `chmod u+w {shown(path)}`"
        )
    # Named before it is made, so that whatever ends us it is known what to take away.
    temporary = target.parent / f".{target.name}.{os.getpid()}.new"
    try:
        with temporary.open("xb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
            file.flush()
            os.fsync(file.fileno())
        if old is not None:
            with suppress(OSError):  # only root may give a file away
                os.chown(temporary, old.st_uid, old.st_gid)
        temporary.chmod(stat.S_IMODE(old.st_mode) if old else _new_mode())
        temporary.replace(target)
    except OSError as exc:
        raise Refused(
            f"{shown(path)} could not be written ({exc.strerror}); it is as it was",
            hint="look at the space left: `df -h .`, and at who may write there: `ls -ld .`",
        ) from exc
    finally:
        with suppress(OSError):
            temporary.unlink()


def _new_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
