"""The engine against an evaluator by hand that shares no code with it, and that evaluator against a broken engine."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from builders import yaml
from dangjian_check.checks import frequency, share, term
from dangjian_check.checks.bounds import Bounds
from dangjian_check.checks.interval import Interval
from dangjian_check.engine import judge as judging
from dangjian_check.model import roster
from dangjian_check.model.coverage import CoverageMap
from dangjian_check.model.facts import Facts
from dangjian_check.model.outcome import YES, Outcome
from oracle.cases import case
from oracle.days import Data
from oracle.open_differences import OPEN, explained
from oracle.versus import by_engine, by_hand, differs, disagreements, smallest, unexplained

HERE = Path(__file__).parent
QUICK, SEED = 2000, 8
DIFFERENCES = yaml((HERE / "oracle" / "differences.yaml").read_text("utf-8"))


def test_two_thousand_random_cases_are_judged_as_by_hand() -> None:
    """On random records, calendars and standards both say the same of every window, but for what is known."""
    found = next((n for n in range(QUICK) if unexplained(case(SEED, n))), None)

    expected = None
    assert expected == found, f"python tests/deep/oracle.py --seed {SEED} --first {found} --cases 1"


def test_the_evaluator_shares_nothing_with_the_engine() -> None:
    """Neither it nor the cases import anything of the program or of its libraries."""
    shared = {}
    for path in (HERE / "oracle").glob("*.py"):
        if path.name == "versus.py":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        names += [node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        roots = {name.partition(".")[0] for name in names}
        shared[path.name] = roots - set(sys.stdlib_module_names) - {"oracle"}

    expected: set[str] = set()
    assert {"evaluate.py", "verdicts.py", "evidence.py", "days.py"} <= shared.keys()
    assert expected == set().union(*shared.values())


def test_the_evaluator_runs_where_the_program_is_not_installed() -> None:
    """A case is judged by hand in an interpreter that refuses to import the program."""
    code = (
        "import sys; sys.modules['dangjian_check'] = None; sys.path.insert(0, sys.argv[1])\n"
        "from datetime import date; from oracle.evaluate import evaluate\n"
        "rule = {'check': {'kind': 'frequency', 'select': {'type': '支委会'}, 'per': 'month', 'min': 1}}\n"
        "found = evaluate({'branch': {'name': '甲'}}, rule, (date(2024, 1, 1), date(2024, 1, 31)), date(2024, 1, 31))\n"
        "print(*found['2024-01'])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(HERE)], capture_output=True, text=True, check=True)

    expected = "fail 0"
    assert expected == done.stdout.strip()


# What was found


def _case(found: Data) -> Data:
    rule = {"id": "T-1"} | found["rule"]
    return {"record": found["record"], "rules": [rule], "period": found["period"], "as_of": found["as_of"]}


@pytest.mark.parametrize("found", DIFFERENCES, ids=[found["name"] for found in DIFFERENCES])
def test_what_random_cases_found_is_judged_by_the_contract(found: Data) -> None:
    """By hand as the contract has it; by the engine too, unless the difference is still open, and then as it says."""
    this = _case(found)
    expected = {str(name): outcome for name, outcome in found["expect"].items()}
    assert expected == {name: outcome for name, (outcome, _) in by_hand(this, this["rules"][0]).items()}

    engine = {str(name): outcome for name, outcome in found.get("engine", found["expect"]).items()}
    assert engine == {name: outcome for name, (outcome, _) in by_engine(this)[0].items()}
    assert ({found["open"]} if "open" in found else set()) == {explained(d) for d in disagreements(this)}


def test_every_open_difference_has_its_case() -> None:
    """Nothing is excused that is not shown."""
    expected = set(OPEN)
    assert expected == {found["open"] for found in DIFFERENCES if "open" in found}


# The checker is checked


def _strict(self: Bounds, low: Fraction, high: Fraction, day: Any) -> bool | None:
    return _HOLDS(self, low - 1, high - 1, day)


def _one_short(facts: Any, *rest: Any, **named: Any) -> Any:
    found = _SELECT(facts, *rest, **named)
    return replace(found, yes=found.yes[1:])


_HOLDS, _SELECT, _ADD = Bounds.holds, frequency.select, term.add_months


def _always_complete(*_: Any) -> bool:
    return True


def _late_by_one(start: Any, months: int) -> Any:
    return _ADD(start, months + 1)


BREAKS: dict[str, list[tuple[Any, str, Any]]] = {
    "one more is asked than owed": [(Bounds, "holds", _strict)],
    "the first event is overlooked": [(frequency, "select", _one_short)],
    "every log is complete": [(CoverageMap, "complete", _always_complete)],
    "no window is ever open": [(Facts, "is_open", lambda *_: False)],
    "every branch always existed": [(Facts, "branch_existed", lambda *_: YES)],
    "conditions are not asked": [(judging, "all_of", lambda parts: YES)],
    "a term is a month longer": [(term, "add_months", _late_by_one)],
    "everybody is a full member": [(roster, "is_formal", lambda *_: True)],
    "nobody ever leaves": [(roster, "lived_through", lambda start, end, span: start is None or start <= span.start)],
    "a share of nothing is kept": [(share, "_read", lambda *_: share._Known(Fraction(1), Fraction(1)))],
    "a late gap is no fault": [(Interval, "_outcome", lambda self, *_, known: (Outcome.PASS, ""))],
    "what is only allowed is owed": [(judging, "_weigh", lambda rule, verdict: verdict)],
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_engine_is_found_within_the_quick_cases(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each guard of the engine switched off shows in the quick cases."""
    for owner, attribute, broken in BREAKS[name]:
        monkeypatch.setattr(owner, attribute, broken)

    assert any(differs(case(SEED, n)) for n in range(QUICK)), name


def test_a_difference_is_cut_down_to_what_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest case holds no entry, member or key without which the two still differ."""
    monkeypatch.setattr(CoverageMap, "complete", _always_complete)
    large = next(found for found in (case(SEED, n) for n in range(QUICK)) if differs(found))

    least = smallest(large)

    assert differs(least)
    assert len(json.dumps(least)) <= len(json.dumps(large))
    expected: list[str] = []
    assert expected == [name for name in least["record"] if name != "branch" and differs(_without(least, name))]


def _without(found: Data, name: str) -> Data:
    return found | {"record": {key: value for key, value in found["record"].items() if key != name}}


def test_the_deep_command_prints_its_figures() -> None:
    """One line of JSON with cases, seed and what was found; status 0 when all is explained."""
    command = [sys.executable, str(HERE / "deep" / "oracle.py"), "--cases", "20", "--seed", "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)["oracle"]

    expected = (20, 3, 0)
    assert expected == (figures["cases"], figures["seed"], figures["unexplained"])
