"""Calls that turn data into programs, or switch a check off. Only where they are new, and outside of tests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from smista_git.phases.review.builtin.lines import Added, Sheet, in_string
from smista_git.phases.review.finding import Finding, Severity


@dataclass(frozen=True, slots=True)
class Danger:
    """A call, what is wrong with it, and what follows."""

    rule: str
    pattern: re.Pattern[str]
    title: str
    why: str
    severity: Severity = "warning"
    in_strings: bool = False


_RUNS = "Whoever controls the text controls this process."
_SHELL = "A shell reads the text: a space, a quote or a semicolon in a value becomes a command."
_TLS = "Anybody on the way can read and change what is sent."
_LOADS = "Loading it runs code that the data names; data from elsewhere must not get here."
_HTML = "Text from users becomes markup, scripts included, unless it is escaped before."


def _danger(rule: str, pattern: str, title: str, why: str, *, in_strings: bool = False) -> Danger:
    return Danger(rule, re.compile(pattern), title, why, in_strings=in_strings)


_EVAL = _danger("eval", r"(?<![\w.$])eval\((?!\s*['\"][^'\"]*['\"]\s*\))", "eval runs text as code", _RUNS)
_TLS_ENV = _danger(
    "tls-off",
    r"NODE_TLS_REJECT_UNAUTHORIZED|rejectUnauthorized\s*:\s*false",
    "Certificates are not checked",
    _TLS,
)
_SCRIPTED = (
    _EVAL,
    _danger("eval", r"\bnew Function\(", "new Function runs text as code", _RUNS),
    _danger("inner-html", r"\.(?:inner|outer)HTML\s*\+?=(?!=)(?!\s*['\"`]\s*['\"`]\s*;?\s*$)", "HTML is put together from text", _HTML),
    _danger("inner-html", r"\bdangerouslySetInnerHTML\b|\bv-html=", "HTML is put together from text", _HTML),
    _danger("shell", r"(?:(?<![\w.])|\b(?:child_process|cp)\.)exec(?:Sync)?\(\s*`[^`]*\$\{", "A shell command is put together from values", _SHELL),
    _TLS_ENV,
)  # fmt: skip
_BY_LANGUAGE: Mapping[str, tuple[Danger, ...]] = {
    "python": (
        _EVAL,
        _danger("eval", r"(?<![\w.])exec\((?!\s*['\"])", "exec runs text as code", _RUNS),
        _danger("shell", r"\bshell\s*=\s*True\b", "A command goes through the shell", _SHELL),
        _danger("shell", r"\bos\.(?:system|popen)\(\s*(?:f['\"]|[^'\"\s)])", "A command goes through the shell", _SHELL),
        _danger("unsafe-load", r"\b(?:pickle|cPickle|dill|marshal|shelve)\.(?:loads?|Unpickler|open)\(", "Data is loaded by pickle", _LOADS),
        _danger("unsafe-load", r"\byaml\.(?:load|load_all)\((?!.*(?:Safe|safe|Base|Full)Loader)(?=.*\))", "YAML is loaded with every tag", _LOADS),
        _danger("tls-off", r"\bverify\s*=\s*False\b|_create_unverified_context", "Certificates are not checked", _TLS),
        _danger("sql", r"\.execute(?:many)?\(\s*(?:f['\"]|['\"][^'\"]*['\"]\s*(?:%|\+|\.format))", "SQL is put together from text", "A quote in a value ends the value and starts a statement; pass parameters."),
        _danger("race", r"\btempfile\.mktemp\(", "The temporary file's name can be taken by others", "Between the name and the file somebody else may put a link there; use mkstemp."),
    ),
    "go": (_danger("tls-off", r"InsecureSkipVerify\s*:\s*true", "Certificates are not checked", _TLS),),
    "rust": (_danger("tls-off", r"danger_accept_invalid_(?:certs|hostnames)\(true\)", "Certificates are not checked", _TLS),),
    "ruby": (
        _danger("eval", r"(?<![\w.])(?:eval|instance_eval|class_eval)[( ](?!\s*do\b|\s*\{)(?=['\"\w])", "eval runs text as code", _RUNS),
        _danger("unsafe-load", r"\b(?:Marshal|YAML)\.load\(", "Data is loaded with every type", _LOADS),
        _danger("tls-off", r"OpenSSL::SSL::VERIFY_NONE", "Certificates are not checked", _TLS),
    ),
    "php": (
        _EVAL,
        _danger("unsafe-load", r"(?<![\w>])unserialize\(", "Data is loaded with every type", _LOADS),
        _danger("shell", r"(?<![\w>])(?:shell_exec|system|passthru)\(\s*[^'\")]", "A command goes through the shell", _SHELL),
    ),
    "java": (_danger("unsafe-load", r"\bnew ObjectInputStream\(", "Objects are read from a stream", _LOADS),),
    "c": (_danger("overflow", r"(?<!\w)gets\(", "gets writes past its buffer", "No length can be given: every long line overwrites memory."),),
    "shell": (
        _danger("pipe-to-shell", r"\b(?:curl|wget)\b[^|;]*\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b", "What a server sends is run unseen", "Whoever controls that server, or the way to it, runs commands here.", in_strings=True),
        _danger("world-writable", r"\bchmod\s+(?:-R\s+)?0?777\b", "Everybody may write there", "Any user or process of the machine can change what is run or read later."),
        _danger("eval", r"^\s*eval\s+[^\s\"'$(]*\"?\$[^(]", "eval runs text as code", _RUNS),
    ),
    **dict.fromkeys(("javascript", "typescript", "vue", "svelte", "astro"), _SCRIPTED),
}  # fmt: skip
_BY_LANGUAGE = {**_BY_LANGUAGE, "c++": _BY_LANGUAGE["c"], "dockerfile": _BY_LANGUAGE["shell"][:2]}
QUIET_ROLES = frozenset({"test", "example", "docs", "changelog", "vendored", "generated", "lockfile"})


def dangers(sheet: Sheet) -> Iterator[Finding]:
    """Findings about dangerous calls that the change brings in; a line that already had one is no news."""
    known = _BY_LANGUAGE.get(sheet.language, ())
    if not known or sheet.role in QUIET_ROLES:
        return
    before = "\n".join(line.text for hunk in sheet.file.hunks for line in hunk.lines if line.kind == "-")
    for danger in known:
        had = len(danger.pattern.findall(before))
        hits = [added for added in sheet.added if _holds(danger, added)]
        for added in hits[had:] if len(hits) > had else ():
            yield added.finding(danger.rule, danger.severity, "security", danger.title, danger.why)


def _holds(danger: Danger, added: Added) -> bool:
    if added.moved or added.comment:
        return False
    found = danger.pattern.search(added.text)
    return found is not None and (danger.in_strings or not in_string(added.text, found.start()))
