"""The seven things that may be said of a demand, and three-valued truth with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """What a rule says of one window (and, the worst of them, of the whole audit)."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"
    PENDING = "pending"
    MANUAL = "manual"
    ERROR = "error"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_open(self) -> bool:
        """Whether the answer is still to come from a person or a fuller record: an interval in the score."""
        return self in OPEN


OPEN = (Outcome.UNKNOWN, Outcome.MANUAL, Outcome.ERROR)
SILENT = frozenset({Outcome.NOT_APPLICABLE, Outcome.PENDING})  # "does not bind" and "not yet": nothing was judged
_LABELS = {
    Outcome.PASS: "合格",
    Outcome.FAIL: "不合格",
    Outcome.NOT_APPLICABLE: "不适用",
    Outcome.UNKNOWN: "资料不足",
    Outcome.PENDING: "未到期",
    Outcome.MANUAL: "待人工核",
    Outcome.ERROR: "检查出错",
}
WORST_FIRST = (
    Outcome.ERROR,
    Outcome.FAIL,
    Outcome.UNKNOWN,
    Outcome.MANUAL,
    Outcome.PENDING,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The worst of several outcomes; `NOT_APPLICABLE` of none."""
    found = frozenset(outcomes)
    if len(found) == 1:
        return next(iter(found))
    return next((outcome for outcome in WORST_FIRST if outcome in found), Outcome.NOT_APPLICABLE)


class Truth(NamedTuple):
    """Kleene truth: ``value`` None is "cannot tell"; ``reason`` says why it is not plainly true (Chinese)."""

    value: bool | None
    reason: str = ""


YES = Truth(True)


def all_of(parts: Iterable[Truth]) -> Truth:
    """False if any part is false, else unknown if any is unknown, else true."""
    doubt: Truth | None = None
    for part in parts:
        if part.value is False:
            return part
        if part.value is None and doubt is None:
            doubt = part
    return doubt or YES


def as_wanted(found: Truth, wanted: bool, label: str) -> Truth:
    """Whether something is as it is wanted to be: there, or not there."""
    if found.value is None:
        return found
    return YES if found.value is wanted else Truth(False, found.reason or f"{label}，本条不适用")
