"""What a person should look at in a record. A doubt costs nothing, changes no outcome and accuses nobody: each has an
innocent explanation, and only people who know the branch can tell.

`KINDS` is the table: an id, a title, why a person should look, and what finds it. The thresholds stand beside what
uses them, each with its reason.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from dangjian_check.engine.doubts import alike, dues, people, when
from dangjian_check.engine.doubts.base import Find, Scene
from dangjian_check.errors import KeyPath
from dangjian_check.model.facts import Facts


class Kind(NamedTuple):
    """One kind of doubt."""

    title: str
    reason: str
    find: Find


class Signal(NamedTuple):
    """One doubt about a record: its kind, what it is about, and where in the record it stands."""

    kind: str
    message: str
    paths: tuple[KeyPath, ...]


KINDS: dict[str, Kind] = {
    "same-topic": Kind(
        "主题雷同",
        "不同日子的主题一字不差，有的是专题连着学，有的是照抄上一次；请对照当次的议程和记录",
        alike.same_topic,
    ),
    "same-attendance": Kind(
        "名单雷同",
        "几次会的人一个不差，有的确实如此，有的是名单照抄上一次；请对照签到",
        alike.same_attendance,
    ),
    "late-minutes": Kind(
        "记录写得晚",
        f"会后超过 {alike.LATE_DAYS} 天才写的记录，多半凭回忆；请问一问为什么晚，有没有当时的笔记",
        alike.late_minutes,
    ),
    "early-minutes": Kind(
        "记录早于会议",
        "记录写在开会之前，可能是日期写错，也可能把预备稿当成了记录；请核对哪个日期是对的",
        alike.early_minutes,
    ),
    "two-places": Kind(
        "一人同时在两处",
        "同一个人同一时间不会在两处，可能是时间记错，或中途来去没有注明；请核对签到",
        when.two_places,
    ),
    "stacked-at-end": Kind(
        "集中在最后几天",
        "每月该做的事到最后几天才记，可能是集中补录，也可能是集中补开；请看当时的通知和签到",
        when.stacked_at_end,
    ),
    "several-in-one-day": Kind(
        "一天几次",
        "同一种会一天开几次，有的确有需要，有的是把一次拆成了几次；请看议题和记录",
        when.several_in_one_day,
    ),
    "holiday": Kind(
        "节假日开会",
        "放假的日子很少开会，可能是日期记错；确实开了的，备注里写一句原因就好",
        when.holiday,
    ),
    "outside-life": Kind(
        "支部不在的日子",
        "支部成立以前、撤销以后不会有自己的活动，可能是日期写错，或把前后身支部的活动记了进来；请核对",
        when.outside_life,
    ),
    "after-audit-day": Kind(
        "晚于截至日",
        "还没有到的日子不会已经开过，可能是把计划记成了已召开；若是有意回看过去的某一天，可以不管",
        when.after_audit_day,
    ),
    "above-membership": Kind(
        "到会多于党员",
        "党员的会，人数多过名册，可能是名册少记了人，或把列席的算了进去；请核对名册和签到",
        people.above_membership,
    ),
    "counts-disagree": Kind(
        "人数对不上",
        "这几个数不会同时成立，多半有一个写错了；请照原始记录核对",
        people.counts_disagree,
    ),
    "contradicting-twins": Kind(
        "两条说法不一",
        "看起来是同一次活动，两条的内容却不一样，可能重复登记时写错了一条；请核对留下哪一条",
        alike.contradicting_twins,
    ),
    "outsider": Kind(
        "不在名册里的人",
        "外请的人讲课、上级来主持都很平常，写进列席名单（guests）就清楚了；也可能是名册漏了人，或姓名写错",
        people.outsider,
    ),
    "nothing-paid": Kind(
        "党费写了零元",
        "写 0 的按免交看，不算欠交；有的台账拿 0 表示没有交；免交的把应交也写 0，或在备注里写一句，没有交的不写实交",
        dues.nothing_paid,
    ),
}


def signals(facts: Facts, kinds: Collection[str]) -> list[Signal]:
    """Every doubt of these kinds about the record, each once: by kind in the order of the table, then
    by day."""
    scene = Scene(facts)
    found: dict[tuple[str, str], dict[KeyPath, None]] = {}
    for name, kind in KINDS.items():
        if name in kinds:
            for seen in sorted(kind.find(scene), key=lambda s: (s.day, s.message)):
                found.setdefault((name, seen.message), {}).update(dict.fromkeys(seen.paths))
    return [Signal(name, message, tuple(paths)) for (name, message), paths in found.items()]
