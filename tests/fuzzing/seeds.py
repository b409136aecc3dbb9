"""Sound inputs that others are made from: those the tests and examples hold, and a few made here."""

from __future__ import annotations

import io
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from dangjian_check.app import Request, run
from dangjian_check.reports import FORMATS, Look
from program import LAX, PACKS, ROOT, SOUND, TESTS

Seeds = list[tuple[str, bytes]]
TODAY = date(2024, 6, 20)
EASED = TESTS / "records" / "eased"
PROBE_FILES = tuple(sorted(path.name for path in (PACKS / "probe").iterdir()))
_EXAMPLES = ROOT / "examples"
_LEDGERS = TESTS / "ledgers"
_WORKBOOKS = ("会议登记", "党员名册", "谈心谈话", "党费矩阵", "三会一课记实表", "换届选举", "一页几张表", "换届台账")
_NOT_OF_BRANCHES = {"organization", "format", "waivers", "branches", "headcount"}


def request(*paths: Path) -> Request:
    """The small standard of the tests over some records."""
    return Request(paths, TODAY, standards=("probe",), rules=(PACKS,), waivers=None)


def records_yaml() -> Seeds:
    beside = _LEDGERS / "mixed" / "红旗厂机修车间党支部.yaml"
    return [*_files("a", LAX, SOUND, LAX, SOUND, beside), ("a.yaml", _dumped(_every_series()))]


def records_json() -> Seeds:
    sound = [YAML(typ="safe").load(path.read_bytes()) for path in (LAX, SOUND)]
    styles = [{"ensure_ascii": True}, {"ensure_ascii": False, "indent": 1}]
    records = [*sound, _every_series()]
    return [("a.json", json.dumps(one, default=str, **style).encode()) for one in records for style in styles]


def tables() -> Seeds:
    beside = _EXAMPLES / "ledgers" / "翰林苑社区党支部" / "谈心谈话.csv"
    return _files("a", *sorted(_LEDGERS.glob("*.csv")), *sorted((_LEDGERS / "mixed").glob("*.csv")), beside)


def workbooks() -> Seeds:
    return _files("a", *(_LEDGERS / f"{name}.xlsx" for name in _WORKBOOKS))


def standards() -> Seeds:
    """The files of one standard, and rules of another."""
    own = [(path.name, path.read_bytes()) for path in (PACKS / "probe" / name for name in PROBE_FILES)]
    return [*own, *_files("9-more", *sorted(_EXAMPLES.glob("own-standard/0*.yaml")))]


def waivers() -> Seeds:
    return _files("w", EASED / "waivers.yaml", _EXAMPLES / "waivers" / "waivers.yaml")


def baselines() -> Seeds:
    return _files("a", EASED / "baseline.jsonl")


def reports() -> Seeds:
    return [("a.json", reference("json")), ("a.jsonl", reference("jsonl")), ("a.jsonl", reference("rows"))]


def calendars() -> Seeds:
    text = """year: 2024\nnotice: 某市通知\noff: [2024-01-01, 2024-02-10..2024-02-17]\non: [2024-02-04, 2024-02-18]\n"""
    return [("y.yaml", text.encode())]


def claims() -> Seeds:
    text = (
        "序号,支部,问题,整改措施,责任人,整改时限,完成情况,销号,佐证,指纹\n"
        "1,测试第二党支部,三月没有开支委会,补开,甲,2024-06-30,已完成,是,记录本第3页,a9c3c3ce78a5a15a\n"
        "2,测试第二党支部,到会不足半数,,乙,2024年7月,正在整改,,,0123456789abcdef\n"
    )
    return [("a.csv", text.encode()), ("a.csv", text.replace(",", "\t").encode("gb18030"))]


@cache
def reference(form: str) -> bytes:
    """A report on two records."""
    content = FORMATS[form](run(request(LAX, SOUND)), Look())
    return content if isinstance(content, bytes) else content.encode()


@cache
def _every_series() -> dict[str, Any]:
    """A record with a little of everything that the examples hold."""
    whole: dict[str, Any] = {"branch": {"id": "all", "name": "测试第三党支部", "type": "教师", "standards": ["probe"]}}
    for path in (*sorted(_EXAMPLES.glob("*.yaml")), *sorted((_EXAMPLES / "organizations").glob("*.yaml"))):
        found = YAML(typ="safe").load(path.read_bytes())
        for name in found.keys() - whole.keys() - _NOT_OF_BRANCHES:
            whole[name] = found[name][:2] if isinstance(found[name], list) else found[name]
    return dict(sorted(whole.items()))


def _dumped(record: dict[str, Any]) -> bytes:
    yaml, text = YAML(typ="safe", pure=True), io.StringIO()
    yaml.default_flow_style, yaml.allow_unicode = False, True
    yaml.dump(record, text)
    return text.getvalue().encode()


def _files(stem: str, *paths: Path) -> Seeds:
    return [(stem + path.suffix, path.read_bytes()) for path in paths]
