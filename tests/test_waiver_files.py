"""Waiver files as their users meet them: asked for, found beside records, wrong, of no use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dangjian_check import DjCheckError, audit
from program import LAX, PROBE, SOUND, Run

YEAR = ("--period", "2024", "--as-of", "2024-06-20")
MARCH, MAY = "e39ed834a2c37e52", "b5e3eeb6239889ec"
WAIVER = """\
  - id: {id}
    rules: {rules}
    covers: {{from: 2024-03-01, to: 2024-03-31}}
    effect: excuse
    reason: 防汛
    approver: 某党总支
    document: 某发 3 号
"""


def text_of(*waivers: dict[str, str], more: str = "") -> str:
    """A waiver file; a waiver excuses the meeting of March unless said otherwise."""
    return (
        "waivers:\n" + "".join(WAIVER.format(**{"id": "W-1", "rules": "PRB-1-1"} | w) for w in waivers or [{}]) + more
    )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two branches, each in a folder of its own, in which one stands."""
    for name, record in (("a", LAX), ("b", SOUND)):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{record.stem}.yaml").write_bytes(record.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(run: Run, *arguments: str | Path) -> Any:
    """The JSON report of an audit."""
    return json.loads(run("audit", *arguments, *PROBE, *YEAR, "--format", "json").out)


def waived(found: Any) -> list[str]:
    """Fingerprints of everything waived in a JSON report."""
    return [w["fingerprint"] for a in found["assessments"] for w in a["waived"]]


def notes(found: Any) -> list[str]:
    """What is said of the run itself."""
    return [note["message"] for note in found["notes"]]


# Where they come from


def test_waivers_asked_for_hold_for_every_record(run: Run, home: Path):
    """The file may lie anywhere."""
    (home / "w.yaml").write_text(text_of(), encoding="utf-8")

    assert [MARCH] == waived(report(run, "a", "--waivers", "w.yaml"))


@pytest.mark.parametrize("place", ["a/waivers.yaml", "waivers.yaml"])
def test_waivers_beside_records_are_used_and_said_to_be(run: Run, home: Path, place: str):
    """In the record's folder or in the one that was given, and nobody is left to guess."""
    (home / place).write_text(text_of(), encoding="utf-8")
    found = report(run, ".")

    assert [MARCH] == waived(found)
    assert [place] == [note["file"] for note in found["notes"]]
    assert ["按这个豁免文件核查：1 项，用上 1 项"] == notes(found)


def test_waivers_beside_one_record_are_nothing_to_another(run: Run, home: Path):
    """What lies in ``b`` says nothing of the branch in ``a``."""
    (home / "b" / "waivers.yaml").write_text(text_of(), encoding="utf-8")

    assert [] == waived(report(run, "."))


def test_waivers_above_what_was_given_are_not_looked_for(run: Run, home: Path):
    """A file asked for is judged by what lies beside it."""
    (home / "waivers.yaml").write_text(text_of(), encoding="utf-8")

    assert [] == waived(report(run, "a/lax.yaml"))
    assert [MARCH] == waived(report(run, ".", "a/lax.yaml"))


def test_no_waivers_gives_the_original_report(run: Run, home: Path):
    """An auditor sees what there is, to the byte."""
    plain = run("audit", ".", *PROBE, *YEAR).out
    (home / "a" / "waivers.yaml").write_text(text_of(), encoding="utf-8")

    assert plain == run("audit", ".", *PROBE, *YEAR, "--no-waivers").out
    assert plain != run("audit", ".", *PROBE, *YEAR).out


def test_a_file_both_asked_for_and_beside_counts_once(run: Run, home: Path):
    """It is read once and told once."""
    (home / "waivers.yaml").write_text(text_of(), encoding="utf-8")

    assert ["按这个豁免文件核查：1 项，用上 1 项"] == notes(report(run, ".", "--waivers", "a/../waivers.yaml"))


def test_waivers_and_no_waivers_are_not_both(run: Run, home: Path):
    """Nothing is judged."""
    done = run("audit", ".", *PROBE, "--waivers", "w.yaml", "--no-waivers")

    assert (2, "") == (done.status, done.out)
    assert "--waivers 与 --no-waivers 不能一起写" in done.err


def test_an_output_never_overwrites_a_waiver_file(run: Run, home: Path):
    """It is an input like the records."""
    (home / "w.yaml").write_text(text_of(), encoding="utf-8")
    done = run("audit", "a", *PROBE, "--waivers", "w.yaml", "--output", "json:./w.yaml")

    assert (2, text_of()) == (done.status, (home / "w.yaml").read_text(encoding="utf-8"))


# What it does to the exit


@pytest.mark.parametrize(("effect", "low"), [("excuse", 20), ("accept\n    expires: 2024-12-31", 12)])
def test_what_is_waived_holds_nobody_up(run: Run, tmp_path: Path, effect: str, low: int):
    """Neither what is excused nor what is accepted; an accepted loss can still miss ``--min-score``."""
    text = text_of({"rules": "[PRB-1-1, PRB-1-2, PRB-1-3]"}).replace("2024-03-01, to: 2024-03-31", "2024-01-01")
    file = tmp_path / "w.yaml"
    file.write_text(text.replace("effect: excuse", f"effect: {effect}"), encoding="utf-8")
    plain, eased = (run("audit", LAX, *PROBE, *YEAR, *more) for more in ([], ["--waivers", file]))
    least = run("audit", LAX, *PROBE, *YEAR, "--waivers", file, "--min-score", "15")

    assert (1, 0) == (plain.status, eased.status)
    assert (0 if low > 15 else 1) == least.status
    assert "豁免以外没有发现问题" in eased.out


# What is wrong


def test_a_broken_file_asked_for_stops_everything(run: Run, home: Path):
    """Before anything is judged, every problem at its place."""
    (home / "w.yaml").write_text(text_of({"rules": "[]"}, more="  - {id: W-2}\n"), encoding="utf-8")
    done = run("audit", ".", *PROBE, "--waivers", "w.yaml", "--waivers", "none.yaml")

    assert (2, "") == (done.status, done.out)
    assert ["none.yaml: 没有这个文件 → 核对路径", "w.yaml:3:5: 这里是空的 → 至少写一项"] == done.err.splitlines()[:2]
    assert 2 + 6 == len(done.err.splitlines())


def test_a_broken_file_beside_records_is_told_and_the_rest_is_judged(run: Run, home: Path):
    """Exit 2, and the report of every record all the same."""
    (home / "a" / "waivers.yaml").write_text("waivers: 无\n", encoding="utf-8")
    done = run("audit", ".", *PROBE, *YEAR, "--format", "json")

    assert (2, "a/waivers.yaml:1:10: 这里应是一个列表 → 每项前写“- ”，或写成 [甲, 乙]") == (
        done.status,
        done.err.strip(),
    )
    assert {"lax", "snd"} == {a["branch"]["id"] for a in json.loads(done.out)["assessments"]}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("PRB-1-11", "没有规则 “PRB-1-11” → 最接近的是 PRB-1-1"),
        ("QQQQ-77777-*", "没有规则 “QQQQ-77777-*” → 用 dj-check rules list 查看编号"),
    ],
)
def test_a_rule_that_nobody_knows_is_a_problem_at_its_place(run: Run, home: Path, rule: str, said: str):
    """Exit 2, with the nearest; the other waivers still hold."""
    (home / "w.yaml").write_text(text_of({"rules": f"[PRB-1-1, {rule}]"}), encoding="utf-8")
    done = run("audit", "a", *PROBE, *YEAR, "--waivers", "w.yaml", "--format", "json")

    assert (2, [MARCH]) == (done.status, waived(json.loads(done.out)))
    assert f"w.yaml:3:22: 豁免 W-1：{said}" in done.err


def test_a_rule_of_another_standard_is_no_problem(run: Run, home: Path):
    """It is known, only not used in this run: the note says so."""
    (home / "w.yaml").write_text(text_of({"rules": "NAT-ZB-12-1"}), encoding="utf-8")
    done = run("audit", "a", *PROBE, *YEAR, "--waivers", "w.yaml", "--format", "json")

    assert 1 == done.status
    assert ["豁免 W-1 没有用上：这次用的标准里没有它的规则"] == notes(json.loads(done.out))[1:]


def test_what_nobody_may_waive_is_a_problem(run: Run, home: Path):
    """The rule says ``waivable: false``; the waiver is refused and the finding stays."""
    packs = home / "packs"
    packs.mkdir()
    manifest = "{id: own, title: 自订, issuer: 某单位, document: 某办法}\n"
    (packs / "standard.yaml").write_text(manifest, encoding="utf-8")
    rule = "check: {kind: frequency, select: {type: 支委会}, per: month, min: 1}, reason: 理由, remedy: 改正"
    rules = f"rules:\n- {{id: OWN-1-1, title: 月月开会, waivable: false, source: {{article: 第一条}}, {rule}}}\n"
    (packs / "1.yaml").write_text(rules, encoding="utf-8")
    (home / "w.yaml").write_text(text_of({"rules": "OWN-1-1"}), encoding="utf-8")
    done = run("audit", "a", "--rules", "packs", "--standard", "own", *YEAR, "--waivers", "w.yaml", "-f", "json")

    assert (2, []) == (done.status, waived(json.loads(done.out)))
    assert "w.yaml:3:12: 豁免 W-1：规则 OWN-1-1 不得豁免 → " in done.err


# What is of no use


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rules": "PRB-2-1"}, "豁免 W-1 没有用上：它管的期间里没有这样的问题"),
        ({"rules": "PRB-1-1\n    branches: [laxx]"}, "豁免 W-1 写的支部 “laxx” 这次没有核"),
        ({"rules": "PRB-1-1\n    branches: [lax, 测试第一党支部]"}, "豁免 W-1 写了支部的名称 “测试第一党支部”"),
    ],
)
def test_a_waiver_of_no_use_is_told(run: Run, home: Path, change: dict[str, str], said: str):
    """At its place; it fails nobody."""
    (home / "w.yaml").write_text(text_of(change), encoding="utf-8")
    done = run("audit", ".", *PROBE, *YEAR, "--waivers", "w.yaml", "--format", "json")

    assert (1, [said]) == (done.status, notes(json.loads(done.out))[1:])
    assert said in done.err


def test_a_waiver_for_other_branches_is_no_news_to_one_branch(run: Run, home: Path):
    """A file kept for a whole college may be used for one record."""
    (home / "w.yaml").write_text(text_of({"rules": "PRB-1-1\n    branches: [b-1, b-2]"}), encoding="utf-8")

    assert 1 == len(notes(report(run, "a", "--waivers", "w.yaml")))


# The commands


def test_lint_tells_what_is_wrong_and_what_is_strange(run: Run, home: Path):
    """Unknown rules are wrong; an excuse without end, an acceptance of years and one id used twice are strange."""
    long = "effect: accept\n    approved: 2024-01-01\n    expires: 2026-01-01"
    good = text_of({}, {"rules": "PRB-1-2"}).replace("effect: excuse", long, 1).replace(", to: 2024-03-31", "")
    (home / "w.yaml").write_text(good, encoding="utf-8")
    (home / "x.yaml").write_text(text_of({"rules": "PRB-9-9"}), encoding="utf-8")
    done, wrong = (run("waivers", "lint", file, "--rules", PROBE[1]) for file in ("w.yaml", "x.yaml"))

    assert 0 == done.status
    assert ["w.yaml:7:14", "w.yaml:11:9", "w.yaml:13:5"] == sorted(
        (line.split(": ")[0] for line in done.out.splitlines() if line.startswith("w.yaml")), key=len
    )
    assert done.out.endswith("1 个文件 2 项豁免，没有写错；3 处请再看看\n")
    assert (2, True) == (wrong.status, "没有规则 “PRB-9-9”" in wrong.err)


def test_list_groups_waivers_by_how_they_stand(run: Run, home: Path):
    """Active, running out within thirty days, run out; with a record also those of no use."""
    accepted = text_of().replace("effect: excuse", "effect: accept\n    expires: 2024-06-30").removeprefix("waivers:\n")
    (home / "w.yaml").write_text(text_of({"rules": "PRB-2-1"}, more=accepted), encoding="utf-8")
    heads = {
        day: [line for line in run("waivers", "list", "w.yaml", "--as-of", day).out.splitlines() if line[0] != " "]
        for day in ("2024-05-30", "2024-05-31", "2024-06-30", "2024-07-01")
    }
    record = run("waivers", "list", "w.yaml", "--as-of", "2024-05-30", "--record", "a", *PROBE, "--period", "2024Q1")

    assert {
        "2024-05-30": ["有效 2 项"],
        "2024-05-31": ["有效 1 项", "30 天内到期 1 项"],
        "2024-06-30": ["有效 1 项", "30 天内到期 1 项"],
        "2024-07-01": ["有效 1 项", "已到期 1 项"],
    } == heads
    assert (0, True) == (record.status, "没有用上 1 项\n" in record.out)


def test_list_as_json_is_for_programs(run: Run, home: Path):
    """Every waiver with its state and place."""
    (home / "w.yaml").write_text(text_of(), encoding="utf-8")
    [found] = run("waivers", "list", "w.yaml", "--format", "json").json

    assert ("active", None, "w.yaml:2:5", "W-1") == (
        *(found[k] for k in ("state", "used", "where")),
        found["waiver"]["id"],
    )


# Elsewhere


def test_names_are_masked_in_what_a_waiver_says(run: Run, tmp_path: Path):
    """A reason may name the member it is about."""
    (tmp_path / "lax.yaml").write_text(LAX.read_text(encoding="utf-8").replace("甲", "欧阳甲"), encoding="utf-8")
    text = text_of().replace("防汛", "欧阳甲住院")
    (tmp_path / "waivers.yaml").write_text(text, encoding="utf-8")
    plain, masked = (run("audit", tmp_path, *PROBE, *YEAR, *more).out for more in ([], ["--mask", "names"]))

    assert ("欧阳甲住院" in plain, "欧阳甲" in masked) == (True, False)


def test_python_takes_waivers_too(tmp_path: Path):
    """As files, or None for none; a broken one raises."""
    file = tmp_path / "waivers.yaml"
    file.write_text(text_of(), encoding="utf-8")
    (tmp_path / "lax.yaml").write_bytes(LAX.read_bytes())
    asked = {"standards": "probe", "rules": PROBE[1], "as_of": "2024-06-20"}

    assert [1, 0] == [len(audit(tmp_path, **asked, waivers=w).assessments[0].waived) for w in ((), None)]
    assert 1 == len(audit(LAX, **asked, waivers=file).assessments[0].waived)
    with pytest.raises(DjCheckError):
        audit(LAX, **asked, waivers=tmp_path / "none.yaml")
