"""A record written in JSON: JSON is YAML, so the same reader reads it under the same guard."""

from __future__ import annotations

import re

from dangjian_check.loading.tree import Tree
from dangjian_check.loading.yaml_events import read_yaml

_PAIR = re.compile(rb"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)


def read_json(raw: bytes, file: str) -> Tree:
    r"""The record in a JSON file. What YAML 1.1 takes otherwise is put its way first: tabs between values, ``\/`` and
    characters written as two halves."""
    whole = _PAIR.sub(_joined, raw.replace(b"\t", b" ").replace(rb"\/", b"/"))
    return read_yaml(whole, file)


def _joined(match: re.Match[bytes]) -> bytes:
    high, low = int(match[1], 16), int(match[2], 16)
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)).encode()
