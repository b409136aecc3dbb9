"""A rule explained: what it demands and on what ground; with a record, what counted and what nearly did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from dangjian_check.checks.base import Dated, plain
from dangjian_check.engine.assessment import Trace, WindowTrace
from dangjian_check.errors import KeyPath, Location
from dangjian_check.model.calendar import window_label
from dangjian_check.model.facts import Fact
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports.base import clean, points
from dangjian_check.rulebook.rule import ACTOR_LABELS, SEVERITY_LABELS, STRENGTH_LABELS, Rule
from dangjian_check.rulebook.sheet import Indicator, Line
from dangjian_check.rulebook.standard import Standard

_NEAR_SHOWN = 8
Place = Callable[[KeyPath], Location]


def rule_text(rule: Rule, standard: Standard) -> str:
    """The rule as a page of text."""
    return "\n".join(clean(line) if line else "" for line in _rule_lines(rule, standard)) + "\n"


def _rule_lines(rule: Rule, standard: Standard) -> Iterator[str]:
    yield f"{rule.id}  {rule.title}"
    yield f"标准  {standard.manifest.title}（{standard.id}）"
    for source in rule.source:
        number = f"（{source.number}）" if source.number else ""
        since = f"，{source.start} 起施行" if source.start else ""
        until = f"，至 {source.end}" if source.end else ""
        yield f"依据  {source.label}{number}{since}{until}"
    if not rule.waivable:
        yield "豁免  不得豁免"
    if rule.to_verify:
        yield f"待核  {rule.to_verify}，引用前请核对原文"
    if rule.clauses:
        yield f"条目  {'、'.join(rule.clauses)}"
    strength, severity = STRENGTH_LABELS[rule.strength], SEVERITY_LABELS[rule.severity]
    yield f"责任  {ACTOR_LABELS[rule.actor]}    要求程度 {strength}    轻重 {severity}"
    yield f"核法  {check_words(rule)}"
    for assumed in rule.assumed:
        yield f"推定  {assumed}"
    for name, dated in _dated(rule.check):
        yield f"数字  {name}：{'；'.join(f'{day} 起 {plain(value)}' for day, value in sorted(dated.values.items()))}"
    if rule.judgement:
        yield f"人评  {rule.judgement}"
    for leaf, line in _scored(rule, standard):
        yield f"计分  指标 {leaf.id} {leaf.title}（{points(leaf.points)} 分）：{line.title}，{loss_words(line)}"
    yield f"理由  {rule.reason}"
    yield f"改正  {rule.remedy}"
    if rule.tests:
        yield "测试"
        for test in rule.tests:
            yield f"  - {test.name}"


def check_words(rule: Rule) -> str:
    """The check as its parameters, compactly; exact, not prose."""
    shown = rule.check.model_dump(mode="python", by_alias=True, exclude_none=True, exclude_defaults=True)
    parts = [f"{key}={_plain(value)}" for key, value in shown.items() if key != "kind"]
    each = rule.for_each.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True) if rule.for_each else None
    when = (
        rule.applies_when.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
        if rule.applies_when
        else None
    )
    words = f"{rule.check.kind}（{'，'.join(parts)}）"
    words += f"；逐个核 {_plain(each)}" if each else ""
    return words + (f"；适用条件 {_plain(when)}" if when else "")


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_plain(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return _plain(value[0]) if len(value) == 1 else "[" + ", ".join(map(_plain, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _dated(check: Any) -> Iterator[tuple[str, Dated]]:
    for name in type(check).model_fields:
        value = getattr(check, name)
        if isinstance(value, Dated):
            yield name, value


def _scored(rule: Rule, standard: Standard) -> Iterator[tuple[Indicator, Line]]:
    for leaf in standard.sheet.leaves():
        yield from ((leaf, line) for line in leaf.lines if rule.id in line.rules)


def loss_words(line: Line) -> str:
    """What missing it costs, in words."""
    loss: Any = line.loss
    words = {
        "flat": lambda: f"扣 {_amount(loss.points)} 分",
        "each": lambda: f"每{'人次' if loss.distinct else '缺一个窗口'}扣 {_amount(loss.points)} 分",
        "range": lambda: f"由评分人扣 {_amount(loss.low)}—{_amount(loss.high)} 分",
        "merged": lambda: f"合为一项，缺不过 {loss.up_to} 扣 {_amount(loss.lower)} 分，否则扣 {_amount(loss.upper)} 分",
        "tiers": lambda: "；".join(f"缺 {t.at_least} 个起扣 {_amount(t.points)} 分" for t in loss.tiers),
        "shortfall": lambda: f"低于 {loss.below} 起，每低 {loss.per} 扣 {_amount(loss.points)} 分",
        "proportion": lambda: f"缺几成扣几成，最多 {round(float(loss.points), 2):g} 分",
    }
    return words[loss.kind]()


def _amount(number: Fraction) -> str:
    """Points as people write them: 0.5; a fraction only where two decimals cannot say it."""
    return points(number) if (number * 100).denominator == 1 else str(plain(number))


def trace_text(found: Trace, file: str, place: Place) -> str:
    """What each window rests on, for a secretary."""
    lines = [f"记录  {file}", f"结论  {found.outcome.outcome.label}"]
    for window in found.windows:
        lines.extend(_window_lines(window, file, place))
    return "\n".join(clean(line) for line in lines) + "\n"


def _window_lines(window: WindowTrace, file: str, place: Place) -> Iterator[str]:
    item = window.outcome
    who = f" {item.subject.label}" if item.subject else ""
    yield f"{window_label(item.window.name)}{who}  {item.outcome.label}"
    if item.outcome is not Outcome.PASS or not window.counted:
        yield f"    {item.verdict.message}"
    for fact in window.counted:
        yield f"    算数  {_at(fact, file, place)}"
    for near in window.near[:_NEAR_SHOWN]:
        yield f"    不算  {_at(near.fact, file, place)}：{near.why}"
    if len(window.near) > _NEAR_SHOWN:
        yield f"    另有 {len(window.near) - _NEAR_SHOWN} 条相近的记录不算数"


def _at(fact: Fact, file: str, place: Place) -> str:
    found = place(fact.path)
    return f"{fact.label}（{found.file or file}:{found}）"


def explain_data(rule: Rule, standard: Standard, found: Trace | None, place: Place | None) -> dict[str, Any]:
    """The same as plain data for ``--format json``."""
    data: dict[str, Any] = {
        "schema": "dj-check.explain/1",
        "standard": standard.id,
        "rule": rule.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"tests"}),
        "tests": [test.name for test in rule.tests],
    }
    if found is not None and place is not None:
        data["outcome"] = found.outcome.outcome.value
        data["windows"] = [_window_data(w, place) for w in found.windows]
    return data


def _window_data(window: WindowTrace, place: Place) -> dict[str, Any]:
    item = window.outcome
    return {
        "window": item.window.name,
        "subject": item.subject.key if item.subject else None,
        "outcome": item.outcome.value,
        "message": item.verdict.message,
        "counted": [_fact_data(fact, place) for fact in window.counted],
        "near": [{**_fact_data(near.fact, place), "why": near.why} for near in window.near],
    }


def _fact_data(fact: Fact, place: Place) -> dict[str, Any]:
    found = place(fact.path)
    return {"entry": fact.label, "line": found.line, "column": found.column, "cell": found.cell}
