"""``dj-check audit``: the main job."""

from __future__ import annotations

import gc
from dataclasses import replace
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from dangjian_check.batch.plan import TIMEOUT
from dangjian_check.cli import batch, options
from dangjian_check.cli.exits import Exit, Gate, tell
from dangjian_check.cli.late import typer
from dangjian_check.cli.outputs import Outputs as Wanted
from dangjian_check.cli.outputs import asked
from dangjian_check.errors import UsageProblem
from dangjian_check.model.fields import exact, shown
from dangjian_check.reports import FORMATS
from dangjian_check.rulebook.rule import SEVERITIES

Format = StrEnum("Format", {name: name for name in FORMATS})  # type: ignore[misc]
Severity = StrEnum("Severity", {name: name for name in SEVERITIES})  # type: ignore[misc]
Paths = Annotated[
    list[Path],
    typer.Argument(metavar="记录...", help="记录文件、文件夹，或一行一份记录的表。", show_default=False),
]
FormatFlag = Annotated[Format, typer.Option("--format", "-f", help="输出格式。")]
Outputs = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        "-o",
        help="另存为 格式:文件，可写几次，例如 json:报告.json；rows:文件夹/、parquet:文件夹/ 分成几份。",
    ),
]
FailOn = Annotated[Severity, typer.Option("--fail-on", help="问题到哪一级算不通过。")]
MinScore = Annotated[str | None, typer.Option("--min-score", help="得分下限低于此数算不通过。")]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="有问题也以 0 退出；核不了的仍是 2。")]
Strict = Annotated[bool, typer.Option("--strict", help="资料不足的也算不通过。")]
Official = Annotated[bool, typer.Option("--official", help="按文件的总表计分，含上级责任指标。")]
Template = Annotated[
    Path | None,
    typer.Option(
        "--template", help="docx 用的模板：本单位的 .docx，正文放在只写 {{正文}} 的那一段。", show_default=False
    ),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="各类清单全部列出。")]


def audit(
    paths: Paths,
    standard: options.Standards = None,
    rules: options.RulesDirs = None,
    period: options.PeriodText = None,
    as_of: options.AsOfText = None,
    format: FormatFlag = Format.terminal,  # type: ignore[attr-defined]
    output: Outputs = None,
    fail_on: FailOn = Severity.minor,  # type: ignore[attr-defined]
    min_score: MinScore = None,
    exit_zero: ExitZero = False,
    strict: Strict = False,
    official: Official = False,
    waivers: options.Waivers = None,
    no_waivers: options.NoWaivers = False,
    baseline: options.Baseline = None,
    template: Template = None,
    no_doubts: options.NoDoubts = False,
    ignore_doubt: options.IgnoredDoubts = None,
    mask: options.Masks = None,
    jobs: options.Jobs = 0,
    timeout: options.Timeout = TIMEOUT,
    resume: options.Resume = False,
    no_cache: options.NoCache = False,
    engine: options.EngineFlag = options.Engine.local,
    scheduler: options.Scheduler = None,
    verbose: Verbose = False,
    color: options.ColourFlag = options.Colour.auto,
) -> int:
    """核查记录：给出得分和问题清单。"""
    gc.disable()
    gate = Gate(fail_on.value, _least(min_score), strict=strict)
    kept = [*paths, *(rules or ()), *(waivers or ()), *(one for one in (baseline, template) if one)]
    outputs = asked(format.value, output or (), kept, template, options.look(color, verbose=verbose))
    request = options.request(paths, standard, rules, period, as_of, mask)
    request = replace(request, with_superior=official, traced=outputs.traced, logged=outputs.traced, baseline=baseline)
    doubts = options.to_doubts(none=no_doubts, ignored=ignore_doubt)
    request = replace(request, doubts=doubts, waivers=options.to_waivers(waivers, none=no_waivers))
    ways = batch.Ways(jobs, timeout, resume, not no_cache, options.to_scheduler(engine, scheduler))
    return _ended(batch.audit(request, outputs, ways), gate, outputs, exit_zero=exit_zero)


def _ended(done: batch.Done | int, gate: Gate, outputs: Wanted, *, exit_zero: bool) -> int:
    """The exit status; and on stderr problems, notes unless the report on stdout has them, why nothing was judged."""
    if isinstance(done, int):
        return done
    result = gate.status(done.upshot, problems=bool(done.problems)) if done.written else Exit.FAILED
    tell([*done.problems, *(() if outputs.shown == "terminal" else done.notes)])
    if result is Exit.NOTHING:
        tell_nothing(assessed=done.assessed)
    if done.bug:
        return Exit.BUG
    return Exit.OK if exit_zero and result is Exit.DEFICIENT else result


def tell_nothing(*, assessed: bool) -> None:
    """Why nothing was judged."""
    message = "期间内没有一项可以评定" if assessed else "没有找到记录"
    wanted = "给出 .yaml 记录文件，或存有记录的文件夹；一行一份记录的表（.jsonl、.parquet）要点名"
    remedy = "核对 --period 与 --as-of" if assessed else wanted
    tell(UsageProblem(message, remedy).problems)


def _least(text: str | None) -> Fraction | None:
    number = None if text is None else exact(text)
    if text is not None and number is None:
        raise UsageProblem(f"--min-score {shown(text)} 不是数", "例如 --min-score 70")
    return number
