"""How a run ends, from what the assessments come to: statuses, and the lines on stderr."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from builders import assessed, rule_from, standard_from
from dangjian_check.checks.base import Verdict
from dangjian_check.cli.exits import Exit, Gate, say, tell, tell_bug, tell_lost
from dangjian_check.cli.streams import OutputLost
from dangjian_check.engine.outcomes import WindowOutcome
from dangjian_check.engine.upshot import Upshot, upshot
from dangjian_check.errors import Problem
from dangjian_check.model.outcome import Outcome
from dangjian_check.model.personal import HIDDEN
from dangjian_check.rulebook.rule import SEVERITIES

LOW = Fraction(60)


def gate(fail_on: str = "minor", least: Fraction | None = None, *, strict: bool = False) -> Gate:
    return Gate(fail_on, least, strict)


def test_statuses_are_the_documented_numbers() -> None:
    expected = {"OK": 0, "DEFICIENT": 1, "FAILED": 2, "NOTHING": 3, "BUG": 70}
    assert expected == {status.name: status.value for status in Exit}


def test_nothing_judged_is_told_from_nothing_wrong() -> None:
    assert gate().status(Upshot(), problems=False) is Exit.NOTHING
    assert gate().status(Upshot(judged=True), problems=False) is Exit.OK


@pytest.mark.parametrize(("problems", "broken"), [(True, False), (False, True), (True, True)])
def test_what_could_not_be_judged_beats_everything(problems: bool, broken: bool) -> None:
    for judged, missed in product((True, False), (frozenset(), frozenset(SEVERITIES))):
        found = Upshot(judged=judged, broken=broken, missed=missed)
        assert gate().status(found, problems=problems) is Exit.FAILED


@pytest.mark.parametrize("fail_on", SEVERITIES)
@pytest.mark.parametrize("missed", SEVERITIES)
def test_a_duty_of_the_severity_asked_for_or_above_fails(fail_on: str, missed: str) -> None:
    found = Upshot(judged=True, missed=frozenset({missed}))
    expected = Exit.DEFICIENT if SEVERITIES.index(missed) <= SEVERITIES.index(fail_on) else Exit.OK
    assert expected is gate(fail_on).status(found, problems=False)


def test_what_cannot_be_told_fails_only_if_asked_for_and_severe_enough() -> None:
    mild, severe = SEVERITIES[-1], SEVERITIES[0]
    found = Upshot(judged=True, unknown=frozenset({mild}))

    assert gate(mild).status(found, problems=False) is Exit.OK
    assert gate(mild, strict=True).status(found, problems=False) is Exit.DEFICIENT
    assert gate(severe, strict=True).status(found, problems=False) is Exit.OK


@pytest.mark.parametrize(
    ("least", "lowest", "expected"),
    [
        (None, LOW, Exit.OK),
        (LOW, None, Exit.OK),
        (LOW, LOW, Exit.OK),
        (LOW, LOW - Fraction(1, 100), Exit.DEFICIENT),
        (LOW, LOW + 1, Exit.OK),
    ],
)
def test_a_score_below_the_least_fails_and_the_least_itself_does_not(
    least: Fraction | None, lowest: Fraction | None, expected: Exit
) -> None:
    found = Upshot(judged=True, lowest=lowest)
    assert expected is gate(least=least).status(found, problems=False)


def test_upshots_add_up_to_what_they_come_to_together() -> None:
    one = Upshot(judged=True, missed=frozenset({"major"}), unknown=frozenset({"minor"}), lowest=Fraction(70))
    other = Upshot(broken=True, missed=frozenset({"minor"}), unknown=frozenset({"info"}), lowest=LOW)
    both = Upshot(True, True, frozenset({"major", "minor"}), frozenset({"minor", "info"}), LOW)

    assert both == one + other == other + one
    assert one == one + Upshot() == Upshot() + one
    assert Upshot() == Upshot() + Upshot() == upshot([])


SHEET = {
    "title": "测试评分表",
    "indicators": [{"id": "a", "title": "党课", "points": 5, "rules": ["T-1", "T-2"]}],
}


def lectures(name: str, severity: str) -> dict[str, object]:
    """A duty of so severe a kind: a lecture each year."""
    check = {"kind": "frequency", "select": {"type": "党课"}, "per": "year", "min": 1}
    return {"id": name, "severity": severity, "check": check}


TWO = standard_from([rule_from(lectures("T-1", "major")), rule_from(lectures("T-2", "minor"))], SHEET)


def test_upshot_of_an_assessment_is_what_is_missed_and_new_what_cannot_be_told_and_its_least_score() -> None:
    failed = assessed(TWO, "{log: [], coverage: {from: 2024-01-01, to: 2024-12-31}}", "2024")
    untold = assessed(TWO, "{log: [], coverage: {from: 2024-02-01, to: 2024-12-31}}", "2024")
    known = replace(failed, deficiencies=tuple(d._replace(known=True) for d in failed.deficiencies))
    missed, score = frozenset({"major", "minor"}), failed.score

    assert score is not None
    assert Upshot(judged=True, missed=missed, lowest=score.low) == upshot([failed])
    assert Upshot(judged=True, lowest=score.low) == upshot([known])
    assert Upshot(judged=True, lowest=score.low) == upshot([replace(failed, deficiencies=())])
    assert untold.score is not None
    assert Upshot(judged=True, unknown=missed, lowest=untold.score.low) == upshot([untold])
    assert upshot([replace(failed, score=None)]).lowest is None


def test_one_rule_that_went_wrong_breaks_the_whole() -> None:
    sound = assessed(TWO, "{log: []}", "2024")
    first, second = sound.outcomes
    wrong = WindowOutcome(next(iter(first.windows)).window, None, Verdict(Outcome.ERROR, "核不了"))
    broken = replace(sound, outcomes=(replace(first, windows=(wrong,)), second))

    assert upshot([broken]).broken
    assert not upshot([sound]).broken


def test_problem_is_one_line_on_stderr_without_numbers_of_people(capsys: pytest.CaptureFixture[str]) -> None:
    tell([Problem("a.yaml", 3, 5, "电话 13800138000 写错\n了\x1b", "改")])
    hidden = HIDDEN.format("电话")
    expected = f"a.yaml:3:5: 电话 {hidden} 写错 了\\x1b → 改\n"
    assert expected == "".join(capsys.readouterr().err)


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        (OutputLost("x", quiet=True), ""),
        (OutputLost("x"), "x: 写不进去 → 检查路径、权限和磁盘空间\n"),
        (OutputLost("x", no_folder=True), "x: 写不进去，没有这个文件夹 → 先建好文件夹，或换一个位置\n"),
    ],
)
def test_lost_output_is_told_unless_the_reader_went_away(
    lost: OutputLost, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_lost(lost)
    assert said == "".join(capsys.readouterr().err)


def test_a_line_for_people_shows_no_numbers_of_people(capsys: pytest.CaptureFixture[str]) -> None:
    say("电话 13800138000\x1b")
    assert (f"电话 {HIDDEN.format('电话')}\\x1b\n", "") == tuple(capsys.readouterr())


@pytest.mark.parametrize("explicit", [True, False])
def test_a_bug_is_told_from_its_first_cause_on_and_quotes_no_record(
    explicit: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Frames and kinds of errors, each once though the causes go in a ring; not what the errors say."""
    first, then = KeyError("甲某"), ValueError("乙某")
    then.__cause__, then.__context__ = (first, None) if explicit else (None, first)
    first.__context__ = then
    try:
        raise then
    except ValueError as error:
        tell_bug(error)
    out, err = capsys.readouterr()
    told = [line for line in err.splitlines() if not line.startswith(" ")]

    assert ("", ["builtins.KeyError", "builtins.ValueError"]) == (out, told)
    assert "in test_a_bug_is_told" in err
    assert "某" not in err
