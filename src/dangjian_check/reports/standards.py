"""Standards seen from above: where every duty has its place."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from rich.cells import cell_len

from dangjian_check.checks.base import plain
from dangjian_check.checks.bounds import Bounds
from dangjian_check.checks.frequency import Frequency
from dangjian_check.checks.interval import Interval
from dangjian_check.checks.presence import Presence
from dangjian_check.checks.term import Term
from dangjian_check.engine.compare import Comparison, Relation, Row
from dangjian_check.engine.placement import Place, Placement
from dangjian_check.reports.base import clean
from dangjian_check.rulebook.rule import STRENGTH_LABELS, Rule


def placement_text(found: Iterable[Placement]) -> str:
    """One line a document with its duties by place, the missing ones named, and the sum."""
    rows = [["标准", *(place.label for place in Place), "合计"]]
    total = dict.fromkeys(Place, 0)
    notes: list[str] = []
    for item in found:
        counts = item.counts()
        rows.append([item.standard.id, *(str(counts[place]) for place in Place), str(len(item.placed))])
        for place in Place:
            total[place] += counts[place]
        notes += [f"没有着落：{p.clause}" for p in item.placed if p.place is Place.MISSING]
        notes += [f"台账里没有的条目：{clause}（规则 {rule}）" for rule, clause in item.unknown]
    everything = sum(total.values())
    rows.append(["合计", *(str(total[place]) for place in Place), str(everything)])
    lines = [*_aligned(rows), *map(clean, notes), f"{everything - total[Place.MISSING]}/{everything} 条有着落"]
    return "\n".join(lines) + "\n"


def placement_data(item: Placement) -> dict[str, Any]:
    """The same as plain data, every clause with its rules."""
    return {
        "standard": item.standard.id,
        "counts": {place.value: count for place, count in item.counts().items()},
        "clauses": [
            {"clause": p.clause, "place": p.place.value, "machine": p.machine, "rules": [r.id for r in p.rules]}
            for p in item.placed
        ],
        "unknown": [{"rule": rule, "clause": clause} for rule, clause in item.unknown],
    }


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(cell_len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        first = row[0] + " " * (widths[0] - cell_len(row[0]))
        rest = [" " * (width - cell_len(cell)) + cell for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join([first, *rest]))
    return lines


_UNITS = {"month": "每月", "quarter": "每季度", "half": "每半年", "semester": "每学期", "year": "每年"}
_RELATIONS = {
    Relation.SAME: "要求相同",
    Relation.STRICTER: "{0} 更严",
    Relation.LOOSER: "{1} 更严",
    Relation.INCOMPARABLE: "各有所严，比不出",
    Relation.ONLY_FIRST: "只有 {0} 要求",
    Relation.ONLY_SECOND: "只有 {1} 要求",
}


def demand_words(rule: Rule, day: date) -> str:
    """What a rule demands, in a few words with its number."""
    check = rule.check
    if isinstance(check, Frequency):
        words = f"{_UNITS[check.per]}{check.words(day, '次')}"
    elif isinstance(check, Interval):
        words = f"间隔不超过 {check.months} 个月"
    elif isinstance(check, Presence) and check.per:
        words = f"{_UNITS[check.per]}有"
    elif isinstance(check, Term) and check.years is None:
        words = "按批复的任期"
    elif isinstance(check, Term):
        extra = "".join(f"，{kind} {plain_number(years)} 年" for kind, years in check.by_type.items())
        words = f"{plain_number(check.years)} 年{extra}"
    elif isinstance(check, Bounds) and check.limits_on(day):
        words = check.words(day)
    else:
        words = "有" if isinstance(check, Presence) else "见规则"
    soft = f"（{STRENGTH_LABELS[rule.strength]}）" if rule.strength != "must" else ""
    return f"{words}{soft}"


def plain_number(value: Any) -> str:
    """A number or a dated number's latest value."""
    dated = getattr(value, "values", None)
    return str(plain(dated[max(dated)] if dated else value))


def comparison_text(found: Comparison) -> str:
    """The comparison for an officer: grouped by relation, each duty with both numbers and articles."""
    names = (found.first.id, found.second.id)
    first, second = found.first.manifest.title, found.second.manifest.title
    lines = [f"{names[0]}  {first}", f"{names[1]}  {second}", f"按 {found.as_of} 有效的规定比较机器能判的支部职责"]
    for relation in Relation:
        rows = [row for row in found.rows if row.relation is relation]
        if rows:
            lines += ["", f"{_RELATIONS[relation].format(*names)}（{len(rows)} 项）"]
            lines += [line for row in rows for line in _row_lines(row, names, found.as_of)]
    return "\n".join(map(clean, lines)) + "\n"


def _row_lines(row: Row, names: tuple[str, str], day: date) -> list[str]:
    lines = [f"  {row.topic}{'（适用范围不同，只就都适用的情形比）' if row.conditional else ''}"]
    for name, rule in zip(names, (row.first, row.second), strict=True):
        if rule is not None:
            lines.append(f"    {name}  {demand_words(rule, day)}  {rule.id} {rule.citation.article}")
    return lines


def comparison_markdown(found: Comparison) -> str:
    """The comparison as a Markdown table."""
    names = (found.first.id, found.second.id)
    lines = [
        f"# {found.first.manifest.title} 与 {found.second.manifest.title}",
        "",
        f"按 {found.as_of} 有效的规定比较机器能判的支部职责。",
        "",
        f"| 职责 | {names[0]} | {names[1]} | 关系 |",
        "|---|---|---|---|",
    ]
    for row in found.rows:
        cells = [_cell(rule, found.as_of) for rule in (row.first, row.second)]
        relation = _RELATIONS[row.relation].format(*names) + ("（适用范围不同）" if row.conditional else "")
        lines.append(f"| {_escape(row.topic)} | {cells[0]} | {cells[1]} | {relation} |")
    return "\n".join(lines) + "\n"


def _cell(rule: Rule | None, day: date) -> str:
    return "—" if rule is None else _escape(f"{demand_words(rule, day)}（{rule.id}，{rule.citation.article}）")


def _escape(text: str) -> str:
    return clean(text).replace("|", "\\|").replace("<", "&lt;")


def comparison_data(found: Comparison) -> dict[str, Any]:
    """The comparison as plain data."""
    return {
        "schema": "dj-check.compare/1",
        "first": found.first.id,
        "second": found.second.id,
        "as_of": found.as_of.isoformat(),
        "rows": [
            {
                "topic": row.topic,
                "relation": row.relation.value,
                "conditional": row.conditional,
                "first": _side(row.first, found.as_of),
                "second": _side(row.second, found.as_of),
            }
            for row in found.rows
        ],
    }


def _side(rule: Rule | None, day: date) -> dict[str, str] | None:
    if rule is None:
        return None
    return {
        "rule": rule.id,
        "article": rule.citation.article,
        "demand": demand_words(rule, day),
        "strength": rule.strength,
    }


def record_text(record: dict[str, Any], heading: str) -> str:
    """A small record as a YAML file: one entry a line."""
    lines = [f"# {heading}"]
    for key, value in record.items():
        if isinstance(value, list):
            lines.append(f"{key}:")
            lines += [f"  - {json.dumps(item, ensure_ascii=False)}" for item in value]
        else:
            lines.append(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"
