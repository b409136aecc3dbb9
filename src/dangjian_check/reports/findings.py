"""What several formats say of one deficiency in the same words: its category, its evidence, how it was found."""

from __future__ import annotations

from typing import Literal

from dangjian_check.engine.assessment import Assessment, Deficiency
from dangjian_check.model.calendar import STATE, window_label
from dangjian_check.rulebook.rule import Severity

Level = Literal["error", "warning", "note"]
LEVELS: dict[Severity, Level] = {"critical": "error", "major": "error", "minor": "warning", "info": "note"}


def category(assessment: Assessment, deficiency: Deficiency) -> str:
    """类别: the indicator of the sheet in which it costs points, else the chapter in which its rule stands."""
    standard = assessment.standard
    sheet = standard.superior_sheet if assessment.of_organization else standard.sheet
    titles = [leaf.title for leaf in sheet.leaves() if leaf.id == deficiency.item]
    chapters = (c.title for c in standard.chapters if any(r.id == deficiency.rule.id for r in c.rules))
    return titles[0] if titles else next(chapters, "")


def evidence(assessment: Assessment, deficiency: Deficiency) -> str:
    """证据/缺失期间: the period that lacks something or the entry that falls short, and of whom that is said."""
    subject = deficiency.subject
    if subject is not None and subject.kind == "entry":
        return subject.label
    about = [*deficiency.people, *([subject.label] if subject else [])]
    state = deficiency.window == STATE
    when = f"截至 {assessment.as_of}" if state else window_label(deficiency.window)
    return f"{when}：{'、'.join(about)}" if about else when


def method(deficiency: Deficiency) -> str:
    """检查方式: whether the program held the record against the rule, or an assessor's entry says so."""
    return "人工评定" if deficiency.place[:1] == ("assessments",) else "自动核查"
