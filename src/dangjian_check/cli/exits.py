"""Exit statuses: one table, one way out.

    0   nothing at or above ``--fail-on``
    1   deficiencies
    2   could not judge: usage, bad file, error of a rule
    3   nothing was judged
    70  a bug in dj-check

A run that a signal stops ends with 128 and the number of the signal.

2 beats 1, 1 beats 3, and what could be judged is written all the same. The format never changes the status.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from dangjian_check.cli import streams
from dangjian_check.cli.streams import OutputLost
from dangjian_check.errors import Problem
from dangjian_check.model.personal import redacted
from dangjian_check.reports.base import clean

if TYPE_CHECKING:
    from fractions import Fraction

    from dangjian_check.engine.upshot import Upshot


class Exit(IntEnum):
    """What the command came to."""

    OK = 0
    DEFICIENT = 1
    FAILED = 2
    NOTHING = 3
    BUG = 70


class Gate(NamedTuple):
    """What an audit must not come to: duties of this severity or above missed, a score below ``least``. ``strict``
    counts what could not be told (unknown) as a deficiency; what the baseline lists is none."""

    fail_on: str
    least: Fraction | None
    strict: bool

    def status(self, found: Upshot, *, problems: bool) -> Exit:
        """The exit status of an audit."""
        if problems or found.broken:
            return Exit.FAILED
        if not found.judged:
            return Exit.NOTHING
        from dangjian_check.rulebook.rule import SEVERITIES

        barred = frozenset(SEVERITIES[: SEVERITIES.index(self.fail_on) + 1])
        if barred & found.missed or (self.strict and barred & found.unknown):
            return Exit.DEFICIENT
        if self.least is not None and found.lowest is not None and found.lowest < self.least:
            return Exit.DEFICIENT
        return Exit.OK


def tell(problems: Iterable[Problem]) -> None:
    """Problems on stderr, one a line; whatever they quote, no personal number."""
    for problem in problems:
        streams.tell(f"{clean(redacted(str(problem)))}\n")


def say(text: str) -> None:
    """A line on stdout; whatever it quotes, no personal number."""
    streams.write(f"{clean(redacted(text))}\n")


def tell_bug(error: BaseException) -> None:
    """Where we went wrong, on stderr, for whoever mends it. What the errors say is left out: it may quote a record."""
    import traceback

    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    for one in reversed(chain):
        frames = "".join(traceback.format_tb(one.__traceback__))
        streams.tell(redacted(f"{frames}{type(one).__module__}.{type(one).__qualname__}\n"))


def tell_lost(lost: OutputLost) -> None:
    """What could not be written, on stderr; nothing if the reader went away by itself."""
    if lost.quiet:
        return
    what, remedy = "写不进去", "检查路径、权限和磁盘空间"
    if lost.no_folder:
        what, remedy = "写不进去，没有这个文件夹", "先建好文件夹，或换一个位置"
    tell([Problem(lost.where, 0, 0, what, remedy)])
