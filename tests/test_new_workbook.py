"""``dj-check new --xlsx``: a workbook to fill in, and a record as one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from dangjian_check.loading.records import load_record
from dangjian_check.model.vocabulary import ACTIVITY_TYPES
from program import ROOT, Run


def template(run: Run, folder: Path, *flags: str) -> Path:
    path = folder / "台账.xlsx"
    assert 0 == run("new", path, "--xlsx", "--name", "第一党支部", "--type", "教师", *flags).status
    return path


def fill(path: Path, sheet: str, **cells: object) -> None:
    """Write into the cells of one sheet as a person would."""
    book = openpyxl.load_workbook(path)
    for cell, value in cells.items():
        book[sheet][cell] = value
    book.save(path)


def test_template_is_valid_at_once_and_says_what_is_empty(run: Run, tmp_path: Path):
    """No problem of form; the empty sheets count as not kept, which the report says."""
    path = template(run, tmp_path)
    assert 0 == run("validate", path).status
    [view] = run("audit", path, "--standard", "national", "--period", "2024", "--format", "json").json["records"]
    assert any("这些表是空的，当作没有记：会议记录" in note["message"] for note in view["notes"])


def test_template_that_nobody_filled_in_is_told_to_be_empty(run: Run, tmp_path: Path):
    """Not to be a table we do not know."""
    assert 0 == run("new", tmp_path / "样表.xlsx", "--xlsx").status
    done = run("validate", tmp_path)
    assert (2, True) == (done.status, "基本情况!A1: “基本情况” 只有栏目，没有填写，没有读 → " in done.err)


def test_template_filled_by_hand_is_audited(run: Run, tmp_path: Path):
    """Days as Excel holds them and as people type them, two types in a cell, names with reasons."""
    path = template(run, tmp_path)
    day = date(2024, 3, 5)
    fill(path, "会议记录", A2=1, B2=day, D2="支委会", E2="研究计划", K2="3人", L2="张三、李四", M2="王五（病假）")
    fill(path, "会议记录", A3=2, B3="2024年3月15日", D3="主题党日、党课", E3="学习")
    fill(path, "党员名册", A2=1, B2="张三", C2="正式", D2="2008/6/1")
    record = load_record(path).record
    assert record.activities is not None
    assert [(date(2024, 3, 5), ["支委会"]), (date(2024, 3, 15), ["主题党日", "党课"])] == [
        (a.date, a.type) for a in record.activities
    ]
    assert record.activities[0].attendance is not None
    assert {"张三", "李四"} == record.activities[0].attendance.names()
    assert run("audit", path, "--standard", "voc", "--period", "2024").status in (0, 1)


def test_slip_of_the_hand_is_named_by_its_cell(run: Run, tmp_path: Path):
    """Sheet and cell, what is wrong, what to do; exit 2."""
    path = template(run, tmp_path)
    fill(path, "会议记录", A2=1, B2="3.5", D2="支委会")
    done = run("audit", path, "--standard", "voc")
    assert (2, True) == (done.status, "台账.xlsx:会议记录!B2: “3.5” 看不出是哪年哪月哪日" in done.err)


def test_template_offers_the_words_that_are_known(run: Run, tmp_path: Path):
    """A drop-down for the types (from a hidden sheet, being too long for a cell), the states, the kinds of branch."""
    book = openpyxl.load_workbook(template(run, tmp_path))
    offered = {
        (name, str(rule.sqref)): rule.formula1
        for name in book.sheetnames
        for rule in book[name].data_validations.dataValidation
    }
    assert f"选项!$A$1:$A${len(ACTIVITY_TYPES)}" == offered["会议记录", "D2:D501"].lstrip("=")
    assert list(ACTIVITY_TYPES) == [row[0].value for row in book["选项"].iter_rows()]
    assert '"正式,预备"' == offered["党员名册", "C2:C501"]
    assert "hidden" == book["选项"].sheet_state
    assert any("教师" in formula for (name, _), formula in offered.items() if name == "基本情况")


def test_headings_of_the_template_are_wide_enough(run: Run, tmp_path: Path):
    """A Chinese character takes two columns."""
    book = openpyxl.load_workbook(template(run, tmp_path))
    widths = {
        (name, column): group.width
        for name in book.sheetnames
        for group in book[name].column_dimensions.values()
        for column in range(group.min, group.max + 1)
    }
    narrow = [
        (name, cell.value)
        for name in book.sheetnames
        if name not in ("填写说明", "基本情况", "选项")
        for cell in book[name][1]
        if widths[name, cell.column] < min(20, 2 * len(str(cell.value)))
    ]
    assert [] == narrow


def test_record_is_written_as_a_workbook(run: Run, tmp_path: Path):
    """``--from``: the same record, to be kept on in Excel."""
    path, example = tmp_path / "支部.xlsx", ROOT / "examples" / "village.yaml"
    assert 0 == run("new", path, "--xlsx", "--from", example).status
    assert load_record(example).record == load_record(path).record


@pytest.mark.parametrize(
    "flags", [("a.yaml", "--xlsx"), ("a.yaml", "--from", "b.yaml"), ("a.xlsx", "--xlsx", "--standard", "vok")]
)
def test_flags_that_do_not_go_together_are_refused(run: Run, tmp_path: Path, flags: tuple[str, ...]):
    """Nothing is written."""
    assert (2, []) == (run("new", tmp_path / flags[0], *flags[1:]).status, list(tmp_path.iterdir()))


def test_workbook_that_is_there_is_left_alone(run: Run, tmp_path: Path):
    """A second ``new`` does not empty what was filled in."""
    path = template(run, tmp_path)
    before = path.read_bytes()
    assert (2, before) == (run("new", path, "--xlsx").status, path.read_bytes())
