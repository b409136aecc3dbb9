"""The sheets of a ledger become records: one, or one for each branch its rows name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from dangjian_check.errors import Location, Problem, column_letters
from dangjian_check.loading.cells import Page
from dangjian_check.loading.csv_files import read_csv_sheet
from dangjian_check.loading.forms import body_form, forms, unfilled
from dangjian_check.loading.joining import Line
from dangjian_check.loading.private import of_cells
from dangjian_check.loading.rows import lines, none_written
from dangjian_check.loading.sheets import Sheet
from dangjian_check.loading.tables import PRIVATE, Head, heads, titles_of, years_named
from dangjian_check.loading.tree import Mapping, Sequence, TableRead, Tree
from dangjian_check.loading.workbooks import read_sheets
from dangjian_check.model.columns import heading, known_words, normal
from dangjian_check.model.fields import shown
from dangjian_check.model.record import Record
from dangjian_check.model.vocabulary import nearest

_NAMED = re.compile(r"(?:支部名称|党支部|支部|单位|填报单位)\s*[:：]\s*([^\s:：]{2,40}?)(?=\s|$|年度|时间|日期)")
_WHEN = (
    r"(?:[〇零一二三四五六七八九]{4}年度?|(?<=[0-9])(?:年度?|学年度?|月份?)"
    r"|[上下]半年|第?[一二三四]?季度|第?[一二]?学期)*"
)
_IN_TITLE = re.compile(
    rf"{_WHEN}([^\s《》“”:：，。0-9]{{2,30}}党支部|[^\s《》“”:：，。0-9]{{2,30}}支部)"
    r"(?=[0-9《“（(]|\s|$|三会一课|会议|活动|党员|党费|台账|工作|组织|谈心|主题|发展)"
)

_GUIDES = frozenset({"填写说明", "说明", "使用说明", "目录"})
_COUNTED = re.compile(r"次数|完成率|召开月数|第[一二三四1-4]周|[0-9]月支委会")
_TITLE_ROWS = 40
_MOST_ROWS = 10_000


@dataclass(slots=True)
class _Book:
    """What the sheets of one ledger hold, before it is known how many branches they speak of."""

    file: str
    body: tuple[str, Mapping] | None = None
    top: dict[str, tuple[object, Location]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    empty: dict[str, Location] = field(default_factory=dict)
    titled: tuple[str, Location] | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    tables: list[TableRead] = field(default_factory=list)
    blank: dict[str, Location] = field(default_factory=dict)
    owners: dict[tuple[str, int], str] = field(default_factory=dict)


def read_workbook(raw: bytes, file: str) -> list[Tree]:
    """The records of an Excel or WPS workbook."""
    sheets, notes = read_sheets(raw, file)
    return _records(sheets, file, notes)


def read_csv(raw: bytes, file: str) -> list[Tree]:
    """The records of a CSV file."""
    return _records([read_csv_sheet(raw, file, PurePath(file).stem)], file, [])


def _records(sheets: list[Sheet], file: str, notes: list[Problem]) -> list[Tree]:
    book = _Book(file, notes=list(notes))
    for sheet in sheets:
        _read_sheet(sheet, book, PurePath(file).stem)
    if not book.lines and book.body is None and not book.empty and not book.problems:
        message = "没有认出一张表：找不到“日期、类型”这样的列名行"
        book.problems = book.notes or [Problem(file, 0, 0, message, "列名照 dj-check new --xlsx 给出的样表写")]
        book.notes = []
    if book.blank:
        message = f"这些表是空的，当作没有记：{'、'.join(book.blank)}"
        book.notes.append(
            Problem.at(file, next(iter(book.blank.values())), message, "确实一次也没有的，在列名下面写“无”")
        )
    first, *others = _trees(book)
    return [first._replace(notes=(*first.notes, *of_cells(sheets, file))), *others]


def _read_sheet(sheet: Sheet, book: _Book, stem: str) -> None:
    if sheet.name in _GUIDES:
        return
    page = Page(book.file)
    if sum(map(any, sheet.rows)) > _MOST_ROWS:
        message = f"工作表超过 {_MOST_ROWS} 行"
        book.problems.append(Problem.at(book.file, sheet.place(_MOST_ROWS, 0), message, "按年拆成几个文件"))
        return
    found = heads(sheet)
    first = found[0].first if found else len(sheet.rows)
    titles = titles_of(sheet, 0, min(first, _TITLE_ROWS))
    _named(book, sheet, min(first, _TITLE_ROWS))
    _dated(page, (titles, "标题"), (sheet.label, "表名"), (stem, "文件名"))
    info = body_form(sheet, found, page)
    if info is not None:
        key, body, top = info
        book.body = (key, body) if book.body is None else book.body
        book.top.update(top)
    else:
        made = forms(sheet, range(first), titles, page)
        for head in found:
            own = titles_of(sheet, head.top, head.first)
            if head.top:
                _dated(page, (own, "标题"), (titles, "标题"), (sheet.label, "表名"), (stem, "文件名"))
            common = made.pop().entry if head.signs and made else Mapping(sheet.place(head.first, 0))
            _read_table(sheet, head, own if head.top else titles, common, page, book)
        book.lines += made
        if not made and not found and any(map(any, sheet.rows)):
            _not_read(sheet, range(len(sheet.rows)), sheet.name or stem, page)
    _close(page, sheet, book)


def _close(page: Page, sheet: Sheet, book: _Book) -> None:
    """What was found on a sheet goes to the book, with a note on the years that were not written."""
    for (year, source), times in page.borrowed.items():
        message = f"{times} 处日期没有写年份，按{source}里的 {year} 年读"
        page.note(sheet.place(0, 0), message, "不对的，在日期里写上年份")
    book.problems += page.problems
    book.notes += page.notes
    book.owners |= {(sheet.label, row): branch for row, branch in page.branches.items()}


def _not_read(sheet: Sheet, rows: range, name: str, page: Page) -> None:
    """A note on rows that are no table we know, with a word of its own for tables of mere counts."""
    message, remedy = f"{shown(name)} 没有认出是什么表，没有读", "是台账的，写上列名行"
    if any(_COUNTED.search(text) for row in rows for _, text in sheet.own(row)):
        message = f"{shown(name)} 只有次数，没有写哪天开的，没有读"
        remedy = "次数证明不了哪个月开过，逐次写日期和类型"
    elif unfilled(sheet, rows):
        message, remedy = f"{shown(name)} 只有栏目，没有填写，没有读", "内容填在栏目右边的格子里"
    page.note(sheet.place(rows.start, 0), message, remedy)


def _dated(page: Page, *sources: tuple[str, str]) -> None:
    """The year that completes days without one: from the first of these texts that speaks of years, and only if it
    speaks of exactly one."""
    page.year, page.year_from = None, ""
    for text, source in sources:
        years = years_named(text)
        if years:
            page.year, page.year_from = (years.pop(), source) if len(years) == 1 else (None, "")
            return


def _named(book: _Book, sheet: Sheet, first: int) -> None:
    """The branch's name, where a title gives it."""
    for row in range(first if book.titled is None else 0):
        for column, text in sheet.own(row) if len(sheet.own(row)) < 3 else ():
            match = _NAMED.search(text) or _IN_TITLE.search(text)
            if match and book.titled is None:
                book.titled = match[1], sheet.place(row, column)


def _read_table(sheet: Sheet, head: Head, titles: str, common: Mapping, page: Page, book: _Book) -> None:
    for column, text in head.labels.items():
        if PRIVATE.search(text):
            message = f"{shown(text)} 一栏没有读，核查用不着"
            page.note(sheet.place(head.body - 1, column), message, "交出去以前删去这一栏")
    for column, text in head.unknown.items():
        known = [word for word in known_words(head.model) if not word.isascii()]
        near = nearest(normal(text), known)
        remedy = f"最接近的是“{near[0]}”" if near else f"“{heading(Record, head.name)}”能读的列见 docs/ledgers.md"
        page.note(sheet.place(head.body - 1, column), f"不认识的列 {shown(text)}，没有读", remedy)
    if head.rest > head.end:
        _not_read(sheet, range(head.end, head.rest), sheet.own(head.end)[0][1], page)
    before = len(page.problems) + len(page.notes)
    made = lines(sheet, head, titles, common, page)
    book.lines += made
    book.tables.append(TableRead(sheet.place(head.body - 1, 0), head.name, tuple(_understood(sheet, head)), len(made)))
    if none_written(sheet, head):
        book.empty.setdefault(head.name, sheet.place(head.first, 0))
    elif not made and len(page.problems) + len(page.notes) == before:
        book.blank.setdefault(sheet.name or heading(Record, head.name), sheet.place(head.first, 0))


def _understood(sheet: Sheet, head: Head) -> Iterator[tuple[str, str, str]]:
    for column in range(len(sheet.rows[head.body - 1])):
        text = sheet.text(head.body - 1, column)
        held = head.columns.get(column)
        special = head.special.get(column, "").split(":")
        if text:
            yield column_letters(column + 1), text, held.path if held else special[min(1, len(special) - 1)].strip("_")


def _trees(book: _Book) -> Iterator[Tree]:
    """One tree, or one for each branch that rows name. What is wrong with a row is wrong with its branch only; rows
    that name none are problems by themselves."""
    names = list(dict.fromkeys(line.branch for line in book.lines if line.branch))
    if len(names) < 2:
        yield _tree(book, book.lines, _one_name(book, names))
        return
    message = "台账里有几个支部，这一行没有写是哪个支部"
    stray = [line.entry.place for line in book.lines if not line.branch]
    if stray:
        yield Tree(book.file, None, tuple(Problem.at(book.file, at, message, "补上“支部”一栏") for at in stray))
    for name in names:
        yield _tree(book, [line for line in book.lines if line.branch == name], name, alone=False)


def _one_name(book: _Book, names: list[str]) -> object:
    """The branch's name by its own sheet or its rows; the two must not differ."""
    own = book.body[1].get("name") if book.body is not None else None
    for line in book.lines if own and names and own != names[0] else ():
        if line.branch:
            message = f"“支部”一栏写的是 {shown(line.branch)}，基本情况表写的是 {shown(own)}"
            book.problems.append(Problem.at(book.file, line.entry.place, message, "核对后改成一致"))
            break
    return own or (names[0] if names else None)


def _tree(book: _Book, mine: list[Line], name: object, *, alone: bool = True) -> Tree:
    place = mine[0].entry.place if mine else Location(1, 1, "")
    problems, notes = (
        [said for said in listed if alone or book.owners.get((said.sheet or "", said.line), name) == name]
        for listed in (book.problems, book.notes)
    )
    data = Mapping(place)
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
    return Tree(book.file, data, tuple(problems), tuple(notes), tuple(book.tables))


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
