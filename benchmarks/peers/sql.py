"""One SQL query over all the branches at once, in two databases; the records have to become tables first."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from ten import MONTHS, PARSED, READ, TEXT, Answers, Case, Engine, parsed

QUERY = (Path(__file__).parent / "ten.sql").read_text(encoding="utf-8")
MONTHS_OF_YEAR = [(month, i // 3 + 1, i // 6 + 1) for i, month in enumerate(MONTHS)]
TABLES = {
    "months": "month TEXT, quarter INTEGER, half INTEGER",
    "branches": "id TEXT, elected TEXT",
    "activities": "branch TEXT, kind TEXT, day TEXT, expected INTEGER, present INTEGER",
    "members": "branch TEXT, status TEXT",
    "talks": "branch TEXT, day TEXT",
}
FROM_JSON = """
CREATE OR REPLACE TEMP TABLE raw AS SELECT * FROM read_json('{file}', format = 'newline_delimited', columns = {{
    branch: 'STRUCT(id TEXT)', committee: 'STRUCT(elected TEXT)',
    activities: 'STRUCT(type TEXT, date TEXT, attendance STRUCT(expected INTEGER, present INTEGER))[]',
    members: 'STRUCT(status TEXT)[]', talks: 'STRUCT(date TEXT)[]'}});
INSERT INTO branches SELECT branch.id, committee.elected FROM raw;
INSERT INTO activities SELECT id, a.type, a.date, a.attendance.expected, a.attendance.present
    FROM (SELECT branch.id AS id, unnest(activities) AS a FROM raw);
INSERT INTO members SELECT id, m.status FROM (SELECT branch.id AS id, unnest(members) AS m FROM raw);
INSERT INTO talks SELECT id, t.date FROM (SELECT branch.id AS id, unnest(talks) AS t FROM raw);
"""


def _create(database: Any) -> None:
    for name, columns in TABLES.items():
        database.execute(f"DROP TABLE IF EXISTS {name}")
        database.execute(f"CREATE TABLE {name} ({columns})")
    database.executemany("INSERT INTO months VALUES (?, ?, ?)", MONTHS_OF_YEAR)


def _rows(records: Sequence[dict[str, Any]]) -> Iterable[tuple[str, list[tuple[Any, ...]]]]:
    """What goes into the tables."""
    named = [(record["branch"]["id"], record) for record in records]
    yield "branches", [(name, record["committee"]["elected"]) for name, record in named]
    yield (
        "activities",
        [
            (name, a["type"], a["date"], a["attendance"]["expected"], a["attendance"]["present"])
            for name, record in named
            for a in record["activities"]
        ],
    )
    yield "members", [(name, member["status"]) for name, record in named for member in record["members"]]
    yield "talks", [(name, talk["date"]) for name, record in named for talk in record["talks"]]


def _answers(native: Sequence[tuple[Any, ...]]) -> list[Answers]:
    """Sorted by branch id, which is the order of the records."""
    return [_said(row) for row in native]


def _said(row: tuple[Any, ...]) -> Answers:
    *kept, committee, theme = row
    first, third = (tuple(sorted(filter(None, months.split(",")))) for months in (committee, theme))
    return Answers(tuple(map(bool, kept)), (first, third))


def sqlite() -> list[Engine]:
    """SQLite in memory: the tables are filled inside the clock."""

    def judge(records: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(":memory:")) as database:
            _create(database)
            for name, rows in _rows(records):
                marks = ", ".join("?" * len(rows[0]))
                database.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
            return database.execute(QUERY).fetchall()

    return [Engine("SQL：sqlite", parsed, judge, _answers, PARSED, "全部支部一次查，表在钟内建")]


def duckdb() -> list[Engine]:
    """DuckDB on one thread: from a file of JSON lines, and with the tables filled outside the clock."""
    import duckdb

    folder = mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = Path(folder) / "records.jsonl"
    database = duckdb.connect()
    database.execute("SET threads = 1")

    def take(cases: Sequence[Case]) -> None:
        file.write_text("\n".join(case.text for case in cases), encoding="utf-8")
        _create(database)

    def load(cases: Sequence[Case]) -> None:
        take(cases)
        database.execute(FROM_JSON.format(file=file))

    def query(_: None) -> list[tuple[Any, ...]]:
        return database.execute(QUERY).fetchall()

    def from_json(_: None) -> list[tuple[Any, ...]]:
        database.execute(FROM_JSON.format(file=file))
        return query(None)

    return [
        Engine("SQL：duckdb", take, from_json, _answers, TEXT, "全部支部一次查，单线程"),
        Engine("SQL：duckdb", load, query, _answers, READ, "全部支部一次查，单线程"),
    ]
