from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smista_git.classify.habits import Habits, Style
from smista_git.classify.labels import Labels
from smista_git.phases.commit_message import INSTRUCTIONS, Said
from smista_git.phases.message_check import check_message
from smista_git.plan.verdict import Verdict
from tests.plan.changes import change, hunk, modified

LABELS = Labels("fix", "fix", "parser", "small", (), "light", 0.9, ())
DOCS = Labels("docs", "docs", None, "small", (), "light", 0.95, ())
CHANGE = change(
    modified(
        "src/parser/reader.py",
        hunk(
            "-    limit = 10",
            "+    max_line_size = 4096",
            "+    retry_later(self.timeout_s)  # see #42",
            "+    url = 'https://example.org/spec'",
            section="class LineReader:",
        ),
    ),
    modified("pyproject.toml", hunk('-version = "1.2.3"', '+version = "1.3.0"')),
)
TRUE = "fix(parser): raise max_line_size to 4096"


def check(text: str, *, style: Style = "conventional", labels: Labels = LABELS, **said: str) -> Verdict:
    return check_message(
        text,
        change=CHANGE,
        labels=labels,
        habits=Habits(examples=("feat(api): add paging to search", "fix(parser): handle empty lines")),
        said=Said(**said),
        style=style,
    )


def rules(verdict: Verdict) -> list[str]:
    return [problem.rule for problem in verdict.problems]


@pytest.mark.parametrize(
    "message",
    [
        TRUE,
        "fix: keep `LineReader` from stopping at long lines",
        "fix: call retry_later after timeout_s (#42)",
        "build: release v1.3.0",
        "build: go from 1.2.3 to 1.3.0",
        "fix(reader): read src/parser/reader.py in 2 files",
        "feat!: link https://example.org/spec",
        "fix: handle read/write errors in the reader",
        "fix: raise the maxLineSize of the reader",
        "fix: read longer lines\n\nLines of more than 10 bytes were cut, e.g. in UTF-8 text.\n\nRefs: #42",
    ],
)
def test_a_true_message_passes_unchanged(message: str) -> None:
    verdict = check(message)
    assert verdict.problems == ()
    assert verdict.answer == message


@pytest.mark.parametrize(
    "wrapped",
    [
        f"```\n{TRUE}\n```",
        f"```text\n{TRUE}\n```\n\nThis commit message follows the convention.",
        f"Here is the commit message:\n\n{TRUE}",
        f"Sure! Here's a commit message for your change:\n\n```\n{TRUE}\n```\nLet me know if you want another.",
        f"Commit message: {TRUE}",
        f"**Commit message:**\n{TRUE}",
        f'"{TRUE}"',
        f"`{TRUE}`",
        f"**{TRUE}**",
        f"# {TRUE}",
        f"- {TRUE}",
        f"{TRUE}.",
        f"<think>\nThe diff changes a limit.\n</think>\n\n{TRUE}",
        f"The diff changes a limit.\n</think>\n{TRUE}",
        f"<commit_message>{TRUE}</commit_message>",
        f"{TRUE}\n\nExplanation: the limit was too small.",
        f"{TRUE}\n\n---\nThis message describes the change.",
        f"{TRUE}\n\nCo-authored-by: Claude <noreply@anthropic.com>",
        f"{TRUE}\n\n🤖 Generated with some tool",
        f"{TRUE}\n\nSigned-off-by: Somebody <a@b.c>",
        f"{TRUE}\n{TRUE}\n{TRUE}",
        f"{TRUE}\nfix: read longer lines\nfix(reader): raise the limit",
        TRUE.replace("fix(parser): ", "Fix( parser ) :"),
        TRUE + "\r\n",
        json.dumps({"message": TRUE}),
        json.dumps({"commit_message": TRUE}),
        "```json\n" + json.dumps({"subject": TRUE, "body": ""}) + "\n```",
        json.dumps(
            {"type": "fix", "scope": "parser", "subject": "raise max_line_size to 4096", "body": None}
        ),
        json.dumps(
            {"commit": {"type": "fix", "scope": "parser", "description": "raise max_line_size to 4096"}}
        ),
        json.dumps([{"title": TRUE}]),
    ],
)
def test_what_models_put_around_it_comes_off(wrapped: str) -> None:
    verdict = check(wrapped)
    assert verdict.answer == TRUE
    assert verdict.ok


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        ("", "empty"),
        ("```\n```", "empty"),
        ("<think>never ends", "empty"),
        ("raise the limit of the reader", "format"),
        ("fixed: raise the limit", "format"),
        (
            "fix(parser): raise the limit of the reader because long lines were cut before they ended",
            "length",
        ),
        ("docs: explain the reader", "type"),
        ("fix(billing): raise max_line_size", "scope"),
        ("fix: call parse_header in the reader", "unsupported-identifier"),
        ("fix: make FooReader faster", "unsupported-identifier"),
        ("fix: raise the limit to 8192", "unsupported-number"),
        ("build: release v2.0.1", "unsupported-version"),
        ("fix: read src/billing/invoice.py", "unsupported-path"),
        ("fix: read lib/invoice", "unsupported-path"),
        ("fix: change config.yaml", "unsupported-dotted"),
        ("fix: add the `verbose` switch", "unsupported-name"),
        ("fix: add --dry-run to the reader", "unsupported-option"),
        ("fix: read longer lines (#99)", "unsupported-reference"),
        ("fix: read longer lines, closes PROJ-123", "unsupported-reference"),
        ("fix: read longer lines\n\nThanks to @someone.", "unsupported-reference"),
        ("fix: link https://example.com/other", "unsupported-url"),
        ("feat(api): add paging to search", "echo"),
        ("fix: update files", "generic"),
        ("chore: misc changes", "generic"),
        ("refactor: subject", "generic"),
        ("feat: feature-description", "generic"),
        ("feat: polish checkout animations", "unrelated"),
        ("fix: <description>", "placeholder"),
        ("fix(parser): raise [redacted:aws-key:1]", "placeholder"),
        ("fix: I have raised the limit", "chat"),
        ("As an AI I cannot see the diff", "chat"),
        ("fix: raise the limit\n\n## Changes\n\n- the reader", "markdown"),
        ("fix: raise the limit\n\nReported-on: monday", "trailer"),
        ("fix: raise the \x1b[31mlimit", "control"),
    ],
)
def test_what_is_wrong_is_named(message: str, rule: str) -> None:
    verdict = check(message)
    assert rule in rules(verdict)
    assert all(problem.detail.endswith(".") for problem in verdict.problems)


@pytest.mark.parametrize("line", INSTRUCTIONS)
def test_the_prompt_itself_is_no_message(line: str) -> None:
    sentence = line.format(width=72).rstrip(".")
    assert "echo" in rules(check(sentence, style="plain"))


def test_what_the_person_said_may_be_said_again() -> None:
    message = "fix: call parse_header, see PROJ-123"
    assert rules(check(message)) == ["unsupported-reference", "unsupported-identifier"]
    assert check(message, hint="calls parse_header now", branch="proj-123-headers").ok
    assert check(message, remark="mention parse_header and PROJ-123").ok


def test_a_signature_stays_where_the_person_asked_for_it() -> None:
    trailer = "Co-authored-by: Grace <grace@example.org>"
    assert check(f"{TRUE}\n\n{trailer}", hint=f"add {trailer}").answer.endswith(trailer)


def test_labels_contradict_only_when_they_are_sure() -> None:
    unsure = Labels("docs", "docs", None, "small", (), "light", 0.5, ())
    assert rules(check(TRUE, labels=DOCS)) == ["type"]
    assert check(TRUE, labels=unsure).ok


@pytest.mark.parametrize(
    ("style", "good", "bad"),
    [
        ("plain", "Raise max_line_size to 4096", TRUE),
        ("gitmoji", ":bug: raise max_line_size to 4096", TRUE),
        ("gitmoji", "🐛 raise max_line_size to 4096", "raise max_line_size"),
    ],
)
def test_each_style_has_its_form(style: Style, good: str, bad: str) -> None:
    assert check(good, style=style).ok
    assert rules(check(bad, style=style)) == ["format"]


def test_a_subject_of_the_history_may_come_again_where_it_fits() -> None:
    again = check_message(
        "fix(parser): raise max_line_size",
        change=CHANGE,
        labels=LABELS,
        habits=Habits(examples=("fix(parser): raise max_line_size",)),
        said=Said(),
        style="conventional",
    )
    assert again.problems == ()


def test_a_long_body_is_wrapped_and_not_refused() -> None:
    body = "Lines were cut at the old limit, which the reader took for their end and went on in the middle of a value."
    verdict = check(f"{TRUE}\n{body}\n- {body}")
    subject, blank, *lines = verdict.answer.split("\n")
    assert (subject, blank) == (TRUE, "")
    assert max(map(len, lines)) <= 72
    assert " ".join(line.strip() for line in lines) == f"{body} - {body}"
    assert verdict.ok


INVENTED = st.one_of(
    st.from_regex(r"zq[a-z]{3,8}_[a-z]{3,8}", fullmatch=True),
    st.from_regex(r"zq[a-z]{3,8}[A-Z][a-z]{3,8}", fullmatch=True),
    st.from_regex(r"`zq[a-z]{3,8}`", fullmatch=True),
    st.from_regex(r"src/zq[a-z]{3,8}\.py", fullmatch=True),
    st.from_regex(r"zq[a-z]{3,8}\.(toml|json|rs)", fullmatch=True),
    st.from_regex(r"#[5-9][0-9]{2,3}", fullmatch=True),
    st.from_regex(r"ZQ[A-Z]{1,4}-[1-9][0-9]{1,3}", fullmatch=True),
    st.from_regex(r"v?7\.[0-9]{1,2}\.[0-9]{1,2}", fullmatch=True),
    st.from_regex(r"https://zq[a-z]{3,8}\.io/[a-z]{3}", fullmatch=True),
    st.from_regex(r"--zq[a-z]{3,8}", fullmatch=True),
    st.integers(5000, 99_999).map(str),
)
TRUE_MESSAGES = st.sampled_from([TRUE, "fix: read longer lines", "build: go from 1.2.3 to 1.3.0"])


@given(
    TRUE_MESSAGES,
    INVENTED,
    st.sampled_from(["{} with {}", "{} ({})", "{}\n\nThis concerns {} too.", "{}: {}"]),
)
def test_one_invented_name_in_a_true_message_is_caught(message: str, invented: str, form: str) -> None:
    verdict = check(form.format(message, invented))
    assert any(rule.startswith("unsupported-") for rule in rules(verdict))
    assert any(invented.strip("`") in problem.detail for problem in verdict.problems)


@given(st.text(max_size=400))
def test_no_answer_at_all_breaks_the_check(text: str) -> None:
    verdict = check(text)
    assert verdict.answer == "" or verdict.answer.split("\n")[0].strip()
    again = check(verdict.answer)
    assert again.ok or not verdict.ok


@given(TRUE_MESSAGES)
def test_cleaning_a_clean_message_changes_nothing(message: str) -> None:
    assert check(message).answer == message
