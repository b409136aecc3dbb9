"""A report read back: what the files that `audit` wrote say, as far as it is compared or counted.

The fields bear the names of the JSON; keys that nobody here asks for are left unread. Values are checked where files
are read (`dangjian_check.loading.reports`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field, PlainValidator

from dangjian_check.model.calendar import Period
from dangjian_check.model.outcome import SILENT, Outcome
from dangjian_check.rulebook.rule import Severity, Strength

_MOST = 10**9


def _number(value: Any) -> Fraction:
    """A number of a report, exactly as it is written."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= _MOST:
        raise ValueError("number")
    return Fraction(value) if isinstance(value, int) else Fraction(repr(value))


Number = Annotated[Fraction, PlainValidator(_number)]


@dataclass(frozen=True, slots=True)
class ReportedSpan:
    """The period audited."""

    start: Annotated[date, Field(alias="from")]
    end: Annotated[date, Field(alias="to")]

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    def __str__(self) -> str:
        return f"{self.start} 至 {self.end}"


@dataclass(frozen=True, slots=True)
class ReportedStandard:
    """By which standard, in which state of its files."""

    id: str
    title: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ReportedBranch:
    """Whose record it was."""

    id: str
    name: str
    type: str | None = None
    parent: str | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class ReportedWindow:
    """What was said of one window and subject (its key)."""

    window: str
    outcome: Outcome
    subject: str | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class ReportedOutcome:
    """A rule with all its windows."""

    rule: str
    title: str
    outcome: Outcome
    windows: tuple[ReportedWindow, ...]
    actor: str = ""

    @property
    def judged(self) -> bool:
        return any(w.outcome not in SILENT for w in self.windows)

    @property
    def has_open(self) -> bool:
        return any(w.outcome.is_open for w in self.windows)


@dataclass(frozen=True, slots=True)
class ReportedSource:
    """Where a demand is written."""

    document: str
    article: str
    number: str | None = None

    @property
    def label(self) -> str:
        return f"《{self.document}》{self.article}"


@dataclass(frozen=True, slots=True)
class ReportedDuty:
    """A missed rule as reports name it."""

    id: str
    title: str
    severity: Severity
    source: ReportedSource
    remedy: str


@dataclass(frozen=True, slots=True)
class ReportedDeficiency:
    """A failed window as it was shown; of a demand put to every member, the ``people`` who missed it."""

    fingerprint: str
    rule: str
    window: str
    message: str
    remedy: str
    severity: Severity
    strength: Strength
    source: ReportedSource
    deduction: Number
    item: str | None = None
    subject: str | None = None
    people: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    to_verify: str | None = None


@dataclass(frozen=True, slots=True)
class ReportedWaived(ReportedDeficiency):
    """A failed window that an approved waiver covers."""

    waiver: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReportedItem:
    """One indicator of the sheet."""

    id: str
    title: str
    points: Number
    low: Number
    high: Number
    completeness: Number = Fraction(1)
    by_superior: bool = False


@dataclass(frozen=True, slots=True)
class ReportedScore:
    """Points as an interval."""

    low: Number
    high: Number
    max: Number
    completeness: Number
    items: tuple[ReportedItem, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportedAssessment:
    """One branch under one standard. ``waived`` may be absent."""

    branch: ReportedBranch
    standard: ReportedStandard | str
    period: ReportedSpan
    as_of: date
    score: ReportedScore | None
    outcomes: tuple[ReportedOutcome, ...]
    deficiencies: tuple[ReportedDeficiency, ...]
    counts: dict[Outcome, int] = field(default_factory=dict)
    waived: tuple[ReportedWaived, ...] = ()

    @property
    def pack(self) -> ReportedStandard:
        return ReportedStandard(self.standard) if isinstance(self.standard, str) else self.standard

    def own(self) -> Iterator[ReportedOutcome]:
        """Outcomes of the duties this branch (or organization) answers for."""
        wanted = self.of_organization
        return (o for o in self.outcomes if (o.actor == "superior") is wanted)

    @property
    def of_organization(self) -> bool:
        """Whether it is a superior's own record: those whose counts are those of the superior's duties."""
        theirs = [o for o in self.outcomes if o.actor == "superior"]
        rest = [o for o in self.outcomes if o.actor != "superior"]
        return bool(theirs) and self._counted(theirs) and not self._counted(rest)

    def _counted(self, outcomes: Iterable[ReportedOutcome]) -> bool:
        found = Counter(o.outcome for o in outcomes)
        return found == Counter({outcome: n for outcome, n in self.counts.items() if n})

    @property
    def judged(self) -> bool:
        """Whether anything was judged at all."""
        return any(o.judged for o in self.own())

    @property
    def waiting(self) -> int:
        """Duties that wait for a person or a fuller record."""
        return sum(o.has_open for o in self.own())

    def missed(self) -> tuple[tuple[ReportedDuty, Fraction], ...]:
        """The rule of every deficiency, and the points lost for certain."""
        titles = {o.rule: o.title for o in self.outcomes}
        return tuple(
            (ReportedDuty(d.rule, titles.get(d.rule, d.rule), d.severity, d.source, d.remedy), d.deduction)
            for d in self.deficiencies
        )

    def came_to(self) -> Counter[Outcome]:
        """How many duties came to which outcome."""
        return Counter(o.outcome for o in self.own())

    @property
    def excused(self) -> int:
        """Failed windows that a waiver covers."""
        return len(self.waived)


@dataclass(frozen=True, slots=True)
class RowDeficiency:
    """A failed window in a line of ``dj-check.rows/1``; with a ``waiver`` it is one that the waiver covers."""

    rule: str
    title: str
    severity: Severity
    remedy: str
    document: str
    article: str
    deduction: Number
    number: str | None = None
    waiver: str | None = None

    @property
    def duty(self) -> ReportedDuty:
        source = ReportedSource(self.document, self.article, self.number)
        return ReportedDuty(self.rule, self.title, self.severity, source, self.remedy)


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """One line of ``dj-check.rows/1``: what is counted of an assessment, without the windows behind it."""

    branch_id: Annotated[str, Field(alias="branch")]
    name: str
    file: str
    standard: str
    period_from: date
    period_to: date
    as_of: date
    judged: bool
    waiting: int
    score_low: Number | None
    score_high: Number | None
    score_max: Number | None
    completeness: Number | None
    deficiencies: tuple[RowDeficiency, ...]
    n_pass: int
    n_fail: int
    n_not_applicable: int
    n_unknown: int
    n_pending: int
    n_manual: int
    n_error: int
    items: tuple[ReportedItem, ...] = ()
    standard_title: str = ""
    digest: str = ""
    branch_type: str | None = None
    parent: str | None = None

    @property
    def branch(self) -> ReportedBranch:
        return ReportedBranch(self.branch_id, self.name, self.branch_type, self.parent, self.file)

    @property
    def pack(self) -> ReportedStandard:
        return ReportedStandard(self.standard, self.standard_title, self.digest)

    @property
    def period(self) -> ReportedSpan:
        return ReportedSpan(self.period_from, self.period_to)

    @property
    def score(self) -> ReportedScore | None:
        low, high, most, completeness = self.score_low, self.score_high, self.score_max, self.completeness
        if low is None or high is None or most is None or completeness is None:
            return None
        return ReportedScore(low, high, most, completeness, self.items)

    def missed(self) -> tuple[tuple[ReportedDuty, Fraction], ...]:
        """The rule of every deficiency that no waiver covers, and the points lost for certain."""
        return tuple((d.duty, d.deduction) for d in self.deficiencies if d.waiver is None)

    def came_to(self) -> Counter[Outcome]:
        """How many duties came to which outcome."""
        return Counter({outcome: getattr(self, f"n_{outcome.value}") for outcome in Outcome})

    @property
    def excused(self) -> int:
        """Failed windows that a waiver covers."""
        return sum(d.waiver is not None for d in self.deficiencies)


@dataclass(frozen=True, slots=True)
class ReportedProblem:
    """An input that the audit itself could not use."""

    file: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class ReportedRun:
    """One whole report: the file it was read from, its assessments, what could not be read at the time."""

    file: str
    assessments: tuple[ReportedAssessment, ...]
    problems: tuple[ReportedProblem, ...] = ()
