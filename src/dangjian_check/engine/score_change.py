"""How a score moved between two reports, item by item. Scores are intervals, so a move can be certain or not."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from dangjian_check.engine.reported import ReportedItem, ReportedScore

Direction = Literal["up", "down", "same", "open", "incomparable"]
DIRECTION_LABELS: dict[Direction, str] = {
    "up": "升",
    "down": "降",
    "same": "不变",
    "open": "未定",
    "incomparable": "分值不同，不比",
}
Ends = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Change:
    """One item (or the whole) before and now; ``most`` is what it is worth. None where a report does not have it."""

    id: str
    title: str
    most: tuple[Fraction | None, Fraction | None]
    old: Ends | None
    new: Ends | None

    @property
    def comparable(self) -> bool:
        return self.old is not None and self.new is not None and self.most[0] == self.most[1]

    @property
    def by(self) -> Ends | None:
        """The least and the most that was gained (below zero: lost)."""
        if self.old is None or self.new is None or not self.comparable:
            return None
        return self.new[0] - self.old[1], self.new[1] - self.old[0]

    @property
    def direction(self) -> Direction:
        """Certain only if the two intervals do not overlap, or both are one and the same number."""
        by = self.by
        if by is None:
            return "incomparable"
        if not any(by):
            return "same"
        return "up" if by[0] > 0 else "down" if by[1] < 0 else "open"

    @property
    def moved(self) -> bool:
        """Whether there is anything to tell: another value, or one that cannot be compared."""
        return self.old != self.new or self.most[0] != self.most[1]


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """The whole score and every item."""

    total: Change
    items: tuple[Change, ...]


def score_change(old: ReportedScore | None, new: ReportedScore | None) -> ScoreChange | None:
    """None if neither report has a score."""
    if old is None and new is None:
        return None
    before, after = _items(old), _items(new)
    ids = list(dict.fromkeys([*before, *after]))
    total = Change("", "得分", (old.max if old else None, new.max if new else None), _ends(old), _ends(new))
    return ScoreChange(total, tuple(_change(name, before.get(name), after.get(name)) for name in ids))


def _items(score: ReportedScore | None) -> dict[str, ReportedItem]:
    return {item.id: item for item in score.items} if score else {}


def _ends(value: ReportedScore | ReportedItem | None) -> Ends | None:
    return None if value is None else (value.low, value.high)


def _change(name: str, old: ReportedItem | None, new: ReportedItem | None) -> Change:
    shown = new or old
    assert shown is not None
    most = (old.points if old else None, new.points if new else None)
    return Change(name, shown.title, most, _ends(old), _ends(new))
