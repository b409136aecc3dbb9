"""One cell into one field of an entry: read by the column's kind, put at its path, refused at its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from dangjian_check.errors import Location, Problem
from dangjian_check.loading.chinese import in_our_keys, put
from dangjian_check.loading.tree import Mapping, Sequence, Tree
from dangjian_check.model import notation
from dangjian_check.model.columns import Column
from dangjian_check.model.fields import shown
from dangjian_check.model.notation import Unreadable, plain

OTHER_WORDS = {"中共党员": "正式", "中共预备党员": "预备", "已完成": "已召开", "已开展": "已召开", "已举行": "已召开",
               "正常召开": "已召开", "未召开": "取消", "延期": "取消", }  # fmt: skip
_TAIL = re.compile(r"(?:党支部|支部|党员|选举)$")
_LAST_DAY = {"date": "until", "from": "to"}
_STAND_IN: dict[str, Any] = {"day": "2000-01-01", "types": ["其他"], "whole": 0, "number": "0", "period": "2000",
                             "clock": "00:00", "yes_no": False, "people": [], "texts": []}  # fmt: skip


@dataclass(slots=True)
class Page:
    """What is known and found while one sheet is read: the file's name, the year its title gives, and how often
    that year was needed."""

    file: str
    year: int | None = None
    year_from: str = ""
    borrowed: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def refuse(self, place: Location, message: str, remedy: str) -> None:
        self.problems.append(Problem.at(self.file, place, message, remedy))

    def note(self, place: Location, message: str, remedy: str) -> None:
        self.notes.append(Problem.at(self.file, place, message, remedy))


def fill(entry: Mapping, model: type[BaseModel], column: Column, value: Any, place: Location, page: Page,
         year: int | None = None) -> None:  # fmt: skip
    """Read a cell and put what it says into the entry; what cannot be read becomes a problem at the cell."""
    if plain(value) == "":
        return
    try:
        if column.kind == "day":
            _day(entry, model, column, value, place, page, year)
        else:
            _put(entry, column, _read(column, value, place, page, year), place, page)
    except Unreadable as error:
        page.refuse(place, error.message, error.remedy)
        put(entry, column.path.split("."), _STAND_IN.get(column.kind, "…"), place)


def _day(entry: Mapping, model: type[BaseModel], column: Column, value: Any, place: Location, page: Page,
         year: int | None) -> None:  # fmt: skip
    """A day, with the last day and the times that the cell may hold too."""
    held = [info.alias or name for name, info in model.model_fields.items()]
    try:
        found = notation.when(value, year or page.year)
    except Unreadable:
        if column.path not in entry or "start" not in held:
            raise
        found = notation.When("", None, *notation.clocks(value))
    page.borrowed += found.borrowed and year is None
    more = {_LAST_DAY.get(column.path, ""): found.until, "start": found.start, "end": found.end}
    for name, text in more.items():
        if text and name in held:
            put(entry, [name], text, place)
        elif text and name not in ("start", "end"):
            raise Unreadable(f"{shown(plain(value))} 写了两个日期", "这一栏只写一天")
    if found.day:
        _put(entry, column, found.day, place, page)


_READERS: dict[str, Callable[[Any], Any]] = {
    "clock": lambda value: notation.clocks(value)[0],
    "whole": notation.count,
    "number": notation.number,
    "types": notation.kinds,
    "yes_no": notation.yes_no,
    "text": plain,
}


def _read(column: Column, value: Any, place: Location, page: Page, year: int | None) -> Any:
    """The value a cell holds for a column that is no day."""
    if column.kind == "text" and isinstance(value, float) and abs(value) >= 1e15:
        raise Unreadable("编号写成了数字，末几位已经丢失", "把这一列设成文本格式，重新输入")
    if column.kind == "period":
        text = plain(value)
        page.borrowed += year is None and bool(page.year) and not any(char.isdigit() for char in text[:4].strip("第"))
        return notation.period(value, year or page.year)
    if column.kind in ("people", "count_or_people"):
        return _people(column, value, place, page)
    if column.kind == "texts":
        return _list(notation.texts(value, sentences=column.sentences), place)
    if column.kind == "choice":
        return _choice(column, plain(value))
    if column.kind in ("nested", "many", "steps"):
        return _structured(column, value, place, page)
    return _READERS[column.kind](value)


def _choice(column: Column, text: str) -> str:
    """The option that is meant: as written, by its other name, or with 党员, 党支部 … after it."""
    if text in column.options:
        return text
    other = OTHER_WORDS.get(text, text)
    return next((o for o in column.options if o == other or _TAIL.sub("", other) == o), text)


def _people(column: Column, value: Any, place: Location, page: Page) -> Any:
    found = notation.people(value)
    if found is None:
        page.note(place, f"{shown(plain(value))} 没有写是谁，当作没有名单", "要按人核的，写出姓名")
        return None
    if isinstance(found, int):
        if column.kind == "people":
            page.note(place, f"{shown(plain(value))} 只有人数，当作没有名单", "要按人核的，写出姓名")
            return None
        return found
    return _list(found, place)


def _structured(column: Column, value: Any, place: Location, page: Page) -> Any:
    """A cell in brackets, as the workbook template writes what has fields of its own."""
    found = notation.structured(plain(value))
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
        holder = holder[step]
    old = holder[path[-1]]
    if column.kind == "count_or_people":
        _head_count(holder, path[-1], old, value, place, page)
    elif column.kind == "text":
        holder[path[-1]] = old if value == old else f"{old}；{value}"
    elif isinstance(old, list) and isinstance(value, Sequence):
        holder[path[-1]].extend(value)
        holder[path[-1]].at.extend(value.at)
    elif old != value:
        page.refuse(place, f"与同一行另一栏的 {shown(old)} 不一致", "核对后改成一致，或删去一栏")


def _head_count(holder: Mapping, name: str, old: Any, value: Any, place: Location, page: Page) -> None:
    """A list of names says more than a number; where the two differ, nobody knows which is meant."""
    people, number = (old, value) if isinstance(old, Sequence) else (value, old)
    if not isinstance(people, Sequence):
        if people != number:
            page.refuse(place, f"同一行里人数一处是 {old}，一处是 {value}", "核对后改成一致")
        return
    holder.put(name, people, people.place if people.place else place)
    if isinstance(number, int) and number != len(people):
        page.refuse(place, f"人数写 {number}，名单有 {len(people)} 人", "核对后改成一致；名单不全的只写人数")
