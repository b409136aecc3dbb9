"""Bytes become text: which encoding they are in is found out, not asked."""

from __future__ import annotations

import codecs

from dangjian_check.errors import InputProblems, Problem

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def decode_any(raw: bytes, file: str) -> str:
    """The text of a ledger: a byte order mark decides, else UTF-8 if it fits, else GB18030.

    Short GBK texts can also be read as UTF-8; where that reading holds no Chinese and the GB18030 reading does, the
    latter is meant. Raises `InputProblems` for bytes that are no text.
    """
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            return _strict(raw.removeprefix(mark) if encoding == "utf-8" else raw, encoding, file)
    if b"\0" in raw:
        raise InputProblems([Problem(file, 0, 0, "不是文字文件", "在 Excel 或 WPS 里另存为 CSV")])
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(raw, "gb18030", file)
    if text.isascii() or any(char > "\u07ff" for char in text):
        return text
    try:
        other = raw.decode("gb18030")
    except UnicodeDecodeError:
        return text
    return other if any("一" <= char <= "鿿" for char in other) else text


def _strict(raw: bytes, encoding: str, file: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"第 {error.start + 1} 个字节起不是 UTF-8，也不是 GB18030 的文字"
        raise InputProblems([Problem(file, 0, 0, message, "在 Excel 或 WPS 里另存为 CSV UTF-8")]) from None
