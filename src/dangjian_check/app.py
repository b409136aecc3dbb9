"""The use cases about records: a `Request` becomes a `Report`, what is owed, one rule explained, forms checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import filterfalse
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, TypeVar

from dangjian_check.engine.assess import Span, assess, audit_span
from dangjian_check.engine.assessment import Assessment, BranchRef, Doubt, LogEntry, RecordView, Report, Trace
from dangjian_check.engine.baseline import mark, stale, standing
from dangjian_check.engine.doubts import KINDS, signals
from dangjian_check.engine.due import Agenda, DueReport, agenda, ahead
from dangjian_check.engine.privacy import Veil
from dangjian_check.engine.roll import Roll
from dangjian_check.engine.trace import trace
from dangjian_check.errors import DjCheckError, InputProblems, KeyPath, Location, Problem, UsageProblem
from dangjian_check.loading import INPUTS
from dangjian_check.loading.baseline import load_baseline
from dangjian_check.loading.files import (
    enclosing_standard,
    expand,
    files_that,
    is_folder,
    is_waivers,
    is_year,
    shown_path,
    standard_folders,
)
from dangjian_check.loading.private import is_private
from dangjian_check.loading.record_tables import with_rows
from dangjian_check.loading.records import LoadedRecord, Refused, load_records, the_only
from dangjian_check.loading.standards import find_standards, load_standard, load_standards
from dangjian_check.loading.waivers import holds_waivers, load_waivers
from dangjian_check.loading.wording import at
from dangjian_check.loading.workdays import load_workdays, load_year
from dangjian_check.model.calendar import Period
from dangjian_check.model.facts import Facts
from dangjian_check.model.fields import shown
from dangjian_check.model.memo import Frame
from dangjian_check.model.vocabulary import nearest
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard
from dangjian_check.waiving import RunWaivers, Used

T = TypeVar("T")
_FRAMES = 64  # periods and days for which what is common is remembered
DEFAULT_STANDARDS = ("national",)


@dataclass(frozen=True, slots=True)
class Request:
    """One run, complete: nothing below reads flags or the clock. ``today`` is the clock, read once. ``traced`` asks
    for what each failed rule rests on, ``logged`` for the log of each record, ``mask`` for what is to be hidden
    (`engine.privacy.MASKS`); ``doubts`` are the kinds wanted, None all of them; ``waivers`` are files that hold for
    every record beside those found with the records, None for none at all; ``baseline`` is the file of what is known.
    """

    paths: tuple[Path, ...]
    today: date
    standards: tuple[str, ...] = ()
    rules: tuple[Path, ...] = ()
    period: Period | None = None
    as_of: date | None = None
    with_superior: bool = False
    traced: bool = False
    logged: bool = True
    mask: frozenset[str] = frozenset()
    doubts: frozenset[str] | None = None
    waivers: tuple[Path, ...] | None = ()
    baseline: Path | None = None


def record_files(paths: Iterable[Path]) -> list[Path]:
    """The record files behind the paths asked for, and the rows of tables."""
    return list(with_rows(expand(paths, INPUTS)))


def run(request: Request) -> Report:
    """Audit every record; a file that cannot be used becomes problems and the others are still judged. Raises what
    `Bench` raises."""
    bench = Bench(request)
    return bench.report(map(bench.judge, bench.files()))


def unused_waivers(request: Request) -> tuple[list[tuple[str, int]], tuple[Problem, ...]]:
    """File and position of the waivers asked for that meet nothing in a run, and what was wrong with that run."""
    bench = Bench(replace(request, baseline=None), beside=False)
    report = bench.report(map(bench.judge, bench.files()))
    return bench.waivers.unused(), report.problems


class Judged(NamedTuple):
    """What the records of one file came to: ``standards`` judged them, ``waivers`` (file and position) met a failed
    window of theirs."""

    path: Path
    assessments: tuple[Assessment, ...] = ()
    records: tuple[RecordView, ...] = ()
    problems: tuple[Problem, ...] = ()
    standards: tuple[str, ...] = ()
    waivers: frozenset[Used] = frozenset()

    @property
    def branches(self) -> dict[str, str]:
        """The branches judged: id and name."""
        return {a.branch.id: a.branch.name for a in self.assessments}


class Bench:
    """Judges files one by one under one request; standards, days off and waivers are loaded once. What holds of the
    run as a whole comes from what is `met`.

    Raises `UsageProblem` for an unknown standard asked for, `StandardProblems` for one that is broken,
    `InputProblems` for a file of waivers asked for, or a baseline, that cannot be used.
    """

    def __init__(self, request: Request, *, beside: bool = True) -> None:
        self.request = request
        self.waivers = RunWaivers(request.waivers or (), request.paths, beside=beside and request.waivers is not None)
        self._known = None if request.baseline is None else load_baseline(request.baseline)
        self._shelf, self._roll = _Shelf(request), Roll()
        self._shelf.load(request.standards)
        self._workdays = load_workdays(request.rules)
        self._frames: dict[Span, Frame] = {}

    def files(self) -> Iterator[Path]:
        """The record files of the run, and the rows of tables, in the order in which they are judged."""
        return with_rows(filterfalse(self.waivers.asked_for, expand(self.request.paths, INPUTS)))

    def judge(self, path: Path) -> Judged:
        """The records of one file; whatever is wrong with them is among the problems."""
        problems: list[Problem] = []
        assessments: list[Assessment] = []
        records: list[RecordView] = []
        by: dict[str, None] = {}
        used: set[Used] = set()
        for _, loaded, veil, standards in _wanted([path], self.request, self._shelf, problems):
            facts = self._facts(loaded)
            records.append(veil(_view(self.request, loaded, facts)))
            for standard in standards:
                assessment, found = _assess(self.request, loaded, standard, facts)
                laid, met = self.waivers.lay(assessment, path)
                assessments.append(veil(laid))
                used |= met
                by[standard.id] = None
                problems += veil(found)
        return Judged(path, tuple(assessments), tuple(records), tuple(problems), tuple(by), frozenset(used))

    def _facts(self, loaded: LoadedRecord) -> Facts:
        """The index over a record, what many records have in common shared with those before it."""
        span = span_for(self.request, loaded)
        if span not in self._frames and len(self._frames) >= _FRAMES:
            self._frames.clear()
        frame = self._frames.setdefault(span, Frame(span.period, span.as_of))
        return Facts(loaded.record, span.period, span.as_of, self._workdays, frame=frame)

    def standards(self, ids: Iterable[str]) -> dict[str, Standard]:
        """The standards of these ids."""
        return {standard.id: standard for standard in self._shelf.load(ids)}

    def meet(self, path: Path, standards: Iterable[str], branches: dict[str, str], used: Iterable[Used]) -> None:
        """A file was judged, here or elsewhere, by these standards and waivers."""
        self._shelf.use(standards)
        self._roll.meet(branches)
        if branches:
            self.waivers.meet(path, branches, used)

    def ending(self) -> tuple[list[Problem], tuple[Problem, ...], tuple[Standard, ...]]:
        """What the run as a whole came to, once all files are met: problems, notes, the standards that were used."""
        standards = self._shelf.used()
        veil = Veil(None, self.request.mask)
        problems = veil.problems([*self.waivers.problems, *self.waivers.unfit(standards, self.request.rules)])
        return problems, tuple(veil.problems([*self._roll.notes, *self.waivers.notes(standards)])), tuple(standards)

    def report(self, found: Iterable[Judged]) -> Report:
        """Everything that was judged, as one report."""
        assessments: list[Assessment] = []
        problems: list[Problem] = []
        records: list[RecordView] = []
        for one in found:
            self.meet(one.path, one.standards, one.branches, one.waivers)
            assessments += one.assessments
            records += one.records
            problems += one.problems
        more, notes, standards = self.ending()
        report = Report(
            assessments=tuple(assessments),
            problems=tuple(sorted(dict.fromkeys([*problems, *more]))),
            standards=standards,
            as_of=self.request.as_of or common(a.as_of for a in assessments),
            period=self.request.period or common(a.period for a in assessments),
            records=tuple(records),
            notes=notes,
        )
        if self._known is None or self.request.baseline is None:
            return report
        report = mark(report, self._known)
        gone = Veil(None).problems(stale(shown_path(self.request.baseline), standing(report, self._known)))
        return replace(report, notes=(*report.notes, *gone))


def due(request: Request, until: date, files: Iterable[Path]) -> DueReport:
    """What the records in these files owe from the day asked for (else today) up to ``until``, by the same rules."""
    shelf = _Shelf(request)
    shelf.load(request.standards)
    frame, workdays = ahead(request.as_of or request.today, until), load_workdays(request.rules)
    agendas: list[Agenda] = []
    problems: list[Problem] = []
    for _, loaded, veil, standards in _wanted(files, request, shelf, problems):
        facts = Facts(loaded.record, frame.period, frame.as_of, workdays, horizon=until, frame=frame)
        agendas += [veil(agenda(standard, facts, _branch(loaded))) for standard in standards]
    return DueReport(tuple(agendas), tuple(sorted(dict.fromkeys(problems))), frame.as_of, until)


def _wanted(
    paths: Iterable[Path], request: Request, shelf: _Shelf, problems: list[Problem]
) -> Iterator[tuple[Path, LoadedRecord, Veil, list[Standard]]]:
    """Every record that can be used, its file, veil and standards; what is wrong with others goes to ``problems``."""
    for path in paths:
        listed, wrong = load_records(path)
        problems += _refusals(wrong, request)
        for loaded in listed:
            veil = _veil(loaded, request)
            standards, refused = shelf.wanted(loaded)
            problems += Veil(loaded.tree.data, request.mask).problems(refused) if refused else []
            yield path, loaded, veil, standards


def _veil(loaded: LoadedRecord, request: Request) -> Veil:
    return Veil(loaded.tree.data, request.mask, numbers=any(map(is_private, loaded.tree.notes)))


def _refusals(wrong: Iterable[Refused], request: Request) -> list[Problem]:
    """What is said of records that cannot be used, with nothing in it that must not be shown."""
    return [problem for refused in wrong for problem in Veil(refused.data, request.mask).problems(refused.problems)]


def _view(request: Request, loaded: LoadedRecord, facts: Facts) -> RecordView:
    place = loaded.tree.place
    log = [
        LogEntry(a.date, tuple(a.type), a.topic, a.status == "已召开", place(("activities", index)))
        for index, a in enumerate((request.logged and loaded.record.activities) or ())
    ]
    wanted = KINDS if request.doubts is None else request.doubts
    found = signals(facts, wanted)
    doubts = [Doubt(s.kind, s.message, KINDS[s.kind].reason, tuple(map(place, s.paths))) for s in found]
    return RecordView(_branch(loaded), tuple(sorted(log, key=attrgetter("day"))), loaded.tree.notes, tuple(doubts))


def _branch(loaded: LoadedRecord) -> BranchRef:
    body = loaded.record.body
    return BranchRef(loaded.id, body.name, loaded.tree.file, body.parent, body.type)


def span_for(request: Request, loaded: LoadedRecord) -> Span:
    """The period and day by which one record is judged."""
    return audit_span(loaded.record, request.period, request.as_of, request.today)


def _assess(
    request: Request, loaded: LoadedRecord, standard: Standard, facts: Facts
) -> tuple[Assessment, list[Problem]]:
    assessment, misfits = assess(standard, facts, _branch(loaded), with_superior=request.with_superior)
    traces: dict[str, Trace] = {}
    if request.traced:
        traces = {d.rule.id: trace(d.rule, facts) for d in assessment.deficiencies}
    grounds = [w for found in traces.values() for w in found.windows]
    paths = [d.place for d in assessment.deficiencies]
    paths += [fact.path for w in grounds for fact in (*w.counted, *(near.fact for near in w.near))]
    problems = [at(loaded.tree, m.path, m.message, m.remedy) for m in misfits]
    return replace(assessment, places={path: loaded.tree.place(path) for path in paths}, traces=traces), problems


class _Shelf:
    """The standards of one run, each loaded once."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._loaded: dict[str, Standard] = {}
        self._used: dict[str, Standard] = {}
        find_standards(request.rules)  # raises for a folder without any

    def load(self, ids: Iterable[str]) -> list[Standard]:
        missing = [name for name in ids if name not in self._loaded]
        for standard in load_standards(missing, self._request.rules, tests=False) if missing else ():
            self._loaded[standard.id] = standard
        return [self._loaded[name] for name in dict.fromkeys(ids)]

    def wanted(self, loaded: LoadedRecord) -> tuple[list[Standard], list[Problem]]:
        """The standards asked for, else those the record names, else the national; why some named cannot be used."""
        named = self._request.standards or tuple(loaded.record.body.standards or DEFAULT_STANDARDS)
        found: list[Standard] = []
        problems: list[Problem] = []
        for name in named:
            try:
                found += self.load([name])
            except UsageProblem as error:
                place = ("organization" if loaded.record.organization else "branch", "standards")
                problems += [at(loaded.tree, place, p.message, p.remedy) for p in error.problems]
            except DjCheckError as error:
                problems += error.problems
        return found, problems

    def use(self, ids: Iterable[str]) -> None:
        """These standards judged something."""
        self._used.update((standard.id, standard) for standard in self.load(ids))

    def used(self) -> list[Standard]:
        asked = {name: self._loaded[name] for name in self._request.standards}
        return list((asked | self._used).values())


def common(values: Iterable[T]) -> T | None:
    """The one value all have, if they do."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def validate(paths: Iterable[Path]) -> tuple[list[str], list[Problem]]:
    """Check the form of every record, standard, waiver file and year of holidays below the paths: what was read, and
    all that is wrong."""
    listed = list(dict.fromkeys(enclosing_standard(path) or path for path in paths))
    waivers = [*files_that(is_waivers, listed), *filter(holds_waivers, listed)]
    kinds: list[tuple[Iterable[Path], Callable[[Path], object]]] = [
        (standard_folders(listed), load_standard),
        (files_that(is_year, listed), load_year),
        (waivers, load_waivers),
        (record_files(listed), _load_all),
    ]
    jobs: dict[Path, tuple[Path, Callable[[Path], object]]] = {}
    for paths_of_kind, load in kinds:
        for path in paths_of_kind:
            jobs.setdefault(path.absolute(), (path, load))
    checked: list[str] = []
    problems: list[Problem] = []
    for path, load in jobs.values():
        checked.append(path.as_posix())
        try:
            load(path)
        except DjCheckError as error:
            problems.extend(error.problems)
    return checked, sorted(dict.fromkeys(problems))


def _load_all(path: Path) -> None:
    wrong = load_records(path)[1]
    if wrong:
        raise InputProblems(problem for refused in wrong for problem in refused.problems)


class Explanation(NamedTuple):
    """A rule, the standard it stands in and, with a record, the trace of judging it."""

    rule: Rule
    standard: Standard
    trace: Trace | None = None
    file: str = ""
    place: Callable[[KeyPath], Location] | None = None


def explain(request: Request, rule_id: str) -> Explanation:
    """Explain a rule; with a path in the request, on that record.

    Raises `UsageProblem` for an unknown rule and `InputProblems` for a record that cannot be used.
    """
    standard, rule = _find_rule(request, rule_id)
    if not request.paths:
        return Explanation(rule, standard)
    loaded = _load(request.paths[0], request)
    span = span_for(request, loaded)
    veil, facts = _veil(loaded, request), Facts(loaded.record, span.period, span.as_of, load_workdays(request.rules))
    found = veil(trace(rule, facts))
    return Explanation(rule, standard, found, veil(loaded.tree.file), lambda path: veil(loaded.tree.place(path)))


def _load(path: Path, request: Request) -> LoadedRecord:
    files = record_files([path]) if is_folder(path) else [path]
    if len(files) != 1:
        remedy = f"--record 写其中的一份，如 {shown_path(files[0])}" if files else "--record 写记录文件或它的文件夹"
        raise UsageProblem(f"{shown_path(path)} 里有 {len(files)} 份记录", remedy)
    listed, wrong = load_records(files[0])
    if wrong:
        raise InputProblems(_refusals(wrong, request))
    return the_only(listed, path)


def _find_rule(request: Request, rule_id: str) -> tuple[Standard, Rule]:
    known = load_standards(find_standards(request.rules), request.rules)
    for standard in known:
        rule = standard.rule(rule_id)
        if rule is not None:
            return standard, rule
    near = nearest(rule_id, [rule.id for standard in known for rule in standard.rules], count=3)
    hint = f"相近的有 {'、'.join(near)}" if near else "用 dj-check rules list 查看编号"
    raise UsageProblem(f"没有规则 {shown(rule_id)}", hint)
