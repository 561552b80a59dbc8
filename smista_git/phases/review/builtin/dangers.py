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
_SQL_WHY = "A quote in a value ends the value and starts a statement; pass parameters."
# A literal that begins as a statement and has come to the place of a value.
_STATEMENT = r"(?:SELECT\b[^\"'`]*\bFROM|INSERT\s+INTO|UPDATE\b[^\"'`]*\bSET|DELETE\s+FROM)\b"
_AT_VALUE = r"[^\"`]*(?:\bWHERE\b|\bVALUES\b|\bSET\b|\bHAVING\b|\bLIKE\b)[^\"`]*"
_MD5_WHY = "Such a hash is tried a billion times a second; use bcrypt, scrypt or argon2."
_PASSWORD = r"(?i:passw(?:or)?d|passwd|pwd)"


def _sql(pattern: str) -> Danger:
    return Danger(
        "sql", re.compile(pattern, re.IGNORECASE), "SQL is put together from text", _SQL_WHY, in_strings=True
    )


_SQL_PLUS = _sql(rf"[\"']{_STATEMENT}{_AT_VALUE}[\"']\s*\+\s*[a-z_$]")
_SQL_TEMPLATE = _sql(rf"(?<!\w)`{_STATEMENT}{_AT_VALUE}\$\{{[a-z_]")
_CHMOD = _danger(
    "world-writable", r"\b(?:chmod|Chmod|chmodSync|fchmod)\([^)]*\b0?o?777\b", "Everybody may write there",
    "Any user or process of the machine can change what is run or read later.",
)  # fmt: skip
_MD5_JS = _danger(
    "weak-hash", rf"createHash\(\s*['\"](?:md5|sha1)['\"]\s*\).*{_PASSWORD}", "A password is hashed with MD5 or SHA-1", _MD5_WHY
)  # fmt: skip
_SCRIPTED = (
    _EVAL,
    _SQL_PLUS,
    _SQL_TEMPLATE,
    _CHMOD,
    _MD5_JS,
    _danger("inner-html", r"\bdocument\.write(?:ln)?\((?!\s*['\"`][^'\"`$]*['\"`]\s*\))", "HTML is put together from text", _HTML),
    _danger("shell", r"(?:(?<![\w.])|\b(?:child_process|cp)\.)exec(?:Sync)?\(\s*['\"][^'\"]*['\"]\s*\+", "A shell command is put together from values", _SHELL),
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
        _sql(rf"\bf\"{_STATEMENT}{_AT_VALUE}\{{[a-z_]"),
        _sql(rf"\bf'{_STATEMENT}{_AT_VALUE}\{{[a-z_]"),
        _sql(rf"\"{_STATEMENT}{_AT_VALUE}\"\s*(?:%\s*[\w(]|\.format\()"),
        _SQL_PLUS,
        _CHMOD,
        _danger("weak-hash", rf"\bhashlib\.(?:md5|sha1)\(.*{_PASSWORD}", "A password is hashed with MD5 or SHA-1", _MD5_WHY),
        _danger("jwt-unverified", r"\bjwt\.decode\(.*(?:verify\s*=\s*False|['\"]verify_signature['\"]\s*:\s*False)", "A token's signature is not checked", "Anybody can write a token that says who they are."),
        _danger("debug-server", r"\bapp\.run\(.*\bdebug\s*=\s*True\b", "A server starts in debug mode", "Its error page runs code for whoever reaches it."),
        _danger("race", r"\btempfile\.mktemp\(", "The temporary file's name can be taken by others", "Between the name and the file somebody else may put a link there; use mkstemp."),
    ),
    "go": (
        _danger("tls-off", r"InsecureSkipVerify\s*:\s*true", "Certificates are not checked", _TLS),
        _danger("shell", r"\bexec\.Command(?:Context)?\(.*\"(?:ba|z)?sh\",\s*\"-c\",\s*(?:fmt\.Sprintf|\"[^\"]*\"\s*\+|[a-z]\w*\s*\+)", "A shell command is put together from values", _SHELL),
        _sql(rf"fmt\.Sprintf\(\s*[\"`]{_STATEMENT}{_AT_VALUE}%[svqd]"),
        _SQL_PLUS,
        _CHMOD,
    ),
    "rust": (
        _danger("tls-off", r"danger_accept_invalid_(?:certs|hostnames)\(true\)", "Certificates are not checked", _TLS),
        _sql(rf"\bformat!\(\s*r?#?\"{_STATEMENT}{_AT_VALUE}\{{[a-z_]*\}}"),
    ),
    "ruby": (
        _danger("eval", r"(?<![\w.])(?:eval|instance_eval|class_eval)(?:\((?=['\"\w])| (?=['\"]))|^\s*eval (?!do\b)(?=\w)", "eval runs text as code", _RUNS),
        _danger("unsafe-load", r"\b(?:Marshal|YAML)\.load\(", "Data is loaded with every type", _LOADS),
        _danger("tls-off", r"OpenSSL::SSL::VERIFY_NONE", "Certificates are not checked", _TLS),
        _danger("shell", r"(?<![\w.])(?:system|exec|spawn)[( ]\s*\"[^\"]*#\{", "A shell command is put together from values", _SHELL),
        _sql(rf"\"{_STATEMENT}{_AT_VALUE}#\{{[a-z_@]"),
        _sql(r"\.(?:where|find_by_sql|having|order)\(?\s*\"[^\"]*#\{"),
    ),
    "php": (
        _EVAL,
        _danger("unsafe-load", r"(?<![\w>])unserialize\(", "Data is loaded with every type", _LOADS),
        _sql(rf"\"{_STATEMENT}{_AT_VALUE}(?:\{{?\$|\"\s*\.\s*\$)"),
        _danger("weak-hash", rf"\b(?:md5|sha1)\(\s*\$\w*{_PASSWORD}", "A password is hashed with MD5 or SHA-1", _MD5_WHY),
        _danger("shell", r"(?<![\w>])(?:shell_exec|system|passthru)\(\s*[^'\")]", "A command goes through the shell", _SHELL),
    ),
    "java": (
        _danger("unsafe-load", r"\bnew ObjectInputStream\(", "Objects are read from a stream", _LOADS),
        _danger("tls-off", r"\b(?:ALLOW_ALL_HOSTNAME_VERIFIER|NoopHostnameVerifier|TrustAllStrategy)\b|checkServerTrusted\([^)]*\)[^{;]*\{\s*\}", "Certificates are not checked", _TLS),
        _danger("shell", r"\.exec\(\s*\"(?:/bin/)?(?:ba)?sh -c[^\"]*\"\s*\+", "A shell command is put together from values", _SHELL),
        _SQL_PLUS,
    ),
    "c": (_danger("overflow", r"(?<!\w)gets\(", "gets writes past its buffer", "No length can be given: every long line overwrites memory."),),
    "shell": (
        _danger("pipe-to-shell", r"\b(?:curl|wget)\b[^|;]*\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b", "What a server sends is run unseen", "Whoever controls that server, or the way to it, runs commands here.", in_strings=True),
        _danger("world-writable", r"\bchmod\s+(?:-R\s+)?0?777\b", "Everybody may write there", "Any user or process of the machine can change what is run or read later."),
        _danger("tls-off", r"\bcurl\b.*\s(?:-k|--insecure)(?![\w-])|\bwget\b.*--no-check-certificate|\bStrictHostKeyChecking[= ]no\b|\bGIT_SSL_NO_VERIFY=(?:1|true)\b|\bhttp\.sslVerify[= ]false\b", "Certificates or host keys are not checked", _TLS, in_strings=True),
        _danger("eval", r"^\s*eval\s+[^\s\"'$(]*\"?\$[^(]", "eval runs text as code", _RUNS),
    ),
    **dict.fromkeys(("javascript", "typescript", "vue", "svelte", "astro"), _SCRIPTED),
}  # fmt: skip
_BY_LANGUAGE = {
    **_BY_LANGUAGE,
    "c++": _BY_LANGUAGE["c"],
    "kotlin": _BY_LANGUAGE["java"],
    "c#": (_SQL_PLUS, _sql(rf"\$\"{_STATEMENT}{_AT_VALUE}\{{[a-z_]")),
    "dockerfile": _BY_LANGUAGE["shell"][:3],
}
QUIET_ROLES = frozenset({"test", "example", "docs", "changelog", "vendored", "generated", "lockfile"})


def dangers(sheet: Sheet) -> Iterator[Finding]:
    """Findings about dangerous calls that the change brings in; a line that already had one is no news."""
    known = _BY_LANGUAGE.get(sheet.language, ())
    if not known or not sheet.added or sheet.role in QUIET_ROLES:
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
