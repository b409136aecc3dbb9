"""What is looked up once for a record and asked many times: claims on single days, days nobody wrote, limits that
changed."""

from __future__ import annotations

import pytest

from builders import outcomes, rule_of

TALKS = "for_each: {in: entries, select: {type: 党员大会}}\ncheck: {kind: presence, select: {type: 党课}}"
HELD = "log: [{id: a, date: 2024-03-05, type: 党员大会}]"


@pytest.mark.parametrize(("claimed", "expected"), [("2024-12-31", "fail"), ("2024-03-04", "unknown")])
def test_a_day_is_a_window_whose_claim_is_asked_for(claimed: str, expected: str):
    """What lacks on a day fails only where the log claims to hold everything of that day."""
    record = f"{{{HELD}, coverage: {{from: 2024-01-01, to: {claimed}}}}}"
    assert {"on:a": expected} == outcomes(rule_of(TALKS), record, "2024", "2024-12-31")


def test_share_alike_in_two_years_is_judged_by_the_limit_of_each():
    """Two of five: a third was enough at first, later a half is owed."""
    rule = rule_of(
        "check: {kind: share, part: {type: 党课, tags: [警示教育]}, whole: {type: 党课}, per: year, "
        "min: {values: {2020-01-01: 1/3, 2024-01-01: 1/2}}}"
    )
    held = [
        f"{{date: {year}-0{month}-05, type: 党课{', tags: [警示教育]' if month < 3 else ''}}}"
        for year in (2023, 2024)
        for month in range(1, 6)
    ]
    record = f"{{log: [{', '.join(held)}], coverage: {{from: 2023-01-01, to: 2024-12-31}}}}"
    assert {"2023": "pass", "2024": "fail"} == outcomes(rule, record, "2023..2024", "2024-12-31")
