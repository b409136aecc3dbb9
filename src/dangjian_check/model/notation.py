"""What people write in the cells of a ledger, made into the values a record holds. Nothing is guessed.

Each reader takes a cell's value (text, number, day, time, yes or no) and gives what YAML would have held, or raises
`Unreadable` with a Chinese message and remedy.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date, datetime, time
from typing import Any, NamedTuple, get_args

from dangjian_check.model.activity import Person
from dangjian_check.model.calendar import iso_day
from dangjian_check.model.fields import shown
from dangjian_check.model.vocabulary import activity_type, nearest_activity_type

NONE_WORDS = frozenset({
    "无",
    "无人",
    "没有",
    "全到",
    "全勤",
    "全部到会",
    "-",
    "--",
    "—",
    "——",
    "/",
    "\\",
    "无缺席",
    "无请假",
})
YES_WORDS = frozenset({"是", "有", "√", "✓", "✔", "true", "对", "Y", "y"})
NO_WORDS = frozenset({"否", "无", "没有", "×", "✗", "✘", "false", "不是", "N", "n"})
ROLES = frozenset(get_args(get_args(Person.model_fields["role"].annotation)[0]))

_DIGITS = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"\u3007": 0, "两": 2}
_COUNT = re.compile(
    r"(?:共|共计|计)?([0-9]{1,6})(?:\.0+)?(?:名|位|个)?(?:人次|人|次|场|票|名|位|个|件|条|学时|天|年|届)?"
)
_HAN_COUNT = re.compile(r"([零\u3007一二三四五六七八九十百两]{1,6})(?:人次|人|次|场|票|名|位|个|件|条)?")
_HEAD_COUNT = re.compile(r"\D{0,12}?(?:等|共|共计|计)?([0-9]{1,4})(?:名|位|个)?(?:党员|人|委员|同志)+")
_FULL = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*[日号]?")
_COMPACT = re.compile(r"([12][0-9]{3})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])")
_SHORT = re.compile(r"([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]?")
_DAY_ONLY = re.compile(r"([0-9]{1,2})\s*[日号]")
_BARE = re.compile(r"[0-9]{1,2}\s*[-/.]\s*[0-9]{1,2}")
_TO = re.compile(r"\s*(?:至|到|—+|–|~|～|-{1,2})\s*")
_CLOCK = re.compile(
    r"(上午|早上|下午|晚上|中午|晚)?\s*([0-9]{1,2})\s*(?:[:：]\s*([0-9]{2})(?:[:：][0-9]{2})?|[时点]\s*(?:([0-9]{1,2})\s*分?|(半))?)"
)
_WEEKDAY = re.compile(r"[（(]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*[)）]?")
_SEPARATORS = re.compile(r"[、，,；;\n]+")
_NAME = re.compile(r"[㐀-鿿𠀀-𲎯]{2,4}|[㐀-鿿]{1,12}(?:[·•・][㐀-鿿]{1,12})+|[A-Za-z][A-Za-z .'-]{0,40}")
_NOTE = re.compile(r"^(.*?)\s*[（(]\s*(.*?)\s*[)）]$")
_NOT_NAMES = re.compile(
    r"党员|全体|全部|人员|委员会|同志们|支部|所有|书记$|等$|请假|缺席|出差|病假|事假|主持|以上|其他|若干|代表$"
)
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


class When(NamedTuple):
    """A day as a cell wrote it: ISO text, the last day and the times if they were written too, and whether the
    year was taken from outside the cell."""

    day: str
    until: str | None = None
    start: str | None = None
    end: str | None = None
    borrowed: bool = False


def plain(value: Any) -> str:
    """A cell's text: trimmed, full-width letters and digits made narrow, whole numbers without a decimal point."""
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
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def narrow(text: str) -> str:
    """Full-width forms made narrow (NFKC), as numbers and dates are compared."""
    return unicodedata.normalize("NFKC", text).strip()


def when(value: Any, year: int | None = None) -> When:
    """A day, a range of days, or a day with times. ``year`` completes ``3月5日``; without it that is unreadable."""
    if isinstance(value, datetime):
        clock = None if value.time() == time(0) else value.strftime("%H:%M")
        return When(_checked(value.year, value.month, value.day, value), start=clock)
    if isinstance(value, date):
        return When(_checked(value.year, value.month, value.day, value))
    if isinstance(value, float) and not isinstance(value, bool):
        return _serial(value)
    text = _WEEKDAY.sub(" ", narrow(plain(value))).strip()
    first, rest = _first_day(text, year, value)
    start = end = until = None
    borrowed = first[1]
    rest = rest.strip(" ,，;；T")
    joined = _TO.match(rest)
    if joined and joined.end():
        until, rest, more = _last_day(rest[joined.end() :], first[0], year, value)
        borrowed = borrowed or more
    rest = re.sub(r"^\s*(?:上午|下午|晚上|中午|早上)\s*$", "", rest)
    if rest.strip():
        start, end = clocks(rest)
    return When(first[0], until, start, end, borrowed)


def _serial(value: float) -> When:
    text = plain(value)
    match = _COMPACT.fullmatch(text)
    if match:
        return When(_checked(int(match[1]), int(match[2]), int(match[3]), value))
    if value.is_integer() and 20000 <= value <= 73415:
        meant = date.fromordinal(date(1899, 12, 30).toordinal() + int(value)).isoformat()
        raise Unreadable(f"日期写成了数字 {shown(text)}", f"若是 {meant}，把单元格设成日期格式")
    raise Unreadable(f"{shown(text)} 不是日期", "写成年-月-日，例如 2024-03-05")


def _first_day(text: str, year: int | None, value: Any) -> tuple[tuple[str, bool], str]:
    full = _FULL.match(text) or _COMPACT.match(text)
    if full:
        return (_checked(int(full[1]), int(full[2]), int(full[3]), value), False), text[full.end() :]
    short = _SHORT.match(text)
    if short is None:
        if _BARE.match(text):
            raise Unreadable(f"{shown(text)} 看不出是哪年哪月哪日", "写成年-月-日，例如 2024-03-05")
        raise Unreadable(f"{shown(text)} 不是日期", "写成年-月-日，例如 2024-03-05")
    if year is None:
        raise Unreadable(f"日期 {shown(text)} 没有年份", "写上年份，例如 2024年3月5日；或在表的标题里写明是哪一年")
    return (_checked(year, int(short[1]), int(short[2]), value), True), text[short.end() :]


def _last_day(rest: str, first: str, year: int | None, value: Any) -> tuple[str | None, str, bool]:
    """The last day of a range: whole, or with the year (and month) of the first; or a time, left to be read."""
    full = _FULL.match(rest)
    if full:
        return _checked(int(full[1]), int(full[2]), int(full[3]), value), rest[full.end() :], False
    short = _SHORT.match(rest)
    if short:
        return _checked(int(first[:4]), int(short[1]), int(short[2]), value), rest[short.end() :], False
    day = _DAY_ONLY.match(rest)
    if day:
        return _checked(int(first[:4]), int(first[5:7]), int(day[1]), value), rest[day.end() :], False
    raise Unreadable(f"{shown(plain(value))} 的止日看不出是哪天", "写成 2024-03-05至2024-03-07")


def _checked(year: int, month: int, day: int, value: Any) -> str:
    text = f"{year:04d}-{month:02d}-{day:02d}"
    if iso_day(text) is None:
        raise Unreadable(f"日历上没有 {shown(plain(value))} 这一天", "核对原始记录后改正")
    return text


def clocks(value: Any) -> tuple[str, str | None]:
    """A time of day, or the first and last of a range."""
    if isinstance(value, (time, datetime)):
        return value.strftime("%H:%M"), None
    text = narrow(plain(value))
    found = list(_CLOCK.finditer(text))
    between = _CLOCK.sub("", text)
    if not found or len(found) > 2 or _TO.sub("", between).strip(" ,，"):
        raise Unreadable(f"{shown(text)} 不是时刻", "写成 14:00，或 14:00-16:00")
    first = _time(found[0], None)
    return first, _time(found[1], found[0][1]) if len(found) == 2 else None


def _time(match: re.Match[str], half: str | None) -> str:
    part, hour, minute, minute_han, half_past = match.groups()
    number = int(hour)
    if (part or half) in ("下午", "晚上", "晚") and number < 12:
        number += 12
    minutes = int(minute or minute_han or (30 if half_past else 0))
    if number > 23 or minutes > 59:
        raise Unreadable(f"{shown(match[0])} 不是时刻", "写成 14:00")
    return f"{number:02d}:{minutes:02d}"


def count(value: Any) -> int:
    """A number of people or times: ``23``, ``23人``, ``十二人``."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value >= 0 and float(value).is_integer() and value < 10**9:
            return int(value)
        raise Unreadable(f"{shown(plain(value))} 不是人数或次数", "写成不带单位的整数，例如 12")
    text = narrow(plain(value)).replace(" ", "")
    match = _COUNT.fullmatch(text)
    if match:
        return int(match[1])
    han = _HAN_COUNT.fullmatch(text)
    number = _han(han[1]) if han else None
    if number is None:
        raise Unreadable(f"{shown(text)} 不是人数或次数", "写成整数，例如 12；约数、范围不能算数")
    return number


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
    """A number as text, its unit dropped: ``5天``, ``1.5学时``, ``180元``, ``¥180.00``."""
    text = narrow(plain(value)).replace(",", "").replace(" ", "")
    match = re.fullmatch(r"[¥￥]?([0-9]+(?:\.[0-9]+)?|[0-9]+/[0-9]+)(?:天|学时|课时|小时|元|分|日)?", text)
    if match is None:
        raise Unreadable(f"{shown(text)} 不是数", "写成不带单位的数，例如 0.5")
    return match[1]


def yes_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = narrow(plain(value))
    if text in YES_WORDS:
        return True
    if text in NO_WORDS:
        return False
    raise Unreadable(f"{shown(text)} 看不出是与否", "写 是 或 否")


def period(value: Any, year: int | None = None) -> str:
    """A period: ``2024``, ``2024年``, ``2024年3月``, ``2024年第一季度``, ``2024-03``, ``3月`` of a known year."""
    if isinstance(value, date):
        return f"{value.year}-{value.month:02d}"
    text = narrow(plain(value)).replace(" ", "")
    match = re.fullmatch(
        r"(?:([0-9]{4})年?度?)?(?:第?([一二三四1-4])季度|(上|下)半年|(?:[-.年/]?)([0-9]{1,2})月份?)?", text
    )
    if match is None or not text:
        return text
    quarter, half, month = match[2], match[3], match[4]
    own = match[1] or (str(year) if year and (quarter or half or month) else None)
    if own is None:
        raise Unreadable(f"期间 {shown(text)} 没有年份", "写上年份，例如 2024年3月、2024年第一季度")
    if quarter:
        return f"{own}Q{'一二三四'.find(quarter) + 1 or int(quarter)}"
    if half:
        return f"{own}H{1 if half == '上' else 2}"
    return f"{own}-{int(month):02d}" if month else own


def texts(value: Any, *, sentences: bool) -> list[str]:
    """Several short texts in one cell; ``sentences`` are parted by semicolons and lines only."""
    text = plain(value)
    listed = structured(text)
    if isinstance(listed, list):
        return listed
    if narrow(text) in NONE_WORDS:
        return []
    parts = re.split(r"[；;\n]+" if sentences else _SEPARATORS, text)
    return [part.strip() for part in parts if part.strip()]


def kinds(value: Any) -> list[str]:
    """The activity types in a cell, several if it names several: ``党员大会暨主题党日``, ``支委会、党课``."""
    text = _ORDINAL.sub("", plain(value)).strip()
    if not text:
        raise Unreadable(f"{shown(plain(value))} 不是活动类型", "例如 支委会、党员大会、党课")
    if activity_type(text):
        return [text]
    inner = _NOTE.match(text)
    if inner and "扩大" in inner[2] and activity_type(inner[1]) == "支委会":
        return ["支委扩大会"]
    parts = [inner[1], inner[2]] if inner and activity_type(inner[2]) else [inner[1] if inner else text]
    found = [piece for part in parts for piece in map(str.strip, _TYPE_SEPARATORS.split(part)) if piece]
    named = [_ORDINAL.sub("", piece) for piece in found]
    unknown = [piece for piece in named if activity_type(piece) is None]
    if unknown:
        if "三会一课" in unknown[0]:
            raise Unreadable("“三会一课”不是一种会", "写明是 支委会、党员大会、党小组会 还是 党课")
        near = nearest_activity_type(unknown[0])
        raise Unreadable(f"不认识的活动类型 {shown(unknown[0])}", f"最接近的是“{near}”；确属其他活动的写 其他")
    return list(dict.fromkeys(named))


def people(value: Any) -> list[Any] | int | None:
    """The people in a cell: names, each perhaps with a reason (``张三（病假）、李四``); a number if only that is
    written (``15人``, ``张三等15人``); None if it names nobody (``全体党员``)."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return count(value)
    text = plain(value)
    listed = structured(text)
    if isinstance(listed, list):
        return listed
    if narrow(text) in NONE_WORDS:
        return []
    squeezed = narrow(text).replace(" ", "")
    if _COUNT.fullmatch(squeezed) or _HAN_COUNT.fullmatch(squeezed):
        return count(text)
    headed = _HEAD_COUNT.fullmatch(squeezed)
    if headed:
        return int(headed[1])
    if re.fullmatch(r"(?:本支部|支部)?(?:全体|全部|所有)\S{0,12}", squeezed):
        return None
    return [_person(part) for part in _apart(text)]


def _apart(text: str) -> list[str]:
    """The entries of a list of people: separators inside brackets do not part, spaces inside a two-character name
    (``张　三``) are filled in, other spaces part."""
    held = re.sub(r"[（(][^（()）]*[)）]", lambda m: _SEPARATORS.sub(lambda s: "\ue000", m[0]), text)
    found: list[str] = []
    for part in _SEPARATORS.split(held):
        part = re.sub(r"^(?:请假|缺席|事假|病假|出席|列席|参会人员?|人员)[:：]", "", part.strip())
        part = re.sub(r"(?<![㐀-鿿])([㐀-鿿])\s+([㐀-鿿])(?![㐀-鿿])", r"\1\2", part)
        pieces = [part] if re.search(r"[A-Za-z（(]", part) else part.split()
        found += [piece.replace("\ue000", "，") for piece in pieces if piece]
    return found


def _person(text: str) -> Any:
    note = _NOTE.match(text)
    name, reason = (note[1], note[2]) if note else (text, "")
    name = name.strip()
    if not _NAME.fullmatch(name) or _NOT_NAMES.search(name):
        raise Unreadable(
            f"{shown(text)} 不像一个人名", "名单里只写姓名，用“、”隔开，事由写在姓名后的括号里；只知道人数的写人数"
        )
    if not reason:
        return name
    return {"name": name, "as": reason} if reason in ROLES else {"name": name, "reason": reason}


def structured(text: str) -> Any:
    """What a cell holds in brackets, ``[…]`` or ``{…}`` as JSON writes it; None if it is no such cell."""
    if not text or text[0] not in "[{":
        return None
    try:
        return json.loads(text)
    except ValueError:
        raise Unreadable("方括号、花括号里的写法有误", "对照导出的样式改正，或改成普通文字") from None
