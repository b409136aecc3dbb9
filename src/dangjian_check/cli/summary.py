"""``dj-check summary``: many reports counted together."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dangjian_check.cli import options
from dangjian_check.cli.delivery import Renders, deliver
from dangjian_check.cli.exits import Exit, tell
from dangjian_check.cli.outputs import destinations
from dangjian_check.comparing import summarize
from dangjian_check.engine.summary import Summary
from dangjian_check.errors import InputProblems, Problem, UsageProblem

FORMATS = ("terminal", "json", "markdown", "xlsx")
Format = StrEnum("Format", {name: name for name in FORMATS})  # type: ignore[misc]
Reports = Annotated[
    list[Path],
    typer.Argument(
        metavar="报告...", help="核查的 JSON、JSON Lines、rows 或 Parquet，或存有它们的文件夹。", show_default=False
    ),
]
Outputs = Annotated[
    list[str] | None, typer.Option("--output", "-o", help="另存为 格式:文件，可写几次，例如 markdown:汇总.md。")
]


class Engine(StrEnum):
    """What counts: Python line by line; DuckDB, which takes rows and Parquet only; whichever suits."""

    auto = "auto"
    python = "python"
    duckdb = "duckdb"


def summary(
    reports: Reports,
    rank: Annotated[bool, typer.Option("--rank", help="列出名次；不写就不排。")] = False,
    format: Annotated[Format, typer.Option("--format", "-f", help="输出格式。")] = Format.terminal,  # type: ignore[attr-defined]
    output: Outputs = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="用什么数：python 逐行数；duckdb 数 rows 和 Parquet，数得快。")
    ] = Engine.auto,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="各表全部列出。")] = False,
) -> int:
    """汇总许多份核查报告：共性问题、得分分布、失分指标、各单位、逐期变化。"""
    from dangjian_check.reports.summary_json import summary_json
    from dangjian_check.reports.summary_text import summary_markdown, summary_text, summary_workbook

    outputs = destinations(output or (), reports, FORMATS)
    found, problems = _counted(reports, engine, rank=rank)
    renders: Renders = {
        "terminal": lambda look: summary_text(found, look),
        "json": lambda _: summary_json(found, problems),
        "markdown": lambda _: summary_markdown(found),
        "xlsx": lambda _: summary_workbook(found),
    }
    lost = deliver(renders, format.value, outputs, options.look(options.Colour.never, verbose=verbose))
    tell(problems)
    if lost or problems:
        return Exit.FAILED
    if not found.count:
        message = "没有一份核查结论"
        tell(UsageProblem(message, "给出 dj-check audit --format json 或 jsonl 的结果").problems)
        return Exit.NOTHING
    return Exit.OK


def _counted(reports: list[Path], engine: Engine, *, rank: bool) -> tuple[Summary, list[Problem]]:
    """The same numbers whatever counts: unasked Python, unless there is Parquet or very much. Lines that SQL cannot
    read are left to Python, which counts the others."""
    from dangjian_check.analytics import counting

    if engine is Engine.python or (engine is Engine.auto and not counting.suits(reports)):
        return summarize(reports, rank=rank)
    try:
        return counting.summarize(reports, rank=rank)
    except InputProblems:
        if engine is Engine.duckdb or counting.has_parquet(reports):
            raise
    return summarize(reports, rank=rank)
