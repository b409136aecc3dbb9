"""Questions put to rows: the tables there are, the ready questions, and one's own in SQL, which can only read them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dangjian_check.analytics.store import Store, sources
from dangjian_check.errors import DjCheckError, UsageProblem
from dangjian_check.model.fields import shown
from dangjian_check.reports.answers import Answer
from dangjian_check.reports.base import clean
from dangjian_check.reports.row_columns import ASSESSMENT, DEFICIENCY, ITEM, PROBLEM, Column
from dangjian_check.rulebook.rule import SEVERITY_LABELS

if TYPE_CHECKING:
    import duckdb
    from duckdb import DuckDBPyConnection

# What says of a row of `deficiencies`, `waived` or `items` which assessment it belongs to.
OF = {
    **{
        name: ASSESSMENT[name] for name in ("branch", "name", "parent", "standard", "period_from", "period_to", "as_of")
    },
    "record_file": ASSESSMENT["file"],
}
TABLES: dict[str, tuple[str, dict[str, Column]]] = {
    "assessments": ("一行一份结论", ASSESSMENT),
    "deficiencies": ("一行一处问题，豁免了的不在内", OF | DEFICIENCY),
    "waived": ("一行一处豁免了的问题", OF | DEFICIENCY),
    "items": ("一行一项指标的得分", OF | {"item" if name == "id" else name: column for name, column in ITEM.items()}),
    "problems": ("一行一处读不了的输入，或者一条说明", PROBLEM),
}


_FAULTS = (
    (r'^syntax error at or near "(.*)"', "语法不对，在 {} 附近"),
    (r'^Referenced column "(.*?)" not found', "里没有 {} 这一列"),
    (r"^Table with name (.*) does not exist", "里没有 {} 这张表"),
    (r"Function with name (.*) does not exist", "里没有 {} 这个函数"),
)


@dataclass(frozen=True, slots=True)
class Ready:
    """A question that need not be written: its title, and its SQL with headings for people."""

    title: str
    sql: str


_SHARE = "(score_{} / nullif(score_max, 0))::DECIMAL(12, 8)"
_LOW, _HIGH = _SHARE.format("low"), _SHARE.format("high")
_LABELS = " ".join(f"WHEN '{severity}' THEN '{label}'" for severity, label in SEVERITY_LABELS.items())
READY = {
    "worst-branches": Ready(
        "问题最多的支部",
        f"""
SELECT branch AS 支部编号, name AS 支部, parent AS 上级党组织, standard AS 标准, period_from AS 期间从, period_to AS 到,
  n_deficiencies AS 问题处数, round(100 * {_LOW}, 1) AS 得分率下限, round(100 * {_HIGH}, 1) AS 得分率上限
FROM assessments WHERE n_deficiencies > 0
ORDER BY n_deficiencies DESC, 得分率上限, branch, standard, period_to, file
LIMIT 100""",
    ),
    "rules-most-missed": Ready(
        "没有做到的要求（涉及支部多的在前）",
        f"""
SELECT standard AS 标准, rule AS 规则, min(title) AS 要求, CASE min(severity) {_LABELS} END AS 轻重,
  count(DISTINCT branch) AS 支部数, count(*) AS 处数, sum(deduction) AS 扣分
FROM deficiencies GROUP BY standard, rule
ORDER BY 支部数 DESC, 处数 DESC, standard, rule""",
    ),
    "by-parent": Ready(
        "按上级党组织",
        f"""
SELECT standard AS 标准, coalesce(parent, '（没有写上级党组织）') AS 上级党组织, count(*) AS 结论份数,
  count(*) FILTER (judged AND n_deficiencies = 0) AS 没有问题的,
  sum(n_deficiencies) AS 问题处数, sum(waiting) AS 待核项数,
  round(100 * avg({_LOW}), 1) AS 平均得分率下限, round(100 * avg({_HIGH}), 1) AS 平均得分率上限
FROM assessments GROUP BY standard, parent
ORDER BY standard, parent NULLS LAST""",
    ),
}


def answer_ready(paths: Iterable[Path], name: str) -> Answer:
    """The answer to the ready question of this name."""
    return _answer(paths, READY[name].title, READY[name].sql)


def answer_sql(paths: Iterable[Path], sql: str) -> Answer:
    """The answer to a question in SQL. Raises `UsageProblem` if it is not one query, or a wrong one."""
    return _answer(paths, "查询的结果", sql)


def _answer(paths: Iterable[Path], title: str, sql: str) -> Answer:
    found = sources(paths)
    if not found.files:
        raise UsageProblem("没有找到结论", "给出 dj-check audit --format rows 的结果，或由它转成的 Parquet")
    with Store(found) as store:
        import duckdb

        try:
            _make_tables(store)
        except duckdb.Error:
            raise store.unfit() from None
        try:
            return _ask(store.sql, title, sql)
        except duckdb.Error as error:
            raise _refused(store, error) from None


def _make_tables(store: Store) -> None:
    """The tables of `TABLES`, as views."""
    store.sql.execute(f"CREATE TEMP VIEW rows AS {store.rows()}")
    flat = "CREATE TEMP VIEW {} AS SELECT {} FROM rows WHERE type {} 'assessment'"
    store.sql.execute(flat.format("assessments", _names(ASSESSMENT), "="))
    store.sql.execute(flat.format("problems", _names(PROBLEM), "<>"))
    for view, column, only in (
        ("deficiencies", "deficiencies", "one.waiver IS NULL"),
        ("waived", "deficiencies", "one.waiver IS NOT NULL"),
        ("items", "items", "true"),
    ):
        inner = [f'one."{name}"' for name in (ITEM if column == "items" else DEFICIENCY)]
        heads = _names(TABLES[view][1])
        store.sql.execute(
            f"CREATE TEMP VIEW {view}({heads}) AS SELECT {_names(OF)}, {', '.join(inner)} FROM (SELECT * RENAME "
            f"(file AS record_file), unnest({column}) AS one FROM rows WHERE type = 'assessment') WHERE {only}"
        )


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _ask(sql: DuckDBPyConnection, title: str, query: str) -> Answer:
    """Only what merely reads is run: one SELECT."""
    import duckdb

    statements = sql.extract_statements(query)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise UsageProblem("--sql 只能是一条查询", "写一条 SELECT；列见 docs/columns.md")
    cursor = sql.execute(statements[0])
    heads = tuple(str(column[0]) for column in cursor.description or ())
    return Answer(title, heads, tuple(cursor.fetchall()))


def _refused(store: Store, error: duckdb.Error) -> DjCheckError:
    """Why a query failed, in one line. Of what may quote the rows themselves, nothing is repeated."""
    import duckdb

    said = str(error).partition("\n")[0].partition(": ")[2]
    if isinstance(error, duckdb.PermissionException):
        return UsageProblem("--sql 不许碰给出的结论以外的文件和网络", "只查 assessments、deficiencies 等表")
    if isinstance(error, (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)):
        return UsageProblem(f"--sql {_fault(said)}", f"表有 {'、'.join(TABLES)}；列见 docs/columns.md")
    if isinstance(error, duckdb.OutOfMemoryException):
        return UsageProblem("--sql 要的内存不够", "少取几列，或者先汇总")
    if "pytz" in said:
        return UsageProblem("--sql 取的时刻带着时区，这里印不出", "写成 CAST(… AS VARCHAR)")
    if "JSON" in said:
        return store.unfit()
    return UsageProblem(f"--sql 没有查成（{type(error).__name__}）", "核对类型转换和函数")


def _fault(said: str) -> str:
    """What is wrong with a query as it is written; the engine's own words where ours do not fit."""
    for pattern, words in _FAULTS:
        if found := re.search(pattern, said):
            return words.format(shown(found[1]))
    return f"写得不对：{clean(said)}"
