"""What an answer depends on, as one hash: equal keys, equal answers.

`options_digest` covers what one run has in common, once; `key` the files of one record. What is kept under a key is
named by the bytes that were parsed: `loading.files.witnessed` collects them while a record is read, and `record_bytes`
reads the same files without parsing, to look an answer up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path

from dangjian_check.app import Request
from dangjian_check.batch.program import digest, program_digest
from dangjian_check.loading import INPUTS
from dangjian_check.loading.files import (
    CALENDARS,
    MAX_LEDGER_BYTES,
    ROOTS,
    is_year,
    part_files,
    read_bytes,
    read_input,
    shown_path,
    standard_folders,
    witnessed,
)
from dangjian_check.model.calendar import Period

Files = Iterable[tuple[str, bytes]]


def key(shown: str, default_id: str, files: Files, options: bytes) -> bytes:
    """The key of one record: its file as shown, the id it has if it names none, and everything read for it."""
    return digest(options, _bytes(shown), _bytes(default_id), *_flat(files))


def options_digest(request: Request, files: Files, formats: Iterable[str], program: bytes | None = None) -> bytes:
    """What all records of a run have in common: every option, ``files`` (as `ground` reads them), the formats in
    which answers are kept, and the program with its own rules. The day counts only where no day was asked for."""
    read = list(files)
    options = [part for field in fields(request) for part in _option(request, field.name)]
    return digest(
        program or program_digest(),
        b"%d" % len(read),
        *_flat(read),
        *options,
        *(name.encode() for name in sorted(set(formats))),
    )


def _option(request: Request, name: str) -> Iterator[bytes]:
    """One field of a request; a field added later counts without being named here."""
    skipped = name == "paths" or (name == "today" and request.as_of is not None)
    yield name.encode()
    yield b"" if skipped else _bytes(_written(getattr(request, name)))


def _written(value: object) -> str:
    """A value of a request as text: two values that differ differ here."""
    if value is None or isinstance(value, (bool, str, date)):
        return f"{type(value).__name__} {value!r}"
    if isinstance(value, Path):
        return f"path {value.as_posix()!r}"
    if isinstance(value, Period):
        return f"period {value.start} {value.end}"
    if isinstance(value, frozenset):
        return f"set {sorted(map(_written, value))}"
    if isinstance(value, tuple):
        return f"tuple {[_written(part) for part in value]}"
    raise TypeError(f"a request holds a {type(value).__name__}")


def ground(request: Request) -> list[tuple[str, bytes]]:
    """What a run rests on beside the records and the program: every file of the customer's standards and years of
    holidays, the waivers asked for and the baseline. Raises `InputProblems` for one that cannot be read."""
    paths = [*_rule_files(request.rules), *(request.waivers or ())]
    if request.baseline is not None:
        paths.append(request.baseline)
    return [(shown, read_bytes(path, shown, MAX_LEDGER_BYTES)) for path in paths for shown in [shown_path(path)]]


def _rule_files(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        yield from sorted((root / CALENDARS).glob("cn-*.yaml"))
        for folder in standard_folders([root]):
            yield from sorted(path for path in folder.rglob("*.y*ml") if not is_year(path))


def record_bytes(path: Path) -> list[tuple[str, bytes]]:
    """The files that `loading.records.load_records` reads for a record, as shown, in its order. Raises `InputProblems`
    if one of them cannot be read."""
    with witnessed() as read:
        for file in [path, *(part_files(path) if path.name in ROOTS else ())]:
            read_input(file, shown_path(file), INPUTS.get(file.suffix.lower()))
    return read


def _flat(files: Files) -> Iterator[bytes]:
    for shown, raw in files:
        yield _bytes(shown)
        yield raw


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
