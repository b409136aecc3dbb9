"""Many assessments under an embedded engine: the summary is the same, queries only read, Parquet holds what rows do."""

from __future__ import annotations

import builtins
import json
import re
import tempfile
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from dangjian_check import comparing
from dangjian_check.analytics import counting, store
from dangjian_check.analytics.asking import READY, TABLES, answer_ready, answer_sql
from dangjian_check.analytics.store import to_parquet
from dangjian_check.errors import DjCheckError, InputProblems
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports.answers import Answer, answer_csv, answer_json, answer_markdown, answer_text
from dangjian_check.reports.base import Look
from dangjian_check.reports.row_columns import ASSESSMENT, DEFICIENCY, PROBLEM, SCHEMA
from dangjian_check.reports.summary_json import summary_json
from dangjian_check.rulebook.rule import SEVERITY_LABELS
from program import LAX, PROBE, ROOT, SOUND, Run

HEAD = {"schema": SCHEMA, "version": "0.1.0"}
PLACE = {"file": "r.yaml", "line": 1, "column": 1, "cell": None}
points = st.one_of(st.integers(0, 100), st.integers(0, 10**6).map(lambda n: n / 10_000))
counts = st.integers(0, 3)


@st.composite
def deficiencies(draw: st.DrawFn) -> dict[str, Any]:
    """One missed window of a few rules; now and then a waiver covers it."""
    rule = draw(st.sampled_from(["T-1", "T-2", "T-3"]))
    waiver = {"waiver": "W-1", "waiver_effect": "excuse", "waiver_reason": "防汛"} if draw(counts) == 3 else {}
    return PLACE | waiver | {
        "fingerprint": draw(st.text("0123456789abcdef", min_size=4, max_size=4)),
        "rule": rule, "title": f"{rule}的要求", "item": "1", "window": "2024-01", "subject": None,
        "severity": {"T-1": "critical", "T-2": "major", "T-3": "info"}[rule], "strength": "must",
        "message": "缺", "remedy": "补", "deduction": draw(points), "curable": draw(st.booleans()), "worth": 0,
        "document": "《办法》", "number": draw(st.sampled_from([None, "一号"])) if rule == "T-9" else None,
        "article": "第一条",
    }  # fmt: skip


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """One line: few branches, files, standards and periods, so that lines meet; scores of several maxima, or none."""
    year = draw(st.sampled_from([2023, 2024]))
    found = draw(st.lists(deficiencies(), max_size=4))
    score = draw(st.sampled_from([None, 0, 12, 20, 33.3333]))
    low, high = sorted(draw(st.tuples(points, points)))
    most = [low, high, score, draw(st.sampled_from([0, 0.3333, 1]))] if score is not None else [None] * 4
    item = st.builds(
        lambda i, p, ends: {"id": i, "title": f"指标{i}", "points": p, "low": min(ends), "high": max(ends)},
        st.sampled_from(["1", "2"]), points, st.tuples(points, points),
    )  # fmt: skip
    return {"type": "assessment"} | HEAD | {
        "branch": draw(st.sampled_from(["甲", "乙", "b'3"])), "name": draw(st.sampled_from(["甲支部", "新名"])),
        "branch_type": None, "parent": draw(st.sampled_from([None, "", "学院", "机关"])),
        "file": draw(st.sampled_from(["a.yaml", "b.yaml"])),
        "standard": draw(st.sampled_from(["voc", "national"])), "standard_title": "标准",
        "digest": draw(st.sampled_from(["0", "1"])),
        "period_from": f"{year}-01-01", "period_to": f"{year}-12-31", "as_of": f"{year}-12-31",
        "coverage_assumed": False, "judged": draw(st.booleans()),
        **dict(zip(("score_low", "score_high", "score_max", "completeness"), most, strict=True)),
        "grade_low": None, "grade_high": None,
        **{f"n_{outcome.value}": draw(counts) for outcome in Outcome},
        "waiting": draw(counts), "n_deficiencies": sum("waiver" not in d for d in found),
        "n_waived": sum("waiver" in d for d in found), "doubts": 0,
        "deficiencies": found, "items": draw(st.lists(item, max_size=2, unique_by=lambda i: i["id"])) if score else [],
    }  # fmt: skip


problems = st.sampled_from(["坏.yaml", "坏2.yaml"]).map(
    lambda f: {"type": "problem"} | HEAD | PLACE | {"file": f, "message": "坏了", "remedy": "修"}
)
notes = st.just({"type": "note"} | HEAD | PLACE | {"message": "说明", "remedy": ""})


def saved(path: Path, lines: list[dict[str, Any]]) -> Path:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def real(run: Run, tmp_path: Path) -> Path:
    """Rows of two records under two standards, and of one that is not there."""
    path = tmp_path / "r.jsonl"
    run("audit", LAX, SOUND, tmp_path / "gone.yaml", *PROBE[:2], "--period", "2024", "-o", f"rows:{path}")
    return path


@settings(max_examples=settings.default.max_examples // 10)
@given(
    st.lists(
        st.lists(st.one_of(rows(), rows(), rows(), problems, notes), min_size=1, max_size=9), min_size=1, max_size=2
    )
)
def test_summary_by_sql_is_the_summary_line_by_line(files: list[list[dict[str, Any]]]):
    """Repeated lines, renamed branches, several maxima and none, waivers, problems: every number, every name, every
    place in the order, with a ranking; of lines and of Parquet made from them."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [saved(Path(folder) / f"{n}.jsonl", lines) for n, lines in enumerate(files)]
        plain = summary_json(*comparing.summarize(paths, rank=True))
        assert plain == summary_json(*counting.summarize(paths, rank=True))
        to_parquet(paths, Path(folder) / "parts")
        assert plain == summary_json(*counting.summarize([Path(folder) / "parts"], rank=True))


def test_summary_of_real_rows_is_the_same_whatever_counts(run: Run, real: Path, tmp_path: Path):
    """By either engine, from rows or from Parquet, which is counted without asking."""
    run("query", real, "--to-parquet", tmp_path / "parts")
    found = [
        run("summary", *arguments, "-f", "json", "--rank")
        for arguments in ([real], [real, "--engine", "python"], [real, "--engine", "duckdb"], [tmp_path / "parts"])
    ]
    assert [(0, "", found[0].out)] * 4 == [(done.status, done.err, done.out) for done in found]
    assert (4, 1) == (found[0].json["assessments"], len(found[0].json["unread"]))


def test_very_many_rows_are_counted_by_sql_without_asking(real: Path, monkeypatch: pytest.MonkeyPatch):
    """Unless other reports lie among them, or the engine is not there."""
    assert not counting.suits([real])
    monkeypatch.setattr(counting, "MANY", 1)
    assert counting.suits([real])
    (real.parent / "other.json").write_text("{}", encoding="utf-8")
    assert not counting.suits([real.parent])
    monkeypatch.setattr(counting, "find_spec", lambda name: None)
    assert not counting.suits([real])


def test_reports_that_lie_among_parquet_are_not_passed_over_in_silence(run: Run, real: Path, tmp_path: Path):
    """They are not counted, and it is told."""
    run("query", real, "--to-parquet", tmp_path / "parts")
    (tmp_path / "parts" / "other.json").write_text("{}", encoding="utf-8")
    done = run("summary", tmp_path / "parts", "-f", "json")
    assert (2, 4, True) == (done.status, done.json["assessments"], "没有数进去" in done.err)


def test_a_broken_line_is_told_by_its_place_and_the_others_counted(
    run: Run, real: Path, monkeypatch: pytest.MonkeyPatch
):
    """As without the engine; asked for by name it tells the place and counts nothing."""
    monkeypatch.setattr(counting, "MANY", 1)
    good = real.read_text(encoding="utf-8")
    real.write_text(f'{good}{{"type": "assess\n{good}', encoding="utf-8")
    left, asked = run("summary", real, "-f", "json"), run("summary", real, "-f", "json", "--engine", "duckdb")
    assert (2, 4, 4) == (left.status, left.json["assessments"], left.json["repeated"])
    assert f"r.jsonl:{good.count(chr(10)) + 1}:" in left.err
    assert (2, "", left.err) == (asked.status, asked.out, asked.err)


@pytest.mark.parametrize("change", [{"schema": "dj-check.rows/2"}, {"branch": None}, {"n_fail": "x"}, {"judged": None}])
def test_a_line_that_is_not_whole_is_refused_by_sql_too(real: Path, change: dict[str, Any]):
    """Not counted as if it were nothing."""
    lines = [json.loads(line) for line in real.read_text(encoding="utf-8").splitlines()]
    saved(real, [lines[0], lines[1] | change])
    with pytest.raises(InputProblems) as caught:
        counting.summarize([real])
    assert ["r.jsonl"] == [Path(problem.file).name for problem in caught.value.problems]


@pytest.mark.parametrize("name", READY)
def test_ready_question_is_answered_in_every_format(run: Run, real: Path, tmp_path: Path, name: str):
    """With headings in Chinese; the same from Parquet."""
    run("query", real, "--to-parquet", tmp_path / "parts")
    for form in ("terminal", "json", "csv", "markdown"):
        lines, parts = (run("query", source, "--ready", name, "-f", form) for source in (real, tmp_path / "parts"))
        assert (0, "", lines.out) == (parts.status, parts.err, parts.out)
        assert "支部" in lines.out or "上级" in lines.out
    heads = list(run("query", real, "--ready", name, "-f", "json").json[0])
    assert [] == [head for head in heads if head.isascii()]


def test_ready_questions_agree_with_the_summary(run: Run, real: Path):
    """The same rules missed as often; the same units."""
    told = {s["id"]: s["current"] for s in run("summary", real, "-f", "json").json["standards"]}
    missed = run("query", real, "--ready", "rules-most-missed", "-f", "json").json
    named = {label: severity for severity, label in SEVERITY_LABELS.items()}
    units = run("query", real, "--ready", "by-parent", "-f", "json").json
    worst = run("query", real, "--ready", "worst-branches", "-f", "json").json

    assert {(name, p["rule"], len(p["branches"]), p["times"]) for name, t in told.items() for p in t["common"]} == {
        (row["标准"], row["规则"], row["支部数"], row["处数"]) for row in missed
    }
    assert {(name, u["name"], u["assessments"], u["clean"], u["deficiencies"], u["waiting"]) for name, t in told.items()
            for u in t["units"]} == {
        (r["标准"], r["上级党组织"], r["结论份数"], r["没有问题的"], r["问题处数"], r["待核项数"]) for r in units
    }  # fmt: skip
    assert {(name, p["rule"], p["severity"]) for name, t in told.items() for p in t["common"]} == {
        (row["标准"], row["规则"], named[row["轻重"]]) for row in missed
    }
    assert sum(t["deficiencies"] for t in told.values()) == sum(row["问题处数"] for row in worst)
    assert all(a["问题处数"] >= b["问题处数"] for a, b in pairwise(worst))


def test_tables_have_the_documented_columns(real: Path):
    """In their order; the page names each with its type and meaning."""
    page = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^### (\w+)：.*?\n(.*?)(?=^##)", page + "\n##", re.MULTILINE | re.DOTALL))
    assert set(TABLES) == set(sections)
    for table, (_, columns) in TABLES.items():
        heads = answer_sql([real], f"SELECT * FROM {table}").heads
        listed = re.findall(r"^\| `(\w+)` \| ([\w(), ]+) \| (.*) \|$", sections[table], re.MULTILINE)
        assert (tuple(columns), [(n, c.type, c.meaning) for n, c in columns.items()]) == (heads, listed)


def test_page_describes_the_ready_questions():
    """Each by name and title."""
    page = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")
    assert [] == [name for name, ready in READY.items() if f"| `{name}` | {ready.title} |" not in page]


def test_deficiencies_leave_out_what_a_waiver_covers(tmp_path: Path):
    """That is in a table of its own, with its waiver."""
    one = PLACE | {"rule": "T-1", "deduction": 1}
    row = {"type": "assessment"} | HEAD | {"branch": "b", "deficiencies": [one, one | {"waiver": "W-1"}], "items": []}
    path = saved(tmp_path / "r.jsonl", [row])
    assert ((1,),) == answer_sql([path], "SELECT count(*) FROM deficiencies").rows
    assert (("b", "W-1"),) == answer_sql([path], "SELECT branch, waiver FROM waived").rows


HOSTILE = {
    "SELECT * FROM read_text('{secret}')": "不许碰",
    "SELECT * FROM read_csv('{secret}')": "不许碰",
    "SELECT * FROM '{secret}'": "不许碰",
    "SELECT * FROM glob('/*')": "不许碰",
    "SELECT * FROM 'http://example.org/x.parquet'": "不许碰",
    "COPY assessments TO '{secret}'": "只能是一条查询",
    "COPY assessments TO '{rows}'": "只能是一条查询",
    "ATTACH '{secret}.db'": "只能是一条查询",
    "INSTALL httpfs": "只能是一条查询",
    "SET enable_external_access = true": "只能是一条查询",
    "CREATE TABLE x AS SELECT 1": "只能是一条查询",
    "SELECT 1; DROP VIEW rows": "只能是一条查询",
    "": "只能是一条查询",
    "selec 1": "语法不对，在 “selec” 附近",
    "SELECT nothing FROM assessments": "没有 “nothing” 这一列",
    "SELECT * FROM nowhere": "没有 “nowhere” 这张表",
    "SELECT getenv('HOME')": "没有 “getenv” 这个函数",
    "SELECT * FROM READY": "没有 “READY” 这张表",
    "SELECT count(*), rule FROM deficiencies": "写得不对",
    "SELECT name::INTEGER FROM assessments": "没有查成",
    "SELECT now()": "带着时区",
}


@pytest.mark.parametrize("query", HOSTILE)
def test_a_query_reads_its_tables_and_nothing_else(run: Run, real: Path, tmp_path: Path, query: str):
    """No other file, no network, no change; one line says so, and nothing of the rows is in it."""
    secret = tmp_path / "secret.csv"
    secret.write_text("秘密\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    done = run("query", real, "--sql", query.format(secret=secret, rows=real))

    assert (2, "", 1) == (done.status, done.out, done.err.count("\n"))
    assert HOSTILE[query] in done.err
    assert " → " in done.err
    assert ("秘密" in done.err, "测试第二党支部" in done.err) == (False, False)
    assert before == {path: path.read_bytes() for path in tmp_path.iterdir()}


def test_values_of_any_type_are_shown():
    """Days, truth, nothing, lists, numbers beyond JSON, what looks like a formula."""
    sql = (
        "SELECT DATE '2024-01-02' AS a, true AS b, NULL AS c, [1, 2.5] AS d, 'inf'::DOUBLE AS e, '=1+1' AS f, "
        "{'x': 'y'} AS g, 1.50::DECIMAL(4, 2) AS h, INTERVAL 1 DAY AS i, 'NaN'::DOUBLE AS j"
    )
    with tempfile.TemporaryDirectory() as folder:
        found = answer_sql([saved(Path(folder) / "r.jsonl", [])], sql)
    [data] = json.loads(answer_json(found), parse_constant=lambda text: pytest.fail(text))
    assert data == {
        "a": "2024-01-02", "b": True, "c": None, "d": [1, 2.5], "e": "inf", "f": "=1+1", "g": {"x": "y"}, "h": 1.5,
        "i": "1 day, 0:00:00", "j": "nan",
    }  # fmt: skip
    assert "'=1+1" in answer_csv(found)
    assert "2024-01-02" in answer_markdown(found)
    assert "是" in answer_text(found, Look())


def test_cell_of_any_type_runs_no_formula_and_hides_nothing():
    """Numbers and days stay what they are."""
    row = (["甲\u202e乙"], timedelta(days=-1, hours=1), -1, date(2024, 1, 5), None)
    _, said = answer_csv(Answer("", tuple("abcde"), (row,))).splitlines()
    assert said == '"[""甲\\u202e乙""]","\'-1 day, 1:00:00",-1,2024-01-05,\''[:-1]


def test_long_answers_only_begin_at_a_terminal():
    """Unless verbose; an empty one says so."""
    long = Answer("查询", ("n",), tuple((n,) for n in range(60)))
    assert "另有 10 行" in answer_text(long, Look())
    assert "另有" not in answer_text(long, Look(verbose=True))
    assert ("  查询：没有\n", "查询：没有\n", "[]\n") == (
        answer_text(Answer("查询", ("n",), ()), Look()),
        answer_markdown(Answer("查询", ("n",), ())),
        answer_json(Answer("查询", ("n",), ())),
    )


def test_parquet_holds_what_the_rows_hold(real: Path, tmp_path: Path):
    """Every table, in order; one part a file; the same bytes again."""
    other = saved(tmp_path / "s.jsonl", [])
    for name in ("one", "two"):
        assert 2 == to_parquet([real, other], tmp_path / name)
    for table in TABLES:
        asked = f"SELECT * FROM {table}"
        assert answer_sql([real], asked) == answer_sql([tmp_path / "one"], asked)
    first, second = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert first == second
    assert {"part-00000.parquet", "part-00001.parquet"} == set(first)


def test_conversion_leaves_all_or_nothing(run: Run, real: Path, tmp_path: Path):
    """A broken second file, a folder that is there already, one whose parent is not."""
    bad = tmp_path / "z.jsonl"
    bad.write_text(real.read_text(encoding="utf-8") + "{\n", encoding="utf-8")
    kept = sorted(tmp_path.iterdir())
    for target, said in ((tmp_path / "new", "z.jsonl:"), (bad, "没有动它"), (tmp_path / "no" / "x", "写不进去")):
        done = run("query", real, bad, "--to-parquet", target)
        assert (2, "") == (done.status, done.out)
        assert said in done.err
    assert kept == sorted(tmp_path.iterdir())


def test_parquet_of_an_older_version_lacks_columns_and_is_read(tmp_path: Path):
    """Columns are added, never renamed; what is no rows at all is refused."""
    import duckdb

    old, foreign = tmp_path / "old.parquet", tmp_path / "foreign.parquet"
    has = (
        "'assessment' AS type, 'dj-check.rows/1' AS schema, 'b' AS branch, 'voc' AS standard, []::INT[] AS deficiencies"
    )
    duckdb.sql(f"COPY (SELECT {has}) TO '{old}' (FORMAT parquet)")
    duckdb.sql(f"COPY (SELECT 1 AS x) TO '{foreign}' (FORMAT parquet)")
    assert (("b", None),) == answer_sql([old], "SELECT branch, n_fail FROM assessments").rows
    with pytest.raises(InputProblems, match="读不了"):
        answer_sql([foreign], "SELECT 1 FROM assessments")


@pytest.mark.parametrize("name", ["a[1]*?.jsonl", "甲'乙　丙.jsonl", "a b\\c.jsonl", "s3:x.jsonl"])
def test_odd_file_names_are_taken_as_they_are(tmp_path: Path, name: str):
    """No pattern, no quote, no address."""
    path = saved(tmp_path / name, [{"type": "problem"} | HEAD | {"message": "坏了"}])
    saved(tmp_path / "a1.jsonl", [])
    assert (("坏了",),) == answer_sql([path], "SELECT message FROM problems").rows


def test_a_file_name_of_bytes_that_are_no_text_is_refused(run: Run, tmp_path: Path):
    """It cannot be said in SQL."""
    path = saved(tmp_path / "a\udcff.jsonl", [])
    done = run("query", path, "--ready", "by-parent")
    assert (2, True) == (done.status, "不是文字的字节 → 改名以后再来" in done.err)


@pytest.mark.parametrize("content", ["", "{}\n", '{"schema": "dj-check.lines/1"}\n', "[1]\n", "\0", "[" * 100_000])
def test_what_is_no_rows_is_refused_by_name(tmp_path: Path, content: str):
    """Nothing at all is the report of nothing."""
    path = tmp_path / "r.jsonl"
    path.write_text(content, encoding="utf-8")
    if not content:
        assert () == answer_ready([path], "by-parent").rows
        return
    with pytest.raises(DjCheckError, match=r"r\.jsonl: 不是 dj-check\.rows/1"):
        answer_ready([path], "by-parent")


def test_one_thing_is_asked_at_a_time(run: Run, real: Path):
    """Neither nothing nor two; of an empty folder nothing can be asked."""
    (real.parent / "empty").mkdir()
    for arguments, said in (
        ([real], "没有说查什么"),
        ([real, "--sql", "SELECT 1", "--ready", "by-parent"], "--ready、--sql 不能一起写"),
        ([real.parent / "empty", "--sql", "SELECT 1"], "没有找到结论"),
    ):
        done = run("query", *arguments)
        assert (2, True) == (done.status, said in done.err)


def test_without_the_extra_it_is_said_how_to_install_it(run: Run, real: Path, monkeypatch: pytest.MonkeyPatch):
    """By the three ways in; plain summaries do without."""
    plain = builtins.__import__

    def without(name: str, *more: Any) -> Any:
        if name == "duckdb":
            raise ImportError(name)
        return plain(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    for arguments in (
        ["query", real, "--ready", "by-parent"],
        ["query", real, "--to-parquet", real.parent / "p"],
        ["summary", real, "--engine", "duckdb"],
    ):
        done = run(*arguments)
        assert (2, True) == (done.status, "dj-check[analytics]" in done.err)
    assert 0 == run("summary", real).status


def test_columns_that_are_filtered_by_hand_are_the_documented_ones():
    """The lists and heads behind the tables."""
    lists = {"deficiencies", "items"}
    assert {"type", "schema", "version", *ASSESSMENT, *PROBLEM, *lists} == set(store.ALL)
    assert {"waiver", "deduction", "rule"} <= set(DEFICIENCY)


def test_days_and_numbers_of_an_answer_stay_whole_where_words_can_give_way():
    """In the width of an ordinary terminal."""
    row = ("b21", "第三学院第一教工党支部", "中共第三学院委员会", "voc", "2024-07-01", "2024-09-30", 15)
    heads = ("支部编号", "支部", "上级党组织", "标准", "期间从", "到", "没有做到的要求一共几处")
    text = answer_text(Answer("问题最多的支部", heads, (row,)), Look(width=60))
    assert {"b21", "2024-07-01", "2024-09-30", "15"} <= set(text.split())
    assert max(map(cell_len, text.splitlines())) <= 60
