"""A disk that fails: the Nth call of a kind on files in a folder raises, once or from then on.

Python's own calls are patched, those that open for writing give a file whose raw writes can fail half way. SQLite makes
its calls itself; there a statement fails with the error SQLite would give.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

CALLS = ("open", "write", "close", "fsync", "stat", "chmod", "replace", "unlink", "mkdir", "sql")
ERRORS = ("ENOSPC", "EIO", "EACCES")
_SQLITE = {"ENOSPC": sqlite3.SQLITE_FULL, "EIO": sqlite3.SQLITE_IOERR, "EACCES": sqlite3.SQLITE_READONLY}


class Fault(NamedTuple):
    """The ``number``-th ``call`` (from 1) fails with ``error``; ``lasting``: all after it as well."""

    call: str
    number: int
    error: str = "EIO"
    lasting: bool = False


class Disk:
    """Counts the calls on files within a folder, and fails those it is told to."""

    def __init__(self, folder: Path, fault: Fault | None) -> None:
        self.calls: Counter[str] = Counter()
        self._folder, self._fault = os.path.realpath(folder), fault

    def here(self, path: Any) -> bool:
        """Whether a path lies in the folder."""
        if isinstance(path, int):
            return False
        return os.path.abspath(os.fsdecode(path)).startswith(self._folder)  # noqa: PTH100  (asks no disk)

    def meet(self, call: str) -> bool:
        """One more call; whether it is to fail."""
        self.calls[call] += 1
        fault, count = self._fault, self.calls[call]
        if fault is None or fault.call != call:
            return False
        return count >= fault.number if fault.lasting else count == fault.number

    def error(self) -> OSError:
        assert self._fault is not None
        number = getattr(errno, self._fault.error)
        return OSError(number, os.strerror(number))

    def sql_error(self) -> sqlite3.Error:
        assert self._fault is not None
        error = sqlite3.OperationalError("failing disk")
        error.sqlite_errorcode = _SQLITE[self._fault.error]
        return error


class _Raw(io.FileIO):
    """A file whose writes fail half way."""

    disk: Disk

    def write(self, data: Any) -> int:
        if self.disk.meet("write"):
            super().write(bytes(data)[: len(data) // 2])
            raise self.disk.error()
        return super().write(data)

    def close(self) -> None:
        if not self.closed:
            super().close()
            if self.disk.meet("close"):
                raise self.disk.error()


@contextmanager
def failing(folder: Path, fault: Fault | None = None) -> Iterator[Disk]:
    """While it lasts, calls on files in the folder are counted, and the fault happens."""
    disk = Disk(folder, fault)
    ours: set[int] = set()
    with ExitStack() as stack:
        for name in ("stat", "chmod", "replace", "unlink", "mkdir"):
            stack.enter_context(patch.object(os, name, _guarded(disk, name, getattr(os, name))))
        stack.enter_context(patch.object(os, "open", _opening(disk, os.open, ours)))
        stack.enter_context(patch.object(os, "fsync", _syncing(disk, os.fsync, ours)))
        stack.enter_context(patch.object(os, "fdopen", _streaming(disk, os.fdopen, ours)))
        opened = _written(disk, io.open)
        stack.enter_context(patch.object(io, "open", opened))
        stack.enter_context(patch.object(builtins, "open", opened))
        stack.enter_context(patch.object(sqlite3, "connect", _connecting(disk, sqlite3.connect)))
        yield disk


def _guarded(disk: Disk, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(path: Any, *more: Any, **named: Any) -> Any:
        if disk.here(path) and disk.meet(name):
            raise disk.error()
        return call(path, *more, **named)

    return guarded


def _opening(disk: Disk, call: Callable[..., int], ours: set[int]) -> Callable[..., int]:
    def opening(path: Any, flags: int, *more: Any, **named: Any) -> int:
        writes = flags & (os.O_WRONLY | os.O_RDWR) and disk.here(path)
        if writes and disk.meet("open"):
            raise disk.error()
        descriptor = call(path, flags, *more, **named)
        ours.discard(descriptor)
        if writes:
            ours.add(descriptor)
        return descriptor

    return opening


def _syncing(disk: Disk, call: Callable[[int], None], ours: set[int]) -> Callable[[int], None]:
    def syncing(descriptor: int) -> None:
        if descriptor in ours and disk.meet("fsync"):
            raise disk.error()
        call(descriptor)

    return syncing


def _streaming(disk: Disk, call: Callable[..., Any], ours: set[int]) -> Callable[..., Any]:
    def streaming(descriptor: int, mode: str = "r", *more: Any, **named: Any) -> Any:
        return _stream(disk, descriptor, mode) if descriptor in ours else call(descriptor, mode, *more, **named)

    return streaming


def _written(disk: Disk, call: Callable[..., Any]) -> Callable[..., Any]:
    def written(path: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
        if "b" not in mode or not set(mode) & set("wax+") or not disk.here(path):
            return call(path, mode, *more, **named)
        if disk.meet("open"):
            raise disk.error()
        return _stream(disk, path, mode)

    return written


def _stream(disk: Disk, file: Any, mode: str) -> io.BufferedWriter:
    raw = _Raw(file, mode.replace("b", ""))
    raw.disk = disk
    return io.BufferedWriter(raw)


def _connecting(disk: Disk, call: Callable[..., Any]) -> Callable[..., Any]:
    class Connection(sqlite3.Connection):
        def execute(self, *more: Any) -> Any:
            if disk.meet("sql"):
                raise disk.sql_error()
            return super().execute(*more)

        def executemany(self, *more: Any) -> Any:
            if disk.meet("sql"):
                raise disk.sql_error()
            return super().executemany(*more)

    def connecting(path: Any, *more: Any, **named: Any) -> Any:
        return call(path, *more, **(named | {"factory": Connection} if disk.here(path) else named))

    return connecting
