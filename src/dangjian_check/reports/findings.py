"""A deficiency in the words that tables share: its category, its ground, its evidence, how it was looked into."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

from dangjian_check.engine.assessment import Assessment, BranchRef, Deficiency, Report, RuleOutcome, WindowOutcome
from dangjian_check.model.calendar import STATE, window_label
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.record import SERIES
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.sheet import Sheet

_FEW = 5
NO_DAY = date(2000, 1, 1)
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
    standard = assessment.standard
    return standard.superior_sheet if assessment.of_organization else standard.sheet


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
    flags = ["含推定"] if rule.assumed else []
    flags += ["待核原文"] if rule.to_verify else []
    note = f"；{'、'.join(flags)}" if flags else ""
    return f"《{source.document}》{number}{source.article}（{rule.id}{note}）"


def period(deficiency: Deficiency) -> str:
    """The period or case a deficiency is about; empty for how things stand."""
    if deficiency.window == STATE:
        return ""
    if deficiency.window.startswith("on:") and deficiency.subject is not None:
        return deficiency.subject.label
    return window_label(deficiency.window)


def evidence(assessment: Assessment, deficiency: Deficiency) -> str:
    """证据/缺失期间: the period, whom it concerns, and the entries that were found in it."""
    when = period(deficiency) or f"{assessment.as_of} 时的状况"
    people = f"涉及：{'、'.join(deficiency.people)}" if deficiency.people else ""
    entries = list(dict.fromkeys(fact.label for w in _failed(assessment, deficiency) for fact in w.verdict.counted))
    more = f"等 {len(entries)} 条" if len(entries) > _FEW else ""
    found = f"查到：{'、'.join(entries[:_FEW])}{more}" if entries and when not in entries else ""
    return "；".join(part for part in (when, people, found) if part)


def _failed(assessment: Assessment, deficiency: Deficiency) -> list[WindowOutcome]:
    """The failed windows a deficiency was made of."""
    outcome = next((o for o in assessment.outcomes if o.rule.id == deficiency.rule.id), None)
    return [
        w
        for w in (outcome.windows if outcome is not None else ())
        if w.outcome is Outcome.FAIL and w.window.name == deficiency.window and _same(w, deficiency)
    ]


def _same(window: WindowOutcome, deficiency: Deficiency) -> bool:
    if deficiency.people:
        return window.subject is not None and window.subject.label in deficiency.people
    return window.subject == deficiency.subject


def method(deficiency: Deficiency) -> str:
    """检查方式: which of the branch's papers was looked into."""
    series = str(deficiency.place[0]) if deficiency.place else ""
    if series in _METHODS:
        return _METHODS[series]
    return f"查{SERIES[series].label}台账" if series in SERIES else "查记录"


def said(deficiency: Deficiency) -> str:
    """What is said of a window, without its name."""
    label = window_label(deficiency.window)
    return deficiency.message.removeprefix(label) if ":" not in deficiency.window else deficiency.message


def question(outcome: RuleOutcome) -> str:
    """What a person is asked of an open rule: its judgement, else what is said of its first open window."""
    if outcome.outcome is Outcome.MANUAL and outcome.rule.judgement:
        return outcome.rule.judgement
    return next((w.verdict.message for w in outcome.windows if w.outcome.is_open), outcome.reason)


def names(report: Report) -> dict[BranchRef, str]:
    """The name to show for each branch: with its id where several share a name, with its file where the id too."""
    branches = list(dict.fromkeys(a.branch for a in report.assessments))
    name = Counter(branch.name for branch in branches)
    both = Counter((branch.name, branch.id) for branch in branches)
    return {b: _told_apart(b, name[b.name] > 1, both[b.name, b.id] > 1) for b in branches}


def _told_apart(branch: BranchRef, same_name: bool, same_id: bool) -> str:
    if same_id:
        return f"{branch.name}（{branch.file}）"
    return f"{branch.name}（{branch.id}）" if same_name else branch.name


def day_of(report: Report) -> date:
    """The day a document of this report bears: its own, else the latest of its assessments. Never the clock's."""
    return report.as_of or max((a.as_of for a in report.assessments), default=NO_DAY)


def span(report: Report) -> str:
    """The period and day of the whole report in words."""
    when = f"{report.period.start} 至 {report.period.end}" if report.period else "各份不同（见各支部）"
    until = f"，截至 {report.as_of} 当日终了" if report.as_of else ""
    return f"核查期间 {when}{until}"


def deduction(assessment: Assessment, deficiency: Deficiency) -> Fraction | str:
    """扣分: points, or that the sheet sets no price."""
    priced = any(deficiency.rule.id in leaf.all_rules() for leaf in sheet_of(assessment).leaves() if not leaf.bonus)
    return deficiency.deduction if priced else "不计分"
