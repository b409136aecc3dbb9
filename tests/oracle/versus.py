"""The engine and the evaluator on one case, and the smallest case on which they still differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from typing import Any

from builders import key, record_from, rule_from
from dangjian_check.engine.judge import judge
from dangjian_check.model.calendar import Period
from dangjian_check.model.facts import Facts
from oracle.days import Data
from oracle.evaluate import evaluate
from oracle.open_differences import Disagreement, explained

Told = dict[str, tuple[str, str | None]]
NEEDED = ("type", "in", "kind", "name", "check", "select", "id", "source")
WHOLE = ("slots", "values", "by_type")
ABSENT = ("-", None)


def spans_of(case: Data) -> tuple[tuple[date, date], date]:
    """The period and the audit day of a case."""
    first, last = case["period"]
    return (date.fromisoformat(first), date.fromisoformat(last)), date.fromisoformat(case["as_of"])


def _told(rule: Data, outcome: str, count: object) -> tuple[str, str | None]:
    counted = rule["check"]["kind"] == "frequency" and outcome in ("pass", "fail")
    return outcome, str(count) if counted else None


def by_hand(case: Data, rule: Data) -> Told:
    """What the evaluator says of each window; of a frequency that is kept or broken also the count."""
    found = evaluate(case["record"], rule, *spans_of(case))
    return {name: _told(rule, said.outcome, said.count) for name, said in found.items()}


def by_engine(case: Data) -> list[Told]:
    """What the engine says of the same, rule by rule."""
    period, as_of = spans_of(case)
    facts = Facts(record_from(case["record"]), Period(*period), as_of)
    judged = [(rule, judge(rule_from(rule), facts).windows) for rule in case["rules"]]
    return [{key(w): _told(rule, w.outcome.value, w.verdict.actual) for w in windows} for rule, windows in judged]


def disagreements(case: Data) -> list[Disagreement]:
    """Every window on which the two differ, or which only one of them lists."""
    found = []
    for rule, engine in zip(case["rules"], by_engine(case), strict=True):
        hand = by_hand(case, rule)
        for name in sorted({*hand, *engine}):
            ours, theirs = hand.get(name, ABSENT), engine.get(name, ABSENT)
            if ours != theirs:
                found.append(Disagreement(case, rule, name, ours[0], theirs[0], ours[1], theirs[1]))
    return found


def unexplained(case: Data) -> list[Disagreement]:
    """The disagreements that no open difference explains."""
    return [found for found in disagreements(case) if explained(found) is None]


def differs(case: Data) -> bool:
    """Whether the two differ without explanation, on a case that is still a valid one."""
    try:
        return any(found.engine != "error" for found in unexplained(case))
    except Exception:
        return False


def smallest(case: Data, still: Callable[[Data], bool] = differs) -> Data:
    """The case with everything left out that is not needed for the difference."""
    found = True
    while found:
        found = False
        for smaller in _smaller(case):
            if still(smaller):
                case, found = smaller, True
                break
    return case


def _smaller(case: Data) -> Iterator[Data]:
    for path in _removable(case, ()):
        copy: Any = deepcopy(case)
        place = copy
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]
        if copy["rules"]:
            yield copy


def _removable(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in parts:
        if path or step in ("record", "rules"):
            if path and step not in NEEDED:
                yield (*path, step)
            if step not in WHOLE:
                yield from _removable(part, (*path, step))
