"""One assessment read back, asked about single windows: who failed there, what is said now, and if nothing, why."""

from __future__ import annotations

from collections.abc import Iterator

from dangjian_check.engine.reported import (
    ReportedAssessment,
    ReportedDeficiency,
    ReportedOutcome,
    ReportedRun,
    ReportedWindow,
)
from dangjian_check.model.calendar import parse_period
from dangjian_check.model.outcome import Outcome

_CASE = "on:"


class Sight:
    """What one assessment (or none) says, by rule and window."""

    def __init__(self, assessment: ReportedAssessment | None, run: ReportedRun | None = None) -> None:
        self.assessment = assessment
        self.run = run
        self.rules: dict[str, ReportedOutcome] = {}
        self._windows: dict[tuple[str, str], list[ReportedWindow]] = {}
        self._failed: dict[tuple[str, str | None], list[str]] | None = None
        for outcome in assessment.outcomes if assessment else ():
            self.rules[outcome.rule] = outcome
            for window in outcome.windows:
                self._windows.setdefault((outcome.rule, window.window), []).append(window)

    def title(self, rule: str) -> str:
        return self.rules[rule].title if rule in self.rules else ""

    def failing(self, d: ReportedDeficiency) -> list[tuple[str | None, str]]:
        """The subjects behind a deficiency: key and name. A deficiency of several people names them in the order of
        their windows; where the two do not agree, the names must do for keys."""
        if not d.people:
            return [(d.subject, d.subject or "")]
        windows = self._windows.get((d.rule, d.window), ())
        keys = [w.subject for w in windows if w.outcome is Outcome.FAIL and w.subject is not None]
        return list(zip(keys if len(keys) == len(d.people) else d.people, d.people, strict=True))

    def failed_windows(self, rule: str, subject: str | None, window: str) -> list[str]:
        """The windows in which a rule was missed by a subject. A single entry (``on:``) is nobody's own, so there any
        other entry counts."""
        if self._failed is None:
            self._failed = {}
            for d in self.assessment.deficiencies if self.assessment else ():
                for found, _ in self.failing(d):
                    key = None if d.window.startswith(_CASE) else found
                    self._failed.setdefault((d.rule, key), []).append(d.window)
        return list(dict.fromkeys(self._failed.get((rule, None if window.startswith(_CASE) else subject), ())))

    def look(self, d: ReportedDeficiency, subject: str | None) -> tuple[bool, str]:
        """Whether what a deficiency missed was judged and met, and what is said of it."""
        if self.assessment is None:
            return False, self._gone_branch(d)
        excused = self._excused(d, subject)
        if excused is not None:
            return False, excused
        outcome = self.rules.get(d.rule)
        if outcome is None:
            return False, "新报告用的标准里没有这条规则"
        windows = self._windows.get((d.rule, d.window), [])
        mine = [w for w in windows if w.subject == subject]
        if len(mine) > 1:
            return False, "同名的不止一个，分不清是哪一个"
        worst = next((w for w in mine if w.outcome is not Outcome.PASS), None)
        if worst is not None:
            return False, _said(worst)
        if mine:
            return True, mine[0].message
        general = next((w for w in windows if w.subject is None and w.outcome is not Outcome.PASS), None)
        return False, _said(general) if general else self._gone(d, outcome, bool(windows))

    def _excused(self, d: ReportedDeficiency, subject: str | None) -> str | None:
        assert self.assessment is not None
        for waived in self.assessment.waived:
            same = (waived.rule, waived.window, waived.subject) == (d.rule, d.window, d.subject)
            if same and (not waived.people or subject in {key for key, _ in self._named(waived)}):
                return f"已准予豁免{_waiver(waived.waiver)}"
        return None

    def _named(self, waived: ReportedDeficiency) -> Iterator[tuple[str | None, str]]:
        """The subjects of a waived deficiency, under their keys and their names."""
        for key, name in self.failing(waived):
            yield key, name
            yield name, name

    def _gone_branch(self, d: ReportedDeficiency) -> str:
        unread = len({problem.file for problem in self.run.problems}) if self.run else 0
        more = f"（新报告有 {unread} 个文件没有读成）" if unread else ""
        return f"新报告里没有这个支部按这份标准的结论{more}"

    def _gone(self, d: ReportedDeficiency, outcome: ReportedOutcome, window_there: bool) -> str:
        """Why a rule that was judged says nothing of this window and subject."""
        assert self.assessment is not None
        if window_there:
            return "新报告里没有这个对象（名册变了，或者不再适用）"
        span, as_of = self.assessment.period, self.assessment.as_of
        period = parse_period(d.window)
        if period is not None and not span.start <= period.end <= span.end:
            return f"不在新报告的核查期间（{span}）"
        if period is not None and period.start > as_of:
            return f"新报告只核到 {as_of}"
        if len(outcome.windows) == 1 and outcome.windows[0].outcome is not Outcome.PASS:
            return _said(outcome.windows[0])
        if d.window.startswith(_CASE):
            return "新报告里没有核到这一条记录（已不在期间内，或者已从记录里删去）"
        return "新报告没有核这一段"


def _said(window: ReportedWindow) -> str:
    if window.outcome is Outcome.FAIL:
        return "新报告里仍不合格，但没有列为本支部的问题"
    return f"{window.outcome.label}：{window.message}" if window.message else window.outcome.label


def _waiver(waiver: dict[str, object]) -> str:
    """Which waiver, as far as the report says."""
    parts = [value for key in ("id", "document", "reason") if isinstance(value := waiver.get(key), str) and value]
    return f"（{'，'.join(parts)}）" if parts else ""
