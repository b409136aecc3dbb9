"""A run as the command line does it: at once where that is little, else streamed; interrupted in good order."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from dangjian_check.app import Bench, Request
from dangjian_check.batch.keys import options as options_hash
from dangjian_check.batch.listing import Listing
from dangjian_check.batch.plan import ONE_BY_ONE, TIMEOUT, WHOLE_MOST, Plan
from dangjian_check.batch.run import Means, Run
from dangjian_check.batch.vault import Vault
from dangjian_check.cli import streams
from dangjian_check.cli.exits import tell
from dangjian_check.cli.outputs import Outputs, Streaming
from dangjian_check.cli.progress import MANY, Progress
from dangjian_check.engine.assessment import Report
from dangjian_check.engine.upshot import Upshot, upshot
from dangjian_check.errors import Problem, UsageProblem
from dangjian_check.loading.files import row_of
from dangjian_check.reports import FORMATS

if TYPE_CHECKING:
    from dangjian_check.batch.cluster import Cluster
    from dangjian_check.batch.state import Head, State
    from dangjian_check.batch.store import Store

KEPT = 200  # files from which on a run is long enough to be gone on with
CACHED = 32  # files from which on it is worth while to look what earlier runs came to
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Ways(NamedTuple):
    """How the flags want the work done: the number of processes (0: as fits), seconds for one file, whether to go on
    with what was interrupted, whether to look at what earlier runs came to; the scheduler of a cluster."""

    jobs: int = 0
    timeout: float = TIMEOUT
    resume: bool = False
    cache: bool = True
    scheduler: str = ""


class Done(NamedTuple):
    """What a run came to; ``written`` says whether all of it could be written, ``bug`` whether we went wrong."""

    upshot: Upshot
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    assessed: bool
    written: bool
    bug: bool


class Stopped(KeyboardInterrupt):
    """A signal asked the run to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number


def audit(request: Request, outputs: Outputs, ways: Ways) -> Done | int:
    """Judge and write everything; the exit status alone if a signal came."""
    begun: list[State] = []
    try:
        with _stoppable():
            done = _audit(request, outputs, ways, begun)
    except Stopped as stop:
        kept = [state.close(finished=False) for state in begun]
        how = "加 --resume 接着核" if any(kept) else "从头再核"
        what = "写到标准输出的不全" if FORMATS[outputs.shown].streamed else "没有写出结果"
        streams.tell(f"dj-check: 核到一半停下了，{what} → {how}\n")
        return stop.status
    except BaseException:
        for state in begun:
            state.close(finished=False)
        raise
    kept = [state.close(finished=done.written) for state in begun]
    if any(kept):
        streams.tell("dj-check: 没有全部写出去，核过的还留着 → 改好以后加 --resume，不用再核\n")
    return done


def _audit(request: Request, outputs: Outputs, ways: Ways, begun: list[State]) -> Done:
    written = outputs.places
    earlier = _earlier(written) if ways.resume else None
    if earlier is not None:
        request = replace(request, today=earlier[1].today)
    bench = Bench(request)
    files = Listing(bench.files())
    plan = planned(request, outputs.kinds, len(files), ways.timeout)
    if len(files) >= KEPT:
        outputs.try_places()
    waivers = bench.waivers.reaching(files.one_of_each_folder())
    stated, cached = written and (len(files) >= KEPT or earlier is not None), ways.cache and len(files) >= CACHED
    options = options_hash(plan, waivers) if stated or cached else None
    if stated and options is not None:
        from dangjian_check.batch.state import Head, State, place

        path, found = earlier or (place(written[0]), None)
        begun.append(State(path, Head(options.hex(), request.today), resumed=found))
        if len(files) >= MANY:
            tell(begun[-1].notices)
    progress = Progress(len(files), bar=not outputs.on_terminal(plan.streams))
    with _cache(cached) as cache, _cluster(ways, request, files) as hands:
        states = [state.store for state in begun]
        vault = Vault([*states, *cache]) if earlier else Vault(cache, empty=states)
        kept = vault if states or cache else None
        jobs = hands.jobs if hands else ways.jobs
        means = Means(jobs, hands, kept, options if kept else None, progress.told)
        with progress, Run(plan, bench, files, means) as run:
            return _whole(run, outputs) if plan.whole else _streamed(run, plan, outputs)


@contextlib.contextmanager
def _cache(wanted: bool) -> Iterator[list[Store]]:
    """What earlier runs came to, if it can be used."""
    path = None
    if wanted:
        from dangjian_check.batch.store import Store, store_path

        path = store_path(os.environ)
    if path is None:
        yield []
        return
    with Store(path) as store:
        yield [store] if store.usable else []
        store.trim()
        tell(store.notices)


@contextlib.contextmanager
def _cluster(ways: Ways, request: Request, files: Listing) -> Iterator[Cluster | None]:
    """The cluster asked for, which sees what the run reads."""
    if not ways.scheduler:
        yield None
        return
    from dangjian_check.batch.cluster import Cluster

    first = [row.table if (row := row_of(path)) else path for path in islice(files, 1)]
    needed = (*first, *request.paths, *request.rules, *(request.waivers or ()))
    cluster = Cluster(ways.scheduler, needed=filter(os.path.exists, needed))
    try:
        yield cluster
    finally:
        cluster.close()


def _earlier(written: list[str]) -> tuple[Path, Head]:
    """The run to go on with, and where its state lies."""
    from dangjian_check.batch.state import AFRESH, interrupted, place

    if not written:
        raise UsageProblem("--resume 不知道接着哪一次核", "照原来的写上 --output")
    for path in map(place, written):
        found = interrupted(path)
        if found is not None:
            return path, found
    raise UsageProblem("没有核了一半的核查可以接着核", f"--output 与那一次写得一样；没有那一次的，{AFRESH}")


def planned(request: Request, kinds: tuple[str, ...], files: int, timeout: float) -> Plan:
    """Everything as one report where some format needs that and there are few enough; else streamed. Raises
    `UsageProblem` for what cannot be had of so many."""
    whole = [kind for kind in dict.fromkeys(kinds) if not FORMATS[kind].streamed]
    too_much = [kind for kind in whole if not FORMATS[kind].crowded]
    can_stream = request.baseline is None and not too_much
    if files > WHOLE_MOST or (can_stream and (not whole or files > ONE_BY_ONE)):
        said = f"有 {files} 个文件，超过 {WHOLE_MOST} 个"
        if too_much:
            raise UsageProblem(f"{said}，{'、'.join(too_much)} 写不下", "改用 rows、jsonl、html，或分成几批核查")
        if request.baseline is not None:
            raise UsageProblem(f"{said}，不能一次对照 --baseline", "分成几批核查")
        streams = tuple(kind for kind in dict.fromkeys(kinds) if FORMATS[kind].streamed)
        return Plan(replace(request, traced=False, logged=False), streams, counted=bool(whole), timeout=timeout)
    return Plan(request, whole=True, timeout=timeout)


def _whole(run: Run, outputs: Outputs) -> Done:
    report = run.report()
    written = outputs.write(report)
    return _done(upshot(report.assessments), report, assessed=bool(report.assessments), written=written, bug=run.bug)


def _streamed(run: Run, plan: Plan, outputs: Outputs) -> Done:
    with Streaming(outputs, plan.streams) as sinks:
        tally = run.stream(sinks.write)
        sheets = run.sheets(tally) if outputs.traced else None
        report = run.ending(tally, full=outputs.traced and sheets is None)
        written = sinks.finish(report, tally.crowd, sheets)
    return _done(tally.upshot, report, assessed=bool(tally.periods), written=written, bug=run.bug)


def _done(found: Upshot, report: Report, *, assessed: bool, written: bool, bug: bool) -> Done:
    return Done(found, report.problems, report.notes, assessed, written, bug)


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """The first signal to stop is a `Stopped`; those after it are ignored while things are put in order."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {n: signal.signal(n, _stop) for n in numbers if signal.getsignal(n) is not signal.SIG_IGN}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    for name in _SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    raise Stopped(number)
