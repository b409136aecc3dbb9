"""Where comparisons and summaries go: one format to stdout, others to files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping

from dangjian_check.cli import streams
from dangjian_check.cli.exits import tell_lost
from dangjian_check.errors import UsageProblem
from dangjian_check.reports import Look

Renders = Mapping[str, Callable[[Look], str | bytes]]


def deliver(renders: Renders, name: str, outputs: Iterable[tuple[str, str]], look: Look) -> bool:
    """One format to stdout, others to their files: ``terminal`` for the console at hand, all others for machines.
    Whether anything was lost."""
    content = renders[name](look)
    if isinstance(content, bytes) and sys.stdout is not None and sys.stdout.isatty():
        raise UsageProblem(f"{name} 不是文字，终端上看不了", f"写进文件：--output {name}:文件.{name}")
    if name == "terminal" and isinstance(content, str):
        streams.write(content)
    else:
        streams.write_machine(content)
    lost = False
    for kind, file in outputs:
        try:
            streams.write_file(renders[kind](look._replace(width=80, colour=False, unicode=True)), file)
        except streams.OutputLost as error:
            tell_lost(error)
            lost = True
    return lost
