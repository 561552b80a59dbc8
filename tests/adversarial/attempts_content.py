"""Secrets by content: on whatever line, in whatever form, in every text that goes along with a change."""

from __future__ import annotations

import base64
import textwrap
from urllib.parse import quote

from tests.adversarial.attempt import QUIET, Attempt
from tests.adversarial.place import Place

FOUND = (r"stays on this machine: a secret was found in {}", r"gpt-5.4-mini is not asked")


def _told(where: str) -> tuple[str, ...]:
    return tuple(words.format(where) for words in FOUND)


LONG_HINT = "word " * 5000 + "{aws}"
FILLER = "".join(f"line_{n} = {n}\n" for n in range(60))


def on_an_added_line(place: Place) -> None:
    place.stage("deploy.py", f'KEY = "{place.marks.aws}"\n')


def on_a_removed_line(place: Place) -> None:
    place.committed("deploy.py", f'import os\nKEY = "{place.marks.aws}"\n')
    place.stage("deploy.py", "import os\n")


def on_a_context_line(place: Place) -> None:
    place.committed("deploy.py", f'import os\nKEY = "{place.marks.aws}"\nx = 1\n')
    place.stage("deploy.py", f'import os\nKEY = "{place.marks.aws}"\nx = 2\n')


def in_a_deleted_file(place: Place) -> None:
    place.committed("deploy.py", f'import os\nKEY = "{place.marks.aws}"\n')
    place.repo.git("rm", "-q", "deploy.py")


def in_a_section_heading(place: Place) -> None:
    """git writes the nearest line without indentation behind the @@."""
    body = textwrap.indent(FILLER, "    ")
    text = f'def connect(token="{place.marks.github}"):\n{body}'
    place.committed("deploy.py", text)
    place.stage("deploy.py", text.replace("line_50 = 50", "line_50 = 51"))


def across_two_hunks(place: Place) -> None:
    half = place.marks.password
    before = f"begin\n{FILLER}end\n"
    place.committed("app.ini", before)
    after = before.replace("begin\n", f"begin\npassword_1 = {half}\n").replace(
        "end\n", f"end\nuri = {place.marks.uri}\n"
    )
    place.stage("app.ini", after)


def key_block(place: Place) -> None:
    place.stage("deploy.txt", place.marks.pem + "\n")


def key_block_across_hunks(place: Place) -> None:
    """Only a few lines of the block change; its beginning and its end are in no hunk together."""
    lines = place.marks.pem.split("\n")
    old = [*lines[:1], *("A" * 64 for _ in lines[1:-1]), *lines[-1:]]
    grown = [*lines[:1], *(["B" * 64] * 12), *lines[1:-1], *(["C" * 64] * 12), *lines[-1:]]
    place.committed(
        "deploy.txt", "\n".join([*old[:1], *(["B" * 64] * 12), *(["C" * 64] * 12), *old[-1:]]) + "\n"
    )
    place.stage("deploy.txt", "\n".join(grown) + "\n")


def key_block_indented(place: Place) -> None:
    place.stage("deploy.yaml", "key: |\n" + textwrap.indent(place.marks.pem, "    ") + "\n")


def key_block_in_one_string(place: Place) -> None:
    place.stage("deploy.json", '{"private_key": "' + place.marks.pem.replace("\n", "\\n") + '"}\n')


def password_assigned(place: Place) -> None:
    place.stage("app.ini", f"[db]\npassword = {place.marks.password}\n")


def in_an_address(place: Place) -> None:
    place.stage("app.ini", f"url = {place.marks.uri}\n")


def base64_encoded(place: Place) -> None:
    place.stage("app.py", f'blob = "{base64.b64encode(f"aws_key={place.marks.aws}".encode()).decode()}"\n')


def base64_key_block(place: Place) -> None:
    place.stage("app.yaml", f"data: {base64.b64encode(place.marks.pem.encode()).decode()}\n")


def url_encoded(place: Place) -> None:
    place.stage("app.py", f'link = "https://db.example/?dsn={quote(place.marks.uri, safe="")}"\n')


def in_a_file_name(place: Place) -> None:
    place.stage(f"dump-{place.marks.github}.txt", "nothing\n")


def in_a_deleted_file_name(place: Place) -> None:
    place.committed(f"dump-{place.marks.github}.txt", "nothing\n")
    place.repo.git("rm", "-q", f"dump-{place.marks.github}.txt")


def in_the_branch_name(place: Place) -> None:
    place.repo.git("checkout", "-q", "-b", f"fix/{place.marks.aws}")


def in_guidance(name: str) -> Attempt:
    def prepare(place: Place) -> None:
        place.repo.write(
            name, f"# Notes\n\nUse {place.marks.uri}\n\nexport GITHUB_TOKEN={place.marks.github}\n"
        )

    return Attempt(f"a secret in {name}", prepare, "remote", told=(f"blotted out: {name}",))


def in_a_recent_subject(place: Place) -> None:
    place.committed("notes.txt", "x\n", f"fix: use {place.marks.github} for the build")


def in_the_previous_subjects_of_many(place: Place) -> None:
    for n in range(4):
        place.committed("notes.txt", f"{n}\n", f"fix: rotate password={place.marks.password} again {n}")


def in_a_huge_file(place: Place) -> None:
    place.stage("huge.txt", "word word word\n" * 400_000 + f"password = {place.marks.password}\n")


def in_a_long_line(place: Place) -> None:
    place.stage("bundle.js", "var a=1;" * 5_000 + f'var k="{place.marks.aws}";' + "var b=2;" * 100 + "\n")


def in_the_part_that_is_cut(place: Place) -> None:
    place.stage(
        "long.py", "".join(f"value_{n} = {n}\n" for n in range(20_000)) + f'KEY = "{place.marks.aws}"\n'
    )


def in_a_binary_file(place: Place) -> None:
    place.stage("data.bin", b"\0\1\2" + place.marks.aws.encode() + b"\0")


def in_a_wide_encoding(place: Place) -> None:
    place.stage("settings.txt", f'KEY = "{place.marks.aws}"\n'.encode("utf-16"))


def in_a_link_target(place: Place) -> None:
    (place.repo.path / "here").symlink_to(f"https://{place.marks.uri}")
    place.repo.git("add", "here")


CONTENT = (
    Attempt("nothing at all goes out", lambda place: None, "remote"),
    Attempt("a secret on an added line", on_an_added_line, "local", _told("deploy.py")),
    Attempt("a secret on a removed line", on_a_removed_line, "local", _told("deploy.py")),
    Attempt("a secret on a context line", on_a_context_line, "local", _told("deploy.py")),
    Attempt("a secret in a deleted file", in_a_deleted_file, "local", _told("deploy.py")),
    Attempt("a secret behind an @@", in_a_section_heading, "remote", ("blotted out: hunk headings",)),
    Attempt("secrets in two hunks", across_two_hunks, "local", _told("app.ini")),
    Attempt("a private key", key_block, "local", _told("deploy.txt")),
    Attempt("a private key across hunks", key_block_across_hunks, "local", _told("deploy.txt")),
    Attempt("a private key indented in YAML", key_block_indented, "local", _told("deploy.yaml")),
    Attempt("a private key in a JSON string", key_block_in_one_string, "local", _told("deploy.json")),
    Attempt("a password assigned without quotes", password_assigned, "local", _told("app.ini")),
    Attempt("a connection string", in_an_address, "local", _told("app.ini")),
    Attempt("base64", base64_encoded, "local", _told("app.py")),
    Attempt("a private key in base64", base64_key_block, "local", _told("app.yaml")),
    Attempt("URL-encoded", url_encoded, "local", _told("app.py")),
    Attempt("a secret in a file name", in_a_file_name, "local", _told("dump-.redacted"), QUIET),
    Attempt("a secret in a deleted file name", in_a_deleted_file_name, "local", _told("dump-.redacted"), QUIET),
    Attempt("a secret in the branch name", in_the_branch_name, "remote", ("branch name",), QUIET),
    in_guidance("SMISTA.md"),
    in_guidance("AGENTS.md"),
    Attempt("a secret in a recent subject", in_a_recent_subject, "remote", ("blotted out: recent subjects",)),
    Attempt("a password in many subjects", in_the_previous_subjects_of_many, "remote", ("blotted out: recent subjects",)),
    Attempt("beyond the bound of what is read", in_a_huge_file, "remote", ("huge.txt", "read in part")),
    Attempt("deep in a long line", in_a_long_line, "remote"),
    Attempt("in the part that is cut to fit", in_the_part_that_is_cut, "local", _told("long.py")),
    Attempt("in the hint", lambda place: None, "remote", ("blotted out: hint",), ("-y", "--hint", "use {github} for it")),
    Attempt("in a hint as long as a book", lambda place: None, "local", ("too long",), ("-y", "--hint", LONG_HINT)),
    Attempt("in a binary file", in_a_binary_file, "remote"),
    Attempt("in UTF-16", in_a_wide_encoding, "remote"),
    Attempt("in what a link points at", in_a_link_target, "local", _told("here")),
)  # fmt: skip
