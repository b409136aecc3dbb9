"""The record of one branch, format 1: what is read from ``branch.yaml``. Only ``branch.name`` is required."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from dangjian_check.model import series
from dangjian_check.model.activity import Activity, Entry
from dangjian_check.model.calendar import Window
from dangjian_check.model.fields import NOTHING, ONE_OR_MORE, Day, Ident, Strict, Text, Texts, Whole, wrong
from dangjian_check.model.vocabulary import WEEKDAYS, BranchType, roles

Weekday = Literal["周一", "周二", "周三", "周四", "周五", "周六", "周日"]


class ThemeDay(Strict):
    """The day of the month a branch has announced for its 主题党日."""

    day: Annotated[int, Field(ge=1, le=31)] | None = None
    weekday: Weekday | None = None
    nth: Annotated[int, Field(ge=1, le=5)] | None = None
    start: Day | None = Field(None, alias="from")

    @model_validator(mode="after")
    def _one_form(self) -> ThemeDay:
        if (self.day is None) == (self.weekday is None) or (self.nth is not None and self.weekday is None):
            raise wrong("theme_day", "主题党日的约定不明确", "写 {day: 15}，或 {weekday: 周五, nth: 1}")
        return self

    @property
    def label(self) -> str:
        if self.day is not None:
            return f"每月{self.day}日"
        return f"每月第{self.nth}个{self.weekday}" if self.nth else f"每月的{self.weekday}"

    @property
    def weekday_index(self) -> int | None:
        return WEEKDAYS.index(self.weekday) if self.weekday else None


class Unit(Strict):
    """A unit that shares a joint branch; ``formal`` is its number of full members."""

    name: Text
    formal: Whole | None = None


class Venue(Strict):
    address: Text | None = None
    fixed: bool | None = None
    shared_with: Texts = NOTHING


class Accreditation(Strict):
    level: Literal["达标", "校级样板", "省级样板", "国家级样板"]
    date: Day


class Branch(Strict):
    """The branch itself."""

    id: Ident | None = None
    name: Text
    type: BranchType | None = None
    parent: Text | None = None
    founded: Day | None = None
    dissolved: Day | None = None
    standards: Texts | None = None
    theme_day: Annotated[list[ThemeDay], ONE_OR_MORE] | None = None
    joint: bool | None = None
    joint_units: list[Unit] = NOTHING
    setup_basis: Text | None = None
    dispersed: bool | None = None
    venue: Venue | None = None
    accreditation: list[Accreditation] = NOTHING


class Organization(Strict):
    """A superior organization: its own record is judged by the duties of superiors."""

    id: Ident | None = None
    name: Text
    type: Literal["院级党组织", "学校党委", "镇党委", "教育党工委", "机关党委", "企业党委", "其他"] | None = None
    parent: Text | None = None
    founded: Day | None = None
    dissolved: Day | None = None
    standards: Texts | None = None

    def as_body(self) -> Branch:
        """What it shares with a branch: name, dates, standards."""
        return Branch.model_validate(self.model_dump(exclude={"type"}, exclude_none=True))


class BranchRow(Strict):
    """A branch on its superior's list."""

    id: Ident | None = None
    name: Text
    type: BranchType | None = None
    founded: Day | None = None
    dissolved: Day | None = None
    members: Whole | None = None
    secretary: Text | None = None
    venue: bool | None = None
    accreditation: list[Accreditation] = NOTHING

    @property
    def key(self) -> str:
        return self.id or self.name


class Coverage(Strict):
    """What the log claims to hold completely; without ``types`` every series and type it keeps."""

    start: Day = Field(alias="from")
    end: Day = Field(alias="to")
    types: Texts = NOTHING
    complete: bool = True

    @model_validator(mode="after")
    def _forward(self) -> Coverage:
        if self.end < self.start:
            raise wrong("coverage", "完整期间的止日早于起日", "核对 from 与 to")
        return self


class Semester(Strict):
    name: Text
    start: Day = Field(alias="from")
    end: Day = Field(alias="to")

    @property
    def window(self) -> Window:
        return Window(self.start, self.end, self.name)


class SchoolCalendar(Strict):
    semesters: list[Semester] = NOTHING


class Post(Strict):
    """A post held by someone; ``post`` is as people write it (书记兼组织委员)."""

    name: Text
    post: Text
    since: Day | None = None
    until: Day | None = None
    mode: Literal["选举", "指派", "补选"] | None = None
    ref: Ident | None = None
    acting: bool = False
    duty: Text | None = None
    dual_leader: bool | None = None
    backbone: Literal["教学", "科研", "管理", "无"] | None = None
    identity: Literal["专职辅导员", "兼职辅导员", "党员教师", "学生党员", "其他"] | None = None
    qualified: bool | None = None
    admin_post: Text | None = None

    @model_validator(mode="after")
    def _known(self) -> Post:
        if not roles(self.post):
            raise wrong("post", "职务里没有“书记”或“委员”", "例如 书记、副书记、组织委员、委员")
        return self

    @property
    def roles(self) -> frozenset[str]:
        return roles(f"{self.duty or ''}委员" if self.post == "委员" else self.post)


class Extension(Strict):
    """A term prolonged with approval; it counts only if approved before the term ran out."""

    until: Day
    approved: Day
    ref: Ident | None = None


class Committee(Strict):
    """One 届: elected when, for how long, with whom. A branch without a 支委会 lists its secretary here too."""

    exists: bool | None = None
    formed: Day | None = None
    elected: Day | None = None
    term_years: Annotated[int, Field(ge=1, le=5)] | None = None
    extension: Extension | None = None
    posts: list[Post] = NOTHING


class Group(Strict):
    id: Ident
    name: Text | None = None
    formed: Day | None = None
    dissolved: Day | None = None
    leader: Text | None = None

    @property
    def label(self) -> str:
        return self.name or self.id


class Exemption(Strict):
    kind: Literal["年老体弱", "长期患病卧床"]
    applied: Day | None = None
    approved: Day | None = None
    until: Day | None = None


class Member(Strict):
    """A member of the branch; ``start`` and ``end`` bound the membership here."""

    id: Ident | None = None
    name: Text
    status: Literal["正式", "预备"]
    admitted: Day | None = None
    confirmed: Day | None = None
    start: Day | None = Field(None, alias="from")
    end: Day | None = Field(None, alias="to")
    group: Ident | None = None
    leading_cadre: bool | None = None
    teacher: bool | None = None
    category: Text | None = None
    mobility: Literal["正常", "流动", "失联"] = "正常"
    exemptions: list[Exemption] = NOTHING

    @property
    def key(self) -> str:
        return self.id or self.name


class Headcount(Strict):
    formal: Whole
    probationary: Whole = 0


class Record(Strict):
    """The record of one branch or one superior organization. A series left out was not kept; see
    `dangjian_check.model.series`."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["branch"]}, {"required": ["organization"]}]})

    format: Literal[1] = 1
    branch: Branch | None = None
    organization: Organization | None = None
    branches: list[BranchRow] | None = None
    coverage: Annotated[list[Coverage], ONE_OR_MORE] | None = None
    calendar: SchoolCalendar | None = None
    committee: Annotated[list[Committee], ONE_OR_MORE] | None = None
    groups: list[Group] | None = None
    members: list[Member] | None = None
    headcount: Headcount | None = None
    activities: list[Activity] | None = None
    plans: list[series.Plan] | None = None
    talks: list[series.Talk] | None = None
    training: list[series.Training] | None = None
    documents: list[series.Document] | None = None
    dues: list[series.Dues] | None = None
    development: list[series.Development] | None = None
    elections: list[series.Election] | None = None
    appraisals: list[series.Appraisal] | None = None
    discipline: list[series.Discipline] | None = None
    issues: list[series.Issue] | None = None
    awards: list[series.Award] | None = None
    media: list[series.Media] | None = None
    commitments: list[series.Commitment] | None = None
    transfers: list[series.Transfer] | None = None
    reports: list[series.WorkReport] | None = None
    reflections: list[series.Reflection] | None = None
    publicity: list[series.Publicity] | None = None
    opinions: list[series.Opinion] | None = None
    contacts: list[series.Contact] | None = None
    notices: list[series.Notice] | None = None
    tasks: list[series.Task] | None = None
    dossiers: list[series.Dossier] | None = None
    inspections: list[series.Inspection] | None = None
    selfchecks: list[series.SelfCheck] | None = None
    filings: list[series.Filing] | None = None
    visits: list[series.Visit] | None = None
    assessments: list[series.Assessor] = NOTHING

    @model_validator(mode="after")
    def _one_body(self) -> Record:
        if (self.branch is None) == (self.organization is None):
            raise wrong(
                "body", "要写且只写一个主体", "支部记录写 branch: {name: …}；上级党组织的记录写 organization: {name: …}"
            )
        if self.branches is not None and self.organization is None:
            raise wrong("body", "支部的记录里写了 branches", "branches 只用在上级党组织的记录里")
        return self

    @property
    def body(self) -> Branch:
        """The branch, or what an organization shares with one."""
        if self.branch is not None:
            return self.branch
        assert self.organization is not None
        return self.organization.as_body()


SERIES: dict[str, type[Entry]] = {
    "activities": Activity,
    "plans": series.Plan,
    "talks": series.Talk,
    "training": series.Training,
    "documents": series.Document,
    "dues": series.Dues,
    "development": series.Development,
    "elections": series.Election,
    "appraisals": series.Appraisal,
    "discipline": series.Discipline,
    "issues": series.Issue,
    "awards": series.Award,
    "media": series.Media,
    "commitments": series.Commitment,
    "transfers": series.Transfer,
    "reports": series.WorkReport,
    "reflections": series.Reflection,
    "publicity": series.Publicity,
    "opinions": series.Opinion,
    "contacts": series.Contact,
    "notices": series.Notice,
    "tasks": series.Task,
    "dossiers": series.Dossier,
    "inspections": series.Inspection,
    "selfchecks": series.SelfCheck,
    "filings": series.Filing,
    "visits": series.Visit,
}
