"""``manual``: only a person can judge it."""

from __future__ import annotations

from typing import Literal

from dangjian_check.checks.base import Check, Subject, Verdict
from dangjian_check.model.calendar import Window
from dangjian_check.model.facts import Facts
from dangjian_check.model.fields import Text
from dangjian_check.model.outcome import Outcome


class Manual(Check):
    """Puts a question (``ask``) to a person; an entry under ``assessments`` answers it."""

    kind: Literal["manual"]
    ask: Text

    def judge(self, facts: Facts, window: Window, subject: Subject | None) -> Verdict:
        return Verdict(Outcome.MANUAL, self.ask)
