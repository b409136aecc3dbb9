"""``dj-check import``: ledgers become records in YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from conftest import Run
from dangjian_check.loading.records import load_record, read_trees
from dangjian_check.writing.workbook import workbook
from program import ROOT

HEADINGS = "日期,类型,主题,应到人数,天气\n"
LEDGER = "支部：第一党支部,,,,\n" + HEADINGS + "2024-03-05,支委会,研究计划,5,晴\n3月9日,党课,学习,12人,\n"


def ledger(folder: Path, text: str = LEDGER, name: str = "2024年台账.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="gb18030")
    return path


def test_ledger_becomes_a_record_that_says_the_same(run: Run, tmp_path: Path):
    """Where it came from stands in the first line; the record is valid and holds what the ledger held."""
    done = run("import", ledger(tmp_path), "-o", tmp_path / "out")
    written = tmp_path / "out" / "2024年台账.yaml"
    assert (0, True) == (done.status, written.read_text(encoding="utf-8").startswith("# 由 "))
    assert load_record(ledger(tmp_path)).record == load_record(written).record


def test_what_was_inferred_or_left_unread_is_told(run: Run, tmp_path: Path):
    """The year of the file's name, and a column nobody knows, each with its cell."""
    done = run("import", ledger(tmp_path), "-o", tmp_path / "out")
    assert "2024年台账.csv:E2: 不认识的列 “天气”，没有读" in done.err
    assert "1 处日期没有写年份，按文件名里的 2024 年读" in done.err


def test_dry_run_lists_every_column_and_writes_nothing(run: Run, tmp_path: Path):
    """Letter, heading, field; what is not read says so."""
    done = run("import", ledger(tmp_path), "--dry-run")
    assert 0 == done.status
    assert ["A", "B", "C", "D", "E"] == [line.split()[0] for line in done.out.splitlines() if "→" in line]
    assert ("日期 → date（日期）" in done.out, "天气 → 不读" in done.out) == (True, True)
    assert ["2024年台账.csv"] == [path.name for path in tmp_path.iterdir()]


def test_broken_ledger_is_not_written_and_the_others_are(run: Run, tmp_path: Path):
    """Its problems with their cells, exit 2, nothing half done."""
    ledger(tmp_path)
    ledger(tmp_path, HEADINGS + "2024-02-30,支委会,甲,五左右,\n", "坏.csv")
    done = run("import", tmp_path, "-o", tmp_path / "out")
    assert (2, ["2024年台账.yaml"]) == (done.status, [path.name for path in (tmp_path / "out").iterdir()])
    assert ("坏.csv:A2: 日历上没有" in done.err, "坏.csv:D2: “五左右” 不是人数或次数" in done.err) == (True, True)


def test_record_that_is_there_is_not_overwritten(run: Run, tmp_path: Path):
    """Unless asked to."""
    target = tmp_path / "out" / "2024年台账.yaml"
    target.parent.mkdir()
    target.write_text("我的\n", encoding="utf-8")
    assert 2 == run("import", ledger(tmp_path), "-o", tmp_path / "out").status
    assert "我的\n" == target.read_text(encoding="utf-8")
    assert 0 == run("import", ledger(tmp_path), "-o", tmp_path / "out", "--force").status
    assert "研究计划" in target.read_text(encoding="utf-8")


def test_ledger_of_several_branches_becomes_a_record_for_each(run: Run, tmp_path: Path):
    """Named after the branch."""
    rows = "支部,日期,类型\n第一党支部,2024-03-05,支委会\n第二党支部,2024-03-06,党课\n第一党支部,2024-04-05,党课\n"
    done = run("import", ledger(tmp_path, rows), "-o", tmp_path / "out")
    counts = {p.stem: len(load_record(p).record.activities or ()) for p in (tmp_path / "out").iterdir()}
    assert (0, {"第一党支部": 2, "第二党支部": 1}) == (done.status, counts)


@pytest.mark.parametrize("wanted", [("import",), ("import", "x.csv")])
def test_import_without_a_place_to_write_is_a_usage_problem(run: Run, wanted: tuple[Any, ...]):
    """It says which flags there are."""
    assert 2 == run(*wanted).status


def test_workbook_of_an_example_imports_to_the_example(run: Run, tmp_path: Path):
    """Out as a workbook, in again as YAML: the same record."""
    example = ROOT / "examples" / "small-branch.yaml"
    (tmp_path / "small.xlsx").write_bytes(workbook(read_trees(example)[0].data))
    assert 0 == run("import", tmp_path / "small.xlsx", "-o", tmp_path).status
    made = next(tmp_path.glob("*.yaml"))
    assert load_record(example).record == load_record(made).record


def test_folder_without_ledgers_is_told_and_is_status_3(run: Run, tmp_path: Path):
    """Nothing was read, nothing written: not a word would look like success."""
    done = run("import", tmp_path, "-o", tmp_path / "out")
    assert (3, True) == (done.status, "没有找到台账 → " in done.err)
