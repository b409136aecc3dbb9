"""What hostile and broken ledgers get (threats T22-T29): a Chinese problem with a remedy, soon, and nothing lost."""

from __future__ import annotations

import contextlib
import io
import random
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest

from dangjian_check.errors import DjCheckError, InputProblems, Problem
from dangjian_check.loading import INPUTS, calamine
from dangjian_check.loading.records import read_trees, validate
from dangjian_check.loading.tree import Tree
from hostile_ledgers import (
    LEDGERS,
    PLAIN,
    RAW,
    REFUSED,
    altered,
    drawn_book,
    openpyxl_book,
    put,
)
from ledgers.build import WORKBOOKS, areas, drawn, workbook

HAN = re.compile(r"[一-鿿]")

pytestmark = pytest.mark.timeout(30)


def trees(raw: bytes, name: str = "台账.xlsx") -> list[Tree]:
    return INPUTS[Path(name).suffix](raw, name)


def refused(raw: bytes, name: str = "台账.xlsx") -> list[Problem]:
    """The problems for which a ledger is refused as a whole, or its only record is."""
    with pytest.raises(InputProblems) as caught:
        list(map(validate, trees(raw, name)))
    assert all(HAN.search(problem.message) and HAN.search(problem.remedy) for problem in caught.value.problems)
    return list(caught.value.problems)


def said(raw: bytes, name: str = "台账.xlsx") -> str:
    [problem] = refused(raw, name)
    return f"{problem.where}: {problem.message}"


@pytest.mark.parametrize("name", REFUSED)
def test_workbook_that_cannot_be_read_is_one_problem(name: str):
    """Of the file as a whole, before its reader could harm the program."""
    raw, message = REFUSED[name]
    text = said(raw)
    assert (True, True) == (text.startswith("台账.xlsx: "), message in text), text


def test_formats_far_out_are_no_cells():
    """Cells that carry a format and nothing else may stand anywhere, as in sheets whose rows were all formatted."""
    styled = "".join(f'<row r="{row}"><c r="A{row}" s="1"/><c r="XFD{row}" s="1"/></row>' for row in range(9000, 9999))
    [tree] = trees(altered(RAW, sheet1=put("</sheetData>", styled + "</sheetData>")))
    assert 2 == len(validate(tree).activities or [])


@pytest.mark.parametrize("dimension", ["A1:XFD1048576", "A1", "A1:A1", "Z9:B1"])
def test_dimension_a_sheet_claims_is_not_believed(dimension: str):
    """Too large a one costs nothing, too small a one hides nothing (WPS writes A1:A1)."""
    change = re.compile(rb'<dimension ref="[^"]*"/>')
    raw = altered(RAW, sheet1=lambda xml: change.sub(f'<dimension ref="{dimension}"/>'.encode(), xml))
    [tree] = trees(raw)
    assert 2 == len(validate(tree).activities or [])


@pytest.mark.parametrize(
    "tag", ['<sst uniqueCount="{}">', "<sst a='>' uniqueCount = '{}'\n>", '<x:sst count="1" uniqueCount="{}">']
)
def test_number_of_texts_a_workbook_claims_is_not_believed(tag: str):
    """The reader would ask for room for so many, and end the whole program if there is none."""
    shared = tag.format(900_000_000)
    texts = re.compile(rb"<sst[^>]*>")
    close = put("</sst>", "</x:sst>") if ":" in shared else bytes
    raw = altered(RAW, sharedStrings=lambda xml: close(texts.sub(shared.encode(), xml)))
    [tree] = trees(raw)
    assert 2 == len(validate(tree).activities or [])


def test_ledger_of_a_hundred_thousand_formatted_rows_is_read():
    """Below its two entries a sheet is formatted down to row 30,000."""
    blank = "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(5, 100_000))
    [tree] = trees(altered(RAW, sheet1=put("</sheetData>", blank + "</sheetData>")))
    assert 2 == len(validate(tree).activities or [])


def test_too_many_rows_are_refused_at_the_row():
    """Ten thousand entries are no ledger of a branch."""
    rows = "".join(f"2024-01-05,支委会,{number}\n" for number in range(10_001))
    assert "超过 10000 行" in said(f"日期,类型,议题\n{rows}".encode(), "a.csv")


def test_formula_without_a_value_is_a_problem_at_its_cell():
    """It would read as empty."""
    assert "台账.xlsx:会议记录!D2: 公式没有算好的值" == said(openpyxl_book(D2="=C2-1"))


def test_formula_that_came_to_an_error_is_a_problem_at_its_cell():
    """An error is no number."""
    raw = altered(openpyxl_book(), sheet1=put('<c r="D2" t="n"><v>4</v></c>', '<c r="D2" t="e"><v>#DIV/0!</v></c>'))
    assert "台账.xlsx:会议记录!D2: 公式算出了错误" == said(raw)


@pytest.mark.parametrize("cells", [{"E2": "=D2/C2"}, {"F2": "=C2"}, {"A3": "合计", "C3": "=SUM(C2:C2)"}])
def test_formula_that_is_not_read_does_not_matter(cells: dict[str, object]):
    """A rate beside the numbers, a cell outside the table, a total."""
    [tree] = trees(openpyxl_book(**cells))
    assert [4] == [a.attendance.present for a in validate(tree).activities or [] if a.attendance]


def test_formula_that_gives_an_empty_text_is_an_empty_cell():
    """``=IF(A1="","",…)`` is how people keep templates."""
    raw = altered(
        openpyxl_book(), sheet1=put('<c r="D2" t="n"><v>4</v></c>', '<c r="D2" t="str"><f>IF(1,"")</f><v></v></c>')
    )
    [tree] = trees(raw)
    assert [None] == [a.attendance.present for a in validate(tree).activities or [] if a.attendance]


def test_days_count_from_1904_where_the_workbook_says_so():
    """Workbooks from old Macs."""
    [tree] = trees(drawn_book("日期|类型\n@2024-01-05|支委会", date_1904=True))
    assert [date(2024, 1, 5)] == [a.date for a in validate(tree).activities or []]


@pytest.mark.parametrize("number", ["#45296", "#d60", "#d0", "#d-1", "#d2958466", "#d1e300", "#20241305", "#5"])
def test_number_in_a_column_of_days_is_no_day(number: str):
    """A count of days since 1900 is not guessed to be one; what it would be is told."""
    [problem] = refused(drawn_book(f"日期|类型\n{number}|支委会"))
    assert "会议记录!A2" == str(problem.place)
    assert ("2024-01-05" in problem.remedy) == (number == "#45296")


def test_identity_number_stored_as_a_number_has_lost_its_digits():
    """Excel keeps fifteen."""
    text = said(drawn_book("编号|日期|类型\n#110101199003074514|2024-01-05|支委会"))
    assert "台账.xlsx:会议记录!A2: 编号写成了数字，末几位已经丢失" == text


def test_hidden_sheet_is_told_and_not_read():
    """A template or last year's sheet behind the visible ones."""
    raw = altered(RAW, workbook=put('sheetId="1"', 'sheetId="1" state="hidden"'))
    [problem] = refused(raw)
    assert "“会议记录” 是隐藏的，没有读" in problem.message
    both = workbook({**PLAIN, "旧": PLAIN["会议记录"]})
    [tree] = trees(altered(both, workbook=put('sheetId="2"', 'sheetId="2" state="veryHidden"')))
    assert 2 == len(validate(tree).activities or [])
    assert ["旧!A1"] == [str(note.place) for note in tree.notes if "隐藏" in note.message]


@pytest.mark.parametrize("name", ["会议!记录", "会议'记录", "2024年", "a&b<c>", "=1+1", "会议 记录"])
def test_sheet_may_have_any_name(name: str):
    """Its places name it as it is."""
    [problem] = refused(drawn_book("日期|类型\n3月50日|支委会", name))
    assert (name, 2, 1) == (problem.sheet, problem.line, problem.column)


def test_sheets_are_read_in_the_order_they_are_shown():
    """Whatever the parts of the archive are called."""
    two = workbook({"乙": PLAIN["会议记录"], "甲": PLAIN["会议记录"].replace("年度计划", "第二张")})
    [tree] = trees(two)
    assert ["乙!A3", "乙!A4", "甲!A3", "甲!A4"] == [str(place) for place in tree.data["activities"].at]


def test_merged_areas_beyond_the_data_or_over_one_another_do_no_harm():
    """Areas outside the data, areas that overlap, areas over everything."""
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in ["A900:XFD1000", "C4:XFD1048576", "D9:E9"])
    raw = altered(RAW, sheet1=lambda xml: re.sub(rb"<mergeCells.*</mergeCells>", _merge(merged), xml))
    [tree] = trees(raw)
    assert 2 == len(validate(tree).activities or [])
    rows = "".join(f'<row r="{row}"><c r="AX{row}"><v>1</v></c></row>' for row in range(5, 2000))
    raw = altered(RAW, sheet1=put("</sheetData>", rows + "</sheetData>"))
    raw = altered(raw, sheet1=lambda xml: re.sub(rb"<mergeCells.*</mergeCells>", _merge(merged * 900), xml))
    assert "单元格" in said(raw)


def _merge(inner: str) -> bytes:
    return f"<mergeCells>{inner}</mergeCells>".encode()


def test_cell_with_a_control_character_is_refused_at_its_place():
    """Written ``_x0007_`` in the file; a carriage return so written is a new line."""
    assert "台账.xlsx:会议记录!C2: 文字里有不可见的控制字符" == said(
        drawn_book("日期|类型|议题\n2024-01-05|支委会|计_x0007_划")
    )
    [tree] = trees(drawn_book("日期|类型|议题\n2024-01-05|支委会|计_x000D_\\n划"))
    assert ["计\n\\n划"] == [a.topic for a in validate(tree).activities or []]


@pytest.mark.parametrize("filler", ["字", " ", "（", "、", "(a", "3月", "☑", "["])
@pytest.mark.parametrize("column", range(8))
def test_cell_of_forty_thousand_characters_is_read_or_refused_soon(filler: str, column: int):
    """Wherever it stands and whatever it is full of."""
    cells = ["2024-01-05", "支委会", "议题", "5", "4", "张三", "14:00", "1.5"]
    cells[column] = f"x{filler * 40_000}y"
    head = "日期,类型,议题,应到,实到,缺席人员,开始时间,学时\n"
    with contextlib.suppress(DjCheckError):
        [tree] = trees((head + ",".join(cells)).encode(), "a.csv")
        validate(tree)


CSV_REFUSED = {
    "an open quote": ('日期,类型,议题\n2024-01-05,支委会,"计划\n', "a.csv:A2: 从这一行起引号不配对"),
    "text behind a quote": ('日期,类型,议题\n2024-01-05,支委会,"计划"草案\n', "a.csv:A2: 从这一行起引号不配对"),
    "a NUL": ("日期,类型\n2024-01-05,支委\0会\n", "a.csv: 不是文字文件"),
    "nothing": ("", "a.csv: 没有认出一张表：找不到“日期、类型”这样的列名行"),
    "no headings": ("甲,乙\n1,2\n", "a.csv:A1: “a” 没有认出是什么表，没有读"),
}


@pytest.mark.parametrize("name", CSV_REFUSED)
def test_csv_that_cannot_be_read_is_one_problem(name: str):
    """At the row where it goes wrong."""
    text, message = CSV_REFUSED[name]
    assert message == said(text.encode(), "a.csv")


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_may_use_any_mark_and_any_end_of_line(mark: str, end: str):
    """Commas in the text do not make a comma the mark."""
    rows = [["日期", "类型", "议题"], ["2024-01-05", "支委会", "计划" if mark == "," else "计划, 总结, 经费"]]
    text = "甲党支部会议记录" + end + end.join(mark.join(row) for row in rows) + end
    [tree] = trees(text.encode(), "a.csv")
    assert 1 == len(validate(tree).activities or [])


def entries(text: str, name: str = "会议记录") -> list[tuple[str, object]]:
    """Cell and topic of every activity that a drawn sheet is read into."""
    [tree] = trees(workbook({name: text}))
    listed = tree.data["activities"]
    return [(str(place), entry.get("topic")) for entry, place in zip(listed, listed.at, strict=True)]


HEAD = "日期|类型|议题|主持人"
ROWS = "2024-01-05|支委会|甲|张三\n2024-02-05|支委会|乙|张三"


def test_row_that_looks_like_a_heading_swallows_nothing():
    """What was discussed may be called 议题 or 主持人."""
    text = f"{HEAD}\n{ROWS}\n2024-03-05|党课|类型|记录\n{ROWS}"
    assert ["甲", "乙", "类型", "甲", "乙"] == [topic for _, topic in entries(text)]
    text = f"{HEAD}\n{ROWS}\n|议题|主题|主持\n{ROWS}"
    [tree] = trees(workbook({"会议记录": text}))
    assert 5 == len(tree.data["activities"])


def test_heading_printed_again_on_each_page_is_no_entry():
    """With or without the title above it."""
    text = f"甲支部2024年会议记录\n{HEAD}\n{ROWS}\n{HEAD}\n{ROWS}\n\n甲支部2024年会议记录\n{HEAD}\n{ROWS}"
    assert ["A3", "A4", "A6", "A7", "A11", "A12"] == [place.partition("!")[2] for place, _ in entries(text)]


def test_second_table_begins_where_its_heading_stands():
    """Below an empty row, below a title, or right below the rows of the first."""
    for between in ("\n", "二、谈心谈话\n", ""):
        text = f"{HEAD}\n{ROWS}\n{between}谈话日期|谈话人|被谈话人|谈话内容\n2024-03-05|张三|李四|分工"
        [tree] = trees(workbook({"台账": text}))
        assert (2, 1) == (len(tree.data["activities"]), len(tree.data["talks"])), between


def test_lists_side_by_side_are_one_list():
    """A roll printed in two blocks."""
    text = "姓名|状态|入党时间||姓名|状态|入党时间\n甲一|正式|2001-01-01||乙一|正式|2002-01-01\n甲二|预备|2024-01-01"
    [tree] = trees(workbook({"党员名册": text.replace("||", "|")}))
    assert ["甲一", "甲二", "乙一"] == [member["name"] for member in tree.data["members"]]


@pytest.mark.parametrize("topic", ["审核预备党员转正材料", "负责同志讲党课", "汇总意见建议", "合计支出公示"])
def test_topic_in_the_first_column_is_no_total_and_no_signature(topic: str):
    """Words that end a table elsewhere may begin a topic."""
    assert [("会议记录!A2", topic)] == entries(f"议题|类型|日期\n{topic}|支委会|2024-01-05")


@pytest.mark.parametrize(
    "row",
    [
        "合计|4次",
        "合 计||12",
        "总计：4次",
        "全年合计|4",
        "填表人：张三|||审核人：李四",
        "备注：以上各项属实",
        "无",
        "一季度",
        "",
    ],
)
def test_totals_signatures_and_empty_rows_are_no_entries(row: str):
    """And nothing needs to be said about them."""
    [tree] = trees(workbook({"会议记录": f"{HEAD}\n{ROWS}\n{row}"}))
    assert (2, 0) == (len(tree.data["activities"]), len([n for n in tree.notes if "支部名称" not in n.message]))


@pytest.mark.parametrize("row", ["以下为补记", "||另有一次学习未记|", "|支委会||"])
def test_row_that_is_not_read_is_told(row: str):
    """A note at its cell."""
    [tree] = trees(workbook({"会议记录": f"{HEAD}\n{ROWS}\n{row}"}))
    assert (2, [4]) == (len(tree.data["activities"]), [n.line for n in tree.notes if "支部名称" not in n.message])


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, taken out or put in, or the end cut off."""
    content = bytearray(raw)
    for _ in range(chance.choice([1, 1, 2, 5, 20]) if content else 0):
        place = chance.randrange(len(content))
        kind = chance.random()
        if kind < 0.7:
            content[place] = chance.randrange(256)
        elif kind < 0.8:
            del content[place : place + chance.randrange(1, 50)]
        elif kind < 0.9:
            content[place:place] = chance.randbytes(chance.randrange(1, 20))
        else:
            del content[place + 1 :]
        content = content or bytearray(b"x")
    return bytes(content)


def mutated_part(raw: bytes, chance: random.Random) -> bytes:
    """An archive that is whole, one of its parts mutated."""
    names = [Path(name).stem for name in zipfile.ZipFile(io.BytesIO(raw)).namelist() if name.startswith("xl/")]
    return altered(raw, **{chance.choice(names): lambda content: mutated(content, chance)})


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(8))
def test_mutated_ledger_is_read_or_refused(tmp_path: Path, seed: int):
    """250 mutations of the ledgers here, in whole files and within the archives: only `DjCheckError` comes out."""
    chance = random.Random(seed)
    paths = [path for path in sorted(LEDGERS.iterdir()) if path.suffix in (".xlsx", ".csv")]
    for _ in range(250):
        path = chance.choice(paths)
        mutate = mutated_part if path.suffix == ".xlsx" and chance.random() < 0.7 else mutated
        target = tmp_path / f"a{path.suffix}"
        target.write_bytes(mutate(path.read_bytes(), chance))
        with contextlib.suppress(DjCheckError):
            for tree in read_trees(target):
                validate(tree)


def test_mutated_old_workbook_is_read_or_refused():
    """Its reader may end its process, which is not ours."""
    chance, raw = random.Random(7), (LEDGERS / "支部台账.xls").read_bytes()
    for _ in range(12):
        found = calamine.read_apart(mutated(raw, chance))
        assert isinstance(found, tuple) or found in calamine.REFUSALS


def test_every_layout_here_draws_its_merged_areas():
    """The drawings of the ledgers mean what they show."""
    assert [(0, 0, 0, 1), (1, 0, 2, 0)] == areas(drawn("甲|<\n乙|1\n^|2"))
    assert len(WORKBOOKS) > 12
