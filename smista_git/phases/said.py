"""What the person and the repository say about the work, apart from the change itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """The hint, the branch's name, and guidance files as pairs of name and text (SMISTA.md, AGENTS.md).

    ``remark`` is what the person wants changed in ``previous``, a message that they were shown.
    """

    hint: str = ""
    branch: str | None = None
    guidance: tuple[tuple[str, str], ...] = ()
    remark: str = ""
    previous: str = ""
