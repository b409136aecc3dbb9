"""``dj-check due``: what is still owed, and by when."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dangjian_check import app as use_case
from dangjian_check.cli import options
from dangjian_check.cli.exits import Exit, tell, tell_lost
from dangjian_check.cli.outputs import destinations
from dangjian_check.cli.progress import Progress
from dangjian_check.cli.streams import OutputLost, write, write_file, write_machine
from dangjian_check.engine.due import DueReport
from dangjian_check.errors import UsageProblem
from dangjian_check.model.calendar import parse_length
from dangjian_check.model.fields import shown
from dangjian_check.reports.base import Look
from dangjian_check.reports.due import DUE_FORMATS

_MOST_YEARS = 10
Format = StrEnum("Format", {name: name for name in DUE_FORMATS})  # type: ignore[misc]


def due(
    paths: Annotated[list[Path], typer.Argument(metavar="记录...", help="记录文件或文件夹。", show_default=False)],
    within: Annotated[str, typer.Option("--within", help="看到多久以后：60d、8w、3m、1y。")] = "60d",
    standard: options.Standards = None,
    rules: options.RulesDirs = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="从哪天看起，缺省今天。")] = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="输出格式。")] = Format.terminal,  # type: ignore[attr-defined]
    output: Annotated[
        list[str] | None, typer.Option("--output", "-o", help="另存为 格式:文件，可写几次，例如 ics:到期.ics。")
    ] = None,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="有逾期的也以 0 退出；读不了的仍是 2。")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="没有逾期的也写出怎么办。")] = False,
    color: options.ColourFlag = options.Colour.auto,
) -> int:
    """还欠什么、哪天到期：按同一套规则往前看，最急的在前；--format ics 可导入日历。"""
    start = options.to_day(as_of) or options.today()
    until = _horizon(within, start)
    outputs = destinations(output or (), paths, DUE_FORMATS, paths)
    request = use_case.Request(tuple(paths), start, tuple(standard or ()), tuple(rules or ()), as_of=start)
    files = use_case.record_files(paths)
    with Progress(len(files), bar=True) as progress:
        report = use_case.due(request, until, progress.over(files))
    look = options.look(color, verbose=verbose)
    content = DUE_FORMATS[format.value](report, look)
    if DUE_FORMATS[format.value].for_people:
        write(content)
    else:
        write_machine(content)
    lost = _write_files(report, outputs, verbose=verbose)
    tell(report.problems)
    result = Exit.FAILED if lost else _status(report)
    if result is Exit.NOTHING:
        _say_nothing(report)
    return Exit.OK if exit_zero and result is Exit.DEFICIENT else result


def _horizon(text: str, start: date) -> date:
    """The last day to look at, or a usage problem."""
    end = parse_length(text, start)
    if end is None or end.year - start.year > _MOST_YEARS:
        raise UsageProblem(f"--within {shown(text)} 不是时长，或者太长", f"写 60d、8w、3m、1y，最长 {_MOST_YEARS}y")
    return end


def _status(report: DueReport) -> Exit:
    """0 nothing overdue, 1 something is, 2 bad input, 3 no record or no rule that binds."""
    if report.problems:
        return Exit.FAILED
    if not any(agenda.judged for agenda in report.agendas):
        return Exit.NOTHING
    return Exit.DEFICIENT if report.overdue else Exit.OK


def _write_files(report: DueReport, outputs: list[tuple[str, str]], *, verbose: bool) -> bool:
    """Write every file asked for; whether one of them could not be written."""
    lost = False
    plain: Look = options.look(options.Colour.never, verbose=verbose, to_file=True)
    for kind, file in outputs:
        try:
            write_file(DUE_FORMATS[kind](report, plain), file)
        except OutputLost as error:
            tell_lost(error)
            lost = True
    return lost


def _say_nothing(report: DueReport) -> None:
    message = "没有一条规则适用，说不出欠什么" if report.agendas else "没有找到记录"
    remedy = "核对 --standard 与 --as-of" if report.agendas else "给出 .yaml 记录文件，或存有记录的文件夹"
    tell(UsageProblem(message, remedy).problems)
