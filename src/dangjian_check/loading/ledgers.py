"""The sheets of a ledger become records: one, or one for each branch its rows name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from dangjian_check.errors import Location, Problem, column_letters
from dangjian_check.loading.cells import Page
from dangjian_check.loading.csv_files import read_csv_sheet
from dangjian_check.loading.forms import body_form, forms
from dangjian_check.loading.private import of_cells
from dangjian_check.loading.rows import Line, lines, none_written
from dangjian_check.loading.sheets import Sheet
from dangjian_check.loading.tables import Head, heads, years_named
from dangjian_check.loading.tree import Mapping, Sequence, TableRead, Tree
from dangjian_check.loading.workbooks import read_sheets
from dangjian_check.model.columns import heading, known_words, normal
from dangjian_check.model.fields import shown
from dangjian_check.model.record import Record
from dangjian_check.model.vocabulary import nearest

_NAMED = re.compile(r"(?:支部名称|党支部|支部|单位|填报单位)\s*[:：]\s*([^\s:：]{2,40}?)(?=\s|$|年度|时间|日期)")
_IN_TITLE = re.compile(
    r"([^\s《》“”:：，。0-9]{2,30}党支部|[^\s《》“”:：，。0-9]{2,30}支部)(?=[0-9《“（(]|\s|$|三会一课|会议|活动|党员|党费|台账|工作|组织|谈心|主题|发展)"
)
_PRIVATE = re.compile(r"身份证|证件号|电话|手机|联系方式|住址|家庭地址")
_GUIDES = frozenset({"填写说明", "说明", "使用说明", "目录"})


@dataclass(slots=True)
class _Book:
    """What the sheets of one ledger hold, before it is known how many branches they speak of. ``body`` is the branch or
    superior organization with the key it goes under."""

    file: str
    body: tuple[str, Mapping] | None = None
    top: dict[str, tuple[object, Location]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    empty: dict[str, Location] = field(default_factory=dict)
    blank: dict[str, Location] = field(default_factory=dict)
    titled: tuple[str, Location] | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    tables: list[TableRead] = field(default_factory=list)


def read_workbook(raw: bytes, file: str) -> list[Tree]:
    """The records of an Excel or WPS workbook."""
    sheets, problems = read_sheets(raw, file)
    return _records(sheets, file, problems)


def read_csv(raw: bytes, file: str) -> list[Tree]:
    """The records of a CSV file."""
    return _records([read_csv_sheet(raw, file, PurePath(file).stem)], file, [])


def _records(sheets: list[Sheet], file: str, problems: list[Problem]) -> list[Tree]:
    book = _Book(file, problems=list(problems))
    for sheet in sheets:
        _read_sheet(sheet, book, PurePath(file).stem)
    if book.blank:
        message = f"这些表是空的，当作没有记：{'、'.join(book.blank)}"
        place = next(iter(book.blank.values()))
        book.notes.append(Problem.at(file, place, message, "确实一次也没有的，在列名下面写“无”"))
    if not book.lines and book.body is None and not book.empty:
        message = "没有认出一张表：找不到“日期、类型”这样的列名行"
        book.problems.append(Problem(file, 0, 0, message, "列名照 dj-check new --xlsx 给出的样表写"))
    first, *others = _trees(book)
    return [first._replace(notes=(*first.notes, *of_cells(sheets, file))), *others]


def _read_sheet(sheet: Sheet, book: _Book, stem: str) -> None:
    if sheet.name in _GUIDES:
        return
    page = Page(book.file)
    found = list(heads(sheet))
    titles = _titles(sheet, found[0].first if found else min(3, len(sheet.rows)))
    _dated(page, sheet, titles, stem)
    _named(book, sheet, found, titles)
    info = body_form(sheet, found, page)
    if info is not None:
        key, body, top = info
        book.body = (key, body) if book.body is None else book.body
        book.top.update(top)
    elif found:
        for head, last in zip(found, [*(h.first for h in found[1:]), len(sheet.rows)], strict=True):
            _read_table(sheet, head, last, titles, page, book)
    else:
        made = forms(sheet, titles, page)
        book.lines += made
        if not made and any(map(any, sheet.rows)):
            page.note(
                Location(1, 1, sheet.label), f"{shown(sheet.name)} 没有认出是什么表，没有读", "是台账的，写上列名行"
            )
    if page.borrowed and page.year:
        message = f"{page.borrowed} 处日期没有写年份，按{page.year_from}里的 {page.year} 年读"
        page.note(Location(1, 1, sheet.label), message, "不对的，在日期里写上年份")
    book.problems += page.problems
    book.notes += page.notes


def _titles(sheet: Sheet, first: int) -> str:
    return " ".join(text for row in range(first) for _, text in sheet.own(row))


def _dated(page: Page, sheet: Sheet, titles: str, stem: str) -> None:
    """The year that completes days without one: from the title, else the sheet's name, else the file's; only where
    that speaks of exactly one year."""
    for text, source in ((titles, "标题"), (sheet.label, "表名"), (stem, "文件名")):
        years = years_named(text)
        if len(years) == 1:
            page.year, page.year_from = years.pop(), source
            return
        if years:
            return


def _named(book: _Book, sheet: Sheet, found: list[Head], titles: str) -> None:
    if book.titled is None:
        match = _NAMED.search(titles) or _IN_TITLE.search(titles)
        if match:
            book.titled = match[1], Location(1, 1, sheet.label)


def _read_table(sheet: Sheet, head: Head, last: int, titles: str, page: Page, book: _Book) -> None:
    for column, text in head.unknown.items():
        if _PRIVATE.search(text):
            page.note(
                sheet.place(head.body - 1, column), f"{shown(text)} 一栏没有读，核查用不着", "交出去以前删去这一栏"
            )
            continue
        known = [word for word in known_words(head.model) if not word.isascii()]
        near = nearest(normal(text), known)
        remedy = f"最接近的是“{near[0]}”" if near else f"“{heading(Record, head.name)}”能读的列见 docs/ledgers.md"
        page.note(sheet.place(head.body - 1, column), f"不认识的列 {shown(text)}，没有读", remedy)
    made = lines(sheet, head, last, titles, page)
    book.lines += made
    book.tables.append(TableRead(sheet.place(head.body - 1, 0), head.name, tuple(_understood(sheet, head)), len(made)))
    if none_written(sheet, head, last):
        book.empty.setdefault(head.name, sheet.place(head.first, 0))
    elif not made and not page.problems:
        book.blank.setdefault(sheet.name or heading(Record, head.name), sheet.place(head.first, 0))


def _understood(sheet: Sheet, head: Head) -> Iterator[tuple[str, str, str]]:
    for column in range(len(sheet.rows[head.body - 1])):
        text = sheet.text(head.body - 1, column)
        held = head.columns.get(column)
        field = held.path if held else head.special.get(column, "").rpartition(":")[2].strip("_")
        if text:
            yield column_letters(column + 1), text, field


def _trees(book: _Book) -> Iterator[Tree]:
    """One tree, or one for each branch that rows name."""
    names = list(dict.fromkeys(line.branch for line in book.lines if line.branch))
    own = book.body[1].get("name") if book.body else None
    if len(names) < 2:
        yield _tree(book, book.lines, own or (names[0] if names else None))
        return
    stray = [line for line in book.lines if not line.branch]
    wrong = [
        Problem.at(book.file, line.entry.place, "台账里有几个支部，这一行没有写是哪个支部", "补上“支部”一栏")
        for line in stray
    ]
    for number, name in enumerate(names):
        tree = _tree(book, [line for line in book.lines if line.branch == name], name, alone=False)
        yield tree if number else tree._replace(problems=(*tree.problems, *wrong))


def _tree(book: _Book, mine: list[Line], name: object, *, alone: bool = True) -> Tree:
    place = mine[0].entry.place if mine else Location(1, 1, "")
    data, notes = Mapping(place), list(book.notes)
    key, body = book.body if book.body is not None and alone else ("branch", Mapping(place))
    if "name" not in body:
        body.put("name", *_name(book, name, place, notes))
    data.put(key, body, body.place)
    for own, (value, where) in book.top.items() if alone else ():
        data.put(own, value, where)
    for series in dict.fromkeys([*(line.series for line in mine), *book.empty]):
        listed = [line for line in mine if line.series == series]
        start = listed[0].entry.place if listed else book.empty[series]
        held = _terms(listed, start) if series == "committee" else _entries(listed, start)
        data.put(series, held, start)
    return Tree(book.file, data, tuple(book.problems), tuple(notes), tuple(book.tables))


def _name(book: _Book, name: object, place: Location, notes: list[Problem]) -> tuple[object, Location]:
    if name:
        return name, place
    if book.titled:
        text, where = book.titled
        notes.append(
            Problem.at(book.file, where, f"支部名称取自标题：{text}", "不对的，加一张“基本情况”表写明支部名称")
        )
        return text, where
    stem = PurePath(book.file).stem
    notes.append(Problem.at(book.file, place, f"没有写支部名称，用文件名：{stem}", "加一张“基本情况”表写明支部名称"))
    return stem, place


def _entries(mine: Iterable[Line], start: Location) -> Sequence:
    made = Sequence(start)
    for line in mine:
        made.add(line.entry, line.entry.place)
    return made


def _terms(mine: list[Line], start: Location) -> Sequence:
    """Rows of posts, gathered into terms by the day of election that stands in the row or the row before."""
    made = Sequence(start)
    for line in mine:
        own = {key.partition(":")[2]: key for key in line.entry if key.startswith("_term:")}
        day = line.entry.get(own.get("elected", ""))
        if not made or (day is not None and day != made[-1].get("elected")):
            made.add(Mapping(line.entry.place), line.entry.place)
        term = made[-1]
        for name, key in own.items():
            if name not in term:
                term.put(name, line.entry[key], line.entry.at[key][1])
            line.entry.pop(key)
        if line.entry:
            if "posts" not in term:
                term.put("posts", Sequence(line.entry.place), line.entry.place)
            term["posts"].add(line.entry, line.entry.place)
    return made
