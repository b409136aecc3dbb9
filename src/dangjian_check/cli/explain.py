"""``dj-check explain``: the demand, its ground, and why a record met it or not."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dangjian_check import app as use_case
from dangjian_check.cli import options
from dangjian_check.cli.exits import Exit
from dangjian_check.cli.streams import write, write_machine
from dangjian_check.reports.explanation import explain_data, rule_text, trace_text
from dangjian_check.reports.wrapping import fit


class Format(StrEnum):
    """How to explain."""

    terminal = "terminal"
    json = "json"


def explain(
    rule: Annotated[str, typer.Argument(metavar="规则编号", help="例如 NAT-ZB-12-1。", show_default=False)],
    record: Annotated[Path | None, typer.Option("--record", help="说明这份记录里哪些算数、哪些不算、为什么。")] = None,
    rules: options.RulesDirs = None,
    period: options.PeriodText = None,
    as_of: options.AsOfText = None,
    mask: options.Masks = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="输出格式。")] = Format.terminal,
) -> int:
    """说明一条规则：要求、依据、核法、计分；加 --record 说明为什么这样判。"""
    request = options.request((record,) if record else (), None, rules, period, as_of, mask)
    found = use_case.explain(request, rule)
    if format is Format.json:
        data = explain_data(found.rule, found.standard, found.trace, found.place)
        write_machine(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
        return Exit.OK
    text = rule_text(found.rule, found.standard)
    if found.trace is not None and found.place is not None:
        text += "\n" + trace_text(found.trace, found.file, found.place)
    write(fit(text, options.width()))
    return Exit.OK
