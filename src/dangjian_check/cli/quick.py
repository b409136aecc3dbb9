"""The plain way to say ``audit``, understood without typer, whose import costs more than an audit.

What it takes is a part of what typer takes and means the same; for all else, and whenever anything is wrong, it stands
aside. How the options are declared, explained and refused stays typer's alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# What typer sets while a shell completes a line.
COMPLETING = "_DJ_CHECK_COMPLETE"
FLAG, TEXT, TEXTS, FILES = "flag", "text", "texts", "files"
_FORMATS = ("terminal", "json", "jsonl", "markdown", "csv", "sarif", "junit", "github", "html")
# Option -> parameter of `audit`, and what it takes: nothing, one text, texts, files, or one of these words.
OPTIONS: dict[str, tuple[str, str | tuple[str, ...]]] = {
    "--standard": ("standard", TEXTS),
    "-s": ("standard", TEXTS),
    "--rules": ("rules", FILES),
    "--period": ("period", TEXT),
    "--as-of": ("as_of", TEXT),
    "--format": ("format", _FORMATS),
    "-f": ("format", _FORMATS),
    "--output": ("output", TEXTS),
    "-o": ("output", TEXTS),
    "--fail-on": ("fail_on", ("critical", "major", "minor", "info")),
    "--min-score": ("min_score", TEXT),
    "--exit-zero": ("exit_zero", FLAG),
    "--strict": ("strict", FLAG),
    "--official": ("official", FLAG),
    "--waivers": ("waivers", FILES),
    "--no-waivers": ("no_waivers", FLAG),
    "--no-doubts": ("no_doubts", FLAG),
    "--ignore-doubt": ("ignore_doubt", TEXTS),
    "--mask": ("mask", TEXTS),
    "--verbose": ("verbose", FLAG),
    "-v": ("verbose", FLAG),
    "--color": ("color", ("auto", "always", "never")),
}


def quick(arguments: list[str]) -> Callable[[], int] | None:
    """The audit that a command line asks for in the plain way; None for any other line."""
    if arguments[:1] != ["audit"] or COMPLETING in os.environ or sys.platform == "win32":
        return None
    given = understood(arguments[1:])
    if given is None:
        return None
    from dangjian_check.cli import audit as command
    from dangjian_check.cli.options import Colour

    for name, kind in (("format", command.Format), ("fail_on", command.Severity), ("color", Colour)):
        if name in given:
            given[name] = kind(given[name])
    return lambda: command.audit(**given)


def understood(words: list[str]) -> dict[str, Any] | None:
    """The parameters that the words after ``audit`` set, their values as text or paths; None if they are not plain."""
    given: dict[str, Any] = {"paths": []}
    left = iter(words)
    for word in left:
        if not word.startswith("-"):
            given["paths"].append(Path(word))
            continue
        option, equals, value = word.partition("=")
        name, takes = OPTIONS.get(option, ("", ""))
        if takes == FLAG and not equals:
            given[name] = True
            continue
        if not equals:
            value = next(left, "-")
        elif not option.startswith("--"):
            return None
        if value.startswith("-") or not _set(given, name, takes, value):
            return None
    return given if given["paths"] else None


def _set(given: dict[str, Any], name: str, takes: str | tuple[str, ...], value: str) -> bool:
    """Take one value; whether it can be taken."""
    if takes in (TEXTS, FILES):
        given.setdefault(name, []).append(Path(value) if takes == FILES else value)
        return True
    if name in given or not (takes == TEXT or value in takes):
        return False
    given[name] = value
    return bool(takes)
