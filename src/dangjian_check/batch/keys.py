"""Under which key a part is kept: a hash over the very bytes it was read from and over all that decides what comes
of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Self

from dangjian_check.app import Request
from dangjian_check.batch.plan import Plan
from dangjian_check.batch.program import program_digest
from dangjian_check.errors import DjCheckError
from dangjian_check.loading import files
from dangjian_check.loading.files import MAX_LEDGER_BYTES, ROOTS, STDIN, part_files, read_bytes, row_of, shown_path
from dangjian_check.loading.record_tables import read_row

_FORM = 2  # of what is kept
_NOT_ASKED = frozenset({"paths", "today", "rules", "waivers", "baseline"})  # told otherwise, or laid on afterwards


class Witness:
    """While it looks on, it takes down which bytes every file was read from."""

    def __init__(self) -> None:
        self._seen: dict[Path, bytes] = {}

    def __enter__(self) -> Self:
        self._before, files.witness = files.witness, self._see
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        files.witness = self._before

    def _see(self, path: Path, raw: bytes) -> None:
        self._seen[path] = hashlib.sha256(raw).digest()

    def key(self, options: bytes, path: Path) -> bytes | None:
        """The key of what was read from this file and those that belong to it."""
        return _key(options, path, self._seen)


def aside(key: bytes | None, what: bytes) -> bytes | None:
    """The key of something else that is made of the same."""
    return key and hashlib.sha256(b"%b:%b" % (what, key)).digest()


def file_key(options: bytes, path: Path) -> bytes | None:
    """The key of a file as it is now; None if it cannot be read."""
    return _key(options, path, {})


def _key(options: bytes, path: Path, seen: Mapping[Path, bytes]) -> bytes | None:
    if path == STDIN:
        return None
    digest = hashlib.sha256(options)
    try:
        if path.name in ROOTS:
            _add(digest, path.resolve().parent.name.encode("utf-8", "surrogatepass"))
        if row_of(path) is not None:
            digest.update(seen.get(path) or hashlib.sha256(read_row(path).identity).digest())
            return digest.digest()
        for one in (path, *part_files(path)):
            _add(digest, shown_path(one).encode())
            digest.update(seen.get(one) or hashlib.sha256(read_bytes(one, "", MAX_LEDGER_BYTES)).digest())
    except (DjCheckError, OSError, ValueError):
        return None
    return digest.digest()


def options(plan: Plan, waivers: Iterable[Path]) -> bytes:
    """A hash over everything but the records that decides what comes of them: this program and its rules, the flags,
    the customer's standards and calendars, the waiver files. The day counts only where the period can come to depend
    on it."""
    request = plan.request
    asked = {f.name: _plain(getattr(request, f.name)) for f in fields(request) if f.name not in _NOT_ASKED}
    asked |= {"form": _FORM, "program": program_digest().hex(), "streams": plan.streams, "whole": plan.whole}
    asked |= {"counted": plan.counted, "today": None if _closed(request) else request.today.isoformat()}
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode())
    for folder in request.rules:
        _add(digest, b"")
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            _add(digest, path.relative_to(folder).as_posix().encode("utf-8", "surrogatepass"))
            _add(digest, _content(path))
    for path in waivers:
        _add(digest, shown_path(path.absolute()).encode())
        _add(digest, _content(path))
    return digest.digest()


def _content(path: Path) -> bytes:
    """What decides of a file beside the records: its bytes, or why it is none that can be used."""
    try:
        return read_bytes(path, "", MAX_LEDGER_BYTES)
    except DjCheckError as error:
        return str(error).encode()


def _closed(request: Request) -> bool:
    """Whether the day of the audit changes nothing."""
    ended = request.period is not None and request.period.end <= request.today
    return request.as_of is not None or ended


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value if isinstance(value, bool) else str(value)


def _add(digest: hashlib._Hash, raw: bytes) -> None:
    digest.update(b"%d:" % len(raw))
    digest.update(raw)
