"""Records with canaries by chance through everything that shows or keeps something of a record."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import flights
from dangjian_check.app import Bench, Request
from dangjian_check.reports import FORMATS, Look
from flights import bird, escaped, fly, names_in, numbers_in
from program import LAX, PACKS, PROBE, Run

SEED = 8
CASES, TOGETHER = 200, 40


@pytest.mark.parametrize("first", range(0, CASES, TOGETHER))
def test_no_canary_escapes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int):
    """Forty records at once, whole and at fault: every command, format and stream, what is kept on disk; names hidden
    or not, in one process or two."""
    monkeypatch.setenv("DJ_CHECK_CACHE", str(tmp_path / "cache"))
    birds = [bird(SEED, number) for number in range(first, first + TOGETHER)]
    flight = fly(birds, tmp_path, masked=first % (2 * TOGETHER) == 0, jobs=2 if first == TOGETHER else 1)
    assert [] == flight.escaped
    assert {0, 1, 2} >= set(flight.statuses.values())
    assert flight.searched > 60
    assert any(one.refused for one in birds)
    assert (tmp_path / "out" / "lines.jsonl").read_bytes() == (tmp_path / "out" / "again.jsonl").read_bytes()


def test_search_finds_what_it_looks_for():
    """In every wrapping and spelling; the search is no good otherwise."""
    for number in range(12):
        loose = bird(SEED, number)
        assert numbers_in(loose.raw)
        assert names_in(loose.raw)
    for content in flights.wrapped("13999990001 甲㐀㑒"):
        assert numbers_in(content), content
        assert names_in(content), content
    assert [] == escaped("2024-03-05 张** 〔电话〕 r00139".encode(), masked=True)  # noqa: RUF001


@pytest.mark.parametrize("masked", [False, True], ids=["plain", "masked"])
def test_no_report_holds_the_text_of_another_record(tmp_path: Path, masked: bool):
    """What is worked out once for many records is never what one of them says: in no format."""
    request = Request(
        (), date(2025, 1, 1), as_of=date(2024, 12, 31), traced=True, mask=frozenset({"names"} if masked else ())
    )
    bench, judged = Bench(request), []
    for one in [bird(SEED, number) for number in range(300, 324)]:
        (tmp_path / one.file).write_bytes(one.raw)
        judged.append((one, bench.judge(tmp_path / one.file)))
    shown = 0
    for one, found in judged:
        report = bench.report([found])
        for name, form in FORMATS.items():
            content = form(report, Look(verbose=True))
            seen = names_in(content if isinstance(content, bytes) else content.encode())
            shown += bool(seen)
            assert seen <= (set() if masked else set(one.given)), (one.file, name)
    assert masked is (shown == 0)


def test_waiver_shows_neither_numbers_nor_in_a_masked_report_who_approved_it(run: Run, tmp_path: Path):
    """Its texts are not of the record and go into the same reports; its file may bear any name."""
    (tmp_path / "a.yaml").write_text(LAX.read_text(encoding="utf-8"), encoding="utf-8")
    file = tmp_path / "豁免13999990002.yaml"
    file.write_text(
        "waivers:\n  - {rules: [PRB-*], branches: [lax, 电话13999990003], covers: {from: 2024-01-01, to: 2024-12-31},"
        " effect: excuse, reason: 问何㐀㐀13999990001, approver: 何㐀㐀, id: 何㐀㐀13999990001,"
        " document: 文１３９９９９９０００１}\n",
        encoding="utf-8",
    )
    files = [f"--output={name}:{tmp_path / name}" for name in FORMATS]
    flags = (*PROBE, "--waivers", file, "--period", "2024")
    for mask in ((), ("--mask", "names")):
        done = run("audit", tmp_path / "a.yaml", *flags, *files, "--verbose", *mask)
        assert "豁免" in done.out
        outputs = [(tmp_path / name).read_bytes() for name in FORMATS] + [done.out.encode(), done.err.encode()]
        assert [] == [what for raw in outputs for what in escaped(raw, masked=bool(mask))]
    for line in (("list", file), ("list", file, "--format", "json"), ("lint", file, "--rules", str(PACKS))):
        done = run("waivers", *line)
        assert done.out + done.err
        assert [] == escaped((done.out + done.err).encode(), masked=False)


def test_file_not_judged_is_named_without_a_number(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """When a record takes too long, when we go wrong, and when the output cannot be written."""
    path = tmp_path / "电话13999990001.yaml"
    path.write_text(LAX.read_text(encoding="utf-8"), encoding="utf-8")

    quoted = "何㐀㐀13999990002"

    def broken(bench: Bench, path: Path) -> None:
        raise KeyError(quoted)

    monkeypatch.setattr(Bench, "judge", broken)
    files = [f"--output={name}:{tmp_path / name}" for name in FORMATS]
    done = run("audit", path, *PROBE, *files, "--output", f"json:{tmp_path}/没有13999990003/a.json")
    assert (70, True) == (done.status, "程序出错（KeyError）" in done.err)
    outputs = [(tmp_path / name).read_bytes() for name in FORMATS] + [done.out.encode(), done.err.encode()]
    assert [] == [what for raw in outputs for what in escaped(raw, masked=True)]
    monkeypatch.setenv("DJ_CHECK_DEBUG", "1")
    done = run("audit", path, *PROBE)
    assert (70, True) == (done.status, "in broken" in done.err and done.err.endswith("builtins.KeyError\n"))
    assert [] == escaped((done.out + done.err).encode(), masked=True)


def test_lines_about_files_show_no_number(run: Run, tmp_path: Path):
    """What `new`, `add`, `import`, `baseline` and `query` say of what they did."""
    path = tmp_path / "电话13999990001.yaml"
    rows, parquet = tmp_path / "13999990002.jsonl", tmp_path / "列13999990003"
    lines: list[tuple[str | Path, ...]] = [
        ("new", path, "--name", "甲支部"),
        ("add", path, "--date", "2024-03-05", "--type", "党课", "--topic", "问13999990004"),
        ("validate", path),
        ("audit", path, "--format", "terminal", "--output", f"rows:{rows}", "--period", "2024"),
        ("baseline", "create", path, "--output", tmp_path / "基13999990005.jsonl", "--period", "2024"),
        ("import", path, "--dry-run"),
        ("query", rows, "--to-parquet", parquet),
        ("query", rows, "--ready", "worst-branches"),
        ("summary", rows),
    ]
    for line in lines:
        done = run(*line)
        assert done.out + done.err, line
        assert [] == escaped((done.out + done.err).encode(), masked=False), line
