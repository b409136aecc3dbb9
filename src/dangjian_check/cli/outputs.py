"""Where a report goes: stdout, the files asked for, the summary of a job on GitHub or Gitea Actions."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from dangjian_check.cli import options, parts, streams
from dangjian_check.cli.exits import tell, tell_lost
from dangjian_check.engine.assessment import Report
from dangjian_check.errors import TemplateProblem, UsageProblem
from dangjian_check.loading.files import may_be_written_over
from dangjian_check.model.fields import shown
from dangjian_check.reports import FORMATS, Look, Sheets

if TYPE_CHECKING:
    from dangjian_check.engine.crowd import Crowd

SUMMARY = "GITHUB_STEP_SUMMARY"
SUMMARY_MOST = 1024 * 1024  # bytes of one step; a longer summary is refused as a whole
_CUT = "\n*（摘要太长，后面的没有列出；全文用 `--output markdown:文件` 另存。）*\n"


class Outputs(NamedTuple):
    """The format for stdout, the formats and files besides, and how to draw."""

    shown: str
    files: tuple[tuple[str, str], ...]
    look: Look

    @property
    def kinds(self) -> tuple[str, ...]:
        return (self.shown, *(parts.text_of(kind) for kind, _ in self.files))

    @property
    def traced(self) -> bool:
        """Whether some format shows what each failure rests on."""
        return any(FORMATS[kind].traced for kind in self.kinds)

    @property
    def places(self) -> list[str]:
        """The files and folders asked for, beside which something may be kept meanwhile."""
        return [file for kind, file in self.files if parts.in_parts(kind, file) or _is_file(file)]

    def on_terminal(self, kinds: Collection[str]) -> bool:
        """Whether one of these formats goes to a terminal."""
        return self.shown in kinds and sys.stdout is not None and sys.stdout.isatty()

    def try_places(self) -> None:
        """Raises `OutputLost` for the first place that cannot be written to: not after hours of work."""
        for kind, file in self.files:
            parts.draft(kind, file).discard()

    def write(self, report: Report) -> bool:
        """Write everything asked for; what cannot be written is told, and false comes back."""
        done = [self._show(report), *(self._save(report, kind, file) for kind, file in self.files)]
        if "github" in self.kinds:
            done.append(not job_summary(report))
        return all(done)

    def _show(self, report: Report) -> bool:
        """To stdout, as the console can take it, or as the bytes a machine wants."""
        try:
            content = FORMATS[self.shown](report, self.look)
        except TemplateProblem as error:
            tell(error.problems)
            return False
        if FORMATS[self.shown].for_people and isinstance(content, str):
            streams.write(content)
        else:
            streams.write_machine(content)
        return True

    def _save(self, report: Report, kind: str, file: str) -> bool:
        plain = options.look(options.Colour.never, verbose=self.look.verbose, to_file=True)
        try:
            text = FORMATS[parts.text_of(kind)](report, plain._replace(template=self.look.template))
            parts.write(kind, file, text)
        except streams.OutputLost as error:
            tell_lost(error)
            return False
        except TemplateProblem as error:
            tell(error.problems)
            return False
        return True


class Streaming:
    """The outputs of a run that is too large to be seen at once, while they are written. Files take their place when
    all is done; stdout gets every record as it comes."""

    def __init__(self, outputs: Outputs, kinds: Collection[str]) -> None:
        self._outputs = outputs
        self._kinds = tuple(kinds)
        self._drafts: list[tuple[str, streams.Draft | parts.Parts]] = []
        self._lost = False
        for kind, file in outputs.files:
            if parts.text_of(kind) in kinds:
                with self._losing():
                    self._drafts.append((parts.text_of(kind), parts.draft(kind, file)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for _kind, draft in self._drafts:
            draft.discard()

    def write(self, texts: Sequence[str | bytes]) -> None:
        """The texts of one file, in the order of the kinds. What cannot be written is told, and the rest goes on."""
        for kind, text in zip(self._kinds, texts, strict=True):
            if kind == self._outputs.shown and text:
                streams.write_machine(text)
            for one in [draft for name, draft in self._drafts if name == kind]:
                with self._losing():
                    one.write(text)

    def finish(self, report: Report, crowd: Crowd[Any], sheets: Sheets | None) -> bool:
        """What comes last, and the formats that show only the whole; whether everything is written."""
        last = replace(report, assessments=(), records=())
        self.write([str(FORMATS[kind](last, Look())) for kind in self._kinds])
        if self._outputs.shown not in self._kinds:
            send = streams.write if FORMATS[self._outputs.shown].for_people else streams.write_machine
            for text in FORMATS[self._outputs.shown].of_crowd(report, crowd, self._outputs.look, sheets):
                send(text)
        for _, draft in self._drafts:
            with self._losing():
                draft.finish()
        for kind, file in self._outputs.files:
            if parts.text_of(kind) not in self._kinds:
                plain = options.look(options.Colour.never, verbose=self._outputs.look.verbose, to_file=True)
                with self._losing():
                    streams.write_pieces(FORMATS[kind].of_crowd(report, crowd, plain, sheets), file)
        return not self._lost

    @contextlib.contextmanager
    def _losing(self) -> Iterator[None]:
        try:
            yield
        except streams.OutputLost as error:
            tell_lost(error)
            self._lost = True
            self._drafts = [(kind, draft) for kind, draft in self._drafts if draft.open]


def asked(shown: str, outputs: Iterable[str], records: Collection[Path], template: Path | None, look: Look) -> Outputs:
    """Everything the flags ask for, checked before anything is judged. Raises `UsageProblem`."""
    if FORMATS[shown].binary and sys.stdout is not None and sys.stdout.isatty():
        remedy = f"写进文件：--output {shown}:报告.{shown}，或者 > 报告.{shown}"
        raise UsageProblem(f"{shown} 不是文字，终端上看不了", remedy)
    wanted = Outputs(shown, tuple(destinations(outputs, records, records=records)), look)
    for kind, file in wanted.files:
        parts.check(kind, file)
    if template is None:
        return wanted
    if "docx" not in wanted.kinds:
        raise UsageProblem("--template 只用于 docx", "加上 --output docx:通报.docx")
    from dangjian_check.loading.templates import load_template

    return wanted._replace(look=look._replace(template=load_template(template)))


def destinations(
    texts: Iterable[str],
    read: Iterable[Path],
    formats: Collection[str] = (*FORMATS, parts.PARQUET),
    records: Collection[Path] = (),
) -> list[tuple[str, str]]:
    """Format and file of every ``--output``, in order.

    Raises `UsageProblem` for what is not ``FORMAT:FILE``, for a file asked for twice and for one that would
    overwrite what is ``read`` or a record, also one below the folders among ``records``.
    """
    inputs = {_same(path) for path in read}
    found: dict[str, tuple[str, str]] = {}
    for text in texts:
        kind, colon, file = text.partition(":")
        if not colon or not file or kind not in formats:
            raise UsageProblem(f"--output {shown(text)} 不明确", f"写成 格式:文件；格式有 {'、'.join(formats)}")
        if file == "-":
            raise UsageProblem("--output 只写文件", f"写到标准输出的用 --format {kind}")
        target = _same(Path(file))
        if target in inputs or not may_be_written_over(Path(file), records):
            raise UsageProblem(f"--output {shown(file)} 会盖掉记录本身", "换一个文件名")
        if target in found:
            raise UsageProblem(f"--output 两次写到 {shown(file)}", "每种格式各用一个文件名")
        found[target] = (kind, file)
    return list(found.values())


def _is_file(name: str) -> bool:
    """Whether a file of this name is there, or could be, in a folder that is there."""
    folder = os.path.dirname(name) or "."  # noqa: PTH120
    return os.path.isdir(folder) and (os.path.isfile(name) or not os.path.lexists(name))  # noqa: PTH112, PTH113


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
