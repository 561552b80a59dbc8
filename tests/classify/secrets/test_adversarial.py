"""Attempts to slip a secret past the scanner: split, wrapped, encoded, renamed, repeated, in bad bytes."""

from __future__ import annotations

import base64
import itertools
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smista_git.change.model import Change, FileChange, Hunk, Line
from smista_git.classify.secrets.secrets import scan, scan_change, scan_own, warm_up

# Drawn for these tests; no issuer ever gave them out. Put together here so that no scanner trips over this file.
TOKEN = "ghp_" + "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5"
PASSWORD = "tR0ub4dor" + "&3xQ"
BODY = "MIIEowIBAAKCAQEA" + "q7Zk3vT9bWx2LmPf8sJd5RcYh1NgEuKo6AiVwXy4MzBtQe0D"
HEAD, FOOT = "-----BEGIN RSA PRIVATE " + "KEY-----", "-----END RSA PRIVATE " + "KEY-----"
NARROW = [BODY[i : i + 64].ljust(64, "A") for i in (0, 3, 7, 11, 17)]


def blotted(text: str) -> str:
    """The text with every finding taken out."""
    for finding in reversed(scan(text)):
        text = text[: finding.start] + "#" + text[finding.end :]
    return text


@pytest.mark.parametrize(
    "text",
    [
        f'token = "{TOKEN[:20]}" + "{TOKEN[20:]}"',
        f'token = "{TOKEN[:20]}" \\\n    "{TOKEN[20:]}"',
        f"+token = '{TOKEN[:20]}' .\n+    '{TOKEN[20:]}';",
        f"password:\n  {PASSWORD}\n",
        f"password: |\n  {PASSWORD}\n",
        f'+password = (\n+    "{PASSWORD}"\n+)',
    ],
)
def test_split_over_literals_and_lines(text: str) -> None:
    assert scan(text)
    assert not any(half in blotted(text) for half in (TOKEN[:20], TOKEN[20:], PASSWORD))


@pytest.mark.parametrize(
    "text",
    [
        base64.b64encode(TOKEN.encode()).decode(),
        base64.urlsafe_b64encode(f"password={PASSWORD}".encode()).decode(),
        quote(f'password="{PASSWORD}"'),
        "https://example.org/?x=" + quote(f"token={TOKEN}", safe=""),
        f'password="{PASSWORD}"'.encode().hex(),
    ],
)
def test_encoded(text: str) -> None:
    assert text not in blotted(f"a line\nconfig: {text}\nanother")


@pytest.mark.parametrize(
    "text",
    [
        "\n".join([HEAD, *NARROW, FOOT]),
        "\n".join(f"-{line}" for line in [HEAD, *NARROW, FOOT]),
        "\n".join([HEAD, *NARROW[:2]]),
        "\n".join([*NARROW[3:], FOOT]),
        "\n".join(["context", *(f" {line}" for line in NARROW), "context"]),
        "\n".join([f"+{HEAD}", f"+{NARROW[0]}", "@@ -9,3 +9,3 @@ section", f"+{NARROW[1]}", f"+{FOOT}"]),
        '"key": "' + "\\n".join([HEAD, *NARROW, FOOT]) + '"',
        "\n".join(f'    "{line}\\n"' for line in [HEAD, *NARROW, FOOT]),
        "\r\n".join([HEAD, *NARROW, FOOT]),
    ],
)
def test_private_keys_whole_cut_and_quoted(text: str) -> None:
    left = blotted(text)
    assert not any(line in left for line in NARROW)


@pytest.mark.parametrize("hidden_by", ["\x00", "\udcff", "\ufeff", "İ", "\r\n"])
def test_no_character_before_it_hides_a_secret(hidden_by: str) -> None:
    text = f"{hidden_by}\nx = 1\npassword = '{PASSWORD}'\ngithub: {TOKEN}\n"
    assert PASSWORD not in blotted(text)
    assert TOKEN not in blotted(text)


def test_crlf_lines_are_lines() -> None:
    assert PASSWORD not in blotted(f"USER=a\r\nDB_PASSWORD={PASSWORD}\r\nPORT=1\r\n")


def test_the_value_is_found_where_it_stands_again() -> None:
    again = f"github_token = '{TOKEN}'\nsee {TOKEN} and x{TOKEN}y\n"
    assert TOKEN not in blotted(again)


def test_every_item_of_a_list_is_found() -> None:
    first, second = "493cead2e5ab6535", "6b6e59059375f282"
    assert not any(v in blotted(f'{{"tokens": ["{first}", "{second}"]}}') for v in (first, second))


def _change(path: str, *hunks: list[tuple[str, str]]) -> Change:
    built, number = [], 0
    for rows in hunks:
        lines = []
        for kind, text in rows:
            number += 1
            old, new = (None if kind == "+" else number), (None if kind == "-" else number)
            lines.append(Line(kind, old, new, text))  # type: ignore[arg-type]
        built.append(Hunk(1, 1, 1, 1, "", tuple(lines)))
    return Change((FileChange(path, path, "modified", "100644", "100644", "0" * 40, "1" * 40, tuple(built)),))


def test_a_key_across_hunks_and_sides() -> None:
    rows = (
        [("-", HEAD), ("+", "removed"), *(("-", line) for line in NARROW[:2])],
        [("-", NARROW[2]), ("-", FOOT)],
    )
    assert [(f.side, f.line, f.rule) for f in scan_change(_change("a.txt", *map(list, rows)))] == [
        ("old", 1, "private-key")
    ]


@pytest.mark.parametrize("name", [f"dump/{TOKEN}.sql", f"password={PASSWORD}.txt", f"a b\n/{TOKEN}"])
def test_file_names(name: str) -> None:
    assert [(f.path, f.side, f.line) for f in scan_change(_change(name, [(" ", "x")]))][:1] == [
        (name, "name", 0)
    ]


def test_both_names_of_a_rename() -> None:
    file = FileChange(f"old/{TOKEN}", "new", "renamed", "100644", "100644", "0" * 40, "0" * 40)
    assert [f.path for f in scan_change(Change((file,)))] == [f"old/{TOKEN}"]


LOCKED_OUT = """
import sys
from smista_git.classify.secrets.secrets import EngineFailed, engine_available, scan, scan_own
from smista_git.errors import Refused
text = sys.argv[1]
assert not engine_available()
assert scan_own(text)
try:
    scan(text)
except Refused as refused:
    assert isinstance(refused, EngineFailed) and refused.hint and text not in str(refused)
    print("refused")
"""


def test_without_the_engine_a_scan_refuses_and_the_own_rules_go_on(tmp_path: Path) -> None:
    library = tmp_path / "lib.so"
    library.write_bytes(b"no library")
    done = subprocess.run(
        [sys.executable, "-c", LOCKED_OUT, f"password='{PASSWORD}'"],
        env={**os.environ, "BETTERLEAKS_LIB_PATH": str(library)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("refused\n", "")


def test_importing_the_scanner_does_not_load_the_engine() -> None:
    code = "import sys, smista_git.classify.secrets; sys.exit('betterleaks' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_warm_up_runs_beside() -> None:
    thread = warm_up()
    thread.join(timeout=30)
    assert thread.daemon
    assert not thread.is_alive()


@pytest.mark.parametrize(
    "unit",
    ["a", '"', '"a" + ', "password ", "password=", "a://b:", "a:", "QUJD", "ab", "%41", f"{HEAD}", f"{HEAD}\n", f"{FOOT}\n", "\\\n", "_key", "mysql -", "curl ", '.login("', "eyJ", "getenv(", '"kty" d: "', "token:\n", "password = \\"],
)  # fmt: skip
def test_time_grows_with_the_text_and_not_with_its_square(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        begin = time.process_time()
        scan_own(text)
        return time.process_time() - begin

    assert seconds(200_000) < 30 * max(seconds(25_000), 0.01)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("pasword=:'\"\n+- @tken,{}[]%/aB3\r\x00\udc80")), max_size=300))
def test_findings_are_ordered_apart_within_the_text_and_the_same_each_time(text: str) -> None:
    found = scan(text)
    assert found == scan(text)
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(f.line == text.count("\n", 0, f.start) + 1 for f in found)
