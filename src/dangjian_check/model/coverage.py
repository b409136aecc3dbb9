"""Where absence proves something: the days for which a log claims to hold everything of a kind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property, reduce

from dangjian_check.model.calendar import ONE_DAY, Period
from dangjian_check.model.record import SERIES, Record
from dangjian_check.model.vocabulary import activity_type

NOT_CLAIMED = "这段时间的记录没有声明完整"


def merge(spans: Iterable[Period]) -> list[Period]:
    """The same days as disjoint periods in order; touching periods become one."""
    merged: list[Period] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end + ONE_DAY:
            merged[-1] = Period(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def subtract(spans: Iterable[Period], hole: Period) -> list[Period]:
    """The days of ``spans`` outside ``hole``."""
    left: list[Period] = []
    for span in spans:
        if not span.overlaps(hole):
            left.append(span)
            continue
        if span.start < hole.start:
            left.append(Period(span.start, hole.start - ONE_DAY))
        if hole.end < span.end:
            left.append(Period(hole.end + ONE_DAY, span.end))
    return left


def common(one: list[Period], other: list[Period]) -> list[Period]:
    """The days that lie in both, as periods apart."""
    spans = [Period(max(a.start, b.start), min(a.end, b.end)) for a in one for b in other if a.overlaps(b)]
    return sorted(spans)


class CoverageMap:
    """Answers whether a log claims to be complete for a kind of entry over a period.

    With no declared coverage the log is taken as complete from 1 January of its first activity's year to
    ``as_of``; an empty log, for the whole audited period. ``assumed`` says that this was done. A series
    that the record does not keep at all is never complete.
    """

    def __init__(self, record: Record, period: Period, as_of: date) -> None:
        self._record = record
        self._declared = record.coverage or []
        self.assumed = not self._declared
        self._period, self._as_of = period, as_of
        self._alike = not any(claim.types for claim in self._declared)
        self._known: dict[tuple[str, str], list[Period]] = {}

    def keeps(self, series: str) -> bool:
        """Whether the record holds this series at all. The activity log always counts as kept."""
        return series == "activities" or getattr(self._record, series) is not None

    def complete(self, series: str, types: Iterable[str], span: Period) -> bool:
        """Whether every day of ``span`` is claimed complete for each of ``types`` (or the whole series)."""
        return all(any(claim.covers(span) for claim in self.claimed(series, name)) for name in types or ("",))

    def since(self, series: str, types: Iterable[str], day: date) -> date | None:
        """The first day of the stretch, claimed for each of the types, in which ``day`` lies or that begins next after
        it. None if there is none."""
        spans = reduce(common, [self.claimed(series, name) for name in types or ("",)])
        return next((span.start for span in spans if span.end >= day), None)

    def claimed(self, series: str, name: str) -> list[Period]:
        """The days, as periods apart, that are claimed complete for a type (without a name: for the whole series)."""
        if self._alike:
            return self._general if self.keeps(series) else []
        key = (series, name)
        if key not in self._known:
            self._known[key] = self._spans(series, name)
        return self._known[key]

    @cached_property
    def _general(self) -> list[Period]:
        """What is claimed of every series that is kept, where no claim names any."""
        return self._spans("activities", "")

    def _spans(self, series: str, name: str) -> list[Period]:
        if self.assumed:
            return [_assumed(self._record, self._period, self._as_of)] if self.keeps(series) else []
        words = {name, series, SERIES[series].label} - {""}
        spans: list[Period] = []
        for claim in self._declared:
            named = bool(words.intersection(activity_type(word) or word for word in claim.types))
            if claim.complete and (named or (not claim.types and self.keeps(series))):
                spans.append(Period(claim.start, claim.end))
        spans = merge(spans)
        for claim in self._declared:
            written = {activity_type(word) or word for word in claim.types}
            if not claim.complete and (not written or words & written):
                spans = subtract(spans, Period(claim.start, claim.end))
        return spans


def _assumed(record: Record, period: Period, as_of: date) -> Period:
    days = [activity.date for activity in record.activities or ()]
    start = min(days).replace(month=1, day=1) if days else min(period.start, as_of)
    return Period(min(start, as_of), as_of)
