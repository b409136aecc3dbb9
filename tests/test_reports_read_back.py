"""Reports read back: what no `audit` wrote is told in Chinese with its place, and never ends in a traceback."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dangjian_check.errors import InputProblems
from dangjian_check.loading import reports
from dangjian_check.loading.reports import load_report, report_files, stream_report
from program import LAX, PROBE, Run
from rereading import audited, reread, text

RECORD = {"branch": {"name": "甲支部"}, "coverage": {"from": "2024-01-01", "to": "2024-12-31"}, "activities": []}


def document() -> dict[str, Any]:
    """A sound report as data."""
    return json.loads(text([audited(RECORD)]))


def wrong(path: Path) -> list[str]:
    """What is said of a file."""
    with pytest.raises(InputProblems) as caught:
        load_report(path)
    return [str(problem) for problem in caught.value.problems]


def changed(**parts: Any) -> str:
    """The sound report with other parts of its only assessment."""
    data = document()
    data["assessments"][0] |= parts
    return json.dumps(data, ensure_ascii=False)


def lines() -> str:
    return text([audited(RECORD)], "jsonl")


HOSTILE = {
    "empty": ("", "文件是空的"),
    "blank": (" \n\n", "文件是空的"),
    "cut": ('{"schema": "dj-check.report/1", "run": {', ":1:41: 到这里就断了"),
    "cut-in-text": ('{"schema": "dj-check.rep', "到这里就断了"),
    "not-json": ("branch: {name: 甲}\n", ":1:1: 不是 JSON"),
    "garbage-behind": ('{"schema": "dj-check.report/1"} x', ":1:33: 不是 JSON"),
    "list": ("[]", "不是 dj-check 的核查报告"),
    "number": ("1", "不是 dj-check 的核查报告"),
    "null": ("null", "不是 dj-check 的核查报告"),
    "no-schema": ("{}", "不是 dj-check 的核查报告"),
    "sarif": ('{"$schema": "x", "version": "2.1.0"}', "不是 dj-check 的核查报告"),
    "schema-number": ('{"schema": 1}', "不是 dj-check 的核查报告"),
    "later-schema": ('{"schema": "dj-check.report/2"}', "这里只读 dj-check.report/1"),
    "diff": ('{"schema": "dj-check.diff/1"}', "不是核查报告"),
    "lines-in-json": ('{"schema": "dj-check.lines/1"}', "JSON Lines 存成 .jsonl"),
    "twice": ('{"schema": "dj-check.report/1", "run": {"x": 1, "x": 2}}', "键 “x” 写了两次"),
    "twice-deep": (
        '{"schema": "dj-check.report/1", "assessments": [{"branch": {"id": 1, "id": 2}}]}',
        "键 “id” 写了两次",
    ),
    "deep": ("[" * 200_000, "层数太多"),
    "deep-objects": ('{"a":' * 200_000, "层数太多"),
    "nan": ('{"schema": "dj-check.report/1", "x": NaN}', "NaN 不是数"),
    "infinity": ('{"schema": "dj-check.report/1", "x": -Infinity}', "-Infinity 不是数"),
    "long-number": ('{"schema": "dj-check.report/1", "x": ' + "9" * 10_000 + "}", "一个数长得离谱"),
    "no-run": ('{"schema": "dj-check.report/1", "assessments": []}', "没有 run"),
    "no-branch": ('{"schema": "dj-check.report/1", "run": {}, "assessments": [{}]}', "没有 assessments[0].branch"),
    "day": (changed(as_of="2024-02-30"), "assessments[0].as_of 是 “2024-02-30”"),
    "day-number": (changed(as_of=5), "assessments[0].as_of 是 “5”"),
    "outcome": (changed(outcomes=[{"rule": "X", "title": "x", "outcome": "ok", "windows": []}]), "outcome 是 “ok”"),
    "windows": (changed(outcomes=[{"rule": "X", "title": "x", "outcome": "pass", "windows": {}}]), "windows 是"),
    "score": (changed(score={"low": "1", "high": 1, "max": 1, "completeness": 1}), "score.low 是 “1”"),
    "score-huge": (changed(score={"low": 1e300, "high": 1, "max": 1, "completeness": 1}), "score.low 是"),
    "score-true": (changed(score={"low": True, "high": 1, "max": 1, "completeness": 1}), "score.low 是"),
    "counts": (changed(counts={"pass": "many"}), "counts.pass 是 “many”"),
    "half-character": (changed(standard="\ud800").encode("ascii", "backslashreplace").decode(), "半个字符"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_report_is_told(name: str, tmp_path: Path):
    """By name and, where JSON itself is broken, by line and column; with a way out."""
    content, message = HOSTILE[name]
    path = tmp_path / "r.json"
    path.write_text(content, encoding="utf-8")
    told = wrong(path)
    assert any(message in line for line in told), told
    assert all(" → " in line for line in told)


def test_exponent_beyond_all_bounds_is_refused_at_once(tmp_path: Path):
    """1e999999999 is no score and must not be reckoned out."""
    data = changed(score=None).replace('"score": null', '"score": {"low": 1e999999999, "high": 1, "max": 1}')
    path = tmp_path / "r.json"
    path.write_text(data, encoding="utf-8")
    assert any("score.low" in line for line in wrong(path))


def test_broken_lines_do_not_hide_the_others(tmp_path: Path):
    """Each by its line; the sound ones are still read."""
    path = tmp_path / "r.jsonl"
    path.write_text(f'{lines()}{{"type"\n{lines()}[]\n', encoding="utf-8")
    items = list(stream_report(path))
    assert (2, [2, 4]) == (
        sum(isinstance(i, reports.ReportedAssessment) for i in items),
        [i.line for i in items if isinstance(i, reports.Problem)],
    )


def test_a_file_of_nothing_but_broken_lines_is_given_up(tmp_path: Path):
    """After enough of them."""
    path = tmp_path / "r.jsonl"
    path.write_text("{\n" * 10_000, encoding="utf-8")
    told = wrong(path)
    assert reports.MAX_PROBLEMS + 1 == len(told)
    assert "差错太多" in told[-1]


def test_a_line_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It is not read to its end."""
    monkeypatch.setattr(reports, "MAX_LINE", 1000)
    path = tmp_path / "r.jsonl"
    path.write_text(f"{'x' * 5000}\n", encoding="utf-8")
    assert any("这一行超过" in line for line in wrong(path))


def test_a_document_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """With the advice to use JSON Lines."""
    monkeypatch.setattr(reports, "MAX_DOCUMENT", 1000)
    path = tmp_path / "r.json"
    path.write_text(text([audited(RECORD)]), encoding="utf-8")
    assert any("jsonl" in line for line in wrong(path))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_encodings_that_shells_write_are_read(encoding: str, form: str, tmp_path: Path):
    """Redirected output has a mark or is UTF-16 on some systems."""
    path = tmp_path / f"r.{form}"
    path.write_text(text([audited(RECORD)], form), encoding=encoding)
    assert reread(audited(RECORD)).assessments == load_report(path).assessments


def test_gbk_is_told(tmp_path: Path):
    """Not guessed."""
    path = tmp_path / "r.json"
    path.write_text(text([audited(RECORD)]), encoding="gb18030")
    assert any("不是 UTF-8" in line for line in wrong(path))


@pytest.mark.parametrize("kind", ["missing", "folder", "fifo", "nul"])
def test_what_is_no_file_is_told(kind: str, tmp_path: Path):
    """A pipe is not waited for."""
    path = tmp_path / ("x\0" if kind == "nul" else "x")
    if kind == "folder":
        path.mkdir()
    if kind == "fifo":
        os.mkfifo(path)
    assert 1 == len(wrong(path))


def test_later_keys_are_let_pass(tmp_path: Path):
    """A newer version may say more; what is known is read."""
    path = tmp_path / "r.json"
    data = document() | {"more": 1}
    data["assessments"][0] |= {"more": {"x": []}, "waived": []}
    path.write_text(json.dumps(data), encoding="utf-8")
    assert 1 == len(load_report(path).assessments)


def test_folders_are_searched_for_reports_and_only_those(tmp_path: Path):
    """Hidden files are left; the same file is read once."""
    for name in ("b.json", "a/c.jsonl", ".hidden.json", ".git/d.json", "a/e.yaml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("", encoding="utf-8")
    found = [path.name for path, _ in report_files([tmp_path, tmp_path / "b.json"])]
    assert ["b.json", "c.jsonl"] == found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_damage_is_a_problem_or_nothing(tmp_path: Path, data: st.DataObject):
    """Bytes cut out, put in or changed anywhere: the file is read or refused, never more."""
    raw = (lines() if data.draw(st.booleans()) else text([audited(RECORD)])).encode()
    at = data.draw(st.integers(0, len(raw)))
    gone = data.draw(st.integers(0, 40))
    path = tmp_path / data.draw(st.sampled_from(["r.json", "r.jsonl"]))
    path.write_bytes(raw[:at] + data.draw(st.binary(max_size=8)) + raw[at + gone :])
    for item in stream_report(path):
        assert item is not None


def test_a_report_on_standard_input_is_read(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """``audit -f jsonl | diff old.json -``."""
    path = tmp_path / "r.jsonl"
    path.write_text(run("audit", LAX, *PROBE, "--period", "2024", "-f", "jsonl").out, encoding="utf-8")
    with path.open(encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        done = run("diff", path, "-", "-f", "json")
    assert (1, 15) == (done.status, done.json["counts"]["persisting"])
