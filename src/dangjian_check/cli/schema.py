"""``dj-check schema``: JSON Schema for editors."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from dangjian_check import reference
from dangjian_check.cli.exits import Exit
from dangjian_check.cli.streams import write_machine

Name = StrEnum("Name", {name: name for name in reference.SCHEMAS})  # type: ignore[misc]


def schema(
    name: Annotated[Name, typer.Argument(metavar="名称", help=f"{'、'.join(reference.SCHEMAS)} 之一。")],
) -> int:
    """打印给编辑器用的 JSON Schema（draft 7）。"""
    write_machine(reference.schema(name.value))
    return Exit.OK
