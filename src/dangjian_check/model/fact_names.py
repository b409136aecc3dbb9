"""Fields of record models by the name people write (aliases), so that rules can point at them safely."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

LABELS = {
    "dual_leader": "双带头人认定",
    "backbone": "骨干类别",
    "identity": "身份",
    "duty": "分工",
    "ref": "文号",
    "mode": "产生方式",
    "leader": "党小组组长",
    "qualified": "选任条件",
    "venue": "活动场所",
    "branch.venue.fixed": "固定活动场所（branch.venue.fixed）",
    "branch.setup_basis": "支部设置依据（branch.setup_basis）",
    "steps": "步骤",
    "response": "办理结果",
    "closed": "销号日期",
    "filed": "备案日期",
    "measure": "整改措施",
    "responsible": "责任人",
    "topics": "所查内容",
    "topic": "内容",
    "parts": "记录的方面",
    "items": "内容条目",
    "elements": "内容要点",
    "due": "期限或应交数",
    "votes": "表决",
    "audience": "对象",
    "exemptions": "获准不参加活动",
    "date": "日期",
    "statements": "发言记录",
    "paid": "实交数",
    "base": "计算基数",
    "level": "级别",
    "published": "公示日期",
    "fulfilled": "兑现日期",
    "category": "类别",
    "found": "发现日期",
    "in": "接收日期",
    "out": "开出日期",
    "made": "制定日期",
    "minutes": "会议记录",
    "attendance.present": "到会名单",
    "attendance.absent": "缺席名单",
    "type": "类型",
    "kind": "种类",
    "subject": "公开事项",
    "completed": "完成日期",
    "assigned": "布置日期",
    "tags": "标签",
    "results": "等次",
    "approved": "批准日期",
    "group": "党小组",
    "filed_with": "备案对象",
    "to": "截止日期",
    "accreditation": "认定",
    "receipt": "回执",
}
YES_NO = frozenset({"dual_leader", "qualified", "acting", "branch.venue.fixed", "branch.dispersed", "venue"})


def label_of(path: str) -> str:
    """What a field is called in Chinese; its written name if it has no other."""
    return LABELS.get(path, path)


@cache
def attribute(model: type[BaseModel], name: str) -> str | None:
    """The Python attribute behind a written field name, or None."""
    for attr, info in model.model_fields.items():
        if name == (info.alias or attr):
            return attr
    return None


def has_field(model: type[BaseModel], path: str) -> bool:
    """Whether a dotted path of written names leads to a field, stepping into optional and nested models."""
    head, _, rest = path.partition(".")
    attr = attribute(model, head)
    if attr is None:
        return False
    if not rest:
        return True
    return any(has_field(inner, rest) for inner in _models(model.model_fields[attr].annotation))


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]


def field_value(item: BaseModel | None, path: str) -> Any:
    """The value at a dotted path of written names; None where any step is missing. Through a list, the values of all
    its items. An empty list that nobody wrote is missing too."""
    head, _, rest = path.partition(".")
    attr = attribute(type(item), head) if item is not None else None
    if item is None or attr is None:
        return None
    value = getattr(item, attr)
    if not value and value in ([], {}) and attr not in item.model_fields_set:
        return None
    if not rest:
        return value
    if isinstance(value, list):
        found = [field_value(inner, rest) for inner in value if isinstance(inner, BaseModel)]
        return [inner for inner in found if inner is not None]
    return field_value(value, rest) if isinstance(value, BaseModel) else None
