"""The baseline: what is known is shown and holds nobody up; it shrinks by itself and grows only if asked to."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import standard_from
from dangjian_check.app import Request
from dangjian_check.app import run as audit_run
from dangjian_check.engine.assess import assess
from dangjian_check.engine.assessment import BranchRef, Report
from dangjian_check.engine.baseline import Entry, entries, mark, standing, updated
from dangjian_check.loading.baseline import load_baseline
from dangjian_check.loading.records import parse_record
from dangjian_check.model.calendar import parse_period
from dangjian_check.model.facts import Facts
from dangjian_check.rulebook.standard import Standard
from dangjian_check.writing.baseline import baseline_text
from program import LAX, PACKS, PROBE, ROOT, SOUND, Done, Run
from test_fingerprints import FORMS, SHEET, lax, rules
from test_fingerprints import LAX as RECORD

YEAR = parse_period("2024")
ASKED = (*PROBE, "--period", "2024", "--as-of", "2024-06-20")
MAY = "- {id: c5, date: 2024-05-13, type: 支委会, attendance: {expected: 3, present: 3}}"


def judged(*texts: str, standard: Standard | None = None, files: tuple[str, ...] = (), period: str = "2024") -> Report:
    """A report on the records of test_fingerprints, each a branch of its own id."""
    used, span = standard or standard_from(rules(), SHEET), parse_period(period)
    found = []
    for number, text in enumerate(texts):
        loaded = parse_record(text.encode(), "branch.yaml", "b1")
        branch = BranchRef(loaded.id, loaded.record.body.name, files[number] if files else "branch.yaml")
        found.append(assess(used, Facts(loaded.record, span, span.end), branch)[0])
    return Report(tuple(found), (), (used,))


def new(report: Report, baseline: list[Entry]) -> list[str]:
    """Rule and window of every deficiency that the baseline does not know."""
    marked = mark(report, baseline)
    return sorted(f"{d.rule.id} {d.window}" for a in marked.assessments for d in a.deficiencies if not d.known)


OLD = judged(RECORD)
KNOWN = entries(OLD)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a lax branch and a baseline of it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lax.yaml").write_bytes(LAX.read_bytes())
    return tmp_path


def created(run: Run) -> Done:
    """A baseline of what is in the folder."""
    return run("baseline", "create", "lax.yaml", *ASKED)


def lines(home: Path) -> list[dict[str, Any]]:
    """The lines of the baseline after the header."""
    return [json.loads(line) for line in (home / "baseline.jsonl").read_text(encoding="utf-8").splitlines()[1:]]


# What it survives


@given(st.data())
def test_known_deficiencies_stay_known_when_entries_move(data: st.DataObject) -> None:
    """The order of activities, members and groups is nothing to the baseline."""
    record = lax()
    moved = {k: data.draw(st.permutations(v)) if isinstance(v, list) else v for k, v in record.items()}

    assert [] == new(judged(json.dumps(moved, ensure_ascii=False)), KNOWN)


@pytest.mark.parametrize("form", FORMS)
def test_known_deficiencies_stay_known_when_a_record_is_reformatted(form: str) -> None:
    """Comments, layout and quoting are nothing to it."""
    assert [] == new(judged(FORMS[form](RECORD)), KNOWN)


def test_known_deficiencies_stay_known_when_files_are_renamed() -> None:
    """The branch goes by its id."""
    assert [] == new(judged(RECORD, files=("elsewhere/2024.yaml",)), KNOWN)


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "另一个题目", "reason": "另一个理由", "remedy": "另一个办法"},
        {"severity": "critical", "strength": "should"},
        {"source": {"document": "另一份文件", "article": "第九条"}},
    ],
)
def test_known_deficiencies_stay_known_when_rules_are_reworded(changed: dict[str, Any]) -> None:
    """Texts, weight and citation may change."""
    assert [] == new(judged(RECORD, standard=standard_from(rules(**changed), SHEET)), KNOWN)


def test_another_branch_is_not_hidden_by_a_known_one() -> None:
    """The same shortcomings elsewhere are new."""
    other = RECORD.replace("id: b1", "id: b2")

    assert len(KNOWN) == len(new(judged(RECORD, other), KNOWN))


def test_a_second_record_of_the_same_id_is_not_hidden_either() -> None:
    """Where more is found than was known, nobody can tell which is the old one: all of it is new."""
    twice = judged(RECORD, RECORD)

    assert 2 * len(KNOWN) == len(new(twice, KNOWN))
    assert [] == new(twice, entries(twice))
    assert {2} == {entry.count for entry in entries(twice)}


# How it lives


def test_what_was_put_right_is_fixed() -> None:
    """A meeting held in May takes May out of the baseline, and nothing else."""
    more = "- {date: 2024-05-03, type: 支委会, attendance: {expected: 5, present: 5}}\n"
    found = standing(judged(RECORD.replace("activities:\n", f"activities:\n{more}")), KNOWN)

    assert [("T-1", "2024-05")] == [(e.rule, e.window) for e in found.fixed]
    assert ([], len(KNOWN) - 1) == ([*found.new, *found.unchecked], len(updated(found, accept_new=False)))


def test_what_was_not_looked_at_stays() -> None:
    """An audit of one month, or of another branch, says nothing of the rest."""
    other = standing(judged(RECORD.replace("id: b1", "id: b2")), KNOWN)
    month = standing(judged(RECORD, period="2024-05"), KNOWN)

    assert (KNOWN, ()) == (sorted(other.unchecked, key=lambda e: e.order), other.fixed)
    assert () == month.fixed
    assert KNOWN == updated(month, accept_new=False)


def test_what_can_no_longer_be_told_stays() -> None:
    """A log that no longer claims to be complete puts nothing right."""
    vague = RECORD.replace("from: 2023-10-01, to: 2024-12-31", "from: 2023-10-01, to: 2023-12-31")
    gone = [e.rule for e in standing(judged(vague), KNOWN).fixed]

    assert [] == [rule for rule in gone if rule == "T-1"]


def test_what_a_standard_no_longer_asks_goes() -> None:
    """A rule that was taken out of the standard leaves nothing behind."""
    fewer = standard_from([rule for rule in rules() if rule.id != "T-1"], SHEET)

    assert {"T-1"} == {e.rule for e in standing(judged(RECORD, standard=fewer), KNOWN).fixed}


def test_the_first_day_stays_when_a_baseline_is_updated() -> None:
    """``first_seen`` is the day of the first writing, whatever comes later."""
    old = [Entry(**{name: getattr(e, name) for name in Entry.__slots__} | {"first_seen": YEAR.start}) for e in KNOWN]
    kept = updated(standing(OLD, old), accept_new=True)

    assert {YEAR.start} == {e.first_seen for e in kept}


@given(st.lists(st.sampled_from(KNOWN), unique=True), st.booleans())
def test_update_never_grows_unless_asked(listed: list[Entry], accept_new: bool) -> None:
    """Without ``--accept-new`` what comes out was in it; with it nothing is new afterwards."""
    kept = updated(standing(OLD, listed), accept_new=accept_new)

    assert accept_new or set(kept) <= set(listed)
    assert not accept_new or [] == new(OLD, kept)


# The file


def test_a_baseline_read_again_is_the_same(tmp_path: Path) -> None:
    """Whatever was written can be read."""
    file = tmp_path / "b.jsonl"
    file.write_text(baseline_text([*KNOWN, *entries(judged(RECORD.replace("id: b1", "id: b2")))]), encoding="utf-8")

    assert len(KNOWN) * 2 == len(load_baseline(file))
    assert set(KNOWN) <= set(load_baseline(file))


def test_a_baseline_is_sorted_has_no_clock_and_names_nobody(tmp_path: Path) -> None:
    """Header first, then lines in order; no member's name, no message, no place."""
    text = baseline_text(reversed(KNOWN))

    assert {"schema": "dj-check.baseline", "version": 1} == json.loads(text.splitlines()[0])
    assert baseline_text(KNOWN) == text
    assert [] == [name for name in ("张三", "李四", "branch.yaml", "应有") if name in text]
    assert {"2024-12-31"} == {json.loads(line)["first_seen"] for line in text.splitlines()[1:]}


def test_a_single_entry_is_named_by_its_day(tmp_path: Path) -> None:
    """Its name may hold a person's."""
    windows = {e.window for e in KNOWN if e.rule == "T-3"}

    assert windows
    assert [] == [w for w in windows if not re.fullmatch(r"on:\d{4}-\d\d-\d\d", w)]


def test_the_page_shows_a_baseline_that_can_be_read(tmp_path: Path) -> None:
    """docs/waivers.md: what is shown is what is written."""
    page = (ROOT / "docs" / "waivers.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    file = tmp_path / "b.jsonl"
    file.write_text(shown, encoding="utf-8")

    assert shown == baseline_text(load_baseline(file))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: 不是基线文件：第一行应写明 schema"),
        ("[]\n", "1:1: 不是基线文件：第一行应写明 schema"),
        ("[" * 100_000, "1:1: 不是基线文件：第一行应写明 schema"),
        ('{"schema": "dj-check.baseline", "version": 2}\n', "1:1: 是别的版本写的基线"),
        ("{HEAD}\n{}\n", "2:1: 这一行缺了一项，或有一项写得不对"),
        ("{HEAD}\n\nnull\n", "3:1: 这一行不是 JSON"),
        ("{HEAD}\n<<<<<<< HEAD\n", "2:1: 有没有解决的合并冲突"),
        ('{HEAD}\n{LINE, "line": 3}\n', "2:1: 不认识的键 line"),
        ('{HEAD}\n{LINE, "count": 0}\n', "2:1: 这一行缺了一项，或有一项写得不对"),
        ('{HEAD}\n{LINE, "ends": "2024-02-30"}\n', "2:1: 这一行缺了一项，或有一项写得不对"),
        ('{HEAD}\n{LINE, "fingerprint": "x"}\n', "2:1: 这一行缺了一项，或有一项写得不对"),
    ],
)
def test_a_damaged_baseline_stops_the_audit(run: Run, home: Path, text: str, said: str) -> None:
    """Exit 2 before anything is judged: half a baseline would hide or show the wrong things."""
    head, line = baseline_text(KNOWN[:1]).splitlines()
    (home / "b.jsonl").write_text(text.replace("{HEAD}", head).replace("{LINE", line[:-1]), encoding="utf-8")
    done = run("audit", "lax.yaml", *ASKED, "--baseline", "b.jsonl")

    assert (2, "", f"b.jsonl:{said}") == (done.status, done.out, done.err.split(" → ")[0])


def test_a_missing_baseline_stops_the_audit(run: Run, home: Path) -> None:
    """It is never taken for an empty one."""
    done = run("audit", "lax.yaml", *ASKED, "--baseline", "none.jsonl")

    assert (2, "", "none.jsonl: 没有这个文件 → 核对路径\n") == (done.status, done.out, done.err)


# The commands


def test_a_folder_taken_up_with_a_baseline_passes(run: Run, home: Path) -> None:
    """Everything is shown and marked, and nobody is held up until something new comes."""
    said = created(run)
    before, after = (run("audit", "lax.yaml", *ASKED, *more) for more in ([], ["--baseline", "baseline.jsonl"]))
    report = run("audit", "lax.yaml", *ASKED, "--baseline", "baseline.jsonl", "--format", "json").json
    found = report["assessments"][0]

    assert (0, "baseline.jsonl：记下已有的问题 4 处\n") == (said.status, said.out)
    assert (1, 0) == (before.status, after.status)
    assert ["known"] * 4 == [d["baseline"] for d in found["deficiencies"]]
    assert "（基线已有）" in after.out


def test_what_is_new_holds_up(run: Run, home: Path) -> None:
    """One more month is one new deficiency."""
    created(run)
    later = ("--period", "2024", "--as-of", "2024-07-01", "--baseline", "baseline.jsonl")
    done = run("audit", "lax.yaml", *PROBE, *later, "--format", "json")
    found = done.json["assessments"][0]["deficiencies"]

    assert 1 == done.status
    assert {"PRB-1-1 2024-06", "PRB-1-2 2024Q2"} == {
        f"{d['rule']} {d['window']}" for d in found if d["baseline"] == "new"
    }


def test_without_a_baseline_nothing_is_marked(run: Run, home: Path) -> None:
    """Neither known nor new."""
    found = run("audit", "lax.yaml", *ASKED, "--format", "json").json["assessments"][0]

    assert [None] * 4 == [d["baseline"] for d in found["deficiencies"]]


def test_create_leaves_an_old_baseline_alone(run: Run, home: Path) -> None:
    """To write it anew would take in whatever is new; ``--force`` says that this is meant."""
    created(run)
    (home / "baseline.jsonl").write_text("kept", encoding="utf-8")
    done = created(run)

    assert (2, "kept") == (done.status, (home / "baseline.jsonl").read_text(encoding="utf-8"))
    assert "已有 baseline.jsonl → 改用 dj-check baseline update" in done.err
    assert 0 == run("baseline", "create", "lax.yaml", *ASKED, "--force").status
    assert 4 == len(lines(home))


def test_update_takes_out_what_was_put_right(run: Run, home: Path) -> None:
    """And the audit before it tells that the baseline is stale."""
    created(run)
    (home / "lax.yaml").write_text(f"{LAX.read_text(encoding='utf-8')}  {MAY}\n", encoding="utf-8")
    stale = run("audit", "lax.yaml", *ASKED, "--baseline", "baseline.jsonl")
    done = run("baseline", "update", "baseline.jsonl", "lax.yaml", *ASKED)

    assert "基线里有 1 处已经整改：lax PRB-1-1 2024-05" in stale.out
    assert (0, "去掉已整改的 1 处，留下 3 处\n") == (done.status, done.out)
    assert 3 == len(lines(home))


def test_update_takes_nothing_new_in_unless_asked(run: Run, home: Path) -> None:
    """Exit 1 and a list of what is new; ``--accept-new`` takes it in."""
    created(run)
    later = (*PROBE, "--period", "2024", "--as-of", "2024-07-01")
    refused = run("baseline", "update", "baseline.jsonl", "lax.yaml", *later)
    kept = len(lines(home))
    taken = run("baseline", "update", "baseline.jsonl", "lax.yaml", *later, "--accept-new")

    assert (1, 4, 0, 6) == (refused.status, kept, taken.status, len(lines(home)))
    assert "新增 2 处，没有收" in refused.out
    assert "  新增 lax PRB-1-1 2024-06\n" in refused.out
    assert {"2024-06-20": 4, "2024-07-01": 2} == {
        day: sum(line["first_seen"] == day for line in lines(home)) for day in ("2024-06-20", "2024-07-01")
    }


def test_an_update_that_changes_nothing_leaves_the_file_alone(run: Run, home: Path) -> None:
    """Not even its time of change."""
    created(run)
    (home / "baseline.jsonl").chmod(0o444)
    before = (home / "baseline.jsonl").stat()
    done = run("baseline", "update", "baseline.jsonl", "lax.yaml", *ASKED)

    assert (0, before.st_mtime_ns) == (done.status, (home / "baseline.jsonl").stat().st_mtime_ns)
    assert before.st_ino == (home / "baseline.jsonl").stat().st_ino


def test_a_record_that_cannot_be_read_takes_nothing_out(run: Run, home: Path) -> None:
    """Exit 2, and its known deficiencies stay known."""
    created(run)
    (home / "lax.yaml").write_text("branch: 无\n", encoding="utf-8")
    (home / "sound.yaml").write_bytes(SOUND.read_bytes())
    done = run("baseline", "update", "baseline.jsonl", "lax.yaml", "sound.yaml", *ASKED)

    assert (2, 4) == (done.status, len(lines(home)))
    assert "留下 4 处（其中 4 处这次没有核到）" in done.out


def test_nothing_to_judge_writes_no_baseline(run: Run, home: Path) -> None:
    """Exit 3, as for an audit."""
    done = run("baseline", "create", "lax.yaml", *PROBE, "--period", "2030", "--as-of", "2029-01-01")

    assert (3, False) == (done.status, (home / "baseline.jsonl").exists())


def test_what_is_waived_is_not_written_down(run: Run, home: Path) -> None:
    """When the waiver runs out the deficiency returns as a new one."""
    waiver = "{rules: PRB-1-1, covers: {from: 2024-01-01}, effect: accept, expires: 2024-06-30"
    text = f"waivers:\n- {waiver}, reason: 因, approver: 某党总支, document: 某号}}\n"
    (home / "waivers.yaml").write_text(text, encoding="utf-8")
    created(run)

    assert {"PRB-1-2", "PRB-1-3"} == {line["rule"] for line in lines(home)}


def test_a_mark_changes_no_score(home: Path) -> None:
    """What is known costs what it cost."""
    request = Request((home / "lax.yaml",), YEAR.end, ("probe",), (PACKS,), YEAR)
    report = audit_run(request)
    marked = mark(report, entries(report))

    assert {True} == {d.known for a in marked.assessments for d in a.deficiencies}
    assert report.assessments[0].score == marked.assessments[0].score
