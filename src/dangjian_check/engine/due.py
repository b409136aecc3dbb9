"""What is still owed, by when and by whom: derived from the same windows and verdicts as an audit.

A window that is open, or a state of things, gives what it lacks and the last day on which that is in time. What has
lapsed for good (a past month's meeting) is owed no more: it must not be made up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from dangjian_check.checks.base import Deadline
from dangjian_check.engine.assessment import BranchRef, Due
from dangjian_check.engine.docket import docket
from dangjian_check.engine.fingerprints import duty_key
from dangjian_check.engine.judge import binding
from dangjian_check.engine.outcomes import RuleOutcome, WindowOutcome
from dangjian_check.errors import Problem
from dangjian_check.model.calendar import STATE, Period, year_of
from dangjian_check.model.facts import Facts
from dangjian_check.model.memo import Frame
from dangjian_check.model.outcome import Outcome
from dangjian_check.rulebook.rule import SEVERITIES
from dangjian_check.rulebook.standard import Standard

ASSESSED = "assessed"
_OWED = frozenset({Outcome.FAIL, Outcome.PENDING, Outcome.MANUAL, Outcome.UNKNOWN})  # of no other is anything owed


class Agenda(NamedTuple):
    """What one branch owes under one standard from ``as_of`` to ``until``. ``later`` counts the duties of windows
    begun by then that are due only after it; ``judged`` says whether any rule binds at all."""

    branch: BranchRef
    standard: Standard
    as_of: date
    until: date
    dues: tuple[Due, ...]
    later: int
    judged: bool


class DueReport(NamedTuple):
    """Everything one run of ``due`` found: what its formats are given."""

    agendas: tuple[Agenda, ...]
    problems: tuple[Problem, ...]
    as_of: date
    until: date

    @property
    def overdue(self) -> bool:
        return any(due.overdue for agenda in self.agendas for due in agenda.dues)


def ahead(as_of: date, until: date) -> Frame:
    """What looking from a day to a horizon has in common, whatever the record."""
    return Frame(Period(year_of(as_of).start, until), as_of, until)


def agenda(standard: Standard, facts: Facts, branch: BranchRef) -> Agenda:
    """Judge every rule with the look `ahead`; list what is overdue, or due (or to be prepared) by the horizon."""
    until = facts.horizon or facts.as_of
    outcomes = docket(standard, facts).outcomes(facts)
    found = dues(outcomes, facts, branch.id, standard.id)
    listed = tuple(due for due in found if due.overdue or due.from_day <= until)
    judged = any(o.outcome is not Outcome.NOT_APPLICABLE for o in _own(outcomes, facts))
    return Agenda(branch, standard, facts.as_of, until, listed, len(found) - len(listed), judged)


def dues(outcomes: Iterable[RuleOutcome], facts: Facts, branch: str, standard: str) -> tuple[Due, ...]:
    """Everything still owed in the windows judged: what is overdue first, then soonest first."""
    owing = [o for o in outcomes if not _OWED.isdisjoint(o.tally) and not o.rule.check.owing.isdisjoint(o.tally)]
    found = [due for outcome in _own(owing, facts) for due in _of_rule(outcome, facts, branch, standard)]
    return tuple(sorted(found, key=_urgency))


def _own(outcomes: Iterable[RuleOutcome], facts: Facts) -> Iterator[RuleOutcome]:
    """The duties of the body whose record it is."""
    organization = facts.record.organization is not None
    return (o for o in outcomes if o.rule.by_superior is organization and o.rule.strength != "may")


def _urgency(due: Due) -> tuple[object, ...]:
    return (not due.overdue, due.standing, due.day, SEVERITIES.index(due.rule.severity), due.rule.id, due.window)


def deadline(outcome: RuleOutcome, window: WindowOutcome, facts: Facts) -> Deadline | None:
    """By when what a window lacks can be made good. What an assessor found wanting is not for the record to mend."""
    if window.verdict.defect == ASSESSED and window.outcome is Outcome.FAIL:
        return None
    return outcome.rule.check.due(facts, window.window, window.subject, window.verdict)


def _of_rule(outcome: RuleOutcome, facts: Facts, branch: str, standard: str) -> Iterator[Due]:
    """The members who owe the same in one calendar window are one duty, as they are one deficiency."""
    together: dict[tuple[str, str], list[tuple[WindowOutcome, Deadline]]] = {}
    for window in _certain(outcome, facts):
        found = deadline(outcome, window, facts) if window.verdict.outcome in outcome.rule.check.owing else None
        if found is None:
            continue
        merged = window.subject is None or (window.subject.kind == "member" and window.window.name != STATE)
        who = "" if merged or window.subject is None else window.subject.key
        together.setdefault((window.window.name, who), []).append((window, found))
    for (name, who), group in together.items():
        key = duty_key(branch, standard, outcome.rule.id, name, who)
        yield _due(outcome, group, facts, key, standard)


def _certain(outcome: RuleOutcome, facts: Facts) -> Iterator[WindowOutcome]:
    """The windows that the demand is known to bind: a window still open is pending though that is not known."""
    windows = outcome.windows
    if outcome.rule.applies_when is None:
        return iter(windows)
    bound = binding(outcome.rule, facts, [window.window for window in windows])
    return (window for window, binds in zip(windows, bound, strict=True) if binds.value)


def _due(
    outcome: RuleOutcome, group: list[tuple[WindowOutcome, Deadline]], facts: Facts, key: str, standard: str
) -> Due:
    (window, found), rule = group[0], outcome.rule
    one = len(group) == 1
    people = tuple(w.subject.label for w, _ in group if w.subject and w.subject.kind == "member")
    return Due(
        key=key,
        rule=rule,
        standard=standard,
        window=window.window.name,
        subject=window.subject if one else None,
        people=people,
        day=found.day,
        overdue=found.standing or found.day < facts.as_of,
        message=window.verdict.message if one else f"{'、'.join(people)}还没有做到“{rule.title}”",
        missing=found.missing,
        notice=found.notice,
        standing=found.standing,
    )
