"""The error tree. Each class has an exit code, and each message ends in a next step.

SmistaError                      3   the job cannot be done
├── UsageError                   2   the words of the command are wrong
│   └── PolicyError              2   a policy or configuration file is wrong
├── GateTripped                  1   a gate said no: findings, a stale changelog, a regression
├── NotARepository               3
├── GitFailed                    3   a git command failed
├── NothingToDo                  3   nothing staged, an empty range
├── Refused                      3   policy, floors or trust forbid it
│   └── EgressRefused            3   bytes that must stay were about to leave
├── NothingAvailable             3   no model can serve and no fallback is allowed
├── BudgetPaused                 3
├── ProviderError                3   a model's server, mapped once in providers/
│   ├── Unreachable                    nobody answers at that address
│   ├── TimedOut                       no answer, or no end of one, within the deadline
│   ├── RateLimited                    429; ``retry_after_s`` when the server said it
│   ├── AccessRefused                  key missing or wrong, quota used up
│   ├── BadRequest                     the server refuses what was asked
│   ├── ContextTooLong                 more tokens than the model reads
│   └── BadReply                       empty, garbage, or not what was asked for
└── Interrupted                130   Ctrl-C
"""

from __future__ import annotations


class SmistaError(Exception):
    """What happened, to what (the message), and the next command to run (the hint)."""

    exit_code = 3

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(SmistaError):
    """The words of the command are wrong."""

    exit_code = 2


class PolicyError(UsageError):
    """A policy or configuration file is wrong; the message lists every error of the file."""


class GateTripped(SmistaError):
    """A gate said no: findings, a stale changelog, a replay regression."""

    exit_code = 1


class NotARepository(SmistaError):
    """The working directory is not inside a git repository."""


class GitFailed(SmistaError):
    """A git command failed; ``returncode`` and ``stderr`` are git's own."""

    def __init__(self, message: str, *, hint: str = "", returncode: int = 1, stderr: str = "") -> None:
        super().__init__(message, hint=hint)
        self.returncode = returncode
        self.stderr = stderr


class NothingToDo(SmistaError):
    """There is nothing staged, or the range is empty."""


class Refused(SmistaError):
    """Policy, a floor or missing trust forbids it."""


class EgressRefused(Refused):
    """Bytes that the plan keeps on the machine were about to leave it."""


class NothingAvailable(SmistaError):
    """No model can serve, and no fallback is allowed."""


class BudgetPaused(SmistaError):
    """The budget of the policy is used up."""


class ProviderError(SmistaError):
    """A model's server failed; foreign exceptions are mapped to these once, in providers/."""

    retryable = False


class Unreachable(ProviderError):
    """Nobody answers at that address."""


class TimedOut(ProviderError):
    """No answer, or no end of one, within the deadline."""


class RateLimited(ProviderError):
    """The server asks for patience; ``retry_after_s`` is its own figure, or None."""

    retryable = True

    def __init__(self, message: str, *, hint: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s


class AccessRefused(ProviderError):
    """The key is missing or wrong, or the quota is used up."""


class BadRequest(ProviderError):
    """The server refuses what was asked."""


class ContextTooLong(ProviderError):
    """The request holds more tokens than the model reads."""


class BadReply(ProviderError):
    """The answer is empty, garbage, or not what was asked for; a 5xx counts, and may pass."""

    retryable = True


class Interrupted(SmistaError):
    """The person pressed Ctrl-C."""

    exit_code = 130
