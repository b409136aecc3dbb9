"""Processes: a bounded number of tasks, their order, and what a death costs."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any

import pytest

import batch_work
from dangjian_check.batch.local import Local
from dangjian_check.batch.pool import WINDOW, Pool
from dangjian_check.errors import UsageProblem


def lost(file: str) -> str:
    return f"lost {file}"


class Slow(Executor):
    """Does a task only when its answer is wanted, and takes down how many are waiting."""

    def __init__(self) -> None:
        self.waiting = self.most = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        executor = self

        class Answer(Future[Any]):
            def result(self, timeout: float | None = None) -> Any:
                executor.waiting -= 1
                return fn(*args, **kwargs)

        return Answer()


class Broken(Executor):
    """Dies over everything."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        answer: Future[Any] = Future()
        answer.set_exception(BrokenExecutor())
        return answer


class Made:
    """Gives out one executor."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self.ended = 0

    def make(self, jobs: int) -> Executor:
        return self.executor

    def end(self, executor: Executor) -> None:
        self.ended += 1


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_few_tasks_are_under_way_and_files_are_taken_as_they_are_needed(jobs: int):
    """However many there are, neither tasks nor answers pile up."""
    executor, taken = Slow(), 0

    def tasks() -> Iterator[list[str]]:
        nonlocal taken
        for number in range(200):
            taken += 1
            yield [f"f{number}"]

    for done, found in enumerate(Pool(Made(executor), jobs, batch_work.names, lost).map(tasks()), 1):
        assert [f"F{done - 1}"] == found
        assert taken - done <= WINDOW * jobs
    assert WINDOW * jobs == executor.most


def test_tasks_without_files_keep_their_place():
    """What is known already is not sent anywhere."""
    executor = Slow()
    pool = Pool(Made(executor), 2, batch_work.names, lost)
    assert [["A"], [], ["B", "C"], []] == list(pool.map([["a"], [], ["b", "c"], []]))
    assert 2 == executor.most


@pytest.mark.parametrize("deadly", ["exit", "kill"])
def test_process_that_dies_costs_exactly_its_file(deadly: str):
    """Those beside it in its task, and those under way elsewhere, are done all the same, in their order."""
    files = [f"f{number}" for number in range(24)]
    files[9] = deadly
    tasks = [files[at : at + 4] for at in range(0, 24, 4)]
    found = [one for task in Pool(Local(), 2, batch_work.names, lost).map(tasks) for one in task]
    assert [lost(file) if file == deadly else file.upper() for file in files] == found


def test_processes_that_never_do_anything_are_given_up():
    """Better one line than a hundred thousand."""
    with pytest.raises(UsageProblem, match="一开就中断"):
        list(Pool(Made(Broken()), 2, batch_work.names, lost).map([[f"f{n}"] for n in range(100)]))


def test_no_process_is_left_when_the_caller_goes_away():
    """Half the tasks are done and nobody wants the rest."""
    pool = Pool(Local(), 2, batch_work.pids, lost)
    found = pool.map([["a"]] * 20)
    numbers = {int(next(found)[0]), int(next(found)[0])}
    found.close()
    for number in numbers:
        with pytest.raises(ProcessLookupError):
            os.kill(number, signal.SIGCONT)


def test_nobody_is_left_to_trip_the_interpreter_when_processes_are_ended():
    """Whatever they are at: no process, and no thread that minds them and would still write when all is closed."""
    before = set(threading.enumerate())
    executor = Local().make(2)
    waiting = [executor.submit(time.sleep, 60) for _ in range(6)]
    while not any(future.running() for future in waiting):
        time.sleep(0.01)
    Local().end(executor)
    assert [] == [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_does_not_reach_a_process_that_is_just_beginning():
    """Ctrl-C goes to everybody at the terminal; Python's own start would answer with a traceback."""
    executor = Local().make(1)
    assert executor.submit(batch_work.waits_for_interrupts).result(timeout=60)
    Local().end(executor)
    assert not batch_work.waits_for_interrupts()
