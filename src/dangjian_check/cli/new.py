"""``dj-check new``: a record to start from, as YAML or as a workbook."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, get_args

import typer

from dangjian_check import keeping
from dangjian_check.cli import options
from dangjian_check.cli.exits import Exit, say
from dangjian_check.cli.streams import write_file
from dangjian_check.errors import UsageProblem
from dangjian_check.loading.files import shown_path
from dangjian_check.model.vocabulary import BranchType

DEFAULT, DEFAULT_WORKBOOK = "branch.yaml", "台账.xlsx"
Kind = StrEnum("Kind", {name: name for name in get_args(BranchType)})  # type: ignore[misc]


def new(
    file: Annotated[
        Path | None, typer.Argument(metavar="文件", help=f"要建的记录，或放它的文件夹；不写是 {DEFAULT}。")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="支部名称；不写就用文件名或文件夹名。")] = None,
    type: Annotated[
        Kind | None, typer.Option("--type", "-t", metavar="<类型>", help=f"支部类型：{'、'.join(Kind)}。")
    ] = None,
    standard: Annotated[list[str] | None, typer.Option("--standard", "-s", help="按哪个标准核，可写几次。")] = None,
    rules: options.RulesDirs = None,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="建一份 Excel、WPS 的样表，各栏带下拉选项。")] = False,
    source: Annotated[
        Path | None, typer.Option("--from", help="和 --xlsx 一起：把这份记录写成工作簿。", show_default=False)
    ] = None,
) -> int:
    """新建一份支部记录：写好就能用，各栏带着写法的例子；已有的文件不动。"""
    wanted = DEFAULT_WORKBOOK if xlsx else DEFAULT
    target = Path(wanted) if file is None else file / wanted if file.is_dir() else file
    if source is not None and not xlsx:
        raise UsageProblem("--from 只和 --xlsx 一起用", "加上 --xlsx")
    if xlsx and target.suffix.lower() != ".xlsx":
        raise UsageProblem(f"{shown_path(target)} 不是工作簿的文件名", "文件名以 .xlsx 结尾")
    about = keeping.Start(name, type.value if type else None, tuple(standard or ()), tuple(rules or ()))
    content = keeping.new_workbook(about, source) if xlsx else keeping.new(target, options.today(), about)
    if os.path.lexists(target):
        raise UsageProblem(f"{shown_path(target)} 已经有了，没有动它", "换一个文件名，或用 dj-check add 往里添")
    write_file(content, str(target))
    shown = shown_path(target)
    then = "填好以后用" if xlsx else f"往下写，或用 dj-check add {shown} 添活动；用"
    say(f"已建 {shown}。{then} dj-check validate {shown} 查写法，dj-check audit {shown} 核查")
    return Exit.OK
