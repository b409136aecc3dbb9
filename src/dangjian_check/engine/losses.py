"""What each indicator of a sheet loses by the outcomes of its rules, as an interval. Exact fractions throughout.

Whatever is open (unknown, manual, error) is lost in full at most and not at all at least. What a waiver excuses counts
as not applicable; that something was held in it is not forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from dangjian_check.engine.outcomes import Price, RuleOutcome, WindowOutcome, Windows
from dangjian_check.model.fact_names import field_value
from dangjian_check.model.memo import Memo
from dangjian_check.model.outcome import Outcome
from dangjian_check.rulebook.sheet import (
    Each,
    Flat,
    Indicator,
    Line,
    Merged,
    NotHeld,
    Proportion,
    Range,
    Sheet,
    Shortfall,
    Tiers,
)

ZERO = Fraction(0)
UNBOUNDED = Fraction(10**6)


class Tally(NamedTuple):
    """The windows a line looks at: how many passed, failed by the machine's word, are open, or were priced by a
    person."""

    passed: int
    failed: tuple[WindowOutcome, ...]
    open: int
    priced: int = 0

    @property
    def judged(self) -> int:
        return self.passed + len(self.failed) + self.open + self.priced


class Loss(NamedTuple):
    """What is lost for certain and at most; ``parts`` says which lines the certain loss comes from."""

    low: Fraction
    high: Fraction
    parts: tuple[tuple[tuple[str, ...], Fraction], ...] = ()
    uncapped: Fraction = ZERO


class Losses:
    """What every indicator of a sheet loses. Combinations of counts are reckoned once, however many records come to
    them; what assessors priced, or waivers excused, is reckoned each time."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.leaves = [leaf for leaf in sheet.leaves() if not leaf.bonus]
        self.bonus = [leaf for leaf in sheet.leaves() if leaf.bonus]
        self.items = {rule: leaf.id for leaf in sheet.leaves() for rule in leaf.all_rules()}
        self.known = Memo()
        self._rules = {id(leaf): tuple(dict.fromkeys(leaf.all_rules())) for leaf in self.leaves}
        self._touched: dict[str, list[Indicator]] = {}
        for leaf in self.leaves:
            for rule in self._rules[id(leaf)]:
                self._touched.setdefault(rule, []).append(leaf)

    def touched_by(self, rules: Iterable[str]) -> list[Indicator]:
        """The indicators that any of these rules can cost points, each once."""
        found = {id(leaf): leaf for rule in rules for leaf in self._touched.get(rule, ())}
        return list(found.values())

    def of(self, leaf: Indicator, known: Mapping[str, RuleOutcome], with_superior: bool) -> Loss:
        """What one indicator loses."""
        key = self.key(leaf, known, with_superior)
        if key is None:
            return leaf_loss(leaf, known, with_superior)
        return self.known.once(leaf, ("loss", key), lambda: leaf_loss(leaf, known, with_superior))

    def key(self, leaf: Indicator, known: Mapping[str, RuleOutcome], with_superior: bool) -> tuple[object, ...] | None:
        """All that the loss depends on; None if it is more than counts of windows."""
        key: list[object] = [with_superior]
        for rule in self._rules[id(leaf)]:
            outcome = known.get(rule)
            if outcome is None:
                key.append(None)
                continue
            windows = outcome.windows
            if not isinstance(windows, Windows):
                return None
            key.append(windows.counts)
            if Outcome.FAIL in windows.tally:
                if _looks_closer(leaf):
                    return None
                if leaf.not_held:
                    key.append(sum(w.is_lost and not w.verdict.actual for w in outcome.windows))
        return tuple(key)


def _looks_closer(leaf: Indicator) -> bool:
    """Whether a line asks what was found in a failed window, not only that it failed."""
    return any(isinstance(x.loss, Shortfall) or (isinstance(x.loss, Each) and x.loss.distinct) for x in leaf.lines)


def leaf_loss(leaf: Indicator, known: Mapping[str, RuleOutcome], with_superior: bool) -> Loss:
    """What one indicator loses: its lines up to its cap, or the price of nothing having been held."""
    if leaf.bearer == "superior" and not with_superior:
        return Loss(ZERO, ZERO)
    cap = min(leaf.points, leaf.cap if leaf.cap is not None else leaf.points)
    lines = [(tuple(line.rules), *line_loss(line, chosen(line.rules, known, with_superior))) for line in leaf.lines]
    lost = sum((low for _, low, _ in lines), ZERO)
    low, high = min(cap, lost), min(cap, sum((high for _, _, high in lines), ZERO))
    parts = tuple((rules, line_low * low / lost) for rules, line_low, _ in lines if line_low) if lost else ()
    loss = Loss(low, high, parts, lost)
    return (
        loss
        if leaf.not_held is None
        else _replaced(leaf.not_held, leaf, loss, chosen(leaf.not_held.rules, known, with_superior))
    )


def _replaced(price: NotHeld, leaf: Indicator, partial: Loss, outcomes: list[RuleOutcome]) -> Loss:
    windows = [w for outcome in outcomes for w in outcome.windows]
    if any(w.excused and w.verdict.actual for w in windows):
        return partial
    judged = [w for w in windows if w.outcome is Outcome.PASS or w.is_lost or w.outcome.is_open]
    nothing = [w for w in judged if w.is_lost and not w.verdict.actual]
    points = min(price.points, leaf.points)
    if judged and len(nothing) == len(judged):
        parts = ((tuple(price.rules), points),) if points >= partial.low else partial.parts
        return Loss(max(points, partial.low), max(points, partial.high), parts, max(points, partial.uncapped))
    if judged and all(w.outcome.is_open or w in nothing for w in judged):
        return Loss(partial.low, max(points, partial.high), partial.parts, partial.uncapped)
    return partial


def chosen(rules: Iterable[str], known: Mapping[str, RuleOutcome], with_superior: bool) -> list[RuleOutcome]:
    """The outcomes of these rules; those of the superior's duties only if they are asked for."""
    found = [known[rule] for rule in rules if rule in known]
    return [o for o in found if with_superior or not o.rule.by_superior]


def line_loss(line: Line, outcomes: list[RuleOutcome]) -> tuple[Fraction, Fraction]:
    """What a line costs for certain and at most. A price set by an assessor takes the formula's place, and never
    takes more than the formula would."""
    windows = [w for outcome in outcomes for w in outcome.windows if not w.excused]
    opinions = Counter(price for w in windows if (price := _opinion(w, line)))
    tally = _tally(windows, line)
    low, high = _reckon(line, tally)
    if isinstance(line.loss, (Each, Proportion, Shortfall)):
        assessed = sum((min(p.points, _worst(line.loss, n, tally.judged)) for p, n in opinions.items()), ZERO)
        low, high = low + assessed, high + assessed
    elif opinions:
        whole = _tally(windows)
        settled = whole._replace(passed=whole.passed + whole.open, open=0)
        least = line.loss.low if isinstance(line.loss, Range) else ZERO
        assessed = min(max(least, *(p.points for p in opinions)), _reckon(line, settled)[1])
        low, high = max(low, assessed), _reckon(line, whole)[1] if whole.open else max(high, assessed)
    cap = line.cap if line.cap is not None else UNBOUNDED
    return min(low, cap), min(high, cap)


def _opinion(window: WindowOutcome, line: Line) -> Price | None:
    """The price an assessor set on a window; what the machine failed keeps a line's own price unless that is a
    range."""
    price = window.price
    return price if price and (isinstance(line.loss, Range) or not price.repriced) else None


def _worst(loss: Each | Proportion | Shortfall, windows: int, judged: int) -> Fraction:
    """The most that so many failed windows can cost, where every window has its own price."""
    if isinstance(loss, Proportion):
        return loss.points * windows / judged
    if isinstance(loss, Shortfall):
        return loss.points * (loss.below // loss.per) * windows
    return UNBOUNDED if loss.distinct else loss.points * windows


def _tally(windows: list[WindowOutcome], line: Line | None = None) -> Tally:
    """Count the windows; those an assessor priced for this line are kept apart, or (no line) counted as failed."""
    missed = [w for w in windows if w.outcome is Outcome.FAIL]
    failed = tuple(w for w in missed if line is None or _opinion(w, line) is None)
    return Tally(
        passed=sum(w.outcome is Outcome.PASS for w in windows),
        failed=failed,
        open=sum(w.outcome.is_open for w in windows),
        priced=len(missed) - len(failed),
    )


def _reckon(line: Line, tally: Tally) -> tuple[Fraction, Fraction]:
    """Loss with every open window passed, and with every one failed."""
    loss, failed, possible = line.loss, len(tally.failed), len(tally.failed) + tally.open
    if isinstance(loss, Flat):
        return (loss.points if failed else ZERO), (loss.points if possible else ZERO)
    if isinstance(loss, Range):
        certain = failed and not loss.on_confirmation
        return (loss.low if certain else ZERO), (loss.high if possible else ZERO)
    if isinstance(loss, Merged):
        return _merged(loss, failed, tally.judged), _merged(loss, possible, tally.judged)
    if isinstance(loss, Tiers):
        return _tier(loss, failed), _tier(loss, possible)
    if isinstance(loss, Proportion):
        judged = tally.judged or 1
        return loss.points * failed / judged, loss.points * possible / judged
    if isinstance(loss, Shortfall):
        low = sum((_short(loss, w) for w in tally.failed), ZERO)
        return low, UNBOUNDED if tally.open else low
    low = loss.points * (_cases(loss, tally.failed) if loss.distinct else failed)
    if loss.distinct:
        return low, UNBOUNDED if tally.open else low
    return low, loss.points * possible


def _merged(loss: Merged, missed: int, judged: int) -> Fraction:
    if not missed:
        return ZERO
    return loss.lower if Fraction(missed, judged) <= loss.up_to else loss.upper


def _tier(loss: Tiers, missed: int) -> Fraction:
    return max((tier.points for tier in loss.tiers if missed >= tier.at_least), default=ZERO)


def _short(loss: Shortfall, window: WindowOutcome) -> Fraction:
    actual = window.verdict.actual
    ratio = Fraction(str(actual)) if actual is not None else ZERO
    return loss.points * max(0, (loss.below - ratio) // loss.per)


def _cases(loss: Each, failed: tuple[WindowOutcome, ...]) -> int:
    """Different cases among the entries that broke the limit (人次: one person, one matter)."""
    return len({tuple(field_value(f.entry, name) for name in loss.distinct) for w in failed for f in w.verdict.counted})
