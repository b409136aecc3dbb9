"""The columns of the format ``rows``: name, SQL type, meaning. One table for the writer, the engine of queries and the
documents; columns are added, never renamed."""

from __future__ import annotations

from typing import NamedTuple

from dangjian_check.model.outcome import Outcome

SCHEMA = "dj-check.rows/1"


class Column(NamedTuple):
    """One column: its type as SQL writes it, and what it means."""

    type: str
    meaning: str


_TEXT, _DAY, _COUNT, _YES_NO, _POINTS = "VARCHAR", "DATE", "INTEGER", "BOOLEAN", "DECIMAL(18,4)"

DEFICIENCY = {
    "fingerprint": Column(_TEXT, "指纹，不随行号和措辞变"),
    "rule": Column(_TEXT, "规则编号"),
    "title": Column(_TEXT, "规则的要求"),
    "item": Column(_TEXT, "评分表的指标；不计分的为空"),
    "window": Column(_TEXT, "期间或事项"),
    "subject": Column(_TEXT, "哪个党小组、哪一条记录；整个支部的为空"),
    "severity": Column(_TEXT, "轻重：critical、major、minor、info"),
    "strength": Column(_TEXT, "要求的强弱：must、should、may"),
    "message": Column(_TEXT, "问题"),
    "remedy": Column(_TEXT, "怎样改"),
    "deduction": Column(_POINTS, "扣分"),
    "curable": Column(_YES_NO, "还能不能补"),
    "worth": Column(_POINTS, "补上可挽回几分"),
    "document": Column(_TEXT, "依据的文件"),
    "number": Column(_TEXT, "文号"),
    "article": Column(_TEXT, "条款"),
    "file": Column(_TEXT, "问题在哪个文件"),
    "line": Column(_COUNT, "第几行"),
    "column": Column(_COUNT, "第几列"),
    "cell": Column(_TEXT, "台账的单元格"),
    "baseline": Column(_TEXT, "给了基线的：known 已有，new 新增"),
    "waiver": Column(_TEXT, "管着它的豁免；有值的不算问题"),
    "waiver_effect": Column(_TEXT, "豁免的效力：excuse 免除，accept 暂时容许"),
    "waiver_reason": Column(_TEXT, "豁免的理由"),
    "expired_waiver": Column(_TEXT, "已经到期的豁免"),
}
ITEM = {
    "id": Column(_TEXT, "指标编号"),
    "title": Column(_TEXT, "指标"),
    "points": Column(_POINTS, "分值"),
    "low": Column(_POINTS, "得分下限"),
    "high": Column(_POINTS, "得分上限"),
}
ASSESSMENT = {
    "branch": Column(_TEXT, "支部编号"),
    "name": Column(_TEXT, "支部"),
    "branch_type": Column(_TEXT, "支部类型"),
    "parent": Column(_TEXT, "上级党组织"),
    "file": Column(_TEXT, "记录文件"),
    "standard": Column(_TEXT, "标准编号"),
    "standard_title": Column(_TEXT, "标准"),
    "digest": Column(_TEXT, "标准的摘要，内容变了就变"),
    "period_from": Column(_DAY, "期间的第一天"),
    "period_to": Column(_DAY, "期间的最后一天"),
    "as_of": Column(_DAY, "截至日"),
    "coverage_assumed": Column(_YES_NO, "没有写记全的期间，当作记全"),
    "judged": Column(_YES_NO, "有没有可评定的事项"),
    "score_low": Column(_POINTS, "得分下限；不计分的为空"),
    "score_high": Column(_POINTS, "得分上限"),
    "score_max": Column(_POINTS, "满分"),
    "completeness": Column(_POINTS, "已核定的分值占多少，0 至 1"),
    "grade_low": Column(_TEXT, "下限落在哪一等"),
    "grade_high": Column(_TEXT, "上限落在哪一等"),
    **{f"n_{outcome.value}": Column(_COUNT, f"{outcome.label}的要求几项") for outcome in Outcome},
    "waiting": Column(_COUNT, "须由人核定或者资料不足的要求几项"),
    "n_deficiencies": Column(_COUNT, "问题几处，豁免了的不算"),
    "n_waived": Column(_COUNT, "豁免了的几处"),
    "doubts": Column(_COUNT, "这份记录的存疑几处"),
}
PROBLEM = {
    "type": Column(_TEXT, "problem 读不了的输入，note 说明"),
    "file": Column(_TEXT, "文件"),
    "line": Column(_COUNT, "第几行；0 是整个文件"),
    "column": Column(_COUNT, "第几列"),
    "cell": Column(_TEXT, "台账的单元格"),
    "message": Column(_TEXT, "哪里不对"),
    "remedy": Column(_TEXT, "怎样改"),
}
