"""``dj-check query``: questions put to many assessments at once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dangjian_check.analytics.asking import READY, answer_ready, answer_sql
from dangjian_check.analytics.store import to_parquet
from dangjian_check.cli import options
from dangjian_check.cli.delivery import Renders, deliver
from dangjian_check.cli.exits import Exit, say
from dangjian_check.cli.outputs import destinations
from dangjian_check.errors import UsageProblem
from dangjian_check.reports.answers import answer_csv, answer_json, answer_markdown, answer_text

FORMATS = ("terminal", "json", "csv", "markdown")
Format = StrEnum("Format", {name: name for name in FORMATS})  # type: ignore[misc]
Question = StrEnum("Question", {name: name for name in READY})  # type: ignore[misc]
Results = Annotated[
    list[Path],
    typer.Argument(
        metavar="结论...",
        help="audit --format rows 的结果，由它转成的 Parquet，或存有它们的文件夹。",
        show_default=False,
    ),
]


def query(
    results: Results,
    ready: Annotated[
        Question | None,
        typer.Option("--ready", help=f"现成的查询：{'；'.join(f'{name} {q.title}' for name, q in READY.items())}。"),
    ] = None,
    sql: Annotated[str | None, typer.Option("--sql", metavar="查询", help="自己写的一条 SELECT。")] = None,
    parquet: Annotated[
        Path | None, typer.Option("--to-parquet", metavar="文件夹", help="转成 Parquet，一个文件一份，存进新的文件夹。")
    ] = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="输出格式。")] = Format.terminal,  # type: ignore[attr-defined]
    output: Annotated[
        list[str] | None, typer.Option("--output", "-o", help="另存为 格式:文件，可写几次，例如 csv:查询.csv。")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="各行全部列出。")] = False,
) -> int:
    """在成千上万份结论里查：现成的三种查询，或者自己写 SQL（要装 dj-check[analytics]）。"""
    asked = [
        name for name, given in (("--ready", ready), ("--sql", sql), ("--to-parquet", parquet)) if given is not None
    ]
    if len(asked) != 1:
        what = f"{'、'.join(asked)} 不能一起写" if asked else "没有说查什么"
        raise UsageProblem(what, f"写 --ready（{'、'.join(READY)}）、--sql、--to-parquet 之一")
    if parquet is not None:
        parts = to_parquet(results, parquet)
        say(f"{parquet.as_posix()}：转成 Parquet {parts} 个文件")
        return Exit.OK if parts else Exit.NOTHING
    outputs = destinations(output or (), results, FORMATS)
    found = answer_ready(results, ready.value) if ready is not None else answer_sql(results, sql or "")
    renders: Renders = {
        "terminal": lambda look: answer_text(found, look),
        "json": lambda _: answer_json(found),
        "csv": lambda _: answer_csv(found),
        "markdown": lambda _: answer_markdown(found),
    }
    lost = deliver(renders, format.value, outputs, options.look(options.Colour.never, verbose=verbose))
    return Exit.FAILED if lost else Exit.OK
