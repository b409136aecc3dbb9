"""A record as clean YAML: one line for an entry that fits, in the manner of the examples."""

from __future__ import annotations

import io
import re
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from dangjian_check.model.calendar import iso_day
from dangjian_check.model.columns import columns
from dangjian_check.model.record import Record
from dangjian_check.writing.tables import LISTS

_LAST = ("evidence", "remark")
_WIDTH = 160
_RISKY = re.compile(r"[:#{}\[\],&*?|<>=!%@`\"'\\-]")
_ORDER = [info.alias or name for name, info in Record.model_fields.items()]


def yaml_text(data: dict[str, Any], comment: str = "") -> str:
    """The record as YAML, its keys in the order of the format; ``comment`` stands in front."""
    top = CommentedMap()
    for number, key in enumerate(sorted(data, key=_ORDER.index)):
        top[key] = _block(_sorted(data[key], LISTS[key]) if key in LISTS else data[key])
        if number:
            top.yaml_set_comment_before_after_key(key, before="\n")
    writer = YAML(typ="rt")
    writer.width = _WIDTH
    writer.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    writer.dump(top, stream)
    head = "".join(f"# {line}\n" for line in comment.splitlines())
    return head + stream.getvalue().replace("\n#\n", "\n\n")


def _sorted(entries: Any, model: type[BaseModel]) -> Any:
    """Entries with their keys in the order of the model: the number first, remarks and evidence last."""
    if not isinstance(entries, list):
        return entries
    written = [info.alias or name for name, info in model.model_fields.items()]
    order = {name: place - 100 * (name == "id") + 100 * (name in _LAST) for place, name in enumerate(written)}
    amounts = {column.path for column in columns(model) if column.kind == "number"}
    return [
        {key: _plain(entry[key], key, amounts) for key in sorted(entry, key=lambda key: order.get(key, 0))}
        if isinstance(entry, dict)
        else entry
        for entry in entries
    ]


def _plain(value: Any, key: str, amounts: set[str]) -> Any:
    """The one type of an activity needs no list, a whole amount no quotes."""
    if key == "type" and isinstance(value, list) and len(value) == 1:
        return value[0]
    return int(value) if key in amounts and isinstance(value, str) and value.isdecimal() else value


def _block(value: Any) -> Any:
    """A list with an entry a line, a mapping with a key a line."""
    if isinstance(value, list):
        return CommentedSeq([_flow(item) for item in value])
    if isinstance(value, dict):
        return CommentedMap({
            _text(key): _flow(item) if key != "posts" else _block(item) for key, item in value.items()
        })
    return _flow(value)


def _flow(value: Any) -> Any:
    """The same in brackets on one line; days as days, so that they need no quotes."""
    if isinstance(value, dict):
        made: Any = CommentedMap({_text(key): _flow(item) for key, item in value.items()})
        made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        made = CommentedSeq([_flow(item) for item in value])
        made.fa.set_flow_style()
        return made
    if isinstance(value, str):
        return iso_day(value) or _text(value)
    return value


def _text(text: str) -> str:
    """In quotes where a sign in it could mean something, or would not be seen."""
    return DoubleQuotedScalarString(text) if _RISKY.search(text) or not text.isprintable() else text
