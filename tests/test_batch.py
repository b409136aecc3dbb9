"""Many records at once: the same bytes however they are judged, and one bad file costs one line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import batch_work
from dangjian_check.app import Bench, Request
from dangjian_check.batch import run as batch_run
from dangjian_check.batch import work
from dangjian_check.batch.listing import Listing
from dangjian_check.batch.part import Part, pack, part_of, unpack
from dangjian_check.batch.plan import Plan
from dangjian_check.cli import batch
from dangjian_check.cli import progress as cli_progress
from dangjian_check.cli.progress import Progress, line
from dangjian_check.reports import FORMATS, Look
from program import LAX, PACKS, ROOT, Run

RULES = ("--rules", str(PACKS), "--standard", "probe", "--standard", "bare", "--period", "2024", "--no-cache")
STREAMED = [name for name in FORMATS if FORMATS[name].streamed]
TEXT = LAX.read_text(encoding="utf-8")


def fill(folder: Path, count: int, *more: str) -> Path:
    """A folder of small records, some of them harmful by their names."""
    for name in (*(f"b{n:04}" for n in range(count)), *more):
        inside = folder / "甲乡" if name.endswith("3") else folder
        inside.mkdir(parents=True, exist_ok=True)
        text = TEXT.replace("id: lax", f"id: {name}").replace("c4, date: 2024-04-08", f"c4, date: 2024-0{len(name)}-08")
        (inside / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Forty records, one of them broken, seen from beside them."""
    found = fill(tmp_path / "records", 40)
    (found / "b0017.yaml").write_text("branch: [", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return Path("records")


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"xlsx", "docx", "terminal"}))
def test_number_of_processes_changes_no_byte(records: Path, run: Run, name: str):
    """One process that keeps nothing, and two that send everything back."""
    alone, shared = (run("audit", records, *RULES, "-f", name, "--jobs", jobs) for jobs in ("1", "2"))
    assert alone.status == shared.status == 2
    assert (alone.out, alone.err) == (shared.out, shared.err)
    assert "b0000" in alone.out


def test_number_of_processes_changes_no_office_file(records: Path, run: Run, tmp_path: Path):
    """The same for files, of several formats at once."""
    for jobs in ("1", "3"):
        wanted = [f"--output={form}:{tmp_path / jobs}.{form}" for form in ("xlsx", "docx", "jsonl")]
        run("audit", records, *RULES, "--jobs", jobs, *wanted)
    for form in ("xlsx", "docx", "jsonl"):
        assert (tmp_path / f"1.{form}").read_bytes() == (tmp_path / f"3.{form}").read_bytes()


@pytest.mark.parametrize("name", STREAMED)
def test_streamed_text_is_that_of_its_files_one_after_the_other(name: str):
    """What makes a format one that can be written as the records come: the examples, and two small ones."""
    request = Request((ROOT / "examples", LAX), date(2025, 3, 1), period=None, as_of=date(2024, 12, 31))
    bench = Bench(request)
    found = [bench.judge(path) for path in bench.files()]
    whole = bench.report(found)
    last = bench.report([])
    pieces = [text for judged in found for text in part_of(judged, Plan(request, (name,))).texts]
    end = FORMATS[name](
        type(whole)((), whole.problems, whole.standards, whole.as_of, whole.period, (), whole.notes), Look()
    )
    assert last.assessments == ()
    assert FORMATS[name](whole, Look()) == b"".join(pieces).decode() + str(end)


def test_part_comes_back_from_its_bytes():
    """Everything a file came to, counted and streamed."""
    request = Request((ROOT / "examples", LAX), date(2025, 3, 1), rules=(PACKS,), standards=("probe",))
    bench, plan = Bench(request), Plan(request, ("jsonl",), whole=True, counted=True)
    parts = [part_of(bench.judge(path), plan) for path in bench.files()]
    assert len({part.texts for part in parts}) > 1
    assert {True, False} == {bool(part.problems) for part in parts} | {True}
    assert parts == [unpack(pack(part)) for part in parts]
    assert Part(whole=b"") == unpack(pack(Part(whole=b"")))


def test_listing_gives_back_the_paths():
    """Files of one folder, of folders, of none; names that are no text."""
    paths = [Path("a.yaml"), Path("-"), Path("x/b.yaml"), Path("x/c.yaml"), Path("../y/\udcff.yaml"), Path("/z/d.yaml")]
    listing = Listing(paths)
    assert paths == list(listing)
    assert len(paths) == len(listing)
    assert [Path("a.yaml"), Path("x/b.yaml"), Path("../y/\udcff.yaml"), Path("/z/d.yaml")] == list(
        listing.one_of_each_folder()
    )


def outcome(records: Path, run: Run, jobs: str) -> tuple[list[str], list[str]]:
    """Which branches were judged, and what was said of the others."""
    done = run("audit", records, *RULES, "-f", "jsonl", "--jobs", jobs, "--timeout", "1")
    found = [json.loads(one) for one in done.out.splitlines()]
    judged = dict.fromkeys(one["branch"]["id"] for one in found if one["type"] == "assessment")
    assert done.err.splitlines() == [f"{p['file']}: {p['message']} → {p['remedy']}" for p in found if "message" in p]
    return list(judged), done.err.splitlines()


HARM = {
    "exit": "核查时进程中断，没有核",
    "kill": "核查时进程中断，没有核",
    "hang": "1 秒内没有核完",
    "deaf": "核查时进程中断，没有核",
    "hungry": "内存不够，没有核",
    "bug": "程序出错（KeyError），没有核，这是 dj-check 的缺陷",
}


@pytest.mark.parametrize("name", HARM)
def test_harmful_file_costs_one_line(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, name: str):
    """Whether it ends the process, never ends, takes all memory or meets a mistake of ours."""
    monkeypatch.setattr(work, "judge_files", batch_work.judge_files)
    monkeypatch.chdir(fill(tmp_path, 34, f"b0011-{name}"))
    judged, said = outcome(Path(), run, "2")
    assert sorted(f"b{n:04}" for n in range(34)) == sorted(judged)
    assert [f"b0011-{name}.yaml: {HARM[name]}"] == [one.partition(" → ")[0] for one in said]


@pytest.mark.parametrize("name", ["hang", "hungry", "bug"])
def test_harm_is_borne_in_one_process_as_well(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, name: str):
    """The same lines; a mistake of ours shows in the status."""
    monkeypatch.setattr(Bench, "judge", batch_work._harmful)
    monkeypatch.chdir(fill(tmp_path, 3, f"b0011-{name}"))
    judged, said = outcome(Path(), run, "1")
    assert ["b0000", "b0001", "b0002"] == judged
    assert [f"b0011-{name}.yaml: {HARM[name]}"] == [one.partition(" → ")[0] for one in said]
    assert (70 if name == "bug" else 2) == run("audit", ".", *RULES, "--timeout", "1").status


def test_too_many_records_are_refused_where_a_format_shows_them_one_by_one(
    records: Path, run: Run, monkeypatch: pytest.MonkeyPatch
):
    """Before anything is judged, with the way out."""
    monkeypatch.setattr(batch, "WHOLE_MOST", 39)
    monkeypatch.setattr(Bench, "judge", lambda *_: pytest.fail("judged"))
    done = run("audit", records, "-o", "csv:a.csv", "-o", "xlsx:a.xlsx", "-o", "jsonl:a.jsonl")
    assert (2, "") == (done.status, done.out)
    assert "有 40 个文件，超过 39 个，csv、xlsx 写不下 → 改用 rows、jsonl、html，或分成几批核查" in done.err
    known = LAX.parent / "eased" / "baseline.jsonl"
    assert "不能一次对照 --baseline" in run("audit", records, "-f", "jsonl", "--baseline", known).err


def test_so_many_are_shown_one_by_one_only_if_a_format_cannot_do_otherwise(
    records: Path, run: Run, monkeypatch: pytest.MonkeyPatch
):
    """Nobody reads hundreds of them on a terminal, and a page of them all is too large."""
    in_all = "份数多，这里只列总的"
    monkeypatch.setattr(batch, "ONE_BY_ONE", 40)
    assert in_all not in run("audit", records, *RULES).out
    monkeypatch.setattr(batch, "ONE_BY_ONE", 39)
    assert in_all in run("audit", records, *RULES).out
    assert in_all not in run("audit", records, *RULES, "-o", "csv:a.csv").out


@pytest.mark.parametrize("limit", ["WHOLE_MOST", "ONE_BY_ONE"])
def test_crowd_is_shown_as_a_whole(records: Path, run: Run, monkeypatch: pytest.MonkeyPatch, limit: str):
    """Totals on the terminal, the lowest scores in full on the page, every record in the stream."""
    monkeypatch.setattr(batch, limit, 39)
    monkeypatch.setattr("dangjian_check.batch.tally.IN_FULL", 5)
    (records / "b0003.yaml").write_text(TEXT.replace("id: lax", "id: zzz").partition("activities")[0], encoding="utf-8")
    plain = run("audit", records, *RULES, "-o", "html:a.html", "-o", "jsonl:a.jsonl", "--jobs", "1")
    assert plain.out.startswith("共 40 份记录，80 份核查结论\n")
    assert "核查结论 40 份" in plain.out
    page = Path("a.html").read_text(encoding="utf-8")
    assert "40 个党组织，80 份核查结论" in page
    assert "共 40 份记录，这里只列得分下限最低的 5 份" in page
    assert 80 == Path("a.jsonl").read_text(encoding="utf-8").count('{"type":"assessment"')
    shared = run("audit", records, *RULES, "-o", "html:b.html", "--jobs", "2")
    assert (plain.out, page) == (shared.out, Path("b.html").read_text(encoding="utf-8"))


def test_sheets_of_a_crowd_are_what_its_report_shows(records: Path, monkeypatch: pytest.MonkeyPatch):
    """Made one by one, and all at once of the report that holds them; a name that looks like their mark stays."""
    monkeypatch.setattr("dangjian_check.batch.tally.IN_FULL", 5)
    (records / "b0003.yaml").write_text(TEXT.replace("id: lax", "id: zzz\n  parent: <anchor>"), encoding="utf-8")
    rules = {"rules": (PACKS,), "standards": ("probe", "bare"), "traced": True}
    bench = Bench(Request((records,), date(2025, 3, 1), **rules))
    plan = Plan(bench.request, ("rows",), counted=True)
    with batch_run.Run(plan, bench, Listing(bench.files()), batch_run.Means(jobs=1)) as run:
        tally = run.stream(lambda _: None)
        pages = [
            "".join(FORMATS["html"].of_crowd(run.ending(tally, full=full), tally.crowd, Look(), sheets))
            for full, sheets in ((True, None), (False, run.sheets(tally)))
        ]
    assert pages[0] == pages[1]
    assert 'id="b5"' in pages[0]


def test_sheet_of_a_crowd_is_kept(records: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    """Nothing is judged the second time, and the page is the same."""
    monkeypatch.setattr(batch, "WHOLE_MOST", 39)
    monkeypatch.setattr("dangjian_check.batch.tally.IN_FULL", 5)
    (records / "b0017.yaml").unlink()
    monkeypatch.setenv("DJ_CHECK_CACHE", str(records.absolute().parent / "cache"))
    asked = [word for word in RULES if word != "--no-cache"]
    run("audit", records, *asked, "-o", "html:a.html", "--jobs", "1")
    monkeypatch.setattr(Bench, "judge", lambda *_: pytest.fail("judged"))
    run("audit", records, *asked, "-o", "html:b.html", "--jobs", "1")
    assert Path("a.html").read_bytes() == Path("b.html").read_bytes()


def test_crowd_counts_what_the_report_counts(records: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    """Few enough for both: missed duties, spread, units and scores are the same."""
    run("audit", records, *RULES, "-o", "html:few.html")
    monkeypatch.setattr(batch, "WHOLE_MOST", 39)
    monkeypatch.setattr("dangjian_check.engine.crowd.NAMED", 3)
    run("audit", records, *RULES, "-o", "html:many.html")
    few, many = (Path(f"{name}.html").read_text(encoding="utf-8") for name in ("few", "many"))

    def between(page: str) -> list[str]:
        part = page.partition('<figure class="bands">')[2].partition('id="branches"')[0]
        return [row for row in part.splitlines() if 'class="x"' not in row]

    assert between(few) == between(many) != []


def test_waivers_and_what_they_met_come_back_from_processes(records: Path, run: Run):
    """Notes on a waiver that was used, and on one that was not."""
    (records / "waivers.yaml").write_text(
        "waivers:\n"
        "  - {rules: [PRB-*], branches: [b0001], covers: {from: 2024-01-01, to: 2024-12-31}, effect: excuse,"
        " reason: 甲, approver: 乙, approved: 2024-01-01, document: 丙}\n",
        encoding="utf-8",
    )
    alone, shared = (run("audit", records, *RULES, "--jobs", jobs) for jobs in ("1", "2"))
    assert (alone.status, alone.out, alone.err) == (shared.status, shared.out, shared.err)
    assert "1 项，用上 1 项" in alone.out
    request = Request((records,), date(2025, 3, 1), rules=(PACKS,), standards=("probe",))
    met = part_of(Bench(request).judge(records / "b0001.yaml"), Plan(request))
    assert (1, False) == (len(met.waivers), b"waivers.yaml" in pack(met))


def test_line_of_progress():
    """Rate and time left, as people say them."""
    assert "已核 12000/100000，每秒 640 份，还要 2 分 18 秒\n" == line(12000, 100000, 640)
    assert "已核 5/40000，每秒 0.5 份，还要 22 小时 13 分\n" == line(5, 40000, 0.5)
    assert "已核 40/40，每秒 40 份\n" == line(40, 40, 40)


def test_files_gone_through_one_by_one_are_told_of_where_they_are_many(capsys: pytest.CaptureFixture[str]):
    """A line for every tenth of a thousand; none for fewer."""
    for count, lines in ((1000, 10), (999, 0)):
        files = [Path(f"{number}.yaml") for number in range(count)]
        with Progress(count, bar=True) as progress:
            assert files == list(progress.over(files))
        told = capsys.readouterr().err.splitlines()
        assert [f"已核 {tenth}00/1000，" for tenth in range(1, 11)][:lines] == [one.split("每")[0] for one in told]


def test_the_time_left_goes_by_the_pace_since_the_line_before(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """A thousand kept in a second, then two hundred judged in twenty: ten a second, not sixty."""
    clock = iter([0.0, 1.0, 21.0])
    monkeypatch.setattr(cli_progress.time, "monotonic", lambda: next(clock))
    with Progress(2000, bar=False) as told:
        told.told(1000)
        told.told(1200)
    expected = ["已核 1000/2000，每秒 1000 份，还要 1 秒", "已核 1200/2000，每秒 10 份，还要 1 分 20 秒"]
    assert expected == capsys.readouterr().err.splitlines()


def test_tasks_are_small_enough_to_keep_everybody_busy():
    """Processes only where they pay."""
    assert [1, 1, 2, 5] == [batch_run.jobs_for(*asked) for asked in ((0, 31), (5, 31), (2, 32), (5, 10**5))]
    assert batch_run.jobs_for(0, 32) >= 1
