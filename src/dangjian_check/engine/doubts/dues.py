"""Dues of nothing: written for those exempt, and by some for those who have not paid."""

from __future__ import annotations

from collections.abc import Iterator

from dangjian_check.engine.doubts.base import Scene, Sign, listed
from dangjian_check.errors import KeyPath
from dangjian_check.model.calendar import Period, period_label

_SHOWN = 3


def nothing_paid(scene: Scene) -> Iterator[Sign]:
    """Dues of nought, with nothing written of what was owed or why; each person once."""
    found: dict[str, list[tuple[Period, KeyPath]]] = {}
    for index, paid in enumerate(scene.facts.record.dues or ()):
        if paid.paid == 0 and paid.due is None and not paid.remark and paid.period.overlaps(scene.reach):
            found.setdefault(paid.name, []).append((paid.period, ("dues", index)))
    for name, entries in found.items():
        entries.sort()
        times = listed((period_label(period) or str(period) for period, _ in entries), _SHOWN, "次")
        paths = tuple(path for _, path in entries)
        yield Sign(entries[0][0].start, f"{name} {times}的党费写的是实交 0 元，没有写应交多少", paths)
