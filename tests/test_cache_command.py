"""``dj-check cache``: where it is, whether it is sound, and how to be rid of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dangjian_check.batch.store import Store
from program import Run, dj


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store that the environment names; not made yet."""
    monkeypatch.setenv("DJ_CHECK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "assessments.sqlite3"


def filled(path: Path) -> None:
    """Four entries."""
    with Store(path) as store:
        store.put_many((bytes([n]) * 32, b"value" * 100) for n in range(4))


def change(path: Path, statement: str) -> None:
    """Change the database behind the store's back."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(statement)


def test_where_names_the_file_and_makes_nothing(run: Run, path: Path):
    """Whether it is there or not."""
    assert (0, f"{path.as_posix()}\n", "") == run("cache", "where")
    assert not path.parent.exists()


@pytest.mark.parametrize("command", ["verify", "clear"])
def test_without_a_cache_there_is_nothing_to_do(run: Run, path: Path, command: str):
    """Nor is one made."""
    assert (0, "没有缓存\n", "") == run("cache", command)
    assert not path.parent.exists()


def test_verify_of_a_sound_cache(run: Run, path: Path):
    """Status 0."""
    filled(path)
    assert (0, "4 条完好，0 条损坏\n", "") == run("cache", "verify")


def test_verify_drops_what_is_damaged(run: Run, path: Path):
    """Status 1 with one line; after that it is sound."""
    filled(path)
    change(path, "UPDATE entries SET value = zeroblob(3) WHERE id < 3")
    said = f"{path.as_posix()}: 缓存里有 2 条损坏，已经删去重算 → 不用做什么；常出现就检查磁盘\n"
    assert (1, "2 条完好，2 条损坏\n", said) == run("cache", "verify")
    assert (0, "2 条完好，0 条损坏\n", "") == run("cache", "verify")


def test_verify_begins_a_damaged_database_anew(run: Run, path: Path):
    """Status 1: what was there is lost, and can be judged again."""
    filled(path)
    path.write_bytes(b"not a database" * 100)
    status, out, err = run("cache", "verify")
    assert (1, "0 条完好，0 条损坏\n", 1, True) == (status, out, err.count("\n"), "已经重建" in err)
    assert (0, "0 条完好，0 条损坏\n", "") == run("cache", "verify")


def test_clear_forgets_everything(run: Run, path: Path):
    """And says how much that was."""
    filled(path)
    assert (0, "删去 4 条\n", "") == run("cache", "clear")
    assert (0, "删去 0 条\n", "") == run("cache", "clear")


def test_clear_of_a_damaged_database_leaves_a_sound_one(run: Run, path: Path):
    """There is nothing to be saved."""
    filled(path)
    path.write_bytes(b"\0" * 9000)
    status, out, err = run("cache", "clear")
    assert (0, "删去 0 条\n", True) == (status, out, "已经重建" in err)
    assert (0, "0 条完好，0 条损坏\n", "") == run("cache", "verify")


@pytest.mark.parametrize("command", ["verify", "clear"])
def test_cache_that_cannot_be_used_is_status_2(run: Run, path: Path, command: str):
    """A folder that others can write: one line with what to do, and nothing is touched."""
    filled(path)
    before = path.read_bytes()
    path.parent.chmod(0o777)
    status, out, err = run("cache", command)
    assert (2, "", 1, True) == (status, out, err.count("\n"), f"chmod 700 {path.parent.as_posix()}" in err)
    assert before == path.read_bytes()


def test_odd_folder_is_no_traceback(tmp_path: Path):
    """A name that is no text, a file in the place of the folder."""
    (tmp_path / "file").touch()
    for folder in (str(tmp_path / "a\udcff\x1b[31m"), str(tmp_path / "file")):
        for command in ("where", "verify", "clear"):
            done = dj("cache", command, env={"DJ_CHECK_CACHE": folder})
            assert (0, b"", False) == (done.returncode, done.stderr, b"\x1b" in done.stdout)
