"""What one file came to, as bytes that run nothing when they are read: JSON, the same in every process.

Rows follow the fields of the classes in `engine.assessment` and their types, so that a field added there is kept as
well. Four things are kept apart. Rules and standards are named by place and digest, not copied. Windows, subjects,
verdicts and entries are many and alike: each is written once, in a table, and named by its number. Of an entry only
what names it to people is kept, and of a subject not the thing itself: whatever needs more (judging, pricing under
waivers, tracing) is done before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from dangjian_check.checks.base import Subject, Verdict
from dangjian_check.engine.outcomes import Price, RuleOutcome, WindowOutcome
from dangjian_check.model.calendar import Window
from dangjian_check.model.facts import Fact
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.record import SERIES
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard
from dangjian_check.rulebook.waiver import Covers, Waiver

T = TypeVar("T")
LAYOUT = 1
_OUTCOMES = tuple(Outcome)
_PLACE_OF = {outcome: number for number, outcome in enumerate(_OUTCOMES)}
_NAMING = ("id", "type", "kind", "name", "topic", "title")
_NO_VERDICT = Verdict(Outcome.ERROR, "")
_WRONG = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


class Unreadable(Exception):
    """The bytes are damaged, of another layout, or about a standard that is no longer the same."""


def encode(found: object) -> bytes:
    """What one file came to, a dataclass that holds assessments and views: all of it that reports show."""
    writer = _Writer()
    hint: Any = type(found)
    whole = _form(hint).write(writer, found)
    tables = [writer.windows.rows, writer.subjects.rows, writer.entries.rows, writer.verdicts.rows]
    text = json.dumps([LAYOUT, tables, whole], ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def decode(kind: type[T], data: bytes, standards: Mapping[str, Standard]) -> T:
    """The same again, its rules those of ``standards``. Raises `Unreadable`."""
    try:
        layout, tables, whole = json.loads(data.decode("utf-8", "surrogatepass"))
        if layout != LAYOUT:
            raise Unreadable
        hint: Any = kind
        found: T = _form(hint).read(_Reader(standards, tables), whole)
    except _WRONG:
        raise Unreadable from None
    return found


class _Table:
    """Rows written once each, and the number of each thing that has one."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self._numbers: dict[Hashable, int] = {}
        self._kept: list[Any] = []

    def number(self, key: Hashable, thing: Any, write: Callable[[Any], Any]) -> int:
        """The number of a thing; ``key`` is equal for what shall be written once. The thing is kept, so that no other
        may come to bear its identity."""
        found = self._numbers.get(key)
        if found is None:
            row = write(thing)
            found = self._numbers[key] = len(self.rows)
            self.rows.append(row)
            self._kept.append(thing)
        return found


class _Writer:
    """The tables, and the standard whose rules are being written."""

    def __init__(self) -> None:
        self.windows, self.subjects, self.entries, self.verdicts = _Table(), _Table(), _Table(), _Table()
        self._rules: dict[str, int] = {}

    def standard(self, standard: Standard) -> list[str]:
        self._rules = {rule.id: number for number, rule in enumerate(standard.rules)}
        return [standard.id, standard.digest]

    def rule(self, rule: Rule) -> int:
        return self._rules[rule.id]

    def subject(self, subject: Subject) -> int:
        return self.subjects.number(subject, subject, lambda s: (s.kind, s.key, s.label, s.path))

    def fact(self, fact: Fact) -> int:
        return self.entries.number(id(fact.entry), fact, _entry_row)

    def window(self, item: WindowOutcome) -> list[Any]:
        """One window of a rule; what is rare is left out where it is not."""
        window, subject, verdict = item.window, item.subject, item.verdict
        row: list[Any] = [
            self.windows.number(window, window, lambda w: (w.start.isoformat(), w.end.isoformat(), w.name)),
            None if subject is None else self.subject(subject),
            self.verdicts.number(id(verdict), verdict, self._verdict),
        ]
        if item.price is not None or item.excused:
            row += [item.price and _form(Price).write(self, item.price), item.excused]
        return row

    def outcome(self, outcome: RuleOutcome) -> list[Any]:
        awarded = None if outcome.awarded is None else str(outcome.awarded)
        return [self.rule(outcome.rule), awarded, [self.window(item) for item in outcome.windows]]

    def _verdict(self, verdict: Verdict) -> list[Any]:
        row = [_PLACE_OF[verdict.outcome], verdict.message]
        more = (verdict.expected, verdict.actual, verdict.defect, verdict.counted, verdict.place)
        if more != ({}, None, _NO_VERDICT.defect, (), None):
            row += [*more[:3], [self.fact(fact) for fact in verdict.counted], verdict.place]
        return row


class _Reader:
    """The tables read back, and the standard whose rules are being read."""

    def __init__(self, standards: Mapping[str, Standard], tables: Any) -> None:
        windows, subjects, entries, verdicts = tables
        self._standards = standards
        self._rules: tuple[Rule, ...] = ()
        self.windows = [Window(_day(start), _day(end), name) for start, end, name in windows]
        self.subjects = [Subject(kind, key, label, tuple(path), None) for kind, key, label, path in subjects]
        self.entries = [_fact(*row) for row in entries]
        self.verdicts = [self._verdict(*row) for row in verdicts]

    def standard(self, row: Any) -> Standard:
        name, digest = row
        standard = self._standards[name]
        if standard.digest != digest:
            raise Unreadable
        self._rules = standard.rules
        return standard

    def rule(self, number: int) -> Rule:
        return self._rules[number]

    def subject(self, number: int) -> Subject:
        return self.subjects[number]

    def fact(self, number: int) -> Fact:
        return self.entries[number]

    def window(self, row: Any) -> WindowOutcome:
        window, subject, verdict = row[:3]
        whom = None if subject is None else self.subjects[subject]
        if len(row) == 3:
            return WindowOutcome(self.windows[window], whom, self.verdicts[verdict])
        price, excused = row[3:]
        paid = price and _form(Price).read(self, price)
        return WindowOutcome(self.windows[window], whom, self.verdicts[verdict], paid, excused)

    def outcome(self, row: Any) -> RuleOutcome:
        rule, awarded, windows = row
        read = tuple(map(self.window, windows))
        return RuleOutcome(self._rules[rule], read, None if awarded is None else _number(awarded))

    def _verdict(self, outcome: int, message: str, *more: Any) -> Verdict:
        if not more:
            return Verdict(_OUTCOMES[outcome], message)
        expected, actual, defect, counted, place = more
        facts = tuple([self.entries[number] for number in counted])
        return Verdict(_OUTCOMES[outcome], message, expected, actual, defect, facts, place and tuple(place))


def _entry_row(fact: Fact) -> list[Any]:
    """An entry by what names it to people."""
    entry = fact.entry
    known = {name: getattr(entry, name) for name in _NAMING if name in type(entry).model_fields}
    named = {name: value for name, value in known.items() if value is not None}
    return [fact.series, fact.index, fact.day and fact.day.isoformat(), fact.ordinal, named]


def _fact(series: str, index: int, day: str | None, ordinal: int, named: dict[str, Any]) -> Fact:
    return Fact(series, index, SERIES[series].model_construct(**named), None if day is None else _day(day), ordinal)


def _waiver_row(_: _Writer, waiver: Waiver) -> Any:
    return waiver.model_dump(mode="json")


def _waiver(_: _Reader, row: Any) -> Waiver:
    covers: dict[str, Any] = {name: day and _day(day) for name, day in row["covers"].items()}
    days = {name: row[name] and _day(row[name]) for name in ("approved", "expires")}
    return Waiver.model_construct(**(row | days | {"covers": Covers.model_construct(**covers)}))


def _day(text: str) -> date:
    return date.fromisoformat(text)


@cache
def _number(text: str) -> Fraction:
    above, _, below = text.partition("/")
    return Fraction(int(above), int(below or 1))


class _Form(NamedTuple):
    """How values of one type are written as JSON and read back."""

    write: Callable[[_Writer, Any], Any]
    read: Callable[[_Reader, Any], Any]


def _as_it_is(_: object, value: Any) -> Any:
    return value


_PLAIN = _Form(_as_it_is, _as_it_is)
_SPECIAL: dict[Any, _Form] = {
    Standard: _Form(_Writer.standard, _Reader.standard),
    Rule: _Form(_Writer.rule, _Reader.rule),
    Subject: _Form(_Writer.subject, _Reader.subject),
    Fact: _Form(_Writer.fact, _Reader.fact),
    WindowOutcome: _Form(_Writer.window, _Reader.window),
    RuleOutcome: _Form(_Writer.outcome, _Reader.outcome),
    Waiver: _Form(_waiver_row, _waiver),
    date: _Form(lambda _, day: day.isoformat(), lambda _, text: _day(text)),
    Fraction: _Form(lambda _, number: str(number), lambda _, text: _number(text)),
    Path: _Form(lambda _, path: str(path), lambda _, text: Path(text)),
    **dict.fromkeys((str, int, bool), _PLAIN),
}


@cache
def _form(hint: Any) -> _Form:
    """The form of a type as the hints of a class name it. Raises `TypeError` for one that nobody can tell back."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint in _SPECIAL:
        return _SPECIAL[hint]
    if origin is tuple and inner[1:] == (...,):
        return _many(_form(inner[0]))
    if origin is tuple and all(_form(part) is _PLAIN for part in inner):
        return _many(_PLAIN)
    if origin is frozenset and len(inner) == 1:
        return _set(_form(inner[0]))
    if origin is dict:
        return _pairs(_form(inner[0]), _form(inner[1]))
    if origin in (Union, UnionType):
        parts = [_form(part) for part in inner if part is not NoneType]
        if all(part is _PLAIN for part in parts):
            return _PLAIN
        if len(parts) == 1:
            return _maybe(parts[0])
    if isinstance(hint, type) and is_dataclass(hint):
        return _row(hint, [field.name for field in fields(hint)])
    if hasattr(hint, "_fields"):
        return _row(hint, hint._fields)
    raise TypeError(f"cannot store {hint}")


def _many(one: _Form) -> _Form:
    if one is _PLAIN:
        return _Form(_as_it_is, lambda _, row: tuple(row))
    return _Form(
        lambda writer, values: [one.write(writer, value) for value in values],
        lambda reader, row: tuple([one.read(reader, value) for value in row]),
    )


def _set(one: _Form) -> _Form:
    return _Form(
        lambda writer, values: sorted(one.write(writer, value) for value in values),
        lambda reader, row: frozenset([one.read(reader, value) for value in row]),
    )


def _pairs(key: _Form, value: _Form) -> _Form:
    return _Form(
        lambda writer, known: [[key.write(writer, k), value.write(writer, v)] for k, v in known.items()],
        lambda reader, row: {key.read(reader, k): value.read(reader, v) for k, v in row},
    )


def _maybe(one: _Form) -> _Form:
    return _Form(
        lambda writer, value: None if value is None else one.write(writer, value),
        lambda reader, row: None if row is None else one.read(reader, row),
    )


def _row(made: Callable[..., Any], names: Iterable[str]) -> _Form:
    """A class by its fields, in order."""
    hints = get_type_hints(made)
    forms = [(name, _form(hints[name])) for name in names]

    def write(writer: _Writer, value: Any) -> Any:
        return [form.write(writer, getattr(value, name)) for name, form in forms]

    def read(reader: _Reader, row: Any) -> Any:
        return made(*[form.read(reader, part) for (_, form), part in zip(forms, row, strict=True)])

    return _Form(write, read)
