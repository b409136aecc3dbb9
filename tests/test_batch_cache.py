"""Records that did not change are not judged again: the same bytes with a cache, without one, and with a broken one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from dangjian_check import app
from dangjian_check.batch.store import Store
from program import LAX, PACKS, Done, Run

ASKED = ("--rules", str(PACKS), "--standard", "probe", "--period", "2024", "--jobs", "1")
TEXT = LAX.read_text(encoding="utf-8")
COUNT = 33
Judged = Callable[..., tuple[Done, int]]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store of a user who never used it."""
    monkeypatch.setenv("DJ_CHECK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "assessments.sqlite3"


@pytest.fixture
def judged(tmp_path: Path, cache: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Judged:
    """An audit of a folder of records, one of them broken, and how many files were judged for it."""
    (tmp_path / "records").mkdir()
    for number in range(COUNT):
        (tmp_path / "records" / f"b{number:02}.yaml").write_text(TEXT.replace("id: lax", f"id: b{number}"), "utf-8")
    (tmp_path / "records" / "b07.yaml").write_text("branch: [", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    counted: list[Path] = []
    judge = app.Bench.judge

    def counting(bench: app.Bench, path: Path) -> app.Judged:
        counted.append(path)
        return judge(bench, path)

    monkeypatch.setattr(app.Bench, "judge", counting)

    def call(*more: str) -> tuple[Done, int]:
        counted.clear()
        return run("audit", "records", *ASKED, *more), len(counted)

    return call


@pytest.mark.parametrize("form", ["jsonl", "json", "html", "terminal", "csv", "sarif"])
def test_second_run_gives_the_same_bytes_and_judges_nothing(judged: Judged, form: str):
    """Nor does the first differ from one without a cache; what could not be used is told again."""
    plain, first, second = judged("-f", form, "--no-cache"), judged("-f", form), judged("-f", form)
    assert plain[0] == first[0] == second[0]
    assert (COUNT, COUNT, 0) == (plain[1], first[1], second[1])
    assert "b07.yaml" in second[0].err


def test_only_what_changed_is_judged_again(judged: Judged):
    """And what comes of it is what comes of it without a cache."""
    judged("-f", "jsonl")
    file = Path("records/b05.yaml")
    file.write_text(file.read_text(encoding="utf-8").replace("2024-04-08", "2024-04-09"), encoding="utf-8")
    again, count = judged("-f", "jsonl")
    assert (judged("-f", "jsonl", "--no-cache")[0], 1) == (again, count)


@pytest.mark.parametrize("more", [("--as-of", "2024-06-30"), ("--official",), ("--mask", "names"), ("--no-doubts",)])
def test_other_options_are_judged_anew(judged: Judged, more: tuple[str, ...]):
    """With answers of their own."""
    judged("-f", "jsonl")
    found, count = judged("-f", "jsonl", *more)
    assert (judged("-f", "jsonl", *more, "--no-cache")[0], COUNT) == (found, count)


def test_answer_by_another_text_of_a_standard_is_none(judged: Judged, monkeypatch: pytest.MonkeyPatch):
    """As when a rule is edited after the options were looked at, and before it is loaded."""
    with monkeypatch.context() as context:
        context.setattr("dangjian_check.batch.part._digests", lambda found: (("probe", "0" * 16),))
        plain, _ = judged("-f", "jsonl")
    again = judged("-f", "jsonl")
    assert (plain, COUNT) == again
    assert (plain, 0) == judged("-f", "jsonl")


def test_without_a_cache_none_is_made(judged: Judged, cache: Path):
    """``--no-cache`` neither looks nor keeps."""
    judged("--no-cache")
    assert not cache.exists()


def test_few_files_are_judged_without_a_cache(run: Run, cache: Path):
    """It is not worth while."""
    run("audit", LAX, *ASKED)
    assert not cache.exists()


def test_damaged_cache_changes_nothing_but_a_notice(judged: Judged, cache: Path):
    """Entries, then the whole file."""
    good = judged("-f", "jsonl")[0]
    raw = bytearray(cache.read_bytes())
    for place in range(5000, len(raw), 4001):
        raw[place] ^= 0xFF
    for damaged in (bytes(raw), b"not a database" * 99):
        cache.write_bytes(damaged)
        again, count = judged("-f", "jsonl")
        assert (good.status, good.out, True) == (again.status, again.out, count > 0)
        assert len(again.err.splitlines()) - len(good.err.splitlines()) in (1, 2)
        assert (good, 0) == judged("-f", "jsonl")


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_cache_that_others_could_write_is_not_used(judged: Judged, cache: Path):
    """One line says so; the answers are the same."""
    good = judged("-f", "jsonl")[0]
    cache.parent.chmod(0o777)
    again, count = judged("-f", "jsonl")
    assert (good.status, good.out, COUNT) == (again.status, again.out, count)
    shown = cache.parent.as_posix()
    said = f"{shown}: 缓存文件夹别的用户也能写，这次不用缓存，照样核查 → chmod 700 {shown}"
    assert set(again.err.splitlines()) - set(good.err.splitlines()) == {said}


def test_planted_bytes_are_no_answer(judged: Judged, cache: Path):
    """Under a right key and with a right hash, but not what we wrote: judged again."""
    good = judged("-f", "json")[0]
    with closing(sqlite3.connect(cache)) as db:
        keys = [key for (key,) in db.execute("SELECT key FROM entries")]
    for planted in (b"", b"{}", b'{"sizes": []}\n', b"\x80\x04."):
        with Store(cache) as store:
            store.put_many((key, planted) for key in keys)
        assert good == judged("-f", "json")[0]
