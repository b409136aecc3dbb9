"""Rows that together make one entry: people who signed in, candidates, grades, months of dues, the two of a talk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dangjian_check.errors import Location
from dangjian_check.loading.cells import Page, fill, placed
from dangjian_check.loading.chinese import put
from dangjian_check.loading.tables import Head
from dangjian_check.loading.tree import Mapping, Sequence
from dangjian_check.model import moments, name_lists, notation
from dangjian_check.model.columns import known_words
from dangjian_check.model.fields import shown
from dangjian_check.model.notation import NONE_WORDS, Unreadable, plain
from dangjian_check.model.series import Dues, Election

_SIGNED = {
    word: kept
    for kept, words in {
        "present": "已签到 签到 出席 实到 到会 √",
        "make_up": "已补 补签 补学",
        "leave": "请假 病假 事假 公假",
        "absent": "缺席 未签到 缺勤 未到",
    }.items()
    for word in words.split()
}
MADE_UP = frozenset(word for word, kept in _SIGNED.items() if kept == "make_up")
_REASONS = frozenset({"病假", "事假", "公假"})


@dataclass(slots=True)
class Line:
    """One entry of a series as it is being made, with the branch its row names (if the table has such a column)."""

    series: str
    entry: Mapping
    branch: str | None = None
    year: int | None = None


Found = dict[object, Line]  # by what they have in common; lines that stand alone by themselves


def joined(head: Head, made: list[Line], page: Page) -> list[Line]:
    """Rows that together make one entry, joined; other rows as they are."""
    if head.name == "dues":
        return [line for one in made for line in _dues(one, page)]
    join = _JOINERS.get(head.name)
    if join is None:
        return made
    found: Found = {}
    for line in made:
        join(line, found, page)
    return list(found.values())


def append(entry: Mapping, path: list[str], item: object, place: Location) -> None:
    """Add an item to the list at a path, making the list if need be."""
    holder = entry
    for step in path[:-1]:
        if step not in holder:
            holder.put(step, Mapping(place), place)
        holder = holder[step]
    if path[-1] not in holder:
        put(holder, path[-1:], Sequence(place), place)
    holder[path[-1]].add(placed(item, place), place)


def _kept(line: Line, found: Found, names: tuple[str, ...]) -> Mapping:
    """The entry of the first line that says the same under these names; this line's if it is the first."""
    key = (line.branch, *(str(line.entry.get(name)) for name in names))
    return found.setdefault(key, line).entry


def _dues(line: Line, page: Page) -> Iterator[Line]:
    """A row of dues: one month, or a column for each of the twelve."""
    months: dict[str, list[str]] = {}
    for key in line.entry:
        if key.startswith("_month"):
            months.setdefault(key.split(":")[1] if ":" in key else "", []).append(key)
    for month, keys in (months or {"": []}).items():
        place = line.entry.at[keys[0]][1] if month else line.entry.place
        entry = Mapping(place)
        for name, value in line.entry.items():
            if not name.startswith("_month") and not (months and name == "month"):
                entry.put(name, value, line.entry.at[name][1])
        if not keys or _month_paid(line, month, keys, entry, page):
            _by_state(entry, page)
            yield Line("dues", entry, line.branch)


def _month_paid(line: Line, month: str, keys: list[str], entry: Mapping, page: Page) -> bool:
    """What the cells of one month say: amounts and a day, or in a plain ``月`` column the month itself."""
    said = [(key, line.entry[key], line.entry.at[key][1]) for key in keys]
    for key, value, place in said:
        try:
            if not month:
                _put_month(entry, value, place, line.year, page)
            elif plain(value) in NONE_WORDS:
                continue
            elif key.endswith(":paid"):
                _paid(entry, plain(value), place, page)
            else:
                fill(entry, Dues, known_words(Dues)[key.rpartition(":")[2]], value, place, page, line.year)
            if month and "month" not in entry:
                _put_month(entry, month, place, line.year, page)
        except Unreadable as error:
            page.refuse(place, error.message, error.remedy)
            return False
    return "month" in entry


def _by_state(entry: Mapping, page: Page) -> None:
    """``免缴`` in a column of its own means that nothing was to be paid, ``未缴`` that what was to be paid was not; an
    amount must not say otherwise."""
    if "_state" not in entry:
        return
    place, state = entry.at["_state"][1], plain(entry.pop("_state"))
    if re.fullmatch(r"[免未欠][交缴]", state):
        if entry.pop("paid", "0").strip("0.") != "":
            page.refuse(place, f"状态写着 {shown(state)}，实交却有数", "核对后改成一致")
        if state[0] == "免":
            if entry.get("due", "0").strip("0.") != "":
                page.note(place, f"状态写着 {shown(state)}，应交按 0 读", "不是免交的，改正状态")
            entry.put("due", "0", place)
            entry.put("paid", "0", place)
    elif re.fullmatch(r"已[交缴]", state) and "paid" not in entry:
        try:
            _in_full(entry, state, place, page)
        except Unreadable as error:
            page.refuse(place, error.message, error.remedy)
    if not re.fullmatch(r"已[交缴]", state):
        put(entry, ["remark"], state, place)


def _put_month(entry: Mapping, value: object, place: Location, year: int | None, page: Page) -> None:
    number = re.sub(r"月份?$", "", plain(value))
    short = number.isdecimal() and len(number) < 3
    found = moments.period(f"{number}月" if short else value, year or page.year)
    if short and year is None:
        page.borrow()
    entry.put("month", found, place)


def _in_full(entry: Mapping, text: str, place: Location, page: Page) -> None:
    """A tick says that what was due was paid; it says nothing where the row does not tell how much that was."""
    if "due" not in entry:
        raise Unreadable(f"{shown(text)} 没有写交了多少", "写实交的数；有“应交”一列的，就照应交读")
    entry.put("paid", entry["due"], place)
    said = f"只写着 {shown(text)} 的，实交照应交读"
    if all(note.message != said for note in page.notes):
        page.note(place, said, "交的不是这个数的，写实交的数")


def _paid(entry: Mapping, text: str, place: Location, page: Page) -> None:
    """An amount, or what people write instead of one: a month not paid for has no amount."""
    if re.fullmatch(r"[√✓✔]|已[交缴]", text):
        _in_full(entry, text, place, page)
        return
    if not re.fullmatch(r"[免未欠][交缴]?", text):
        entry.put("paid", notation.number(text), place)
        return
    if text[0] == "免":
        entry.put("due", "0", place)
        entry.put("paid", "0", place)
    entry.put("remark", text, place)


def _signed(line: Line, found: Found, page: Page) -> None:
    """A row of a sign-in sheet joins the meeting of the same day, type and topic; any other row is a meeting."""
    entry = line.entry
    person, sign, reason = (entry.pop(name, None) for name in ("_person", "_sign", "_reason"))
    if person is None or sign is None:
        if reason is not None:
            _excused(entry, plain(reason))
        found[id(line)] = line
        return
    place, status = entry.at["_sign"][1], plain(sign)
    kept = _SIGNED.get(status) or next((kind for word, kind in _SIGNED.items() if status.startswith(word)), None)
    if kept is None:
        page.refuse(place, f"{shown(status)} 看不出到没到", "写 已签到、请假、缺席 或 已补")
        return
    for name in ("start", "end"):
        entry.pop(name, None)
    who = plain(person)
    why = plain(reason) if reason else (status if status in _REASONS else "")
    meeting = _kept(line, found, ("date", "type", "topic"))
    append(meeting, ["attendance", kept], {"name": who, "reason": why} if why else who, place)


def _excused(entry: Mapping, reason: str) -> None:
    """A reason in a column of its own belongs to the one person on leave; else it stays as a remark."""
    attendance = entry.get("attendance")
    leave = attendance.get("leave") if isinstance(attendance, Mapping) else None
    if isinstance(leave, Sequence) and len(leave) == 1 and isinstance(leave[0], str):
        leave[0] = placed({"name": leave[0], "reason": reason}, leave.at[0])
    elif "remark" not in entry:
        entry.put("remark", f"请假原因：{reason}", entry.place)


def _talk(line: Line, found: Found, page: Page) -> None:
    """谈话人 and 谈话对象 are the two sides of a talk."""
    for name in ("_by", "_with"):
        if name not in line.entry:
            continue
        place, text = line.entry.at[name][1], plain(line.entry.pop(name))
        try:
            side = name_lists.listed(text)
        except Unreadable as error:
            page.refuse(place, error.message, error.remedy)
            side = ["…", "……"]
        for person in side if isinstance(side, list) else []:
            append(line.entry, ["between"], person["name"] if isinstance(person, dict) else person, place)
    found[id(line)] = line


def _development(line: Line, found: Found, page: Page) -> None:
    for key in [name for name in line.entry if name.startswith("_step:")]:
        place = line.entry.at[key][1]
        put(line.entry, ["steps", key.partition(":")[2]], line.entry.pop(key), place)
    if "steps" not in line.entry:
        line.entry.put("steps", Mapping(line.entry.place), line.entry.place)
    found[id(line)] = line


def _candidate(line: Line, found: Found, page: Page) -> None:
    """A row that names one candidate joins the election of the same day."""
    entry = line.entry
    won, votes, post, person = (entry.pop(name, None) for name in ("_won", "_votes", "_post", "_person"))
    if won is None and votes is None:
        if person is not None:
            fill(entry, Election, known_words(Election)["候选人"], person, entry.at["_person"][1], page)
        found[id(line)] = line
        return
    name, place = plain(person or ""), entry.place
    try:
        winner: dict[str, object] = {"name": name, "post": plain(post) if post else None}
        winner["votes"] = notation.count(votes) if votes is not None else None
        chosen = won is not None and notation.yes_no(won)
    except Unreadable as error:
        page.refuse(place, error.message, error.remedy)
        return
    election = _kept(line, found, ("date", "kind"))
    append(election, ["candidates"], name, place)
    if chosen:
        append(election, ["winners"], {key: value for key, value in winner.items() if value is not None}, place)


def _graded(line: Line, found: Found, page: Page) -> None:
    """A row that grades one member joins the appraisal of the same day and year."""
    entry = line.entry
    person, grade = entry.pop("_person", None), entry.pop("_grade", None)
    if person is None or grade is None:
        found[id(line)] = line
        return
    append(
        _kept(line, found, ("date", "for")), ["results"], {"name": plain(person), "grade": plain(grade)}, entry.place
    )


_JOINERS = {
    "activities": _signed,
    "talks": _talk,
    "development": _development,
    "elections": _candidate,
    "appraisals": _graded,
}
