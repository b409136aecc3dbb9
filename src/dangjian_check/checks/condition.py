"""What one field of an entry, or of a subject, must be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field, model_validator

from dangjian_check.checks.matching import Question
from dangjian_check.model.fact_names import field_value, label_of
from dangjian_check.model.facts import Facts
from dangjian_check.model.fields import Strict, Texts, wrong
from dangjian_check.model.outcome import YES, Truth


class Condition(Strict):
    """What one field of an entry must be: ``is`` one of these, ``has`` one of these, or ``exists``."""

    one_of: Texts | None = Field(None, alias="is")
    has: Texts | None = None
    exists: bool | None = None

    @model_validator(mode="after")
    def _one(self) -> Condition:
        if sum(v is not None for v in (self.one_of, self.has, self.exists)) != 1:
            raise wrong("condition", "条件须写且只写一种", "写 is、has、exists 之一")
        return self

    def label(self, name: str) -> str:
        """The condition on this field, in Chinese."""
        if self.exists is not None:
            return f"{'写有' if self.exists else '没有写'}{label_of(name)}"
        verb, wanted = ("为", self.one_of) if self.one_of else ("含", self.has or [])
        return f"{label_of(name)}{verb}{'或'.join({'true': '是', 'false': '否'}.get(w, w) for w in wanted)}"

    def question(self, name: str) -> Question:
        """Whether an entry's field is as it must be."""
        empty, met, unmet = self._answers(name)

        def ask(entries: Sequence[Any], facts: Facts) -> list[Truth]:
            values = [field_value(entry, name) for entry in entries]
            return [empty if v is None or v == [] else met if self._met(v) else unmet for v in values]

        return ask

    def holds(self, value: Any, name: str) -> Truth:
        """Whether a value of this field is as it must be."""
        empty, met, unmet = self._answers(name)
        return empty if value is None or value == [] else met if self._met(value) else unmet

    def _answers(self, name: str) -> tuple[Truth, Truth, Truth]:
        """What is said of nothing, of a value that is as it must be, of any other."""
        label = label_of(name)
        if self.exists is not None:
            return Truth(False, f"{label}没有填写") if self.exists else YES, YES, Truth(False, f"{label}已填写")
        wanted = self.one_of or self.has or []
        return Truth(None, f"没有填写{label}"), YES, Truth(False, f"{label}不是{'、'.join(wanted)}")

    def _met(self, value: Any) -> bool:
        """Whether a value that is there is one that is wanted."""
        if self.exists is not None:
            return self.exists
        values = {str(v) for v in value} if isinstance(value, list) else {_written(value)}
        return not values.isdisjoint(self.one_of or self.has or [])


def _written(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
