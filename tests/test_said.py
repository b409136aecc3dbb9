"""What rules say of the records of their own tests, word for word: verdict, what was owed and found, what counted and
what nearly did, what is to be done by when. `rules test` asks for the verdicts only.

After a wanted change: ``python tests/said.py``, and read the difference.
"""

from __future__ import annotations

from functools import cache

import pytest

from dangjian_check.loading.standards import find_standards, load_standard
from dangjian_check.rulebook.rule import Rule
from said import GOLDEN, STANDARDS, golden, said

RULES: dict[str, tuple[str, Rule]] = {
    rule.id: (name, rule)
    for name, folder in find_standards().items()
    for rule in load_standard(folder).rules
    if rule.tests
}
_golden = cache(golden)


@pytest.mark.parametrize("rule", RULES)
def test_rule_says_what_somebody_last_looked_at(rule: str):
    """A wanted change? See the top of this file."""
    standard, found = RULES[rule]
    assert _golden(standard)[rule] == said(found)


def test_nothing_is_left_of_rules_that_are_gone():
    """Nor of standards."""
    assert sorted(f"{name}.txt" for name in STANDARDS) == sorted(path.name for path in GOLDEN.iterdir())
    assert sorted(RULES) == sorted(rule for name in STANDARDS for rule in golden(name))
