"""What records judged side by side share, and what they must not: the shortcuts of the docket on small rules."""

from __future__ import annotations

import pytest

from builders import facts_of, messages, record_of, rule_of, standard_from
from dangjian_check.engine.docket import docket
from dangjian_check.engine.judge import judge
from dangjian_check.engine.scoring import score
from dangjian_check.model.facts import Facts
from dangjian_check.rulebook.standard import Standard

EMPTY = {"title": "空表", "indicators": []}


def side_by_side(standard: Standard, *records: str) -> list[tuple[list[str], object]]:
    """The outcomes and the score of each, judged one after the other in one frame: not the first that is met there,
    which is judged by itself."""
    first = facts_of(records[0], "2024")
    frame = first.frame
    docket(standard, first).outcomes(first)
    found = []
    for record in records:
        facts = Facts(record_of(record), frame.period, frame.as_of, frame=frame)
        told = docket(standard, facts)
        outcomes = told.outcomes(facts)
        losses = told.losses(of_organization=False)
        found.append(([o.outcome.value for o in outcomes], score(standard.sheet, outcomes, losses=losses)))
    return found


@pytest.mark.parametrize(
    ("check", "records", "expected"),
    [
        (
            "{kind: presence, field: branch.venue.fixed}",
            ["venue: {fixed: true}", "venue: {fixed: false}", "{}", "venue: {fixed: true}"],
            ["pass", "fail", "unknown", "pass"],
        ),
        (
            "{kind: limit, of: formal_members, max: 3}",
            ["formal: 3", "formal: 4", "{}", "formal: 2"],
            ["pass", "fail", "unknown", "pass"],
        ),
    ],
)
def test_records_of_which_other_things_are_told_share_no_verdict(check: str, records: list[str], expected: list[str]):
    """Written, written as no, and not written are three things."""
    standard = standard_from([rule_of(f"check: {check}")], EMPTY)
    assert expected == [outcomes[0] for outcomes, _ in side_by_side(standard, *records)]


def test_loss_by_the_size_of_a_gap_is_not_shared_by_its_count():
    """One window failed in each record; a tenth lacking costs one point, three tenths cost three."""
    line = {
        "title": "到会率",
        "rules": ["T-1"],
        "loss": {"kind": "shortfall", "points": 1, "per": "1/10", "below": "8/10"},
    }
    leaf = {"id": "1", "title": "甲", "points": 9, "lines": [line]}
    rule = rule_of(
        "for_each: {in: entries, select: {type: 党员大会}}\n"
        "check: {kind: share, part: attendance.present, whole: attendance.expected, min: 8/10}"
    )
    held = "log: [{{id: a, date: 2024-03-05, type: 党员大会, attendance: {{expected: 10, present: {}}}}}]"
    found = side_by_side(standard_from([rule], {"title": "表", "indicators": [leaf]}), held.format(7), held.format(5))
    assert [8, 6] == [float(told.low) for _, told in found]


def test_what_leaves_a_number_of_different_things_open_is_said():
    """Two held, one of them without a topic: whether on two topics nobody can tell."""
    rule = rule_of("check: {kind: frequency, select: {type: 专题研讨}, per: year, min: 2, distinct: topic}")
    held = "log: [{date: 2024-03-05, type: 专题研讨, topic: 甲}, {date: 2024-05-05, type: 专题研讨}]"
    assert "有记录没有写内容" in messages(rule, held, "2024")["2024"]
    assert "unknown" == judge(rule, facts_of(held, "2024")).outcome.value


def test_grace_is_at_most_half_a_year():
    """Else a window would run into the next but one."""
    check = "check: {{kind: frequency, select: {{type: 组织生活会}}, per: year, min: 1, grace_months: {}}}"
    assert 6 == rule_of(check.format(6)).check.grace_months
    with pytest.raises(ValueError, match="grace_months"):
        rule_of(check.format(7))
    with pytest.raises(ValueError, match="grace_months"):
        rule_of(check.format(0))
