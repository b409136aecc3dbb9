"""Standard streams and files going out. What cannot be written is an `OutputLost`, never a traceback or silence."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import IO, Self, TextIO

from dangjian_check.errors import InputProblems, Problem

if sys.platform != "win32":
    import fcntl

_UNFINISHED = re.compile(r"\.(\d+)\.dj-check\.\d+(?P<parts>\.parts)?\.tmp")
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class OutputLost(Exception):
    """Something could not be written: where to, and why as far as it is known. ``quiet`` if the reader went away by
    itself (``| head``)."""

    def __init__(self, where: str, *, quiet: bool = False, no_folder: bool = False) -> None:
        super().__init__(where)
        self.where = where
        self.quiet = quiet
        self.no_folder = no_folder


def soften() -> None:
    """Keep the encoding a console asked for, but never die over a character it lacks."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def write(text: str) -> None:
    """Text to stdout, in the encoding the console asks for."""
    _send(text.encode(getattr(sys.stdout, "encoding", None) or "utf-8", "replace"))


def write_machine(content: str | bytes) -> None:
    """Machine formats go out as UTF-8 bytes with LF, whatever the console's encoding."""
    _send(as_bytes(content))


def as_bytes(content: str | bytes) -> bytes:
    """What goes into a file: bytes as they are, text as UTF-8."""
    return content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")


def _send(data: bytes) -> None:
    stream = sys.stdout
    if stream is None:
        raise OutputLost("标准输出")
    try:
        buffer = getattr(stream, "buffer", None)
        if buffer is None:
            stream.write(data.decode(stream.encoding or "utf-8"))
        else:
            stream.flush()
            buffer.write(data)
            buffer.flush()
    except OSError as error:
        silence(sys.stdout)
        raise OutputLost("标准输出", quiet=isinstance(error, BrokenPipeError)) from None


def tell(text: str) -> None:
    """A line for stderr; if nobody can be told, the status still says it."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        silence(sys.stderr)


def flush() -> None:
    """Everything written so far is really out."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        silence(sys.stdout)
        raise OutputLost("标准输出", quiet=isinstance(error, BrokenPipeError)) from None


def silence(stream: TextIO) -> None:
    """Nothing more goes to the stream, so that the interpreter has nothing to complain of at its end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def write_file(content: str | bytes, path: str) -> None:
    """The whole content to a file, or the file as it was: never half of it."""
    write_pieces([content], path)


def write_pieces(pieces: Iterable[str | bytes], path: str) -> None:
    """The same with a content that is made while it is written."""
    with Draft(path) as draft:
        for piece in pieces:
            draft.write(piece)
        draft.finish()


class Unfinished(ABC):
    """An output that takes its place only when it is finished, and that goes if it is left before. Everything raises
    `OutputLost`."""

    _numbers = count(1)
    _stream: IO[bytes]

    def __init__(self, path: str) -> None:
        self._path = path
        try:
            self._target = Path(path).resolve()
            if self._target.is_symlink():  # in a loop of links; before Python 3.13 resolving it raises by itself
                raise FileNotFoundError(path)
            self._name()
            self._beside("")
        except (OSError, ValueError, RuntimeError):
            raise OutputLost(Path(path).as_posix()) from None

    def _name(self) -> None:
        self._stem = f"{temporary_stem(os.getpid())}{next(self._numbers)}"

    def _beside(self, ending: str) -> Path:
        """A name beside the place, which no other output has."""
        return self._target.with_name(self._stem + ending)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    @property
    def open(self) -> bool:
        """Whether more can be written."""
        return not self._stream.closed

    @abstractmethod
    def discard(self) -> None:
        """What has not taken its place is gone."""

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError):
            self.discard()
            no_folder = not os.path.isdir(self._target.parent)  # noqa: PTH112
            raise OutputLost(Path(self._path).as_posix(), no_folder=no_folder) from None


class Draft(Unfinished):
    """A file being written, not yet in its place: until it is finished the old one stays, and what is left unfinished
    goes.

    A file that exists keeps its permissions and, where that is allowed, its owner; behind a link the file it leads
    to is written. What processes that were killed left unfinished in the folder goes as well.
    """

    _held: int | None = None

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._temporary = self._beside(".tmp")
        with self._guarded():
            self._old = self._target.stat() if self._target.exists() else None
            if self._old is not None and not stat.S_ISREG(self._old.st_mode):
                raise IsADirectoryError(path)
            sweep(self._target.parent)
            self._begin(0o666 if self._old is None else 0o600)

    def _begin(self, mode: int) -> None:
        """Make the file to be written, and hold it so that nobody takes it for a leftover. A name that is taken is left
        alone: a link that somebody laid there, a file of a process that goes by the same number on another machine."""
        while os.path.lexists(self._temporary):
            self._name()
            self._temporary = self._beside(".tmp")
        self._stream = os.fdopen(os.open(self._temporary, _WRITING, mode), "wb")
        if sys.platform != "win32":
            self._held = os.dup(self._stream.fileno())
            with contextlib.suppress(OSError):  # a disk that knows no locks: nothing is swept there either
                fcntl.flock(self._held, fcntl.LOCK_EX)
            if not os.fstat(self._held).st_nlink:  # swept before it was held
                self._let_go()
                self._begin(mode)

    def _let_go(self) -> None:
        self._stream.close()
        held, self._held = self._held, None
        if held is not None:
            os.close(held)

    def write(self, content: str | bytes) -> None:
        with self._guarded():
            self._stream.write(as_bytes(content))

    def finish(self) -> None:
        """Everything is written: the file takes its place."""
        with self._guarded():
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._stream.close()
            if self._old is not None:
                _like(self._temporary, self._old)
            self._temporary.replace(self._target)
            self._let_go()

    def discard(self) -> None:
        """What has not taken its place is gone."""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            self._stream.close()
        with contextlib.suppress(OSError, AttributeError):
            self._let_go()
        with contextlib.suppress(OSError, ValueError):
            self._temporary.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """What processes that were killed left unfinished in a folder; what is being written is left alone."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        left = [(entry.path, match) for entry in entries if (match := _UNFINISHED.fullmatch(entry.name))]
        for path, match in left:
            with contextlib.suppress(OSError):
                if not match["parts"]:
                    _remove_unheld(path)
                elif not _at_work(int(match[1])):
                    shutil.rmtree(path)


def _at_work(process: int) -> bool:
    from dangjian_check.loading.leftovers import lives  # a help text needs nothing of loading

    return lives(process)


def temporary_stem(process: int) -> str:
    """How the names of a process's unfinished files begin."""
    return f".{process}.dj-check."


def _remove_unheld(path: str) -> None:
    """Remove a file that no process writes. Raises `OSError` if one does."""
    if sys.platform == "win32":
        os.unlink(path)  # noqa: PTH108  (refused while it is open)
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(path)  # noqa: PTH108
    finally:
        os.close(descriptor)


def append_file(content: str | bytes, path: str) -> None:
    """The whole content behind what the file holds already."""
    try:
        with Path(path).open("ab") as stream:
            stream.write(as_bytes(content))
    except (OSError, ValueError):
        raise OutputLost(Path(path).as_posix()) from None


def _like(path: Path, old: os.stat_result) -> None:
    """Give a file the owner and the permissions another had."""
    with contextlib.suppress(OSError, AttributeError):
        os.chown(path, old.st_uid, old.st_gid)
    path.chmod(stat.S_IMODE(old.st_mode))


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Put ``after`` in the place of ``before``; refused if the file is no longer what was read."""
    from dangjian_check.loading.files import read_bytes, shown_path

    where = shown_path(path)
    try:
        unchanged = read_bytes(path, where) == before
    except InputProblems:
        unchanged = False
    if not unchanged:
        raise InputProblems([Problem(where, 0, 0, "读过以后，文件被别处改过，没有再动它", "再执行一次")])
    write_file(after, str(path))
