"""Python written by hand for these ten rules: the floor, and the answers the others are held against."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ten import FIRST_IN_TERM, HALVES, MONTHS, PARSED, QUARTERS, Engine, parsed, plain


def judge(record: dict[str, Any]) -> dict[str, Any]:
    """One pass over the log, then ten look-ups."""
    months: dict[str, set[str]] = {}
    well_attended = True
    for activity in record["activities"]:
        kind = activity["type"]
        months.setdefault(kind, set()).add(activity["date"][:7])
        if kind == "党员大会":
            came = activity["attendance"]
            well_attended = well_attended and came["present"] * 10 >= came["expected"] * 9
    committee, theme, assembly, lecture, life, review = (
        months.get(kind, set()) for kind in ("支委会", "主题党日活动", "党员大会", "党课", "组织生活会", "民主评议")
    )
    without = [[m for m in MONTHS if m not in held] for held in (committee, theme)]
    talks = Counter(talk["date"][:7] for talk in record["talks"])
    kept = [
        not without[0],
        not any(assembly.isdisjoint(quarter) for quarter in QUARTERS),
        not without[1],
        not any(lecture.isdisjoint(quarter) for quarter in QUARTERS),
        not life.isdisjoint(MONTHS),
        not review.isdisjoint(MONTHS),
        well_attended,
        all(sum(talks[month] for month in half) >= 3 for half in HALVES),
        record["committee"]["elected"] >= FIRST_IN_TERM,
        sum(member["status"] == "正式" for member in record["members"]) <= 50,
    ]
    return {"kept": kept, "without": without}


def engines() -> list[Engine]:
    """The floor."""
    return [Engine("手写 Python", parsed, lambda records: [judge(record) for record in records], plain, PARSED)]
