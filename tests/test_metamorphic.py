"""What must stay the same, or not get worse, when a case is changed in a way that does not matter.

The cases are those of the evaluator by hand (`oracle.cases`), drawn by Hypothesis; no answer is known beforehand, only
how two answers of the engine must be related.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from builders import key, record_from, rule_from
from dangjian_check import audit, render
from dangjian_check.engine.assessment import WindowOutcome
from dangjian_check.engine.judge import judge
from dangjian_check.model import coverage
from dangjian_check.model.calendar import Period
from dangjian_check.model.facts import Facts
from oracle.cases import NAMES
from oracle.cases import case as case_of
from oracle.days import Data
from oracle.versus import spans_of

cases = st.integers(0, 10**6).map(lambda number: case_of(SEED, number))
orders = st.integers(0, 10**6).map(Random)
quick = settings(
    max_examples=300, derandomize=True, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
few = settings(quick, max_examples=12)
SEED = 28
Outcomes = list[dict[str, str]]


def windows(case: Data) -> list[list[WindowOutcome]]:
    """Every window of every rule of a case."""
    period, as_of = spans_of(case)
    facts = Facts(record_from(case["record"]), Period(*period), as_of)
    return [list(judge(rule_from(rule), facts).windows) for rule in case["rules"]]


def outcomes(case: Data) -> Outcomes:
    """The outcome of every window of every rule, by name."""
    return [{key(w): f"{w.outcome} {_number(w.verdict.actual)}" for w in found} for found in windows(case)]


def _number(actual: Any) -> Any:
    """What was found; a list of it in an order of its own, for it is told in that of the rule."""
    return sorted(actual) if isinstance(actual, list) else actual


def everywhere(value: Any, change: Callable[[str], str]) -> Any:
    """The same data with every text in it changed, keys included."""
    if isinstance(value, dict):
        return {everywhere(name, change): everywhere(part, change) for name, part in value.items()}
    if isinstance(value, list):
        return [everywhere(part, change) for part in value]
    return change(value) if isinstance(value, str) else value


# One compliant meeting more

COUNTED = ("frequency", "presence", "limit")


def _missing(case: Data) -> list[set[str]]:
    """The windows of each rule in which something is missing: not those with too much, or on the wrong day."""
    lacking = ("too_few", "missing")
    return [{key(w) for w in found if w.outcome == "fail" and w.verdict.defect in lacking} for found in windows(case)]


def one_more(case: Data, day: str, kind: str) -> Data:
    """The case with one meeting more."""
    meeting = {"id": "more", "date": day, "type": kind, "topic": "又一次", "start": "20:30"}
    record = case["record"] | {"activities": [*case["record"].get("activities", ()), meeting]}
    return case | {"record": record}


@quick
@given(cases, st.data())
def test_one_compliant_meeting_more_leaves_nothing_else_missing(case: Data, data: st.DataObject) -> None:
    """Where the claim of completeness is written down, a further meeting makes no further window lack anything."""
    assume(case["record"].get("coverage"))
    asked = [
        r
        for r in case["rules"]
        if r["check"]["kind"] in COUNTED and "branch.has_committee" not in r.get("applies_when", {})
    ]
    assume(asked)
    case |= {"rules": asked}
    day = data.draw(st.dates(*(date.fromisoformat(d) for d in case["period"]))).isoformat()
    kind = data.draw(st.sampled_from(["支委会", "党员大会", "党课", "主题党日", "集中学习"]))

    before, after = _missing(case), _missing(one_more(case, day, kind))

    expected: list[set[str]] = [set() for _ in before]
    assert expected == [late - early for early, late in zip(before, after, strict=True)]


# Twenty-eight years later

YEAR = re.compile(r"(?<![0-9])(1[89]|20)[0-9]{2}(?![0-9])")
SHIFT = 28


def later(text: str) -> str:
    """Every year in a text, twenty-eight years on."""
    return YEAR.sub(lambda year: str(int(year[0]) + SHIFT), text)


@quick
@given(cases)
def test_twenty_eight_years_later_everything_is_the_same(case: Data) -> None:
    """Between 1901 and 2099 every fourth year is a leap year, so weekdays and leap days come round after 28 years; 400
    years, after which all calendars repeat, lead out of the years a record may name. Holidays do not come round: no
    rule here asks for them. Dates in force move along with the rest."""
    years = [int(year[0]) for year in YEAR.finditer(json.dumps(case))]
    assume(min(years) > 1910 and max(years) + SHIFT < 2090)

    expected = [everywhere(found, later) for found in outcomes(case)]

    assert expected == outcomes(everywhere(case, later))


# Another order


def shuffled(value: Any, rng: Random) -> Any:
    """The same data with every list and the keys of every mapping in another order."""
    if isinstance(value, dict):
        pairs = [(name, part if name in FIXED else shuffled(part, rng)) for name, part in value.items()]
        rng.shuffle(pairs)
        return dict(pairs)
    if isinstance(value, list):
        parts = [shuffled(part, rng) for part in value]
        rng.shuffle(parts)
        return parts
    return value


FIXED = ("period", "steps", "between", "rules")


@quick
@given(cases, orders)
def test_the_order_of_lists_and_keys_is_irrelevant(case: Data, rng: Random) -> None:
    """Members, posts, entries, claims, types and keys may be written in any order; only steps have one of their own."""
    other = shuffled(case, rng) | {"rules": [shuffled(rule, rng) for rule in case["rules"]]}

    assert outcomes(case) == outcomes(other)


# Other names

RENAMED = dict(zip(NAMES, ("赵甲", "钱乙", "孙丙", "张三", "李四丁"), strict=True)) | {
    "甲支部": "某系学生第二党支部",
    "第二党支部": "甲支部",
    "g1": "g3",
    "g2": "g1",
    "g3": "第二小组",
}


def renamed(text: str) -> str:
    """A name as another, in a window's key too."""
    window, slash, subject = text.partition("/")
    return f"{window}/{RENAMED.get(subject, subject)}" if slash else RENAMED.get(text, text)


@quick
@given(cases)
def test_other_names_for_people_groups_and_branches_change_nothing_else(case: Data) -> None:
    """Names are only names: exchanged for others throughout, each window has the same outcome under the new one."""
    expected = [{renamed(name): _renamed_in(said) for name, said in found.items()} for found in outcomes(case)]

    assert expected == outcomes(everywhere(case, renamed))


def _renamed_in(said: str) -> str:
    return re.sub("|".join(NAMES), lambda name: RENAMED[name[0]], said)


# A folder in two


def _said(folder: Path, *chosen: str) -> list[str]:
    """What is said of each branch in some folders, apart from where it lies."""
    report = audit([folder / name for name in chosen], standards="voc", period="2024", as_of="2024-12-31")
    expected: list[Any] = []
    assert expected == list(report.problems)
    found = json.loads(render(report, "json"))["assessments"]
    for assessment in found:
        del assessment["branch"]["file"]
        for deficiency in assessment["deficiencies"]:
            del deficiency["location"]["file"]
    return sorted(json.dumps(assessment, ensure_ascii=False, sort_keys=True) for assessment in found)


@few
@given(st.lists(cases, min_size=2, max_size=4), st.data())
def test_a_folder_split_in_two_says_the_same_together(chosen: list[Data], data: st.DataObject) -> None:
    """What is said of a branch does not depend on which others lie beside it."""
    sides = [data.draw(st.sampled_from(["east", "west"])) for _ in chosen]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in ("all", "east", "west"):
            (folder / name).mkdir()
        for number, (case, side) in enumerate(zip(chosen, sides, strict=True)):
            record = case["record"] | {"branch": case["record"]["branch"] | {"id": f"b{number}"}}
            for where in ("all", side):
                (folder / where / f"b{number}.yaml").write_text(json.dumps(record, ensure_ascii=False), "utf-8")

        apart = [said for side in sorted(set(sides)) for said in _said(folder, side)]
        assert sorted(apart) == _said(folder, "all") == _said(folder, *sorted(set(sides)))


# The relations are checked


def test_a_broken_relation_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a claim that depends on the order it is written in, the relation of order breaks."""
    monkeypatch.setattr(coverage, "merge", lambda spans: spans[:1])
    drawn = [case_of(SEED, number) for number in range(300)]

    assert any(outcomes(case) != outcomes(shuffled(case, Random(1))) for case in drawn)
