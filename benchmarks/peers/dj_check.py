"""dj-check by its ordinary rule files, at three boundaries: the judging alone, with the index, with the validation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from dangjian_check.engine.assess import Span, audit_span
from dangjian_check.engine.docket import docket
from dangjian_check.engine.outcomes import RuleOutcome
from dangjian_check.loading.standards import load_standard
from dangjian_check.model.facts import Facts
from dangjian_check.model.memo import Frame
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.record import Record
from ten import AS_OF, FOLDER, PARSED, READ, RULES, Answers, Case, Engine, parsed

JUDGING = "dj-check：只判断"
INDEXED = "dj-check：建索引、判断"
VALIDATED = "dj-check：验数据、建索引、判断"
_KEPT = {Outcome.PASS: True, Outcome.PENDING: True, Outcome.NOT_APPLICABLE: True, Outcome.FAIL: False}


@lru_cache(8)
def _frame(span: Span) -> Frame:
    return Frame(span.period, span.as_of)


def _index(record: Record) -> Facts:
    span = audit_span(record, None, AS_OF, AS_OF)
    return Facts(record, span.period, span.as_of, frame=_frame(span))


def _answers(native: Iterable[list[RuleOutcome]]) -> list[Answers]:
    return [_said(outcomes) for outcomes in native]


def _said(outcomes: list[RuleOutcome]) -> Answers:
    """A term that still runs is kept; anything but a plain answer is a ``KeyError``."""
    by_id = {found.rule.id: found for found in outcomes}
    kept = tuple(_KEPT[by_id[f"TEN-{number}"].outcome] for number in range(1, RULES + 1))
    first, third = (
        tuple(w.window.name for w in by_id[name].windows if w.verdict.outcome is Outcome.FAIL)
        for name in ("TEN-1", "TEN-3")
    )
    return Answers(kept, (first, third))


def engines() -> list[Engine]:
    """The same judging, from three starting points."""
    standard = load_standard(FOLDER)

    def outcomes(facts: Facts) -> list[RuleOutcome]:
        return docket(standard, facts).outcomes(facts)

    def indexed(taken: Sequence[Case]) -> list[Facts]:
        return [_index(case.record) for case in taken]

    def records(taken: Sequence[Case]) -> list[Record]:
        return [case.record for case in taken]

    def of_data(data: dict[str, Any]) -> list[RuleOutcome]:
        return outcomes(_index(Record.model_validate(data)))

    return [
        Engine(JUDGING, indexed, lambda given: [outcomes(facts) for facts in given], _answers, READ),
        Engine(INDEXED, records, lambda given: [outcomes(_index(record)) for record in given], _answers, READ),
        Engine(VALIDATED, parsed, lambda given: [of_data(data) for data in given], _answers, PARSED),
    ]
