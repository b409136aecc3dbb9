"""The summary of a million assessments: counted by SQL, and number for number that of `dangjian_check.comparing`.

What is counted is first copied, so that every row has a number and nothing has to be held in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dangjian_check.analytics.store import ALL, COPY, LINES, PARQUET, Sources, Store, files, sources, struct
from dangjian_check.analytics.tallies import UNIT, tallies
from dangjian_check.engine.reported import ReportedStandard
from dangjian_check.engine.summary import ByStandard, Moment, Summary
from dangjian_check.errors import InputProblems, Problem
from dangjian_check.loading.duckdb_files import listed
from dangjian_check.loading.files import shown_path
from dangjian_check.loading.reports import report_files
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports.row_columns import DEFICIENCY, ITEM, SCHEMA

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# From so many bytes of rows on it is worth it to start the engine.
MANY = 256 * 1024 * 1024
_BATCH = 10_000
_DUTY = ("rule", "title", "severity", "remedy", "document", "number", "article", "deduction", "waiver")
_NEEDED = (
    "branch", "name", "file", "standard", "period_from", "period_to", "as_of", "judged", "waiting", "deficiencies",
    *(f"n_{outcome.value}" for outcome in Outcome),
)  # fmt: skip
_ALSO = ("parent", "standard_title", "digest", "score_low", "score_high", "score_max", "completeness")
_NARROW = {name: ALL[name] for name in ("type", "schema", *_NEEDED, *_ALSO)} | {
    "deficiencies": struct({name: DEFICIENCY[name] for name in _DUTY}),
    "items": struct(ITEM),
}
_LACKING = " OR ".join(f"{name} IS NULL" for name in _NEEDED)
_BROKEN = f"""
SELECT count(*) FROM rows
WHERE schema IS DISTINCT FROM ? OR type IS NULL OR (type = 'assessment' AND ({_LACKING}))
  OR (type = 'problem' AND file IS NULL)
"""
# One row an assessment that counts: of those with one key the first. ``s`` numbers standards, ``t`` their moments.
_SEEN = f"""
CREATE TEMP TABLE seen AS
WITH counted AS (
  SELECT * EXCLUDE (deficiencies, items, type, schema, score_low, score_high, score_max, file_row_number),
    file_row_number AS n,
    len(list_filter(deficiencies, lambda d: d.waiver IS NULL)) AS missed,
    len(list_filter(deficiencies, lambda d: d.waiver IS NOT NULL)) AS waived,
    coalesce(score_low + score_high + completeness IS NOT NULL AND score_max <> 0, false) AS scored,
    (score_low * {UNIT})::BIGINT AS low, (score_high * {UNIT})::BIGINT AS high, (score_max * {UNIT})::BIGINT AS most
  FROM rows WHERE type = 'assessment'
  QUALIFY row_number() OVER (PARTITION BY standard, branch, file, period_to, period_from, as_of ORDER BY n) = 1
), standards AS (
  SELECT standard, row_number() OVER (ORDER BY min(n)) AS s FROM counted GROUP BY standard
), moments AS (
  SELECT standard, period_to, period_from, as_of, row_number() OVER (ORDER BY min(n)) AS t FROM counted GROUP BY ALL
)
SELECT * FROM counted JOIN standards USING (standard) JOIN moments USING (standard, period_to, period_from, as_of)
ORDER BY n
"""
_TOTALS = """
SELECT (SELECT count(*) FROM rows WHERE type = 'assessment'), count(*), count(DISTINCT (branch, t)) FROM seen
"""
_SHARED = "SELECT branch FROM seen GROUP BY branch, t HAVING count(*) > 1"
_UNREAD = "SELECT file FROM rows WHERE type = 'problem' GROUP BY file ORDER BY min(file_row_number)"
_ONE_BY_ONE = """
SELECT n, t, standard, coalesce(standard_title, ''), coalesce(digest, ''), branch, name, scored, low, high, most,
  period_to, period_from, as_of
FROM seen ORDER BY n
"""
_MOMENTS = "SELECT standard, s, t, period_to, period_from, as_of FROM seen GROUP BY ALL ORDER BY t"


def suits(paths: Iterable[Path]) -> bool:
    """Whether to count these by SQL unasked: there is Parquet, or nothing but very many sound-looking rows."""
    given = list(paths)
    try:
        found = sources(given)
    except InputProblems:
        return has_parquet(given)
    many = found.size() >= MANY and find_spec("duckdb") is not None
    return bool(found.tables) or (many and not _others(given))


def has_parquet(paths: Iterable[Path]) -> bool:
    """Whether any of these is Parquet by its name."""
    return any(file.suffix.lower() == PARQUET for file in files(paths))


def summarize(paths: Iterable[Path], *, rank: bool = False) -> tuple[Summary, list[Problem]]:
    """`dangjian_check.comparing.summarize` of rows and Parquet. Raises `InputProblems` if any cannot be read; reports
    of other kinds in the same folders are problems beside the summary."""
    given = list(paths)
    return count(sources(given), rank=rank), _others(given)


def _others(paths: Iterable[Path]) -> list[Problem]:
    return [
        Problem(shown_path(file), 0, 0, "和 rows、Parquet 放在一起，没有数进去", "另放一处，单独汇总")
        for file, _ in report_files(paths)
        if file.suffix.lower() not in LINES | {PARQUET}
    ]


def count(found: Sources, *, rank: bool = False) -> Summary:
    """The summary of these sources."""
    with Store(found) as store:
        from duckdb import Error

        try:
            copied = store.folder / COPY
            store.copy(store.rows(_NARROW), copied)
            table = f"read_parquet({listed([copied])}, file_row_number = true)"
            store.sql.execute(f"CREATE TEMP VIEW rows AS SELECT * FROM {table}")
            broken = store.sql.execute(_BROKEN, [SCHEMA]).fetchone()
        except Error:
            raise store.unfit() from None
        if broken != (0,):
            raise store.unfit()
        store.sql.execute(_SEEN)
        return _count(store.sql, rank=rank)


def _count(sql: DuckDBPyConnection, *, rank: bool) -> Summary:
    summary = Summary(rank=rank)
    [(rows, kept, apart)] = _each(sql, _TOTALS)
    summary.twice, summary.alike = rows - kept, kept - apart
    summary.shared = {branch for (branch,) in _each(sql, _SHARED)}
    summary.unread = {file: None for (file,) in _each(sql, _UNREAD)}
    branches = _name_branches(sql, summary)
    of_moments = tallies(sql, "t", branches)
    moments = list(_each(sql, _MOMENTS))
    # where each standard has one moment only, both numbers are the same and so are the tallies
    of_standards = tallies(sql, "s", branches) if len(moments) > len(summary.standards) else of_moments
    for standard, s, t, *days in moments:
        summary.standards[standard].whole = of_standards[s]
        summary.standards[standard].moments[Moment(*days)] = of_moments[t]
    return summary


def _each(sql: DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    cursor = sql.execute(query)
    while batch := cursor.fetchmany(_BATCH):
        yield from batch


def _name_branches(sql: DuckDBPyConnection, summary: Summary) -> dict[int, str]:
    """Fill in the standards and their branches, of whose names the last counts; the branch of each row."""
    branches: dict[int, str] = {}
    known: dict[str, str] = {}
    first: dict[tuple[str, str], int] = {}
    for n, t, pack, title, digest, branch_id, name, scored, low, high, most, *days in _each(sql, _ONE_BY_ONE):
        branch = branches[n] = known.setdefault(branch_id, branch_id)
        if pack not in summary.standards:
            summary.standards[pack] = ByStandard(ReportedStandard(pack, title, digest))
        standard = summary.standards[pack]
        if first.setdefault((standard.standard.id, branch), t) != t:
            standard.repeated.add(branch)
        standard.digests.add(digest)
        standard.names[branch] = name
        if summary.rank and scored:
            row = (branch, name, Fraction(low, most), Fraction(high, most))
            standard.scores.setdefault(Moment(*days), []).append(row)
    return branches
