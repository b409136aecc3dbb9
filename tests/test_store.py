"""The store of what was judged before: it may forget anything, and must never lie, fail or hang a run."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dangjian_check.batch.store import FORMAT, Store
from dangjian_check.loading.caches import cache_folder
from program import plain_env

ENTRIES = {bytes([n]) * 32: f"第 {n} 份".encode() * (1 + 40 * n) for n in range(1, 9)}
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
POSIX = pytest.mark.skipif(os.name != "posix", reason="owners and modes of POSIX")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store may be made."""
    return tmp_path / "cache" / "assessments.sqlite3"


@pytest.fixture
def filled(path: Path) -> bytes:
    """The bytes of a small store in one file; the file itself is gone again."""
    with Store(path) as store:
        store.put_many(ENTRIES.items())
    raw = path.read_bytes()
    path.unlink()
    return raw


@contextmanager
def on_disk(path: Path, raw: bytes) -> Iterator[Path]:
    """A store's file with these bytes, and nothing beside it."""
    for beside in path.parent.iterdir():
        beside.unlink()
    path.write_bytes(raw)
    yield path


def never_lies(path: Path, raw: bytes) -> bool:
    """Use the store in a file of these bytes like a run does; whether every entry was still there."""
    with on_disk(path, raw), Store(path) as store:
        found = {key: store.get(key) for key in ENTRIES}
        assert {} == {key: value for key, value in found.items() if value not in (None, ENTRIES[key])}
        lost = [key for key, value in found.items() if value is None]
        store.put_many((key, ENTRIES[key]) for key in lost)
        if store.usable:
            again = {key: store.get(key) for key in lost}
            assert {} == {key: value for key, value in again.items() if value not in (None, ENTRIES[key])}
        store.verify()
    return not lost


# What it holds


def test_what_was_put_comes_back(path: Path):
    """In this process and the next; what was never put is missing."""
    with Store(path) as store:
        store.put_many(ENTRIES.items())
    with Store(path) as store:
        assert {key: store.get(key) for key in ENTRIES} == ENTRIES
        assert (None, 8, (8, 0), ()) == (store.get(b"never"), store.size, store.verify(), store.notices)


@given(items=st.lists(st.tuples(st.binary(max_size=40), st.binary(max_size=400)), max_size=8))
def test_last_value_under_a_key_is_the_one_kept(
    items: list[tuple[bytes, bytes]], tmp_path_factory: pytest.TempPathFactory
):
    """Like a dict."""
    with Store(tmp_path_factory.mktemp("cache") / "own" / "a.sqlite3") as store:
        store.put_many(items)
        assert {key: store.get(key) for key, _ in items} == dict(items)


def test_clear_leaves_nothing_on_the_disk(path: Path):
    """Not even in pages that are free: the entries hold names."""
    with Store(path) as store:
        store.put_many([(b"key-of-a-record", os.urandom(9000))])
        value = store.path.read_bytes() + path.with_name(path.name + "-wal").read_bytes()
        assert b"key-of-a-record" in value
        assert (1, 0, None) == (store.clear(), store.size, store.get(b"key-of-a-record"))
        assert [] == [file.name for file in path.parent.iterdir() if b"key-of-a-record" in file.read_bytes()]


def test_oldest_entries_go_when_there_is_too_much(path: Path):
    """What is left is the newest, within the limit."""
    with Store(path, most=200_000) as store:
        for number in range(60):
            store.put_many([(b"%d" % number, os.urandom(10_000))])
        store.trim()
        kept = [number for number in range(60) if store.get(b"%d" % number) is not None]
        assert kept == list(range(60 - len(kept), 60))
        assert 8 <= len(kept) <= 20
        assert () == store.notices


def test_little_is_left_as_it_is(path: Path):
    """Nothing goes before there is too much."""
    with Store(path) as store:
        store.put_many(ENTRIES.items())
        store.trim()
        assert len(ENTRIES) == store.size


# Damage


def test_flipped_bytes_never_give_a_wrong_value(path: Path, filled: bytes):
    """The whole header, and bytes all over the file, each inverted and with one bit turned."""
    places = [*range(110), *range(110, len(filled), 97)]
    kept = 0
    for place in places:
        for flip in (0xFF, 1 << place % 8):
            raw = bytearray(filled)
            raw[place] ^= flip
            kept += never_lies(path, bytes(raw))
    assert 0 < kept < 2 * len(places)


def test_file_cut_short_never_gives_a_wrong_value(path: Path, filled: bytes):
    """Cut anywhere; only the whole file holds everything."""
    lengths = [*range(0, len(filled), 509), len(filled)]
    assert [never_lies(path, filled[:length]) for length in lengths] == [False] * (len(lengths) - 1) + [True]


@pytest.mark.parametrize("raw", [b"not a database", b"\0" * 5000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_what_is_no_database_is_begun_anew(path: Path, filled: bytes, raw: bytes):
    """With one notice, and usable at once."""
    with on_disk(path, raw), Store(path) as store:
        store.put_many(ENTRIES.items())
        assert {key: store.get(key) for key in ENTRIES} == ENTRIES
        assert ["缓存损坏或是别的版本的，已经重建"] == [notice.message for notice in store.notices]


def test_damaged_entry_is_dropped_and_told_once(path: Path):
    """The others stay; put again, it is there again."""
    first, second, *others = ENTRIES
    with Store(path) as store:
        store.put_many(ENTRIES.items())
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE entries SET value = zeroblob(9) WHERE key IN (?, ?)", (first, second))
    with Store(path) as store:
        assert (None, None) == (store.get(first), store.get(second))
        assert [ENTRIES[key] for key in others] == [store.get(key) for key in others]
        assert (2, 6) == (store.damaged, store.size)
        assert ["缓存里有 2 条损坏，已经删去重算"] == [notice.message for notice in store.notices]
        store.put_many([(first, ENTRIES[first])])
        assert ENTRIES[first] == store.get(first)


def test_file_begun_anew_is_told_once_whatever_was_damaged_in_it(path: Path):
    """The damaged entries went with it."""
    with Store(path) as store:
        store.put_many(ENTRIES.items())
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE entries SET value = zeroblob(9) WHERE key = ?", (bytes([1]) * 32,))
    with Store(path) as store:
        assert None is store.get(bytes([1]) * 32)
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("DROP TABLE entries")
        assert (None, 1) == (store.get(bytes([2]) * 32), store.damaged)
        assert ["已经重建"] == [notice.message[-4:] for notice in store.notices]


def test_swapped_entries_are_damaged(path: Path):
    """A sound value under another's key is no value."""
    first, second = list(ENTRIES)[:2]
    with Store(path) as store:
        store.put_many(ENTRIES.items())
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE entries SET key = x'00' WHERE key = ?", (first,))
        db.execute("UPDATE entries SET key = ? WHERE key = ?", (first, second))
        db.execute("UPDATE entries SET key = ? WHERE key = x'00'", (second,))
    with Store(path) as store:
        assert (None, None, 2) == (store.get(first), store.get(second), store.damaged)


@pytest.mark.parametrize("value", ["'text'", "7", "NULL", "x''"])
def test_entry_of_another_type_is_damaged(path: Path, value: str):
    """Whatever a column holds."""
    with Store(path) as store:
        store.put_many(ENTRIES.items())
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"UPDATE entries SET value = {value}")
    with Store(path) as store:
        assert {None} == {store.get(key) for key in list(ENTRIES)[:3]}
        assert ((0, 5), 8) == (store.verify(), store.damaged)


def test_verify_counts_and_drops_damaged_entries(path: Path):
    """After which the rest is good."""
    with Store(path) as store:
        store.put_many(ENTRIES.items())
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE entries SET hash = zeroblob(32) WHERE id < 4")
    with Store(path) as store:
        assert ((5, 3), (5, 0), 3) == (store.verify(), store.verify(), store.damaged)


def test_other_format_is_begun_anew(path: Path):
    """Older or newer: nobody guesses what it means."""
    for version in (FORMAT + 1, -1):
        with Store(path) as store:
            store.put_many(ENTRIES.items())
        with closing(sqlite3.connect(path)) as db:
            db.execute(f"PRAGMA user_version = {version}")
        with Store(path) as store:
            assert (0, 1) == (store.size, len(store.notices))


def test_other_peoples_database_is_begun_anew(path: Path):
    """A table of the same name with other columns is none of ours."""
    path.parent.mkdir()
    path.parent.chmod(0o700)
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE entries (a)")
        db.execute(f"PRAGMA user_version = {FORMAT}")
    with Store(path) as store:
        store.put_many(ENTRIES.items())
        assert (8, 1) == (store.size, len(store.notices))


# Neighbours


_WRITER = """
import sys
from itertools import count
from pathlib import Path
from dangjian_check.batch.store import Store
path, name, times = sys.argv[1:]
with Store(Path(path)) as store:
    print("ready", flush=True)
    for number in range(int(times)) if times else count():
        key = b"%d" % number
        found = store.get(key)
        assert found in (None, key * 50), "a torn value"
        store.put_many([(key, key * 50), (name.encode() + key, key)])
    print(len(store.notices))
"""


def writer(path: Path, name: str, times: str) -> subprocess.Popen[bytes]:
    """Another process that reads and writes the store this often, or until it is killed."""
    command = [sys.executable, "-c", _WRITER, path, name, times]
    return subprocess.Popen(command, env=plain_env(), stdout=subprocess.PIPE)


@pytest.mark.parametrize("before", [b"", b"not a database" * 400], ids=["new", "damaged"])
def test_processes_write_at_once(path: Path, before: bytes):
    """Four of them, from the first moment on; nobody is told anything but that a damaged file was begun anew."""
    path.parent.mkdir(mode=0o700)
    if before:
        path.write_bytes(before)
    writers = [writer(path, f"p{number}-", "150") for number in range(4)]
    told = [process.communicate(timeout=120)[0].split()[-1] for process in writers]
    assert [0] * 4 == [process.returncode for process in writers]
    with Store(path) as store:
        assert (0, 0) == (store.verify()[1], len(store.notices))
        if not before:
            assert ([b"0"] * 4, 750) == (told, store.size)


def test_cleared_while_another_looks(path: Path):
    """Who has it open finds nothing, and goes on."""
    with Store(path) as one, Store(path) as other:
        one.put_many(ENTRIES.items())
        assert 8 == other.clear()
        assert (0, None) == (one.size, one.get(next(iter(ENTRIES))))
        one.put_many(ENTRIES.items())
        assert (8, ()) == (other.size, one.notices)


def test_killed_writer_leaves_a_sound_store(path: Path):
    """Killed at any moment: every entry is whole or missing."""
    for wait in (0, 0.02, 0.05):
        with writer(path, "x", "") as process:
            assert process.stdout is not None
            process.stdout.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(wait)
            process.kill()
        with Store(path) as store:
            assert (0, ()) == (store.verify()[1], store.notices)


# Surroundings


def off(store: Store) -> list[str]:
    """A store that holds nothing and harms nothing: what it tells."""
    store.put_many(ENTRIES.items())
    assert (None, 0, (0, 0), 0) == (store.get(next(iter(ENTRIES))), store.size, store.verify(), store.clear())
    store.trim()
    assert not store.usable
    return [notice.message for notice in store.notices]


@POSIX
def test_folder_and_file_are_for_the_user_alone(path: Path):
    """0700 and 0600, whatever the umask lets through."""
    before = os.umask(0)
    try:
        with Store(path) as store:
            store.put_many(ENTRIES.items())
            modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert (0o700, {0o600}) == (path.parent.stat().st_mode & 0o777, set(modes.values()))


@POSIX
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_folder_that_others_can_write_is_refused(path: Path, mode: int):
    """With what to do, and nothing made in it."""
    path.parent.mkdir()
    path.parent.chmod(mode)
    with Store(path) as store:
        assert ["缓存文件夹别的用户也能写，这次不用缓存，照样核查"] == off(store)
    assert [] == list(path.parent.iterdir())


@pytest.mark.skipif(not AS_ROOT, reason="only root can give a folder away")
def test_folder_of_another_user_is_refused(path: Path):
    """Even if we could write there."""
    path.parent.mkdir(mode=0o700)
    os.chown(path.parent, 12345, -1)
    with Store(path) as store:
        assert ["缓存文件夹是别的用户的，这次不用缓存，照样核查"] == off(store)
    assert [] == list(path.parent.iterdir())


def test_folder_that_cannot_be_made_turns_the_store_off(tmp_path: Path):
    """Something else stands in its place."""
    (tmp_path / "taken").touch()
    with Store(tmp_path / "taken" / "cache" / "a.sqlite3") as store:
        assert ["缓存用不了，这次不用缓存，照样核查"] == off(store)


def test_folder_in_the_place_of_the_file_turns_the_store_off(path: Path):
    """And is left alone."""
    path.mkdir(parents=True)
    path.parent.chmod(0o700)
    with Store(path) as store:
        assert 1 == len(off(store))
    assert path.is_dir()


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A small file system of its own; skipped where nobody may mount one."""
    folder.mkdir()
    if shutil.which("mount") is None or not AS_ROOT:
        pytest.skip("cannot mount here")
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("cannot mount here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


def test_full_disk_turns_the_store_off(tmp_path: Path):
    """With one notice; what was kept before is sound, and once there is room again it is used again."""
    with mounted(tmp_path / "small", "size=256k,mode=0700") as folder:
        with Store(folder / "own" / "a.sqlite3") as store:
            store.put_many(ENTRIES.items())
            for number in range(100):
                store.put_many([(b"%d" % number, os.urandom(5000))])
            assert ["缓存用不了，这次不用缓存，照样核查"] == [notice.message for notice in store.notices]
        subprocess.run(["mount", "-o", "remount,size=9m", folder], check=True)
        with Store(folder / "own" / "a.sqlite3") as store:
            assert {key: store.get(key) for key in ENTRIES} == ENTRIES
            assert (0, ()) == (store.verify()[1], store.notices)


def test_read_only_disk_turns_the_store_off(tmp_path: Path):
    """Nothing is begun anew there."""
    with mounted(tmp_path / "small", "size=1m,mode=0700") as folder:
        with Store(folder / "own" / "a.sqlite3") as store:
            store.put_many(ENTRIES.items())
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        with Store(folder / "own" / "a.sqlite3") as store:
            assert ["缓存用不了，这次不用缓存，照样核查"] == off(store)


@POSIX
def test_limit_on_file_size_turns_the_store_off(path: Path):
    """A quota is a full disk; the entries that were there stay."""
    script = f"""
import os, resource, signal
from pathlib import Path
from dangjian_check.batch.store import Store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Store(Path({str(path)!r})) as store:
    store.put_many([(b"first", b"value")])
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
    for number in range(50):
        store.put_many([(b"%d" % number, os.urandom(5000))])
    print(len(store.notices), store.usable)
"""
    done = subprocess.run([sys.executable, "-c", script], env=plain_env(), capture_output=True, text=True, check=False)
    assert ("1 False\n", "") == (done.stdout, done.stderr)
    with Store(path) as store:
        assert (b"value", ()) == (store.get(b"first"), store.notices)


# Where it is


@pytest.mark.parametrize(
    ("environ", "windows", "folder"),
    [
        ({"DJ_CHECK_CACHE": "/own", "XDG_CACHE_HOME": "/xdg"}, False, "/own"),
        ({"XDG_CACHE_HOME": "/xdg"}, False, "/xdg/dj-check"),
        ({"XDG_CACHE_HOME": "relative"}, False, "~/.cache/dj-check"),
        ({"XDG_CACHE_HOME": ""}, False, "~/.cache/dj-check"),
        ({"LOCALAPPDATA": "/local"}, True, "/local/dj-check"),
        ({"LOCALAPPDATA": "/local"}, False, "~/.cache/dj-check"),
        ({}, True, "~/.cache/dj-check"),
    ],
)
def test_folder_is_where_the_system_keeps_such_things(environ: dict[str, str], windows: bool, folder: str):
    """Or where the user says; a relative ``XDG_CACHE_HOME`` counts for nothing."""
    assert Path(folder).expanduser() == cache_folder(environ, windows=windows)


def test_empty_name_of_a_folder_is_no_folder():
    """Nothing shall be kept."""
    assert None is cache_folder({"DJ_CHECK_CACHE": "", "XDG_CACHE_HOME": "/xdg"})
