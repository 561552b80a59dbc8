"""What a template of the user's makes of the releases. Jinja2 is loaded only where there is a template."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path

from smista_git.errors import UsageError
from smista_git.phases.changelog.links import Links
from smista_git.phases.changelog.release import Release, release_json
from smista_git.workflow.changelog.changelog import ChangelogJob
from smista_git.workflow.changelog.file import inside, shown

NAMED = "name another, `--template FILE`; in the policy it is `[changelog] template`"
HINT = "it gets `releases`, as `git smista changelog --json` prints them; see docs/changelog.md"


def template_of(job: ChangelogJob) -> Path | None:
    """The template that the command line names, or the policy; None where neither does."""
    if job.options.template is not None:
        return Path.cwd() / job.options.template
    named = job.settings.policy.changelog.template
    return inside(job.repo.root, named, key="template") if named else None


def rendered(template: Path, releases: Sequence[Release], links: Links | None) -> str:
    """The text that the template makes, ending in a newline.

    It runs in Jinja2's sandbox, since a template may come with a cloned repository.

    Raises: UsageError, naming the line, for a template that is wrong.
    """
    from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    try:
        text = template.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        what = exc.strerror if isinstance(exc, OSError) else "it is not UTF-8"
        raise UsageError(f"the template {shown(template)} cannot be read ({what})", hint=NAMED) from exc
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    try:
        made = environment.from_string(text).render(releases=[release_json(r, links) for r in releases])
    except TemplateSyntaxError as exc:
        raise UsageError(f"{template.name}:{exc.lineno}: {exc.message}", hint=HINT) from exc
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as exc:
        raise UsageError(f"{template.name}{_line(exc)}: {exc}", hint=HINT) from exc
    return made if made.endswith("\n") or not made else f"{made}\n"


def _line(exc: BaseException) -> str:
    """The line of the template where it failed, as ``:3``: Jinja2 puts its own line into the traceback."""
    frames = [
        line
        for frame, line in traceback.walk_tb(exc.__traceback__)
        if frame.f_code.co_filename == "<template>"
    ]
    return f":{frames[-1]}" if frames else ""
