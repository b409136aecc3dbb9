"""What people write in the cells of a ledger, made into the values a record holds. Nothing is guessed.

Each reader takes a cell's value (text, number, day, time, yes or no) and gives what YAML would have held, or raises
`Unreadable` with a Chinese message and remedy.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date, datetime, time
from itertools import accumulate
from typing import Any

from dangjian_check.model.fields import no_type, shown
from dangjian_check.model.vocabulary import activity_type

NONE_WORDS = frozenset([
    "无",
    "无人",
    "没有",
    "全到",
    "全勤",
    "全部到会",
    "无缺席",
    "无请假",
    "-",
    "--",
    "—",
    "——",
    "/",
    "\\",
])
NOT_WRITTEN = frozenset(["无", "暂无", "尚未", "未", "待定", "-", "--", "—", "——", "/", "\\"])
YES_WORDS = frozenset({"是", "有", "√", "✓", "✔", "true", "对", "Y", "y"})
NO_WORDS = frozenset({"否", "无", "没有", "×", "✗", "✘", "false", "不是", "N", "n"})

_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"\u3007": 0, "两": 2}
_COUNT = re.compile(
    r"(?:共|共计|计)?([0-9]{1,6})(?:\.0+)?(?:名|位|个)?(?:人次|人|次|场|票|名|位|个|件|条|学时|天|年|届)?"
)
_HAN_COUNT = re.compile(r"([零\u3007一二三四五六七八九十百两]{1,6})(?:人次|人|次|场|票|名|位|个|件|条|天|年|届)?")
SEPARATORS = re.compile(r"[、，,；;\n]+")
NOTE = re.compile(r"^(.*?)\s*[（(]\s*(.*?)\s*[)）]$")
LONG = 120
_DEEPEST = 8
_ORDINAL = re.compile(
    r"^(?:[0-9]{4}年)?(?:第[0-9一二三四五六七八九十]+[次期讲]|[0-9]{1,2}月份?|第?[一二三四]季度)+|(?:会议)?记录$"
)
_TYPE_SEPARATORS = re.compile(r"[、，,；;/+＋\n]|暨|和|与|及|\s{1,}")


class Unreadable(Exception):
    """A cell that says nothing a record could hold."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def plain(value: Any) -> str:
    """A cell's text: trimmed, full-width letters and digits made narrow, whole numbers without a decimal point."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "minutes")
    if isinstance(value, (date, int)):
        return str(value)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)


def narrow(text: str) -> str:
    """Full-width forms made narrow (NFKC), as numbers and dates are compared."""
    return unicodedata.normalize("NFKC", text).strip()


def short(value: Any, message: str, remedy: str) -> str:
    """A cell's text, narrow; where something short is wanted, a long text is not even looked at."""
    text = plain(value)
    if len(text) > LONG:
        raise Unreadable(f"{shown(text)} {message}", remedy)
    return narrow(text)


def count(value: Any) -> int:
    """A number of people or times: ``23``, ``23人``, ``十二人``."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value >= 0 and float(value).is_integer() and value < 10**9:
            return int(value)
        raise Unreadable(f"{shown(plain(value))} 不是人数或次数", "写成不带单位的整数，例如 12")
    text = short(value, "不是人数或次数", "写成不带单位的整数，例如 12").replace(" ", "")
    number = counted(text)
    if number is None:
        raise Unreadable(f"{shown(text)} 不是人数或次数", "写成整数，例如 12；约数、范围不能算数")
    return number


def counted(text: str) -> int | None:
    """The number a text without spaces states, with its unit; None if it states none."""
    match = _COUNT.fullmatch(text)
    if match:
        return int(match[1])
    han = _HAN_COUNT.fullmatch(text)
    return _han(han[1]) if han else None


def _han(text: str) -> int | None:
    """A number below 1000 in Chinese numerals: 十二, 二十三, 一百零五."""
    total, digit = 0, None
    for char in text:
        if char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
        else:
            total += (1 if digit is None else digit) * (10 if char == "十" else 100)
            digit = None
    return total + (digit or 0)


def number(value: Any) -> str:
    """A number as text, its unit dropped: ``5天``, ``1.5学时``, ``¥180.00``; minutes become hours."""
    text = short(value, "不是数", "写成不带单位的数，例如 0.5").replace(",", "").replace(" ", "")
    minutes = re.fullmatch(r"([0-9]{1,4})分钟", text)
    if minutes:
        return f"{minutes[1]}/60"
    match = re.fullmatch(r"¥?([0-9]+(?:\.[0-9]+)?|[0-9]+/[0-9]+)(?:天|学时|课时|小时|元|日)?", text)
    if match is None:
        raise Unreadable(f"{shown(text)} 不是数", "写成不带单位的数，例如 0.5")
    return match[1]


def yes_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = short(value, "看不出是与否", "写 是 或 否")
    if text in YES_WORDS:
        return True
    if text in NO_WORDS:
        return False
    raise Unreadable(f"{shown(text)} 看不出是与否", "写 是 或 否")


def _ticked(text: str) -> list[str]:
    """The types whose boxes are ticked: ``☑支委会 □党员大会``."""
    found = [kind for kind in re.findall(r"[☑■√✓✔]\s*([^\s□☑■√✓✔、，]+)", text) if activity_type(kind)]
    if not found:
        raise Unreadable(f"{shown(text)} 看不出勾的是哪一种", "写明是 支委会、党员大会、党小组会 还是 党课")
    return found


def texts(value: Any, *, sentences: bool) -> list[str]:
    """Several short texts in one cell; ``sentences`` are parted by semicolons and lines only."""
    text = plain(value)
    listed = structured(text)
    if isinstance(listed, list):
        return listed
    if narrow(text) in NONE_WORDS:
        return []
    parts = re.split(r"[；;\n]+" if sentences else SEPARATORS, text)
    return [part.strip() for part in parts if part.strip()]


def kinds(value: Any) -> list[str]:
    """The activity types in a cell, several if it names several: ``党员大会暨主题党日``, ``支委会、党课``."""
    short(value, "不是活动类型", "例如 支委会、党员大会、党课")
    text = _ORDINAL.sub("", plain(value)).strip()
    if not text:
        raise Unreadable(f"{shown(plain(value))} 不是活动类型", "例如 支委会、党员大会、党课")
    if activity_type(text):
        return [text]
    if "□" in text:
        return _ticked(text)
    inner = NOTE.match(text)
    if inner and "扩大" in inner[2] and activity_type(inner[1]) == "支委会":
        return ["支委扩大会"]
    parts = [inner[1] if inner else text]
    if inner and activity_type(inner[2]):
        parts = [inner[2]] if "三会一课" in inner[1] else [inner[1], inner[2]]
    found = [piece for part in parts for piece in map(str.strip, _TYPE_SEPARATORS.split(part)) if piece]
    named = [_ORDINAL.sub("", piece) for piece in found]
    unknown = [piece for piece in named if activity_type(piece) is None]
    if unknown:
        if "三会一课" in unknown[0]:
            raise Unreadable("“三会一课”不是一种会", "写明是 支委会、党员大会、党小组会 还是 党课")
        raise Unreadable(*no_type(unknown[0]))
    return list(dict.fromkeys(named))


def structured(text: str) -> Any:
    """What a cell holds in brackets, ``[…]`` or ``{…}`` as JSON writes it; None if it is no such cell."""
    if not text or text[0] not in "[{":
        return None
    depth = max(accumulate((char in "[{") - (char in "]}") for char in text))
    try:
        if depth > _DEEPEST:
            raise ValueError
        found = json.loads(text, object_pairs_hook=each_key_once, parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode()
    except ValueError:
        raise Unreadable("方括号、花括号里的写法有误", "对照导出的样式改正，或改成普通文字") from None
    return found


class KeyTwice(ValueError):
    """A key that one object of JSON has twice."""


def each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON (``object_pairs_hook``). Raises `KeyTwice`: what stands last is not all that was written."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise KeyTwice(next(name for name in made if names.count(name) > 1))
    return made


def _no_number(_: str) -> Any:
    raise ValueError
