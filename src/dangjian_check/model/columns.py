"""The columns a ledger can have for a model: each field that fits into a cell, by its path and its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator

from dangjian_check.model import fields, record
from dangjian_check.model.activity import Activity, Attendance, Entry, Minutes, Person, Shift
from dangjian_check.model.headings import ENTRY_WORDS, WORDS
from dangjian_check.model.record import Branch, Venue

Kind = Literal[
    "day", "clock", "text", "whole", "number", "period", "types", "people", "count_or_people", "texts", "yes_no",
    "choice", "nested", "many", "steps",
]  # fmt: skip
_BY_READER: dict[Any, Kind] = {
    fields._day: "day",
    fields._clock: "clock",
    fields._text: "text",
    fields._ident: "text",
    fields._whole: "whole",
    fields._number: "number",
    fields._period: "period",
    fields._types: "types",
}
_FLAT: dict[tuple[type[BaseModel], str], type[BaseModel]] = {
    (Activity, "attendance"): Attendance,
    (Activity, "minutes"): Minutes,
    (Activity, "shift"): Shift,
    (Branch, "venue"): Venue,
}
_SENTENCES = frozenset({"agenda", "evidence", "elements", "items", "topics"})
_ASIDE = re.compile(r"[（(【\[][^（(【\[]*[）)】\]]|[\s:*、/·]+")


class Column(NamedTuple):
    """One column: where its value goes (``attendance.present``), how the cell is read, what people call it.

    ``sentences`` marks lists whose items hold commas; ``models`` are those a bracketed cell may hold,
    ``options`` the words a choice offers.
    """

    path: str
    kind: Kind
    words: tuple[str, ...]
    sentences: bool = False
    models: tuple[type[BaseModel], ...] = ()
    options: tuple[str, ...] = ()


@cache
def words(model: type[BaseModel]) -> dict[str, tuple[str, ...]]:
    """Written field -> the Chinese words for it, ours first."""
    text = WORDS.get(model, "")
    if issubclass(model, Entry):
        text += f"\n{ENTRY_WORDS}"
    return parsed(text)


def parsed(text: str) -> dict[str, tuple[str, ...]]:
    """The lines of such a text; an indented line goes on with the one above, and a field's first mention counts."""
    whole = re.sub(r"\n +", " ", text)
    found: dict[str, tuple[str, ...]] = {}
    for field, *names in (line.split() for line in whole.splitlines() if line):
        found.setdefault(field, tuple(names))
    return found


@cache
def named_fields(model: type[BaseModel]) -> dict[str, str]:
    """Chinese word -> written field. A word belongs to the first field that claims it."""
    found: dict[str, str] = {}
    for field, names in words(model).items():
        for name in names:
            found.setdefault(name, field)
    return found


def entries_named(name: str) -> str | None:
    """The list of entries in a record that a name speaks of, in our word or in a Chinese one; None if none."""
    found = name if name in record.Record.model_fields else named_fields(record.Record).get(name)
    return found if found in (*record.SERIES, "members", "groups", "branches", "assessments") else None


def heading(model: type[BaseModel], field: str) -> str:
    """The word we write for a field; the field itself if it has none."""
    return words(model).get(field, (field,))[0]


@cache
def columns(model: type[BaseModel]) -> tuple[Column, ...]:
    """Every column of a model in the order of its fields."""
    return tuple(_columns(model, ""))


def _columns(model: type[BaseModel], prefix: str) -> Iterator[Column]:
    named = words(model)
    for attribute, info in model.model_fields.items():
        written = info.alias or attribute
        inner: type[BaseModel] | None = _FLAT.get((model, attribute))
        if inner is not None:
            yield from _columns(inner, f"{prefix}{written}.")
        kind, models = _kind(info.annotation, info.metadata)
        if inner is not None:
            kind = "nested"
        options = _options(info.annotation) if kind == "choice" else ()
        yield Column(f"{prefix}{written}", kind, named.get(written, ()), written in _SENTENCES, models, options)


@cache
def required(model: type[BaseModel]) -> frozenset[str]:
    """The fields an entry cannot do without, as they are written."""
    return frozenset(info.alias or name for name, info in model.model_fields.items() if info.is_required())


@cache
def known_words(model: type[BaseModel]) -> dict[str, Column]:
    """Normalised word -> column. The word we write ourselves comes before any other; then the model's own fields come
    before those every entry has, and these before the fields of what it holds."""
    shared = set(Entry.model_fields) if issubclass(model, Entry) else set()
    listed = sorted(columns(model), key=lambda c: ("." in c.path, c.path in shared))
    found: dict[str, Column] = {}
    for column in listed:
        for word in (column.path, *column.words[:1]):
            found.setdefault(normal(word), column)
    for column in listed:
        for word in column.words:
            found.setdefault(normal(word), column)
    return found


def column_for(model: type[BaseModel], label: str) -> Column | None:
    """The column a heading means: by all of it, else by the parts between strokes (``议题/主题``) if they agree."""
    known = known_words(model)
    whole = known.get(normal(label))
    if whole is not None or "/" not in label:
        return whole
    found = {column.path: column for part in label.split("/") if (column := known.get(normal(part))) is not None}
    return next(iter(found.values())) if len(found) == 1 else None


def normal(word: str) -> str:
    """A heading as it is compared: narrow, without spaces, colons, marks and what stands in brackets."""
    text = unicodedata.normalize("NFKC", word)
    return _ASIDE.sub("", text) or text.strip()


def _kind(annotation: Any, metadata: list[Any]) -> tuple[Kind, tuple[type[BaseModel], ...]]:
    parts = list(_parts(annotation, metadata))
    models = tuple(part for part in parts if isinstance(part, type) and issubclass(part, BaseModel))
    readers = [part.func for part in parts if isinstance(part, BeforeValidator)]
    many = list in parts
    if models:
        if models == (Person,):
            return ("count_or_people" if fields._whole in readers else "people"), models
        return ("many" if many else "nested"), models
    if dict in parts:
        return "steps", ()
    if bool in parts:
        return "yes_no", ()
    if int in parts:
        return "whole", ()
    known = next((_BY_READER[reader] for reader in readers if reader in _BY_READER), None)
    if known == "text" and many:
        return "texts", ()
    return (known or "choice"), ()


def _options(annotation: Any) -> tuple[str, ...]:
    if get_origin(annotation) is Literal:
        return tuple(word for word in get_args(annotation) if isinstance(word, str))
    return tuple(word for part in get_args(annotation) for word in _options(part))


def _parts(annotation: Any, metadata: list[Any]) -> Iterator[Any]:
    """Everything an annotation is made of: types, origins and validators, however deep."""
    yield from metadata
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        yield from _parts(inner, more)
    elif origin in (Union, UnionType):
        for part in get_args(annotation):
            yield from _parts(part, [])
    elif origin in (list, dict):
        yield origin
        for part in get_args(annotation):
            yield from _parts(part, [])
    else:
        yield annotation


def in_chinese(value: Any, model: type[BaseModel] | None) -> Any:
    """Plain data with the field names of ``model`` replaced by our Chinese words for them."""
    if isinstance(value, list):
        return [in_chinese(item, model) for item in value]
    if not isinstance(value, dict) or model is None:
        return value
    inner = {column.path: column for column in columns(model)}
    return {
        heading(model, key): in_chinese(item, inner[key].models[0] if key in inner and inner[key].models else None)
        for key, item in value.items()
    }
