"""``dj-check waivers``: what was granted, what of it still holds, what is of no use."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from dangjian_check import app as use_case
from dangjian_check import waiving
from dangjian_check.cli import options
from dangjian_check.cli.exits import Exit, tell
from dangjian_check.cli.streams import write, write_machine
from dangjian_check.cli.words import Command, Group
from dangjian_check.model.personal import redacted
from dangjian_check.reports.base import clean
from dangjian_check.reports.exempted import ground
from dangjian_check.reports.wrapping import fit
from dangjian_check.rulebook.waiver import EFFECT_WORDS, Waiver
from dangjian_check.waiving import Listed, State

app = typer.Typer(cls=Group, help="豁免：查写法、列清单。", no_args_is_help=True, rich_markup_mode=None)
Files = Annotated[list[Path], typer.Argument(metavar="豁免文件...", help="waivers.yaml。", show_default=False)]
Records = Annotated[
    list[Path] | None,
    typer.Option("--record", help="拿这份记录（或文件夹）核一遍，看哪些没有用上；可写几次。", show_default=False),
]


class Format(StrEnum):
    """How to list."""

    terminal = "terminal"
    json = "json"


@app.command(cls=Command)
def lint(files: Files, rules: options.RulesDirs = None) -> int:
    """查写法：有没有写错，规则有没有、能不能豁免，期限是不是太长。"""
    count, wrong, remarks = waiving.lint(files, rules or ())
    tell(wrong)
    for remark in remarks:
        write(fit(f"{clean(redacted(str(remark)))}\n", options.width()))
    if wrong:
        return Exit.FAILED
    write(f"{len(files)} 个文件 {count} 项豁免，没有写错{f'；{len(remarks)} 处请再看看' if remarks else ''}\n")
    return Exit.OK


@app.command("list", cls=Command)
def list_(
    files: Files,
    record: Records = None,
    standard: options.Standards = None,
    rules: options.RulesDirs = None,
    period: options.PeriodText = None,
    as_of: options.AsOfText = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="输出格式。")] = Format.terminal,
) -> int:
    """列清单：哪些有效、快到期、已到期；加 --record 还列没有用上的。"""
    day = options.to_day(as_of) or options.today()
    unused = None
    if record:
        request = options.request(record, standard, rules, period, as_of, None)
        unused, problems = use_case.unused_waivers(replace(request, waivers=tuple(files)))
        tell(problems)
        if problems:
            return Exit.FAILED
    found = waiving.listed(files, day, unused)
    if format is Format.json:
        write_machine(json.dumps([_data(item) for item in found], ensure_ascii=False, indent=2) + "\n")
    else:
        write(fit("".join(f"{line}\n" for line in _lines(found)), options.width()))
    return Exit.OK


def _lines(found: list[Listed]) -> Iterator[str]:
    for state in State:
        yield from _group(state.label, [item for item in found if item.state is state])
    yield from _group("没有用上", [item for item in found if item.used is False])
    if not found:
        yield "没有豁免"


def _group(title: str, items: Iterable[Listed]) -> Iterator[str]:
    listed = list(items)
    if listed:
        yield f"{title} {len(listed)} 项"
    for item in listed:
        waiver = item.waiver
        branches = f"支部 {'、'.join(waiver.branches)}" if waiver.branches else "各支部"
        yield f"  {clean(ground(waiver))}"
        yield f"    {EFFECT_WORDS[waiver.effect]}；{_span(waiver)}；{clean(branches)}；{'、'.join(waiver.rules)}"
        yield f"    {clean(redacted(item.where))}"


def _span(waiver: Waiver) -> str:
    covers = f"管 {waiver.covers.start} {f'至 {waiver.covers.end}' if waiver.covers.end else '以后'}"
    return covers + (f"，{waiver.expires} 到期" if waiver.expires else "")


def _data(item: Listed) -> dict[str, Any]:
    written = item.waiver.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {"state": item.state.value, "used": item.used, "where": redacted(item.where), "waiver": written}
