"""Values as YAML text that reads back as the same values, here and in any other reader of YAML 1.1 or 1.2."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_SAFE = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_ .-/+()")
_FIRST = _SAFE - frozenset(" .-/+")
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
_LIKE_A_NUMBER = re.compile(r"[0-9][ -~]*", re.ASCII)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


class Plain(str):
    """Text written without quotes whatever it looks like: a day, a number, a period."""

    __slots__ = ()


def scalar(value: str | int) -> str:
    """One value, in double quotes unless it is plainly text without them."""
    if isinstance(value, (int, Plain)):
        return str(value)
    return value if _is_plain(value) else f'"{"".join(_escaped(c) for c in value)}"'


def _is_plain(text: str) -> bool:
    if not text or text.strip() != text or text.lower() in _WORDS or _LIKE_A_NUMBER.fullmatch(text):
        return False
    return _fits(text[0], _FIRST) and all(_fits(c, _SAFE) for c in text)


def _fits(character: str, among: frozenset[str]) -> bool:
    return character in among if character.isascii() else unicodedata.category(character)[0] not in "CZ"


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return flow_mapping(value)
    return f"[{', '.join(flow(item) for item in value)}]" if isinstance(value, list) else scalar(value)


def flow_mapping(entry: dict[str, Any]) -> str:
    """A mapping in braces."""
    return f"{{{', '.join(pairs(entry))}}}"


def pairs(entry: dict[str, Any]) -> list[str]:
    """``key: value`` for each key, each on one line."""
    return [f"{key}: {flow(value)}" for key, value in entry.items()]
