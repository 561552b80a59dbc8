"""Where commits, issues, pull requests and comparisons are found on a forge."""

from __future__ import annotations

from dataclasses import dataclass

from smista_git.phases.conventional import Reference


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of one repository on its forge; ``{}`` in each is what is filled in.

    ``pulls_sign`` is what the forge writes before the number of a pull request.
    """

    base: str
    commit: str
    issue: str
    pull: str
    compare: str
    release: str
    pulls_sign: str = "#"

    @property
    def place(self) -> str:
        """``owner/name``, as a whole address of an issue has it."""
        return self.base.split("://", 1)[-1].partition("/")[2]

    def to_commit(self, oid: str) -> str:
        """The address of a commit."""
        return self.base + self.commit.format(oid)

    def to_reference(self, reference: Reference, *, pull: bool = False) -> str:
        """The address of an issue or a pull request."""
        base = self.base
        if reference.place:
            base = f"{self.base.removesuffix(self.place)}{reference.place}"
        # Where pull requests have a sign of their own, ``#`` is an issue's, whatever stands at a subject's end.
        is_pull = reference.sign == self.pulls_sign and (pull or self.pulls_sign != "#")
        return base + (self.pull if is_pull else self.issue).format(reference.number)

    def to_compare(self, old: str, new: str) -> str:
        """The address of what changed between two tags."""
        return self.base + self.compare.format(old, new)

    def to_release(self, tag: str) -> str:
        """The address of a tag."""
        return self.base + self.release.format(tag)
