"""One rule against one record: which windows it binds, and what is found in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dangjian_check.checks.applies import Applies
from dangjian_check.checks.base import ANYONE, Subject, Verdict, nameless, state_window
from dangjian_check.checks.for_each import Everybody, ForEach
from dangjian_check.checks.select import OfMembers, Selection
from dangjian_check.engine.outcomes import Alike, RuleOutcome, WindowOutcome, Windows
from dangjian_check.model.calendar import Period, Window
from dangjian_check.model.facts import Facts
from dangjian_check.model.memo import Frame
from dangjian_check.model.outcome import YES, Outcome, Truth, all_of
from dangjian_check.rulebook.rule import Rule

_SUPERIOR = "上级党组织的职责，支部记录里核不了，须查上级记录"
_BRANCH = "在支部自己的记录里核，不在上级的记录里核"
_NO_MATTER = (Outcome.NOT_APPLICABLE, "核查期间内没有需要核的事项")
_EITHER_WAY = (Outcome.PASS, Outcome.PENDING, Outcome.NOT_APPLICABLE)  # though it is not known whether it binds
_PROVES_NOTHING = (Outcome.UNKNOWN, Outcome.NOT_APPLICABLE)
_ENCOURAGED = "文件只作鼓励或允许，没有也不算问题"


def judge(rule: Rule, facts: Facts) -> RuleOutcome:
    """The outcome of a rule, window by window. A check that breaks is an ``error``, never a verdict."""
    whose = "organization" if facts.record.organization is not None else "branch"
    if facts.as_of < facts.period.start or rule.shown_in != whose:
        return facts.frame.once(rule, whose, lambda: RuleOutcome(rule, Windows([_unseen(rule, facts, whose)])))
    return judge_shown(rule, facts)


def judge_shown(rule: Rule, facts: Facts) -> RuleOutcome:
    """The same for a rule that is known to show in this record."""
    try:
        return RuleOutcome(rule, _all(rule, facts))
    except Exception as error:
        return RuleOutcome(rule, Windows([_single(facts, Outcome.ERROR, f"检查出错（{type(error).__name__}）")]))


def _all(rule: Rule, facts: Facts) -> Windows:
    windows = Windows(_judge(rule, facts))
    return windows if windows.tally else Windows([_single(facts, *_NO_MATTER)])


def _unseen(rule: Rule, facts: Facts, whose: str) -> WindowOutcome:
    """What is said of a duty before its time, or that shows in another body's record."""
    if facts.as_of < facts.period.start:
        return _single(facts, Outcome.NOT_APPLICABLE, "核查期间还没有开始")
    in_force = rule.in_force(state_window(facts))
    if in_force.value is False:
        return _single(facts, Outcome.NOT_APPLICABLE, in_force.reason)
    return _single(facts, *((Outcome.MANUAL, _SUPERIOR) if whose == "branch" else (Outcome.NOT_APPLICABLE, _BRANCH)))


def _single(facts: Facts, outcome: Outcome, message: str) -> WindowOutcome:
    return WindowOutcome(state_window(facts), None, Verdict(outcome, message))


def _judge(rule: Rule, facts: Facts) -> list[WindowOutcome | Alike]:
    if rule.for_each is not None and rule.for_each.subjects == "entries":
        return list(_judge_entries(rule, facts))
    windows = rule.check.windows(facts)
    found: list[WindowOutcome | Alike] = []
    for window, binds in zip(windows, binding(rule, facts, windows), strict=True):
        if rule.for_each is None:
            found.append(_of_branch(rule, facts, window, binds))
        elif binds.value is False:
            found.append(WindowOutcome(window, None, Verdict(Outcome.NOT_APPLICABLE, binds.reason)))
        else:
            found += _judge_each(rule, rule.for_each, facts, window, binds)
    return found


def _of_branch(rule: Rule, facts: Facts, window: Window, binds: Truth) -> WindowOutcome:
    """What is found in one window; where that proves nothing, in those last days of it that may."""
    found = _one(rule, facts, window, None, binds)
    again = rule.check.restarted(facts, window) if found.outcome in _PROVES_NOTHING else None
    if again is None:
        return found
    (bound,) = binding(rule, facts, [again])
    last = _one(rule, facts, again, None, bound)
    return last if last.outcome is Outcome.FAIL else found


def _judge_each(
    rule: Rule, for_each: ForEach, facts: Facts, window: Window, binds: Truth
) -> Sequence[WindowOutcome | Alike]:
    found = for_each.subjects_in(facts, window)
    if isinstance(found, Truth) or not found:
        absent = found if isinstance(found, Truth) else Truth(False, "没有需要核的对象")
        return [_one(rule, facts, window, None, all_of([binds, absent]))]
    of = rule.check.of_members(facts, window) if for_each.subjects == "members" else None
    if of is None:
        return [_one(rule, facts, window, subject, _both(binds, present)) for subject, present in found]
    return [_judge_members(rule, facts, window, binds, found, of)]


def _both(binds: Truth, present: Truth) -> Truth:
    return YES if binds is YES and present is YES else all_of([binds, present])


def _judge_members(
    rule: Rule, facts: Facts, window: Window, binds: Truth, found: list[tuple[Subject, Truth]], of: OfMembers
) -> Alike:
    """The verdict on every member of one window; of those of whom the same is told, in this record or in others, one
    is judged."""
    shared = facts.frame.once(rule, ("alike", window.start, window.end, window.name), dict) if binds is YES else {}

    def of_alike(subject: Subject, selection: Selection) -> Verdict | None:
        told = rule.check.alike(facts, selection)
        if told is not None and told not in shared:
            shared[told] = _one(rule, facts, window, nameless(subject), binds).verdict._replace(counted=())
        return None if told is None else shared[told]

    subjects, verdicts, counted = [subject for subject, _ in found], [], {}
    others: Verdict | None = None
    for subject, present in found:
        selection = of.named.get(subject.label)
        if not present.value:
            verdicts.append(_one(rule, facts, window, subject, all_of([binds, present])).verdict)
        elif selection is None:
            others = others or of_alike(subject, of.others) or _one(rule, facts, window, ANYONE, binds).verdict
            if not of.named and isinstance(found, Everybody):
                return Alike(window, found.subjects, [others] * len(found), {})
            verdicts.append(others)
        else:
            verdict = of_alike(subject, selection)
            if verdict is not None:
                counted[subject.label] = selection.yes
            verdicts.append(verdict or _one(rule, facts, window, subject, binds).verdict)
    return Alike(window, subjects, verdicts, counted)


def _judge_entries(rule: Rule, facts: Facts) -> Iterator[WindowOutcome]:
    assert rule.for_each is not None
    assert rule.for_each.select is not None
    selector = rule.for_each.select
    entries = [*_still_open(rule, rule.for_each, facts), *rule.for_each.entry_windows(facts)]
    if not entries:
        (binds,) = binding(rule, facts, [state_window(facts)])
        if binds.value is False:
            yield _single(facts, Outcome.NOT_APPLICABLE, binds.reason)
            return
    if not facts.coverage.keeps(selector.series):
        yield _single(facts, Outcome.UNKNOWN, selector.not_kept)
    elif not entries:
        yield _single(facts, Outcome.NOT_APPLICABLE, f"核查期间内没有需要核的{selector.label}")
    else:
        bound = binding(rule, facts, [window for window, _ in entries])
        for (window, subject), binds in zip(entries, bound, strict=True):
            yield _one(rule, facts, window, subject, binds)


def _still_open(rule: Rule, for_each: ForEach, facts: Facts) -> Iterator[tuple[Window, Subject]]:
    """Entries from before the period of which something may only fall due in it, or after."""
    if not rule.check.outlasts():
        return
    for window, subject in for_each.earlier_windows(facts):
        until = rule.check.open_until(facts, window, subject)
        if until is not None and until >= facts.period.start:
            yield window, subject


def binding(rule: Rule, facts: Facts, windows: Sequence[Window]) -> Sequence[Truth]:
    """Whether the demand binds each window: branch and standard there all along, conditions met."""
    bound = (
        Bound(rule, facts, windows) if facts.semesters or type(windows) is not tuple else _bound(rule, facts, windows)
    )
    there = facts.branch_existed(bound.reach) is YES
    condition = rule.applies_when
    if there and condition is None:
        return bound.in_force
    found: list[Truth] = []
    for span, in_force in zip(bound.spans, bound.in_force, strict=True):
        truth = YES if there else facts.branch_existed(span)
        if truth is YES:
            truth = met(condition, bound.written, facts, span) if condition and in_force is YES else in_force
        found.append(truth)
    return found


def _bound(rule: Rule, facts: Facts, windows: tuple[Window, ...]) -> Bound:
    """The same for windows that are those of the frame, whatever the record."""
    known: dict[int, Bound] = facts.frame.once(rule, "bound", dict)
    return known.get(id(windows)) or known.setdefault(id(windows), Bound(rule, facts, windows))


class Bound:
    """The days on which a rule must bind for each window, and whether it is in force on them; its condition as it is
    `written`."""

    def __init__(self, rule: Rule, facts: Facts, windows: Sequence[Window]) -> None:
        self.windows = windows
        self.spans = [rule.check.bound_span(facts, window) for window in windows]
        self.in_force = [_stands(rule, span, window) for window, span in zip(windows, self.spans, strict=True)]
        starts, ends = [span.start for span in self.spans], [span.end for span in self.spans]
        self.written = "" if rule.applies_when is None else written_down(rule.applies_when, facts.frame)
        self.stands = all(truth is YES for truth in self.in_force)
        self.reach = Period(min(starts, default=facts.as_of), max(ends, default=facts.as_of))


def met(condition: Applies, written: str, facts: Facts, span: Period) -> Truth:
    """Whether a condition, also as it is `written_down`, holds on all these days."""
    return facts.known.once(Applies, (written, span.start, span.end), lambda: condition.holds(facts, span))


def written_down(condition: Applies, frame: Frame) -> str:
    """The condition as a text: rules of the same condition are judged by one."""
    return frame.once(condition, "written", condition.as_written)


def _stands(rule: Rule, span: Period, window: Window) -> Truth:
    """Whether the demand, and a number of it, is in force."""
    in_force = rule.in_force(span)
    if in_force.value and not rule.check.demands_on(window.start):
        return Truth(False, "当时还没有这项数字要求")
    return in_force


def _one(rule: Rule, facts: Facts, window: Window, subject: Subject | None, binds: Truth) -> WindowOutcome:
    if binds.value is False:
        return WindowOutcome(window, subject, Verdict(Outcome.NOT_APPLICABLE, binds.reason))
    if binds.value is None and subject is None and rule.for_each is not None:
        return WindowOutcome(window, None, Verdict(Outcome.UNKNOWN, binds.reason))
    verdict = rule.check.judge(facts, window, subject)
    if binds.value is None and verdict.outcome not in _EITHER_WAY:
        verdict = verdict._replace(outcome=Outcome.UNKNOWN, message=binds.reason)
    return WindowOutcome(window, subject, _weigh(rule, verdict))


def _weigh(rule: Rule, verdict: Verdict) -> Verdict:
    """What is left to a person, and what was only encouraged."""
    lacking = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.PENDING)
    if rule.strength == "may" and verdict.outcome in lacking:
        return verdict._replace(outcome=Outcome.NOT_APPLICABLE, message=_ENCOURAGED)
    if rule.judgement is not None and verdict.outcome is Outcome.PASS:
        return verdict._replace(outcome=Outcome.MANUAL, message=f"{rule.judgement}（{verdict.message}）")
    return verdict
