"""``dj-check rules``: the standards themselves."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dangjian_check import app as use_case
from dangjian_check import proving
from dangjian_check.cli import options
from dangjian_check.cli.exits import Exit, tell
from dangjian_check.cli.streams import write, write_file, write_machine
from dangjian_check.cli.words import Command, Group
from dangjian_check.engine.placement import placement
from dangjian_check.engine.proof import TestRun
from dangjian_check.errors import UsageProblem
from dangjian_check.loading.files import read_bytes, shown_path
from dangjian_check.reports.base import clean
from dangjian_check.reports.explanation import explain_data, rule_text
from dangjian_check.reports.pages import page
from dangjian_check.reports.standards import (
    comparison_data,
    comparison_markdown,
    comparison_text,
    placement_data,
    placement_text,
    record_text,
)
from dangjian_check.reports.wrapping import fit

app = typer.Typer(cls=Group, help="标准和规则：列出、查看、自测、体检。", no_args_is_help=True, rich_markup_mode=None)


class Format(StrEnum):
    """How to list."""

    terminal = "terminal"
    json = "json"


def _say(text: str) -> None:
    """Text for people, in the columns there are."""
    write(fit(text, options.width()))


FormatFlag = Annotated[Format, typer.Option("--format", "-f", help="输出格式。")]


@app.command("list", cls=Command)
def list_(standard: options.Packs = None, rules: options.RulesDirs = None, format: FormatFlag = Format.terminal) -> int:
    """列出标准和其中的规则。"""
    found = proving.standards(standard or (), rules or ())
    if format is Format.json:
        data = [
            {
                "id": s.id,
                "title": s.manifest.title,
                "digest": s.digest,
                "rules": [{"id": r.id, "title": r.title, "severity": r.severity, "actor": r.actor} for r in s.rules],
            }
            for s in found
        ]
        write_machine(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
        return Exit.OK
    for s in found:
        _say(f"{s.id}  {s.manifest.title}（{len(s.rules)} 条规则）\n")
        for chapter in s.chapters:
            _say(f"  {clean(chapter.title)}\n")
            for rule in chapter.rules:
                _say(f"    {rule.id}  {clean(rule.title)}\n")
    return Exit.OK


@app.command(cls=Command)
def show(
    rule: Annotated[str, typer.Argument(metavar="规则编号", show_default=False)],
    rules: options.RulesDirs = None,
    format: FormatFlag = Format.terminal,
) -> int:
    """显示一条规则的全部内容。"""
    found = use_case.explain(use_case.Request(paths=(), today=options.today(), rules=tuple(rules or ())), rule)
    if format is Format.json:
        data = explain_data(found.rule, found.standard, None, None)
        write_machine(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    else:
        _say(rule_text(found.rule, found.standard))
    return Exit.OK


@app.command("test", cls=Command)
def run_tests(
    standard: options.Packs = None,
    rules: options.RulesDirs = None,
    rule: Annotated[list[str] | None, typer.Option("--rule", help="只测这些规则。")] = None,
    require_coverage: Annotated[
        bool,
        typer.Option(
            "--require-coverage", help="须每条规则证明能合格、能不合格、（有条件的）能不适用，否则以 1 退出。"
        ),
    ] = False,
    mutate: Annotated[bool, typer.Option("--mutate", help="把规则里的每个数挪一，看有没有测试变红。")] = False,
) -> int:
    """运行规则自带的测试。"""
    proofs = [p for s in proving.standards(standard or (), rules or ()) for p in proving.prove(s, rule, mutate=mutate)]
    runs = [run for proof in proofs for run in proof.runs]
    if not runs:
        raise UsageProblem("没有一个测试", "核对 --rule，或在规则里写 tests")
    failed = [run for run in runs if not run.passed]
    gaps = [proof.gap for proof in proofs if proof.gap is not None]
    left = [survivor for proof in proofs for survivor in proof.survivors]
    for run in failed:
        _say(_failure(run))
    for gap in gaps:
        _say(f"没有证明  {gap.rule.id} {clean(gap.rule.title)}：没有测试证明它{'、'.join(gap.missing)}\n")
    for survivor in left:
        _say(f"无人察觉  {survivor.rule.id}：{survivor.where} 从 {survivor.old} 改成 {survivor.new}，测试照样通过\n")
    mutated = f"，改数 {sum(p.mutants for p in proofs)} 处，漏网 {len(left)} 处" if mutate else ""
    write(f"{len(proofs)} 条规则，{len(runs)} 个测试，{len(failed)} 个不符，{len(gaps)} 条没有证全{mutated}\n")
    if any(run.broken for run in failed):
        return Exit.FAILED
    return Exit.DEFICIENT if failed or left or (gaps and require_coverage) else Exit.OK


def _failure(run: TestRun) -> str:
    lines = "".join(f"    {clean(difference)}\n" for difference in run.differences)
    return f"不符  {run.rule.id}：{clean(run.test.name)}\n{lines}"


@app.command(cls=Command)
def coverage(
    standard: options.Packs = None, rules: options.RulesDirs = None, format: FormatFlag = Format.terminal
) -> int:
    """每份文件的每项职责由哪条规则管、管到哪一步；有遗漏以 1 退出。"""
    found = [p for p in map(placement, proving.standards(standard or (), rules or ())) if p is not None]
    if not found:
        raise UsageProblem("这些标准没有台账（ledger.yaml）", "在标准的文件夹里放一份")
    if format is Format.json:
        write_machine(json.dumps([placement_data(p) for p in found], ensure_ascii=False, indent=2) + "\n")
    else:
        write(placement_text(found))
    return Exit.OK if all(p.whole for p in found) else Exit.DEFICIENT


@app.command(cls=Command)
def pages(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="写到这里，每个标准一页。", show_default=False)],
    standard: options.Packs = None,
    rules: options.RulesDirs = None,
    check: Annotated[bool, typer.Option("--check", help="只查现有的页是不是最新，不写。")] = False,
) -> int:
    """从规则生成每份文件的说明页（Markdown）。"""
    stale = []
    for found in proving.standards(standard or (), rules or ()):
        path, text = folder / f"{found.id}.md", page(found, placement(found))
        if check:
            stale += [] if path.is_file() and read_bytes(path, "") == text.encode() else [clean(shown_path(path))]
        else:
            folder.mkdir(parents=True, exist_ok=True)
            write_file(text, str(path))
    for name in stale:
        _say(f"{name} 与规则不符，用 dj-check rules pages {clean(shown_path(folder))} 重新生成\n")
    return Exit.DEFICIENT if stale else Exit.OK


class Table(StrEnum):
    """How to print a comparison."""

    terminal = "terminal"
    json = "json"
    markdown = "markdown"


@app.command("compare", cls=Command)
def compare_standards(
    first: Annotated[str, typer.Argument(metavar="甲", help="一个标准的编号。", show_default=False)],
    second: Annotated[str, typer.Argument(metavar="乙", help="另一个标准的编号。", show_default=False)],
    rules: options.RulesDirs = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="比哪天施行的要求，缺省今天。")] = None,
    format: Annotated[Table, typer.Option("--format", "-f", help="输出格式。")] = Table.terminal,
    witness: Annotated[
        Path | None, typer.Option("--witness", help="把合甲不合乙（或相反）的小记录写到这个文件夹。")
    ] = None,
) -> int:
    """逐项比较两个标准：相同、更严、更松、比不出、只有一方有。"""
    found = proving.compare_standards(first, second, rules or (), options.to_day(as_of) or options.today())
    if format is Table.json:
        write_machine(json.dumps(comparison_data(found), ensure_ascii=False, indent=2) + "\n")
    else:
        _say(comparison_text(found)) if format is Table.terminal else write(comparison_markdown(found))
    if witness is not None:
        witness.mkdir(parents=True, exist_ok=True)
        for name, heading, record in proving.witnesses(found):
            write_file(record_text(record, heading), str(witness / f"{name}.yaml"))
    return Exit.OK


@app.command(cls=Command)
def lint(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="文件夹...", help="自己的标准；不写就查自带的。", show_default=False),
    ] = None,
) -> int:
    """体检标准：写法、编号、评分表引用、缺依据缺测试。"""
    count, problems, notes = proving.lint(folders or ())
    for note in notes:
        _say(f"{clean(note)}\n")
    tell(problems)
    if problems:
        return Exit.FAILED
    write(f"{count} 条规则没有发现问题\n")
    return Exit.OK
