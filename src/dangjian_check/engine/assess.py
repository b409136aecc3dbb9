"""Standard x record -> Assessment."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from dangjian_check.engine.assessment import Assessment, BranchRef
from dangjian_check.engine.assessors import Misfit, apply
from dangjian_check.engine.deficiencies import deficiencies
from dangjian_check.engine.docket import docket
from dangjian_check.engine.due import dues
from dangjian_check.engine.outcomes import Outcomes
from dangjian_check.engine.scoring import score
from dangjian_check.model.activity import Entry
from dangjian_check.model.calendar import Period, year_of
from dangjian_check.model.facts import Facts
from dangjian_check.model.record import Record
from dangjian_check.rulebook.standard import Standard


class Span(NamedTuple):
    """The period audited and the day as of which it is judged."""

    period: Period
    as_of: date


def audit_span(record: Record, period: Period | None, as_of: date | None, today: date) -> Span:
    """The period asked for, else the declared coverage, else the calendar year of the newest entry (of today in
    an empty record); as of the day asked for, else the earlier of today and the period's last day."""
    chosen = period or _declared(record) or year_of(_newest(record, as_of or today))
    return Span(chosen, as_of or min(today, chosen.end))


def _declared(record: Record) -> Period | None:
    claims = [c for c in record.coverage or () if c.complete]
    general = [c for c in claims if not c.types] or claims
    if not general:
        return None
    return Period(min(c.start for c in general), max(c.end for c in general))


def _newest(record: Record, today: date) -> date:
    days = [activity.date for activity in record.activities or ()]
    entries: list[Entry] = [*(record.talks or ()), *(record.training or ()), *(record.plans or ())]
    days = days or [entry.day for entry in entries if entry.day is not None]
    return max((day for day in days if day <= today), default=max(days, default=today))


def assess(
    standard: Standard, facts: Facts, branch: BranchRef, *, with_superior: bool = False
) -> tuple[Assessment, list[Misfit]]:
    """Judge a record by every rule of a standard; the assessor's entries that do not fit come back beside the
    assessment."""
    organization = facts.record.organization is not None
    ready = docket(standard, facts)
    losses = ready.losses(of_organization=organization)
    judged, misfits = apply(ready.outcomes(facts), facts, losses.sheet)
    outcomes = Outcomes.of(judged)
    whose = {"with_superior": with_superior, "of_organization": organization}
    found = deficiencies(branch.id, outcomes, facts, losses, **whose)
    assessment = Assessment(
        branch=branch,
        standard=standard,
        period=facts.period,
        as_of=facts.as_of,
        outcomes=tuple(outcomes),
        deficiencies=found,
        score=score(losses, outcomes, **whose),
        due=dues(outcomes, facts, branch.id, standard.id),
        coverage_assumed=facts.coverage.assumed,
        of_organization=organization,
    )
    return assessment, misfits
