"""What a report says of one assessment, whatever the format: notes on the score, grounds, what is open, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from dangjian_check.checks.base import NearMiss
from dangjian_check.engine.assessment import Assessment, Deficiency, RuleOutcome, Score, WindowOutcome, WindowTrace
from dangjian_check.model.calendar import STATE, iso_day, window_label
from dangjian_check.model.facts import Fact
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports.base import interval, points
from dangjian_check.rulebook.rule import STRENGTH_LABELS, Rule

SHOWN = 6
_NAMES = 3


def waiting(assessment: Assessment) -> int:
    """How many duties wait for a person or a fuller record."""
    return sum(outcome.has_open for outcome in assessment.own())


def score_notes(score: Score) -> Iterator[str]:
    """What has to be said of a score so that nobody misreads it."""
    if score.bonus is not None:
        gained = interval(score.bonus.low, score.bonus.high)
        yield f"另有加分 {points(score.bonus.points)} 分待人评（现为 {gained}），不计入上数"
    if not score.own_sheet:
        yield f"该文件没有评分表，按《{score.sheet_title}》折算，只供参考"
    superior = sum((item.points for item in score.items if item.by_superior), Fraction(0))
    if superior and not score.with_superior:
        yield f"其中 {points(superior)} 分是上级责任指标，没有核也没有扣（--official 按总表计）"


def by_rule(deficiencies: Iterable[Deficiency]) -> list[tuple[Rule, list[Deficiency]]]:
    """Each missed rule with all the windows in which it was missed, in the order given."""
    found: dict[str, tuple[Rule, list[Deficiency]]] = {}
    for deficiency in deficiencies:
        found.setdefault(deficiency.rule.id, (deficiency.rule, []))[1].append(deficiency)
    return list(found.values())


def lost(deficiencies: Iterable[Deficiency]) -> Fraction:
    """Points lost for certain."""
    return sum((deficiency.deduction for deficiency in deficiencies), Fraction(0))


def told(deficiency: Deficiency) -> str:
    """What is said of a missed window, without the window's name."""
    window, text = deficiency.window, deficiency.message
    return text if window == STATE or ":" in window else text.removeprefix(window_label(window))


def window_words(deficiency: Deficiency) -> str:
    """The window for a column of its own; for a single entry its day, else what it is called."""
    if deficiency.subject is None or not deficiency.window.startswith("on:"):
        return window_label(deficiency.window)
    label = deficiency.subject.label
    return label[:10] if iso_day(label[:10]) else label


def flags(rule: Rule) -> list[str]:
    """What a reader should know of a demand before relying on it."""
    found = [f"“{STRENGTH_LABELS[rule.strength]}”性要求"] if rule.strength != "must" else []
    found += ["含推定"] if rule.assumed else []
    return found + (["待核原文"] if rule.to_verify else [])


def failed_windows(assessment: Assessment, deficiency: Deficiency) -> list[WindowTrace]:
    """The traced windows behind one deficiency: one, or one for each member who missed it."""
    trace = assessment.traces.get(deficiency.rule.id)
    return [window for window in trace.windows if _behind(window.outcome, deficiency)] if trace else []


def _behind(item: WindowOutcome, deficiency: Deficiency) -> bool:
    if item.outcome is not Outcome.FAIL or item.window.name != deficiency.window:
        return False
    if deficiency.people:
        return item.subject is not None and item.subject.label in deficiency.people
    return item.subject == deficiency.subject


def grounds(windows: list[WindowTrace]) -> tuple[list[Fact], list[NearMiss]]:
    """What counted in these windows, and what nearly did; each entry (and each reason) once."""
    counted = dict.fromkeys(fact for window in windows for fact in window.counted)
    near = {(miss.fact, miss.why): miss for window in windows for miss in window.near}
    return list(counted), list(near.values())


def open_reason(outcome: RuleOutcome) -> str:
    """Why a rule is open: what a person is asked to look at, else what is said of its first open window."""
    if outcome.outcome is Outcome.MANUAL and outcome.rule.judgement:
        return outcome.rule.judgement
    return next((w.verdict.message for w in outcome.windows if w.outcome.is_open), outcome.reason)


def for_people(assessment: Assessment) -> list[RuleOutcome]:
    """Duties that need a person's judgement."""
    return [o for o in assessment.own() if o.outcome is Outcome.MANUAL]


def undecided(assessment: Assessment) -> list[RuleOutcome]:
    """Duties that cannot be told for want of data, or whose rule went wrong."""
    doubtful = (Outcome.UNKNOWN, Outcome.ERROR)
    return [o for o in assessment.own() if o.count(*doubtful) and o.outcome is not Outcome.MANUAL]


def coming_due(assessment: Assessment) -> list[tuple[date, str, str]]:
    """What is still to be done, soonest first: last day, rule, what (and for whom)."""
    found = []
    for outcome in assessment.own():
        windows: dict[tuple[date, str], list[WindowOutcome]] = {}
        for item in outcome.windows:
            if item.outcome is Outcome.PENDING and item.window.end > assessment.as_of:
                windows.setdefault((item.window.end, item.window.name), []).append(item)
        for (due, _), items in windows.items():
            people = [item.subject.label for item in items if item.subject]
            who = f"（{'、'.join(people[:_NAMES])}{'等' if len(people) > _NAMES else ''}）" if people else ""
            found.append((due, outcome.rule.id, f"{outcome.rule.title}{who}"))
    return sorted(found, key=lambda item: (item[0], item[2]))
