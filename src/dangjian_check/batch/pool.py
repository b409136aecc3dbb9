"""Tasks over processes: their order is kept, few of them are under way at any time, and a process that dies or hangs
costs exactly the file it was at.

Only the interface of `concurrent.futures` is used, so that a cluster's executor fits in the place of local processes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from typing import Generic, Protocol, TypeVar

from dangjian_check.errors import UsageProblem

T = TypeVar("T")
WINDOW = 4  # tasks under way for each process
_HOPELESS = 8  # processes that died one after the other before any did anything


class Hands(Protocol):
    """Executors by the number of processes, and a way to be rid of one at once."""

    def make(self, jobs: int) -> Executor: ...
    def end(self, executor: Executor) -> None: ...


class Pool(Generic[T]):
    """Runs ``work`` on lists of files. ``lost`` says what came of a file at which a process died."""

    def __init__(self, hands: Hands, jobs: int, work: Callable[[list[str]], list[T]], lost: Callable[[str], T]) -> None:
        self._hands, self._jobs, self._work, self._lost = hands, jobs, work, lost
        self._many: Executor | None = None
        self._one: Executor | None = None
        self._deaths = 0
        self._alive = False

    def map(self, tasks: Iterable[Sequence[str]]) -> Iterator[list[T]]:
        """What came of every task, in the order of the tasks. Whatever happens, no process is left behind."""
        under_way: deque[tuple[list[str], Future[list[T]] | None]] = deque()
        try:
            for task in tasks:
                files = list(task)
                under_way.append((files, self._submit(files) if files else None))
                if len(under_way) >= WINDOW * self._jobs:
                    yield self._done(*under_way.popleft())
            while under_way:
                yield self._done(*under_way.popleft())
        finally:
            self.close()

    def close(self) -> None:
        """End every process, at once."""
        for executor in (self._many, self._one):
            if executor is not None:
                self._hands.end(executor)
        self._many = self._one = None

    def _submit(self, files: list[str]) -> Future[list[T]]:
        try:
            if self._many is None:
                self._many = self._hands.make(self._jobs)
            try:
                return self._many.submit(self._work, files)
            except BrokenExecutor:
                self._hands.end(self._many)
                self._many = self._hands.make(self._jobs)
                return self._many.submit(self._work, files)
        except OSError:
            raise UsageProblem("开不了工作进程", "关掉一些程序再试，或者加 --jobs 1") from None

    def _done(self, files: list[str], future: Future[list[T]] | None) -> list[T]:
        if future is None:
            return []
        try:
            found = future.result()
        except (BrokenExecutor, CancelledError):
            return [self._alone(file) for file in files]
        self._alive = True
        return found

    def _alone(self, file: str) -> T:
        """A file that was under way when some process died, in a process where it is alone."""
        try:
            if self._one is None:
                self._one = self._hands.make(1)
            [found] = self._one.submit(self._work, [file]).result()
        except BrokenExecutor:
            if self._one is not None:
                self._hands.end(self._one)
            self._one = None
            self._deaths += 1
            if not self._alive and self._deaths >= _HOPELESS:
                raise UsageProblem("工作进程一开就中断", "看看内存够不够，或者加 --jobs 1") from None
            return self._lost(file)
        self._alive = True
        return found
