"""Processes on this machine: begun afresh, limited in memory, gone when their parent is."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any

_ROOM = 1 << 30  # bytes a process may take on top of what it begins with
_PATIENCE = 5.0  # seconds
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


class _Process(SpawnProcess):
    """A process that does not import the program it was begun by: that may be any script, guarded or not."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:
        with _no_main(), _no_interrupt():
            return SpawnProcess._Popen(process_obj)


class _Context(SpawnContext):
    Process = _Process


@contextlib.contextmanager
def _no_main() -> Iterator[None]:
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextlib.contextmanager
def _no_interrupt() -> Iterator[None]:
    """Interrupts wait: a process that begins meanwhile never sees one, and has no traceback to tell of it."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Local:
    """Processes of our own."""

    def make(self, jobs: int) -> Executor:
        _begin_quietly()
        return ProcessPoolExecutor(jobs, _Context(), initializer=begin)

    def end(self, executor: Executor) -> None:
        """Kill the processes rather than wait for what they are at; and see off the thread that minds them, which
        the interpreter would trip over if it ended first."""
        processes = list((getattr(executor, "_processes", None) or {}).values())
        minder = getattr(executor, "_executor_manager_thread", None)
        executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()
        for process in processes:
            process.join()
        if minder is not None:
            minder.join(_PATIENCE)


def _begin_quietly() -> None:
    """Begin the process that cleans up behind a parent that was killed, so that it does not tell the user about it."""
    if sys.platform == "win32":
        return
    from multiprocessing.resource_tracker import ensure_running

    sys.warnoptions.append("ignore:resource_tracker")  # goes to the processes that are begun
    try:
        ensure_running()
    finally:
        sys.warnoptions.pop()


def begin() -> None:
    """The start of a process: interrupts are its parent's business, and it does not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    _die_with_parent()
    _limit_memory()


def _die_with_parent() -> None:
    parent = parent_process()
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
    if parent is not None:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _limit_memory() -> None:
    """Room to breathe, but not the whole machine; where the system can tell and limit it."""
    try:
        import resource
        from pathlib import Path

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * os.sysconf("SC_PAGE_SIZE") + _ROOM
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    except (ImportError, OSError, ValueError):
        return
