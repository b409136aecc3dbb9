"""The Python interface: what it gives is what the command line gives; it is cheap, typed and has no clock."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import dangjian_check
from dangjian_check import DjCheckError, Outcome, Report, audit, render
from dangjian_check.reports import FORMATS
from program import LAX, PACKS, PROBE, ROOT, SOUND, Run, plain_env

ASKED = {"standards": "probe", "rules": PACKS}


@pytest.mark.parametrize("name", FORMATS)
def test_render_gives_what_the_command_line_gives(run: Run, tmp_path: Path, name: str):
    """The same bytes, whatever the format."""
    target = tmp_path / "out"
    run("audit", LAX, SOUND, *PROBE, "--as-of", "2024-06-20", "--output", f"{name}:{target}")
    found = render(audit([LAX, SOUND], as_of="2024-06-20", traced=FORMATS[name].traced, **ASKED), name)
    assert target.read_bytes() == (found.encode() if isinstance(found, str) else found)


def test_audit_takes_one_path_or_many_text_or_not():
    """As people pass them."""
    reports = [audit(p, as_of="2024-06-20", **ASKED) for p in (LAX, str(LAX), [LAX], (str(LAX),))]
    assert [True] * 4 == [r.assessments == reports[0].assessments and len(r.assessments) == 1 for r in reports]


def test_day_may_be_text_or_a_date_and_today_gives_way_to_the_period():
    """``as_of`` is taken as it is, ``today`` is the earlier of that day and the end of the period."""
    day = date(2024, 6, 20)
    found = [
        audit(LAX, period="2024Q1", **ASKED, **k).as_of
        for k in ({"as_of": day}, {"as_of": "2024-06-20"}, {"today": day})
    ]
    assert [day, day, date(2024, 3, 31)] == found


@pytest.mark.parametrize(
    "wrong",
    [{}, {"as_of": "昨天"}, {"today": "2024-02-30"}, {"as_of": "2024-06-20", "period": "去年"},
     {"as_of": "2024-06-20", "standards": "prob"}],
)  # fmt: skip
def test_arguments_that_mean_nothing_are_refused_with_a_remedy(wrong: dict[str, str]):
    """No day (there is no clock here), no such day, no such period, no such standard."""
    with pytest.raises(DjCheckError) as caught:
        audit(LAX, **ASKED | wrong)
    assert [] == [problem for problem in caught.value.problems if not problem.remedy]


def test_unknown_format_is_refused_with_those_there_are():
    """Not a KeyError."""
    with pytest.raises(DjCheckError, match=r"没有格式.*sarif"):
        render(Report((), (), ()), "xml")


def test_file_that_cannot_be_used_is_a_problem_and_no_exception():
    """The others are judged all the same."""
    report = audit([LAX, "gone.yaml"], as_of="2024-06-20", **ASKED)
    assert (1, ["gone.yaml: 没有这个文件 → 核对路径"]) == (len(report.assessments), [str(p) for p in report.problems])
    assert Outcome.FAIL in {o.outcome for o in report.assessments[0].outcomes}


def test_package_names_its_interface_and_nothing_else():
    """Each name is there, in ``dir`` too; any other is an AttributeError."""
    assert [] == [name for name in dangjian_check.__all__ if not hasattr(dangjian_check, name)]
    assert set(dangjian_check.__all__) <= set(dir(dangjian_check))
    with pytest.raises(AttributeError, match="nonsense"):
        _ = dangjian_check.nonsense


def test_import_of_the_package_imports_nothing_heavy():
    """Only the first use of a name does."""
    code = "import sys, json, dangjian_check; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], env=plain_env(), capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert set() == {"pydantic", "typer", "rich", "ruamel", "dateutil"} & loaded


def test_types_are_shipped():
    """A type checker believes the annotations of the package."""
    assert True is (ROOT / "src" / "dangjian_check" / "py.typed").is_file()
