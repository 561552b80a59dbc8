"""What each rule of the builtin reviewer looks for, in one sentence: for SARIF, for the docs, and for whoever adds one."""

from __future__ import annotations

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    "addresses-reviewer": "Text or a file name that speaks to whoever, or whatever, reviews the change.",
    "bidi": "Signs that turn the direction of writing, so that code reads otherwise than it runs.",
    "binary": "A compiled program is added.",
    "breakpoint": "A debugger call is left in the code.",
    "conflict-marker": "A merge conflict is committed unresolved.",
    "debug-print": "A print made for debugging is left in the code.",
    "dependency-url": "A dependency comes from a URL and not from a registry.",
    "eval": "Text is run as code.",
    "executable": "A file that nothing runs became executable.",
    "focused-test": "One test is left to run alone.",
    "hidden-text": "Invisible characters that can carry text.",
    "huge": "A file of more than a MiB is added.",
    "inner-html": "HTML is put together from text.",
    "junk": "A file that a tool made, or that holds local settings, is added.",
    "link-outside": "A link leads out of the repository.",
    "lockfile-alone": "A lockfile changed without its manifest.",
    "manifest-alone": "A manifest changed without its lockfile.",
    "overflow": "A call that can write past its buffer.",
    "pipe-to-shell": "What a server sends is run unseen.",
    "plain-http": "Packages are fetched over plain HTTP.",
    "race": "A temporary file whose name others can take.",
    "secret": "A secret is committed.",
    "shell": "A command is put together from values and goes through a shell.",
    "skipped-test": "A test is skipped without a reason.",
    "sql": "SQL is put together from text.",
    "tls-off": "Certificates are not checked.",
    "todo": "A TODO without a reference.",
    "unsafe-load": "Data is loaded in a form that can run code.",
    "untested": "A public function changed, and no test with it.",
    "world-writable": "Everybody may write there.",
}
