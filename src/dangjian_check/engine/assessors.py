"""What a person decided about an open rule (``assessments`` in the record), laid over the machine's outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from dangjian_check.engine.outcomes import Price, RuleOutcome, WindowOutcome
from dangjian_check.errors import KeyPath
from dangjian_check.model.facts import Facts
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.series import Assessor
from dangjian_check.model.vocabulary import nearest
from dangjian_check.rulebook.sheet import Each, Flat, Indicator, Line, Merged, Range, Sheet


class Misfit(NamedTuple):
    """An assessor's entry that cannot stand: where it is written, what is wrong, what to do."""

    path: KeyPath
    message: str
    remedy: str


def apply(outcomes: list[RuleOutcome], facts: Facts, sheet: Sheet) -> tuple[list[RuleOutcome], list[Misfit]]:
    """Outcomes with every fitting assessor's entry applied, and the entries that do not fit.

    An entry answers the rule's open windows (or the one it names): ``deduct: 0`` makes them pass, more makes
    them fail at that price; on a failed window it sets the price within the sheet's range. It never turns a
    machine's pass or fail around.
    """
    if not facts.record.assessments:
        return outcomes, []
    by_rule = {outcome.rule.id: i for i, outcome in enumerate(outcomes)}
    families = {rule_id.partition("-")[0] for rule_id in by_rule}
    judged, misfits = list(outcomes), []
    listed = sorted(enumerate(facts.record.assessments), key=_precedence)
    for index, entry in listed:
        path: KeyPath = ("assessments", index)
        if entry.on > facts.as_of:
            continue
        position = by_rule.get(entry.rule)
        if position is None:
            if entry.rule.partition("-")[0] in families:
                near = nearest(entry.rule, list(by_rule))
                hint = f"最接近的是 {near[0]}" if near else "核对规则编号"
                misfits.append(Misfit((*path, "rule"), f"没有规则 {entry.rule}", hint))
            continue
        wrong = _out_of_range(entry, sheet)
        if wrong:
            misfits.append(Misfit((*path, "deduct" if entry.award is None else "award"), *wrong))
            continue
        if entry.award is not None:
            judged[position] = _award(judged[position], entry, entry.award, path, sheet)
            continue
        changed = _decide(judged[position], entry, path, ranged=_is_ranged(entry.rule, sheet))
        if changed is None:
            why = f"规则 {entry.rule} 没有待定的窗口，评分意见用不上"
            misfits.append(Misfit(path, why, "删去这条意见；对结论有异议的，改正记录或申请豁免"))
            continue
        judged[position] = changed
    return judged, misfits


def _precedence(pair: tuple[int, Assessor]) -> tuple[object, ...]:
    """The latest opinion first, on one day those on a single window first, then the strictest: the order in the
    file does not matter."""
    _, entry = pair
    aim = (entry.rule, entry.window is None, entry.window or "")
    return (-entry.on.toordinal(), *aim, -(entry.deduct or 0), -(entry.award or 0))


def _is_ranged(rule: str, sheet: Sheet) -> bool:
    """Whether the sheet leaves the price of a failure to an assessor."""
    return any(isinstance(line.loss, Range) for _, line in _lines(rule, sheet))


def _decide(outcome: RuleOutcome, entry: Assessor, path: KeyPath, *, ranged: bool) -> RuleOutcome | None:
    assert entry.deduct is not None
    aimed = [w for w in outcome.windows if entry.window in (None, w.window.name)]
    still_open = {id(w) for w in aimed if w.outcome.is_open}
    if still_open:
        windows = tuple(_answered(w, entry, path) if id(w) in still_open else w for w in outcome.windows)
        return replace(outcome, windows=windows)
    unpriced = {id(w) for w in aimed if w.outcome is Outcome.FAIL and w.price is None}
    if entry.deduct and ranged and unpriced:
        price = Price(entry.deduct, path, repriced=True)
        windows = tuple(w._replace(price=price) if id(w) in unpriced else w for w in outcome.windows)
        return replace(outcome, windows=windows)
    return None


def _award(outcome: RuleOutcome, entry: Assessor, award: Fraction, path: KeyPath, sheet: Sheet) -> RuleOutcome:
    """The points on top of earlier ones; what only the bonus asks about is thereby judged."""
    windows: Iterable[WindowOutcome] = outcome.windows
    if not any(_lines(entry.rule, sheet)):
        windows = (_answered(w, entry, path) if w.outcome.is_open else w for w in windows)
    return replace(outcome, windows=tuple(windows), awarded=(outcome.awarded or Fraction(0)) + award)


def _answered(window: WindowOutcome, entry: Assessor, path: KeyPath) -> WindowOutcome:
    outcome = Outcome.FAIL if entry.deduct else Outcome.PASS
    said = "有疏漏" if entry.deduct else "合格" if entry.award is None else f"加 {_points(entry.award)} 分"
    words = f"评分人 {entry.on} 认定{said}"
    message = f"{words}：{entry.remark}" if entry.remark else words
    verdict = window.verdict._replace(outcome=outcome, message=message, defect="assessed", place=path)
    return window._replace(verdict=verdict, price=Price(entry.deduct, path) if entry.deduct else None)


def _out_of_range(entry: Assessor, sheet: Sheet) -> tuple[str, str] | None:
    if entry.award is not None:
        leaf = next((i for i in sheet.leaves() if i.bonus and entry.rule in i.rules), None)
        if leaf is None:
            return f"规则 {entry.rule} 不在加分指标内", "删去 award，或改用 deduct"
        over = entry.award > leaf.points
        return (
            (f"加分 {_points(entry.award)} 超过指标 {leaf.id} 的 {_points(leaf.points)} 分", "核对加分")
            if over
            else None
        )
    assert entry.deduct is not None
    if not entry.deduct:
        return None
    allowed = [_allowed(line, leaf) for leaf, line in _lines(entry.rule, sheet)]
    if not allowed:
        return f"评分表没有给规则 {entry.rule} 规定扣分", "扣分写 0，或写到有扣分办法的规则上"
    low, high = min(a for a, _ in allowed), max(b for _, b in allowed)
    if low <= entry.deduct <= high:
        return None
    return f"扣分 {_points(entry.deduct)} 超出幅度 {_points(low)}—{_points(high)}", "改到幅度以内"


def _lines(rule: str, sheet: Sheet) -> Iterator[tuple[Indicator, Line]]:
    for leaf in sheet.leaves():
        yield from ((leaf, line) for line in leaf.lines if rule in line.rules)


def _allowed(line: Line, leaf: Indicator) -> tuple[Fraction, Fraction]:
    loss = line.loss
    if isinstance(loss, Range):
        return loss.low, loss.high
    if isinstance(loss, Merged):
        return loss.lower, loss.upper
    if isinstance(loss, Flat):
        return loss.points, loss.points
    if isinstance(loss, Each):
        return loss.points, leaf.cap or leaf.points
    return Fraction(0), leaf.cap or leaf.points


def _points(number: Fraction) -> str:
    return f"{float(number):g}"
