"""Two reports held side by side: what was put right, what was not, what is new, and what was not looked at again.

Every old deficiency is in exactly one of `State.FIXED`, `State.PERSISTING` and `State.NOT_RECHECKED`. Fixed means that
the new report judged the same rule, window and subject and found it met; whatever else became of it is not rechecked,
with the reason. A deficiency is the same by rule, window and subject, so that it stays the same when a meeting that was
missing turns out to have been late.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from dangjian_check.engine.recheck import Sight
from dangjian_check.engine.reported import (
    ReportedAssessment,
    ReportedBranch,
    ReportedDeficiency,
    ReportedRun,
    ReportedStandard,
)
from dangjian_check.engine.score_change import ScoreChange, score_change
from dangjian_check.model.calendar import window_label

_NAMED = 6


class State(StrEnum):
    """What became of a deficiency between two reports."""

    REPEATED = "repeated"
    NEW = "new"
    PERSISTING = "persisting"
    NOT_RECHECKED = "not_rechecked"
    FIXED = "fixed"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    State.REPEATED: "屡查屡犯",
    State.NEW: "新增",
    State.PERSISTING: "未整改",
    State.NOT_RECHECKED: "未复查",
    State.FIXED: "已整改",
}
OLD_STATES = (State.FIXED, State.PERSISTING, State.NOT_RECHECKED)
NEW_STATES = (State.NEW, State.REPEATED)


@dataclass(frozen=True, slots=True)
class Case:
    """One subject of one deficiency: of a demand put to every member, each who missed it at either time."""

    subject: str | None
    label: str
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One deficiency of either report, or of both, and what became of it."""

    state: State
    title: str
    old: ReportedDeficiency | None
    new: ReportedDeficiency | None
    cases: tuple[Case, ...]
    reason: str = ""

    @property
    def shown(self) -> ReportedDeficiency:
        """The deficiency as last reported; its fingerprint is the one to go on with."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def by_person(self) -> bool:
        return bool(self.shown.people or (self.old is not None and self.old.people))

    def count(self, *states: State) -> int:
        return sum(case.state in states for case in self.cases)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One branch under one standard in both reports; one of the two may be missing."""

    branch: ReportedBranch
    standard: ReportedStandard
    old: ReportedAssessment | None
    new: ReportedAssessment | None
    findings: tuple[Finding, ...]
    score: ScoreChange | None
    notes: tuple[str, ...] = ()

    def counts(self) -> dict[State, int]:
        found = Counter(f.state for f in self.findings)
        return {state: found[state] for state in State}


@dataclass(frozen=True, slots=True)
class Diff:
    """All that two reports say of each other; ``clashes`` are assessments that cannot be told apart in their report
    (file, what)."""

    comparisons: tuple[Comparison, ...]
    clashes: tuple[tuple[str, str], ...] = ()

    def counts(self) -> dict[State, int]:
        total = dict.fromkeys(State, 0)
        for comparison in self.comparisons:
            for state, count in comparison.counts().items():
                total[state] += count
        return total

    @property
    def compared(self) -> int:
        """How many assessments both reports have."""
        return sum(c.old is not None and c.new is not None for c in self.comparisons)


def diff(old: ReportedRun, new: ReportedRun) -> Diff:
    """Compare two reports, in the order of the old one, then what only the new one has."""
    clashes: list[tuple[str, str]] = []
    before, after = _by_key(old, clashes), _by_key(new, clashes)
    renamed = _renamed(before, after)
    comparisons = []
    for key, assessment in before.items():
        partner = after.pop(renamed.get(key, key), None)
        comparisons.append(_compare(assessment, partner, new))
    comparisons += [_compare(None, assessment, new) for assessment in after.values()]
    return Diff(tuple(comparisons), tuple(clashes))


_Key = tuple[str, str]


def _by_key(run: ReportedRun, clashes: list[tuple[str, str]]) -> dict[_Key, ReportedAssessment]:
    """Assessments by branch id and standard; two of one key cannot be compared, and only the first is."""
    found: dict[_Key, ReportedAssessment] = {}
    for a in run.assessments:
        key = (a.branch.id, a.pack.id)
        if key in found:
            first = found[key].branch
            said = f"编号 {a.branch.id} 按 {a.pack.id} 的核查结论不止一份"
            clashes.append((
                run.file,
                f"{said}，只比了{first.name}（{first.file}），没有比{a.branch.name}（{a.branch.file}）",
            ))
        found.setdefault(key, a)
    return found


def _renamed(before: dict[_Key, ReportedAssessment], after: dict[_Key, ReportedAssessment]) -> dict[_Key, _Key]:
    """Branches whose id changed (it follows the file's name where the record has none), told by their name where it is
    the only one of that name on either side."""

    def named(found: dict[_Key, ReportedAssessment], others: dict[_Key, ReportedAssessment]) -> dict[_Key, _Key]:
        names = Counter((a.branch.name, key[1]) for key, a in found.items())
        lone = {(a.branch.name, key[1]): key for key, a in found.items() if names[a.branch.name, key[1]] == 1}
        return {name: key for name, key in lone.items() if key not in others}

    theirs = named(after, before)
    return {key: theirs[name] for name, key in named(before, after).items() if name in theirs}


def _compare(old: ReportedAssessment | None, new: ReportedAssessment | None, run: ReportedRun) -> Comparison:
    shown = new or old
    assert shown is not None
    sight, earlier = Sight(new, run), Sight(old)
    findings = [*_old_findings(old, new, sight, earlier), *_new_findings(old, new, sight, earlier)]
    order = {state: place for place, state in enumerate(State)}
    return Comparison(
        branch=shown.branch,
        standard=shown.pack,
        old=old,
        new=new,
        findings=tuple(sorted(findings, key=lambda f: order[f.state])),
        score=score_change(old.score if old else None, new.score if new else None),
        notes=tuple(_notes(old, new)),
    )


def _notes(old: ReportedAssessment | None, new: ReportedAssessment | None) -> Iterator[str]:
    if old is None:
        yield "旧报告里没有这个支部按这份标准的结论，问题都记作新增"
    elif new is None:
        yield "新报告里没有这个支部按这份标准的结论，旧问题都没有复查"
    else:
        if new.branch.id != old.branch.id:
            yield f"编号由 {old.branch.id} 变为 {new.branch.id}，按名称对上"
        if old.pack.digest != new.pack.digest:
            yield "两次用的标准不是同一版，结论不同可能是因为要求变了"
        if new.as_of < old.as_of:
            yield "新报告的截至日早于旧报告，请核对先后有没有写反"


_Group = tuple[str, str, str | None]


def _group(d: ReportedDeficiency) -> _Group:
    return d.rule, d.window, d.subject


def _partners(
    old: ReportedAssessment | None, new: ReportedAssessment | None
) -> tuple[list[tuple[ReportedDeficiency, ReportedDeficiency | None]], list[ReportedDeficiency]]:
    """Every old deficiency with the new one of the same rule, window and subject; and the new ones left over. Where
    several are alike (masked names), those of the same fingerprint belong together."""
    waiting: dict[_Group, list[ReportedDeficiency]] = {}
    for d in new.deficiencies if new else ():
        waiting.setdefault(_group(d), []).append(d)
    pairs: list[tuple[ReportedDeficiency, ReportedDeficiency | None]] = []
    for d in old.deficiencies if old else ():
        alike = waiting.get(_group(d), [])
        match = next((n for n in alike if n.fingerprint == d.fingerprint), alike[0] if alike else None)
        if match is not None:
            alike.remove(match)
        pairs.append((d, match))
    left = Counter(id(d) for alike in waiting.values() for d in alike)
    return pairs, [d for d in (new.deficiencies if new else ()) if id(d) in left]


def _old_findings(
    old: ReportedAssessment | None, new: ReportedAssessment | None, sight: Sight, earlier: Sight
) -> Iterator[Finding]:
    for d, partner in _partners(old, new)[0]:
        cases = tuple(_cases(d, partner, sight, earlier))
        if partner is not None:
            state, reason = State.PERSISTING, _changed(d, partner)
        elif all(case.state is State.FIXED for case in cases):
            state, reason = State.FIXED, ""
        else:
            state = State.NOT_RECHECKED
            reason = "；".join(dict.fromkeys(case.reason for case in cases if case.state is state and case.reason))
        yield Finding(state, sight.title(d.rule) or earlier.title(d.rule) or d.rule, d, partner, cases, reason)


def _changed(old: ReportedDeficiency, new: ReportedDeficiency) -> str:
    return "" if old.fingerprint == new.fingerprint or old.people else "情形和上次不同"


def _cases(old: ReportedDeficiency, new: ReportedDeficiency | None, sight: Sight, earlier: Sight) -> Iterator[Case]:
    """Each subject that failed before, then those that fail only now."""
    still = Counter(subject for subject, _ in sight.failing(new)) if new is not None else Counter()
    for subject, label in earlier.failing(old):
        if still[subject]:
            still[subject] -= 1
            yield Case(subject, label, State.PERSISTING)
        else:
            met, reason = sight.look(old, subject)
            yield Case(subject, label, State.FIXED if met else State.NOT_RECHECKED, reason)
    for subject, label in sight.failing(new) if new is not None else ():
        if still[subject]:
            still[subject] -= 1
            yield _fresh(new, subject, label, earlier)


def _fresh(new: ReportedDeficiency | None, subject: str | None, label: str, earlier: Sight) -> Case:
    """A subject that fails now and did not fail in this window before."""
    assert new is not None
    windows = [w for w in earlier.failed_windows(new.rule, subject, new.window) if w != new.window]
    if not windows:
        return Case(subject, label, State.NEW)
    named = "、".join(map(window_label, windows[:_NAMED])) + ("等" if len(windows) > _NAMED else "")
    return Case(subject, label, State.REPEATED, f"上次报告里已有：{named}")


def _new_findings(
    old: ReportedAssessment | None, new: ReportedAssessment | None, sight: Sight, earlier: Sight
) -> Iterable[Finding]:
    for d in _partners(old, new)[1]:
        cases = tuple(_fresh(d, subject, label, earlier) for subject, label in sight.failing(d))
        again = [case for case in cases if case.state is State.REPEATED]
        state = State.REPEATED if again else State.NEW
        waived = any(w.fingerprint == d.fingerprint for w in (old.waived if old else ()))
        reason = again[0].reason if again else "上次准予豁免，这次没有" if waived else ""
        yield Finding(state, sight.title(d.rule) or d.rule, None, d, cases, reason)
