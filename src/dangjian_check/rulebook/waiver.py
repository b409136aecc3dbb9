"""A waiver (豁免): an approved exemption from rules for a time, with its ground.

Two dates that must not be mixed up: ``covers`` is the time excused, ``expires`` the life of the decision itself. What
was excused (``excuse``) stays excused however late it is audited; a known shortcoming that was accepted for a while
(``accept``) still costs its points, and comes back when the acceptance has run out.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic.config import JsonDict

from dangjian_check.model.calendar import LAST_DAY, Period, Window
from dangjian_check.model.fields import ONE_OR_MORE, Day, Ident, Strict, Text, shown, wrong
from dangjian_check.model.personal import redacted

Effect = Literal["excuse", "accept"]
EFFECT_LABELS: dict[Effect, str] = {"excuse": "免除", "accept": "暂时容许"}
EFFECT_WORDS: dict[Effect, str] = {"excuse": "免除，不扣分", "accept": "暂时容许，仍扣分"}
_CASES = ("on:", "gap:", "term:")
_RULES = r"^[A-Z][A-Za-z0-9.]*(-[A-Za-z0-9.]+)*-([A-Za-z0-9.]+|\*)$"
_EXAMPLE = "写规则编号，例如 NAT-ZB-12-1；一组的写 NAT-ZB-12-*"


def _with_effect(effect: str, expires: JsonDict) -> JsonDict:
    """If the effect is this one, what holds of ``expires``: in the words of a JSON Schema."""
    return {"if": {"required": ["effect"], "properties": {"effect": {"const": effect}}}, "then": expires}


_LIFE: JsonDict = {
    "allOf": [
        _with_effect("accept", {"required": ["expires"], "properties": {"expires": {"type": "string"}}}),
        _with_effect("excuse", {"properties": {"expires": {"type": "null"}}}),
    ]
}


def _rules(value: Any) -> Any:
    if not isinstance(value, str):
        raise wrong("rules", f"规则编号写成了 {shown(value)}", _EXAMPLE)
    if re.fullmatch(_RULES, value) is None:
        raise wrong("rules", f"{shown(value)} 不是规则编号", _EXAMPLE)
    return value


RuleIds = Annotated[
    str,
    BeforeValidator(_rules),
    WithJsonSchema({"type": "string", "pattern": _RULES, "patternErrorMessage": _EXAMPLE}),
]


# Nothing of a waiver is shown with a personal number in it.
Word = Annotated[Text, AfterValidator(redacted)]
Name = Annotated[Ident, AfterValidator(redacted)]


class Covers(Strict):
    """The time excused, both days included; without ``to`` all from the first day on."""

    start: Day = Field(alias="from")
    end: Day | None = Field(None, alias="to")

    @model_validator(mode="after")
    def _forward(self) -> Covers:
        if self.end is not None and self.end < self.start:
            raise wrong("covers", "豁免期间的止日早于起日", "核对 from 与 to")
        return self

    def holds(self, window: Window) -> bool:
        """Whether a window lies inside: its whole length, or for a single case (an entry, a gap, a term) the day on
        which it fell or ran out. A month inside a quarter is not the quarter."""
        span = Period(self.start, self.end or LAST_DAY)
        return span.contains(window.end) if window.name.startswith(_CASES) else span.covers(window)


class Waiver(Strict):
    """One decision: which rules, whose branches (all if left out), what time, why, who approved it by which document.

    A rule id that ends in ``-*`` stands for every rule whose id begins with what is before the ``*``.
    """

    model_config = ConfigDict(json_schema_extra=_LIFE)

    id: Name | None = None
    rules: Annotated[list[RuleIds], ONE_OR_MORE, Field(min_length=1)]
    branches: Annotated[list[Name], ONE_OR_MORE, Field(min_length=1)] | None = None
    covers: Covers
    effect: Effect
    reason: Word
    approver: Word
    document: Name
    approved: Day | None = None
    expires: Day | None = None

    @model_validator(mode="after")
    def _life(self) -> Waiver:
        if self.effect == "accept" and self.expires is None:
            raise wrong("expires", "暂时容许（accept）的没有写到哪天为止", "补上 expires: 年-月-日")
        if self.effect == "excuse" and self.expires is not None:
            raise wrong("expires", "免除（excuse）的没有到期一说", "删去 expires；只是暂时容许的，effect 写 accept")
        if self.expires is not None and self.approved is not None and self.expires < self.approved:
            raise wrong("expires", "到期日早于批准日", "核对 approved 与 expires")
        return self

    @property
    def name(self) -> str:
        """How the waiver is called: its id, else the document that grants it."""
        return self.id or self.document

    def binds(self, rule: str, branch: str) -> bool:
        """Whether it is about this rule of this branch."""
        concerned = self.branches is None or redacted(branch) in self.branches
        return concerned and any(stands_for(name, rule) for name in self.rules)

    def expired(self, as_of: date) -> bool:
        """Whether it has run out; the last day still counts."""
        return self.expires is not None and self.expires < as_of

    @property
    def order(self) -> tuple[str, ...]:
        """A key that does not depend on where the waiver stands: an excuse first, then the longest-lived."""
        end = (LAST_DAY - (self.expires or LAST_DAY)).days
        words = (self.name, self.document, self.approver, self.reason, str(self.approved), str(self.covers))
        return ("0" if self.effect == "excuse" else "1", f"{end:06d}", *words, *sorted(self.rules))


def stands_for(name: str, rule: str) -> bool:
    """Whether a name in ``rules`` is this rule or a group that it belongs to."""
    return rule.startswith(name[:-1]) if name.endswith("*") else rule == name


class WaiverFile(Strict):
    """``waivers.yaml``."""

    waivers: list[Waiver]
