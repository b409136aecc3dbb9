"""What is said of a whole assessment or report, whatever the format: notes on the score, what is open, what is due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from dangjian_check.engine.assessment import Assessment, BranchRef, Deficiency, Due, ItemScore, Report, Score
from dangjian_check.engine.outcomes import RuleOutcome
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports.base import interval, points
from dangjian_check.rulebook.rule import Rule

NO_DAY = date(2000, 1, 1)
ASSUMED_COMPLETE = "没有声明哪一段记全了（coverage），自首条活动所在年起当作记全（推定）"
_NAMES = 3


def waiting(assessment: Assessment) -> int:
    """How many duties wait for a person or a fuller record."""
    return sum(outcome.has_open for outcome in assessment.own())


def score_notes(score: Score) -> Iterator[str]:
    """What has to be said of a score so that nobody misreads it."""
    if score.bonus is not None:
        yield f"另有加分 {bonus_words(score.bonus)}，不计入上数"
    if not score.own_sheet:
        yield f"该文件没有评分表，按《{score.sheet_title}》折算，只供参考"
    superior = sum((item.points for item in score.items if item.by_superior), Fraction(0))
    if superior and not score.with_superior:
        yield f"其中 {points(superior)} 分是上级责任指标，没有核也没有扣（--official 按总表计）"


def bonus_words(bonus: ItemScore) -> str:
    """What a person gave beyond the score, or has still to judge."""
    if bonus.low == bonus.high:
        return f"{points(bonus.low)} 分（至多 {points(bonus.points)} 分）"
    return f"{points(bonus.points)} 分待人评（现为 {interval(bonus.low, bonus.high)}）"


def by_rule(deficiencies: Iterable[Deficiency]) -> list[tuple[Rule, list[Deficiency]]]:
    """Each missed rule with all the windows in which it was missed, in the order given."""
    found: dict[str, tuple[Rule, list[Deficiency]]] = {}
    for deficiency in deficiencies:
        found.setdefault(deficiency.rule.id, (deficiency.rule, []))[1].append(deficiency)
    return list(found.values())


def lost(deficiencies: Iterable[Deficiency]) -> Fraction:
    """Points lost for certain."""
    return sum((deficiency.deduction for deficiency in deficiencies), Fraction(0))


def open_reason(outcome: RuleOutcome) -> str:
    """Why a rule is open: what a person is asked to look at, else what is said of its first open window."""
    if outcome.outcome is Outcome.MANUAL and outcome.rule.judgement:
        return outcome.rule.judgement
    return first_open(outcome)


def first_open(outcome: RuleOutcome) -> str:
    """What is said of a rule's first open window."""
    return next((w.verdict.message for w in outcome.windows if w.outcome.is_open), outcome.reason)


def wanting(found: Iterable[RuleOutcome]) -> list[tuple[str, int]]:
    """What is wanting, the same for however many rules, and how many those are: what settles most comes first."""
    groups: dict[str, list[Rule]] = {}
    for outcome in found:
        groups.setdefault(first_open(outcome), []).append(outcome.rule)
    return [(_wanting(reason, rules), len(rules)) for reason, rules in sorted(groups.items(), key=lambda g: -len(g[1]))]


def _wanting(reason: str, rules: list[Rule]) -> str:
    if len(rules) == 1:
        return f"{rules[0].id} {rules[0].title}：{reason}"
    more = f" 等 {len(rules)} 项" if len(rules) > _NAMES else ""
    return f"{reason}：{'、'.join(rule.id for rule in rules[:_NAMES])}{more}"


def for_people(assessment: Assessment) -> list[RuleOutcome]:
    """Duties that need a person's judgement."""
    return [o for o in assessment.own() if o.outcome is Outcome.MANUAL]


def undecided(assessment: Assessment) -> list[RuleOutcome]:
    """Duties that cannot be told for want of data, or whose rule went wrong."""
    doubtful = (Outcome.UNKNOWN, Outcome.ERROR)
    return [o for o in assessment.own() if o.count(*doubtful) and o.outcome is not Outcome.MANUAL]


def coming_due(assessment: Assessment) -> list[tuple[date, str, str]]:
    """What is still to be done, soonest first: last day, rule, what (and for whom)."""
    found: dict[tuple[date, str, str], list[Due]] = {}
    for due in assessment.due:
        if due.day > assessment.as_of:
            found.setdefault((due.day, due.rule.id, due.window), []).append(due)
    listed = [(day, rule, f"{same[0].rule.title}{_who(same)}") for (day, rule, _), same in found.items()]
    return sorted(listed, key=lambda item: (item[0], item[2]))


def _who(same: list[Due]) -> str:
    """Those who owe it, in brackets; nothing if it is the branch as a whole."""
    people = [label for due in same for label in due.people or ([due.subject.label] if due.subject else [])]
    return f"（{'、'.join(people[:_NAMES])}{'等' if len(people) > _NAMES else ''}）" if people else ""


def names(report: Report) -> dict[BranchRef, str]:
    """The name to show for each branch: with its id where several share a name, with its file where the id too."""
    return told_apart(a.branch for a in report.assessments)


def told_apart(found: Iterable[BranchRef]) -> dict[BranchRef, str]:
    """The same for any branches."""
    branches = list(dict.fromkeys(found))
    name = Counter(branch.name for branch in branches)
    both = Counter((branch.name, branch.id) for branch in branches)
    return {b: _told_apart(b, name[b.name] > 1, both[b.name, b.id] > 1) for b in branches}


def _told_apart(branch: BranchRef, same_name: bool, same_id: bool) -> str:
    if same_id:
        return f"{branch.name}（{branch.file}）"
    return f"{branch.name}（{branch.id}）" if same_name else branch.name


def day_of(report: Report) -> date:
    """The day a document of this report bears: its own, else the latest of its assessments. Never the clock's."""
    return report.as_of or max((a.as_of for a in report.assessments), default=NO_DAY)


def span(report: Report) -> str:
    """The period and day of the whole report in words."""
    when = f"{report.period.start} 至 {report.period.end}" if report.period else "各份不同（见各支部）"
    until = f"，截至 {report.as_of} 当日终了" if report.as_of else ""
    return f"核查期间 {when}{until}"
