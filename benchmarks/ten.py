"""The ten shared rules: the records they are asked of, what an answer is, and what an engine must say of itself.

The rules in words, as every engine states them in its own language (dj-check's own are in ``ten-rules/``):

1.  支委会 in every month;               2.  党员大会 in every quarter;
3.  主题党日活动 in every month;         4.  党课 in every quarter;
5.  组织生活会 in the year;              6.  民主评议 in the year;
7.  every 党员大会 attended by nine in ten;    8.  three talks in every half year;
9.  the committee elected not longer than three years ago;
10. at most fifty members with status 正式.

Of rules 1 and 3 the months that lack one belong to the answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from dangjian_check.loading.records import parse_record
from dangjian_check.model.record import Record
from records import YEAR, branch

RULES = 10
AS_OF = date(YEAR, 12, 31)
MONTHS = [f"{YEAR}-{month:02d}" for month in range(1, 13)]
QUARTERS = [MONTHS[first : first + 3] for first in range(0, 12, 3)]
HALVES = [MONTHS[:6], MONTHS[6:]]
FIRST_IN_TERM = AS_OF.replace(year=YEAR - 3).isoformat()
PARSED, TEXT, READ = "解析好的数据", "JSON 文字", "已读入的"
FOLDER = Path(__file__).parent / "ten-rules"


class Case(NamedTuple):
    """One record in the forms the engines take: YAML, our model, parsed data, its JSON."""

    raw: bytes
    record: Record
    data: dict[str, Any]
    text: str


class Answers(NamedTuple):
    """What is said of one record: of each rule whether it is kept (None if not asked), and the months without
    支委会 and without 主题党日活动 (None if the engine cannot tell which)."""

    kept: tuple[bool | None, ...]
    without: tuple[tuple[str, ...], tuple[str, ...]] | None

    def agrees(self, known: Answers) -> bool:
        """Whether all that is said here is said there."""
        pairs = zip(self.kept, known.kept, strict=True)
        return all(a is None or a is b for a, b in pairs) and self.without in (None, known.without)


class Engine(NamedTuple):
    """An engine that has taken in the rules. ``take`` puts the records into the form it is fastest with, outside the
    clock and anew each round; ``judge`` is what is timed; ``answers`` reads what came out, outside the clock. ``given``
    names that form: `PARSED`, `TEXT`, or `READ` when the engine has already made it its own. A floor that judges
    nothing has no ``answers``.

    A slow engine is asked of the first ``most`` records only.
    """

    name: str
    take: Callable[[Sequence[Case]], Any]
    judge: Callable[[Any], Any]
    answers: Callable[[Any], list[Answers]] | None
    given: str
    note: str = ""
    most: int = 10**9


def cases(count: int) -> list[Case]:
    """The generated records, the same for the same number."""
    return [_case(branch(number).encode(), number) for number in range(count)]


def _case(raw: bytes, number: int) -> Case:
    loaded = parse_record(raw, f"{number}.yaml", str(number))
    text = json.dumps(loaded.tree.data, ensure_ascii=False, default=str)
    return Case(raw, loaded.record, json.loads(text), text)


def plain(native: Sequence[Any]) -> list[Answers]:
    """Answers of an engine that says per record ``kept``, ten in order, and ``without``, two lists of months."""
    return [
        Answers(tuple(bool(k) for k in said["kept"]), tuple(tuple(sorted(w)) for w in said["without"]))  # type: ignore[arg-type]
        for said in native
    ]


def texts(taken: Sequence[Case]) -> list[str]:
    """For engines that are fastest with JSON text."""
    return [case.text for case in taken]


def parsed(taken: Sequence[Case]) -> list[dict[str, Any]]:
    """For engines that take parsed data."""
    return [case.data for case in taken]
