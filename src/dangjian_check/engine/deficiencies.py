"""Failed windows as people see them: named, located, priced, with a fingerprint that outlives rewording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from dangjian_check.checks.base import Subject
from dangjian_check.engine.assessment import Deficiency
from dangjian_check.engine.cure import Cures
from dangjian_check.engine.fingerprints import fingerprint
from dangjian_check.engine.losses import ZERO, Losses
from dangjian_check.engine.outcomes import Outcomes, RuleOutcome, WindowOutcome
from dangjian_check.errors import KeyPath
from dangjian_check.model.calendar import window_label
from dangjian_check.model.facts import Facts, kind_of
from dangjian_check.model.outcome import Outcome
from dangjian_check.rulebook.rule import SEVERITIES

_SHOWN_NAMES = 8


def deficiencies(
    branch_id: str,
    outcomes: Iterable[RuleOutcome],
    facts: Facts,
    losses: Losses,
    *,
    with_superior: bool = False,
    of_organization: bool = False,
) -> tuple[Deficiency, ...]:
    """Every failed window the branch (or organization) answers for, worst first; the deductions add up to what is
    lost for certain."""
    listed = Outcomes.of(outcomes)
    missed = [o for o in listed if Outcome.FAIL in o.tally and o.rule.by_superior is of_organization]
    groups = [(o, group) for o in missed for group in _groups(o)]
    priced = prices(losses, listed, [o.rule.id for o, _ in groups], with_superior or of_organization)
    cures = Cures(losses, listed, facts, with_superior=with_superior or of_organization)
    found = [
        _deficiency(branch_id, outcome, group, facts, losses.items.get(outcome.rule.id), priced.get(i, ZERO), cures)
        for i, (outcome, group) in enumerate(groups)
    ]
    return ranked(found, listed)


def ranked(found: Iterable[Deficiency], outcomes: Iterable[RuleOutcome]) -> tuple[Deficiency, ...]:
    """Deficiencies from the worst down; among equals in the order of the standard."""
    order = list(Outcomes.of(outcomes).by_rule)
    rank = {severity: i for i, severity in enumerate(SEVERITIES)}
    return tuple(sorted(found, key=lambda d: (rank[d.rule.severity], -d.deduction, order.index(d.rule.id), d.window)))


def _groups(outcome: RuleOutcome) -> Iterator[list[WindowOutcome]]:
    """Failed windows, the members that failed in one window together (one finding, a list of names)."""
    together: dict[str, list[WindowOutcome]] = {}
    for window in outcome.windows:
        if window.outcome is not Outcome.FAIL:
            continue
        if window.subject is not None and window.subject.kind == "member":
            together.setdefault(window.window.name, []).append(window)
        else:
            yield [window]
    yield from together.values()


def prices(
    losses: Losses, outcomes: Iterable[RuleOutcome], rules: list[str], with_superior: bool
) -> dict[int, Fraction]:
    """What each deficiency (by position; ``rules`` are theirs) lost: every line's certain loss in equal parts among
    its deficiencies."""
    known = Outcomes.of(outcomes).by_rule
    found: dict[int, Fraction] = {}
    for leaf in losses.touched_by(rules):
        for line_rules, lost in losses.of(leaf, known, with_superior).parts:
            hit = [i for i, rule in enumerate(rules) if rule in line_rules]
            for i in hit:
                found[i] = found.get(i, ZERO) + lost / len(hit)
    return found


def _deficiency(
    branch_id: str,
    outcome: RuleOutcome,
    group: list[WindowOutcome],
    facts: Facts,
    item: str | None,
    price: Fraction,
    cures: Cures,
) -> Deficiency:
    rule, first = outcome.rule, group[0]
    curable, worth = cures.of(outcome, group, price)
    merged = first.subject is not None and first.subject.kind == "member"
    subject = None if merged else first.subject
    people = tuple(w.subject.label for w in group if w.subject) if merged else ()
    message = _merged_message(rule.title, first, people) if merged else first.verdict.message
    key = subject.key if subject else ""
    return Deficiency(
        fingerprint=fingerprint(branch_id, rule.id, key, first.window.name, first.verdict.defect),
        rule=rule,
        item=item,
        window=first.window.name,
        subject=subject,
        people=people,
        message=message,
        deduction=price,
        place=_place(outcome, first, facts, subject),
        assumed=tuple(rule.assumed),
        curable=curable,
        worth=worth,
    )


def _merged_message(title: str, first: WindowOutcome, people: tuple[str, ...]) -> str:
    names = "、".join(people[:_SHOWN_NAMES]) + ("等" if len(people) > _SHOWN_NAMES else "")
    return f"{window_label(first.window.name)}有 {len(people)} 名党员没有做到“{title}”：{names}"


def _place(outcome: RuleOutcome, window: WindowOutcome, facts: Facts, subject: Subject | None) -> KeyPath:
    """Where to look: what the verdict rests on, else the last matching entry before the window, else its series."""
    if window.verdict.place is not None:
        return window.verdict.place
    selector = outcome.rule.check.selector()
    if selector is not None:
        like = [f for f in selector.candidates(facts) if not selector.kind or kind_of(f.entry) in selector.kind]
        before = [f for f in like if f.day is not None and f.day < window.window.start]
        return before[-1].path if before else (selector.series,)
    return subject.path if subject else ("branch",)
