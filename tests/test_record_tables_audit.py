"""A table of records is audited as the files it was made of would be: the same conclusions, one line for a bad row."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import batch_work
from dangjian_check.app import Bench
from program import LAX, PACKS, Run

RULES = ("--rules", str(PACKS), "--standard", "probe", "--standard", "bare", "--period", "2024")
COUNT = 40
TEXT = LAX.read_text(encoding="utf-8")


def record(number: int) -> str:
    """A record that says neither its id nor the same as the others."""
    return TEXT.replace("  id: lax\n", "").replace("2024-04-08", f"2024-04-{number % 28 + 1:02}")


def jsonl(path: Path, *more: str) -> Path:
    """The records in JSON Lines, and other lines behind the third."""
    lines = [json.dumps({"id": f"b{n:03}", "record": record(n)}, ensure_ascii=False) for n in range(COUNT)]
    path.write_text("\n".join([*lines[:3], *more, *lines[3:]]) + "\n", encoding="utf-8")
    return path


def parquet(path: Path) -> Path:
    """The same in Parquet, in several groups of rows."""
    import duckdb

    made = jsonl(path.with_suffix(".jsonl"))
    table = f"read_json('{made}', columns = {{id: 'VARCHAR', record: 'VARCHAR'}})"
    duckdb.sql(f"COPY (SELECT * FROM {table}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 7)")
    return path


def judged(out: str) -> list[dict[str, Any]]:
    """The assessments of JSON Lines, files aside."""
    found = [json.loads(line) for line in out.splitlines()]
    return [bare(one) for one in found if one["type"] == "assessment"]


def bare(data: Any) -> Any:
    """The same without the names of files."""
    if isinstance(data, dict):
        return {key: bare(value) for key, value in data.items() if key not in ("file", "fingerprint")}
    return [bare(value) for value in data] if isinstance(data, list) else data


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, and in it the records as files."""
    (tmp_path / "files").mkdir()
    for n in range(COUNT):
        (tmp_path / "files" / f"b{n:03}.yaml").write_text(record(n), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("make", [jsonl, parquet])
def test_table_comes_to_what_its_files_come_to(here: Path, run: Run, make: Any):
    """Every branch by its id, places as within its record; over two processes the same bytes."""
    table = make(Path(f"t.{make.__name__}"))
    files = run("audit", "files", *RULES, "--no-cache", "-f", "jsonl", "--jobs", "1")
    alone, shared = (run("audit", table, *RULES, "--no-cache", "-f", "jsonl", "--jobs", jobs) for jobs in "12")
    assert 2 * COUNT == len(judged(files.out))
    assert judged(files.out) == judged(alone.out)
    assert alone == shared
    assert f'"file":"{table}#b007"' in alone.out


def test_bad_rows_cost_a_line_each(here: Path, run: Run):
    """What is no JSON, no record, empty; by the id or the number of the row and the place within the record."""
    mistaken = json.dumps({"id": "错", "record": f"{TEXT}oops: 1\n"})
    table = jsonl(Path("t.jsonl"), '{"id": "x", "record"', mistaken, '{"id": "y", "record": null}', "")
    done = run("audit", table, *RULES, "--no-cache", "-f", "jsonl", "--jobs", "2")
    assert 2 == done.status
    assert 2 * COUNT == len(judged(done.out))
    line = TEXT.count("\n") + 1
    assert ["t.jsonl#4:1:", "t.jsonl#y:1:1:", f"t.jsonl#错:{line}:1:"] == sorted(
        told[: told.index(" ")] if "#4" not in told else told[:12] for told in done.err.splitlines()
    )


def test_rows_judged_before_are_not_judged_again(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    """Known by their bytes, wherever in the table they have got to."""
    first = run("audit", jsonl(Path("t.jsonl")), *RULES, "-f", "jsonl", "--jobs", "1")
    more = json.dumps({"id": "new", "record": TEXT})
    seen: list[Path] = []
    judge = Bench.judge
    monkeypatch.setattr(Bench, "judge", lambda bench, path: seen.append(path) or judge(bench, path))
    again = run("audit", jsonl(Path("t.jsonl"), more), *RULES, "-f", "jsonl", "--jobs", "1")
    assert 1 == len(seen)
    added = [one for one in judged(again.out) if one["branch"]["id"] not in {f"b{n:03}" for n in range(COUNT)}]
    assert judged(first.out) == [one for one in judged(again.out) if one not in added]
    assert 2 == len(added)


def test_interrupted_table_is_gone_on_with(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    """What was judged is kept until it can be written, and not judged again."""
    wanted = ("-o", "rows:out.jsonl", "-o", "jsonl:none/out.jsonl", "-f", "jsonl", "--jobs", "1", "--no-cache")
    monkeypatch.setattr("dangjian_check.cli.batch.KEPT", COUNT)
    table = jsonl(Path("t.jsonl"))
    Path("none").mkdir()
    monkeypatch.setattr(Bench, "judge", batch_work.losing_a_folder)
    first = run("audit", table, *RULES, *wanted)
    assert "核过的还留着 → 改好以后加 --resume" in first.err
    Path("none").mkdir()
    monkeypatch.setattr(Bench, "judge", lambda *_: pytest.fail("judged again"))
    again = run("audit", table, *RULES, *wanted, "--resume")
    assert first.out == again.out == Path("none/out.jsonl").read_text("utf-8")


def test_waivers_beside_a_table_hold_for_its_rows(here: Path, run: Run):
    """As they do beside files, by the id of the branch."""
    (here / "t").mkdir()
    text = (LAX.parent / "eased" / "waivers.yaml").read_text(encoding="utf-8").replace("lax", "b007")
    for folder in ("files", "t"):
        (here / folder / "waivers.yaml").write_text(text, encoding="utf-8")
    both = ("files", jsonl(Path("t/t.jsonl")))
    files, table = (run("audit", one, *RULES, "--no-cache", "-f", "jsonl") for one in both)
    assert judged(files.out) == judged(table.out)
    assert {"b007"} == {one["branch"]["id"] for one in judged(table.out) if "W-2024-1" in json.dumps(one)}


def test_other_commands_read_rows_as_well(here: Path, run: Run):
    """Form only, and what is due."""
    table = jsonl(Path("t.jsonl"), json.dumps({"id": "z", "record": "branch: 1\n"}))
    assert "t.jsonl#z:1:9:" in run("validate", table).err
    rules = ("--rules", PACKS, "--standard", "probe")
    assert "b007" in run("due", table, *rules, "--as-of", "2024-03-01", "-f", "json").out
    assert "这是一张表，这里要一份记录" in run("explain", "PRB-1-2", "--rules", PACKS, "--record", table).err


@pytest.mark.parametrize("name", ["t.jsonl", "t.parquet"])
def test_what_is_no_table_is_one_line(here: Path, run: Run, name: str):
    """A report of ours, a damaged file; the records beside it are judged."""
    said = "这是 dj-check 写出的报告，不是记录的表" if name == "t.jsonl" else "不是完好的 Parquet"
    report = b'{"type":"assessment","schema":"dj-check.rows/1"}\n{}\n'
    Path(name).write_bytes(report if name == "t.jsonl" else b"PAR1xxxx")
    done = run("audit", name, "files", *RULES, "--no-cache", "-f", "jsonl")
    assert (2, 1) == (done.status, len(done.err.splitlines()))
    assert done.err.startswith(f"{name}: ")
    assert said in done.err
    assert 2 * COUNT == len(judged(done.out))


def test_reports_in_a_folder_of_records_are_passed_over(here: Path, run: Run):
    """They have always been saved there; a table is audited if it is named."""
    jsonl(Path("files/t.jsonl"))
    assert 2 * COUNT == len(judged(run("audit", "files", *RULES, "--no-cache", "-f", "jsonl").out))


def test_parquet_without_its_engine_is_one_line(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    """It says what to install."""
    table = parquet(Path("t.parquet"))
    monkeypatch.setitem(sys.modules, "duckdb", None)
    done = run("audit", table, *RULES, "--no-cache")
    assert 2 == done.status
    assert "没有装 DuckDB，这里用不了 → pip install 'dj-check[analytics]'" in done.err
    assert 1 == len(done.err.splitlines())
