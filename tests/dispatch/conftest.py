"""The SDKs are imported before any test here: that can take longer than a test's deadline."""

from __future__ import annotations

import pytest

from tests.servers.sdks import import_sdks


@pytest.fixture(scope="session", autouse=True)
def imported() -> None:
    """Imports them once a process."""
    import_sdks()
