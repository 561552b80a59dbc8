"""Which repository policies the user trusts, by the hash of their bytes."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

TRUST_FILE = "trust.json"
TRUST_VARIABLE = "SMISTA_TRUST"
_SHA256 = re.compile(r"[0-9a-f]{64}")


class TrustStore:
    """The hashes that the user has trusted, in one JSON file of the state directory."""

    def __init__(self, state_dir: Path) -> None:
        self.path = state_dir / TRUST_FILE

    def trusts(self, sha256: str, environ: Mapping[str, str]) -> bool:
        """Whether this hash was recorded, or ``SMISTA_TRUST`` names it."""
        named = re.split(r"[\s,]+", environ.get(TRUST_VARIABLE, "").lower())
        return sha256 in named or sha256 in self.recorded()

    def recorded(self) -> dict[str, str]:
        """Each trusted hash with the file that it was first seen in; a broken store trusts nothing."""
        try:
            stored = json.loads(self.path.read_text("utf-8"))
            found = stored["trusted"].items()
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}
        return {sha256: str(source) for sha256, source in found if _SHA256.fullmatch(sha256)}

    def record(self, sha256: str, source: str) -> None:
        """Trust this hash from now on; readers see the old store or the new one, never half of it."""
        trusted = self.recorded() | {sha256: source}
        self._write(json.dumps({"v": 1, "trusted": trusted}, indent=2, sort_keys=True))

    def _write(self, text: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=TRUST_FILE)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
