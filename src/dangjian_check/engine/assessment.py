"""What reports look at: outcomes, scores, deficiencies, assessments, the report. Frozen, computed once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from dangjian_check.checks.base import NearMiss, Subject
from dangjian_check.engine.outcomes import RuleOutcome, WindowOutcome
from dangjian_check.errors import KeyPath, Location, Problem
from dangjian_check.model.calendar import Period
from dangjian_check.model.facts import Fact
from dangjian_check.model.outcome import Outcome
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.sheet import Sheet
from dangjian_check.rulebook.standard import Standard
from dangjian_check.rulebook.waiver import Waiver


class ItemScore(NamedTuple):
    """One indicator of the sheet: what it is worth, what it keeps at least and at most, how much is judged."""

    id: str
    title: str
    points: Fraction
    low: Fraction
    high: Fraction
    completeness: Fraction
    bonus: bool = False
    by_superior: bool = False
    lost_uncapped: Fraction = Fraction(0)


class Grade(NamedTuple):
    """The band both ends fall in, or the one of each end if they differ."""

    low: str
    high: str

    @property
    def certain(self) -> bool:
        return self.low == self.high


class Score(NamedTuple):
    """Points as an interval; ``bonus`` is kept apart and is no part of ``low``, ``high`` and ``max``."""

    low: Fraction
    high: Fraction
    max: Fraction
    completeness: Fraction
    items: tuple[ItemScore, ...]
    bonus: ItemScore | None = None
    grade: Grade | None = None
    own_sheet: bool = True
    sheet_title: str = ""
    with_superior: bool = False


class Deficiency(NamedTuple):
    """A failed window as shown to people. ``curable``: what is missing can still be made good; ``worth`` is what that
    would bring back of the deduction (as a rule nothing if it is late all the same). ``expired`` is the waiver that no
    longer covers it; ``known`` says whether the baseline lists it, None without a baseline."""

    fingerprint: str
    rule: Rule
    item: str | None
    window: str
    subject: Subject | None
    people: tuple[str, ...]
    message: str
    deduction: Fraction
    place: KeyPath
    assumed: tuple[str, ...] = ()
    curable: bool = False
    worth: Fraction = Fraction(0)
    expired: Waiver | None = None
    known: bool | None = None


class WaivedDeficiency(NamedTuple):
    """A deficiency that a waiver covers: shown with its ground, and no reason to fail anybody."""

    deficiency: Deficiency
    waiver: Waiver


class Due(NamedTuple):
    """Something still owed under one rule: what is missing, for whom, and the last day in time.

    ``standing``: no day was set and it is lacking already (``day`` is then the day judged). ``notice`` is the day to
    begin preparing. ``key`` names the duty and outlives rewording and a moved day.
    """

    key: str
    rule: Rule
    standard: str
    window: str
    subject: Subject | None
    people: tuple[str, ...]
    day: date
    overdue: bool
    message: str
    missing: str
    notice: date | None = None
    standing: bool = False

    @property
    def remedy(self) -> str:
        return self.rule.remedy

    @property
    def from_day(self) -> date:
        """The day from which it should be before people's eyes."""
        return min(self.day, self.notice or self.day)


class WindowTrace(NamedTuple):
    """One window's outcome with its ground: the entries that counted and those that nearly did."""

    outcome: WindowOutcome
    counted: tuple[Fact, ...]
    near: tuple[NearMiss, ...]


class Trace(NamedTuple):
    """A rule judged over one record, with the ground of every window."""

    outcome: RuleOutcome
    windows: tuple[WindowTrace, ...]


class BranchRef(NamedTuple):
    """Whose record it is; ``parent`` is the superior organization as the record names it."""

    id: str
    name: str
    file: str
    parent: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """One branch judged under one standard. Every rule of the standard has an outcome. ``deficiencies`` are those
    still open; ``waived`` are those that a waiver covers."""

    branch: BranchRef
    standard: Standard
    period: Period
    as_of: date
    outcomes: tuple[RuleOutcome, ...]
    deficiencies: tuple[Deficiency, ...]
    score: Score | None
    due: tuple[Due, ...] = ()
    coverage_assumed: bool = False
    of_organization: bool = False
    places: dict[KeyPath, Location] = field(default_factory=dict, compare=False)
    traces: dict[str, Trace] = field(default_factory=dict, compare=False)
    waived: tuple[WaivedDeficiency, ...] = ()

    @property
    def sheet(self) -> Sheet:
        """The sheet it was scored by."""
        return self.standard.superior_sheet if self.of_organization else self.standard.sheet

    def found(self) -> tuple[Deficiency, ...]:
        """Every deficiency, waived or not."""
        return (*self.deficiencies, *(w.deficiency for w in self.waived))

    def place(self, path: KeyPath) -> Location:
        """Where the thing at ``path`` stands in the record."""
        return self.places.get(path, Location(1, 1))

    def where(self, path: KeyPath) -> str:
        """The same for people: file, line and column, or sheet and cell."""
        place = self.place(path)
        return f"{place.file or self.branch.file}:{place}"

    def own(self) -> Iterable[RuleOutcome]:
        """Outcomes of the duties this branch (or organization) answers for."""
        return (o for o in self.outcomes if o.rule.by_superior is self.of_organization)

    def annex(self) -> Iterable[RuleOutcome]:
        """Outcomes of the superior's duties in a branch's record, listed apart."""
        return (o for o in self.outcomes if o.rule.by_superior and not self.of_organization)

    def counts(self) -> dict[Outcome, int]:
        counted = dict.fromkeys(Outcome, 0)
        for outcome in self.own():
            counted[outcome.outcome] += 1
        return counted

    @property
    def judged(self) -> bool:
        """Whether anything was judged at all."""
        return any(o.judged for o in self.own())


class LogEntry(NamedTuple):
    """One activity of the log as a time line shows it. ``held`` is false if it was only planned or fell through."""

    day: date
    types: tuple[str, ...]
    topic: str | None
    held: bool
    place: Location


class Doubt(NamedTuple):
    """Something about a record that a person should look at; never a deduction. ``kind`` is one of
    `dangjian_check.engine.doubts.KINDS`, ``reason`` says why it is doubtful."""

    kind: str
    message: str
    reason: str
    places: tuple[Location, ...] = ()


class RecordView(NamedTuple):
    """What a run found about one record whatever the standard: its log, what the reader inferred or left unread
    (``notes``), and what is doubtful."""

    branch: BranchRef
    log: tuple[LogEntry, ...] = ()
    notes: tuple[Problem, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one run found: what a format is given. ``notes`` are about the run itself, such as waivers that
    were of no use; they fail nobody."""

    assessments: tuple[Assessment, ...]
    problems: tuple[Problem, ...]
    standards: tuple[Standard, ...]
    as_of: date | None = None
    period: Period | None = None
    records: tuple[RecordView, ...] = ()
    notes: tuple[Problem, ...] = ()
