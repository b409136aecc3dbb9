"""A waiver: what a superior decided about duties that were not met, with its ground, its reach and its end.

Two spans are kept apart: ``covers`` is the time whose duties are excused, ``expires`` the last day on which an
acceptance still holds. What was excused for July stays excused when July is audited years later.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from dangjian_check.model.calendar import LAST_DAY, Period, Window
from dangjian_check.model.fields import ONE_OR_MORE, Day, Ident, Strict, Text, wrong

Effect = Literal["excuse", "accept"]
EFFECT_LABELS: dict[Effect, str] = {"excuse": "免除", "accept": "暂缓"}
EFFECT_WORDS: dict[Effect, str] = {"excuse": "免除，不扣分", "accept": "暂缓，仍扣分"}
_CASES = ("on:", "gap:", "term:")


class Covers(Strict):
    """The days whose duties are waived, both included; without ``to`` all from the first on."""

    start: Day = Field(alias="from")
    end: Day | None = Field(None, alias="to")

    @model_validator(mode="after")
    def _ordered(self) -> Covers:
        if self.end is not None and self.end < self.start:
            raise wrong("covers", f"covers 的 to（{self.end}）早于 from（{self.start}）", "对调，或核对批件")
        return self

    def holds(self, window: Window) -> bool:
        """Whether a window lies inside: its whole length, or for a single case (an entry, a gap, a term) the day on
        which it fell or ran out. A month inside a quarter is not the quarter."""
        span = Period(self.start, self.end or LAST_DAY)
        return span.contains(window.end) if window.name.startswith(_CASES) else span.covers(window)


class Waiver(Strict):
    """One decision. ``excuse``: the windows count as not applicable. ``accept``: they still cost points, but nobody
    is held up by them until ``expires`` (that day included)."""

    id: Ident | None = None
    rules: Annotated[list[Text], ONE_OR_MORE] = Field(min_length=1)
    branches: Annotated[list[Ident], ONE_OR_MORE] | None = Field(None, min_length=1)
    covers: Covers
    effect: Effect
    reason: Text
    approver: Text
    approved: Day | None = None
    document: Text
    expires: Day | None = None

    @model_validator(mode="after")
    def _ends(self) -> Waiver:
        if self.effect == "accept" and self.expires is None:
            raise wrong("expires", "暂缓（accept）没有写到哪天为止", "补上“expires: 年-月-日”，含当日")
        if self.effect == "excuse" and self.expires is not None:
            raise wrong("expires", "免除（excuse）不写 expires", "免的是哪一段写在 covers 里；只是暂缓的改为 accept")
        if self.approved and self.expires and self.expires < self.approved:
            raise wrong("expires", f"到期日 {self.expires} 早于批准日 {self.approved}", "核对批件")
        return self

    @property
    def name(self) -> str:
        """How the waiver is called: its id, else the document that grants it."""
        return self.id or self.document

    def names(self, rule: str, branch: str) -> bool:
        """Whether it is about this rule of this branch."""
        return rule in self.rules and (self.branches is None or branch in self.branches)

    def expired(self, as_of: date) -> bool:
        """Whether it has run out; the last day still counts."""
        return self.expires is not None and self.expires < as_of

    @property
    def order(self) -> tuple[str, ...]:
        """A key that does not depend on where the waiver stands: an excuse first, then the longest-lived."""
        end = (LAST_DAY - (self.expires or LAST_DAY)).days
        words = (self.name, self.document, self.approver, self.reason, str(self.approved), str(self.covers))
        return ("0" if self.effect == "excuse" else "1", f"{end:06d}", *words, *sorted(self.rules))


class WaiverFile(Strict):
    """A ``waivers.yaml``."""

    waivers: list[Waiver]
