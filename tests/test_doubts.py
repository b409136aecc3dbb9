"""Doubts: each kind has a case that raises it and near cases that do not; none of them ever costs anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import WORKDAYS, facts_of, record_from
from dangjian_check.app import Request, run
from dangjian_check.engine.doubts import KINDS, signals
from dangjian_check.model.calendar import Period
from dangjian_check.model.facts import Facts
from program import LAX, PROBE, ROOT, SOUND, Run
from strategies import Data, records, reordered, spans

NAMED = ", ".join(f"党员{n}" for n in range(10))


def roster(*names: str, **more: str) -> str:
    """A roster of full members; ``more`` are further fields of some of them."""
    rows = [f"{{name: {name}, status: 正式, from: 2010-01-01{more.get(name, '')}}}" for name in names]
    return f"members: [{', '.join(rows)}]\n"


ABC = roster("张三", "李四", "王五")
AWAY = "attendance: {present: [张三, 李四], leave: [王五]}"
EVERYBODY = f"attendance: {{present: [{NAMED}]}}"
ITEM = "attendance: {expected: 4, present: 3}"
WEEK = "log: [{{date: 2024-12-26, type: 支委会}}, {{date: 2024-12-27, type: 主题党日}}, {{date: {day}, type: 支委会}}]"
GUEST = "attendance: {present: 20, guests: [赵六]}"
TWICE = "{{date: 2024-03-05, type: 党课, {first}}}, {{date: 2024-03-05, type: 党课, {second}}}"


def twice(first: str, second: str) -> str:
    """Two lectures on one day."""
    return f"log: [{TWICE.format(first=first, second=second)}]"


# kind -> records that raise it, with what must stand in the sentence; and near ones that do not.
RAISED: list[tuple[str, str, str]] = [
    (
        "same-topic",
        "log: [{every: month, from: 2024-01, to: 2024-03, type: 支委会, topic: 研究部署近期重点工作}]",
        "2024-01-10、2024-02-10、2024-03-10，3 次支委会的主题都是《研究部署近期重点工作》",
    ),
    (
        "same-topic",
        "log: [{date: 2024-01-10, type: 党课, topic: 学习二十届三中全会精神}, "
        "{date: 2024-02-10, type: 党课, topic: 学习“二十届三中全会”精神。},"
        " {date: 2024-03-10, type: 党课, topic: 学习 二十届三中全会 精神}]",
        "3 次党课",
    ),
    (
        "same-attendance",
        f"{ABC}log: [{{every: month, from: 2024-01, to: 2024-04, type: 党课, {AWAY}}}]",
        "4 次活动的到会名单一人不差，没到的也都是王五",
    ),
    (
        "same-attendance",
        f"log: [{{every: month, from: 2024-01, to: 2024-10, type: 党课, {EVERYBODY}}}]",
        "10 次活动，每次都是同样的 10 人全到",
    ),
    (
        "late-minutes",
        "log: [{date: 2024-01-10, type: 支委会, minutes: {written: 2024-02-10}}, "
        "{date: 2024-01-09, type: 党课, minutes: {written: 2024-02-10}}]",
        "2024-01-09、2024-01-10，2 次活动的记录写于 2024-02-10，最久的隔了 32 天",
    ),
    (
        "early-minutes",
        "log: [{date: 2024-01-10, type: 支委会, minutes: {written: 2024-01-09}}]",
        "2024-01-10 的支委会，记录写于会前的 2024-01-09",
    ),
    (
        "two-places",
        "log: [{date: 2024-01-10, start: '14:00', end: '16:00', type: 支委会, topic: 甲事, host: 张三}, "
        "{date: 2024-01-10, start: '15:00', type: 党课, topic: 乙事, attendance: {present: [张三, 李四]}}]",
        "14:00 的支委会《甲事》与 15:00 的党课《乙事》时间重叠，两处都有张三",
    ),
    (
        "two-places",
        "training: [{name: 张三, from: 2024-01-08, to: 2024-01-12, days: 5, organiser: 校党校}]\n"
        "log: [{date: 2024-01-10, start: '14:00', type: 支委会, lecturer: 张三}]",
        "张三 2024-01-08 至 2024-01-12 全天参加培训（校党校），又列在 2024-01-10 14:00 的支委会",
    ),
    ("stacked-at-end", WEEK.format(day="2024-12-30"), "2024-12-25 至 2024-12-31 的 7 天里记了 3 次每月例行的活动"),
    (
        "several-in-one-day",
        "log: [{date: 2024-03-05, type: 党课, topic: 甲}, {date: 2024-03-05, type: 党课, topic: 乙}]",
        "2024-03-05 一天记了 2 次党课",
    ),
    ("holiday", "log: [{date: 2024-10-01, type: 支委会}, {date: 2024-01-01, type: 支委会}]", "2024-01-01、2024-10-01"),
    ("holiday", "log: [{date: 2024-10-05, type: 党课}]", "2024-10-05 开党课，正逢节假日放假"),
    ("outside-life", "founded: 2024-03-01\nlog: [{date: 2024-02-29, type: 党课}]", "支部 2024-03-01 才成立"),
    ("outside-life", "dissolved: 2024-03-01\nlog: [{date: 2024-03-01, type: 党课}]", "支部 2024-03-01 撤销"),
    ("after-audit-day", "log: [{date: 2024-06-12, type: 党课}]", "核查截至 2024-06-11，2024-06-12 的活动"),
    (
        "above-membership",
        f"{ABC}log: [{{every: month, from: 2024-01, to: 2024-02, type: 党员大会, {ITEM}}}]",
        "2024-01-10、2024-02-10，2 次活动应到 4 人，当时支部有党员 3 人",
    ),
    ("above-membership", "formal: 2\nlog: [{date: 2024-01-10, type: 支委会, attendance: {present: 3}}]", "实到 3 人"),
    (
        "above-membership",
        f"{ABC}log: [{{date: 2024-01-10, type: 党员大会, attendance: {{present: [张三, 李四, 王五, 赵六]}}}}]",
        "实到 4 人",
    ),
    (
        "counts-disagree",
        "log: [{date: 2024-01-10, type: 党课, attendance: {expected: 3, present: 4}}]",
        "实到却有 4 人",
    ),
    (
        "counts-disagree",
        "log: [{date: 2024-01-10, type: 党课, attendance: {expected: 3, present: [张三, 李四], leave: 1, absent: 1}}]",
        "实到、请假和缺席合起来有 4 人",
    ),
    (
        "counts-disagree",
        "log: [{date: 2024-01-10, type: 党课, attendance: {present: [张三], leave: [张三]}}]",
        "张三既在到会名单里",
    ),
    (
        "counts-disagree",
        "log: [{date: 2024-01-10, type: 党员大会, attendance: {present: 9}, "
        "votes: [{matter: 某事, for: 9, against: 1}]}]",
        "实到 9 人，表决却有 10 票",
    ),
    ("counts-disagree", "elections: [{date: 2024-01-10, present: 9, ballots: 10}]", "收回选票却有 10 张"),
    (
        "contradicting-twins",
        twice("start: '14:00', topic: 甲, host: 张三", "start: '14:00', topic: 甲, host: 李四"),
        "2024-03-05 的党课记了两条，主持人对不上",
    ),
    (
        "contradicting-twins",
        twice("topic: 甲, attendance: {present: 3}", "topic: 甲, start: '14:00', attendance: {present: 4}"),
        "实到人数对不上",
    ),
    (
        "outsider",
        f"{ABC}log: [{{every: month, from: 2024-01, to: 2024-02, type: 党课, lecturer: 赵六, host: 张三}}]",
        "2024-01-10 党课（主讲）、2024-02-10 党课（主讲）写的是赵六",
    ),
    (
        "nothing-paid",
        "dues: [{name: 张三, month: 2024Q2, paid: 0}, {name: 张三, month: 2024-01, paid: 0}]",
        "张三 2024年1月、2024年第二季度的党费写的是实交 0 元",
    ),
]
QUIET: list[tuple[str, str]] = [
    ("same-topic", "log: [{every: month, from: 2024-01, to: 2024-02, type: 支委会, topic: 研究部署近期重点工作}]"),
    ("same-topic", "log: [{every: month, from: 2024-01, to: 2024-06, type: 集中学习, topic: 政治理论学习}]"),
    (
        "same-topic",
        "groups: [{id: g1}, {id: g2}, {id: g3}]\nlog: ["
        + ", ".join(
            f"{{date: 2024-01-1{n}, type: 党小组会, group: g{n}, topic: 讨论党员民主评议意见}}" for n in (1, 2, 3)
        )
        + "]",
    ),
    ("same-attendance", f"{ABC}log: [{{every: month, from: 2024-01, to: 2024-03, type: 党课, {AWAY}}}]"),
    (
        "same-attendance",
        roster("张三", "李四", "王五", 王五=", mobility: 流动")
        + f"log: [{{every: month, from: 2024-01, to: 2024-06, type: 党课, {AWAY}}}]",
    ),
    (
        "same-attendance",
        "log: [{every: month, from: 2024-01, to: 2024-12, type: 党课, attendance: {present: [张三, 李四]}}]",
    ),
    ("late-minutes", "log: [{date: 2024-01-10, type: 支委会, minutes: {written: 2024-02-09}}]"),
    ("late-minutes", "log: [{date: 2024-01-09, until: 2024-01-11, type: 调研, minutes: {written: 2024-02-10}}]"),
    ("early-minutes", "log: [{date: 2024-01-10, type: 支委会, minutes: {written: 2024-01-10}}]"),
    (
        "two-places",
        "log: [{date: 2024-01-10, start: '14:00', end: '15:00', type: 支委会, topic: 甲事, host: 张三}, "
        "{date: 2024-01-10, start: '15:00', type: 党课, topic: 乙事, host: 张三}]",
    ),
    (
        "two-places",
        "log: [{date: 2024-01-10, start: '14:00', type: 党员大会, topic: 甲事, place: 305, host: 张三}, "
        "{date: 2024-01-10, start: '14:00', type: 党课, topic: 乙事, place: '305', host: 张三}]",
    ),
    (
        "two-places",
        "training: [{name: 张三, from: 2024-01-08, to: 2024-01-12, days: 5}]\n"
        "log: [{date: 2024-01-10, start: '18:30', type: 支委会, host: 张三}]",
    ),
    (
        "two-places",
        "training: [{name: 张三, from: 2024-01-08, to: 2024-01-12, hours: 8, organiser: 网络学院}]\n"
        "log: [{date: 2024-01-10, start: '14:00', type: 支委会, host: 张三}]",
    ),
    ("stacked-at-end", WEEK.format(day="2024-12-24")),
    (
        "stacked-at-end",
        "log: [{every: month, from: 2024-01, to: 2024-12, type: 支委会, day: 26}, "
        "{every: month, from: 2024-01, to: 2024-12, type: 主题党日, day: 27}, {date: 2024-12-28, type: 支委会}]",
    ),
    (
        "several-in-one-day",
        "log: [{date: 2024-03-05, type: 党课, topic: 甲}, {date: 2024-03-06, type: 党课, topic: 乙}]",
    ),
    ("several-in-one-day", twice("topic: 甲", "topic: 甲")),
    (
        "several-in-one-day",
        "groups: [{id: g1}, {id: g2}]\n"
        "log: [{date: 2024-03-05, type: 党小组会, group: g1}, {date: 2024-03-05, type: 党小组会, group: g2}]",
    ),
    ("holiday", "log: [{date: 2024-03-09, type: 支委会}, {date: 2024-10-01, type: 走访慰问}]"),
    ("holiday", "log: [{date: 2024-10-12, type: 支委会}]"),
    ("holiday", "log: [{date: 2049-01-01, type: 支委会}]"),
    ("outside-life", "founded: 2024-03-01\nlog: [{date: 2024-03-01, type: 党课}]"),
    ("outside-life", "dissolved: 2024-03-01\nlog: [{date: 2024-02-29, type: 党课}]"),
    ("after-audit-day", "log: [{date: 2024-06-11, type: 党课}, {date: 2024-06-12, type: 党课, status: 计划}]"),
    ("after-audit-day", "log: [{date: 2025-01-01, type: 党课}]"),
    ("above-membership", f"{ABC}log: [{{date: 2024-01-10, type: 党员大会, attendance: {{expected: 3, present: 3}}}}]"),
    ("above-membership", f"{ABC}log: [{{date: 2024-01-10, type: 党课, {GUEST}}}]"),
    ("above-membership", f"log: [{{date: 2024-01-10, type: 党员大会, {ITEM}}}]"),
    (
        "above-membership",
        f"{ABC}log: [{{date: 2024-01-10, type: 党员大会,"
        " attendance: {present: [张三, 李四, 王五, {name: 赵六, as: 上级}]}}]",
    ),
    ("counts-disagree", f"log: [{{date: 2024-01-10, type: 党课, {ITEM}}}]"),
    ("counts-disagree", "log: [{date: 2024-01-10, type: 征求意见, attendance: {present: 40}}]"),
    (
        "counts-disagree",
        "elections: [{date: 2024-01-10, expected: 9, present: 8, ballots: 8, winners: [{name: 甲, votes: 8}]}]",
    ),
    ("contradicting-twins", twice("start: '14:00', host: 张三", "start: '15:00', host: 李四")),
    ("contradicting-twins", twice("topic: 甲, host: 张三", "topic: 甲")),
    ("outsider", f"{ABC}log: [{{date: 2024-01-10, type: 党课, lecturer: 赵六, {GUEST}}}]"),
    ("outsider", f"{ABC}log: [{{date: 2024-01-10, type: 党课, lecturer: 赵六, level: 上级, host: 党总支}}]"),
    ("outsider", "log: [{date: 2024-01-10, type: 党课, lecturer: 赵六}]"),
    ("nothing-paid", "dues: [{name: 张三, month: 2024-01, due: 0, paid: 0}, {name: 李四, month: 2024-01, paid: 1}]"),
    ("nothing-paid", "dues: [{name: 张三, month: 2024-01, paid: 0, remark: 困难党员，党委批准免交}]"),
    ("nothing-paid", "dues: [{name: 张三, month: 2023-12, paid: 0}, {name: 李四, month: 2024-01}]"),
]
AS_OF = {"after-audit-day": "2024-06-11"}


def raised(kind: str, text: str, kinds: Sequence[str] | None = None) -> list[str]:
    """What is said of a short record by one kind of doubt, in 2024."""
    period = "2049" if "2049" in text else "2024"
    return [s.message for s in signals(facts_of(text, period, AS_OF.get(kind)), kinds or [kind])]


@pytest.mark.parametrize(("kind", "text", "words"), RAISED, ids=[f"{k}-{n}" for n, (k, _, _) in enumerate(RAISED)])
def test_kind_is_raised(kind: str, text: str, words: str):
    """One sentence that says what, with its days."""
    [message] = raised(kind, text)
    assert words in message


@pytest.mark.parametrize(("kind", "text"), QUIET, ids=[f"{k}-{n}" for n, (k, _) in enumerate(QUIET)])
def test_kind_is_not_raised_by_what_is_near(kind: str, text: str):
    """Just below a threshold, or with an innocent ground that the record itself states."""
    expected: list[str] = []
    assert expected == raised(kind, text)


def test_every_kind_has_a_case_that_raises_it_and_one_that_does_not():
    """The table of kinds and the cases above."""
    assert list(KINDS) == list(dict.fromkeys(k for k in KINDS if k in {r[0] for r in RAISED} & {q[0] for q in QUIET}))


def test_every_kind_is_in_the_docs_under_its_title():
    """docs/doubts.md names each kind with its title."""
    text = (ROOT / "docs" / "doubts.md").read_text(encoding="utf-8")
    assert [] == [kind for kind, row in KINDS.items() if f"| `{kind}` | {row.title} |" not in text]


@pytest.mark.parametrize("kind", KINDS)
def test_reason_asks_a_person_and_accuses_nobody(kind: str):
    """It ends in something to look at, and has no word of guilt."""
    reason = KINDS[kind].reason
    assert (True, []) == (
        10 < len(reason) < 60,
        [word for word in ("造假", "作弊", "伪造", "违规", "虚假") if word in reason],
    )


def test_nothing_is_doubtful_outside_the_period():
    """A lecture of last year on a holiday is not this year's business."""
    assert [] == raised("holiday", "log: [{date: 2023-10-01, type: 党课}, {date: 2024-03-05, type: 党课}]", list(KINDS))


@pytest.mark.parametrize("name", ["teachers-sound", "small-branch", "teachers-lax", "village", "students-groups"])
def test_shipped_example_raises_no_doubt(name: str):
    """A year's record kept the way people keep it."""
    report = run(Request((ROOT / "examples" / f"{name}.yaml",), date(2025, 3, 1)))
    assert [] == [doubt.message for view in report.records for doubt in view.doubts]


def test_shipped_example_with_a_person_in_two_places():
    """The workshop's record places one member at a course and at a customer's."""
    report = run(Request((ROOT / "examples" / "workshop.yaml",), date(2025, 3, 1)))
    [(kind, places)] = [(d.kind, d.places) for view in report.records for d in view.doubts]
    assert ("two-places", 2) == (kind, len(places))


def doubtful(record: Data, period: Period, as_of: date) -> list[tuple[str, str]]:
    facts = Facts(record_from(record), period, as_of, WORKDAYS)
    return [(s.kind, s.message) for s in signals(facts, KINDS)]


@given(record=records(), span=spans(), data=st.data())
def test_order_of_entries_is_irrelevant_to_doubts(record: Data, span: tuple[Period, date], data: st.DataObject):
    """The same record in another order raises the same doubts in the same order, each once."""
    found = doubtful(record, *span)
    assert found == doubtful(data.draw(reordered(record)), *span)
    assert len(found) == len(set(found))


@given(record=records(), span=spans())
def test_doubt_has_places_in_the_record(record: Data, span: tuple[Period, date]):
    """Every path of a doubt leads to an entry."""
    for signal in signals(Facts(record_from(record), *span, WORKDAYS), KINDS):
        assert signal.paths
        assert all(index < len(record[series]) for series, index in signal.paths)


@pytest.mark.parametrize("path", [SOUND, LAX], ids=["sound", "lax"])
def test_doubts_never_change_score_outcomes_or_status(run: Run, path: Path):
    """With and without them everything else is the same."""
    done = {flag: run("audit", path, *PROBE, "--format", "json", *flag) for flag in ((), ("--no-doubts",))}
    [with_doubts, without] = done.values()
    assert with_doubts.status == without.status
    assert with_doubts.json["assessments"] == without.json["assessments"]
    assert (True, []) == (bool(with_doubts.json["records"][0]["doubts"]), without.json["records"][0]["doubts"])


def test_one_kind_is_switched_off(run: Run):
    """``--ignore-doubt`` leaves the others."""
    done = run("audit", LAX, *PROBE, "--format", "json", "--ignore-doubt", "above-membership")
    assert [] == done.json["records"][0]["doubts"]
    other = run("audit", LAX, *PROBE, "--format", "json", "--ignore-doubt", "holiday")
    assert {"above-membership"} == {doubt["kind"] for doubt in other.json["records"][0]["doubts"]}


def test_unknown_kind_is_a_usage_problem_with_the_nearest(run: Run):
    """A typing error does not switch anything off silently."""
    done = run("audit", LAX, *PROBE, "--ignore-doubt", "holidays")
    assert (2, "", "dj-check: --ignore-doubt 不认识 “holidays” → 最接近的是 holiday\n") == done


def test_doubts_stand_once_per_record_in_the_terminal(run: Run):
    """Two standards, one section, with reason and places."""
    out = run("audit", LAX, *PROBE, "--standard", "bare").out
    assert (1, 1) == (out.count("存疑，请人看一看 2 处（不扣分）"), out.count("缘由"))
    assert "lax.yaml:11:5" in out
