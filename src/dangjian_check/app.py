"""The use case: a `Request` becomes a `Report`. The only room between the shell and everything else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import filterfalse
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

from dangjian_check.engine.assess import Span, assess, audit_span
from dangjian_check.engine.assessment import Assessment, BranchRef, Doubt, LogEntry, RecordView, Report, Trace
from dangjian_check.engine.baseline import mark, stale, standing
from dangjian_check.engine.compare import Comparison, compare
from dangjian_check.engine.doubts import KINDS, signals
from dangjian_check.engine.due import Agenda, DueReport, agenda
from dangjian_check.engine.lint import remarks, unscored
from dangjian_check.engine.privacy import Veil
from dangjian_check.engine.proof import Gap, Survivor, TestRun, coverage_gap, run_test, survivors
from dangjian_check.engine.trace import trace
from dangjian_check.engine.witness import witness
from dangjian_check.errors import DjCheckError, InputProblems, Location, Problem, UsageProblem
from dangjian_check.loading import INPUTS
from dangjian_check.loading.baseline import load_baseline
from dangjian_check.loading.files import (
    MANIFEST,
    enclosing_standard,
    expand,
    files_that,
    is_waivers,
    is_year,
    shown_path,
    standard_folders,
)
from dangjian_check.loading.private import is_private
from dangjian_check.loading.records import LoadedRecord, Refused, load_records, the_only
from dangjian_check.loading.standards import find_standards, load_standard, load_standards
from dangjian_check.loading.waivers import holds_waivers, load_waivers
from dangjian_check.loading.wording import at
from dangjian_check.loading.workdays import load_workdays, load_year
from dangjian_check.model.calendar import Period
from dangjian_check.model.facts import Facts
from dangjian_check.model.fields import shown
from dangjian_check.model.vocabulary import nearest
from dangjian_check.model.workdays import WorkDays
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard
from dangjian_check.waiving import RunWaivers

T = TypeVar("T")
DEFAULT_STANDARDS = ("national",)


@dataclass(frozen=True, slots=True)
class Request:
    """One run, complete: nothing below reads flags or the clock. ``today`` is the clock, read once. ``traced`` asks
    for what each failed rule rests on, ``mask`` for what is to be hidden (`dangjian_check.engine.privacy.MASKS`);
    ``doubts`` are the kinds wanted, None all of them; ``waivers`` are files that hold for every record beside those
    found with the records, None for no waiver at all; ``baseline`` is the file of what is known."""

    paths: tuple[Path, ...]
    today: date
    standards: tuple[str, ...] = ()
    rules: tuple[Path, ...] = ()
    period: Period | None = None
    as_of: date | None = None
    with_superior: bool = False
    traced: bool = False
    mask: frozenset[str] = frozenset()
    doubts: frozenset[str] | None = None
    waivers: tuple[Path, ...] | None = ()
    baseline: Path | None = None


def record_files(paths: Iterable[Path]) -> list[Path]:
    """The record files behind the paths asked for."""
    return list(expand(paths, INPUTS))


def run(request: Request) -> Report:
    """Audit every record; a file that cannot be used becomes problems and the others are still judged.

    Raises `UsageProblem` for an unknown standard asked for, `StandardProblems` for one that is broken,
    `InputProblems` for a file of waivers asked for, or a baseline, that cannot be used.
    """
    waivers = RunWaivers(request.waivers or (), request.paths, beside=request.waivers is not None)
    if request.baseline is None:
        return _run(request, waivers)
    known = load_baseline(request.baseline)
    report = mark(_run(request, waivers), known)
    gone = stale(shown_path(request.baseline), standing(report, known))
    return replace(report, notes=(*report.notes, *gone))


def unused_waivers(request: Request) -> tuple[list[tuple[str, int]], tuple[Problem, ...]]:
    """File and position of the waivers asked for that meet nothing in a run, and what was wrong with that run."""
    waivers = RunWaivers(request.waivers or (), request.paths, beside=False)
    report = _run(request, waivers)
    return waivers.unused(), report.problems


def _run(request: Request, waivers: RunWaivers) -> Report:
    shelf = _Shelf(request)
    shelf.load(request.standards)
    workdays = load_workdays(request.rules)
    assessments: list[Assessment] = []
    problems: list[Problem] = []
    records: list[RecordView] = []
    paths = filterfalse(waivers.asked_for, record_files(request.paths))
    for path, loaded, veil, standards in _wanted(paths, request, shelf, problems):
        records.append(veil(_view(request, loaded, workdays)))
        for standard in standards:
            assessment, found = _assess(request, loaded, standard, workdays)
            assessments.append(veil(waivers.lay(assessment, path)))
            problems += veil(found)
    problems += [*waivers.problems, *waivers.unfit(shelf.used(), request.rules)]
    return Report(
        assessments=tuple(assessments),
        problems=tuple(sorted(dict.fromkeys(problems))),
        standards=tuple(shelf.used()),
        as_of=request.as_of or _common(a.as_of for a in assessments),
        period=request.period or _common(a.period for a in assessments),
        records=tuple(records),
        notes=tuple(waivers.notes(shelf.used())),
    )


def due(request: Request, until: date) -> DueReport:
    """What every record owes from the day asked for (else today) up to ``until``, by the same rules as `run`."""
    shelf = _Shelf(request)
    shelf.load(request.standards)
    as_of, workdays = request.as_of or request.today, load_workdays(request.rules)
    agendas: list[Agenda] = []
    problems: list[Problem] = []
    for _, loaded, veil, standards in _wanted(record_files(request.paths), request, shelf, problems):
        agendas += [veil(agenda(s, loaded.record, _branch(loaded), as_of, until, workdays)) for s in standards]
    return DueReport(tuple(agendas), tuple(sorted(dict.fromkeys(problems))), as_of, until)


def _wanted(
    paths: Iterable[Path], request: Request, shelf: _Shelf, problems: list[Problem]
) -> Iterator[tuple[Path, LoadedRecord, Veil, list[Standard]]]:
    """Every record that can be used, with its file, what veils it and the standards that judge it; what is wrong with
    the others, and with the standards named, goes to ``problems``."""
    for path in paths:
        listed, wrong = load_records(path)
        problems += _refusals(wrong, request)
        for loaded in listed:
            veil = _veil(loaded, request)
            standards, refused = shelf.wanted(loaded)
            problems += veil(refused)
            yield path, loaded, veil, standards


def _veil(loaded: LoadedRecord, request: Request) -> Veil:
    return Veil(loaded.tree.data, request.mask, numbers=any(map(is_private, loaded.tree.notes)))


def _refusals(wrong: Iterable[Refused], request: Request) -> list[Problem]:
    """What is said of records that cannot be used, with nothing in it that must not be shown."""
    return [problem for refused in wrong for problem in Veil(refused.data, request.mask).problems(refused.problems)]


def _view(request: Request, loaded: LoadedRecord, workdays: WorkDays) -> RecordView:
    span, place = span_for(request, loaded), loaded.tree.place
    log = [
        LogEntry(a.date, tuple(a.type), a.topic, a.status == "已召开", place(("activities", index)))
        for index, a in enumerate(loaded.record.activities or ())
    ]
    wanted = KINDS if request.doubts is None else request.doubts
    found = signals(Facts(loaded.record, span.period, span.as_of, workdays), wanted)
    doubts = [Doubt(s.kind, s.message, KINDS[s.kind].reason, tuple(map(place, s.paths))) for s in found]
    return RecordView(_branch(loaded), tuple(sorted(log, key=attrgetter("day"))), loaded.tree.notes, tuple(doubts))


def _branch(loaded: LoadedRecord) -> BranchRef:
    body = loaded.record.body
    return BranchRef(loaded.id, body.name, loaded.tree.file, body.parent, body.type)


def span_for(request: Request, loaded: LoadedRecord) -> Span:
    """The period and day by which one record is judged."""
    return audit_span(loaded.record, request.period, request.as_of, request.today)


def _assess(
    request: Request, loaded: LoadedRecord, standard: Standard, workdays: WorkDays
) -> tuple[Assessment, list[Problem]]:
    span = span_for(request, loaded)
    assessment, misfits = assess(
        standard, loaded.record, _branch(loaded), span, with_superior=request.with_superior, workdays=workdays
    )
    traces: dict[str, Trace] = {}
    if request.traced:
        facts = Facts(loaded.record, span.period, span.as_of, workdays)
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

    def load(self, ids: Iterable[str]) -> list[Standard]:
        missing = [name for name in ids if name not in self._loaded]
        for standard in load_standards(missing, self._request.rules):
            self._loaded[standard.id] = standard
        return [self._loaded[name] for name in dict.fromkeys(ids)]

    def wanted(self, loaded: LoadedRecord) -> tuple[list[Standard], list[Problem]]:
        """The standards asked for, else those the record names, else the national ones; and why some of those the
        record names cannot be used."""
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
        self._used.update({standard.id: standard for standard in found})
        return found, problems

    def used(self) -> list[Standard]:
        asked = {standard: self._loaded[standard] for standard in self._request.standards}
        return list((asked | self._used).values())


def _common(values: Iterable[T]) -> T | None:
    found = set(values)
    return found.pop() if len(found) == 1 else None


def validate(paths: Iterable[Path]) -> tuple[list[str], list[Problem]]:
    """Check the form of every record, standard, waiver file and year of holidays below the paths: what was read, and
    all that is wrong."""
    listed = list(dict.fromkeys(enclosing_standard(path) or path for path in paths))
    waivers = [*files_that(is_waivers, listed), *(p for p in listed if p.is_file() and holds_waivers(p))]
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


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule, the standard it stands in and, with a record, the trace of judging it."""

    rule: Rule
    standard: Standard
    trace: Trace | None = None
    file: str = ""
    place: Callable[[tuple[str | int, ...]], Location] | None = None


def explain(request: Request, rule_id: str) -> Explanation:
    """Explain a rule; with a path in the request, on that record.

    Raises `UsageProblem` for an unknown rule and `InputProblems` for a record that cannot be used.
    """
    standard, rule = _find_rule(request, rule_id)
    if not request.paths:
        return Explanation(rule, standard)
    loaded = _load(request.paths[0], request)
    span = span_for(request, loaded)
    facts = Facts(loaded.record, span.period, span.as_of, load_workdays(request.rules))
    veil = _veil(loaded, request)
    found = veil(trace(rule, facts))
    return Explanation(rule, standard, found, veil(loaded.tree.file), lambda path: veil(loaded.tree.place(path)))


def _load(path: Path, request: Request) -> LoadedRecord:
    listed, wrong = load_records(path)
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


def standards(ids: Iterable[str], rules: Iterable[Path]) -> list[Standard]:
    """The standards of these ids, else the customer's own if folders are given, else the built-in."""
    folders, asked = list(rules), list(ids)
    if not asked:
        builtin = find_standards()
        asked = [name for name in find_standards(folders) if name not in builtin] if folders else list(builtin)
    return load_standards(asked, folders)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a rule's own tests showed."""

    rule: Rule
    runs: tuple[TestRun, ...]
    gap: Gap | None
    survivors: tuple[Survivor, ...]
    mutants: int


def prove(standard: Standard, only: Iterable[str] | None, *, mutate: bool) -> Iterator[Proof]:
    """Run the tests of a standard's rules (or of those named)."""
    wanted, workdays = set(only or ()), load_workdays()
    for rule in standard.rules:
        if wanted and rule.id not in wanted:
            continue
        runs = [run_test(rule, test, workdays=workdays) for test in rule.tests]
        sound = mutate and all(run.passed for run in runs)
        moved = survivors(rule, workdays) if sound else ((), 0)
        yield Proof(rule, tuple(runs), coverage_gap(rule, runs), tuple(moved[0]), moved[1])


def lint(folders: Iterable[Path]) -> tuple[int, list[Problem], list[str]]:
    """Everything wrong with the standards in these folders (the built-in ones if none): rules read, problems, and
    what they loosen."""
    places = list(folders)
    found = standard_folders(places) if places else list(find_standards().values())
    if not found:
        raise UsageProblem("没有找到标准", f"给出含有 {MANIFEST} 的文件夹")
    count = 0
    problems: list[Problem] = []
    notes: list[str] = []
    for folder in found:
        try:
            standard = load_standard(folder)
        except DjCheckError as error:
            problems.extend(error.problems)
            continue
        count += len(standard.rules)
        notes += unscored(standard)
        notes += [f"{standard.id} 放宽了 {rule}，依据：{source}" for rule, source in standard.loosened]
        for remark in remarks(standard):
            file, line = standard.places[remark.rule]
            problems.append(Problem(file, line, 1, f"{remark.rule}：{remark.message}", remark.remedy))
    return count, sorted(problems), notes


def compare_standards(first: str, second: str, rules: Iterable[Path], as_of: date) -> Comparison:
    """Two standards side by side. Raises `UsageProblem` for an unknown one."""
    a, b = (load_standards([name], rules)[0] for name in (first, second))
    return compare(a, b, as_of)


def witnesses(found: Comparison) -> Iterator[tuple[str, str, dict[str, object]]]:
    """File name, heading and record for every duty in which a regular year tells the two standards apart."""
    for row in found.rows:
        if row.first is None or row.second is None:
            continue
        for keeps, breaks in ((row.first, row.second), (row.second, row.first)):
            record = witness(keeps, breaks)
            if record is not None:
                heading = f"合 {keeps.id}（{keeps.title}），不合 {breaks.id}（{breaks.title}）"
                yield f"{keeps.id}--{breaks.id}", heading, record
