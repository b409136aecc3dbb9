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
from oracle.verdicts import Said

Told = dict[str, tuple[str, str | None]]
COUNTING = ("frequency",)
NEEDED = ("type", "in", "kind", "name", "check", "select", "id", "source")
WHOLE = ("slots", "values", "by_type")


def _spans(case: Data) -> tuple[tuple[date, date], date]:
    first, last = case["period"]
    return (date.fromisoformat(first), date.fromisoformat(last)), date.fromisoformat(case["as_of"])


def by_hand(case: Data, rule: Data) -> Told:
    """What the evaluator says of each window; of a frequency also the count."""
    period, as_of = _spans(case)
    return {name: _told(rule, said) for name, said in evaluate(case["record"], rule, period, as_of).items()}


def _told(rule: Data, said: Said) -> tuple[str, str | None]:
    counted = rule["check"]["kind"] in COUNTING and said.outcome in ("pass", "fail")
    return said.outcome, str(said.count) if counted else None


def by_engine(case: Data) -> list[Told]:
    """What the engine says of the same, rule by rule."""
    period, as_of = _spans(case)
    facts = Facts(record_from(case["record"]), Period(*period), as_of)
    found = []
    for rule in case["rules"]:
        windows = judge(rule_from(rule), facts).windows
        counts = rule["check"]["kind"] in COUNTING
        found.append({
            key(w): (w.outcome.value, str(w.verdict.actual) if counts and w.outcome in ("pass", "fail") else None)
            for w in windows
        })
    return found


def differences(case: Data) -> list[tuple[Data, Told, Told]]:
    """The rules the two disagree on: the rule, what is said by hand, what the engine says."""
    pairs = zip(case["rules"], by_engine(case), strict=True)
    both = [(rule, by_hand(case, rule), engine) for rule, engine in pairs]
    return [(rule, hand, engine) for rule, hand, engine in both if hand != engine]


def differs(case: Data) -> bool:
    """Whether the two disagree; a case that is no valid record is none."""
    try:
        return bool(differences(case))
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
