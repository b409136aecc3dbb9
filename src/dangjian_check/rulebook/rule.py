"""A rule: one demand, with its ground, its reason, its remedy and its proof."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from dangjian_check.checks import AnyCheck
from dangjian_check.checks.applies import Applies
from dangjian_check.checks.for_each import ForEach
from dangjian_check.checks.measures import MEASURES
from dangjian_check.model.calendar import Period
from dangjian_check.model.fields import ONE_OR_MORE, Day, For, Strict, Text, Texts, wrong
from dangjian_check.model.outcome import YES, Outcome, Truth

Actor = Literal["branch", "committee", "group", "secretary", "member", "leading-cadre", "superior"]
Strength = Literal["must", "should", "may"]
Severity = Literal["critical", "major", "minor", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "major", "minor", "info")

_ID = r"^[A-Z][A-Za-z0-9.]*(-[A-Za-z0-9.]+)+$"
_ID_SAID = "大写字母开头，只用字母、数字和点，至少两段，段间用 -，例如 MINE-3-1"
ACTOR_LABELS: dict[Actor, str] = {
    "branch": "党支部", "committee": "支委会", "group": "党小组", "secretary": "支部书记", "member": "党员",
    "leading-cadre": "党员领导干部", "superior": "上级党组织",
}  # fmt: skip
STRENGTH_LABELS: dict[Strength, str] = {"must": "应当", "should": "一般", "may": "可以"}
SEVERITY_LABELS: dict[Severity, str] = {"critical": "严重", "major": "较重", "minor": "一般", "info": "提示"}


class Source(Strict):
    """Where a demand is written, and from when to when it is in force (both days included)."""

    document: Text
    number: Text | None = None
    article: Text
    start: Day | None = Field(None, alias="from")
    end: Day | None = Field(None, alias="to")

    @property
    def label(self) -> str:
        return f"《{self.document}》{self.article}"

    def in_force(self, span: Period) -> Truth:
        """Whether the demand was in force on every day of ``span``."""
        if self.start is not None and self.start > span.start:
            return Truth(False, f"{self.label}自 {self.start} 起施行，该期间不完整")
        if self.end is not None and self.end < span.end:
            return Truth(False, f"{self.label}施行至 {self.end}，该期间不完整")
        return YES


class RuleTest(Strict):
    """A short record with the outcomes it must give: by window, by ``window/subject``, ``else``, or overall."""

    name: Text
    as_of: Day | None = None
    period: For | None = None
    record: dict[str, Any] = {}
    expect: Outcome | dict[str, Outcome]

    @model_validator(mode="before")
    @classmethod
    def _text_outcomes(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "expect" not in value:
            return value
        expect = value["expect"]
        parsed = {str(k): _outcome(v) for k, v in expect.items()} if isinstance(expect, dict) else _outcome(expect)
        return {**value, "expect": parsed}


def _outcome(value: Any) -> Outcome:
    try:
        return Outcome(value)
    except ValueError:
        raise wrong("outcome", f"没有 {value} 这种结论", f"可用：{'、'.join(Outcome)}") from None


class Rule(Strict):
    """One demand. ``judgement`` is what remains for a person once the check has passed; ``assumed`` lists
    readings that are ours; ``to_verify`` says what of it was not seen in the original. Nobody may grant a waiver of
    what is not ``waivable``."""

    id: Annotated[Text, Field(pattern=_ID, json_schema_extra={"pattern": _ID, "patternErrorMessage": _ID_SAID})]
    title: Text
    clauses: Texts = []
    source: Annotated[list[Source], ONE_OR_MORE] = Field(min_length=1)
    actor: Actor = "branch"
    strength: Strength = "must"
    severity: Severity = "minor"
    applies_when: Applies | None = None
    for_each: ForEach | None = None
    check: AnyCheck
    judgement: Text | None = None
    assumed: Texts = []
    to_verify: Text | None = None
    seen_in: Literal["branch", "organization"] | None = None
    waivable: bool = True
    reason: Text
    remedy: Text
    tests: list[RuleTest] = []

    @model_validator(mode="after")
    def _asked_of_whom_it_concerns(self) -> Rule:
        each = self.for_each
        put_to = "" if each is None else each.select.series if each.select else each.subjects
        for name in self.check.quantities():
            of = MEASURES[name].of
            if of and of != put_to:
                where = "posts" if of == "posts" else f"entries, select: {{in: {of}}}"
                raise wrong("measure", f"{MEASURES[name].label}（{name}）逐条核才有", f"写 for_each: {{in: {where}}}")
        return self

    @property
    def by_superior(self) -> bool:
        """Whether the duty is the superior's: listed in an annex, never a branch's deficiency."""
        return self.actor == "superior"

    @property
    def shown_in(self) -> Literal["branch", "organization"]:
        """Whose record can show it: the branch's own, or its superior's."""
        return self.seen_in or ("organization" if self.by_superior else "branch")

    @property
    def citation(self) -> Source:
        return self.source[0]

    @property
    def is_conditional(self) -> bool:
        """Whether the demand may not bind some branch, so that a test must prove it."""
        narrowed = self.for_each is not None and self.for_each.is_narrowed
        return self.applies_when is not None or narrowed

    def in_force(self, span: Period) -> Truth:
        return self.citation.in_force(span)

    def known_on(self, day: date) -> bool:
        return self.in_force(Period(day, day)).value is True
