"""What every check kind shares: its parameters are a Pydantic model, its answer is a `Verdict`.

A check kind knows the record and nothing of the law: it says which windows it judges and what it finds there.
Whether the demand binds a window at all (dates in force, `applies_when`, subjects) is decided by the engine.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import BeforeValidator, Discriminator, Tag, WithJsonSchema

from dangjian_check.errors import KeyPath
from dangjian_check.model.calendar import STATE, Period, Window
from dangjian_check.model.facts import Fact, Facts
from dangjian_check.model.fields import Day, Strict, exact, shown, wrong
from dangjian_check.model.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what one judgement is about: a member, group, post or entry; ``item`` is the thing itself."""

    kind: str
    key: str
    label: str
    path: KeyPath
    item: Any = field(compare=False)


_OWING = frozenset({Outcome.PENDING, Outcome.FAIL})


class _Nobody:
    """Stands for a member of whom no entry speaks."""

    name = "\0"


# Any member whom no entry names: what is said of it is said of all such members, with their names for its own.
ANYONE = Subject("member", "", _Nobody.name, (), _Nobody)


def nameless(subject: Subject) -> Subject:
    """The subject without its name: what is said of it can be said of others like it."""
    return Subject(subject.kind, subject.key, ANYONE.label, subject.path, subject.item)


NOTHING_EXPECTED: dict[str, Any] = {}  # the default, shared by all verdicts; nobody adds to it


class Verdict(NamedTuple):
    """What a check says of one window and subject.

    ``message`` states in Chinese what was owed and found; ``defect`` names the sort of failure for the
    fingerprint; ``counted`` are the entries it rests on.
    """

    outcome: Outcome
    message: str
    expected: dict[str, Any] = NOTHING_EXPECTED
    actual: Any = None
    defect: str = "missing"
    counted: tuple[Fact, ...] = ()
    place: KeyPath | None = None


class NearMiss(NamedTuple):
    """An entry that nearly counted, and why it did not (Chinese)."""

    fact: Fact
    why: str


class Deadline(NamedTuple):
    """By when what a window lacks must be there.

    ``missing`` names it in Chinese; ``notice`` is the day to begin preparing. ``standing``: no day is set, it is
    lacking already. ``late``: it is still owed, but the window stays failed however soon it is done.
    """

    day: date
    missing: str
    notice: date | None = None
    standing: bool = False
    late: bool = False


def _value(raw: Any) -> Any:
    number = exact(raw)
    if number is None:
        raise wrong("number", f"{shown(raw)} 不是数", "写成整数或分数，例如 1、1/2")
    if number < 0:
        raise wrong("number", f"{shown(raw)} 小于 0", "次数、比例、年数都从 0 起")
    return number


Amount = Annotated[Fraction, BeforeValidator(_value), WithJsonSchema({"type": ["number", "string"]})]


class Dated(Strict):
    """A number that changed over time: the value of the latest day not after the window's start is in force."""

    values: dict[Day, Amount]

    def at(self, day: date) -> Fraction | None:
        known = [start for start in self.values if start <= day]
        return self.values[max(known)] if known else None


Dateable = Annotated[
    Annotated[Amount, Tag("number")] | Annotated[Dated, Tag("dated")],
    Discriminator(lambda value: "dated" if isinstance(value, (dict, Dated)) else "number"),
]


def number_at(value: Fraction | Dated | None, day: date) -> Fraction | None:
    """A parameter's number on ``day``; None if there is none (yet)."""
    return value.at(day) if isinstance(value, Dated) else value


class Check(Strict):
    """Base of the check kinds. ``kind`` is the discriminator; ``not_judged`` are parameters no verdict depends on.

    ``binds_alike``: the days on which it must bind are the same for all branches of one period and day.
    ``names_entries``: the message of a pass names the entries that count.
    """

    kind: str
    not_judged: ClassVar[frozenset[str]] = frozenset()
    binds_alike: ClassVar[bool] = False
    names_entries: ClassVar[bool] = False

    def demands_on(self, day: date) -> bool:
        """Whether a number of the demand is in force on ``day``."""
        return True

    def can_fail(self) -> bool:
        """Whether any record can make this check fail, so that a test must prove it."""
        return True

    def quantities(self) -> tuple[str, ...]:
        """The names of the quantities (`measures`) it reads."""
        return ()

    def bound_span(self, facts: Facts, window: Window) -> Period:
        """The days on which branch, standard and conditions must all hold for the window to bind: all of it."""
        return window

    def restarted(self, facts: Facts, window: Window) -> Window | None:
        """Days at the end of a window that break the demand by themselves, whatever was before; None if none do."""
        return None

    def selector(self) -> Any:
        """The selector whose entries would have met the demand, if the kind has one."""
        return getattr(self, "select", None)

    def windows(self, facts: Facts) -> Sequence[Window]:
        """The windows judged; by default the state of things on the audit day."""
        return facts.frame.state

    def reads(self) -> frozenset[str] | None:
        """The series whose entries decide the verdict, if nothing else of the record does; None if more is read."""
        return None

    def told(self, facts: Facts) -> Hashable | None:
        """All that the outcomes depend on, where the demand binds throughout and nobody in particular is asked about,
        if it can be told in few words; None if not. Records of which the same is told come to the same outcomes, but
        for the entries that counted."""
        return None

    def of_members(self, facts: Facts, window: Window) -> Any:
        """What is selected for every member in a window (`select.OfMembers`), if the verdict depends on nothing else
        that is theirs; None if every subject has to be judged by itself."""
        return None

    def alike(self, facts: Facts, found: Any) -> Hashable | None:
        """All that a verdict on a member depends on beside the window, where this is selected: those of whom the same
        is told, in whatever record, come to the same, but for their names and the entries that count. None if it
        depends on the very entries."""
        return None

    def judge(self, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        """The verdict on one window (and subject) in which the demand binds."""
        raise TypeError(f"{type(self).__name__} does not judge")

    @property
    def owing(self) -> frozenset[Outcome]:
        """The outcomes that may leave something to be done (`due`)."""
        return _OWING

    def due(self, facts: Facts, window: Window, subject: Subject | None, verdict: Verdict) -> Deadline | None:
        """By when what the verdict found lacking can still be done; None if nothing is, or it no longer can.

        By default what is pending is due when its window ends, and the state of things can be mended at any time.
        """
        if verdict.outcome is Outcome.PENDING:
            return Deadline(window.end, verdict.message)
        if verdict.outcome is Outcome.FAIL and window.name == STATE:
            return Deadline(facts.as_of, verdict.message, standing=True)
        return None

    def outlasts(self) -> bool:
        """Whether what is asked of an entry may fall due long after the entry's own day."""
        return False

    def open_until(self, facts: Facts, window: Window, subject: Subject) -> date | None:
        """The last day for what was still to be done of an earlier entry when the period began; None if nothing was."""
        return None

    def near(self, facts: Facts, window: Window, subject: Subject | None) -> list[NearMiss]:
        """Entries that nearly counted, for explanations only."""
        return []


def state_window(facts: Facts) -> Window:
    """The audit day, judged as it stands then."""
    return facts.frame.state[0]


def plain(number: Fraction | int) -> int | str:
    """A number as JSON shows it: whole numbers as int, others as an exact fraction."""
    return int(number) if number.denominator == 1 else str(number)


def amount(number: Fraction | int) -> str:
    """A number of something as people read it: in decimals where these are exact, else as a fraction."""
    if number.denominator == 1:
        return str(int(number))
    decimals = Decimal(number.numerator) / number.denominator
    return format(decimals, "f") if Fraction(decimals) == number else str(number)
