"""Where reports go besides stdout: the files asked for, and the summary of a job on GitHub or Gitea Actions."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from dangjian_check.cli import streams
from dangjian_check.cli.exits import tell_lost
from dangjian_check.engine.assessment import Report
from dangjian_check.errors import UsageProblem
from dangjian_check.model.fields import shown
from dangjian_check.reports import FORMATS, Look

SUMMARY = "GITHUB_STEP_SUMMARY"
SUMMARY_MOST = 1024 * 1024  # bytes of one step; a longer summary is refused as a whole
_CUT = "\n*（摘要太长，后面的没有列出；全文用 `--output markdown:文件` 另存。）*\n"


def destinations(
    texts: Iterable[str], records: Iterable[Path], formats: Collection[str] = FORMATS
) -> list[tuple[str, str]]:
    """Format and file of every ``--output``, in order.

    Raises `UsageProblem` for what is not ``FORMAT:FILE``, for a file asked for twice and for one that would
    overwrite a record.
    """
    inputs = {_same(record) for record in records}
    found: dict[str, tuple[str, str]] = {}
    for text in texts:
        kind, colon, file = text.partition(":")
        if not colon or not file or kind not in formats:
            raise UsageProblem(f"--output {shown(text)} 不明确", f"写成 格式:文件；格式有 {'、'.join(formats)}")
        target = _same(Path(file))
        if target in inputs:
            raise UsageProblem(f"--output {shown(file)} 会盖掉记录本身", "换一个文件名")
        if target in found:
            raise UsageProblem(f"--output 两次写到 {shown(file)}", "每种格式各用一个文件名")
        found[target] = (kind, file)
    return list(found.values())


def _same(path: Path) -> str:
    """A key that two names of one file share."""
    return os.path.normcase(os.path.realpath(path))


def job_summary(report: Report) -> bool:
    """Append the Markdown report to the summary of the job, if the service names a file for it. Whether it was lost."""
    file = os.environ.get(SUMMARY)
    if not file:
        return False
    try:
        target = Path(file)
        room = SUMMARY_MOST - (target.stat().st_size if target.exists() else 0)
        streams.append_file(_fitted(streams.as_bytes(FORMATS["markdown"](report, Look())), room), file)
    except (OSError, ValueError, streams.OutputLost):
        tell_lost(streams.OutputLost(SUMMARY))
        return True
    return False


def _fitted(content: bytes, room: int) -> bytes:
    """As many whole lines as there is room for, and word of it if some are left out."""
    if len(content) <= room:
        return content
    cut = _CUT.encode()
    kept = content[: max(0, room - len(cut))]
    return kept[: kept.rfind(b"\n") + 1] + cut if room > len(cut) else b""
