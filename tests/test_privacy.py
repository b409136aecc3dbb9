"""Personal data: numbers are in no output whatever, names in none that was asked to hide them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from canaries import Flock, branch_record, escaped, fields, ledger, organization_record, written
from dangjian_check.engine.privacy import Veil
from dangjian_check.loading.records import parse_record
from dangjian_check.model.people import PEOPLE, names_in, people_in
from dangjian_check.reports import FORMATS
from program import LAX, PROBE, Done, Run

# Fields of free text in which no person stands: organizations, things, places, words.
NOT_PEOPLE = [
    "activities.agenda", "activities.branches", "activities.evidence", "activities.group", "activities.id",
    "activities.joint_with", "activities.notice", "activities.place", "activities.remark", "activities.minutes.page",
    "activities.shift.reason", "activities.tags", "activities.topic", "activities.votes.matter",
    "activities.attendance.absent.reason", "activities.attendance.exempt.reason",
    "activities.attendance.guests.reason", "activities.attendance.leave.reason",
    "activities.attendance.make_up.reason", "activities.attendance.present.reason", "appraisals.results.grade",
    "assessments.rule", "assessments.window", "branch.id", "branch.joint_units.name", "branch.name", "branch.parent",
    "branch.setup_basis", "branch.standards", "branch.venue.address", "branch.venue.shared_with", "branches.id",
    "branches.name", "calendar.semesters.name", "commitments.items", "commitments.kind", "committee.extension.ref",
    "committee.posts.admin_post", "committee.posts.duty", "committee.posts.post", "committee.posts.ref",
    "contacts.kind", "contacts.response", "contacts.topic", "coverage.types", "discipline.matter", "documents.items",
    "documents.kind", "documents.title", "dossiers.parts", "elections.candidates.reason", "elections.winners.post",
    "filings.branch", "filings.kind", "groups.id", "groups.name", "inspections.branch", "inspections.finding",
    "inspections.mode", "inspections.topic", "issues.kind", "issues.measure", "issues.topic", "awards.level",
    "awards.title", "media.level", "media.outlet", "media.title", "members.category", "members.group", "members.id",
    "notices.requires", "opinions.kind", "opinions.response", "opinions.topic", "organization.id",
    "organization.name", "organization.parent", "organization.standards", "plans.elements", "plans.filed_with",
    "plans.kind", "publicity.subject", "reflections.topic", "selfchecks.standard", "selfchecks.topics", "talks.kind",
    "talks.topic", "tasks.topic", "training.audience", "training.organiser", "training.topic", "visits.branch",
    "visits.kind", "visits.level", "visits.topic",
]  # fmt: skip
SERIES_COMMON = ("evidence", "id", "ref", "remark")


def test_every_field_of_text_is_known_to_hold_people_or_not():
    """A field added to the format must be put on one side or the other."""
    found = {path for path in fields() if path.count(".") != 1 or path.rpartition(".")[2] not in SERIES_COMMON}
    known = {
        path for path in (*PEOPLE, *NOT_PEOPLE) if path.rpartition(".")[2] not in SERIES_COMMON or path.count(".") != 1
    }
    assert (set(), set()) == (found - known, known - found)


@pytest.fixture(scope="module", params=["branch", "organization"])
def flock(request: pytest.FixtureRequest) -> tuple[dict[str, Any], Flock]:
    """A record full of canaries, and the canaries."""
    return branch_record() if request.param == "branch" else organization_record()


def outputs(run: Run, folder: Path, path: Path, *flags: str) -> tuple[Done, bytes]:
    """One run: what it says on both streams, and the bytes of every format written to a file."""
    target = folder / "out"
    target.mkdir()
    files = [argument for name in FORMATS for argument in ("--output", f"{name}:{target / name}")]
    done = run("audit", path, *flags, *files, "--as-of", "2024-12-31")
    return done, b"\n".join((target / name).read_bytes() for name in FORMATS if (target / name).exists())


def all_escaped(canaries: list[str], folder: Path) -> list[str]:
    return [c for file in folder.iterdir() for c in escaped(canaries, file.read_bytes())]


@pytest.mark.parametrize("flags", [(), ("--mask", "names")], ids=["plain", "masked"])
@pytest.mark.parametrize("verbose", [(), ("--verbose",)], ids=["short", "verbose"])
def test_no_canary_escapes_a_valid_record(
    run: Run, tmp_path: Path, flock: tuple[dict[str, Any], Flock], flags: tuple[str, ...], verbose: tuple[str, ...]
):
    """Every field of the format, every key that is free, the file's own name; every format, both streams."""
    record, birds = flock
    path = tmp_path / f"{birds.names[1]}{birds.numbers[1]}.yaml"
    path.write_text(written(record), encoding="utf-8")
    done, _ = outputs(run, tmp_path, path, *flags, *verbose, "--official")
    watched = birds.numbers + (birds.names if flags else [])
    assert len(birds.numbers) > 100
    assert len(birds.names) > 20
    assert set(FORMATS) == {file.name for file in (tmp_path / "out").iterdir()}
    assert [] == all_escaped(watched, tmp_path / "out")
    assert [] == escaped(watched, (done.out + done.err).encode())
    report = json.loads((tmp_path / "out" / "json").read_bytes())
    assert 1 == len(report["records"])
    assert len(report["records"][0]["notes"]) >= 100
    assert len({doubt["kind"] for doubt in report["records"][0]["doubts"]}) >= 4


@pytest.mark.parametrize("flags", [(), ("--mask", "names")], ids=["plain", "masked"])
def test_no_canary_escapes_a_ledger(run: Run, tmp_path: Path, flags: tuple[str, ...]):
    """Whether a cell is read or not; every number is pointed out, those of one column once."""
    birds = Flock()
    path = tmp_path / "book.xlsx"
    path.write_bytes(ledger(birds, birds.name()))
    done, _ = outputs(run, tmp_path, path, *flags, "--verbose")
    watched = birds.numbers + (birds.names if flags else [])
    assert [] == all_escaped(watched, tmp_path / "out")
    assert [] == escaped(watched, (done.out + done.err).encode())
    [view] = json.loads((tmp_path / "out" / "json").read_bytes())["records"]
    said = [(note["cell"], note["message"]) for note in view["notes"] if note["message"].endswith("（已隐去）")]
    times = [int(found[1]) if (found := re.search(r"有 (\d+) 处", message)) else 1 for _, message in said]
    assert len(birds.numbers) == sum(times)
    assert {"党员名册!B2", "党员名册!E2"} <= {cell for cell, message in said if "这一列从这里起有 2 处" in message}


@pytest.mark.parametrize("flags", [(), ("--mask", "names")], ids=["plain", "masked"])
def test_no_canary_escapes_a_record_of_several_files(run: Run, tmp_path: Path, flags: tuple[str, ...]):
    """A part's own file name, and a part that cannot be read."""
    birds = Flock()
    folder = tmp_path / "records"
    name = birds.name()
    (folder / "活动").mkdir(parents=True)
    (folder / "branch.yaml").write_text(f"branch: {{name: 甲支部}}\nmembers: [{{name: {name}, status: 正式}}]\n")
    part = folder / "活动" / f"{name}{birds.phone()}.yaml"
    part.write_text(f"date: 2024-01-10\ntype: 党课\nlecturer: {name}\ntopic: {birds.identity()}\n")
    for text in (None, f"date: 2024-01-10\ntype: {birds.identity()}{name}\n", f"a: {birds.phone()}\na: {name}\n"):
        if text:
            part.write_text(text)
        done = run("audit", folder, *flags, "--verbose")
        assert (2 if text else 1, True) == (done.status, "（已隐去）" in done.out + done.err)
        watched = birds.numbers + (birds.names if flags else [])
        assert [] == escaped(watched, (done.out + done.err).encode())


BROKEN = {
    "wrong values": lambda r, b: r | {"activities": [{"date": b.names[2], "type": b.text(), "start": b.identity()}]},
    "unknown keys": lambda r, b: r | {b.names[3]: 1, b.identity(): 2, "members": [{b.phone(): b.names[4]}]},
    "wrong shapes": lambda r, b: r | {"talks": b.names[2], "branch": [b.text()], "plans": {b.text(): b.names[3]}},
    "bad references": lambda r, b: r | {"members": [{"name": b.names[2], "status": "正式", "group": b.text()}]},
    "numbers": lambda r, b: r | {"headcount": {"formal": int(b.phone())}, "activities": [{"date": int(b.phone())}]},
    "long values": lambda r, b: r | {"format": f"{b.text()}{b.names[2] * 9}"},
}


@pytest.mark.parametrize("flags", [(), ("--mask", "names")], ids=["plain", "masked"])
@pytest.mark.parametrize("fault", BROKEN)
def test_no_canary_escapes_a_refused_record(run: Run, tmp_path: Path, fault: str, flags: tuple[str, ...]):
    """What is wrong is told with its place; names in the wrong place are not quoted when names are hidden."""
    record, birds = branch_record()
    path = tmp_path / "branch.yaml"
    path.write_text(written(BROKEN[fault](record, birds)), encoding="utf-8")
    done, _ = outputs(run, tmp_path, path, *flags)
    watched = birds.numbers + (birds.names if flags else [])
    assert (2, True) == (done.status, "（已隐去） → 记录里不需要，删去" in done.err)
    assert [] == all_escaped(watched, tmp_path / "out")
    assert [] == escaped(watched, (done.out + done.err).encode())


SYNTAX = {
    "duplicate-key": "branch: {{name: 甲}}\n{name}: 1\n{name}: {identity}\n{identity}: 1\n{identity}: 2\n",
    "no-end": 'branch: {{name: 甲}}\n{name}: 1\n{name}: "{identity}\n',
    "wide-colon": "branch: {{name: 甲}}\n{name}：{identity}\n",
    "alias": "branch: {{name: 甲, id: *{name}}}\nremark: {identity}\n",
    "not-text": "- {identity}\n- {name}\n",
}


@pytest.mark.parametrize("fault", SYNTAX)
def test_no_canary_escapes_broken_syntax(run: Run, tmp_path: Path, fault: str):
    """Of what cannot be read nothing is repeated, and the number is still pointed out."""
    birds = Flock()
    path = tmp_path / "branch.yaml"
    path.write_text(SYNTAX[fault].format(name=birds.name(), identity=birds.identity()), encoding="utf-8")
    for command in (("audit",), ("audit", "--mask", "names"), ("validate",)):
        done = run(command[0], path, *command[1:])
        assert (2, True) == (done.status, "身份证号（已隐去）" in done.err)
        assert [] == escaped(birds.numbers, (done.out + done.err).encode())
        if "--mask" in command:
            assert [] == escaped(birds.names, (done.out + done.err).encode())


@pytest.mark.parametrize("form", ["terminal", "json"])
def test_no_canary_escapes_an_explanation(run: Run, tmp_path: Path, form: str):
    """`explain --record` names what counted and what nearly did."""
    record, birds = branch_record()
    path = tmp_path / f"{birds.names[1]}.yaml"
    path.write_text(written(record), encoding="utf-8")
    for rule in ("VOC-4.1.1-2", "NAT-ZB-16-1", "VOC-1.2.3-1", "VOC-4.3.1-1"):
        flags = ("--record", path, "--format", form, "--period", "2024", "--as-of", "2024-12-31")
        plain, masked = run("explain", rule, *flags), run("explain", rule, *flags, "--mask", "names")
        if "没有规则" in plain.err:
            continue
        assert (0, 0) == (plain.status, masked.status)
        assert [] == escaped(birds.numbers, plain.out.encode())
        assert [] == escaped([*birds.numbers, *birds.names], (masked.out + masked.err).encode())


def test_what_was_typed_on_the_command_line_is_redacted_too(run: Run):
    """An option, a file name."""
    birds = Flock()
    for flags in (("--as-of", birds.identity()), ("--period", birds.phone()), ("--standard", birds.identity())):
        done = run("audit", LAX, *flags)
        assert (2, []) == (done.status, escaped(birds.numbers, (done.out + done.err).encode()))
    done = run("audit", f"{birds.phone()}.yaml")
    assert (2, "〔电话〕.yaml: 没有这个文件 → 核对路径\n") == (done.status, done.err)  # noqa: RUF001


RECORD = """\
branch: {name: 王小明先锋岗支部, id: b1, standards: [probe]}
coverage: {from: 2024-01-01, to: 2024-12-31}
committee: {elected: 2023-01-10, posts: [{name: 欧阳锋, post: 书记}, {name: 王小明, post: 组织委员}]}
members:
  - {name: 欧阳锋, status: 正式, from: 2010-01-01}
  - {name: 王小明, status: 正式, from: 2010-01-01}
  - {name: 王小, status: 正式, from: 2010-01-01}
activities:
  - {date: 2024-03-05, type: 主题党日, topic: 听欧阳锋讲, attendance: {present: [王小]}}
"""


def report_of(run: Run, tmp_path: Path, *flags: str) -> dict[str, Any]:
    path = tmp_path / "欧阳锋.yaml"
    path.write_text(RECORD, encoding="utf-8")
    return run("audit", path, *PROBE, "--format", "json", *flags).json


def test_masked_report_differs_in_names_only(run: Run, tmp_path: Path):
    """Put stars for the names and it is the same report: nothing is dropped, added or reordered; fingerprints stay."""
    plain, masked = report_of(run, tmp_path), report_of(run, tmp_path, "--mask", "names")
    text = json.dumps(plain, ensure_ascii=False)
    for name, stars in (("欧阳锋", "欧阳*"), ("王小明", "王**"), ("王小", "王*")):
        text = text.replace(name, stars)
    assert json.loads(text) == masked
    assert "欧阳*.yaml" in json.dumps(masked, ensure_ascii=False)
    assert "王**先锋岗支部" == masked["assessments"][0]["branch"]["name"]


def test_texts_of_the_standard_are_never_masked(run: Run, tmp_path: Path):
    """A member called like a word of a rule hides nothing but himself."""
    path = tmp_path / "b.yaml"
    path.write_text(RECORD.replace("王小明", "支委会").replace("王小", "要求"), encoding="utf-8")
    plain, masked = (run("audit", path, *PROBE, "--format", "json", *f).json for f in ((), ("--mask", "names")))
    for kept in ("title", "remedy", "source", "fingerprint", "item", "rule"):
        assert [d.get(kept) for a in plain["assessments"] for d in a["deficiencies"]] == [
            d.get(kept) for a in masked["assessments"] for d in a["deficiencies"]
        ]
    titles = [[o["title"] for a in r["assessments"] for o in a["outcomes"]] for r in (plain, masked)]
    assert titles[0] == titles[1]


def test_unknown_mask_is_a_usage_problem_with_the_nearest(run: Run):
    """Whoever asks for a mask that does not exist gets no report instead of an open one."""
    for command in (("audit", LAX, *PROBE), ("explain", "NAT-ZB-12-1")):
        done = run(*command, "--mask", "name")
        assert (2, "", "dj-check: --mask 不认识 “name” → 最接近的是 names\n") == done


def test_number_in_a_record_is_noted_at_its_place_and_changes_no_status(run: Run, tmp_path: Path):
    """A note is no problem: the record is judged as before."""
    path = tmp_path / "b.yaml"
    clean = RECORD.replace("topic: 听欧阳锋讲", "topic: 听他讲")
    path.write_text(clean, encoding="utf-8")
    before = run("audit", path, *PROBE)
    path.write_text(clean.replace("topic: 听他讲", "topic: 电话 139 0000 0000"), encoding="utf-8")
    after = run("audit", path, *PROBE)
    assert (before.status, before.err) == (after.status, after.err)
    assert "读入说明\n  这里有电话（已隐去）（b.yaml:9:43）\n    → 记录里不需要，删去\n" in after.out
    notes = run("audit", path, *PROBE, "--format", "json").json["records"][0]["notes"]
    assert [(9, 43, "这里有电话（已隐去）")] == [(n["line"], n["column"], n["message"]) for n in notes]


def test_record_without_numbers_is_left_as_it_is():
    """Nothing to hide costs nothing: the very same object comes back."""
    loaded = parse_record(RECORD.encode(), "b.yaml", "b1")
    veil = Veil(loaded.tree.data, numbers=False)
    assert veil(loaded.record) is loaded.record


NAMED = {
    "张三": {"张三"},
    "张三、李四，王五": {"张三", "李四", "王五"},
    "张三和李四": {"张三", "李四"},
    "张三（记录）": {"张三"},
    "张三同志": {"张三"},
    "王小明副书记": {"王小明"},
    "张 三": {"张 三", "张三"},
    "阿依古丽·买买提": {"阿依古丽·买买提"},
    "张书记": set(),
    "书记": set(),
    "组织委员": set(),
    "党总支": set(),
    "机关党委": set(),
    "全体党员": set(),
    "青岚镇稻香坪村": set(),
    "群众": set(),
}


@pytest.mark.parametrize("text", NAMED)
def test_people_are_told_from_bodies_and_titles(text: str):
    """What a field of people says besides names is not hidden everywhere."""
    assert NAMED[text] == people_in(text)


def test_name_on_the_roster_is_a_name_whatever_it_looks_like():
    """The roster and the posts are not second-guessed."""
    data = {"members": [{"name": "党员甲"}, {"name": "李全体"}], "activities": [{"host": "党员甲"}]}
    assert {"党员甲", "李全体"} == names_in(data)


def test_longer_name_is_hidden_before_a_shorter_one_inside_it():
    """王小明 is not 王* and a rest; a Latin name is not looked for inside words; one character stands alone."""
    veil = Veil({"members": [{"name": n} for n in ("王小", "王小明", "Li", "甲")]}, {"names"})
    assert "王**、王*；L*, Light；*、*，装甲" == veil.text("王小明、王小；Li, Light；甲、甲，装甲")
