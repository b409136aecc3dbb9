"""The body of a table becomes entries: totals, section lines and signatures are passed over, related rows joined."""

from __future__ import annotations

import re

from dangjian_check.errors import Location
from dangjian_check.loading.cells import Page, checked, fill, put_turnout
from dangjian_check.loading.joining import MADE_UP, Line, append, joined
from dangjian_check.loading.sheets import Sheet
from dangjian_check.loading.tables import Head, type_named
from dangjian_check.loading.tree import Mapping, Sequence
from dangjian_check.model import moments, name_lists, notation
from dangjian_check.model.columns import Column, known_words
from dangjian_check.model.fields import shown
from dangjian_check.model.notation import NONE_WORDS, Unreadable, plain
from dangjian_check.model.record import Committee

_TOTAL = re.compile(
    r"\S{0,8}(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|汇\s*总|平\s*均)(?:[\s:：（(0-9].*)?", re.DOTALL
)
_SIGNATURE = re.compile(
    r"(?:填表|制表|审核|填报|负责|记录|经办|签字|签名|盖章|支部书记|书记)\S{0,6}\s*[:：].*"
    r"|(?:附?注|备注|说明|填表说明)\s*[:：].*|年\s*月\s*日",
    re.DOTALL,
)
_SECTION = re.compile(
    r"(?:((?:19|20)[0-9]{2})年度?)?(?:[0-9一二三四五六七八九十]{1,3}月份?|第?[一二三四1-4]季度|[上下]半年|[春秋]季学期)?"
)
_NOT_YET = re.compile(r"申请|积极分子|发展对象|群众|团员|民主人士")


def lines(sheet: Sheet, head: Head, titles: str, common: Mapping, page: Page) -> list[Line]:
    """The entries of a table. ``common`` is what a form above a sign-in sheet says of the meeting."""
    made: list[Line] = []
    for row in range(head.body, head.end):
        if row in head.again:
            continue
        further = bool(made) and _goes_on(sheet, head, row)
        line = _line(sheet, head, row, page, further=further)
        if line is not None and further:
            _add(made[-1].entry, line.entry)
        elif line is not None:
            made.append(line)
    if head.signs:
        dated = any(column.path == "date" for column in head.columns.values())
        _one_meeting(made, dated, common, titles, sheet.place(head.top, 0), page)
    if head.name == "activities":
        _typed(head, made, titles, sheet, page)
    return joined(head, [line for line in made if line.entry], page)


def none_written(sheet: Sheet, head: Head) -> bool:
    """Whether a table says in so many words that there is nothing: a body with the one word 无."""
    cells = [text for row in range(head.body, head.end) for _, text in head.own(sheet, row)]
    return bool(cells) and all(text in NONE_WORDS for text in cells)


def _line(sheet: Sheet, head: Head, row: int, page: Page, *, further: bool) -> Line | None:
    """The entry in a row; of a row that goes on with the one above, only what is its own."""
    own = head.own(sheet, row)
    if not own or _passed_over(sheet, head, row, own, page):
        return None
    entry = Mapping(sheet.place(row, own[0][0]))
    special = {name: sheet.text(row, c) for c, name in head.special.items()}
    year, branch = _year(special.get("_year", "")), special.get("_branch") or None
    if branch:
        page.branches[row + 1] = branch
    for position, column in head.columns.items():
        if position < len(sheet.rows[row]) and not (further and (row, position) in sheet.tall):
            fill(entry, head.model, column, sheet.rows[row][position], sheet.place(row, position), page, year)
    if head.name == "members" and _no_member(entry, page):
        return None
    for position, name in head.special.items():
        if sheet.text(row, position) and not name.startswith(("_branch", "_year")) and not further:
            _special(entry, head, name, position, sheet, row, page)
    if head.name == "groups" and "id" not in entry and "name" in entry:
        entry.put("id", entry["name"], entry.at["name"][1])
    if head.name == "activities" and not further and not set(entry) - {"type", "status", "level"}:
        if entry:
            page.note(entry.place, "这一行没有日期和内容，当作没有开", "开过的，补上日期")
        return None
    return Line(head.name, entry, branch, year) if entry else None


def _goes_on(sheet: Sheet, head: Head, row: int) -> bool:
    """Whether a row only adds people to the meeting above: merged cells reach down from there, and nothing but names
    and remarks is its own."""
    own = [c for c, _ in head.own(sheet, row) if (row, c) not in sheet.tall]
    days = [c for c, column in head.columns.items() if column.kind == "day" and (row, c) in sheet.tall]
    kinds = [head.columns[c] for c in own if c in head.columns]
    added = all(column.kind in ("people", "count_or_people") or column.path == "remark" for column in kinds)
    return bool(days and kinds) and added and not any(c in head.special for c in own)


def _add(entry: Mapping, more: Mapping) -> None:
    """Put what a further row says to an entry: names to names, remarks to remarks."""
    for key, value in more.items():
        old = entry.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            _add(old, value)
        elif isinstance(old, Sequence) and isinstance(value, Sequence):
            for item, place in zip(value, value.at, strict=True):
                old.add(item, place)
        elif old is None:
            entry.put(key, value, more.at[key][1])
        elif key == "remark" and old != value:
            entry[key] = f"{old}；{value}"


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
    """Whether a row is no entry: a total, a signature, a line that parts sections. A section may name the year of
    what follows."""
    first, text = own[0]
    if _TOTAL.fullmatch(text) or _SIGNATURE.fullmatch(text) or all(text in NONE_WORDS for _, text in own):
        return True
    filled = [c for c, _ in own if c in head.columns or c in head.special]
    section = _SECTION.fullmatch(text)
    dated = first in head.columns and head.columns[first].kind == "day" and any(map(str.isdigit, text))
    several = not filled or len(head.columns) + len(head.special) > 2
    if len(own) == 1 and (section or (several and not dated)):
        if section and section[1]:
            page.year, page.year_from = int(section[1]), "小标题"
        elif section is None and not text.isdigit():
            page.note(sheet.place(row, first), f"{shown(text)} 这一行没有读成记录", "是记录的，补全日期等各栏")
        return True
    if not filled:
        page.note(sheet.place(row, first), f"{shown(text)} 这一行没有读成记录", "是记录的，写在列名下面")
    return not filled


def _year(text: str) -> int | None:
    match = re.match(r"((?:19|20)[0-9]{2})", text)
    return int(match[1]) if match else None


def _special(entry: Mapping, head: Head, name: str, column: int, sheet: Sheet, row: int, page: Page) -> None:
    """A cell that fills no field by itself: kept under its own name until related rows are joined."""
    value, place = sheet.rows[row][column], sheet.place(row, column)
    kind, _, rest = name.partition(":")
    try:
        checked(value)
        if kind == "_ratio":
            put_turnout(entry, name_lists.turnout(value, rest), place, page)
        elif kind == "_type":
            _tick(entry, rest, value, place, page)
        elif kind == "_term":
            fill(entry, Committee, known_words(Committee)[rest], value, place, page)
            path = known_words(Committee)[rest].path
            if path in entry:
                entry.put(f"_term:{path}", entry.pop(path), place)
        elif kind == "_step":
            fill(entry, head.model, Column(f"_step:{rest}", "day", ()), value, place, page)
        else:
            entry.put(name, value, place)
    except Unreadable as error:
        page.refuse(place, error.message, error.remedy)


def _one_meeting(made: list[Line], dated: bool, common: Mapping, titles: str, place: Location, page: Page) -> None:
    """Give every row of a sign-in sheet what is said above it once. Where it has no column for the day (``dated``),
    that is the day written above, or the one on which all signed who were there."""
    came = {line.entry["date"] for line in made if "date" in line.entry and line.entry.get("_sign") not in MADE_UP}
    days = came or moments.days_in(titles)
    if not dated and "date" not in common and len(days) == 1:
        common.put("date", min(days), place)
        page.note(place, f"没有逐人写日期，都按 {min(days)} 读", "不是同一天的，加一栏“日期”写明")
    for line in made:
        for name in sorted(common.keys() - (line.entry.keys() if dated else line.entry.keys() - {"date"})):
            line.entry.put(name, common[name], common.at[name][1])


def _tick(entry: Mapping, kind: str, value: object, place: Location, page: Page) -> None:
    """A mark in a column that is headed by an activity type; whatever else stands there is not understood."""
    try:
        ticked = notation.yes_no(value)
    except Unreadable:
        page.note(place, f"“{kind}”栏里的 {shown(plain(value))} 没有读", "是这种活动的打“√”，内容写到别的栏")
        return
    if ticked:
        append(entry, ["type"], kind, place)


def _typed(head: Head, made: list[Line], titles: str, sheet: Sheet, page: Page) -> None:
    """Where a table has no column for the type: the type its title or sheet name speaks of, else its topic."""
    if any(column.path == "type" for column in head.columns.values()):
        return
    named = {kind for kind in (type_named(sheet.name), type_named(titles)) if kind}
    told = named.pop() if len(named) == 1 else None
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
