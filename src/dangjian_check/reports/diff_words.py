"""What is said of a comparison of two reports, whatever the format."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from dangjian_check.engine.claims import Checked, Standing
from dangjian_check.engine.diff import NEW_STATES, OLD_STATES, Case, Comparison, Diff, Finding, State
from dangjian_check.engine.reported import ReportedAssessment, ReportedDeficiency
from dangjian_check.engine.score_change import DIRECTION_LABELS, Change
from dangjian_check.reports.base import interval, points

TOLD = (Standing.UNSEEN, Standing.UNCHECKED, Standing.UNCLAIMED, Standing.UNMATCHED, Standing.ABSENT)
_PEOPLE = {
    State.PERSISTING: "仍没有做到",
    State.FIXED: "已做到",
    State.NOT_RECHECKED: "没有复查到",
    State.NEW: "这次新出现",
    State.REPEATED: "以前有过、这次又有",
}
_PEOPLE_ORDER = (State.FIXED, State.PERSISTING, State.NOT_RECHECKED, State.REPEATED, State.NEW)
_NAMED = 12


def totals(found: Diff) -> str:
    """How many deficiencies came to what."""
    counts = found.counts()
    before = sum(counts[state] for state in OLD_STATES)
    after = sum(counts[state] for state in NEW_STATES)
    return f"旧问题 {before} 处：{_counted(counts, OLD_STATES)}；新问题 {after} 处：{_counted(counts, NEW_STATES)}"


def _counted(counts: dict[State, int], states: tuple[State, ...]) -> str:
    return "、".join(f"{state.label} {counts[state]}" for state in states)


def span(a: ReportedAssessment | None) -> str:
    return f"{a.period}，截至 {a.as_of}" if a else "没有"


def branch(comparison: Comparison) -> str:
    return f"{comparison.branch.name}（{comparison.branch.id}）"


def standard(comparison: Comparison) -> str:
    title = comparison.standard.title
    return f"{title}（{comparison.standard.id}）" if title else comparison.standard.id


def ground(d: ReportedDeficiency) -> str:
    """依据: document, number and article, with the rule that states it."""
    number = f"（{d.source.number}）" if d.source.number else ""
    known = (["含推定"] if d.assumed else []) + (["待核原文"] if d.to_verify else [])
    note = f"；{'、'.join(known)}" if known else ""
    return f"《{d.source.document}》{number}{d.source.article}（{d.rule}{note}）"


def now(finding: Finding) -> str:
    """What is seen of a deficiency now: person by person, or the reason it is where it is."""
    if finding.by_person and finding.state not in NEW_STATES:
        return "；".join(_people(finding))
    if finding.state is State.FIXED:
        return finding.cases[0].reason
    return finding.reason


def _people(finding: Finding) -> Iterator[str]:
    before = finding.count(*OLD_STATES)
    yield f"原有 {before} 人"
    for state in _PEOPLE_ORDER:
        mine = [case for case in finding.cases if case.state is state]
        if mine:
            why = list(dict.fromkeys(c.reason for c in mine if c.reason)) if state is State.NOT_RECHECKED else []
            reason = f"（{'；'.join(why[:2])}）" if why else ""
            yield f"{len(mine)} 人{_PEOPLE[state]}：{_names(mine)}{reason}"


def _names(cases: list[Case]) -> str:
    more = f"等 {len(cases)} 人" if len(cases) > _NAMED else ""
    return "、".join(case.label for case in cases[:_NAMED]) + more


def move(change: Change) -> str:
    """``60–70 → 75 / 100，升 5–15 分``: both intervals, and by how much as far as that is certain."""
    before, after = (interval(*ends) if ends else "没有" for ends in (change.old, change.new))
    most = change.most[1] if change.most[1] is not None else change.most[0]
    return f"{before} → {after} / {points(most or Fraction(0))}，{moved(change)}"


def moved(change: Change) -> str:
    """By how much a score moved."""
    by, label = change.by, DIRECTION_LABELS[change.direction]
    if by is None:
        return label if change.old is not None and change.new is not None else "有一次没有计分"
    if change.direction == "up":
        return f"{label} {interval(*by)} 分"
    if change.direction == "down":
        return f"{label} {interval(-by[1], -by[0])} 分"
    return label if change.direction == "same" else f"升降{label}（{_signed(by[0])} 至 {_signed(by[1])}）"


def _signed(value: Fraction) -> str:
    return f"{'+' if value > 0 else ''}{points(value)}"


def moves(comparison: Comparison) -> list[Change]:
    """The items of the sheet that moved."""
    return [change for change in comparison.score.items if change.moved] if comparison.score else []


def claim_line(checked: Checked) -> str:
    """Which row of the ledger, or which deficiency that has none."""
    if checked.claim is not None:
        return f"{checked.claim.place}：{checked.claim.branch} {checked.claim.text}".rstrip()
    assert checked.comparison is not None
    assert checked.finding is not None
    return f"{checked.comparison.branch.name}：{checked.finding.shown.message}"


def claim_reason(checked: Checked) -> str:
    """What the reports show of it."""
    finding = checked.finding
    if finding is None:
        return ""
    return f"{finding.state.label}：{text}" if (text := now(finding)) else finding.state.label
