"""Where the engine is known to differ from the written contract. Each has its cases in ``differences.yaml``, which turn
red as soon as the engine is mended; then its line here goes. At present none is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from oracle.days import Data


class Disagreement(NamedTuple):
    """What is said of one window by hand and by the engine (``-``: the window is not listed)."""

    case: Data
    rule: Data
    window: str
    hand: str
    engine: str
    hand_count: str | None = None
    engine_count: str | None = None


OPEN: dict[str, Callable[[Disagreement], bool]] = {}


def explained(found: Disagreement) -> str | None:
    """The open difference that explains a disagreement; None if none does."""
    return next((title for title, explains in OPEN.items() if explains(found)), None)
