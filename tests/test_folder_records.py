"""A record in several files, records of several kinds in one folder, and a record from standard input."""

from __future__ import annotations

import io
import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from dangjian_check.app import Request
from dangjian_check.app import run as audit
from dangjian_check.errors import InputProblems, Problem, UsageProblem
from dangjian_check.loading.records import load_record, load_records
from ledgers.build import csv_bytes, workbook
from program import LAX, PROBE, ROOT, SOUND, TESTS, Run

MIXED = TESTS / "ledgers" / "mixed"
BRANCH = "branch: {name: 甲支部}\ncoverage: {from: 2024-01-01, to: 2024-12-31}\n"
MEETINGS = "日期|类型|议题\n2024-03-05|支委会|三月例会\n2024-04-02|支委会|四月例会"
TALKS = "谈话日期|谈话人|被谈话人\n2024-03-02|张三|李四"


def folder(root: Path, **files: str | bytes) -> Path:
    """A record in a folder; ``__`` in a name stands for a slash and the last ``_`` for the dot of its ending."""
    for name, content in files.items():
        stem, _, ending = name.replace("__", "/").rpartition("_")
        path = root / f"{stem}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root / "branch.yaml"


def problems(path: Path) -> list[str]:
    """Everything wrong with a record, places relative to its folder."""
    return [str(problem).replace(f"{path.parent.as_posix()}/", "") for problem in wrong_with(path)]


def wrong_with(path: Path) -> list[Problem]:
    """The problems of everything in a file that cannot be used."""
    _, refused = load_records(path)
    return [problem for one in refused for problem in one.problems]


def test_parts_beside_and_below_a_branch_file_are_its_record(tmp_path: Path):
    """Ledgers beside it; in folders named after a series one entry a file, a list, or the series by its name."""
    path = folder(
        tmp_path / "甲",
        branch_yaml=BRANCH + "activities: [{date: 2024-01-05, type: 支委会}]\n",
        会议_xlsx=workbook({"会议记录": MEETINGS}),
        谈话_csv=csv_bytes("gb18030", TALKS),
        activities__1_yaml="{date: 2024-05-06, type: 党课}\n",
        activities__2_yaml="- {日期: 2024-06-06, 类型: 主题党日}\n- {date: 2024-06-20, type: 党员大会}\n",
        谈心谈话__a_yml="谈心谈话: [{日期: 2024-09-01, 双方: [张三, 王五]}]\n",
        activities__3_json='{"date": "2024-07-05", "type": "支委会"}',
        党费__一月_csv=csv_bytes("utf-8", "姓名|月份|实交\n张三|2024-01|10元"),
    )
    record = load_record(path).record
    found = [activity.date.month for activity in record.activities or []]
    assert [1, 3, 4, 5, 6, 6, 7] == sorted(found)
    assert (2, 1) == (len(record.talks or []), len(record.dues or []))
    assert "甲" == load_record(path).id


def test_parts_are_not_records_of_their_own(tmp_path: Path):
    """A folder of records stands for one record for each branch file in it."""
    folder(tmp_path / "甲", branch_yaml=BRANCH, a_csv=csv_bytes("utf-8", MEETINGS), activities__1_yaml="[]\n")
    folder(tmp_path, 乙_yaml="branch: {name: 乙支部}\n")
    report = audit(Request((tmp_path,), date(2025, 1, 1)))
    assert (["乙支部", "甲支部"], ()) == ([view.branch.name for view in report.records], report.problems)


def test_place_names_the_part_it_stands_in(tmp_path: Path):
    """A line of the branch file, a line of a part, a cell of a ledger."""
    path = folder(
        tmp_path,
        branch_yaml=BRANCH + "activities: [{date: 2024-02-30, type: 支委会}]\n",
        activities__1_yaml="date: 2024-05-06\ntype: 党会\n",
        会议_xlsx=workbook({"会议记录": MEETINGS.replace("2024-04-02", "2024-13-02")}),
        谈话_csv=csv_bytes("utf-8", TALKS.replace("李四", "张三")),
    )
    places = [problem.partition(": ")[0] for problem in problems(path)]
    assert {"activities/1.yaml:2:7", "branch.yaml:3:21", "会议.xlsx:会议记录!A3", "谈话.csv:A2"} >= set(places)
    assert len(places) > 1


def test_findings_name_the_part_they_rest_on(tmp_path: Path):
    """The log of the report shows where each activity stands."""
    path = folder(tmp_path, branch_yaml=BRANCH, 会议_xlsx=workbook({"会议记录": MEETINGS}))
    [view] = audit(Request((path,), date(2025, 1, 1))).records
    assert [(f"{tmp_path.as_posix()}/会议.xlsx", "会议记录!A2")] == [(e.place.file, str(e.place)) for e in view.log[:1]]


CONTRADICTIONS = {
    "another branch": (
        {"a_csv": csv_bytes("utf-8", "支部|日期|类型\n乙支部|2024-01-05|支委会")},
        "a.csv:A2: 写的是 “乙支部”，与 branch.yaml 的 “甲支部” 不是一个支部",
    ),
    "several branches": (
        {"a_csv": csv_bytes("utf-8", "支部|日期|类型\n乙支部|2024-01-05|支委会\n丙支部|2024-01-06|支委会")},
        "a.csv: 台账里写着几个支部，不能并进一个支部的记录",
    ),
    "said twice": (
        {"a_xlsx": workbook({"基本情况": "支部名称|甲支部\n记录期间|2024-01-01至2024-06-30"})},
        "a.xlsx:基本情况!B2: “记全期间”与 ",
    ),
    "a part that is broken": ({"a_xlsx": b"PK\x03\x04"}, "a.xlsx: 工作簿损坏，读不了"),
    "a part that is no record": ({"activities__a_yaml": "- 1\n"}, "activities/a.yaml:1:3: "),
    "a part of another kind": ({"activities__a_yaml": "date: [\n"}, "activities/a.yaml:"),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_parts_that_contradict_are_told_at_their_place(tmp_path: Path, name: str):
    """What only one file can say must not be said twice, and nothing is mixed up."""
    files, message = CONTRADICTIONS[name]
    found = problems(folder(tmp_path, branch_yaml=BRANCH, **files))
    assert any(problem.startswith(message) for problem in found), found


def test_all_problems_of_all_parts_come_in_one_run(tmp_path: Path):
    """Two broken parts are two problems."""
    found = problems(folder(tmp_path, branch_yaml=BRANCH, a_xlsx=b"PK\x03\x04", b_csv=b"\0", c_xlsx=b"x"))
    assert ["a.xlsx", "b.csv", "c.xlsx"] == [problem.partition(":")[0] for problem in found]


def test_mixed_folder_with_one_broken_ledger_is_judged_but_for_that_one(run: Run):
    """Its problems are told with sheet and cell, the others are judged, status 2."""
    done = run("audit", MIXED, "--format", "json")
    judged = sorted({assessment["branch"]["name"] for assessment in done.json["assessments"]})
    assert (2, ["柳溪镇白沙村党支部", "红旗厂机修车间党支部", "翰林苑社区党支部"]) == (done.status, judged)
    told = [line.removeprefix(f"{MIXED.as_posix()}/").partition(": ")[0] for line in done.err.splitlines()]
    assert ["坏的台账.xlsx:会议记录!A4", "坏的台账.xlsx:会议记录!B5", "坏的台账.xlsx:党员名册!B3"] == told


def test_examples_are_sound(run: Run):
    """The folder of ledgers that the documents point at has no problem of form."""
    done = run("validate", ROOT / "examples" / "ledgers")
    assert (0, "") == (done.status, done.err)
    assert 2 > run("audit", ROOT / "examples" / "ledgers").status


class _Stdin:
    """Standard input that holds these bytes."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


STDIN = {
    "yaml": SOUND.read_bytes(),
    "chinese keys": "支部: {名称: 甲支部}\n活动: [{日期: 2024-01-05, 类型: 支委会}]\n".encode(),
    "json": json.dumps({
        "branch": {"name": "甲支部"},
        "activities": [{"date": "2024-01-05", "type": "支委会"}],
    }).encode(),
    "workbook": workbook({"会议记录": MEETINGS}),
    "old workbook": (TESTS / "ledgers" / "支部台账.xls").read_bytes(),
}


@pytest.mark.parametrize("kind", STDIN)
def test_record_is_read_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch, kind: str):
    """The first bytes tell what it is."""
    monkeypatch.setattr("sys.stdin", _Stdin(STDIN[kind]))
    done = run("audit", "-", "--format", "json", *PROBE)
    assert (1, "") == (min(done.status, 1) or 1, done.err)
    assert 1 == len(done.json["records"] if "records" in done.json else done.json["assessments"])


def test_standard_input_that_cannot_be_read_says_so(run: Run, monkeypatch: pytest.MonkeyPatch):
    """By its Chinese name."""
    monkeypatch.setattr("sys.stdin", _Stdin(b"PK\x03\x04 broken"))
    done = run("audit", "-")
    assert (2, True) == (done.status, done.err.startswith("标准输入: 工作簿损坏"))


def test_ledger_of_several_branches_is_several_records(tmp_path: Path, run: Run):
    """Each judged by itself; what wants one record refuses it."""
    path = tmp_path / "台账.csv"
    path.write_bytes(
        csv_bytes("utf-8", "支部|日期|类型\n甲|2024-01-05|支委会\n乙|2024-13-06|支委会\n丙|2024-01-07|党课")
    )
    (loaded, _), wrong = load_records(path), wrong_with(path)
    assert (["甲", "丙"], ["B3"]) == ([record.id for record in loaded], [str(problem.place) for problem in wrong])
    assert 2 == run("audit", path).status
    path.write_bytes(csv_bytes("utf-8", "支部|日期|类型\n甲|2024-01-05|支委会\n乙|2024-01-06|支委会"))
    with pytest.raises(UsageProblem):
        load_record(path)


def test_row_without_its_branch_is_refused_where_there_are_several(tmp_path: Path):
    """Whose meeting it was, nobody knows."""
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes("utf-8", "支部|日期|类型\n甲|2024-01-05|支委会\n乙|2024-01-06|支委会\n|2024-01-07|党课"))
    wrong = wrong_with(path)
    assert [("B4", "台账里有几个支部，这一行没有写是哪个支部")] == [(str(p.place), p.message) for p in wrong]


@pytest.mark.parametrize(
    "text",
    [
        '{"branch": {"name": "甲支部"}, "coverage": null}',
        '{\t"branch":\t{"name": "\\u7532\\u652f\\u90e8"}}',
        '{"branch": {"name": "\\ud842\\udfb7\\/甲"}}',
        '\ufeff{"支部": {"名称": "甲支部"}}',
    ],
)
def test_json_is_read_like_yaml(tmp_path: Path, text: str):
    """Tabs, escapes and characters in two halves as JSON writes them."""
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    assert load_record(path).record.body.name in ("甲支部", "𠮷/甲")


@pytest.mark.parametrize(
    "text", ["", "[]", '{"branch": {"name": "\\ud842"}}', '{"branch": 1}', "{,}", '{"a": 1, "a": 2}']
)
def test_json_that_is_no_record_is_located(tmp_path: Path, text: str):
    """With line and column, as in YAML."""
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputProblems) as caught:
        load_record(path)
    assert all(problem.line and problem.column for problem in caught.value.problems)


def test_locks_of_office_programs_are_no_ledgers(tmp_path: Path):
    """``~$台账.xlsx`` appears while the ledger is open."""
    shutil.copy(LAX, tmp_path / "lax.yaml")
    (tmp_path / "~$台账.xlsx").write_bytes(b"x")
    assert (
        () == audit(Request((tmp_path,), date(2025, 1, 1), standards=("probe",), rules=(TESTS / "standards",))).problems
    )
