"""Every way in: what is mutated, and the path it takes through the program. What can be read is judged as well."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from dangjian_check.app import Bench, Judged, run
from dangjian_check.batch.part import part_of
from dangjian_check.batch.plan import Plan
from dangjian_check.comparing import compare_reports, summarize
from dangjian_check.engine.assess import assess, audit_span
from dangjian_check.engine.assessment import Assessment, BranchRef
from dangjian_check.errors import InputProblems
from dangjian_check.loading.baseline import load_baseline
from dangjian_check.loading.records import LoadedRecord, load_record
from dangjian_check.loading.rectification import load_ledger
from dangjian_check.loading.standards import load_standard
from dangjian_check.loading.waivers import load_waivers
from dangjian_check.loading.workdays import load_workdays, load_year
from dangjian_check.model.facts import Facts
from dangjian_check.reports import FORMATS, Look
from fuzzing import seeds
from fuzzing.seeds import PROBE_FILES, TODAY, Seeds, request
from program import LAX, PACKS, SOUND

_PLAN = Plan(request(), streams=("jsonl", "rows"))


@dataclass(frozen=True, slots=True)
class Way:
    """``seeds`` are names and bytes of sound files; ``enter`` reads one, judges what it holds and says whether it held
    anything. ``share`` of a hundred inputs."""

    share: int
    seeds: Callable[[], Seeds]
    enter: Callable[[Path], bool]


class Broken(Exception):
    """A check broke over what was read: the program tells it as an error of the rule, and it is one of ours."""


def _unbroken(assessments: tuple[Assessment, ...]) -> None:
    for outcome in (outcome for a in assessments for outcome in a.outcomes):
        if any("检查出错" in window.verdict.message for window in outcome.windows):
            raise Broken(outcome.rule.id)


@cache
def _bench(*, masked: bool) -> Bench:
    return Bench(replace(request(), traced=True, mask=frozenset({"names"})) if masked else request())


def _record(path: Path) -> bool:
    judged = _bench(masked=path.stat().st_size % 8 == 0).judge(path)
    _unbroken(judged.assessments)
    part_of(judged, _PLAN)
    assert judged.assessments or judged.problems
    return bool(judged.assessments)


@cache
def _loaded() -> list[LoadedRecord]:
    return [load_record(LAX), load_record(SOUND)]


def _standard(path: Path) -> bool:
    """A file among those of a standard, in the place of its namesake."""
    for name in PROBE_FILES:
        if name != path.name:
            path.with_name(name).write_bytes((PACKS / "probe" / name).read_bytes())
    standard = load_standard(path.parent)
    for loaded in _loaded():
        span = audit_span(loaded.record, None, None, TODAY)
        assessment, _ = assess(standard, Facts(loaded.record, *span), BranchRef("a", "甲", "a.yaml"))
        _unbroken((assessment,))
        part_of(Judged(path, (assessment,)), _PLAN)
    return True


def _waivers(path: Path) -> bool:
    load_waivers(path)
    bench = Bench(replace(request(LAX), waivers=(path,)))
    part_of(bench.judge(LAX), _PLAN)
    return True


def _baseline(path: Path) -> bool:
    load_baseline(path)
    FORMATS["json"](run(replace(request(LAX), baseline=path)), Look())
    return True


def _report(path: Path) -> bool:
    """Counted, and held against a sound one either way round."""
    _, problems = summarize([path], rank=True)
    good = path.with_name("good.json")
    good.write_bytes(seeds.reference("json"))
    with suppress(InputProblems):
        compare_reports(good, path)
        compare_reports(path, good)
    return not problems


def _year(path: Path) -> bool:
    load_year(path)
    (path.parent / "calendars").mkdir(exist_ok=True)
    path.with_name("calendars").joinpath("cn-2024.yaml").write_bytes(path.read_bytes())
    days = load_workdays([path.parent])
    return all(days.is_off(date(2024, month, 5)) is not None for month in range(1, 13)) and bool(
        days.after(date(2024, 1, 30), 12)
    )


def _claims(path: Path) -> bool:
    return bool(load_ledger(path).claims)


WAYS: dict[str, Way] = {
    "yaml": Way(40, seeds.records_yaml, _record),
    "json": Way(14, seeds.records_json, _record),
    "csv": Way(11, seeds.tables, _record),
    "xlsx": Way(3, seeds.workbooks, _record),
    "standard": Way(5, seeds.standards, _standard),
    "waivers": Way(2, seeds.waivers, _waivers),
    "baseline": Way(2, seeds.baselines, _baseline),
    "report": Way(5, seeds.reports, _report),
    "calendar": Way(8, seeds.calendars, _year),
    "claims": Way(10, seeds.claims, _claims),
}
