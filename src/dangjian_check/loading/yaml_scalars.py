"""What every reader of YAML has in common, whatever it parses with: how large a file may be, what a text without quotes
stands for, how bytes become text."""

from __future__ import annotations

import codecs
import re
from typing import Any

from dangjian_check.errors import InputProblems, Problem

MAX_DEPTH = 32
MAX_NODES = 200_000
MAX_SCALAR = 65_536
MAX_PROBLEMS = 100
PLACEHOLDER = "…"  # stands for what was refused, so that reading can go on

HIDDEN = "有不可见的控制字符"

WIDE_COLON = re.compile(r"^(\s*(?:- +)*[\w.一-鿿]+)：")
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,14})\.[0-9]{1,15}", re.ASCII)
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_KNOWN = _WORDS | {str(number): number for number in range(1000)}
_NUMBERS_END = ":"  # comes after everything that begins like a number


def decode(raw: bytes, file: str) -> str:
    """UTF-8 text, with or without a byte order mark; otherwise a problem that says what the file seems to be."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        guess = "UTF-16" if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "GBK 或 GB18030"
        message = f"第 {error.start + 1} 个字节起不是 UTF-8 文字（多半是 {guess}）"
        raise InputProblems([Problem(file, line, 1, message, "用编辑器另存为 UTF-8 编码")]) from None


def plain_scalar(text: str) -> Any:
    """What a text without quotes stands for."""
    if text in _KNOWN:
        return _KNOWN[text]
    if text > _NUMBERS_END:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def wide_colon(value: object) -> bool:
    """Whether a text looks like a key and value joined by a full-width colon."""
    return isinstance(value, str) and WIDE_COLON.match(value) is not None
