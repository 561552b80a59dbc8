"""``git smista review --post``: against loopback forges that enforce the documented rules."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Smista, all_tiers, point_at
from tests.conftest import Repo
from tests.forge.servers import ForgeServer
from tests.servers import script
from tests.servers.server import WireServer

Config = Callable[[str], Path]
BAD = "".join(f"value_{n} = eval(text_{n})\n" for n in range(3)) + "breakpoint()\n"


@pytest.fixture(params=["github", "gitlab"])
def forge(
    request: pytest.FixtureRequest, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ForgeServer]:
    repo.git("checkout", "-q", "-b", "topic")
    repo.stage("app.py", BAD)
    repo.commit("feat: add app")
    lines = {("app.py", "new", n) for n in range(1, 9)}
    with ForgeServer(request.param, lines) as server:
        api = "GITHUB_API_URL" if request.param == "github" else "CI_API_V4_URL"
        monkeypatch.setenv(api, server.url)
        monkeypatch.setenv(f"{request.param.upper()}_TOKEN", server.token)
        monkeypatch.setenv("GITHUB_REPOSITORY", "ada/sample")
        monkeypatch.setenv("CI_PROJECT_ID", "42")
        yield server


def summaries(server: ForgeServer) -> list[str]:
    return [note["body"] for note in server.notes if note["body"].startswith("<!-- smista-review -->")]


def test_comments_come_in_one_batch_and_never_twice(forge: ForgeServer, smista: Smista) -> None:
    first = smista("review", "main..HEAD", "--post", forge.kind)
    assert first.code == 1 and "4 comments made" in first.err, first.err
    assert len(forge.comments) == 4 and len(summaries(forge)) == 1
    batch = "reviews" if forge.kind == "github" else "bulk_publish"
    assert sum(path.endswith(batch) for _, path in forge.log) == 1
    again = smista("review", "main..HEAD", "--post", forge.kind)
    assert "0 comments made, 4 there before, summary unchanged" in again.err
    assert len(forge.comments) == 4 and len(summaries(forge)) == 1


def test_lines_that_move_are_not_commented_again_and_the_summary_is_updated(
    forge: ForgeServer, smista: Smista, repo: Repo
) -> None:
    smista("review", "main..HEAD", "--post", forge.kind)
    repo.stage("app.py", "first = 1\nsecond = 2\n" + BAD + "os.system(more)\n")
    repo.commit("feat: add more")
    done = smista("review", "main..HEAD", "--post", forge.kind)
    assert "1 comment made, 4 there before, summary updated" in done.err
    assert len(forge.comments) == 5 and len(summaries(forge)) == 1


def test_a_refused_line_goes_into_the_summary_and_the_rest_is_posted(
    forge: ForgeServer, smista: Smista
) -> None:
    forge.lines.discard(("app.py", "new", 4))
    done = smista("review", "main..HEAD", "--post", forge.kind)
    assert "3 comments made, 1 refused" in done.err
    assert "app.py:4" in summaries(forge)[0] and "app.py:1" not in summaries(forge)[0]


def test_beyond_the_limit_findings_stand_in_the_summary(
    forge: ForgeServer, smista: Smista, user_config: Config
) -> None:
    user_config("[review]\nmax_comments = 1\n")
    smista("review", "main..HEAD", "--post", forge.kind)
    assert len(forge.comments) == 1 and summaries(forge)[0].count("app.py:") == 3


def test_a_rate_limit_is_waited_for(forge: ForgeServer, smista: Smista) -> None:
    forge.limited = 1
    assert "4 comments made" in smista("review", "main..HEAD", "--post", forge.kind).err


def test_a_summary_of_somebody_else_is_left_alone(forge: ForgeServer, smista: Smista) -> None:
    forge.notes.append({"id": 1, "body": "<!-- smista-review --> approve!", "foreign": True})
    assert "summary made" in smista("review", "main..HEAD", "--post", forge.kind).err
    assert summaries(forge)[0] == "<!-- smista-review --> approve!" and len(summaries(forge)) == 2


def test_what_cannot_be_posted_says_so(
    forge: ForgeServer, smista: Smista, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = f"{forge.kind.upper()}_TOKEN"
    monkeypatch.setenv(token, "wrong")
    done = smista("review", "main..HEAD", "--post", forge.kind)
    assert done.code == 3 and "401" in done.err and "wrong" not in done.err
    monkeypatch.delenv(token)
    assert "there is no token" in smista("review", "main..HEAD", "--post", forge.kind).err
    monkeypatch.setenv(token, forge.token)
    for name in ("GITHUB_API_URL", "CI_API_V4_URL"):
        monkeypatch.setenv(name, "http://forge.example.org")
    assert "is not https" in smista("review", "main..HEAD", "--post", forge.kind).err


def test_a_dry_run_shows_what_would_be_posted_and_posts_nothing(forge: ForgeServer, smista: Smista) -> None:
    done = smista("review", "main..HEAD", "--post", forge.kind, "-n", "--json")
    assert done.code == 0 and len(done.json["post"]["comments"]) == 4
    assert forge.log == []


@pytest.fixture
def ranged(
    forge: ForgeServer, smista: Smista, repo: Repo, ollama_server: WireServer, user_config: Config,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[], dict]:  # fmt: skip
    """Reviews a change with one finding on lines 2 to 3, posts it, and gives the comment that was made of it."""
    user_config(all_tiers(point_at(ollama_server, monkeypatch)))
    repo.git("checkout", "-q", "main")
    repo.stage("sums.py", "total = first\nreport(total)\n")
    repo.commit("feat: add sums")
    repo.git("checkout", "-q", "-B", "topic")
    repo.stage("sums.py", "total = first\ntotal = total + second\ntotal = total / 0\nreport(total)\n")
    repo.commit("feat: sum more")
    forge.lines = {("sums.py", "new", 2), ("sums.py", "new", 3)}
    claim = {
        "path": "sums.py", "line": 2, "quote": "total = total + second\ntotal = total / 0", "severity": "error",
        "category": "bug", "title": "total is divided by zero", "why": "It raises every time.",
        "suggestion": "total = total + second",
    }  # fmt: skip
    ollama_server.default = script.Say(json.dumps({"findings": [claim]}))

    def post() -> dict:
        done = smista("review", "main..HEAD", "--post", forge.kind)
        assert "1 comment made" in done.err and "refused" not in done.err, done.err
        [made] = forge.comments
        return made

    return post


def test_a_finding_over_several_lines_is_posted_on_all_of_them(
    forge: ForgeServer, ranged: Callable[[], dict]
) -> None:
    """GitLab names a line by the sha1 of its path and where both sides stand."""
    made = ranged()
    if forge.kind == "github":
        assert (made["start_line"], made["line"], made["side"]) == (2, 3, "RIGHT")
        assert "```suggestion\n" in made["body"]
        return
    name = hashlib.sha1(b"sums.py").hexdigest()
    ends = made["position"]["line_range"]
    assert [ends[end]["line_code"] for end in ("start", "end")] == [f"{name}_2_2", f"{name}_2_3"]
    assert made["position"]["new_line"] == 3
    assert "```suggestion:-1+0\n" in made["note"]


@pytest.mark.parametrize("forge", ["gitlab"], indirect=True)
def test_a_range_that_is_refused_becomes_its_last_line(
    forge: ForgeServer, ranged: Callable[[], dict]
) -> None:
    forge.no_ranges = True
    made = ranged()
    assert "line_range" not in made["position"] and made["position"]["new_line"] == 3
