"""Comparing any two reports is exact: nothing old is lost, nothing is called put right that was not judged and met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dangjian_check.engine.assess import Span
from dangjian_check.engine.diff import NEW_STATES, OLD_STATES, Diff, Finding, State, diff
from dangjian_check.engine.reported import ReportedRun
from dangjian_check.model.outcome import Outcome
from rereading import audited, reread
from strategies import Data, records, reordered, spans

few = settings(max_examples=settings.default.max_examples * 2 // 5)
Key = tuple[str, str, str | None]


def failures(run: ReportedRun) -> Counter[str]:
    """The fingerprints of all deficiencies."""
    return Counter(d.fingerprint for a in run.assessments for d in a.deficiencies)


def findings(found: Diff, states: Iterable[State]) -> list[Finding]:
    """All findings of these states."""
    return [f for c in found.comparisons for f in c.findings if f.state in tuple(states)]


def prints(listed: Iterable[Finding], side: str) -> Counter[str]:
    """The fingerprints of findings as the old or new report has them."""
    return Counter(d.fingerprint for f in listed if (d := getattr(f, side)) is not None)


def judged(run: ReportedRun) -> dict[Key, set[Outcome]]:
    """An oracle: what the report says of every rule, window and subject."""
    said: dict[Key, set[Outcome]] = {}
    for a in run.assessments:
        for outcome in a.outcomes:
            for w in outcome.windows:
                said.setdefault((outcome.rule, w.window, w.subject), set()).add(w.outcome)
    return said


def run_of(record: Data, span: Any) -> ReportedRun:
    """The report on one record."""
    return reread(audited(record, Span(*span)))


class Pair(tuple[ReportedRun, ReportedRun]):
    """Two reports, shown by the fewest words when an example fails."""

    __slots__ = ()

    def __repr__(self) -> str:
        return " | ".join(f"{a.period} {a.as_of}: {sorted(failures(run))}" for run in self for a in run.assessments)


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """Two reports on one branch: of two records, or of one record with entries taken away or added, over the same
    period or another."""
    old = draw(records())
    new = draw(records() | st.just(old)) if draw(st.booleans()) else thinned(draw, old)
    first = draw(spans(within=True))
    second = first if draw(st.booleans()) else draw(spans(within=True))
    found = run_of(old, first), run_of(new, second)
    return Pair(found if draw(st.booleans()) else (found[1], found[0]))


def thinned(draw: st.DrawFn, record: Data) -> Data:
    """The record without some of its activities."""
    log = record.get("activities") or []
    kept = [entry for entry in log if draw(st.booleans())]
    return record | ({"activities": kept} if "activities" in record else {})


@st.composite
def cut(draw: st.DrawFn, run: ReportedRun) -> ReportedRun:
    """The report with some rules, windows and deficiencies left out, as another standard or version might."""
    [a] = run.assessments
    outcomes = tuple(
        replace(o, windows=tuple(w for w in o.windows if draw(_mostly))) for o in a.outcomes if draw(_mostly)
    )
    kept = tuple(d for d in a.deficiencies if draw(_mostly))
    return replace(run, assessments=(replace(a, outcomes=outcomes, deficiencies=kept),))


_mostly = st.integers(0, 4).map(bool)


def exact(old: ReportedRun, new: ReportedRun) -> None:
    """Every old deficiency in one of three states, every new one persisting, new or repeated."""
    found = diff(old, new)
    assert failures(old) == prints(findings(found, OLD_STATES), "old")
    assert failures(new) == prints(findings(found, [*NEW_STATES, State.PERSISTING]), "new")
    assert sum(failures(old).values()) == sum(found.counts()[state] for state in OLD_STATES)


@few
@given(pairs())
def test_fixed_persisting_and_not_rechecked_are_all_old_failures(pair: Pair) -> None:
    """Each exactly once; and persisting, new and repeated are all new ones."""
    exact(*pair)


@few
@given(st.data())
def test_it_stays_exact_when_outcomes_are_missing(data: st.DataObject) -> None:
    """Whatever rules, windows or deficiencies a report lacks."""
    old, new = data.draw(pairs())
    exact(data.draw(cut(old)), data.draw(cut(new)))


@few
@given(st.data())
def test_fixed_means_judged_now_and_met(data: st.DataObject) -> None:
    """For every subject of a deficiency called fixed the new report holds a pass and nothing else."""
    old, new = data.draw(pairs())
    new = data.draw(st.just(new) | cut(new))
    said = judged(new)
    for f in findings(diff(old, new), [State.FIXED]):
        assert f.old is not None
        for case in f.cases:
            assert {Outcome.PASS} == said[f.old.rule, f.old.window, case.subject]


@few
@given(pairs())
def test_nothing_judged_and_met_is_called_not_rechecked(pair: Pair) -> None:
    """And what is not rechecked says why, case by case."""
    old, new = pair
    said = judged(new)
    for f in findings(diff(old, new), [State.NOT_RECHECKED]):
        assert f.old is not None
        assert f.reason
        open_cases = [case for case in f.cases if case.state is State.NOT_RECHECKED]
        assert open_cases
        for case in open_cases:
            assert {Outcome.PASS} != said.get((f.old.rule, f.old.window, case.subject))
            assert case.reason


@few
@given(pairs())
def test_a_report_against_itself_only_persists(pair: Pair) -> None:
    """Nothing moved, so nothing is fixed or new, and no score moved."""
    run = pair[0]
    found = diff(run, run)

    assert failures(run) == prints(findings(found, [State.PERSISTING]), "new")
    assert [] == findings(found, set(State) - {State.PERSISTING})
    assert all(c.score is None or not c.score.total.moved for c in found.comparisons)


@few
@given(pairs())
def test_what_is_new_one_way_is_no_longer_there_the_other_way(pair: Pair) -> None:
    """Swapping the reports turns new into fixed or not rechecked, and leaves what persists."""
    old, new = pair
    there, back = diff(old, new), diff(new, old)

    assert prints(findings(there, NEW_STATES), "new") == prints(
        findings(back, [State.FIXED, State.NOT_RECHECKED]), "old"
    )
    assert prints(findings(there, [State.PERSISTING]), "new") == prints(findings(back, [State.PERSISTING]), "old")


@few
@given(pairs())
def test_repeated_failed_before_in_another_window(pair: Pair) -> None:
    """New never did: for the same rule there is no old failure of the same subject."""
    old, new = pair
    failed = {(d.rule, d.window) for a in old.assessments for d in a.deficiencies}
    for f in findings(diff(old, new), NEW_STATES):
        others = {window for rule, window in failed if rule == f.shown.rule} - {f.shown.window}
        assert f.state is State.NEW or others
        if f.state is State.NEW and f.shown.subject is None and not f.shown.people:
            assert not others


@few
@given(pairs())
def test_score_moves_are_certain_only_where_intervals_part(pair: Pair) -> None:
    """Up and down mean that no reading of what is open could make it otherwise; swapped, up is down."""
    opposite = {"up": "down", "down": "up"}
    there, back = diff(*pair).comparisons[0].score, diff(pair[1], pair[0]).comparisons[0].score
    assert (there is None) is (back is None)
    if there is None or back is None:
        return
    others = {item.id: item for item in back.items}
    for move in there.items:
        other = others[move.id]
        if move.old is not None and move.new is not None:
            assert (move.direction == "up") is (move.new[0] > move.old[1])
        assert opposite.get(move.direction, move.direction) == other.direction


@few
@given(st.data())
def test_reordering_a_record_changes_nothing(data: st.DataObject) -> None:
    """A record whose entries were moved about shows the same deficiencies: all persist."""
    record, span = data.draw(records()), data.draw(spans(within=True))
    old, new = run_of(record, span), run_of(data.draw(reordered(record)), span)

    assert failures(old) == prints(findings(diff(old, new), [State.PERSISTING]), "old")


@few
@given(records(), spans(within=True))
def test_both_forms_of_a_report_say_the_same(record: Data, span: Any) -> None:
    """JSON and JSON Lines are read back alike, and agree with what was written."""
    made = audited(record, Span(*span))
    document, lines = reread(made), reread(made, form="jsonl")

    assert document.assessments == lines.assessments
    [back] = document.assessments
    assert [d.fingerprint for d in made.deficiencies] == [d.fingerprint for d in back.deficiencies]
    assert sum(o.has_open for o in made.own()) == back.waiting
    assert made.judged is back.judged


@few
@given(pairs())
def test_people_are_followed_one_by_one(pair: Pair) -> None:
    """The cases of a deficiency are exactly those who missed it before and those who miss it now."""
    for f in findings(diff(*pair), State):
        before = Counter(f.old.people if f.old else ())
        after = Counter(f.new.people if f.new else ())
        if before or after:
            assert before == Counter(c.label for c in f.cases if c.state in OLD_STATES)
            assert after == Counter(c.label for c in f.cases if c.state in (*NEW_STATES, State.PERSISTING))
