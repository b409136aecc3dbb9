"""What a check refuses to be told, what it says in full, and where it stands at the very day something changes."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from builders import facts_of, judged, messages, outcomes, rule_from, rule_of
from dangjian_check.checks.base import Check, Deadline, Verdict
from dangjian_check.checks.condition import Condition
from dangjian_check.engine.judge import judge, judge_shown
from dangjian_check.engine.trace import trace
from dangjian_check.model.calendar import Window
from dangjian_check.model.fact_names import has_field
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.record import Record
from dangjian_check.rulebook.rule import Rule


def check(text: str) -> Check:
    """A check from its parameters."""
    return rule_of(f"check: {{{text}}}").check


def dues(rule: Rule, record: str, period: str = "2024", as_of: str | None = None) -> list[Deadline | None]:
    """What is still to be done by when, window by window."""
    facts = facts_of(record, period, as_of)
    windows = [w.outcome for w in trace(rule, facts).windows]
    return [rule.check.due(facts, w.window, w.subject, w.verdict) for w in windows]


LECTURE = "select: {type: 党课}"
STEPS = "kind: procedure, steps: [{name: 一}, {name: 二}]"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind: presence", "presence 的对象不明确"),
        ("kind: presence, select: {type: 党课, where: {matter: {exists: true}}}", "活动没有 matter 这一栏"),
        ("kind: limit, max: 1", "limit 的对象不明确"),
        ("kind: limit, of: formal_members, count: {type: 党课}, per: year, max: 1", "limit 的对象不明确"),
        ("kind: limit, count: {type: 党课}, max: 1", "limit 的对象不明确"),
        ("kind: limit, of: formal_members, per: year, max: 1", "limit 的对象不明确"),
        ("kind: limit, count: {type: 党课}, per: year, max: 1, distinct: [matter]", "活动没有 matter 这一栏"),
        (f"kind: frequency, {LECTURE}, per: year, min: 1, sum: days", "sum: days 只配 training"),
        ("kind: frequency, select: {in: dues}, per: year, min: 1, sum: hours", "没有 hours 这一栏"),
        (f"kind: frequency, {LECTURE}, per: year, min: 1, distinct: matter", "活动没有 matter 这一栏"),
        (f"kind: presence, {LECTURE}, field: branch.type", "presence 的对象不明确"),
        ("kind: presence, field: branch.type, posts: [书记]", "presence 的对象不明确"),
        ("kind: presence, field: branch.type, per: month", "per、within 只配 select，one_of 只配 field"),
        ("kind: presence, field: branch.type, within: 2024", "per、within 只配 select，one_of 只配 field"),
        ("kind: presence, posts: [书记], one_of: [村]", "per、within 只配 select，one_of 只配 field"),
        (f"kind: presence, {LECTURE}, one_of: [村]", "per、within 只配 select，one_of 只配 field"),
        (f"kind: presence, {LECTURE}, per: month, within: 2024", "per 与 within 只能写一个"),
        (f"{STEPS}, between: [{{from: 一, to: 二}}]", "没有写时长"),
        (f"{STEPS}, between: [{{from: 一, to: 二, at_most: {{}}}}]", "时长须写且只写一种"),
        (f"{STEPS}, between: [{{from: 一, to: 二, at_most: {{days: 1, months: 1}}}}]", "时长须写且只写一种"),
        (f"{STEPS}, between: [{{from: 三, to: 二, at_most: {{days: 1}}}}]", "没有名为 三 的步骤"),
        (f"{STEPS}, between: [{{from: 一, to: 三, at_most: {{days: 1}}}}]", "没有名为 三 的步骤"),
        ("kind: procedure, steps: []", "steps"),
        (f"{STEPS}, between: [{{from: 一, to: 二, at_most: {{days: -1}}}}]", "days"),
        (f"{STEPS}, between: [{{from: 一, to: 二, at_most: {{months: -1}}}}]", "months"),
        (f"kind: interval, {LECTURE}, months: 0", "months"),
        (f"kind: interval, {LECTURE}, months: 121", "months"),
        ("kind: term, notice_months: 0", "notice_months"),
        ("kind: term, notice_months: 13", "notice_months"),
        (f"kind: fixed_day, {LECTURE}, day: 0", "day"),
        (f"kind: fixed_day, {LECTURE}, day: 29", "day"),
        (f"kind: fixed_day, {LECTURE}, tolerance: -1", "tolerance"),
        (f"kind: fixed_day, {LECTURE}, tolerance: 31", "tolerance"),
        (f"kind: fixed_day, {LECTURE}, day: 5, slots: [{{weekday: 周五}}]", "slots 不能与 day、tolerance 并用"),
        (f"kind: fixed_day, {LECTURE}, tolerance: 0, slots: [{{weekday: 周五}}]", "slots 不能与 day、tolerance 并用"),
        ("kind: share, part: 人, whole: members, min: 1/2", "没有名为 人 的数量"),
        ("kind: share, part: groups, whole: members, bands: [{min: 1/2}]", "分档写得不完整"),
        ("kind: share, part: groups, whole: members, min: 1, banded_by: members", "分档写得不完整"),
        (
            "kind: share, part: groups, whole: members, banded_by: members, bands: [{min: 1, up_to: 3}]",
            "分档写得不完整",
        ),
        (
            "kind: share, part: groups, whole: members, banded_by: members, bands: [{min: 1}, {min: 1}]",
            "分档写得不完整",
        ),
        (
            "kind: share, part: groups, whole: members, banded_by: members, "
            "bands: [{min: 1, up_to: 3}, {min: 1, up_to: 3}, {min: 1}]",
            "分档写得不完整",
        ),
        ("kind: share, part: groups, whole: members", "没有写界限"),
        (f"kind: frequency, {LECTURE}, per: year", "没有写界限"),
        (f"kind: frequency, {LECTURE}, per: year, min: -1", "小于 0"),
        (f"kind: frequency, {LECTURE}, per: year, min: -1/2", "小于 0"),
        (f"kind: frequency, {LECTURE}, per: year, min: 两", "不是数"),
        ("kind: manual, ask: 好吗, by: {what: 转正, after: born, months: 12}", "名册没有 born 这一栏"),
        ("kind: manual, ask: 好吗, by: {what: 转正, after: admitted, months: 0}", "months"),
        ("kind: manual, ask: 好吗, by: {what: 转正, after: admitted, months: 121}", "months"),
    ],
)
def test_demand_that_cannot_be_meant_is_refused(text: str, message: str) -> None:
    """With what is wrong with it."""
    with pytest.raises(ValidationError) as caught:
        check(text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        f"{STEPS}, between: [{{from: 一, to: 二, at_least: {{days: 0}}, at_most: {{months: 0}}}}]",
        f"kind: interval, {LECTURE}, months: 1",
        f"kind: interval, {LECTURE}, months: 120",
        "kind: term, notice_months: 1",
        "kind: term, notice_months: 12",
        f"kind: fixed_day, {LECTURE}, day: 1, tolerance: 0",
        f"kind: fixed_day, {LECTURE}, day: 28, tolerance: 30",
        f"kind: frequency, {LECTURE}, per: year, min: 0",
        "kind: share, part: groups, whole: members, banded_by: members, "
        "bands: [{min: 1, up_to: 3}, {min: 1, up_to: 4}, {min: 1}]",
        "kind: share, part: groups, whole: members, banded_by: members, bands: [{min: 1}]",
        "kind: manual, ask: 好吗, by: {what: 转正, after: admitted, months: 1}",
        "kind: manual, ask: 好吗, by: {what: 转正, after: confirmed, months: 120}",
    ],
)
def test_demand_just_within_its_limits_is_taken(text: str) -> None:
    """The first and the last number that may be meant."""
    assert check(text).kind in text


# Presence

EVER = rule_of("check: {kind: presence, select: {type: 党课}}")


def test_up_to_three_entries_are_named_and_more_are_hinted_at() -> None:
    """Whoever reads it may look for the rest in the record."""
    log = [{"date": f"2024-03-0{n}", "type": "党课", "topic": "甲乙丙丁"[n - 1]} for n in (1, 2, 3, 4)]
    three, four = ("{log: " + str(log[:n]).replace("'", "") + "}" for n in (3, 4))
    named = "2024-03-01 党课《甲》、2024-03-02 党课《乙》、2024-03-03 党课《丙》"

    assert {"state": f"应有党课，见 {named}"} == messages(EVER, three)
    assert {"state": f"应有党课，见 {named}等"} == messages(EVER, four)


@pytest.mark.parametrize(
    ("coverage", "expected"), [("2024-01-01", "fail"), ("2024-01-02", "unknown"), ("2024-12-31", "unknown")]
)
def test_that_there_never_was_any_is_only_told_of_a_period_wholly_claimed(coverage: str, expected: str) -> None:
    """From the first day of the audited period; else it is said that the record does not claim it."""
    record = f"{{log: [], coverage: {{from: {coverage}, to: 2024-12-31}}}}"
    assert {"state": expected} == outcomes(EVER, record, "2024")
    untold = "应有党课（这段时间的记录没有声明完整）" if expected == "unknown" else "应有党课，记录中没有"
    assert {"state": untold} == messages(EVER, record, "2024")


@pytest.mark.parametrize(
    ("as_of", "expected"), [("2024-05-31", "not_applicable"), ("2024-06-01", "pending"), ("2024-07-01", "fail")]
)
def test_stated_time_is_judged_from_its_first_day_on(as_of: str, expected: str) -> None:
    """Before it nothing is owed."""
    rule = rule_of("check: {kind: presence, select: {type: 党课}, within: 2024-06-01..2024-06-30}")
    found = outcomes(rule, "{log: [], coverage: {from: 2024-01-01, to: 2024-12-31}}", "2024", as_of)
    assert [expected] == [*found.values()]


def test_series_that_decide_are_told() -> None:
    """An entry of any of them may change the verdict, nothing else; of a field or post anything may."""
    assert frozenset({"activities"}) == EVER.check.reads()
    assert frozenset({"talks", "plans"}) == check("kind: presence, select: {in: talks, also: [{in: plans}]}").reads()
    assert check("kind: presence, field: branch.type").reads() is None
    assert frozenset() == check("kind: manual, ask: 好吗").reads()


def test_entry_lacking_only_what_may_be_filled_in_afterwards_is_still_to_be_completed() -> None:
    """If it lacks anything else too, nothing can be done."""
    rule = rule_from({
        "for_each": {"in": "entries", "select": {"in": "elections"}},
        "check": {
            "kind": "presence",
            "select": {"in": "elections", "where": {"reported": {"exists": True}, "kind": {"is": ["换届"]}}},
        },
    })
    mendable, lost = "{elections: [{date: 2024-03-01}]}", "{elections: [{date: 2024-03-01, kind: 补选}]}"

    assert ["fail"] == [*outcomes(rule, mendable, "2024").values()] == [*outcomes(rule, lost, "2024").values()]
    assert [False, True] == [dues(rule, record) == [None] for record in (mendable, lost)]


# Fixed days

THEME = rule_of("check: {kind: fixed_day, select: {type: 主题党日}, shift: [reason, holiday]}")
FRIDAY_EVENING = "check: {kind: fixed_day, select: {type: 主题党日}, slots: [{weekday: 周五}]}"


def held(*days: str) -> str:
    """A log of theme days."""
    return "log: [" + ", ".join(f"{{date: {day}, type: 主题党日}}" for day in days) + "]"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("theme_day: [{day: 5}]", ("2024-03-05", "2024-03-20")),
        ("theme_day: [{day: 5}]", ("2024-03-06", "2024-03-20")),
        ("theme_day: [{day: 10}]", ("2024-03-11", "2024-03-20")),
    ],
)
def test_finding_on_a_month_is_at_its_first_meeting(text: str, days: tuple[str, ...]) -> None:
    """On the day, off the day, or on another because the agreed one is a day off."""
    [window] = judged(THEME, f"{text}\n{held(*days)}", "2024-03").windows
    assert ("activities", 0) == window.verdict.place


def test_day_of_the_week_set_by_the_standard_goes_before_the_day_announced() -> None:
    """A branch that announced the fifth meets on a Friday all the same, and the finding is at its first meeting."""
    rule = rule_of(FRIDAY_EVENING)
    announced = "theme_day: [{day: 5}]\n"
    assert {"2024-03": "pass"} == outcomes(rule, announced + held("2024-03-08"), "2024-03")
    assert {"2024-03": "fail"} == outcomes(rule, announced + held("2024-03-05"), "2024-03")
    [window] = judged(rule, held("2024-03-05", "2024-03-12"), "2024-03").windows
    assert ("activities", 0) == window.verdict.place


@pytest.mark.parametrize(
    ("as_of", "day", "what"),
    [
        ("2024-03-10", date(2024, 3, 29), "按约定日开展主题党日"),
        ("2024-03-28", date(2024, 3, 29), "按约定日开展主题党日"),
        ("2024-03-29", date(2024, 3, 31), "改期开展主题党日并写明原因"),
    ],
)
def test_until_the_last_agreed_day_is_over_it_can_be_held_on_it(as_of: str, day: date, what: str) -> None:
    """Any Friday of the month will do; after the last one, only another day with its reason."""
    record = f"theme_day: [{{weekday: 周五}}]\n{held('2024-03-04')}"
    assert [Deadline(day, what)] == dues(THEME, record, "2024-03", as_of)


@pytest.mark.parametrize("when", ["day: 5", "slots: [{weekday: 周五}]"])
def test_entry_that_says_its_month_and_no_day_was_not_on_the_day(when: str) -> None:
    """It is of the month all the same."""
    rule = rule_of(f"check: {{kind: fixed_day, select: {{in: plans}}, {when}}}")
    assert {"2024-03": "fail"} == outcomes(rule, "plans: [{kind: 月计划, for: 2024-03}]", "2024-03")


def test_last_day_of_the_week_still_to_come_is_due() -> None:
    """Of the slots the standard sets; not a day of the week it does not."""
    rule = rule_of(FRIDAY_EVENING.replace("[{", "[{weekday: 周三}, {"))
    assert [Deadline(date(2024, 3, 29), "按约定日开展主题党日")] == dues(
        rule, held("2024-03-04"), "2024-03", "2024-03-10"
    )
    [moved] = dues(rule, held("2024-03-04"), "2024-03", "2024-03-30")
    assert moved == Deadline(date(2024, 3, 31), "改期开展主题党日并写明原因")


# All checks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"kind: frequency, {LECTURE}, per: year, min: 1", True),
        (f"kind: presence, {LECTURE}", True),
        ("kind: presence, posts: [书记]", True),
        ("kind: presence, field: branch.venue.fixed", True),
        ("kind: presence, field: branch.founded", False),
        ("kind: presence, field: branch.type, one_of: [村]", True),
        ("kind: presence, field: branch.type, one_of: [村], otherwise: manual", False),
    ],
)
def test_check_that_no_record_can_fail_needs_no_proof(text: str, expected: bool) -> None:
    """A field that is only filled in or not is never a failure, unless it says no."""
    assert expected is check(text).can_fail()


def test_by_default_what_is_pending_is_due_at_the_end_and_the_state_of_things_now() -> None:
    """What failed in a window is over, and what passed is done."""
    facts = facts_of("log: []", "2024", "2024-06-30")
    year, state = Window(date(2024, 1, 1), date(2024, 12, 31), "2024"), Window(facts.as_of, facts.as_of, "state")
    plain = Check(kind="frequency")

    def owed(window: Window, outcome: Outcome) -> Deadline | None:
        return plain.due(facts, window, None, Verdict(outcome, "欠"))

    assert Deadline(date(2024, 12, 31), "欠") == owed(year, Outcome.PENDING)
    assert Deadline(date(2024, 6, 30), "欠", standing=True) == owed(state, Outcome.FAIL)
    assert [None, None, None] == [owed(year, Outcome.FAIL), owed(state, Outcome.PASS), owed(year, Outcome.PASS)]
    with pytest.raises(TypeError, match="does not judge"):
        plain.judge(facts, year, None)


@pytest.mark.parametrize(("as_of", "expected"), [("2024-12-30", "pending"), ("2024-12-31", "unknown")])
def test_ratio_whose_band_cannot_be_told_is_not_told(as_of: str, expected: str) -> None:
    """Until the window is over it may still be; then the reason is said."""
    bands = [{"up_to": 9, "min": "1/2"}, {"min": "1/3"}]
    part = {"type": "党课"}
    rule = rule_from({
        "check": {"kind": "share", "part": part, "whole": part, "per": "year", "banded_by": "members", "bands": bands}
    })
    assert {"2024": expected} == outcomes(rule, "log: []", "2024", as_of)
    assert {"2024": "2024年没有党员名册或人数"} == messages(rule, "log: []", "2024", as_of)


def test_field_of_the_record_is_known_by_its_path() -> None:
    """At any depth."""
    assert [True, True, False, False] == [
        has_field(Record, path) for path in ("branch.type", "branch.venue.fixed", "branch.nothing", "nothing")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{in: members}", False),
        ("{in: members, status: 正式}", True),
        ("{in: members, teacher: false}", True),
        ("{in: members, there_on: {type: 党课}}", False),
        ("{in: entries, select: {in: talks}}", False),
        ("{in: entries, select: {in: talks}, where: {topic: {exists: true}}}", True),
        ("{in: posts, role: 书记}", True),
    ],
)
def test_subjects_left_out_on_purpose_are_known(text: str, expected: bool) -> None:
    """So that a case in which the demand does not apply can exist."""
    found = rule_of(f"for_each: {text}\ncheck: {{kind: presence, select: {{in: talks}}}}").for_each
    assert found is not None
    assert expected is found.is_narrowed


@pytest.mark.parametrize(("wanted", "met"), [("true", True), ("false", False)])
def test_yes_and_no_are_asked_for_as_yaml_writes_them(wanted: str, met: bool):
    """Not as Python does."""
    condition = Condition.model_validate({"is": [wanted]})
    assert [met, not met] == [condition.holds(value, "passed").value for value in (True, False)]


def test_check_that_breaks_is_an_error_and_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its kind is told; nothing of the record is."""

    def broken(*_: object) -> Verdict:
        raise ZeroDivisionError

    rule, facts = rule_of(f"check: {{kind: frequency, {LECTURE}, per: year, min: 1}}"), facts_of("{}", "2024")
    monkeypatch.setattr(type(rule.check), "judge", broken)
    said = [of(rule, facts) for of in (judge, judge_shown)]
    assert [(Outcome.ERROR, "检查出错（ZeroDivisionError）")] * 2 == [
        (outcome.outcome, outcome.windows[0].verdict.message) for outcome in said
    ]
