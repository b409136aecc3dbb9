"""Sheets laid out as forms: a label and, to its right, what it says. The branch's own sheet, and meetings written one
to a form."""

from __future__ import annotations

import re
from functools import partial

from pydantic import BaseModel

from dangjian_check.errors import Location
from dangjian_check.loading.cells import Page, checked, fill, placed
from dangjian_check.loading.joining import Line
from dangjian_check.loading.pairs import Pair, pairs
from dangjian_check.loading.sheets import Sheet
from dangjian_check.loading.tables import Head, type_named
from dangjian_check.loading.tree import Mapping
from dangjian_check.model import moments, notation
from dangjian_check.model.activity import Activity
from dangjian_check.model.columns import column_for, known_words, named_fields, normal
from dangjian_check.model.fields import shown
from dangjian_check.model.headings import PASSED_OVER
from dangjian_check.model.notation import Unreadable, plain
from dangjian_check.model.record import Branch, Headcount, Organization, Record

_SUPERIOR = re.compile(r"^(?:上级)?党组织(?:基本情况)?$")
_SHEETS = re.compile(r"基本情况|基本信息|支部信息|支部概况|封面|概况")
_MONTHLY = re.compile(r"每月\s*([0-9]{1,2})\s*[日号]?")
_WEEKLY = re.compile(r"每月(?:的)?第?([一二三四五1-5])?个?\s*(?:星期|周)([一二三四五六日天])")
_NUMBERS = "一二三四五"
_NOTES = 5
Top = dict[str, tuple[object, Location]]


def body_form(sheet: Sheet, found: list[Head], page: Page) -> tuple[str, Mapping, Top] | None:
    """The branch (or superior organization), the key it goes under, and the record's own keys, from a sheet of labels
    and values; None if the sheet is none."""
    if found:
        return None
    superior = _SUPERIOR.search(sheet.name) is not None
    key, model = ("organization", Organization) if superior else ("branch", Branch)
    listed = pairs(sheet, range(len(sheet.rows)), partial(_known_of_body, model))
    known = [pair for pair in listed if _column(model, pair.label) or _top(pair.label)]
    named = superior or _SHEETS.search(sheet.name) is not None
    if not known or not (named or any(_column(model, pair.label) == "name" for pair in known)):
        return None
    if not named and (len(known) < 2 or len(known) < len(listed) // 2):
        return None
    body, top = Mapping(known[0].place), Top()
    for pair in listed:
        if _top(pair.label):
            _put_top(top, pair, page)
        elif normal(pair.label) in known_words(model):
            _fill_body(body, model, pair, page)
    _tell_unread([pair for pair in listed if not pair.label], known[0].place.line, page)
    return key, body, top


def unfilled(sheet: Sheet, rows: range) -> bool:
    """Whether there is nothing but labels of a form, and nothing beside them."""
    said = [own for row in rows if (own := sheet.own(row))]
    known = (partial(_known_of_body, Branch), partial(_known_of_body, Organization), _known_of_activity)
    return all(len(own) == 1 and any(knows(own[0][1]) for knows in known) for own in said)


def _known_of_body(model: type[BaseModel], label: str) -> bool:
    return normal(label) in known_words(model) or _top(label) is not None or normal(label) in PASSED_OVER


def _known_of_activity(label: str) -> bool:
    return column_for(Activity, label) is not None or normal(label) in PASSED_OVER


def _tell_unread(left: list[Pair], since: int, page: Page) -> None:
    """A note for each of the first cells below row ``since`` that belong to no label."""
    unread = [pair for pair in left if pair.place.line > since and not plain(pair.value).isdigit()]
    for pair in unread[:_NOTES]:
        page.note(pair.place, f"{shown(plain(pair.value))} 没有读", "是记录的，左边写上是哪一项")
    if len(unread) > _NOTES:
        page.note(unread[_NOTES].place, f"另有 {len(unread) - _NOTES} 格没有读", "是记录的，左边写上是哪一项")


def _column(model: type[BaseModel], label: str) -> str | None:
    found = column_for(model, label)
    return found.path if found else None


def _top(label: str) -> str | None:
    word = normal(label)
    head = named_fields(Headcount).get(word)
    if head:
        return f"headcount.{head}"
    name = named_fields(Record).get(word)
    return name if name in ("coverage", "calendar", "committee", "headcount") else None


def _put_top(top: Top, pair: Pair, page: Page) -> None:
    name, place = _top(pair.label) or "", pair.place
    try:
        read = _top_value(name, checked(pair.value))
    except Unreadable as error:
        page.refuse(place, error.message, error.remedy)
        return
    if not name.startswith("headcount."):
        top[name] = (placed(read, place), place)
        return
    held, _ = top.setdefault("headcount", (Mapping(place), place))
    assert isinstance(held, Mapping)
    held.put(name.partition(".")[2], read, place)


def _top_value(name: str, value: object) -> object:
    if name.startswith("headcount."):
        return notation.count(value)
    listed = notation.structured(plain(value))
    if listed is not None:
        return listed
    if name == "coverage":
        span = moments.when(value)
        return {"from": span.day, "to": span.until or span.day}
    if name == "committee":
        return {"exists": notation.yes_no(value)}
    raise Unreadable("这一项看不懂", "照 dj-check new --xlsx 给出的样表写")


def _fill_body(body: Mapping, model: type[BaseModel], pair: Pair, page: Page) -> None:
    column = known_words(model)[normal(pair.label)]
    if column.path == "theme_day" and notation.structured(plain(pair.value)) is None:
        day = theme_day(plain(pair.value))
        if day is None:
            page.refuse(pair.place, "主题党日的约定看不懂", "写 每月15日，或 每月第一个周五")
        else:
            body.put("theme_day", placed(day, pair.place), pair.place)
        return
    fill(body, model, column, pair.value, pair.place, page)


def theme_day(text: str) -> dict[str, object] | None:
    """``每月15日`` or ``每月第一个周五`` as the record writes it."""
    text = notation.narrow(text).replace(" ", "")
    monthly = _MONTHLY.fullmatch(text)
    if monthly:
        return {"day": int(monthly[1])}
    weekly = _WEEKLY.fullmatch(text)
    if weekly is None:
        return None
    day: dict[str, object] = {"weekday": f"周{weekly[2].replace('天', '日')}"}
    if weekly[1]:
        day["nth"] = _NUMBERS.find(weekly[1]) + 1 or int(weekly[1])
    return day


def forms(sheet: Sheet, rows: range, titles: str, page: Page) -> list[Line]:
    """Meetings written as forms, one below the other: a label that comes again begins the next."""
    listed = pairs(sheet, rows, _known_of_activity)
    if not any(_column(Activity, pair.label) == "date" for pair in listed):
        return []
    parts: list[list[Pair]] = []
    seen: set[str] = set()
    for pair in listed:
        label = normal(pair.label)
        if label and column_for(Activity, pair.label):
            if not parts or label in seen:
                parts.append([])
                seen.clear()
            seen.add(label)
            parts[-1].append(pair)
    made = [line for part in parts if (line := _form(part, titles, sheet, page)) is not None]
    if made:
        _tell_unread([pair for pair in listed if not pair.label], made[0].entry.place.line, page)
    return made


def _form(part: list[Pair], titles: str, sheet: Sheet, page: Page) -> Line | None:
    """One meeting; None, with a note, if its form says no day."""
    place = part[0].place
    if not any(_column(Activity, pair.label) == "date" for pair in part):
        page.note(place, "这一段没有写日期，没有读", "是记录的，补上“日期”一项")
        return None
    line = Line("activities", Mapping(place))
    for pair in part:
        column = column_for(Activity, pair.label)
        if column is not None:
            fill(line.entry, Activity, column, pair.value, pair.place, page)
    told = type_named(sheet.name) or type_named(titles)
    if told and "type" not in line.entry:
        line.entry.put("type", told, place)
        page.note(place, f"没有写类型，取自表名或标题：{told}", "不对的，加一项“类型”写明")
    return line
