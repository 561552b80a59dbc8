"""Ways out: flags, the environment, stand-ins, second chances, what was learned, money, proxies, redirects."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from smista_git.classify.labels import KINDS, TIERS
from smista_git.ledger.rows import Entry
from smista_git.ledger.store import Ledger
from smista_git.plan.request import Usage
from tests.adversarial.attempt import Attempt
from tests.adversarial.place import LOCAL, REMOTE, Place, tiers
from tests.servers import script
from tests.servers.server import Pulled

Prepare = Callable[[Place], None]
CLOUD = "ollama/gpt-oss:120b-cloud"
STAYS = ("stays on this machine: ",)
NOT_ASKED = (*STAYS, "gpt-5.4-mini is not asked: the job stays on this machine")
FLOOR = '[sensitive]\npaths = ["secrets/**"]\nthen = "local"\n'


def private(place: Place) -> None:
    """A sensitive file with the word, a secret in another file, and the floor, whatever the config says besides."""
    place.stage("secrets/plan.txt", f"the plan is {place.marks.word}\n")
    place.stage("deploy.py", f'KEY = "{place.marks.aws}"\n')


def user(text: str, *more: Prepare) -> Prepare:
    """A user's config, the floor included, and what is private."""

    def prepare(place: Place) -> None:
        place.user(text.format(remote=place.remote.base_url, between=place.between.base_url) + FLOOR)
        private(place)
        for step in more:
            step(place)

    return prepare


def rows(*models: str) -> str:
    """A tier each."""
    return "[tiers]\n" + "".join(f'{tier} = "{model}"\n' for tier, model in zip(TIERS, models, strict=True))


def says(*actions: script.Action) -> Prepare:
    """What the local server does first; after that it answers well."""
    return lambda place: place.local.script.extend(actions) and None


def always(action: script.Action) -> Prepare:
    return lambda place: setattr(place.local, "default", action)


def ledger(answer: str, cost_usd: str) -> Prepare:
    """Thirty answers of the past for each kind and tier, all of them taken or none."""

    def prepare(place: Place) -> None:
        kept = Ledger.open(place.home / "state")
        project = str((place.repo.path / ".git").resolve())
        for kind in KINDS if answer else ("docs",):
            for tier in TIERS:
                for _ in range(6 if answer == "rejected" else 21):
                    entry = Entry(project, date.today(), "commit", kind, tier, tier, REMOTE)
                    number = kept.reserve(entry)
                    kept.settle(number, Usage(), Decimal(cost_usd), "ok")
                    if answer:
                        kept.record_outcome(number, answer)
        kept.close()

    return prepare


def cloud(place: Place) -> None:
    place.local.models.append(Pulled("gpt-oss:120b-cloud"))


def not_the_cloud(place: Place) -> None:
    assert [chat.json["model"] for chat in place.local.chats] == ["qwen2.5-coder:latest"]


def nothing_between(place: Place) -> None:
    assert bytes(place.between.raw) == b""


def nothing_far(place: Place) -> None:
    assert all(not server.chats for server in place.far)


def env(**settings: str) -> Prepare:
    """Variables that may name the server in between."""

    def prepare(place: Place) -> None:
        for name, value in settings.items():
            place.env(name, value.format(between=place.between.url))

    return prepare


def both(*steps: Prepare) -> Prepare:
    def prepare(place: Place) -> None:
        for step in steps:
            step(place)

    return prepare


def far_ollama(place: Place) -> None:
    """An Ollama on an address of this machine that is no loopback address; where there is none, local = false."""
    address = _own_address()
    place.local.__exit__()
    place.local.host = address or "127.0.0.1"
    place.local.port = 0
    place.local.__enter__()
    place.also_far.append(place.local)
    place.user(tiers(LOCAL) + FLOOR + ("" if address else "[providers.ollama]\nlocal = false\n"))
    place.env("OLLAMA_HOST", place.local.url)


def _own_address() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith("127.") else address


def compatible(local: str) -> str:
    return tiers("lan/some-model") + '[providers.lan]\nkind = "openai"\nbase_url = "{between}"\n' + local


def near_between(place: Place) -> None:
    place.near.append(place.between)


def asked_between(place: Place) -> None:
    assert place.between.chats and not place.local.chats and not place.remote.chats
    assert place.marks.aws not in place.between.raw.decode(), "no model needs the value"
    assert place.marks.word in place.between.raw.decode(), "this row would prove nothing"


def behind_proxy(place: Place) -> None:
    """The user calls it local, but every byte would pass a machine in between."""
    text = tiers("lan/some-model") + '[providers.lan]\nkind = "openai"\nlocal = true\n'
    # No loopback address by name, yet it answers: what a machine on the LAN looks like.
    place.user(text + f'base_url = "http://0.0.0.0:{place.remote.port}/v1"\n' + FLOOR)
    private(place)


def answered_with_a_secret(place: Place) -> None:
    place.remote.then(script.Say(f"feat: the the the {place.marks.aws}"))


def redirected(place: Place) -> None:
    place.remote.default = script.redirect(f"{place.between.url}/v1/chat/completions")


def ollama_redirected(place: Place) -> None:
    place.local.default = script.redirect(f"{place.between.url}/api/chat")


NONSENSE = script.Say("the the the the quick parse_everything() 99 bottles of `beer.py`")
ONLY_REMOTE = tiers(REMOTE)

ROUTES = (
    Attempt("--model", user(ONLY_REMOTE), "local", NOT_ASKED, ("-y", "--model", REMOTE)),
    Attempt("--model of another provider", user(ONLY_REMOTE), "local", STAYS, ("-y", "--model", "anthropic/claude-haiku")),
    Attempt("--model that nobody knows", user(ONLY_REMOTE), "local", STAYS, ("-y", "--model", "evil/model")),
    *(Attempt(f"--tier {tier}", user(ONLY_REMOTE), "local", NOT_ASKED, ("-y", "--tier", tier)) for tier in TIERS),
    Attempt("--effort max", user(ONLY_REMOTE), "local", NOT_ASKED, ("-y", "--effort", "max")),
    Attempt("--model of Ollama's cloud", both(user(ONLY_REMOTE), cloud), "local", STAYS, ("-y", "--model", CLOUD), check=not_the_cloud),
    Attempt("a tier in Ollama's cloud", both(user(tiers(CLOUD)), cloud), "local", STAYS, check=not_the_cloud),
    Attempt("an alias for a remote model", user(tiers("ollama/mine") + f'[aliases]\n"ollama/mine" = "{REMOTE}"\n'), "local", STAYS),
    Attempt("a rule of the user's", user(f'[[routing.rules]]\nname = "all"\nmodel = "{REMOTE}"\n'), "local", NOT_ASKED),
    Attempt("a remote fallback when the local one is down", user(tiers(LOCAL, REMOTE), always(script.broken())), "local", (*NOT_ASKED, "by rules")),
    Attempt("a remote fallback after 429", user(tiers(LOCAL, REMOTE), always(script.rate_limited("3600"))), "local", NOT_ASKED),
    Attempt("a retry after 429", user(tiers(LOCAL, REMOTE), says(script.rate_limited("0"))), "local", (*NOT_ASKED, "trying again")),
    Attempt("a retry after 500", user(tiers(LOCAL, REMOTE), says(script.broken())), "local", (*NOT_ASKED, "trying again")),
    Attempt("a dropped connection", user(tiers(LOCAL, REMOTE), always(script.Drop("feat: "))), "local", NOT_ASKED),
    Attempt("a repair", user(tiers(LOCAL, REMOTE), says(NONSENSE)), "local", (*NOT_ASKED, "asked again")),
    Attempt("one tier up", user(rows(LOCAL, REMOTE, REMOTE), always(NONSENSE)), "local", STAYS, ("-y",)),
    Attempt("one tier up from the middle", user(rows(LOCAL, LOCAL, REMOTE), always(NONSENSE)), "local", STAYS),
    Attempt("learned: up", user(rows(LOCAL, REMOTE, REMOTE), ledger("rejected", "0")), "local", STAYS),
    Attempt("learned: down", user(rows(REMOTE, REMOTE, LOCAL), ledger("accepted", "0")), "local", STAYS),
    Attempt("a tight budget: one tier down", user(rows(REMOTE, REMOTE, LOCAL) + '[budget]\ndaily_usd = "64"\n', ledger("", "0.9")), "local", STAYS),
    Attempt("a used-up budget", user(ONLY_REMOTE + '[budget]\ndaily_usd = "1"\n', ledger("", "1")), "local", (*NOT_ASKED, "budget|USD|\\$")),
    Attempt("OPENAI_BASE_URL", both(user(ONLY_REMOTE), env(OPENAI_BASE_URL="{between}/v1")), "local", NOT_ASKED),
    Attempt("ANTHROPIC_BASE_URL", both(user(tiers("anthropic/claude-haiku")), env(ANTHROPIC_BASE_URL="{between}", ANTHROPIC_API_KEY="k")), "local", STAYS),
    Attempt("OLLAMA_HOST on another machine", both(private, far_ollama), "rules", STAYS, check=nothing_far),
    Attempt("Ollama with local = false", user(tiers(LOCAL) + "[providers.ollama]\nlocal = false\n"), "rules", STAYS, check=nothing_far),
    Attempt("a compatible server on loopback", user(compatible("")), "local", (*STAYS, "local = true in the user's config says otherwise"), check=nothing_between),
    Attempt("a compatible server with local = false", user(compatible("local = false\n")), "local", STAYS, check=nothing_between),
    Attempt("a compatible server with local = true", both(user(compatible("local = true\n")), near_between), "local", STAYS, check=asked_between),
    *(
        Attempt(f"{name} for a provider called local", both(behind_proxy, env(**{name: "{between}"})), "local", (*STAYS, "a proxy stands in between; NO_PROXY"), check=nothing_between)
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY")
    ),
    Attempt("HTTP_PROXY for a loopback address", both(env(HTTP_PROXY="{between}", ALL_PROXY="{between}")), "remote", check=nothing_between),
    Attempt("HTTP_PROXY for Ollama", both(user(tiers(LOCAL)), env(HTTP_PROXY="{between}", ALL_PROXY="{between}")), "local", check=nothing_between),
    Attempt("a redirect of the remote server", redirected, "remote", ("redirects are not followed",), check=nothing_between),
    Attempt("a redirect of the local server", both(user(tiers(LOCAL)), ollama_redirected), "local", ("redirects are not followed",), check=nothing_between),
    Attempt("a remote answer with a secret, sent back for repair", answered_with_a_secret, "remote", ("secret .* was about to be sent out|not used",)),
)  # fmt: skip
