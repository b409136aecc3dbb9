"""A baseline as text: JSON lines under a header, sorted, without a clock, so that two versions differ where they do."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from dangjian_check.engine.baseline import SCHEMA, VERSION, Entry


def baseline_text(entries: Iterable[Entry]) -> str:
    """The whole file."""
    lines = [{"schema": SCHEMA, "version": VERSION}, *map(_line, sorted(entries, key=lambda e: e.order))]
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def _line(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = {
        "fingerprint": entry.fingerprint,
        "branch": entry.branch,
        "standard": entry.standard,
        "rule": entry.rule,
        "window": entry.window,
    }
    if entry.subject:
        found["subject"] = entry.subject
    found |= {"ends": entry.ends.isoformat(), "first_seen": entry.first_seen.isoformat()}
    return found | ({"count": entry.count} if entry.count > 1 else {})
