"""Where a record names people, and the names found there: by the role of a field, never by what a text looks like.

It works on plain data, so that a record which was refused is searched as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# Fields that hold a member or a holder of a post: whatever stands there is a name.
CERTAIN = frozenset({"members.name", "committee.posts.name"})
# Fields that hold people, or now and then a body (全体党员, 党总支): taken for a name unless it says what body it is.
PEOPLE = CERTAIN | {
    "groups.leader",
    "branches.secretary",
    "activities.host",
    "activities.recorder",
    "activities.lecturer",
    "activities.minutes.recorder",
    *(f"activities.attendance.{part}" for part in ("present", "leave", "absent", "make_up", "exempt", "guests")),
    "activities.statements.name",
    "activities.statements.criticised",
    "plans.owner",
    "talks.between",
    "training.name",
    "dues.name",
    "development.name",
    "elections.candidates",
    "elections.winners.name",
    "appraisals.results.name",
    "discipline.name",
    "issues.responsible",
    "awards.by",
    "commitments.name",
    "transfers.name",
    "reports.name",
    "reports.to",
    "reflections.name",
    "opinions.from",
    "contacts.name",
    "contacts.by",
    "dossiers.name",
    "inspections.by",
    "selfchecks.signed_by",
    "visits.by",
    "assessments.by",
}

_BODY = re.compile(
    r"支部|总支|党委|党组|小组|党校|工委|支委|委员会|全体|全员|大家|职工|群众|学员|代表|工会|团委|妇联|中心|公司|集团|学院|大学|学校|中学|"
    r"小学|医院|部门|办公室|领导|上级|机关|组织|教研室|社区|街道|党员|单位|协会|第[一二三]|驻村|常务|专职|兼职|[市县区镇乡村]$|"
    r"学生|教师|员工|居民|村民|家长|用户|企业|退休|困难|\d|^.{3,}[局班团队厂所站科室部处院会]$|"
    r"^(?:宣传|纪检|纪律检查|青年|统战|群工|保密|生活|学习|文体|保卫)$"
)
_BRACKETED = re.compile(r"（[^（）]*）|\([^()]*\)|【[^【】]*】|\[[^\[\]]*\]")
_PARTS = re.compile(r"[、，,;；/|\n]|(?<=[\u4e00-\u9fff])[和与及](?=[\u4e00-\u9fff]{2,4}$)")
_TITLE = re.compile(
    r"(?:同志|副?书记|老师|副?教授|副?院长|副?校长|副?主任|副?[处部组班]长|委员|先生|女士|辅导员|同学|代表)$"
)
_SPACES = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


def names_in(data: Any) -> frozenset[str]:
    """Every name of a person in the data of one record."""
    return frozenset(name for path, text in _leaves(data, "") for name in _names(text, certain=path in CERTAIN))


def people_in(text: str) -> frozenset[str]:
    """The people one text names, as far as it names people: 张三、李四同志 is two, 党总支 is none."""
    return frozenset(_names(text, certain=False))


def _leaves(node: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every text in a field of people, with the field."""
    if isinstance(node, dict):
        for key, value in node.items():
            below = f"{path}.{key}" if path else str(key)
            yield from _leaves(value, path if path in PEOPLE and key == "name" else below)
    elif isinstance(node, list):
        for item in node:
            yield from _leaves(item, path)
    elif path in PEOPLE and isinstance(node, str):
        yield path, node


def _names(text: str, *, certain: bool) -> Iterator[str]:
    """The names in what was written: 张三、李四（记录）is two; 张三同志 also names 张三."""
    for part in _PARTS.split(_BRACKETED.sub("", text)):
        whole = part.strip()
        joined = _SPACES.sub("", whole)
        bare = _TITLE.sub("", joined)
        surname_only = len(bare) < 2 and bare != joined
        if certain:
            yield from {whole, joined if surname_only else bare} - {""}
        elif bare and not surname_only and not _BODY.search(bare):
            yield from {whole if bare == joined else bare, bare}
