"""Looks after the processes that a test starts."""

from __future__ import annotations

import os
import signal
import time

import pytest


def wait_for_an_empty_group(group: int) -> None:
    """Returns once no process of the group is left; fails where one stays."""
    for _ in range(500):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    os.killpg(group, signal.SIGKILL)
    pytest.fail("a process was left behind")
