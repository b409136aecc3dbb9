"""Days, times of day and periods as people write them in a cell. A year that is not written is not guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any, NamedTuple

from dangjian_check.model.calendar import FIRST_DAY, iso_day
from dangjian_check.model.fields import shown
from dangjian_check.model.notation import Unreadable, counted, narrow, plain, short

_FULL = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*[日号]?")
_COMPACT = re.compile(r"([12][0-9]{3})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])")
_SHORT = re.compile(r"([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]?")
_DAY_ONLY = re.compile(r"([0-9]{1,2})\s*[日号]")
_BARE = re.compile(r"[0-9]{1,2}\s*[-/.]\s*[0-9]{1,2}")
_MONTH_AND_DAY = re.compile(r"([0-9]{1,2})\s*[-/.]\s*([0-9]{1,2})(?![0-9./年-])")
_HAN_DAY = re.compile(
    r"([零\u3007一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]?"
)
_TO = re.compile(r"\s*(?:至|到|—+|–|~|～|-{1,2})\s*")
_CLOCK = re.compile(
    r"(上午|早上|下午|晚上|中午|晚)?\s*([0-9]{1,2})\s*(?:[:：]\s*([0-9]{2})(?:[:：][0-9]{2})?|[时点]\s*(?:([0-9]{1,2})\s*分?|(半))?)"
)
_WEEKDAY = re.compile(r"[（(]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*[)）]?")


class When(NamedTuple):
    """A day as a cell wrote it: ISO text, the last day and the times if they were written too, and whether the
    year was taken from outside the cell."""

    day: str
    until: str | None = None
    start: str | None = None
    end: str | None = None
    borrowed: bool = False


def when(value: Any, year: int | None = None) -> When:
    """A day, a range of days, or a day with times. ``year`` completes ``3月5日``; without it that is unreadable."""
    if isinstance(value, date):
        if value.year <= FIRST_DAY.year:
            raise Unreadable(f"{shown(plain(value))} 是日期格式的数字，不是一个日子", "重新输入年-月-日")
        clock = value.strftime("%H:%M") if isinstance(value, datetime) and value.time() != time(0) else None
        return When(_checked(value.year, value.month, value.day, value), start=clock)
    if isinstance(value, float):
        return _serial(value)
    text = _WEEKDAY.sub(" ", _in_digits(short(value, "不是日期", "写成年-月-日，例如 2024-03-05"))).strip()
    first, rest = _first_day(text, year, value)
    start = end = until = None
    borrowed = first[1]
    rest = rest.strip(" ,;T")
    joined = _TO.match(rest)
    if joined and joined.end():
        until, rest, more = _last_day(rest[joined.end() :], first[0], year, value)
        borrowed = borrowed or more
    if re.match(r"\s*[、,和及]\s*[0-9]", rest):
        raise Unreadable(f"{shown(plain(value))} 写了几个日子", "一天写一行；连着的几天写成 2024-03-05至2024-03-07")
    rest = re.sub(r"^\s*(?:(?:上午|下午|晚上|中午|早上)|0{1,2}:00(?::00(?:\.0+)?)?)\s*$", "", rest)
    if rest.strip():
        start, end = clocks(rest)
    return When(first[0], until, start, end, borrowed)


def _in_digits(text: str) -> str:
    """``二〇二四年三月五日`` with digits."""
    match = _HAN_DAY.match(text)
    if match is None:
        return text
    year, month, day = match.groups()
    digits = "".join(str("零一二三四五六七八九".find(char.replace("\u3007", "零"))) for char in year)
    return f"{digits}年{counted(month)}月{counted(day)}日{text[match.end() :]}"


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
    short = _SHORT.match(rest) or _MONTH_AND_DAY.match(rest)
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


def days_in(text: str) -> set[str]:
    """The days a title names in full."""
    found = (f"{int(m[1]):04d}-{int(m[2]):02d}-{int(m[3]):02d}" for m in _FULL.finditer(narrow(text)))
    return {day for day in found if iso_day(day)}


def clocks(value: Any) -> tuple[str, str | None]:
    """A time of day, or the first and last of a range."""
    if isinstance(value, (time, datetime)):
        return value.strftime("%H:%M"), None
    text = short(value, "不是时刻", "写成 14:00，或 14:00-16:00")
    found = list(_CLOCK.finditer(text))
    between = _CLOCK.sub("", text)
    if not found or len(found) > 2 or _TO.sub("", between).strip(" ,，"):
        raise Unreadable(f"{shown(text)} 不是时刻", "写成 14:00，或 14:00-16:00")
    first = _time(found[0], None)
    return first, _time(found[1], found[0][1]) if len(found) == 2 else None


def _time(match: re.Match[str], half: str | None) -> str:
    part, hour, minute, minute_han, half_past = match.groups()
    number = int(hour)
    if ((part or half) in ("下午", "晚上", "晚") and number < 12) or ((part or half) == "中午" and number < 11):
        number += 12
    minutes = int(minute or minute_han or (30 if half_past else 0))
    if number > 23 or minutes > 59 or (part in ("晚上", "晚") and number == 12):
        raise Unreadable(f"{shown(match[0])} 不是时刻", "写成 14:00")
    return f"{number:02d}:{minutes:02d}"


def period(value: Any, year: int | None = None) -> str:
    """A period: ``2024``, ``2024年``, ``2024年3月``, ``2024年第一季度``, ``2024-03``, ``3月`` of a known year."""
    if isinstance(value, date):
        return f"{value.year}-{value.month:02d}"
    text = short(value, "不是期间", "写成 2024、2024年3月、2024年第一季度").replace(" ", "")
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
