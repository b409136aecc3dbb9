"""What processes of a test are given to do; it is found by its name in a process begun afresh."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

from dangjian_check import app
from dangjian_check.batch import work
from dangjian_check.batch.plan import Plan


def names(files: list[str]) -> list[str]:
    """Each file by its name; what a name tells to do happens first."""
    return [_obeyed(file) for file in files]


def _obeyed(file: str) -> str:
    if "exit" in file:
        os._exit(7)
    if "kill" in file:
        os.kill(os.getpid(), signal.SIGKILL)
    return file.upper()


def judge_files(plan: Plan, options: bytes | None, files: list[str]) -> list[work.Work]:
    """As the real one, but some files are harmful, by their names."""
    work._GRACE = 1.0
    app.Bench.judge = _harmful  # type: ignore[method-assign]
    return work.judge_files(plan, options, files)


_judge = app.Bench.judge


def _harmful(bench: app.Bench, path: Path) -> app.Judged:
    _obeyed(path.name)
    if "hang" in path.name:
        time.sleep(600)
    if "deaf" in path.name:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
        time.sleep(600)
    if "hungry" in path.name:
        return len(bytearray(1 << 40))  # type: ignore[return-value]
    if "bug" in path.name:
        raise KeyError("名")
    return _judge(bench, path)


def waits_for_interrupts() -> bool:
    """Whether an interrupt would not even arrive."""
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def losing_a_folder(bench: app.Bench, path: Path) -> app.Judged:
    """As the real one, but the folder ``none`` is gone from then on."""
    shutil.rmtree("none", ignore_errors=True)
    return _judge(bench, path)


def pids(files: list[str]) -> list[str]:
    """The number of this process, for each file."""
    return [str(os.getpid())] * len(files)
