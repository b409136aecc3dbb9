"""What is counted of a set of assessments, by SQL: the tables ``seen`` and ``rows`` of `counting` become tallies.

Points are counted in ten-thousandths, as exactly as rows write them.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from dangjian_check.engine.overview import NO_UNIT, Missed, Unit
from dangjian_check.engine.reported import ReportedDuty, ReportedSource
from dangjian_check.engine.summary import ItemLoss, Tally
from dangjian_check.model.outcome import Outcome

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

UNIT = 10_000
# The key of a set: a standard (``s``) or one of its moments (``t``).
Key = Literal["s", "t"]
Tallies = dict[int, Tally]

_COUNTED = f"""
SELECT {{key}}, count(*), count(*) FILTER (judged), count(*) FILTER (judged AND missed = 0), sum(missed), sum(waiting),
  sum(waived), {", ".join(f"sum(n_{outcome.value})" for outcome in Outcome)}
FROM seen GROUP BY 1
"""
_SCORED = f"""
SELECT {{key}}, most, count(*), sum(low), sum(high), sum((completeness * {UNIT})::BIGINT),
  min(low), max(low), min(high), max(high)
FROM seen WHERE scored GROUP BY 1, 2 ORDER BY min(n)
"""
_BANDS = """
SELECT {key}, least(9, greatest(0, {end} * 10 // most)), count(*) FROM seen WHERE scored GROUP BY 1, 2
"""
_UNITS = """
SELECT {key}, coalesce(parent, ''), CASE WHEN scored THEN most END AS of, count(*), sum(missed),
  count(*) FILTER (judged AND missed = 0), sum(waiting), sum(low), sum(high)
FROM seen GROUP BY ALL ORDER BY min(n)
"""
_MISSED = """
(SELECT {key}, n, standard, d FROM seen JOIN (
  SELECT file_row_number AS n, unnest(list_filter(deficiencies, lambda d: d.waiver IS NULL)) AS d FROM rows
) USING (n))
"""
_DUTIES = f"""
SELECT {{key}}, standard, d.rule, d.severity, count(*), sum((d.deduction * {UNIT})::BIGINT), min(n) AS first,
  arg_min([d.title, d.remedy, d.document, d.article, d.number], n)
FROM {_MISSED} GROUP BY ALL ORDER BY first
"""
_WHO = f"""
SELECT {{key}}, standard, rule, list(n ORDER BY n)
FROM (SELECT DISTINCT {{key}}, standard, d.rule AS rule, n FROM {_MISSED}) GROUP BY ALL
"""
_ITEMS = f"""
SELECT {{key}}, i.id, arg_min(i.title, n), sum(((i.points - i.high) * {UNIT})::BIGINT),
  sum(((i.high - i.low) * {UNIT})::BIGINT), sum((i.points * {UNIT})::BIGINT), count(*) FILTER (i.high < i.points)
FROM seen JOIN (SELECT file_row_number AS n, unnest(items) AS i FROM rows) USING (n)
WHERE scored GROUP BY 1, 2 ORDER BY min(n)
"""


def tallies(sql: DuckDBPyConnection, key: Key, branches: dict[int, str]) -> Tallies:
    """The tally of every set; ``branches`` names the branch of each row."""
    found: Tallies = {}
    for k, number, judged, clean, missed, waiting, waived, *outcomes in _all(sql, _COUNTED, key):
        found[k] = Tally(count=number, judged=judged, clean=clean, deficiencies=missed, waiting=waiting, waived=waived)
        found[k].outcomes.update(dict(zip(Outcome, outcomes, strict=True)))
    _add_scores(sql, key, found)
    _add_units(sql, key, found)
    _add_missed(sql, key, found, branches)
    for k, item, title, lost, open_, points, lossy in _all(sql, _ITEMS, key):
        found[k].items[item] = ItemLoss(item, title, _points(lost), _points(open_), _points(points), lossy)
    return found


def _all(sql: DuckDBPyConnection, query: str, key: Key, end: str = "") -> list[tuple[Any, ...]]:
    return sql.execute(query.format(key=key, end=end)).fetchall()


def _points(number: int) -> Fraction:
    return Fraction(number, UNIT)


def _add_scores(sql: DuckDBPyConnection, key: Key, found: Tallies) -> None:
    """Maximum by maximum, so that parts of different maxima add up exactly."""
    for k, most, number, low, high, completeness, *ends in _all(sql, _SCORED, key):
        tally, shares = found[k], [Fraction(end, most) for end in ends]
        tally.scored += number
        tally.maxima[_points(most)] += number
        for place, value in enumerate((Fraction(low, most), Fraction(high, most), _points(completeness))):
            tally.shares[place] += value
        lowest, highest = (min(shares[:2]), min(shares[2:])), (max(shares[:2]), max(shares[2:]))
        before, after = tally.lowest or lowest, tally.highest or highest
        tally.lowest = (min(before[0], lowest[0]), min(before[1], lowest[1]))
        tally.highest = (max(after[0], highest[0]), max(after[1], highest[1]))
    for end in ("low", "high"):
        for k, band, number in _all(sql, _BANDS, key, end):
            getattr(found[k].overview.bands, end)[band] = number


def _add_units(sql: DuckDBPyConnection, key: Key, found: Tallies) -> None:
    for k, parent, most, number, missed, clean, waiting, low, high in _all(sql, _UNITS, key):
        name = parent or NO_UNIT
        unit = found[k].overview.by_unit.setdefault(name, Unit(name))
        unit.count += number
        unit.deficiencies += missed
        unit.clean += clean
        unit.waiting += waiting
        if most is not None:
            unit.scored += number
            unit.low += Fraction(low, most)
            unit.high += Fraction(high, most)


def _add_missed(sql: DuckDBPyConnection, key: Key, found: Tallies, branches: dict[int, str]) -> None:
    for k, standard, rule, severity, times, points, _, texts in _all(sql, _DUTIES, key):
        title, remedy, document, article, number = texts
        duty = ReportedDuty(rule, title, severity, ReportedSource(document, article, number), remedy)
        missed = found[k].overview.missed.setdefault((standard, rule), Missed(standard, duty))
        missed.times += times
        missed.points += _points(points)
        found[k].severities[severity] += times
    cursor = sql.execute(_WHO.format(key=key))
    while row := cursor.fetchone():
        k, standard, rule, numbers = row
        found[k].overview.missed[standard, rule].branches = dict.fromkeys(map(branches.__getitem__, numbers), "")
