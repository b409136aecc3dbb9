"""Rows of a ledger: what is taken from titles and said so, what columns say against each other, what nothing means."""

from __future__ import annotations

import pytest

from dangjian_check.errors import DjCheckError, Problem
from dangjian_check.loading import INPUTS
from dangjian_check.loading.records import validate
from dangjian_check.loading.tree import Tree
from dangjian_check.model.record import Record
from ledgers.build import csv_bytes, workbook


def tree(text: str, name: str = "会议记录", file: str = "台账.xlsx") -> Tree:
    """The only record of a drawn sheet."""
    [found] = INPUTS[".xlsx"](workbook({name: text}), file)
    return found


def record(text: str, name: str = "会议记录", file: str = "台账.xlsx") -> Record:
    return validate(tree(text, name, file))


def problems(text: str, name: str = "会议记录", file: str = "台账.xlsx") -> list[tuple[str, str]]:
    """Cell and message of everything wrong."""
    try:
        record(text, name, file)
    except DjCheckError as error:
        return [
            (problem.place.cell.rpartition("!")[2] if problem.place.cell else "", problem.message)
            for problem in error.problems
        ]
    return []


def notes(text: str, name: str = "会议记录", file: str = "台账.xlsx") -> list[Problem]:
    """What was inferred or left unread, but for the branch's name."""
    return [note for note in tree(text, name, file).notes if "支部名称" not in note.message]


def days(text: str, name: str = "会议记录", file: str = "台账.xlsx") -> list[str]:
    return [activity.date.isoformat() for activity in record(text, name, file).activities or []]


BODY = "日期|类型\n3月5日|支委会\n4月2日|支委会"
YEARS = {
    "title": (f"甲支部2024年会议记录\n{BODY}", "会议记录", "台账.xlsx", "标题"),
    "sheet": (BODY, "2024年会议记录", "台账.xlsx", "表名"),
    "file": (BODY, "会议记录", "会议记录2024年.xlsx", "文件名"),
    "filled in later": (f"2024年度会议记录\n填表时间：2025年1月3日\n{BODY}", "会议记录", "台账.xlsx", "标题"),
    "title before file": (f"2024年会议记录\n{BODY}", "会议记录", "2023年台账.xlsx", "标题"),
}


@pytest.mark.parametrize("name", YEARS)
def test_year_is_taken_from_outside_only_if_the_report_says_so(name: str):
    """From the title, else the sheet's name, else the file's; with the number of days that needed it."""
    text, sheet, file, source = YEARS[name]
    assert ["2024-03-05", "2024-04-02"] == days(text, sheet, file)
    assert [f"2 处日期没有写年份，按{source}里的 2024 年读"] == [note.message for note in notes(text, sheet, file)]


@pytest.mark.parametrize(
    "when",
    [
        "",
        "2024年",
        "2024年度",
        "二〇二四年度",
        "2024年上半年",
        "2024年第一季度",
        "2023-2024学年第一学期",
        "2024年3月份",
    ],
)
@pytest.mark.parametrize("branch", ["年丰村党支部", "月湖社区第二党支部", "教工支部"])
def test_name_of_the_branch_in_a_title_goes_without_the_time_before_it(when: str, branch: str):
    [found] = INPUTS[".xlsx"](workbook({"会议记录": f"{when}{branch}“三会一课”台账\n{BODY}"}), "台账2024年.xlsx")
    assert branch == found.data["branch"]["name"]


@pytest.mark.parametrize(
    "title", ["", "会议记录", "2023年12月至2024年6月会议记录", "2023-2024学年会议记录", "填表时间：2024年1月3日"]
)
def test_year_that_is_not_said_or_said_twice_is_not_guessed(title: str):
    """Two years in a title are none."""
    assert [("没有年份" in message) for _, message in problems(f"{title}\n{BODY}")] == [True, True]


def test_section_that_names_a_year_holds_for_the_rows_below():
    """``2023年12月`` between the rows of a ledger of two years."""
    text = "2024年台账\n日期|类型\n2023年12月\n12月5日|支委会\n2024年1月\n1月9日|支委会"
    assert ["2023-12-05", "2024-01-09"] == days(text)
    assert 2 == len([note for note in notes(text) if "小标题" in note.message])


def test_year_in_a_column_of_its_own_completes_the_day():
    """Nothing was inferred then."""
    text = "年|日期|类型\n#2023|12月5日|支委会\n2024年|1月9日|支委会"
    assert (["2023-12-05", "2024-01-09"], []) == (days(text), notes(text))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("日期|类型|应到|出席情况\n2024-01-05|支委会|5|应到6人，实到5人", "D2"),
        ("日期|类型|实到人数|到会人员\n2024-01-05|支委会|3|张三、李四", "D2"),
        ("日期|类型|到会人员|参会人员\n2024-01-05|支委会|张三、李四|张三、王五", "D2"),
        ("日期|类型|实到|实到人数\n2024-01-05|支委会|3|4", "D2"),
        ("日期|活动日期|类型\n2024-01-05|2024-01-06|支委会", "B2"),
        ("日期|类型|主持人|会议主持人\n2024-01-05|支委会|张三|李四", "D2"),
        ("日期|开始时间|类型\n2024-01-05|2024-01-06 14:00|支委会", "B2"),
    ],
)
def test_columns_that_contradict_each_other_are_a_problem(text: str, cell: str):
    """Which of the two holds, nobody knows."""
    assert [cell] == [place for place, _ in problems(text)]


def test_columns_that_say_the_same_or_more_are_brought_together():
    """A number and a list of as many names; a topic and a name; two remarks."""
    text = (
        "日期|类型|名称|议题|应到|出席情况|实到|到会人员|决议|备注\n"
        "2024-01-05|支委会|例会|计划|3|应到3人，实到2人|2人|张三、李四|通过|补记"
    )
    [activity] = record(text).activities or []
    assert activity.attendance is not None
    assert ("例会；计划", "通过；补记", 3) == (activity.topic, activity.remark, activity.attendance.expected)
    assert frozenset({"张三", "李四"}) == activity.attendance.names()


def test_table_that_says_none_is_empty_and_one_that_says_nothing_was_not_kept():
    """``无`` below the headings is a statement, no row at all is not."""
    heading = "谈话日期|谈话人|谈话对象"
    none = INPUTS[".xlsx"](
        workbook({"会议记录": "日期|类型\n2024-01-05|支委会", "谈心谈话": f"{heading}\n无"}), "a.xlsx"
    )
    nothing = INPUTS[".xlsx"](workbook({"会议记录": "日期|类型\n2024-01-05|支委会", "谈心谈话": heading}), "a.xlsx")
    assert ([], None) == (validate(none[0]).talks, validate(nothing[0]).talks)
    assert ["谈心谈话!A1"] == [str(note.place) for note in nothing[0].notes if "当作没有记" in note.message]


def test_meeting_that_was_called_off_is_read_as_such():
    """``状态`` is no column of a sign-in sheet here."""
    text = (
        "日期|类型|状态\n2024-01-05|支委会|未召开\n2024-01-09|支委会|已完成\n2024-01-12|支委会|取消\n2024-01-15|支委会|"
    )
    assert ["取消", "已召开", "取消", "已召开"] == [activity.status for activity in record(text).activities or []]


def test_state_of_dues_must_fit_the_amount():
    """Not paid, and ten yuan paid; paid, and nobody knows how much."""
    text = "姓名|月份|实缴|状态\n张三|2024-01|10|未缴\n李四|2024-01|0|未缴\n王五|2024-01|5|补缴\n赵六|2024-01||已缴"
    found = [("D2", "状态写着 “未缴”，实交却有数"), ("D5", "“已缴” 没有写交了多少")]
    assert found == problems(text, "党费")
    assert ["未缴", "补缴"] == [entry["remark"] for entry in tree(text, "党费").data["dues"][1:3]]


def test_month_not_paid_for_has_no_amount_and_month_exempted_from_dues_has_none_to_pay():
    """The rules take an amount of 0 for an exemption, so what is still owed must not look like one."""
    matrix = record("姓名|1月|2月|3月|4月\n张三|25|未缴|免缴|欠", "2024年党费").dues or []
    assert [(None, 25), (None, None), (0, 0), (None, None)] == [(entry.due, entry.paid) for entry in matrix]
    rows = "姓名|月份|应缴|实缴|状态\n张三|2024-02|25|0|未缴\n张三|2024-03|25|0|免缴"
    assert [(25, None), (0, 0)] == [(entry.due, entry.paid) for entry in record(rows, "党费").dues or []]


def test_tick_for_dues_means_that_what_was_due_was_paid():
    """Said once; where nothing tells what was due a tick is no amount."""
    ticked = "姓名|月缴额|1月|2月\n张三|25|√|20\n李四|30|已交|√"
    assert [25, 20, 30, 30] == [entry.paid for entry in record(ticked, "2024年党费").dues or []]
    said = [note.message for note in notes(ticked, "2024年党费") if "照应交读" in note.message]
    assert ["只写着 “√” 的，实交照应交读", "只写着 “已交” 的，实交照应交读"] == said
    assert [25] == [entry.paid for entry in record("姓名|月份|应缴|状态\n张三|2024-02|25|已缴", "党费").dues or []]
    assert [("B2", "“√” 没有写交了多少")] == problems("姓名|1月|2月\n张三|√|25", "2024年党费")


def test_branch_of_the_rows_must_be_that_of_the_front_sheet():
    """A ledger of one branch with rows of another."""
    sheets = {"基本情况": "支部名称|甲支部\n支部类型|教师", "会议记录": "支部|日期|类型\n乙支部|2024-01-05|支委会"}
    [found] = INPUTS[".xlsx"](workbook(sheets), "a.xlsx")
    with pytest.raises(DjCheckError) as caught:
        validate(found)
    assert ["会议记录!A2"] == [str(problem.place) for problem in caught.value.problems]


def test_problem_of_a_row_is_a_problem_of_its_branch():
    """The other branches of the ledger are not touched by it."""
    text = "支部|日期|类型|议题\n甲|2024-01-05|支委会|计划\n乙|2024-13-05|支委会|计划\n丙|2024-01-05|支委会|计划"
    found = INPUTS[".csv"](csv_bytes("utf-8", text), "a.csv")
    assert [0, 1, 0] == [len(one.problems) for one in found]


def test_one_meeting_over_several_rows_is_one_meeting():
    """Merged day and type, one person a row."""
    text = "日期|类型|到会人员|备注\n2024-01-05|党课|张三|\n^|^|李四|迟到\n^|^|王五|早退\n2024-01-09|支委会|张三|"
    first, second = record(text).activities or []
    assert (frozenset({"张三", "李四", "王五"}), "迟到；早退") == (
        first.attendance and first.attendance.names(),
        first.remark,
    )
    assert second.attendance is not None


def test_two_meetings_on_a_merged_day_are_two():
    """Each has its own type."""
    text = "日期|类型|议题\n2024-01-05|支委会|计划\n^|党课|党章"
    assert [["支委会"], ["党课"]] == [activity.type for activity in record(text).activities or []]


def test_unknown_column_is_told_with_the_nearest_known_one():
    """At its heading; its cells are not read."""
    [note] = notes("日期|类型|主持入\n2024-01-05|支委会|张三")
    assert ("会议记录!C1", "不认识的列 “主持入”，没有读", "最接近的是“主持”") == (
        str(note.place),
        note.message,
        note.remedy,
    )
