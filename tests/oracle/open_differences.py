"""Where the engine is known to differ from the written contract. Each has its cases in ``differences.yaml``, which turn
red as soon as the engine is mended; then its line here goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from oracle.days import Data, day
from oracle.evidence import as_list

UNBOUND = ("not_applicable", "-")


class Disagreement(NamedTuple):
    """What is said of one window by hand and by the engine (``-``: the window is not listed)."""

    case: Data
    rule: Data
    window: str
    hand: str
    engine: str
    hand_count: str | None = None
    engine_count: str | None = None


def _either_way(found: Disagreement) -> bool:
    return found.rule["check"]["kind"] == "fixed_day" and (found.hand, found.engine) == ("not_applicable", "unknown")


def _first_day(found: Disagreement) -> bool:
    if found.rule["check"]["kind"] != "interval" or not found.window.startswith("gap:"):
        return False
    return (found.hand, found.engine) == ("fail", "unknown") and day(found.window[4:]).isoformat() in {
        entry["date"] for name in ("activities", "talks") for entry in found.case["record"].get(name, ())
    } | {found.case["record"]["branch"].get("founded")}


OPEN: dict[str, Callable[[Disagreement], bool]] = {
    "what does not bind either way is unknown": _either_way,
    "the day a gap begins must be covered": _first_day,
}


def explained(found: Disagreement) -> str | None:
    """The open difference that explains a disagreement; None if none does."""
    return next((title for title, explains in OPEN.items() if explains(found)), None)
