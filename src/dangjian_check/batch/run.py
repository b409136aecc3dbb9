"""A run over many files: from what was kept, in this process or over many, in the order of the files."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from dangjian_check.app import Bench, Judged, common
from dangjian_check.batch import work
from dangjian_check.batch.keys import aside, file_key
from dangjian_check.batch.listing import Listing
from dangjian_check.batch.part import Part, ids, sheets_of
from dangjian_check.batch.plan import Plan
from dangjian_check.batch.stored import Unreadable, decode
from dangjian_check.batch.vault import Vault
from dangjian_check.batch.work import Work
from dangjian_check.engine.assessment import Report
from dangjian_check.errors import DjCheckError
from dangjian_check.reports import Sheets

if TYPE_CHECKING:
    from dangjian_check.batch.pool import Hands, Pool
    from dangjian_check.batch.tally import Tally

POOLED = 32  # files from which on several processes are worth their start
_LEAST, _MOST = 8, 16  # files of one task; what comes of them may be half a megabyte each
_LOOKED_UP = 32  # the same with those that are found among what is kept
_SHEET = b"sheet"
Entry = tuple[Path, Work | None]


class Means(NamedTuple):
    """How the work is done: the number of processes (0: as many as are worth while) and where they come from (None:
    this machine); where parts are kept, and the hash of the options they are kept under; whom to tell how many files
    are done."""

    jobs: int = 0
    hands: Hands | None = None
    vault: Vault | None = None
    options: bytes | None = None
    told: Callable[[int], None] = lambda done: None


def jobs_for(asked: int, files: int) -> int:
    """How many processes to use: those asked for, else one for each core; one where more are not worth their start."""
    if files < POOLED:
        return 1
    return asked or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def _pool(plan: Plan, means: Means, jobs: int) -> Pool[Work]:
    from dangjian_check.batch.local import Local
    from dangjian_check.batch.pool import Pool

    judge = partial(work.judge_files, plan, means.options)
    return Pool(means.hands or Local(), jobs, judge, partial(work.lost, plan))


class Run:
    """The files of a plan, judged once, in order. When it is left, no process is, and what is done is kept."""

    def __init__(self, plan: Plan, bench: Bench, files: Listing, means: Means) -> None:
        self.bug = False
        self._plan, self._bench, self._files, self._means = plan, bench, files, means
        self._jobs = jobs_for(means.jobs, len(files))
        self._pool = _pool(plan, means, self._jobs) if self._jobs > 1 or means.hands is not None else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.close()
        if self._means.vault is not None:
            self._means.vault.flush()

    def report(self) -> Report:
        """Everything as one report."""
        if self._pool is None and self._means.vault is None:
            return self._bench.report(map(self._judged, work.swept(self._files)))
        return self._bench.report(self._whole(path, part) for path, part in self._parts())

    def stream(self, write: Callable[[tuple[bytes, ...]], None]) -> Tally:
        """Write the texts of every file as they come, and count the rest."""
        from dangjian_check.batch.tally import Tally

        tally = Tally()
        for path, part in self._parts():
            write(part.texts)
            tally.add(path, part)
            self._bench.meet(path, ids(part.standards), dict(part.branches), part.waivers)
        return tally

    def sheets(self, tally: Tally) -> Sheets | None:
        """The records that scored lowest in full, each judged once more when its turn comes unless it was kept; None
        if these are all there are."""
        if tally.shown >= tally.crowd.records:
            return None
        return Sheets(tally.shown, lambda: self._in_full(tally.lowest()))

    def _in_full(self, paths: Iterable[Path]) -> Iterator[str]:
        for path in work.swept(paths):
            yield from (text.decode() for text in self._sheets(path).texts)

    def _sheets(self, path: Path) -> Part:
        kept, vault = self._kept(path, _SHEET), self._means.vault
        if kept is not None:
            return kept.part
        made = work.judge_part(self._bench, self._plan, self._means.options, path, sheets_of)
        self.bug = self.bug or made.bug
        key = aside(made.key, _SHEET)
        if key is not None and vault is not None:
            vault.put(key, made.part)
        return made.part

    def ending(self, tally: Tally, *, full: bool) -> Report:
        """What is left to be said once everything is streamed: problems and notes; ``full`` asks for the records
        as well that scored lowest."""
        request = self._plan.request
        found = [self._judged(path) for path in (tally.lowest() if full else ())]
        more, notes, standards = self._bench.ending()
        return Report(
            assessments=tuple(a for one in found for a in one.assessments),
            problems=tuple(sorted(dict.fromkeys([*tally.problems, *more]))),
            standards=standards,
            as_of=request.as_of or common(tally.days),
            period=request.period or common(tally.periods),
            records=tuple(view for one in found for view in one.records),
            notes=notes,
        )

    def _judged(self, path: Path) -> Judged:
        judged, said, bug = work.guarded(lambda: self._bench.judge(path), self._plan.timeout)
        self.bug = self.bug or bug
        return judged or work.failed(path, said)

    def _whole(self, path: Path, part: Part) -> Judged:
        assert part.whole is not None
        try:
            return decode(Judged, part.whole, self._bench.standards(ids(part.standards)))._replace(path=path)
        except Unreadable:
            return self._judged(path)

    def _parts(self) -> Iterator[tuple[Path, Part]]:
        """What every file came to. What is new is kept; how far it is is told."""
        vault = self._means.vault
        for done, (path, found, fresh) in enumerate(self._alone() if self._pool is None else self._shared(), 1):
            self.bug = self.bug or found.bug
            if fresh and vault is not None and found.key is not None:
                vault.put(found.key, found.part)
            yield path, found.part
            self._means.told(done)

    def _kept(self, path: Path, what: bytes = b"") -> Work | None:
        if self._means.vault is None or self._means.options is None or self._means.vault.is_empty:
            return None
        key = file_key(self._means.options, path)
        key = aside(key, what) if what else key
        part = None if key is None else self._means.vault.get(key)
        return None if part is None or not self._holds(part) else Work(part, key)

    def _holds(self, part: Part) -> bool:
        """Whether it was judged by the very standards that are loaded here: a file may have changed in between."""
        try:
            loaded = self._bench.standards(ids(part.standards))
        except DjCheckError:
            return False
        return all(loaded[standard].digest == digest for standard, digest in part.standards)

    def _alone(self) -> Iterator[tuple[Path, Work, bool]]:
        """In this process; whether each was judged just now."""
        for path in work.swept(self._files):
            kept = self._kept(path)
            yield path, kept or work.judge_part(self._bench, self._plan, self._means.options, path), kept is None

    def _shared(self) -> Iterator[tuple[Path, Work, bool]]:
        """Over many processes."""
        assert self._pool is not None
        under_way: deque[list[Entry]] = deque()

        def tasks() -> Iterator[list[str]]:
            for entries in self._entries():
                under_way.append(entries)
                yield [str(path) for path, kept in entries if kept is None]

        for found in self._pool.map(tasks()):
            fresh = iter(found)
            for path, kept in under_way.popleft():
                yield path, kept or next(fresh), kept is None

    def _entries(self) -> Iterator[list[Entry]]:
        """The files in portions, each with what is kept of it."""
        most = max(_LEAST, min(_MOST, len(self._files) // (8 * self._jobs)))
        entries: list[Entry] = []
        missing = 0
        for path in self._files:
            kept = self._kept(path)
            entries.append((path, kept))
            missing += kept is None
            if missing >= most or len(entries) >= _LOOKED_UP:
                yield entries
                entries, missing = [], 0
        if entries:
            yield entries
