"""The field's words: activity types with what people write for them, branch types, posts."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal, get_args

ActivityType = Literal[
    "支委会", "支委扩大会", "党员大会", "党小组会", "党课", "主题党日", "集中学习", "专题研讨", "中心组学习",
    "组织生活会", "专题组织生活会", "民主生活会", "民主评议", "党性分析", "先锋指数考评", "优秀党员评选",
    "开放式组织生活", "警示教育", "志愿服务", "联系服务", "征求意见", "专题研究部署", "换届选举", "家风家训",
    "大讨论", "线上学习", "入党宣誓", "表彰", "情况通报", "培训", "调研", "走访慰问", "群团工作", "其他",
]  # fmt: skip
ACTIVITY_TYPES: tuple[str, ...] = get_args(ActivityType)

OTHER_SERIES: dict[str, str] = {
    "谈心谈话": "“谈心谈话”一栏（talks）",
    "谈心": "“谈心谈话”一栏（talks）",
    "谈话": "“谈心谈话”一栏（talks）",
    "发展党员": "“发展党员”一栏（development）",
    "党费收缴": "“党费”一栏（dues）",
    "缴纳党费": "“党费”一栏（dues）",
    "述职": "“述职”一栏（reports）",
    "述职评议": "“述职”一栏（reports）",
}  # what people write for a type of activity though it has a series of its own

ALIASES: dict[str, str] = {
    "支部委员会": "支委会",
    "支部委员会会议": "支委会",
    "支部委员会议": "支委会",
    "支委员会": "支委会",
    "支委会会议": "支委会",
    "支委会议": "支委会",
    "党支部委员会": "支委会",
    "党支部委员会会议": "支委会",
    "支委扩大会议": "支委扩大会",
    "支部委员会扩大会议": "支委扩大会",
    "支委会扩大会议": "支委扩大会",
    "支部党员大会": "党员大会",
    "支部大会": "党员大会",
    "全体党员大会": "党员大会",
    "党支部大会": "党员大会",
    "党小组会议": "党小组会",
    "小组会": "党小组会",
    "党小组学习会": "党小组会",
    "上党课": "党课",
    "专题党课": "党课",
    "微党课": "党课",
    "党课学习": "党课",
    "主题党日活动": "主题党日",
    "党日活动": "主题党日",
    "党员活动日": "主题党日",
    "支部主题党日": "主题党日",
    "固定党日": "主题党日",
    "理论学习": "集中学习",
    "政治学习": "集中学习",
    "集体学习": "集中学习",
    "集中学习会": "集中学习",
    "专题学习研讨": "专题研讨",
    "学习研讨": "专题研讨",
    "理论学习中心组学习": "中心组学习",
    "组织生活": "组织生活会",
    "年度组织生活会": "组织生活会",
    "专题组织生活": "专题组织生活会",
    "民主评议党员": "民主评议",
    "党员民主评议": "民主评议",
    "先锋指数评定": "先锋指数考评",
    "优秀党员评定": "优秀党员评选",
    "志愿者服务": "志愿服务",
    "志愿服务活动": "志愿服务",
    "听取意见": "征求意见",
    "换届": "换届选举",
    "换届大会": "换届选举",
    "换届选举大会": "换届选举",
    "宣誓": "入党宣誓",
    "重温入党誓词": "入党宣誓",
    "表彰大会": "表彰",
    "党务公开": "情况通报",
    "走访": "走访慰问",
    "慰问": "走访慰问",
    "其它": "其他",
}

BranchType = Literal[
    "教师", "行政教辅", "学生", "离退休", "村", "社区", "机关", "事业单位", "国企", "非公企业", "社会组织",
    "中小学", "医院", "流动", "临时", "其他",
]  # fmt: skip

_MEANT = ALIASES | {name: name for name in ACTIVITY_TYPES}

# A 支委会 or 党员大会 is the branch's own body: it cannot be convened together with another branch (case 31).
OWN_BODIES = frozenset({"支委会", "党员大会"})
# What people confuse: shown as a near miss, never counted (case 27).
RELATED_TYPES: dict[str, tuple[str, ...]] = {
    "支委会": ("支委扩大会",),
    "党员大会": ("支委扩大会", "党小组会"),
    "党小组会": ("党员大会",),
    "组织生活会": ("专题组织生活会", "民主生活会", "开放式组织生活"),
    "民主评议": ("组织生活会",),
    "党课": ("集中学习", "线上学习"),
    "集中学习": ("专题研讨", "线上学习"),
}

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_DEPUTY = re.compile(r"副书记")
_DUTIES = {"纪律检查": "纪检", "群众": "群工"} | {
    duty: duty for duty in ("组织", "宣传", "纪检", "青年", "统战", "群工", "保密", "生活", "学习", "文体", "保卫")
}


def activity_type(text: str) -> str | None:
    """The standard type for what was written, or None."""
    return _MEANT.get(text.strip())


def nearest(word: str, known: list[str] | tuple[str, ...], count: int = 1) -> list[str]:
    """Known words most like ``word``, best first."""
    return get_close_matches(word, known, n=count, cutoff=0.4)


def nearest_activity_type(text: str) -> str:
    """The known type nearest to an unknown word; ``其他`` if none is near."""
    close = nearest(text.strip(), [*ACTIVITY_TYPES, *ALIASES])
    return ALIASES.get(close[0], close[0]) if close else "其他"


@lru_cache(4096)
def roles(post: str) -> frozenset[str]:
    """The roles a written post carries: 书记兼组织委员 is both 书记 and 组织委员; any 委员 is also 委员."""
    found = set()
    rest = _DEPUTY.sub("", post)
    if rest != post:
        found.add("副书记")
    if "书记" in rest:
        found.add("书记")
    if "委员" in rest:
        found.add("委员")
        found.update(f"{duty}委员" for written, duty in _DUTIES.items() if written in rest)
    return frozenset(found)
