"""``dj-check import``: ledgers become records in YAML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from dangjian_check import keeping
from dangjian_check.cli.exits import Exit, say, tell, tell_lost
from dangjian_check.cli.streams import OutputLost, write_file
from dangjian_check.errors import Problem, UsageProblem
from dangjian_check.keeping import Written
from dangjian_check.loading.files import shown_path
from dangjian_check.loading.tables import TABLES
from dangjian_check.loading.tree import TableRead, Tree
from dangjian_check.model.columns import columns, heading
from dangjian_check.model.record import Record

_SPECIAL = {
    "by": "谈话一方",
    "with": "谈话另一方",
    "branch": "哪个支部",
    "year": "年份",
    "month": "月份",
    "person": "姓名",
    "sign": "到没到会",
    "reason": "请假原因",
    "votes": "得票",
    "won": "是否当选",
    "post": "职务",
    "grade": "等次",
}
Ledgers = Annotated[list[Path], typer.Argument(metavar="台账...", help="台账文件或文件夹。", show_default=False)]
Folder = Annotated[Path | None, typer.Option("--output", "-o", help="写到哪个文件夹。", show_default=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只说读懂了什么，一栏一栏地列，不写文件。")]
Force = Annotated[bool, typer.Option("--force", help="已有同名记录的，盖掉它。")]


def import_ledger(ledgers: Ledgers, output: Folder = None, dry_run: DryRun = False, force: Force = False) -> int:
    """把台账转成 YAML 记录：一个支部一份。"""
    if output is None and not dry_run:
        raise UsageProblem("没有说写到哪里", "加 -o 文件夹；只想看读懂了什么，加 --dry-run")
    found = keeping.import_ledgers(ledgers)
    wrong = list(found.problems)
    lost = False
    if dry_run or output is None:
        _say(line for tree in found.trees for line in _understood(tree))
        tell(dict.fromkeys(note for tree in found.trees for note in tree.notes))
    else:
        for record in found.records:
            target = output / record.file_name
            if target.exists() and not force:
                message = "已有这份记录，没有写"
                wrong.append(Problem(shown_path(target), 0, 0, message, "换一个文件夹，或加 --force 盖掉"))
                continue
            lost = not _write(record, target) or lost
    tell(wrong)
    if wrong or lost:
        return Exit.FAILED
    if found.records:
        return Exit.OK
    tell(UsageProblem("没有找到台账", "给出 Excel、WPS、CSV 台账，或存有它们的文件夹").problems)
    return Exit.NOTHING


def _write(record: Written, target: Path) -> bool:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_file(record.text, str(target))
    except (OSError, OutputLost):
        tell_lost(OutputLost(target.as_posix()))
        return False
    holds = "，".join(f"{name} {count}" for name, count in record.holds if count)
    _say([f"{shown_path(target)}  {record.name}（{holds or '没有条目'}）"])
    tell(record.notes)
    return True


def _understood(tree: Tree) -> Iterator[str]:
    """How each table of a ledger was understood, column by column."""
    body = tree.data.get("branch") or tree.data.get("organization") or {}
    yield f"{tree.file}  {body.get('name', '')}"
    for table in tree.tables:
        yield f"  {table.place}  {heading(Record, table.series)}，{table.entries} 条"
        yield from _columns(table)


def _columns(table: TableRead) -> Iterator[str]:
    known = {column.path: column.words[0] for column in columns(TABLES[table.series])}
    for letter, text, field in table.columns:
        meant = f"{field}（{known[field]}）" if field in known else _SPECIAL.get(field, field)
        yield f"    {letter:>3}  {text} → {f'{meant}月' if meant.isdigit() else meant or '不读'}"


def _say(lines: Iterator[str] | list[str]) -> None:
    for line in lines:
        say(line)
