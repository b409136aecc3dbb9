"""Records in a table, one row a branch: each comes out as its file would hold it, and a bad row costs only itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dangjian_check.errors import InputProblems
from dangjian_check.loading.record_tables import TableRecord, read_row, rows
from dangjian_check.loading.records import load_records, parse_record
from program import LAX, Run

YAML = "branch: {name: 甲支部}\n"
RECORD = {"branch": {"id": "b1", "name": "甲支部"}}


def table(path: Path, *lines: Any) -> list[TableRecord]:
    """The records of JSON Lines with these rows: texts as they are, anything else as JSON."""
    text = "".join(f"{line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)}\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    return list(map(read_row, rows(path)))


def parquet(path: Path, select: str) -> list[TableRecord]:
    import duckdb

    duckdb.sql(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return list(map(read_row, rows(path)))


def test_text_of_a_row_is_the_record_as_its_file_would_hold_it(tmp_path: Path):
    """YAML or JSON, byte for byte, under the id of the row."""
    raw = LAX.read_text(encoding="utf-8")
    path = tmp_path / "t.jsonl"
    found = table(path, {"id": "b7", "record": raw}, {"id": 8, "record": json.dumps(RECORD)})
    assert [(f"{path}#b7", raw.encode(), ".yaml"), (f"{path}#8", json.dumps(RECORD).encode(), ".json")] == found
    assert "测试第二党支部" == parse_record(found[0].raw, "b7.yaml", "b7").record.branch.name


def test_objects_are_records_too(tmp_path: Path):
    """As a column or as the whole line; then the record's own id names it, else its number."""
    path = tmp_path / "t.jsonl"
    found = table(path, {"record": RECORD}, RECORD, "", {"branch": {"name": "乙"}}, {"id": "x", "record": None})
    assert [f"{path}#{name}" for name in ("b1", "b1", "4", "x")] == [one.name for one in found]
    assert [RECORD, RECORD] == [json.loads(one.raw) for one in found[:2]]
    assert b"" == found[3].raw


@pytest.mark.parametrize("line", ["[1]", "甲", '"x"', "[" * 100_000, "\0", "null", "branch: {name: 甲}"])
def test_a_line_that_is_no_object_is_told_by_its_number(tmp_path: Path, line: str):
    """What is wanted is said, and nothing of YAML; the rows around it are sound."""
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join([json.dumps(RECORD), line, json.dumps(RECORD)]), encoding="utf-8")
    first, bad, last = rows(path)
    assert [f"{path}#b1", f"{path}#b1"] == [read_row(row).name for row in (first, last)]
    with pytest.raises(InputProblems, match=r"t\.jsonl#2: 这一行不是 JSON 写的一份记录 → 每行一个支部"):
        read_row(bad)


@pytest.mark.parametrize("line", ["{", '{"branch": 1}', '{"record": [1]}'])
def test_a_bad_row_is_refused_by_the_reader_of_records(tmp_path: Path, line: str):
    """By its number; the rows around it are sound."""
    path = tmp_path / "t.jsonl"
    found = table(path, RECORD, line, RECORD)
    assert [f"{path}#b1", f"{path}#2", f"{path}#b1"] == [one.name for one in found]
    with pytest.raises(InputProblems):
        parse_record(found[1].raw, "2.json", "2")


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "x", "record": {"branch": {"name": "甲"}, "activities": [{"date": "2024-01-05"}], "activities": []}}',
        '{"record": {"branch": {"name": "甲"}}, "record": {"branch": {"name": "乙"}}}',
        '{"record": "branch: {name: 甲}", "record": "branch: {name: 乙}"}',
        '{"branch": {"name": "甲", "name": "乙"}}',
    ],
)
def test_row_that_says_a_thing_twice_is_refused(tmp_path: Path, line: str):
    """As a file is: else what stands last would be taken for all that was done."""
    path = tmp_path / "t.jsonl"
    path.write_text(f"{line}\n{json.dumps(RECORD)}\n", encoding="utf-8")
    [first, second] = rows(path)
    [], [refused] = load_records(first)
    [problem] = refused.problems
    assert (True, "写了两次" in problem.message) == (problem.file.startswith(f"{path}#1"), True)
    assert ["b1"] == [one.id for one in load_records(second)[0]]


@pytest.mark.parametrize(
    "end", ["#" + "9" * 5000, "#1@" + "9" * 30, "#1@9223372036854775807", "#9@" + "9" * 18, "#0@0"]
)
def test_row_that_no_table_has_is_refused(run: Run, tmp_path: Path, end: str):
    """By whatever number or place it is asked for."""
    path = tmp_path / "t.jsonl"
    path.write_text(json.dumps({"branch": {"name": 1}}) + "\n", encoding="utf-8")
    done = run("audit", f"{path}{end}")
    assert (2, True) == (done.status, done.err.startswith(f"{path}#"))


@pytest.mark.parametrize("name", ["", " ", "a\nb", "\x1b[31m", "长" * 200, None, True, 1.5, ["x"], "\u2028"])
def test_an_id_that_cannot_be_shown_gives_way_to_the_number(tmp_path: Path, name: Any):
    """Nothing that breaks a line or a terminal, nothing endless."""
    path = tmp_path / "t.jsonl"
    assert [f"{path}#1"] == [one.name for one in table(path, {"id": name, "record": YAML})]


def test_a_mark_at_the_beginning_is_no_part_of_the_first_row(tmp_path: Path):
    """As some programs write it."""
    assert ["b1"] == [one.name.partition("#")[2] for one in table(tmp_path / "t.jsonl", "\ufeff" + json.dumps(RECORD))]


def test_a_line_without_end_is_passed_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Told by its place, before it fills the memory; those behind it are found."""
    monkeypatch.setattr("dangjian_check.loading.record_tables._MAX_LINE", 1000)
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join([json.dumps(RECORD), "x" * 2500, json.dumps(RECORD)]), encoding="utf-8")
    first, endless, last = rows(path)
    assert [f"{path}#b1", f"{path}#b1"] == [read_row(row).name for row in (first, last)]
    with pytest.raises(InputProblems, match=r"t\.jsonl:2:1: 这一行超过"):
        read_row(endless)


def test_a_record_as_large_as_no_file_may_be_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It costs its row."""
    monkeypatch.setattr("dangjian_check.loading.record_tables.MAX_BYTES", 100)
    with pytest.raises(InputProblems, match=r"t\.jsonl#b2: 这份记录超过"):
        table(tmp_path / "t.jsonl", {"id": "b2", "record": "x" * 101})


@pytest.mark.parametrize(
    "head", ['{"type":"assessment","schema":"dj-check.rows/1",', '{"type": "run", "schema": "dj-check.lines/1"}']
)
def test_a_report_is_no_table(tmp_path: Path, head: str):
    """Ours are known by how they begin, with a mark or without."""
    path = tmp_path / "t.jsonl"
    for mark in ("", "\ufeff"):
        path.write_text(f"{mark}{head}\n{{}}\n", encoding="utf-8")
        with pytest.raises(InputProblems, match="这是 dj-check 写出的报告，不是记录的表"):
            list(rows(path))


def test_rows_of_parquet_come_in_order(tmp_path: Path):
    """Text or bytes; one without a record is an empty one."""
    path = tmp_path / "t.parquet"
    many = parquet(path, "SELECT 'b' || i AS id, 'branch: {name: 支部' || i || '}' AS record FROM range(5000) t(i)")
    assert [(f"{path}#b{i}", f"branch: {{name: 支部{i}}}".encode(), ".yaml") for i in range(5000)] == many
    bare = parquet(path, "SELECT '{\"a\": 1}'::BLOB AS record UNION ALL SELECT NULL")
    assert [(f"{path}#1", b'{"a": 1}', ".json"), (f"{path}#2", b"", ".yaml")] == bare


@pytest.mark.parametrize("select", ["SELECT 1 AS id", "SELECT 1 AS record", "SELECT ['x'] AS record"])
def test_a_table_without_records_is_refused(tmp_path: Path, select: str):
    """It says what is wanted."""
    with pytest.raises(InputProblems, match="没有 record 这一列，或者它不是文字"):
        parquet(tmp_path / "t.parquet", select)


def test_damaged_parquet_is_refused(tmp_path: Path):
    """Whatever is left of it."""
    path = tmp_path / "t.parquet"
    parquet(path, "SELECT 'x' AS record")
    for left in (path.read_bytes()[:-20], b"x\n", b""):
        path.write_bytes(left)
        with pytest.raises(InputProblems, match="不是完好的 Parquet"):
            list(map(read_row, rows(path)))


def test_what_is_no_file_is_refused(tmp_path: Path):
    """A folder, nothing."""
    for path in (tmp_path, tmp_path / "gone.parquet"):
        with pytest.raises(InputProblems):
            list(map(read_row, rows(path)))
