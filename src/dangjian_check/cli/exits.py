"""Exit statuses and streams: one table, one way out.

    0   nothing at or above ``--fail-on``
    1   deficiencies
    2   could not judge: usage, bad file, error of a rule
    3   nothing was judged
    70  a bug in dj-check

2 beats 1, 1 beats 3, and what could be judged is written all the same. The format never changes the status.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from enum import IntEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

from dangjian_check.engine.assessment import Report
from dangjian_check.errors import Problem
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports.base import clean
from dangjian_check.rulebook.rule import SEVERITIES


class Exit(IntEnum):
    """What the command came to."""

    OK = 0
    DEFICIENT = 1
    FAILED = 2
    NOTHING = 3
    BUG = 70


def status(report: Report, fail_on: str, min_score: Fraction | None, *, strict: bool) -> Exit:
    """The exit status of an audit. ``strict`` counts what could not be told (unknown) as a deficiency."""
    if report.problems or any(o.outcome is Outcome.ERROR for a in report.assessments for o in a.outcomes):
        return Exit.FAILED
    if not any(a.judged for a in report.assessments):
        return Exit.NOTHING
    gate = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    if any(d.rule.severity in gate for a in report.assessments for d in a.deficiencies):
        return Exit.DEFICIENT
    unknown = (o for a in report.assessments for o in a.own() if o.outcome is Outcome.UNKNOWN)
    if strict and any(o.rule.severity in gate for o in unknown):
        return Exit.DEFICIENT
    if min_score is not None and any(a.score and a.score.low < min_score for a in report.assessments):
        return Exit.DEFICIENT
    return Exit.OK


def tell(problems: Iterable[Problem]) -> None:
    """Problems on stderr, one a line."""
    for problem in problems:
        sys.stderr.write(f"{clean(str(problem))}\n")


def write(text: str, path: str | None = None) -> None:
    """Text to stdout (in the encoding it asks for, never failing over a character) or whole to a file."""
    if path is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def write_machine(text: str) -> None:
    """Machine formats go out as UTF-8 bytes with LF, whatever the console's encoding."""
    buffer: Any = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text)
    else:
        sys.stdout.flush()
        buffer.write(text.encode())
        buffer.flush()


def soften_streams() -> None:
    """Keep the encoding a console asked for, but never die over a character it lacks."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and stream.errors in (None, "strict"):
            reconfigure(errors="replace")
