"""Unfinished files are named after the process that writes them: whether it may still be at work."""

from __future__ import annotations

import os


def lives(process: int) -> bool:
    """Whether there may be such a process; where to ask would be to harm it, there is."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # another user's
        pass
    return True
