"""A rectification ledger (整改台账) that came back filled in: a workbook or a CSV file becomes `Claim`s."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from dangjian_check.engine.claims import CLOSED, STATES, Claim
from dangjian_check.errors import InputProblems, Problem
from dangjian_check.loading.csv_files import read_csv_sheet
from dangjian_check.loading.files import MAX_LEDGER_BYTES, read_bytes, shown_path
from dangjian_check.loading.sheets import Lost, Sheet
from dangjian_check.loading.workbooks import read_sheets
from dangjian_check.model.columns import normal
from dangjian_check.model.fields import shown

CARRIED = ("整改措施", "责任领导", "责任人", "整改时限", "佐证")
_WANTED = ("支部", "问题", "完成情况", "销号", "指纹", *CARRIED)
_HEAD_WITHIN = 30
V = TypeVar("V")
_PRINT = re.compile(r"[0-9a-f]{16}")
_STATES = {
    **{word: word for word in STATES},
    **dict.fromkeys(("未完成", "未开始", "未启动", "否", "×"), STATES[0]),
    **dict.fromkeys(("正在整改", "进行中", "推进中", "部分完成", "持续推进", "长期坚持"), STATES[1]),
    **dict.fromkeys(("已完成", "完成", "整改完成", "已整改完成", "整改到位", "已整改到位", "是", "√"), STATES[2]),
}
_CLOSED = {
    **dict.fromkeys((CLOSED[0], "已销号", "销号", "√", "Y", "y", "yes"), True),
    **dict.fromkeys((CLOSED[1], "未销号", "不销号", "×", "N", "n", "no"), False),
}


@dataclass(slots=True)
class Ledger:
    """What a ledger claims, row by row, and what is wrong with how it was filled in."""

    file: str
    claims: list[Claim]
    problems: list[Problem]


def load_ledger(path: Path) -> Ledger:
    """Every filled row of every sheet that is such a ledger.

    Raises `InputProblems` for a file that holds none; a cell that cannot be read is told, and the row still counts
    for what the other cells say.
    """
    file = shown_path(path)
    raw = read_bytes(path, file, MAX_LEDGER_BYTES, "整改台账（.xlsx、.csv）", "只留整改台账一张表")
    sheets, hidden = _sheets(path, raw, file)
    ledger = Ledger(file, [], [])
    heads = [(sheet, head) for sheet in sheets if (head := _head(sheet)) is not None]
    if not heads:
        remedy = "用 dj-check audit --output xlsx: 给出的整改台账，列名行不要改"
        message = "没有整改台账：找不到“问题、完成情况、销号、指纹”这样的列名行"
        raise InputProblems([Problem(file, 0, 0, message, remedy), *hidden])
    for sheet, (row, columns) in heads:
        _Rows(sheet, columns, ledger).read(row + 1)
    ledger.problems += _twice(ledger)
    return ledger


def _sheets(path: Path, raw: bytes, file: str) -> tuple[list[Sheet], list[Problem]]:
    if path.suffix.lower() == ".csv":
        return [read_csv_sheet(raw, file, path.stem)], []
    return read_sheets(raw, file)


def _head(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The row of headings and the column of each that is known; of a heading written twice the first."""
    for row in range(min(_HEAD_WITHIN, len(sheet.rows))):
        columns: dict[str, int] = {}
        for column, text in sheet.own(row):
            if (name := normal(text)) in _WANTED:
                columns.setdefault(name, column)
        if ("指纹" in columns or "问题" in columns) and ("完成情况" in columns or "销号" in columns):
            return row, columns
    return None


def _twice(ledger: Ledger) -> Iterator[Problem]:
    """Rows of one fingerprint that say different things."""
    first: dict[str, Claim] = {}
    for claim in ledger.claims:
        if claim.fingerprint:
            known = first.setdefault(claim.fingerprint, claim)
            if known.done is not claim.done:
                message = f"同一个问题（指纹 {claim.fingerprint}）有两行，说法不一，另一行在 {known.place}"
                yield Problem.at(ledger.file, claim.place, message, "留一行")


class _Rows:
    """Reads the rows below one row of headings."""

    def __init__(self, sheet: Sheet, columns: dict[str, int], ledger: Ledger) -> None:
        self.sheet = sheet
        self.columns = columns
        self.ledger = ledger

    def read(self, first: int) -> None:
        for row in range(first, len(self.sheet.rows)):
            if any(self.text(row, name) or self.lost(row, name) for name in ("指纹", "问题")):
                self.ledger.claims.append(self.claim(row))

    def text(self, row: int, name: str) -> str:
        if name not in self.columns or self.lost(row, name) is not None:
            return ""
        return self.sheet.text(row, self.columns[name])

    def lost(self, row: int, name: str) -> Lost | None:
        """Why a cell holds no value though it shows something (a formula never reckoned, an error)."""
        cells, column = self.sheet.rows[row], self.columns.get(name, -1)
        value = cells[column] if 0 <= column < len(cells) else None
        return value if isinstance(value, Lost) else None

    def tell(self, row: int, name: str, message: str, remedy: str) -> None:
        place = self.sheet.place(row, self.columns[name])
        self.ledger.problems.append(Problem.at(self.ledger.file, place, message, remedy))

    def claim(self, row: int) -> Claim:
        for name in self.columns:
            if (lost := self.lost(row, name)) is not None:
                self.tell(row, name, lost.message, lost.remedy)
        state = self.choice(row, "完成情况", _STATES, "、".join(STATES))
        closed = self.choice(row, "销号", _CLOSED, "、".join(CLOSED))
        if closed and state is not None and state != STATES[2]:
            self.tell(row, "销号", f"已经销号，完成情况却是{state}", "两栏改成一致")
        fingerprint = self.text(row, "指纹").lower()
        if fingerprint and not _PRINT.fullmatch(fingerprint):
            self.tell(row, "指纹", f"指纹 {shown(fingerprint)} 被改过", "照原来的台账填回，应是 16 个字母和数字")
            fingerprint = ""
        return Claim(
            fingerprint=fingerprint,
            branch=self.text(row, "支部"),
            text=self.text(row, "问题"),
            state=state,
            closed=closed,
            place=self.sheet.place(row, self.columns.get("问题", self.columns.get("指纹", 0))),
            filled=tuple((name, text) for name in CARRIED if (text := self.text(row, name))),
        )

    def choice(self, row: int, name: str, words: dict[str, V], options: str) -> V | None:
        """What a cell with a drop-down list says; an empty one says nothing."""
        text = self.text(row, name)
        if not text:
            return None
        found = words.get(text, words.get(normal(text)))
        if found is None:
            self.tell(row, name, f"{shown(text)} 不在可选的词里", f"可选：{options}")
        return found
