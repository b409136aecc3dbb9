"""A closed selector over one series: which entries a check counts, answered in three values.

An entry that lacks the field a condition asks about neither counts nor is ruled out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field, model_validator

from dangjian_check.checks.base import Subject
from dangjian_check.checks.condition import Condition
from dangjian_check.checks.matching import (
    Question,
    answers,
    led,
    not_also,
    of_kind,
    of_member,
    organised,
    paired,
    tagged,
)
from dangjian_check.checks.relation import Relation, relates
from dangjian_check.model.fact_names import has_field
from dangjian_check.model.facts import Fact, Facts
from dangjian_check.model.fields import Kinds, Strict, Texts, wrong
from dangjian_check.model.memo import Frame
from dangjian_check.model.outcome import Truth
from dangjian_check.model.record import SERIES


class Demand:
    """The questions of selectors that ask the same; what is found by them for one of these is found for all."""

    def __init__(self, asked: tuple[Question, ...]) -> None:
        self.questions = asked


class Selector(Strict):
    """Entries of one series (``in``, activities by default) that a check counts.

    ``type`` activity types (``not_type`` none of these); ``kind`` the entry's kind; ``tags`` any of these in its
    tags or topic; ``lecturer: 书记`` (``host`` likewise) whoever held that post on the day; ``pair`` the parties of
    a talk; ``where`` conditions on fields; ``by`` how an entry belongs to the subject of ``for_each``; ``also``
    alternatives that count as well; ``of_members`` only what concerns someone on the roster that day.
    """

    series: str = Field("activities", alias="in")
    type: Kinds = []
    kind: Texts = []
    tags: Texts = []
    not_type: Kinds = []
    lecturer: Literal["书记", "副书记", "委员", "普通党员"] | None = None
    host: Literal["书记", "副书记", "委员", "班子"] | None = None
    of_members: bool = False
    pair: Literal["支委-支委", "支委-党员", "党员-党员"] | None = None
    where: dict[str, Condition] = {}
    by: Relation | None = None
    also: list[Selector] = []

    @model_validator(mode="after")
    def _sensible(self) -> Selector:
        if self.series not in SERIES:
            raise wrong("series", f"没有名为 {self.series} 的记录", f"可用：{'、'.join(SERIES)}")
        if self.type and self.series != "activities":
            raise wrong("series", "type 只能用于活动", "其他记录用 kind")
        _must_have(self.series, self.where)
        return self

    def must_have(self, names: Iterable[str]) -> None:
        """Whatever is selected has these fields. Raises the error of a rule that asks for another."""
        for series in sorted(self.all_series()):
            _must_have(series, names)

    @property
    def label(self) -> str:
        """What is counted, in Chinese."""
        what = "或".join(self.type or self.kind) or SERIES[self.series].label
        by = f"由{self.lecturer}主讲的" if self.lecturer else ""
        pair = f"{self.pair.replace('-', '与')}之间的" if self.pair else ""
        about = f"（内容涉及{'、'.join(self.tags)}）" if self.tags else ""
        return f"{by}{pair}{what}{about}" + (f"（{self.conditions}）" if self.where else "")

    @property
    def conditions(self) -> str:
        """What ``where`` asks of an entry, in Chinese."""
        return "、".join(condition.label(name) for name, condition in self.where.items())

    @property
    def not_kept(self) -> str:
        """What is said where a record does not keep its series at all."""
        return f"记录没有“{SERIES[self.series].label}”一栏（{self.series}）"

    def all_series(self) -> frozenset[str]:
        """Every series it looks into."""
        return frozenset({self.series}).union(*(other.all_series() for other in self.also))

    def candidates(self, facts: Facts) -> list[Fact]:
        if self.series != "activities":
            return facts.entries(self.series)
        return facts.held(self.type) if self.type else facts.all_held()

    def demand(self, facts: Facts) -> Demand:
        """What it asks of an entry, leaving time and subject aside: one for all selectors that ask the same."""
        return facts.frame.once(self, "demand", lambda: self._demand(facts.frame))

    def _demand(self, frame: Frame) -> Demand:
        return frame.once(Demand, self.as_written(*_ASKED), lambda: Demand(questions(self)))

    def match(self, fact: Fact, facts: Facts, subject: Subject | None) -> Truth:
        """Whether the entry counts, leaving time aside."""
        truth = answers(self.demand(facts).questions, [fact.entry], facts)[0]
        if subject is None or truth.value is False:
            return truth
        relation = relates(fact, self.by, facts, subject)
        return relation if truth.value or relation.value is False else truth


_ASKED = tuple(Selector.model_fields.keys() - {"by", "also"})


def questions(selector: Selector) -> tuple[Question, ...]:
    """One question for each condition of the selector, in order; none if it asks nothing but the type."""
    return tuple(_questions(selector))


def _questions(selector: Selector) -> Iterator[Question]:
    if selector.kind:
        yield of_kind(selector.kind)
    if selector.tags:
        yield tagged(selector.tags)
    if selector.not_type:
        yield not_also(selector.not_type)
    if selector.lecturer:
        yield led("lecturer", selector.lecturer, "主讲人")
    if selector.host:
        yield led("host", selector.host, "主持人")
    if selector.of_members:
        yield of_member
    if selector.pair:
        yield paired(selector.pair)
    for name, condition in selector.where.items():
        yield condition.question(name)
    if "党课" in selector.type:
        yield organised


def _must_have(series: str, names: Iterable[str]) -> None:
    for name in names:
        if not has_field(SERIES[series], name):
            raise wrong("series", f"{SERIES[series].label}没有 {name} 这一栏", "核对栏名")
