"""A long run that is stopped: nothing is torn, nobody is left, and it goes on from where it was.

The program is held at a known place: nobody reads its stdout, so that it waits when the pipe is full.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import batch_work
from dangjian_check.batch.state import Head, State, interrupted, place
from dangjian_check.batch.store import Store
from dangjian_check.cli import batch
from killed import alive, children
from program import LAX, PACKS, Run, dj, plain_env

RULES = ("--rules", str(PACKS), "--standard", "probe", "--period", "2024", "--no-cache")
COUNT = 220
WANTED = ("-f", "jsonl", "-o", "jsonl:out.jsonl")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough records for a run that can be gone on with, and what comes of them undisturbed."""
    found = tmp_path_factory.mktemp("many")
    text = LAX.read_text(encoding="utf-8")
    (found / "records").mkdir()
    for n in range(COUNT):
        (found / "records" / f"b{n:03}.yaml").write_text(text.replace("id: lax", f"id: b{n:03}"), encoding="utf-8")
    done = dj("audit", "records", *RULES, "-o", "jsonl:whole.jsonl", "-f", "jsonl", cwd=found)
    assert 1 == done.returncode, done.stderr
    return found


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder with nothing but the records and the undisturbed result."""
    monkeypatch.chdir(folder)
    yield folder
    for path in folder.iterdir():
        if path.is_file() and path.name != "whole.jsonl":
            path.unlink()


def held(*arguments: str) -> subprocess.Popen[bytes]:
    """The program, waiting for somebody to read."""
    command = [sys.executable, "-m", "dangjian_check", "audit", "records", *RULES, *WANTED, *arguments]
    process = subprocess.Popen(command, env=plain_env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    before, deadline = 0, time.monotonic() + 60
    while time.monotonic() < deadline:
        time.sleep(0.5)
        size = sum(path.stat().st_size for path in Path().glob(".*.tmp"))
        if size and size == before:
            return process
        before = size
    raise AssertionError(process.communicate(timeout=5))


def kept() -> int:
    """How many parts the state of the stopped run holds."""
    with Store(place("out.jsonl")) as store:
        return store.size - 1


@pytest.mark.skipif(sys.platform != "linux", reason="signals and pipes of Linux")
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopped_run_leaves_a_state_and_nothing_else(here: Path, number: signal.Signals, jobs: str):
    """One line, no traceback, no half of a file; the same bytes as ever once it has gone on."""
    process = held("--jobs", jobs)
    process.send_signal(number)
    _, said = process.communicate(timeout=20)
    assert 128 + number == process.returncode
    assert "dj-check: 核到一半停下了，写到标准输出的不全 → 加 --resume 接着核\n" == said.decode()
    assert {"records", "whole.jsonl", ".out.jsonl.dj-check-run"} == {path.name for path in here.iterdir()}
    assert 0 < kept() < COUNT
    done = dj("audit", "records", *RULES, *WANTED, "--resume", "--jobs", jobs)
    assert (1, b"") == (done.returncode, done.stderr)
    assert Path("whole.jsonl").read_bytes() == Path("out.jsonl").read_bytes() == done.stdout
    assert {"records", "whole.jsonl", "out.jsonl"} == {path.name for path in here.iterdir()}


@pytest.mark.skipif(sys.platform == "win32", reason="no signals to oneself")
@pytest.mark.parametrize(("form", "what"), [("rows", "写到标准输出的不全"), ("terminal", "没有写出结果")])
def test_stopped_run_says_what_there_is_of_it(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch, form: str, what: str
):
    """A stream that was cut is not taken for the whole."""
    from dangjian_check.app import Bench

    monkeypatch.setattr(Bench, "judge", lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    done = run("audit", "records", *RULES, "-f", form, "--jobs", "1")
    assert (143, f"dj-check: 核到一半停下了，{what} → 从头再核\n") == (done.status, done.err)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_no_process_outlives_its_parent(here: Path):
    """Killed without a word: after two seconds nobody is there, and what was put down in time is there to go on."""
    process = held("--jobs", "2")
    begun = children(process.pid)
    assert len(begun) >= 2
    process.kill()
    process.communicate(timeout=10)
    time.sleep(2)
    assert [] == [number for number in begun if alive(number)]
    done = dj("audit", "records", *RULES, *WANTED, "--resume")
    assert (1, b"") == (done.returncode, done.stderr)
    assert Path("whole.jsonl").read_bytes() == Path("out.jsonl").read_bytes()
    assert {"records", "whole.jsonl", "out.jsonl"} == {path.name for path in here.iterdir()}


@pytest.mark.skipif(sys.platform != "linux", reason="signals of Linux")
def test_what_was_done_is_not_done_again_unless_it_changed(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    """Only what is missing, and a record that was mended meanwhile, is judged."""
    from dangjian_check.app import Bench

    process = held("--jobs", "1")
    process.terminate()
    process.communicate(timeout=20)
    before = kept()
    changed = Path("records/b001.yaml")
    text = changed.read_text(encoding="utf-8")
    judged: list[str] = []
    judge = Bench.judge
    monkeypatch.setattr(Bench, "judge", lambda bench, path: judged.append(path.name) or judge(bench, path))
    try:
        changed.write_text(text.replace("测试第二党支部", "改了名的支部"), encoding="utf-8")
        done = run("audit", "records", *RULES, *WANTED, "--resume", "--jobs", "1")
    finally:
        changed.write_text(text, encoding="utf-8")
    assert "b001.yaml" == judged[0]
    assert COUNT - before + 1 == len(judged)
    names = [one["branch"]["name"] for one in map(json.loads, done.out.splitlines()) if one["type"] == "assessment"]
    assert ["测试第二党支部", "改了名的支部", "测试第二党支部"] == names[:3]
    assert COUNT == len(names)


@pytest.mark.skipif(sys.platform != "linux", reason="signals of Linux")
def test_run_is_gone_on_with_as_it_was_begun_or_not_at_all(here: Path, run: Run):
    """Other options would make half a report of each."""
    process = held("--jobs", "1")
    process.terminate()
    process.communicate(timeout=20)
    other = run("audit", "records", "--rules", PACKS, "--standard", "bare", *WANTED, "--resume")
    assert (2, "") == (other.status, other.out)
    assert "选项、标准或豁免与中断的那一次不同，接不上 → 照原来的再写一遍，或者去掉 --resume，从头核查" in other.err
    assert 0 < kept()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file stays where it is")
def test_two_runs_at_one_place_do_not_take_the_state_from_each_other(tmp_path: Path):
    """The later has it: the earlier neither promises nor forgets it."""
    path, head = place(str(tmp_path / "out.jsonl")), Head("options", date(2024, 12, 31))
    for finished in (True, False):
        earlier, later = State(path, head), State(path, head)
        assert not earlier.close(finished=finished)
        assert (True, head) == (later.close(finished=False), interrupted(path))


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_long_run_that_could_not_be_gone_on_with_says_so_at_once(
    here: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Others could write where its state would lie; a short one is not worth the word."""
    tmp_path.chmod(0o770)
    wanted = ("-f", "jsonl", "-o", f"jsonl:{tmp_path}/out.jsonl", "--jobs", "1")
    assert "" == run("audit", "records", *RULES, *wanted).err
    monkeypatch.setattr(batch, "MANY", COUNT)
    said = run("audit", "records", *RULES, *wanted).err
    assert f"{tmp_path}: 这里不能记核到哪里" in said
    assert "中断了要从头核 → --output 写到只有自己能写的文件夹" in said


def test_nothing_to_go_on_with_is_said(here: Path, run: Run):
    """No such run, or nowhere to look for one."""
    remedy = "--output 与那一次写得一样；没有那一次的，去掉 --resume，从头核查"
    elsewhere = run("audit", "records", *RULES, *WANTED, "--resume")
    assert f"没有核了一半的核查可以接着核 → {remedy}" in elsewhere.err
    assert "--resume 不知道接着哪一次核" in run("audit", "records", *RULES, "--resume").err


def test_place_that_cannot_be_written_is_told_before_anything_is_judged(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
):
    """Of a long run, whatever the format; the other file is not touched."""
    from dangjian_check.app import Bench

    monkeypatch.setattr(Bench, "judge", lambda *_: pytest.fail("judged"))
    for kind in ("html", "rows"):
        done = run("audit", "records", *RULES, *WANTED, "-o", f"{kind}:none/out")
        assert (2, "") == (done.status, done.out)
        assert "none/out: 写不进去，没有这个文件夹 → 先建好文件夹，或换一个位置\n" == done.err
        assert not Path("out.jsonl").exists()


def test_what_could_not_be_written_need_not_be_judged_again(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    """One of two files loses its folder: the other is written, and what was judged is kept until both are."""
    from dangjian_check.app import Bench

    wanted = ("-f", "jsonl", "-o", "jsonl:out.jsonl", "-o", "jsonl:none/out.jsonl")
    Path("none").mkdir()
    monkeypatch.setattr(Bench, "judge", batch_work.losing_a_folder)
    first = run("audit", "records", *RULES, *wanted, "--jobs", "1")
    assert 2 == first.status
    assert "没有全部写出去，核过的还留着 → 改好以后加 --resume，不用再核" in first.err
    assert Path("whole.jsonl").read_bytes() == Path("out.jsonl").read_bytes()
    Path("none").mkdir()
    monkeypatch.setattr(Bench, "judge", lambda *_: pytest.fail("judged again"))
    assert 1 == run("audit", "records", *RULES, *wanted, "--resume", "--jobs", "1").status
    assert Path("whole.jsonl").read_bytes() == Path("none/out.jsonl").read_bytes()
    assert not place("out.jsonl").exists()
