"""``manual``: only a person can judge it."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from dangjian_check.checks.base import Check, Deadline, Subject, Verdict
from dangjian_check.checks.select import NOBODY, OfMembers, Selection
from dangjian_check.model.calendar import Window, add_months
from dangjian_check.model.fact_names import field_value, has_field
from dangjian_check.model.facts import Facts, person_of
from dangjian_check.model.fields import Strict, Text, Texts, wrong
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.record import Member


class By(Strict):
    """When a member's case is due: so many ``months`` after a day on the roster, unless a step has been taken in the
    member's admission (``unless``). ``what`` names what is then to be done."""

    what: Text
    after: Text
    months: int = Field(ge=1, le=120)
    unless: Texts = []

    @model_validator(mode="after")
    def _on_the_roster(self) -> By:
        if not has_field(Member, self.after):
            raise wrong("manual", f"名册没有 {self.after} 这一栏", "写名册里的日期，例如 admitted")
        return self

    def day(self, facts: Facts, subject: Subject | None) -> date | None:
        """The day it is due for this member, if the roster and the steps taken tell."""
        if subject is None or subject.kind != "member":
            return None
        paths = [fact.entry for fact in facts.entries("development") if person_of(fact.entry) == subject.item.name]
        taken = {name: day for path in paths for name, day in getattr(path, "steps", {}).items()}
        since = field_value(subject.item, self.after)
        if any(taken.get(step, date.max) <= facts.as_of for step in self.unless) or not isinstance(since, date):
            return None
        return add_months(since, self.months)


class Manual(Check):
    """Puts a question (``ask``) to a person; an entry under ``assessments`` answers it. ``by`` tells when the matter
    asked about is due for each member."""

    kind: Literal["manual"]
    ask: Text
    by: By | None = None

    def reads(self) -> frozenset[str] | None:
        return frozenset()

    def of_members(self, facts: Facts, window: Window) -> OfMembers:
        return NOBODY

    def alike(self, facts: Facts, found: Selection) -> Hashable:
        return self.kind

    @property
    def owing(self) -> frozenset[Outcome]:
        return frozenset({Outcome.MANUAL}) if self.by is not None else frozenset()

    def judge(self, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        return Verdict(Outcome.MANUAL, self.ask)

    def due(self, facts: Facts, window: Window, subject: Subject | None, verdict: Verdict) -> Deadline | None:
        """On the day the roster gives; that a person has still to judge is no duty of the branch."""
        day = self.by.day(facts, subject) if self.by and verdict.outcome is Outcome.MANUAL else None
        return Deadline(day, self.by.what) if self.by and day else None
