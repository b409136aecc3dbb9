"""Sheets laid out as forms: a label and, to its right, what it says. The branch's own sheet, and meetings written one
to a form."""

from __future__ import annotations

import re

from pydantic import BaseModel

from dangjian_check.errors import Location
from dangjian_check.loading.cells import Page, fill, placed
from dangjian_check.loading.rows import Line
from dangjian_check.loading.sheets import Sheet
from dangjian_check.loading.tables import Head, type_named
from dangjian_check.loading.tree import Mapping
from dangjian_check.model import notation
from dangjian_check.model.activity import Activity
from dangjian_check.model.columns import Column, known_words, named_fields, normal
from dangjian_check.model.headings import PASSED_OVER
from dangjian_check.model.notation import Unreadable, plain
from dangjian_check.model.record import Branch, Headcount, Organization, Record

_SUPERIOR = re.compile(r"^(?:上级)?党组织(?:基本情况)?$")
_SHEETS = re.compile(r"基本情况|基本信息|支部信息|支部概况|封面|概况")
_MONTHLY = re.compile(r"每月\s*([0-9]{1,2})\s*[日号]?")
_WEEKLY = re.compile(r"每月(?:的)?第?([一二三四五1-5])?个?\s*(?:星期|周)([一二三四五六日天])")
_NUMBERS = "一二三四五"
Top = dict[str, tuple[object, Location]]


def body_form(sheet: Sheet, found: list[Head], page: Page) -> tuple[str, Mapping, Top] | None:
    """The branch (or superior organization) and the record's own keys from a sheet of labels and values; None if the
    sheet is none."""
    key, model = ("organization", Organization) if _SUPERIOR.search(sheet.name) else ("branch", Branch)
    pairs = _pairs(sheet, model)
    known = [pair for pair in pairs if _column(model, pair[0]) or _top(pair[0])]
    named = _SUPERIOR.search(sheet.name) or _SHEETS.search(sheet.name)
    if found or not known or not (named or any(_column(model, p[0]) == "name" for p in known)):
        return None
    if not named and len(known) < 2:
        return None
    body, top = Mapping(known[0][2]), Top()
    for label, value, place in pairs:
        if _top(label):
            _put_top(top, label, value, place, page)
        elif normal(label) in known_words(model):
            _fill(body, model, known_words(model)[normal(label)], value, place, page)
    return key, body, top


def _column(model: type[BaseModel], label: str) -> str | None:
    found = known_words(model).get(normal(label))
    return found.path if found else None


def _top(label: str) -> str | None:
    word = normal(label)
    head = named_fields(Headcount).get(word)
    if head:
        return f"headcount.{head}"
    name = named_fields(Record).get(word)
    return name if name in ("coverage", "calendar", "committee", "headcount") else None


def _pairs(sheet: Sheet, model: type[BaseModel]) -> list[tuple[str, object, Location]]:
    """Label, value and the value's place, reading each row from left to right."""
    found: list[tuple[str, object, Location]] = []
    for row in range(len(sheet.rows)):
        label = ""
        for column, text in sheet.own(row):
            known = normal(text) in known_words(model) or _top(text) or normal(text) in PASSED_OVER
            if known and (not label or model is Activity):
                label = text
            elif label:
                found.append((label, sheet.rows[row][column], sheet.place(row, column)))
                label = ""
    return found


def _put_top(top: Top, label: str, value: object, place: Location, page: Page) -> None:
    name = _top(label) or ""
    try:
        read = _top_value(name, value)
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
        span = notation.when(value)
        return {"from": span.day, "to": span.until or span.day}
    if name == "committee":
        return {"exists": notation.yes_no(value)}
    raise Unreadable("这一项看不懂", "照 dj-check new --xlsx 给出的样表写")


def _fill(body: Mapping, model: type[BaseModel], column: Column, value: object, place: Location, page: Page) -> None:
    if column.path == "theme_day" and notation.structured(plain(value)) is None:
        day = theme_day(plain(value))
        if day is None:
            page.refuse(place, "主题党日的约定看不懂", "写 每月15日，或 每月第一个周五")
        else:
            body.put("theme_day", placed(day, place), place)
        return
    fill(body, model, column, value, place, page)


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


def forms(sheet: Sheet, titles: str, page: Page) -> list[Line]:
    """Meetings written as forms, one below the other: a label that comes again begins the next."""
    made: list[Line] = []
    known = known_words(Activity)
    for label, value, place in _pairs(sheet, Activity):
        column = known.get(normal(label))
        if column is None:
            continue
        if not made or (column.path == "date" and "date" in made[-1].entry):
            made.append(Line("activities", Mapping(place)))
        fill(made[-1].entry, Activity, column, value, place, page)
    made = [line for line in made if "date" in line.entry]
    told = type_named(sheet.name) or type_named(titles)
    for line in made:
        if told and "type" not in line.entry:
            line.entry.put("type", told, line.entry.place)
    return made
