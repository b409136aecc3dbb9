"""Where what can be made again is kept: standards once parsed, what was judged before."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def cache_folder(environ: Mapping[str, str], *, windows: bool = os.name == "nt") -> Path | None:
    """``DJ_CHECK_CACHE`` (none if it is empty), else a folder of our own where the system keeps such things."""
    chosen = environ.get("DJ_CHECK_CACHE")
    if chosen is not None:
        return Path(chosen) if chosen else None
    if windows and (local := environ.get("LOCALAPPDATA")):
        return Path(local) / "dj-check"
    named = environ.get("XDG_CACHE_HOME", "")
    root = Path(named) if Path(named).is_absolute() else Path(os.path.expanduser("~")) / ".cache"  # noqa: PTH111
    return root / "dj-check"
