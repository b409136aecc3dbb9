"""``dj-check baseline``: write down what is known, so that only what is new holds anybody up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from dangjian_check import app as use_case
from dangjian_check.cli import options
from dangjian_check.cli.audit import Official, Paths, tell_nothing
from dangjian_check.cli.exits import Exit, say, tell
from dangjian_check.cli.streams import write, write_file
from dangjian_check.cli.words import Command, Group
from dangjian_check.engine.assessment import Report
from dangjian_check.engine.baseline import Entry, Standing, entries, standing, updated
from dangjian_check.errors import UsageProblem
from dangjian_check.loading.baseline import load_baseline
from dangjian_check.loading.files import shown_path
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports.base import clean
from dangjian_check.reports.wrapping import fit
from dangjian_check.writing.baseline import baseline_text

app = typer.Typer(
    cls=Group, help="基线：记下已有的问题，以后只有新增的才算不通过。", no_args_is_help=True, rich_markup_mode=None
)
Target = Annotated[Path, typer.Option("--output", "-o", help="基线写到哪里。")]
Force = Annotated[bool, typer.Option("--force", help="已有的基线也重写，原来的 first_seen 不留。")]
File = Annotated[Path, typer.Argument(metavar="基线", help="baseline.jsonl。", show_default=False)]
AcceptNew = Annotated[bool, typer.Option("--accept-new", help="把新增的问题也收进基线。")]
_FEW = 20


@app.command(cls=Command)
def create(
    paths: Paths,
    output: Target = Path("baseline.jsonl"),
    standard: options.Standards = None,
    rules: options.RulesDirs = None,
    period: options.PeriodText = None,
    as_of: options.AsOfText = None,
    official: Official = False,
    waivers: options.Waivers = None,
    no_waivers: options.NoWaivers = False,
    force: Force = False,
) -> int:
    """核一遍，把现有的问题全部记为已有。选项与 audit 相同。"""
    if output.exists() and not force:
        raise UsageProblem(f"已有 {shown_path(output)}", "改用 dj-check baseline update；确要重来的加 --force")
    report = _audited(paths, standard, rules, period, as_of, official, options.to_waivers(waivers, none=no_waivers))
    result = _status(report)
    if result is Exit.NOTHING:
        return result
    found = entries(report)
    write_file(baseline_text(found), str(output))
    say(f"{shown_path(output)}：记下已有的问题 {_places(found)} 处")
    return result


@app.command(cls=Command)
def update(
    file: File,
    paths: Paths,
    standard: options.Standards = None,
    rules: options.RulesDirs = None,
    period: options.PeriodText = None,
    as_of: options.AsOfText = None,
    official: Official = False,
    waivers: options.Waivers = None,
    no_waivers: options.NoWaivers = False,
    accept_new: AcceptNew = False,
) -> int:
    """再核一遍，把已整改的从基线里去掉。新增的不收，除非写明 --accept-new。"""
    old = load_baseline(file)
    report = _audited(paths, standard, rules, period, as_of, official, options.to_waivers(waivers, none=no_waivers))
    result = _status(report)
    if result is Exit.NOTHING:
        return result
    found = standing(report, old)
    kept = updated(found, accept_new=accept_new)
    if kept != sorted(old, key=lambda entry: entry.order):
        write_file(baseline_text(kept), str(file))
    write(fit(_summary(found, kept, accept_new=accept_new), options.width()))
    return Exit.DEFICIENT if found.new and not accept_new and result is Exit.OK else result


def _audited(
    paths: list[Path],
    standard: list[str] | None,
    rules: list[Path] | None,
    period: str | None,
    as_of: str | None,
    official: bool,
    waivers: tuple[Path, ...] | None,
) -> Report:
    request = options.request(paths, standard, rules, period, as_of, None)
    return use_case.run(replace(request, with_superior=official, waivers=waivers, doubts=frozenset()))


def _status(report: Report) -> Exit:
    """Whether all could be judged; what could not be is told."""
    tell([*report.problems, *report.notes])
    if report.problems or any(o.outcome is Outcome.ERROR for a in report.assessments for o in a.outcomes):
        return Exit.FAILED
    if not any(a.judged for a in report.assessments):
        tell_nothing(assessed=bool(report.assessments))
        return Exit.NOTHING
    return Exit.OK


def _places(found: list[Entry] | tuple[Entry, ...]) -> int:
    return sum(entry.count for entry in found)


def _summary(found: Standing, kept: list[Entry], *, accept_new: bool) -> str:
    counts = f"去掉已整改的 {_places(found.fixed)} 处，留下 {_places(kept)} 处"
    unchecked = f"（其中 {_places(found.unchecked)} 处这次没有核到）" if found.unchecked else ""
    new = f"；新增 {_places(found.new)} 处，{'已收进' if accept_new else '没有收'}" if found.new else ""
    lines = [counts + unchecked + new]
    if found.new and not accept_new:
        lines += [f"  新增 {clean(_named(entry))}" for entry in found.new[:_FEW]]
        lines += [f"  另有 {len(found.new) - _FEW} 处"] if len(found.new) > _FEW else []
        lines.append("新增的先整改；确要收进基线的加 --accept-new")
    return "".join(f"{line}\n" for line in lines)


def _named(entry: Entry) -> str:
    return " ".join(filter(None, (entry.branch, entry.rule, entry.window, entry.subject)))
