"""One activity of the log: what was held, when, by whom, with whom."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from dangjian_check.model.calendar import Period
from dangjian_check.model.fields import (
    NOTHING,
    ONE_OR_MORE,
    Clock,
    Day,
    For,
    Ident,
    Kinds,
    Number,
    Strict,
    Text,
    Texts,
    Whole,
)

BESIDE_THE_POINT = frozenset({"id", "remark", "evidence"})  # fields that do not tell an entry from another


class Entry(Strict):
    """One line of a series."""

    dated_by: ClassVar[str] = "date"
    label: ClassVar[str] = ""

    id: Ident | None = None
    remark: Text | None = None
    evidence: Texts = NOTHING

    @property
    def day(self) -> date | None:
        """The day that places this entry in a window, or None if it was not written."""
        value = getattr(self, self.dated_by)
        return value if isinstance(value, date) else None


class Person(Strict):
    """Someone named in a list; a bare name is short for ``{name: …}``."""

    name: Text
    reason: Text | None = None
    role: Literal["普通党员", "主持", "嘉宾", "上级", "检查"] | None = Field(None, alias="as")

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"name": value} if not isinstance(value, dict) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(schema)]}


People = Annotated[list[Person], ONE_OR_MORE]
CountOrPeople = Annotated[
    Annotated[Whole, Tag("count")] | Annotated[People, Tag("people")],
    Discriminator(lambda value: "people" if isinstance(value, list) else "count"),
]


def head_count(value: int | list[Person] | None) -> int | None:
    """How many people a count or list stands for; None if neither was written."""
    return len(value) if isinstance(value, list) else value


class Attendance(Strict):
    """Who came: 应到, 实到, 请假, 缺席, 补学, 列席; and of those with a vote, how many."""

    expected: Whole | None = None
    present: CountOrPeople | None = None
    leave: CountOrPeople | None = None
    absent: CountOrPeople | None = None
    make_up: People = NOTHING
    exempt: People = NOTHING
    guests: People = NOTHING
    voting_expected: Whole | None = None
    voting_present: Whole | None = None

    def names(self) -> frozenset[str] | None:
        """Names of those present, or None if only a number (or nothing) was written."""
        return frozenset(p.name for p in self.present) if isinstance(self.present, list) else None


class Vote(Strict):
    """One matter put to the vote; counts are of ballots."""

    matter: Text
    in_favour: Whole = Field(alias="for")
    against: Whole | None = None
    abstained: Whole | None = None
    passed: bool | None = None


class Minutes(Strict):
    written: Day | None = None
    recorder: Text | None = None
    page: Ident | None = None


class Shift(Strict):
    """Why a fixed day was moved."""

    planned: Day | None = None
    reason: Text


class Statement(Strict):
    """What one person said at an organizational-life meeting."""

    name: Text
    self_criticism: bool = True
    criticised: Texts = NOTHING


class Activity(Entry):
    label: ClassVar[str] = "活动"

    date: Day
    until: Day | None = None
    start: Clock | None = None
    end: Clock | None = None
    type: Annotated[Kinds, Field(min_length=1)]
    topic: Text | None = None
    status: Literal["已召开", "计划", "取消", "流会"] = "已召开"
    level: Literal["支部", "党小组", "支委会", "上级"] | None = None
    group: Annotated[list[Ident], ONE_OR_MORE] | None = None
    joint_with: Texts = NOTHING
    host: Text | None = None
    recorder: Text | None = None
    lecturer: Texts | None = None
    tags: Texts | None = None
    agenda: Texts | None = None
    attendance: Attendance | None = None
    place: Ident | None = None
    hours: Number | None = None
    minutes: Minutes | None = None
    votes: list[Vote] = NOTHING
    branches: Annotated[list[Ident], ONE_OR_MORE] | None = None
    statements: list[Statement] | None = None
    shift: Shift | None = None
    period: For | None = Field(None, alias="for")
    notice: Ident | None = None


def period_of(entry: Entry) -> Period | None:
    """The period an entry says it is for, when it says so."""
    value = vars(entry).get("period")
    return value if isinstance(value, Period) else None


def all_it_says(entry: Entry) -> str:
    """All that an entry says but its id and remarks: an order that depends neither on the file nor on its keys."""
    said = {name: value for name, value in vars(entry).items() if name not in BESIDE_THE_POINT}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, default=_in_json)


def _in_json(value: Any) -> Any:
    if isinstance(value, Strict):
        return vars(value)
    return {"start": value.start, "end": value.end} if isinstance(value, Period) else str(value)
