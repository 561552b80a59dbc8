"""What other parsers of commit messages publish as their cases, told in our own words, and where we read otherwise.

The facts are those that the tests of conventional-commits-parser and @commitlint/parse (npm), git-conventional (Rust),
go-conventionalcommits (Go), @conventional-commits/parser (npm) and the examples of the specification hold.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from smista_git.phases.conventional import parse_message


@dataclass(frozen=True)
class Case:
    """A message and what it says; ``apart`` tells who reads it otherwise, and why we do not."""

    message: str
    type: str | None
    scope: str | None = None
    text: str = ""
    breaking: bool = False
    notes: tuple[str, ...] = ()
    body: str = ""
    footers: tuple[tuple[str, str], ...] = ()
    numbers: tuple[int, ...] = ()
    apart: str = ""


NO_HEADERS = """
fix greet them
fix
fix>
fix?
fix(a)
fix(a
fix(a: greet
fix((a): greet
fix(a)): greet
fix(a) greet
fix(a)! greet
(fix: greet
fix(a)(b): greet
fix!!: greet
fix!(a): greet
fix(a) :greet
fix(a) : greet
two words: greet
two words(a): greet
fix(a)!:greet
""".strip().split("\n")

HEADERS = [
    Case("kind(some place): greet them", "kind", "some place", "greet them"),
    Case("kind: greet them\n", "kind", None, "greet them"),
    Case("kind: greet them\n\n\n", "kind", None, "greet them"),
    Case("FIX: greet them", "fix", None, "greet them"),
    Case("fix2go: greet them", "fix2go", None, "greet them"),
    Case("fix(x86): greet them", "fix", "x86", "greet them"),
    Case("fix(a-b): greet them", "fix", "a-b", "greet them"),
    Case("fix(a/b): greet them", "fix", "a/b", "greet them"),
    Case("fix(@a/b): greet them", "fix", "@a/b", "greet them"),
    Case("fix(a:b): greet them", "fix", "a:b", "greet them"),
    Case("fix(a,b): greet them", "fix", "a,b", "greet them"),
    Case("fix(挨拶): 直す", "fix", "挨拶", "直す"),
    Case("fix(a)!: greet them", "fix", "a", "greet them", breaking=True),
    Case("fix: a: b: c", "fix", None, "a: b: c"),
    Case("fix(a):    greet them", "fix", "a", "greet them"),
    Case("#1 greet them", None, None, "#1 greet them", numbers=(1,)),
    Case("greet them #1", None, None, "greet them #1", numbers=(1,)),
    Case("greet them", None, None, "greet them"),
    Case("", None),
    *(Case(text, None, None, text) for text in NO_HEADERS),
    Case("fix(a):", None, None, "fix(a):"),
    Case("fix(a):  ", None, None, "fix(a):", apart="npm: a type with a blank subject; nothing is said"),
    Case("fix(a): \nnext", None, None, "fix(a):", body="next", apart="npm: a type without a subject"),
    Case("fix(a(b)): greet", None, None, "fix(a(b)): greet", apart="npm: scope `a(b)`; Rust, Go: an error"),
    Case(
        "fix(a):greet",
        None,
        None,
        "fix(a):greet",
        apart="@conventional-commits: a header; the blank is required",
    ),
    Case("fix(): greet", "fix", None, "greet", apart="Rust: an error; Go, npm: no scope"),
    Case("fix : greet", "fix", None, "greet", apart="npm, Rust: no header; it cannot be misread"),
    Case("fix (a): greet", "fix", "a", "greet", apart="npm, Rust: no header; it cannot be misread"),
    Case(" fix(a): greet", "fix", "a", "greet", apart="npm, Rust: no header; it cannot be misread"),
    Case(
        "a-b: greet",
        "a-b",
        None,
        "greet",
        apart="npm: no header; Rust: a type. In the changelog it is an area",
    ),
    Case(
        "🐛 fix: greet",
        "fix",
        None,
        "greet",
        apart="npm: no header; the emoji says nothing that the type does not",
    ),
    Case(
        "fix: greet (#1)",
        "fix",
        None,
        "greet",
        numbers=(1,),
        apart="npm, Rust: the number stays in the text; it is the pull request",
    ),
]

WHOLE = [
    Case(
        "feat!: it breaks",
        "feat",
        None,
        "it breaks",
        breaking=True,
        apart="npm: the subject is a note as well",
    ),
    Case(
        "feat: x\n\nBREAKING CHANGE: gone",
        "feat",
        None,
        "x",
        True,
        ("gone",),
        footers=(("BREAKING CHANGE", "gone"),),
    ),
    Case(
        "feat: x\n\nBREAKING-CHANGE: gone",
        "feat",
        None,
        "x",
        True,
        ("gone",),
        footers=(("BREAKING-CHANGE", "gone"),),
    ),
    Case(
        "feat: x\nBREAKING CHANGE: gone\n for good",
        "feat",
        None,
        "x",
        True,
        ("gone\n for good",),
        footers=(("BREAKING CHANGE", "gone\n for good"),),
    ),
    Case(
        "feat!: x\n\nBREAKING CHANGE: one\n\nBREAKING CHANGE: two",
        "feat",
        None,
        "x",
        True,
        ("one", "two"),
        footers=(("BREAKING CHANGE", "one"), ("BREAKING CHANGE", "two")),
    ),
    Case(
        "feat!: x\n\nBREAKING CHANGE: a for b.\n\nFixes #14.",
        "feat",
        None,
        "x",
        True,
        ("a for b.",),
        footers=(("BREAKING CHANGE", "a for b."), ("Fixes", "#14.")),
        numbers=(14,),
        apart="npm with its preset: what follows is part of the note; the specification ends it at the next token",
    ),
    Case(
        "feat!: x\n\nBREAKING CHANGE: a for b.\nThis fixes #14.\nChange it.",
        "feat",
        None,
        "x",
        True,
        ("a for b.\nThis fixes #14.\nChange it.",),
        footers=(("BREAKING CHANGE", "a for b.\nThis fixes #14.\nChange it."),),
        numbers=(14,),
    ),
    Case(
        "feat: x\n\nBREAKING CHANGE: more room in\nit, as said in #4, if\nyou ask.",
        "feat",
        None,
        "x",
        True,
        ("more room in\nit, as said in #4, if\nyou ask.",),
        footers=(("BREAKING CHANGE", "more room in\nit, as said in #4, if\nyou ask."),),
        numbers=(4,),
    ),
    Case(
        "feat!: x\n\nBREAKING CHANGE: gone.\n\nCo-authored-by: S <s@e.c>",
        "feat",
        None,
        "x",
        True,
        ("gone.",),
        footers=(("BREAKING CHANGE", "gone."), ("Co-authored-by", "S <s@e.c>")),
        apart="npm with its preset: what follows is part of the note; the specification ends it at the next token",
    ),
    Case(
        "feat: x\n\nBREAKING CHANGE: gone.\nfree words\nAuthor: @a\nRefs #39",
        "feat",
        None,
        "x",
        True,
        ("gone.\nfree words",),
        footers=(("BREAKING CHANGE", "gone.\nfree words"), ("Author", "@a"), ("Refs", "#39")),
        numbers=(39,),
        apart="npm with its preset: what follows is part of the note; the specification ends it at the next token",
    ),
    Case(
        "feat: x\n\nBREAKING CHANGE was talked of.",
        "feat",
        None,
        "x",
        body="BREAKING CHANGE was talked of.",
        apart="npm with its preset: a note; the specification wants the colon",
    ),
    Case(
        "docs: list what\nbreaking changes #A-2 made",
        "docs",
        None,
        "list what",
        body="breaking changes #A-2 made",
    ),
    Case(
        "feat: x\n\nbreaking change: gone",
        "feat",
        None,
        "x",
        body="breaking change: gone",
        apart="npm: a note; the specification wants capitals",
    ),
    Case(
        "feat: x\n\nbreaking-change: gone",
        "feat",
        None,
        "x",
        True,
        ("gone",),
        footers=(("breaking-change", "gone"),),
        apart="the specification wants capitals; with its hyphen it is a token, and no prose",
    ),
    Case(
        "feat: x\n\nwords\n   BREAKING CHANGE: gone\n",
        "feat",
        None,
        "x",
        True,
        ("gone",),
        body="words\n   BREAKING CHANGE: gone",
        apart="npm by default: none where it is indented; with its preset, and here, a note",
    ),
    Case(
        "feat: x\n\nBREAKING CHANGES: gone",
        "feat",
        None,
        "x",
        True,
        ("gone",),
        footers=(("BREAKING CHANGES", "gone"),),
        apart="npm: none; it says so",
    ),
    Case(
        "fix(a): x\n\nFixes: #1, #2, #3",
        "fix",
        "a",
        "x",
        footers=(("Fixes", "#1, #2, #3"),),
        numbers=(1, 2, 3),
    ),
    Case(
        "fix: x\r\n\r\nwords\r\n\r\ncloses #12\r\n\r\n\r\nBREAKING CHANGE: gone\r\n\r\n",
        "fix",
        None,
        "x",
        True,
        ("gone",),
        "words",
        (("closes", "#12"), ("BREAKING CHANGE", "gone")),
        (12,),
    ),
    Case(
        "fix: x\n\n\n\nwords\n\n\n\ncloses #12\n\n\n\n",
        "fix",
        None,
        "x",
        body="words",
        footers=(("closes", "#12"),),
        numbers=(12,),
    ),
    Case(
        "fix: x\n\nWords first.\nNOTE: these are prose.\nThe end.",
        "fix",
        None,
        "x",
        body="Words first.\nNOTE: these are prose.\nThe end.",
    ),
    Case(
        "fix: x\n\nwords\n\nMy-Token #bar",
        "fix",
        None,
        "x",
        body="words",
        footers=(("My-Token", "#bar"),),
        apart="npm: `bar` is an issue; an issue has a number",
    ),
    Case(
        "fix: x\n\none\n\ntwo\n\nAuthor: @a\nRefs #39",
        "fix",
        None,
        "x",
        body="one\n\ntwo",
        footers=(("Author", "@a"), ("Refs", "#39")),
        numbers=(39,),
    ),
    Case(
        "fix: x\n\nfree words\nAuthor: @a\nRefs #39",
        "fix",
        None,
        "x",
        body="free words\nAuthor: @a\nRefs #39",
        numbers=(39,),
        apart="@conventional-commits: two footers; the specification wants a blank line before them",
    ),
    Case(
        "fix: x\n\nwords\n\nFoo: Foo: the tail\nBar: the end",
        "fix",
        None,
        "x",
        body="words",
        footers=(("Foo", "Foo: the tail"), ("Bar", "the end")),
    ),
    Case(
        "fix: x\n\nTested-by: A\nTested-by: B",
        "fix",
        None,
        "x",
        footers=(("Tested-by", "A"), ("Tested-by", "B")),
    ),
    Case(
        "fix: x\n\nToken: one\n  two\nRefs #3",
        "fix",
        None,
        "x",
        footers=(("Token", "one\n  two"), ("Refs", "#3")),
        numbers=(3,),
    ),
    Case("fix: x\n\nExternal-Id:    13", "fix", None, "x", footers=(("External-Id", "13"),)),
    Case(
        "fix: x\n\nExternal-Id:13",
        "fix",
        None,
        "x",
        body="External-Id:13",
        apart="@conventional-commits: a footer; the specification wants the blank",
    ),
    Case(
        "chore(deps): bump x\n\nBumps x.\n\n---\nupdated-dependencies:\n- name: x\n  type: dev\n...\n\nSigned-off-by: b",
        "chore",
        "deps",
        "bump x",
        body="Bumps x.\n\n---\nupdated-dependencies:\n- name: x\n  type: dev\n...",
        footers=(("Signed-off-by", "b"),),
    ),
    Case(
        "chore: a subject that\ngoes on",
        "chore",
        None,
        "a subject that",
        body="goes on",
        apart="Rust, Go: an error, as the specification wants a blank line; npm reads it so too",
    ),
    Case(
        "fix: x\n\nKills #1, #2\nkilled #3",
        "fix",
        None,
        "x",
        footers=(("Kills", "#1, #2"), ("killed", "#3")),
        numbers=(1, 2, 3),
    ),
    Case(
        "fix: x\n\nFixes o/r#3, #4 and gh-5",
        "fix",
        None,
        "x",
        body="Fixes o/r#3, #4 and gh-5",
        numbers=(3, 4, 5),
        apart="npm: `gh-` only where it is set up",
    ),
    Case(
        "fix: x\n\n# no comment\nwords",
        "fix",
        None,
        "x",
        body="# no comment\nwords",
        apart="npm with `commentChar`: left out; git has taken comments out of what is committed",
    ),
    Case("Merge pull request #1 from u/f\n\nfeat(a): x\n\nwords", "feat", "a", "x", body="words"),
    Case(
        "Merge branch 'f' into 'm'\r\n\r\nfeat(a): x\r\n\r\nwords\r\n\r\nSee merge request !1",
        "feat",
        "a",
        "x",
        body="words\n\nSee merge request !1",
    ),
    Case("Merged PR 1: feat(a): x\n\nwords", "feat", "a", "x", body="words"),
    Case(
        "chore: several\nfix(a): one of them",
        "chore",
        None,
        "several",
        body="fix(a): one of them",
        apart="@conventional-commits: a footer; here an entry of its own wants a blank line before it",
    ),
]


@pytest.mark.parametrize("case", [*HEADERS, *WHOLE], ids=lambda case: repr(case.message)[:60])
def test_a_message_says(case: Case) -> None:
    said = parse_message(case.message).said
    assert (said.type, said.scope, said.text) == (case.type, case.scope, case.text)
    assert (said.breaking, said.notes, said.body.rstrip()) == (case.breaking, case.notes, case.body)
    assert tuple((footer.token, footer.value) for footer in said.footers) == case.footers
    assert tuple(reference.number for reference in said.references) == case.numbers
