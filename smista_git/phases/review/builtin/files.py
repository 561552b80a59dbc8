"""What a file is, apart from what it says: binary, huge, junk, executable, a link out of the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import basename, dirname, join, normpath

from smista_git.change.model import FileChange
from smista_git.change.paths import is_test
from smista_git.phases.review.builtin.lines import Sheet, on_file
from smista_git.phases.review.finding import Finding

HUGE_BYTES = 1 << 20
_JUNK = re.compile(
    r"(?:^|/)(?:\.DS_Store|Thumbs\.db|desktop\.ini|__pycache__/.*|[^/]+\.(?:pyc|pyo|class|orig|rej|swp|swo)|npm-debug\.log"
    r"|\.env(?:\.(?:local|production|prod|staging|development|dev))?|\.idea/workspace\.xml|node_modules/.*|\.ipynb_checkpoints/.*)$"
)
_KEY_STORE = re.compile(
    r"\.(?:pfx|p12|jks|keystore|kdbx)$|(?:^|/)id_(?:rsa|dsa|ecdsa|ed25519)$", re.IGNORECASE
)
_PROGRAM = re.compile(
    r"\.(?:exe|dll|so|dylib|a|lib|o|obj|jar|war|msi|deb|rpm|apk|bin|elf|node)$", re.IGNORECASE
)
_NEVER_RUN = frozenset(
    [
        "json",
        "yaml",
        "toml",
        "markdown",
        "css",
        "scss",
        "less",
        "html",
        "svg",
        "xml",
        "csv",
        "ini",
        "restructuredtext",
    ]
) | {"plain text", "ignore list"}
EXECUTABLE = "100755"


def file_facts(sheet: Sheet, sizes: Mapping[str, int]) -> Iterator[Finding]:
    """Findings about the file as a whole; ``sizes`` maps object names to bytes, where they are known."""
    file = sheet.file
    if file.status == "deleted":
        return
    yield from _content(sheet, sizes.get(file.new_oid, 0))
    if file.new_mode == EXECUTABLE and file.old_mode != EXECUTABLE and _cannot_run(file):
        yield on_file(
            file, "executable", "note", "maintainability", "A file that nothing runs became executable",
            "The bit was probably set by accident, or by a file system that knows no other; `git update-index --chmod=-x`.",
        )  # fmt: skip
    if file.old_mode == EXECUTABLE and file.new_mode == "100644" and _is_script(file):
        yield on_file(
            file, "executable", "warning", "bug", "A script is not executable any more",
            "Whoever calls it by its name gets \"permission denied\"; `git update-index --chmod=+x`.",
        )  # fmt: skip
    if file.is_symlink and file.new_mode == "120000":
        yield from _link(file)


def _content(sheet: Sheet, size_bytes: int) -> Iterator[Finding]:
    file = sheet.file
    new = file.status in ("added", "copied") and sheet.role != "example" and not is_test(file.path)
    if new and _JUNK.search(file.path):
        yield on_file(
            file, "junk", "warning", "maintainability", f"{basename(file.path)} does not belong into a repository",
            "It is made by a tool or holds local settings; ignore it, and `git rm --cached` it.",
        )  # fmt: skip
    elif new and _KEY_STORE.search(file.path):
        yield on_file(
            file, "key-store", "error", "secrets", "A private key or a store of keys is added",
            "Whoever can read the repository can use it, for as long as history is kept: take it out and revoke it.",
        )  # fmt: skip
    elif new and file.binary and _PROGRAM.search(file.path):
        yield on_file(
            file, "binary", "warning", "security", "A compiled program is added",
            "Nobody can review what it does, and history keeps it for ever.",
        )  # fmt: skip
    # A text that grew is kept by git as the difference.
    elif size_bytes >= HUGE_BYTES and not file.lockfile and (file.binary or file.status != "modified"):
        yield on_file(
            file, "huge", "warning", "maintainability", f"The file has {size_bytes / HUGE_BYTES:.1f} MiB",
            "Every clone carries it for ever, also after it is deleted; consider Git LFS or a download.",
        )  # fmt: skip


def _cannot_run(file: FileChange) -> bool:
    first = next((line for hunk in file.hunks for line in hunk.lines if line.new_line == 1), None)
    return (file.language in _NEVER_RUN and not (first and first.text.startswith("#!"))) or _is_image(
        file.path
    )


def _is_script(file: FileChange) -> bool:
    first = next((line for hunk in file.hunks for line in hunk.lines if line.new_line == 1), None)
    return file.language == "shell" or bool(first and first.text.startswith("#!"))


def _is_image(path: str) -> bool:
    return path.lower().endswith(
        (".png", ".jpg", ".jpeg", ".gif", ".ico", ".webp", ".woff", ".woff2", ".ttf")
    )


def _link(file: FileChange) -> Iterator[Finding]:
    target = next((line.text for hunk in file.hunks for line in hunk.lines if line.kind == "+"), "")
    if target.startswith("/") or normpath(join(dirname(file.path), target)).startswith(".."):
        yield on_file(
            file, "link-outside", "warning", "security", "A link leads out of the repository",
            "What it shows depends on the machine, and a tool that follows it reads or writes there.",
        )  # fmt: skip
