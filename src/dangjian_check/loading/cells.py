"""One cell into one field of an entry: read by the column's kind, put at its path, refused at its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from dangjian_check.errors import Location, Problem
from dangjian_check.loading.chinese import in_our_keys, put
from dangjian_check.loading.sheets import Lost
from dangjian_check.loading.tree import Mapping, Sequence, Tree
from dangjian_check.model import moments, name_lists, notation
from dangjian_check.model.columns import Column, required
from dangjian_check.model.fields import shown
from dangjian_check.model.notation import NO_WORDS, NOT_WRITTEN, Unreadable, plain

OTHER_WORDS = {"中共党员": "正式", "中共预备党员": "预备", "未召开": "取消", "延期": "取消"} | dict.fromkeys(
    ("已完成", "已开展", "已举行", "正常召开", "正常", "审核通过", "已审核", "已上报"), "已召开"
)
_TAIL = re.compile(r"(?:党支部|支部|党员|选举)$")
_MOST_DIGITS = 1e15
_MAY_BE_DASHED = frozenset({"day", "clock", "text", "number", "period", "nested", "choice"})
_DATELESS = re.compile(r"[^0-9零\u3007一二三四五六七八九十]+")
_MONTH_ONLY = re.compile(r"[0-9]{4}\s*[-/.年]\s*[0-9]{1,2}\s*月?")
_ATTENDANCE = Column("attendance", "nested", ())
_DATE, _UNTIL = Column("date", "day", ()), Column("until", "day", ())
_JOINED = frozenset({"remark", "topic"})
_LAST_DAY = {"date": "until", "from": "to"}
_STAND_IN: dict[str, Any] = {"day": "2000-01-01", "types": ["其他"], "whole": 0, "number": "0", "period": "2000",
                             "clock": "00:00", "yes_no": False, "people": [], "texts": []}  # fmt: skip


@dataclass(slots=True)
class Page:
    """What is known and found while one sheet is read: the file's name, the year that completes days without one and
    where it stands (``标题``), how often which such year was needed, and of which branch each row is."""

    file: str
    year: int | None = None
    year_from: str = ""
    borrowed: Counter[tuple[int, str]] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    branches: dict[int, str] = field(default_factory=dict)

    def borrow(self) -> None:
        """Count one more day that got its year from elsewhere."""
        if self.year is not None:
            self.borrowed[self.year, self.year_from] += 1

    def refuse(self, place: Location, message: str, remedy: str) -> None:
        self.problems.append(Problem.at(self.file, place, message, remedy))

    def note(self, place: Location, message: str, remedy: str) -> None:
        self.notes.append(Problem.at(self.file, place, message, remedy))


def fill(entry: Mapping, model: type[BaseModel], column: Column, value: Any, place: Location, page: Page,
         year: int | None = None) -> None:  # fmt: skip
    """Read a cell and put what it says into the entry; what cannot be read becomes a problem at the cell."""
    text = plain(value)
    if text == "" or (text in NOT_WRITTEN and column.kind in _MAY_BE_DASHED):
        return
    try:
        whole = _turnout(column, checked(value))
        if column.kind == "day":
            _day(entry, model, column, value, place, page, year)
        elif column.kind == "clock":
            _clock(entry, column, value, place, page)
        elif whole is not None:
            put_turnout(entry, whole, place, page)
        else:
            _put(entry, column, _read(column, value, place, page, year), place, page)
    except Unreadable as error:
        page.refuse(place, error.message, error.remedy)
        put(entry, column.path.split("."), _STAND_IN.get(column.kind, "…"), place)


def checked(value: Any) -> Any:
    """A cell's value, unless the workbook has lost it."""
    if isinstance(value, Lost):
        raise Unreadable(value.message, value.remedy)
    if isinstance(value, float) and abs(value) >= _MOST_DIGITS:
        raise Unreadable("编号写成了数字，末几位已经丢失", "把这一列设成文本格式，重新输入")
    return value


def _day(entry: Mapping, model: type[BaseModel], column: Column, value: Any, place: Location, page: Page,
         year: int | None) -> None:  # fmt: skip
    """A day, with the last day and the times that the cell may hold too."""
    held = [info.alias or name for name, info in model.model_fields.items()]
    try:
        found = moments.when(value, year or page.year)
    except Unreadable:
        if _says_no_day(model, column, plain(value)):
            page.note(place, f"{shown(plain(value))} 不是哪一天，当作没有写", "知道是哪天的，写成年-月-日")
            return
        if column.path not in entry or "start" not in held:
            raise
        found = moments.When("", None, *moments.clocks(value))
    if found.borrowed and year is None:
        page.borrow()
    more = {_LAST_DAY.get(column.path, ""): found.until, "start": found.start, "end": found.end}
    for name, text in more.items():
        if text and name in held:
            put(entry, [name], text, place)
        elif text and name not in ("start", "end"):
            raise Unreadable(f"{shown(plain(value))} 写了两个日期", "这一栏只写一天")
    if found.day:
        _put(entry, column, found.day, place, page)


def _says_no_day(model: type[BaseModel], column: Column, text: str) -> bool:
    """Whether a field that may be left out holds words or a mere month: ``长期坚持``, ``2005.07``."""
    return column.path not in required(model) and bool(_DATELESS.fullmatch(text) or _MONTH_ONLY.fullmatch(text))


def _clock(entry: Mapping, column: Column, value: Any, place: Location, page: Page) -> None:
    """A time of day; where the day is written with it, it is that of the entry."""
    try:
        found = moments.when(value)
    except Unreadable:
        _put(entry, column, moments.clocks(value)[0], place, page)
        return
    if column.path == "start" or found.day != entry.get("date", found.day):
        _put(entry, _UNTIL if column.path == "end" else _DATE, found.day, place, page)
    if found.start:
        _put(entry, column, found.start, place, page)


_READERS: dict[str, Callable[[Any], Any]] = {
    "whole": notation.count,
    "number": notation.number,
    "types": notation.kinds,
    "yes_no": notation.yes_no,
    "text": plain,
}


def _read(column: Column, value: Any, place: Location, page: Page, year: int | None) -> Any:
    """The value a cell holds for a column that is no day."""
    if column.kind == "period":
        found = moments.period(value, year or page.year)
        if year is None and page.year and not _states_year(value):
            page.borrow()
        return found
    if column.kind in ("people", "count_or_people"):
        return _people(column, value, place, page)
    if column.kind == "texts":
        return _list(notation.texts(value, sentences=column.sentences), place)
    if column.kind == "choice":
        return _choice(column, plain(value))
    if column.kind in ("nested", "many", "steps"):
        return _structured(column, value, place, page)
    return _READERS[column.kind](value)


def _states_year(value: Any) -> bool:
    """Whether a period names its own year: read without another it is the same."""
    try:
        return moments.period(value) != ""
    except Unreadable:
        return False


def _choice(column: Column, text: str) -> str:
    """The option that is meant: as written, by its other name, or with 党员, 党支部 … after it."""
    if text in column.options:
        return text
    other = OTHER_WORDS.get(text, text)
    return next((o for o in column.options if o == other or _TAIL.sub("", other) == o), text)


def _people(column: Column, value: Any, place: Location, page: Page) -> Any:
    found = name_lists.listed(value, titled=column.path.endswith("guests"))
    if found is None:
        page.note(place, f"{shown(plain(value))} 没有写是谁，当作没有名单", "要按人核的，写出姓名")
        return None
    if isinstance(found, int):
        if column.kind == "people":
            page.note(place, f"{shown(plain(value))} 只有人数，当作没有名单", "要按人核的，写出姓名")
            return None
        return found
    return _list(found, place)


def _turnout(column: Column, value: Any) -> dict[str, Any] | None:
    """What a cell about attendance says of several numbers at once; None if it says one thing, as its column asks."""
    if column.path.partition(".")[0] != "attendance" or plain(value)[:1] in ("[", "{"):
        return None
    try:
        return name_lists.turnout(value)
    except Unreadable:
        if column.path == "attendance":
            raise
        return None


def put_turnout(entry: Mapping, whole: dict[str, Any], place: Location, page: Page) -> None:
    """Put how many came of how many into an activity."""
    _put(entry, _ATTENDANCE, placed(whole, place), place, page)


def _structured(column: Column, value: Any, place: Location, page: Page) -> Any:
    """A cell in brackets, as the workbook template writes what has fields of its own."""
    found = notation.structured(plain(value))
    if found is None and plain(value) in NO_WORDS:
        return None
    if found is None and column.kind == "steps":
        raise Unreadable(f"{shown(plain(value))} 看不出是哪一步、哪一天", "一步一列，列名写步骤，格子里写日期")
    if found is None:
        page.note(place, f"{shown(plain(value))} 没有读成数据，当作没有写", "照导出的样式写，或写在记录里")
        return None
    found = _list(found, place) if isinstance(found, list) else placed(found, place)
    if not column.models:
        return found
    holder = Mapping(place)
    holder.put(column.path.rpartition(".")[2], found, place)
    return _translated(holder, column, page)


def _translated(holder: Mapping, column: Column, page: Page) -> Any:
    """What a bracketed cell holds, its Chinese keys replaced by ours."""
    model = column.models[0]
    (value,) = holder.values()
    items = value if isinstance(value, Sequence) else [value]
    made = Sequence(holder.place)
    for item in items:
        read = in_our_keys(Tree(page.file, item), model)
        page.problems.extend(read.problems)
        made.add(read.data, holder.place)
    return made if isinstance(value, Sequence) else made[0]


def _list(items: list[Any], place: Location) -> Sequence:
    made = Sequence(place)
    for item in items:
        made.add(placed(item, place), place)
    return made


def placed(item: Any, place: Location) -> Any:
    """Plain data in which everything stands in one cell."""
    if isinstance(item, list):
        return _list(item, place)
    if not isinstance(item, dict):
        return item
    made = Mapping(place)
    for key, value in item.items():
        made.put(str(key), placed(value, place), place)
    return made


def _put(entry: Mapping, column: Column, value: Any, place: Location, page: Page) -> None:
    """Put a value at its path; where an earlier column filled it, the two are brought together or refused."""
    if value is None:
        return
    path = column.path.split(".")
    if put(entry, path, value, place):
        return
    holder: Any = entry
    for step in path[:-1]:
        holder = holder.get(step) if isinstance(holder, Mapping) else None
    if not isinstance(holder, Mapping) or path[-1] not in holder:
        page.refuse(place, "与同一行另一栏说的是同一项", "只在一栏写")
        return
    if column.kind == "count_or_people":
        _head_count(holder, path[-1], value, place, page)
    else:
        _bring_together(holder, path[-1], column.kind, value, place, page)


def _bring_together(holder: Mapping, name: str, kind: str, value: Any, place: Location, page: Page) -> None:
    old = holder[name]
    if isinstance(old, Mapping) and isinstance(value, Mapping):
        for key in value:
            if old[key] != value[key]:
                _head_count(old, key, value[key], place, page)
    elif kind == "text" and name in _JOINED:
        holder[name] = old if value == old else f"{old}；{value}"
    elif isinstance(old, Sequence) and isinstance(value, Sequence):
        for item, where in zip(value, value.at, strict=True):
            old.add(item, where)
    elif old != value:
        page.refuse(place, f"与同一行另一栏的 {shown(old)} 不一致", "核对后改成一致，或删去一栏")


def _head_count(holder: Mapping, name: str, value: Any, place: Location, page: Page) -> None:
    """A list of names says more than a number; where the two differ, nobody knows which is meant."""
    old = holder[name]
    if isinstance(old, Sequence) and isinstance(value, Sequence):
        if _names(old) != _names(value):
            page.refuse(place, "同一行里两栏的名单不一样", "核对后改成一致，或删去一栏")
        return
    listed, number = (old, value) if isinstance(old, Sequence) else (value, old)
    if not isinstance(listed, Sequence):
        if listed != number:
            page.refuse(place, f"同一行里人数一处是 {old}，一处是 {value}", "核对后改成一致")
        return
    holder.put(name, listed, listed.place)
    if isinstance(number, int) and number != len(listed):
        page.refuse(place, f"人数写 {number}，名单有 {len(listed)} 人", "核对后改成一致；名单不全的只写人数")


def _names(listed: Sequence) -> set[str]:
    return {str(person.get("name") if isinstance(person, Mapping) else person) for person in listed}
