"""To whom a demand is put, from which day and until when; how terms of office follow each other."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from builders import judged, messages, outcomes, rule_of


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


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("from: 2024-12-31", {"2024/甲": "not_applicable"}),
        ("from: 2025-01-01", {}),
        ("to: 2024-01-02", {"2024/甲": "not_applicable"}),
        ("to: 2024-01-01", {}),
        ("from: 2024-01-01, to: 2025-01-01", {"2024/甲": "fail"}),
    ],
)
def test_member_is_asked_about_who_was_there_on_a_day_of_the_window(dates: str, expected: dict[str, str]) -> None:
    """And owes what falls wholly into the time; the day of leaving is outside."""
    rule = rule_of("for_each: {in: members}\ncheck: {kind: frequency, select: {in: reflections}, per: year, min: 1}")
    members = f"[{{name: 甲, status: 正式, {dates}}}, {{name: 乙, status: 正式}}]"
    found = outcomes(rule, f"members: {members}\nreflections: []", "2024")
    assert {"2024/乙": "fail"} | expected == found


def test_who_has_to_be_there_on_the_day_of_something_without_a_day_has_to_be_there_throughout() -> None:
    """A plan for the year that does not say when it was made; beside one that does, its day counts."""
    rule = rule_of("""
      for_each: {in: members, there_on: {in: plans}}
      check: {kind: frequency, select: {in: reflections}, per: year, min: 1}
    """)
    members = "[{name: 甲, status: 正式, from: 2024-01-02}, {name: 乙, status: 正式}]"
    plan, other = "{kind: 年度计划, for: 2024}", "{kind: 月计划, made: 2024-03-01}"
    record = f"members: {members}\nreflections: []\nplans: "
    assert {"2024/甲": "not_applicable", "2024/乙": "fail"} == outcomes(rule, f"{record}[{plan}]", "2024")
    assert {"2024/甲": "fail", "2024/乙": "fail"} == outcomes(rule, f"{record}[{plan}, {other}]", "2024")


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
