"""The Python interface: `audit` records, `render` the report. Exported by the package itself.

    from dangjian_check import audit, render

    report = audit("records", standards=["voc"], as_of="2024-12-31")
    for assessment in report.assessments:
        for deficiency in assessment.deficiencies:
            ...

Nothing here reads a clock: the day comes from the caller. What the caller can put right is a `DjCheckError`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from os import PathLike
from pathlib import Path

from dangjian_check.app import Request, run
from dangjian_check.engine.assessment import Assessment, Deficiency, Report
from dangjian_check.errors import DjCheckError, Problem, UsageProblem
from dangjian_check.model.calendar import Period, iso_day, parse_period
from dangjian_check.model.fields import shown
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports import FORMATS, Look

AnyPath = str | PathLike[str]

__all__ = ["Assessment", "Deficiency", "DjCheckError", "Outcome", "Problem", "Report", "audit", "render"]


def audit(
    paths: AnyPath | Iterable[AnyPath],
    *,
    standards: str | Iterable[str] = (),
    rules: AnyPath | Iterable[AnyPath] = (),
    period: str | None = None,
    as_of: date | str | None = None,
    today: date | str | None = None,
    with_superior: bool = False,
    traced: bool = False,
    waivers: AnyPath | Iterable[AnyPath] | None = (),
    baseline: AnyPath | None = None,
) -> Report:
    """Audit records or folders of them, as ``dj-check audit`` does.

    ``standards`` are the ids wanted (default: those each record names), ``rules`` folders with standards of one's own,
    ``period`` is written as for ``--period``. ``as_of`` is the last day that counts; with ``today`` instead, it is
    the earlier of that day and the last of the period. One of the two is needed. ``with_superior``, ``traced`` and
    ``baseline`` are those of `Request`, and so are ``waivers`` (None for none at all).

    A record that cannot be used is in ``report.problems`` and the others are judged all the same. Raises
    `DjCheckError` for other files and standards that cannot be used, and for arguments that mean nothing.
    """
    known, last = _day(today, "today"), _day(as_of, "as_of")
    if (day := known or last) is None:
        raise UsageProblem("没有说核查到哪天", "给出 as_of（截至日）或 today（今天）")
    return run(
        Request(
            paths=_paths(paths),
            today=day,
            standards=(standards,) if isinstance(standards, str) else tuple(standards),
            rules=_paths(rules),
            period=_period(period),
            as_of=last,
            with_superior=with_superior,
            traced=traced,
            waivers=None if waivers is None else _paths(waivers),
            baseline=Path(baseline) if baseline else None,
        )
    )


def render(
    report: Report, format: str = "json", *, width: int = 80, verbose: bool = False, template: bytes | None = None
) -> str | bytes:
    """A report in one of the formats of ``dj-check audit --format``: text, or bytes where the format is binary.

    Raises `DjCheckError` for a format there is none of. ``width``, ``verbose`` and ``template`` are those of `Look`.
    """
    if format not in FORMATS:
        raise UsageProblem(f"没有格式 {shown(format)}", f"可用：{'、'.join(FORMATS)}")
    return FORMATS[format](report, Look(width=width, verbose=verbose, template=template))


def _paths(paths: AnyPath | Iterable[AnyPath]) -> tuple[Path, ...]:
    return (Path(paths),) if isinstance(paths, (str, PathLike)) else tuple(map(Path, paths))


def _day(value: date | str | None, name: str) -> date | None:
    day = iso_day(value) if isinstance(value, str) else value
    if value is not None and day is None:
        raise UsageProblem(f"{name}={shown(value)} 不是日期", "写成年-月-日，例如 2024-12-31")
    return day


def _period(text: str | None) -> Period | None:
    period = parse_period(text) if text is not None else None
    if text is not None and period is None:
        raise UsageProblem(f"period={shown(text)} 不是期间", "写 2024、2024H1、2024Q3、2024-03 或 2024-03..2024-08")
    return period
