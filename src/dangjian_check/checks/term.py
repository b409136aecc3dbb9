"""``term``: years in office. A term of office ends on the day ``years`` after its election."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field

from dangjian_check.checks.base import Check, Dateable, Deadline, Subject, Verdict, number_at, state_window
from dangjian_check.model.calendar import Period, Window, add_months
from dangjian_check.model.facts import Facts
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.record import Committee
from dangjian_check.model.vocabulary import BranchType


class Term(Check):
    """Each 届 must be followed by the next election on or before the day its term runs out.

    The length is what the approval says (``term_years`` in the record), else ``by_type`` of the branch, else
    ``years``; with neither it cannot be told. An extension counts only if approved before the term ran out. A
    late election is a failure that has been put right; the new term runs from its actual day. A by-election
    restarts nothing. ``years`` is the number in force on the day of election. ``notice_months`` before its end the
    branch is to be reminded.
    """

    kind: Literal["term"]
    years: Dateable | None = None
    by_type: dict[BranchType, Dateable] = {}
    notice_months: int | None = Field(None, ge=1, le=12)
    not_judged: ClassVar[frozenset[str]] = frozenset({"notice_months"})

    def windows(self, facts: Facts) -> Sequence[Window]:
        return list(self._windows(facts))

    def _windows(self, facts: Facts) -> Iterator[Window]:
        begun = [(i, term) for i, term in facts.terms if term.elected is not None and term.elected <= facts.as_of]
        if not begun:
            yield state_window(facts)
        for index, term in begun:
            assert term.elected is not None
            due = next(iter(self._dues(facts, term)), None)
            window = Window(term.elected, due or term.elected, f"term:{term.elected.isoformat()}")
            if self._listed(facts, index, window if due else None):
                yield window

    def bound_span(self, facts: Facts, window: Window) -> Period:
        """The audit day: a term overdue since before the standard is overdue under it."""
        return Period(facts.as_of, facts.as_of)

    def _listed(self, facts: Facts, index: int, term: Window | None) -> bool:
        """A term is listed when it ends in the period, is running, or was overdue on a day of the period; one whose
        length nobody knows, until it was followed."""
        successor, period = self._next(facts, index), facts.period
        if term is None:
            return successor is None or period.contains(successor)
        due, over = term.end, successor or facts.as_of
        ended = due <= period.end and max(due, over) >= period.start
        return ended or (successor is None and facts.as_of < due and term.start <= period.end)

    def _next(self, facts: Facts, index: int) -> date | None:
        order = [i for i, _ in facts.terms]
        later = facts.terms[order.index(index) + 1 :]
        day = later[0][1].elected if later else None
        return day if day is not None and day <= facts.as_of else None

    def _years(self, facts: Facts, term: Committee) -> list[Dateable | None]:
        """The lengths that may be meant: several if the branch's type decides and was not written; None is none."""
        if term.term_years is not None:
            return [Fraction(term.term_years)]
        kind = facts.branch.type
        return [self.by_type.get(kind, self.years)] if kind else [self.years, *self.by_type.values()]

    def judge(self, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        found = next(
            ((i, t) for i, t in facts.terms if t.elected and window.name.endswith(t.elected.isoformat())),
            None,
        )
        if found is None:
            return Verdict(Outcome.UNKNOWN, "没有写本届产生的日期，无法核对任期", place=("committee",))
        index, term = found
        dues, place = self._dues(facts, term), ("committee", index)
        if not dues:
            return Verdict(Outcome.UNKNOWN, f"{term.elected} 产生的一届没有写任期年数，文件也没有规定", place=place)
        successor = self._next(facts, index)
        answers = [self._outcome(facts, due, successor) for due in dues]
        due, (outcome, found_text) = dues[0], answers[0]
        message = f"{term.elected} 产生的一届应在 {due} 前换届，{found_text}"
        if len({answer for answer, _ in answers}) > 1:
            outcome, message = Outcome.UNKNOWN, "没有写支部类型（branch.type），看不出任期几年"
        expected, actual = {"by": due.isoformat()}, successor.isoformat() if successor else None
        return Verdict(outcome, message, expected=expected, actual=actual, defect="late", place=place)

    def due(self, facts: Facts, window: Window, subject: Subject | None, verdict: Verdict) -> Deadline | None:
        """The day the term runs out; an overdue election is owed until it is held, late as that will be."""
        held = verdict.actual is not None
        if held or verdict.outcome not in (Outcome.PENDING, Outcome.FAIL):
            return None
        notice = add_months(window.end, -self.notice_months) if self.notice_months else None
        return Deadline(window.end, "换届", notice, late=verdict.outcome is Outcome.FAIL)

    def _dues(self, facts: Facts, term: Committee) -> list[date]:
        """The last days in time, earliest first: several only if the branch's type decides and was not written."""
        assert term.elected is not None
        found = set()
        for years in self._years(facts, term):
            number = number_at(years, term.elected)
            if number is not None:
                due = add_months(term.elected, int(number * 12))
                extension = term.extension
                found.add(max(due, extension.until) if extension and extension.approved <= due else due)
        return sorted(found)

    def _outcome(self, facts: Facts, due: date, successor: date | None) -> tuple[Outcome, str]:
        if successor is not None and successor <= due:
            return Outcome.PASS, f"{successor} 已换届"
        if successor is not None:
            return Outcome.FAIL, f"{successor} 才换届，逾期 {(successor - due).days} 天（已换届）"
        if facts.as_of <= due:
            return Outcome.PENDING, "尚未到期"
        return Outcome.FAIL, f"已逾期 {(facts.as_of - due).days} 天"
