"""What a rule says of one record: its windows, judged one by one or alike for many subjects."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, overload

from dangjian_check.checks.base import ANYONE, Subject, Verdict
from dangjian_check.errors import KeyPath
from dangjian_check.model.calendar import Window
from dangjian_check.model.facts import Fact
from dangjian_check.model.outcome import SILENT, Outcome, worst
from dangjian_check.rulebook.rule import Rule


class Price(NamedTuple):
    """Points one assessor's entry (at ``place``) takes, once for all the windows it is for. ``repriced`` says that
    the machine had failed them, and the price is a choice within the sheet's range."""

    points: Fraction
    place: KeyPath
    repriced: bool = False


class WindowOutcome(NamedTuple):
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
    """One window in which many subjects are judged, in the order of the record. Those who come to the same share a
    verdict, their names left out (`ANYONE`); ``counted`` are the entries it rests on, by name."""

    window: Window
    subjects: Sequence[Subject]
    verdicts: Sequence[Verdict]
    counted: Mapping[str, tuple[Fact, ...]]

    def tally(self) -> Mapping[Outcome, int]:
        """How many of them came to each outcome."""
        first = self.verdicts[0]
        if len(set(map(id, self.verdicts))) == 1:
            return {first.outcome: len(self.verdicts)}
        return Counter([verdict.outcome for verdict in self.verdicts])

    def outcomes(self) -> Iterator[WindowOutcome]:
        """Every subject's own outcome."""
        for subject, verdict in zip(self.subjects, self.verdicts, strict=True):
            yield WindowOutcome(self.window, subject, _own(verdict, subject, self.counted))


def _own(said: Verdict, subject: Subject, counted: Mapping[str, tuple[Fact, ...]]) -> Verdict:
    """The verdict with the subject's name and entries."""
    if ANYONE.label not in said.message and subject.label not in counted:
        return said
    message, found = said.message.replace(ANYONE.label, subject.label), counted.get(subject.label, said.counted)
    return Verdict(said.outcome, message, said.expected, said.actual, said.defect, found, said.place)


class Windows(Sequence[WindowOutcome]):
    """The windows of one rule, in order; those judged alike are told apart only when somebody looks at them. ``tally``
    says how many came to each outcome, ``counts`` the same as a key."""

    def __init__(self, parts: Iterable[WindowOutcome | Alike]) -> None:
        self._parts = tuple(parts)
        self.tally: Mapping[Outcome, int] = self._tallied()
        self.counts = tuple(self.tally.items())
        self.worst = worst(self.tally)

    @cached_property
    def _all(self) -> tuple[WindowOutcome, ...]:
        return tuple(w for p in self._parts for w in (p.outcomes() if isinstance(p, Alike) else (p,)))

    def _tallied(self) -> dict[Outcome, int]:
        counts: dict[Outcome, int] = defaultdict(int)
        for part in self._parts:
            if isinstance(part, WindowOutcome):
                counts[part.verdict.outcome] += 1
            else:
                for outcome, number in part.tally().items():
                    counts[outcome] += number
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


class Later(Windows):
    """Windows of which it is known how many come to each outcome, because others that are alike have been judged: they
    are judged themselves when somebody looks at them."""

    def __init__(self, alike: Windows, judge: Callable[[], Iterable[WindowOutcome]]) -> None:
        self.tally, self.counts, self.worst = alike.tally, alike.counts, alike.worst
        self._judge = judge

    @cached_property
    def _all(self) -> tuple[WindowOutcome, ...]:
        return tuple(self._judge())


@dataclass(frozen=True)
class RuleOutcome:
    """A rule with all its windows; ``awarded`` is what assessors gave. ``tally``: how many windows came to each
    outcome."""

    rule: Rule
    windows: Sequence[WindowOutcome]
    awarded: Fraction | None = None
    tally: Mapping[Outcome, int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        windows = self.windows
        tally = windows.tally if isinstance(windows, Windows) else Counter([w.outcome for w in windows])
        object.__setattr__(self, "tally", tally)

    @property
    def outcome(self) -> Outcome:
        return self.windows.worst if isinstance(self.windows, Windows) else worst(self.tally)

    @property
    def judged(self) -> bool:
        """Whether any window has more to it than "does not bind" or "not yet"."""
        return not SILENT.issuperset(self.tally)

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


class Outcomes(list[RuleOutcome]):
    """What every rule of a standard says of one record, in the order of the standard."""

    @classmethod
    def of(cls, listed: Iterable[RuleOutcome]) -> Outcomes:
        return listed if isinstance(listed, cls) else cls(listed)

    @cached_property
    def by_rule(self) -> Mapping[str, RuleOutcome]:
        return {outcome.rule.id: outcome for outcome in self}
