"""Flags that several commands share, and how their text becomes values."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from dangjian_check.app import Request
from dangjian_check.cli.late import typer
from dangjian_check.engine.doubts import KINDS
from dangjian_check.engine.privacy import MASKS
from dangjian_check.errors import UsageProblem
from dangjian_check.model.calendar import Period, iso_day, parse_period
from dangjian_check.model.fields import shown
from dangjian_check.model.vocabulary import nearest
from dangjian_check.reports.base import Look


class Colour(StrEnum):
    """When to colour."""

    auto = "auto"
    always = "always"
    never = "never"


class Engine(StrEnum):
    """Where the work is done."""

    local = "local"
    dask = "dask"


Standards = Annotated[
    list[str] | None,
    typer.Option("--standard", "-s", help="用哪个标准，可写几次；缺省按记录的 branch.standards，再缺省 national。"),
]
Packs = Annotated[list[str] | None, typer.Option("--standard", "-s", help="看哪个标准，可写几次；不写就是全部。")]
RulesDirs = Annotated[
    list[Path] | None, typer.Option("--rules", help="自己的标准所在的文件夹，可写几次。", show_default=False)
]
PeriodText = Annotated[
    str | None, typer.Option("--period", help="核查期间：2024、2024H1、2024Q3、2024-03、2024-03..2024-08。")
]
AsOfText = Annotated[str | None, typer.Option("--as-of", help="核查截至哪天（含），例如 2024-12-31。")]
Waivers = Annotated[
    list[Path] | None,
    typer.Option("--waivers", help="豁免文件，可写几次；记录旁边的 waivers.yaml 不写也用。", show_default=False),
]
NoWaivers = Annotated[bool, typer.Option("--no-waivers", help="不看豁免，照原样核。")]
Baseline = Annotated[
    Path | None, typer.Option("--baseline", help="基线文件：里面已有的问题不算不通过。", show_default=False)
]
Masks = Annotated[
    list[str] | None,
    typer.Option("--mask", help="隐去什么：names 把姓名隐成“张*”，哪种格式都一样。", show_default=False),
]
NoDoubts = Annotated[bool, typer.Option("--no-doubts", help="不找存疑之处。")]
IgnoredDoubts = Annotated[
    list[str] | None,
    typer.Option("--ignore-doubt", metavar="种类", help="不找这一种存疑，可写几次，例如 holiday。", show_default=False),
]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", min=0, metavar="N", help="用几个进程；0 由程序定：文件少用一个，多了按核数。")
]
Timeout = Annotated[float, typer.Option("--timeout", min=0.1, max=86400, metavar="秒", help="一个文件最多核多久。")]
Resume = Annotated[bool, typer.Option("--resume", help="接着核中断了的那一次，选项和 --output 照旧。")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="不看也不存缓存，每份都重核。")]
EngineFlag = Annotated[Engine, typer.Option("--engine", help="在哪里核：local 本机，dask 一群机器。")]
Scheduler = Annotated[
    str | None,
    typer.Option("--scheduler", metavar="地址", help="dask 的调度器，例如 tls://主机:8786。", show_default=False),
]
ColourFlag = Annotated[Colour, typer.Option("--color", help="颜色：auto、always、never。")]


def request(
    paths: Iterable[Path],
    standards: list[str] | None,
    rules: list[Path] | None,
    period: str | None,
    as_of: str | None,
    mask: list[str] | None,
) -> Request:
    """One run as several commands ask for it; the clock is read here."""
    return Request(
        paths=tuple(paths),
        today=today(),
        standards=tuple(standards or ()),
        rules=tuple(rules or ()),
        period=to_period(period),
        as_of=to_day(as_of),
        mask=_known("--mask", mask, MASKS),
    )


def to_waivers(files: list[Path] | None, *, none: bool) -> tuple[Path, ...] | None:
    """The waiver files asked for; None if there shall be none at all."""
    if files and none:
        raise UsageProblem("--waivers 与 --no-waivers 不能一起写", "留一个")
    return None if none else tuple(files or ())


def to_scheduler(engine: Engine, address: str | None) -> str:
    """The address of the cluster, empty for this machine alone."""
    if engine is Engine.dask and not address:
        raise UsageProblem("--engine dask 没有写调度器在哪里", "加上 --scheduler tls://主机:8786")
    if engine is not Engine.dask and address:
        raise UsageProblem("--scheduler 只用于 --engine dask", "加上 --engine dask，或去掉 --scheduler")
    return address or ""


def to_doubts(*, none: bool, ignored: list[str] | None) -> frozenset[str]:
    """The kinds of doubt wanted."""
    without = _known("--ignore-doubt", ignored, KINDS)
    return frozenset() if none else frozenset(KINDS) - without


def _known(option: str, words: list[str] | None, known: Iterable[str]) -> frozenset[str]:
    """Words that must be of a table, or a usage problem with the nearest."""
    for word in words or ():
        if word not in known:
            near = nearest(word, list(known))
            hint = f"最接近的是 {near[0]}" if near else f"可选：{'、'.join(known)}"
            raise UsageProblem(f"{option} 不认识 {shown(word)}", hint)
    return frozenset(words or ())


def to_period(text: str | None) -> Period | None:
    """The period written, or a usage problem."""
    if text is None:
        return None
    period = parse_period(text)
    if period is None:
        raise UsageProblem(f"--period {shown(text)} 不是期间", "写 2024、2024H1、2024Q3、2024-03 或 2024-03..2024-08")
    return period


def to_day(text: str | None) -> date | None:
    """The day written, or a usage problem."""
    if text is None:
        return None
    day = iso_day(text)
    if day is None:
        raise UsageProblem(f"--as-of {shown(text)} 不是日期", "写成年-月-日，例如 2024-12-31")
    return day


def today() -> date:
    """The clock, read once per run and only here."""
    return date.today()


def look(colour: Colour, *, verbose: bool, to_file: bool = False) -> Look:
    """How to draw for the stream at hand: NO_COLOR and pipes get no colour, narrow or GBK consoles are obeyed."""
    terminal = sys.stdout is not None and sys.stdout.isatty() and not to_file
    wanted = colour is Colour.always or (
        colour is Colour.auto and terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
    encoding = "utf-8" if to_file else (getattr(sys.stdout, "encoding", None) or "utf-8")
    return Look(width=_width(terminal), colour=wanted, unicode=_is_utf8(encoding), verbose=verbose)


def width() -> int:
    """Columns to write for people in."""
    return _width(sys.stdout is not None and sys.stdout.isatty())


def _width(terminal: bool) -> int:
    if not terminal and "COLUMNS" not in os.environ:
        return 80
    try:
        columns = int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
    except (ValueError, OSError):
        return 80
    return min(max(columns, 60), 120)


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")
