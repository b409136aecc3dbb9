"""A standard made ready for one period and day: what does not depend on the record is judged once for all records.

A rule that reads nothing but series which a record does not keep says the same of every such record. `outcomes` gives
just what `judge` gives, rule by rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from dangjian_check.engine.judge import judge, met
from dangjian_check.engine.losses import Losses
from dangjian_check.engine.outcomes import RuleOutcome
from dangjian_check.model.calendar import Period
from dangjian_check.model.facts import Facts
from dangjian_check.model.memo import Frame, Memo
from dangjian_check.model.record import Branch, Record
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard


class Docket:
    """The rules of one standard as far as they are judged before any record comes."""

    def __init__(self, standard: Standard, frame: Frame) -> None:
        self._rules = standard.rules
        self._known = Memo()
        self._losses = {False: Losses(standard.sheet), True: Losses(standard.superior_sheet)}
        blank = Facts(Record(branch=Branch(name="空")), frame.period, frame.as_of, horizon=frame.horizon, frame=frame)
        self._settled: list[RuleOutcome | None] = []
        self._told_by: dict[str, list[int]] = {}
        self._conditional: list[int] = []
        for position, rule in enumerate(self._rules):
            series = None if frame.as_of < frame.period.start else _reads(rule)
            self._settled.append(None if series is None else _settled(rule, blank))
            for name in series or ():
                self._told_by.setdefault(name, []).append(position)
            if series is not None and rule.applies_when is not None:
                self._conditional.append(position)
        self._reach = _reach(filter(None, self._settled), frame.as_of)

    def outcomes(self, facts: Facts) -> list[RuleOutcome]:
        """What every rule says of a record, in the order of the standard."""
        if not self._ordinary(facts):
            return [judge(rule, facts) for rule in self._rules]
        found = self._settled.copy()
        for series, positions in self._told_by.items():
            if facts.coverage.keeps(series):
                for position in positions:
                    found[position] = None
        for position in self._conditional:
            settled = found[position]
            if settled is not None:
                found[position] = self._under_condition(settled, facts)
        return [settled or judge(rule, facts) for rule, settled in zip(self._rules, found, strict=True)]

    def _under_condition(self, settled: RuleOutcome, facts: Facts) -> RuleOutcome:
        """What a rule that reads nothing of the record says where its condition holds, or why it does not."""
        rule = settled.rule
        truths = tuple(met(rule, facts, w.window) for w in settled.windows)
        if all(truth.value for truth in truths):
            return settled
        if rule.for_each is not None:
            return judge(rule, facts)
        return self._known.once(rule, truths, lambda: judge(rule, facts))

    def losses(self, *, of_organization: bool) -> Losses:
        """What the sheet takes, for a branch or an organization."""
        return self._losses[of_organization]

    def _ordinary(self, facts: Facts) -> bool:
        """Whether the record is a branch's that was there all the time, with nothing that bends windows or claims."""
        record = facts.record
        plain = record.organization is None and record.calendar is None
        return (
            plain
            and not any(claim.types for claim in record.coverage or ())
            and facts.branch_existed(self._reach).value is True
        )


def docket(standard: Standard, facts: Facts) -> Docket:
    """The docket of a standard for the frame of these facts, made when it is first needed."""
    return facts.frame.once(standard, "docket", lambda: Docket(standard, facts.frame))


def _reads(rule: Rule) -> frozenset[str] | None:
    """The series that decide the rule in a branch's record, if nothing else there does and none is always kept."""
    if rule.shown_in != "branch":
        return frozenset()
    if rule.for_each is None:
        series = rule.check.reads()
    elif rule.for_each.select is not None:
        series = frozenset({rule.for_each.select.series})
    else:
        series = None
    return None if series is None or "activities" in series else series


def _settled(rule: Rule, blank: Facts) -> RuleOutcome:
    """What the rule says, where it binds, of a record that keeps none of its series."""
    unconditional = rule.model_copy(update={"applies_when": None})
    return replace(judge(unconditional, blank), rule=rule)


def _reach(outcomes: Iterable[RuleOutcome], as_of: date) -> Period:
    """The days on which a branch must have existed for all of these to bind."""
    windows = [w.window for outcome in outcomes for w in outcome.windows]
    first = min((w.start for w in windows), default=as_of)
    return Period(min(first, as_of), max((w.end for w in windows), default=as_of))
