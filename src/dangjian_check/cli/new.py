"""``dj-check new``: a record to start from. A format of its own (a workbook) would be a further branch of `new`."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, get_args

import typer

from dangjian_check import app as use_case
from dangjian_check.cli import options
from dangjian_check.cli.exits import Exit
from dangjian_check.cli.streams import write, write_file
from dangjian_check.errors import UsageProblem
from dangjian_check.loading.files import shown_path
from dangjian_check.model.vocabulary import BranchType
from dangjian_check.reports.base import clean

DEFAULT = "branch.yaml"
Kind = StrEnum("Kind", {name: name for name in get_args(BranchType)})  # type: ignore[misc]


def new(
    file: Annotated[Path, typer.Argument(metavar="文件", help="要建的记录，或放它的文件夹。")] = Path(DEFAULT),
    name: Annotated[str | None, typer.Option("--name", help="支部名称；不写就用文件名或文件夹名。")] = None,
    type: Annotated[
        Kind | None, typer.Option("--type", "-t", metavar="<类型>", help=f"支部类型：{'、'.join(Kind)}。")
    ] = None,
    standard: Annotated[list[str] | None, typer.Option("--standard", "-s", help="按哪个标准核，可写几次。")] = None,
    rules: options.RulesDirs = None,
) -> int:
    """新建一份支部记录：写好就能用，各栏带着写法的例子；已有的文件不动。"""
    target = file / DEFAULT if file.is_dir() else file
    content = use_case.new(target, options.today(), name, type.value if type else None, standard or (), rules or ())
    if os.path.lexists(target):
        raise UsageProblem(f"{shown_path(target)} 已经有了，没有动它", "换一个文件名，或用 dj-check add 往里添")
    write_file(content, str(target))
    shown = clean(shown_path(target))
    write(f"已建 {shown}。往下写，或用 dj-check add {shown} 添活动；用 dj-check validate {shown} 查写法\n")
    return Exit.OK
