"""The tests that stand beside the rules, those of a rule as one: for the mutation run, whose faults they meet in place.

The quick run has them by ``dj-check rules test``.
"""

from __future__ import annotations

import pytest

from dangjian_check.engine.proof import run_test
from dangjian_check.loading.standards import find_standards, load_standards
from dangjian_check.loading.workdays import load_workdays

RULES = {rule.id: rule for standard in load_standards([*find_standards()]) for rule in standard.rules if rule.tests}


@pytest.mark.parametrize("rule", RULES)
def test_rule_holds_what_its_tests_state(rule: str):
    """Every outcome stated there, and no other."""
    runs = [run_test(RULES[rule], test, workdays=load_workdays()) for test in RULES[rule].tests]
    assert [] == [run.differences for run in runs if not run.passed]
