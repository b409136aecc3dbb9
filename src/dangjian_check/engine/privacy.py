"""What must not be shown of a record: personal numbers never, names of people if the user asks.

A `Veil` is made of one record's data, valid or refused, and laid over everything the run says of that record before
any format sees it. It walks whatever a report is made of, so that a field added to a report later is covered too.
Texts of the standards (titles, sources, remedies) stay as they are, and so do fingerprints.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel

from dangjian_check.checks.base import Subject, Verdict
from dangjian_check.engine.assessment import Assessment, Deficiency, Doubt, RecordView, Score
from dangjian_check.engine.outcomes import Windows
from dangjian_check.errors import Problem
from dangjian_check.model.columns import parsed
from dangjian_check.model.facts import Fact
from dangjian_check.model.fields import shown
from dangjian_check.model.headings import ENTRY_WORDS, SERIES_WORDS, WORDS
from dangjian_check.model.people import names_in, people_in
from dangjian_check.model.personal import masked_name, redacted
from dangjian_check.model.record import SERIES
from dangjian_check.model.vocabulary import ACTIVITY_TYPES, ALIASES
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard
from dangjian_check.rulebook.waiver import Waiver

T = TypeVar("T")
# What ``--mask`` can hide, and what it is called.
MASKS = {"names": "姓名"}

_WHOLE = (Rule, Standard, Score, Enum)
_KEPT: dict[type, frozenset[str]] = {
    Assessment: frozenset({"period"}),
    Deficiency: frozenset({"fingerprint", "item", "place", "assumed"}),
    Doubt: frozenset({"kind", "reason"}),
    Fact: frozenset({"series"}),
    Subject: frozenset({"kind", "path"}),
    Verdict: frozenset({"defect", "place"}),
}
_QUOTED = re.compile("“([^“”]*)”")
_HARMLESS = re.compile(r"[a-z_\W\d年月日号时分点人次个天]*")
_OURS = ("书记", "委员", "键: 值", "日期、类型", "基本情况", "无", "空")
# A name of one character is one where it stands alone, after a post, or before these words of ours.
_ALONE = r"(?:(?<!\w)|(?<=书记)|(?<=委员)){}(?=\W|$|在该期间)"


class Veil:
    """Hides what must not be shown of one record.

    ``data`` is the record as it was read, as far as it was; ``numbers`` says whether personal numbers were seen in it,
    its file name or its sheets. Without anything to hide it costs nothing.
    """

    def __init__(self, data: Any, mask: Collection[str] = (), *, numbers: bool = True) -> None:
        self._quotes = "names" in mask
        self._names = _table(names_in(data)) if self._quotes else {}
        self._pattern = _pattern(self._names)
        self._idle = not numbers and not self._quotes
        self._seen: dict[int, tuple[Any, Any]] = {}

    def __call__(self, value: T) -> T:
        """The same thing, with nothing in it that must not be shown."""
        return value if self._idle else self._cover(value)

    def text(self, text: str) -> str:
        """One text without personal numbers and with the names masked."""
        return self._masked(redacted(text))

    def problems(self, found: Collection[Problem]) -> list[Problem]:
        """What is said of a record that was refused. What it quotes may be a name in the wrong place, so that with
        names masked only known words and figures are quoted."""
        return [self._cover(self._unquoted_of(problem) if self._quotes else problem) for problem in found]

    def _unquoted_of(self, problem: Problem) -> Problem:
        return problem._replace(message=self._unquoted(problem.message), remedy=self._unquoted(problem.remedy))

    def _unquoted(self, text: str) -> str:
        return _QUOTED.sub(self._quote, text)

    def _quote(self, match: re.Match[str]) -> str:
        harmless = match[1] in self._names or match[1] in _words() or _HARMLESS.fullmatch(match[1])
        return match[0] if harmless else "“…”"

    def _masked(self, text: str) -> str:
        return self._pattern.sub(lambda m: self._names[m[0]], text) if self._pattern else text

    def _cover(self, value: Any) -> Any:
        if type(value) is str:
            return self.text(value)
        if value is None or isinstance(value, (str, int, float, *_WHOLE)):
            return value
        known = self._seen.get(id(value))
        if known is None:
            known = self._seen[id(value)] = (value, self._covered(value))
        return known[1]

    def _covered(self, value: Any) -> Any:
        kept = _KEPT.get(type(value), frozenset())
        if hasattr(value, "_fields"):
            return value._replace(**self._changes(value, value._fields, kept))
        if isinstance(value, tuple):
            return tuple(self._cover(part) for part in value)
        if isinstance(value, Windows):
            return Windows(self._cover(window) for window in value)
        if isinstance(value, (list, frozenset, set)):
            return type(value)(self._cover(part) for part in value)
        if isinstance(value, dict):
            return {key: self._cover(part) for key, part in value.items()}
        if isinstance(value, BaseModel):
            changed = value.model_copy(update=self._changes(value, type(value).model_fields, frozenset()))
            return _unsigned(changed) if self._quotes and isinstance(changed, Waiver) else changed
        if is_dataclass(value) and not isinstance(value, type):
            names = [field.name for field in fields(value) if field.init]
            return replace(value, **self._changes(value, names, kept))
        return value

    def _changes(self, value: Any, names: Collection[str], kept: frozenset[str]) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        if isinstance(value, RecordView) and self._quotes:
            # A note may quote a line of a ledger that was not read.
            changes["notes"] = tuple(self.problems(value.notes))
        if isinstance(value, Deficiency):
            # The title of the rule, which may stand in the message, is no text of the record.
            changes["message"] = value.rule.title.join(map(self.text, value.message.split(value.rule.title)))
        for name in names:
            if name not in kept and name not in changes:
                old = getattr(value, name)
                new = self._cover(old)
                if new is not old:
                    changes[name] = new
        return changes


def _unsigned(waiver: Waiver) -> Waiver:
    """A waiver without the names of those who approved it."""
    table = _table(people_in(waiver.approver))
    pattern = _pattern(table)
    if pattern is None:
        return waiver
    texts = {name: getattr(waiver, name) for name in ("id", "reason", "approver", "document")}
    masked = {name: text and pattern.sub(lambda m: table[m[0]], text) for name, text in texts.items()}
    return waiver.model_copy(update=masked)


@cache
def _words() -> frozenset[str]:
    """Words that are ours: types, series, the headings of ledgers."""
    headings = (word for text in (*WORDS.values(), ENTRY_WORDS) for words in parsed(text).values() for word in words)
    series = (word for words in parsed(SERIES_WORDS).values() for word in words)
    return frozenset({
        *ACTIVITY_TYPES,
        *ALIASES,
        *(model.label for model in SERIES.values()),
        *_OURS,
        *headings,
        *series,
    })


def _table(names: Collection[str]) -> dict[str, str]:
    """Each name, also as a message quotes it (cut short), with what stands for it."""
    spelled = {spelling for name in names for spelling in (name, shown(name)[1:-1].removesuffix("…"))}
    return {spelling: masked_name(spelling) for spelling in spelled if spelling}


def _pattern(names: Collection[str]) -> re.Pattern[str] | None:
    """Any of the names, the longest first: a name inside a longer one is not looked for there."""
    listed = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(_as_pattern, listed))) if listed else None


def _as_pattern(name: str) -> str:
    escaped = re.escape(name)
    if len(name) == 1:
        return _ALONE.format(escaped)
    start = "(?<![A-Za-z])" if name[0].isascii() else ""
    return start + escaped + ("(?![A-Za-z])" if name[-1].isascii() else "")
