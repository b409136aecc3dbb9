"""Reports that `audit` wrote are read back: JSON (``dj-check.report/1``) and JSON Lines (``dj-check.lines/1``, and the
rows of ``dj-check.rows/1``, which are only counted).

JSON Lines are read one line at a time, so that a batch of any size needs the memory of one assessment. Whatever else
comes along is told as a problem, with its place as far as it has one.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cache
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TypeVar

from pydantic import TypeAdapter, ValidationError

from dangjian_check.engine.reported import (
    ReportedAssessment,
    ReportedProblem,
    ReportedRow,
    ReportedRun,
    ReportedStandard,
)
from dangjian_check.errors import InputProblems, Problem
from dangjian_check.loading.files import (
    STDIN,
    failing,
    files_below,
    is_folder,
    open_regular,
    shown_path,
    standard_input,
)
from dangjian_check.model.fields import shown
from dangjian_check.model.notation import KeyTwice, each_key_once

DOCUMENT, LINES, ROWS = "dj-check.report/1", "dj-check.lines/1", "dj-check.rows/1"
MAX_DOCUMENT = 256 * 1024 * 1024
MAX_LINE = 32 * 1024 * 1024
MAX_PROBLEMS = 50
ENDINGS = frozenset({".json", ".jsonl", ".ndjson"})
_LINE_ENDINGS = frozenset({".jsonl", ".ndjson"})
_OTHERS = ("dj-check.diff/", "dj-check.summary/")
_SHOWN = 10
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_AGAIN = "用 dj-check audit --format json 或 jsonl 重新导出"
_SPLIT = "分几批核查，或者用 --format jsonl 导出"
T = TypeVar("T")
Item = ReportedAssessment | ReportedRow | ReportedProblem | Problem


@dataclass(frozen=True, slots=True)
class _Run:
    standards: tuple[ReportedStandard, ...] = ()


@dataclass(frozen=True, slots=True)
class _Document:
    run: _Run
    assessments: tuple[ReportedAssessment, ...]
    problems: tuple[ReportedProblem, ...] = ()


class _Unfit(Exception):
    """Text that is no report: what is wrong at which places of it (line, column; 0 where unknown)."""

    def __init__(self, message: str, remedy: str = _AGAIN, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.found = [(line, column, message, remedy)]

    def problems(self, file: str, line: int = 0) -> Iterator[Problem]:
        """The same in a file, whose line ``line`` the text is."""
        for within, column, message, remedy in self.found:
            at = line or within
            yield Problem(file, at, (column or 1) if at else 0, message, remedy)


class _Other(_Unfit):
    """Another thing that dj-check wrote."""


def load_report(path: Path) -> ReportedRun:
    """The whole of one report. Raises `InputProblems` with everything that is wrong with it."""
    assessments: list[ReportedAssessment] = []
    told: list[ReportedProblem] = []
    wrong: list[Problem] = []
    for item in stream_report(path):
        if isinstance(item, ReportedAssessment):
            assessments.append(item)
        elif isinstance(item, ReportedProblem):
            told.append(item)
        elif isinstance(item, ReportedRow):
            message = f"这是 {ROWS}，没有逐项的结论，只供 summary 和 query 用"
            wrong.append(Problem(shown_path(path), 0, 0, message, _AGAIN))
            break
        else:
            wrong.append(item)
    if wrong:
        raise InputProblems(wrong)
    return ReportedRun(shown_path(path), tuple(assessments), tuple(told))


def report_files(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """The reports behind paths, each once, in order, and whether a folder led there: a file itself; of a folder every
    report below it. Hidden names are passed over, links to folders not followed; a folder that cannot be listed stands
    for itself."""
    seen: set[Path] = set()
    for path in paths:
        below = path != STDIN and is_folder(path)
        for found in files_below(path, ENDINGS) if below else [path]:
            if (key := found.absolute()) not in seen:
                seen.add(key)
                yield found, below


def stream_report(path: Path, *, found: bool = False) -> Iterator[Item]:
    """What a report holds, in its order; problems among it. Of files ``found`` in a folder, comparisons and summaries
    are passed over."""
    file = shown_path(path)
    try:
        with failing(file), _open(path, file) as stream:
            head = stream.peek(64)[:64]
            source: BinaryIO = _narrow(stream) if head.startswith(_WIDE) else stream
            start = head.decode("utf-16", "ignore") if head.startswith(_WIDE) else head.decode("utf-8", "ignore")
            by_line = path.suffix.lower() in _LINE_ENDINGS or start.lstrip("\ufeff \r\n\t").startswith('{"type"')
            yield from _lines(source, file) if by_line else _document(source)
    except _Other as error:
        if not found:
            yield from error.problems(file)
    except _Unfit as error:
        yield from error.problems(file)
    except InputProblems as error:
        yield from error.problems


def _open(path: Path, file: str) -> AbstractContextManager[BufferedReader]:
    if path == STDIN:
        return nullcontext(standard_input(file))
    return open_regular(path, file, "核查报告（.json、.jsonl）")


def _narrow(stream: BinaryIO) -> BytesIO:
    """UTF-16, as some Windows shells write it, as UTF-8."""
    try:
        return BytesIO(_whole(stream).decode("utf-16").encode())
    except UnicodeError:
        raise _Unfit("不是完好的文字文件") from None


def _whole(stream: BinaryIO) -> bytes:
    raw = stream.read(MAX_DOCUMENT + 1)
    if len(raw) > MAX_DOCUMENT:
        raise _Unfit(f"文件超过 {MAX_DOCUMENT // 1024 // 1024} MB", _SPLIT)
    return raw


def _document(stream: BinaryIO) -> Iterator[Item]:
    text = _text(_whole(stream))
    _of_schema(_parsed(text), DOCUMENT)
    document = _validated(_documents(), text)
    packs = {standard.id: standard for standard in document.run.standards}
    for a in document.assessments:
        yield replace(a, standard=packs.get(a.pack.id, a.pack))
    yield from document.problems


def _lines(stream: BinaryIO, file: str) -> Iterator[Item]:
    """Every line on its own: a broken one does not hide the others."""
    number = wrong = 0
    while raw := stream.readline(MAX_LINE + 1):
        number += 1
        if len(raw) > MAX_LINE:
            yield Problem(file, number, 1, f"这一行超过 {MAX_LINE // 1024 // 1024} MB", "核对是不是核查报告")
            return
        if not raw.strip():
            continue
        try:
            yield from _line(_text(raw))
        except _Unfit as error:
            found = list(error.problems(file, number))
            yield from found
            wrong += len(found)
        if wrong >= MAX_PROBLEMS:
            yield Problem(file, number, 1, "差错太多，后面的没有读", _AGAIN)
            return
    if not number:
        raise _Unfit("文件是空的，没有核查结论")


def _line(text: str) -> Iterator[Item]:
    data = _parsed(text)
    _of_schema(data, LINES, ROWS)
    if data.get("type") == "assessment" and data["schema"] == ROWS:
        yield _validated(_rows(), text)
    elif data.get("type") == "assessment":
        yield _validated(_assessments(), text)
    elif data.get("type") == "problem":
        yield _validated(_problems(), text)


def _text(raw: bytes) -> str:
    try:
        return raw.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        raise _Unfit("不是 UTF-8 的文字") from None


def _parsed(text: str) -> Any:
    """The data of one JSON text in which no key stands twice."""
    if not text.strip():
        raise _Unfit("文件是空的，没有核查结论")
    try:
        return json.loads(text, object_pairs_hook=each_key_once, parse_constant=_no_number)
    except KeyTwice as twice:
        raise _Unfit(f"键 {shown(str(twice))} 写了两次", "报告不要手改；重新导出") from None
    except json.JSONDecodeError as error:
        cut = not text[error.pos :].strip() or error.msg.startswith("Unterminated")
        message = "到这里就断了，文件不完整" if cut else "不是 JSON，或者从这里起写错了"
        raise _Unfit(message, _AGAIN, error.lineno, error.colno) from None
    except RecursionError:
        raise _Unfit("层数太多，不是核查报告") from None
    except ValueError:
        raise _Unfit("里面有一个数长得离谱，不是核查报告") from None


def _no_number(text: str) -> NoReturn:
    raise _Unfit(f"{text} 不是数")


def _of_schema(data: Any, *wanted: str) -> None:
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema in wanted:
        return
    if not isinstance(schema, str) or not schema.startswith("dj-check."):
        raise _Unfit("不是 dj-check 的核查报告", "给出 dj-check audit --format json 或 jsonl 的结果")
    if schema.startswith(_OTHERS):
        raise _Other(f"这是 {shown(schema)}，不是核查报告", "给出 dj-check audit --format json 或 jsonl 的结果")
    if schema in (DOCUMENT, LINES, ROWS):
        raise _Unfit(f"{shown(schema)} 的内容放错了文件", "JSON Lines 存成 .jsonl，一行一份；JSON 存成 .json")
    raise _Unfit(f"报告的格式是 {shown(schema)}，这里只读 {DOCUMENT}、{LINES} 和 {ROWS}", "换用写出它的那一版 dj-check")


@cache
def _documents() -> TypeAdapter[_Document]:
    return TypeAdapter(_Document)


@cache
def _assessments() -> TypeAdapter[ReportedAssessment]:
    return TypeAdapter(ReportedAssessment)


@cache
def _rows() -> TypeAdapter[ReportedRow]:
    return TypeAdapter(ReportedRow)


@cache
def _problems() -> TypeAdapter[ReportedProblem]:
    return TypeAdapter(ReportedProblem)


def _validated(kind: TypeAdapter[T], text: str) -> T:
    try:
        return kind.validate_json(text, strict=True)
    except ValidationError as error:
        unfit = _Unfit("")
        unfit.found = [
            (0, 0, _refused(item), _AGAIN) for item in error.errors(include_url=False, include_context=False)[:_SHOWN]
        ]
        raise unfit from None


def _refused(item: Any) -> str:
    """What is wrong, by its path in the report."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in item["loc"]]
    where = "".join(steps).removeprefix(".")
    if item["type"] == "missing":
        return f"没有 {where}"
    if item["type"] == "json_invalid":
        return "文字里有半个字符或层数太多，不是核查报告"
    return f"{where} 是 {shown(item['input'])}，不合报告的格式"
