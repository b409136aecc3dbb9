"""What was judged before, kept on disk: a table from keys to bytes that forgets rather than lies.

Every entry carries a hash over its key and value. What does not match it is dropped and counted, and whatever is wrong
with the database as a whole costs what it holds, never the run: a damaged one is begun anew, and one that cannot be
used at all (disk full, folder read-only) turns the store off. Either way `Store.notices` says so once.

The hash finds damage, not malice: that the folder belongs to the user and nobody else can write there is checked.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import stat
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from dangjian_check.errors import Problem
from dangjian_check.loading.caches import cache_folder
from dangjian_check.loading.files import shown_path

FORMAT = 1
FILE = "assessments.sqlite3"
MOST_BYTES = 2 * 1024**3
_WAIT = 30.0  # seconds for another process to finish writing
_LEVEL = 1
_TABLE = "CREATE TABLE IF NOT EXISTS entries (id INTEGER PRIMARY KEY, key BLOB UNIQUE, hash BLOB, value BLOB)"
# What SQLite says of a disk, a folder, a neighbour or our own mistake; anything else it says is damage.
_SURROUNDINGS = frozenset({
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_MISUSE,
})  # fmt: skip
_OFF = "这次不用缓存，照样核查"


class _Unsound(Exception):
    """The database does not hold what it should."""


class _Closed(Exception):
    """There is no database (any more)."""


# A damaged database may spoil even the text of the error about it: that is a `ValueError`.
_FAILURES = (_Unsound, sqlite3.Error, zlib.error, OSError, ValueError, MemoryError)


def store_path(environ: Mapping[str, str]) -> Path | None:
    """The file of the store, in its folder; None if there shall be none."""
    folder = cache_folder(environ)
    return folder and folder / FILE


class Store:
    """The entries in one file. No method raises for what is wrong with it: see `notices`."""

    def __init__(self, path: Path, most: int = MOST_BYTES) -> None:
        self.path = path
        self.damaged = 0
        self._most = most
        self._renewed = False
        self._off: Problem | None = None
        self._db: sqlite3.Connection | None = None
        with self._guarded():
            self._off = _unsafe(path.parent)
            if self._off is None:
                self._open()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def usable(self) -> bool:
        """Whether anything is kept at all."""
        return self._db is not None

    @property
    def notices(self) -> tuple[Problem, ...]:
        """What the user should know, each thing once; what was damaged in a file begun anew went with it."""
        shown = shown_path(self.path)
        said = [self._off] if self._off else []
        if self._renewed:
            said.append(Problem(shown, 0, 0, "缓存损坏或是别的版本的，已经重建", "不用做什么；常出现就检查磁盘"))
        elif self.damaged:
            message = f"缓存里有 {self.damaged} 条损坏，已经删去重算"
            said.append(Problem(shown, 0, 0, message, "不用做什么；常出现就检查磁盘"))
        return tuple(said)

    @property
    def size(self) -> int:
        """How many entries there are."""
        with self._guarded():
            return self._number("SELECT count(*) FROM entries")
        return 0

    def get(self, key: bytes) -> bytes | None:
        """What is kept under a key; None if there is nothing, or nothing sound."""
        with self._guarded():
            found = self._connection.execute("SELECT id, hash, value FROM entries WHERE key = ?", (key,)).fetchone()
            if found is None:
                return None
            if _sound(key, found[1], found[2]):
                return zlib.decompress(found[2])
            self.damaged += 1
            self._drop([found[0]])
        return None

    def put_many(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep values under their keys, all of them or none; what was there before is replaced."""
        if not self.usable:
            return
        packed = [(key, zlib.compress(value, _LEVEL)) for key, value in items]
        rows = [(key, _hash(key, value), value) for key, value in packed]
        with self._guarded(), self._transaction() as db:
            db.executemany("REPLACE INTO entries (key, hash, value) VALUES (?, ?, ?)", rows)

    def verify(self) -> tuple[int, int]:
        """Look at every entry, drop the damaged ones, and say how many were good and how many were not."""
        good, wrong = 0, []
        with self._guarded():
            for number, key, digest, value in self._connection.execute("SELECT id, key, hash, value FROM entries"):
                if _sound(key, digest, value):
                    good += 1
                else:
                    wrong.append(number)
            self.damaged += len(wrong)
            self._drop(wrong)
            if self._connection.execute("PRAGMA integrity_check(1)").fetchone() != (b"ok",):
                raise _Unsound
            return good, len(wrong)
        return 0, good + len(wrong)

    def clear(self) -> int:
        """Forget everything, on the disk too. How many entries there were."""
        count = self.size
        with self._guarded():
            self._connection.execute("DELETE FROM entries")
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return count

    def trim(self) -> None:
        """Forget the oldest entries if there is more than may be kept."""
        with self._guarded():
            while self._bytes() > self._most:
                oldest = "SELECT id FROM entries ORDER BY id LIMIT 1 + (SELECT count(*) FROM entries) / 8"
                if not self._connection.execute(f"DELETE FROM entries WHERE id IN ({oldest})").rowcount:  # noqa: S608
                    break

    def close(self) -> None:
        """Let go of the file."""
        db, self._db = self._db, None
        if db is not None:
            with contextlib.suppress(*_FAILURES):
                db.close()

    # The database

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._db is None:
            raise _Closed
        return self._db

    def _number(self, query: str) -> int:
        found = self._connection.execute(query).fetchone()[0]
        if not isinstance(found, int):
            raise _Unsound
        return found

    def _open(self) -> None:
        """Open the file; made if it is not there."""
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        self._db = sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
        self._db.text_factory = bytes
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA trusted_schema = OFF")
        if self._number("PRAGMA user_version") != FORMAT:
            self._make()
        self._db.execute("SELECT id, key, hash, value FROM entries LIMIT 1").fetchone()

    def _make(self) -> None:
        """The empty table, unless another process was faster. Raises `_Unsound` for what is not ours."""
        with self._transaction() as db:
            if self._number("PRAGMA user_version") == FORMAT:
                return
            if self._number("PRAGMA user_version") or self._number("SELECT count(*) FROM sqlite_schema"):
                raise _Unsound
            db.execute(_TABLE)
            db.execute(f"PRAGMA user_version = {FORMAT}")
        with contextlib.suppress(sqlite3.OperationalError):  # a neighbour is looking: whoever opens it next
            self._connection.execute("PRAGMA journal_mode = WAL")

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        db = self._connection
        db.execute("BEGIN IMMEDIATE")
        with db:
            yield db

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """Whatever goes wrong inside ends it: a damaged database is begun anew, any other trouble ends the store."""
        try:
            yield
        except _Closed:
            pass
        except _FAILURES as error:
            if self._is_damage(error):
                self._renew()
            else:
                self._give_up()

    def _is_damage(self, error: BaseException) -> bool:
        if not isinstance(error, sqlite3.Error):
            return isinstance(error, (_Unsound, zlib.error, UnicodeError))
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE) & 0xFF
        if code == sqlite3.SQLITE_READONLY:  # a damaged header says so as well
            return os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)
        return code not in _SURROUNDINGS

    def _give_up(self) -> None:
        self.close()
        self._off = Problem(shown_path(self.path), 0, 0, f"缓存用不了，{_OFF}", "检查磁盘空间和权限")

    def _renew(self) -> None:
        """Begin anew, once; what holds names is not kept aside."""
        self.close()
        if self._renewed:
            return self._give_up()
        self._renewed = True
        try:
            remove(self.path)
            self._open()
        except _FAILURES:
            self._give_up()

    def _drop(self, numbers: list[int]) -> None:
        self._connection.executemany("DELETE FROM entries WHERE id = ?", [(number,) for number in numbers])

    def _bytes(self) -> int:
        pages = self._number("PRAGMA page_count") - self._number("PRAGMA freelist_count")
        return pages * self._number("PRAGMA page_size")


def remove(path: Path) -> None:
    """Delete a store's file and what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _hash(key: bytes, value: bytes) -> bytes:
    digest = hashlib.sha256(b"%d:%b" % (len(key), key))
    digest.update(value)
    return digest.digest()


def _sound(key: object, digest: object, value: object) -> bool:
    return isinstance(key, bytes) and isinstance(value, bytes) and _hash(key, value) == digest


def _unsafe(folder: Path) -> Problem | None:
    """Why the folder, made if it is not there, must not be used."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shown, found = shown_path(folder), folder.stat()
    if os.name != "posix":
        return None
    if found.st_uid != os.geteuid():
        return Problem(shown, 0, 0, f"缓存文件夹是别的用户的，{_OFF}", "用 DJ_CHECK_CACHE 指定自己的文件夹")
    if stat.S_IMODE(found.st_mode) & 0o022:
        return Problem(shown, 0, 0, f"缓存文件夹别的用户也能写，{_OFF}", f"chmod 700 {shown}")
    return None
