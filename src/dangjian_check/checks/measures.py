"""Quantities a rule may name: of the branch on a day, or of one entry. The table is the whole vocabulary."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from dangjian_check.checks.base import Subject
from dangjian_check.model.activity import Attendance, head_count, period_of
from dangjian_check.model.calendar import Period, months_between
from dangjian_check.model.facts import Facts
from dangjian_check.model.roster import Standing, is_formal, lived_through
from dangjian_check.model.series import Appraisal


class Measured(NamedTuple):
    """A number, or None with the reason why the record does not tell it (Chinese)."""

    value: int | Fraction | None
    missing: str = ""


class Measure(NamedTuple):
    """A named quantity: its Chinese label, unit of counting, and how it is read off the record. It is the branch's, or
    that ``of`` one entry of a series, of one of the posts; one that ``grows`` may be made up for long after the
    entry's day."""

    label: str
    unit: str
    read: Callable[[Facts, date, Subject | None], Measured]
    of: str = ""
    grows: bool = False


def _people(read: Callable[[Facts, date], int | None]) -> Callable[[Facts, date, Subject | None], Measured]:
    def measure(facts: Facts, day: date, subject: Subject | None) -> Measured:
        return Measured(read(facts, day), "没有党员名册或人数")

    return measure


def _role_count(role: str) -> Callable[[Facts, date, Subject | None], Measured]:
    def measure(facts: Facts, day: date, subject: Subject | None) -> Measured:
        posts = facts.posts_on(day)
        if posts is None:
            return Measured(None, "没有任职名单")
        return Measured(len({held.post.name for held in posts if role in held.post.roles}))

    return measure


def _committee_size(facts: Facts, day: date, subject: Subject | None) -> Measured:
    posts = facts.posts_on(day)
    if posts is None:
        return Measured(None, "没有任职名单")
    return Measured(len({held.post.name for held in posts}))


def _groups(facts: Facts, day: date, subject: Subject | None) -> Measured:
    if facts.record.groups is None:
        return Measured(None, "没有党小组名册")
    return Measured(sum(lived_through(g.formed, g.dissolved, Period(day, day)) for g in facts.record.groups))


def _joint_units(facts: Facts, day: date, subject: Subject | None) -> Measured:
    units = facts.branch.joint_units
    return Measured(len(units) or None, "没有列出联合各单位")


def _largest_unit(facts: Facts, day: date, subject: Subject | None) -> Measured:
    counts = [unit.formal for unit in facts.branch.joint_units if unit.formal is not None]
    if not counts or len(counts) < len(facts.branch.joint_units):
        return Measured(None, "没有写齐联合各单位的正式党员人数")
    return Measured(max(counts))


def _probationary(facts: Facts, day: date) -> int | None:
    total, formal = facts.total_on(day), facts.formal_on(day)
    return None if total is None or formal is None else total - formal


def _party_age(facts: Facts, day: date, subject: Subject | None) -> Measured:
    """Months from confirmation (转正) to the day the post was taken up."""
    assert subject is not None
    since = subject.item.since
    name = subject.item.post.name
    member = next((m for m in facts.record.members or () if m.name == name), None)
    if member is None or member.confirmed is None:
        return Measured(None, "名册中没有任职者的转正日期")
    if since is None:
        return Measured(None, "没有写任职起始日")
    return Measured(months_between(member.confirmed, since))


def _attendance(name: str, label: str) -> Callable[[Facts, date, Subject | None], Measured]:
    def measure(facts: Facts, day: date, subject: Subject | None) -> Measured:
        assert subject is not None
        attendance = subject.item.entry.attendance
        return Measured(head_count(getattr(attendance, name, None)), f"没有写{label}")

    return measure


def _obliged(facts: Facts, day: date, subject: Subject | None) -> Measured:
    """Who had to come: as written, else the day's roster less those exempt before that day (cases 46, 47)."""
    assert subject is not None
    attendance = subject.item.entry.attendance
    if attendance is not None and attendance.expected is not None:
        return Measured(head_count(attendance.expected))
    standing = facts.standing_on(day)
    if standing is None:
        return Measured(None, "没有写应到人数，也没有名册")
    return Measured(standing.obliged(day))


def _obliged_present(facts: Facts, day: date, subject: Subject | None) -> Measured:
    """Of those who had to come, who came: by name where the roster decides who had to."""
    assert subject is not None
    attendance = subject.item.entry.attendance
    names = attendance.names() if attendance else None
    standing = facts.standing_on(day)
    if attendance is None or attendance.expected is not None or names is None or standing is None:
        return Measured(head_count(getattr(attendance, "present", None)), "没有写实到人数")
    return Measured(standing.came(names, day))


def _unexcused(facts: Facts, day: date, subject: Subject | None) -> Measured:
    """Who stayed away without leave: as written, else those who had to come and are on no list. Where nobody says who
    had to come, nobody is missed (case 46)."""
    assert subject is not None
    attendance = subject.item.entry.attendance
    if attendance is None or (attendance.absent is None and attendance.present is None):
        return Measured(None, "没有写到会情况")
    if attendance.absent is not None:
        return Measured(head_count(attendance.absent))
    owed, came = _obliged(facts, day, subject).value, _obliged_present(facts, day, subject).value
    if owed is None or came is None:
        return Measured(0)
    left = max(0, owed - came - _excused(attendance, facts.standing_on(day), day))
    unsure = left and attendance.leave is None
    return Measured(None, "有人没有到，没有写请假、缺席的是谁") if unsure else Measured(left)


def _excused(attendance: Attendance, standing: Standing | None, day: date) -> int:
    """Of those who had to come and did not, how many were on leave or made up for it."""
    if isinstance(attendance.leave, int):
        return attendance.leave
    came = attendance.names() or frozenset()
    away = frozenset(person.name for person in (*(attendance.leave or ()), *attendance.make_up)) - came
    return len(away) if standing is None or attendance.expected is not None else standing.came(away, day)


def _assessed(facts: Facts, day: date, subject: Subject | None) -> Measured:
    """Members assessed for the period the day lies in, by the appraisals that say so; else all members (case 52)."""
    held = [fact.entry for fact in facts.entries("appraisals") if isinstance(fact.entry, Appraisal)]
    stated = [(p, a.assessed) for a in held if (p := period_of(a)) is not None and p.contains(day)]
    shortest = min((p.end - p.start for p, _ in stated), default=None)
    counts = [assessed for p, assessed in stated if p.end - p.start == shortest]
    if not counts or None in counts:
        return Measured(facts.total_on(day), "没有参评人数，也没有党员名册或人数")
    return Measured(sum(count for count in counts if count is not None))


def _voting_expected(facts: Facts, day: date, subject: Subject | None) -> Measured:
    """应到会有表决权党员: as written, else the full members on the roster that day (no reductions)."""
    assert subject is not None
    attendance = subject.item.entry.attendance
    if attendance is not None and attendance.voting_expected is not None:
        return Measured(attendance.voting_expected)
    return Measured(facts.formal_on(day), "没有写应到会有表决权的人数，也没有名册")


def _voting_present(facts: Facts, day: date, subject: Subject | None) -> Measured:
    """实到会有表决权党员: as written, else full members among the names present."""
    assert subject is not None
    attendance = subject.item.entry.attendance
    if attendance is not None and attendance.voting_present is not None:
        return Measured(attendance.voting_present)
    names = attendance.names() if attendance else None
    members = facts.members_on(day)
    if names is None or members is None:
        return Measured(None, "没有写实到会有表决权的人数")
    return Measured(sum(m.name in names and is_formal(m, day) for m in members))


def _least_votes(facts: Facts, day: date, subject: Subject | None) -> Measured:
    """The least support any matter got that the meeting passed (one not said to be lost counts as passed)."""
    assert subject is not None
    passed = [vote.in_favour for vote in subject.item.entry.votes if vote.passed is not False]
    return Measured(min(passed, default=None), "没有写通过事项的票数")


def _graded(*grades: str) -> Callable[[Facts, date, Subject | None], Measured]:
    def measure(facts: Facts, day: date, subject: Subject | None) -> Measured:
        results = _results(subject)
        if results is None:
            return Measured(None, "没有写评议结果")
        return Measured(sum(result.grade in grades for result in results))

    return measure


def _odd_grades(facts: Facts, day: date, subject: Subject | None) -> Measured:
    results = _results(subject)
    if results is None:
        return Measured(None, "没有写评议结果")
    return Measured(sum(result.grade not in GRADES for result in results))


def _graded_probationers(facts: Facts, day: date, subject: Subject | None) -> Measured:
    results, members = _results(subject), facts.members_on(day)
    if results is None or members is None:
        return Measured(None, "没有写评议结果或没有名册")
    probationary = {m.name for m in members if not is_formal(m, day)}
    return Measured(sum(result.name in probationary for result in results))


def _results(subject: Subject | None) -> list[Any] | None:
    assert subject is not None
    entry = subject.item.entry
    return entry.results if isinstance(entry, Appraisal) else None


def _of_entry(name: str, label: str) -> Callable[[Facts, date, Subject | None], Measured]:
    """A number written in the entry itself, as a count of people or a sum of money."""

    def measure(facts: Facts, day: date, subject: Subject | None) -> Measured:
        assert subject is not None
        value = getattr(subject.item.entry, name, None)
        number = len(value) if isinstance(value, list) else value
        return Measured(number, f"没有写{label}")

    return measure


def _extra_candidates(facts: Facts, day: date, subject: Subject | None) -> Measured:
    """Candidates beyond the seats to be filled."""
    assert subject is not None
    entry = subject.item.entry
    candidates = head_count(entry.candidates)
    if candidates is None or entry.seats is None:
        return Measured(None, "没有写候选人数或应选名额")
    return Measured(candidates - entry.seats)


def _least_winner(facts: Facts, day: date, subject: Subject | None) -> Measured:
    assert subject is not None
    votes = [winner.votes for winner in subject.item.entry.winners or ()]
    if not votes or None in votes:
        return Measured(None, "没有写当选人的得票")
    return Measured(min(v for v in votes if v is not None))


def _rows(*levels: str) -> Callable[[Facts, date, Subject | None], Measured]:
    """Branches on a superior's list; with levels, those that hold one of them by the day."""

    def measure(facts: Facts, day: date, subject: Subject | None) -> Measured:
        rows = facts.record.branches
        if rows is None:
            return Measured(None, "没有所属支部名单（branches）")
        alive = [r for r in rows if lived_through(r.founded, r.dissolved, Period(day, day))]
        if levels:
            alive = [r for r in alive if any(a.level in levels and a.date <= day for a in r.accreditation)]
        return Measured(len(alive))

    return measure


ACCREDITED = ("达标", "校级样板", "省级样板", "国家级样板")
GRADES = ("优秀", "合格", "基本合格", "不合格")

MEASURES: dict[str, Measure] = {
    "members": Measure("党员人数", "名", _people(Facts.total_on)),
    "formal_members": Measure("正式党员人数", "名", _people(Facts.formal_on)),
    "probationary_members": Measure("预备党员人数", "名", _people(_probationary)),
    "assessed_members": Measure("参加评议的党员人数", "名", _assessed),
    "groups": Measure("党小组数", "个", _groups),
    "committee_size": Measure("支部班子人数", "名", _committee_size),
    "secretaries": Measure("书记人数", "名", _role_count("书记")),
    "deputies": Measure("副书记人数", "名", _role_count("副书记")),
    "joint_units": Measure("联合单位数", "个", _joint_units),
    "largest_joint_unit": Measure("联合单位中最多的正式党员人数", "名", _largest_unit),
    "branches": Measure("所属支部数", "个", _rows()),
    "branches.accredited": Measure("达标支部数", "个", _rows(*ACCREDITED)),
    "branches.school_model": Measure("校级样板支部数", "个", _rows("校级样板", "省级样板", "国家级样板")),
    "branches.provincial_model": Measure("省级样板支部数", "个", _rows("省级样板", "国家级样板")),
    "branches.national_model": Measure("国家级样板支部数", "个", _rows("国家级样板")),
    "party_age_months": Measure("任职时的党龄", "个月", _party_age, of="posts"),
    "attendance.expected": Measure("应到人数", "人", _attendance("expected", "应到人数"), of="activities"),
    "attendance.present": Measure("实到人数", "人", _attendance("present", "实到人数"), of="activities"),
    "attendance.obliged": Measure("应参加的党员", "人", _obliged, of="activities"),
    "attendance.obliged_present": Measure("应参加而到了的党员", "人", _obliged_present, of="activities"),
    "attendance.unexcused": Measure("无故缺席的党员", "人", _unexcused, of="activities"),
    "attendance.voting_expected": Measure("应到会有表决权党员", "人", _voting_expected, of="activities"),
    "attendance.voting_present": Measure("实到会有表决权党员", "人", _voting_present, of="activities"),
    "votes.least_in_favour": Measure("赞成票", "票", _least_votes, of="activities"),
    "election.expected": Measure("应到会有选举权人数", "人", _of_entry("expected", "应到人数"), of="elections"),
    "election.present": Measure("实到会有选举权人数", "人", _of_entry("present", "实到人数"), of="elections"),
    "election.seats": Measure("应选名额", "名", _of_entry("seats", "应选名额"), of="elections"),
    "election.extra_candidates": Measure("差额", "名", _extra_candidates, of="elections"),
    "election.ballots": Measure("收回选票", "张", _of_entry("ballots", "收回票数"), of="elections"),
    "election.least_winner_votes": Measure("当选人最低得票", "票", _least_winner, of="elections"),
    "dues.base": Measure("党费计算基数", "元", _of_entry("base", "计算基数"), of="dues"),
    "dues.due": Measure("应交党费", "元", _of_entry("due", "应交数"), of="dues"),
    "dues.paid": Measure("实交党费", "元", _of_entry("paid", "实交数"), of="dues", grows=True),
    "training.count": Measure("参训人数", "人", _of_entry("count", "参训人数"), of="training"),
    "training.out_of": Measure("应训人数", "人", _of_entry("out_of", "应训人数"), of="training"),
    "appraisal.assessed": Measure("参加评议人数", "人", _of_entry("assessed", "参评人数"), of="appraisals"),
    "appraisal.excellent": Measure("评为优秀的人数", "人", _graded("优秀"), of="appraisals"),
    "appraisal.warned": Measure("评为警示型的人数", "人", _graded("警示", "警示型"), of="appraisals"),
    "appraisal.odd_grades": Measure("四个等次以外的评定", "人次", _odd_grades, of="appraisals"),
    "appraisal.graded_probationers": Measure("被评定等次的预备党员", "人", _graded_probationers, of="appraisals"),
}
