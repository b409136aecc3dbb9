"""The body of a table becomes entries: totals, section lines and signatures are passed over, related rows joined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dangjian_check.errors import Location
from dangjian_check.loading.cells import Page, fill
from dangjian_check.loading.chinese import put
from dangjian_check.loading.sheets import Sheet
from dangjian_check.loading.tables import Head, type_named
from dangjian_check.loading.tree import Mapping, Sequence
from dangjian_check.model import notation
from dangjian_check.model.columns import Column, known_words
from dangjian_check.model.fields import shown
from dangjian_check.model.notation import NONE_WORDS, Unreadable, plain
from dangjian_check.model.record import Committee
from dangjian_check.model.series import Election

_ASIDE = re.compile(
    r"合\s*计|总\s*计|小\s*计|共\s*计|汇\s*总|(?:填表|制表|审核|填报|负责)人?|注\s*[:：]|备注\s*[:：]|说明\s*[:：]|年\s*月\s*日"
)
_SECTION = re.compile(
    r"(?:[0-9]{4}年)?(?:[0-9一二三四五六七八九十]{1,3}月份?|第?[一二三四1-4]季度|[上下]半年|[春秋]季学期)?"
)
_NOT_YET = re.compile(r"申请|积极分子|发展对象|群众|团员|民主人士")
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


@dataclass(slots=True)
class Line:
    """One entry of a series as it is being made, with the branch its row names (if the table has such a column)."""

    series: str
    entry: Mapping
    branch: str | None = None
    year: int | None = None


def lines(sheet: Sheet, head: Head, last: int, titles: str, page: Page) -> list[Line]:
    """The entries of a table whose body ends before row ``last``."""
    made = [line for row in range(head.body, last) if (line := _line(sheet, head, row, page)) is not None]
    if head.name == "activities":
        _typed(head, made, titles, sheet, page)
    return _joined(head, [line for line in made if line.entry], page)


def none_written(sheet: Sheet, head: Head, last: int) -> bool:
    """Whether a table says in so many words that there is nothing: a body with the one word 无."""
    cells = [text for row in range(head.body, last) for _, text in sheet.own(row)]
    return bool(cells) and all(text in NONE_WORDS for text in cells)


def _line(sheet: Sheet, head: Head, row: int, page: Page) -> Line | None:
    own = sheet.own(row)
    if not own or _passed_over(sheet, head, row, own, page):
        return None
    entry = Mapping(sheet.place(row, own[0][0]))
    special = {name: sheet.text(row, c) for c, name in head.special.items() if c < len(sheet.rows[row])}
    year = _year(special.get("_year", ""))
    for position, column in head.columns.items():
        if position < len(sheet.rows[row]):
            fill(entry, head.model, column, sheet.rows[row][position], sheet.place(row, position), page, year)
    if head.name == "members" and _no_member(entry, page):
        return None
    for position, name in head.special.items():
        text = sheet.text(row, position)
        if text and not name.startswith(("_branch", "_year")):
            _special(entry, head, name, position, sheet, row, page)
    if not entry:
        return None
    return Line(head.name, entry, special.get("_branch") or None, year)


def _no_member(entry: Mapping, page: Page) -> bool:
    """Whether a row of a roll is about someone who is no party member yet; whose status is not written but whose day
    of full membership is, is a full member."""
    status = entry.get("status")
    if status is None and "confirmed" in entry:
        entry.put("status", "正式", entry.at["confirmed"][1])
    if not isinstance(status, str) or not _NOT_YET.search(status):
        return False
    page.note(entry.at["status"][1], f"{shown(status)} 不是党员，没有列入名册", "发展情况写在“发展党员”表")
    return True


def _passed_over(sheet: Sheet, head: Head, row: int, own: list[tuple[int, str]], page: Page) -> bool:
    """Whether a row is no entry: a total, a signature, a repeated heading, a line that parts sections."""
    if _ASIDE.match(own[0][1]) or all(text in NONE_WORDS for _, text in own):
        return True
    if all(sheet.text(row, c) == sheet.text(head.first, c) for c, _ in own):
        return True
    filled = [c for c, _ in own if c in head.columns or c in head.special]
    if len(own) == 1 and (not filled or len(head.columns) > 2) and head.columns.get(own[0][0], _NO_DAY).kind != "day":
        text = own[0][1]
        if not _SECTION.fullmatch(text) and not text.isdigit():
            page.note(sheet.place(row, own[0][0]), f"{shown(text)} 这一行没有读成记录", "是记录的，补全日期等各栏")
        return True
    return not filled


_NO_DAY = Column("", "text", ())


def _year(text: str) -> int | None:
    match = re.match(r"((?:19|20)[0-9]{2})", text)
    return int(match[1]) if match else None


def _special(entry: Mapping, head: Head, name: str, column: int, sheet: Sheet, row: int, page: Page) -> None:
    """A cell that fills no field by itself: kept under its own name until related rows are joined."""
    value, place = sheet.rows[row][column], sheet.place(row, column)
    kind, _, rest = name.partition(":")
    if kind == "_term":
        fill(entry, Committee, known_words(Committee)[rest], value, place, page)
        path = known_words(Committee)[rest].path
        if path in entry:
            entry.put(f"_term:{path}", entry.pop(path), place)
    elif kind == "_step":
        fill(entry, head.model, Column(f"_step:{rest}", "day", ()), value, place, page)
    else:
        entry.put(name, value, place)


def _typed(head: Head, made: list[Line], titles: str, sheet: Sheet, page: Page) -> None:
    """Where a table has no column for the type: the type its title or sheet name speaks of, else its topic."""
    if any(column.path == "type" for column in head.columns.values()):
        return
    told = type_named(sheet.name) or type_named(titles)
    taken = 0
    for line in made:
        known = told or type_named(plain(line.entry.get("topic") or ""))
        if known and "type" not in line.entry:
            line.entry.put("type", known, line.entry.place)
            taken += 1
    if taken:
        source = f"表名或标题写着“{told}”" if told else "活动名称里写着"
        page.note(
            sheet.place(head.first, 0), f"没有“类型”一栏，{taken} 条的类型取自：{source}", "不对的，加一栏“类型”写明"
        )


def _joined(head: Head, made: list[Line], page: Page) -> list[Line]:
    """Rows that together make one entry, joined; other rows as they are."""
    if head.name == "dues":
        return [line for one in made for line in _dues(one, page)]
    joiners = {"activities": _signed, "talks": _talk, "development": _development, "elections": _candidate,
               "appraisals": _graded}  # fmt: skip
    join = joiners.get(head.name)
    if join is None:
        return made
    found: list[Line] = []
    for line in made:
        join(line, found, page)
    return found


def _dues(line: Line, page: Page) -> Iterator[Line]:
    """A row of dues: one month, or a column for each of the twelve."""
    months = [(key, line.entry.at[key][1]) for key in line.entry if key.startswith("_month")]
    for key, place in months or [("", line.entry.place)]:
        entry = Mapping(line.entry.place)
        for name, value in line.entry.items():
            if not name.startswith("_month") and not (months and name == "month"):
                entry.put(name, value, line.entry.at[name][1])
        if not key or _month_paid(entry, key, line.entry[key], line.year, place, page):
            yield Line("dues", entry, line.branch)


def _month_paid(entry: Mapping, key: str, value: object, year: int | None, place: Location, page: Page) -> bool:
    """What one month's cell says: an amount, or in a plain ``月`` column the month itself."""
    column = key.partition(":")[2]
    number = column or re.sub(r"月份?$", "", plain(value))
    try:
        if column and plain(value) in NONE_WORDS:
            return False
        if column:
            _paid(entry, plain(value), place)
        short = number.isdigit() and len(number) < 3
        page.borrowed += short and year is None
        entry.put("month", notation.period(f"{number}月" if short else value, year or page.year), place)
    except Unreadable as error:
        page.refuse(place, error.message, error.remedy)
        return False
    return True


def _paid(entry: Mapping, text: str, place: Location) -> None:
    """An amount, or what people write instead of one."""
    if re.fullmatch(r"免[交缴]", text):
        entry.put("due", "0", place)
        entry.put("remark", text, place)
    entry.put("paid", "0" if re.fullmatch(r"[免未欠][交缴]?", text) else notation.number(text), place)


def _signed(line: Line, found: list[Line], page: Page) -> None:
    """A row of a sign-in sheet joins the meeting of the same day, type and start; any other row is a meeting."""
    entry = line.entry
    person, sign = entry.pop("_person", None), entry.pop("_sign", None)
    reason = entry.pop("_reason", None)
    if person is None or sign is None:
        if reason is not None:
            _excused(entry, plain(reason))
        found.append(line)
        return
    place = entry.at["_sign"][1]
    status = plain(sign)
    kept = _SIGNED.get(status) or next((kind for word, kind in _SIGNED.items() if status.startswith(word)), None)
    if kept is None:
        page.refuse(place, f"{shown(status)} 看不出到没到", "写 已签到、请假、缺席 或 已补")
        return
    for name in ("start", "end"):
        entry.pop(name, None)
    same = [one for one in found if _key(one.entry) == _key(entry) and one.branch == line.branch]
    if not same:
        found.append(line)
        same = [line]
    who = plain(person)
    why = plain(reason) if reason else (status if status in ("病假", "事假", "公假") else "")
    _append(same[0].entry, ["attendance", kept], {"name": who, "reason": why} if why else who, place)


def _excused(entry: Mapping, reason: str) -> None:
    """A reason in a column of its own belongs to the one person on leave; else it stays as a remark."""
    leave = entry["attendance"].get("leave") if isinstance(entry.get("attendance"), Mapping) else None
    if isinstance(leave, list) and len(leave) == 1 and isinstance(leave[0], str):
        leave[0] = {"name": leave[0], "reason": reason}
    elif "remark" not in entry:
        entry.put("remark", f"请假原因：{reason}", entry.place)


def _key(entry: Mapping) -> tuple[object, ...]:
    return tuple(str(entry.get(name)) for name in ("date", "type", "topic"))


def _append(entry: Mapping, path: list[str], item: object, place: Location) -> None:
    holder = entry
    for step in path[:-1]:
        if step not in holder:
            holder.put(step, Mapping(place), place)
        holder = holder[step]
    if path[-1] not in holder:
        put(holder, path[-1:], Sequence(place), place)
    holder[path[-1]].add(item, place)


def _talk(line: Line, found: list[Line], page: Page) -> None:
    """谈话人 and 谈话对象 are the two sides of a talk."""
    sides = [name for name in ("_by", "_with") if name in line.entry]
    for name in sides:
        place, text = line.entry.at[name][1], plain(line.entry.pop(name))
        try:
            people = notation.people(text)
        except Unreadable as error:
            page.refuse(place, error.message, error.remedy)
            people = ["…", "……"]
        for person in people if isinstance(people, list) else []:
            name_only = person["name"] if isinstance(person, dict) else person
            _append(line.entry, ["between"], name_only, place)
    found.append(line)


def _development(line: Line, found: list[Line], page: Page) -> None:
    for key in [name for name in line.entry if name.startswith("_step:")]:
        place = line.entry.at[key][1]
        put(line.entry, ["steps", key.partition(":")[2]], line.entry.pop(key), place)
    if "steps" not in line.entry:
        line.entry.put("steps", Mapping(line.entry.place), line.entry.place)
    found.append(line)


def _candidate(line: Line, found: list[Line], page: Page) -> None:
    """A row that names one candidate joins the election of the same day."""
    entry = line.entry
    won, votes, post, person = (entry.pop(name, None) for name in ("_won", "_votes", "_post", "_person"))
    place, name = entry.place, plain(person or "")
    if won is None and votes is None:
        if name:
            fill(entry, Election, known_words(Election)["候选人"], person, entry.at["_person"][1], page)
        found.append(line)
        return
    same = [one for one in found if _key(one.entry) == _key(entry) and one.branch == line.branch]
    if not same:
        found.append(line)
        same = [line]
    election = same[0].entry
    _append(election, ["candidates"], name, place)
    winner: dict[str, object] = {"name": name, "post": plain(post) if post else None, "votes": None}
    try:
        winner["votes"] = notation.count(votes) if votes is not None else None
        chosen = won is not None and notation.yes_no(won)
    except Unreadable as error:
        page.refuse(place, error.message, error.remedy)
        return
    if chosen:
        _append(election, ["winners"], {k: v for k, v in winner.items() if v is not None}, place)


def _graded(line: Line, found: list[Line], page: Page) -> None:
    """A row that grades one member joins the appraisal of the same day and year."""
    entry = line.entry
    person, grade = entry.pop("_person", None), entry.pop("_grade", None)
    if person is None or grade is None:
        found.append(line)
        return
    same = [
        one for one in found if (one.entry.get("date"), one.entry.get("for")) == (entry.get("date"), entry.get("for"))
    ]
    if not same:
        found.append(line)
        same = [line]
    _append(same[0].entry, ["results"], {"name": plain(person), "grade": plain(grade)}, entry.place)
