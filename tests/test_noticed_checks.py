"""What a check refuses to be told, what it says in full, and where it stands at the very day something changes."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from builders import facts_of, judged, messages, outcomes, rule_from, rule_of
from dangjian_check.checks.base import Check, Deadline
from dangjian_check.engine.trace import trace
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


# Subjects


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{in: entries}", "select 与 in: entries 须同时写"),
        ("{in: members, select: {type: 党课}}", "select 与 in: entries 须同时写"),
        ("{in: posts}", "role 与 in: posts 须同时写"),
        ("{in: members, role: 书记}", "role 与 in: posts 须同时写"),
        ("{in: groups, there_on: {type: 党课}}", "there_on 只配 in: members"),
        ("{in: members, where: {topic: {exists: true}}}", "没有 topic 这一栏"),
        ("{in: entries, select: {in: talks}, where: {lecturer: {exists: true}}}", "没有 lecturer 这一栏"),
    ],
)
def test_subjects_that_cannot_be_meant_are_refused(text: str, message: str) -> None:
    """With what is wrong with them."""
    with pytest.raises(ValidationError) as caught:
        rule_of(f"for_each: {text}\ncheck: {{kind: presence, select: {{in: talks}}}}")
    assert message in str(caught.value)


EACH_YEAR = "check: {kind: frequency, select: {type: 党课}, per: year, min: 1}"


@pytest.mark.parametrize(
    ("text", "record", "why"),
    [
        ("{in: members}", "log: []", "没有党员名册（members）"),
        ("{in: members, in_committee: true}", "members: [{name: 甲, status: 正式}]", "没有任职名单"),
        (
            "{in: members, leading_cadre: true}",
            "members: [{name: 甲, status: 正式}]",
            "名册没有注明谁是党员领导干部（leading_cadre）；没有的话给一人写 false",
        ),
        ("{in: posts, role: 书记}", "log: []", "没有任职名单"),
    ],
)
def test_whom_it_is_put_to_cannot_be_told_without_a_list(text: str, record: str, why: str) -> None:
    """The list that is missing is named."""
    rule = rule_of(f"for_each: {text}\n{EACH_YEAR}")
    assert {"2024": "unknown"} == outcomes(rule, record, "2024")
    assert why in messages(rule, record, "2024")["2024"]


@pytest.mark.parametrize(
    ("comes", "goes", "expected"),
    [
        ("2024-03-01", "2025-06-30", "fail"),
        ("2024-03-02", "2025-06-30", "not_applicable"),
        ("2020-01-01", "2024-03-02", "fail"),
        ("2020-01-01", "2024-03-01", "not_applicable"),
    ],
)
def test_whoever_was_not_there_on_the_day_of_the_first_owes_nothing(comes: str, goes: str, expected: str) -> None:
    """A later one of the year makes no difference; the day of leaving is outside."""
    rule = rule_of("""
      for_each: {in: members, there_on: {type: 民主评议}}
      check: {kind: frequency, select: {in: reflections, by: name}, per: year, min: 1}
    """)
    log = "[{date: 2024-03-01, type: 民主评议}, {date: 2024-05-01, type: 民主评议}]"
    members = f"[{{name: 甲, status: 正式, from: {comes}, to: {goes}}}, {{name: 乙, status: 正式}}]"
    found = outcomes(rule, f"log: {log}\nreflections: []\nmembers: {members}", "2024")
    assert {"2024/甲": expected, "2024/乙": "fail"} == {"2024/甲": "not_applicable"} | found


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ("teacher: true", {"甲"}),
        ("teacher: false", {"乙", "丙"}),
        ("mobility: 流动", {"乙"}),
        ("mobility: 正常", {"甲", "丙"}),
        ("leading_cadre: true", {"丙"}),
        ("leading_cadre: false", {"甲", "乙"}),
        ("where: {category: {is: [学生]}}", {"丙"}),
        ("status: 预备", {"乙"}),
        ("status: 正式", {"甲", "丙"}),
    ],
)
def test_members_are_narrowed_by_what_the_roster_says_of_them(narrowed: str, expected: set[str]) -> None:
    """Silence about a teacher or a leading cadre means no."""
    members = """[
      {name: 甲, status: 正式, teacher: true, leading_cadre: false},
      {name: 乙, status: 预备, mobility: 流动},
      {name: 丙, status: 正式, leading_cadre: true, category: 学生}
    ]"""
    rule = rule_of(f"for_each: {{in: members, {narrowed}}}\n{EACH_YEAR}")
    found = outcomes(rule, f"members: {members}\nlog: []", "2024")
    assert {f"2024/{name}" for name in expected} == set(found)


# Terms of office

TERM = rule_of("check: {kind: term, years: 3, notice_months: 6}")


@pytest.mark.parametrize(
    ("elected", "period", "as_of", "expected"),
    [
        ("2024-06-15", "2024", "2024-06-15", "pending"),
        ("2021-06-15", "2023", "2024-06-14", "pending"),
        ("2021-06-15", "2023", "2024-06-15", None),
        ("2021-06-15", "2024-06-15", "2024-06-15", "pending"),
        ("2021-06-15", "2024-06-16", "2024-06-16", "fail"),
        ("2021-06-15", "2025", "2025-01-01", "fail"),
    ],
)
def test_term_is_listed_while_it_runs_on_the_day_it_ends_and_while_it_is_overdue(
    elected: str, period: str, as_of: str, expected: str | None
) -> None:
    """From the day of the election on; one that ends after the period only as long as it still runs."""
    found = outcomes(TERM, f"committee: [{{elected: {elected}}}]", period, as_of)
    assert ({f"term:{elected}": expected} if expected else {"state": "not_applicable"}) == found


@pytest.mark.parametrize(("following", "listed"), [("2024-01-01", True), ("2023-12-31", False)])
def test_term_that_was_overdue_is_listed_if_it_still_was_on_a_day_of_the_period(following: str, listed: bool) -> None:
    """The day of the late election is the last one."""
    record = f"committee: [{{elected: 2020-06-15}}, {{elected: {following}}}]"
    assert listed is ("term:2020-06-15" in outcomes(TERM, record, "2024"))


def test_term_is_followed_by_the_next_election_held_by_the_day() -> None:
    """Not by a later one; one held on the day of the audit was held."""
    record = "committee: [{elected: 2018-06-15}, {elected: 2021-06-15}, {elected: 2024-06-20}]"
    assert {"term:2018-06-15": "pass", "term:2021-06-15": "fail", "term:2024-06-20": "pending"} == outcomes(
        TERM, record, "2018..2024", "2024-06-20"
    )
    said = messages(TERM, record, "2018..2024", "2024-06-20")
    assert "2018-06-15 产生的一届应在 2021-06-15 前换届，2021-06-15 已换届" == said["term:2018-06-15"]
    late = "2021-06-15 产生的一届应在 2024-06-15 前换届，2024-06-20 才换届，逾期 5 天（已换届）"
    assert late == said["term:2021-06-15"]


def test_term_begun_on_the_last_day_of_the_period_runs_in_it() -> None:
    """One begun a day later does not."""
    last, next_ = (f"committee: [{{elected: {day}}}]" for day in ("2024-12-31", "2025-01-01"))
    assert {"term:2024-12-31": "pending"} == outcomes(TERM, last, "2024", "2025-01-10")
    assert {"state": "not_applicable"} == outcomes(TERM, next_, "2024", "2025-01-10")


def test_overdue_by_any_length_that_may_be_meant_it_is_told_by_the_shortest() -> None:
    """Without the branch's type nobody knows which length it is, but all are over."""
    rule = rule_of("check: {kind: term, years: 3, by_type: {村: 5}}")
    said = messages(rule, "committee: [{elected: 2015-06-15}]", "2024", "2024-06-25")
    assert {"term:2015-06-15": "2015-06-15 产生的一届应在 2018-06-15 前换届，已逾期 2202 天"} == said
    unsure = messages(rule, "committee: [{elected: 2020-06-15}]", "2024", "2024-06-25")
    assert {"term:2020-06-15": "没有写支部类型（branch.type），看不出任期几年"} == unsure


SECRETARY = rule_of(f"for_each: {{in: posts, role: 书记}}\n{EACH_YEAR}")


@pytest.mark.parametrize(("since", "expected"), [("2024-01-01", "fail"), ("2024-01-02", "not_applicable")])
def test_holder_of_a_post_owes_what_falls_wholly_into_the_time_it_was_held(since: str, expected: str) -> None:
    """By the day the post says, where no posts are listed for the beginning."""
    record = f"committee: [{{elected: 2024-03-01, posts: [{{name: 甲, post: 书记, since: {since}}}]}}]\nlog: []"
    assert {"2024/甲": expected} == {"2024/甲": "not_applicable"} | outcomes(SECRETARY, record, "2024")


def test_secretary_who_was_elected_again_owes_the_whole_year() -> None:
    """The post was held all along; who held another one before owes nothing yet."""
    before = "{elected: 2021-03-01, posts: [{name: 甲, post: 书记}, {name: 乙, post: 副书记}]}"
    again, another = (f"{{elected: 2024-03-01, posts: [{{name: {name}, post: 书记}}]}}" for name in "甲乙")
    assert {"2024/甲": "fail"} == outcomes(SECRETARY, f"committee: [{before}, {again}]\nlog: []", "2024")
    assert "fail" not in outcomes(SECRETARY, f"committee: [{before}, {another}]\nlog: []", "2024").values()


def test_members_who_came_later_owe_nothing_of_the_year_others_owe() -> None:
    """However long the others have been there."""
    rule = rule_of("for_each: {in: members}\ncheck: {kind: frequency, select: {in: reflections}, per: year, min: 1}")
    members = "[{name: 甲, status: 正式, from: 2020-01-01}, {name: 乙, status: 正式, from: 2024-01-02}]"
    found = outcomes(rule, f"members: {members}\nreflections: []", "2024")
    assert {"2024/甲": "fail", "2024/乙": "not_applicable"} == {"2024/乙": "not_applicable"} | found


@pytest.mark.parametrize(
    ("day", "step", "expected"),
    [
        ("2024-03-01", "2024-06-30", 1),
        ("2024-03-01", "2024-07-01", 0),
        ("2023-12-31", "2024-01-01", 1),
        ("2023-12-30", "2023-12-31", 0),
    ],
)
def test_entry_is_judged_in_the_period_its_step_was_taken_in(day: str, step: str, expected: int) -> None:
    """Up to the day of the audit."""
    rule = rule_of("""
      for_each: {in: entries, select: {in: appraisals}, at: 公示}
      check: {kind: presence, select: {in: appraisals, where: {assessed: {exists: true}}}}
    """)
    record = f"appraisals: [{{date: {day}, steps: {{公示: {step}}}}}]"
    assert expected == sum(name.startswith("on:") for name in outcomes(rule, record, "2024", "2024-06-30"))


def test_entry_of_after_the_period_is_not_judged_and_one_written_twice_only_once() -> None:
    """However late the audit is."""
    rule = rule_of("""
      for_each: {in: entries, select: {in: elections}}
      check: {kind: presence, select: {in: elections, where: {reported: {exists: true}}}}
    """)
    record = "elections: [{date: 2024-03-01}, {date: 2024-03-01}, {date: 2025-03-01}]"
    assert ["2024-03-01"] == [str(w.window.start) for w in judged(rule, record, "2024", "2025-06-30").windows]


def test_branch_on_a_superiors_list_owes_what_it_lived_through() -> None:
    """One dissolved by the first day is not asked about at all."""
    rule = rule_of(
        "actor: superior\nfor_each: {in: branches}\ncheck: {kind: frequency, select: {in: visits}, per: year, min: 1}"
    )
    gone, there, new = (
        "{name: 二, dissolved: 2024-01-01}",
        "{name: 三, dissolved: 2024-01-02}",
        "{name: 四, founded: 2024-01-02}",
    )
    record = f"{{organization: {{name: 学院党委}}, visits: [], branches: [{{name: 一}}, {gone}, {there}, {new}]}}"
    expected = {"2024/一": "fail", "2024/三": "not_applicable", "2024/四": "not_applicable"}
    assert expected == outcomes(rule, record, "2024")
