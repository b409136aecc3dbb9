"""``--output rows:FOLDER/``: the same lines in parts, all of a finished run or what was there before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import batch_work
from dangjian_check.app import Bench
from dangjian_check.cli import parts
from dangjian_check.cli.streams import OutputLost, sweep, temporary_stem
from program import LAX, PACKS, Run

RULES = ("--rules", str(PACKS), "--standard", "probe", "--standard", "bare", "--period", "2024", "--no-cache")
COUNT = 12


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Records in a folder, one of them broken; parts of five lines."""
    monkeypatch.setattr(parts, "PART", 5)
    (tmp_path / "records").mkdir()
    for n in range(COUNT):
        text = LAX.read_text(encoding="utf-8").replace("id: lax", f"id: b{n:03}")
        (tmp_path / "records" / f"b{n:03}.yaml").write_text(text if n else "branch: [", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder: Path | str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


def joined(folder: str) -> bytes:
    """The parts one after the other."""
    return b"".join((Path(folder) / name).read_bytes() for name in names(folder))


@pytest.mark.parametrize("kind", parts.LINES)
@pytest.mark.parametrize("more", [(), ("-o", "json:whole.json")])
def test_parts_together_are_the_file(here: Path, run: Run, kind: str, more: tuple[str, ...]):
    """Streamed, and where the report is made as a whole: five lines each, the rest in the last."""
    done = run("audit", "records", *RULES, "-o", f"{kind}:whole.jsonl", "-o", f"{kind}:out/", *more)
    assert 2 == done.status
    assert [f"part-{n:05}.jsonl" for n in range(len(names("out")))] == names("out")
    assert Path("whole.jsonl").read_bytes() == joined("out")
    sizes = [(Path("out") / name).read_bytes().count(b"\n") for name in names("out")]
    assert {5} == set(sizes[:-1])
    assert 2 * (COUNT - 1) + 1 <= sum(sizes)


def test_tables_hold_the_rows_of_the_file(here: Path, run: Run):
    """Row for row, in as many parts; a later run replaces them."""
    for _ in range(2):
        done = run("audit", "records", *RULES, "-o", "rows:whole.jsonl", "-o", "rows:out/", "-o", "parquet:tables/")
        assert 2 == done.status
        assert [f"part-{n:05}.parquet" for n in range(len(names("out")))] == names("tables")
    asked = ("--sql", "SELECT * FROM deficiencies ORDER BY ALL", "--format", "json")
    assert run("query", "whole.jsonl", *asked).out == run("query", "tables", *asked).out
    counted = run("query", "tables", "--sql", "SELECT count(*) AS n FROM assessments", "--format", "csv").out
    assert str(2 * (COUNT - 1)) in counted


def test_table_that_is_not_ours_is_left_alone(here: Path, run: Run):
    """A table of records may be called as our parts are."""
    import duckdb

    Path("out").mkdir()
    duckdb.sql("COPY (SELECT 'b1' AS id, 'branch:' AS record) TO 'out/part-00000.parquet'")
    before = joined("out")
    done = run("audit", "records", *RULES, "-o", "parquet:out/")
    assert (2, "dj-check: out 里有别的东西，没有动它 → 换一个文件夹名，或者先移走它\n") == (done.status, done.err)
    assert before == joined("out")


def test_table_goes_to_a_folder(here: Path, run: Run):
    """And needs its library, which is said before anything is judged."""
    done = run("audit", "records", "-o", "parquet:x.parquet")
    assert "--output parquet:x.parquet/" in done.err
    assert 2 == done.status


def test_tables_without_their_library_are_refused_at_once(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    """With the command that installs it."""
    monkeypatch.setattr(parts, "find_spec", lambda _: None)
    done = run("audit", "records", "-o", "parquet:x/")
    assert (2, "") == (done.status, done.out)
    assert "dj-check[analytics]" in done.err


def test_table_that_cannot_be_written_is_lost(here: Path, monkeypatch: pytest.MonkeyPatch):
    """With nothing left of it."""
    with parts.Tables("out") as table:
        table.write("no row\n")
        with pytest.raises(OutputLost):
            table.finish()
    assert ["records"] == names(here)


def test_later_run_takes_the_place_of_an_earlier_one(here: Path, run: Run):
    """With fewer parts, too: none of the old ones is left."""
    run("audit", "records", *RULES, "-o", "rows:out/")
    many = names("out")
    Path("records/b001.yaml").rename("one.yaml")
    run("audit", "one.yaml", *RULES, "-o", "rows:out")
    assert ["part-00000.jsonl"] == names("out") != many
    assert ["one.yaml", "out", "records"] == names(here)


@pytest.mark.parametrize("name", ["notes.txt", "part-00001.jsonl", ".hidden"])
def test_folder_with_anything_else_is_left_alone(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch, name: str):
    """Before anything is judged; a table of records may be called as our parts are."""
    Path("out").mkdir()
    (Path("out") / name).write_text('{"id": "b1", "record": ""}\n', encoding="utf-8")
    monkeypatch.setattr(Bench, "judge", lambda *_: pytest.fail("judged"))
    done = run("audit", "records", *RULES, "-o", "rows:out/")
    assert (2, "dj-check: out 里有别的东西，没有动它 → 换一个文件夹名，或者先移走它\n") == (done.status, done.err)
    assert [name] == names("out")


def test_file_in_the_place_of_a_folder_is_left_alone(here: Path, run: Run):
    """And a format that is not lines has no parts."""
    Path("out").write_text("x", encoding="utf-8")
    assert 2 == run("audit", "records", *RULES, "-o", "rows:out/").status
    assert "x" == Path("out").read_text(encoding="utf-8")
    assert (
        "csv 不能分成几份 → 写成一个文件；能分的有 rows、jsonl、parquet"
        in run("audit", "records", "-o", "csv:new/").err
    )
    assert not Path("new").exists()


def test_unfinished_parts_leave_nothing(here: Path):
    """The earlier ones stay; what a killed process left is swept up."""
    parts.write("rows", "out/", '{"schema":"dj-check.rows/1"}\n')
    with parts.Parts("out") as unfinished:
        unfinished.write("{}\n" * 12)
    assert b'{"schema":"dj-check.rows/1"}\n' == joined("out")
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    (here / f"{temporary_stem(int(gone.stdout))}1.parts.tmp").mkdir()
    (here / f"{temporary_stem(os.getpid())}1.parts.tmp").mkdir()
    sweep(here)
    (here / f"{temporary_stem(os.getpid())}1.parts.tmp").rmdir()
    assert ["out", "records"] == names(here)


def test_earlier_parts_come_back_if_the_later_cannot_take_their_place(here: Path):
    """Never neither of them."""
    parts.write("rows", "out/", '{"schema":"dj-check.rows/1"}\n')
    with parts.Parts("out") as later:
        later._building.rename("gone")
        with pytest.raises(OutputLost):
            later.finish()
    assert b'{"schema":"dj-check.rows/1"}\n' == joined("out")
    assert ["gone", "out", "records"] == names(here)


def test_parts_without_a_folder_above_are_lost(here: Path):
    """As a file would be."""
    with pytest.raises(OutputLost) as lost:
        parts.Parts("none/out/")
    assert lost.value.no_folder


def test_resumed_run_writes_the_same_parts(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    """What was judged is kept beside the folder until all is written."""
    monkeypatch.setattr("dangjian_check.cli.batch.KEPT", COUNT)
    wanted = ("-o", "rows:out/", "-o", "jsonl:none/x.jsonl", "--jobs", "1")
    run("audit", "records", *RULES, "-o", "rows:whole.jsonl")
    judge = Bench.judge
    Path("none").mkdir()
    monkeypatch.setattr(Bench, "judge", batch_work.losing_a_folder)
    assert "改好以后加 --resume" in run("audit", "records", *RULES, *wanted).err
    assert Path(".out.dj-check-run").exists()
    Path("none").mkdir()
    seen: list[str] = []
    monkeypatch.setattr(Bench, "judge", lambda bench, path: seen.append(path.name) or judge(bench, path))
    run("audit", "records", *RULES, *wanted, "--resume")
    assert [] == seen
    assert Path("whole.jsonl").read_bytes() == joined("out")
    assert not Path(".out.dj-check-run").exists()


def test_folder_of_parts_is_summarized_and_asked(here: Path, run: Run):
    """As the one file is; and turned into Parquet part by part."""
    run("audit", "records", *RULES, "-o", "rows:whole.jsonl", "-o", "rows:out/")
    for asked in (("summary", "-f", "json"), ("query", "--ready", "worst-branches", "-f", "json")):
        command, *flags = asked
        assert run(command, "whole.jsonl", *flags).out == run(command, "out/", *flags).out
    run("query", "out/", "--to-parquet", "tables/")
    assert len(names("out")) == len(names("tables"))
    ready = ("--ready", "rules-most-missed", "-f", "csv")
    assert run("query", "whole.jsonl", *ready).out == run("query", "tables/", *ready).out
