"""Regular expressions that are compiled when they are first used.

The package has some three hundred; a run uses a few dozen, and compiling all of them took an eighth of a start-up.
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn", "pattern", "flags")


class _Later:
    """Stands in for a compiled pattern; the first use puts the real methods in its place."""

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self._source, self._flags)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return self.__dict__[name]


def regex(source: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern, not compiled yet; a mistake in it shows at its first use. Pass it on only by its methods."""
    return cast("re.Pattern[str]", _Later(source, flags))
