"""Where the tables of a sheet begin, what each is a table of, and what each of its columns holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache

from pydantic import BaseModel

from dangjian_check.loading.sheets import Sheet
from dangjian_check.model.columns import Column, column_for, known_words, normal, parsed, required
from dangjian_check.model.headings import PASSED_OVER, SERIES_WORDS, STEP_WORDS
from dangjian_check.model.record import SERIES, BranchRow, Committee, Group, Member, Post
from dangjian_check.model.series import Assessor
from dangjian_check.model.vocabulary import ACTIVITY_TYPES, ALIASES

TABLES: dict[str, type[BaseModel]] = {
    **SERIES,
    "members": Member,
    "groups": Group,
    "committee": Post,
    "branches": BranchRow,
    "assessments": Assessor,
}
_MONTH = re.compile(r"(?:[0-9]{4}年)?(1[0-2]|[1-9])月份?")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\s*(?=年|学年|-|—|–|/|至|$)")
_FILLED_IN = re.compile(
    r"(?:制表|填表|填报|打印|导出|更新|统计|截止|截至)\S{0,4}\s*[:：]?\s*[0-9]{4}\s*[-/.年]\s*[0-9]{1,2}\s*[-/.月]?\s*[0-9]{0,2}"
)
_VALUE = re.compile(r"[0-9]{4}\s*[-/.年].*|[0-9]{1,2}月[0-9]{1,2}[日号].*|[0-9][0-9.,:%人次元]*|√|×", re.DOTALL)
_RATIO = re.compile(r"(实到|出席|到会|应到|应出席)(?:人数|数)?(应到|应出席|实到|出席|到会)(?:人数|数)?")
_MONTHS = frozenset(map(str, range(1, 13)))
_DIGIT = re.compile(r"[0-9\u3007一二三四五六七八九十]")
# Columns whose content no audit needs: passed over, with word of it.
PRIVATE = re.compile(r"身份证|证件号|电话|手机|联系方式|住址|家庭地址")
_TITLE_ROWS = 40
_LONGEST_LABEL = 30
_SPECIAL = {
    "_branch": "支部 支部名称 党支部 党支部名称 所在支部 所属支部 被考核党支部",
    "_year": "年 年份 年度",
    "_month": "月 月份",
    "_with": "被谈话人 谈话对象 被谈话对象 被谈话人姓名",
    "_by": "谈话人 谈话人姓名",
    "_person": "姓名 党员姓名 候选人 候选人姓名",
    "_sign": "签到状态 状态 签到情况 考勤状态",
    "_reason": "请假原因 缺席原因 请假事由 原因",
    "_state": "状态 缴纳状态 交纳状态 缴费状态",
    "_won": "是否当选 当选",
    "_votes": "得票 得票数 得票数量",
    "_post": "职务 候选职务",
    "_grade": "等次 评议等次 评议结果 评定等次",
}
_OWN = {
    "talks": ("_with", "_by"),
    "activities": ("_person", "_sign", "_reason"),
    "dues": ("_month", "_state"),
    "elections": ("_person", "_won", "_votes", "_post"),
    "appraisals": ("_person", "_grade"),
}
_OF_BRANCHES = frozenset({"branches", "filings", "visits", "inspections"})
_TICKED = frozenset({"支委会", "党员大会", "党小组会", "党课", "主题党日", "组织生活会", "民主评议"})


@dataclass(frozen=True, slots=True)
class Head:
    """The heading rows of one table: what it lists, where it stands, what each column holds.

    Its titles begin at row ``top``, its heading at ``first``; its entries stand from ``body`` to before ``end``, but
    for rows ``again``, where the heading is repeated; between ``end`` and ``rest`` stands something else that nobody
    knows. ``labels`` are the headings as written. ``columns`` are those that fill a field; ``special`` those the table
    needs to be read at all (year, the second of two people …) or that carry a month each; ``unknown`` are headings
    nobody knows.
    """

    name: str
    first: int
    body: int
    labels: dict[int, str]
    columns: dict[int, Column]
    special: dict[int, str]
    unknown: dict[int, str] = field(default_factory=dict)
    top: int = 0
    end: int = 0
    again: frozenset[int] = frozenset()
    rest: int = 0

    @property
    def model(self) -> type[BaseModel]:
        return TABLES[self.name]

    @property
    def weight(self) -> int:
        return len(self.columns) + sum(not name.startswith(("_branch", "_year")) for name in self.special.values())

    @property
    def signs(self) -> bool:
        """Whether each row says of one person whether they came."""
        return {"_person", "_sign"} <= set(self.special.values())

    def own(self, sheet: Sheet, row: int) -> list[tuple[int, str]]:
        """What a row holds within the width of the table; another table may stand beside it."""
        return [(c, text) for c, text in sheet.own(row) if min(self.labels) <= c <= max(self.labels)]


def table_named(text: str) -> str | None:
    """The series a sheet's name or title speaks of: the longest of our words in it."""
    plain = normal(text)
    found = [(len(word), key) for word, key in _series_words().items() if word in plain]
    return max(found, default=(0, None))[1]


@cache
def _series_words() -> dict[str, str]:
    return {normal(word): key for key, names in parsed(SERIES_WORDS).items() if key in TABLES for word in names}


def type_named(text: str) -> str | None:
    """The one activity type a title speaks of; None if it names none or several."""
    rest, found = text, []
    for word in sorted([*ACTIVITY_TYPES, *ALIASES], key=len, reverse=True):
        if word in rest and word not in ("其他", "其它", "培训", "换届", "组织生活"):
            rest = rest.replace(word, " ")
            found.append(ALIASES.get(word, word))
    return found[0] if len(set(found)) == 1 else None


def years_named(text: str) -> set[int]:
    """The years a title speaks of, but for the day on which the sheet was filled in or printed."""
    return {int(match[1]) for match in _YEAR.finditer(_FILLED_IN.sub("", text))}


def titles_of(sheet: Sheet, top: int, first: int) -> str:
    """What stands in the rows above a heading."""
    return " ".join(text for row in range(top, first) for _, text in sheet.own(row))


def heads(sheet: Sheet) -> list[Head]:
    """The tables of a sheet in order. A table ends where the titles of the next begin; a heading printed again under
    the same title, as on each page, begins no other table."""
    found: list[Head] = []
    row = 0
    while row < len(sheet.rows):
        beside = _heads_at(sheet, row, found)
        if not beside:
            row += 1
            continue
        top = _title_top(sheet, row, found[-1].body) if found else 0
        open_ones = [head for head in found if not head.end]
        if open_ones and _printed_again(sheet, open_ones, beside, top):
            again = frozenset(range(top, beside[0].body))
            found = [replace(head, again=head.again | again) if head in open_ones else head for head in found]
        else:
            found = [head if head.end else _closed(sheet, head, top) for head in found]
            found += [replace(head, top=top) for head in beside]
        row = beside[0].body
    return [head if head.end else _closed(sheet, head, len(sheet.rows)) for head in found]


def _closed(sheet: Sheet, head: Head, rest: int) -> Head:
    """The table with its end: where the next begins, or where a line of text is followed by what is none of its
    rows."""
    days = [position for position, column in head.columns.items() if column.kind == "day"]
    for row in range(head.body + 1, rest - 1):
        titled = len(sheet.own(row)) == 1 and row not in head.again
        below = sheet.own(row + 1)
        foreign = len(below) > 1 and days and not any(_DIGIT.search(sheet.text(row + 1, c)) for c in days)
        if titled and foreign and row + 1 not in head.again:
            return replace(head, end=row, rest=rest)
    return replace(head, end=rest, rest=rest)


def _printed_again(sheet: Sheet, before: list[Head], now: list[Head], top: int) -> bool:
    titles = titles_of(sheet, top, now[0].first)
    same = titles in ("", titles_of(sheet, before[0].top, before[0].first))
    return same and [(head.name, head.labels) for head in before] == [(head.name, head.labels) for head in now]


def _heads_at(sheet: Sheet, row: int, before: list[Head]) -> list[Head]:
    """The tables whose heading is this row: none, one, or the same one several times side by side."""
    if not _may_be_heading(sheet, row):
        return []
    told = _told(sheet, row, before)
    parts = [_head_at(sheet, row, part, told) for part in _side_by_side(_labels(sheet, row))]
    found = [head for head in parts if head is not None]
    if not found or len(found) < len(parts):
        return []
    parted = not before or len(sheet.own(row - 1)) < 2 or found[0].labels == before[-1].labels
    return found if parted or (found[0].weight > 2 and not found[0].unknown) else []


def _may_be_heading(sheet: Sheet, row: int) -> bool:
    """Whether a row could be one: several known words, no day, number or long text among them, and not a label and
    its value by turns."""
    own = [text for _, text in sheet.own(row)]
    plain_months = set(own) >= _MONTHS
    if len(own) < 2 or any(len(normal(t)) > _LONGEST_LABEL or (_VALUE.fullmatch(t) and not plain_months) for t in own):
        return False
    known = [_known(text) or _MONTH.fullmatch(normal(text)) is not None for text in own]
    first, last = sheet.own(row)[0][0], sheet.own(row)[-1][0]
    gaps = sum(not sheet.text(row, column) for column in range(first, last))
    by_turns = gaps >= len(own) - 1 or (len(own) > 3 and len(own) % 2 == 0 and all(known[::2]) and not any(known[1::2]))
    return sum(known) > 1 and not by_turns


def _known(label: str) -> bool:
    return any(normal(part) in _all_words() for part in (label, *label.split("/")))


@cache
def _all_words() -> frozenset[str]:
    special = (word for words in (*_SPECIAL.values(), STEP_WORDS) for word in words.split())
    known = (word for model in (*TABLES.values(), Committee) for word in known_words(model))
    ticked = (word for word in (*ACTIVITY_TYPES, *ALIASES) if ALIASES.get(word, word) in _TICKED)
    return frozenset([*special, *known, *ticked, *PASSED_OVER])


def _told(sheet: Sheet, row: int, before: list[Head]) -> str | None:
    """The table that the sheet's name speaks of, or the titles right above; of a later table its own titles first."""
    top = _title_top(sheet, row, before[-1].body) if before else max(0, row - _TITLE_ROWS)
    own, named = table_named(titles_of(sheet, top, row)), table_named(sheet.name)
    return (own or named) if before else (named or own)


def _title_top(sheet: Sheet, row: int, least: int) -> int:
    """The first of the rows right above a heading that hold nothing or one cell, as titles do."""
    while row > least and len(sheet.own(row - 1)) < 2:
        row -= 1
    return row


def _side_by_side(labels: dict[int, str]) -> list[dict[int, str]]:
    """The headings, parted where the same ones begin anew: a long list printed in two or three blocks."""
    listed = list(labels.items())
    for blocks in range(len(listed) // 2, 1, -1):
        size, rest = divmod(len(listed), blocks)
        parts = [listed[i * size : (i + 1) * size] for i in range(blocks)]
        if not rest and all([text for _, text in part] == [text for _, text in parts[0]] for part in parts):
            return [dict(part) for part in parts] if len({text for _, text in parts[0]}) > 1 else [labels]
    return [labels]


def _labels(sheet: Sheet, row: int) -> dict[int, str]:
    return {c: sheet.text(row, c) for c in range(len(sheet.rows[row])) if sheet.text(row, c)}


def _head_at(sheet: Sheet, row: int, labels: dict[int, str], told: str | None) -> Head | None:
    """The table with these headings, or with those of two rows if the lower one completes the upper."""
    best = _best(labels, told, row, row + 1)
    if row + 1 == len(sheet.rows) or not _heads_two_rows(sheet, row, labels):
        return best
    lower = _labels(sheet, row + 1)
    joined = {c: _joined(labels.get(c, ""), lower.get(c, "")) for c in sorted({*labels, *lower})}
    double = _best(joined, told, row, row + 2)
    return double if double and (best is None or double.weight >= best.weight) else best


def _heads_two_rows(sheet: Sheet, row: int, labels: dict[int, str]) -> bool:
    """Whether the row below belongs to the heading: cells reach down to it, or it parts what a wide cell spans."""
    lower = [text for _, text in sheet.own(row + 1)]
    if any(_VALUE.fullmatch(text) for text in lower) or not lower:
        return False
    down = any((row + 1, column) in sheet.tall for column in labels)
    return down or any((row, column) in sheet.wide and sheet.text(row + 1, column) for column in labels)


def _joined(upper: str, lower: str) -> str:
    """One heading from two: the lower one, with the upper before it where that alone is no known word."""
    both = f"{upper}{lower}"
    if not lower or upper == lower or normal(both) in _all_words():
        return both if upper != lower else upper
    return f"{upper}/{lower}" if _MONTH.fullmatch(normal(upper)) else lower


def _best(labels: dict[int, str], told: str | None, first: int, body: int) -> Head | None:
    """The reading of a heading row that knows most of it; what the sheet's name says breaks ties."""
    found = [head for name in TABLES if (head := _reading(name, labels, first, body)) is not None]
    return max(found, key=lambda h: (h.weight + 3 * (h.name == told), h.name == "activities"), default=None)


def _reading(name: str, labels: dict[int, str], first: int, body: int) -> Head | None:
    """These headings as those of one table; None if they cannot be."""
    special = {position: key for position, text in labels.items() if (key := _special(name, text)) is not None}
    if name in _TOGETHER and not _TOGETHER[name](set(special.values())):
        special = {position: key for position, key in special.items() if key not in _OF_PERSONS}
    head = Head(name, first, body, labels, {}, special)
    for position, text in labels.items():
        column = column_for(TABLES[name], text)
        if position in special:
            continue
        if column is not None:
            head.columns[position] = column
        elif not _passed_over(text):
            head.unknown[position] = text
    recognised = len(head.columns) + len(head.special)
    weight = head.weight + ("_branch" in special.values())
    return head if weight > 1 and recognised > len(head.unknown) and _possible(head) else None


def _passed_over(label: str) -> bool:
    return (
        PRIVATE.search(label) is not None
        or normal(label) in PASSED_OVER
        or all(normal(part) in PASSED_OVER for part in label.split("/"))
    )


# Columns about one person a row, which mean that only where they come together.
_OF_PERSONS = frozenset({"_person", "_sign", "_grade", "_won", "_votes", "_post"})
_TOGETHER: dict[str, Callable[[set[str]], bool]] = {
    "activities": lambda keys: {"_person", "_sign"} <= keys,
    "appraisals": lambda keys: {"_person", "_grade"} <= keys,
    "elections": lambda keys: "_person" in keys and bool({"_won", "_votes"} & keys),
}


def _special(name: str, label: str) -> str | None:
    """What a heading means in one kind of table, beyond the fields of its entries."""
    word = normal(label)
    if name == "dues":
        month, _, part = f"{word}月".partition("月") if word in _MONTHS else word.partition("月")
        if _MONTH.fullmatch(f"{month}月") and part in ("", "份", *_PAID):
            return f"_month:{month.rpartition('年')[2]}:{_PAID.get(part, 'paid')}"
    if name == "development":
        step = next((step for step, words in parsed(STEP_WORDS).items() if word in (step, *words)), None)
        if step:
            return f"_step:{step}"
    if name == "committee" and word in known_words(Committee) and word not in known_words(TABLES[name]):
        return f"_term:{word}"
    if name == "activities":
        ratio = _RATIO.fullmatch(word)
        if ratio and (ratio[1][0] == "应") != (ratio[2][0] == "应"):
            return f"_ratio:{'expected' if ratio[1][0] == '应' else 'present'}"
        if ALIASES.get(word, word) in _TICKED:
            return f"_type:{ALIASES.get(word, word)}"
    common: tuple[str, ...] = () if name in _OF_BRANCHES else ("_branch",)
    if word not in known_words(TABLES[name]):
        common += ("_year",)
    return next((key for key in (*common, *_OWN.get(name, ())) if word in _SPECIAL[key].split()), None)


_PAID = {"应交": "due", "应缴": "due", "实交": "paid", "实缴": "paid", "金额": "paid", "日期": "paid_on",
         "交纳日期": "paid_on", "缴纳日期": "paid_on"}  # fmt: skip


def _possible(head: Head) -> bool:
    """Whether the columns without which no entry of this kind can be made are there."""
    paths = {column.path for column in head.columns.values()}
    special = set(head.special.values())
    months = any(name.startswith("_month") for name in special)
    needs: dict[str, bool] = {
        "activities": bool(paths & {"date", "start"}) or head.signs,
        "dues": "name" in paths and ("month" in paths or months or "_year" in special),
        "talks": "date" in paths and ("between" in paths or "_with" in special),
        "development": any(name.startswith("_step") for name in special) or "steps" in paths,
        "members": "name" in paths and len(paths) > 1,
        "committee": {"name", "post"} <= paths or any(name.startswith("_term:") for name in special),
        "groups": bool(paths & {"id", "name"}) and len(paths) > 1,
        "appraisals": "date" in paths or {"_person", "_grade"} <= special,
    }
    if head.name in needs:
        return needs[head.name]
    return required(head.model) <= paths
