"""What a process does with the files it is given. The same functions judge them in the main process."""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import NamedTuple, NoReturn, TypeVar

from dangjian_check.app import Bench, Judged, Request
from dangjian_check.batch.keys import Witness
from dangjian_check.batch.part import Part, part_of
from dangjian_check.batch.plan import Plan
from dangjian_check.errors import Problem
from dangjian_check.loading.files import shown_path
from dangjian_check.model.personal import redacted

T = TypeVar("T")
Make = Callable[[Judged, Plan], Part]
Said = tuple[str, str]  # what is wrong, what to do
_SWEPT = 8  # files
_GRACE = 5.0  # seconds after which a process ends itself that does not even notice that its time is up


class Overtime(BaseException):
    """The time for one file is up."""


class Work(NamedTuple):
    """A part, and the key to keep it under: None for what another time may come out otherwise."""

    part: Part
    key: bytes | None = None
    bug: bool = False


@lru_cache(maxsize=1)
def _bench(request: Request) -> Bench:
    """The bench of this process."""
    return Bench(request)


def swept(things: Iterable[T]) -> Iterator[T]:
    """The same things; the garbage that their making leaves is swept up now and then, the sweeper itself being off:
    a record leaves some megabytes. What is there after the first few stays, and need not be looked at again."""
    for number, thing in enumerate(things, 1):
        yield thing
        if number == _SWEPT and not gc.get_freeze_count():
            gc.collect()
            gc.freeze()
        elif number % _SWEPT == 0:
            gc.collect(1)


def judge_files(plan: Plan, options: bytes | None, files: list[str]) -> list[Work]:
    """The work of one task: what each file came to."""
    bench = _bench(plan.request)
    found = []
    for file in swept(files):
        with _last_resort(plan.timeout + _GRACE):
            found.append(judge_part(bench, plan, options, Path(file)))
    return found


def judge_part(bench: Bench, plan: Plan, options: bytes | None, path: Path, make: Make = part_of) -> Work:
    """What one file came to and, if there are options to keep it under, the key of the very bytes it was read from."""
    with Witness() as witness:
        part, said, bug = guarded(lambda: make(bench.judge(path), plan), plan.timeout)
    if part is None:
        return Work(make(failed(path, said), plan), None, bug)
    return Work(part, None if options is None else witness.key(options, path))


def guarded(make: Callable[[], T], timeout: float) -> tuple[T | None, Said, bool]:
    """What is made of a file; or None, what to say of it and whether we are to blame, whatever the file does to us."""
    try:
        with _time(timeout):
            return make(), ("", ""), False
    except Overtime:
        return None, (f"{timeout:g} 秒内没有核完", "把文件拆小，或者用 --timeout 放宽"), False
    except MemoryError:
        return None, ("内存不够，没有核", "把文件拆小；同时核的太多，就减少 --jobs"), False
    except Exception as error:
        if os.environ.get("DJ_CHECK_DEBUG"):
            raise
        name, remedy = type(error).__name__, "设 DJ_CHECK_DEBUG=1 单独核它，把输出连同版本号报给维护者"
        return None, (f"程序出错（{name}），没有核，这是 dj-check 的缺陷", remedy), True


def lost(plan: Plan, file: str) -> Work:
    """What came of a file at which the process died."""
    said = "核查时进程中断，没有核", "多半是内存不够或文件反常；单独核这一份看看"
    return Work(part_of(failed(Path(file), said), plan))


def failed(path: Path, said: Said) -> Judged:
    """A file of which no more can be said than this."""
    return Judged(path, problems=(Problem(redacted(shown_path(path)), 0, 0, *said),))


@contextlib.contextmanager
def _time(seconds: float) -> Iterator[None]:
    """`Overtime` after so many seconds, where the system has such an alarm and this thread may be interrupted."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _up(number: int, frame: FrameType | None) -> NoReturn:
    raise Overtime


@contextlib.contextmanager
def _last_resort(seconds: float) -> Iterator[None]:
    """The process ends itself after so many seconds, even within code that never comes back to Python."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=_nowhere())
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


@lru_cache(maxsize=1)
def _nowhere() -> int:
    return os.open(os.devnull, os.O_WRONLY)
