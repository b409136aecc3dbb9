"""The command line: what each command answers and with which exit status."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dangjian_check import __version__
from dangjian_check.reports import FORMATS
from program import LAX, PACKS, PROBE, SOUND, Run

BARE = ("--rules", str(PACKS), "--standard", "bare")
YEAR = """\
branch: {{name: 甲支部, venue: {{fixed: {venue}}}}}
coverage: {{from: 2024-01-01, to: 2024-12-31}}
committee: {{exists: false}}
members: [{{name: 甲, status: 正式, from: 2020-01-01}}, {{name: 乙, status: 正式, from: 2020-01-01}}]
activities:
  - {{date: 2024-01-10, type: 支委会, attendance: {{expected: 5{quorum}}}}}
  - {{date: 2024-02-10, type: 党课}}
  - {{date: 2024-05-10, type: 党课}}
  - {{date: {third}, type: 党课}}
  - {{date: 2024-11-10, type: [党课, 主题党日], attendance: {{present: {present}}}}}
"""
DEFICIENT = {
    "info": {"venue": "false"},
    "minor": {"present": "[甲]"},
    "major": {"third": "2024-06-10"},
    "critical": {"quorum": ", present: 2"},
}


def year(tmp_path: Path, **faults: str) -> Path:
    """A year's record without a deficiency under the probe standard, except for the faults."""
    sound = {"venue": "true", "present": "[甲, 乙]", "third": "2024-08-10", "quorum": ", present: 3"}
    path = tmp_path / "branch.yaml"
    path.write_text(YEAR.format(**sound | faults), encoding="utf-8")
    return path


def test_sound_record_is_status_0(run: Run):
    """Nothing wrong and something left for a person to judge: 0, and nothing on stderr."""
    done = run("audit", SOUND, *PROBE)
    assert (0, "", True) == (done.status, done.err, "没有发现问题" in done.out)


def test_deficiencies_are_status_1(run: Run):
    """Deficiencies go to stdout, nothing to stderr."""
    done = run("audit", LAX, *PROBE)
    assert (1, "", True) == (done.status, done.err, "支委会每月至少召开一次" in done.out)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_format_never_changes_the_status(run: Run, name: str):
    """A status means the same whatever is printed."""
    found = [run("audit", path, *PROBE, "--format", name).status for path in (SOUND, LAX, "gone.yaml")]
    assert [0, 1, 2] == found


def test_2_beats_1_and_what_could_be_judged_is_still_written(run: Run, tmp_path: Path):
    """A bad file beside a deficient one: 2, with the assessment and the problem in one report."""
    bad = tmp_path / "bad.yaml"
    bad.write_text("branch: {nam: 甲, name: 乙}\n", encoding="utf-8")
    done = run("audit", bad, LAX, *PROBE, "--format", "json")
    assert 2 == done.status
    assert ["lax"] == [assessment["branch"]["id"] for assessment in done.json["assessments"]]
    assert [(1, 10)] == [(problem["line"], problem["column"]) for problem in done.json["problems"]]
    assert f"{bad.as_posix()}:1:10: 不认识的键 “nam” → 最接近的是“name”\n" == done.err


def test_every_problem_of_every_file_is_told_in_one_run(run: Run, tmp_path: Path):
    """Two bad files and a missing one: all of them on stderr, one line each, sorted by file and line."""
    (tmp_path / "b.yaml").write_text("branch: {name: 1}\nx: 1\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text("branch: {}\n", encoding="utf-8")
    done = run("audit", tmp_path, tmp_path / "c.yaml", *PROBE)
    assert (2, ["a.yaml:1:1", "b.yaml:1:16", "b.yaml:2:1", "c.yaml"]) == (
        done.status,
        [line.removeprefix(f"{tmp_path.as_posix()}/").partition(": ")[0] for line in done.err.splitlines()],
    )


@pytest.mark.parametrize("form", [(), ("--format", "rows")], ids=["whole", "streamed"])
def test_two_branches_of_one_id_are_told_and_the_years_of_one_are_not(run: Run, tmp_path: Path, form: tuple[str, ...]):
    """A note, not a problem; whatever the format."""
    for file, name in (("2023.yaml", "甲支部"), ("2024.yaml", "甲支部"), ("other.yaml", "乙支部")):
        (tmp_path / file).write_text(f"branch: {{id: b1, name: {name}}}\n", encoding="utf-8")
    said, asked = "支部编号 b1 有两个名称：甲支部、乙支部", ("--as-of", "2024-12-31", "--exit-zero", *form)
    done = run("audit", tmp_path, *BARE, *asked)
    assert (0, 1) == (done.status, done.out.count(said))
    assert said not in run("audit", tmp_path / "2023.yaml", tmp_path / "2024.yaml", *BARE, *asked).out


def test_no_record_at_all_is_status_3(run: Run, tmp_path: Path):
    """An empty folder is never a clean sheet."""
    done = run("audit", tmp_path)
    assert (3, "", True) == (done.status, done.out, "没有找到记录" in done.err)


def test_nothing_due_yet_is_status_3(run: Run):
    """A record in which everything is still pending or does not apply was not judged."""
    done = run("audit", LAX, *BARE, "--as-of", "2024-06-20")
    assert (3, True) == (done.status, "期间内没有一项可以评定" in done.err)


def test_2_beats_3(run: Run):
    """A file that cannot be read outweighs that nothing was judged."""
    assert 2 == run("audit", LAX, "gone.yaml", *BARE, "--as-of", "2024-06-20").status


@pytest.mark.parametrize(
    ("arguments", "status"),
    [((LAX, *PROBE), 0), ((LAX, "gone.yaml", *PROBE), 2), ((LAX, *BARE, "--as-of", "2024-06-20"), 3)],
    ids=["deficient", "unreadable", "nothing"],
)
def test_exit_zero_forgives_deficiencies_only(run: Run, arguments: tuple[str | Path, ...], status: int):
    """``--exit-zero`` turns 1 into 0; what could not be judged stays 2 and 3."""
    assert status == run("audit", *arguments, "--exit-zero").status


@pytest.mark.parametrize("gate", [None, "info", "minor", "major", "critical"])
@pytest.mark.parametrize("severity", DEFICIENT)
def test_fail_on_is_the_least_severity_that_fails(run: Run, tmp_path: Path, severity: str, gate: str | None):
    """A deficiency below the gate is listed and does not fail; without the flag the gate is minor."""
    order = list(DEFICIENT)
    flags = () if gate is None else ("--fail-on", gate)
    done = run("audit", year(tmp_path, **DEFICIENT[severity]), *PROBE, *flags, "--format", "json")
    listed = [found["severity"] for found in done.json["assessments"][0]["deficiencies"]]
    expected = int(order.index(severity) >= order.index(gate or "minor"))
    assert ([severity], expected) == (listed, done.status)


@pytest.mark.parametrize(("least", "status"), [("18", 0), ("18.0", 0), ("0", 0), ("18.1", 1), ("37/2", 1), ("100", 1)])
def test_min_score_is_held_against_the_lower_end(run: Run, least: str, status: int):
    """The sound record scores 18 to 20; what is open may still be lost."""
    assert status == run("audit", SOUND, *PROBE, "--min-score", least).status


@pytest.mark.parametrize(("flags", "status"), [((), 0), (("--strict",), 1), (("--strict", "--fail-on", "critical"), 1)])
def test_strict_counts_what_is_unknown(run: Run, tmp_path: Path, flags: tuple[str, ...], status: int):
    """A meeting without its number present is unknown: 0 as a rule, 1 under ``--strict``."""
    assert status == run("audit", year(tmp_path, quorum=""), *PROBE, *flags).status


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024H1", "2024-01-01", "2024-06-30"),
        ("2024H2", "2024-07-01", "2024-12-31"),
        ("2024Q3", "2024-07-01", "2024-09-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-03..2024-08", "2024-03-01", "2024-08-31"),
        ("2023..2024Q1", "2023-01-01", "2024-03-31"),
        ("2024-02-10..2024-03-05", "2024-02-10", "2024-03-05"),
    ],
)
def test_period_may_be_a_year_half_quarter_month_or_span(run: Run, written: str, start: str, end: str):
    """The period printed is the one asked for, and the audit stands at its last day."""
    found = run("audit", LAX, *PROBE, "--period", written, "--format", "json").json["run"]
    assert {"from": start, "to": end} == found["period"]
    assert end == found["as_of"]


def test_period_without_a_flag_is_the_declared_coverage(run: Run):
    """The log's own claim says what is audited; the audit stands at its last day."""
    found = run("audit", SOUND, *PROBE, "--format", "json").json["run"]
    assert ({"from": "2024-01-01", "to": "2024-03-31"}, "2024-03-31") == (found["period"], found["as_of"])


def test_as_of_is_the_day_the_audit_stands_at(run: Run):
    """Windows that end later are pending, and the day is printed in every report."""
    done = run("audit", LAX, *PROBE, "--as-of", "2024-06-20", "--format", "json")
    windows = done.json["assessments"][0]["outcomes"][0]["windows"]
    assert ("2024-06-20", ("2024-06", "pending")) == (
        done.json["run"]["as_of"],
        (windows[-1]["window"], windows[-1]["outcome"]),
    )
    assert "截至 2024-06-20" in run("audit", LAX, *PROBE, "--as-of", "2024-06-20").out


def test_records_name_their_own_standards(run: Run):
    """Without ``--standard`` each record is held against the ones it names, one assessment each."""
    done = run("audit", SOUND, LAX, "--rules", PACKS, "--format", "json")
    pairs = [(a["branch"]["id"], a["standard"]) for a in done.json["assessments"]]
    assert [("snd", "probe"), ("snd", "bare"), ("lax", "probe"), ("lax", "bare")] == pairs


def test_output_writes_the_same_report_to_files(run: Run, tmp_path: Path):
    """``--output`` may be repeated; each file holds what ``--format`` would print, and stdout stays as it was."""
    files = {name: tmp_path / f"报告.{name}" for name in FORMATS}
    flags = [part for name, path in files.items() for part in ("--output", f"{name}:{path}")]
    done = run("audit", LAX, *PROBE, *flags)
    assert run("audit", LAX, *PROBE).out == done.out
    printed = {name: run("audit", LAX, *PROBE, "--format", name).out for name in FORMATS}
    assert {name: path.read_bytes() for name, path in files.items()} == {
        name: text.encode("utf-8", "surrogateescape") for name, text in printed.items()
    }
    assert sorted(path.name for path in files.values()) == sorted(path.name for path in tmp_path.iterdir())


def test_output_replaces_an_older_report_whole(run: Run, tmp_path: Path):
    """Nothing of a longer older file is left."""
    path = tmp_path / "r.json"
    path.write_text("x" * 1_000_000, encoding="utf-8")
    run("audit", LAX, *PROBE, "--output", f"json:{path}")
    assert run("audit", LAX, *PROBE, "--format", "json").out == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["no/such/folder/r.json", ".", "r" * 300 + ".json"])
def test_output_that_cannot_be_written_is_status_2_and_named(run: Run, tmp_path: Path, target: str):
    """The path asked for is named, not a temporary one; stdout has the report and nothing is left behind."""
    done = run("audit", LAX, *PROBE, "--output", f"json:{tmp_path / target}")
    assert (2, run("audit", LAX, *PROBE).out) == (done.status, done.out)
    assert [True] == [line.startswith(f"{(tmp_path / target).as_posix()}: ") for line in done.err.splitlines()]
    assert [] == list(tmp_path.iterdir())


def test_failed_output_does_not_hide_the_problems_of_records(run: Run, tmp_path: Path):
    """All that is wrong is told in one run."""
    done = run("audit", LAX, "gone.yaml", *PROBE, "--output", f"json:{tmp_path}/no/r.json")
    assert (2, True) == (done.status, "gone.yaml: 没有这个文件" in done.err)


def test_output_never_overwrites_a_record(run: Run, tmp_path: Path):
    """A record named as output by mistake survives."""
    record = tmp_path / "branch.yaml"
    shutil.copy(LAX, record)
    done = run("audit", record, *PROBE, "--output", f"json:{record}")
    assert (2, LAX.read_bytes()) == (done.status, record.read_bytes())


def test_validate_of_sound_files_is_status_0(run: Run):
    """Records and standards below a folder are counted; quiet says nothing."""
    assert (0, "4 个都没有写法上的问题\n", "") == run("validate", SOUND, LAX, PACKS)
    assert (0, "", "") == run("validate", SOUND, "--quiet")


def test_validate_tells_the_problems_of_records_and_standards_together(run: Run, tmp_path: Path):
    """Form only, every problem at once: 2."""
    pack = tmp_path / "pack"
    shutil.copytree(PACKS / "bare", pack)
    rules = pack / "1-plan.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("presence", "presense"), encoding="utf-8")
    (tmp_path / "a.yaml").write_text("branch: {}\n", encoding="utf-8")
    done = run("validate", tmp_path)
    assert (2, "") == (done.status, done.out)
    assert ["缺少 name", "没有 “presense” 这一种"] == [
        line.split(": ")[1].split(" → ")[0] for line in done.err.splitlines()
    ]


def test_validate_of_nothing_is_status_3(run: Run, tmp_path: Path):
    """An empty folder holds nothing that could be sound."""
    assert 3 == run("validate", tmp_path).status


def test_explain_gives_the_demand_its_source_and_its_tests(run: Run):
    """What a person needs to judge the rule itself."""
    done = run("explain", "PRB-1-1", "--rules", PACKS)
    wanted = ["支委会每月至少召开一次", "《测试支部工作标准》第一条", "frequency", "要求程度 一般", "- 三月缺会"]
    assert (0, []) == (done.status, [words for words in wanted if words not in done.out])


def test_explain_on_a_record_shows_what_counted_and_what_nearly_did(run: Run):
    """Entries are named with their places."""
    done = run("explain", "PRB-1-1", "--rules", PACKS, "--record", LAX, "--as-of", "2024-06-20")
    place = f"{LAX.as_posix()}:12:5"
    unwrapped = "".join(done.out.split())
    assert (0, True, True) == (
        done.status,
        f"算数2024-02-05支委会（{place}）" in unwrapped,
        f"不算2024-02-05支委会（{place}）" in unwrapped,
    )


def test_explain_says_what_is_owed_where_something_counted_but_not_enough(run: Run, tmp_path: Path):
    """One lecture of two: the reader is told how many there should have been."""
    record = tmp_path / "branch.yaml"
    record.write_text(
        "branch: {name: 甲支部}\ncoverage: {from: 2024-02-01, to: 2024-07-31}\n"
        "activities: [{date: 2024-03-08, type: 党课}]\n",
        encoding="utf-8",
    )
    done = run("explain", "VOC-4.1.1-4", "--record", record)
    assert "2024年春季学期应有党课不少于2次，实有1次算数2024-03-08党课" in "".join(done.out.split())


def test_explain_takes_a_folder_that_holds_one_record(run: Run, tmp_path: Path):
    """As audit does; of several it asks for one, of none too."""
    folder = tmp_path / "一支部"
    folder.mkdir()
    (folder / "branch.yaml").write_text("branch: {name: 甲支部}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("branch: {name: 乙支部}\n", encoding="utf-8")
    (tmp_path / "无").mkdir()
    said = [run("explain", "VOC-4.1.1-4", "--record", path) for path in (folder, tmp_path, tmp_path / "无")]
    assert [0, 2, 2] == [done.status for done in said]
    assert "里有 2 份记录 → --record 写其中的一份" in said[1].err
    assert "里有 0 份记录 → --record 写记录文件" in said[2].err


def test_explain_as_json_holds_the_same_trace(run: Run):
    """Machines get the rule, its outcome and each window's entries with places."""
    done = run("explain", "PRB-1-1", "--rules", PACKS, "--record", LAX, "--as-of", "2024-06-20", "--format", "json")
    march = next(window for window in done.json["windows"] if window["window"] == "2024-03")
    assert (0, "PRB-1-1", "fail", "fail", []) == (
        done.status, done.json["rule"]["id"], done.json["outcome"], march["outcome"], march["counted"],
    )  # fmt: skip
    assert [(12, 5), (16, 5)] == [(near["line"], near["column"]) for near in march["near"]]


def test_rules_list_names_every_rule_of_the_standards_asked_for(run: Run):
    """As text and as JSON."""
    flags = ("--rules", PACKS, "-s", "probe", "-s", "bare")
    ids = ["PRB-1-1", "PRB-1-2", "PRB-1-3", "PRB-2-1", "PRB-2-2", "PRB-2-3", "PRB-2-4", "BAR-1-1", "BAR-1-2"]
    text = run("rules", "list", *flags)
    assert (0, []) == (text.status, [name for name in ids if name not in text.out])
    assert ids == [r["id"] for s in run("rules", "list", *flags, "--format", "json").json for r in s["rules"]]


def test_rules_show_is_the_explanation_without_a_record(run: Run):
    """Both print the same page."""
    assert run("explain", "PRB-1-3", "--rules", PACKS).out == run("rules", "show", "PRB-1-3", "--rules", PACKS).out


def test_rules_test_of_proven_rules_is_status_0(run: Run):
    """The packs of these tests pass, prove every rule and kill every moved number."""
    done = run("rules", "test", "--rules", PACKS, "-s", "probe", "-s", "bare", "--require-coverage", "--mutate")
    assert (0, 1) == (done.status, len(done.out.splitlines())), done.out


def test_wrong_manifest_and_wrong_rules_of_a_standard_are_told_together(run: Run, tmp_path: Path):
    """Not the rules only once the manifest is right."""
    pack = tmp_path / "bare"
    shutil.copytree(PACKS / "bare", pack)
    for name in ("standard.yaml", "1-plan.yaml"):
        file = pack / name
        file.write_text(f"{file.read_text(encoding='utf-8')}\nabcdef: 1\n", encoding="utf-8")
    done = run("validate", pack)
    assert (2, 2) == (done.status, done.err.count("不认识的键 “abcdef”"))


def test_rules_test_tells_what_is_unproven_and_asks_for_it_only_if_told_to(run: Run, tmp_path: Path):
    """A rule that is never seen to pass."""
    pack = tmp_path / "bare"
    shutil.copytree(PACKS / "bare", pack)
    rules = pack / "9-more.yaml"
    more = "id: BAR-9-9, title: 没有测试的, source: {article: 第九条}, reason: 无, remedy: 补上"
    rules.write_text(
        f"rules:\n  - {{{more}, check: {{kind: frequency, select: {{type: 党课}}, per: year, min: 1}}}}\n",
        encoding="utf-8",
    )
    for flags, status in (((), 0), (("--require-coverage",), 1)):
        done = run("rules", "test", "--rules", pack, "-s", "bare", *flags)
        assert (status, True) == (done.status, "没有证明  BAR-9-9 没有测试的：没有测试证明它能合格" in done.out)
        assert "1 条没有证全" in done.out


def test_rules_test_that_fails_is_status_1_and_names_the_difference(run: Run, tmp_path: Path):
    """A rule whose test expects something else than it gives."""
    pack = tmp_path / "bare"
    shutil.copytree(PACKS / "bare", pack)
    rules = pack / "1-plan.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("expect: fail", "expect: pass"), encoding="utf-8")
    done = run("rules", "test", "--rules", pack, "-s", "bare")
    assert (1, True) == (done.status, "不符  BAR-1-1：没有计划" in done.out)


def test_rules_lint_of_sound_packs_is_status_0(run: Run):
    """Form, numbers, sheet and proofs of every rule are looked at."""
    assert (0, "9 条规则没有发现问题\n", "") == run("rules", "lint", PACKS)


@pytest.mark.parametrize(
    ("old", "new"), [("PRB-1-2", "PRB-1-9"), ("title:", "veto: [{rules: PRB-1-9, max_grade: 合格}]\ntitle:")]
)
def test_rules_lint_tells_a_sheet_that_names_an_unknown_rule(old: str, new: str, run: Run, tmp_path: Path):
    """A reference to nothing is a problem of the sheet with the nearest rule."""
    pack = tmp_path / "probe"
    shutil.copytree(PACKS / "probe", pack)
    sheet = pack / "sheet.yaml"
    sheet.write_text(sheet.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    done = run("rules", "lint", pack)
    assert (2, True, True) == (done.status, "probe/sheet.yaml:" in done.err, "PRB-1-9" in done.err)


def test_broken_standard_is_told_in_its_own_file(run: Run, tmp_path: Path):
    """A record that names a broken standard is not where the mistake is."""
    packs = tmp_path / "packs"
    shutil.copytree(PACKS / "bare", packs / "bare")
    (packs / "bare" / "2-broken.yaml").write_text("rules:\n  - {id: BAR-2-1, typo: 1}\n", encoding="utf-8")
    record = tmp_path / "a.yaml"
    record.write_text("branch: {name: 甲, standards: [bare]}\n", encoding="utf-8")
    done = run("audit", record, "--rules", packs)
    assert (2, {(packs / "bare" / "2-broken.yaml").as_posix()}) == (
        done.status,
        {line.split(":")[0] for line in done.err.splitlines()},
    )


@pytest.mark.parametrize("name", ["record", "rules", "sheet", "standard"])
def test_schema_prints_one_json_document(run: Run, name: str):
    """For editors, on stdout."""
    done = run("schema", name)
    assert (0, "http://json-schema.org/draft-07/schema#", "") == (done.status, done.json["$schema"], done.err)


@pytest.mark.parametrize("arguments", [["--version"], ["-V"]])
def test_version_is_one_line(run: Run, arguments: list[str]):
    """Name and number, as in pyproject."""
    assert (0, f"dj-check {__version__}\n", "") == run(*arguments)


@pytest.mark.parametrize("arguments", [[], ["rules"]])
def test_no_command_shows_the_help_and_is_status_2(run: Run, arguments: list[str]):
    """Nothing was asked, so nothing was judged."""
    done = run(*arguments)
    assert (2, True) == (done.status, "用法" in done.out + done.err)


def test_lint_says_in_words_how_an_id_and_a_condition_are_written(run: Run, tmp_path: Path):
    """Whoever writes a standard of his own reads no regular expressions."""
    select = "{type: 党课, where: {topic: 党章}}"
    rule = f"{{id: mine-3-1, title: 党课, check: {{kind: frequency, select: {select}, per: year, min: 1}}"
    manifest = "id: mine\ntitle: 要求\nissuer: 某党委\ndocument: 要求\n"
    (tmp_path / "standard.yaml").write_text(manifest, encoding="utf-8")
    text = f"source: {{article: 第三条}}\nrules:\n  - {rule}, reason: 学, remedy: 补}}\n"
    (tmp_path / "03.yaml").write_text(text, encoding="utf-8")
    [name, condition] = [line.partition(" → ")[2] for line in run("rules", "lint", tmp_path).err.splitlines()]
    assert "大写字母开头，只用字母、数字和点，至少两段，段间用 -，例如 MINE-3-1" == name
    assert "写成 {键: 值}，键有 is、has、exists" == condition
    (tmp_path / "standard.yaml").write_text(manifest.replace("mine", "Mine"), encoding="utf-8")
    assert "小写字母开头，只用小写字母、数字、- 和 _，例如 mine" in run("rules", "lint", tmp_path).err
