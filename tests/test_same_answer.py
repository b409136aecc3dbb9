"""The same records give the same bytes, whatever the machine, the hour and the way."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

import pytest

from program import LAX, PROBE, Run
from sameness import AXES, READERS, USUAL, Answers, Circumstances, Stage, pairs, records

USUALLY = Circumstances(**USUAL)
OTHERS = [
    USUALLY._replace(jobs="2", seed="7", zone="Pacific/Kiritimati", day="2028-02-29"),
    USUALLY._replace(jobs="8", kept="none", seed="1", locale="POSIX", order="1"),
    USUALLY._replace(kept="warm", seed="3", zone="Nowhere/At_All", locale="zh_CN.UTF-8", order="2", day="2026-02-28"),
    USUALLY._replace(kept="no-cache", seed="4", zone="Asia/Shanghai", order="3", day="2031-12-31"),
    USUALLY._replace(kept="none", seed="5", locale="C.UTF-8", zone="America/Los_Angeles"),
    USUALLY._replace(jobs="2", kept="no-cache-warm", seed="6", order="1", day="2027-07-01"),
]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Files enough for several processes, of every kind."""
    return Stage(tmp_path_factory.mktemp("stage"), records(36))


@pytest.fixture(scope="module")
def usual(stage: Stage) -> Answers:
    """What is said in usual circumstances."""
    return stage.answers(USUALLY)


@pytest.mark.parametrize("one", OTHERS, ids=str)
def test_circumstances_change_no_byte(stage: Stage, usual: Answers, one: Circumstances):
    """Every format, both streams, the status; whole and streamed, kept and afresh."""
    assert [] == usual.differing(stage.answers(one))


def test_circumstances_are_as_many_as_there_are_ways():
    """Every value but of the hash seed is tried here; every two values of two axes by the deep run."""
    for axis in set(AXES) - {"seed"}:
        assert set(AXES[axis]) <= {getattr(one, axis) for one in [USUALLY, *OTHERS]}
    met = {pair for one in pairs(random.Random(1)) for pair in one.pairs()}
    sizes = [len(values) for values in AXES.values()]
    assert (sum(sizes) ** 2 - sum(size**2 for size in sizes)) // 2 == len(met)


def test_commands_that_read_reports_give_the_same_bytes(stage: Stage, usual: Answers):
    """What is due, a summary, a comparison, a query."""
    stage.keep(usual)
    told = stage.answers(USUALLY, READERS)
    assert [1, 0, 1, 0] == [told.found[f"{name} status"] for name in READERS]
    assert {b""} == {told.found[f"{name} stderr"] for name in READERS}
    for one in OTHERS[:2]:
        assert [] == told.differing(stage.answers(one, READERS))


def test_order_of_the_command_line_orders_the_records_alone(run: Run, tmp_path: Path):
    """The assessments come in the order in which the records are named; each says what it said."""
    text = LAX.read_text(encoding="utf-8")
    for name in ("a", "b", "c", "d"):
        (tmp_path / f"{name}.yaml").write_text(text.replace("id: lax", f"id: {name}"), encoding="utf-8")
    (tmp_path / "x.yaml").write_text("branch: [", encoding="utf-8")
    told = {}
    for order in ("abxcd", "dcbax", "xbdac"):
        done = run("audit", *(tmp_path / f"{name}.yaml" for name in order), *PROBE, "-f", "jsonl", "--period", "2024")
        found = [json.loads(line) for line in done.out.splitlines()]
        judged = [one["branch"]["id"] for one in found if one["type"] == "assessment"]
        assert [name for name in order if name != "x"] == judged
        told[order] = (done.status, done.err, sorted(done.out.splitlines()))
    assert 1 == len({repr(one) for one in told.values()})


def test_day_without_an_end_is_the_only_thing_that_counts_of_the_clock(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """With ``--as-of`` the day of the run is nowhere to be seen; without it the answer is another."""
    monkeypatch.setenv("DJ_CHECK_CACHE", str(tmp_path))
    found = {}
    for day in (date(2024, 3, 1), date(2024, 8, 31), date(2030, 1, 1)):
        monkeypatch.setattr("dangjian_check.cli.options.today", lambda day=day: day)
        plain, fixed = (run("audit", LAX, *PROBE, "-f", "json", *f) for f in ((), ("--as-of", "2024-06-30")))
        found[day] = (plain.out, fixed.out)
    assert 1 == len({fixed for _, fixed in found.values()})
    assert 3 == len({plain for plain, _ in found.values()})
