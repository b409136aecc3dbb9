"""How a run ends, from what the assessments come to: statuses, and the lines on stderr."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from dangjian_check.cli.exits import Exit, Gate, tell, tell_lost
from dangjian_check.cli.streams import OutputLost
from dangjian_check.engine.upshot import Upshot, upshot
from dangjian_check.errors import Problem
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
