"""A standard made ready for one period and day: what many records have in common is judged once for all of them.

A rule that reads nothing but series which a record does not keep says the same of every such record. A rule of which
all that decides it can be told in few words (`Check.told`) comes to the same in every record of which the same is told.
`outcomes` gives just what `judge` gives, rule by rule.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from dangjian_check.engine.judge import Bound, judge, judge_shown, met, written_down
from dangjian_check.engine.losses import Losses
from dangjian_check.engine.outcomes import Later, Outcomes, RuleOutcome, WindowOutcome, Windows
from dangjian_check.model.calendar import Period, Window
from dangjian_check.model.facts import Facts
from dangjian_check.model.memo import Frame, Memo
from dangjian_check.model.outcome import YES, Outcome
from dangjian_check.model.record import Record
from dangjian_check.rulebook.rule import Rule
from dangjian_check.rulebook.standard import Standard

_ALIKE = 512  # outcomes of one rule that are remembered


class Docket:
    """The rules of one standard before the records of one frame. What these have in common is worked out when the
    second comes: it takes as long as judging one."""

    def __init__(self, standard: Standard) -> None:
        self._rules = standard.rules
        self._ids = [rule.id for rule in standard.rules]
        self._losses = {False: Losses(standard.sheet), True: Losses(standard.superior_sheet)}
        self._met_one = False
        self._common: _Common | None = None

    def outcomes(self, facts: Facts) -> Outcomes:
        """What every rule says of a record of the frame."""
        found = Outcomes(self._outcomes(facts))
        found.by_rule = dict(zip(self._ids, found, strict=True))
        return found

    def _outcomes(self, facts: Facts) -> list[RuleOutcome]:
        if not self._met_one:
            self._met_one = True
            return [judge(rule, facts) for rule in self._rules]
        if self._common is None:
            self._common = _Common(self._rules, facts.frame)
        return self._common.outcomes(facts)

    def losses(self, *, of_organization: bool) -> Losses:
        """What the sheet takes, for a branch or an organization."""
        return self._losses[of_organization]


class _Common:
    """The rules as far as they are judged before any record comes."""

    def __init__(self, rules: Sequence[Rule], frame: Frame) -> None:
        self._rules = rules
        self._known = Memo()
        self._begun = frame.as_of >= frame.period.start  # a rule that is not settled then shows in the record
        record = Record.model_validate({"branch": {"name": "空"}})
        blank = Facts(record, frame.period, frame.as_of, horizon=frame.horizon, frame=frame)
        self._settled: list[RuleOutcome | None] = []
        self._told_by: dict[str, list[int]] = {}
        self._conditional: dict[tuple[str, tuple[Window, ...]], list[int]] = {}
        for position, rule in enumerate(self._rules):
            series = _reads(rule) if self._begun else None
            settled = None if series is None else _settled(rule, blank)
            self._settled.append(settled)
            for name in series or ():
                self._told_by.setdefault(name, []).append(position)
            if settled is not None and rule.applies_when is not None:
                key = (written_down(rule.applies_when, frame), tuple([w.window for w in settled.windows]))
                self._conditional.setdefault(key, []).append(position)
        brief = [self._begun and _has_brief(rule) for rule in self._rules]
        self._briefs = [_Brief(rule, blank) if b else None for rule, b in zip(self._rules, brief, strict=True)]
        self._reach = _reach((w.window for o in self._settled if o for w in o.windows), frame.as_of)

    def outcomes(self, facts: Facts) -> list[RuleOutcome]:
        """What every rule says of a record."""
        if not self._ordinary(facts):
            return [judge(rule, facts) for rule in self._rules]
        found = self._settled.copy()
        for series, positions in self._told_by.items():
            if facts.coverage.keeps(series):
                for position in positions:
                    found[position] = None
        for (written, spans), positions in self._conditional.items():
            self._condition(found, positions, written, spans, facts)
        return [settled or self._judge(position, facts) for position, settled in enumerate(found)]

    def _judge(self, position: int, facts: Facts) -> RuleOutcome:
        brief = self._briefs[position]
        judged = brief.outcome(facts) if brief is not None else None
        return judged or (judge_shown if self._begun else judge)(self._rules[position], facts)

    def _condition(
        self, found: list[RuleOutcome | None], positions: list[int], written: str, spans: Sequence[Period], facts: Facts
    ) -> None:
        """Put what rules of one condition, that read nothing else of the record, say where it does not hold."""
        condition = self._rules[positions[0]].applies_when
        assert condition is not None
        truths = tuple([met(condition, written, facts, span) for span in spans])
        if all(truth.value for truth in truths):
            return
        for position in positions:
            rule = self._rules[position]
            if found[position] is None:
                continue
            if rule.for_each is None:
                found[position] = self._known.once(rule, truths, partial(judge, rule, facts))
            else:
                found[position] = judge(rule, facts)

    def _ordinary(self, facts: Facts) -> bool:
        """Whether the record is a branch's that was there all the time, with nothing that bends windows or claims."""
        record = facts.record
        plain = record.organization is None and record.calendar is None
        return (
            plain
            and not any(claim.types for claim in record.coverage or ())
            and facts.branch_existed(self._reach).value is True
        )


class _Brief:
    """What a rule says where it binds throughout, by what is told of a record in few words."""

    def __init__(self, rule: Rule, blank: Facts) -> None:
        self._rule = rule
        self._bound = Bound(rule, blank, rule.check.windows(blank))
        self._known: dict[Hashable, tuple[Windows, RuleOutcome | None]] = {}

    def outcome(self, facts: Facts) -> RuleOutcome | None:
        """What the rule says of a record; None if that cannot be told in few words."""
        bound = self._bound
        if not bound.stands or facts.branch_existed(bound.reach) is not YES or not self._met(facts):
            return None
        try:
            told = self._rule.check.told(facts)
        except Exception:
            return None  # judged by itself it says what broke
        if told is None:
            return None
        known = self._known.get(told)
        if known is None:
            return self._learn(told, facts)
        windows, shared = known
        return shared or RuleOutcome(self._rule, Later(windows, lambda: judge(self._rule, facts).windows))

    def _met(self, facts: Facts) -> bool:
        """Whether the condition of the rule holds throughout."""
        condition = self._rule.applies_when
        if condition is None:
            return True
        bound = self._bound
        known = partial(met, condition, bound.written, facts)
        return facts.known.once(bound.windows, bound.written, lambda: all(known(span).value for span in bound.spans))

    def _learn(self, told: Hashable, facts: Facts) -> RuleOutcome:
        """Judge a record and remember what it came to: all of it, unless entries that were found are to be shown."""
        judged = judge(self._rule, facts)
        if judged.outcome is not Outcome.ERROR:
            if len(self._known) >= _ALIKE:
                self._known.clear()
            shown = self._rule.check.names_entries
            own = any(w.verdict.counted and (shown or w.outcome is not Outcome.PASS) for w in judged.windows)
            windows = Windows(map(_unfounded, judged.windows))
            self._known[told] = windows, None if own else RuleOutcome(self._rule, windows)
        return judged


def _unfounded(window: WindowOutcome) -> WindowOutcome:
    """Without the entries of the one record it was judged by."""
    return window._replace(verdict=window.verdict._replace(counted=()))


def docket(standard: Standard, facts: Facts) -> Docket:
    """The docket of a standard for the frame of these facts, made when it is first needed."""
    return facts.frame.once(standard, "docket", lambda: Docket(standard))


def _has_brief(rule: Rule) -> bool:
    """Whether what decides a rule may be told in few words."""
    return rule.for_each is None and rule.shown_in == "branch" and rule.check.binds_alike


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


def _reach(spans: Iterable[Period], as_of: date) -> Period:
    """The days from the first of these to the last, the audit day among them."""
    listed = list(spans)
    first, last = min((s.start for s in listed), default=as_of), max((s.end for s in listed), default=as_of)
    return Period(min(first, as_of), max(last, as_of))
