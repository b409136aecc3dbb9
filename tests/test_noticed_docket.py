"""What records judged side by side share, and what they must not: the shortcuts of the docket on small rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from builders import facts_of, key, messages, outcomes, record_from, record_of, rule_of, standard_from
from dangjian_check.engine.docket import Docket, docket
from dangjian_check.engine.judge import judge
from dangjian_check.engine.outcomes import Outcomes
from dangjian_check.engine.scoring import score
from dangjian_check.model.facts import Facts
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard

EMPTY = {"title": "空表", "indicators": []}
POSTS = "committee: {elected: 2022-06-15, posts: [{name: 甲, post: 书记}]}"
UNDATED = "documents: [{kind: 制度}]"
PAPER = "documents: [{kind: 制度, date: 2024-03-05}]"
CLAIMED = "coverage: {{from: {}, to: {}}}"
ALL_YEAR = CLAIMED.format("2024-01-01", "2024-12-31")


def judged_together(standard: Standard, *records: str) -> Iterator[tuple[Docket, Outcomes]]:
    """What comes of each, judged one after the other in one frame: not the first that is met there, which is judged by
    itself."""
    first = facts_of(records[0], "2024")
    frame = first.frame
    docket(standard, first).outcomes(first)
    for record in records:
        facts = Facts(record_of(record), frame.period, frame.as_of, frame=frame)
        told = docket(standard, facts)
        yield told, told.outcomes(facts)


def side_by_side(standard: Standard, *records: str) -> list[tuple[list[str], object]]:
    """The outcomes and the score of each."""
    return [
        ([o.outcome.value for o in found], score(told.losses(of_organization=False), found))
        for told, found in judged_together(standard, *records)
    ]


def windows_of(rule: Rule, *records: str) -> list[dict[str, tuple[str, str]]]:
    """Outcome and message of each, window by window."""
    listed = judged_together(standard_from([rule], EMPTY), *records)
    return [{key(w): (w.outcome.value, w.verdict.message) for w in found.windows} for _, (found,) in listed]


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
        (
            "{kind: presence, field: branch.venue.fixed}",
            [f"{{venue: {{fixed: {said}}}, {POSTS}}}" for said in ("true", "false", "true")],
            ["pass", "fail", "pass"],
        ),
        (
            "{kind: presence, select: {in: documents, kind: 制度}}",
            [PAPER, "documents: []", UNDATED, "{}", PAPER],
            ["pass", "fail", "unknown", "unknown", "pass"],
        ),
        (
            "{kind: presence, select: {in: documents, kind: 制度}}",
            [f"{{{POSTS}, {papers}}}" for papers in (PAPER, "documents: []", PAPER)],
            ["pass", "fail", "pass"],
        ),
        (
            "{kind: presence, field: branch.type, one_of: [村]}",
            ["type: 村", "type: 教师", "{}", "type: 村"],
            ["pass", "fail", "unknown", "pass"],
        ),
    ],
)
def test_records_of_which_other_things_are_told_share_no_verdict(check: str, records: list[str], expected: list[str]):
    """Written, written as no, and not written are three things."""
    standard = standard_from([rule_of(f"check: {check}")], EMPTY)
    assert expected == [outcomes[0] for outcomes, _ in side_by_side(standard, *records)]


COUNTED = {"title": "次数", "rules": ["T-1"], "loss": {"kind": "each", "points": 1}}
SIZED = {
    "title": "到会率",
    "rules": ["T-1"],
    "loss": {"kind": "shortfall", "points": 1, "per": "1/10", "below": "8/10"},
}


@pytest.mark.parametrize(("lines", "expected"), [([SIZED], [8, 6]), ([COUNTED, SIZED], [7, 5])])
def test_loss_by_the_size_of_a_gap_is_not_shared_by_its_count(lines: list[dict[str, object]], expected: list[int]):
    """One window failed in each record; a tenth lacking costs one point, three tenths cost three. A line beside it that
    only counts takes the same from both."""
    leaf = {"id": "1", "title": "甲", "points": 9, "lines": lines}
    rule = rule_of(
        "for_each: {in: entries, select: {type: 党员大会}}\n"
        "check: {kind: share, part: attendance.present, whole: attendance.expected, min: 8/10}"
    )
    held = "log: [{{id: a, date: 2024-03-05, type: 党员大会, attendance: {{expected: 10, present: {}}}}}]"
    found = side_by_side(standard_from([rule], {"title": "表", "indicators": [leaf]}), held.format(7), held.format(5))
    assert expected == [float(told.low) for _, told in found]


def test_organization_among_branches_is_judged_as_an_organization():
    """A branch's duty is not looked for in its record, however many branches were judged before."""
    rule = rule_of("check: {kind: frequency, select: {in: talks}, per: year, min: 1}")
    standard = standard_from([rule], EMPTY)
    first, frame = facts_of("{}", "2024"), facts_of("{}", "2024").frame
    above = record_from({"organization": {"name": "某学院党总支"}})
    branches = [Facts(first.record, frame.period, frame.as_of, frame=frame) for _ in range(2)]
    said = [
        docket(standard, facts).outcomes(facts)[0].outcome.value
        for facts in [*branches, Facts(above, frame.period, frame.as_of, frame=frame)]
    ]
    assert ["unknown", "unknown", "not_applicable"] == said


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


def test_what_is_claimed_of_the_last_quarter_is_not_what_is_claimed_of_the_first():
    """Neither held anything; of one the log holds all of the year, of the other the first quarter alone."""
    rule = rule_of("check: {kind: frequency, select: {type: 党课}, per: quarter, min: 1}")
    whole, part = (f"{{log: [], {CLAIMED.format('2024-01-01', end)}}}" for end in ("2024-12-31", "2024-03-31"))
    all_year, to_march = windows_of(rule, whole, part)
    assert ["fail"] * 4 == [outcome for outcome, _ in all_year.values()]
    assert ["fail", "unknown", "unknown", "unknown"] == [outcome for outcome, _ in to_march.values()]


def test_as_many_before_the_year_and_in_it_are_not_as_many_in_it():
    """Three in the first half and none in the second; one the year before, one in the first half, two in the second."""
    rule = rule_of("check: {kind: frequency, select: {type: 党课}, per: half, min: 1}")
    days = ("2024-01-05", "2024-02-05", "2024-03-05"), ("2023-12-05", "2024-03-05", "2024-08-05", "2024-09-05")
    records = [
        f"{{log: [{', '.join(f'{{date: {day}, type: 党课}}' for day in listed)}], "
        f"{CLAIMED.format('2023-01-01', '2024-12-31')}}}"
        for listed in days
    ]
    early, late = windows_of(rule, *records)
    assert ["pass", "fail"] == [outcome for outcome, _ in early.values()]
    assert ["pass", "pass"] == [outcome for outcome, _ in late.values()]


def test_what_counts_is_named_as_each_record_names_it():
    """Both passed, each by a paper of its own."""
    rule = rule_of("check: {kind: presence, select: {in: documents, kind: 制度}}")
    papers = [f"documents: [{{kind: 制度, date: 2024-03-05, title: {title}}}]" for title in ("甲办法", "乙办法")]
    for title, told in zip(("甲办法", "乙办法"), windows_of(rule, *papers), strict=True):
        assert [("pass", True)] == [(outcome, title in message) for outcome, message in told.values()]


def test_branch_founded_in_the_year_owes_nothing_before_it():
    """Neither keeps talks; one was there all year, the other from June."""
    rule = rule_of("check: {kind: frequency, select: {in: talks}, per: quarter, min: 1}")
    there, founded = windows_of(rule, "type: 教师", "founded: 2024-06-01")
    assert ["unknown"] * 4 == [outcome for outcome, _ in there.values()]
    assert ["not_applicable"] * 2 + ["unknown"] * 2 == [outcome for outcome, _ in founded.values()]


def test_groups_that_lack_as_much_are_told_apart():
    """Each is told by its own name what it owes."""
    rule = rule_of("for_each: {in: groups}\ncheck: {kind: frequency, select: {type: 党小组会}, per: year, min: 1}")
    groups = "groups: [{id: g1, name: 甲组}, {id: g2, name: 乙组}]"
    said = messages(rule, f"{{{groups}, log: [], {ALL_YEAR}}}", "2024")
    assert [True, True] == ["甲组" in said["2024/g1"], "乙组" in said["2024/g2"]]


def test_upper_limit_however_high_is_open_until_the_year_is_over():
    """One of at most a hundred by June: more may come."""
    rule = rule_of("check: {kind: frequency, select: {type: 党课}, per: year, max: 100}")
    assert {"2024": "pending"} == outcomes(rule, "log: [{date: 2024-03-05, type: 党课}]", "2024", "2024-06-30")


def test_topics_all_written_leave_only_the_log_open():
    """Held on one topic; what is not known is whether the log holds all of the year."""
    rule = rule_of("check: {kind: frequency, select: {type: 专题研讨}, per: year, min: 2, distinct: topic}")
    held = "log: [{date: 2024-03-05, type: 专题研讨, topic: 甲}], coverage: {from: 2024-01-01, to: 2024-06-30}"
    said = messages(rule, f"{{{held}}}", "2024", "2024-12-31")["2024"]
    assert (True, False) == ("没有声明完整" in said, "没有写内容" in said)


def test_count_that_hangs_on_a_paper_without_a_day_says_so():
    """Of two owed one is dated and one is not."""
    rule = rule_of("check: {kind: limit, count: {in: documents, kind: 制度}, per: year, min: 2}")
    papers = "documents: [{kind: 制度, date: 2024-03-05}, {kind: 制度}]"
    said = messages(rule, f"{{{papers}, {ALL_YEAR}}}", "2024")["2024"]
    assert "没有写日期" in said


def test_superiors_duty_waits_for_its_record_from_the_first_day_of_the_period():
    """On that day the period has begun."""
    rule = rule_of("actor: superior\ncheck: {kind: frequency, select: {type: 党课}, per: year, min: 1}")
    said = {day: set(outcomes(rule, "{}", "2024", day).values()) for day in ("2023-12-31", "2024-01-01")}
    assert {"2023-12-31": {"not_applicable"}, "2024-01-01": {"manual"}} == said
