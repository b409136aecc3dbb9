"""``dj-check audit``: the main job."""

from __future__ import annotations

import gc
import sys
from dataclasses import replace
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from dangjian_check import app as use_case
from dangjian_check.cli import options
from dangjian_check.cli.exits import Exit, status, tell, tell_lost
from dangjian_check.cli.outputs import destinations, job_summary
from dangjian_check.cli.streams import OutputLost, write, write_file, write_machine
from dangjian_check.engine.assessment import Report
from dangjian_check.errors import TemplateProblem, UsageProblem
from dangjian_check.loading.templates import load_template
from dangjian_check.model.fields import exact, shown
from dangjian_check.reports import FORMATS, Look
from dangjian_check.rulebook.rule import SEVERITIES

Format = StrEnum("Format", {name: name for name in FORMATS})  # type: ignore[misc]
Severity = StrEnum("Severity", {name: name for name in SEVERITIES})  # type: ignore[misc]
Paths = Annotated[list[Path], typer.Argument(metavar="记录...", help="记录文件或文件夹。", show_default=False)]
FormatFlag = Annotated[Format, typer.Option("--format", "-f", help="输出格式。")]
Outputs = Annotated[
    list[str] | None, typer.Option("--output", "-o", help="另存为 格式:文件，可写几次，例如 json:报告.json。")
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
    template: Template = None,
    verbose: Verbose = False,
    color: options.ColourFlag = options.Colour.auto,
) -> int:
    """核查记录：给出得分和问题清单。"""
    gc.disable()
    outputs, least = destinations(output or (), [*paths, *(waivers or ())]), _least(min_score)
    kinds = [_for_stdout(format.value), *(kind for kind, _ in outputs)]
    look = replace(options.look(color, verbose=verbose), template=_template(template, kinds))
    request = options.request(paths, standard, rules, period, as_of, waivers, no_waivers=no_waivers)
    traced = any(FORMATS[name].traced for name in kinds)
    report = use_case.run(replace(request, with_superior=official, traced=traced))
    shown, lost = _show(report, format.value, look), _write_files(report, outputs, look)
    if "github" in kinds:
        lost = job_summary(report) or lost
    tell([*report.problems, *(() if format.value == "terminal" else report.notes)])
    result = Exit.FAILED if lost or not shown else status(report, fail_on.value, least, strict=strict)
    if result is Exit.NOTHING:
        _say_nothing(report)
    return Exit.OK if exit_zero and result is Exit.DEFICIENT else result


def _for_stdout(name: str) -> str:
    """The format asked for on stdout; a terminal cannot show what is no text."""
    if FORMATS[name].binary and sys.stdout is not None and sys.stdout.isatty():
        raise UsageProblem(
            f"{name} 不是文字，终端上看不了", f"写进文件：--output {name}:报告.{name}，或者 > 报告.{name}"
        )
    return name


def _template(path: Path | None, kinds: list[str]) -> bytes | None:
    """The customer's document, where a format has a use for it."""
    if path is None:
        return None
    if "docx" not in kinds:
        raise UsageProblem("--template 只用于 docx", "加上 --output docx:通报.docx")
    return load_template(path)


def _show(report: Report, name: str, look: Look) -> bool:
    """The report to stdout, as the console can take it, or as the bytes a machine wants; whether that was possible."""
    try:
        content = FORMATS[name](report, look)
    except TemplateProblem as error:
        tell(error.problems)
        return False
    if FORMATS[name].for_people and isinstance(content, str):
        write(content)
    else:
        write_machine(content)
    return True


def _write_files(report: Report, outputs: list[tuple[str, str]], look: Look) -> bool:
    """Write every file asked for; whether one of them could not be written."""
    lost = False
    plain = options.look(options.Colour.never, verbose=look.verbose, to_file=True)
    for kind, file in outputs:
        try:
            write_file(FORMATS[kind](report, replace(plain, template=look.template)), file)
        except OutputLost as error:
            tell_lost(error)
            lost = True
        except TemplateProblem as error:
            tell(error.problems)
            lost = True
    return lost


def _say_nothing(report: Report) -> None:
    message = "期间内没有一项可以评定" if report.assessments else "没有找到记录"
    remedy = "核对 --period 与 --as-of" if report.assessments else "给出 .yaml 记录文件，或存有记录的文件夹"
    tell(UsageProblem(message, remedy).problems)


def _least(text: str | None) -> Fraction | None:
    number = None if text is None else exact(text)
    if text is not None and number is None:
        raise UsageProblem(f"--min-score {shown(text)} 不是数", "例如 --min-score 70")
    return number
