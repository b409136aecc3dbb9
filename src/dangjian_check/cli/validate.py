"""``dj-check validate``: form only, every problem at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dangjian_check import app as use_case
from dangjian_check.cli.exits import Exit, tell
from dangjian_check.cli.streams import write
from dangjian_check.errors import UsageProblem


def validate(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="文件...", help="记录、标准、豁免（waivers.yaml），或存有它们的文件夹。", show_default=False
        ),
    ],
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="没有问题时不说话。")] = False,
) -> int:
    """只查写法：记录、标准和豁免有没有写错，一次列全；不下结论，很快，宜放在提交之前和 CI 里。"""
    checked, problems = use_case.validate(paths)
    tell(problems)
    if problems:
        return Exit.FAILED
    if not checked:
        tell(UsageProblem("没有找到记录、标准或豁免", "给出 .yaml 文件或文件夹").problems)
        return Exit.NOTHING
    if not quiet:
        write(f"{len(checked)} 个都没有写法上的问题\n")
    return Exit.OK
