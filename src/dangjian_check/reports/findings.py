"""What is said of one deficiency, whatever the format: category, ground, period, evidence, how it was looked into."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from dangjian_check.checks.base import NearMiss
from dangjian_check.engine.assessment import Assessment, Deficiency, WindowTrace
from dangjian_check.engine.outcomes import WindowOutcome
from dangjian_check.model.calendar import STATE, iso_day, window_label
from dangjian_check.model.facts import Fact
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.record import SERIES
from dangjian_check.reports.base import points
from dangjian_check.rulebook.rule import STRENGTH_LABELS, Rule, Severity
from dangjian_check.rulebook.sheet import Sheet

Level = Literal["error", "warning", "note"]
LEVELS: dict[Severity, Level] = {"critical": "error", "major": "error", "minor": "warning", "info": "note"}
_FEW, SHOWN = 5, 6
_METHODS = {
    "activities": "查会议活动记录",
    "branch": "查支部基本情况",
    "organization": "查组织基本情况",
    "branches": "查所属支部名单",
    "committee": "查支委会名单",
    "groups": "查党小组名单",
    "members": "查党员名册",
    "headcount": "查党员名册",
    "assessments": "评分人评定",
}


def sheet_of(assessment: Assessment) -> Sheet:
    """The sheet an assessment was scored by."""
    return assessment.sheet


def category(assessment: Assessment, deficiency: Deficiency) -> str:
    """类别: the indicator of the sheet; for what the sheet leaves out, the chapter of the standard."""
    return category_of(assessment, deficiency.rule)


def category_of(assessment: Assessment, rule: Rule) -> str:
    """The same for any rule."""
    leaves = sorted(sheet_of(assessment).leaves(), key=lambda leaf: leaf.bonus)
    for leaf in leaves:
        if rule.id in leaf.all_rules():
            return leaf.title
    return next((c.title for c in assessment.standard.chapters if any(r.id == rule.id for r in c.rules)), "")


def clause(rule: Rule) -> str:
    """依据条款: document, number and article, with the rule that states it and what is to be known of our reading."""
    source = rule.citation
    number = f"（{source.number}）" if source.number else ""
    known = cautions(rule)
    note = f"；{'、'.join(known)}" if known else ""
    return f"《{source.document}》{number}{source.article}（{rule.id}{note}）"


def flags(rule: Rule) -> list[str]:
    """What a reader should know of a demand before relying on it."""
    strength = [f"“{STRENGTH_LABELS[rule.strength]}”性要求"] if rule.strength != "must" else []
    return strength + cautions(rule)


def cautions(rule: Rule) -> list[str]:
    """What is to be known of our reading of a clause."""
    return (["含推定"] if rule.assumed else []) + (["待核原文"] if rule.to_verify else [])


def period(deficiency: Deficiency) -> str:
    """The period or case a deficiency is about; empty for how things stand."""
    if deficiency.window == STATE:
        return ""
    if deficiency.window.startswith("on:") and deficiency.subject is not None:
        return deficiency.subject.label
    return window_label(deficiency.window)


def window_words(deficiency: Deficiency) -> str:
    """The window for a column of its own; for a single entry its day, else what it is called."""
    if deficiency.subject is None or not deficiency.window.startswith("on:"):
        return window_label(deficiency.window)
    label = deficiency.subject.label
    return label[:10] if iso_day(label[:10]) else label


def evidence(assessment: Assessment, deficiency: Deficiency) -> str:
    """证据/缺失期间: the period, whom it concerns, and the entries that were found in it."""
    when = period(deficiency) or f"{assessment.as_of} 时的状况"
    people = f"涉及：{'、'.join(deficiency.people)}" if deficiency.people else ""
    entries = list(dict.fromkeys(fact.label for w in _failed(assessment, deficiency) for fact in w.verdict.counted))
    more = f"等 {len(entries)} 条" if len(entries) > _FEW else ""
    found = f"查到：{'、'.join(entries[:_FEW])}{more}" if entries and when not in entries else ""
    return "；".join(part for part in (when, people, found) if part)


def _failed(assessment: Assessment, deficiency: Deficiency) -> list[WindowOutcome]:
    outcome = next((o for o in assessment.outcomes if o.rule.id == deficiency.rule.id), None)
    return [w for w in (outcome.windows if outcome is not None else ()) if _behind(w, deficiency)]


def _behind(window: WindowOutcome, deficiency: Deficiency) -> bool:
    """Whether a failed window is one of those a deficiency was made of."""
    if window.outcome is not Outcome.FAIL or window.window.name != deficiency.window:
        return False
    if deficiency.people:
        return window.subject is not None and window.subject.label in deficiency.people
    return window.subject == deficiency.subject


def failed_windows(assessment: Assessment, deficiency: Deficiency) -> list[WindowTrace]:
    """The traced windows behind one deficiency: one, or one for each member who missed it."""
    trace = assessment.traces.get(deficiency.rule.id)
    return [window for window in trace.windows if _behind(window.outcome, deficiency)] if trace else []


def grounds(windows: list[WindowTrace]) -> tuple[list[Fact], list[NearMiss]]:
    """What counted in these windows, and what nearly did; each entry (and each reason) once."""
    counted = dict.fromkeys(fact for window in windows for fact in window.counted)
    near = {(miss.fact, miss.why): miss for window in windows for miss in window.near}
    return list(counted), list(near.values())


def method(deficiency: Deficiency) -> str:
    """检查方式: which of the branch's papers was looked into."""
    series = str(deficiency.place[0]) if deficiency.place else ""
    if series in _METHODS:
        return _METHODS[series]
    return f"查{SERIES[series].label}台账" if series in SERIES else "查记录"


def said(deficiency: Deficiency) -> str:
    """What is said of a missed window, without the window's name."""
    window, text = deficiency.window, deficiency.message
    return text if window == STATE or ":" in window else text.removeprefix(window_label(window))


def cure(deficiency: Deficiency) -> str:
    """What mending it would bring back, in words: nothing more to be done, points, or the duty alone."""
    if not deficiency.curable:
        return "已过，不能补"
    if deficiency.worth:
        return f"补上可挽回 {points(deficiency.worth)} 分"
    return "还须补上，单补这一处不加分" if deficiency.deduction else "还可以补"


def deduction(assessment: Assessment, deficiency: Deficiency) -> Fraction | str:
    """扣分: points, or that the sheet sets no price."""
    priced = any(deficiency.rule.id in leaf.all_rules() for leaf in sheet_of(assessment).leaves() if not leaf.bonus)
    return deficiency.deduction if priced else "不计分"
