"""The message file as git leaves it: what is a message already, and where ours goes."""

from __future__ import annotations

import pytest

from smista_git.workflow.hook.draft import SCISSORS, read_draft

HELP = "# Please enter the commit message for your changes.\n#\n# On branch main\n"
CUT = f"#{SCISSORS.decode()}\n# Do not modify or remove the line above.\ndiff --git a/x b/x\n+not a message\n"
SIGNED = "Signed-off-by: Ada <ada@example.org>\n"
MESSAGE = b"feat: add parse\n\nIt splits at blanks."

WRITTEN = {
    "empty": ("", ("#",), False),
    "git's help": ("\n" + HELP, ("#",), False),
    "help and diff": ("\n" + HELP + CUT, ("#",), False),
    "diff alone": (CUT, ("#",), False),
    "a person's text": ("wip\n" + HELP, ("#",), True),
    "a person's text above the diff": ("wip\n" + CUT, ("#",), True),
    "trailers only": ("\n\n" + SIGNED + HELP, ("#",), False),
    "a text that starts with # under another character": ("#12 is fixed\n; help\n", (";", "#"), True),
    "commentString": ("\n// Please enter\n// On branch main\n", ("//", "#"), False),
    "commentString that git does not know yet": ("\n" + HELP, ("//", "#"), False),
    "auto has chosen ;": ("\n; Please enter the commit message\n;\n", ("#",), False),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_what_counts_as_a_message(case: str) -> None:
    content, comments, written = WRITTEN[case]
    assert read_draft(content.encode(), comments).has_message is written


def test_the_message_stands_above_all_that_git_wrote() -> None:
    for content in ("", "\n" + HELP, "\n" + HELP + CUT, CUT):
        made = read_draft(content.encode(), ("#",)).with_message(MESSAGE + b"\n\n")
        assert made == MESSAGE + b"\n" + content.encode()


def test_a_template_stays_below_a_blank_line() -> None:
    made = read_draft(b"Why:\n\nHow tested:\n" + HELP.encode(), ("#",)).with_message(MESSAGE)
    assert made == MESSAGE + b"\n\nWhy:\n\nHow tested:\n" + HELP.encode()


def test_trailers_make_a_paragraph_of_their_own_or_join_ours() -> None:
    draft = read_draft(f"\n\n{SIGNED}{HELP}".encode(), ("#",))
    assert draft.with_message(MESSAGE) == MESSAGE + f"\n\n{SIGNED}{HELP}".encode()
    with_footer = MESSAGE + b"\n\nRefs: #12"
    assert draft.with_message(with_footer) == with_footer + f"\n{SIGNED}{HELP}".encode()


def test_a_line_that_would_be_taken_for_a_comment_is_indented() -> None:
    message = b"fix: split at tabs\n\n#12 told so; // no comment"
    assert b"\n #12 told so" in read_draft(HELP.encode(), ("#",)).with_message(message)
    assert b"\n#12 told so" in read_draft(b"\n; help\n", (";", "#")).with_message(message)


def test_bytes_that_are_no_utf8_survive() -> None:
    content = "\n# Auf Zweig größer\n".encode("latin-1")
    assert read_draft(content, ("#",)).with_message(MESSAGE).endswith(content)
