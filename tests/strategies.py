"""Hypothesis strategies: records, rules, sheets and verdicts as plain dicts, the way people write them down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from dangjian_check.model.calendar import Period

Data = dict[str, Any]

NAMES = ("张三", "李四", "王五", "赵六", "周七")
SPELLINGS = {
    "支委会": ("支委会", "支部委员会会议"),
    "党员大会": ("党员大会", "支部大会"),
    "党课": ("党课", "微党课"),
    "主题党日": ("主题党日", "党日活动"),
    "集中学习": ("集中学习", "政治学习"),
    "组织生活会": ("组织生活会",),
    "民主评议": ("民主评议",),
}
TYPES = tuple(SPELLINGS)
FIRST, LAST = date(2023, 10, 1), date(2025, 2, 28)


def days(first: date = FIRST, last: date = LAST) -> st.SearchStrategy[str]:
    """A written day; within the same few days often enough for records to meet."""
    crowded = [
        d for d in (date(2024, 3, 31), date(2024, 4, 1), date(2024, 5, 10), date(2024, 12, 31)) if first <= d <= last
    ]
    anywhere = st.dates(first, last)
    return (anywhere | st.sampled_from(crowded) if crowded else anywhere).map(date.isoformat)


def one_or_list(items: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[Any]:
    """One value, or a list of several different ones."""
    return items | st.lists(items, min_size=1, max_size=most, unique=True)


def maybe(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Data]:
    """Any of the fields, each there or left out."""
    return st.fixed_dictionaries({}, optional=fields)


def seldom(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Data]:
    """Mostly none of the fields, else any of them."""
    return st.one_of(st.just({}), st.just({}), maybe(**fields))


def both(first: st.SearchStrategy[Data], second: st.SearchStrategy[Data]) -> st.SearchStrategy[Data]:
    """The keys of two dicts together."""
    return st.builds(lambda a, b: a | b, first, second)


# Coverage, period, audit day


@st.composite
def coverages(draw: st.DrawFn) -> list[Data]:
    """What a log claims to hold: most often a long stretch, sometimes only of some types, sometimes with holes."""
    claims = []
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.dates(FIRST, date(2024, 9, 30)))
        end = start + timedelta(days=draw(st.sampled_from([20, 61, 120, 300, 500])))
        claim: Data = {"from": start.isoformat(), "to": end.isoformat()}
        if draw(st.booleans()):
            claim["types"] = draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True))
        if draw(st.integers(0, 3)) == 0:
            claim["complete"] = False
        claims.append(claim)
    return claims


@st.composite
def spans(draw: st.DrawFn, *, within: bool = False) -> tuple[Period, date]:
    """An audited period and an audit day: usual ones, odd ones; ``within`` keeps the audit day in the period."""
    usual = [
        Period(date(2024, 1, 1), date(2024, 12, 31)),
        Period(date(2024, 1, 1), date(2024, 6, 30)),
        Period(date(2024, 2, 15), date(2025, 1, 31)),
    ]
    odd = st.builds(
        lambda start, length: Period(start, start + timedelta(days=length)),
        st.dates(date(2023, 11, 1), date(2024, 10, 31)),
        st.integers(0, 420),
    )
    period = draw(st.sampled_from(usual) | odd)
    last = st.just(period.end)
    return period, draw(last | st.dates(period.start, period.end) if within else last | st.dates(FIRST, LAST))


# Entries


def activities(
    types: Sequence[str] = TYPES, groups: Sequence[str] = (), when: st.SearchStrategy[str] | None = None, **more: Any
) -> st.SearchStrategy[Data]:
    """One entry of the log, its type as people write it; ``more`` are further optional fields."""
    spellings = st.sampled_from([word for kind in types for word in SPELLINGS.get(kind, (kind,))])
    fields = {
        "start": st.sampled_from(["9:00", "09:00", "14:30"]),
        "topic": st.sampled_from(["学习", "研究年度计划", "学习 "]),
        "status": st.sampled_from(["已召开", "已召开", "计划", "取消", "流会"]),
        "joint_with": st.just("第二党支部"),
    }
    if groups:
        fields["group"] = one_or_list(st.sampled_from(groups), len(groups))
    required = st.fixed_dictionaries({"date": days() if when is None else when, "type": one_or_list(spellings, 2)})
    return both(required, maybe(**fields, **more))


def detailed_activities(groups: Sequence[str] = ()) -> st.SearchStrategy[Data]:
    """Entries with who came, who spoke and who lectured."""
    names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)
    counts = st.integers(0, 6)
    attendance = maybe(
        expected=counts, present=counts | names, leave=names, voting_expected=counts, voting_present=counts
    )
    return activities(
        (*TYPES, "党小组会", "专题组织生活会", "培训"),
        groups,
        attendance=attendance,
        lecturer=st.sampled_from(NAMES),
        host=st.sampled_from(NAMES),
        tags=one_or_list(st.sampled_from(["两学一做", "警示教育"]), 2),
        level=st.sampled_from(["支部", "上级"]),
        hours=st.sampled_from([1, 1.5, "1/3"]),
        shift=st.just({"reason": "节假日"}),
    )


def named(entries: list[Data]) -> list[Data]:
    """The same entries, every third with an id of its own."""
    return [entry | ({"id": f"e{n}"} if n % 3 == 0 else {}) for n, entry in enumerate(entries)]


def logs(entry: st.SearchStrategy[Data], most: int = 12, least: int = 0) -> st.SearchStrategy[list[Data]]:
    """A log with some entries written down twice, the copy with another remark."""

    def doubled(entries: list[Data], twice: list[int]) -> list[Data]:
        copies = [entries[n % len(entries)] | {"remark": "重录"} for n in twice if entries]
        return named([*entries, *copies])

    return st.builds(
        doubled, st.lists(entry, min_size=least, max_size=most), st.lists(st.integers(0, most), max_size=2)
    )


_TALK = st.lists(st.sampled_from(NAMES), min_size=2, max_size=2, unique=True)
SERIES: dict[str, st.SearchStrategy[Data]] = {
    "plans": both(
        st.fixed_dictionaries({"kind": st.sampled_from(["三会一课年度计划", "年度计划"])}),
        maybe(
            made=days(date(2024, 1, 1), date(2024, 3, 31)), filed=days(date(2024, 4, 1), LAST), **{"for": st.just(2024)}
        ),
    ),
    "talks": both(st.fixed_dictionaries({"date": days(), "between": _TALK}), maybe(topic=st.just("思想"))),
    "training": both(
        st.fixed_dictionaries({"name": one_or_list(st.sampled_from(NAMES), 3), "from": days()}),
        maybe(days=st.integers(1, 6), hours=st.integers(1, 40)),
    ),
    "documents": both(
        st.fixed_dictionaries({"kind": st.sampled_from(["支部设置批复", "换届批复"])}), maybe(date=days())
    ),
    "discipline": st.fixed_dictionaries({
        "name": st.sampled_from(NAMES),
        "matter": st.sampled_from(["甲事", "乙事"]),
        "kind": st.sampled_from(["党纪", "政务", "师德"]),
        "decided": days(),
    }),
    "elections": both(
        st.fixed_dictionaries({"date": days(), "kind": st.sampled_from(["换届", "补选"])}),
        maybe(
            expected=st.integers(0, 9), present=st.integers(0, 9), seats=st.integers(1, 5), candidates=st.integers(1, 6)
        ),
    ),
    "development": st.fixed_dictionaries({
        "name": st.sampled_from(["孙八", "吴九", "郑十"]),
        "steps": st.dictionaries(
            st.sampled_from(["递交入党申请书", "确定为积极分子", "接收预备党员"]), days(), max_size=3
        ),
    }),
    "notices": st.fixed_dictionaries({"date": days(), "requires": st.sampled_from(["专题组织生活会", "警示教育"])}),
    "tasks": both(
        st.fixed_dictionaries({"assigned": days(), "topic": st.sampled_from(["防汛", "迎新"])}),
        maybe(due=days(), completed=days()),
    ),
}


# Who there is


def posts() -> st.SearchStrategy[list[Data]]:
    """Posts of one term, each name at most once."""
    post = st.sampled_from(["书记", "副书记", "组织委员", "委员", "书记兼宣传委员"])
    fields = maybe(since=days(), dual_leader=st.booleans(), acting=st.booleans())
    held = both(st.fixed_dictionaries({"name": st.sampled_from(NAMES), "post": post}), fields)
    return st.lists(held, max_size=4, unique_by=lambda p: p["name"])


def committees() -> st.SearchStrategy[list[Data]]:
    """One or two terms, elected on different days."""
    elected = st.sampled_from(["2019-11-30", "2020-02-29", "2022-06-15", "2024-05-10"])
    term = both(
        st.builds(lambda day, held: {"elected": day, "posts": held}, elected, posts()),
        maybe(exists=st.booleans(), term_years=st.integers(2, 5)),
    )
    return st.lists(term, min_size=1, max_size=2, unique_by=lambda t: t["elected"])


def groups() -> st.SearchStrategy[list[Data]]:
    """Up to three party groups, some formed or dissolved on the way."""
    fields = maybe(formed=days(FIRST, date(2024, 6, 30)), dissolved=days(date(2024, 7, 1), LAST))
    return st.lists(fields, max_size=3).map(lambda found: [{"id": f"g{n}"} | group for n, group in enumerate(found, 1)])


@st.composite
def members(draw: st.DrawFn, known_groups: Sequence[str] = ()) -> list[Data]:
    """A roster of up to five, with comings and goings."""
    fields = {
        "leading_cadre": st.booleans(),
        "teacher": st.booleans(),
        "from": days(FIRST, date(2024, 6, 30)),
        "to": days(date(2024, 7, 1), LAST),
    }
    if known_groups:
        fields["group"] = st.sampled_from(known_groups)
    who = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=5))
    status = st.sampled_from(["正式", "正式", "预备"])
    return [{"name": name, "status": draw(status)} | draw(maybe(**fields)) for name in who]


@st.composite
def records(draw: st.DrawFn) -> Data:
    """A whole branch: anything of the format may be there, empty, or left out."""
    known = draw(groups())
    ids = [group["id"] for group in known]
    branch = draw(
        maybe(
            type=st.sampled_from(["教师", "学生", "行政教辅"]),
            founded=days(date(2015, 9, 1), date(2024, 4, 30)),
            theme_day=st.sampled_from([{"day": 10}, {"weekday": "周五", "nth": 2}]),
            joint=st.booleans(),
            dispersed=st.booleans(),
            venue=st.sampled_from([{"fixed": True}, {"fixed": False}]),
        )
    )
    parts = {"coverage": coverages(), "committee": committees(), "groups": st.just(known)}
    parts["activities"] = logs(detailed_activities(ids))
    parts |= {name: logs(entry, 3) for name, entry in SERIES.items()}
    roster = st.fixed_dictionaries({"members": members(ids)})
    head = st.fixed_dictionaries({"headcount": st.builds(lambda n: {"formal": n}, st.integers(0, 12))})
    whose = draw(roster | head | st.just({}))
    return {"branch": {"id": "b1", "name": "机械学院第一党支部"} | branch} | draw(maybe(**parts)) | whose


@st.composite
def reordered(draw: st.DrawFn, record: Data) -> Data:
    """The same record with the entries of every series, and the keys themselves, in another order."""
    mixed = {name: draw(st.permutations(part)) if isinstance(part, list) else part for name, part in record.items()}
    return dict(draw(st.permutations(list(mixed.items()))))


# Sheets

LOSSES: tuple[Data, ...] = (
    {"kind": "flat", "points": 1},
    {"kind": "flat", "points": "5/3"},
    {"kind": "each", "points": "1/2"},
    {"kind": "each", "points": 1},
    {"kind": "each", "points": 1, "distinct": ["name", "matter"]},
    {"kind": "range", "low": 0.5, "high": 1},
    {"kind": "range", "low": 1, "high": 3},
    {"kind": "merged", "lower": 0.5, "upper": 1, "up_to": "1/3"},
    {"kind": "merged", "lower": 1, "upper": "7/3", "up_to": "1/2"},
    {"kind": "tiers", "tiers": [{"at_least": 1, "points": "1/3"}, {"at_least": 3, "points": 2}]},
    {"kind": "tiers", "tiers": [{"at_least": 2, "points": 1}]},
    {"kind": "shortfall", "points": "1/2", "per": "1/10", "below": "1/2"},
    {"kind": "shortfall", "points": 1, "per": "1/3", "below": 1},
    {"kind": "proportion", "points": 2},
    {"kind": "proportion", "points": "10/3"},
)
_loss, _few, _many = st.sampled_from(LOSSES), st.sampled_from([1, 1.5, 2]), st.sampled_from([2, 3, "11/3", 6, 20])
_rarely, _half = st.sampled_from([True, False, False, False]), st.booleans()


@st.composite
def leaves(draw: st.DrawFn, number: int, rules: Sequence[str]) -> Data:
    """One indicator with lines over these rules; now and then a cap, or a price for nothing held."""
    lines: list[Data] = []
    for rule in rules:
        if lines and draw(_half):
            lines[-1]["rules"].append(rule)
        else:
            line = {"title": f"扣分项 {rule}", "rules": [rule], "loss": draw(_loss)}
            lines.append(line | ({"cap": draw(_few)} if draw(_rarely) else {}))
    leaf = {"id": f"1.{number}", "title": f"指标{number}", "points": draw(_many), "lines": lines}
    if rules and draw(_rarely):
        leaf["not_held"] = {"rules": [draw(st.sampled_from(rules))], "points": draw(_few)}
    if draw(_rarely):
        leaf["cap"] = draw(_few)
    return leaf


@st.composite
def sheets(draw: st.DrawFn, rules: Sequence[str]) -> Data:
    """A table over these rules: an indicator of its own for the first ones, one for the rest, one for the
    superior; a bonus beside it; grades with a veto."""
    cut = draw(st.integers(0, len(rules)))
    found = [draw(leaves(n, part)) for n, part in enumerate((rules[:cut], rules[cut:]), 1)]
    found.append(draw(leaves(3, rules[-1:])) | {"bearer": "superior"})
    whole = str(sum((Fraction(leaf["points"]) for leaf in found), Fraction(0)))
    bonus = {"id": "2", "title": "特色", "points": 3, "bonus": True, "rules": list(rules[:2])}
    sheet = {"title": "表", "indicators": [{"id": "1", "title": "甲", "points": whole, "indicators": found}, bonus]}
    if draw(_half):
        sheet["grades"] = [{"name": "不合格", "min": 0}, {"name": "合格", "min": 4}, {"name": "优秀", "min": "13/2"}]
        sheet["veto"] = [{"rules": [rules[0]], "max_grade": "合格"}]
    return sheet


# What a rule found

_ACTUAL = (None, 0, 0, 1, "1/4", "2/3")
_CASES = ((), (("张三", "甲事"),), (("张三", "甲事"), ("张三", "乙事")), (("李四", "甲事"), ("张三", "甲事")))
_FAILS = tuple({"outcome": "fail", "actual": actual, "cases": cases} for actual in _ACTUAL for cases in _CASES)
_OTHERS = tuple(
    {"outcome": outcome, "actual": actual, "cases": ()}
    for outcome in ("pass", "unknown", "manual", "error", "pending", "not_applicable")
    for actual in (None, 1)
)


def verdict_tables(rules: Sequence[str]) -> st.SearchStrategy[dict[str, list[Data]]]:
    """For each rule what is said of its windows: an outcome, what was found, which cases broke a limit."""
    said = st.sampled_from(_FAILS) | st.sampled_from(_OTHERS)
    return st.fixed_dictionaries({rule: st.lists(said, min_size=1, max_size=4) for rule in rules})
