"""A waiver (豁免): an approved exemption from rules for a time, with its ground.

Two dates that must not be mixed up: ``covers`` is the time excused, ``expires`` the life of the decision itself. What
was excused (``excuse``) stays excused however late it is audited; a known shortcoming that was accepted for a while
(``accept``) still costs its points, and comes back when the acceptance has run out.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic.config import JsonDict

from dangjian_check.model.fields import ONE_OR_MORE, Day, Ident, Strict, Text, shown, wrong

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


class Covers(Strict):
    """The time excused, both days included."""

    start: Day = Field(alias="from")
    end: Day = Field(alias="to")

    @model_validator(mode="after")
    def _forward(self) -> Covers:
        if self.end < self.start:
            raise wrong("covers", "豁免期间的止日早于起日", "核对 from 与 to")
        return self


class Waiver(Strict):
    """One decision: which rules, whose branches (all if left out), what time, why, who approved it by which document.

    A rule id that ends in ``-*`` stands for every rule whose id begins with what is before the ``*``.
    """

    model_config = ConfigDict(json_schema_extra=_LIFE)

    rules: Annotated[list[RuleIds], ONE_OR_MORE, Field(min_length=1)]
    branches: Annotated[list[Ident], ONE_OR_MORE, Field(min_length=1)] | None = None
    covers: Covers
    effect: Literal["excuse", "accept"]
    reason: Text
    approver: Text
    document: Ident
    approved: Day
    expires: Day | None = None

    @model_validator(mode="after")
    def _life(self) -> Waiver:
        if self.effect == "accept" and self.expires is None:
            raise wrong("expires", "暂时容许（accept）的没有写到哪天为止", "补上 expires: 年-月-日")
        if self.effect == "excuse" and self.expires is not None:
            raise wrong("expires", "免除（excuse）的没有到期一说", "删去 expires；只是暂时容许的，effect 写 accept")
        if self.expires is not None and self.expires < self.approved:
            raise wrong("expires", "到期日早于批准日", "核对 approved 与 expires")
        return self

    def binds(self, rule: str, branch: str) -> bool:
        """Whether it is about this rule of this branch."""
        named = any(rule.startswith(name[:-1]) if name.endswith("*") else rule == name for name in self.rules)
        return named and (self.branches is None or branch in self.branches)


class WaiverFile(Strict):
    """``waivers.yaml``."""

    waivers: list[Waiver]
