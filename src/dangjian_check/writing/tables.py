"""A record as the sheets of a ledger: for each a name, the columns and the rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from dangjian_check.model.activity import Activity
from dangjian_check.model.columns import Column, columns, heading
from dangjian_check.model.record import SERIES, Branch, BranchRow, Committee, Group, Member, Organization, Post, Record
from dangjian_check.model.series import Assessor, Dues, Plan, Talk, Training
from dangjian_check.writing.cells import Cell, bracketed, cell

Data = dict[str, Any]

LISTS: dict[str, type[BaseModel]] = {
    "activities": Activity,
    "members": Member,
    "groups": Group,
    **{name: model for name, model in SERIES.items() if name != "activities"},
    "branches": BranchRow,
    "assessments": Assessor,
}
NUMBER = "序号"
ABOUT, SUPERIOR = "基本情况", "上级党组织"
SHEET_NAMES = {"activities": "会议记录", "members": "党员名册", "committee": "支委会", "elections": "选举记录"}
_USUAL: dict[type[BaseModel], str] = {
    Activity: "date start type topic group place host recorder lecturer attendance.expected attendance.present "
    "attendance.leave attendance.absent attendance.guests agenda tags status evidence remark",
    Member: "name status admitted confirmed from to group leading_cadre teacher mobility remark",
    Post: "name post since until mode duty",
    Group: "id name leader formed dissolved",
    Plan: "kind for made filed filed_with owner",
    Talk: "date between topic kind",
    Training: "name from to days hours organiser topic",
    Dues: "name month due paid paid_on",
}
_BRANCH_ROWS = "name id type parent founded theme_day standards"
_TERM = ("elected", "term_years", "exists", "formed", "extension")


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its columns and the rows below them; ``nothing`` if the record says that there is nothing."""

    name: str
    model: type[BaseModel]
    columns: tuple[Column, ...]
    rows: list[list[Cell]]
    nothing: bool = False

    def headings(self) -> list[str]:
        return [NUMBER, *(column.words[0] for column in self.columns)]

    def body(self) -> list[list[Cell]]:
        """The rows with their numbers, or the one word that says there is nothing."""
        if self.nothing:
            return [["无"]]
        return [[number, *row] for number, row in enumerate(self.rows, 1)]


def about(data: Data) -> tuple[str, list[tuple[str, Cell]]]:
    """The sheet of labels and values about the branch (or superior organization) and the record itself."""
    superior = "organization" in data
    model: type[BaseModel] = Organization if superior else Branch
    body = data.get("organization" if superior else "branch") or {}
    usual = () if superior else _BRANCH_ROWS.split()
    listed = [c for c in _chosen(model, usual, [body]) if c.path in usual or _at(body, c.path) is not None]
    rows = [(c.words[0], _theme_day(value) if c.path == "theme_day" else cell(c, value))
            for c in listed for value in [_at(body, c.path)]]  # fmt: skip
    rows.append((heading(Record, "coverage"), _coverage(data.get("coverage"))))
    head = data.get("headcount") or {}
    if head or "members" not in data:
        rows += [("正式党员数", head.get("formal", "")), ("预备党员数", head.get("probationary", ""))]
    if data.get("calendar"):
        column = next(c for c in columns(Record) if c.path == "calendar")
        rows.append((heading(Record, "calendar"), bracketed(data["calendar"], column)))
    return (SUPERIOR if superior else ABOUT), rows


def _theme_day(value: Any) -> Cell:
    """``每月15日``, ``每月第一个周五``; brackets for what is more than that."""
    days = value if isinstance(value, list) else [value]
    if len(days) == 1 and isinstance(days[0], dict) and set(days[0]) == {"day"}:
        return f"每月{days[0]['day']}日"
    if len(days) == 1 and isinstance(days[0], dict) and set(days[0]) == {"weekday", "nth"}:
        return f"每月第{days[0]['nth']}个{days[0]['weekday']}"
    column = next(c for c in columns(Branch) if c.path == "theme_day")
    return "" if value is None else bracketed(value, column)


def _coverage(value: Any) -> Cell:
    if isinstance(value, dict) and set(value) == {"from", "to"}:
        return f"{value['from']}至{value['to']}"
    column = next(c for c in columns(Record) if c.path == "coverage")
    return "" if value is None else bracketed(value, column)


def tables(data: Data, *, usual: tuple[str, ...] = ()) -> Iterator[Table]:
    """The lists of a record, one table each; those named in ``usual`` also where the record has none."""
    for series, model in LISTS.items():
        if series == "groups" and (data.get("committee") or "committee" in usual):
            yield _committee(data.get("committee"))
        entries = data.get(series)
        if entries is None and series not in usual:
            continue
        chosen = _chosen(model, _USUAL.get(model, "").split(), entries or [])
        rows = [[cell(column, _at(entry, column.path)) for column in chosen] for entry in entries or []]
        yield Table(sheet_name(series), model, chosen, rows, nothing=entries == [])


def sheet_name(series: str) -> str:
    return SHEET_NAMES.get(series, heading(Record, series))


def _chosen(model: type[BaseModel], usual: Any, entries: list[Data]) -> tuple[Column, ...]:
    """The usual columns in their order, then those some entry needs; all of them where none are usual."""
    known = {column.path: column for column in columns(model)}
    whole = [c for c in columns(model) if c.kind != "nested" or not any(p.startswith(f"{c.path}.") for p in known)]
    first = [known[path] for path in usual if path in known]
    used = [c for c in whole if c not in first and any(_at(entry, c.path) is not None for entry in entries)]
    if not first:
        entry_fields = ("id", "remark", "evidence")
        used = [c for c in whole if c.path not in entry_fields or c in used]
    return (*first, *used)


def _committee(value: Any) -> Table:
    """The terms as rows of posts; what belongs to a term stands in its first row."""
    terms = value if isinstance(value, list) else [value] if value else []
    posts = [post for term in terms for post in term.get("posts") or []]
    chosen = _chosen(Post, _USUAL[Post].split(), posts)
    known = {column.path: column for column in columns(Committee)}
    needed = [known[name] for name in _TERM if name in ("elected", "term_years") or any(name in t for t in terms)]
    rows: list[list[Cell]] = []
    for term in terms:
        about_term = [cell(column, term.get(column.path)) for column in needed]
        for number, post in enumerate(term.get("posts") or [{}]):
            filled = [cell(column, _at(post, column.path)) for column in chosen]
            rows.append([*filled, *(about_term if number == 0 else [""] * len(needed))])
    return Table(SHEET_NAMES["committee"], Post, (*chosen, *needed), rows)


def _at(entry: Data, path: str) -> Any:
    """The value at a dotted path; None where a step is missing."""
    node: Any = entry
    for step in path.split("."):
        node = node.get(step) if isinstance(node, dict) else None
    return node
