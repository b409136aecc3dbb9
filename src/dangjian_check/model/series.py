"""The dated series of a record, one model each. A series that is absent was not kept; an empty one is empty.

``dated_by`` names the field whose day places an entry in a window; ``label`` is the series in Chinese.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from dangjian_check.model.activity import CountOrPeople, Entry
from dangjian_check.model.fields import NOTHING, Day, For, Ident, Number, Strict, Text, Texts, Whole, wrong


class Plan(Entry):
    label: ClassVar[str] = "计划"
    dated_by: ClassVar[str] = "made"

    kind: Text
    made: Day | None = None
    period: For | None = Field(None, alias="for")
    owner: Text | None = None
    filed: Day | None = None
    filed_with: Text | None = None
    elements: Texts = NOTHING


class Talk(Entry):
    label: ClassVar[str] = "谈心谈话"

    date: Day
    between: list[Text]
    topic: Text | None = None
    kind: Text | None = None

    @model_validator(mode="after")
    def _two_people(self) -> Talk:
        if len(set(self.between)) < 2:
            raise wrong("between", "谈话不足两人", "between 写明谈话双方的姓名")
        return self


class Training(Entry):
    label: ClassVar[str] = "培训"
    dated_by: ClassVar[str] = "start"

    names: Texts | None = Field(None, alias="name")
    audience: Text | None = None
    count: Whole | None = None
    out_of: Whole | None = None
    start: Day = Field(alias="from")
    end: Day | None = Field(None, alias="to")
    days: Number | None = None
    hours: Number | None = None
    organiser: Text | None = None
    topic: Text | None = None


class Document(Entry):
    label: ClassVar[str] = "文件材料"

    kind: Text
    date: Day | None = None
    title: Text | None = None
    ref: Ident | None = None
    period: For | None = Field(None, alias="for")
    items: Texts = NOTHING


class Dues(Entry):
    label: ClassVar[str] = "党费"
    dated_by: ClassVar[str] = "paid_on"

    name: Text
    period: For = Field(alias="month")
    base: Number | None = None
    due: Number | None = None
    paid: Number | None = None
    paid_on: Day | None = None


class Development(Entry):
    """One applicant's path into the Party: each step's name and day."""

    label: ClassVar[str] = "发展党员"
    dated_by: ClassVar[str] = "none"

    name: Text
    steps: dict[str, Day]

    @property
    def none(self) -> None:
        return None


class Winner(Strict):
    name: Text
    post: Text | None = None
    votes: Whole | None = None


class Election(Entry):
    label: ClassVar[str] = "选举"

    date: Day
    kind: Literal["换届", "补选", "调整"] = "换届"
    expected: Whole | None = None
    present: Whole | None = None
    seats: Whole | None = None
    candidates: CountOrPeople | None = None
    ballots: Whole | None = None
    winners: list[Winner] | None = None
    reported: Day | None = None
    approved: Day | None = None
    ref: Ident | None = None


class Grade(Strict):
    name: Text
    grade: Text


class Appraisal(Entry):
    label: ClassVar[str] = "民主评议结果"

    date: Day
    period: For | None = Field(None, alias="for")
    steps: dict[str, Day] | None = None
    assessed: Whole | None = None
    results: list[Grade] | None = None

    @property
    def names(self) -> list[str] | None:
        """Those it gave a grade."""
        return None if self.results is None else [graded.name for graded in self.results]


class Discipline(Entry):
    label: ClassVar[str] = "处分与师德"

    name: Text
    matter: Text
    kind: Literal["党纪", "政务", "政纪", "师德"]
    date: Day = Field(alias="decided")
    ref: Ident | None = None


class Issue(Entry):
    label: ClassVar[str] = "问题与整改"

    date: Day = Field(alias="found")
    kind: Text
    topic: Text
    measure: Text | None = None
    responsible: Text | None = None
    due: Day | None = None
    closed: Day | None = None


class Award(Entry):
    label: ClassVar[str] = "表彰"

    date: Day
    title: Text
    level: Text | None = None
    by: Text | None = None
    ref: Ident | None = None


class Media(Entry):
    label: ClassVar[str] = "媒体报道"

    date: Day
    outlet: Text
    title: Text | None = None
    level: Text | None = None


class Commitment(Entry):
    label: ClassVar[str] = "承诺"

    name: Text
    date: Day
    kind: Text | None = None
    published: Day | None = None
    fulfilled: Day | None = None
    items: Texts = NOTHING


class Transfer(Entry):
    label: ClassVar[str] = "组织关系接转"
    dated_by: ClassVar[str] = "left"

    name: Text
    direction: Literal["转出", "转入"]
    left: Day = Field(alias="out")
    arrived: Day | None = Field(None, alias="in")
    receipt: Day | None = None


class WorkReport(Entry):
    label: ClassVar[str] = "述职"

    name: Text
    date: Day
    to: Texts = NOTHING
    period: For | None = Field(None, alias="for")


class Reflection(Entry):
    label: ClassVar[str] = "学习体会"

    name: Text
    date: Day
    topic: Text | None = None


class Publicity(Entry):
    label: ClassVar[str] = "公开公示"
    dated_by: ClassVar[str] = "start"

    subject: Text
    start: Day = Field(alias="from")
    end: Day | None = Field(None, alias="to")


class Opinion(Entry):
    label: ClassVar[str] = "意见建议"

    date: Day
    source: Text | None = Field(None, alias="from")
    topic: Text
    kind: Text | None = None
    response: Text | None = None


class Contact(Entry):
    label: ClassVar[str] = "联系服务"

    date: Day
    name: Text
    by: Text | None = None
    kind: Text | None = None
    topic: Text | None = None
    response: Text | None = None


class Notice(Entry):
    """Something a superior told the branch to do; ``requires`` is what it asks for."""

    label: ClassVar[str] = "上级通知"

    date: Day
    requires: Text
    due: Day | None = None
    ref: Ident | None = None


class Task(Entry):
    label: ClassVar[str] = "上级任务"
    dated_by: ClassVar[str] = "assigned"

    assigned: Day
    topic: Text
    due: Day | None = None
    completed: Day | None = None


class Dossier(Entry):
    """党员纪实: what the yearly file of a member holds."""

    label: ClassVar[str] = "党员纪实"
    dated_by: ClassVar[str] = "none"

    name: Text
    period: For = Field(alias="for")
    parts: Texts

    @property
    def none(self) -> None:
        return None


class Filing(Entry):
    """Something a branch sent up, as its superior received it."""

    label: ClassVar[str] = "收到的备案"
    dated_by: ClassVar[str] = "received"

    branch: Ident
    kind: Text
    received: Day
    period: For | None = Field(None, alias="for")
    replied: Day | None = None


class Visit(Entry):
    """A leader of the superior at a branch."""

    label: ClassVar[str] = "走访联系"

    date: Day
    by: Text
    level: Text | None = None
    branch: Ident | None = None
    kind: Text | None = None
    topic: Text | None = None


class Inspection(Entry):
    label: ClassVar[str] = "督导检查"

    date: Day
    by: Text
    branch: Ident | None = None
    mode: Text | None = None
    topic: Text | None = None
    finding: Text | None = None


class SelfCheck(Entry):
    label: ClassVar[str] = "自查"

    date: Day
    standard: Text | None = None
    signed_by: Text | None = None
    topics: Texts = NOTHING


class Assessor(Entry):
    """A person's judgement of one rule: what it costs (or earns) and why."""

    label: ClassVar[str] = "评分人意见"
    dated_by: ClassVar[str] = "on"

    rule: Text
    window: Text | None = None
    deduct: Number | None = None
    award: Number | None = None
    by: Text
    on: Day

    @model_validator(mode="after")
    def _one_verdict(self) -> Assessor:
        if (self.deduct is None) == (self.award is None):
            raise wrong("assessment", "评分意见须写且只写扣分或加分之一", "写 deduct（不扣写 0）或 award")
        return self
