"""What every rule says of the records of its own tests, as text: the first window of each outcome whole.

python tests/said.py        # rewrites tests/golden_rules after a wanted change; read the difference
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path[:1] = [str(Path(__file__).resolve().parent)]

from builders import WORKDAYS, key  # noqa: E402
from dangjian_check.engine.proof import facts_for, test_record  # noqa: E402
from dangjian_check.engine.trace import WindowTrace, trace  # noqa: E402
from dangjian_check.loading.standards import find_standards, load_standard  # noqa: E402
from dangjian_check.model.facts import Facts  # noqa: E402
from dangjian_check.model.outcome import Outcome  # noqa: E402
from dangjian_check.rulebook.rule import Rule, RuleTest  # noqa: E402

GOLDEN = Path(__file__).resolve().parent / "golden_rules"
STANDARDS = tuple(find_standards())
HEAD = "## "


def said(rule: Rule) -> str:
    """What it says of the record of each of its tests."""
    return "".join(f"{line}\n" for test in rule.tests for line in _of_test(rule, test))


def _of_test(rule: Rule, test: RuleTest) -> Iterator[str]:
    facts = facts_for(test_record(test), test, WORKDAYS)
    traced = trace(rule, facts)
    seen: set[Outcome] = set()
    outcome, period = traced.outcome.outcome.value, f"{facts.period.start}..{facts.period.end}"
    yield f"- {period}，截至 {facts.as_of}，{len(traced.windows)} 个窗口：{outcome} {traced.outcome.reason}".rstrip()
    for window in traced.windows:
        if window.outcome.outcome not in seen:
            seen.add(window.outcome.outcome)
            yield from _of_window(rule, facts, window)


def _of_window(rule: Rule, facts: Facts, traced: WindowTrace) -> Iterator[str]:
    window, verdict = traced.outcome, traced.outcome.verdict
    yield f"  {window.outcome.value} {key(window)}: {verdict.message}"
    if verdict.expected or verdict.actual:
        yield f"    {verdict.expected} | {verdict.actual} | {verdict.defect} | {verdict.place}"
    if traced.counted:
        yield f"    计入 {'；'.join(fact.name for fact in traced.counted)}"
    yield from (f"    未计入 {near.fact.name}：{near.why}" for near in traced.near)
    due = rule.check.due(facts, window.window, window.subject, verdict)
    if due is not None:
        yield f"    待办 {due.day} {due.missing} {due.notice or ''} {due.standing} {due.late}"


def golden(standard: str) -> dict[str, str]:
    """What was last looked at, by rule."""
    text = (GOLDEN / f"{standard}.txt").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.split(HEAD)[1:])
    return {rule: words for rule, _, words in parts}


def main() -> None:
    """Write it anew."""
    GOLDEN.mkdir(exist_ok=True)
    for name, folder in find_standards().items():
        rules = (rule for rule in load_standard(folder).rules if rule.tests)
        text = "".join(f"{HEAD}{rule.id}\n{said(rule)}" for rule in rules)
        (GOLDEN / f"{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
