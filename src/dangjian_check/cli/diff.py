"""``dj-check diff``: two reports, and what became of the deficiencies of the first."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dangjian_check.cli import options
from dangjian_check.cli.delivery import Renders, deliver
from dangjian_check.cli.exits import Exit, tell
from dangjian_check.cli.outputs import destinations
from dangjian_check.comparing import compare_reports
from dangjian_check.engine.claims import Compared
from dangjian_check.engine.diff import State
from dangjian_check.errors import UsageProblem

FORMATS = ("terminal", "json", "markdown", "xlsx")
Format = StrEnum("Format", {name: name for name in FORMATS})  # type: ignore[misc]
Old = Annotated[Path, typer.Argument(metavar="旧报告", help="上次核查的 JSON 或 JSON Lines。", show_default=False)]
New = Annotated[Path, typer.Argument(metavar="新报告", help="这次核查的 JSON 或 JSON Lines。", show_default=False)]
Ledger = Annotated[
    Path | None, typer.Option("--ledger", help="填好交回的整改台账（.xlsx、.csv），和记录核对。", show_default=False)
]
Outputs = Annotated[
    list[str] | None, typer.Option("--output", "-o", help="另存为 格式:文件，可写几次，例如 xlsx:整改台账.xlsx。")
]


def diff(
    old: Old,
    new: New,
    ledger: Ledger = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="输出格式。")] = Format.terminal,  # type: ignore[attr-defined]
    output: Outputs = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="各类清单全部列出。")] = False,
) -> int:
    """对照两次核查：已整改、未整改、未复查、新增、屡查屡犯。"""
    from dangjian_check.reports.diff_json import diff_json
    from dangjian_check.reports.diff_markdown import diff_markdown
    from dangjian_check.reports.diff_text import diff_text
    from dangjian_check.reports.diff_workbook import diff_workbook

    read = [old, new, *([ledger] if ledger else [])]
    outputs = destinations(output or (), read, FORMATS)
    compared = compare_reports(old, new, ledger)
    renders: Renders = {
        "terminal": lambda look: diff_text(compared, look),
        "json": lambda _: diff_json(compared),
        "markdown": lambda _: diff_markdown(compared),
        "xlsx": lambda _: diff_workbook(compared),
    }
    lost = deliver(renders, format.value, outputs, options.look(options.Colour.never, verbose=verbose))
    tell(compared.problems)
    return Exit.FAILED if lost else status(compared)


def status(compared: Compared) -> Exit:
    """0 if every old deficiency was seen put right and there is no new one; 1 if not; 2 if something could not be read;
    3 if the reports have no branch and standard in common."""
    if compared.problems:
        return Exit.FAILED
    if not compared.diff.compared:
        message = "两份报告没有一个支部、一份标准对得上"
        tell(UsageProblem(message, "核对是不是同一批支部，标准是不是同一份").problems)
        return Exit.NOTHING
    counts = compared.diff.counts()
    return Exit.OK if sum(counts.values()) == counts[State.FIXED] else Exit.DEFICIENT
