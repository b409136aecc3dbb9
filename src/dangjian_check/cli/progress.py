"""How far a long run has come, on stderr: a bar at a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from dangjian_check.cli import streams

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

MANY = 1_000  # files from which on lines are written
_SECONDS = 10.0
_PARTS = 10
_SOON = 0.2


class Progress:
    """Told how many of ``total`` files are done. Small runs go by in silence."""

    def __init__(self, total: int, *, bar: bool) -> None:
        self._total = total
        self._bar: Bar | None = _bar(total) if bar else None
        self._lines = self._bar is None and total >= MANY
        self._last, self._done = time.monotonic(), 0

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def over(self, files: Iterable[Path]) -> Iterator[Path]:
        """The same files; each is done when the next is asked for."""
        for done, file in enumerate(files, 1):
            yield file
            self.told(done)

    def told(self, done: int) -> None:
        """So many files are done."""
        if self._bar is None and not self._lines:
            return
        now = time.monotonic()
        if self._bar is not None:
            if now - self._last >= _SOON or done == self._total:
                self._last = now
                self._bar.update(self._bar.task_ids[0], completed=done)
        elif done >= self._done + self._total / _PARTS or now - self._last >= _SECONDS:
            rate = (done - self._done) / (now - self._last) if now > self._last else 0.0
            self._last, self._done = now, done
            streams.tell(line(done, self._total, rate))


def line(done: int, total: int, rate: float) -> str:
    """``已核 12000/100000，每秒 640 份，还要 2 分 18 秒``; ``rate`` is that since the line before: what is kept of an
    interrupted run goes by much faster than what is judged."""
    left = f"，还要 {_long((total - done) / rate)}" if rate and done < total else ""
    return f"已核 {done}/{total}，每秒 {rate:.{0 if rate >= 10 else 1}f} 份{left}\n"


def _long(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} 小时 {minutes} 分"
    return f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"


def _bar(total: int) -> Bar | None:
    """The bar, if stderr is a terminal and it is worth one."""
    if total < MANY // 10 or sys.stderr is None or not sys.stderr.isatty():
        return None
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"每秒 {task.speed:.0f} 份" if task.speed else "")

    columns = (TextColumn("核查"), BarColumn(), MofNCompleteColumn(), Rate(), TextColumn("还要"), TimeRemainingColumn())
    bar = Bar(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("", total=total)
    return bar
