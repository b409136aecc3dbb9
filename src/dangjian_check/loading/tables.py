"""Where the tables of a sheet begin, what each is a table of, and what each of its columns holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from pydantic import BaseModel

from dangjian_check.loading.sheets import Sheet
from dangjian_check.model.columns import Column, known_words, normal, parsed
from dangjian_check.model.headings import PASSED_OVER, SERIES_WORDS
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
STEPS = {
    "递交入党申请书": "申请 申请日期 申请入党 申请入党日期 递交申请书 入党申请 申请时间 递交入党申请书日期",
    "确定积极分子": "积极分子 入党积极分子 确定积极分子日期 积极分子日期 确定入党积极分子",
    "列为发展对象": "发展对象 确定发展对象 列为发展对象日期 发展对象日期",
    "支部大会通过接收": "预备 预备党员 接收预备党员 接收日期 预备党员日期 支部大会接收 接收为预备党员 预备日期",
    "支部大会讨论转正": "转正 转正日期 按期转正 转为正式党员 支部大会转正",
}
_MONTH = re.compile(r"(?:[0-9]{4}年)?(1[0-2]|[1-9])月份?")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\s*(?=年|学年|-|—|–|/|至|$)")
_DATUM = re.compile(
    r"[0-9]+(?:[.][0-9]+)?|[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}.*"
)  # no heading is a number or a day
_TITLE_ROWS = 40
_SPECIAL = {
    "_branch": "支部 支部名称 党支部 党支部名称 所在支部 所属支部 被考核党支部",
    "_year": "年 年份 年度",
    "_month": "月 月份",
    "_with": "被谈话人 谈话对象 被谈话对象",
    "_by": "谈话人",
    "_person": "姓名 党员姓名 候选人 候选人姓名",
    "_sign": "签到状态 状态 签到情况 考勤状态",
    "_reason": "请假原因 缺席原因 请假事由",
    "_won": "是否当选 当选",
    "_votes": "得票 得票数 得票数量",
    "_post": "职务 候选职务",
    "_grade": "等次 评议等次 评议结果 评定等次",
}
_OWN = {
    "talks": ("_with", "_by"),
    "activities": ("_person", "_sign", "_reason"),
    "dues": ("_month",),
    "elections": ("_person", "_won", "_votes", "_post"),
    "appraisals": ("_person", "_grade"),
}
_TELLING = {"elections": ("_won", "_votes"), "appraisals": ("_person",), "activities": ("_person",)}
_ALWAYS = {"activities": ("_reason",)}
_OF_BRANCHES = frozenset({"branches", "filings", "visits", "inspections"})


@dataclass(frozen=True, slots=True)
class Head:
    """The heading rows of one table: what it lists, where its body begins, what each column holds.

    ``columns`` are those that fill a field; ``special`` those the table needs to be read at all (year, the second
    of two people …) or that carry a month each; ``unknown`` are headings nobody knows.
    """

    name: str
    first: int
    body: int
    columns: dict[int, Column]
    special: dict[int, str]
    unknown: dict[int, str] = field(default_factory=dict)

    @property
    def model(self) -> type[BaseModel]:
        return TABLES[self.name]

    @property
    def weight(self) -> int:
        return len(self.columns) + sum(not name.startswith(("_branch", "_year")) for name in self.special.values())


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
    """The years a title speaks of."""
    return {int(match[1]) for match in _YEAR.finditer(text)}


def heads(sheet: Sheet) -> Iterator[Head]:
    """The tables of a sheet in order. A second table begins where another heading row stands."""
    hint = table_named(sheet.name)
    titles = ""
    row = 0
    while row < len(sheet.rows):
        head = head_at(sheet, row, hint, titles)
        if head is not None:
            yield head
            row = head.body
        else:
            titles += " " + " ".join(text for _, text in sheet.own(row)) if row < _TITLE_ROWS else ""
            row += 1


def head_at(sheet: Sheet, row: int, hint: str | None, titles: str) -> Head | None:
    """The table whose heading is this row (with the next, if the heading has two), or None."""
    labels = _labels(sheet, row)
    if sum(map(_spoken, labels.values())) < 2 or any(map(_DATUM.fullmatch, labels.values())):
        return None
    told = hint or table_named(titles)
    best = _best(labels, told, row, row + 1)
    if row + 1 < len(sheet.rows):
        lower = _labels(sheet, row + 1)
        joined = {c: lower.get(c) or text for c, text in labels.items()} | {
            c: t for c, t in lower.items() if c not in labels
        }
        double = _best(joined, told, row, row + 2)
        two_rows = any(text == lower.get(c) for c, text in labels.items())
        if double and two_rows and (best is None or double.weight > best.weight):
            return double
    return best


@lru_cache(maxsize=4096)
def _spoken(text: str) -> bool:
    """Whether a text is a heading of any table at all."""
    word = normal(text)
    return word in _vocabulary() or _MONTH.fullmatch(word) is not None


@cache
def _vocabulary() -> frozenset[str]:
    words = {word for model in (*TABLES.values(), Committee) for word in known_words(model)}
    words.update(word for line in (*_SPECIAL.values(), *STEPS.values(), *STEPS) for word in line.split())
    return frozenset(words)


def _labels(sheet: Sheet, row: int) -> dict[int, str]:
    return {c: sheet.text(row, c) for c in range(len(sheet.rows[row])) if sheet.text(row, c)}


def _best(labels: dict[int, str], told: str | None, first: int, body: int) -> Head | None:
    """The reading of a heading row that knows most of it; what the sheet's name says breaks ties."""
    found = [head for name in TABLES if (head := _reading(name, labels, first, body)) is not None]
    return max(found, key=lambda h: (h.weight + 3 * (h.name == told), h.name == "activities"), default=None)


def _reading(name: str, labels: dict[int, str], first: int, body: int) -> Head | None:
    """These headings as those of one table; None if they cannot be."""
    known = known_words(TABLES[name])
    columns: dict[int, Column] = {}
    special: dict[int, str] = {}
    unknown: dict[int, str] = {}
    own = _own(name, {normal(text) for text in labels.values()})
    for position, text in labels.items():
        word = normal(text)
        extra = _special(name, word, own)
        if extra is not None:
            special[position] = extra
        elif word in known:
            columns[position] = known[word]
        elif word not in PASSED_OVER:
            unknown[position] = text
    recognised = len(columns) + len(special)
    if recognised < 2 or recognised < len(unknown) or len(columns) + len(special) - _years(special) < 2:
        return None
    head = Head(name, first, body, columns, special, unknown)
    return head if head.weight and _possible(head) else None


def _years(special: dict[int, str]) -> int:
    return sum(name in ("_year", "_branch") for name in special.values())


def _own(name: str, present: set[str]) -> tuple[str, ...]:
    """The special columns this table can have: those of one person to a row only if a telling one is there."""
    telling = _TELLING.get(name)
    if telling is not None and not any(present & set(_SPECIAL[key].split()) for key in telling):
        return _ALWAYS.get(name, ())
    return _OWN.get(name, ())


def _special(name: str, word: str, own: tuple[str, ...]) -> str | None:
    month = _MONTH.fullmatch(word)
    if name == "dues" and month:
        return f"_month:{month[1]}"
    if name == "development":
        step = next((step for step, words in STEPS.items() if word == step or word in words.split()), None)
        if step:
            return f"_step:{step}"
    if name == "committee" and word in known_words(Committee) and word not in known_words(TABLES[name]):
        return f"_term:{word}"
    found = next((key for key in own if word in _SPECIAL[key].split()), None)
    if found or word in known_words(TABLES[name]):
        return found
    common = ("_year",) if name in _OF_BRANCHES else ("_branch", "_year")
    return next((key for key in common if word in _SPECIAL[key].split()), None)


def _possible(head: Head) -> bool:
    """Whether the columns without which no entry of this kind can be made are there."""
    paths = {column.path for column in head.columns.values()}
    special = set(head.special.values())
    months = any(name.startswith("_month") for name in special)
    needs: dict[str, bool] = {
        "activities": "date" in paths or ("_person" in special and "_sign" in special),
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
    model = TABLES[head.name]
    required = {info.alias or name for name, info in model.model_fields.items() if info.is_required()}
    return required <= paths
