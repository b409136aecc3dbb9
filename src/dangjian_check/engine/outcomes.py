"""What a rule says of one record: its windows, judged one by one or alike for many subjects."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, overload

from dangjian_check.checks.base import ANYONE, Path, Subject, Verdict
from dangjian_check.model.calendar import Window
from dangjian_check.model.outcome import Outcome, worst
from dangjian_check.rulebook.rule import Rule

_ORDER = tuple(Outcome)
_SILENT = frozenset({Outcome.NOT_APPLICABLE, Outcome.PENDING})


@dataclass(frozen=True, slots=True)
class Price:
    """Points one assessor's entry (at ``place``) takes, once for all the windows it is for. ``repriced`` says that
    the machine had failed them, and the price is a choice within the sheet's range."""

    points: Fraction
    place: Path
    repriced: bool = False


@dataclass(frozen=True, slots=True)
class WindowOutcome:
    """What a rule says of one window and subject, and the price an assessor set if it is found wanting. ``excused``
    is set on the copies that are scored under a waiver: the outcome stays, the loss does not."""

    window: Window
    subject: Subject | None
    verdict: Verdict
    price: Price | None = None
    excused: bool = False

    @property
    def outcome(self) -> Outcome:
        return self.verdict.outcome

    @property
    def is_lost(self) -> bool:
        """Whether it failed and nobody excused it."""
        return self.outcome is Outcome.FAIL and not self.excused


class Alike(NamedTuple):
    """One window in which ``verdict`` holds for many subjects, but for their names; ``own`` others have outcomes of
    their own. In the order of the record."""

    window: Window
    verdict: Verdict
    items: Sequence[Subject | WindowOutcome]
    own: int = 0

    def outcomes(self) -> Iterator[WindowOutcome]:
        """Every subject's own outcome."""
        for item in self.items:
            if isinstance(item, WindowOutcome):
                yield item
            else:
                named = replace(self.verdict, message=self.verdict.message.replace(ANYONE.label, item.label))
                yield WindowOutcome(self.window, item, named)


def _count(counts: dict[Outcome, int], items: Iterable[Subject | WindowOutcome]) -> None:
    for item in items:
        if isinstance(item, WindowOutcome):
            counts[item.verdict.outcome] += 1


class Windows(Sequence[WindowOutcome]):
    """The windows of one rule, in order; those judged alike are told apart only when somebody looks at them. ``tally``
    says how many came to each outcome, ``counts`` the same in the order of the outcomes."""

    def __init__(self, parts: Iterable[WindowOutcome | Alike]) -> None:
        self._parts = tuple(parts)
        self.tally: Mapping[Outcome, int] = self._tallied()
        self.counts = tuple([self.tally.get(outcome, 0) for outcome in _ORDER])
        self.worst = worst(self.tally)

    @cached_property
    def _all(self) -> tuple[WindowOutcome, ...]:
        return tuple(w for p in self._parts for w in (p.outcomes() if isinstance(p, Alike) else (p,)))

    def _tallied(self) -> dict[Outcome, int]:
        counts: dict[Outcome, int] = defaultdict(int)
        for part in self._parts:
            if isinstance(part, WindowOutcome):
                counts[part.verdict.outcome] += 1
                continue
            if part.own:
                _count(counts, part.items)
            if len(part.items) > part.own:
                counts[part.verdict.outcome] += len(part.items) - part.own
        return counts

    def __len__(self) -> int:
        return sum(self.tally.values())

    def __iter__(self) -> Iterator[WindowOutcome]:
        return iter(self._all)

    @overload
    def __getitem__(self, index: int) -> WindowOutcome: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[WindowOutcome, ...]: ...
    def __getitem__(self, index: int | slice) -> WindowOutcome | tuple[WindowOutcome, ...]:
        return self._all[index]

    def __eq__(self, other: object) -> bool:
        return self._all == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._all)


@dataclass(frozen=True)
class RuleOutcome:
    """A rule with all its windows; ``awarded`` is what assessors gave."""

    rule: Rule
    windows: Sequence[WindowOutcome]
    awarded: Fraction | None = None

    @property
    def tally(self) -> Mapping[Outcome, int]:
        """How many windows came to each outcome."""
        return self.windows.tally if type(self.windows) is Windows else Counter([w.outcome for w in self.windows])

    @property
    def outcome(self) -> Outcome:
        return self.windows.worst if type(self.windows) is Windows else worst(self.tally)

    @property
    def judged(self) -> bool:
        """Whether any window has more to it than "does not bind" or "not yet"."""
        return not _SILENT.issuperset(self.tally)

    @property
    def has_open(self) -> bool:
        """Whether any window still waits for a person or a fuller record."""
        return any(outcome.is_open for outcome in self.tally)

    @property
    def reason(self) -> str:
        """Why the rule is not plainly met or missed: the message of its worst window."""
        outcome = self.outcome
        if outcome in (Outcome.PASS, Outcome.FAIL):
            return ""
        return next((w.verdict.message for w in self.windows if w.outcome is outcome), "")

    def count(self, *outcomes: Outcome) -> int:
        return sum(self.tally.get(outcome, 0) for outcome in outcomes)
