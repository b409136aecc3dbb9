"""Reading a record: what each scalar means, where everything stands, and what people get for their slips."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dangjian_check.errors import Problem
from dangjian_check.loading.records import parse_record
from dangjian_check.loading.tree import Tree
from dangjian_check.loading.yaml_events import read_yaml
from dangjian_check.model.vocabulary import ALIASES
from program import places, refused

HAN = re.compile(r"[一-鿿]")
LOG = "branch: {name: 甲支部}\nactivities:\n"
PLACED = """\
format: 1
branch:
  name: 甲支部
  theme_day: {day: 15, from: 2020-01-01}
"引号键":   "引号值"
members: [{name: 张三}, {name: 李四}]
activities:
  - date: 2024-01-08
    type: [支委会, 党课]
    remark: |
      第一行
      第二行
  -   {id: a2, topic: 读：原著}
"""
PLACES = [
    ((), (1, 1)),
    (("format",), (1, 9)),
    (("branch",), (2, 1)),
    (("branch", "name"), (3, 9)),
    (("branch", "theme_day"), (4, 3)),
    (("branch", "theme_day", "day"), (4, 20)),
    (("branch", "theme_day", "from"), (4, 30)),
    (("引号键",), (5, 10)),
    (("members", 0), (6, 11)),
    (("members", 1, "name"), (6, 30)),
    (("activities", 0), (8, 5)),
    (("activities", 0, "date"), (8, 11)),
    (("activities", 0, "type", 1), (9, 17)),
    (("activities", 0, "remark"), (10, 13)),
    (("activities", 1), (13, 7)),
    (("activities", 1, "topic"), (13, 23)),
]


def tree(text: str) -> Tree:
    return read_yaml(text.encode(), "branch.yaml")


def one(raw: str | bytes) -> Problem:
    """The only problem of a file."""
    found = refused(raw)
    assert 1 == len(found), [str(problem) for problem in found]
    return found[0]


def entry(value: str, key: str = "date") -> str:
    """A record whose only activity has ``key: value`` on line 4, from column 11 for a date."""
    fields = {"type": "党课", "date": "2024-01-08"} | {key: value}
    return LOG + "  - id: a\n" + "".join(f"    {name}: {written}\n" for name, written in reversed(fields.items()))


@pytest.mark.parametrize(("path", "place"), PLACES)
def test_place_of_a_value_is_its_line_and_column_counted_from_one(path: tuple[Any, ...], place: tuple[int, int]):
    """A scalar is where its text begins, a mapping or list of a key is at its key, an item at its first character."""
    assert place == tree(PLACED).place(path)[:2]


def test_place_of_a_key_is_where_the_key_begins():
    """With ``key`` the key itself is pointed at, also when its value stands elsewhere."""
    assert (3, 3) == tree(PLACED).place(("branch", "name"), key=True)[:2]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("branch", "type"), (2, 1)),
        (("activities", 7, "date"), (7, 1)),
        (("plans",), (1, 1)),
        (("format", "x"), (1, 9)),
    ],
)
def test_place_of_something_absent_is_that_of_its_nearest_owner(path: tuple[Any, ...], place: tuple[int, int]):
    """Steps a file does not have are passed over."""
    assert place == tree(PLACED).place(path)[:2]


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_places_do_not_depend_on_line_endings_or_a_byte_order_mark(ending: str, mark: bytes):
    """A file from Windows points to the same lines and columns, its first line included."""
    read = read_yaml(mark + PLACED.replace("\n", ending).encode(), "branch.yaml")
    assert [place for _, place in PLACES] == [read.place(path)[:2] for path, _ in PLACES]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"), ("True", "True"), ("是", "是"),
        ("true", True), ("false", False), ("null", None), ("~", None), ("", None),
        ("12", 12), ("-3", -3), ("+3", 3), ("0", 0), ("012", "012"), ("0o14", "0o14"), ("0x1F", "0x1F"),
        ("1_000", "1_000"), ("1:30", "1:30"), ("0.5", 0.5), ("1e3", "1e3"), ("1e999", "1e999"), (".5", ".5"),
        (".inf", ".inf"), (".nan", ".nan"),
        ("2024-02-03", "2024-02-03"), ("2024-02-03T10:00:00Z", "2024-02-03T10:00:00Z"), ("=", "="),
        ("013800138000", "013800138000"), ("110101199003074514", "110101199003074514"),
        ('"12"', "12"), ("'true'", "true"), ('""', ""), ("|-\n  一\n  二", "一\n二"), (">-\n  一\n  二", "一 二"),
    ],
)  # fmt: skip
def test_scalar_has_one_meaning(written: str, value: object):
    """Only plain decimal numbers, true, false and null are more than text; no sexagesimal, octal, yes or date."""
    read = tree(f"x: {written}\n")
    assert ((), (type(value), value)) == (read.problems, (type(read.data["x"]), read.data["x"]))


@pytest.mark.parametrize("written", ["yes", "no", "on", "是", "True", "1", '"true"'])
def test_yes_and_no_must_be_written_true_and_false(written: str):
    """A word that some YAML readers take for a boolean is refused with the right spelling, never guessed."""
    problem = one(f"branch:\n  name: 甲支部\n  joint: {written}\n")
    assert ((3, 10), "这里应是 true 或 false", "是写 true，否写 false") == (places([problem])[0], *problem[3:5])


@pytest.mark.parametrize("written", [".inf", ".nan", "1e999", "-1", "两", "9" * 400])
def test_number_that_is_none_or_endless_is_refused(written: str):
    """Hours are a finite number, not less than nothing."""
    assert [(5, 12)] == places(refused(LOG + f"  - date: 2024-01-08\n    type: 党课\n    hours: {written}\n"))


@pytest.mark.parametrize("written", ["12", "0.5", "23800138000"])
def test_number_where_text_is_owed_is_told_to_be_quoted(written: str):
    """A bare number may have lost its zeros already, so it is not turned into text silently."""
    problem = one(f"branch:\n  name: {written}\n")
    assert ((2, 9), f"这里应是文字，写成了数字 “{written}”", "给它加上引号") == (places([problem])[0], *problem[3:5])


@pytest.mark.parametrize("written", ["0800", "110101199003074514", "8", "a-1"])
def test_id_keeps_every_digit_written(written: str):
    """Ids may look like numbers; leading zeros and the eighteenth digit survive."""
    assert written == parse_record(f"branch: {{name: 甲, id: {written}}}".encode(), "branch.yaml", "b1").id


@pytest.mark.parametrize("written", ["2024-2-3", "2024/2/3", "2024.02.03", "2024年2月3日", "２０２４年２月３日"])
def test_date_in_another_style_is_answered_with_the_right_one(written: str):
    """Ledger styles are not ISO dates; the remedy spells the date out."""
    problem = one(entry(written))
    assert ((4, 11), f"日期 “{written}” 不是标准写法", "改写成 2024-02-03") == (places([problem])[0], *problem[3:5])


@pytest.mark.parametrize("written", ["2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "2024-2-30"])
def test_impossible_date_is_located(written: str):
    """A day the calendar does not have is named at its place."""
    problem = one(entry(written))
    assert ((4, 11), f"日历上没有 “{written}” 这一天") == (places([problem])[0], problem.message)


@pytest.mark.parametrize(
    ("written", "year"), [("0202-01-08", 202), ("0000-01-01", 0), ("1899-12-31", 1899), ("2101-01-01", 2101)]
)
def test_year_outside_the_centuries_in_question_is_a_slip(written: str, year: int):
    """Years before 1900 and after 2100 are mistyped."""
    problem = one(entry(written))
    assert ((4, 11), f"年份 {year} 不在 1900—2100 之间") == (places([problem])[0], problem.message)


@pytest.mark.parametrize(
    "written", ["20240203", "24-2-3", "二月三日", "2024-02-03T10:00:00", "2024-02", "[2024-02-03]", "true", ""]
)
def test_what_is_no_date_is_located(written: str):
    """Anything else in place of a date is one problem at the date."""
    assert 4 == one(entry(written)).line


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("date", ""), ("date", "true"), ("date", "[2024-01-08]"), ("hours", "true"), ("start", "true"), ("for", "true"),
    ],
)  # fmt: skip
def test_no_word_of_the_machine_reaches_a_message(key: str, written: str):
    """Nobody should have to know how the program spells an absent value, a yes or a list."""
    problem = one(entry(written, key))
    assert None is re.search(r"None|True|False|\['|Fraction|dict|NoneType", str(problem)), str(problem)


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("支委员会议", "支委会"),
        ("党大会", "党员大会"),
        ("民主评议会", "民主评议"),
        ("主题党曰", "主题党日"),
        ("xyz", "其他"),
    ],
)
def test_unknown_activity_type_is_answered_with_the_nearest(written: str, near: str):
    """A type that is not in the vocabulary is never ignored."""
    problem = one(entry(written, "type"))
    message, remedy = f"不认识的活动类型 “{written}”", f"最接近的是“{near}”；确属其他活动的写 其他"
    assert ((5, 11), message, remedy) == (places([problem])[0], *problem[3:5])


@pytest.mark.parametrize(
    ("written", "series"), [("谈心谈话", "talks"), ("述职", "reports"), ("发展党员", "development")]
)
def test_type_that_has_a_series_of_its_own_is_sent_there(written: str, series: str):
    problem = one(entry(written, "type"))
    assert f"“{written}” 不是活动类型，另有一栏" == problem.message
    assert problem.remedy.startswith(f"写进“{written}”一栏（{series}）")


def test_activity_of_no_type_is_refused():
    """An activity with an empty list of types would count for nothing without a word."""
    assert 5 == one(entry("[]", "type")).line


@pytest.mark.parametrize("alias", sorted(ALIASES))
def test_type_as_people_write_it_is_its_standard_type(alias: str):
    """Common names of a meeting are the meeting."""
    activities = parse_record(entry(alias, "type").encode(), "branch.yaml", "b1").record.activities
    assert activities is not None
    assert [ALIASES[alias]] == activities[0].type


@pytest.mark.parametrize(
    ("text", "place", "message", "remedy"),
    [
        ("branch:\n  naem: 甲\n  name: 甲\n", (2, 3), "不认识的键 “naem”", "最接近的是“name”"),
        ("branch:\n  id: a\n", (1, 1), "缺少 name", "补上“name: …”"),
        ("branch: {name: 甲}\nmembers: 甲\n", (2, 10), "这里应是一个列表", "每项前写“- ”，或写成 [甲, 乙]"),
        ("branch: 甲\n", (1, 9), "这里应是一组“键: 值”", "每个键另起一行，后面是半角冒号和空格"),
        ("- 甲\n", (1, 1), "这里应是一组“键: 值”", "每个键另起一行，后面是半角冒号和空格"),
        ("branch: {name: 甲}\nheadcount: {formal: 九}", (2, 21), "“九” 不是人数或次数", "写成不带单位的整数，例如 12"),
        ("branch: {name: 甲}\nformat: 2\n", (2, 9), "“2” 不在可选的词里", "可选：1"),
        ("branch: {name: 甲}\nmembers: [{name: 乙, status: 无}]", (2, 29), "“无” 不在可选的词里", "可选：正式、预备"),
        ("branch:\n  name:\n", (2, 3), "这里应是文字", "写成一段文字"),
    ],
)  # fmt: skip
def test_wrong_content_is_one_problem_at_its_place(text: str, place: tuple[int, int], message: str, remedy: str):
    """What a model refuses is said in one Chinese line with a remedy."""
    problem = one(text)
    assert (place, message, remedy) == (places([problem])[0], *problem[3:5])


def test_every_slip_of_a_file_is_reported_in_one_run():
    """Full-width colons do not hide unknown keys, impossible dates, wrong types and unknown activities beside them."""
    text = """\
branch:
  name：测试支部
  typo: 教师
coverage：{from: 2024-01-01, to: 2024-12-31}
activities:
  - date: 2024-02-30
    type: 支委员会议
  - date：2024-03-01
    type: 党大会
  - {date: 2024-03-05, type: 党课, attendance: {expected: 十人}}
  - {date: 2024-3-2, type: 民主生活}
headcount: {formal: "9"}
"""
    found = refused(text)
    assert [
        (2, 7), (3, 3), (4, 9), (6, 11), (7, 11), (8, 9), (9, 11), (10, 57), (11, 12), (11, 28), (12, 21),
    ] == places(found)  # fmt: skip
    assert [2, 4, 8] == [problem.line for problem in found if "全角冒号" in problem.message]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("支部：一支部\n", (1, 1)),
        ("branch:\n  name：一支部\n", (2, 3)),
        ("branch: {name：一支部}\n", (1, 10)),
        ("branch: {name: 一支部}\nactivities:\n  - {date：2024-01-08, type: 党课}\n", (3, 6)),
        ("branch: {name: 一支部}\ncommittee:\n  posts：\n    - {name: 甲, post: 书记}\n", (3, 8)),
    ],
)
def test_full_width_colon_is_named_for_what_it_is(text: str, place: tuple[int, int]):
    """However the parser takes it, a full-width colon in place of a half-width one is called that."""
    found = refused(text)
    assert any("全角冒号" in problem.message for problem in found), [str(p) for p in found]
    assert place in places(found)


def test_full_width_colon_inside_a_text_is_part_of_the_text():
    """Chinese prose has full-width colons."""
    text = entry("[议题：年度计划]", "agenda") + "    remark: |\n      地点：会议室\n"
    activities = parse_record(text.encode(), "branch.yaml", "b1").record.activities
    assert activities is not None
    assert (["议题：年度计划"], "地点：会议室") == (activities[0].agenda, activities[0].remark)


@pytest.mark.parametrize(
    "good", ["    agenda:\n      - 议题：年度计划\n", "    remark: |\n      时间：上午\n      地点：会议室\n"]
)
def test_slip_elsewhere_does_not_accuse_sound_text(good: str):
    """An unclosed bracket is the only problem of a file whose prose has full-width colons."""
    text = (
        LOG
        + "  - date: 2024-01-08\n    type: 支委会\n"
        + good
        + "    tags: [学习\n  - {date: 2024-02-08, type: 支委会}\n"
    )
    assert ["括号没有配对，或缺少逗号"] == [problem.message for problem in refused(text)]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("branch:\n\tname: 甲\n", (2, 1), "用制表符缩进"),
        ("branch:\n  name: 甲\n\ttype: 教师\n", (3, 1), "用制表符缩进"),
        (LOG + "  - date: 2024-01-08\n   type: 党课\n", (4, 4), "列表没有对齐"),
        ("branch:\n  name: 甲\n type: 教师\n", (3, 2), "缩进没有对齐"),
        ("branch:\n  name: 甲: 乙\n", (2, 10), "这里不能再写“键: 值”"),
        ("branch: {name: 甲\nactivities: []\n", (2, 11), "括号没有配对，或缺少逗号"),
        ("branch: {name: 1:30}\n", (1, 17), "花括号、方括号里的文字带有冒号"),
        ('branch:\n  name: "甲\n  type: 教师\nactivities: []\n', (2, 9), "引号没有闭合"),
    ],
)  # fmt: skip
def test_broken_syntax_is_one_problem_where_the_slip_is(text: str, place: tuple[int, int], message: str):
    """Tabs, crooked indents, missing brackets and quotes are told in Chinese at the slip, not where reading gave up."""
    problem = one(text)
    assert (place, message) == (places([problem])[0], problem.message)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("branch:\n\tname: 甲\n\ttype: 学校\n", [(2, 1), (3, 1), (3, 8)]),
        ("branch:\n  name: 甲\n  type：学校\n  founded：2024-02-30\n", [(3, 7), (3, 8), (4, 10), (4, 11)]),
    ],
)
def test_what_a_mended_slip_still_hides_is_where_the_person_wrote_it(text: str, expected: list[tuple[int, int]]):
    """Behind a tab or a full-width colon the wrong value is told too, at its column in the file as it is."""
    assert expected == places(refused(text))


@pytest.mark.parametrize("written", ["@张三", "`代码`", "%50", "*重点*", "&重点", "!重要"])
def test_text_that_begins_with_a_sign_of_yaml_is_told_to_be_quoted(written: str):
    """Somebody who writes *重点* knows nothing of aliases: the remedy is quotation marks."""
    problem = one(LOG + f"  - date: 2024-01-08\n    type: 党课\n    topic: {written}\n")
    assert (5, True) == (problem.line, "引号" in problem.remedy), str(problem)


def test_problems_of_one_file_come_in_the_order_of_its_lines():
    """A person mends a file from the top."""
    found = refused("branch: {name: 12, typo: 1}\nx: 1\nactivities: [{date: 1, type: 2}]\ny: 2\n")
    assert [(1, 16), (1, 20), (2, 1), (3, 21), (3, 30), (4, 1)] == places(found)


def test_flood_of_problems_is_cut_and_counted():
    """Of 500 unknown keys the first hundred are shown and the rest are counted, not dropped in silence."""
    found = refused("branch: {name: 甲}\n" + "".join(f"k{number}: 1\n" for number in range(500)))
    assert 101 == len(found)
    assert "400" in str(found[-1])
