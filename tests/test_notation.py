"""What people write in a cell, and what it is read as; what could mean two things is refused, never guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dangjian_check.model import moments, name_lists, notation
from dangjian_check.model.fields import exact
from dangjian_check.model.notation import Unreadable

DAYS: dict[object, tuple[str, str | None, str | None, str | None]] = {
    "2024-03-05": ("2024-03-05", None, None, None),
    "2024-3-5": ("2024-03-05", None, None, None),
    "2024/3/5": ("2024-03-05", None, None, None),
    "2024.3.5": ("2024-03-05", None, None, None),
    "20240305": ("2024-03-05", None, None, None),
    20240305.0: ("2024-03-05", None, None, None),
    "2024年3月5日": ("2024-03-05", None, None, None),
    "2024年 3月 5日": ("2024-03-05", None, None, None),
    "２０２４年３月５日": ("2024-03-05", None, None, None),
    "二〇二四年三月五日": ("2024-03-05", None, None, None),
    "二零二四年十二月二十五日": ("2024-12-25", None, None, None),
    "2024年3月5日（星期二）": ("2024-03-05", None, None, None),
    "2024-03-05 周二 下午": ("2024-03-05", None, None, None),
    date(2024, 3, 5): ("2024-03-05", None, None, None),
    datetime(2024, 3, 5): ("2024-03-05", None, None, None),
    datetime(2024, 3, 5, 14, 30): ("2024-03-05", None, "14:30", None),
    "2024-03-05 00:00:00": ("2024-03-05", None, None, None),
    "2024-03-05T14:30:00": ("2024-03-05", None, "14:30", None),
    "2024-03-05 14:30-16:00": ("2024-03-05", None, "14:30", "16:00"),
    "2024年3月5日下午2:30": ("2024-03-05", None, "14:30", None),
    "2024年3月5日下午3点至5点": ("2024-03-05", None, "15:00", "17:00"),
    "2024.3.5 9：00—11：30": ("2024-03-05", None, "09:00", "11:30"),
    "2024-03-05至2024-03-07": ("2024-03-05", "2024-03-07", None, None),
    "2024年3月5日—7日": ("2024-03-05", "2024-03-07", None, None),
    "2024年3月30日至4月2日": ("2024-03-30", "2024-04-02", None, None),
    "2024.3.5-3.7": ("2024-03-05", "2024-03-07", None, None),
    "2024/7/1～7/5": ("2024-07-01", "2024-07-05", None, None),
}


@pytest.mark.parametrize("written", DAYS, ids=str)
def test_day_is_read_as_people_write_it(written: object):
    """The day, the last day of a range, and the times, if they stand in the same cell."""
    assert DAYS[written] == moments.when(written)[:4]


NO_DAYS: dict[object, str] = {
    "3月5日": "没有年份",
    "3/5": "看不出是哪年哪月哪日",
    "3.5": "看不出是哪年哪月哪日",
    "24.3.5": "看不出是哪年哪月哪日",
    "5-3-2024": "看不出是哪年哪月哪日",
    "2024-02-30": "日历上没有",
    "2024-13-01": "日历上没有",
    "1899-12-31": "日历上没有",
    "2024-03": "不是日期",
    "2024年3月": "不是日期",
    "三月五日": "不是日期",
    "上周五": "不是日期",
    "2024-03-05、12": "写了几个日子",
    "2024年3月5日和12日": "写了几个日子",
    "2024-03-05至月底": "止日看不出是哪天",
    "2024-03-05 大概下午": "不是时刻",
    45356.0: "日期写成了数字",
    3.5: "不是日期",
    1e300: "不是日期",
    float("inf"): "不是日期",
    float("nan"): "不是日期",
    date(1900, 1, 23): "日期格式的数字",
    time(14, 0): "不是日期",
    True: "不是日期",
    "年" * 500: "不是日期",
}


@pytest.mark.parametrize("written", NO_DAYS, ids=lambda written: str(written)[:20])
def test_day_that_is_none_or_could_be_two_is_refused(written: object):
    """With what is wrong and what to write instead."""
    with pytest.raises(Unreadable) as caught:
        moments.when(written)
    assert (True, True) == (NO_DAYS[written] in caught.value.message, bool(caught.value.remedy))


def test_day_without_a_year_takes_it_from_outside_and_says_so():
    """The caller gives the year and is told that it was needed."""
    assert moments.When("2024-03-05", None, None, None, True) == moments.when("3月5日", 2024)
    assert moments.When("2024-03-05", "2024-03-07", "14:00", None, True) == moments.when("3月5日至7日 14:00", 2024)
    assert not moments.when("2023年3月5日", 2024).borrowed


CLOCKS: dict[object, tuple[str, str | None]] = {
    "14:00": ("14:00", None),
    "9:05": ("09:05", None),
    "14：00": ("14:00", None),
    "14:00:30": ("14:00", None),
    "14时": ("14:00", None),
    "14时30分": ("14:30", None),
    "9点半": ("09:30", None),
    "上午9点": ("09:00", None),
    "下午2:30": ("14:30", None),
    "晚上7点": ("19:00", None),
    "中午1点": ("13:00", None),
    "中午12:30": ("12:30", None),
    "14:00-16:00": ("14:00", "16:00"),
    "上午9:00至下午3:00": ("09:00", "15:00"),
    time(14, 0): ("14:00", None),
    datetime(2024, 3, 5, 14, 0): ("14:00", None),
    timedelta(hours=14): ("14:00", None),
}


@pytest.mark.parametrize("written", CLOCKS, ids=str)
def test_time_is_read_as_people_write_it(written: object):
    """A time of day, or the first and last of a range."""
    assert CLOCKS[written] == moments.clocks(written)


@pytest.mark.parametrize("written", ["下午", "25:00", "14:60", "晚上12点", "1400", "1、2、3点", "", "14:00左右"])
def test_time_that_is_none_is_refused(written: str):
    """Nothing is rounded, nothing completed."""
    with pytest.raises(Unreadable):
        moments.clocks(written)


COUNTS: dict[object, int] = {
    "23": 23, "23人": 23, "1次": 1, "2人次": 2, "共23人": 23, "23 人": 23, "２３人": 23, "23名": 23, "0": 0,
    "二十三": 23,
    "十二人": 12, "两人": 2, "一百零五人": 105, 23.0: 23, "23.0": 23, "三年": 3,
}  # fmt: skip


@pytest.mark.parametrize("written", COUNTS, ids=str)
def test_number_is_read_with_its_unit(written: object):
    """Units are dropped, Chinese numerals reckoned."""
    assert COUNTS[written] == notation.count(written)


@pytest.mark.parametrize(
    "written", ["约20人", "20-25", "20多人", "23/25", "二三人", "十几人", "若干", 2.5, -1.0, True, ""]
)
def test_rough_number_is_refused(written: object):
    """About twenty is not twenty."""
    with pytest.raises(Unreadable):
        notation.count(written)


@pytest.mark.parametrize(
    ("written", "read"),
    [("5天", "5"), ("1.5学时", "1.5"), ("¥180.00", "180.00"), ("1,200元", "1200"), ("90分钟", "90/60"), (0.5, "0.5")],
)
def test_amount_is_read_with_its_unit(written: object, read: str):
    """An exact number, as text; minutes are parts of an hour."""
    assert read == notation.number(written)
    assert exact(read) is not None


TYPES = {
    "支委会": ["支委会"],
    "支部党员大会": ["支部党员大会"],
    "党员大会暨主题党日": ["党员大会", "主题党日"],
    "支委会、党课": ["支委会", "党课"],
    "主题党日+党课": ["主题党日", "党课"],
    "主题党日/党课": ["主题党日", "党课"],
    "党员大会\n党课": ["党员大会", "党课"],
    "党课（书记讲）": ["党课"],
    "主题党日（党课）": ["主题党日", "党课"],
    "三会一课（支委会）": ["支委会"],
    "支委会（扩大）": ["支委扩大会"],
    "第3次支委会": ["支委会"],
    "3月份主题党日": ["主题党日"],
    "支委会会议记录": ["支委会"],
    "☑支委会 □党员大会 √党课": ["支委会", "党课"],
    "□支委会 ■党员大会": ["党员大会"],
}


@pytest.mark.parametrize("written", TYPES)
def test_types_are_read_one_or_several(written: str):
    """One meeting may be several things at once."""
    assert TYPES[written] == notation.kinds(written)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("支部会", "最接近的是"),
        ("三会一课", "支委会、党员大会、党小组会 还是 党课"),
        ("□支委会 □党员大会", "支委会"),
        ("第3次", "例如"),
    ],
)
def test_type_that_is_none_is_refused_with_the_nearest(written: str, said: str):
    """An unknown type is never taken for another kind of activity."""
    with pytest.raises(Unreadable) as caught:
        notation.kinds(written)
    assert said in caught.value.remedy


PEOPLE: dict[object, Any] = {
    "张三、李四": ["张三", "李四"],
    "张三，李四；王五\n赵六": ["张三", "李四", "王五", "赵六"],
    "张三 李四": ["张三", "李四"],
    "张　三、李四": ["张三", "李四"],
    "欧阳雪 古丽娜·阿不都": ["欧阳雪", "古丽娜·阿不都"],
    "䶮小满、𬍡一": ["䶮小满", "𬍡一"],
    "张三（病假）、李四": [{"name": "张三", "reason": "病假"}, "李四"],
    "张三(临时有事),李四(出差，周五回)": [
        {"name": "张三", "reason": "临时有事"},
        {"name": "李四", "reason": "出差，周五回"},
    ],
    "张三（主持）": [{"name": "张三", "as": "主持"}],
    "缺席：张三": ["张三"],
    "请假：无": [],
    "无": [],
    "全勤": [],
    "—": [],
    "Anna Schmidt": ["Anna Schmidt"],
    "15人": 15,
    "十五人": 15,
    15.0: 15,
    "张三等15人": 15,
    "全体党员": None,
    "支部全体党员及积极分子": None,
}


@pytest.mark.parametrize("written", PEOPLE, ids=str)
def test_people_are_read_with_reasons_or_as_a_number(written: object):
    """Names, each with a reason or a role; a number where only that is written; nobody in particular is None."""
    assert PEOPLE[written] == name_lists.listed(written)


@pytest.mark.parametrize(
    "written", ["支部书记", "等几位老师", "约15人", "二十人左右", "十余人", "应到25人", "张三请假", "字" * 400]
)
def test_what_is_no_list_of_names_is_refused(written: str):
    """Else a sentence would count as so many people."""
    with pytest.raises(Unreadable):
        name_lists.listed(written)


def test_guests_are_read_by_their_office_too():
    """A superior is often named by office alone."""
    assert ["镇党委王书记", {"name": "何建国", "as": "上级"}] == name_lists.listed(
        "镇党委王书记、何建国（上级）", titled=True
    )


@pytest.mark.parametrize(
    ("written", "first", "read"),
    [
        ("应到25人，实到23人", "", {"expected": 25, "present": 23}),
        ("实到23人，应到25人", "", {"expected": 25, "present": 23}),
        ("应到：25 实到：23", "", {"expected": 25, "present": 23}),
        ("应到25，实到23，请假2人（张三、李四）", "", {"expected": 25, "present": 23, "leave": ["张三", "李四"]}),
        ("应到党员25名、实到党员23名、缺席2名", "", {"expected": 25, "present": 23, "absent": 2}),
        ("23/25", "present", {"present": 23, "expected": 25}),
        ("25人/23人", "expected", {"present": 23, "expected": 25}),
    ],
)
def test_turnout_is_read_from_one_cell(written: str, first: str, read: dict[str, Any]):
    """Several numbers in a cell, told apart by their words or by the heading."""
    assert read == name_lists.turnout(written, first)


@pytest.mark.parametrize(
    "written", ["23/25", "大部分到会", "应到25人，应到26人", "请假2人（张三）", "应到25人，其余外出", ""]
)
def test_turnout_that_could_be_read_two_ways_is_refused(written: str):
    """Which of two bare numbers is which, nobody knows."""
    with pytest.raises(Unreadable):
        name_lists.turnout(written)


PERIODS: dict[object, str] = {
    "2024": "2024", 2024.0: "2024", "2024年": "2024", "2024年度": "2024", "2024-03": "2024-03", "2024年3月": "2024-03",
    "2024年第一季度": "2024Q1", "2024年4季度": "2024Q4", "2024年上半年": "2024H1", "2024Q3": "2024Q3",
    date(2024, 3, 1): "2024-03",
}  # fmt: skip


@pytest.mark.parametrize("written", PERIODS, ids=str)
def test_period_is_read_as_people_write_it(written: object):
    """A year, half, quarter or month."""
    assert PERIODS[written] == moments.period(written)


def test_period_without_a_year_needs_one():
    """``3月`` is a month of a year that the caller knows, or none."""
    assert "2024-03" == moments.period("3月", 2024)
    with pytest.raises(Unreadable):
        moments.period("3月")


@pytest.mark.parametrize(
    "text", ["[" * 4000, '[{"a":' * 40 + "1" + "}]" * 40, '{"a": 1, "a": 2}', "[NaN]", '["\\ud800"]', "[1", "{张三}"]
)
def test_brackets_that_are_no_data_are_refused(text: str):
    """However deep, twice said or ill formed."""
    with pytest.raises(Unreadable):
        notation.structured(text)


READERS: list[Callable[[Any], Any]] = [
    moments.when, moments.clocks, moments.period, notation.count, notation.number, notation.yes_no, notation.kinds,
    name_lists.listed, name_lists.turnout, lambda value: notation.texts(value, sentences=True),
    lambda value: moments.when(value, 2024), lambda value: name_lists.listed(value, titled=True),
]  # fmt: skip
WORDS = (
    "0123456789\uff10\uff11一二三十\u3007年月日号点时半分上下午至—-～/.:：、，,；;（）() 　周星期"
    "人名次约等应到实到请假缺席无全体张三李四支委会党课□☑\n"
)
CELLS = st.one_of(
    st.text(),
    st.text(alphabet=WORDS, max_size=30),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.times(),
    st.datetimes(),
    st.timedeltas(),
)


@given(CELLS)
@example("(" * 30_000)
@example("[" * 30_000)
@example("a" + " " * 30_000 + "b")
@example("星期" * 10_000)
@example("、" * 30_000)
def test_no_reader_fails_otherwise_than_by_refusing(value: object):
    """Whatever stands in a cell is read or `Unreadable`."""
    refusals = []
    for reader in READERS:
        try:
            reader(value)
        except Unreadable as refusal:
            refusals.append(refusal)
    assert all(refusal.message and refusal.remedy for refusal in refusals)


@given(st.dates(date(1901, 1, 1), date(2100, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"]))
def test_printed_day_is_read_back(day: date, form: str):
    """In every numeric form, padded or not, and in Chinese."""
    printed = day.strftime(form)
    chinese = f"{day.year}年{day.month}月{day.day}日"
    assert {day.isoformat()} == {moments.when(text).day for text in (printed, chinese, day.isoformat())}


@given(st.integers(0, 999))
def test_printed_number_is_read_back(number: int):
    """In digits and with a unit."""
    assert {number} == {notation.count(text) for text in (str(number), f"{number}人", f"共{number}名", float(number))}
