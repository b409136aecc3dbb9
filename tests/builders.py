"""Short records and rules for tests: YAML in the shorthand of rule tests, judged the way the engine judges them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from dangjian_check.engine.assess import assess, audit_span
from dangjian_check.engine.assessment import Assessment, BranchRef, ItemScore
from dangjian_check.engine.due import ahead
from dangjian_check.engine.judge import judge
from dangjian_check.engine.outcomes import RuleOutcome, WindowOutcome
from dangjian_check.engine.trace import trace
from dangjian_check.loading.workdays import load_workdays
from dangjian_check.loading.yaml_events import read_yaml
from dangjian_check.model.calendar import Period, parse_period
from dangjian_check.model.consistency import clashes
from dangjian_check.model.facts import Facts
from dangjian_check.model.record import Record
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.sheet import Sheet
from dangjian_check.rulebook.shorthand import expand
from dangjian_check.rulebook.standard import Chapter, Manifest, Standard

Find = Callable[[str], Rule]
LATE = date(2100, 12, 31)
WORKDAYS = load_workdays()
RULE = {"id": "T-1", "title": "测试用的要求", "reason": "测试", "remedy": "测试"}


def yaml(text: str) -> Any:
    """The plain data of one YAML text; dates stay text, as in record files."""
    tree = read_yaml(text.encode(), "test.yaml")
    expected = ()
    assert expected == tree.problems
    return tree.data


def record_of(text: str) -> Record:
    """The record behind a short one (the shorthand of rule tests), valid and free of clashes."""
    record = Record.model_validate(expand(yaml(text)))
    expected = []
    assert expected == list(clashes(record))
    return record


def rule_of(text: str, *, since: str | None = None) -> Rule:
    """A rule from its telling parts (``check: …``); the texts every rule needs are filled in."""
    source = {"document": "测试文件", "article": "第一条"} | ({"from": since} if since else {})
    return Rule.model_validate(RULE | {"source": source} | yaml(text))


def _period(text: str | None) -> Period | None:
    period = parse_period(text) if text else None
    assert period is not None or text is None
    return period


def facts_of(text: str, period: str | None = None, as_of: str | None = None) -> Facts:
    """The facts of a short record, by default for the period the tool itself would choose, judged at its end."""
    record = record_of(text)
    span = audit_span(record, _period(period), date.fromisoformat(as_of) if as_of else None, LATE)
    return Facts(record, span.period, span.as_of, WORKDAYS)


def looking_ahead(record: Record, as_of: date, until: date) -> Facts:
    """The index over a record for a look from one day to another."""
    frame = ahead(as_of, until)
    return Facts(record, frame.period, as_of, horizon=until, frame=frame)


def judged(rule: Rule, text: str, period: str | None = None, as_of: str | None = None) -> RuleOutcome:
    """What a rule says of a short record."""
    return judge(rule, facts_of(text, period, as_of))


def key(window: WindowOutcome) -> str:
    """``2024-03``, with a subject ``2024-03/g1``, of one entry ``on:a``: as rule tests name windows."""
    name, subject = window.window.name, window.subject
    return name if subject is None or subject.kind == "entry" else f"{name}/{subject.key}"


def outcomes(rule: Rule, text: str, period: str | None = None, as_of: str | None = None) -> dict[str, str]:
    """The outcome of every window of a rule over a short record."""
    return {key(w): w.outcome.value for w in judged(rule, text, period, as_of).windows}


def messages(rule: Rule, text: str, period: str | None = None, as_of: str | None = None) -> dict[str, str]:
    """The message of every window of a rule over a short record."""
    return {key(w): w.verdict.message for w in judged(rule, text, period, as_of).windows}


def near_misses(rule: Rule, text: str, window: str, period: str | None = None, as_of: str | None = None) -> list[str]:
    """Why entries nearly counted in one window, as `explain` says it."""
    found = trace(rule, facts_of(text, period, as_of)).windows
    return [near.why for w in found if key(w.outcome) == window for near in w.near]


def assessed(
    standard: Standard,
    text: str,
    period: str | None = None,
    as_of: str | None = None,
    *,
    with_superior: bool = False,
) -> Assessment:
    """One branch under one standard, from a short record in which every assessor's entry must fit."""
    record = record_of(text)
    span = audit_span(record, _period(period), date.fromisoformat(as_of) if as_of else None, LATE)
    branch = BranchRef(record.body.id or "b1", record.body.name, "branch.yaml")
    assessment, misfits = assess(standard, Facts(record, *span, WORKDAYS), branch, with_superior=with_superior)
    expected = []
    assert expected == misfits
    return assessment


def item(assessment: Assessment, name: str) -> ItemScore:
    """One indicator of the score."""
    assert assessment.score is not None
    return next(i for i in assessment.score.items if i.id == name)


def months(year: int, outcome: str, **others: str) -> dict[str, str]:
    """``outcome`` for each month of a year, except as said: ``months(2024, "pass", m03="fail")``."""
    assert set(others) <= {f"m{n:02d}" for n in range(1, 13)}
    return {f"{year}-{n:02d}": others.get(f"m{n:02d}", outcome) for n in range(1, 13)}


def rule_from(data: dict[str, Any]) -> Rule:
    """A rule from plain data; the texts every rule needs are filled in."""
    source = {"document": "测试文件", "article": "第一条"} | data.get("source", {})
    return Rule.model_validate(RULE | data | {"source": source})


def record_from(data: dict[str, Any]) -> Record:
    """The record behind plain data in the record format, valid and free of clashes."""
    record = Record.model_validate(data)
    expected = []
    assert expected == list(clashes(record))
    return record


def standard_from(rules: Iterable[Rule], sheet: dict[str, Any]) -> Standard:
    """A standard of these rules with this sheet."""
    manifest = Manifest(id="test", title="测试标准", issuer="测试", document="测试文件")
    empty = Sheet(title="空表", indicators=[])
    return Standard(manifest, (Chapter("第一条", tuple(rules)),), Sheet.model_validate(sheet), empty)


def name_of_window(unit: str, day: date) -> str:
    """An oracle: the name of the one calendar window of a unit that a single day belongs to."""
    year, month = day.year, day.month
    if unit == "semester":
        if month in {2, 3, 4, 5, 6, 7}:
            return f"{year}-spring"
        return f"{year - 1 if month == 1 else year}-autumn"
    return {
        "month": f"{year}-{month:02d}",
        "quarter": f"{year}Q{'111222333444'[month - 1]}",
        "half": f"{year}H{1 if month < 7 else 2}",
        "year": str(year),
    }[unit]
