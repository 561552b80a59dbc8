"""Every error of a policy file, with its exact words."""

from __future__ import annotations

import pytest

from smista_git.errors import PolicyError
from smista_git.route.check import check
from smista_git.route.parse import parse_policy
from smista_git.route.policy import Layer
from smista_git.route.problems import InvalidPolicy, Problem
from smista_git.route.toml_lines import Lines, read_toml

CASES = {
    "bad TOML": (
        'version = 1\n[tiers]\nlight = "a\n',
        ".smista.toml:3: not valid TOML: Illegal character '\\n'\n    see column 11",
    ),
    "no version": ("[tiers]\n", '.smista.toml:1: the file has no "version"\n    add: version = 1'),
    "other version": ("version = 2\n", '.smista.toml:1: "version" cannot be 2\n    one of: 1'),
    "unknown table": (
        "version = 1\n[sensitve]\n",
        '.smista.toml:2: unknown key "sensitve" in the file\n    did you mean "sensitive"?',
    ),
    "unknown key of a rule": (
        'version = 1\n[[routing.rules]]\nname = "a"\npaht = "x"\n',
        '.smista.toml:4: unknown key "paht" in the rule "a"\n    did you mean "paths"?',
    ),
    "unknown key of a nameless rule": (
        'version = 1\n[[routing.rules]]\nmodle = "x/y"\nname = ""\n',
        '.smista.toml:3: unknown key "modle" in [[routing.rules]]\n    did you mean "model"?\n'
        '.smista.toml:4: "name" is empty\n    write something',
    ),
    "nothing like it": (
        "version = 1\n[commit]\nzzz = 1\n",
        '.smista.toml:3: unknown key "zzz" in [commit]\n    one of: deadline_s, max_subject, style',
    ),
    "a rule without a name": (
        'version = 1\n[[routing.rules]]\nkind = "docs"\n',
        '.smista.toml:2: [[routing.rules]] has no "name"\n    add: name = "..."',
    ),
    "a word that is none": (
        'version = 1\n[[routing.rules]]\nname = "a"\nkind = ["docs", "tets"]\n',
        '.smista.toml:4: "kind" cannot be "tets"\n    did you mean "tests"?',
    ),
    "a wrong type": (
        'version = 1\n[[routing.rules]]\nname = "a"\npriority = "high"\nmax_files = true\n',
        '.smista.toml:4: "priority" is "high"\n    it must be a whole number\n'
        '.smista.toml:5: "max_files" is true\n    it must be a whole number',
    ),
    "an empty list": (
        'version = 1\n[[routing.rules]]\nname = "a"\npaths = []\n',
        '.smista.toml:4: "paths" is empty\n    name at least one, or remove the key',
    ),
    "a bad model": (
        'version = 1\n[[routing.rules]]\nname = "a"\nmodel = "gpt-5"\nfallbacks = ["builtin/magic"]\n',
        '.smista.toml:4: "model": "gpt-5" is not a model\n'
        '    write provider/model, such as "ollama/qwen2.5-coder"\n'
        '.smista.toml:5: "fallbacks": "builtin/magic" is not a model\n'
        '    the builtin writer is "builtin/rules"',
    ),
    "bad money and shares": (
        'version = 1\n[budget]\ndaily_usd = "five"\nproject_usd = "-1"\npause_at = 80\n',
        ".smista.toml:3: \"daily_usd\": 'five' is not an amount\n"
        '    write US dollars as a string, such as "5.00"\n'
        '.smista.toml:4: "project_usd": -1.00e+0 is not an amount\n    write 0 or more, and at most 1000000000\n'
        '.smista.toml:5: "pause_at": 80 is not a share\n    write a number above 0 and up to 1, such as 0.8',
    ),
    "a number out of range": (
        "version = 1\n[commit]\ndeadline_s = 0\n",
        '.smista.toml:3: "deadline_s" is 0\n    input should be greater than or equal to 1',
    ),
    "a table that is none": (
        "version = 1\ntiers = 3\n",
        '.smista.toml:2: "tiers" is 3\n    it must be a table',
    ),
    "duplicate names": (
        'version = 1\n[[routing.rules]]\nname = "a"\nkind = "docs"\n[[routing.rules]]\nname = "a"\nkind = "fix"\n',
        '.smista.toml:6: two rules are named "a"\n    give each rule its own name',
    ),
    "a tie": (
        'version = 1\n[[routing.rules]]\nname = "a"\nkind = "docs"\n'
        '[[routing.rules]]\nname = "b"\nsize = "small"\n',
        '.smista.toml:5: "b" and "a" (line 2) tie and can both match\n'
        "    give one of them another priority than 1000",
    ),
    "a shadowed rule": (
        'version = 1\n[[routing.rules]]\nname = "a"\nkind = ["docs", "fix"]\npriority = 1\n'
        '[[routing.rules]]\nname = "b"\nkind = "docs"\nsize = "small"\n',
        '.smista.toml:6: "b" can never be reached: "a" (line 2) takes all of it\n'
        "    give it a lower priority than 1, or remove it",
    ),
    "a rule that can never hold": (
        'version = 1\n[[routing.rules]]\nname = "a"\nintent = "commit"\nskill = "changelog"\n',
        '.smista.toml:2: "a" can never hold: skill changelog is never in use while the intent is commit\n'
        "    change one of the two",
    ),
    "a self fallback": (
        'version = 1\n[[routing.rules]]\nname = "a"\nmodel = "ollama/q"\nfallbacks = ["ollama/p", "ollama/q"]\n',
        '.smista.toml:5: "ollama/q" falls back to itself\n    name each model once',
    ),
    "a self fallback under another name": (
        'version = 1\n[tiers]\nlight = "ollama/q"\nstandard = "ollama/q"\n'
        'heavy = ["anthropic/claude-opus-4.7", "anthropic/claude-opus-4-7"]\n',
        '.smista.toml:5: "anthropic/claude-opus-4-7", which is "anthropic/claude-opus-4.7", falls back to itself\n'
        "    name each model once",
    ),
    "a missing tier": (
        'version = 1\n[tiers]\nlight = "ollama/q"\nheavy = "ollama/q"\n',
        '.smista.toml:2: the tier "standard" is missing\n'
        '    add: standard = "provider/model", or build on a pack: extends = ["pack:local-first"]',
    ),
    "an unreachable budget line": (
        'version = 1\n[budget]\ndaily_usd = "5"\nproject_usd = "2"\ndowngrade_at = 0.9\npause_at = 0.5\n',
        ".smista.toml:3: daily_usd (5) can never be reached: the project ends at 2\n"
        "    set daily_usd to at most project_usd\n"
        ".smista.toml:5: downgrade_at (0.9) can never be reached: the budget pauses at 0.5\n"
        "    set downgrade_at below pause_at",
    ),
    "a budget of nothing": (
        "version = 1\n[budget]\npause_at = 0.5\n",
        ".smista.toml:2: [budget] sets no amount, so nothing of it can ever be reached\n"
        '    add daily_usd or project_usd, such as: daily_usd = "5.00"',
    ),
    "an unknown pack": (
        'version = 1\nextends = ["pack:balancd"]\n',
        '.smista.toml:2: there is no pack "pack:balancd"\n    did you mean "pack:balanced"?',
    ),
    "endpoints in a repository": (
        'version = 1\n[providers.lan]\nbase_url = "http://10.0.0.1/v1"\n[aliases]\n"a/b" = "c/d"\n',
        ".smista.toml:2: [providers] is not a repository's to say: it decides where requests go\n"
        "    move it to your own config; git smista doctor shows where that is\n"
        ".smista.toml:4: [aliases] is not a repository's to say: it decides where requests go\n"
        "    move it to your own config; git smista doctor shows where that is",
    ),
}


def problems(text: str, layer: Layer = "repository", **known: frozenset[str]) -> InvalidPolicy:
    with pytest.raises(InvalidPolicy) as caught:
        parse_policy(text, source=".smista.toml", layer=layer, **known)
    return caught.value


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_in_its_exact_words(name):
    text, message = CASES[name]
    assert problems(text).message == message


def test_all_errors_come_at_once_in_the_order_of_the_file():
    text = 'version = 1\nfoo = 1\n[[routing.rules]]\npaht = "x"\n[budget]\ndaily_usd = "x"\n[commit]\nstyle = "odd"\n'
    found = problems(text).problems
    assert [(p.line, p.what) for p in found] == [
        (2, 'unknown key "foo" in the file'),
        (3, '[[routing.rules]] has no "name"'),
        (4, 'unknown key "paht" in [[routing.rules]]'),
        (6, "\"daily_usd\": 'x' is not an amount"),
        (8, '"style" cannot be "odd"'),
    ]
    assert isinstance(found[0], Problem)


def test_it_is_a_policy_error_with_a_next_step():
    error = problems("version = 2")
    assert isinstance(error, PolicyError)
    assert (error.exit_code, error.hint) == (2, "mend the file and run: git smista policy check")


def test_a_provider_that_is_not_set_up():
    text = 'version = 1\n[[routing.rules]]\nname = "a"\nmodel = "ollma/q"\n'
    known = frozenset({"ollama", "openai", "anthropic", "builtin"})
    assert problems(text, providers=known).message == (
        '.smista.toml:4: "ollma/q" names the provider "ollma", which is not set up; did you mean "ollama"?\n'
        "    set it up under [providers.NAME] in your own config, or name another"
    )
    assert parse_policy(text, source="x", layer="repository").rules[0].model == "ollma/q"


def test_a_pasted_key_is_not_repeated():
    text = 'version = 1\n[providers.lan]\nbase_url = "lan"\napi_key_env = "sk-live-1234567890"\n'
    assert problems(text, layer="user").message == (
        '.smista.toml:3: "base_url" is not an address\n    begin it with http:// or https://\n'
        '.smista.toml:4: "api_key_env" is not the name of an environment variable\n    name it: OPENAI_API_KEY'
    )


def test_an_alias_is_written_like_a_model():
    text = 'version = 1\n[aliases]\nfast = "ollama/q"\n'
    assert problems(text, layer="user").message == (
        '.smista.toml:3: "fast" is not a model: write provider/model, such as "ollama/qwen2.5-coder"\n'
        "    an alias is written like the model that it stands for"
    )


def test_what_is_not_enforced_yet_is_refused():
    text = 'version = 1\n[review]\nfail_on = "error"\n[[routing.rules]]\nname = "a"\n[[routing.rules]]\nhook = "x"\nname = "b"\npriority = 1\n'
    refused = {"review": "leave it out", "routing.rules.hook": "match on the intent"}
    with pytest.raises(InvalidPolicy) as caught:
        check(read_toml(text, source="p"), Lines(text), source="p", layer="user", not_supported=refused)
    assert caught.value.message == (
        'p:2: "review" is not supported yet\n    leave it out\n'
        'p:7: "routing.rules.hook" is not supported yet\n    match on the intent'
    )


@pytest.mark.parametrize(
    "text",
    [
        "version = 1\n",
        'version = 1\nextends = "pack:balanced"\n[tiers]\nlight = "ollama/q"\n',
        'version = 1\n[[routing.rules]]\nname = "a"\nskill = ["release", "changelog"]\nintent = "changelog"\n',
        "version = 1\n[budget]\ndaily_usd = 5\nproject_usd = 7.5\n",
        "version = 1\n[permissions]\nhosts = []\n",
    ],
)
def test_what_is_right_passes(text):
    assert parse_policy(text, source="x", layer="repository").origin.source == "x"


DESIGNED = """\
version = 1
extends = ["pack:balanced"]           # local-first, balanced, local-only, frugal, strict, ci

[tiers]
light = "ollama/qwen2.5-coder"
standard = "anthropic/claude-sonnet"
heavy = "anthropic/claude-opus-4.7"

[[routing.rules]]
name = "plan with strongest reasoning model"
priority = 10
intent = "plan"
effort = "high"
model = "anthropic/claude-opus-4.7"
fallbacks = ["anthropic/claude-sonnet"]

[[routing.rules]]
name = "auth code is reviewed by Claude Sonnet"
priority = 30
intent = "review"
paths = ["src/auth/**"]
effort = "medium"
model = "anthropic/claude-sonnet"
fallbacks = ["openai/gpt-5.5-thinking"]

[sensitive]
paths = [".env*", "**/secrets/**", "*.pem"]
then = "local"

[budget]
daily_usd = "5.00"
project_usd = "100.00"
downgrade_at = 0.8
pause_at = 1.0

[commit]
style = "auto"

[review]
fail_on = "error"
on_failure = "open"
"""


def test_the_file_of_the_design_passes():
    made = parse_policy(DESIGNED, source=".smista.toml", layer="repository")
    assert [rule.name for rule in made.rules] == [
        "plan with strongest reasoning model",
        "auth code is reviewed by Claude Sonnet",
    ]
    assert made.settings["review.fail_on"][0] == "error"


HOSTILE = {
    "nested too deep": "a = " + "[" * 5000 + "]" * 5000,
    "a number without end": "version = " + "1" * 5000,
    "no number at all": "version = 1\n[classification]\nmin_confidence = nan\n",
    "more money than there is": 'version = 1\n[budget]\ndaily_usd = "9e999999"\n',
    "a pattern that never ends": 'version = 1\n[sensitive]\npaths = "*a*a*a*a*a*b"\n',
    "a name that clears the screen": 'version = 1\n[[routing.rules]]\nname = "\\u001b[2J"\n',
    "a key that clears the screen": 'version = 1\n"\\u001b[2J" = 1\n',
    "a name that reads backwards": 'version = 1\n[[routing.rules]]\nname = "a\\u202eb"\n',
    "no text": "\x00",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_strangers_file_is_refused_and_says_nothing_to_the_terminal(name):
    message = problems(HOSTILE[name]).message
    assert message.startswith(".smista.toml:")
    assert message.replace("\n", "").isprintable()


def test_the_words_for_what_cannot_be_seen():
    assert problems(HOSTILE["a name that clears the screen"]).message == (
        '.smista.toml:3: "\\x1b[2J" holds a character that cannot be seen\n    write it without'
    )
    assert problems(HOSTILE["a pattern that never ends"]).message == (
        '.smista.toml:3: "paths": "*a*a*a*a*a*b" has too many stars\n'
        "    write at most 3 between two slashes, 6 in all"
    )
