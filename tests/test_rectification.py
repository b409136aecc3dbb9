"""The rectification ledger: written by `audit`, filled in by people, held against the record, written anew."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dangjian_check.engine.assessment import Report
from dangjian_check.engine.claims import Compared, Standing, check_claims
from dangjian_check.engine.diff import State, diff
from dangjian_check.errors import InputProblems
from dangjian_check.loading.rectification import load_ledger
from dangjian_check.reports import FORMATS, Look
from dangjian_check.reports.diff_workbook import diff_workbook
from office import workbook
from program import LAX, PROBE, Done, Run
from rereading import audited, reread

Edit = Callable[[Any, dict[str, int]], None]
HEAD = 3


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    """A report and its ledger; later the meeting of March turns up, and that is the new report."""
    better = tmp_path / "branch.yaml"
    more = "  - {date: 2024-03-05, type: 支委会, attendance: {expected: 3, present: 3}}\n"
    better.write_text(LAX.read_text(encoding="utf-8") + more, encoding="utf-8")
    for name, path in (("old", LAX), ("new", better)):
        done = run("audit", path, *PROBE, "--period", "2024", "-o", f"json:{tmp_path}/{name}.json")
        assert 1 == done.status
    run("audit", LAX, *PROBE, "--period", "2024", "-o", f"xlsx:{tmp_path}/台账.xlsx")
    return tmp_path


def fill(path: Path, edit: Edit) -> None:
    """Change the sheet 整改台账 of a workbook; ``edit`` is given the sheet and the column of each heading."""
    book = openpyxl.load_workbook(path)
    sheet = book["整改台账"]
    edit(sheet, {cell.value: cell.column for cell in sheet[HEAD]})
    book.save(path)


def row_of(sheet: Any, columns: dict[str, int], words: str) -> int:
    """The row whose problem holds these words."""
    return next(r for r in range(HEAD + 1, sheet.max_row + 1) if words in sheet.cell(r, columns["问题"]).value)


def put(words: str, **values: Any) -> Edit:
    """An edit of one row."""

    def edit(sheet: Any, columns: dict[str, int]) -> None:
        for name, value in values.items():
            sheet.cell(row_of(sheet, columns, words), columns[name]).value = value

    return edit


def compared(run: Run, folder: Path, *more: str) -> Done:
    """The two reports and the ledger."""
    return run("diff", folder / "old.json", folder / "new.json", "--ledger", folder / "台账.xlsx", *more)


def rows(run: Run, folder: Path, standing: str) -> list[dict[str, Any]]:
    """The rows of the ledger that stand so."""
    found = compared(run, folder, "-f", "json").json["ledger"]["rows"]
    return [row for row in found if row["standing"] == standing]


def test_a_ledger_nobody_touched_claims_nothing(run: Run, folder: Path):
    """Only what the record shows put right is told: the ledger lags behind."""
    done = compared(run, folder, "-f", "json")
    counts = {name: n for name, n in done.json["ledger"]["counts"].items() if n}
    assert (1, {"unclaimed": 1, "open": 14}, "") == (done.status, counts, done.err)


def test_claimed_and_seen_is_confirmed(run: Run, folder: Path):
    """March was made good and struck off."""
    fill(folder / "台账.xlsx", put("2024年3月", 完成情况="已整改", 销号="是"))
    assert ["confirmed"] == [row["standing"] for row in rows(run, folder, "confirmed")]


@pytest.mark.parametrize(
    "values", [{"完成情况": "已整改"}, {"完成情况": "已整改", "销号": "是"}, {"完成情况": "已完成"}]
)
def test_claimed_and_not_seen_is_told(run: Run, folder: Path, values: dict[str, str]):
    """May is still missing from the record: said at the terminal with the cell."""
    fill(folder / "台账.xlsx", put("2024年5月", **values))
    [row] = rows(run, folder, "unseen")
    done = compared(run, folder)
    assert ("persisting", "整改台账!C6") == (row["state"], row["cell"])
    assert "声称已整改，记录里没有看到 1 条" in done.out
    assert "整改台账!C6" in done.out


def test_claimed_and_not_looked_at_again_is_not_the_same_as_not_seen(run: Run, folder: Path):
    """The new report covers the second half only; March was struck off."""
    run("audit", LAX, *PROBE, "--period", "2024H2", "-o", f"json:{folder}/new.json")
    fill(folder / "台账.xlsx", put("2024年3月", 完成情况="已整改"))
    assert ["not_rechecked"] == [row["state"] for row in rows(run, folder, "unchecked")]


def test_rows_may_be_sorted_and_reworded(run: Run, folder: Path):
    """The fingerprint tells which is which."""

    def edit(sheet: Any, columns: dict[str, int]) -> None:
        values = [[c.value for c in row] for row in sheet.iter_rows(min_row=HEAD + 1)]
        for number, row in enumerate(reversed(values), HEAD + 1):
            for column, value in enumerate(row, 1):
                sheet.cell(number, column).value = value
            sheet.cell(number, columns["问题"]).value = f"第 {number} 条"

    fill(folder / "台账.xlsx", edit)
    assert 14 == len(rows(run, folder, "open"))
    assert [] == rows(run, folder, "unmatched")


def test_without_fingerprints_rows_go_by_branch_and_text(run: Run, folder: Path):
    """A ledger that was copied without its last column."""
    fill(folder / "台账.xlsx", lambda sheet, columns: sheet.delete_cols(columns["指纹"]))
    assert (14, []) == (len(rows(run, folder, "open")), rows(run, folder, "unmatched"))


def test_rows_of_neither_report_and_deficiencies_without_a_row_are_told(run: Run, folder: Path):
    """One was added by hand, one was taken out."""

    def edit(sheet: Any, columns: dict[str, int]) -> None:
        sheet.delete_rows(row_of(sheet, columns, "2024年5月"))
        last = sheet.max_row + 1
        sheet.cell(last, columns["支部"]).value = "测试第二党支部"
        sheet.cell(last, columns["问题"]).value = "没有写过的问题"
        sheet.cell(last, columns["完成情况"]).value = "已整改"

    fill(folder / "台账.xlsx", edit)
    assert ["没有写过的问题"] == [row["message"] for row in rows(run, folder, "unmatched")]
    assert ["2024年5月应有支委会不少于 1 次，实有 0 次"] == [row["message"] for row in rows(run, folder, "absent")]


WRONG = {
    "state": ({"完成情况": "搞定了"}, "“搞定了” 不在可选的词里 → 可选：未整改、整改中、已整改", "I"),
    "closed": ({"销号": "大概"}, "“大概” 不在可选的词里 → 可选：是、否", "K"),
    "both": ({"完成情况": "整改中", "销号": "是"}, "已经销号，完成情况却是整改中", "K"),
    "print": ({"指纹": "0000"}, "指纹 “0000” 被改过", "L"),
    "formula": ({"完成情况": "=1/0"}, "公式没有算好的值", "I"),
    "markup": ({"完成情况": "<script>"}, "不在可选的词里", "I"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_cell_that_cannot_be_read_is_told_by_sheet_and_cell(run: Run, folder: Path, name: str):
    """The comparison is shown all the same; the status is 2."""
    values, message, column = WRONG[name]
    fill(folder / "台账.xlsx", put("2024年5月", **values))
    done = compared(run, folder)
    assert (2, True) == (done.status, "未整改" in done.out)
    assert (True, True) == (f"台账.xlsx:整改台账!{column}6: " in done.err, message in done.err), done.err


def test_two_rows_of_one_fingerprint_that_disagree_are_told(run: Run, folder: Path):
    """Copied rows; one says done, the other not."""

    def edit(sheet: Any, columns: dict[str, int]) -> None:
        row = row_of(sheet, columns, "2024年5月")
        last = sheet.max_row + 1
        for column in columns.values():
            sheet.cell(last, column).value = sheet.cell(row, column).value
        sheet.cell(last, columns["完成情况"]).value = "已整改"

    fill(folder / "台账.xlsx", edit)
    done = compared(run, folder)
    assert (2, True) == (done.status, "有两行，说法不一，另一行在 整改台账!C6" in done.err)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04x", b"\xd0\xcf\x11\xe0", "支部,问题\n甲,乙\n".encode(), b"\0" * 50]
)
@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_what_is_no_ledger_is_told_and_the_comparison_shown(run: Run, folder: Path, content: bytes, ending: str):
    """Never a traceback."""
    path = folder / f"x{ending}"
    path.write_bytes(content)
    done = run("diff", folder / "old.json", folder / "new.json", "--ledger", path)
    assert (2, True, True) == (done.status, "未整改 14" in done.out, f"x{ending}" in done.err)
    assert "Traceback" not in done.err


def test_a_workbook_without_that_sheet_is_told(tmp_path: Path):
    """Which columns are looked for."""
    book = openpyxl.Workbook()
    book.active.append(["支部", "日期", "类型"])
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(InputProblems, match="没有整改台账：找不到“问题、完成情况、销号、指纹”这样的列名行"):
        load_ledger(tmp_path / "x.xlsx")


def test_a_ledger_saved_as_csv_is_read(run: Run, folder: Path):
    """In the encoding Excel gives it."""
    sheet = openpyxl.load_workbook(folder / "台账.xlsx")["整改台账"]
    text = io.StringIO()
    csv.writer(text).writerows([["" if c.value is None else c.value for c in row] for row in sheet.iter_rows()])
    path = folder / "台账.csv"
    path.write_bytes(text.getvalue().encode("gb18030"))
    done = run("diff", folder / "old.json", folder / "new.json", "--ledger", path, "-f", "json")
    assert 14 == done.json["ledger"]["counts"]["open"]


# The ledger that `diff` writes


def test_written_ledger_strikes_off_what_is_fixed_and_nothing_else(run: Run, folder: Path):
    """完成情况 and 销号 by the record."""
    compared(run, folder, "-o", f"xlsx:{folder}/新台账.xlsx")
    sheet = openpyxl.load_workbook(folder / "新台账.xlsx")["整改台账"]
    columns = {cell.value: cell.column for cell in sheet[HEAD]}
    said = {
        sheet.cell(r, columns["问题"]).value[:7]: [
            sheet.cell(r, columns[n]).value for n in ("完成情况", "销号", "复查结论")
        ]
        for r in range(HEAD + 1, sheet.max_row + 1)
    }
    assert ["已整改", "是", "已整改"] == said["2024年3月"]
    assert ["未整改", "否", "未整改"] == said["2024年5月"]
    assert 1 == sum(values[1] == "是" for values in said.values())


def test_what_is_not_rechecked_is_left_open_with_the_reason(run: Run, folder: Path):
    """Neither done nor undone: a person decides."""
    run("audit", LAX, *PROBE, "--period", "2024H2", "-o", f"json:{folder}/new.json")
    compared(run, folder, "-o", f"xlsx:{folder}/新台账.xlsx")
    sheet = openpyxl.load_workbook(folder / "新台账.xlsx")["整改台账"]
    columns = {cell.value: cell.column for cell in sheet[HEAD]}
    row = row_of(sheet, columns, "2024年3月")
    said = [sheet.cell(row, columns[n]).value for n in ("完成情况", "销号", "复查结论", "复查情况")]
    assert [None, "否", "未复查", "不在新报告的核查期间（2024-07-01 至 2024-12-31）"] == said


def test_what_people_filled_in_is_carried_on(run: Run, folder: Path):
    """Measure, leader, person, deadline, evidence."""
    filled = {
        "整改措施": "每月初排定",
        "责任领导": "王五",
        "责任人": "张三",
        "整改时限": date(2025, 3, 31),
        "佐证": "会议记录",
    }
    fill(folder / "台账.xlsx", put("2024年5月", **filled))
    compared(run, folder, "-o", f"xlsx:{folder}/新台账.xlsx")
    sheet = openpyxl.load_workbook(folder / "新台账.xlsx")["整改台账"]
    columns = {cell.value: cell.column for cell in sheet[HEAD]}
    row = row_of(sheet, columns, "2024年5月")
    expected = {name: str(value) for name, value in filled.items()}
    assert expected == {name: sheet.cell(row, columns[name]).value for name in filled}


def test_written_ledger_is_read_back_and_agrees_with_itself(run: Run, folder: Path):
    """Given back as it is, it claims exactly what was seen."""
    compared(run, folder, "-o", f"xlsx:{folder}/新台账.xlsx")
    again = run(
        "diff", folder / "old.json", folder / "new.json", "--ledger", folder / "新台账.xlsx", "-f", "json"
    ).json["ledger"]["counts"]
    assert {"confirmed": 1, "open": 14} == {name: n for name, n in again.items() if n}


MONTHS = st.sets(st.integers(1, 12))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MONTHS, MONTHS)
def test_any_ledger_makes_the_round_trip(tmp_path: Path, before: set[int], after: set[int]):
    """Whatever was held at either time: every row finds its deficiency, what is fixed is confirmed, nothing is unseen;
    the ledger of the audit itself finds all of its own, too."""

    def record(months: set[int]) -> dict[str, Any]:
        log = [{"date": f"2024-{n:02d}-05", "type": "支委会"} for n in sorted(months)]
        coverage = {"from": "2024-01-01", "to": "2024-12-31"}
        return {"branch": {"name": "=甲|支部"}, "coverage": coverage, "activities": log}

    first, second = audited(record(before)), audited(record(after))
    old, new = reread(first), reread(second)
    found = diff(old, new)
    path = tmp_path / "l.xlsx"
    path.write_bytes(diff_workbook(Compared(old, new, found)))
    ledger = load_ledger(path)
    standings = {c.standing for c in check_claims(found, ledger.claims)}
    counts = found.counts()

    assert [] == ledger.problems
    assert sum(counts.values()) == len(ledger.claims)
    assert standings <= {Standing.CONFIRMED, Standing.OPEN}
    assert counts[State.FIXED] == sum(claim.done for claim in ledger.claims)

    written = FORMATS["xlsx"](Report((first,), (), ()), Look())
    assert isinstance(written, bytes)
    path.write_bytes(written)
    theirs = check_claims(found, load_ledger(path).claims)
    assert {c.standing for c in theirs} <= {Standing.UNCLAIMED, Standing.OPEN}


def test_workbook_has_the_sheets_it_promises_and_stays_the_same(run: Run, folder: Path):
    """Ledger, scores, and the check of the ledger that was given."""
    contents = []
    for name in ("a", "b"):
        compared(run, folder, "-o", f"xlsx:{folder}/{name}.xlsx")
        contents.append((folder / f"{name}.xlsx").read_bytes())
    assert contents[0] == contents[1]
    assert ["整改台账", "得分变化", "台账核对"] == workbook(contents[0]).sheetnames
