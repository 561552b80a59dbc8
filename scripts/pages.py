"""The man page and the command reference, made from the click commands and the prose below."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from textwrap import wrap

import click

from smista_git import __version__
from smista_git.cli.main import cli

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 80  # of the help texts in the reference
DATED = "2026-11-22"  # when the prose of the page last changed

NAME = "git-smista - sort the work around a commit to the model that should do it"
DESCRIPTION = """
*git smista* reads a change, says what it is, and sends each piece of the work around a commit to the cheapest model that
can do it well: a message for a small change is written on this machine, a heavy job goes to the strongest model that
you allow, and what must never leave the machine never does.

With no policy nothing leaves the machine: a local model is used where one answers, and a deterministic writer,
*builtin/rules*, where none does. A remote model is used when a policy or an option names it, never because a key happens
to be in the environment.

*git-smista* and *smista* are the same program. Results go to standard output, talk goes to standard error.
"""
POLICY = """
Which model does what is written in *.smista.toml* at the top of the repository: tiers, rules, floors and budgets, in
rules that people can read and review. The policy of a cloned repository is not trusted: it can only tighten what the
user's own configuration allows. The order of a decision is: facts, floors, the command line, rules, the tier and
how sure it is, the budget, what is available, and the floors again.
"""
EXIT_STATUS = [
    ("0", "Done."),
    ("1", "A gate tripped: findings at or above the limit, a stale file, a regression."),
    ("2", "The words of the command, a policy or a configuration file are wrong."),
    (
        "3",
        "The job cannot be done: nothing is staged, a policy or a floor refuses, no model is available, git failed.",
    ),
    ("70", "A bug in smista. A report without file contents was written; its path is printed."),
    ("130", "Interrupted by the user."),
]
ENVIRONMENT = [
    ("SMISTA_CONFIG", "The user's configuration file, in place of the one under FILES."),
    ("SMISTA_STATE_DIR", "The folder for state and caches, in place of the one under FILES."),
    (
        "SMISTA_TRUST",
        "The sha256 of a repository's policy file to trust for this run, for machines on which nobody can be asked.",
    ),
    ("OLLAMA_HOST", "Where Ollama listens; read as Ollama reads it."),
    (
        "OPENAI_BASE_URL, OPENAI_API_KEY",
        "The address and the key for *openai/* models; read as the OpenAI SDK reads them.",
    ),
    (
        "ANTHROPIC_BASE_URL, ANTHROPIC_API_KEY",
        "The address and the key for *anthropic/* models; read as the Anthropic SDK reads them.",
    ),
]
FILES = [
    (".smista.toml", "The policy of the repository."),
    (
        "SMISTA.md, AGENTS.md",
        "Guidance for whoever writes about this repository; it travels with a request as data.",
    ),
    (
        "$XDG_CONFIG_HOME/smista/config.toml",
        "The user's configuration: policy, [providers.NAME] and aliases.",
    ),
    ("/etc/xdg/smista/config.toml", "The configuration of the whole machine."),
    ("$XDG_STATE_HOME/smista/", "State of this machine: the ledger, which policies are trusted, caches."),
]
NOTES = """
The record of each dispatch that reached a commit is kept in *refs/notes/smista*, one JSON object a line. It holds no line
of the diff and no key. *git smista why* shows it. Git neither pushes nor fetches notes by itself; to share them:

    git push origin refs/notes/smista
    git fetch origin refs/notes/smista:refs/notes/smista

To carry them over amend and rebase, set *notes.rewriteRef* to *refs/notes/smista*.
"""
EXAMPLES = [
    ("git smista commit", "Write a message for what is staged, show it, and commit after a yes."),
    ("git smista commit --dry-run", "Show what would be sent where, at what price, and send nothing."),
    ("git smista commit -y -- --signoff", "Commit without a question, and hand *--signoff* to *git commit*."),
    ("git smista classify --staged --json", "Say what the staged change is, as one JSON object."),
    ("git smista why HEAD", "Tell which model wrote the last message, by which rule, at what price."),
]
SEE_ALSO = ["git(1)", "git-commit(1)", "git-notes(1)", "githooks(5)", "gitrevisions(7)"]


def pages() -> dict[Path, str]:
    """The content of every generated file, by its path."""
    return {ROOT / "man/git-smista.1": man_page(), ROOT / "docs/commands.md": reference()}


def stale() -> list[str]:
    """The generated files whose content on disk is not what the code gives, relative to the repository."""
    return [
        path.relative_to(ROOT).as_posix()
        for path, text in pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def commands() -> Iterator[tuple[click.Command, click.Context]]:
    """Every command with its context: the program itself, then its commands in order, groups before their own."""
    yield from _walk(cli, _context(cli, "git smista", None))


def man_page() -> str:
    """The whole of git-smista.1."""
    name, _, purpose = NAME.partition(" - ")
    lines = [
        '.\\" Written by scripts/generate; change the commands or scripts/pages.py instead.',
        f'.TH GIT\\-SMISTA 1 {DATED} "smista {__version__}" "Git Manual"',
        ".SH NAME",
        f"{_roff(name)} \\- {_roff(purpose)}",
        ".SH SYNOPSIS",
        *_synopsis(),
        ".SH DESCRIPTION",
        *_prose(DESCRIPTION)[1:],
        ".SH OPTIONS",
        *_options(cli, _context(cli, "git smista", None)),
        ".SH COMMANDS",
    ]
    for command, context in commands():
        if command is not cli:
            lines += _section(command, context)
    lines += [".SH POLICY", *_prose(POLICY)[1:], ".SH EXIT STATUS", *_list(EXIT_STATUS)]
    lines += [".SH ENVIRONMENT", *_list(ENVIRONMENT), ".SH FILES", *_list(FILES)]
    lines += [".SH NOTES", *_prose(NOTES)[1:], ".SH EXAMPLES", *_list(EXAMPLES)]
    return "\n".join([*lines, ".SH SEE ALSO", *_references()]) + "\n"


def reference() -> str:
    """docs/commands.md: every help text, as the program prints it."""
    parts = ["# Commands", "Written by `scripts/generate` from the program's own help."]
    for command, context in commands():
        parts.append(f"## {context.command_path}\n\n```text\n{command.get_help(context).rstrip()}\n```")
    return "\n\n".join(parts) + "\n"


def _walk(command: click.Command, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    yield command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from _walk(child, _context(child, name, context))


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    settings = {**command.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    return click.Context(command, info_name=name, parent=parent, **settings)


def _synopsis() -> list[str]:
    lines: list[str] = []
    for command, context in commands():
        if not isinstance(command, click.Group):
            lines += [_usage(command, context), ".br"]
    return lines[:-1]


def _usage(command: click.Command, context: click.Context) -> str:
    pieces = " ".join(command.collect_usage_pieces(context))
    return f"\\fB{_roff(context.command_path)}\\fR {_roff(pieces)}"


def _section(command: click.Command, context: click.Context) -> list[str]:
    lines = [f".SS {_roff(context.command_path)}", _usage(command, context)]
    help_text = cleandoc(command.help or "").partition("\f")[0]
    return [*lines, *_prose(help_text), *_options(command, context), *_prose(command.epilog or "")]


def _options(command: click.Command, context: click.Context) -> list[str]:
    records = [param.get_help_record(context) for param in command.get_params(context)]
    return _list([record for record in records if record is not None and record[1]])


def _list(entries: list[tuple[str, str]]) -> list[str]:
    lines: list[str] = []
    for term, text in entries:
        lines += [".TP", f".B {_roff(term)}", *_inline(text)]
    return lines


def _prose(text: str) -> list[str]:
    """Paragraphs; those after click's ``\\b`` or indented by four are set as they stand."""
    lines: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        if paragraph.startswith(("\b", "    ")):
            shown = [_roff(line.removeprefix("    ")) for line in paragraph.removeprefix("\b\n").splitlines()]
            lines += [".PP", ".nf", ".RS 4", *shown, ".RE", ".fi"]
        elif paragraph.strip():
            lines += [".PP", *_inline(paragraph)]
    return lines


def _references() -> list[str]:
    pairs = [name.rstrip(")").split("(") for name in SEE_ALSO]
    ends = [" ," for _ in pairs[:-1]] + [""]
    return [
        f".BR {_roff(name)} ({section}){end.strip()}"
        for (name, section), end in zip(pairs, ends, strict=True)
    ]


def _inline(text: str) -> list[str]:
    """Prose as lines of roff: ``*word*`` in italics, what stands in back quotes in bold."""
    marked = re.sub(r"(?<![\w*])\*([^*\s][^*]*)\*", "\x01\\1\x02", " ".join(text.split()))
    marked = re.sub(r"`([^`]+)`", "\x03\\1\x02", marked)
    lines = wrap(marked, 72, break_on_hyphens=False, break_long_words=False)
    return [_roff(x).replace("\x01", "\\fI").replace("\x02", "\\fR").replace("\x03", "\\fB") for x in lines]


def _roff(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return f"\\&{escaped}" if escaped.startswith(".") else escaped


def main(argv: list[str]) -> int:
    """Write the stale pages, or with ``--check`` only name them; 1 when a check found one."""
    if argv not in ([], ["--check"]):
        print("usage: scripts/generate [--check]", file=sys.stderr)
        return 2
    names = stale()
    if argv:
        for name in names:
            print(f"{name} is stale: run scripts/generate", file=sys.stderr)
        return 1 if names else 0
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print("\n".join(f"wrote {name}" for name in names) or "nothing was stale")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
