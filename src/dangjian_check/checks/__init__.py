"""How a demand is tested: the table of check kinds, one file each."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dangjian_check.checks.base import Check
from dangjian_check.checks.fixed_day import FixedDay
from dangjian_check.checks.frequency import Frequency
from dangjian_check.checks.interval import Interval
from dangjian_check.checks.limit import Limit
from dangjian_check.checks.manual import Manual
from dangjian_check.checks.presence import Presence
from dangjian_check.checks.procedure import Procedure
from dangjian_check.checks.share import Share
from dangjian_check.checks.term import Term

AnyCheck = Annotated[
    Frequency | Interval | Term | Limit | Presence | Procedure | FixedDay | Share | Manual,
    Field(discriminator="kind"),
]

KINDS: dict[str, type[Check]] = {
    "frequency": Frequency,
    "interval": Interval,
    "term": Term,
    "limit": Limit,
    "presence": Presence,
    "procedure": Procedure,
    "fixed_day": FixedDay,
    "share": Share,
    "manual": Manual,
}
