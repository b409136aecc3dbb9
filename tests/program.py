"""The program as its users meet it: a process of its own, files on disk, a record refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer

from dangjian_check.cli.tree import command_tree
from dangjian_check.errors import InputProblems, Problem
from dangjian_check.loading.records import parse_record

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
PACKS = TESTS / "standards"
LAX, SOUND = TESTS / "records" / "lax.yaml", TESTS / "records" / "sound.yaml"
PROBE = ("--rules", str(PACKS), "--standard", "probe")
_INHERITED = ("PATH", "HOME", "SYSTEMROOT", "TMPDIR", "VIRTUAL_ENV", "DJ_CHECK_CACHE")


class Done(NamedTuple):
    """One finished command line."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON document on stdout."""
        return json.loads(self.out)


Run = Callable[..., Done]


def _command_lines(command: Any, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    inner = getattr(command, "commands", {})
    return [words, *(line for name in inner for line in _command_lines(inner[name], (*words, name)))]


COMMAND_LINES = _command_lines(typer.main.get_command(command_tree()))


def plain_env(**more: str) -> dict[str, str]:
    """The environment of an ordinary UTF-8 terminal, whatever the tests themselves run in."""
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return kept | {"LANG": "C.UTF-8"} | more


def dj(
    *arguments: str | bytes | Path,
    env: dict[str, str] | None = None,
    timeout: float = 60,
    program: Sequence[str] = ("-m", "dangjian_check"),
    **streams: Any,
) -> subprocess.CompletedProcess[bytes]:
    """The program (or another) in a process of its own, its output as bytes."""
    return subprocess.run(
        [sys.executable, *program, *arguments],
        env=plain_env(**(env or {})),
        timeout=timeout,
        check=False,
        **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams},
    )


def refused(raw: str | bytes) -> list[Problem]:
    """Every problem for which a record is refused, in the order they are shown."""
    with pytest.raises(InputProblems) as caught:
        parse_record(raw.encode() if isinstance(raw, str) else raw, "branch.yaml", "b1")
    return list(caught.value.problems)


def places(found: list[Problem]) -> list[tuple[int, int]]:
    """Line and column of each problem."""
    return [(problem.line, problem.column) for problem in found]
